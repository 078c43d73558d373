//! Parses Markdown from outside into [`Block`]s.

use std::borrow::Cow;
use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::super::{is_invisible, shown as visible};
use super::tree::{Block, Inline, Style, address, code_block, in_cell, normalized};

/// The maximum nesting depth of lists and quotes. Deeper ones are merged into the enclosing block.
const DEPTH: usize = 6;

/// Characters that replace others while Markdown is parsed, so that the replaced characters are not markup. Unicode
/// reserves these characters for internal use by programs, and they were removed from the text before.
const RESERVED: [(char, char); 4] = [('\u{FDD0}', '<'), ('\u{FDD1}', '*'), ('\u{FDD2}', '_'), ('\u{FDD3}', '~')];

/// Parses a text into blocks.
pub(super) fn read(source: &str) -> Vec<Block> {
    let source = without_markup(source);
    let source = without_definitions(&source);
    let mut reader = Reader::new();
    for event in Parser::new_ext(&source, options()) {
        reader.event(event);
    }
    reader.finish()
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH
}

/// Returns the ranges of web addresses that are written without markup.
pub(super) fn addresses(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (from, _) in text.match_indices("http") {
        let inside = found.last().is_some_and(|(_, to)| from < *to);
        let starts = !text[..from].ends_with(|c: char| c.is_alphanumeric());
        let rest = &text[from..];
        if inside || !starts || !["http://", "https://"].iter().any(|scheme| rest.starts_with(scheme)) {
            continue;
        }
        let ends = |c: char| c.is_whitespace() || is_invisible(c) || "<>\"'`\\^{}|[]()".contains(c);
        let length = rest.find(ends).unwrap_or(rest.len());
        // An address with a placeholder, such as `https://{host}/`, is not a valid link.
        let is_pattern = rest[length..].starts_with(['<', '{', '[', '(', '\\', '^', '|']);
        let address = rest[..length].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        if !is_pattern && address.len() > "https://".len() {
            found.push((from, from + address.len()));
        }
    }
    found
}

/// Replaces each `<` that may begin HTML, and each character in an address that would be emphasis.
fn without_markup(source: &str) -> String {
    let substitute = |c: char| RESERVED.iter().find(|(_, known)| *known == c).map_or(c, |(reserved, _)| *reserved);
    let mut text = String::with_capacity(source.len());
    let mut addresses = addresses(source).into_iter().peekable();
    let mut backslashes = 0;
    for (at, c) in source.char_indices() {
        while addresses.next_if(|(_, to)| *to <= at).is_some() {}
        let in_address = addresses.peek().is_some_and(|(from, _)| *from <= at);
        let is_link = || ["<http://", "<https://"].iter().any(|start| source[at..].starts_with(start));
        let is_text = match c {
            '<' => backslashes % 2 == 0 && !is_link(),
            '*' | '_' | '~' => in_address,
            _ => false,
        };
        text.push(if is_text { substitute(c) } else { c });
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
    }
    text
}

/// Escapes the definitions of link references, unless a link to the web uses them. Markdown does not show definitions,
/// and text in brackets may not be meant as one.
fn without_definitions(source: &str) -> Cow<'_, str> {
    let parser = Parser::new_ext(source, options());
    let definitions = parser.reference_definitions().iter();
    let definitions: Vec<(usize, String, bool)> = definitions
        .map(|(label, found)| (found.span.start, label.to_lowercase(), address(&found.dest).is_some()))
        .collect();
    if definitions.is_empty() {
        return Cow::Borrowed(source);
    }
    let used = |event: Event<'_>| match event {
        Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) => Some(id.to_lowercase()),
        _ => None,
    };
    let used: HashSet<String> = parser.filter_map(used).collect();
    let is_text = |(_, label, is_web): &(usize, String, bool)| !is_web || !used.contains(label);
    let mut places: Vec<usize> = definitions.into_iter().filter(is_text).map(|(at, ..)| at).collect();
    places.sort_unstable();
    let mut text = String::with_capacity(source.len() + places.len());
    let mut start = 0;
    for at in places {
        text.push_str(&source[start..at]);
        text.push('\\');
        start = at;
    }
    text.push_str(&source[start..]);
    Cow::Owned(text)
}

