//! Renders JSON text as HTML, with classes for names, strings and other scalars.

use maud::{Markup, html};

/// A part of a text, and the class that it is shown with.
type Span<'t> = (&'static str, &'t str);

/// Returns a JSON text as HTML, with a class for each part.
pub(super) fn marked(text: &str) -> Markup {
    html! {
        @for (class, part) in parts(text) {
            @if class.is_empty() { (part) } @else { span class=(class) { (part) } }
        }
    }
}

/// Splits a text into its parts, in order. Joined, the parts are the text.
fn parts(text: &str) -> Vec<Span<'_>> {
    let mut parts: Vec<Span<'_>> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (class, length) = match first {
            '"' => {
                let end = end_of_string(rest);
                let is_name = rest[end..].trim_start().starts_with(':');
                (if is_name { "name" } else { "string" }, end)
            }
            '-' | '0'..='9' | 'a'..='z' => {
                let end = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | '0'..='9' | 'a'..='z' | 'A'..='Z'));
                ("scalar", end.unwrap_or(rest.len()))
            }
            _ => {
                let end = rest.find(|c: char| matches!(c, '"' | '-' | '0'..='9' | 'a'..='z'));
                ("", end.unwrap_or(rest.len()))
            }
        };
        parts.push((class, &rest[..length]));
        at += length;
    }
    parts
}

/// Returns the end of the string that the text begins with.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_strings_and_scalars_are_marked() {
        let text = "{\n  \"a\\\"<\": [\"ä\", -1.5e+3, true, null], \"b\" : {}\n}";
        let found = parts(text);
        let of = |class: &str| found.iter().filter(|(own, _)| *own == class).map(|(_, text)| *text).collect::<Vec<_>>();
        assert_eq!(of("name"), ["\"a\\\"<\"", "\"b\""]);
        assert_eq!(of("string"), ["\"ä\""]);
        assert_eq!(of("scalar"), ["-1.5e+3", "true", "null"]);
        assert_eq!(found.iter().map(|(_, text)| *text).collect::<String>(), text);
    }

    #[test]
    fn text_that_is_no_json_loses_nothing() {
        for text in ["\"open", "\"a\\", "é…<", ""] {
            assert_eq!(parts(text).iter().map(|(_, text)| *text).collect::<String>(), text);
        }
    }
}
