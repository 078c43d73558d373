//! Creates a provider from messages: its names, payloads and settings.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{
    Delivery, ENVELOPE, Event, EventSettings, Example, Import, Provider, Settings, Source, Success,
};
use webhook_codegen::infer::{Sibling, infer_schemas, shape, title};
use webhook_codegen::json::Json;
use webhook_codegen::{Checked, Code, Diagnostic, one_line};

use crate::dispatch::decide;
use crate::examples::{examples, note_unused, of_members};
use crate::file_name::file_name;
use crate::message::{Message, Reading};
use crate::references::Place;
use crate::schemas::{Placed, Schemas, place};
use crate::{Options, branches, discriminator, wrapped};

/// A provider created from documents.
#[derive(Debug)]
pub struct Imported {
    /// The provider.
    pub provider: Provider,
    /// A comment for `provider.toml`: how the events are distinguished.
    pub comment: Option<String>,
    /// Notes about parts of the documents that could not be kept, or are kept in another form.
    pub notes: Vec<String>,
}

/// Facts about the provider as a whole.
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
) -> Checked<Imported> {
    let discriminators = &options.discriminators;
    let (delivery, envelope) = match options.places.is_empty() {
        true => (delivery(&mut messages, schemas), None),
        false => (Delivery::Wrapped, wrapped::unwrap(&mut messages, &options.places, schemas)),
    };
    if delivery == Delivery::Single {
        wrapped::propose(&messages, schemas);
    }
    let messages = branches::split(messages, discriminators, schemas);
    let names = named(names(&messages, envelope.is_some()), options, schemas)?;
    let units: Vec<Option<usize>> = messages
        .iter()
        .map(|message| message.schema.clone().map(|(place, language)| schemas.event(place, language)))
        .collect();
    let around = envelope.as_ref().map(|envelope| schemas.event(envelope.schema.0.clone(), envelope.schema.1));
    schemas.convert();
    let (messages, names, units) = without_broken(messages, names, units, schemas)?;
    let around = around.filter(|unit| match schemas.problem_of(*unit) {
        Some(problem) => {
            schemas.notes.add(name.to_owned(), format!("the envelope is not imported: {problem}"));
            false
        }
        None => true,
    });
    let of_events = units.iter().zip(&names).filter_map(|(unit, name)| Some(((*unit)?, name.clone())));
    let folders = of_events.chain(around.map(|unit| (unit, ENVELOPE.to_owned()))).collect();
    let needed: Vec<Option<usize>> = units.iter().copied().chain([around]).collect();
    let Placed { mut events, common } = place(&schemas.units, &schemas.reachable(&needed), schemas.documents, &folders);
    let mut provider = Provider {
        name: name.to_owned(),
        envelope: around.and_then(|unit| events.remove(&unit)).map(|schema| Event {
            name: ENVELOPE.to_owned(),
            schema,
            ..Event::default()
        }),
        documents: common.into_iter().map(|(file, json)| (format!("{name}/common/{file}"), json)).collect(),
        ..Provider::default()
    };
    for ((message, unit), name) in messages.iter().zip(&units).zip(&names) {
        let schema = unit.and_then(|unit| events.get(&unit)).map(|schema| described(schema, message));
        let event = Event { name: name.clone(), schema: schema.unwrap_or_default(), ..Event::default() };
        provider.events.push(event);
    }
    let library = provider.library();
    let named: Vec<Option<Named>> = messages
        .iter()
        .map(|message| discriminator::declared_values(schemas.documents, message.payload_schema()?))
        .collect();
    for (at, (event, message)) in provider.events.iter_mut().zip(&messages).enumerate() {
        let is_of_other = |payload: &Json| is_of_other(&named, at, payload);
        let several = delivery != Delivery::Single;
        event.examples = examples(event, &message.examples, &library, several, &is_of_other, schemas.notes);
    }
    if let (Some(event), Some(envelope)) = (&mut provider.envelope, &envelope) {
        event.examples = examples(event, &envelope.examples, &library, false, &|_| false, schemas.notes);
    }
    let put_together: Vec<Option<Example>> = provider
        .events
        .iter()
        .zip(&messages)
        .map(|(event, message)| {
            // No payload is composed for an event with an invalid example: its schema or its examples are wrong.
            let is_missing = event.examples.is_empty() && message.examples.iter().all(|example| example.of_choice);
            if is_missing { of_members(&provider, event, &library) } else { None }
        })
        .collect();
    for ((event, message), example) in provider.events.iter_mut().zip(&messages).zip(put_together) {
        if let Some(example) = example {
            let text = "no example of a whole payload: `members` is put together from the examples of its members";
            schemas.notes.add(schemas.documents.shown(&message.place), text);
            event.examples.push(example);
        }
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
    provider.events.retain(|event| event.schema != Json::Null);
    provider.events.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Imported { provider, comment, notes: schemas.notes.lines() })
}

/// The member that a `discriminator` names, as a JSON Pointer, and its values in the payloads of an event.
type Named = (String, Vec<String>);

/// Returns whether the discriminator names another event than the event at index `at`. The schema of an event often
/// accepts the payloads of other events, because it does not list the values of the mapping.
fn is_of_other(named: &[Option<Named>], at: usize, payload: &Json) -> bool {
    let Some((pointer, own)) = &named[at] else { return false };
    let Some(value) = payload.at(pointer).and_then(Json::as_str) else { return false };
    let has = |values: &[String]| values.iter().any(|known| known == value);
    !has(own) && named.iter().flatten().any(|(other, values)| other == pointer && has(values))
}

