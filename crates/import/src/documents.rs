//! Reads documents: the sources, the files that they refer to, and local copies of documents at addresses.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use percent_encoding::percent_decode_str;
use webhook_codegen::json::{Json, step, without_byte_order_mark};
use webhook_codegen::location::in_json;
use webhook_codegen::uri::{encode_path, resolve};
use webhook_codegen::{Code, Diagnostic, Location};

use crate::references::{Place, identifier};
use crate::yaml;

/// The maximum size of a document in bytes.
const LIMIT: u64 = 64 << 20;

/// A file or a folder that documents may refer to, in addition to the imported files.
#[derive(Clone, Debug)]
pub enum Given {
    /// A copy of the document at an address.
    File(String, PathBuf),
    /// A folder with copies of the documents below an address.
    Below(String, PathBuf),
    /// A folder that references may lead into.
    Folder(PathBuf),
}

/// The index of a document in [`Documents`].
pub(crate) type DocumentId = usize;

/// A document.
#[derive(Debug)]
pub(crate) struct Document {
    /// The URI of the document's file.
    pub(crate) uri: String,
    /// The URI that the document itself declares, unless a schema declares it: `$self` of OpenAPI 3.2.
    pub(crate) own_uri: Option<String>,
    /// The path of the document, for messages.
    pub(crate) shown: String,
    /// The path of the document below the given folder, or the name of its file.
    pub(crate) label: String,
    pub(crate) json: Json,
    /// The schemas of the document that have a URI of their own, with their JSON Pointers.
    pub(crate) resources: Vec<(String, String)>,
    text: String,
    is_yaml: bool,
    /// The number of places that may still be looked up in the text, because each look-up takes as long as reading the
    /// text.
    looks: Cell<usize>,
}

/// The maximum number of problems of a document that are shown with their lines.
const LOOKS: usize = 50;

/// All documents.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    documents: Vec<Rc<Document>>,
    by_uri: HashMap<String, DocumentId>,
    /// Files, by the addresses that they are given for.
    given: BTreeMap<String, PathBuf>,
    /// Pairs of an address and the folder that has the documents below it.
    below: Vec<(String, PathBuf)>,
    /// The folders that references may lead into, without links in their paths.
    folders: Vec<PathBuf>,
    /// The URIs of folders of sources, which references may be relative to.
    pub(crate) roots: Vec<String>,
}

impl Document {
    /// Returns the name of the document's file.
    pub(crate) fn file_name(&self) -> &str {
        self.shown.rsplit(['/', '\\']).next().unwrap_or(&self.shown)
    }

    /// Returns the name of the file without its extension, or the name of its folder if the file is called
    /// `schema.json`.
    pub(crate) fn subject(&self) -> &str {
        let name = self.file_name();
        let stem = [".json", ".yaml", ".yml"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
        let stem = stem.strip_suffix(".schema").or_else(|| stem.strip_suffix("-schema")).unwrap_or(stem);
        let folder = self.shown.rsplit(['/', '\\']).nth(1);
        folder.filter(|_| stem == "schema").unwrap_or(stem)
    }

    /// Returns whether the name of the file is specific, unlike `schema.json`.
    pub(crate) fn has_own_name(&self) -> bool {
        let stem = self.file_name().split('.').next().unwrap_or_default();
        !matches!(stem, "schema" | "index" | "")
    }

    /// Returns a problem at a place of the document.
    pub(crate) fn problem(&self, code: Code, pointer: &str, message: String, advice: &str) -> Diagnostic {
        let problem = Diagnostic::at(code, &self.shown, pointer, message, advice);
        if self.looks.get() == 0 {
            return problem;
        }
        self.looks.set(self.looks.get() - 1);
        let bytes = match self.is_yaml {
            true => yaml::locate(&self.text, pointer),
            false => in_json(&self.text, pointer).map(|found| found.excerpt(&self.text, false)),
        };
        match bytes {
            Some(bytes) => problem.located(Location::new(&self.text, bytes)),
            None => problem,
        }
    }
}

impl Documents {
    pub(crate) fn new(given: &[Given]) -> Documents {
        let mut documents = Documents::default();
        for given in given {
            match given {
                Given::File(url, path) => {
                    let address = url.split('#').next().unwrap_or_default();
                    documents.given.insert(address.to_owned(), path.clone());
                }
                Given::Below(url, folder) => {
                    documents.allow(folder);
                    documents.below.push((url.clone(), folder.clone()));
                }
                Given::Folder(folder) => documents.allow(folder),
            }
        }
        documents
    }

    /// Lets references lead into a folder.
    fn allow(&mut self, folder: &Path) {
        self.folders.extend(folder.canonicalize());
    }

