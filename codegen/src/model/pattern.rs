//! Regular expressions: from ECMA-262, as a schema has them, to the engine that matches them in linear time; where a provider
//! opts in, those that need backtracking to an engine that backtracks.
//!
//! The expression is parsed as ECMA-262 defines it (with its `u` flag, as JSON Schema requires), and written in the syntax
//! of `regex-syntax`, and from there spelled out: every class becomes explicit ranges, so that the engine needs no tables
//! of Unicode.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;

use regex_syntax::hir::{Class, Hir, HirKind, Look};
use webhook_runtime::__private::Pattern;

/// What `\s` means in ECMA-262.
const SPACE: &str = r"\t\n\x0B\x0C\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";
const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";
const LINE_END: &str = r"\n\r\x{2028}\x{2029}";

/// A word boundary as ECMA-262 has it, for the engine that backtracks.
const BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

/// An expression in the syntax of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expression {
    translated: String,
    /// Whether it is for the engine that backtracks.
    backtracks: bool,
}

impl Expression {
    /// The pattern of the expression, which the schema has as `source`.
    pub(crate) fn pattern<'e>(&'e self, source: &'e str) -> Pattern<'e> {
        match self.backtracks {
            true => Pattern::backtracking(source, &self.translated),
            false => Pattern::new(source, &self.translated),
        }
    }
}

/// The expression in an engine's syntax. `backtracking`: whether it may be for the engine that backtracks.
///
/// # Errors
///
/// Why the expression cannot be taken, as the end of a sentence.
pub(crate) fn translate(source: &str, backtracking: bool) -> Result<Expression, String> {
    let refused = match linear(source) {
        Ok(translated) => return Ok(Expression { translated, backtracks: false }),
        Err(refused) => refused,
    };
    let mut reading = Translator::new(source, true);
    match reading.expression() {
        _ if !backtracking || !reading.backtracks => return Err(refused),
        Err(refused) => return Err(refused),
        Ok(()) => {}
    }
    Pattern::compile_backtracking(&reading.out).map_err(|error| format!("cannot be compiled: {error}"))?;
    Ok(Expression { translated: reading.out, backtracks: true })
}

fn linear(source: &str) -> Result<String, String> {
    let mut reading = Translator::new(source, false);
    reading.expression()?;
    let mut parser = regex_syntax::ParserBuilder::new().nest_limit(200).build();
    let hir = parser.parse(&reading.out).map_err(|error| {
        let text = error.to_string();
        format!("cannot be read: {}", text.lines().last().unwrap_or_default().trim_start_matches("error: "))
    })?;
    let mut text = String::new();
    print_hir(&hir, &mut text);
    Pattern::compile(&text).map_err(|error| format!("cannot be compiled: {error}"))?;
    Ok(text)
}

struct Translator<'s> {
    rest: Peekable<Chars<'s>>,
    out: String,
    /// Whether it is for the engine that backtracks.
    backtracking: bool,
    /// Whether there was something that needs that engine.
    backtracks: bool,
}

