//! Forms the URLs and anchors of the site from names in the schemas, so that links stay valid from release to release.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use webhook_codegen::describe::Segment;

/// The ASCII characters that are percent-encoded in a segment of a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Returns a path of the site as a URL that is relative to the root of the site.
pub(super) fn url(path: &str) -> String {
    path.split('/').map(|name| utf8_percent_encode(name, ENCODED).to_string()).collect::<Vec<_>>().join("/")
}

/// Returns the path of a provider's page.
pub(super) fn provider_page(provider: &str) -> String {
    format!("{provider}/index.html")
}

/// Returns the path of an event's page.
pub(super) fn event_page(provider: &str, event: &str) -> String {
    format!("{provider}/{event}.html")
}

/// Returns the path of an event's schema.
pub(super) fn schema(provider: &str, event: &str) -> String {
    format!("{provider}/{event}.schema.json")
}

/// Returns the anchor of a member on the page of its event: `member-details.items.*.name`, where `*` is any item of an
/// array. A character other than an ASCII letter, a digit, `-` or `_` is written as `~` and its bytes in hexadecimal
/// digits.
pub(super) fn member(path: &[Segment]) -> String {
    let segments: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            Segment::Name(name) => escaped(name),
            Segment::Position(at) => format!("~i{at}"),
            Segment::Item => "*".to_owned(),
            Segment::Any => "~any".to_owned(),
            Segment::Matching(source) => format!("~m{}", escaped(source)),
        })
        .collect();
    format!("member-{}", segments.join("."))
}

/// Returns the anchor of a documented payload.
pub(super) fn example(name: &str) -> String {
    format!("example-{}", escaped(name))
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!("~{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Returns a path as people write it, in two parts: the parent with the separator, and the last segment.
pub(super) fn shown(path: &[Segment]) -> (String, String) {
    let mut parts: Vec<String> = Vec::new();
    for segment in path {
        let first = parts.is_empty();
        let dotted = |name: &str| if first { name.to_owned() } else { format!(".{name}") };
        match segment {
            Segment::Name(name) if is_plain(name) => parts.push(dotted(name)),
            Segment::Name(name) => parts.push(format!("[{}]", serde_json::Value::from(name.as_str()))),
            Segment::Position(at) => parts.push(format!("[{at}]")),
            Segment::Item => parts.push("[]".to_owned()),
            Segment::Any => parts.push(dotted("*")),
            Segment::Matching(source) => parts.push(dotted(&format!("/{source}/"))),
        }
    }
    let mut last = parts.pop().unwrap_or_default();
    let mut parent = parts.concat();
    if let Some(rest) = last.strip_prefix('.') {
        parent.push('.');
        last = rest.to_owned();
    }
    (parent, last)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Segment {
        Segment::Name(text.to_owned())
    }

    #[test]
    fn anchors_of_different_members_differ() {
        let paths = [
            vec![name("a"), name("b")],
            vec![name("a.b")],
            vec![name("a"), Segment::Item, name("b")],
            vec![name("a"), name("*"), name("b")],
            vec![name("a"), name("0")],
            vec![name("a"), Segment::Position(0)],
            vec![name("a"), Segment::Any],
            vec![name("a"), Segment::Matching("any".to_owned())],
            vec![name("a"), name("~any")],
            vec![name("ä")],
            vec![name("")],
            vec![name("\"<&> '")],
        ];
        let anchors: std::collections::BTreeSet<String> = paths.iter().map(|path| member(path)).collect();
        assert_eq!(anchors.len(), paths.len());
        let plain = |anchor: &String| anchor.chars().all(|c| c.is_ascii_alphanumeric() || "-_.*~".contains(c));
        assert!(anchors.iter().all(plain), "{anchors:?}");
        assert!(anchors.contains("member-a.*.b") && anchors.contains("member-a~2Eb"));
    }

    #[test]
    fn paths_are_shown_as_people_write_them() {
        let path = [name("a"), Segment::Item, name("b c"), name("d")];
        assert_eq!(shown(&path), ("a[][\"b c\"].".to_owned(), "d".to_owned()));
        assert_eq!(shown(&path[..3]), ("a[]".to_owned(), "[\"b c\"]".to_owned()));
        assert_eq!(shown(&path[..1]), (String::new(), "a".to_owned()));
    }

    #[test]
    fn urls_are_encoded() {
        assert_eq!(url("a b/c?d#e%.html"), "a%20b/c%3Fd%23e%25.html");
    }
}
