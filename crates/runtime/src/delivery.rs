//! How vendors send their requests, according to their documentation.

use std::fmt;

/// How a provider usually delivers events. [`BodyFormat`](crate::BodyFormat) is the format of one particular body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The body is one event.
    #[default]
    Single,
    /// The body is a JSON array of events.
    Batch,
    /// The body is newline-delimited JSON: one event per line.
    Lines,
    /// The body is an object with the events in it, at [`RequestInfo::items`] and [`RequestInfo::item`].
    Wrapped,
}

/// How a provider sends requests, according to the vendor's documentation. A field is `None` or empty if the
/// documentation does not state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RequestInfo {
    /// The HTTP methods, the usual one first.
    pub methods: &'static [&'static str],
    /// The `Content-Type` of requests.
    pub content_type: Option<&'static str>,
    /// The responses that count as success.
    pub success: Option<Success>,
    /// The maximum number of retries of a failed request.
    pub max_retries: Option<u32>,
    /// A description, in English, of when failed requests are retried.
    pub retry: Option<&'static str>,
    /// How long the vendor waits for a response, in seconds.
    pub timeout_seconds: Option<u32>,
    /// The kinds of credentials that a request can have.
    pub credentials: &'static [CredentialKind],
    /// The header that names the event, if the body does not identify the event.
    pub event_header: Option<&'static str>,
    /// JSON Pointers to the events in a body that is an object. The first pointer to an array, an object or null is
    /// used.
    pub items: &'static [&'static str],
    /// A JSON Pointer to the event in each item, or in the body if there are no [`items`](RequestInfo::items).
    pub item: Option<&'static str>,
    /// How requests are signed.
    pub signature: Option<SignatureScheme>,
}

/// How a vendor signs its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// [Standard Webhooks](https://www.standardwebhooks.com), with a symmetric key.
    StandardWebhooks,
    /// An HMAC in a header.
    Hmac(HmacScheme),
}

/// An HMAC in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HmacScheme {
    /// The header with the signature. Its value may have several parts, separated by commas, semicolons or spaces.
    pub header: &'static str,
    /// The hash function.
    pub algorithm: HashAlgorithm,
    /// The encoding of the signature.
    pub encoding: SignatureEncoding,
    /// The text before the signature in its part of the header, such as `sha256=`.
    pub prefix: &'static str,
    /// A template of the signed text, with the placeholders `{body}`, `{timestamp}` and `{id}`.
    pub text: &'static str,
    /// The header with the timestamp, in seconds since 1970.
    pub timestamp_header: Option<&'static str>,
    /// The text before the timestamp in its part of the header, such as `t=`.
    pub timestamp_prefix: &'static str,
    /// The header with the identifier of the message.
    pub id_header: Option<&'static str>,
    /// The maximum age of a signature, in seconds.
    pub tolerance_seconds: Option<u32>,
}

impl HmacScheme {
    /// An HMAC of the body with SHA-256 in hexadecimal digits, in the header `X-Signature`.
    pub const DEFAULT: HmacScheme = HmacScheme {
        header: "X-Signature",
        algorithm: HashAlgorithm::Sha256,
        encoding: SignatureEncoding::Hex,
        prefix: "",
        text: "{body}",
        timestamp_header: None,
        timestamp_prefix: "",
        id_header: None,
        tolerance_seconds: None,
    };
}

/// The hash function of an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// The encoding of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureEncoding {
    /// Hexadecimal digits.
    Hex,
    /// Base64, with or without padding, in the standard or the URL-safe alphabet.
    Base64,
}

impl RequestInfo {
    /// The value for a vendor whose documentation does not describe requests.
    pub const UNDOCUMENTED: RequestInfo = RequestInfo {
        methods: &[],
        content_type: None,
        success: None,
        max_retries: None,
        retry: None,
        timeout_seconds: None,
        credentials: &[],
        event_header: None,
        items: &[],
        item: None,
        signature: None,
    };
}

/// Functions of `RequestInfo` that set one field each. Generated code calls them, because it cannot write the struct as
/// a literal.
macro_rules! setters {
    ($($name:ident: $field:ident, $type:ty = $value:expr;)*) => {
        impl RequestInfo {
            $(
                #[doc(hidden)]
                #[must_use]
                pub const fn $name(self, $field: $type) -> RequestInfo {
                    RequestInfo { $field: $value, ..self }
                }
            )*
        }
    };
}

setters! {
    with_methods: methods, &'static [&'static str] = methods;
    with_content_type: content_type, &'static str = Some(content_type);
    with_success: success, Success = Some(success);
    with_max_retries: max_retries, u32 = Some(max_retries);
    with_retry: retry, &'static str = Some(retry);
    with_timeout_seconds: timeout_seconds, u32 = Some(timeout_seconds);
    with_credentials: credentials, &'static [CredentialKind] = credentials;
    with_event_header: event_header, &'static str = Some(event_header);
    with_items: items, &'static [&'static str] = items;
    with_item: item, &'static str = Some(item);
    with_signature: signature, SignatureScheme = Some(signature);
}

/// The responses that a vendor counts as success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Success {
    /// Only status 200.
    Ok,
    /// Any status from 200 to 299.
    Any2xx,
}

impl Success {
    /// Returns whether the vendor counts a status as success.
    pub fn includes(self, status: u16) -> bool {
        match self {
            Success::Ok => status == 200,
            Success::Any2xx => (200..300).contains(&status),
        }
    }
}

/// A way in which a vendor's request can authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialKind {
    /// A header. The user chooses its name and value.
    Header,
    /// Several headers. The user chooses their names and values.
    Headers,
    /// A user name and a password: `Authorization: Basic …`.
    Basic,
    /// A token: `Authorization: Bearer …`.
    Bearer,
    /// A client certificate. The TLS server checks it.
    ClientCertificate,
}

/// `200` or `any 2xx status`.
impl fmt::Display for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Success::Ok => "200",
            Success::Any2xx => "any 2xx status",
        })
    }
}

/// A short description in English, with Markdown's backquotes around headers.
impl fmt::Display for CredentialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CredentialKind::Header => "a header of your choice",
            CredentialKind::Headers => "several headers of your choice",
            CredentialKind::Basic => "`Authorization: Basic`",
            CredentialKind::Bearer => "`Authorization: Bearer`",
            CredentialKind::ClientCertificate => "a client certificate",
        })
    }
}
