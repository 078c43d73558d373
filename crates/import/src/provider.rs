//! From messages to a provider: names, payloads, and settings.

use std::collections::BTreeSet;

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Delivery, Event, EventSettings, Import, Provider, Settings, Source, Success};
use webhook_codegen::infer::{infer, title};
use webhook_codegen::json::Json;

use crate::dispatch::decide;
use crate::examples::{examples, note_unused};
use crate::file_name::file_name;
use crate::message::Message;
use crate::references::Place;
use crate::schemas::{Placed, Schemas, place};
use crate::{Options, branches, wrapped};

/// A provider that has been made of documents.
#[derive(Debug)]
pub struct Imported {
    /// The provider.
    pub provider: Provider,
    /// The text of its `provider.toml`.
    pub settings: String,
    /// What could not be kept, or is kept in another form, in sentences.
    pub notes: Vec<String>,
}

impl Imported {
    /// The table of `provider.toml` with the options that the documents need; empty if they need none.
    pub fn import_table(&self) -> String {
        crate::settings::import_table(&self.provider.settings.import)
    }

    /// The table of an event in `provider.toml`, with the release that adds it; empty if there is nothing to state.
    pub fn event_table(&self, event: &str, release: Option<&str>) -> String {
        let settings = self.provider.settings.events.get(event).cloned().unwrap_or_default();
        crate::settings::event_table(event, &settings, release)
    }
}

/// A text of `provider.toml` that lists these annotations; `None` if a person must add them.
pub fn with_annotations(text: &str, annotations: &[String]) -> Option<String> {
    crate::settings::with_annotations(text, annotations)
}

/// What the documents state of the provider as a whole.
#[derive(Debug, Default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) origin: Vec<String>,
}

/// Creates a provider from messages.
pub(crate) fn provider(
    name: &str,
    about: &About,
    mut messages: Vec<Message>,
    options: &Options,
    schemas: &mut Schemas<'_>,
) -> Result<Imported, Vec<Diagnostic>> {
    let discriminators = &options.discriminators;
    let delivery = match options.places.is_empty() {
        true => delivery(&mut messages, schemas),
        false => wrapped::unwrap(&mut messages, &options.places, schemas),
    };
    if delivery == Delivery::Single {
        wrapped::propose(&messages, schemas);
    }
    let messages = branches::split(messages, discriminators, schemas);
    let names = names(&messages);
    let units: Vec<Option<usize>> = messages
        .iter()
        .map(|message| message.schema.clone().map(|(place, language)| schemas.event(place, language)))
        .collect();
    schemas.convert();
    if !schemas.problems.is_empty() {
        return Err(std::mem::take(&mut schemas.problems));
    }
    let folders = units.iter().zip(&names).filter_map(|(unit, name)| Some(((*unit)?, name.clone()))).collect();
    let Placed { events, common } = place(&schemas.units, schemas.documents, &folders);
    let mut provider = Provider {
        name: name.to_owned(),
        settings: Settings::default(),
        events: Vec::new(),
        documents: common.into_iter().map(|(file, json)| (format!("{name}/common/{file}"), json)).collect(),
    };
    for ((message, unit), name) in messages.iter().zip(&units).zip(&names) {
        let schema = unit.and_then(|unit| events.get(&unit)).map(|schema| described(schema, message));
        let event =
            Event { name: name.clone(), schema: schema.unwrap_or(Json::Null), overlay: None, examples: Vec::new() };
        provider.events.push(event);
    }
    let library = provider.library();
    for (event, message) in provider.events.iter_mut().zip(&messages) {
        event.examples = examples(event, message, &library, delivery != Delivery::Single, schemas.notes);
    }
    note_unused(&provider.events, &messages, delivery != Delivery::Single, schemas.notes);
    let mut settings = settings(about, delivery, &messages, &names, schemas);
    settings.import = Import {
        schemas: options.payloads.clone(),
        paths: options.paths.clone(),
        discriminators: options.discriminators.clone(),
    };
    settings.items.clone_from(&options.places.items);
    settings.item.clone_from(&options.places.item);
    infer_missing(&mut provider, &mut settings);
    provider.settings = settings;
    let order: Vec<&Message> = messages.iter().collect();
    let comment = decide(&mut provider, &order, discriminators, schemas)?;
    if provider.settings.title.is_empty() {
        provider.settings.title = name.split('_').map(title).collect::<Vec<_>>().join(" ");
    }
    let text = crate::settings::text(&provider.settings, comment.as_deref());
    provider.events.retain(|event| event.schema != Json::Null);
    provider.events.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Imported { provider, settings: text, notes: schemas.notes.lines() })
}

/// How events are sent. Where every payload is an array, its items are the events.
fn delivery(messages: &mut [Message], schemas: &mut Schemas<'_>) -> Delivery {
    if messages.iter().all(|message| message.is_lines) {
        return Delivery::Lines;
    }
    let items: Vec<Option<(Place, Place)>> = messages.iter().map(|message| items(message, schemas)).collect();
    if !items.iter().all(Option::is_some) {
        for (message, _) in messages.iter().zip(&items).filter(|(_, items)| items.is_some()) {
            let text = "the payload is an array, and other events are not: the array is the event";
            schemas.notes.add(schemas.documents.shown(&message.place), text);
        }
        return Delivery::Single;
    }
    for (message, items) in messages.iter_mut().zip(items) {
        if let (Some((place, _)), Some((array, items))) = (&mut message.schema, items) {
            note_array(&array, schemas);
            *place = items;
        }
    }
    Delivery::Batch
}

