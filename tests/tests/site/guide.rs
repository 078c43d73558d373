//! The guide: its commands print the output that its pages show, its links have targets, and it lists every event.
//!
//! A block of a page takes part by its info string:
//!
//! * `console`: each line that begins with `$ ` is run by a shell at the root of a copy of the repository, and the lines
//!   below it are its output. `…` is any text in a line, or any lines if it is alone. `status:2` is the exit code of
//!   the block's last command.
//! * `file:PATH`: the block is written to that file.
//!
//! A comment `<!-- $ COMMAND -->` is run without being shown, and `<!-- continues -->` keeps the files of the previous page.
//! Blocks of `sh` are not run: they start servers, or need a network. The Rust code of the pages is compiled as doctests, in
//! `tests/src/lib.rs`. With the variable `GUIDE_UPDATE`, blocks whose output differs are rewritten: read the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{TOOLKIT, output, share_target, xtask};
use conformance::folder::{examples, root, vendors};

/// A step of a page, which a reader would take.
#[derive(Debug, PartialEq)]
enum Step {
    /// Saves a file.
    Save { path: String, text: String },
    /// Runs a command that prints these lines of the page, and exits with a code.
    Run { command: String, output: Range<usize>, status: i32 },
}

/// Returns the steps of a page, and whether the page continues the previous page.
fn steps(page: &str) -> (Vec<Step>, bool) {
    let lines: Vec<&str> = page.lines().collect();
    let mut steps = Vec::new();
    let mut continues = false;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            continues |= comment == "continues";
            if let Some(command) = comment.strip_prefix("$ ") {
                steps.push(Step::Run { command: command.to_owned(), output: at..at, status: 0 });
            }
        }
        let fence: String = line.chars().take_while(|&c| c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let end = at + lines[at..].iter().position(|line| *line == fence).expect("a block has an end");
        let mut info = line[fence.len()..].split(' ');
        let language = info.next().unwrap_or_default();
        assert!(!language.is_empty(), "a block without a language is taken for Rust: line {at}");
        let attributes: Vec<(&str, &str)> = info.filter_map(|attribute| attribute.split_once(':')).collect();
        let attribute = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        if let Some(path) = attribute("file") {
            steps.push(Step::Save { path: path.to_owned(), text: lines[at..end].join("\n") + "\n" });
        }
        if language == "console" {
            let starts: Vec<usize> = (at..end).filter(|&line| lines[line].starts_with("$ ")).collect();
            for (index, &start) in starts.iter().enumerate() {
                let is_last = index + 1 == starts.len();
                let status = attribute("status").filter(|_| is_last).map_or(0, |code| code.parse().expect("a number"));
                let output = start + 1..starts.get(index + 1).copied().unwrap_or(end);
                steps.push(Step::Run { command: lines[start][2..].to_owned(), output, status });
            }
        }
        at = end + 1;
    }
    (steps, continues)
}

/// Returns whether the printed lines match the lines of the page.
fn fits(shown: &[&str], printed: &[&str]) -> bool {
    match shown {
        [] => printed.is_empty(),
        ["…", rest @ ..] => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        [first, rest @ ..] => printed.first().is_some_and(|line| line_fits(first, line)) && fits(rest, &printed[1..]),
    }
}

fn line_fits(shown: &str, printed: &str) -> bool {
    match shown.split_once('…') {
        None => shown == printed,
        Some((before, after)) => printed.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| line_fits(after, &rest[at..]))
        }),
    }
}

