//! Dates and times that keep their spelling.

use std::borrow::Cow;
use std::fmt;

use crate::text::as_text;

/// A date and time, spelled as in the payload.
///
/// `format` is an annotation in JSON Schema and never decides whether a payload is valid. So a `Timestamp` holds any
/// text, and `2021-07-29T12:00:00+00:00` does not become `2021-07-29T12:00:00Z`.
///
/// # Conversions
///
/// The features `jiff_0_2`, `jiff_1` and `chrono` convert a `Timestamp` to and from the types of these crates:
///
/// | feature | an instant | a date and time without its offset |
/// | --- | --- | --- |
/// | `jiff_0_2`, `jiff_1` | `jiff::Timestamp` | `jiff::civil::DateTime` |
/// | `chrono` | `chrono::DateTime<FixedOffset>`, `chrono::DateTime<Utc>` | `chrono::NaiveDateTime` |
///
/// `TryFrom<&Timestamp>` parses RFC 3339, and the spellings of some vendors: a space instead of the `T`, the suffixes
/// ` UTC` and ` (UTC)`, and offsets without a colon (` +0300`). Parsing fails if the text is not a date and time, or,
/// for an instant, if it has no offset. `From` formats a value as RFC 3339.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::Timestamp;
///
/// let at = Timestamp::from("2021-07-29T12:00:00+00:00");
/// assert_eq!(at.as_str(), "2021-07-29T12:00:00+00:00");
/// assert!(at.has_offset());
/// assert!(!Timestamp::from("2024-09-17T07:06:21").has_offset());
/// # #[cfg(feature = "jiff_1")] {
/// # use jiff_1 as jiff;
///
/// // With the feature `jiff_1`:
/// let instant = jiff::Timestamp::try_from(&at)?;
/// assert_eq!(instant.as_second(), 1_627_560_000);
/// assert_eq!(Timestamp::from(instant), "2021-07-29T12:00:00Z");
/// # }
/// # #[cfg(feature = "chrono")] {
///
/// // With the feature `chrono`:
/// let instant = chrono::DateTime::<chrono::Utc>::try_from(&at)?;
/// assert_eq!(instant.timestamp(), 1_627_560_000);
/// assert_eq!(Timestamp::from(instant), "2021-07-29T12:00:00Z");
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Timestamp(Text);

/// The maximum length, in bytes, of a text that is stored without an allocation. Only RFC 3339 timestamps with
/// nanoseconds and an offset are longer, and they are rare. With this length, a `Timestamp` has 32 bytes.
pub(crate) const SHORT: usize = 30;

#[derive(Clone)]
enum Text {
    /// The length of the text, and the text. The remaining bytes may be anything.
    Short(u8, [u8; SHORT]),
    Long(String),
}

impl Timestamp {
    /// Returns the text, spelled as in the payload.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            // The bytes are a `str` that was copied. Checking them again is fast, and needs no unsafe code.
            Text::Short(..) => std::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Text::Long(text) => text,
        }
    }

    /// Returns the text as UTF-8.
    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short(length, bytes) => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Text::Long(text) => text.as_bytes(),
        }
    }

    /// Returns the text as a `String`, spelled as in the payload.
    pub fn into_string(self) -> String {
        match self.0 {
            Text::Short(..) => self.as_str().to_owned(),
            Text::Long(text) => text,
        }
    }

    /// Returns whether the text ends with an offset from UTC: `Z`, `±hh:mm`, `±hhmm`, `UTC` or `(UTC)`. Text without an
    /// offset does not identify an instant.
    pub fn has_offset(&self) -> bool {
        split(self.as_str()).1.is_some()
    }
}