impl<'s> Translator<'s> {
    fn new(source: &'s str, backtracking: bool) -> Translator<'s> {
        Translator { rest: source.chars().peekable(), out: String::new(), backtracking, backtracks: false }
    }

    /// Something that needs backtracking, as it is written for that engine.
    fn backtrack(&mut self, refused: &str, text: String) -> Result<String, String> {
        self.backtracks = true;
        if self.backtracking { Ok(text) } else { Err(format!("{refused}, which needs backtracking")) }
    }

    fn expression(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest.next() {
            match next {
                '^' if self.backtracking => self.out.push_str(r"\A"),
                '$' if self.backtracking => self.out.push_str(r"\z"),
                // A second `+` would make the repetition possessive, which ECMA-262 does not have.
                '*' | '+' | '?' if self.backtracking && self.rest.peek() == Some(&'+') => {
                    return Err("repeats a repetition".to_owned());
                }
                '\\' => {
                    let piece = self.escape(false)?;
                    self.out.push_str(&piece);
                }
                '[' => self.class()?,
                '(' => self.group()?,
                '.' => {
                    let _ = write!(self.out, "[^{LINE_END}]");
                }
                '{' => self.brace(),
                '*' | '+' | '?' | '|' | ')' | '^' | '$' => self.out.push(next),
                other => literal(other, &mut self.out),
            }
        }
        Ok(())
    }

    fn group(&mut self) -> Result<(), String> {
        let rest: String = self.rest.clone().take(3).collect();
        let (prefix, open) = if rest.starts_with("?=") || rest.starts_with("?!") {
            (2, self.backtrack("looks ahead", format!("({}", &rest[..2]))?)
        } else if rest.starts_with("?<=") || rest.starts_with("?<!") {
            (3, self.backtrack("looks behind", format!("({rest}"))?)
        } else if rest.starts_with("?:") {
            (2, "(?:".to_owned())
        } else if rest.starts_with("?<") {
            let prefix = self.rest.clone().position(|next| next == '>').map_or(2, |at| at + 1);
            (prefix, format!("({}", self.rest.clone().take(prefix).collect::<String>()))
        } else if rest.starts_with('?') {
            return Err("has a group of an unknown kind".to_owned());
        } else {
            (0, "(".to_owned())
        };
        self.rest.by_ref().take(prefix).for_each(drop);
        self.out.push_str(if self.backtracking { &open } else { "(?:" });
        Ok(())
    }

    /// A count, or a literal brace.
    fn brace(&mut self) {
        let inside: String = self.rest.clone().take_while(|next| *next != '}').collect();
        let closed = self.rest.clone().nth(inside.chars().count()) == Some('}');
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let count = match inside.split_once(',') {
            Some((least, most)) => digits(least) && (most.is_empty() || digits(most)),
            None => digits(&inside),
        };
        if closed && count {
            let _ = write!(self.out, "{{{inside}}}");
            self.rest.by_ref().take(inside.chars().count() + 1).for_each(drop);
        } else {
            self.out.push_str(r"\{");
        }
    }

    /// What follows a backslash. In a class it is the inside of one.
    fn escape(&mut self, in_class: bool) -> Result<String, String> {
        let Some(next) = self.rest.next() else { return Err("ends in a backslash".to_owned()) };
        let set = |items: &str, negated: bool| match (in_class, negated) {
            // A negated set is a class of its own, inside another too.
            (_, true) => format!("[^{items}]"),
            (true, false) => items.to_owned(),
            (false, false) => format!("[{items}]"),
        };
        Ok(match next {
            'd' => set(DIGIT, false),
            'D' => set(DIGIT, true),
            'w' => set(WORD, false),
            'W' => set(WORD, true),
            's' => set(SPACE, false),
            'S' => set(SPACE, true),
            'b' if in_class => r"\x08".to_owned(),
            'b' if self.backtracking => BOUNDARY.to_owned(),
            'B' if self.backtracking && !in_class => NO_BOUNDARY.to_owned(),
            'b' => r"(?-u:\b)".to_owned(),
            'B' if !in_class => r"(?-u:\B)".to_owned(),
            'n' => r"\n".to_owned(),
            'r' => r"\r".to_owned(),
            't' => r"\t".to_owned(),
            'v' => r"\x0B".to_owned(),
            'f' => r"\x0C".to_owned(),
            'c' => match self.rest.next() {
                Some(letter) if letter.is_ascii_alphabetic() => point(u32::from(letter) % 32),
                _ => return Err(r"has a \c without a letter".to_owned()),
            },
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => point(0),
            '1'..='9' if !in_class => {
                let mut group = next.to_string();
                while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
                    group.push(digit);
                }
                // A group that took no part in the match is as if it had matched nothing.
                self.backtrack("refers back to a group", format!(r"(?({group})\{group}|)"))?
            }
            'k' if !in_class && self.rest.peek() == Some(&'<') => {
                self.rest.next();
                let group: String = self.rest.by_ref().take_while(|next| *next != '>').collect();
                self.backtrack("refers back to a group", format!(r"(?(<{group}>)\k<{group}>|)"))?
            }
            '0'..='9' | 'k' => return Err(format!(r"has an unknown escape, \{next}")),
            'x' => self.hexadecimal(2).map(point).ok_or(r"has a \x without two hexadecimal digits")?,
            'u' => self.unicode()?,
            'p' | 'P' => self.property(next)?,
            other if other.is_ascii_alphabetic() => return Err(format!(r"has an unknown escape, \{other}")),
            other => {
                let mut text = String::new();
                literal(other, &mut text);
                text
            }
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.rest.clone().take(digits).collect();
        if text.chars().count() < digits {
            return None;
        }
        let value = u32::from_str_radix(&text, 16).ok()?;
        self.rest.by_ref().take(digits).for_each(drop);
        Some(value)
    }

    fn unicode(&mut self) -> Result<String, String> {
        let wrong = || r"has a \u that names no character".to_owned();
        if self.rest.peek() == Some(&'{') {
            self.rest.next();
            let text: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
            return u32::from_str_radix(&text, 16)
                .ok()
                .filter(|value| char::from_u32(*value).is_some())
                .map(point)
                .ok_or_else(wrong);
        }
        let value = self.hexadecimal(4).ok_or_else(wrong)?;
        if (0xD800..0xDC00).contains(&value) {
            let mut ahead = self.rest.clone();
            if ahead.next() == Some('\\') && ahead.next() == Some('u') {
                self.rest.next();
                self.rest.next();
                let low = self.hexadecimal(4).filter(|low| (0xDC00..0xE000).contains(low)).ok_or_else(wrong)?;
                return Ok(point(0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)));
            }
        }
        char::from_u32(value).map(|_| point(value)).ok_or_else(wrong)
    }

    fn property(&mut self, kind: char) -> Result<String, String> {
        if self.rest.next() != Some('{') {
            return Err(format!(r"has a \{kind} without a property in braces"));
        }
        let name: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
        Ok(format!(r"\{kind}{{{name}}}"))
    }

    fn class(&mut self) -> Result<(), String> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut items = String::new();
        loop {
            match self.rest.next() {
                None => return Err("has a class that does not end".to_owned()),
                Some(']') => break,
                Some('\\') => items.push_str(&self.escape(true)?),
                // The dash of a range is between two characters; at either end it is literal.
                Some('-') => {
                    let ends = items.is_empty() || self.rest.peek() == Some(&']');
                    items.push_str(if ends { r"\-" } else { "-" });
                }
                Some(other) => literal(other, &mut items),
            }
        }
        match (items.is_empty(), negated) {
            (true, true) => self.out.push_str(r"[\x{0}-\x{10FFFF}]"),
            (true, false) => self.out.push_str(if self.backtracking { "(?!)" } else { "[a&&b]" }),
            (false, true) => {
                let _ = write!(self.out, "[^{items}]");
            }
            (false, false) => {
                let _ = write!(self.out, "[{items}]");
            }
        }
        Ok(())
    }
}

