//! Makes text from requests safe for log lines, and limits the number of lines.

use std::fmt::{self, Display, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The maximum number of bytes of a text in the log.
const LONGEST: usize = 1024;

/// The maximum number of characters of a word that are shown. Locations in documented payloads are shorter.
const LONGEST_WORD: usize = 120;

/// How long a repeated line is held back.
const INTERVAL: Duration = Duration::from_secs(10);

/// Returns a text as part of one line of a log. A line break becomes `; `, other characters that are not printable are
/// escaped, and long words and long texts are cut.
///
/// Names of members are part of reports, and anybody can choose them.
pub(crate) fn line(text: impl Display) -> String {
    let mut line = Line::default();
    if write!(line, "{text}").is_err() {
        line.out.push('…');
    }
    line.out
}

#[derive(Default)]
struct Line {
    out: String,
    /// The number of characters in the present word.
    word: usize,
    /// Whether a line has just begun, so that its indentation is skipped.
    is_at_start: bool,
}

impl Write for Line {
    /// Fails when the line is full, which ends the formatting: a report may be much longer than the line.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.out.len() >= LONGEST {
                return Err(fmt::Error);
            }
            match character {
                '\n' => {
                    self.out.push_str("; ");
                    (self.word, self.is_at_start) = (0, true);
                    continue;
                }
                ' ' if self.is_at_start => continue,
                ' ' => self.word = 0,
                _ => self.word += 1,
            }
            self.is_at_start = false;
            match self.word {
                0..=LONGEST_WORD => match character {
                    '"' | '\'' | '\\' => self.out.push(character),
                    // Escapes characters that are not printable, such as controls, bidirectional overrides, and
                    // characters that combine with the character before them.
                    _ => self.out.extend(character.escape_debug()),
                },
                _ if self.word == LONGEST_WORD + 1 => self.out.push('…'),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Lets one line through in each [`INTERVAL`], and counts the others.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    last: Option<Instant>,
    count: u64,
}

impl Throttle {
    /// Returns the number of occurrences since the last line, if it is time for another line.
    pub(crate) fn count(&self) -> Option<u64> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.count += 1;
        // The count goes on while lines are held back, so the next line says how many there were.
        if held.last.is_some_and(|last| last.elapsed() < INTERVAL) {
            return None;
        }
        held.last = Some(Instant::now());
        Some(std::mem::take(&mut held.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_only_printable_characters() {
        let hostile =
            "a\r\u{1b}[2J\u{9b}2J\u{202e}\u{2028}\u{85}\u{0}\u{200f}e\u{301}\u{feff}\u{e0001}\u{7f}\tb \"c\\\n  d";
        let shown = line(hostile);
        assert!(shown.starts_with("a\\r\\u{1b}[2J\\u{9b}2J\\u{202e}\\u{2028}") && shown.ends_with("\\tb \"c\\; d"));
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(line("ä 日本語 ∞"), "ä 日本語 ∞");
    }

    #[test]
    fn long_words_and_long_texts_are_cut() {
        let name = "n".repeat(1 << 20);
        let shown = line(format_args!("/{name}: wrong\n  /{name}: again"));
        assert!(shown.contains("…: wrong") || shown.contains("… wrong"), "{shown}");
        assert!(shown.contains("again") && shown.len() < 400, "{shown}");
        let shown = line("word ".repeat(1 << 20));
        assert!(shown.len() <= LONGEST + 8 && shown.ends_with('…'), "{shown}");
        assert!(line("\u{1b}".repeat(1 << 20)).len() <= LONGEST);
        assert!(line("\u{1b} ".repeat(1 << 20)).len() <= LONGEST + 8);
    }

    #[test]
    fn formatting_ends_where_the_line_does() {
        struct Endless;
        impl Display for Endless {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                loop {
                    f.write_str("again ")?;
                }
            }
        }
        assert!(line(Endless).ends_with('…'));
    }

    #[test]
    fn repeated_lines_are_counted() {
        let throttle = Throttle::default();
        let passed: Vec<_> = (0..100).filter_map(|_| throttle.count()).collect();
        assert_eq!(passed, [1]);
        throttle.0.lock().unwrap().last = Instant::now().checked_sub(INTERVAL);
        assert_eq!(throttle.count(), Some(100));
    }
}
