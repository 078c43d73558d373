//! What a page is written in.

use super::regions;

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Markdown, and MDX.
    Markdown,
    /// HTML.
    Html,
    /// Plain text, as a browser copies it.
    Text,
}

/// Tags that only HTML has so many of.
const TAGS: [&str; 8] = ["</p>", "</div>", "</pre>", "</code>", "</body>", "</td>", "</li>", "</h2>"];

/// The format that a page has: what it begins with, then the ending of its name, then what is in it.
pub(super) fn detect(name: &str, text: &str) -> Format {
    let start = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Format::Html;
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "html" | "htm" | "xhtml" | "shtml" | "aspx" | "php" => Format::Html,
        "md" | "mdx" | "markdown" | "mkd" | "mdown" => Format::Markdown,
        "json" | "jsonl" | "ndjson" => Format::Text,
        _ if text.trim_start().starts_with('<') && TAGS.iter().any(|tag| text.contains(tag)) => Format::Html,
        _ if !regions::fences(text).is_empty() => Format::Markdown,
        _ if ending != "txt" && (text.starts_with("# ") || text.contains("\n# ") || text.contains("\n## ")) => {
            Format::Markdown
        }
        _ => Format::Text,
    }
}
