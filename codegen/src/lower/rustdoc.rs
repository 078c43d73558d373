//! A vendor's words as documentation comments.

use syn::{Attribute, parse_quote};

/// Text as documentation: see [`markdown`].
pub(crate) fn doc_attributes(text: &str) -> Vec<Attribute> {
    comment(&markdown(text))
}

/// The lines of a comment, word for word.
pub(crate) fn comment(markdown: &str) -> Vec<Attribute> {
    let line = |line: &str| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        parse_quote!(#[doc = #line])
    };
    markdown.lines().map(line).collect()
}

/// Text as the Markdown of documentation: what Markdown or rustdoc would take for a link or a tag stands for itself, and
/// code that the text shows is shown and not run.
pub(crate) fn markdown(text: &str) -> String {
    // A comment cannot have a bare carriage return, nor characters that change the direction of the text.
    let text: String =
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !is_bidi_control(*c)).collect();
    let mut lines = Vec::new();
    let mut fence: Option<String> = None;
    let mut list = false;
    for line in text.trim_end().lines() {
        let (line, opened) = (line.trim_end(), fence_of(line));
        match (&fence, opened) {
            (Some(open), Some(found)) if found.starts_with(open.as_str()) && line.trim() == found => {
                fence = None;
                lines.push(found);
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, Some(found)) => {
                lines.push(format!("{found}text"));
                fence = Some(found);
            }
            (None, None) => {
                // Text below a list is not part of its last item.
                let item = is_item(line);
                if list && !item && !line.is_empty() && !line.starts_with(char::is_whitespace) {
                    lines.push(String::new());
                }
                list = item || list && !line.is_empty() && line.starts_with(char::is_whitespace);
                lines.push(escaped(line));
            }
        }
    }
    lines.extend(fence);
    lines.join("\n")
}

/// The signs that open a block of code, or close one.
fn fence_of(line: &str) -> Option<String> {
    let line = line.trim_start();
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let fence: String = line.chars().take_while(|c| *c == sign).collect();
    // Behind backticks on the same line, backticks are a span of code.
    let span = sign == '`' && line[fence.len()..].contains('`');
    (fence.len() >= 3 && !span).then_some(fence)
}

/// Whether a character changes the direction of the text around it.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a line is an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "));
    numbered || ["* ", "- ", "+ "].iter().any(|sign| line.starts_with(sign))
}

fn escaped(line: &str) -> String {
    // Backticks that are not plain pairs would swallow what follows.
    let pairs = line.matches('`').count().is_multiple_of(2) && !line.contains("``");
    let line = line.trim_start();
    let mut text = String::new();
    let mut code = false;
    for (at, c) in line.char_indices() {
        let url = |url: &str| !code && line[at..].starts_with(url);
        match c {
            '`' if pairs => code = !code,
            '`' => text.push('\\'),
            '<' | '>' | '[' | ']' if !code => text.push('\\'),
            // A bare URL inside a word is not a link.
            ':' if url("://") && (text.ends_with("http") || text.ends_with("https")) => text.push('\\'),
            _ => {}
        }
        text.push(c);
    }
    text.split(' ').map(linked).collect::<Vec<_>>().join(" ")
}

/// A word, as a link if it is a URL.
fn linked(word: &str) -> String {
    let url = word.replacen("\\://", "://", 1);
    let end = url.trim_end_matches(['.', ',', ';', ')']).len();
    match (url.starts_with("http://") || url.starts_with("https://")) && !url.contains(['\\', '`']) {
        true => format!("<{}>{}", &url[..end], &url[end..]),
        false => word.to_owned(),
    }
}

/// A JSON string inside a code span.
pub(crate) fn printable(text: &str) -> String {
    text.replace('`', "'").chars().map(|c| if c.is_control() || is_bidi_control(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let value = |attribute: &Attribute| match &attribute.meta {
            syn::Meta::NameValue(meta) => match &meta.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        doc_attributes(text).iter().map(value).collect()
    }

    #[test]
    fn what_is_no_markup_stands_for_itself() {
        assert_eq!(shown("a <key> of [list]"), [" a \\<key\\> of \\[list\\]"]);
        assert_eq!(shown("`<key>` and `open"), [" \\`\\<key\\>\\` and \\`open"]);
        assert_eq!(shown("a ``` <script>"), [" a \\`\\`\\` \\<script\\>"]);
        assert_eq!(shown("[a](https://a.example)"), [" \\[a\\](https\\://a.example)"]);
        assert_eq!(shown("[`a`](https://a.example)"), [" \\[`a`\\](https\\://a.example)"]);
        assert_eq!(
            shown("Levels:\n* one\n  more\n* two\nand so on"),
            [" Levels:", " * one", " more", " * two", "", " and so on"]
        );
        assert_eq!(shown("see https://a.example/b."), [" see <https://a.example/b>."]);
    }

    #[test]
    fn code_is_shown_and_not_run() {
        assert_eq!(shown("so:\n\n```rust\n    <x>\n```\nend"), [" so:", "", " ```text", "     <x>", " ```", " end"]);
        assert_eq!(shown("~~~\nopen"), [" ~~~text", " open", " ~~~"]);
        assert_eq!(shown("    indented"), [" indented"]);
    }

    #[test]
    fn signs_that_a_comment_may_not_hold_go() {
        assert_eq!(shown("a\rb\r\nc"), [" a", " b", " c"]);
        assert_eq!(shown("\u{202b}ar\u{202c}"), [" ar"]);
        assert_eq!(printable("a`b\u{202e}\n"), "a'b  ");
    }
}
