//! Writes [`Block`]s as Markdown.

use super::tree::{Block, Inline, Style};

/// Writes blocks, separated by empty lines.
pub(super) fn blocks(blocks: &[Block]) -> String {
    lines(blocks, false).join("\n")
}

/// Writes inlines on one line, which may be in a table cell.
pub(super) fn line(inlines: &[Inline]) -> String {
    written(inlines, true)
}

/// Writes a code span.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let is_blank = text.trim_matches(' ').is_empty();
    let is_padded = text.starts_with(' ') && text.ends_with(' ') && !is_blank;
    match is_padded || text.starts_with('`') || text.ends_with('`') {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

fn lines(blocks: &[Block], tight: bool) -> Vec<String> {
    let mut lines = Vec::new();
    // Consecutive lists need different markers, or they would be one list.
    let mut other_marker = false;
    for (at, block) in blocks.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| blocks.get(before));
        other_marker = match (before, block) {
            (Some(Block::List { start: a, .. }), Block::List { start: b, .. }) if a.is_some() == b.is_some() => {
                !other_marker
            }
            _ => false,
        };
        if before.is_some() && !tight {
            lines.push(String::new());
        }
        match block {
            Block::Paragraph(inlines) => lines.extend(written(inlines, false).split('\n').map(str::to_owned)),
            Block::Code(text) => {
                let runs = text
                    .lines()
                    .map(|line| line.trim_start())
                    .map(|line| line.len() - line.trim_start_matches('`').len());
                let fence = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
                lines.push(format!("{fence}text"));
                lines.extend(text.lines().map(str::to_owned));
                lines.push(fence);
            }
            Block::Quote(inner) => {
                let quoted = self::lines(inner, false).into_iter();
                lines.extend(quoted.map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }));
            }
            Block::List { start, tight, items } => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 && !tight {
                        lines.push(String::new());
                    }
                    let marker = match (start, other_marker) {
                        (Some(start), false) => format!("{}. ", start.saturating_add(index as u64)),
                        (Some(start), true) => format!("{}) ", start.saturating_add(index as u64)),
                        (None, false) => "* ".to_owned(),
                        (None, true) => "- ".to_owned(),
                    };
                    let indent = " ".repeat(marker.len());
                    for (number, line) in self::lines(item, *tight).into_iter().enumerate() {
                        lines.push(match number {
                            0 => format!("{marker}{line}"),
                            _ if line.is_empty() => line,
                            _ => format!("{indent}{line}"),
                        });
                    }
                }
            }
            Block::Table(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    let cells: Vec<String> = row.iter().map(|cell| line(cell)).collect();
                    lines.push(format!("| {} |", cells.join(" | ")));
                    if index == 0 {
                        lines.push(format!("| {} |", vec!["---"; row.len()].join(" | ")));
                    }
                }
            }
        }
    }
    lines
}

fn written(inlines: &[Inline], in_cell: bool) -> String {
    let mut line = Line { text: String::new(), start: 0, in_cell, styles: 0 };
    line.inlines(inlines, None);
    line.text
}

/// The lines that have been written so far.
struct Line {
    text: String,
    /// The offset of the last line in the text.
    start: usize,
    /// Whether the line may be in a table cell.
    in_cell: bool,
    /// The number of open styles.
    styles: usize,
}

impl Line {
    /// Writes inlines. `next` is the character that follows them.
    fn inlines(&mut self, inlines: &[Inline], next: Option<char>) {
        for (at, inline) in inlines.iter().enumerate() {
            let next = inlines.get(at + 1).map_or(next, |next| Some(first(next, self.styles)));
            match inline {
                Inline::Text(text) => self.text(text, next),
                Inline::Code(text) => self.text.push_str(&code(text)),
                Inline::Break { hard } => {
                    self.text.push_str(if *hard { "\\\n" } else { "\n" });
                    self.start = self.text.len();
                }
                Inline::Styled(style, inner) => {
                    let delimiter = delimiter(*style, self.styles);
                    self.text.push_str(delimiter);
                    self.styles += 1;
                    self.inlines(inner, delimiter.chars().next());
                    self.styles -= 1;
                    self.text.push_str(delimiter);
                }
                Inline::Link(address, inner) => self.link(address, inner),
            }
        }
    }

    fn link(&mut self, address: &str, inner: &[Inline]) {
        let has_entity = address.char_indices().any(|(at, c)| c == '&' && is_entity(&address[at..]));
        if matches!(inner, [Inline::Text(text)] if text == address) && !has_entity {
            self.text.push_str(&format!("<{address}>"));
            return;
        }
        self.text.push('[');
        self.inlines(inner, Some(']'));
        self.text.push_str("](");
        for (at, c) in address.char_indices() {
            if c == '&' && is_entity(&address[at..]) {
                self.text.push('\\');
            }
            self.text.push(c);
        }
        self.text.push(')');
    }

    /// Writes text, and escapes everything that would be markup. `next` is the character that follows the text.
    fn text(&mut self, text: &str, next: Option<char>) {
        for (at, c) in text.char_indices() {
            let before = self.text[self.start..].chars().next_back();
            let after = text[at + c.len_utf8()..].chars().next().or(next);
            let is_start = before.is_none();
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
            let is_markup = match c {
                '`' | '<' | '>' | '[' | ']' | '~' => true,
                '\\' => after.is_none_or(|c| c.is_ascii_punctuation() || c == '\n'),
                '*' => is_start || !(is_space(before) && is_space(after)),
                '_' => !(is_word(before) && is_word(after) || is_space(before) && is_space(after)),
                '#' | '=' => is_start,
                '-' | '+' => is_start && !is_word(after),
                '.' | ')' => is_space(after) && self.is_number(),
                '!' => after == Some('['),
                '&' => is_entity(&text[at..]),
                ':' => {
                    let starts = |scheme: &str| text[..at].ends_with(scheme);
                    text[at..].starts_with("://") && (starts("http") || starts("https")) || is_start
                }
                '|' if self.in_cell => {
                    self.text.push_str("&#124;");
                    continue;
                }
                '|' => is_start,
                _ => false,
            };
            if is_markup {
                self.text.push('\\');
            }
            self.text.push(c);
        }
    }

    /// Returns whether the line is a number, which would begin a list if `.` or `)` followed it.
    fn is_number(&self) -> bool {
        let line = &self.text[self.start..];
        (1..10).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Returns the first character of an inline. `styles` is the number of open styles around it.
fn first(inline: &Inline, styles: usize) -> char {
    match inline {
        Inline::Text(text) => text.chars().next().unwrap_or(' '),
        Inline::Code(_) => '`',
        Inline::Break { hard: true } => '\\',
        Inline::Break { hard: false } => '\n',
        Inline::Styled(style, _) => delimiter(*style, styles).chars().next().unwrap_or('*'),
        Inline::Link(..) => '[',
    }
}

/// Returns the delimiter of a style. A nested style has another delimiter, so that the two can be distinguished if they
/// begin or end at the same position.
fn delimiter(style: Style, styles: usize) -> &'static str {
    match (style, styles % 2) {
        (Style::Emphasis, 0) => "*",
        (Style::Emphasis, _) => "_",
        (Style::Strong, 0) => "**",
        (Style::Strong, _) => "__",
        (Style::Strikethrough, _) => "~~",
    }
}

/// Returns whether a text begins with an entity, such as `&lt;` or `&#60;`.
fn is_entity(text: &str) -> bool {
    let name = text[1..].trim_start_matches('#');
    let length = name.bytes().take(40).take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name[length..].starts_with(';')
}