/// Reverts the replacements of [`without_markup`].
fn restored(text: &str) -> String {
    let restore = |c: char| RESERVED.iter().find(|(reserved, _)| *reserved == c).map_or(c, |(_, known)| *known);
    text.chars().map(restore).collect()
}

/// Reverts the replacements, and removes characters that must not occur in a comment: the text may contain them as
/// entities.
fn shown(text: &str) -> String {
    restored(text).chars().filter_map(visible).collect()
}

/// An element that is being parsed.
struct Frame {
    kind: FrameKind,
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    /// The items of a list.
    items: Vec<Vec<Block>>,
    /// The rows of a table.
    rows: Vec<Vec<Vec<Inline>>>,
    /// The cells of a row.
    cells: Vec<Vec<Inline>>,
    /// The text of a code block.
    text: String,
}

#[derive(Clone, Debug, PartialEq)]
enum FrameKind {
    /// Blocks that are merged into the enclosing element.
    Blocks,
    /// A footnote, which begins with its name.
    Footnote,
    Paragraph,
    Heading,
    Quote,
    CodeBlock,
    /// A list. It is `tight` until an item has a paragraph that is separated by empty lines.
    List {
        start: Option<u64>,
        tight: bool,
    },
    Item,
    Table,
    Row,
    Cell,
    Styled(Style),
    /// A link, and whether it shows its address instead of its content.
    Link(String, bool),
    /// Inlines that are merged into the enclosing element.
    Inlines,
}

impl Frame {
    fn new(kind: FrameKind) -> Frame {
        let (blocks, inlines, items, rows, cells) = Default::default();
        Frame { kind, blocks, inlines, items, rows, cells, text: String::new() }
    }

    /// Makes a paragraph of the inlines that are not in a paragraph yet.
    fn end_paragraph(&mut self) {
        let inlines = normalized(std::mem::take(&mut self.inlines));
        if !inlines.is_empty() {
            self.blocks.push(Block::Paragraph(inlines));
        }
    }
}

struct Reader {
    /// The open elements around `inner`, the outermost first.
    outer: Vec<Frame>,
    /// The innermost open element.
    inner: Frame,
    /// The number of open lists and quotes.
    depth: usize,
    /// The open styles.
    styles: Vec<Style>,
    in_link: bool,
}

impl Reader {
    fn new() -> Reader {
        Reader { outer: Vec::new(), inner: Frame::new(FrameKind::Blocks), depth: 0, styles: Vec::new(), in_link: false }
    }

    fn finish(mut self) -> Vec<Block> {
        while !self.outer.is_empty() {
            self.end();
        }
        self.inner.end_paragraph();
        self.inner.blocks
    }

    fn event(&mut self, event: Event<'_>) {
        let inline = match event {
            Event::Start(tag) => return self.start(tag),
            Event::End(_) => return self.end(),
            Event::Text(text) if self.inner.kind == FrameKind::CodeBlock => {
                return self.inner.text.push_str(&restored(&text));
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => Inline::Text(shown(&text)),
            Event::Code(text) => Inline::Code(shown(&text)),
            Event::SoftBreak => Inline::Break { hard: false },
            Event::HardBreak => Inline::Break { hard: true },
            Event::FootnoteReference(name) => Inline::Text(format!("[^{}]", shown(&name))),
            // Thematic breaks, and events of extensions that are not enabled.
            _ => return,
        };
        self.inner.inlines.push(inline);
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph => FrameKind::Paragraph,
            Tag::Heading { .. } => FrameKind::Heading,
            Tag::BlockQuote(_) if self.depth < DEPTH => FrameKind::Quote,
            Tag::CodeBlock(_) => FrameKind::CodeBlock,
            Tag::List(start) if self.depth < DEPTH => FrameKind::List { start, tight: true },
            Tag::Item if matches!(self.inner.kind, FrameKind::List { .. }) => FrameKind::Item,
            Tag::FootnoteDefinition(_) => FrameKind::Footnote,
            Tag::Table(_) => FrameKind::Table,
            Tag::TableHead | Tag::TableRow => FrameKind::Row,
            Tag::TableCell => FrameKind::Cell,
            Tag::Emphasis => self.style(Style::Emphasis),
            Tag::Strong => self.style(Style::Strong),
            Tag::Strikethrough => self.style(Style::Strikethrough),
            Tag::Link { ref dest_url, link_type, .. } => self.link(dest_url, link_type == LinkType::Autolink),
            Tag::Image { ref dest_url, .. } => self.link(dest_url, false),
            _ => FrameKind::Blocks,
        };
        let mut frame = Frame::new(kind);
        match &frame.kind {
            FrameKind::Styled(_) | FrameKind::Link(..) | FrameKind::Inlines | FrameKind::Row | FrameKind::Cell => {}
            FrameKind::Paragraph if self.inner.kind == FrameKind::Footnote => {
                frame.inlines = std::mem::take(&mut self.inner.inlines);
            }
            _ => self.inner.end_paragraph(),
        }
        match (&frame.kind, &tag) {
            (FrameKind::Footnote, Tag::FootnoteDefinition(name)) => {
                frame.inlines.push(Inline::Text(format!("[^{}]: ", shown(name))));
            }
            (FrameKind::Paragraph, _) if self.inner.kind == FrameKind::Item => {
                if let Some(FrameKind::List { tight, .. }) = self.outer.last_mut().map(|list| &mut list.kind) {
                    *tight = false;
                }
            }
            (FrameKind::Quote | FrameKind::List { .. }, _) => self.depth += 1,
            (FrameKind::Heading, _) => self.styles.push(Style::Strong),
            (FrameKind::Styled(style), _) => self.styles.push(*style),
            (FrameKind::Link(..), _) => self.in_link = true,
            _ => {}
        }
        self.outer.push(std::mem::replace(&mut self.inner, frame));
    }

