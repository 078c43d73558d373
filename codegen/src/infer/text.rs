//! Classifies strings: dates and times, JSON, data, or labels that may identify events.

use std::net::{IpAddr, SocketAddr};

use heck::ToSnakeCase;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

/// The kind that a group of strings has in common.
// `kind` relies on the order: all kinds of dates and times come before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    /// Dates and times of RFC 3339, with an offset.
    DateTime,
    /// Dates and times of RFC 3339, but without an offset.
    LocalDateTime,
    /// Dates and times in another notation, or in several notations.
    Timestamp,
    /// The JSON text of objects or arrays.
    Json,
    /// Strings without a common kind.
    Plain,
}

/// Returns the kind that all of the strings have in common.
pub(super) fn kind(texts: &[&str]) -> TextKind {
    let mut kinds: Vec<TextKind> = texts.iter().map(|text| kind_of(text)).collect();
    kinds.sort_by_key(|kind| *kind as u8);
    kinds.dedup();
    match kinds.as_slice() {
        [kind] => *kind,
        [first, .., last] if *first != TextKind::Json && (*last as u8) < TextKind::Json as u8 => TextKind::Timestamp,
        _ => TextKind::Plain,
    }
}

fn kind_of(text: &str) -> TextKind {
    if let Some(kind) = date_and_time(text) {
        return kind;
    }
    if text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<Value>(text).is_ok() {
        return TextKind::Json;
    }
    TextKind::Plain
}

/// Replaces every digit by `0`.
fn form(text: &str) -> String {
    text.replace(|c: char| c.is_ascii_digit(), "0")
}

/// Returns the kind of a date and time such as `2026-02-02T14:12:34.5Z`.
fn date_and_time(text: &str) -> Option<TextKind> {
    let (head, rest) = text.split_at_checked("2026-02-02T14:12:34".len())?;
    let is_rfc3339 = matches!(form(head).as_str(), "0000-00-00T00:00:00" | "0000-00-00t00:00:00");
    if !is_rfc3339 && form(head) != "0000-00-00 00:00:00" || head.parse::<DateTime>().is_err() {
        return None;
    }
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
    };
    if rest == format!(".{offset}") {
        return None;
    }
    match form(offset).as_str() {
        "" if is_rfc3339 => Some(TextKind::LocalDateTime),
        "Z" | "z" if is_rfc3339 => Some(TextKind::DateTime),
        "" | "Z" | "z" | " UTC" | " (UTC)" | "UTC" | "(UTC)" => Some(TextKind::Timestamp),
        // Hours and minutes have two digits here, so they compare as texts.
        "+00:00" | "-00:00" if offset[1..3] < *"24" && offset[4..] < *"60" => {
            Some(if is_rfc3339 { TextKind::DateTime } else { TextKind::Timestamp })
        }
        _ => None,
    }
}

/// Returns whether a string begins with a date such as `2026-02-02`.
fn begins_with_date(text: &str) -> bool {
    text.get(.."2026-02-02".len()).is_some_and(|date| form(date) == "0000-00-00" && date.parse::<Date>().is_ok())
}

/// The last parts of host names.
const DOMAINS: [&str; 21] = [
    "com", "net", "org", "io", "edu", "gov", "mil", "example", "local", "localdomain", "internal", "lan", "corp",
    "home", "localhost", "arpa", "cloud", "cluster", "invalid", "onion", "xyz",
];

/// Country codes that end host names of at least three parts. Codes that are also words, such as `id`, are left out.
const COUNTRIES: [&str; 28] = [
    "au", "be", "br", "ca", "ch", "cn", "cz", "de", "dk", "es", "eu", "fi", "fr", "ie", "jp", "kr", "nl", "nz", "pl",
    "pt", "ro", "ru", "se", "tr", "ua", "uk", "us", "za",
];

/// Returns whether a string is data: an ID, an address, a host, a number, a date, a link.
pub(super) fn is_data(text: &str) -> bool {
    text.parse::<f64>().is_ok() || is_address(text) || is_host(text) || is_token(text)
}

/// Returns whether a string is an address of some kind or a date.
pub(super) fn is_address(text: &str) -> bool {
    let address = text.split('/').next().unwrap_or_default();
    address.parse::<IpAddr>().is_ok()
        || text.parse::<SocketAddr>().is_ok()
        || begins_with_date(text)
        || text.contains("://")
        || text.find('@').is_some_and(|at| at > 0) && !text.contains(' ')
}

/// Top-level media types.
const MEDIA_TYPES: [&str; 9] =
    ["application", "audio", "font", "image", "message", "model", "multipart", "text", "video"];

/// Returns whether a string is a media type, such as `application/vnd.example+json; version=1.1`.
pub(super) fn is_media_type(text: &str) -> bool {
    let name = text.split(';').next().unwrap_or_default().trim_end();
    let is_subtype = |subtype: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_');
        !subtype.is_empty() && subtype.bytes().all(plain)
    };
    name.split_once('/').is_some_and(|(kind, subtype)| MEDIA_TYPES.contains(&kind) && is_subtype(subtype))
}

