//! Parses strings, numbers, words, and placeholders for them.

use webhook_codegen::cut;
use webhook_codegen::json::{Json, number_of};

use super::parser::{ParseError, Parser};
use super::repair::RepairKind;

/// Words that pages use in place of a value for its type.
const TYPES: [&str; 20] = [
    "string", "String", "str", "integer", "int", "number", "float", "double", "boolean", "bool", "object", "array",
    "date", "datetime", "timestamp", "uuid", "UUID", "any", "STRING", "INTEGER",
];

/// The maximum length of a placeholder in bytes.
const MAX_PLACEHOLDER: usize = 200;

/// The maximum number of characters of a number in a message.
const CLIPPED: usize = 41;

impl Parser<'_> {
    /// Parses `true`, `false`, `null`, and their equivalents in other languages. If `typed`, other words are
    /// placeholders.
    pub(super) fn word(&mut self, typed: bool) -> Result<Json, ParseError> {
        // No placeholder is longer. Without the limit, words would be read to their ends at each bracket around them.
        let rest = self.rest();
        let width = rest.bytes().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let word = &rest[..width];
        let (value, kind) = match word {
            "true" => (Json::Boolean(true), None),
            "false" => (Json::Boolean(false), None),
            "null" => (Json::Null, None),
            "True" => (Json::Boolean(true), Some(RepairKind::Python)),
            "False" => (Json::Boolean(false), Some(RepairKind::Python)),
            "None" => (Json::Null, Some(RepairKind::Python)),
            "undefined" | "NaN" | "nil" => (Json::Null, Some(RepairKind::NoValue)),
            _ if typed && TYPES.contains(&word) => (Json::String(word.to_owned()), Some(RepairKind::Placeholder)),
            // A name used as a placeholder. It may also be a variable of a program.
            _ if typed && rest[width..].trim_start_matches([' ', '\t']).starts_with([',', '}', ']', '\n']) => {
                (Json::String(word.to_owned()), Some(RepairKind::Word))
            }
            _ => return Err(self.error(&format!("`{word}`, which is not a JSON value"))),
        };
        let place = self.at;
        self.at += width;
        if let Some(kind) = kind {
            self.repairs.push(place, kind, || match kind {
                RepairKind::Placeholder | RepairKind::Word => {
                    format!("a placeholder without quotes, `{word}`, was taken for a string")
                }
                _ => format!("`{word}` was read as `{value}`"),
            });
        }
        Ok(value)
    }

    /// Parses a placeholder without quotes: `<id>`, `{{id}}`, `${id}`, or dots.
    pub(super) fn placeholder(&mut self) -> Result<Json, ParseError> {
        let rest = self.rest();
        let end = match rest.as_bytes() {
            [b'{', b'{', ..] => "}}",
            [b'$', b'{', ..] => "}",
            [b'<', next, ..] if *next != b'/' && *next != b'!' => ">",
            _ if self.dots() > 0 => "",
            _ => return Err(self.error("a character that begins no value")),
        };
        let width = if end.is_empty() {
            self.dots()
        } else {
            let near = rest.as_bytes().get(..MAX_PLACEHOLDER.min(rest.len())).unwrap_or_default();
            let found = memchr::memmem::find(near, end.as_bytes()).map(|found| found + end.len());
            let width = found.filter(|width| memchr::memchr(b'\n', &near[..*width]).is_none());
            width.ok_or_else(|| self.error("a placeholder that does not end"))?
        };
        let text = rest.get(..width).ok_or_else(|| self.error("a placeholder that does not end"))?;
        self.repairs.push(self.at, RepairKind::Placeholder, || {
            format!("a placeholder without quotes, `{text}`, was taken for a string")
        });
        self.at += width;
        Ok(Json::String(text.to_owned()))
    }

    /// Parses a number, and keeps its text. A notation that JSON does not allow is rewritten.
    pub(super) fn number(&mut self) -> Result<Json, ParseError> {
        let rest = self.rest();
        let of_a_number = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
        let width = rest.bytes().take_while(|byte| of_a_number(byte)).count();
        let text = &rest[..width];
        let Some(value) = number_of(&text.replace('_', "")) else {
            return Err(self.error(&format!("`{}`, which is not a JSON number", cut(text, CLIPPED))));
        };
        if value != text {
            let place = self.at;
            self.repairs.push(place, RepairKind::Number, || {
                format!("the number `{}` was read as `{}`", cut(text, CLIPPED), cut(&value, CLIPPED))
            });
        }
        self.at += width;
        Ok(Json::Number(value))
    }

    /// Parses a string in any kind of quotes. Returns `None` if no string begins here.
    pub(super) fn string(&mut self) -> Result<Option<String>, ParseError> {
        let open = self.at;
        let Some(quote) = self.rest().chars().next() else { return Ok(None) };
        let (closes, kind): (&[char], _) = match quote {
            '"' => (&['"'], None),
            '\'' => (&['\''], Some(RepairKind::SingleQuotes)),
            '“' | '”' | '„' | '″' => (&['“', '”', '″'], Some(RepairKind::SmartQuotes)),
            '‘' | '’' => (&['’', '‘'], Some(RepairKind::SmartQuotes)),
            _ => return Ok(None),
        };
        self.at += quote.len_utf8();
        // All typographic quotes begin with the byte 0xE2, so one search finds each of them.
        let first = closes[0].len_utf8();
        let lead = if first == 1 { quote as u8 } else { 0xE2 };
        let mut text = String::new();
        let mut breaks = 0;
        let mut blank_lines = false;
        loop {
            let rest = self.rest();
            let Some(found) = memchr::memchr3(lead, b'\\', b'\n', rest.as_bytes()) else {
                self.at = self.limit;
                return Err(ParseError { at: open, what: "a string that does not end".to_owned(), too_much: false });
            };
            let piece = &rest[..found];
            self.control(piece);
            text.push_str(piece);
            self.at += found;
            match rest[found..].chars().next() {
                Some('\\') => self.escape(quote, &mut text),
                Some('\n') => {
                    breaks += 1;
                    self.line_break(open, breaks)?;
                    text.push('\n');
                    blank_lines |= self.line().trim().is_empty();
                }
                Some(close) if closes.contains(&close) => {
                    self.at += close.len_utf8();
                    break;
                }
                Some(other) => {
                    text.push(other);
                    self.at += other.len_utf8();
                }
                None => break,
            }
        }
        if breaks > 0 && !self.ends_string(blank_lines) {
            let what = "a string that does not end on its line".to_owned();
            return Err(ParseError { at: open, what, too_much: false });
        }
        if let Some(kind) = kind {
            self.repairs.push(open, kind, || match kind {
                RepairKind::SingleQuotes => "single quotes were read as double ones".to_owned(),
                _ => "typographic quotes were read as straight ones".to_owned(),
            });
        }
        Ok(Some(text))
    }

    /// Returns whether the text after the closing quote of a multiline string is plausible.
    ///
    /// A string that is never closed would end at the first quote of the following prose. A blank line may be the
    /// beginning of that prose, so if the string contains one, a line break after the quote is not sufficient.
    fn ends_string(&self, blank_lines: bool) -> bool {
        let rest = self.rest();
        if !blank_lines {
            return rest.trim_start_matches([' ', '\t']).starts_with(['\n', ',', ':', '}', ']']);
        }
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with([',', '}', ']'])
    }

    fn control(&mut self, piece: &str) {
        if piece.bytes().any(|byte| byte < b' ') {
            let place = self.at;
            self.repairs.push(place, RepairKind::Control, || {
                "a tab or another control character in a string was kept".to_owned()
            });
        }
    }

    /// Keeps a line break in a string: if the code on a page has one, the payload has one.
    fn line_break(&mut self, open: usize, count: usize) -> Result<(), ParseError> {
        const MAX_LINES: usize = 200;
        let place = self.at;
        self.at += 1;
        if count > MAX_LINES {
            return Err(ParseError {
                at: open,
                what: "a string that does not end on its line".to_owned(),
                too_much: false,
            });
        }
        self.repairs.push(place, RepairKind::LineBreak, || "a line break in a string was kept, as `\\n`".to_owned());
        Ok(())
    }

    fn escape(&mut self, quote: char, text: &mut String) {
        let place = self.at;
        let next = self.rest().as_bytes().get(1).copied();
        self.at += 2;
        let known = match next {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'\'') if quote == '\'' => '\'',
            Some(b'u') if self.rest().get(..4).is_some_and(is_hex) => self.unicode().unwrap_or_else(|| {
                self.repairs.push(place, RepairKind::Surrogate, || "half of a surrogate pair was replaced".to_owned());
                char::REPLACEMENT_CHARACTER
            }),
            _ => {
                // Only the backslash is consumed; what follows is read literally.
                self.at = place + 1;
                let next = self.rest().chars().next();
                self.repairs.push(place, RepairKind::Escape, || match next {
                    Some('\n') | None => "a backslash before a line break is not an escape, and was kept".to_owned(),
                    Some(next) => format!("`\\{next}` is not an escape; its backslash was kept"),
                });
                '\\'
            }
        };
        text.push(known);
    }

    /// Parses the digits after `\u`, and a second escape if both are a surrogate pair.
    fn unicode(&mut self) -> Option<char> {
        let widths = ["0000\\u0000".len(), "0000".len()];
        let read = widths.into_iter().find_map(|width| {
            let digits = self.rest().get(..width)?;
            Some((width, serde_json::from_str::<char>(&format!("\"\\u{digits}\"")).ok()?))
        });
        self.at += read.map_or("0000".len(), |(width, _)| width);
        read.map(|(_, read)| read)
    }
}

fn is_hex(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
