//! Reads the sources that the command names, by their formats.

use std::path::{Path, PathBuf};

use webhook_codegen::json::Json;
use webhook_codegen::{Checked, Code, Diagnostic, one_line};

use crate::documents::{DocumentId, shown};
use crate::json_schema::SourceFile;
use crate::message::{Message, Reading};
use crate::openapi::{Named, Payloads};
use crate::provider::About;
use crate::schemas::Schemas;
use crate::{Options, asyncapi, json_schema, openapi};

/// The format of a document.
enum Format {
    OpenApi(String),
    AsyncApi(String),
    Other,
}

/// Reads the sources.
pub(crate) fn read(
    sources: &[PathBuf],
    options: &Options,
    schemas: &mut Schemas<'_>,
) -> Checked<(About, Vec<Message>)> {
    let documents = open(sources, schemas)?;
    let mut named = Named { schemas: Payloads::new(&options.payloads), paths: Payloads::new(&options.paths) };
    let mut about = About::default();
    let mut reading = Reading { schemas, messages: Vec::new() };
    let others = read_documents(&documents, &mut named, &mut about, &mut reading);
    // If a folder has an API document, its other files are parts that the document refers to.
    let has_documents = others.len() < documents.len();
    let (events, unread): (Vec<SourceFile>, Vec<SourceFile>) =
        others.into_iter().partition(|file| file.is_named || !has_documents);
    if !events.is_empty() {
        for file in events.iter().filter(|file| file.is_named) {
            describe(&mut about, &mut reading, file.document, "JSON Schema");
        }
        json_schema::read(&mut reading, &events, &mut named.schemas);
    }
    if !unread.is_empty() {
        let text = format!("{} other files in the folder: read only where a document refers to them", unread.len());
        reading.notes().add("", text);
    }
    let messages = reading.messages;
    schemas.problems.extend(named.schemas.problems("schema", &first_shown(sources)));
    schemas.problems.extend(named.paths.problems("path", &first_shown(sources)));
    if !schemas.problems.is_empty() {
        return Err(std::mem::take(&mut schemas.problems));
    }
    about.origin.dedup();
    if about.origin.is_empty() {
        let names = sources.iter().filter_map(|source| source.file_name());
        about.origin.extend(names.map(|name| format!("{}: JSON Schemas", name.to_string_lossy())));
    }
    Ok((about, messages))
}

/// Opens the named files, and the files in named folders.
fn open(sources: &[PathBuf], schemas: &mut Schemas<'_>) -> Checked<Vec<SourceFile>> {
    let mut files = Vec::new();
    for source in sources {
        if source.is_dir() {
            schemas.documents.add_root(source);
            list(source, &mut files, &mut schemas.problems);
        } else {
            schemas.documents.add_named(source);
            files.push((source.clone(), true));
        }
    }
    let mut documents = Vec::new();
    for (path, is_named) in files {
        if !is_named && !schemas.documents.is_allowed(&path) {
            let message = "a link that leads out of the folder is not followed";
            let advice = "copy the file into the folder, or give the folder that it is in with --with DIR";
            schemas.problems.push(Diagnostic::of_file(Code::Unreadable, shown(&path), message, advice));
            continue;
        }
        match schemas.documents.open(&path) {
            Ok(document) => documents.push(SourceFile { document, is_named }),
            Err(problem) => schemas.problems.push(problem),
        }
    }
    if documents.is_empty() && schemas.problems.is_empty() {
        let (message, advice) =
            ("the folder has no .json, .yaml or .yml file", "name a document, or a folder of JSON or YAML files");
        schemas.problems.push(Diagnostic::of_file(Code::NoEvents, first_shown(sources), message, advice));
    }
    if schemas.problems.is_empty() { Ok(documents) } else { Err(std::mem::take(&mut schemas.problems)) }
}

/// Reads the messages of OpenAPI and AsyncAPI documents, and returns the other files.
fn read_documents(
    documents: &[SourceFile],
    named: &mut Named<'_>,
    about: &mut About,
    reading: &mut Reading<'_, '_>,
) -> Vec<SourceFile> {
    let mut others = Vec::new();
    for file in documents {
        let document = reading.documents().get(file.document);
        match format(&document.json) {
            Format::OpenApi(version) => {
                let name = if document.json.get("openapi").is_some() { "OpenAPI" } else { "Swagger" };
                describe(about, reading, file.document, &format!("{name} {version}"));
                openapi::read(reading, file.document, &version, named);
            }
            Format::AsyncApi(version) => {
                describe(about, reading, file.document, &format!("AsyncAPI {version}"));
                asyncapi::read(reading, file.document, &version);
            }
            Format::Other => others.push(*file),
        }
    }
    others
}

/// Returns the first source, for messages about all sources.
fn first_shown(sources: &[PathBuf]) -> String {
    sources.first().map(|source| shown(source)).unwrap_or_default()
}

/// Lists the files of a folder that may be documents, sorted by name. Hidden files are left out.
fn list(folder: &Path, files: &mut Vec<(PathBuf, bool)>, problems: &mut Vec<Diagnostic>) {
    let listed = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = match listed {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("cannot be listed: {error}");
            problems.push(Diagnostic::of_file(Code::Unreadable, shown(folder), message, "check its permissions"));
            return;
        }
    };
    let mut entries: Vec<std::fs::DirEntry> = entries;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link could lead back to the folder itself.
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        if is_hidden || is_link && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            list(&path, files, problems);
        } else if matches!(extension.as_deref(), Some("json" | "yaml" | "yml")) {
            files.push((path, false));
        }
    }
}

fn format(json: &Json) -> Format {
    let version = |name: &str| match json.get(name)? {
        Json::String(text) | Json::Number(text) => Some(text.clone()),
        _ => None,
    };
    match (version("openapi"), version("asyncapi"), version("swagger")) {
        (None, Some(version), _) => Format::AsyncApi(version),
        (Some(version), ..) | (None, None, Some(version)) => Format::OpenApi(version),
        (None, None, None) => Format::Other,
    }
}

/// Records the format of a document.
fn describe(about: &mut About, reading: &mut Reading<'_, '_>, document: DocumentId, format: &str) {
    let document = reading.documents().get(document);
    let info = |name: &str| document.json.get("info").and_then(|info| info.get(name)).and_then(Json::as_str);
    about.title = about.title.take().or_else(|| info("title").map(one_line));
    let named = info("title").map(|title| match info("version") {
        Some(version) => format!(", {} {}", one_line(title), one_line(version)),
        None => format!(", {}", one_line(title)),
    });
    about.origin.push(format!("{}: {format}{}", document.label, named.unwrap_or_default()));
}
