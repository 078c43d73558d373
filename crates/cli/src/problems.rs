//! Problems of the input, printed with the source lines that they refer to.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use webhook_codegen::json::without_byte_order_mark;
use webhook_codegen::{Code, Diagnostic, Location};
use webhook_harness::printable_lines;

use crate::format::Entry;
use crate::output::{colour, shown};

/// Problems, with the texts of their files.
#[derive(Debug)]
pub struct Problems {
    found: Vec<Diagnostic>,
    /// The folder that the paths of files are relative to.
    folder: PathBuf,
    /// The texts of files that differ from those on disk, or do not exist yet.
    texts: BTreeMap<String, String>,
}

impl Problems {
    /// Problems in files of a folder, with the texts of those that differ from the files on disk.
    pub fn new(found: Vec<Diagnostic>, folder: PathBuf, texts: BTreeMap<String, String>) -> Problems {
        Problems { found, folder, texts }
    }

    /// Returns whether every problem is a file or folder that cannot be read.
    pub(crate) fn are_unreadable(&self) -> bool {
        self.found.iter().all(|problem| problem.code == Code::Unreadable)
    }

    /// Prints every problem to standard error, and their number.
    pub fn print(&self) {
        let colour = colour(&std::io::stderr());
        eprintln!("{}", self.text(&if colour { Renderer::styled() } else { Renderer::plain() }));
        let count = self.found.len();
        eprintln!("{count} problem{}; nothing was written", if count == 1 { "" } else { "s" });
    }

    /// Returns every problem, for programs.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.found.iter().map(|problem| {
            let mut problem = problem.clone();
            if let Some(text) = self.read(&problem.file) {
                problem.locate(&text);
            }
            Entry {
                code: Some(problem.code.as_str()),
                message: problem.message,
                file: Some(self.path(&problem.file)),
                pointer: problem.pointer,
                location: problem.location,
                help: problem.advice,
                is_warning: false,
            }
        })
    }

    /// Renders every problem, with an empty line after each.
    fn text(&self, renderer: &Renderer) -> String {
        let mut texts: BTreeMap<&str, Option<String>> = BTreeMap::new();
        let mut all = String::new();
        for problem in &self.found {
            let text = texts.entry(&problem.file).or_insert_with(|| self.read(&problem.file));
            all.push_str(&render(problem, &self.path(&problem.file), text.as_deref(), renderer));
            all.push_str("\n\n");
        }
        all.pop();
        all
    }

    fn read(&self, file: &str) -> Option<String> {
        let known = self.texts.get(file).cloned();
        // A file is read only to show one of its lines: a file without a location may have been rejected for its size.
        let is_shown = || {
            self.found
                .iter()
                .any(|problem| problem.file == file && (problem.location.is_some() || !problem.pointer.is_empty()))
        };
        known.or_else(|| {
            is_shown().then(|| fs::read_to_string(self.folder.join(file)).ok())?.map(without_byte_order_mark)
        })
    }

    /// Returns the path of a file from the current folder, or the whole path if the file is not below it.
    fn path(&self, file: &str) -> String {
        shown(&if file.is_empty() { self.folder.clone() } else { self.folder.join(file) })
    }
}

/// Renders a problem in the compiler's format: the message, the location, the line, and what to do.
fn render(problem: &Diagnostic, path: &str, text: Option<&str>, renderer: &Renderer) -> String {
    let mut problem = problem.clone();
    if let Some(text) = text {
        problem.locate(text);
    }
    let group = Group::with_title(Level::ERROR.primary_title(&problem.message).id(problem.code.as_str()));
    let place = Place { path, pointer: &problem.pointer, text, location: problem.location.as_ref() };
    let group = helped(place.add(group, AnnotationKind::Primary), &problem.advice);
    rendered(&[group], renderer)
}

