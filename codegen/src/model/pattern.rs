//! Translates regular expressions of schemas (ECMA-262) for the engine that matches them in linear time, or, if a
//! provider opts in, for an engine that backtracks.
//!
//! An expression is parsed as ECMA-262 defines it (with the flag `u`, as JSON Schema requires) and written in the
//! syntax of `regex-syntax`. Then every class is replaced by explicit ranges, so that the engine needs no Unicode
//! tables.

use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};
use webhook_runtime::__private::Pattern;

use self::class::Atom;
pub(crate) use self::compiled::{Compiled, States};

mod class;
mod compiled;

/// A word boundary as ECMA-262 defines it, for the backtracking engine.
const BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))";
const NO_BOUNDARY: &str = "(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))";

/// An expression that matches nothing: the start of the text after a character.
const NOTHING: &str = r"(?:[\x{0}]\A)";

/// An expression in the syntax of an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expression {
    translated: String,
    /// Whether it is written for the backtracking engine.
    backtracks: bool,
    compiled: OnceLock<Option<Compiled>>,
}

impl Expression {
    fn new(translated: String, backtracks: bool) -> Expression {
        Expression { translated, backtracks, compiled: OnceLock::new() }
    }

    /// Returns the expression in the syntax of the engine.
    pub(crate) fn translated(&self) -> &str {
        &self.translated
    }

    /// Returns whether it is written for the backtracking engine.
    pub(crate) fn backtracks(&self) -> bool {
        self.backtracks
    }

    /// Returns the tables that evaluate the expression in generated code, or `None` if they would be large.
    pub(crate) fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| if self.backtracks { None } else { Compiled::new(&self.translated) }).as_ref()
    }

    /// Returns the pattern of the expression. `source` is the original expression in the schema.
    pub(crate) fn pattern<'e>(&'e self, source: &'e str) -> Pattern<'e> {
        match self.backtracks {
            true => Pattern::backtracking(source, &self.translated),
            false => Pattern::new(source, &self.translated),
        }
    }
}

/// The reason why an expression is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// The problem, as the predicate of a sentence.
    pub(crate) message: String,
    /// Whether the backtracking engine supports the expression.
    pub(crate) needs_backtracking: bool,
}

/// Translates an expression for an engine. `backtracking` allows the backtracking engine.
///
/// # Errors
///
/// Returns the reason why the expression is rejected.
pub(crate) fn translate(source: &str, backtracking: bool) -> Result<Expression, Rejected> {
    let message = match linear(source) {
        Ok(translated) => return Ok(Expression::new(translated, false)),
        Err(message) => message,
    };
    // Try the other engine even if it is not allowed, to find out whether allowing it would help.
    match with_backtracking(source) {
        Ok(Some(translated)) if backtracking => Ok(Expression::new(translated, true)),
        Ok(Some(_)) => Err(Rejected { message, needs_backtracking: true }),
        Ok(None) => Err(Rejected { message, needs_backtracking: false }),
        Err(message) => Err(Rejected { message, needs_backtracking: false }),
    }
}

/// Translates the expression for the backtracking engine. Returns `None` if it does not need this engine.
fn with_backtracking(source: &str) -> Result<Option<String>, String> {
    let mut reading = Translator::new(source, true);
    reading.expression()?;
    if !reading.backtracks {
        return Ok(None);
    }
    Pattern::compile_backtracking(&reading.out).map_err(|error| format!("cannot be compiled: {error}"))?;
    Ok(Some(reading.out))
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
    /// Whether the output is for the backtracking engine.
    backtracking: bool,
    /// Whether the expression needs the backtracking engine.
    backtracks: bool,
}

