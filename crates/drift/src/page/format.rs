//! Detects the format of a page.

use super::regions;

/// The format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Markdown or MDX.
    Markdown,
    /// HTML.
    Html,
    /// Plain text, as copied from a browser.
    Text,
}

/// Tags whose presence indicates HTML.
const TAGS: [&str; 8] = ["</p>", "</div>", "</pre>", "</code>", "</body>", "</td>", "</li>", "</h2>"];

/// Detects the format of a page: from its beginning, else from the extension of its name, else from its contents.
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
