//! Loads a folder of schema-defs. No other module reads it.

pub mod catalog;
mod overlay;
pub(crate) mod schemas;
mod settings;
pub(crate) mod settings_text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use self::overlay::document_overlay;
use crate::json::{Json, step, without_byte_order_mark};
use crate::load::catalog::{Catalog, Delivery, ENVELOPE, Event, Example, Provider, Settings};
use crate::model::diagnostic::{Checked, Code, Diagnostic};
use crate::text::{nearest, one_line, visible};

/// Loads a folder of schema-defs.
///
/// # Errors
///
/// Returns all files that are missing, cannot be read, or have invalid contents.
pub fn load(folder: &Path) -> Checked<Catalog> {
    let (catalog, mut problems) = load_partial(folder);
    locate(folder, &mut problems);
    if problems.is_empty() { Ok(catalog) } else { Err(problems) }
}

/// Loads one provider of schema-defs. It may lack events, and events may lack a schema. Returns `None` if the provider
/// has no folder.
///
/// # Errors
///
/// Returns all files that cannot be read or have invalid contents.
pub fn load_provider(folder: &Path, name: &str) -> Checked<Option<Provider>> {
    if !folder.join(name).is_dir() {
        return Ok(None);
    }
    let mut loader = Loader { root: folder.to_owned(), problems: Vec::new(), warnings: Vec::new() };
    let provider = loader.provider(name);
    loader.problems.retain(|problem| problem.code != Code::MissingSchema);
    locate(folder, &mut loader.problems);
    if loader.problems.is_empty() { Ok(Some(provider)) } else { Err(loader.problems) }
}

/// Finds the lines and columns of problems in the files of a folder, as far as the files can be read.
pub(crate) fn locate(folder: &Path, problems: &mut [Diagnostic]) {
    let mut texts: BTreeMap<String, Option<String>> = BTreeMap::new();
    for problem in problems {
        let read = || {
            let text = is_inside(folder, &problem.file).then(|| fs::read_to_string(folder.join(&problem.file)).ok())?;
            text.map(without_byte_order_mark)
        };
        if let Some(text) = texts.entry(problem.file.clone()).or_insert_with(read) {
            problem.locate(text);
        }
    }
}

/// Loads as much of schema-defs as possible, and returns the problems of everything else. If there are problems,
/// providers without events are left out.
pub fn load_partial(folder: &Path) -> (Catalog, Vec<Diagnostic>) {
    let mut loader = Loader { root: folder.to_owned(), problems: Vec::new(), warnings: Vec::new() };
    let mut catalog = Catalog::default();
    for name in loader.folders(Path::new("")) {
        let provider = loader.provider(&name);
        loader.check(&provider);
        catalog.providers.push(provider);
    }
    if catalog.providers.is_empty() && loader.problems.is_empty() {
        let advice = "make a folder for a provider, with a folder for each event and a schema.json in it";
        let message = format!("no provider in {}", folder.display());
        loader.problems.push(Diagnostic::of_file(Code::NoProviders, "", message, advice));
    }
    if let Some(text) = loader.text_if_there("package.toml") {
        catalog.package = settings::package("package.toml", &text, &mut loader.problems);
    }
    catalog.package.docs = loader.text_if_there("package.md").unwrap_or_default();
    catalog.warnings = loader.warnings;
    // If the shared schemas or settings of a provider are invalid, checking it would cause spurious problems.
    let sound = |provider: &Provider| {
        let shared = format!("{}/common/", provider.name);
        let settings = provider.settings_file();
        !loader.problems.iter().any(|problem| problem.file.starts_with(&shared) || problem.file == settings)
    };
    if !loader.problems.is_empty() {
        catalog.providers.retain(|provider| !provider.events.is_empty() && sound(provider));
    }
    (catalog, loader.problems)
}

/// Returns whether a path below a folder leads to a file inside the folder, even if it contains links.
fn is_inside(folder: &Path, path: impl AsRef<Path>) -> bool {
    match (folder.canonicalize(), folder.join(path).canonicalize()) {
        (Ok(folder), Ok(path)) => path.starts_with(folder),
        // A path that does not exist is reported when it is read.
        _ => true,
    }
}

struct Loader {
    root: PathBuf,
    problems: Vec<Diagnostic>,
    warnings: Vec<String>,
}

impl Loader {
    fn problem(&mut self, code: Code, file: &str, message: impl Into<String>, advice: &str) {
        self.problems.push(Diagnostic::of_file(code, file, message, advice));
    }

