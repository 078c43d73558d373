//! Reads one message: its payload, its headers, and its examples.

use webhook_codegen::Dialect;
use webhook_codegen::json::Json;

use super::AsyncApi;
use crate::message::{DocumentedExample, Header, Message, is_json};
use crate::references::Place;
use crate::schemas::Language;

impl AsyncApi<'_, '_, '_> {
    /// Reads a message. A message whose payload is not JSON is noted, and is not an event.
    pub(super) fn message(&mut self, place: &Place, name: Option<&str>) {
        let found_at = place.clone();
        let Some((place, json)) = self.reading.object(place.clone()) else { return };
        if self.seen.contains(&place) {
            return;
        }
        self.seen.push(place.clone());
        let parts = self.parts(&place, &json);
        let text = |name: &str| parts.iter().find_map(|(_, part)| part.get(name)?.as_str()).map(str::to_owned);
        let default = self.reading.documents().text(&self.root, "defaultContentType");
        let content_type = text("contentType").or(default);
        if let Some(other) = content_type.as_deref().filter(|content_type| !is_json(content_type)) {
            return self.reading.note(&place, format!("not imported: the payload is {other} and not JSON"));
        }
        let names = [
            self.defined_name(&place, found_at != place),
            text("name"),
            text("messageId"),
            name.map(str::to_owned),
            text("title"),
        ];
        let mut names: Vec<String> = names.into_iter().flatten().collect();
        if names.is_empty() {
            names.push("message".to_owned());
        }
        let mut message = Message::new(names, place.clone());
        message.title = text("title");
        message.description = text("description").or_else(|| text("summary"));
        message.content_type = content_type;
        message.headers = self.headers(&parts);
        let format = text("schemaFormat");
        if json.get("payload").is_some() {
            let payload = place.below(&["payload"]);
            let Some((schema, format)) = self.multi_format(payload, format) else { return };
            let Some(language) = self.language(&schema, format.as_deref()) else { return };
            message.examples = self.reading.schema_examples(&schema);
            message.schema = Some((schema, language));
        }
        self.examples(&parts, &mut message);
        if message.schema.is_none() && message.examples.is_empty() {
            return self.reading.note(&place, "the message has no payload, so it is not imported");
        }
        self.reading.messages.push(message);
    }

    /// Returns a message and its traits. If several state the same member, the first in the list counts. In version 2,
    /// traits come before the message.
    fn parts(&mut self, place: &Place, json: &Json) -> Vec<(Place, Json)> {
        let list = place.below(&["traits"]);
        let count = json.get("traits").and_then(Json::as_array).map_or(0, <[Json]>::len);
        let mut parts: Vec<(Place, Json)> =
            (0..count).filter_map(|index| self.reading.object(list.below(&[&index.to_string()]))).collect();
        // A later trait overrides an earlier one.
        parts.reverse();
        let own = (place.clone(), json.clone());
        if self.major < 3 {
            parts.push(own)
        } else {
            parts.insert(0, own)
        }
        parts
    }

    /// Reads a schema, or in version 3 an object with a schema and its format.
    fn multi_format(&mut self, place: Place, format: Option<String>) -> Option<(Place, Option<String>)> {
        // A reference may lead to an object with a format, so it is followed here. A reference that leads to a schema
        // belongs to the schema, and stays.
        let (target, json) = self.reading.object(place.clone())?;
        match (json.get("schemaFormat").and_then(Json::as_str), json.get("schema")) {
            (Some(format), Some(_)) => Some((target.below(&["schema"]), Some(format.to_owned()))),
            _ => Some((place, format)),
        }
    }

    /// Returns the language of a payload's schema. A format other than JSON Schema is noted.
    fn language(&mut self, schema: &Place, format: Option<&str>) -> Option<Language> {
        // A schema of AsyncAPI itself is draft-07 with annotations.
        let Some(format) = format else { return Some(Language::JsonSchema(Dialect::Draft7)) };
        let (essence, version) = match format.split_once(';') {
            Some((essence, parameters)) => (essence.trim(), parameters.trim().strip_prefix("version=").unwrap_or("")),
            None => (format.trim(), ""),
        };
        let essence = essence.trim_end_matches("+json").trim_end_matches("+yaml");
        let language = match (essence, version) {
            ("application/vnd.aai.asyncapi", _) => Some(Language::JsonSchema(Dialect::Draft7)),
            ("application/schema", "draft-04") => Some(Language::JsonSchema(Dialect::Draft4)),
            ("application/schema", "draft-06") => Some(Language::JsonSchema(Dialect::Draft6)),
            ("application/schema", "" | "draft-07") => Some(Language::JsonSchema(Dialect::Draft7)),
            ("application/schema", "2019-09" | "draft-2019-09") => Some(Language::JsonSchema(Dialect::Draft201909)),
            ("application/schema", "2020-12" | "draft-2020-12") => Some(Language::JsonSchema(Dialect::Draft202012)),
            ("application/vnd.oai.openapi", "") => Some(Language::OpenApi30),
            ("application/vnd.oai.openapi", version) if version.starts_with("3.0") => Some(Language::OpenApi30),
            ("application/vnd.oai.openapi", version) if version.starts_with("3.") => {
                Some(Language::JsonSchema(Dialect::Draft202012))
            }
            _ => None,
        };
        if language.is_none() {
            let message = format!("a payload whose schema is of the format {format:?}: not imported");
            self.reading.note(schema, message);
        }
        language
    }

    /// Reads the examples of a message and of its traits.
    fn examples(&mut self, parts: &[(Place, Json)], message: &mut Message) {
        for (place, part) in parts {
            let shown = self.reading.documents().shown(place);
            let list = part.get("examples").and_then(Json::as_array).unwrap_or_default();
            for (index, example) in list.iter().enumerate() {
                let name = example.get("name").and_then(Json::as_str).map(str::to_owned);
                let place = format!("{shown}/examples/{index}");
                match example.get("payload") {
                    Some(payload) => message.examples.push(DocumentedExample::new(name, payload.clone(), place)),
                    None => self.reading.notes().add(place, "the example has no payload, so it is not imported"),
                }
            }
        }
    }

    /// Returns the headers of a message: the members of their schema.
    fn headers(&mut self, parts: &[(Place, Json)]) -> Vec<Header> {
        let mut headers: Vec<Header> = Vec::new();
        for (place, part) in parts.iter().filter(|(_, part)| part.get("headers").is_some()) {
            let Some((schema, _)) = self.multi_format(place.below(&["headers"]), None) else { continue };
            let Some((schema, json)) = self.reading.object(schema) else { continue };
            if json.get("allOf").or_else(|| json.get("oneOf")).or_else(|| json.get("anyOf")).is_some() {
                self.reading.note(&schema, "only the members of the schema of headers are imported");
            }
            for (name, _) in self.reading.members(&schema.below(&["properties"])) {
                if !headers.iter().any(|known| known.name.eq_ignore_ascii_case(&name)) {
                    let header = self.reading.header(&name, Some(schema.below(&["properties", &name])), None);
                    headers.push(header);
                }
            }
            if part.get("correlationId").is_some() {
                self.reading.note(place, "`correlationId` is not imported");
            }
        }
        headers
    }
}