/// A copy of the repository below `target/`, so that later runs find its compiled code.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Copy {
        let copy = Copy(root().join("target/guide/repository"));
        copy.reset();
        share_target(&copy.0);
        copy
    }

    /// Makes the copy equal to the repository. Equal files are not touched, because cargo compiles again when their times change.
    fn reset(&self) {
        let parts = ["Cargo.toml", "Cargo.lock", "crates", "generated", "schema-defs"];
        fs::create_dir_all(&self.0).expect("a folder");
        for entry in fs::read_dir(&self.0).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name != "target" && !parts.contains(&name.as_str()) {
                remove(&path);
            }
        }
        // An older version of the command may have written it, and a newer one would not replace it.
        let _ = fs::remove_dir_all(self.0.join("target/catalogue"));
        parts.iter().for_each(|part| self.mirror(Path::new(part)));
    }

    fn mirror(&self, part: &Path) {
        let (from, to) = (root().join(part), self.0.join(part));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            let names = |folder: &Path| -> BTreeSet<_> {
                let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
                entries.filter(|name| name != "target").collect()
            };
            let wanted = names(&from);
            names(&to).difference(&wanted).for_each(|name| remove(&to.join(name)));
            wanted.iter().for_each(|name| self.mirror(&part.join(name)));
            return;
        }
        let bytes = fs::read(&from).expect("a file");
        if !fs::read(&to).is_ok_and(|known| known == bytes) {
            fs::write(&to, bytes).expect("a file that can be written");
        }
    }

    /// Runs a command in a shell. Returns its exit code and its output.
    fn run(&self, command: &str) -> (Option<i32>, String) {
        let mut shell = Command::new("sh");
        // The launcher would compile code that is already compiled for these tests.
        let cargo = "cargo() { [ \"$1\" = xtask ] && shift && \"$TOOLKIT\" xtask \"$PWD\" \"$@\"; }";
        shell.arg("-c").arg(format!("{cargo}\n{{ {command}\n}} 2>&1")).current_dir(&self.0);
        shell.env("TOOLKIT", TOOLKIT).env("LC_ALL", "C").env("COLUMNS", "100");
        let output = shell.output().expect("sh can be run");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn remove(path: &Path) {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.expect("a file that can be removed");
}

fn pages() -> Vec<(PathBuf, String)> {
    let folder = root().join("guide/src");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).expect("the summary");
    let read = |name: &str| (folder.join(name), fs::read_to_string(folder.join(name)).expect("a page of the summary"));
    links(&summary).iter().map(|name| read(name)).collect()
}

/// Returns the targets of a page's links, without links in blocks of code.
fn links(page: &str) -> Vec<String> {
    let mut fence = None;
    let mut found = Vec::new();
    for line in page.lines() {
        let ticks = line.chars().take_while(|&c| c == '`').count();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks == open => fence = None,
            Some(_) => {}
            None => {
                let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
                found.extend(targets.map(|(target, _)| target.to_owned()));
            }
        }
    }
    found
}

#[test]
#[ignore = "compiles packages"]
fn every_command_prints_what_is_shown() {
    let copy = Copy::new();
    let mut wrong = Vec::new();
    for (path, page) in pages() {
        let lines: Vec<&str> = page.lines().collect();
        let mut updated: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let (steps, continues) = steps(&page);
        if !continues && !steps.is_empty() {
            copy.reset();
        }
        // From the end, so that lines keep their numbers.
        let mut replaced = Vec::new();
        for step in steps {
            match step {
                Step::Save { path, text } => {
                    let path = copy.0.join(path);
                    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                    fs::write(path, text).expect("a file that can be written");
                }
                Step::Run { command, output, status } => {
                    let (code, printed) = copy.run(&command);
                    let printed: Vec<&str> = printed.lines().collect();
                    if code != Some(status) || !fits(&lines[output.clone()], &printed) {
                        let at = format!("{}:{}", path.display(), output.start);
                        let expected = lines[output.clone()].join("\n");
                        let found = printed.join("\n");
                        wrong.push(format!(
                            "{at}: $ {command}\nexit code {code:?} for {status}\n--- shown\n{expected}\n--- printed\n{found}"
                        ));
                        replaced.push((output, printed.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>()));
                    }
                }
            }
        }
        if std::env::var_os("GUIDE_UPDATE").is_some() && !replaced.is_empty() {
            for (output, printed) in replaced.into_iter().rev() {
                updated.splice(output, printed);
            }
            fs::write(&path, updated.join("\n") + "\n").expect("a page that can be written");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut documents = pages();
    for name in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "examples/receiver/README.md"] {
        documents.push((root().join(name), fs::read_to_string(root().join(name)).expect("a document")));
    }
    let anchor = |heading: &str| -> String {
        let kept = heading.trim_start_matches('#').trim().to_lowercase();
        kept.chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect()
    };
    let mut seen = 0;
    for (path, text) in &documents {
        for link in links(text).iter().filter(|link| !link.contains("://")) {
            seen += 1;
            let (file, place) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.with_file_name("").join(file) };
            assert!(target.exists(), "{}: {link} is not there", path.display());
            if !place.is_empty() {
                let text = fs::read_to_string(&target).expect("a document");
                let there = text.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == place);
                assert!(there, "{}: {link} has no such heading", path.display());
            }
        }
    }
    assert!(seen > 20, "{seen} links");
    let listed: BTreeSet<PathBuf> = pages().into_iter().map(|(path, _)| path).collect();
    for entry in fs::read_dir(root().join("guide/src")).expect("the guide") {
        let path = entry.expect("an entry").path();
        let is_page = path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("SUMMARY.md");
        assert!(!is_page || listed.contains(&path), "{} is not in SUMMARY.md", path.display());
    }
}