/// Converts to and from the types of one version of jiff.
macro_rules! convert_jiff {
    ($feature:literal, $jiff:ident) => {
        /// Parses the instant. Fails if the text is not a date and time, or has no offset.
        #[cfg(feature = $feature)]
        impl TryFrom<&Timestamp> for $jiff::Timestamp {
            type Error = $jiff::Error;

            fn try_from(timestamp: &Timestamp) -> Result<Self, $jiff::Error> {
                rfc3339(timestamp.as_str()).parse()
            }
        }

        /// Parses the date and time, and ignores the offset. Fails if the text is not a date and time.
        #[cfg(feature = $feature)]
        impl TryFrom<&Timestamp> for $jiff::civil::DateTime {
            type Error = $jiff::Error;

            fn try_from(timestamp: &Timestamp) -> Result<Self, $jiff::Error> {
                split(timestamp.as_str()).0.parse()
            }
        }

        /// Formats the instant in UTC: `2021-07-29T12:00:00Z`.
        #[cfg(feature = $feature)]
        impl From<$jiff::Timestamp> for Timestamp {
            fn from(instant: $jiff::Timestamp) -> Self {
                Timestamp::from(instant.to_string())
            }
        }

        /// Formats the date and time without an offset: `2021-07-29T12:00:00`.
        #[cfg(feature = $feature)]
        impl From<$jiff::civil::DateTime> for Timestamp {
            fn from(civil: $jiff::civil::DateTime) -> Self {
                Timestamp::from(civil.to_string())
            }
        }
    };
}

convert_jiff!("jiff_0_2", jiff_0_2);
convert_jiff!("jiff_1", jiff_1);

/// Parses the instant with its offset. Fails if the text is not a date and time, or has no offset.
#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::FixedOffset> {
    type Error = chrono::ParseError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, chrono::ParseError> {
        chrono::DateTime::parse_from_rfc3339(&rfc3339(timestamp.as_str()))
    }
}

/// Parses the instant. Fails if the text is not a date and time, or has no offset.
#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = chrono::ParseError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, chrono::ParseError> {
        chrono::DateTime::<chrono::FixedOffset>::try_from(timestamp).map(|instant| instant.to_utc())
    }
}

/// Parses the date and time, and ignores the offset. Fails if the text is not a date and time.
#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::NaiveDateTime {
    type Error = chrono::ParseError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, chrono::ParseError> {
        let text = split(timestamp.as_str()).0;
        text.parse().or_else(|_| text.replacen(' ', "T", 1).parse())
    }
}

/// Formats the instant with its offset: `2021-07-29T14:00:00+02:00`, or `2021-07-29T12:00:00Z` in UTC.
#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for Timestamp {
    fn from(instant: chrono::DateTime<Z>) -> Self {
        Timestamp::from(instant.fixed_offset().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

/// Formats the date and time without an offset: `2021-07-29T12:00:00`.
#[cfg(feature = "chrono")]
impl From<chrono::NaiveDateTime> for Timestamp {
    fn from(civil: chrono::NaiveDateTime) -> Self {
        Timestamp::from(civil.format("%Y-%m-%dT%H:%M:%S%.f").to_string())
    }
}

/// Returns the text with its offset spelled as in RFC 3339. A text without an offset is returned unchanged.
#[cfg(any(feature = "jiff_0_2", feature = "jiff_1", feature = "chrono"))]
fn rfc3339(text: &str) -> Cow<'_, str> {
    match split(text) {
        (civil, Some(offset)) => Cow::Owned(format!("{civil}{offset}")),
        (civil, None) => Cow::Borrowed(civil),
    }
}

/// Splits a text into the date and time, and the offset as RFC 3339 writes it.
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
    /// Sets the text, which is at the beginning of `bytes`. All of `bytes` are copied, because copying a fixed number of
    /// bytes is faster than copying the text alone.
    #[inline]
    pub(crate) fn set(&mut self, text: &str, bytes: Option<&[u8; SHORT]>) {
        match (&mut self.0, bytes, u8::try_from(text.len())) {
            // The bytes are copied in place: a copy of a timestamp that was just made waits until all of it is written.
            (Text::Short(length, place), Some(bytes), Ok(new)) if usize::from(new) <= SHORT => {
                *length = new;
                *place = *bytes;
            }
            _ => *self = Timestamp::from(text),
        }
    }
}

/// Returns the text as it is kept without an allocation, if it is short enough.
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

