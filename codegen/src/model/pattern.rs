//! Regular expressions: from ECMA-262, as a schema has them, to the engine that matches them in linear time.
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

/// The expression in the engine's syntax.
///
/// # Errors
///
/// Why the expression cannot be taken, as the end of a sentence.
pub(crate) fn translate(source: &str) -> Result<String, String> {
    let mut reading = Translator { rest: source.chars().peekable(), out: String::new() };
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
}

impl Translator<'_> {
    fn expression(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest.next() {
            match next {
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
        let prefix = if rest.starts_with("?=") || rest.starts_with("?!") {
            return Err("looks ahead, which needs backtracking".to_owned());
        } else if rest.starts_with("?<=") || rest.starts_with("?<!") {
            return Err("looks behind, which needs backtracking".to_owned());
        } else if rest.starts_with("?:") {
            2
        } else if rest.starts_with("?<") {
            self.rest.clone().position(|next| next == '>').map_or(2, |at| at + 1)
        } else if rest.starts_with('?') {
            return Err("has a group of an unknown kind".to_owned());
        } else {
            0
        };
        self.rest.by_ref().take(prefix).for_each(drop);
        self.out.push_str("(?:");
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
            '0'..='9' | 'k' => return Err("refers back to a group, which needs backtracking".to_owned()),
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
            (true, false) => self.out.push_str(r"[a&&b]"),
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
mod tests {
    use super::*;

    fn matches(source: &str, text: &str) -> bool {
        Pattern::compile(&translate(source).unwrap()).unwrap().is_match(text)
    }

    #[test]
    fn expressions_mean_what_ecma_262_says() {
        let cases = [
            (r"^\d+$", "123", true),
            (r"^\d+$", "१२३", false),
            (r"^\w$", "é", false),
            (r"^\s$", "\u{feff}", true),
            (r"^\S$", "\u{2003}", false),
            (r"^.$", "\u{2028}", false),
            (r"^.$", "😀", true),
            (r"^abc$", "abc\n", false),
            (r"^\cA$", "\u{1}", true),
            (r"^\cJ$", "\n", true),
            (r"^[^]$", "x", true),
            (r"[]", "x", false),
            (r"^[\]\-a]+$", "]-a", true),
            (r"^[a-z-]+$", "a-z", true),
            (r"^[[&&]+$", "[&", true),
            (r"^a{2,3}$", "aaaa", false),
            (r"^{x}$", "{x}", true),
            (r"^[\p{L}\p{Nd}_-]{1,255}$", "école_1-a", true),
            (r"\p{Letter}cole", "école", true),
            (r"^\p{Script=Greek}+$", "αβγ", true),
            (r"^\P{L}$", "1", true),
            (r"^🐲*$", "🐲🐲", true),
            (r"^\uD83D\uDE00$", "😀", true),
            (r"^\u{1F600}$", "😀", true),
            (r"^\/api\/v1$", "/api/v1", true),
            (r"\bfoo\b", "a foo b", true),
            (r"^(?<year>\d{4})$", "2024", true),
            (r"^[\w.+-]+@[\w-]+$", "a.b@c-d", true),
            (r"^[\D]$", "x", true),
            (r"^$", "", true),
            (r"^a|b$", "xb", true),
            ("", "anything", true),
        ];
        for (source, text, expected) in cases {
            assert_eq!(matches(source, text), expected, "{source} on {text:?}");
        }
    }

    #[test]
    fn what_needs_backtracking_is_refused() {
        for source in [r"(?=a)b", r"(?!a)b", r"(?<=a)b", r"(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>"] {
            assert!(translate(source).unwrap_err().contains("backtracking"), "{source}");
        }
        for source in [r"(", r"a)", r"[a", r"\", r"\p{Nonsense}", r"\q", r"a{3,2}", r"*a"] {
            assert!(translate(source).is_err(), "{source}");
        }
    }

    #[test]
    fn time_is_linear() {
        let expression = Pattern::compile(&translate("^(a+)+$").unwrap()).unwrap();
        assert!(!expression.is_match(&format!("{}b", "a".repeat(100_000))));
    }
}
