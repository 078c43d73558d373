//! Dates and times that keep their spelling.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

/// A date and time as the payload spells it.
///
/// `format` is an annotation in JSON Schema: it never decides whether a payload is valid, so any text is kept, and
/// `2021-07-29T12:00:00+00:00` does not become `…Z`. The instant is read on request, with the feature `jiff` or
/// `chrono`. Both read RFC 3339, a space in place of the `T`, the suffixes ` UTC` and ` (UTC)` and offsets without a colon (` +0300`), and return an error if the
/// text has no offset: it is then a civil date and time.
///
/// # Examples
///
/// ```
/// use webhook_runtime::Timestamp;
///
/// let at = Timestamp::from("2021-07-29T12:00:00+00:00");
/// assert_eq!(at.as_str(), "2021-07-29T12:00:00+00:00");
/// assert!(at.has_offset());
/// assert!(!Timestamp::from("2024-09-17T07:06:21").has_offset());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text, as the payload has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, as the payload has it.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether the text ends in an offset from UTC: `Z`, `±hh:mm`, `±hhmm`, `UTC` or `(UTC)`. Text without one does not
    /// identify an instant.
    pub fn has_offset(&self) -> bool {
        split(&self.0).1.is_some()
    }

    /// The instant.
    ///
    /// # Errors
    ///
    /// The text is not a date and time, or has no offset: see [`Timestamp::to_civil`].
    #[cfg(feature = "jiff")]
    pub fn to_jiff(&self) -> Result<jiff::Timestamp, jiff::Error> {
        match split(&self.0) {
            (text, Some(offset)) => format!("{text}{offset}").parse(),
            (text, None) => text.parse(),
        }
    }

    /// The date and time without regard to an offset.
    ///
    /// # Errors
    ///
    /// The text is not a date and time.
    #[cfg(feature = "jiff")]
    pub fn to_civil(&self) -> Result<jiff::civil::DateTime, jiff::Error> {
        split(&self.0).0.parse()
    }

    /// The instant, with its offset.
    ///
    /// # Errors
    ///
    /// The text is not a date and time, or has no offset: see [`Timestamp::to_naive`].
    #[cfg(feature = "chrono")]
    pub fn to_chrono(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, chrono::ParseError> {
        match split(&self.0) {
            (text, Some(offset)) => chrono::DateTime::parse_from_rfc3339(&format!("{text}{offset}")),
            (text, None) => chrono::DateTime::parse_from_rfc3339(text),
        }
    }

    /// The date and time without regard to an offset.
    ///
    /// # Errors
    ///
    /// The text is not a date and time.
    #[cfg(feature = "chrono")]
    pub fn to_naive(&self) -> Result<chrono::NaiveDateTime, chrono::ParseError> {
        let text = split(&self.0).0;
        text.parse().or_else(|_| text.replacen(' ', "T", 1).parse())
    }
}

/// The date and time, and the offset as RFC 3339 has it.
fn split(text: &str) -> (&str, Option<Cow<'_, str>>) {
    for suffix in ["(UTC)", "UTC"] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), Some("Z".into()));
        }
    }
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return (rest, Some("Z".into()));
    }
    // ±hh:mm or ±hhmm after a time of day; the dashes of the date come before it.
    match text.rfind(['+', '-']) {
        Some(at) if text[..at].contains(':') => {
            let offset = &text[at..];
            let offset = match offset.len() == 5 && offset[1..].bytes().all(|byte| byte.is_ascii_digit()) {
                true => Cow::Owned(format!("{}:{}", &offset[..3], &offset[3..])),
                false => Cow::Borrowed(offset),
            };
            (text[..at].trim_end(), Some(offset))
        }
        _ => (text, None),
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Timestamp(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Timestamp(text.to_owned())
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Timestamp {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Timestamp {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Timestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_told() {
        let cases = [
            ("2021-07-29T12:00:00+00:00", ("2021-07-29T12:00:00", Some("+00:00"))),
            ("2025-05-26T12:00:00Z", ("2025-05-26T12:00:00", Some("Z"))),
            ("2024-09-17T07:06:21", ("2024-09-17T07:06:21", None)),
            ("2026-02-02 14:10:14 (UTC)", ("2026-02-02 14:10:14", Some("Z"))),
            ("2024-01-15 10:30:00 UTC", ("2024-01-15 10:30:00", Some("Z"))),
            ("2021-06-10 02:27:15 +0300", ("2021-06-10 02:27:15", Some("+03:00"))),
            ("2021-06-10 02:27:15 +03é", ("2021-06-10 02:27:15", Some("+03é"))),
            ("2024-01-15T10:30:00-05:30", ("2024-01-15T10:30:00", Some("-05:30"))),
            ("", ("", None)),
            ("2024-01-15", ("2024-01-15", None)),
        ];
        for (text, expected) in cases {
            let (civil, offset) = split(text);
            assert_eq!((civil, offset.as_deref()), expected, "{text}");
        }
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_reads_every_spelling() {
        let seconds = |text: &str| Timestamp::from(text).to_jiff().map(jiff::Timestamp::as_second).ok();
        assert_eq!(seconds("2026-02-02 14:10:14 (UTC)"), seconds("2026-02-02T14:10:14Z"));
        assert_eq!(seconds("2021-07-29T12:00:00+00:00"), Some(1_627_560_000));
        assert_eq!(seconds("2024-01-15 10:30:00 UTC"), Some(1_705_314_600));
        assert_eq!(seconds("2021-06-10 02:27:15 +0300"), seconds("2021-06-09T23:27:15Z"));
        assert_eq!(seconds("2024-09-17T07:06:21"), None);
        assert!(Timestamp::from("2024-09-17T07:06:21").to_civil().is_ok());
        assert!(Timestamp::from("2026-02-02 14:10:14 (UTC)").to_civil().is_ok());
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_reads_every_spelling() {
        let seconds = |text: &str| Timestamp::from(text).to_chrono().map(|at| at.timestamp()).ok();
        assert_eq!(seconds("2026-02-02 14:10:14 (UTC)"), seconds("2026-02-02T14:10:14Z"));
        assert_eq!(seconds("2021-07-29T12:00:00+00:00"), Some(1_627_560_000));
        assert_eq!(seconds("2024-01-15 10:30:00 UTC"), Some(1_705_314_600));
        assert_eq!(seconds("2021-06-10 02:27:15 +0300"), seconds("2021-06-09T23:27:15Z"));
        assert_eq!(seconds("2024-09-17T07:06:21"), None);
        assert!(Timestamp::from("2024-09-17T07:06:21").to_naive().is_ok());
        assert!(Timestamp::from("2026-02-02 14:10:14 (UTC)").to_naive().is_ok());
    }
}
