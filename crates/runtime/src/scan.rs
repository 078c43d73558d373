//! Extracts the members at some paths from JSON text, and skips everything else.
//!
//! Nothing is validated. The members only decide which type reads the text, and the parser of this type reports text
//! that is not JSON. For text that is not JSON, the result is unspecified, but takes linear time.

use std::borrow::Cow;
use std::ops::Range;

use crate::read::{after_space, begins_with, plain_length, structure_at, unescaped};

/// A scalar, or the kind of a container.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'t> {
    Null,
    Boolean(bool),
    /// The text of a number.
    Number(Cow<'t, str>),
    String(Cow<'t, str>),
    Array,
    Object,
}

/// Paths of member names, sorted.
pub(crate) type Paths<'p> = [&'p [&'p str]];

/// Returns the members at the paths. Of a repeated member, the last counts, as it does for the parser. So the text is
/// scanned to its end, and a member that is replaced is forgotten with everything inside it.
pub(crate) fn extract<'t>(text: &'t str, paths: &Paths<'_>) -> Vec<Option<Token<'t>>> {
    let mut found = vec![None; paths.len()];
    let mut scanner = Scanner { text, at: 0 };
    // If the text is truncated, the members found so far are returned, and parsing the text reports the error.
    let _ = scanner.find(paths, 0, 0..paths.len(), &mut found);
    found
}

/// Returns the members at the paths of a text that is one object and nothing more; `None` for any other text.
pub(crate) fn extract_object<'t>(text: &'t str, paths: &Paths<'_>) -> Option<Vec<Option<Token<'t>>>> {
    let mut found = vec![None; paths.len()];
    let mut scanner = Scanner { text, at: 0 };
    if scanner.next()? != b'{' {
        return None;
    }
    scanner.members(paths, 0, 0..paths.len(), &mut found)?;
    scanner.next().is_none().then_some(found)
}

/// Returns the scalar that a text begins with, or the kind of the container, and the text after the scalar or the bracket.
pub(crate) fn leading_scalar(text: &str) -> Option<(Token<'_>, &str)> {
    let mut scanner = Scanner { text, at: 0 };
    let token = match scanner.next()? {
        b'{' => scanner.take().map(|_| Token::Object),
        b'[' => scanner.take().map(|_| Token::Array),
        first => scanner.scalar(first),
    }?;
    Some((token, text.get(scanner.at..)?))
}

/// Returns the range of the value at a path in a text that is one object and nothing more. Of a repeated member, the
/// last counts.
pub(crate) fn range_at(text: &str, path: &[Cow<'_, str>]) -> Option<Range<usize>> {
    let mut scanner = Scanner { text, at: 0 };
    if scanner.next()? != b'{' {
        return None;
    }
    let found = scanner.range_at(path)?;
    if scanner.next().is_some() { None } else { found }
}

/// Returns the items of a text that is an array; `None` for any other text.
pub(crate) fn items(text: &str) -> Option<Vec<&str>> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.expect(b'[')?;
    let mut items = Vec::new();
    if scanner.next()? == b']' {
        return Some(items);
    }
    loop {
        items.push(scanner.skip()?);
        match scanner.take()? {
            b',' => {}
            b']' => return Some(items),
            _ => return None,
        }
    }
}

/// Returns the lines of newline-delimited JSON, without blank lines; `None` for any other text. Only the beginning is examined: the
/// first value must end at the end of the first line, and more text must follow it.
pub(crate) fn lines(text: &str) -> Option<Vec<&str>> {
    let mut scanner = Scanner { text, at: 0 };
    let first = scanner.skip()?;
    let after = text.get(scanner.at..)?;
    let is_one_line = !first.contains('\n') && after.trim_start_matches([' ', '\t', '\r']).starts_with('\n');
    let is_blank = after.trim_matches([' ', '\t', '\r', '\n']).is_empty();
    (is_one_line && !is_blank).then(|| all_lines(text).collect())
}

/// Returns the lines of a text that are not blank.
pub(crate) fn all_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_matches([' ', '\t', '\r']).is_empty())
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Moves to the next wanted byte, and returns it without consuming it.
    fn to(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        let rest = self.rest();
        let step = rest.iter().position(|byte| wanted(*byte))?;
        self.at += step;
        Some(rest[step])
    }

    /// Returns the next byte that is not white space without consuming it.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.next_after_space(),
        }
    }

    #[inline(never)]
    fn next_after_space(&mut self) -> Option<u8> {
        self.at = after_space(self.text.as_bytes(), self.at);
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.next()?;
        self.at += 1;
        Some(byte)
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        (self.take()? == wanted).then_some(())
    }

    /// Consumes a string. Returns where the text between its quotes begins and ends, and whether it has escapes.
    #[inline(always)]
    fn string(&mut self) -> Option<(usize, usize, bool)> {
        self.expect(b'"')?;
        let start = self.at;
        let end = start + plain_length(self.rest());
        self.at = end;
        match self.text.as_bytes().get(end)? {
            b'"' => {
                self.at += 1;
                Some((start, end, false))
            }
            _ => self.unusual_string(start),
        }
    }

    /// Consumes the remainder of a string that has escapes, or characters that JSON does not allow in strings.
    #[cold]
    fn unusual_string(&mut self, start: usize) -> Option<(usize, usize, bool)> {
        let mut escaped = false;
        loop {
            match self.rest().first()? {
                b'"' => break,
                // The next byte may be a quote, and is not the end of the string.
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
            self.at += plain_length(self.rest());
        }
        self.at += 1;
        Some((start, self.at - 1, escaped))
    }

    /// Returns the value of a string.
    #[inline]
    fn inside(&self, (start, end, escaped): (usize, usize, bool)) -> Option<Cow<'t, str>> {
        let inside = self.text.get(start..end)?;
        match escaped {
            false => Some(Cow::Borrowed(inside)),
            true => unescaped(inside).map(Cow::Owned),
        }
    }

    /// Consumes a value, and returns its text.
    fn skip(&mut self) -> Option<&'t str> {
        let first = self.next()?;
        let start = self.at;
        match first {
            b'"' => drop(self.string()?),
            b'{' | b'[' => {
                // Brackets are counted, not paired: the parser rejects `[}`. The first byte opens the value, so the depth is at
                // least 1 before any bracket that closes.
                let mut depth = 0_usize;
                loop {
                    self.at += structure_at(self.rest())?;
                    match self.text.as_bytes().get(self.at)? {
                        b'"' => {
                            self.string()?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        _ => depth -= 1,
                    }
                    self.at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            _ => drop(self.plain()?),
        }
        self.text.get(start..self.at)
    }

    /// Consumes a number or a word, up to the byte that ends it.
    fn plain(&mut self) -> Option<&'t str> {
        let start = self.at;
        if self.to(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t')).is_none() {
            self.at = self.text.len();
        }
        self.text.get(start..self.at).filter(|text| !text.is_empty())
    }

    /// Consumes a scalar, whose first byte is `first`.
    #[inline]
    fn scalar(&mut self, first: u8) -> Option<Token<'t>> {
        Some(match first {
            b'"' => {
                let string = self.string()?;
                Token::String(self.inside(string)?)
            }
            _ => match self.plain()? {
                "null" => Token::Null,
                "true" => Token::Boolean(true),
                "false" => Token::Boolean(false),
                number => Token::Number(Cow::Borrowed(number)),
            },
        })
    }

    /// Consumes a value, and records the members at the paths in `range`. The first `depth` names of each of these paths lead to the
    /// value. Returns `None` if the text ended.
    fn find(
        &mut self,
        paths: &Paths<'_>,
        depth: usize,
        range: Range<usize>,
        found: &mut [Option<Token<'t>>],
    ) -> Option<()> {
        let first = self.next()?;
        // Paths are sorted, so the path that ends here, if there is one, comes before those that go on.
        let ends_here = paths.get(range.start).is_some_and(|path| path.len() == depth);
        if first == b'{' {
            if ends_here {
                found[range.start] = Some(Token::Object);
            }
            return self.members(paths, depth, range, found);
        }
        let token = match first {
            b'[' => {
                self.skip()?;
                Token::Array
            }
            first => self.scalar(first)?,
        };
        if ends_here {
            found[range.start] = Some(token);
        }
        Some(())
    }

    /// Consumes a value, and returns the range of the value at a path inside of it. Returns `None` if the text ended.
    fn range_at(&mut self, path: &[Cow<'_, str>]) -> Option<Option<Range<usize>>> {
        let first = self.next()?;
        let Some((name, rest)) = path.split_first() else {
            let start = self.at;
            return self.skip().map(|value| Some(start..start + value.len()));
        };
        if first != b'{' {
            return self.skip().map(|_| None);
        }
        self.expect(b'{')?;
        if self.next()? == b'}' {
            return self.take().map(|_| None);
        }
        let mut found = None;
        loop {
            self.next()?;
            let string = self.string()?;
            let is_it = self.inside(string)? == *name;
            self.expect(b':')?;
            // The search goes on after a member with the name, because the last one counts.
            match is_it {
                true => found = self.range_at(rest)?,
                false => drop(self.skip()?),
            }
            match self.take()? {
                b',' => {}
                b'}' => return Some(found),
                _ => return None,
            }
        }
    }

    fn members(
        &mut self,
        paths: &Paths<'_>,
        depth: usize,
        range: Range<usize>,
        found: &mut [Option<Token<'t>>],
    ) -> Option<()> {
        self.expect(b'{')?;
        if self.next()? == b'}' {
            return self.take().map(drop);
        }
        loop {
            self.next()?;
            let string @ (from, to, escaped) = self.string()?;
            // Only a name with escapes is copied.
            let unescaped = if escaped { Some(self.inside(string)?) } else { None };
            let name = match &unescaped {
                Some(name) => name.as_bytes(),
                None => self.text.as_bytes().get(from..to)?,
            };
            self.expect(b':')?;
            let is_next = |path: &&[&str]| {
                path.get(depth).is_some_and(|step| step.len() == name.len() && begins_with(name, step.as_bytes()))
            };
            match paths[range.clone()].iter().position(is_next) {
                None => drop(self.skip()?),
                Some(before) => {
                    let start = range.start + before;
                    // Paths are sorted, so those that go on alike are neighbors.
                    let end = start + paths[start..range.end].iter().take_while(|path| is_next(path)).count();
                    // The member may be a repeated one: nothing that was found inside the first counts.
                    found[start..end].fill(None);
                    self.find(paths, depth + 1, start..end, found)?;
                }
            }
            match self.take()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: &Paths<'_> = &[&[], &["a"], &["a", "b"], &["c"]];

    #[test]
    fn paths_are_followed() {
        let text = r#" { "x" : [ "}", {"a": "]"} ], "\u0061" : {"z": "\\\"", "b" : -1.5e3 }, "c":"t\u0065xt" } "#;
        let found = extract(text, PATHS);
        let expected = [Token::Object, Token::Object, Token::Number("-1.5e3".into()), Token::String("text".into())];
        assert_eq!(found, expected.map(Some));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(
            extract(r#"{"a": [{"b": 1}], "c": null}"#, PATHS),
            [Some(Token::Object), Some(Token::Array), None, Some(Token::Null)]
        );
        assert_eq!(extract("5", PATHS), [Some(Token::Number("5".into())), None, None, None]);
        assert_eq!(extract("{}", PATHS), [Some(Token::Object), None, None, None]);
    }

    #[test]
    fn the_last_of_repeated_members_counts() {
        let found = |text| extract(text, PATHS).split_off(1);
        let string = |text: &'static str| Some(Token::String(text.into()));
        assert_eq!(found(r#"{"a":{"b":"x"},"c":"y","c":"z"}"#), [Some(Token::Object), string("x"), string("z")]);
        // With the object, everything that it held is replaced.
        assert_eq!(found(r#"{"a":{"b":"x"},"c":"y","\u0061":{}}"#), [Some(Token::Object), None, string("y")]);
        assert_eq!(found(r#"{"a":{"b":"x"},"a":5}"#), [Some(Token::Number("5".into())), None, None]);
        assert_eq!(found(r#"{"a":5,"a":{"b":"x","b":"y"}}"#), [Some(Token::Object), string("y"), None]);
        assert_eq!(extract_object(r#"{"c":"y","c":"z"}"#, PATHS).unwrap()[3], string("z"));
    }

    #[test]
    fn what_is_no_json_ends() {
        for text in [
            "", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":{", "[", "]", "}", "{]", "{\"a\" 5}", "\"\\",
            "{\"a\":\"\\", "{,}", "{\"a\":}",
        ] {
            let _ = (extract(text, PATHS), items(text));
        }
        let deep = "[{\"a\":".repeat(crate::rounds(100_000));
        let _ = (extract(&deep, PATHS), items(&deep));
    }

    #[test]
    fn lines_have_a_value_each() {
        assert_eq!(lines("{\"a\": 1}\r\n\n {\"b\": [2]}\n").unwrap(), ["{\"a\": 1}", " {\"b\": [2]}"]);
        assert_eq!(lines("{}\n{\n").unwrap(), ["{}", "{"]);
        for text in ["", "{}", "{}\n", "{\n}\n{}", "{} {}", "[1]\n", "[", "{\"a\"\n"] {
            assert_eq!(lines(text), None, "{text}");
        }
    }

    #[test]
    fn items_are_told_apart() {
        assert_eq!(items(r#" [ 1, "],", {"a": [2, 3]} , [] ] "#).unwrap(), ["1", "\"],\"", "{\"a\": [2, 3]}", "[]"]);
        assert_eq!(items("[]").unwrap(), Vec::<&str>::new());
        assert_eq!((items("{}"), items("[1"), items("[1 2]")), (None, None, None));
    }
}
