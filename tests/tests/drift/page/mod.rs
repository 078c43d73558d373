//! Reads pages through the public interface.

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

use conformance::folder::{root, shared, texts};
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
    let text = fs::read_to_string(shared(folder)?.join(name)).unwrap();
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

/// Returns the text of the JSON files in a folder of the repository, by path.
fn json_files(folder: &str) -> impl Iterator<Item = (String, String)> + use<> {
    texts(&root().join(folder)).into_iter().filter(|(path, _)| path.ends_with(".json"))
}

fn has_members(json: &Json) -> bool {
    match json {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => items.iter().any(has_members),
        _ => false,
    }
}
