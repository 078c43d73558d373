//! Reads Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 documents: webhooks, callbacks, paths and schemas that are payloads.

mod operation;
mod payloads;
mod security;

use webhook_codegen::json::Json;
use webhook_codegen::{Code, Dialect};

pub(crate) use self::payloads::Payloads;

use crate::documents::DocumentId;
use crate::message::{Message, Reading};
use crate::references::{Place, is_within};
use crate::schemas::{Language, dialect};

/// A document that is being read.
pub(crate) struct OpenApi<'a, 'r, 'd> {
    reading: &'a mut Reading<'r, 'd>,
    language: Language,
    /// Operations that have been read, so that an operation that is reachable twice is one event.
    seen: Vec<Place>,
}

/// Where a Path Item is in a document.
#[derive(Clone, Copy)]
pub(super) enum Origin<'o> {
    Webhook,
    /// A callback of the operation with this identifier.
    Callback(Option<&'o str>),
    /// A path that the command names.
    Path,
}

/// The members of a Path Item that are operations.
const METHODS: [&str; 9] = ["post", "put", "patch", "get", "delete", "options", "head", "trace", "query"];

/// The names of schemas and paths that the command gives.
pub(crate) struct Named<'n> {
    /// Schemas that are payloads.
    pub(crate) schemas: Payloads<'n>,
    /// Paths whose requests are events.
    pub(crate) paths: Payloads<'n>,
}

/// Reads the messages of a document.
pub(crate) fn read(reading: &mut Reading<'_, '_>, document: DocumentId, version: &str, named: &mut Named<'_>) {
    let root = Place { document, pointer: String::new() };
    let Some(language) = language(reading, &root, version) else { return };
    let before = reading.messages.len();
    let mut open_api = OpenApi { reading, language, seen: Vec::new() };
    let webhooks = root.below(&["webhooks"]);
    let standard = open_api.reading.members(&webhooks);
    for (name, _) in &standard {
        open_api.path_item(&webhooks.below(&[name]), name, Origin::Webhook);
    }
    // Before 3.1, webhooks were in this extension. A document for both older and newer tools has every webhook twice.
    let extension = root.below(&["x-webhooks"]);
    for (name, item) in open_api.reading.members(&extension) {
        if !standard.iter().any(|(known, other)| *known == name && bodies(other) == bodies(&item)) {
            open_api.path_item(&extension.below(&[&name]), &name, Origin::Webhook);
        }
    }
    open_api.paths(&root.below(&["paths"]), &mut named.paths);
    let callbacks = root.below(&["components", "callbacks"]);
    for (name, _) in open_api.reading.members(&callbacks) {
        open_api.callback(&callbacks.below(&[&name]), &name, None);
    }
    let schemas = root.below(open_api.schemas());
    open_api.payloads(&schemas, &mut named.schemas);
    // If names are given, a name that was not found is reported instead.
    let is_complete = named.schemas.is_complete() && named.paths.is_complete();
    if reading.messages.len() == before && is_complete && reading.schemas.problems.is_empty() {
        let advice = payloads::advice(&reading.members(&schemas), &reading.members(&root.below(&["paths"])));
        let document = reading.documents().get(document);
        let message = "the document has no webhook and no callback with a JSON body".to_owned();
        reading.schemas.problems.push(document.problem(Code::NoEvents, "", message, &advice));
    }
}

/// Returns the bodies of a Path Item's operations.
fn bodies(item: &Json) -> Vec<Option<&Json>> {
    METHODS.iter().map(|method| item.get(method)?.get("requestBody")).collect()
}

/// Returns the language of the schemas of a document.
fn language(reading: &mut Reading<'_, '_>, root: &Place, version: &str) -> Option<Language> {
    let document = reading.documents().get(root.document);
    let minor = version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    match minor.as_str() {
        "2.0" => return Some(Language::Swagger20),
        "3.0" => return Some(Language::OpenApi30),
        "3.1" | "3.2" => {}
        _ => {
            let message = format!("OpenAPI {version} cannot be imported");
            let member = if document.json.get("openapi").is_some() { "/openapi" } else { "/swagger" };
            let problem = document.problem(Code::UnsupportedDocument, member, message, "convert it to 3.0, 3.1 or 3.2");
            reading.schemas.problems.push(problem);
            return None;
        }
    }
    let Some(declared) = document.json.get("jsonSchemaDialect").and_then(Json::as_str) else {
        return Some(Language::JsonSchema(Dialect::Draft202012));
    };
    if dialect(declared).is_none() {
        let message = format!("the dialect {declared:?} is not implemented");
        let advice =
            "the dialects are v1, 2020-12, 2019-09, draft-07, -06 and -04, and the dialects of OpenAPI 3.1 and 3.2";
        let problem = document.problem(Code::UnsupportedDialect, "/jsonSchemaDialect", message, advice);
        reading.schemas.problems.push(problem);
    }
    dialect(declared).map(Language::JsonSchema)
}