/// Returns whether a string is the name of a host.
pub(super) fn is_host(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let part = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let ends = |last: &&str| DOMAINS.contains(last) || parts.len() > 2 && COUNTRIES.contains(last);
    text == "localhost" || parts.len() > 1 && parts.iter().all(part) && parts.last().is_some_and(ends)
}

/// Returns whether a string is a generated ID: alternating letters and digits, or a long hexadecimal number.
fn is_token(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':')) {
        return false;
    }
    let hexadecimal = bytes.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b':'));
    let has_digit = bytes.iter().any(u8::is_ascii_digit);
    if hexadecimal && has_digit && bytes.len() >= 12 {
        return true;
    }
    let turns = |pair: &&[u8]| {
        pair.iter().all(u8::is_ascii_alphanumeric) && pair[0].is_ascii_digit() != pair[1].is_ascii_digit()
    };
    bytes.windows(2).filter(turns).count() >= 3
}

/// Returns whether a string may be the name of something: short, with letters, and not data.
pub fn is_label(text: &str) -> bool {
    text.len() <= 64
        && text.split_whitespace().count() <= 6
        && text.chars().any(char::is_alphabetic)
        && !text.contains('\n')
        && !is_data(text)
}

/// Returns the folder name in schema-defs for a text: lowercase letters, digits and `_`, starting with a letter.
pub fn folder_name(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let name = plain.to_snake_case();
    match name.chars().next() {
        None => "event".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("event_{name}"),
        Some(_) => name,
    }
}

/// Returns the title of an event for a folder name: `User created` for `user_created`.
pub fn title(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    #[test]
    fn dates_and_times() {
        assert_eq!(kind(&["2026-02-02T14:12:34+00:00", "2026-02-02T14:12:34.5Z"]), TextKind::DateTime);
        assert_eq!(kind(&["2024-09-17T07:06:21"]), TextKind::LocalDateTime);
        assert_eq!(kind(&["2026-02-02 14:10:14 (UTC)"]), TextKind::Timestamp);
        assert_eq!(kind(&["2024-09-17T07:06:21", "2024-09-17T07:06:21Z"]), TextKind::Timestamp);
        for text in ["2024-09-17", "2024-13-17T07:06:21Z", "2024-09-17T07:06:21+0000", "2024-09-17T07:06:21.Z"] {
            assert_eq!(kind(&[text]), TextKind::Plain, "{text}");
        }
        for text in ["2023-02-31T07:06:21Z", "2023-02-29T07:06:21Z", "2023-04-31T07:06:21", "2024-09-17T07:06:21+24:00"]
        {
            assert_eq!(kind(&[text]), TextKind::Plain, "{text}");
        }
        assert_eq!(kind(&["2024-02-29T07:06:21Z"]), TextKind::DateTime);
        assert_eq!(kind(&["2024-09-17T07:06:21Z", ""]), TextKind::Plain);
        assert_eq!(kind(&["2024-09-17T07:06:21Z", "{}"]), TextKind::Plain);
    }

    #[test]
    fn json_in_text() {
        assert_eq!(kind(&["{}", "[1]"]), TextKind::Json);
        assert_eq!(kind(&["{}", "none"]), TextKind::Plain);
        assert_eq!(kind(&["5"]), TextKind::Plain);
    }

    #[test]
    fn media_types() {
        for text in ["text/plain", "application/vnd.example+json; version=1.1", "image/*"] {
            assert_eq!(is_media_type(text), !text.contains('*'), "{text}");
        }
        for text in ["text", "text/", "application/a/b", "read/write", "application/a b"] {
            assert!(!is_media_type(text), "{text}");
        }
    }

    #[test]
    fn data_and_labels() {
        let data = "550e8400-e29b-41d4-a716-446655440000 17000 -1.5 192.168.1.2 93.184.216.34:443 2001:db8::1 \
            10.0.0.0/8 2026-02-02 server-01.example.com john.doe@example.com https://example.com \
            vpuRfnIBVc0URvOZ6ALA bc84b27ca5327d9d7f915fadae7ef9a4 00:1B:44:11:3A:B7";
        for data in data.split(' ') {
            assert!(is_data(data) && !is_label(data), "{data}");
        }
        for label in
            ["CanaryIncident", "console-audit", "New Asset(s) Added", "charge.dispute.created", "sha256", "hit"]
        {
            assert!(is_label(label), "{label}");
        }
        assert!(!is_label("") && !is_label("a sentence of a body that says what happened to whom and when"));
        let expected = ["login_failure", "auth_v2", "event_404", "event"];
        assert_eq!(["Login Failure", "auth.v2", "404", "-"].map(folder_name), expected);
        assert_eq!(words("New Asset(s) Added"), ["new", "asset", "added"]);
        assert_eq!(words("CanarytokenIncidents"), ["canarytoken", "incident"]);
    }
}
