//! How vendors send their requests, as their documents describe it.

use std::fmt;

/// How a provider usually delivers events. See [`BodyFormat`](crate::BodyFormat) for what one particular body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The body is one event.
    Single,
    /// The body is a JSON array of events.
    Batch,
    /// The body is newline-delimited JSON: one event per line.
    Lines,
}

/// How a provider sends requests, as the vendor's documents describe it. What they do not state is `None` or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeliveryInfo {
    /// The HTTP methods, the usual one first.
    pub methods: &'static [&'static str],
    /// The `Content-Type` of requests.
    pub content_type: Option<&'static str>,
    /// Which answers count as success.
    pub success: Option<Success>,
    /// How often a failed request is retried at most.
    pub max_retries: Option<u32>,
    /// When failed requests are retried, in words.
    pub retry: Option<&'static str>,
    /// How long the vendor waits for an answer, in seconds.
    pub timeout_seconds: Option<u32>,
    /// The credentials that a request can have.
    pub credentials: &'static [CredentialKind],
    /// The header that names the event, where the body does not identify it.
    pub event_header: Option<&'static str>,
}

impl DeliveryInfo {
    /// Nothing is documented.
    pub const UNDOCUMENTED: DeliveryInfo = DeliveryInfo {
        methods: &[],
        content_type: None,
        success: None,
        max_retries: None,
        retry: None,
        timeout_seconds: None,
        credentials: &[],
        event_header: None,
    };

    /// The facts that generated code knows.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        methods: &'static [&'static str],
        content_type: Option<&'static str>,
        success: Option<Success>,
        retries: (Option<u32>, Option<&'static str>),
        timeout_seconds: Option<u32>,
        credentials: &'static [CredentialKind],
    ) -> DeliveryInfo {
        let (max_retries, retry) = retries;
        let event_header = None;
        DeliveryInfo { methods, content_type, success, max_retries, retry, timeout_seconds, credentials, event_header }
    }

    /// These facts, of a vendor that names the event in a header.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_event_header(self, name: &'static str) -> DeliveryInfo {
        DeliveryInfo { event_header: Some(name), ..self }
    }
}

/// Which answers a vendor counts as success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Success {
    /// Only status 200.
    Ok,
    /// Any status from 200 to 299.
    Any2xx,
}

impl Success {
    /// Whether the vendor counts a status as success.
    pub fn includes(self, status: u16) -> bool {
        match self {
            Success::Ok => status == 200,
            Success::Any2xx => (200..300).contains(&status),
        }
    }
}

/// What a vendor's request can authenticate with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialKind {
    /// A header whose name and value the user chooses.
    Header,
    /// Several such headers.
    Headers,
    /// A user name and a password: `Authorization: Basic …`.
    Basic,
    /// A token: `Authorization: Bearer …`.
    Bearer,
    /// A client certificate, which the TLS server checks.
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