impl OpenApi<'_, '_, '_> {
    /// Returns the path of the document's schemas.
    fn schemas(&self) -> &'static [&'static str] {
        if self.language == Language::Swagger20 { &["definitions"] } else { &["components", "schemas"] }
    }

    /// Reads each schema that the command names as an event, unless it already is the payload of an event.
    pub(super) fn payloads(&mut self, schemas: &Place, payloads: &mut Payloads<'_>) {
        for (name, _) in self.reading.members(schemas) {
            if !payloads.has(&name) {
                continue;
            }
            let place = schemas.below(&[&name]);
            if self.is_payload(&place) {
                continue;
            }
            let mut message = Message::new(vec![name], place.clone());
            message.examples = self.reading.schema_examples(&place);
            message.schema = Some((place, self.language));
            self.reading.messages.push(message);
        }
    }

    /// Returns whether a message has the schema at a place as its payload.
    fn is_payload(&mut self, place: &Place) -> bool {
        let Ok(target) = self.reading.documents().follow(place.clone()) else { return false };
        let known: Vec<Place> =
            self.reading.messages.iter().filter_map(|message| Some(message.schema.clone()?.0)).collect();
        known.into_iter().any(|place| self.reading.documents().follow(place).is_ok_and(|known| known == target))
    }

    /// Reads the callbacks of the operations of all paths, and the requests of paths that the command names.
    fn paths(&mut self, paths: &Place, named: &mut Payloads<'_>) {
        for (path, _) in self.reading.fields(paths) {
            if named.has(&path) {
                self.path_item(&paths.below(&[&path]), &path, Origin::Path);
            }
            let Some((item, json)) = self.reading.object(paths.below(&[&path])) else { continue };
            for method in METHODS.iter().filter(|method| json.get(method).is_some()) {
                let operation = item.below(&[method]);
                let owner = self.reading.documents().text(&operation, "operationId");
                let callbacks = operation.below(&["callbacks"]);
                for (name, _) in self.reading.members(&callbacks) {
                    self.callback(&callbacks.below(&[&name]), &name, owner.as_deref());
                }
            }
        }
    }

    /// Reads a Callback Object, which has Path Items by expression.
    fn callback(&mut self, place: &Place, name: &str, owner: Option<&str>) {
        let Some((place, _)) = self.reading.object(place.clone()) else { return };
        for (expression, _) in self.reading.fields(&place) {
            self.path_item(&place.below(&[&expression]), name, Origin::Callback(owner));
        }
    }

    /// Returns the operations of a Path Item that have been read.
    fn seen_of(&self, item: &Place) -> Vec<Place> {
        let is_of =
            |operation: &&Place| operation.document == item.document && is_within(&operation.pointer, &item.pointer);
        self.seen.iter().filter(is_of).cloned().collect()
    }

    /// Reads a Path Item. Each of its operations with a body is an event.
    fn path_item(&mut self, place: &Place, name: &str, origin: Origin<'_>) {
        let Some((item, json)) = self.reading.object(place.clone()) else { return };
        let Json::Object(_) = json else {
            return self.reading.note(place, format!("not imported: {} is not a Path Item", json.kind()));
        };
        let mut operations: Vec<(String, Place)> = METHODS
            .iter()
            .filter(|method| json.get(method).is_some())
            .map(|method| (method.to_ascii_uppercase(), item.below(&[method])))
            .collect();
        // OpenAPI 3.2 lists methods here that have no member of their own.
        for (method, _) in self.reading.members(&item.below(&["additionalOperations"])) {
            operations.push((method.clone(), item.below(&["additionalOperations", &method])));
        }
        for (method, operation) in operations {
            if self.seen.contains(&operation) {
                continue;
            }
            self.seen.push(operation.clone());
            self.operation(&item, &operation, &method, name, origin);
        }
    }
}
