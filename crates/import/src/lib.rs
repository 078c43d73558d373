//! Creates schema-defs from the documents that a vendor publishes: OpenAPI, Swagger, AsyncAPI and JSON Schema.
//!
//! [`import`] reads the documents and everything that they refer to, and returns a provider in the form of `webhook_codegen`: events
//! with schemas and payloads, shared schemas, and settings. It lists all parts of the documents that are not
//! kept. It writes no files and fetches no documents.

mod asyncapi;
mod branches;
mod discriminator;
mod dispatch;
mod documents;
mod examples;
mod file_name;
mod json_schema;
mod message;
mod notes;
mod openapi;
mod provider;
mod references;
mod schemas;
mod sources;
mod wrapped;
mod yaml;

use std::path::{Path, PathBuf};

use webhook_codegen::Diagnostic;

pub use crate::documents::Given;
pub use crate::provider::Imported;
pub use crate::wrapped::Places;

use crate::documents::Documents;
use crate::notes::Notes;
use crate::schemas::Schemas;

/// Options for an import: facts that the documents do not state.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and folders that the documents may refer to, in addition to the files in the folder of each named document
    /// and in each named folder.
    pub given: Vec<Given>,
    /// Names of schemas that are payloads although no webhook of an OpenAPI document has them. In a name, `*` stands
    /// for any text. A name after `!` excludes schemas.
    pub payloads: Vec<String>,
    /// Paths of OpenAPI documents whose requests are events. `*` and `!` mean the same as in [`Options::payloads`].
    pub paths: Vec<String>,
    /// Members that name the events, each by its name or by a JSON Pointer into the payload.
    pub discriminators: Vec<String>,
    /// Where the events of a body are, if the body is an object around them.
    pub places: Places,
    /// The name of the event, if the documents describe a single one.
    pub event: Option<String>,
    /// The names of the events that the provider has. An event whose name differs from a known name only in numbers keeps the known name,
    /// because names of newer documents often contain a version.
    pub known: Vec<String>,
}

/// Returns whether a file is an API description (OpenAPI, Swagger or AsyncAPI), and not a page of documentation.
pub fn is_document(file: &Path) -> bool {
    documents::is_api(file)
}

/// Creates a provider from documents. `name` is the name of its folder, and `sources` are files and folders.
///
/// # Errors
///
/// Returns a problem for every document that cannot be read or imported, for every reference that leads nowhere, and
/// for every name in the options that the documents do not have.
pub fn import(name: &str, sources: &[PathBuf], options: &Options) -> Result<Imported, ImportError> {
    let problems = wrapped::check(&options.places);
    if !problems.is_empty() {
        return Err(ImportError { problems, notes: Vec::new() });
    }
    let mut documents = Documents::new(&options.given);
    let notes = Notes::default();
    let mut schemas = Schemas::new(&mut documents, &notes);
    sources::read(sources, options, &mut schemas)
        .and_then(|(about, messages)| provider::provider(name, &about, messages, options, &mut schemas))
        .map_err(|problems| ImportError { problems, notes: notes.lines() })
}

/// The reasons why documents cannot be imported.
#[derive(Debug)]
pub struct ImportError {
    /// All problems.
    pub problems: Vec<Diagnostic>,
    /// Notes about the parts of the documents that had been left out when the import failed. They may explain why there
    /// is no event.
    pub notes: Vec<String>,
}