    /// Returns whether a file is in a folder that references may lead into, after symbolic links are resolved. A file
    /// that does not exist is allowed: opening it reports the problem.
    pub(crate) fn is_allowed(&self, path: &Path) -> bool {
        path.canonicalize().map_or(true, |path| self.folders.iter().any(|folder| path.starts_with(folder)))
    }

    pub(crate) fn get(&self, document: DocumentId) -> Rc<Document> {
        Rc::clone(&self.documents[document])
    }

    /// Allows references to lead into the folder of a named document.
    pub(crate) fn add_named(&mut self, file: &Path) {
        if let Some(folder) = std::path::absolute(file).ok().as_deref().and_then(Path::parent) {
            self.allow(folder);
        }
    }

    /// Adds a folder that references may be relative to, and may lead into.
    pub(crate) fn add_root(&mut self, folder: &Path) {
        self.allow(folder);
        self.roots.push(format!("{}/", file_uri(folder).trim_end_matches('/')));
    }

    /// Reads a file, unless it has been read.
    pub(crate) fn open(&mut self, path: &Path) -> Result<DocumentId, Diagnostic> {
        let uri = file_uri(path);
        match self.by_uri.get(&uri) {
            Some(known) => Ok(*known),
            None => self.read(uri, path),
        }
    }

    /// Returns the document of a URI without a fragment, or `None` if the URI has no file.
    pub(crate) fn find(&mut self, uri: &str) -> Option<Result<DocumentId, Diagnostic>> {
        if let Some(known) = self.by_uri.get(uri) {
            return Some(Ok(*known));
        }
        if let Some(path) = self.given.get(uri).cloned() {
            return Some(self.read(uri.to_owned(), &path));
        }
        let path = self.below.iter().find_map(|(url, folder)| {
            let rest = uri.strip_prefix(url.as_str())?.trim_start_matches('/');
            let path = folder.join(percent_decode_str(rest).decode_utf8().ok()?.as_ref());
            // Addresses often leave out the extension of the file.
            let with = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
            [path.clone(), with(".json"), with(".yaml")].into_iter().find(|path| path.is_file())
        });
        let path = match path {
            Some(path) => path,
            None => file_of(uri)?,
        };
        (self.is_allowed(&path) && path.is_file()).then(|| self.read(uri.to_owned(), &path))
    }

    /// Returns the place of a document or schema that has this URI as its identifier.
    pub(crate) fn with_resource(&self, uri: &str) -> Option<(DocumentId, String)> {
        let found = |document: &Rc<Document>| {
            document.resources.iter().find(|(known, _)| known == uri).map(|(_, pointer)| pointer.clone())
        };
        let whole = |document: &Rc<Document>| (document.own_uri.as_deref() == Some(uri)).then(String::new);
        let documents = self.documents.iter().enumerate();
        documents.into_iter().find_map(|(at, document)| Some((at, found(document).or_else(|| whole(document))?)))
    }

    /// Adds a schema that is composed of parts of the schema at a place. Its references are resolved as at that place.
    pub(crate) fn derive(&mut self, from: &Place, mut json: Json) -> Place {
        let uri = self.base(from);
        let document = self.get(from.document);
        let declared =
            [from.pointer.as_str(), ""].into_iter().find_map(|at| document.json.at(at)?.get("$schema").cloned());
        if let (Some(declared), Json::Object(members)) = (declared, &mut json) {
            members.retain(|(name, _)| name != "$schema");
            members.insert(0, ("$schema".to_owned(), declared));
        }
        let (shown, label) = (document.shown.clone(), document.label.clone());
        // The derived schema has no text, so problems in it have no lines. Its resources are found in the original.
        let (resources, looks) = (Vec::new(), Cell::new(0));
        let derived =
            Document { uri, own_uri: None, shown, label, json, resources, text: String::new(), is_yaml: false, looks };
        self.documents.push(Rc::new(derived));
        Place { document: self.documents.len() - 1, pointer: String::new() }
    }

