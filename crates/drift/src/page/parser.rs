//! A lenient JSON parser. Valid JSON is parsed unchanged, because every leniency begins with syntax that JSON does not
//! allow.

use std::collections::HashMap;

use webhook_codegen::json::Json;

use super::repair::{RepairKind, Repairs};
use super::unparsed;

/// The maximum nesting depth of a block, which is also the limit of `Json::parse`.
pub(super) const MAX_DEPTH: usize = 127;

/// The maximum number of values in a block.
const MAX_VALUES: usize = 500_000;

/// The reason why parsing stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ParseError {
    /// The offset of the error.
    pub(super) at: usize,
    /// The text that was found at the offset, or the text that is missing.
    pub(super) what: String,
    /// Whether a limit was exceeded: the nesting depth or the number of values.
    pub(super) too_much: bool,
}

/// A parser of one value at an offset of the text.
pub(super) struct Parser<'t> {
    /// The text of the page.
    pub(super) text: &'t str,
    /// The current offset.
    pub(super) at: usize,
    /// The end of the code block. Nothing is read beyond it.
    pub(super) limit: usize,
    /// The repairs so far.
    pub(super) repairs: Repairs,
    /// Whether a member name was in double quotes, as in JSON.
    pub(super) quoted: bool,
    depth: usize,
    values: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, at: usize, limit: usize) -> Self {
        Parser { text, at, limit, repairs: Repairs::default(), quoted: false, depth: 0, values: 0 }
    }

    /// Returns the next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        if self.at < self.limit { self.text.as_bytes().get(self.at).copied() } else { None }
    }

    /// Returns the remaining text of the code block.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.limit).unwrap_or_default()
    }

    /// Returns the remaining text of the line, cut to a fixed length.
    pub(super) fn line(&self) -> &'t str {
        const NEAR: usize = 240;
        let rest = self.rest();
        let mut end = NEAR.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let near = rest.get(..end).unwrap_or_default();
        near.split_once('\n').map_or(near, |(line, _)| line)
    }

    pub(super) fn error(&self, what: &str) -> ParseError {
        ParseError { at: self.at, what: what.to_owned(), too_much: false }
    }

    /// Returns an error about the next character.
    fn unexpected(&self, due: &str) -> ParseError {
        match self.rest().chars().next() {
            Some('\n') | None => self.error(&format!("the line ends where {due} is expected")),
            Some(found) => self.error(&format!("`{found}` where {due} is expected")),
        }
    }

    fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let what = format!("the brackets nest more than {MAX_DEPTH} deep");
            return Err(ParseError { at: self.at, what, too_much: true });
        }
        self.at += 1;
        Ok(())
    }

    /// Returns the number of open brackets.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Parses a value. If `typed`, a bare word such as `string` is allowed as a placeholder.
    pub(super) fn value(&mut self, typed: bool) -> Result<Json, ParseError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            let what = format!("the block has more than {MAX_VALUES} values");
            return Err(ParseError { at: self.at, what, too_much: true });
        }
        match self.peek() {
            Some(b'{') if typed && self.rest().starts_with("{{") => self.placeholder(),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'+' | b'0'..=b'9') => self.number(),
            Some(b'.') if self.dots() == 0 => self.number(),
            Some(b'<' | b'$' | b'.') => self.placeholder(),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(typed),
            _ if self.dots() > 0 => self.placeholder(),
            _ => self.string()?.map(Json::String).ok_or_else(|| self.unexpected("a value")),
        }
    }

    fn object(&mut self) -> Result<Json, ParseError> {
        let mut members = ObjectMembers::default();
        self.list('}', |parser| {
            parser.member(&mut members)?;
            Ok(members.list.len())
        })?;
        Ok(Json::Object(members.list))
    }

    fn array(&mut self) -> Result<Json, ParseError> {
        let mut items = Vec::new();
        self.list(']', |parser| {
            // Before any name in quotes, a bare word may be a variable of a program.
            items.push(parser.value(parser.quoted)?);
            Ok(items.len())
        })?;
        Ok(Json::Array(items))
    }

    /// Parses an object or an array up to its closing bracket `close`. `one` parses a member or an item, and returns
    /// their number so far.
    fn list(
        &mut self,
        close: char,
        mut one: impl FnMut(&mut Self) -> Result<usize, ParseError>,
    ) -> Result<(), ParseError> {
        let open = self.at;
        let is_object = close == '}';
        let (name, between) = if is_object { ("object", "members") } else { ("array", "items") };
        self.enter()?;
        let mut count = 0;
        let mut comma = None;
        loop {
            self.skip_whitespace()?;
            match self.peek() {
                Some(byte) if char::from(byte) == close => {
                    self.trailing(comma);
                    self.at += 1;
                    break;
                }
                // An object or array that ends without any content was not meant as JSON.
                None if count > 0 => {
                    self.trailing(comma);
                    self.unclosed(close);
                    break;
                }
                Some(b',') => {
                    self.repairs.push(self.at, RepairKind::ExtraComma, || "a comma too many was left out".to_owned());
                    self.at += 1;
                    continue;
                }
                // An object in place of a member is the next payload: this one was never closed.
                Some(b'{') if is_object && self.line_is_over(open) => {
                    self.trailing(comma);
                    self.unclosed(close);
                    break;
                }
                _ if self.ellipsis(name)? => {
                    comma = None;
                    continue;
                }
                _ => {}
            }
            count = one(self)?;
            comma = None;
            // After a line break, a missing comma or bracket is added. On the same line it is an error, because prose
            // has brackets too.
            let broken = self.skip_whitespace()?;
            match self.peek() {
                Some(b',') => {
                    comma = Some(self.at);
                    self.at += 1;
                }
                None => {}
                Some(byte) if char::from(byte) == close => {}
                _ if self.dots() > 0 || is_object && broken && self.bracketed_dots() > 0 => {}
                Some(b'{' | b'[') if !is_object && broken => self.missing_comma(between),
                _ if broken && self.rest().starts_with(['"', '\'', '“', '”', '„']) => self.missing_comma(between),
                Some(b'{') if is_object && broken && self.line_is_over(open) => {
                    self.unclosed(close);
                    break;
                }
                _ if self.block_is_over(broken) => {
                    self.unclosed(close);
                    break;
                }
                _ => return Err(self.unexpected(&format!("a `,` or a `{close}`"))),
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Parses a member and adds it to its object.
    fn member(&mut self, members: &mut ObjectMembers) -> Result<(), ParseError> {
        let place = self.at;
        let quoted = self.peek() == Some(b'"');
        let name = self.name()?;
        self.skip_whitespace()?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("a `:`"));
        }
        self.at += 1;
        self.quoted |= quoted;
        self.skip_whitespace()?;
        // Where names have no quotes, as in JavaScript, a bare word is a variable and not a placeholder.
        let value = self.value(quoted)?;
        if is_ellipsis(&name, &value) {
            let what = || format!("a member {name:?}, a placeholder for others, was left out");
            self.repairs.push(place, RepairKind::Ellipsis, what);
        } else if members.insert(name, value) {
            self.repairs.push(place, RepairKind::Repeated, || {
                "a member is repeated in one object; the last one was kept".to_owned()
            });
        }
        Ok(())
    }

    /// Parses the name of a member, possibly without quotes.
    fn name(&mut self) -> Result<String, ParseError> {
        if let Some(name) = self.string()? {
            return Ok(name);
        }
        let place = self.at;
        let letters = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let rest = self.rest();
        let width = rest.find(|c| !letters(c)).unwrap_or(rest.len());
        if self.peek() == Some(b'<') {
            return match self.placeholder()? {
                Json::String(name) => Ok(name),
                _ => Err(self.unexpected("a name")),
            };
        }
        if width == 0 || width > 128 || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.unexpected("a name in quotes"));
        }
        self.at += width;
        let name = &rest[..width];
        self.repairs.push(place, RepairKind::NameWithoutQuotes, || "a name without quotes was quoted".to_owned());
        Ok(name.to_owned())
    }

    fn trailing(&mut self, comma: Option<usize>) {
        if let Some(place) = comma {
            self.repairs.push(place, RepairKind::ExtraComma, || "a trailing comma was left out".to_owned());
        }
    }

    fn missing_comma(&mut self, between: &str) {
        self.repairs.push(self.at, RepairKind::MissingComma, || format!("a missing comma between {between} was added"));
    }

    /// Ends an unclosed object or array after its last token.
    fn unclosed(&mut self, bracket: char) {
        self.at = self.text[..self.at].trim_end().len();
        self.repairs.push(self.at, RepairKind::Unclosed, || format!("a missing `{bracket}` at the end was added"));
    }

    /// Returns whether an object of newline-delimited JSON is not closed on its line: it opened on the previous line at
    /// `open`, and the line that begins here has another object.
    fn line_is_over(&self, open: usize) -> bool {
        let read = self.text.get(open..self.at).unwrap_or_default();
        let line = read.trim_end();
        line.len() > 1
            && read[line.len()..].contains('\n')
            && !line.contains('\n')
            && unparsed::begins_like_json(self.rest())
    }

    /// Returns whether the code ends here although brackets are open: a line of prose or the end mark of the code
    /// follows.
    fn block_is_over(&self, broken: bool) -> bool {
        let line = self.line();
        let word = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
        let prose =
            line[word..].chars().next().is_none_or(|c| matches!(c, ' ' | '!' | '.' | ',' | '?' | '-' | '\'' | '’'));
        let named = line[word..].trim_start().starts_with(':');
        let prose = line.starts_with(|c: char| c.is_alphabetic()) && prose && !named;
        // Without a name in quotes, the text may be a program, whose brackets mean something else.
        self.quoted && (line.starts_with('`') || line.starts_with("</") || (broken && (prose || line.starts_with('#'))))
    }
}