impl<'s> Translator<'s> {
    fn new(source: &'s str, backtracking: bool) -> Translator<'s> {
        Translator { rest: source.chars().peekable(), out: String::new(), backtracking, backtracks: false }
    }

    /// Returns the translation of a construct that needs backtracking, or an error if backtracking is not allowed.
    fn backtrack(&mut self, rejected: &str, text: String) -> Result<String, String> {
        self.backtracks = true;
        if self.backtracking { Ok(text) } else { Err(format!("{rejected}, which needs backtracking")) }
    }

    fn expression(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest.next() {
            match next {
                '^' => self.assertion(r"\A")?,
                '$' => self.assertion(r"\z")?,
                '*' | '+' | '?' => self.repetition(&next.to_string())?,
                '\\' => self.escape()?,
                '[' => {
                    let set = self.class()?;
                    self.set(&set);
                }
                '(' => self.group()?,
                '.' => self.set(&class::no_line_end()),
                '{' => match self.count() {
                    Some(count) => self.repetition(&count)?,
                    None => self.out.push_str(r"\{"),
                },
                '|' | ')' => self.out.push(next),
                other => literal(other, &mut self.out),
            }
        }
        Ok(())
    }

    /// Writes a quantifier, and the `?` after it that makes it lazy.
    fn repetition(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        self.out.extend(self.rest.next_if_eq(&'?'));
        // Engines read `a**` as a repeated repetition, and `a*+` as a possessive quantifier.
        if self.repeats() { Err("repeats a repetition".to_owned()) } else { Ok(()) }
    }

    /// Writes an assertion about a position, which cannot be repeated.
    fn assertion(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        if self.repeats() { Err(r"repeats a place in the text (`^`, `$`, `\b` or `\B`)".to_owned()) } else { Ok(()) }
    }

    /// Returns whether a quantifier follows.
    fn repeats(&self) -> bool {
        let mut ahead = self.rest.clone();
        match ahead.next() {
            Some('*' | '+' | '?') => true,
            Some('{') => Translator { rest: ahead, ..Translator::new("", false) }.count().is_some(),
            _ => false,
        }
    }

    fn set(&mut self, set: &ClassUnicode) {
        class::print(set, if self.backtracking { "(?!)" } else { NOTHING }, &mut self.out);
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
            let mut ahead = self.rest.clone().skip(2);
            let name: String = ahead.by_ref().take_while(|next| *next != '>').collect();
            let prefix = name.chars().count() + 3;
            if !is_name(&name) || self.rest.clone().nth(prefix - 1) != Some('>') {
                return Err("has a group whose name is not an identifier in `<>`".to_owned());
            }
            (prefix, format!("(?<{name}>"))
        } else if rest.starts_with('?') {
            let shown: String = self.rest.clone().take_while(|next| !matches!(next, ':' | ')')).collect();
            return Err(format!("has a group that ECMA-262 does not have, `({shown}`"));
        } else {
            (0, "(".to_owned())
        };
        self.rest.by_ref().take(prefix).for_each(drop);
        self.out.push_str(if self.backtracking { &open } else { "(?:" });
        Ok(())
    }

    /// Parses the count after an opening brace, and returns it with its braces. Returns `None` if the brace is literal.
    fn count(&mut self) -> Option<String> {
        let inside: String = self.rest.clone().take_while(|next| *next != '}').collect();
        let length = inside.chars().count();
        self.rest.clone().nth(length)?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_count = match inside.split_once(',') {
            Some((least, most)) => digits(least) && (most.is_empty() || digits(most)),
            None => digits(&inside),
        };
        is_count.then(|| {
            self.rest.by_ref().take(length + 1).for_each(drop);
            format!("{{{inside}}}")
        })
    }

