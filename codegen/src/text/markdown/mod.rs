//! Converts Markdown from outside to Markdown that is safe in documentation: in rustdoc, in a README and in tables of
//! either.
//!
//! Text is parsed like rustdoc does, and the parsed document is written again. The result has paragraphs, emphasis,
//! code spans, lists, block quotes, tables and links to `http` and `https`. Every code block is marked as `text`, so
//! that it is not compiled and run as an example. HTML is shown as text, headings become bold paragraphs, and images
//! become links. Other links, including links to items of the crate, are replaced by their text.
//!
//! The result is parsed again. If the document differs, the text is written without emphasis and links or, if it still
//! differs, as a code block. So the safety does not depend on handling every rule of Markdown correctly. The conversion
//! is idempotent.

mod read;
mod tree;
mod write;

use self::tree::{Block, Inline};
use super::{one_line, shown, visible};

/// Converts text of a vendor to Markdown that is safe to show: all code blocks are marked as `text`, all links lead to
/// `http` or `https`, and HTML is text. Markdown that is already safe is returned unchanged.
pub fn markdown(text: &str) -> String {
    let source = prepared(text);
    let blocks = match read::read(&source) {
        // The text consists of markup only, such as a fence without code.
        blocks if blocks.is_empty() => tree::text_block(&one_line(text)),
        blocks => blocks,
    };
    let unstyled = || written_alike(&tree::without_styles(&blocks));
    let code = || write::blocks(tree::code_block(&source).as_slice());
    written_alike(&blocks).or_else(unstyled).unwrap_or_else(code)
}

/// Converts text of a vendor to safe Markdown like [`markdown`], but on one line, for a sentence or a table cell.
pub fn line(text: &str) -> String {
    let blocks = read::read(&prepared(text));
    let alike = |inlines: Vec<Inline>| {
        let written = write::line(&inlines);
        (read::read(&written) == [Block::Paragraph(inlines)]).then_some(written)
    };
    let styled = || alike(tree::on_one_line(blocks.clone()));
    let unstyled = || alike(tree::on_one_line(tree::without_styles(&blocks)));
    let word_for_word = || alike(tree::on_one_line(tree::text_block(&one_line(text))));
    styled().or_else(unstyled).or_else(word_for_word).unwrap_or_else(|| plain(text))
}

/// Escapes text for one line of Markdown, for a sentence or a table cell. All markup is shown literally.
pub(crate) fn plain(text: &str) -> String {
    write::line(&[Inline::Text(one_line(text))])
}

/// Returns a name, a value or a JSON Pointer as a code span. An empty text becomes a pair of quotes.
pub fn code(text: &str) -> String {
    if text.is_empty() { "`\"\"`".to_owned() } else { write::code(&visible(text)) }
}

/// Returns a code span like [`code`], but for a table cell, where `|` would end the cell even inside a code span.
pub(crate) fn cell_code(text: &str) -> String {
    if text.contains('|') { plain(&visible(text)) } else { code(text) }
}

/// Writes the blocks as Markdown, and returns it if it is parsed to the same blocks.
fn written_alike(blocks: &[Block]) -> Option<String> {
    let written = write::blocks(blocks);
    (read::read(&written) == blocks).then_some(written)
}

/// Normalizes line breaks, and removes the common indentation and characters that must not occur in a comment.
fn prepared(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let text: String = text.chars().filter_map(|c| if matches!(c, '\n' | '\t') { Some(c) } else { shown(c) }).collect();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
    text.lines().map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
