//! Markdown as documentation comments.

use syn::{Attribute, parse_quote};

use super::markdown::markdown;

/// Text from outside as documentation: see [`markdown`].
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
