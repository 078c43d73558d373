//! Makes schema-defs of what a vendor publishes: OpenAPI documents with webhooks or callbacks, AsyncAPI documents, and JSON
//! Schemas.
//!
//! [`import`] reads the documents and everything that they refer to, and gives a provider as `webhook_codegen` has it: events
//! with schemas and payloads, shared schemas, and the text of `provider.toml`. Whatever it does not keep is listed. It writes
//! nothing, and fetches nothing.

mod asyncapi;
mod branches;
mod discriminator;
mod dispatch;
mod documents;
mod examples;
mod json_schema;
mod message;
mod notes;
mod openapi;
mod provider;
mod references;
mod schemas;
mod settings;
mod sources;
mod yaml;

use std::path::PathBuf;

use webhook_codegen::catalog::Provider;
use webhook_codegen::{Diagnostic, EventMatcher};

pub use crate::provider::{Imported, with_annotations};

use crate::documents::Documents;
use crate::notes::Notes;
use crate::schemas::Schemas;

/// A file or a folder that documents may refer to, in addition to those that are imported.
#[derive(Clone, Debug)]
pub enum Given {
    /// A file that has what is at an address.
    File(String, PathBuf),
    /// A folder that references may lead into.
    Folder(PathBuf),
}

/// Makes a provider of documents. `name` is the name of its folder; `sources` are files and folders; `given` are files and
/// folders that the documents may refer to, beside those in the folder of each document that is named and in each folder
/// that is; `payloads` are names of schemas that are payloads although no webhook of an OpenAPI
/// document has them: `*` in a name is any text, and `!` before a name leaves out what others name.
///
/// # Errors
///
/// Every document that cannot be read or is none that can be imported, and every reference that leads nowhere.
pub fn import(name: &str, sources: &[PathBuf], given: &[Given], payloads: &[String]) -> Result<Imported, ImportError> {
    let read = |split: bool| {
        let mut documents = Documents::new(given);
        let notes = Notes::default();
        let mut schemas = Schemas::new(&mut documents, &notes);
        let imported = sources::read(sources, payloads, &mut schemas)
            .and_then(|(about, messages)| provider::provider(name, &about, messages, &mut schemas, split));
        imported.map_err(|problems| ImportError { problems, notes: notes.lines() })
    };
    let (imported, has_choice) = read(true)?;
    // Branches stay one event if one does not name itself, or would take payloads of another.
    let are_events = |provider: &Provider| {
        let matcher = EventMatcher::new(provider);
        provider.settings.precedence.is_empty() && matcher.is_ok_and(|it| it.event_names().next().is_some())
    };
    if !has_choice || are_events(&imported.provider) { Ok(imported) } else { read(false).map(|(imported, _)| imported) }
}

/// How long the name of a file or a folder may be.
const LONGEST: usize = 100;

/// The name of a file or a folder for something that a document names.
fn file_name(text: &str) -> String {
    let name = webhook_codegen::infer::folder_name(text);
    name.get(..LONGEST).map(|name| name.trim_end_matches('_').to_owned()).unwrap_or(name)
}

/// Why documents cannot be imported.
#[derive(Debug)]
pub struct ImportError {
    /// All problems.
    pub problems: Vec<Diagnostic>,
    /// What was not kept until then, in sentences: it may be why there is no event.
    pub notes: Vec<String>,
}