    /// Returns the entries of a folder, sorted by name, without hidden ones.
    fn entries(&mut self, folder: &Path) -> Vec<(String, PathBuf)> {
        let listed = fs::read_dir(self.root.join(folder)).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => {
                let path = self.root.join(folder).display().to_string();
                self.problem(
                    Code::Unreadable,
                    &slashed(folder),
                    format!("{path} cannot be listed: {error}"),
                    "name a folder of schema-defs",
                );
                return Vec::new();
            }
        };
        let mut named = Vec::new();
        for entry in entries {
            match entry.file_name().into_string() {
                Ok(name) if name.starts_with('.') => {}
                Ok(name) => named.push((name, entry.path())),
                Err(name) => {
                    let message = format!("{} has a name that is not UTF-8", Path::new(&name).display());
                    self.problem(Code::InvalidName, &slashed(folder), message, "rename it");
                }
            }
        }
        named.sort();
        named
    }

    fn folders(&mut self, folder: &Path) -> Vec<String> {
        let folders = self.entries(folder).into_iter().filter(|(_, path)| path.is_dir()).map(|(name, _)| name);
        folders.collect::<Vec<_>>().into_iter().filter(|name| self.check_inside(&slashed(&folder.join(name)))).collect()
    }

    /// Checks that a file or folder is inside schema-defs. A link that leads outside is a problem, because the target
    /// would be published with the generated code.
    fn check_inside(&mut self, path: &str) -> bool {
        let is_inside = is_inside(&self.root, path);
        if !is_inside {
            let advice = "copy what it leads to into schema-defs";
            self.problem(Code::Unreadable, path, "a link that leads out of schema-defs is not followed", advice);
        }
        is_inside
    }

    fn text(&mut self, file: &str) -> Option<String> {
        if !self.check_inside(file) {
            return None;
        }
        match fs::read(self.root.join(file)).map(String::from_utf8) {
            Ok(Ok(text)) => Some(without_byte_order_mark(text)),
            Ok(Err(error)) => {
                let is_utf16 = error.as_bytes().starts_with(b"\xFF\xFE") || error.as_bytes().starts_with(b"\xFE\xFF");
                let message = match is_utf16 {
                    true => "UTF-16 by its byte order mark, and not UTF-8".to_owned(),
                    false => format!("not UTF-8 from byte {} on", error.utf8_error().valid_up_to()),
                };
                self.problem(Code::NotUtf8, file, message, "save the file as UTF-8");
                None
            }
            Err(error) => {
                let message = format!("cannot be read: {error}");
                self.problem(Code::Unreadable, file, message, "check the path and its permissions");
                None
            }
        }
    }

    fn text_if_there(&mut self, file: &str) -> Option<String> {
        if self.root.join(file).exists() { self.text(file) } else { None }
    }

    fn json(&mut self, file: &str) -> Option<(String, Json)> {
        let text = self.text(file)?;
        match Json::parse(&text) {
            Ok(json) => Some((text, json)),
            Err(error) => {
                let advice = error.advice("correct the file; JSON has no comments and no trailing commas");
                let problem = Diagnostic::of_file(Code::NotJson, file, error.description(), advice);
                self.problems.push(problem.located(error.location));
                None
            }
        }
    }

    fn provider(&mut self, name: &str) -> Provider {
        let file = format!("{name}/provider.toml");
        let settings = match self.text_if_there(&file) {
            Some(text) => settings::provider(&file, &text, &mut self.problems),
            None => Settings::default(),
        };
        let mut provider = Provider { name: name.to_owned(), settings, ..Provider::default() };
        provider.settings.title = one_line(&provider.settings.title);
        if provider.settings.title.is_empty() {
            provider.settings.title = name.to_owned();
        }
        let has_envelope = self.root.join(format!("{name}/{ENVELOPE}.schema.json")).exists();
        let examples = format!("{ENVELOPE}.examples");
        for folder in self.folders(Path::new(name)).into_iter().filter(|folder| !has_envelope || *folder != examples) {
            let path = format!("{name}/{folder}");
            if folder == "common" {
                self.documents(Path::new(&path), &mut provider.documents);
            } else if let Some(event) = self.event(&format!("{path}/"), &folder) {
                provider.events.push(event);
            }
        }
        if has_envelope {
            provider.envelope = self.event(&format!("{name}/{ENVELOPE}."), ENVELOPE);
        }
        let settings = &provider.settings;
        let roots = provider.events.iter_mut().chain(&mut provider.envelope).map(|event| &mut event.schema);
        for schema in roots.chain(provider.documents.values_mut()) {
            *schema = settings.declare_dialect(std::mem::replace(schema, Json::Null));
        }
        provider
    }

    /// Checks a loaded provider for missing and inconsistent settings.
    fn check(&mut self, provider: &Provider) {
        let name = &provider.name;
        let file = provider.settings_file();
        if provider.events.is_empty() && self.problems.is_empty() {
            self.problem(Code::NoEvents, name, "no event", "make a folder for each event, with a schema.json in it");
        }
        if let Some(header) = &provider.settings.requests.event_header {
            let in_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            let problem = match provider.settings.named {
                _ if header.is_empty() || !header.chars().all(in_token) => {
                    Some((format!("`{header}` is not the name of a header"), "correct the name"))
                }
                false => Some((
                    "a header names the event, but `dispatch` is not `named`".to_owned(),
                    "set `dispatch = \"named\"`, or remove `event_header`",
                )),
                true => None,
            };
            self.problems.extend(problem.map(|(message, advice)| {
                Diagnostic::at(Code::InvalidSettings, &file, "/requests/event_header", message, advice)
            }));
        }
        if provider.envelope.is_some() {
            let file = format!("{name}/{ENVELOPE}.schema.json");
            if provider.settings.items.is_empty() && provider.settings.item.is_none() {
                let message = "nothing says where the events of a body are";
                let advice = "write where they are in provider.toml, as items = \"/events\", or remove the file";
                self.problem(Code::InvalidSettings, &file, message, advice);
            }
            if provider.events.iter().any(|event| event.name == ENVELOPE) {
                let message = format!("the event `{ENVELOPE}` has the name of the envelope");
                self.problem(Code::NameConflict, &format!("{name}/{ENVELOPE}"), message, "rename the event's folder");
            }
        }
        for (key, message, advice) in misplaced(&provider.settings) {
            self.problems.push(Diagnostic::at(Code::InvalidSettings, &file, format!("/{key}"), message, advice));
        }
        let known = |event: &String| provider.roots().any(|known| &known.name == event);
        let settings = &provider.settings;
        let tables = settings.events.keys().map(|event| (event, step("/events", event)));
        let order =
            settings.precedence.iter().enumerate().map(|(index, event)| (event, format!("/precedence/{index}")));
        for (event, pointer) in tables.chain(order).filter(|(event, _)| !known(event)) {
            let message = format!("`{event}` is not an event of {name}: there is no {name}/{event}/schema.json");
            let names = provider.events.iter().map(|event| event.name.as_str());
            let advice = match nearest(event, names) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "name a folder of the provider".to_owned(),
            };
            self.problems.push(Diagnostic::at(Code::UnknownEvent, &file, pointer, message, advice));
        }
    }

    fn documents(&mut self, folder: &Path, documents: &mut BTreeMap<String, Json>) {
        for (name, path) in self.entries(folder) {
            let below = folder.join(&name);
            // A link to an enclosing folder would cause an infinite recursion.
            let is_link = path.is_symlink();
            if path.is_dir() && is_link {
                let advice = "copy the folder, or remove the link";
                self.problem(Code::Unreadable, &slashed(&below), "symbolic links to folders are not followed", advice);
            } else if path.is_dir() {
                self.documents(&below, documents);
            } else if name.ends_with(".json") {
                let file = slashed(&below);
                if let Some((_, json)) = self.json(&file) {
                    documents.insert(file, json);
                }
            }
        }
    }

    /// Reads an event. `prefix` is the start of the paths of its files.
    fn event(&mut self, prefix: &str, name: &str) -> Option<Event> {
        let file = format!("{prefix}schema.json");
        if !self.root.join(&file).exists() {
            let advice = "write the event's JSON Schema there, or infer one from payloads with the command `infer`";
            self.problem(Code::MissingSchema, &file, "the event has no schema", advice);
            return None;
        }
        let schema = self.json(&file);
        let overlay = format!("{prefix}overlay.json");
        let overlay = if self.root.join(&overlay).exists() { Some(self.json(&overlay)?.1) } else { None };
        let mut examples = Vec::new();
        let folder = format!("{prefix}examples");
        let folder = Path::new(&folder);
        let files = if self.root.join(folder).is_dir() { self.entries(folder) } else { Vec::new() };
        for (file, _) in files {
            let Some(name) = file.strip_suffix(".json") else {
                self.warnings
                    .push(format!("{}: no .json file; not read", visible(&format!("{prefix}examples/{file}"))));
                continue;
            };
            let file = format!("{prefix}examples/{file}");
            if let Some((text, json)) = self.json(&file) {
                examples.push(Example { name: name.to_owned(), text, value: json.to_value() });
            }
        }
        Some(Event { name: name.to_owned(), schema: schema?.1, overlay, examples })
    }
}

/// Returns the problems with the locations of events inside a body: the key, the message and the advice.
fn misplaced(settings: &Settings) -> Vec<(&'static str, String, &'static str)> {
    let mut found = Vec::new();
    let places = settings.items.iter().map(|place| ("items", place)).chain(settings.item.iter().map(|it| ("item", it)));
    for (key, place) in places {
        if !place.starts_with('/') {
            let message = format!("{place:?} is not a JSON Pointer to a member");
            found.push((key, message, "write a JSON Pointer, such as \"/events\""));
        }
    }
    let has_place = !settings.items.is_empty() || settings.item.is_some();
    if settings.delivery == Delivery::Wrapped && !has_place {
        let message = "`delivery` is \"wrapped\", and neither `items` nor `item` says where the events are".to_owned();
        let advice = "write where they are, as items = \"/events\", or item = \"/event\" for one event";
        found.push(("delivery", message, advice));
    }
    if settings.delivery == Delivery::Lines && has_place {
        let message = "`delivery` is \"lines\", whose events are not inside an object".to_owned();
        found.push((
            if settings.item.is_some() { "item" } else { "items" },
            message,
            "remove it, or change `delivery`",
        ));
    }
    found
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