fn point(value: u32) -> String {
    format!(r"\x{{{value:X}}}")
}

/// A literal character, inside a class or not.
fn literal(text: char, out: &mut String) {
    if text.is_ascii() && !text.is_ascii_alphanumeric() || text.is_control() {
        out.push_str(&point(u32::from(text)));
    } else {
        out.push(text);
    }
}

/// Writes an expression out in the syntax that every engine reads.
fn print_hir(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(bytes) => {
            for text in String::from_utf8_lossy(&bytes.0).chars() {
                match text.is_ascii_alphanumeric() {
                    true => out.push(text),
                    false => out.push_str(&point(u32::from(text))),
                }
            }
        }
        HirKind::Class(class) => {
            let ranges: Vec<(u32, u32)> = match class {
                Class::Unicode(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
                Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
            };
            // The engine has no syntax for the empty class; a start of the text behind a character never matches.
            if ranges.is_empty() {
                out.push_str(r"(?:[\x{0}]\A)");
                return;
            }
            out.push('[');
            for (start, end) in ranges {
                let _ = write!(out, "{}-{}", point(start), point(end));
            }
            out.push(']');
        }
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => r"\A",
            Look::End => r"\z",
            Look::WordAsciiNegate => r"\B",
            _ => r"\b",
        }),
        HirKind::Repetition(repetition) => {
            out.push_str("(?:");
            print_hir(&repetition.sub, out);
            out.push(')');
            let _ = match (repetition.min, repetition.max) {
                (0, None) => write!(out, "*"),
                (1, None) => write!(out, "+"),
                (0, Some(1)) => write!(out, "?"),
                (min, None) => write!(out, "{{{min},}}"),
                (min, Some(max)) if min == max => write!(out, "{{{min}}}"),
                (min, Some(max)) => write!(out, "{{{min},{max}}}"),
            };
        }
        HirKind::Capture(capture) => print_hir(&capture.sub, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| print_hir(part, out)),
        HirKind::Alternation(branches) => {
            out.push_str("(?:");
            for (index, branch) in branches.iter().enumerate() {
                out.push_str(if index > 0 { "|" } else { "" });
                print_hir(branch, out);
            }
            out.push(')');
        }
    }
}

#[cfg(test)]
mod tests;
