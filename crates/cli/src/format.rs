//! The formats in which commands print results: text for people, JSON for programs, and annotations for GitHub.

use clap::ValueEnum;
use serde_json::{Value, json};
use webhook_codegen::Location;

use crate::failure::{Failure, Outcome};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON, as with --json.
    Json,
    /// Workflow commands of GitHub Actions, which annotate the lines of files.
    Github,
}

impl Format {
    /// Returns the format of the options `--format` and `--json`.
    pub(crate) fn of(format: Option<Format>, json: bool) -> Format {
        format.unwrap_or(if json { Format::Json } else { Format::Text })
    }

    /// Returns the outcome unchanged. A failure is also printed to standard output, for programs.
    pub(crate) fn finish(self, outcome: Outcome) -> Outcome {
        if let Err(failure) = &outcome {
            match self {
                Format::Text => {}
                Format::Json => {
                    println!("{}", json!({ "errors": failure.entries().map(Entry::json).collect::<Vec<_>>() }))
                }
                Format::Github => failure.entries().for_each(|entry| println!("{}", entry.annotation())),
            }
        }
        outcome
    }
}

/// A message about a place in a file, for programs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// The kind of problem, as a word.
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    /// The path of the file, relative to the current folder.
    pub(crate) file: Option<String>,
    /// The JSON Pointer in the file.
    pub(crate) pointer: String,
    pub(crate) location: Option<Location>,
    /// Advice on how to resolve the problem.
    pub(crate) help: String,
    /// Whether the entry is a warning and not an error.
    pub(crate) is_warning: bool,
}

impl Entry {
    fn json(self) -> Value {
        json!({
            "code": self.code,
            "message": self.message,
            "file": self.file,
            "line": self.location.as_ref().map(|at| at.line),
            "column": self.location.as_ref().map(|at| at.column),
            "pointer": self.pointer,
            "help": self.help,
        })
    }

    /// Returns a workflow command that shows the entry at its line, as an error or a warning.
    pub(crate) fn annotation(&self) -> String {
        // Each separator of the command's own syntax is escaped.
        let message = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| message(text).replace(':', "%3A").replace(',', "%2C");
        let mut properties: Vec<String> = Vec::new();
        properties.extend(self.file.as_ref().map(|file| format!("file={}", property(file))));
        properties.extend(self.location.as_ref().map(|at| format!("line={},col={}", at.line, at.column)));
        properties.extend(self.code.map(|code| format!("title={}", property(code))));
        let mut text = self.message.clone();
        if !self.pointer.is_empty() {
            text = format!("{}: {text}", self.pointer);
        }
        if !self.help.is_empty() {
            text = format!("{text}\nhelp: {}", self.help);
        }
        let level = if self.is_warning { "warning" } else { "error" };
        let properties = if properties.is_empty() { String::new() } else { format!(" {}", properties.join(",")) };
        format!("::{level}{properties}::{}", message(&text))
    }
}

impl Failure {
    /// Returns the failure as entries: one for each problem.
    fn entries(&self) -> Box<dyn Iterator<Item = Entry> + '_> {
        match self {
            Failure::Input(problems) => Box::new(problems.entries()),
            Failure::Other { message, help } => {
                let entry = Entry { message: message.clone(), help: help.clone(), ..Entry::default() };
                Box::new(std::iter::once(entry))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_cannot_be_forged() {
        let entry = Entry {
            code: Some("not-json"),
            message: "50% of\n::error::it".to_owned(),
            file: Some("a,b:c.json".to_owned()),
            pointer: "/a".to_owned(),
            location: Some(Location::new("\n ab", 2..3)),
            help: "mend it".to_owned(),
            is_warning: false,
        };
        let expected =
            "::error file=a%2Cb%3Ac.json,line=2,col=2,title=not-json::/a: 50%25 of%0A::error::it%0Ahelp: mend it";
        assert_eq!(entry.annotation(), expected);
        let bare = Entry { message: "no such file".to_owned(), ..Entry::default() };
        assert_eq!(bare.annotation(), "::error::no such file");
    }
}
