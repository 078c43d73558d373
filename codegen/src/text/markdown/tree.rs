//! The elements of safe Markdown.

use super::super::{is_invisible, shown};
use super::read::addresses;

/// A block. Blocks, items and cells are never empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    /// A code block. Lines are separated by `\n`, without one at the end.
    Code(String),
    Quote(Vec<Block>),
    /// A list. `start` is the first number of a numbered list. A `tight` list has no empty lines between its items.
    List {
        start: Option<u64>,
        tight: bool,
        items: Vec<Vec<Block>>,
    },
    /// The rows of a table, beginning with the head. All rows have the same number of cells.
    Table(Vec<Vec<Vec<Inline>>>),
}

/// An inline element.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    /// A line break. A `hard` one is visible in the result.
    Break {
        hard: bool,
    },
    Styled(Style, Vec<Inline>),
    /// A link to an address in the form that [`address`] returns.
    Link(String, Vec<Inline>),
}

/// A style of emphasis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Emphasis,
    Strong,
    Strikethrough,
}

impl Block {
    /// Creates a list. It is tight if its items allow this and it was parsed as tight or has a single item.
    pub(super) fn list(start: Option<u64>, tight: bool, items: Vec<Vec<Block>>) -> Block {
        let follows = |blocks: &[Block]| match blocks {
            [_] => true,
            // A list can interrupt a paragraph only if it begins with 1 or is not numbered.
            [Block::Paragraph(_), Block::List { start: None | Some(1), tight: true, .. }] => true,
            [Block::Paragraph(_), Block::Code(_)] => true,
            _ => false,
        };
        let can_be_tight = items.iter().all(|item| follows(item));
        let is_single = items.len() == 1 && items.iter().all(|item| item.len() == 1);
        Block::List { start, tight: can_be_tight && (tight || is_single), items }
    }
}

/// Returns a paragraph with a text, or nothing if the text is empty.
pub(super) fn text_block(text: &str) -> Vec<Block> {
    let inlines = normalized(vec![Inline::Text(text.to_owned())]);
    if inlines.is_empty() { Vec::new() } else { vec![Block::Paragraph(inlines)] }
}

/// Returns a code block, or `None` if it would be empty.
pub(super) fn code_block(text: &str) -> Option<Block> {
    let line = |line: &str| line.replace('\t', "    ").chars().filter_map(shown).collect::<String>();
    let lines: Vec<String> = text.lines().map(|text| line(text).trim_end().to_owned()).collect();
    let first = lines.iter().position(|line| !line.is_empty())?;
    let last = lines.iter().rposition(|line| !line.is_empty())?;
    Some(Block::Code(lines[first..=last].join("\n")))
}

/// Returns the normalized address of a link, or `None` if it does not lead to the web.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))?;
    let rest = &text[scheme.len()..];
    if !rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut address = scheme.to_owned();
    for c in rest.chars() {
        match c {
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | '[' | ']' | '(' | ')' => encode(c, &mut address),
            c if c.is_whitespace() || is_invisible(c) => encode(c, &mut address),
            c => address.push(c),
        }
    }
    Some(address)
}

fn encode(c: char, address: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        address.push_str(&format!("%{byte:02X}"));
    }
}

/// Normalizes inlines: joins adjacent ones where possible, and removes spaces at the ends of lines.
pub(super) fn normalized(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut joined = Vec::new();
    inlines.into_iter().for_each(|inline| join(&mut joined, inline));
    let mut found = Vec::new();
    for inline in joined {
        match inline {
            Inline::Text(text) => found.extend(linked(text)),
            Inline::Styled(style, inner) => {
                let inner = normalized(inner);
                if !inner.is_empty() {
                    found.push(Inline::Styled(style, inner));
                }
            }
            // Addresses in the text of a link are not links themselves.
            Inline::Link(address, inner) => found.push(link(address, inner)),
            other => found.push(other),
        }
    }
    trimmed(found)
}

/// Adds an inline, and joins it with the last one if both are of the same kind.
fn join(inlines: &mut Vec<Inline>, inline: Inline) {
    match (inlines.last_mut(), inline) {
        (Some(Inline::Text(known)), Inline::Text(text)) => known.push_str(&text),
        (Some(Inline::Code(known)), Inline::Code(text)) => known.push_str(&text),
        (Some(Inline::Styled(style, known)), Inline::Styled(other, inner)) if *style == other => known.extend(inner),
        (Some(Inline::Break { hard }), Inline::Break { hard: other }) => *hard |= other,
        (_, other) => inlines.push(other),
    }
}

