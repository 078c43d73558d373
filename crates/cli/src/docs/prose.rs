//! Renders text of schemas and settings as HTML: paragraphs, and code between backquotes. All other markup is escaped.

use maud::{Markup, html};
use webhook_codegen::describe::EventDescription;

/// Renders a text as one or more paragraphs.
pub(super) fn paragraphs(text: &str) -> Markup {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    html! { @for part in parts { p { (inline(part)) } } }
}

/// Renders a text inside of a paragraph.
pub(super) fn inline(text: &str) -> Markup {
    // A backquote without a partner is an ordinary character.
    let count = text.matches('`').count();
    let code_until = count - count % 2;
    let parts: Vec<&str> = text.splitn(code_until + 1, '`').collect();
    html! {
        @for (index, part) in parts.iter().enumerate() {
            @if index % 2 == 1 { code { (*part) } } @else { (*part) }
        }
    }
}

/// Returns the title of an event's schema, unless it only repeats the event's name.
pub(super) fn heading<'e>(about: &'e EventDescription, name: &str) -> Option<&'e str> {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    about.title.as_deref().filter(|title| !letters(title).is_empty() && letters(title) != letters(name))
}

/// Renders a name, in which a line may break after an underscore.
pub(super) fn breakable(name: &str) -> Markup {
    html! { @for (index, part) in name.split_inclusive('_').enumerate() { @if index > 0 { wbr; } (part) } }
}

/// Renders Rust code, in which a line may break before `::`, and after `<` and a comma.
pub(super) fn rust(text: &str) -> Markup {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = match c {
            '<' | ',' => at + c.len_utf8(),
            ':' if text[at..].starts_with("::") => at,
            _ => continue,
        };
        parts.push(&text[start..end]);
        start = end;
    }
    parts.push(&text[start..]);
    html! { code { @for (index, part) in parts.iter().enumerate() { @if index > 0 { wbr; } (*part) } } }
}

/// Renders Rust code as a link, if there is an address for it.
pub(super) fn linked_rust(text: &str, address: Option<String>) -> Markup {
    html! { @if let Some(address) = address { a href=(address) { (rust(text)) } } @else { (rust(text)) } }
}

/// Returns a link to a web page, or only the text if `address` is not a web address.
pub(super) fn link(address: &str) -> Markup {
    named_link(address, address)
}

/// Returns a link to a web page with a text, or only the text if `address` is not a web address.
pub(super) fn named_link(address: &str, text: &str) -> Markup {
    let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
    html! {
        @if is_web { a href=(address) rel="noreferrer" { (text) } } @else { (text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_all_else_is_escaped() {
        assert_eq!(inline("a `b<` & `c").into_string(), "a <code>b&lt;</code> &amp; `c");
        assert_eq!(paragraphs("a\n\n<b>").into_string(), "<p>a</p><p>&lt;b&gt;</p>");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(link("javascript:alert(1)").into_string(), "javascript:alert(1)");
        assert!(link("https://a/\"b").into_string().starts_with("<a href=\"https://a/&quot;b\""));
    }

    #[test]
    fn types_may_break() {
        assert_eq!(rust("a::B<C>").into_string(), "<code>a<wbr>::B&lt;<wbr>C&gt;</code>");
    }
}
