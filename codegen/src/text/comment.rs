//! Converts Markdown to documentation comments.

use syn::{Attribute, parse_quote};

use super::markdown::markdown;

/// Converts text from outside to safe documentation; see [`markdown`].
pub(crate) fn doc_attributes(text: &str) -> Vec<Attribute> {
    comment(&markdown(text))
}

/// Returns the lines of a documentation comment without changes.
pub(crate) fn comment(markdown: &str) -> Vec<Attribute> {
    let line = |line: &str| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        parse_quote!(#[doc = #line])
    };
    markdown.lines().map(line).collect()
}
