//! Dates and times that keep their spelling.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

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
#[derive(Clone)]
pub struct Timestamp(Text);

/// How long a text may be that is kept without an allocation: RFC 3339 with nanoseconds and an offset is longer, and rare.
pub(crate) const SHORT: usize = 30;

#[derive(Clone)]
enum Text {
    /// The length of the text, the text, and whatever was behind it.
    Short(u8, [u8; SHORT]),
    Long(String),
}

impl Timestamp {
    /// The text, as the payload has it.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Short(length, bytes) => {
                let bytes = bytes.get(..usize::from(*length)).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
            Text::Long(text) => text,
        }
    }

    /// The text, as the payload has it.
    pub fn into_string(self) -> String {
        match self.0 {
            Text::Short(..) => self.as_str().to_owned(),
            Text::Long(text) => text,
        }
    }

    /// Whether the text ends in an offset from UTC: `Z`, `±hh:mm`, `±hhmm`, `UTC` or `(UTC)`. Text without one does not
    /// identify an instant.
    pub fn has_offset(&self) -> bool {
        split(self.as_str()).1.is_some()
    }

    /// The instant.
    ///
    /// # Errors
    ///
    /// The text is not a date and time, or has no offset: see [`Timestamp::to_civil`].
    #[cfg(feature = "jiff")]
    pub fn to_jiff(&self) -> Result<jiff::Timestamp, jiff::Error> {
        match split(self.as_str()) {
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
        split(self.as_str()).0.parse()
    }

    /// The instant, with its offset.
    ///
    /// # Errors
    ///
    /// The text is not a date and time, or has no offset: see [`Timestamp::to_naive`].
    #[cfg(feature = "chrono")]
    pub fn to_chrono(&self) -> Result<chrono::DateTime<chrono::FixedOffset>, chrono::ParseError> {
        match split(self.as_str()) {
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
        let text = split(self.as_str()).0;
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

impl Timestamp {
    /// A timestamp of a text that bytes begin with, which are copied with what is behind it: their number is known.
    #[inline]
    pub(crate) fn of_bytes(text: &str, bytes: Option<&[u8; SHORT]>) -> Timestamp {
        match (bytes, u8::try_from(text.len())) {
            (Some(bytes), Ok(length)) if usize::from(length) <= SHORT => Timestamp(Text::Short(length, *bytes)),
            _ => Timestamp::from(text),
        }
    }
}

/// The text where it fits into a timestamp without an allocation.
fn short(text: &str) -> Option<Text> {
    let mut bytes = [0; SHORT];
    bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(Text::Short(u8::try_from(text.len()).ok()?, bytes))
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Timestamp(short(&text).unwrap_or(Text::Long(text)))
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Timestamp(short(text).unwrap_or_else(|| Text::Long(text.to_owned())))
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Timestamp(Text::Short(0, [0; SHORT]))
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timestamp").field(&self.as_str()).finish()
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Timestamp {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Timestamp {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Timestamp::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_any_length_is_kept() {
        for text in
            ["", "2021-07-29T12:00:00+00:00", &"9".repeat(30), &"9".repeat(31), "2021-07-29 à 12 h", &"9".repeat(300)]
        {
            let timestamp = Timestamp::from(text);
            assert_eq!(timestamp, text);
            assert_eq!(timestamp, Timestamp::from(text.to_owned()));
            assert_eq!(timestamp.to_string(), text);
            assert_eq!(timestamp.into_string(), text);
        }
        assert_eq!(Timestamp::default(), "");
        assert_ne!(Timestamp::from("2021"), Timestamp::from("2021\0"));
        assert_eq!(format!("{:?}", Timestamp::from("2021")), "Timestamp(\"2021\")");
    }

    #[test]
    fn offsets_are_split_off() {
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

    #[test]
    fn an_offset_is_known_by_its_notation() {
        for text in
            ["2021-07-29T12:00:00Z", "2021-07-29T12:00:00+02:00", "2021-07-29T12:00:00-0230", "2021-07-29 12:00 UTC"]
        {
            assert!(Timestamp::from(text).has_offset(), "{text}");
        }
        for text in ["", "2021-07-29", "2021-07-29T12:00:00"] {
            assert!(!Timestamp::from(text).has_offset(), "{text}");
        }
    }
}
