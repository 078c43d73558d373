//! Formats generated files and adds the header that names their source.

use crate::output::mark;
use crate::render::provider::Part;

/// Formats the parts of a file that are not formatted yet, and adds the header.
///
/// # Errors
///
/// Returns an error if the code is not Rust.
pub(crate) fn formatted(source: &str, parts: Vec<Part>) -> syn::Result<String> {
    let mut text = String::new();
    for part in parts {
        let part = match part {
            Part::Tokens(code) => spaced(&prettyplease::unparse(&syn::parse2(code)?)),
            Part::Text(part) => part,
        };
        if !text.is_empty() && !part.is_empty() {
            text.push('\n');
        }
        text.push_str(&part);
    }
    syn::parse_file(&text)?;
    Ok(format!("{}\n\n{text}", mark::rust(source)))
}

/// Inserts an empty line between items, and between the functions of an `impl`.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        let kind =
            |line: &str| ["use ", "pub use ", "mod ", "pub mod "].into_iter().find(|word| line.starts_with(word));
        let ended = match indent(line) {
            _ if before.trim_start().starts_with("///") => false,
            0 => before.starts_with('}') || before.ends_with(';') || before.starts_with("//!"),
            4 => {
                before == "    }"
                    || before.ends_with(';') && indent(before) == 4 && line.trim_start().starts_with("fn ")
            }
            _ => false,
        };
        let starts = match indent(line) {
            0 => line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '#' || c == '/'),
            _ => ["fn ", "pub fn ", "///", "#["].iter().any(|word| line.trim_start().starts_with(word)),
        };
        let together =
            kind(line).is_some() && kind(line) == kind(before) || before.starts_with("//!") && line.starts_with("//!");
        if ended && starts && !together {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        before = line;
    }
    spaced
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
