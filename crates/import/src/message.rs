//! The description of one event in a document of any format.

use webhook_codegen::catalog::CredentialKind;
use webhook_codegen::json::{Json, descend, step};

use crate::documents::Documents;
use crate::notes::Notes;
use crate::references::{Place, Unresolved};
use crate::schemas::{Language, Schemas};

/// A message: the payload of an event, and how it is sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// The possible names of the event, starting with the best.
    pub(crate) names: Vec<String>,
    /// The place of the description.
    pub(crate) place: Place,
    /// The schema of the payload, if there is one.
    pub(crate) schema: Option<(Place, Language)>,
    /// The choice of schemas that has the schema as a branch, if there is one.
    pub(crate) choice: Option<Place>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    /// The example payloads, with their names.
    pub(crate) examples: Vec<DocumentedExample>,
    pub(crate) headers: Vec<Header>,
    /// The HTTP methods that the message is sent with.
    pub(crate) methods: Vec<String>,
    pub(crate) content_type: Option<String>,
    /// Whether a body has one payload on each line.
    pub(crate) is_lines: bool,
    /// The status codes of responses.
    pub(crate) statuses: Vec<String>,
    pub(crate) credentials: Vec<CredentialKind>,
}

/// A payload of a document.
#[derive(Clone, Debug)]
pub(crate) struct DocumentedExample {
    pub(crate) name: Option<String>,
    pub(crate) value: Json,
    /// The location of the payload, for messages.
    pub(crate) place: String,
    /// Whether the example is of the whole choice, and so may be a payload of another branch.
    pub(crate) of_choice: bool,
}

impl DocumentedExample {
    pub(crate) fn new(name: Option<String>, value: Json, place: String) -> DocumentedExample {
        DocumentedExample { name, value, place, of_choice: false }
    }
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    /// The only value that its schema allows, if there is one.
    pub(crate) fixed: Option<String>,
    /// The value that the document shows.
    pub(crate) shown: Option<String>,
}

/// The schema of a payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PayloadSchema<'m> {
    pub(crate) place: &'m Place,
    /// The choice of schemas that has the schema as a branch, if there is one.
    pub(crate) choice: Option<&'m Place>,
}

impl Message {
    /// Returns the best name of the message.
    pub(crate) fn first_name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    pub(crate) fn payload_schema(&self) -> Option<PayloadSchema<'_>> {
        let (place, _) = self.schema.as_ref()?;
        Some(PayloadSchema { place, choice: self.choice.as_ref() })
    }

    pub(crate) fn new(names: Vec<String>, place: Place) -> Message {
        Message { names, place, ..Message::default() }
    }
}

/// The state that the readers of all formats share.
pub(crate) struct Reading<'r, 'd> {
    pub(crate) schemas: &'r mut Schemas<'d>,
    pub(crate) messages: Vec<Message>,
}

impl Place {
    /// Returns the place of a member or an item.
    pub(crate) fn below(&self, steps: &[&str]) -> Place {
        let pointer = descend(&self.pointer, steps);
        Place { pointer, ..self.clone() }
    }
}

impl Documents {
    /// Returns a place for messages: the file's name and the JSON Pointer.
    pub(crate) fn shown(&self, place: &Place) -> String {
        let label = &self.get(place.document).label;
        if place.pointer.is_empty() { label.clone() } else { format!("{label}#{}", place.pointer) }
    }

    /// Returns the text of a member.
    pub(crate) fn text(&self, place: &Place, name: &str) -> Option<String> {
        let document = self.get(place.document);
        document.json.at(&place.pointer)?.get(name)?.as_str().map(str::to_owned)
    }
}

impl Reading<'_, '_> {
    pub(crate) fn documents(&mut self) -> &mut Documents {
        self.schemas.documents
    }

    /// Adds a note about a place.
    pub(crate) fn note(&mut self, place: &Place, text: impl Into<String>) {
        let shown = self.schemas.documents.shown(place);
        self.notes().add(shown, text);
    }

    pub(crate) fn notes(&self) -> &Notes {
        self.schemas.notes
    }

