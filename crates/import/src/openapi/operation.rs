//! Reads one operation: the request that is sent to a receiver.

use webhook_codegen::json::Json;

use super::{OpenApi, Origin};
use crate::message::{DocumentedExample, Header, Message, is_json, is_json_lines};
use crate::references::Place;
use crate::schemas::Language;

impl OpenApi<'_, '_, '_> {
    /// Reads an operation. An operation without a JSON body is noted, and is not an event.
    pub(super) fn operation(&mut self, item: &Place, place: &Place, method: &str, name: &str, origin: Origin<'_>) {
        let Some(body) = self.body(item, place) else { return };
        // The same body with another method is the same event.
        let own = self.body_as_written(item, place);
        for known in self.seen_of(item) {
            if self.body_as_written(item, &known) == own
                && let Some(message) = self.reading.messages.iter_mut().find(|message| message.place == known)
            {
                message.methods.push(method.to_owned());
                return;
            }
        }
        let is_swagger = self.language == Language::Swagger20;
        let media = if is_swagger { self.consumed(place, &body) } else { self.media_type(&body) };
        let Some((content_type, media)) = media else { return };
        let documents = self.reading.documents();
        let id = documents.text(place, "operationId");
        let title = documents.text(place, "summary").or_else(|| documents.text(item, "summary"));
        let description = documents
            .text(place, "description")
            .or_else(|| documents.text(item, "description"))
            .or_else(|| documents.text(&body, "description"));
        let by_method = format!("{name}_{method}");
        let names = match origin {
            Origin::Webhook => vec![Some(name.to_owned()), Some(by_method), id],
            Origin::Callback(owner) => {
                vec![Some(name.to_owned()), Some(by_method), owner.map(|owner| format!("{owner}_{name}")), id]
            }
            Origin::Path => {
                let last = name.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{'));
                vec![id, last.map(str::to_owned), Some(name.to_owned()), Some(by_method)]
            }
        };
        let mut message = Message::new(names.into_iter().flatten().collect(), place.clone());
        message.title = title;
        message.description = description;
        message.methods.push(method.to_owned());
        message.headers = self.headers(item, place);
        message.statuses =
            self.reading.members(&place.below(&["responses"])).into_iter().map(|(name, _)| name).collect();
        message.credentials = self.credentials(place);
        message.is_lines = is_json_lines(&content_type);
        message.content_type = Some(content_type).filter(|name| !name.is_empty());
        self.payload(&media, &mut message);
        if message.schema.is_none() && message.examples.is_empty() {
            return self.reading.note(&media, "a body with neither a schema nor an example: not imported");
        }
        self.reading.messages.push(message);
    }

    /// Returns the body of an operation's request.
    fn body(&mut self, item: &Place, place: &Place) -> Option<Place> {
        if self.language == Language::Swagger20 {
            let body = self.body_parameter(item, place);
            if body.is_none() {
                self.reading.note(place, "a request without a body: not imported");
            }
            return body;
        }
        let body = place.below(&["requestBody"]);
        if self.reading.documents().at(&body).is_none() {
            self.reading.note(place, "a request without a body: not imported");
            return None;
        }
        self.reading.object(body).map(|(body, _)| body)
    }

    /// Returns the body of an operation as the document has it.
    fn body_as_written(&mut self, item: &Place, place: &Place) -> Option<Json> {
        let body = match self.language {
            Language::Swagger20 => self.body_parameter(item, place)?,
            _ => place.below(&["requestBody"]),
        };
        self.reading.documents().at(&body)
    }

    /// Returns the parameter that is the body of a request in Swagger 2.0.
    fn body_parameter(&mut self, item: &Place, place: &Place) -> Option<Place> {
        let parameters = self.parameters(item, place);
        let is_body = |(_, json): &(Place, Json)| json.get("in").and_then(Json::as_str) == Some("body");
        parameters.into_iter().find(is_body).map(|(place, _)| place)
    }

    /// Returns the media type of a body in Swagger 2.0, empty if the document states none, with the parameter that is the
    /// body.
    fn consumed(&mut self, place: &Place, body: &Place) -> Option<(String, Place)> {
        let root = Place { document: place.document, pointer: String::new() };
        let consumes =
            [place, &root].into_iter().find_map(|place| self.reading.documents().at(&place.below(&["consumes"])));
        let types: Vec<&str> =
            consumes.as_ref().and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str).collect();
        let chosen = types.iter().find(|name| is_json(name)).or_else(|| types.iter().find(|name| is_json_lines(name)));
        match chosen {
            Some(chosen) => Some(((*chosen).to_owned(), body.clone())),
            None if types.is_empty() => Some((String::new(), body.clone())),
            None => {
                self.reading.note(place, format!("not imported: the body is {} and not JSON", types.join(", ")));
                None
            }
        }
    }

    /// Returns the parameters of an operation, and of the Path Item that it is in.
    fn parameters(&mut self, item: &Place, operation: &Place) -> Vec<(Place, Json)> {
        let mut found = Vec::new();
        // The operation's own parameters come first: they override those of the Path Item.
        for list in [operation.below(&["parameters"]), item.below(&["parameters"])] {
            let count = match self.reading.documents().at(&list) {
                Some(Json::Array(items)) => items.len(),
                _ => 0,
            };
            found.extend((0..count).filter_map(|index| self.reading.object(list.below(&[&index.to_string()]))));
        }
        found
    }

    /// Returns the media type of a body that is JSON.
    fn media_type(&mut self, body: &Place) -> Option<(String, Place)> {
        let content = body.below(&["content"]);
        let types: Vec<String> = self.reading.members(&content).into_iter().map(|(name, _)| name).collect();
        let chosen = types.iter().find(|name| is_json(name)).or_else(|| types.iter().find(|name| is_json_lines(name)));
        let Some(chosen) = chosen else {
            let named = if types.is_empty() { "without a content type".to_owned() } else { types.join(", ") };
            self.reading.note(body, format!("not imported: the body is {named} and not JSON"));
            return None;
        };
        let schema = |reading: &mut Self, name: &String| {
            let media = reading.reading.documents().at(&content.below(&[name]))?;
            media.get("schema").cloned()
        };
        let own = schema(self, chosen);
        for other in types.iter().filter(|name| *name != chosen) {
            if !is_json(other) || schema(self, other) != own {
                self.reading.note(&content, format!("the body is imported as {chosen}, and not as {other}"));
            }
        }
        let (media, _) = self.reading.object(content.below(&[chosen]))?;
        Some((chosen.clone(), media))
    }

    /// Reads the schema and the examples of a Media Type Object.
    fn payload(&mut self, media: &Place, message: &mut Message) {
        let Some(json) = self.reading.documents().at(media) else { return };
        // In OpenAPI 3.2, the items of a stream have a schema of their own.
        let keyword = if message.is_lines && json.get("itemSchema").is_some() { "itemSchema" } else { "schema" };
        let shown = self.reading.documents().shown(media);
        if let Some(value) = json.get("example") {
            message.examples.push(DocumentedExample::new(None, value.clone(), format!("{shown}/example")));
        }
        let examples = media.below(&["examples"]);
        for (name, _) in self.reading.members(&examples) {
            message.examples.extend(self.example(&examples.below(&[&name]), &name));
        }
        if json.get(keyword).is_some() {
            let schema = media.below(&[keyword]);
            message.examples.extend(self.reading.schema_examples(&schema));
            message.schema = Some((schema, self.language));
        }
    }

    /// Reads an Example Object.
    fn example(&mut self, place: &Place, name: &str) -> Option<DocumentedExample> {
        let (place, json) = self.reading.object(place.clone())?;
        let shown = self.reading.documents().shown(&place);
        let value = match (json.get("value").or_else(|| json.get("dataValue")), json.get("externalValue")) {
            (Some(value), _) => value.clone(),
            (None, Some(Json::String(address))) => {
                let base = self.reading.documents().base(&place);
                match self.reading.documents().target(&base, address) {
                    Ok(target) => self.reading.documents().at(&target)?,
                    Err(_) => {
                        let text = format!("the example is elsewhere: save it, and give it with --with {address}=FILE");
                        self.reading.note(&place, text);
                        return None;
                    }
                }
            }
            _ => match json.get("serializedValue").and_then(Json::as_str) {
                Some(text) => Json::parse(text).unwrap_or_else(|_| Json::String(text.to_owned())),
                None => {
                    self.reading.note(&place, "an example without a value: not imported");
                    return None;
                }
            },
        };
        Some(DocumentedExample::new(Some(name.to_owned()), value, shown))
    }

    /// Returns the headers that an operation documents.
    fn headers(&mut self, item: &Place, operation: &Place) -> Vec<Header> {
        let mut headers: Vec<Header> = Vec::new();
        for (place, json) in self.parameters(item, operation) {
            let member = |name: &str| json.get(name).and_then(Json::as_str);
            let (Some(name), Some(location)) = (member("name"), member("in")) else { continue };
            if location == "body" {
                continue;
            }
            if location != "header" {
                let text = format!("the {location} parameter {name:?} is not imported");
                self.reading.note(&place, text);
                continue;
            }
            if headers.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            // In Swagger 2.0, the keywords of the schema are members of the parameter.
            let schema = match json.get("schema") {
                Some(_) => Some(place.below(&["schema"])),
                None => (self.language == Language::Swagger20).then(|| place.clone()),
            };
            let header = self.reading.header(name, schema, json.get("example").cloned());
            headers.push(header);
        }
        headers
    }
}