as_text!(Timestamp);

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
            ("2021-07-29T12:00:00-0230", ("2021-07-29T12:00:00", Some("-02:30"))),
            ("2021-07-29 12:00 UTC", ("2021-07-29 12:00", Some("Z"))),
            ("", ("", None)),
            ("2024-01-15", ("2024-01-15", None)),
        ];
        for (text, expected) in cases {
            let (civil, offset) = split(text);
            assert_eq!((civil, offset.as_deref()), expected, "{text}");
            assert_eq!(Timestamp::from(text).has_offset(), expected.1.is_some(), "{text}");
        }
    }

    /// The spellings of instants, with their seconds; and of dates and times without an offset.
    #[cfg(any(feature = "jiff_0_2", feature = "jiff_1", feature = "chrono"))]
    const SPELLINGS: [(&str, Option<i64>); 6] = [
        ("2026-02-02 14:10:14 (UTC)", Some(1_770_041_414)),
        ("2026-02-02T14:10:14Z", Some(1_770_041_414)),
        ("2021-07-29T12:00:00+00:00", Some(1_627_560_000)),
        ("2024-01-15 10:30:00 UTC", Some(1_705_314_600)),
        ("2021-06-10 02:27:15 +0300", Some(1_623_281_235)),
        ("2024-09-17T07:06:21", None),
    ];

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_reads_every_spelling() {
        for (text, seconds) in SPELLINGS {
            let timestamp = Timestamp::from(text);
            let found = chrono::DateTime::<chrono::FixedOffset>::try_from(&timestamp).ok();
            assert_eq!(found.map(|at| at.timestamp()), seconds, "{text}");
            assert!(chrono::NaiveDateTime::try_from(&timestamp).is_ok(), "{text}");
        }
    }

    /// Instants in seconds and nanoseconds since 1970, and how RFC 3339 spells them in UTC.
    #[cfg(any(feature = "jiff_0_2", feature = "jiff_1", feature = "chrono"))]
    const INSTANTS: [(i64, u32, &str); 4] = [
        (1_627_560_000, 0, "2021-07-29T12:00:00Z"),
        (1_627_560_000, 120_000_000, "2021-07-29T12:00:00.12Z"),
        (1_627_560_000, 1, "2021-07-29T12:00:00.000000001Z"),
        (-1, 0, "1969-12-31T23:59:59Z"),
    ];

    macro_rules! test_jiff {
        ($feature:literal, $jiff:ident) => {
            #[cfg(feature = $feature)]
            mod $jiff {
                use super::*;

                #[test]
                fn every_spelling_is_read() {
                    for (text, seconds) in SPELLINGS {
                        let timestamp = Timestamp::from(text);
                        let found = ::$jiff::Timestamp::try_from(&timestamp).ok();
                        assert_eq!(found.map(|at| at.as_second()), seconds, "{text}");
                        assert!(::$jiff::civil::DateTime::try_from(&timestamp).is_ok(), "{text}");
                    }
                }

                #[test]
                fn instants_are_formatted_and_parsed() {
                    for (seconds, nanoseconds, text) in INSTANTS {
                        let instant = ::$jiff::Timestamp::new(seconds, i32::try_from(nanoseconds).unwrap()).unwrap();
                        let timestamp = Timestamp::from(instant);
                        assert_eq!(timestamp, text);
                        assert_eq!(::$jiff::Timestamp::try_from(&timestamp).unwrap(), instant);
                        let civil = ::$jiff::civil::DateTime::try_from(&timestamp).unwrap();
                        assert_eq!(Timestamp::from(civil), text.trim_end_matches('Z'));
                    }
                }
            }
        };
    }

    test_jiff!("jiff_0_2", jiff_0_2);
    test_jiff!("jiff_1", jiff_1);

    #[cfg(feature = "chrono")]
    #[test]
    fn instants_of_chrono_are_formatted_and_parsed() {
        for (seconds, nanoseconds, text) in INSTANTS {
            let instant = chrono::DateTime::from_timestamp(seconds, nanoseconds).unwrap();
            let timestamp = Timestamp::from(instant);
            // chrono writes 3, 6 or 9 digits of a fraction.
            assert_eq!(timestamp.as_str().replace(".120Z", ".12Z"), text);
            assert_eq!(chrono::DateTime::<chrono::Utc>::try_from(&timestamp).unwrap(), instant);
            let civil = chrono::NaiveDateTime::try_from(&timestamp).unwrap();
            assert_eq!(civil, instant.naive_utc());
            assert_eq!(chrono::NaiveDateTime::try_from(&Timestamp::from(civil)).unwrap(), civil);
            assert!(!Timestamp::from(civil).has_offset());
        }
        let paris = chrono::FixedOffset::east_opt(2 * 3600).unwrap();
        let instant = chrono::DateTime::from_timestamp(1_627_560_000, 0).unwrap().with_timezone(&paris);
        assert_eq!(Timestamp::from(instant), "2021-07-29T14:00:00+02:00");
    }
}
