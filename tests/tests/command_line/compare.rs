//! The comparison in tests/compare: its README has the options that the command has.

use std::collections::BTreeSet;
use std::fs;

use conformance::folder::root;
use syn::{Item, Meta};

/// The long options of the struct `Options` in a file.
fn declared(code: &str) -> BTreeSet<String> {
    let file = syn::parse_file(code).expect("Rust");
    let options = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Options" => Some(item),
        _ => None,
    });
    let is_option = |field: &&syn::Field| {
        field.attrs.iter().any(|attr| match &attr.meta {
            Meta::List(list) if list.path.is_ident("arg") => list.tokens.to_string().starts_with("long"),
            _ => false,
        })
    };
    let fields = options.expect("a struct called Options").fields.iter().filter(is_option);
    fields.map(|field| format!("--{}", field.ident.as_ref().expect("a name")).replace('_', "-")).collect()
}

/// The options in the first column of a table.
fn documented(readme: &str) -> BTreeSet<String> {
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `--"));
    rows.map(|row| format!("--{}", row.split(['`', ' ']).next().expect("a name"))).collect()
}

#[test]
fn the_readme_has_the_options_of_the_command() {
    let read = |path: &str| fs::read_to_string(root().join("tests/compare").join(path)).expect("a file");
    let declared = declared(&read("src/options.rs"));
    assert!(declared.contains("--with"), "{declared:?}");
    assert_eq!(documented(&read("README.md")), declared);
}