    /// Returns the frame of a style, which is ignored if the surrounding text already has the style.
    fn style(&self, style: Style) -> FrameKind {
        if self.styles.contains(&style) { FrameKind::Inlines } else { FrameKind::Styled(style) }
    }

    /// Returns the frame of a link, which is ignored if it does not lead to the web or is inside another link.
    fn link(&self, destination: &str, is_address: bool) -> FrameKind {
        match address(&restored(destination)) {
            Some(address) if !self.in_link => FrameKind::Link(address, is_address),
            _ => FrameKind::Inlines,
        }
    }

    fn end(&mut self) {
        let Some(outer) = self.outer.pop() else { return };
        let mut inner = std::mem::replace(&mut self.inner, outer);
        let outer = &mut self.inner;
        match inner.kind {
            FrameKind::Blocks | FrameKind::Footnote | FrameKind::Quote | FrameKind::Item => inner.end_paragraph(),
            _ => {}
        }
        let is_empty = inner.blocks.is_empty();
        match inner.kind {
            FrameKind::Blocks | FrameKind::Footnote => outer.blocks.append(&mut inner.blocks),
            FrameKind::Paragraph => {
                outer.inlines = inner.inlines;
                outer.end_paragraph();
            }
            FrameKind::Heading => {
                self.styles.pop();
                outer.inlines = vec![Inline::Styled(Style::Strong, inner.inlines)];
                outer.end_paragraph();
            }
            FrameKind::Quote => {
                self.depth -= 1;
                outer.blocks.extend((!is_empty).then_some(Block::Quote(inner.blocks)));
            }
            FrameKind::CodeBlock => outer.blocks.extend(code_block(&inner.text)),
            FrameKind::List { start, tight } => {
                self.depth -= 1;
                outer.blocks.extend((!inner.items.is_empty()).then(|| Block::list(start, tight, inner.items)));
            }
            FrameKind::Item => outer.items.extend((!is_empty).then_some(inner.blocks)),
            FrameKind::Table => {
                let is_shown = inner.rows.iter().flatten().any(|cell| !cell.is_empty());
                outer.blocks.extend(is_shown.then_some(Block::Table(inner.rows)));
            }
            FrameKind::Row => outer.rows.push(inner.cells),
            FrameKind::Cell => outer.cells.push(normalized(in_cell(inner.inlines))),
            FrameKind::Styled(style) => {
                self.styles.pop();
                outer.inlines.push(Inline::Styled(style, inner.inlines));
            }
            FrameKind::Link(address, is_address) => {
                self.in_link = false;
                outer.inlines.push(Inline::Link(address, if is_address { Vec::new() } else { inner.inlines }));
            }
            FrameKind::Inlines => outer.inlines.append(&mut inner.inlines),
        }
    }
}
