//! Reads pages through the public interface.

// What a test is made of, it may unwrap.
#![allow(clippy::unwrap_used, clippy::panic)]

mod attributes;
mod formats;
mod intended;
mod limits;
mod not_json;
mod repairs;
mod round_trip;
mod vendors;
mod vendors_today;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use webhook_codegen::json::Json;
use webhook_drift::page::{self, Block, Page, PageError};

fn read(name: &str, text: &str) -> Page {
    page::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The one block of a page.
#[track_caller]
fn one(name: &str, text: &str) -> Block {
    let page = read(name, text);
    assert_eq!(page.blocks.len(), 1, "{page:#?}");
    assert_eq!(page.unparsed, [], "{text}");
    page.blocks.into_iter().next().unwrap()
}

/// The blocks of a page: their first and last line, their heading and their JSON.
fn blocks(page: &Page) -> Vec<(usize, usize, &str, String)> {
    let of = |(block, heading): (&Block, _)| (block.first_line, block.last_line, heading, block.json.to_string());
    page.blocks.iter().zip(headings(page)).map(of).collect()
}

/// The headings of the blocks of a page, empty for a block without one.
fn headings(page: &Page) -> Vec<&str> {
    page.blocks.iter().map(|block| block.heading.as_deref().unwrap_or_default()).collect()
}

/// A saved page and its text, when it is at hand.
fn saved(folder: &str, name: &str) -> Option<(Page, String)> {
    let path = root().join("../shared").join(folder).join(name);
    if !path.exists() {
        // libtest captures what the macros print.
        let _ = writeln!(std::io::stderr(), "skipped: {} does not exist", path.display());
        return None;
    }
    let text = fs::read_to_string(path).unwrap();
    Some((read(name, &text), text))
}

/// The one block of a page of plain text: its value and its repairs, with their lines.
#[track_caller]
fn repaired(text: &str, value: &str, repairs: &[(usize, &str)]) {
    for (name, text) in [("page.txt", text.to_owned()), ("page.json", text.to_owned())] {
        let block = one(name, &text);
        assert_eq!(block.json.to_string(), value);
        let found: Vec<(usize, &str)> =
            block.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect();
        assert_eq!(found, repairs, "{text}");
    }
}

#[track_caller]
fn none(name: &str, text: &str) {
    match page::read(name, text.as_bytes()) {
        Err(PageError::NoJson) => {}
        other => panic!("{other:#?}\n{text}"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
}

/// Returns the distance between the pages that a test reads if there are too many: `far`, or less in a long run with
/// `CONFORMANCE_ROUNDS`.
fn stride(far: usize) -> usize {
    let rounds = std::env::var("CONFORMANCE_ROUNDS").ok().and_then(|text| text.parse().ok());
    (far / rounds.unwrap_or(1)).max(1)
}

fn has_members(json: &Json) -> bool {
    match json {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => items.iter().any(has_members),
        _ => false,
    }
}