/// A place in a file, which is shown with its line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    /// The path to show.
    pub(crate) path: &'p str,
    /// The JSON Pointer in the file.
    pub(crate) pointer: &'p str,
    /// The text of the file, if its lines may be shown.
    pub(crate) text: Option<&'p str>,
    /// The location of the pointer's value in the text.
    pub(crate) location: Option<&'p Location>,
}

impl<'p> Place<'p> {
    /// Adds the place to a message.
    pub(crate) fn add<'g>(self, group: Group<'g>, kind: AnnotationKind) -> Group<'g>
    where
        'p: 'g,
    {
        // Text of the input must not control the terminal. The renderer escapes titles and lines.
        let (path, pointer) = (normalize_untrusted_str(self.path), normalize_untrusted_str(self.pointer));
        match self.location {
            Some(at) => match self.text.and_then(|text| line(text, at)) {
                Some(Line { text, bytes, is_whole }) => {
                    let label = Some(pointer).filter(|pointer| !pointer.is_empty());
                    let snippet = Snippet::source(text).line_start(at.line).annotation(kind.span(bytes).label(label));
                    match is_whole {
                        true => group.element(snippet.path(path)),
                        // The renderer would count columns from the start of the part.
                        false => {
                            group.element(Origin::path(path).line(at.line).char_column(at.column)).element(snippet)
                        }
                    }
                }
                None => {
                    let path = if pointer.is_empty() { path } else { format!("{path}#{pointer}") };
                    group.element(Origin::path(path).line(at.line).char_column(at.column))
                }
            },
            None if pointer.is_empty() => group.element(Origin::path(path)),
            None => group.element(Origin::path(format!("{path}#{pointer}"))),
        }
    }
}

/// Renders a message without a place, with advice.
pub(crate) fn message(text: &str, help: &str) -> String {
    let renderer = if colour(&std::io::stderr()) { Renderer::styled() } else { Renderer::plain() };
    // The first line is the title; what follows is the output of a program, or further messages.
    let (title, rest) = text.split_once('\n').map_or((text, None), |(title, rest)| (title, Some(rest)));
    let group = Group::with_title(Level::ERROR.primary_title(title));
    let group = match rest {
        Some(rest) => group.element(Level::NOTE.no_name().message(normalize_untrusted_str(rest))),
        None => group,
    };
    rendered(&[helped(group, help)], &renderer)
}

fn helped<'g>(group: Group<'g>, help: &str) -> Group<'g> {
    match help {
        "" => group,
        help => group.element(Level::HELP.message(normalize_untrusted_str(help))),
    }
}

/// Renders messages. The renderer leaves some characters that can control a terminal. Its own escape sequences stay.
pub(crate) fn rendered(groups: &[Group<'_>], renderer: &Renderer) -> String {
    renderer.render(groups).split('\u{1b}').map(printable_lines).collect::<Vec<_>>().join("\u{1b}")
}

/// The maximum number of bytes of a line that are shown before and after a place. Payloads are often one line of any
/// length.
const AROUND: usize = 60;

/// A line of a text, or a part of it.
#[derive(Debug, PartialEq, Eq)]
struct Line<'t> {
    text: &'t str,
    /// The range of the location in it.
    bytes: Range<usize>,
    is_whole: bool,
}

/// Returns the line of a location, or the part of a long line around the location.
fn line<'t>(text: &'t str, at: &Location) -> Option<Line<'t>> {
    let start = text.get(..at.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.lines().next().unwrap_or_default();
    let within = |byte: usize| (byte - start).min(line.len());
    let bytes = within(at.start)..within(at.end);
    if line.len() <= 4 * AROUND {
        return Some(Line { text: line, bytes, is_whole: true });
    }
    let from = floor(line, bytes.start.saturating_sub(AROUND));
    let to = floor(line, bytes.end.min(bytes.start + 2 * AROUND).saturating_add(AROUND).min(line.len()));
    let part = line.get(from..to)?;
    Some(Line { text: part, bytes: bytes.start - from..bytes.end.min(to) - from, is_whole: false })
}