#[test]
fn commands_and_their_options_exist() {
    let repository = root();
    let help = |arguments: &[&str]| output(&mut xtask(&repository, arguments)).1;
    let commands: Vec<String> = {
        let all = help(&["help"]);
        let listed = all.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(first_word).collect()
    };
    let mut documents = pages();
    for name in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "examples/receiver/README.md"] {
        documents.push((root().join(name), fs::read_to_string(root().join(name)).expect("a document")));
    }
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in &documents {
        for mention in text.split("cargo xtask ").skip(1) {
            // The command ends at the end of the line or of the code.
            let mention = mention.split(['\n', '`', '#', '|']).next().unwrap_or_default();
            let Some(command) = first_word(mention).filter(|word| word != "COMMAND") else { continue };
            assert!(commands.contains(&command), "{}: there is no command {command:?}", path.display());
            let options = mention.split_whitespace().filter(|word| word.starts_with("--"));
            used.entry(command).or_default().extend(options.map(|option| option.trim_matches(',').to_owned()));
        }
    }
    assert!(used.len() > 7, "{used:?}");
    for (command, options) in used {
        let help = if command == "help" { String::new() } else { help(&[&command, "--help"]) };
        for option in options {
            let is_word = |word: &str| word.trim_matches(',') == option;
            assert!(help.split_whitespace().any(is_word), "{command} has no option {option}");
        }
    }
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
    Some(word).filter(|word| !word.is_empty())
}

#[test]
fn every_event_is_listed() {
    let page = fs::read_to_string(root().join("guide/src/vendors.md")).expect("the page of the vendors");
    for example in examples(&vendors()) {
        let of_vendor = |section: &&str| section.contains(&format!("\nFeature `{}`.", example.provider));
        let section = page.split("\n## ").find(of_vendor).expect("a section for each vendor");
        let is_listed = section.contains(&format!("\n* `{}`", example.event));
        assert!(is_listed, "{}/{} is not listed", example.provider, example.event);
    }
}

#[test]
fn blocks_are_found_and_compared() {
    let page = "a\n```console status:2\n$ one\n1\n$ two\n```\n<!-- continues -->\n<!-- $ three -->\n\
                ````markdown file:a/b.md\n```json\n{}\n```\n````\n```sh\n$ four\n```\n";
    let run = |command: &str, output, status| Step::Run { command: command.to_owned(), output, status };
    let save = Step::Save { path: "a/b.md".to_owned(), text: "```json\n{}\n```\n".to_owned() };
    assert_eq!(steps(page), (vec![run("one", 3..4, 0), run("two", 5..5, 2), run("three", 8..8, 0), save], true));
    assert!(fits(&["a", "…", "d"], &["a", "b", "c", "d"]) && fits(&["…"], &[]) && fits(&["a … c"], &["a b c"]));
    assert!(!fits(&["a", "…", "d"], &["a", "b", "c"]) && !fits(&["a"], &["a", "b"]) && !fits(&["a…c"], &["ab"]));
    assert_eq!(links("[a](b.md#c) and\n```sh\n[d](e)\n```\n[f](g)"), ["b.md#c", "g"]);
}
