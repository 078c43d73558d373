//! Verifies and creates signatures of webhook requests. A signature covers the bytes of the body as received.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::alphabet::{STANDARD as ALPHABET, URL_SAFE};
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha384, Sha512};

use crate::delivery::{HashAlgorithm, HmacScheme, SignatureEncoding, SignatureScheme};

/// The signature scheme of a provider and the keys, to verify and to sign requests.
///
/// A request is accepted if it is signed with any of the keys, so that a key can be replaced without a gap. `Debug`
/// does not show the keys.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{SignatureScheme, Signatures};
///
/// let signatures = Signatures::new(SignatureScheme::StandardWebhooks, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])?;
/// let body = br#"{"test": 2432232314}"#;
/// let headers = signatures.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", std::time::SystemTime::now(), body);
/// let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
/// assert!(signatures.verify(header, body).is_ok());
/// assert!(signatures.verify(header, b"{}").is_err());
/// # Ok::<(), security_webhooks::InvalidKey>(())
/// ```
#[derive(Clone)]
pub struct Signatures {
    scheme: SignatureScheme,
    keys: Vec<Vec<u8>>,
}

/// The reason why a signature was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// A header of the signature is missing, repeated or cannot be parsed.
    Missing(&'static str),
    /// The request was signed too long ago, or in the future.
    Expired,
    /// The signature was not made with any of the keys.
    Wrong,
}

/// The error for an empty list of keys, an empty key, or a key that is not base64 although the scheme requires base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidKey(());

/// The scheme of Standard Webhooks.
const STANDARD_WEBHOOKS: HmacScheme = HmacScheme {
    header: "webhook-signature",
    algorithm: HashAlgorithm::Sha256,
    encoding: SignatureEncoding::Base64,
    prefix: "v1,",
    text: "{id}.{timestamp}.{body}",
    timestamp_header: Some("webhook-timestamp"),
    timestamp_prefix: "",
    id_header: Some("webhook-id"),
    tolerance_seconds: Some(300),
};

impl Signatures {
    /// Creates signatures with these keys. The keys of Standard Webhooks are base64, with or without the prefix
    /// `whsec_`. The keys of other schemes are used unchanged.
    ///
    /// # Errors
    ///
    /// There is no key, a key is empty, or a key is not base64 although the scheme requires base64.
    pub fn new<K: AsRef<[u8]>>(
        scheme: SignatureScheme,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<Signatures, InvalidKey> {
        let key = |key: K| match scheme {
            SignatureScheme::StandardWebhooks => {
                let text = key.as_ref();
                let text = std::str::from_utf8(text.strip_prefix(b"whsec_").unwrap_or(text)).ok()?;
                decoded(text, SignatureEncoding::Base64).filter(|key| !key.is_empty())
            }
            // Anybody could sign with an empty key.
            SignatureScheme::Hmac(_) => Some(key.as_ref().to_vec()).filter(|key| !key.is_empty()),
        };
        let keys: Vec<Vec<u8>> = keys.into_iter().map(key).collect::<Option<_>>().ok_or(InvalidKey(()))?;
        if keys.is_empty() { Err(InvalidKey(())) } else { Ok(Signatures { scheme, keys }) }
    }

    /// Checks the signature of a request. `header` returns the value of a header.
    ///
    /// # Errors
    ///
    /// The signature is missing, expired or wrong.
    pub fn verify<'h>(&self, header: impl Fn(&str) -> Option<&'h str>, body: &[u8]) -> Result<(), SignatureError> {
        self.verify_at(SystemTime::now(), header, body)
    }