/// Returns the last character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the printed problem at a pointer of a text.
    fn shown(text: &str, pointer: &str, renderer: &Renderer) -> String {
        let problem = Diagnostic::at(Code::InvalidKeyword, "a/b.json", pointer, "wrong", "mend it");
        let texts = BTreeMap::from([("a/b.json".to_owned(), text.to_owned())]);
        Problems::new(vec![problem], PathBuf::from("defs"), texts).text(renderer)
    }

    #[test]
    fn the_line_is_shown_with_what_is_wrong_in_it() {
        let text = "{\r\n  \"ö\": \"ä\", \"type\": 5,\r\n  \"b\": {\r\n}}";
        let expected = "error[invalid-keyword]: wrong\n \
                        --> defs/a/b.json:2:21\n  \
                        |\n\
                        2 |   \"ö\": \"ä\", \"type\": 5,\n  \
                        |                     ^ /type\n  \
                        |\n  \
                        = help: mend it\n";
        assert_eq!(shown(text, "/type", &Renderer::plain()), expected);
        assert!(shown(text, "/b", &Renderer::plain()).contains(" --> defs/a/b.json:3:3\n"));
        assert!(shown(text, "/type", &Renderer::styled()).contains("\u{1b}["));
    }

    #[test]
    fn a_place_that_is_not_in_the_text_is_named() {
        let expected =
            |place: &str| format!("error[invalid-keyword]: wrong\n--> defs/a/b.json{place}\n = help: mend it\n");
        assert_eq!(shown("{}", "/type", &Renderer::plain()), expected("#/type"));
        assert_eq!(shown("{}", "", &Renderer::plain()), expected(""));
    }

    #[test]
    fn lines_are_cut_out_of_texts() {
        let at = |bytes: Range<usize>| line("ab\r\ncd\n", &Location::new("ab\r\ncd\n", bytes));
        let whole = |text, bytes| Some(Line { text, bytes, is_whole: true });
        assert_eq!(at(1..2), whole("ab", 1..2));
        assert_eq!(at(1..6), whole("ab", 1..2));
        assert_eq!(at(3..3), whole("ab", 2..2));
        assert_eq!(at(7..7), whole("", 0..0));
        let elsewhere = Location { start: 90, end: 91, line: 9, column: 1 };
        assert_eq!(line("ab", &elsewhere), None);
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let text = format!("{{\"a\": [{} 5], \"b\": \"{}\"}}", "\"ä\", ".repeat(1000), "ö".repeat(1000));
        let rendered = shown(&text, "/a/1000", &Renderer::plain());
        assert!(rendered.contains(" --> defs/a/b.json:1:5009\n"), "{rendered}");
        assert!(rendered.contains("\"ä\",  5], \"b\": \"ööö") && rendered.len() < 700, "{rendered}");
        let rendered = shown(&text, "/b", &Renderer::plain());
        assert!(rendered.contains("5], \"b\": \"ööö") && rendered.len() < 900, "{rendered}");
    }

    #[test]
    fn escape_sequences_of_the_input_do_nothing() {
        for (bad, written) in
            [("\u{1b}", "\u{1b}"), ("\u{1b}", "\\u001b"), ("\u{9b}", "\u{9b}"), ("\u{2028}", "\u{2028}")]
        {
            let (file, pointer) = (format!("{bad}[2J.json"), format!("/{bad}[2J"));
            let (message, advice) = (format!("unknown {bad}[2J"), format!("remove {bad}[2J"));
            let problem = Diagnostic::at(Code::UnknownKeyword, &file, &pointer, message, advice);
            let texts = BTreeMap::from([(file, format!("{{\"{written}[2J\": 1}}"))]);
            let problems = Problems::new(vec![problem], PathBuf::new(), texts);
            let text = problems.text(&Renderer::plain());
            assert!(text.contains("[2J") && !text.contains(bad), "{text}");
            assert!(!problems.text(&Renderer::styled()).contains("\u{1b}[2J"));
        }
    }
}