    /// Follows references from a place, and returns the place and the value that they lead to. A reference that leads
    /// nowhere is reported.
    pub(crate) fn object(&mut self, place: Place) -> Option<(Place, Json)> {
        let from = place.clone();
        match self.documents().follow(place) {
            Ok(target) => {
                let json = self.documents().at(&target)?;
                Some((target, json))
            }
            Err(unresolved) => {
                let pointer = match unresolved {
                    Unresolved::Unreadable(_) => String::new(),
                    Unresolved::Nowhere(..) => step(&from.pointer, "$ref"),
                };
                self.schemas.unresolved(unresolved, from.document, &pointer);
                None
            }
        }
    }

    /// Returns the members of the object at a place, or an empty list if there is no object.
    pub(crate) fn members(&mut self, place: &Place) -> Vec<(String, Json)> {
        match self.documents().at(place) {
            Some(Json::Object(members)) => members,
            _ => Vec::new(),
        }
    }

    /// Returns the members of the object at a place, without extensions.
    pub(crate) fn fields(&mut self, place: &Place) -> Vec<(String, Json)> {
        let mut members = self.members(place);
        members.retain(|(name, _)| !name.starts_with("x-"));
        members
    }

    /// Returns the payloads in the keywords `examples`, `example` and `x-examples` of a schema. Examples in
    /// `x-examples` have names.
    pub(crate) fn schema_examples(&mut self, schema: &Place) -> Vec<DocumentedExample> {
        // Examples may be next to a reference.
        let keywords = ["examples", "example", "x-examples"];
        let has_own = |json: &Json| keywords.iter().any(|keyword| json.get(keyword).is_some());
        let own = self.documents().at(schema).filter(has_own).map(|json| (schema.clone(), json));
        let Some((place, json)) = own.or_else(|| self.object(schema.clone())) else { return Vec::new() };
        let unnamed = |values: &[Json]| values.iter().map(|value| (None, value.clone())).collect();
        let examples = |keyword: &str| -> Option<Vec<(Option<String>, Json)>> {
            match (keyword, json.get(keyword)?) {
                ("example", value) => Some(unnamed(std::slice::from_ref(value))),
                (_, Json::Array(values)) => Some(unnamed(values)),
                ("x-examples", Json::Object(members)) => {
                    Some(members.iter().map(|(name, value)| (Some(name.clone()), value.clone())).collect())
                }
                _ => None,
            }
        };
        let found = keywords.into_iter().find_map(|keyword| {
            let examples = examples(keyword).filter(|examples| !examples.is_empty())?;
            Some((keyword, examples))
        });
        let Some((keyword, examples)) = found else { return Vec::new() };
        let place = self.documents().shown(&place.below(&[keyword]));
        examples.into_iter().map(|(name, value)| DocumentedExample::new(name, value, place.clone())).collect()
    }

    /// Returns a header with the values in its schema.
    pub(crate) fn header(&mut self, name: &str, schema: Option<Place>, shown: Option<Json>) -> Header {
        let schema = schema.and_then(|place| self.object(place)).map(|(_, json)| json);
        let text = |value: &Json| value.as_str().map(str::to_owned);
        let member = |name: &str| schema.as_ref().and_then(|schema| schema.get(name));
        let one = member("enum").and_then(Json::as_array).filter(|values| values.len() == 1);
        let fixed = member("const").or_else(|| one.and_then(|values| values.first())).and_then(text);
        let first = member("examples").and_then(Json::as_array).and_then(<[Json]>::first);
        let shown = shown.as_ref().and_then(text).or_else(|| member("example").or(first).and_then(text));
        Header { name: name.to_owned(), fixed, shown }
    }
}

/// Returns whether a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || essence == "text/json"
        || essence.ends_with("+json")
        || essence == "*/*"
        || essence == "application/*"
}

/// Returns whether a media type means one JSON text on each line.
pub(crate) fn is_json_lines(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "application/jsonl" | "application/x-ndjson" | "application/ndjson" | "application/json-lines"
    )
}