    fn read(&mut self, uri: String, path: &Path) -> Result<DocumentId, Diagnostic> {
        let shown = shown(path);
        let text = text(path, &shown)?;
        let (json, is_yaml) = parse(path, &shown, &text)?;
        let mut resources = Vec::new();
        resources_of(&json, "", &uri, &mut resources);
        let is_api = json.get("openapi").is_some();
        let own = json.get("$self").and_then(Json::as_str).filter(|_| is_api);
        let own_uri = own.and_then(|own| resolve(&uri, own).ok());
        let below = self.roots.iter().find_map(|root| uri.strip_prefix(root)).unwrap_or_default();
        let label = match percent_decode_str(below).decode_utf8_lossy() {
            below if below.is_empty() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            below => below.into_owned(),
        };
        let looks = Cell::new(LOOKS);
        let document = Document { uri: uri.clone(), own_uri, shown, label, json, resources, text, is_yaml, looks };
        self.documents.push(Rc::new(document));
        self.by_uri.insert(uri, self.documents.len() - 1);
        Ok(self.documents.len() - 1)
    }
}

/// Returns the file of a URI.
pub(crate) fn file_of(uri: &str) -> Option<PathBuf> {
    Some(PathBuf::from(percent_decode_str(uri.strip_prefix("file://")?).decode_utf8().ok()?.into_owned()))
}

/// Returns the URI of a file.
fn file_uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = absolute.to_string_lossy().replace('\\', "/");
    let uri = format!("file://{}", encode_path(&path));
    // Resolution removes `..`, as it does in references, so the URIs are comparable.
    resolve(&uri, "").unwrap_or(uri)
}

/// Returns a path for messages: relative to the current folder if the path is below it.
pub(crate) fn shown(path: &Path) -> String {
    let below = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok());
    below.as_deref().unwrap_or(path).display().to_string()
}

fn text(path: &Path, shown: &str) -> Result<String, Diagnostic> {
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot be read: {error}");
        Diagnostic::of_file(Code::Unreadable, shown, message, "check the path and its permissions")
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // Pipes and devices do not know their length, so one more byte shows whether the limit is exceeded.
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LIMIT {
        let message = format!("more than {} MiB", LIMIT >> 20);
        let advice = "give the part of the document that has the webhooks, or split it and refer to the other files";
        return Err(Diagnostic::of_file(Code::Unreadable, shown, message, advice));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let message = format!("not UTF-8 from byte {} on", error.utf8_error().valid_up_to());
        Diagnostic::of_file(Code::NotUtf8, shown, message, "save the file as UTF-8")
    })?;
    Ok(without_byte_order_mark(text))
}

/// Returns whether a file is an OpenAPI, Swagger or AsyncAPI document. A file that does not look like such a document
/// is not parsed.
pub(crate) fn is_api(path: &Path) -> bool {
    const NAMES: [&str; 3] = ["openapi", "swagger", "asyncapi"];
    let Ok(text) = text(path, "") else { return false };
    let is_named = |line: &str| {
        let line = line.trim_start_matches(['"', '\'']);
        NAMES.iter().any(|name| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '"', '\''])))
    };
    if !text.trim_start().starts_with('{') && !text.lines().any(is_named) {
        return false;
    }
    parse(path, "", &text).is_ok_and(|(json, _)| NAMES.iter().any(|name| json.get(name).is_some()))
}

/// Parses JSON or YAML. If the name of the file does not decide, YAML is tried as well, because it may begin like JSON.
fn parse(path: &Path, shown: &str, text: &str) -> Result<(Json, bool), Diagnostic> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    let is_json = extension.as_deref() == Some("json");
    if is_json || text.trim_start().starts_with(['{', '[']) {
        match Json::parse(text) {
            Ok(json) => return Ok((json, false)),
            Err(error) if is_json => {
                let advice = error.advice("correct the file, or call it .yaml if it is YAML");
                let problem = Diagnostic::of_file(Code::NotJson, shown, error.description(), advice);
                return Err(problem.located(error.location));
            }
            Err(_) => {}
        }
    }
    let json = yaml::parse(text).map_err(|error| {
        let message = format!("not YAML that JSON can express: {}", error.message);
        Diagnostic::of_file(Code::NotYaml, shown, message, "correct the file").located(error.location)
    })?;
    Ok((json, true))
}

/// Members of documents whose values are data, and not schemas.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "value"];

/// Collects the schemas that have an identifier of their own.
fn resources_of(json: &Json, pointer: &str, base: &str, found: &mut Vec<(String, String)>) {
    match json {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                resources_of(item, &step(pointer, &index.to_string()), base, found);
            }
        }
        Json::Object(members) => {
            let id = identifier(json).and_then(|id| resolve(base, id).ok());
            found.extend(id.as_ref().map(|id| (id.clone(), pointer.to_owned())));
            let base = id.as_deref().unwrap_or(base);
            // Below `properties`, `const` or `default` is the name of a member that has a schema.
            let in_properties = pointer.ends_with("/properties");
            for (name, value) in members {
                if in_properties || !DATA.contains(&name.as_str()) {
                    resources_of(value, &step(pointer, name), base, found);
                }
            }
        }
        _ => {}
    }
}
