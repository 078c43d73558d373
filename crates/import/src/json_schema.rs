//! Reads files that are JSON Schemas, and decides which schemas are events and which files are payloads.

use std::collections::BTreeSet;

use webhook_codegen::infer::folder_name;
use webhook_codegen::json::Json;
use webhook_codegen::uri::resolve;
use webhook_codegen::{Code, Dialect};

use crate::documents::{Document, DocumentId};
use crate::message::{DocumentedExample, Message, Reading};
use crate::openapi::Payloads;
use crate::references::Place;
use crate::schemas::Language;

/// A file of the sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceFile {
    pub(crate) document: DocumentId,
    /// Whether the command names the file itself, and not only its folder.
    pub(crate) is_named: bool,
}

/// Words for folders and files of payloads.
const EXAMPLES: [&str; 6] = ["example", "examples", "payload", "payloads", "sample", "samples"];

/// Members of a schema that do not affect validity by themselves.
const NOTHING: [&str; 8] = ["$schema", "$id", "id", "title", "description", "$comment", "definitions", "$defs"];

/// Reads files: every schema that no other schema refers to is an event. If `named` chooses schemas, only the chosen
/// files and definitions are events.
pub(crate) fn read(reading: &mut Reading<'_, '_>, files: &[SourceFile], named: &mut Payloads<'_>) {
    let before = reading.messages.len();
    let (schemas, others): (Vec<SourceFile>, Vec<SourceFile>) = files.iter().copied().partition(|file| {
        let document = reading.schemas.documents.get(file.document);
        is_schema(&document.json)
    });
    let (indexes, schemas): (Vec<SourceFile>, Vec<SourceFile>) =
        schemas.into_iter().partition(|file| is_index(&reading.schemas.documents.get(file.document).json));
    for file in indexes {
        let place = Place { document: file.document, pointer: String::new() };
        reading.note(&place, "a list of schemas in other files: each of them is an event, and the list is not");
    }
    let referred = referred(reading, &schemas);
    let first = reading.messages.len();
    for file in &schemas {
        let place = Place { document: file.document, pointer: String::new() };
        let document = reading.documents().get(file.document);
        if named.leaves_out(&names_of(&document)) {
            continue;
        }
        if named.choose() {
            let is_chosen = names_of(&document).iter().any(|name| named.has(name));
            definitions(reading, &place, named);
            if !is_chosen {
                continue;
            }
        } else if !file.is_named && referred.contains(&file.document) {
            continue;
        }
        let decides = |(name, _): &(String, Json)| !NOTHING.contains(&name.as_str());
        if document.json.as_object().is_some_and(|members| !members.iter().any(decides)) {
            reading.note(&place, "definitions only, and nothing refers to them: not imported");
            continue;
        }
        let title = reading.documents().text(&place, "title");
        let mut message = Message::new(vec![document.subject().to_owned()], place.clone());
        match title {
            // A file that is called schema.json has no name of its own.
            Some(title) if !document.has_own_name() => message.names.insert(0, title),
            title => message.names.extend(title),
        }
        message.examples = reading.schema_examples(&place);
        message.schema = Some((place, Language::Files(Dialect::default())));
        reading.messages.push(message);
    }
    // If names are given, a name that no schema has is reported instead.
    if reading.messages.len() == first && named.choose() {
        return;
    }
    name_by_folders(reading, first);
    for file in others {
        payload(reading, before, file.document);
    }
    if reading.messages.len() == before && reading.schemas.problems.is_empty() {
        let shown = files.first().map_or(String::new(), |file| reading.documents().get(file.document).shown.clone());
        let message = "neither an OpenAPI document, nor an AsyncAPI document, nor a JSON Schema".to_owned();
        let advice = "give a document with a member `openapi` or `asyncapi`, or schemas; for payloads there is \
                      the command `infer`, and for pages `drift`";
        let problem = webhook_codegen::Diagnostic::of_file(Code::UnsupportedDocument, shown, message, advice);
        reading.schemas.problems.push(problem);
    }
}

/// Returns the names that a file has on the command line: its own name, and its path below the folder that was given.
fn names_of(document: &Document) -> [&str; 3] {
    let path = document.label.as_str();
    [document.subject(), path, path.rsplit_once('.').map_or(path, |(stem, _)| stem)]
}

/// Reads the definitions of a file that the command names, as events.
fn definitions(reading: &mut Reading<'_, '_>, file: &Place, named: &mut Payloads<'_>) {
    for keyword in ["$defs", "definitions"] {
        for (name, json) in reading.members(&file.below(&[keyword])) {
            if !named.has(&name) || !matches!(json, Json::Object(_)) {
                continue;
            }
            let place = file.below(&[keyword, &name]);
            let pointer = place.pointer.replace('%', "%25");
            let reference = Json::Object(vec![("$ref".to_owned(), Json::String(format!("#{pointer}")))]);
            let mut message = Message::new(vec![name], place.clone());
            message.examples = reading.schema_examples(&place);
            // A file is converted as a whole, so the schema of the event is a reference into it.
            let schema = reading.documents().derive(file, reference);
            message.schema = Some((schema, Language::Files(Dialect::default())));
            reading.messages.push(message);
        }
    }
}

