//! The sources that the command names: what each is, and its messages.

use std::path::{Path, PathBuf};

use webhook_codegen::json::Json;
use webhook_codegen::{Code, Diagnostic, one_line};

use crate::documents::{DocumentId, shown};
use crate::json_schema::SourceFile;
use crate::message::{Message, Reading};
use crate::openapi::Payloads;
use crate::provider::About;
use crate::schemas::Schemas;
use crate::{asyncapi, json_schema, openapi};

/// What a document is.
enum Format {
    OpenApi(String),
    AsyncApi(String),
    /// The version that is not supported.
    Swagger(String),
    Other,
}

/// Reads the sources. `payloads` are the names of schemas that are payloads.
pub(crate) fn read(
    sources: &[PathBuf],
    payloads: &[String],
    schemas: &mut Schemas<'_>,
) -> Result<(About, Vec<Message>), Vec<Diagnostic>> {
    let mut payloads = Payloads::new(payloads);
    let mut files = Vec::new();
    for source in sources {
        match source.is_dir() {
            true => {
                schemas.documents.add_root(source);
                list(source, &mut files, &mut schemas.problems);
            }
            false => {
                schemas.documents.add_named(source);
                files.push((source.clone(), true));
            }
        }
    }
    let mut documents = Vec::new();
    for (path, is_named) in files {
        if !is_named && !schemas.documents.is_allowed(&path) {
            let message = "a link that leads out of the folder is not followed";
            let advice = "copy the file into the folder, or give the folder that it is in with --with FOLDER";
            schemas.problems.push(Diagnostic::of_file(Code::Unreadable, shown(&path), message, advice));
            continue;
        }
        match schemas.documents.open(&path) {
            Ok(document) => documents.push(SourceFile { document, is_named }),
            Err(problem) => schemas.problems.push(problem),
        }
    }
    if documents.is_empty() && schemas.problems.is_empty() {
        let file = sources.first().map(|source| shown(source)).unwrap_or_default();
        let advice = "name a document, or a folder of JSON or YAML files";
        schemas.problems.push(Diagnostic::of_file(Code::NoEvents, file, "no .json, .yaml or .yml file in it", advice));
    }
    if !schemas.problems.is_empty() {
        return Err(std::mem::take(&mut schemas.problems));
    }
    let mut about = About::default();
    let mut reading = Reading { schemas, messages: Vec::new() };
    let mut others = Vec::new();
    let mut has_documents = false;
    for file in &documents {
        let document = reading.documents().get(file.document);
        match format(&document.json) {
            Format::OpenApi(version) => {
                describe(&mut about, &mut reading, file.document, &format!("OpenAPI {version}"));
                openapi::read(&mut reading, file.document, &version, &mut payloads);
            }
            Format::AsyncApi(version) => {
                describe(&mut about, &mut reading, file.document, &format!("AsyncAPI {version}"));
                asyncapi::read(&mut reading, file.document, &version);
            }
            Format::Swagger(version) => {
                let message = format!("OpenAPI {version} (Swagger) has no webhooks and no callbacks");
                let advice = "convert it to OpenAPI 3.0, 3.1 or 3.2, or save the schemas of payloads as files";
                let problem = document.problem(Code::UnsupportedDocument, "/swagger", message, advice);
                reading.schemas.problems.push(problem);
            }
            Format::Other => {
                others.push(*file);
                continue;
            }
        }
        has_documents = true;
    }
    // Beside a document, the files of a folder are what it refers to.
    let events: Vec<SourceFile> = others.iter().copied().filter(|file| file.is_named || !has_documents).collect();
    if !events.is_empty() {
        for file in &events {
            if file.is_named {
                describe(&mut about, &mut reading, file.document, "JSON Schema");
            }
        }
        json_schema::read(&mut reading, &events);
    }
    if events.len() < others.len() {
        let text = format!(
            "{} other files in the folder: read only where a document refers to them",
            others.len() - events.len()
        );
        reading.notes().add("", text);
    }
    let messages = reading.messages;
    let file = sources.first().map(|source| shown(source)).unwrap_or_default();
    schemas.problems.extend(payloads.problems(&file));
    about.origin.dedup();
    if about.origin.is_empty() {
        about.origin.extend(
            sources
                .iter()
                .filter_map(|source| Some(format!("{}: JSON Schemas", source.file_name()?.to_string_lossy()))),
        );
    }
    match schemas.problems.is_empty() {
        true => Ok((about, messages)),
        false => Err(std::mem::take(&mut schemas.problems)),
    }
}

/// The files of a folder that may be documents, by name; nothing hidden.
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
        (Some(version), _, _) => Format::OpenApi(version),
        (None, Some(version), _) => Format::AsyncApi(version),
        (None, None, Some(version)) => Format::Swagger(version),
        (None, None, None) => Format::Other,
    }
}

/// Records what a document is.
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