/// The members of an object that is being parsed.
#[derive(Default)]
struct ObjectMembers {
    list: Vec<(String, Json)>,
    /// The index of each member by name, once there are many members.
    places: HashMap<String, usize>,
}

impl ObjectMembers {
    /// Adds a member, or replaces the value of the member with the same name. Returns whether there was one.
    fn insert(&mut self, name: String, value: Json) -> bool {
        const FEW: usize = 16;
        if self.list.len() == FEW && self.places.is_empty() {
            self.places = self.list.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect();
        }
        let known = if self.list.len() < FEW {
            self.list.iter().position(|(known, _)| *known == name)
        } else {
            self.places.get(&name).copied()
        };
        if let Some(member) = known.and_then(|place| self.list.get_mut(place)) {
            member.1 = value;
            return true;
        }
        if self.list.len() >= FEW {
            self.places.insert(name.clone(), self.list.len());
        }
        self.list.push((name, value));
        false
    }
}

/// Returns whether a member is a placeholder for others.
fn is_ellipsis(name: &str, value: &Json) -> bool {
    let dots = |text: &str| matches!(text.trim(), "..." | "…");
    let is_empty = match value {
        Json::Null | Json::Boolean(_) => true,
        Json::String(text) => text.is_empty() || dots(text),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Number(_) => false,
    };
    dots(name) && is_empty
}