/// Returns whether a document is a schema.
fn is_schema(json: &Json) -> bool {
    let Json::Object(members) = json else { return false };
    let is_type = |value: &Json| {
        let names = ["null", "boolean", "integer", "number", "string", "array", "object"];
        value.as_str().is_some_and(|name| names.contains(&name))
    };
    members.iter().any(|(name, value)| match name.as_str() {
        "$schema" | "$ref" => value.as_str().is_some(),
        "type" => is_type(value) || value.as_array().is_some_and(|names| names.iter().all(is_type)),
        "allOf" | "anyOf" | "oneOf" => value.as_array().is_some_and(|items| items.iter().all(is_schema)),
        "$defs" | "definitions" | "properties" => {
            let is_one = |(_, value): &(String, Json)| is_schema(value);
            value.as_object().is_some_and(|members| !members.is_empty() && members.iter().all(is_one))
        }
        _ => false,
    })
}

/// Returns whether a schema is only a choice of schemas in other files.
fn is_index(json: &Json) -> bool {
    let is_elsewhere = |branch: &Json| {
        let reference =
            branch.as_object().filter(|members| members.len() == 1).and_then(|_| branch.get("$ref")?.as_str());
        reference.is_some_and(|reference| !reference.contains('#'))
    };
    let is_choice = |(name, value): &(String, Json)| match name.as_str() {
        "oneOf" | "anyOf" => value.as_array().is_some_and(|branches| branches.iter().all(is_elsewhere)),
        name => NOTHING.contains(&name),
    };
    let has_branches = json.get("oneOf").or_else(|| json.get("anyOf")).is_some();
    has_branches && json.as_object().is_some_and(|members| members.iter().all(is_choice))
}

/// Puts the names of folders first if files in several folders have the same name.
fn name_by_folders(reading: &mut Reading<'_, '_>, first: usize) {
    let of = |message: &Message| message.names.first().map(|name| folder_name(name)).unwrap_or_default();
    let mut names = BTreeSet::new();
    if reading.messages[first..].iter().all(|message| names.insert(of(message))) {
        return;
    }
    let roots = reading.documents().roots.clone();
    for message in &mut reading.messages[first..] {
        let document = reading.schemas.documents.get(message.place.document);
        let below = roots.iter().find_map(|root| document.uri.strip_prefix(root));
        let folder = below.and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder);
        if let (Some(folder), Some(name)) = (folder, message.names.first().cloned()) {
            message.names.insert(0, format!("{folder}/{name}"));
        }
    }
}

/// Returns the documents that other documents refer to.
fn referred(reading: &mut Reading<'_, '_>, files: &[SourceFile]) -> BTreeSet<DocumentId> {
    let mut found = BTreeSet::new();
    for file in files {
        let document = reading.documents().get(file.document);
        let own = document.resources.first().filter(|(_, pointer)| pointer.is_empty());
        let base = own.map_or(document.uri.clone(), |(uri, _)| uri.clone());
        let mut references = Vec::new();
        all_references(&document.json, &mut references);
        for reference in references {
            // A reference may be relative to the file's own address, to the location of the file, or to the folder of
            // all files.
            let roots = reading.schemas.documents.roots.clone();
            for base in [&base, &document.uri].into_iter().chain(&roots) {
                let Ok(uri) = resolve(base, &reference) else { continue };
                let address = uri.split('#').next().unwrap_or_default();
                let is_it = |known: &SourceFile| {
                    let other = reading.schemas.documents.get(known.document);
                    other.uri == address || other.resources.iter().any(|(uri, _)| uri == address)
                };
                if let Some(other) = files.iter().find(|known| is_it(known))
                    && other.document != file.document
                {
                    found.insert(other.document);
                }
            }
        }
    }
    found
}

fn all_references(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| all_references(item, found)),
        Json::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("$ref", Json::String(reference)) => found.push(reference.clone()),
                    _ => all_references(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Reads a file that is not a schema as a payload of the event that its name or its folder names.
fn payload(reading: &mut Reading<'_, '_>, first: usize, document: DocumentId) {
    let place = Place { document, pointer: String::new() };
    let file = reading.documents().get(document);
    let mut folders: Vec<&str> = file.shown.rsplit(['/', '\\']).skip(1).take(3).collect();
    folders.retain(|folder| !key(folder).is_empty());
    // The first part names the event in `created.with-user.payload.json`.
    let stems = [file.subject(), file.subject().split('.').next().unwrap_or_default()].map(key);
    let in_folder = |stem: &String| folders.first().map(|folder| format!("{}_{stem}", key(folder)));
    let mut keys: Vec<String> = stems.iter().filter(|stem| !stem.is_empty()).filter_map(in_folder).collect();
    keys.extend(stems.iter().cloned().chain(folders.iter().map(|folder| key(folder))));
    let of = |message: &Message| message.names.first().map(|name| folder_name(name)).unwrap_or_default();
    let best = keys.iter().find_map(|key| reading.messages[first..].iter().position(|message| of(message) == *key));
    match best {
        Some(at) => {
            let own = folder_name(file.subject());
            let name = Some(own).filter(|name| *name != of(&reading.messages[first + at]));
            let example = DocumentedExample::new(name, file.json.clone(), file.shown.clone());
            reading.messages[first + at].examples.push(example);
        }
        None => reading.note(&place, "neither a schema nor named after an event: not imported"),
    }
}

/// Returns the name of an event in the name of a file, without words such as `payload` and without a number.
fn key(name: &str) -> String {
    let name = folder_name(name);
    let words = name.split('_').filter(|word| !EXAMPLES.contains(word) && word.parse::<u32>().is_err());
    words.collect::<Vec<_>>().join("_")
}