    /// Translates an escape outside a class.
    fn escape(&mut self) -> Result<(), String> {
        let Some(next) = self.rest.next() else { return Err("ends in a backslash".to_owned()) };
        match next {
            'b' => return self.assertion(if self.backtracking { BOUNDARY } else { r"(?-u:\b)" }),
            'B' => return self.assertion(if self.backtracking { NO_BOUNDARY } else { r"(?-u:\B)" }),
            '1'..='9' => {
                let mut group = next.to_string();
                while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
                    group.push(digit);
                }
                // A reference to a group that did not participate in the match matches the empty string.
                let text = self.backtrack("refers back to a group", format!(r"(?({group})\{group}|)"))?;
                self.out.push_str(&text);
            }
            'k' if self.rest.peek() == Some(&'<') => {
                self.rest.next();
                let group =
                    self.until('>').filter(|group| is_name(group)).ok_or(r"has a \k without the name of a group")?;
                let text = self.backtrack("refers back to a group", format!(r"(?(<{group}>)\k<{group}>|)"))?;
                self.out.push_str(&text);
            }
            next => match self.character_escape(next)? {
                Atom::Point(value) if char::from_u32(value).is_some() => self.out.push_str(&point(value)),
                atom => self.set(&atom.set()),
            },
        }
        Ok(())
    }

    /// Parses the remainder of an escape that starts with a backslash and `next`, inside or outside a class.
    fn character_escape(&mut self, next: char) -> Result<Atom, String> {
        if let Some(set) = class::named(next) {
            return Ok(Atom::Set(set));
        }
        Ok(Atom::Point(match next {
            'n' => 0x0A,
            'r' => 0x0D,
            't' => 0x09,
            'v' => 0x0B,
            'f' => 0x0C,
            'c' => match self.rest.next() {
                Some(letter) if letter.is_ascii_alphabetic() => u32::from(letter) % 32,
                _ => return Err(r"has a \c without a letter".to_owned()),
            },
            '0' if !self.rest.peek().is_some_and(char::is_ascii_digit) => 0,
            'x' => self.hexadecimal(2).ok_or(r"has a \x without two hexadecimal digits")?,
            'u' => self.unicode()?,
            'p' | 'P' => return self.property(next).map(Atom::Set),
            'A' => return Err(r"has an unknown escape, \A (the start of the text is `^`)".to_owned()),
            'z' | 'Z' => return Err(format!(r"has an unknown escape, \{next} (the end of the text is `$`)")),
            other if other.is_ascii_alphanumeric() => return Err(format!(r"has an unknown escape, \{other}")),
            other => other.into(),
        }))
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text: String = self.rest.clone().take(digits).collect();
        if text.len() < digits || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.rest.by_ref().take(digits).for_each(drop);
        u32::from_str_radix(&text, 16).ok()
    }

    /// Parses the code point of a `\u`, which may be a surrogate. A pair of surrogates is one code point.
    fn unicode(&mut self) -> Result<u32, String> {
        let wrong = || r"has a \u that names no code point".to_owned();
        if self.rest.next_if_eq(&'{').is_some() {
            let text = self.until('}').ok_or_else(wrong)?;
            let digits = text.bytes().all(|b| b.is_ascii_hexdigit()).then(|| text.trim_start_matches('0'));
            let value = match digits.filter(|_| !text.is_empty()) {
                Some("") => Some(0),
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => None,
            };
            return value.filter(|value| *value <= u32::from(char::MAX)).ok_or_else(wrong);
        }
        let value = self.hexadecimal(4).ok_or_else(wrong)?;
        if (0xD800..0xDC00).contains(&value) {
            let before = self.rest.clone();
            let escaped = self.rest.next() == Some('\\') && self.rest.next() == Some('u');
            match self.hexadecimal(4).filter(|low| escaped && (0xDC00..0xE000).contains(low)) {
                Some(low) => return Ok(0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)),
                None => self.rest = before,
            }
        }
        Ok(value)
    }

    fn property(&mut self, kind: char) -> Result<ClassUnicode, String> {
        let name = self.rest.next_if_eq(&'{').and_then(|_| self.until('}'));
        match name {
            Some(name) => class::property(&name, kind == 'P'),
            None => Err(format!(r"has a \{kind} without a property in braces")),
        }
    }

    /// Reads up to a character and consumes it. Returns `None` if it does not occur.
    fn until(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.rest.next()? {
                next if next == end => return Some(text),
                next => text.push(next),
            }
        }
    }
}

/// Returns whether a name is allowed for a group.
fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$')
}

fn point(value: u32) -> String {
    format!(r"\x{{{value:X}}}")
}

/// Writes a literal character, with an escape if necessary.
fn literal(text: char, out: &mut String) {
    if text.is_ascii() && !text.is_ascii_alphanumeric() || text.is_control() {
        out.push_str(&point(u32::from(text)));
    } else {
        out.push(text);
    }
}

/// Writes an expression in syntax that every engine supports.
fn print_hir(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(bytes) => {
            for text in String::from_utf8_lossy(&bytes.0).chars() {
                if text.is_ascii_alphanumeric() { out.push(text) } else { out.push_str(&point(u32::from(text))) }
            }
        }
        HirKind::Class(Class::Unicode(set)) => class::print(set, NOTHING, out),
        // Not expected, because the parser produces Unicode classes.
        HirKind::Class(Class::Bytes(set)) => {
            let set = set.to_unicode_class().unwrap_or_else(ClassUnicode::empty);
            class::print(&set, NOTHING, out);
        }
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => r"\A",
            Look::End => r"\z",
            Look::WordAsciiNegate => r"(?-u:\B)",
            _ => r"(?-u:\b)",
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