    /// Checks the signature of a request that was received at the time `now`.
    ///
    /// # Errors
    ///
    /// The signature is missing, expired or wrong.
    pub fn verify_at<'h>(
        &self,
        now: SystemTime,
        header: impl Fn(&str) -> Option<&'h str>,
        body: &[u8],
    ) -> Result<(), SignatureError> {
        let scheme = self.hmac();
        let value = |name: &'static str| header(name).ok_or(SignatureError::Missing(name));
        let sent = value(scheme.header)?;
        let timestamp = match scheme.timestamp_header {
            Some(name) => {
                let mut found = parts(value(name)?, scheme.timestamp_prefix);
                found.next().ok_or(SignatureError::Missing(name))?
            }
            None => "",
        };
        let id = scheme.id_header.map(value).transpose()?.unwrap_or_default();
        let text = signed_text(scheme.text, id, timestamp, body);
        let sent: Vec<Vec<u8>> = parts(sent, scheme.prefix).filter_map(|sent| decoded(sent, scheme.encoding)).collect();
        // Every key is tried, so that the time does not show which key is right. A part that cannot be decoded is left
        // out, because a header may also have signatures of other schemes.
        let has_signed = |key: &Vec<u8>| has_signed(scheme.algorithm, key, &text, &sent);
        let is_signed = self.keys.iter().fold(false, |found, key| found | has_signed(key));
        if !is_signed {
            return Err(SignatureError::Wrong);
        }
        // The signature covers the timestamp, so the timestamp can be trusted only now.
        match scheme.tolerance_seconds {
            Some(tolerance) if scheme.timestamp_header.is_some() => {
                let signed = seconds(timestamp).ok_or(SignatureError::Expired)?;
                let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
                // A time in the future is limited as well: otherwise a signature could be used for as long as its
                // sender likes.
                let age = now.max(signed) - now.min(signed);
                if age <= Duration::from_secs(tolerance.into()) { Ok(()) } else { Err(SignatureError::Expired) }
            }
            _ => Ok(()),
        }
    }

    /// Signs a request with the first key, and returns the headers to send. `id` is the identifier of the message. Only
    /// some schemes sign it.
    pub fn sign(&self, id: &str, time: SystemTime, body: &[u8]) -> Vec<(String, String)> {
        let scheme = self.hmac();
        let timestamp = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
        let text = signed_text(scheme.text, id, &timestamp, body);
        let key = self.keys.first().map(Vec::as_slice).unwrap_or_default();
        let signature = encoded(&made(scheme.algorithm, key, &text), scheme.encoding);
        let mut signature = format!("{}{signature}", scheme.prefix);
        let mut headers = Vec::new();
        headers.extend(scheme.id_header.map(|name| (name.to_owned(), id.to_owned())));
        match scheme.timestamp_header {
            // Some vendors send both in one header: `t=1,v1=a`.
            Some(name) if name.eq_ignore_ascii_case(scheme.header) => {
                signature = format!("{}{timestamp},{signature}", scheme.timestamp_prefix);
            }
            Some(name) => headers.push((name.to_owned(), format!("{}{timestamp}", scheme.timestamp_prefix))),
            None => {}
        }
        headers.push((scheme.header.to_owned(), signature));
        headers
    }

    fn hmac(&self) -> HmacScheme {
        match self.scheme {
            SignatureScheme::StandardWebhooks => STANDARD_WEBHOOKS,
            SignatureScheme::Hmac(scheme) => scheme,
        }
    }
}

/// Returns the parts of a header's value that begin with a prefix, without the prefix. A header may have several parts,
/// such as `t=1,v1=a,v1=b` or `v1,a v1,b`.
fn parts<'h>(value: &'h str, prefix: &'h str) -> impl Iterator<Item = &'h str> {
    // In `v1,a v1,b`, the comma is a part of the prefix, and spaces separate the parts.
    let ends_with_comma = prefix.ends_with(',');
    let is_end = move |letter: char| letter.is_whitespace() || letter == ';' || letter == ',' && !ends_with_comma;
    value.split(is_end).filter(|part| !part.is_empty()).filter_map(move |part| part.strip_prefix(prefix))
}

/// Parses a time in seconds since 1970. A number with more digits than such a time is in milliseconds.
fn seconds(timestamp: &str) -> Option<Duration> {
    // 10¹¹ seconds are the year 5138, and 10¹¹ milliseconds are 1973.
    let number = timestamp.parse::<u64>().ok()?;
    Some(if number >= 100_000_000_000 { Duration::from_millis(number) } else { Duration::from_secs(number) })
}

/// Returns the text that is signed.
fn signed_text(template: &str, id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(template.len() + body.len() + 64);
    // Values are inserted and not searched again, because a body may contain `{timestamp}`.
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        text.extend_from_slice(before.as_bytes());
        let value = [("{body}", body), ("{timestamp}", timestamp.as_bytes()), ("{id}", id.as_bytes())];
        match value.iter().find(|(name, _)| from.starts_with(name)) {
            Some((name, value)) => {
                text.extend_from_slice(value);
                rest = &from[name.len()..];
            }
            None => {
                text.push(b'{');
                rest = &from[1..];
            }
        }
    }
    text.extend_from_slice(rest.as_bytes());
    text
}

/// Returns whether a key has made one of some signatures. Signatures are compared in constant time, and the body is
/// hashed once, however many signatures a header has.
fn has_signed(algorithm: HashAlgorithm, key: &[u8], text: &[u8], signatures: &[Vec<u8>]) -> bool {
    fn check<M: Mac + KeyInit + Clone>(key: &[u8], text: &[u8], signatures: &[Vec<u8>]) -> bool {
        // A key may have any length.
        let Ok(mac) = <M as KeyInit>::new_from_slice(key) else { return false };
        let mac = mac.chain_update(text);
        signatures.iter().fold(false, |found, signature| found | mac.clone().verify_slice(signature).is_ok())
    }
    match algorithm {
        HashAlgorithm::Sha256 => check::<Hmac<Sha256>>(key, text, signatures),
        HashAlgorithm::Sha384 => check::<Hmac<Sha384>>(key, text, signatures),
        HashAlgorithm::Sha512 => check::<Hmac<Sha512>>(key, text, signatures),
    }
}

