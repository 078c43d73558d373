//! Parses a vendor's documentation page, and finds every JSON block on it.
//!
//! A page is Markdown, HTML, or plain text as copied from a browser. HTML is converted to text first. After that, all
//! formats are treated alike: JSON is parsed leniently at every opening bracket, and the repairs are recorded.

mod attribute;
mod classes;
mod error;
mod escaped;
mod format;
mod heading;
mod html;
mod limits;
mod line_prefixes;
mod lines;
mod load;
mod markup;
mod parser;
mod regions;
mod repair;
mod scalar;
mod scan;
mod sections;
mod unparsed;
mod whitespace;

use std::ops::Range;

use webhook_codegen::json::Json;

pub use classes::structures;
pub use error::PageError;
pub use format::Format;
pub use limits::{MAX_BLOCKS, MAX_BYTES};
pub use load::{bytes_from, bytes_of};
pub use repair::Repair;
pub use unparsed::UnparsedBlock;

use attribute::Placed;
use html::Rendered;
use lines::{Anchor, Lines};
use repair::RepairKind;
use scan::{Failed, FoundBlock};
use sections::Sections;

/// Some pages, with their names.
pub type Pages = [(String, Page)];

/// A parsed page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The format of the page.
    pub format: Format,
    /// The JSON blocks, in the order of the page.
    pub blocks: Vec<Block>,
    /// Blocks that look like JSON, but could not be parsed even with repairs.
    pub unparsed: Vec<UnparsedBlock>,
    /// The text of the page, for looking up names in its prose.
    pub text: String,
}

/// A block of JSON: an object with members, or an array that contains objects with members.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The line of the page on which the block begins, from 1.
    pub first_line: usize,
    /// The line on which the block ends.
    pub last_line: usize,
    /// The nearest heading or short title line before the block.
    pub heading: Option<String>,
    /// The headings of the sections around the block, innermost first.
    pub sections: Vec<String>,
    /// The value of the block after repairs.
    pub json: Json,
    /// The repairs, in the order of the page. Empty if the block is valid JSON.
    pub repairs: Vec<Repair>,
}

/// Parses a page. The format is detected from the contents, or else from the extension of `name`.
///
/// # Errors
///
/// Returns an error if the page is too large, not text, empty, or has no JSON that can be parsed; see [`PageError`].
pub fn read(name: &str, bytes: &[u8]) -> Result<Page, PageError> {
    let source = load::text(bytes)?;
    let format = format::detect(name, &source);
    let Rendered { mut text, anchors, regions, attributes } = match format {
        Format::Html => html::render(&source),
        Format::Markdown => markup::render(&source),
        Format::Text => Rendered { text: source.into_owned(), ..Rendered::default() },
    };
    let plain = line_prefixes::blank_out(&text, format == Format::Markdown);
    let scanned = scan::scan(&plain.text, &regions);
    let mut unparsed = unparsed(&scanned.failed, &text, &anchors);
    let mut lines = Lines::new(&text, &anchors);
    for (place, why) in
        [(scanned.block_limit, error::too_many_blocks()), (scanned.reread_budget_exhausted, reread_budget_exhausted())]
    {
        unparsed.extend(place.map(|place| UnparsedBlock { line: lines.at(place), why }));
    }
    unparsed.sort_by_key(|unparsed| unparsed.line);
    let found = attribute::placed(scanned.found, &attributes, &text);
    let sections = Sections::of(&text, &regions);
    let blocks = blocks(found, &text, &anchors, &plain.numbered, &sections);
    drop(plain);
    if let Some(attribute) = attributes.first() {
        text.truncate(attribute.start - 1);
    }
    if blocks.is_empty() {
        return Err(if unparsed.is_empty() { PageError::NoJson } else { PageError::Unreadable(unparsed) });
    }
    Ok(Page { format, blocks, unparsed, text })
}

impl Page {
    /// Returns a page without blocks for one of several pages that could not be read. The error is listed as an
    /// unparsed block. Returns `None` if the page has no text or could not be opened.
    pub fn without_blocks(error: PageError) -> Option<Page> {
        let unparsed = match error {
            PageError::Unreadable(unparsed) => unparsed,
            PageError::NoJson => vec![UnparsedBlock { line: 1, why: "there is no JSON on the page".to_owned() }],
            _ => return None,
        };
        Some(Page { format: Format::Text, blocks: Vec::new(), unparsed, text: String::new() })
    }
}

fn reread_budget_exhausted() -> String {
    "too many brackets are never closed: from here on, not every bracket was tried".to_owned()
}

fn blocks(
    placed: Vec<Placed>,
    text: &str,
    anchors: &[Anchor],
    numbered: &[Range<usize>],
    sections: &Sections,
) -> Vec<Block> {
    // Use separate lookups for the text and for the attributes after it, because looking up an earlier line starts from
    // the beginning.
    let mut lines = [Lines::new(text, anchors), Lines::new(text, anchors)];
    let mut heading = None;
    let mut before = 0;
    let mut blocks = Vec::with_capacity(placed.len());
    for Placed { place, is_attribute, found: FoundBlock { start, end, json, mut repairs } } in placed {
        let lines = &mut lines[usize::from(is_attribute)];
        let stretch = numbered.get(numbered.partition_point(|stretch| stretch.end <= start));
        // A number before the block's first line only, as in a list, does not belong to the block.
        let second = text.get(start..end).and_then(|code| code.find('\n')).map_or(end, |line| start + line);
        if stretch.is_some_and(|stretch| stretch.start < end && second < stretch.end.min(end)) {
            repairs.push(start, RepairKind::LineNumbers, || "line numbers before the code were left out".to_owned());
        }
        heading = heading::before(text.get(before..place).unwrap_or_default()).or(heading);
        let first_line = lines.at(start);
        let repairs = repairs.finish(lines);
        let last_line = lines.at(end);
        blocks.push(Block {
            first_line,
            last_line,
            heading: heading.clone(),
            sections: sections.around(place),
            json,
            repairs,
        });
        before = before.max(if place == start { end } else { place });
    }
    blocks
}

fn unparsed(failed: &[Failed], text: &str, anchors: &[Anchor]) -> Vec<UnparsedBlock> {
    let mut lines = Lines::new(text, anchors);
    let unparsed = |failed: &Failed| {
        let line = lines.at(failed.start);
        let why = match &failed.error {
            Some(error) => match lines.at(error.at) {
                same if same == line => error.what.clone(),
                other => format!("line {other} has {}", error.what),
            },
            None => "labelled as JSON, but does not contain any".to_owned(),
        };
        UnparsedBlock { line, why }
    };
    failed.iter().map(unparsed).collect()
}
