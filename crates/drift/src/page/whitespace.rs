//! Parses the text between tokens: white space, comments and ellipses.

use super::parser::{ParseError, Parser};
use super::repair::RepairKind;

impl Parser<'_> {
    /// Skips white space and comments. Returns whether they contain a line break.
    pub(super) fn skip_whitespace(&mut self) -> Result<bool, ParseError> {
        let mut broken = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'#' if self.rest().starts_with("##") => break,
                b' ' | b'\t' => self.at += 1,
                b'\n' => {
                    broken = true;
                    self.at += 1;
                }
                b'/' | b'#' => broken |= self.comment()?,
                0x80.. => match self.space() {
                    Some(width) => {
                        let place = self.at;
                        self.repairs.push(place, RepairKind::Space, || {
                            "a space that JSON does not have was taken for white space".to_owned()
                        });
                        self.at += width;
                    }
                    None => break,
                },
                _ => break,
            }
        }
        Ok(broken)
    }

    /// Returns the width of a space character that JSON does not allow.
    fn space(&self) -> Option<usize> {
        let next = self.rest().chars().next()?;
        let invisible = matches!(next, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}');
        (invisible || next.is_whitespace()).then(|| next.len_utf8())
    }

    fn comment(&mut self) -> Result<bool, ParseError> {
        let start = self.at;
        let rest = self.rest().as_bytes();
        if rest.starts_with(b"/*") {
            let end = memchr::memmem::find(rest, b"*/");
            self.at = end.map_or(self.limit, |end| start + end + 2);
            if end.is_none() {
                return Err(self.error("a comment that does not end"));
            }
        } else if rest.starts_with(b"//") || rest.starts_with(b"#") {
            self.at = memchr::memchr(b'\n', rest).map_or(self.limit, |end| start + end);
        } else {
            return Err(self.error("a `/`"));
        }
        self.repairs.push(start, RepairKind::Comment, || "a comment was left out".to_owned());
        Ok(self.text[start..self.at].contains('\n'))
    }

    /// Skips `...`, `…`, `[...]` or `<...>`, and words that follow on the same line. Returns whether there was such an
    /// ellipsis.
    pub(super) fn ellipsis(&mut self, of: &str) -> Result<bool, ParseError> {
        let start = self.at;
        let bracketed = self.bracketed_dots();
        let width = if bracketed > 0 && of == "object" { bracketed } else { self.dots() };
        if width == 0 {
            return Ok(false);
        }
        self.at += width;
        let words = self.words_between_dots();
        self.at += words;
        let line = self.line();
        if line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '{' | '[')) {
            return Err(self.error("dots before a name"));
        }
        if line.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == '(')
            && !line.contains(['{', '}', '[', ']', '"'])
        {
            self.at += line.len();
        }
        self.repairs.push(start, RepairKind::Ellipsis, || format!("a `...` in the {of} was left out"));
        self.skip_whitespace()?;
        if self.peek() == Some(b',') {
            self.at += 1;
        }
        Ok(true)
    }

    /// Returns the width of words that are followed by dots, as in `...details of the user...`.
    fn words_between_dots(&self) -> usize {
        let line = self.line();
        let words = line.find(|c: char| !c.is_alphanumeric() && !matches!(c, ' ' | '_' | '-' | '\''));
        let dots = words.map(|words| (words, line[words..].bytes().take_while(|byte| *byte == b'.').count()));
        match dots {
            Some((words, dots)) if dots >= 3 => words + dots,
            _ if words.is_some_and(|words| line[words..].starts_with('…')) => {
                words.unwrap_or_default() + '…'.len_utf8()
            }
            _ => 0,
        }
    }

    /// Returns the width of dots: two or more, possibly separated by spaces, or `…`.
    pub(super) fn dots(&self) -> usize {
        width_of_dots(self.rest())
    }

    /// Returns the width of dots in brackets, which are a placeholder for members.
    pub(super) fn bracketed_dots(&self) -> usize {
        let rest = self.rest();
        let Some(inner) = rest.strip_prefix(['[', '<']) else { return 0 };
        let width = width_of_dots(inner);
        if width > 0 && inner[width..].starts_with(if rest.starts_with('[') { ']' } else { '>' }) {
            width + 2
        } else {
            0
        }
    }
}

fn width_of_dots(text: &str) -> usize {
    const MAX: usize = 64;
    if text.starts_with('…') {
        return '…'.len_utf8();
    }
    let of = |bytes: &[u8]| text.bytes().take(MAX).zip(bytes.iter().cycle()).take_while(|(a, b)| a == *b).count();
    let (close, wide) = (of(b"."), of(b". "));
    match (close, wide) {
        (2.., _) => close,
        // Three dots, and the spaces between them.
        (_, 5..) => wide - usize::from(wide % 2 == 0),
        _ => 0,
    }
}