fn made(algorithm: HashAlgorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    fn make<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Vec<u8> {
        // A key may have any length, so there is always a signature.
        <M as KeyInit>::new_from_slice(key)
            .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
            .unwrap_or_default()
    }
    match algorithm {
        HashAlgorithm::Sha256 => make::<Hmac<Sha256>>(key, text),
        HashAlgorithm::Sha384 => make::<Hmac<Sha384>>(key, text),
        HashAlgorithm::Sha512 => make::<Hmac<Sha512>>(key, text),
    }
}

fn decoded(text: &str, encoding: SignatureEncoding) -> Option<Vec<u8>> {
    match encoding {
        SignatureEncoding::Hex => {
            let digits = text.as_bytes();
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            // `from_str_radix` would accept a sign.
            if digits.len() % 2 == 1 || !digits.iter().all(u8::is_ascii_hexdigit) {
                return None;
            }
            digits.chunks(2).map(byte).collect()
        }
        SignatureEncoding::Base64 => {
            let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &ALPHABET };
            let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
            GeneralPurpose::new(alphabet, config).decode(text).ok()
        }
    }
}

fn encoded(bytes: &[u8], encoding: SignatureEncoding) -> String {
    match encoding {
        SignatureEncoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        SignatureEncoding::Base64 => STANDARD.encode(bytes),
    }
}

impl fmt::Debug for Signatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signatures").field("scheme", &self.scheme).field("keys", &self.keys.len()).finish()
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SignatureError::Missing(header) => write!(f, "the header {header} has no signature or timestamp"),
            SignatureError::Expired => f.write_str("the request was signed too long ago, or in the future"),
            SignatureError::Wrong => f.write_str("the signature was not made with any of the keys"),
        }
    }
}

impl std::error::Error for SignatureError {}

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key is empty, or the scheme requires base64 and the key is not base64")
    }
}

impl std::error::Error for InvalidKey {}