/// Decides how events are sent. If every payload is an array, the items are the events.
fn delivery(messages: &mut [Message], schemas: &mut Schemas<'_>) -> Delivery {
    if messages.iter().all(|message| message.is_lines) {
        return Delivery::Lines;
    }
    let items: Vec<Option<(Place, Place)>> = messages.iter().map(|message| items(message, schemas)).collect();
    if !items.iter().all(Option::is_some) {
        for (message, _) in messages.iter().zip(&items).filter(|(_, items)| items.is_some()) {
            let text = "the payload is an array, and other payloads are not: the array is the event";
            schemas.notes.add(schemas.documents.shown(&message.place), text);
        }
        return Delivery::Single;
    }
    for (message, items) in messages.iter_mut().zip(items) {
        if let (Some((place, _)), Some((array, items))) = (&mut message.schema, items) {
            note_array(&array, schemas);
            *place = items.clone();
            // If the command names the schema of the array, the event is named after the schema of the items.
            let reference = schemas.documents.text(&items, "$ref");
            if let Some(name) =
                reference.as_deref().filter(|_| message.methods.is_empty()).and_then(|it| it.rsplit('/').next())
            {
                message.names.insert(0, name.to_owned());
            }
            message.examples.extend(Reading { schemas, messages: Vec::new() }.schema_examples(&items));
        }
    }
    Delivery::Batch
}

/// Returns the schema of a payload that is an array, and the schema of its items.
fn items(message: &Message, schemas: &mut Schemas<'_>) -> Option<(Place, Place)> {
    let (place, _) = message.schema.clone()?;
    // A reference that leads nowhere is reported when the schema is converted.
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

/// Returns the names of the events' folders.
fn names(messages: &[Message], has_envelope: bool) -> Vec<String> {
    let mut taken = BTreeSet::from(["common".to_owned()]);
    taken.extend(has_envelope.then(|| ENVELOPE.to_owned()));
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

/// Returns the messages whose schemas could be converted, with their names and units. Each other message is noted. If
/// no schema could be converted, all problems are returned.
#[allow(clippy::type_complexity, reason = "three lists in the same order")]
fn without_broken(
    messages: Vec<Message>,
    names: Vec<String>,
    units: Vec<Option<usize>>,
    schemas: &mut Schemas<'_>,
) -> Checked<(Vec<Message>, Vec<String>, Vec<Option<usize>>)> {
    let problems = std::mem::take(&mut schemas.problems);
    if problems.is_empty() {
        return Ok((messages, names, units));
    }
    let broken: Vec<Option<String>> = units.iter().map(|unit| schemas.problem_of((*unit)?)).collect();
    // A problem that belongs to no unit is a problem of the document, so no event can be trusted.
    let is_of_unit = |problem: &Diagnostic| schemas.broken.iter().any(|(_, message)| *message == problem.message);
    if !problems.iter().all(is_of_unit) || broken.iter().all(Option::is_some) {
        return Err(problems);
    }
    let mut kept = (Vec::new(), Vec::new(), Vec::new());
    for (((message, name), unit), problem) in messages.into_iter().zip(names).zip(units).zip(broken) {
        match problem {
            Some(problem) => {
                let shown = schemas.documents.shown(&message.place);
                schemas.notes.add(shown, format!("{name} is not imported: {problem}"));
            }
            None => {
                kept.0.push(message);
                kept.1.push(name);
                kept.2.push(unit);
            }
        }
    }
    Ok(kept)
}

/// Returns the names of the events' folders: given by the command, already used by the provider, or proposed in
/// `names`.
fn named(mut names: Vec<String>, options: &Options, schemas: &Schemas<'_>) -> Checked<Vec<String>> {
    if let Some(event) = &options.event {
        if let [only] = names.as_mut_slice() {
            only.clone_from(event);
            return Ok(names);
        }
        let message = format!("the documents describe {} events, and --event names one", names.len());
        let advice = "choose one with --schema or --path, or leave out --event";
        let file = schemas.documents.get(0).shown.clone();
        return Err(vec![Diagnostic::of_file(Code::InvalidName, file, message, advice)]);
    }
    let plain = |name: &str| name.split('_').filter(|word| !is_version(word)).collect::<Vec<_>>().join("_");
    for at in 0..names.len() {
        if options.known.contains(&names[at]) {
            continue;
        }
        let own = plain(&names[at]);
        let is_alike = |name: &&String| plain(name) == own;
        let alike: Vec<&String> = options.known.iter().filter(is_alike).collect();
        if let [known] = alike[..]
            && names.iter().filter(is_alike).count() == 1
        {
            names[at].clone_from(known);
        }
    }
    Ok(names)
}

/// Returns whether a word of a name is a version, such as `6` or `v2`.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the schema. If it has no description, the description or title of its message becomes the description.
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

/// Returns the responses that count as success, if they are the same for all messages.
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

/// Infers the schemas of events for which the documents show only payloads.
fn infer_missing(provider: &mut Provider, settings: &mut Settings) {
    let payloads: Vec<Vec<Json>> = provider.events.iter().map(Event::payloads).collect();
    let events = provider.events.iter().zip(&payloads).map(|(event, payloads)| {
        let schema = Some(&event.schema).filter(|schema| **schema != Json::Null);
        Sibling { name: &event.name, schema, payloads }
    });
    let inferred = infer_schemas(&events.collect::<Vec<_>>(), false).events;
    for event in provider.events.iter_mut().filter(|event| event.schema == Json::Null) {
        let found = inferred.iter().find(|found| found.name == event.name);
        // The documents may have neither a schema nor a valid payload.
        event.schema = found.map_or_else(|| shape(&[]), |found| found.schema.clone());
        if let Some(table) = settings.events.get_mut(&event.name) {
            table.source = Some(Source::Inferred);
        }
    }
}
