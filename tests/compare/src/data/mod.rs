//! What is compared: sets of schemas with payloads.

mod defs;
mod merge;
mod octokit;
mod references;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub(crate) use self::merge::merged;
use crate::Failure;
use crate::decider::Decider;

/// Schemas and payloads.
pub(crate) struct DataSet {
    /// Its name for people.
    pub(crate) name: String,
    /// Its name in paths.
    pub(crate) slug: String,
    /// A folder of schema-defs that has them.
    pub(crate) defs: PathBuf,
    /// The events that have a payload.
    pub(crate) events: Vec<Event>,
    /// Whether an event is read tolerantly, unless `provider.toml` is changed.
    pub(crate) is_tolerant: bool,
    /// What was left out, for people.
    pub(crate) notes: Vec<String>,
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// The provider's folder.
    pub(crate) provider: String,
    /// The event's folder.
    pub(crate) name: String,
    /// The schema, in one document that refers to nothing outside of its definitions.
    pub(crate) schema: Value,
    /// The texts of the payloads.
    pub(crate) payloads: Vec<String>,
}

impl Event {
    /// The provider and the event, with a slash in between.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }
}

/// The set of a folder: schema-defs, or a checkout of octokit/webhooks. `scratch` is a folder for what has to be converted.
pub(crate) fn load(name: &str, folder: &Path, scratch: &Path) -> Result<DataSet, Failure> {
    let slug: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let mut notes = Vec::new();
    let defs = match octokit::is_checkout(folder) {
        true => {
            let to = scratch.join(&slug).join("schema-defs");
            notes = octokit::convert(folder, &to)?;
            to
        }
        false => folder.to_owned(),
    };
    let (mut events, is_tolerant) = defs::read(&defs)?;
    events.retain(|event| match Decider::new(event) {
        Ok(_) => true,
        Err(failure) => {
            notes.push(format!("a schema that `jsonschema` cannot compile ({failure})"));
            false
        }
    });
    if events.is_empty() {
        return Err(Failure::new(
            folder.display(),
            "there are neither schema-defs with payloads nor the folders payload-schemas and payload-examples",
        ));
    }
    Ok(DataSet { name: name.to_owned(), slug, defs, events, is_tolerant, notes })
}

/// Writes a copy of schema-defs in which every event is read exactly.
pub(crate) fn exact(defs: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| Failure::new(to.display(), error))?;
    }
    copy(defs, to)?;
    for provider in folders(to)? {
        let path = provider.join("provider.toml");
        if path.exists() {
            let mut settings = defs::settings(&path)?;
            if let Some(toml::Value::Table(events)) = settings.get_mut("events") {
                events.iter_mut().filter_map(|(_, event)| event.as_table_mut()).for_each(|event| {
                    event.remove("reading");
                });
            }
            settings.insert("reading".to_owned(), "exact".into());
            let text = toml::to_string(&settings).map_err(|error| Failure::new(path.display(), error))?;
            write(&path, &text)?;
        }
    }
    Ok(())
}

/// Copies a folder, or a file.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if from.is_dir() {
        fs::create_dir_all(to).map_err(|error| Failure::new(to.display(), error))?;
        return files(from)?.iter().try_for_each(|path| copy(path, &to.join(path.file_name().unwrap_or_default())));
    }
    fs::copy(from, to).map(drop).map_err(|error| Failure::new(to.display(), error))
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = files(folder)?.into_iter().filter(|path| path.is_dir()).collect();
    found.sort();
    Ok(found)
}

/// Everything in a folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::new(folder.display(), error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        found.push(entry.map_err(failed)?.path());
    }
    found.sort();
    Ok(found)
}

/// The name of a file or folder, up to the first dot.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    name.split('.').next().unwrap_or_default().to_owned()
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::new(path.display(), error))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(path.display(), error))
}

/// Writes a file, and the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| Failure::new(folder.display(), error))?;
    fs::write(path, text).map_err(|error| Failure::new(path.display(), error))
}
