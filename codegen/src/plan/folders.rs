//! Checks the names of a provider's folders and files, which become modules, features, paths and comments.

use super::names::snake;
use crate::load::catalog::Provider;
use crate::model::diagnostic::{Code, Diagnostic};
use crate::text::{is_invisible, visible};

/// Names that a provider's module cannot have: crates that generated code refers to, and names with a meaning for
/// Cargo.
const TAKEN_MODULES: [&str; 8] = ["alloc", "bin", "core", "lib", "proc_macro", "serde_json", "std", "webhook_runtime"];

/// Features that every package has.
const TAKEN_FEATURES: [&str; 10] = [
    "arbitrary_precision", "axum", "chrono", "default", "jiff_0_2", "jiff_1", "schemars", "signature", "tokio", "tower",
];

/// Returns a problem for each name of the provider that is not allowed.
pub(crate) fn check_names(provider: &Provider) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut check = |file: String, name: &str, what: &str| {
        let problem = match name.chars().find(|c| is_invisible(*c) || matches!(c, '/' | '\\')) {
            Some(c) => format!("the name of the {what} has the character {}", c.escape_unicode()),
            None if name.is_empty() || name.starts_with('.') => format!("{name:?} is not a name of a {what}"),
            None => return,
        };
        problems.push(Diagnostic::of_file(Code::InvalidName, visible(&file), problem, format!("rename the {what}")));
    };
    check(provider.name.clone(), &provider.name, "folder");
    for event in provider.roots() {
        check(format!("{}/{}", provider.name, event.name), &event.name, "folder");
        for example in &event.examples {
            check(provider.example_file(event, example), &example.name, "file");
        }
    }
    for file in provider.documents.keys() {
        if file.contains(is_invisible) {
            check(file.clone(), file.rsplit('/').next().unwrap_or_default(), "file");
        }
    }
    let module = snake(&provider.name);
    let is_taken = match module.as_str() {
        module if !module.is_ascii() => Some("the names of modules and features are ASCII".to_owned()),
        module if TAKEN_MODULES.contains(&module) => Some(format!("a module cannot be called `{module}`")),
        module if TAKEN_FEATURES.contains(&module) => Some(format!("every package has a feature `{module}`")),
        _ => None,
    };
    problems.extend(is_taken.map(|message| {
        let advice = "rename the folder: use small letters, digits and `_`, a letter first";
        Diagnostic::of_file(Code::InvalidName, visible(&provider.name), message, advice)
    }));
    problems
}