/// The schema of a payload that is an array, and the schema of its items.
fn items(message: &Message, schemas: &mut Schemas<'_>) -> Option<(Place, Place)> {
    let (place, _) = message.schema.clone()?;
    // One that leads nowhere is reported when it is converted.
    let place = schemas.documents.follow(place).ok()?;
    let json = schemas.documents.at(&place)?;
    let is_array = json.get("type").and_then(Json::as_str) == Some("array");
    let items = place.below(&["items"]);
    (is_array && matches!(json.get("items"), Some(Json::Object(_)))).then_some((place, items))
}

/// Notes the keywords of an array of events that are not imported.
fn note_array(place: &Place, schemas: &Schemas<'_>) {
    let words = ["type", "items", "title", "description", "example", "examples", "$schema", "$id"];
    let Some(Json::Object(members)) = schemas.documents.at(place) else { return };
    for (name, _) in members.iter().filter(|(name, _)| !words.contains(&name.as_str()) && !name.starts_with("x-")) {
        let shown = schemas.documents.shown(place);
        schemas.notes.add(shown, format!("`{name}` of the array of events is not imported: each item is an event"));
    }
}

/// The names of the events' folders.
fn names(messages: &[Message]) -> Vec<String> {
    let mut taken = BTreeSet::from(["common".to_owned()]);
    let first = |message: &Message| file_name(message.first_name());
    let count = |name: &str| messages.iter().filter(|message| first(message) == name).count();
    let mut names = Vec::new();
    for message in messages {
        // A name shared by several events identifies none of them.
        let shared = count(&first(message)) > 1;
        let own = message.names.iter().skip(usize::from(shared && message.names.len() > 1)).map(|name| file_name(name));
        let base = first(message);
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let free = own.chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(free.clone());
        names.push(free);
    }
    names
}

/// The schema with the description or the title of its message as its description, if it has none.
fn described(schema: &Json, message: &Message) -> Json {
    let mut members = match schema {
        Json::Object(members) => members.clone(),
        other => return other.clone(),
    };
    let text = message.description.as_ref().or(message.title.as_ref());
    if let Some(text) = text.filter(|_| !members.iter().any(|(name, _)| name == "description")) {
        let at = members.iter().take_while(|(name, _)| name.starts_with('$') && name != "$ref").count();
        members.insert(at, ("description".to_owned(), Json::String(text.clone())));
    }
    Json::Object(members)
}

fn settings(
    about: &About,
    delivery: Delivery,
    messages: &[Message],
    names: &[String],
    schemas: &Schemas<'_>,
) -> Settings {
    let mut settings = Settings { delivery, source: Source::Documented, ..Settings::default() };
    settings.title = one_line(about.title.as_deref().unwrap_or_default());
    settings.origin = one_line(&about.origin.join("; "));
    settings.annotations = schemas.annotations.iter().cloned().collect();
    let requests = &mut settings.requests;
    for message in messages {
        for method in &message.methods {
            if !requests.methods.contains(method) {
                requests.methods.push(method.clone());
            }
        }
        for kind in &message.credentials {
            if !requests.credentials.contains(kind) {
                requests.credentials.push(*kind);
            }
        }
    }
    let mut types = messages.iter().map(|message| message.content_type.clone());
    let content_type = types.next().flatten();
    requests.content_type =
        content_type.filter(|own| !own.contains('*') && types.all(|other| other.as_ref() == Some(own)));
    requests.success = success(messages);
    for (message, name) in messages.iter().zip(names) {
        let mut origin = one_line(&schemas.documents.shown(&message.place));
        if !message.headers.is_empty() {
            let headers: Vec<&str> = message.headers.iter().map(|header| header.name.as_str()).collect();
            origin = format!("{origin}; headers: {}", one_line(&headers.join(", ")));
        }
        settings.events.insert(name.clone(), EventSettings { origin: Some(origin), ..EventSettings::default() });
    }
    settings
}

/// A text on one line, without control characters.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Which answers count as success, where all messages have the same.
fn success(messages: &[Message]) -> Option<Success> {
    let of = |message: &Message| {
        let statuses: Vec<&str> =
            message.statuses.iter().map(String::as_str).filter(|status| status.starts_with('2')).collect();
        match statuses.as_slice() {
            ["200"] => Some(Success::Ok),
            [all] if all.eq_ignore_ascii_case("2xx") => Some(Success::Any2xx),
            _ => None,
        }
    };
    let first = of(messages.first()?)?;
    messages.iter().all(|message| of(message) == Some(first)).then_some(first)
}

/// Infers the schemas of events that the documents show only payloads of.
fn infer_missing(provider: &mut Provider, settings: &mut Settings) {
    let missing: Vec<String> =
        provider.events.iter().filter(|event| event.schema == Json::Null).map(|event| event.name.clone()).collect();
    for name in missing {
        let Some(event) = provider.events.iter_mut().find(|event| event.name == name) else { continue };
        let payloads: Vec<Json> = event.examples.iter().filter_map(|example| Json::parse(&example.text).ok()).collect();
        event.schema = infer(&title(&name), &payloads, &[]).schema;
        if let Some(table) = settings.events.get_mut(&name) {
            table.source = Some(Source::Inferred);
        }
    }
}
