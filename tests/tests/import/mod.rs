//! OpenAPI, AsyncAPI and JSON Schema documents as schema-defs: imported schemas decide as the documents do.

mod branches;
mod command;
mod discriminator;
mod dispatch;
mod errors;
mod evaluate30;
mod given;
mod kept;
mod notes;
mod openapi30;
mod payloads;
mod refer;
mod swagger;
mod wrapped;

use std::fs;
use std::path::PathBuf;

use conformance::folder::{root, write};
use conformance::mutate::{self, Mutant, at_mut, places};
use serde_json::{Value, json};
use tempfile::TempDir;
use webhook_codegen::catalog::Provider;
use webhook_codegen::{Dialect, EventMatcher, Validator, generate_folder, settings_text};
use webhook_import::{ImportError, Imported, Options, import};

fn fixture(name: &str) -> PathBuf {
    root().join("tests/fixtures/import").join(name)
}

/// A document, read by another reader of YAML, which reads JSON too.
fn document(name: &str) -> Value {
    serde_norway::from_str(&fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

fn imported(name: &str) -> Imported {
    import("vendor", &[fixture(name)], &Options::default()).unwrap()
}

/// A document that a test makes, imported.
fn import_text(file: &str, text: &str) -> Result<Imported, ImportError> {
    import_with(file, text, &Options::default())
}

/// A document that a test makes, imported with options.
fn import_with(file: &str, text: &str, options: &Options) -> Result<Imported, ImportError> {
    let folder = folder(&[(file, text)]);
    import("vendor", &[folder.path().join(file)], options)
}

/// A document that a test makes, imported with schemas that are payloads.
fn import_schemas(text: &str, names: &[&str]) -> Result<Imported, ImportError> {
    import_with("a.yaml", text, &Options { payloads: owned(names), ..Options::default() })
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files.iter().copied());
    folder
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().copied().map(str::to_owned).collect()
}

/// The problems of a document, with the folder of the test taken out.
fn problems(file: &str, text: &str) -> String {
    match import_text(file, text) {
        Ok(imported) => panic!("{imported:#?}"),
        Err(error) => shown(&error),
    }
}

fn shown(error: &ImportError) -> String {
    error.problems.iter().map(|problem| format!("[{}] {problem}", problem.code)).collect::<Vec<_>>().join("\n")
}

/// Imports documents, writes the result to a folder, reads it as `codegen` does, and generates code for it.
#[track_caller]
fn written(imported: &Imported) -> Provider {
    let folder = tempfile::tempdir().unwrap();
    let provider = &imported.provider;
    let text = settings_text(&provider.settings, imported.comment.as_deref());
    let mut files = vec![(provider.settings_file(), text)];
    files.extend(provider.documents.iter().map(|(path, json)| (path.clone(), json.pretty())));
    for event in provider.roots() {
        files.push((provider.schema_file(event), event.schema.pretty()));
        files.extend(event.overlay.iter().map(|overlay| (provider.overlay_file(event), overlay.pretty())));
        let example = |example| (provider.example_file(event, example), example.text.clone());
        files.extend(event.examples.iter().map(example));
    }
    write(folder.path(), files);
    let (mut catalog, _) = generate_folder(folder.path(), &webhook_codegen::Options::default())
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    catalog.providers.remove(0)
}

/// The schema of an event, as it was imported.
fn validator(provider: &Provider, event: &str) -> Validator {
    let event = provider.events.iter().find(|known| known.name == event).unwrap_or_else(|| panic!("no {event}"));
    Validator::new(&event.schema, &provider.library(), Dialect::default()).unwrap()
}

/// Checks that an event takes each of its examples, and each mutant of one just when the document does.
#[track_caller]
fn agrees(provider: &Provider, event: &str, payloads: &[&Value], in_document: impl Fn(&Value) -> bool) {
    let validator = validator(provider, event);
    let (mut valid, mut invalid) = (0, 0);
    for payload in payloads {
        for instance in mutants(payload) {
            let expected = in_document(&instance);
            assert_eq!(validator.are_valid(&[&instance]), [expected], "{event}: {instance}");
            *(if expected { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(valid > 0 && invalid > 0, "{event}: {valid} valid and {invalid} invalid");
}

/// Returns a payload and its mutants, with the values that the schemas of the tests tell apart.
fn mutants(payload: &Value) -> Vec<Value> {
    let others = json!([
        -1, 0.25, 0.1, 1e300, true, "another text, of more than twenty letters", "new", "a", [1, 2, 3],
        { "shape": "tube" }, { "name": "A" }
    ]);
    // In draft-04, 7.0 is no integer for the other validator.
    let is_clear = |mutant: &Mutant| !mutant.what.ends_with("a fraction of zero");
    let mut found: Vec<Value> =
        mutate::mutants(payload).into_iter().filter(is_clear).map(|mutant| mutant.value).collect();
    for place in places(payload) {
        let mut with = |change: &dyn Fn(&mut Value)| {
            let mut mutant = payload.clone();
            change(at_mut(&mut mutant, &place).unwrap());
            found.push(mutant);
        };
        with(&|value| {
            if let Value::Array(items) = value {
                items.push(json!(1))
            }
        });
        others.as_array().unwrap().iter().for_each(|other| with(&|value| *value = other.clone()));
    }
    found.push(payload.clone());
    found
}

/// The names of the events that payloads are identified as.
#[track_caller]
fn identified(provider: &Provider, payloads: impl IntoIterator<Item = Value>) -> Vec<&str> {
    let matcher = EventMatcher::new(provider).unwrap();
    let name = |payload| matcher.detect(&payload).map_or("unknown", |at| &*provider.events[at].name);
    payloads.into_iter().map(name).collect()
}

fn names(provider: &Provider) -> Vec<&str> {
    provider.events.iter().map(|event| event.name.as_str()).collect()
}

/// The examples of an event, by name.
fn examples<'p>(provider: &'p Provider, event: &str) -> Vec<(&'p str, &'p Value)> {
    let event = provider.events.iter().find(|known| known.name == event).unwrap();
    event.examples.iter().map(|example| (example.name.as_str(), &example.value)).collect()
}