#[cfg(any(feature = "axum", feature = "tower"))]
impl Signatures {
    /// Checks the signature of a request. A repeated header counts as missing, because it is ambiguous.
    ///
    /// # Errors
    ///
    /// The signature is missing, expired or wrong.
    pub fn verify_headers(&self, headers: &http::HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
        let header = |name: &str| {
            let mut values = headers.get_all(name).iter();
            values.next().filter(|_| values.next().is_none())?.to_str().ok()
        };
        self.verify(header, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn header<'h>(headers: &'h [(&str, &str)]) -> impl Fn(&str) -> Option<&'h str> {
        move |name| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn hmac(header: &'static str, prefix: &'static str, text: &'static str) -> HmacScheme {
        HmacScheme { header, prefix, text, ..HmacScheme::DEFAULT }
    }

    /// The vector of the specification.
    #[test]
    fn standard_webhooks() {
        let signatures =
            Signatures::new(SignatureScheme::StandardWebhooks, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).unwrap();
        let body = br#"{"test": 2432232314}"#;
        fn sent(signature: &str) -> [(&str, &str); 3] {
            [
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                ("webhook-signature", signature),
            ]
        }
        let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let check = |signature: &str, now| signatures.verify_at(at(now), header(&sent(signature)), body);
        assert_eq!(check(right, 1_614_265_330), Ok(()));
        assert_eq!(check(&format!("v1a,AAAA v1,AAAA {right}"), 1_614_265_330 - 300), Ok(()));
        assert_eq!(check(right, 1_614_265_330 + 301), Err(SignatureError::Expired));
        assert_eq!(check(right, 1_614_265_330 - 301), Err(SignatureError::Expired));
        for wrong in ["v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O0=", "v2,g0hM9SsE", "v1,", "", "v1,\u{e9}"] {
            assert_eq!(check(wrong, 1_614_265_330), Err(SignatureError::Wrong), "{wrong}");
        }
        let error = signatures.verify_at(at(0), header(&[("webhook-signature", right)]), body);
        assert_eq!(error, Err(SignatureError::Missing("webhook-timestamp")));
    }

    /// The vector of GitHub's documentation.
    #[test]
    fn github() {
        let scheme = SignatureScheme::Hmac(hmac("X-Hub-Signature-256", "sha256=", "{body}"));
        let signatures = Signatures::new(scheme, ["an older key", "It's a Secret to Everybody"]).unwrap();
        let right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let check = |signature: &str, body: &str| {
            signatures.verify(header(&[("X-Hub-Signature-256", signature)]), body.as_bytes())
        };
        assert_eq!(check(right, "Hello, World!"), Ok(()));
        assert_eq!(check(&right.replace("757107ea", "757107EA"), "Hello, World!"), Ok(()));
        assert_eq!(check(right, "Hello, World"), Err(SignatureError::Wrong));
        for wrong in [&right[7..], "sha256=", "sha256=7", "sha256=+7", &right[..60], "sha1=757107ea"] {
            assert_eq!(check(wrong, "Hello, World!"), Err(SignatureError::Wrong), "{wrong}");
        }
        assert_eq!(signatures.verify(|_| None, b""), Err(SignatureError::Missing("X-Hub-Signature-256")));
    }

    /// The vector of Slack's documentation, and one of the form that has the timestamp in the same header.
    #[test]
    fn timestamps_are_signed() {
        let slack = HmacScheme {
            timestamp_header: Some("X-Slack-Request-Timestamp"),
            tolerance_seconds: Some(300),
            ..hmac("X-Slack-Signature", "v0=", "v0:{timestamp}:{body}")
        };
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                    channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                    response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F\
                    96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        let sent = [
            ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
            ("X-Slack-Request-Timestamp", "1531420618"),
        ];
        let signatures = Signatures::new(SignatureScheme::Hmac(slack), ["8f742231b10e8888abcd99yyyzzz85a5"]).unwrap();
        assert_eq!(signatures.verify_at(at(1_531_420_618), header(&sent), body.as_bytes()), Ok(()));
        let stripe = HmacScheme {
            timestamp_header: Some("Stripe-Signature"),
            timestamp_prefix: "t=",
            tolerance_seconds: Some(300),
            ..hmac("Stripe-Signature", "v1=", "{timestamp}.{body}")
        };
        let signatures = Signatures::new(SignatureScheme::Hmac(stripe), ["whsec_test"]).unwrap();
        let made = signatures.sign("", at(1_492_774_577), b"{}");
        let [(name, value)] = made.as_slice() else { panic!("{made:?}") };
        assert!(name == "Stripe-Signature" && value.starts_with("t=1492774577,v1="), "{value}");
        let also = format!("{value}, v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39");
        let headers = [("Stripe-Signature", also.as_str())];
        assert_eq!(signatures.verify_at(at(1_492_774_600), header(&headers), b"{}"), Ok(()));
        assert_eq!(signatures.verify_at(at(1_492_774_900), header(&headers), b"{}"), Err(SignatureError::Expired));
        let moved = also.replace("t=1492774577", "t=1492774900");
        let headers = [("Stripe-Signature", moved.as_str())];
        assert_eq!(signatures.verify_at(at(1_492_774_900), header(&headers), b"{}"), Err(SignatureError::Wrong));
    }

    #[test]
    fn what_is_made_is_accepted_in_every_scheme() {
        for algorithm in [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512] {
            for encoding in [SignatureEncoding::Hex, SignatureEncoding::Base64] {
                let scheme = HmacScheme { algorithm, encoding, ..hmac("s", "", "{id}{x}{timestamp}{{body}") };
                let scheme = HmacScheme {
                    timestamp_header: Some("t"),
                    id_header: Some("i"),
                    tolerance_seconds: Some(5),
                    ..scheme
                };
                let signatures = Signatures::new(SignatureScheme::Hmac(scheme), ["a", "b"]).unwrap();
                let made = signatures.sign("id", SystemTime::now(), b"{timestamp}");
                let of = |name: &str| made.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
                assert_eq!(signatures.verify(of, b"{timestamp}"), Ok(()));
                assert_eq!(signatures.verify(of, b"{timestamp} "), Err(SignatureError::Wrong));
                let other = Signatures::new(SignatureScheme::Hmac(scheme), ["b"]).unwrap();
                assert_eq!(other.verify(of, b"{timestamp}"), Err(SignatureError::Wrong));
            }
        }
    }

    #[test]
    fn keys_that_are_none() {
        let standard = |key: &str| Signatures::new(SignatureScheme::StandardWebhooks, [key]).is_err();
        assert!(standard("whsec_") && standard("whsec_*") && standard("") && !standard("AAAA"));
        assert!(Signatures::new(SignatureScheme::Hmac(HmacScheme::DEFAULT), [""]).is_err());
        assert!(Signatures::new(SignatureScheme::Hmac(HmacScheme::DEFAULT), Vec::<String>::new()).is_err());
        let shown = format!("{:?}", Signatures::new(SignatureScheme::Hmac(HmacScheme::DEFAULT), ["secret"]));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