/// Creates a link. If it has no text, its text is the address.
fn link(address: String, inner: Vec<Inline>) -> Inline {
    let mut joined = Vec::new();
    inner.into_iter().for_each(|inline| join(&mut joined, inline));
    let inner = trimmed(joined);
    let inner = if inner.is_empty() { vec![Inline::Text(address.clone())] } else { inner };
    Inline::Link(address, inner)
}

/// Converts the addresses in a text to links.
fn linked(text: String) -> Vec<Inline> {
    let mut found = Vec::new();
    let mut start = 0;
    for (from, to) in addresses(&text) {
        if let Some(address) = address(&text[from..to]) {
            found.extend([
                Inline::Text(text[start..from].to_owned()),
                Inline::Link(address.clone(), vec![Inline::Text(address)]),
            ]);
            start = to;
        }
    }
    found.push(Inline::Text(text[start..].to_owned()));
    found
}

/// Removes spaces at the ends of lines, empty inlines, and line breaks at the beginning and the end.
fn trimmed(inlines: Vec<Inline>) -> Vec<Inline> {
    let ends = |inline: Option<&Inline>| inline.is_none_or(|inline| matches!(inline, Inline::Break { .. }));
    let mut found: Vec<Inline> = Vec::new();
    let mut inlines =
        inlines.into_iter().filter(|inline| !matches!(inline, Inline::Text(text) if text.is_empty())).peekable();
    while let Some(inline) = inlines.next() {
        match inline {
            Inline::Text(text) => {
                let text = if ends(found.last()) { text.trim_start_matches(' ') } else { &text };
                let text = if ends(inlines.peek()) { text.trim_end_matches(' ') } else { text };
                if !text.is_empty() {
                    found.push(Inline::Text(text.to_owned()));
                }
            }
            Inline::Break { .. } if ends(found.last()) => {}
            other => found.push(other),
        }
    }
    while matches!(found.last(), Some(Inline::Break { .. })) {
        found.pop();
    }
    found
}

/// Removes emphasis and links from blocks.
pub(super) fn without_styles(blocks: &[Block]) -> Vec<Block> {
    let item = |item: &Vec<Block>| without_styles(item);
    let block = |block: &Block| match block {
        Block::Paragraph(inlines) => Block::Paragraph(unstyled(inlines)),
        Block::Code(text) => Block::Code(text.clone()),
        Block::Quote(blocks) => Block::Quote(without_styles(blocks)),
        Block::List { start, tight, items } => Block::list(*start, *tight, items.iter().map(item).collect()),
        Block::Table(rows) => {
            let row = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| unstyled(cell)).collect();
            Block::Table(rows.iter().map(row).collect())
        }
    };
    blocks.iter().map(block).collect()
}

fn unstyled(inlines: &[Inline]) -> Vec<Inline> {
    let mut found = Vec::new();
    flatten(inlines, &mut found);
    normalized(found)
}

fn flatten(inlines: &[Inline], found: &mut Vec<Inline>) {
    for inline in inlines {
        match inline {
            Inline::Styled(_, inner) | Inline::Link(_, inner) => flatten(inner, found),
            other => found.push(other.clone()),
        }
    }
}

/// Joins the contents of blocks on one line that may be in a table cell.
pub(super) fn on_one_line(blocks: Vec<Block>) -> Vec<Inline> {
    let mut found = Vec::new();
    say(blocks, &mut found);
    normalized(in_cell(found))
}

fn say(blocks: Vec<Block>, found: &mut Vec<Inline>) {
    let space = || Inline::Text(" ".to_owned());
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => found.extend(std::iter::once(space()).chain(inlines)),
            Block::Code(text) => {
                found.extend([space(), Inline::Code(text.split_whitespace().collect::<Vec<_>>().join(" "))]);
            }
            Block::Quote(blocks) => say(blocks, found),
            Block::List { items, .. } => items.into_iter().for_each(|item| say(item, found)),
            Block::Table(rows) => rows.into_iter().flatten().for_each(|cell| say(vec![Block::Paragraph(cell)], found)),
        }
    }
}

/// Prepares inlines for a table cell. Code with `|` becomes text, because `|` would end the cell.
pub(super) fn in_cell(inlines: Vec<Inline>) -> Vec<Inline> {
    let inline = |inline: Inline| match inline {
        Inline::Break { .. } => Inline::Text(" ".to_owned()),
        Inline::Code(text) if text.contains('|') => Inline::Text(text),
        Inline::Styled(style, inner) => Inline::Styled(style, in_cell(inner)),
        Inline::Link(address, inner) => Inline::Link(address, in_cell(inner)),
        other => other,
    };
    inlines.into_iter().map(inline).collect()
}
