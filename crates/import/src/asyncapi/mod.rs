//! Reads AsyncAPI 1, 2 and 3 documents: the messages of topics and channels.

mod channels;
mod message;

use webhook_codegen::Code;

use crate::documents::DocumentId;
use crate::message::Reading;
use crate::references::Place;

/// A document that is being read.
pub(crate) struct AsyncApi<'a, 'r, 'd> {
    reading: &'a mut Reading<'r, 'd>,
    /// The major version: 1, 2 or 3.
    major: u32,
    root: Place,
    /// Messages that have been read, so that a message of several channels is one event.
    seen: Vec<Place>,
}

/// Reads the messages of a document.
pub(crate) fn read(reading: &mut Reading<'_, '_>, document: DocumentId, version: &str) {
    let major = match version.split('.').next() {
        Some("1") => 1,
        Some("2") => 2,
        Some("3") => 3,
        _ => {
            let message = format!("AsyncAPI {version} cannot be imported");
            let problem = reading.documents().get(document).problem(
                Code::UnsupportedDocument,
                "/asyncapi",
                message,
                "convert it to AsyncAPI 1, 2 or 3",
            );
            reading.schemas.problems.push(problem);
            return;
        }
    };
    let before = reading.messages.len();
    let root = Place { document, pointer: String::new() };
    let mut async_api = AsyncApi { reading, major, root, seen: Vec::new() };
    async_api.messages();
    if reading.messages.len() == before && reading.schemas.problems.is_empty() {
        let message = "the document has no message with a JSON payload".to_owned();
        let advice = "messages are in `channels`, or in `components`; their schemas must be JSON Schema or OpenAPI 3.0";
        let problem = reading.documents().get(document).problem(Code::NoEvents, "", message, advice);
        reading.schemas.problems.push(problem);
    }
}
