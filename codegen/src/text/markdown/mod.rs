//! Markdown from outside as Markdown that is safe in documentation: in rustdoc, in a README and in a table of either.
//!
//! Text is parsed as rustdoc parses it, and written again from what was understood. What is written has paragraphs,
//! emphasis, code spans, lists, block quotes, tables and links to `http` and `https`; every block of code is marked as
//! `text`, so that it is not compiled and run as an example. HTML is shown as text, headings are paragraphs in bold, and
//! images are links. Other links, among them those to items of the crate, are their text.
//!
//! The result is parsed once more. Where that does not give the same document, the text is written without emphasis and
//! links, and failing that as a block of code. So nothing depends on whether every rule of Markdown was thought of here,
//! and writing the result again changes nothing.

mod read;
mod tree;
mod write;

use self::tree::{Block, Inline};
use super::{one_line, shown, visible};

/// Text of a vendor as Markdown that is safe to show: all blocks of code are marked as `text`, all links lead to `http` or
/// `https`, and HTML is text. Markdown that is safe already is returned unchanged.
pub fn markdown(text: &str) -> String {
    let source = prepared(text);
    let blocks = match read::read(&source) {
        // All of it is markup, such as a fence without code.
        blocks if blocks.is_empty() => tree::text_block(&one_line(text)),
        blocks => blocks,
    };
    let unstyled = || written_alike(&tree::without_styles(&blocks));
    let code = || write::blocks(tree::code_block(&source).as_slice());
    written_alike(&blocks).or_else(unstyled).unwrap_or_else(code)
}

/// Text of a vendor as Markdown that is safe to show, as [`markdown`] writes it, on one line: for a sentence or the cell of a
/// table.
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

/// Text on one line, word for word, for a sentence or the cell of a table.
pub(crate) fn plain(text: &str) -> String {
    write::line(&[Inline::Text(one_line(text))])
}

/// A name, a value or a JSON Pointer as a span of code; an empty one in quotes.
pub fn code(text: &str) -> String {
    if text.is_empty() { "`\"\"`".to_owned() } else { write::code(&visible(text)) }
}

/// [`code`] for the cell of a table, where a `|` would end the cell even inside of a span of code.
pub(crate) fn cell_code(text: &str) -> String {
    if text.contains('|') { plain(&visible(text)) } else { code(text) }
}

/// The blocks as Markdown, if parsing that gives the same blocks.
fn written_alike(blocks: &[Block]) -> Option<String> {
    let written = write::blocks(blocks);
    (read::read(&written) == blocks).then_some(written)
}

/// Text with `\n` at the ends of its lines, without the indentation that all lines share, and without characters that a
/// comment may not contain.
fn prepared(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let text: String = text.chars().filter_map(|c| if matches!(c, '\n' | '\t') { Some(c) } else { shown(c) }).collect();
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
    text.lines().map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
