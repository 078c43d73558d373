//! Finds the members of payloads that name the event, with their values, and makes overlays that require them.

use std::collections::{BTreeSet, HashMap, HashSet};

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::json::{Json, step, steps};
use webhook_codegen::nearest;

use crate::documents::Documents;
use crate::message::{Message, PayloadSchema};
use crate::references::Place;

/// The schemas of one member of a payload.
#[derive(Debug, Default)]
struct MemberSchemas {
    places: Vec<Place>,
    /// Whether every valid payload has the member.
    is_required: bool,
}

/// A provider whose overlays require the members that name the events.
#[derive(Default)]
pub(crate) struct Overlaid {
    pub(crate) provider: Provider,
    /// The number of events with an overlay.
    pub(crate) count: usize,
    /// The events for which the documents show no value. The event's name is used as the value.
    pub(crate) by_name: Vec<String>,
    /// The events for which the documents list several values. The value most similar to the event's name is used.
    pub(crate) by_likeness: Vec<String>,
    /// The events without a value: some of their examples do not have the member, or an overlay would decide nothing.
    pub(crate) without_value: Vec<String>,
}

/// Returns the JSON Pointer of a member that is given by its name or by a JSON Pointer into the payload.
pub(crate) fn pointer(member: &str) -> String {
    if member.starts_with('/') { member.to_owned() } else { step("", member) }
}

/// Returns the member that has different values in each payload, according to the schemas alone.
pub(crate) fn of_schemas(documents: &mut Documents, payloads: &[PayloadSchema<'_>]) -> Option<String> {
    let candidates = candidates(documents, *payloads.first()?);
    search(candidates, payloads.len(), |at, pointer| {
        schema_values(documents, payloads[at], pointer).or_else(|| implied_values(documents, payloads[at], pointer))
    })
}

/// Returns the reason why no member has different values in each payload. `name` returns the name of a payload for
/// messages.
pub(crate) fn why_none(
    documents: &mut Documents,
    payloads: &[PayloadSchema<'_>],
    name: &dyn Fn(usize) -> String,
) -> String {
    let candidates = payloads.first().map(|first| candidates(documents, *first)).unwrap_or_default();
    let known = candidates.into_iter().map(|pointer| {
        let values: Vec<_> = payloads.iter().map(|payload| schema_values(documents, *payload, &pointer)).collect();
        (pointer, values)
    });
    let count = |values: &[Option<Vec<String>>]| values.iter().filter(|values| values.is_some()).count();
    let best = known.filter(|(_, values)| count(values) > 0).max_by_key(|(_, values)| count(values));
    let Some((pointer, values)) = best else { return "no member has different values in each".to_owned() };
    let member = pointer.trim_start_matches('/');
    if let Some(at) = values.iter().position(Option::is_none) {
        return format!("`{member}` has no values in {}", name(at));
    }
    let mut known: HashMap<&String, usize> = HashMap::new();
    for (at, values) in values.iter().enumerate() {
        for value in values.iter().flatten() {
            match known.insert(value, at) {
                Some(other) if other != at => {
                    return format!("`{member}` is {value:?} in both {} and {}", name(other), name(at));
                }
                _ => {}
            }
        }
    }
    "no member has different values in each".to_owned()
}

/// Returns the member that has different values in each event. The values are those in the schema, or those in the
/// examples if the schema has a `discriminator` that names the member.
pub(crate) fn of_events(documents: &mut Documents, provider: &Provider, messages: &[&Message]) -> Option<String> {
    let payloads: Vec<PayloadSchema<'_>> = messages.iter().map(|it| it.payload_schema()).collect::<Option<_>>()?;
    let candidates = candidates(documents, *payloads.first()?);
    search(candidates, payloads.len(), |at, pointer| {
        schema_values(documents, payloads[at], pointer)
            .or_else(|| {
                let (member, _) = declared(documents, payloads[at])?;
                example_values(provider.events.get(at)?, pointer).filter(|_| member == pointer)
            })
            .or_else(|| implied_values(documents, payloads[at], pointer))
    })
}

/// Returns whether the schema of a payload declares a member.
pub(crate) fn declares(documents: &mut Documents, payload: PayloadSchema<'_>, pointer: &str) -> bool {
    !member_schemas(documents, payload.place, pointer).places.is_empty()
}

/// Returns whether the schema or an example of an event has a member.
pub(crate) fn is_member(documents: &mut Documents, event: &Event, message: &Message, pointer: &str) -> bool {
    let is_declared = message.payload_schema().is_some_and(|payload| declares(documents, payload, pointer));
    is_declared || event.examples.iter().any(|example| example.value.pointer(pointer).is_some())
}

/// Requires members in overlays, with their values if the schema does not fix them. If neither the schema nor the
/// examples of an event have a value, the value is the event's name. If the schemas of several events list the same
/// values, the value is the listed value most similar to the event's name. `is_needed` selects the members of each
/// event. Returns `None` if no overlay is needed.
pub(crate) fn overlaid(
    documents: &mut Documents,
    provider: &Provider,
    messages: &[&Message],
    pointers: &[String],
    is_needed: &dyn Fn(usize, &str) -> bool,
) -> Option<Overlaid> {
    let mut overlaid = Overlaid { provider: provider.clone(), ..Overlaid::default() };
    let shared: Vec<HashSet<String>> =
        pointers.iter().map(|pointer| shared_values(documents, messages, pointer)).collect();
    for (at, (event, message)) in overlaid.provider.events.iter_mut().zip(messages).enumerate() {
        let mut constraints = Vec::new();
        for (pointer, shared) in pointers.iter().zip(&shared).filter(|(pointer, _)| is_needed(at, pointer)) {
            let schemas = match message.payload_schema() {
                Some(payload) => member_schemas(documents, payload.place, pointer),
                None => MemberSchemas::default(),
            };
            let listed = listed_values(documents, &schemas.places);
            let is_own = listed.as_ref().is_some_and(|listed| !listed.iter().any(|value| shared.contains(value)));
            if is_own && schemas.is_required {
                continue;
            }
            let likely = listed
                .iter()
                .find_map(|listed| nearest(message.first_name(), listed.iter().map(String::as_str)).map(str::to_owned));
            let mapped = message.payload_schema().and_then(|payload| mapped_values(documents, payload, pointer));
            let values = match mapped.or_else(|| example_values(event, pointer)) {
                _ if is_own => None,
                Some(values) => Some(values),
                None if likely.is_some() => {
                    overlaid.by_likeness.extend(likely.iter().map(|value| format!("{value:?} for {}", event.name)));
                    likely.map(|value| vec![value])
                }
                None if event.examples.is_empty() && !schemas.places.is_empty() => {
                    overlaid.by_name.push(event.name.clone());
                    let implied = message.payload_schema().and_then(|it| implied_values(documents, it, pointer));
                    // Some documents write the names of webhooks like paths.
                    let name = || vec![message.first_name().trim_start_matches('/').to_owned()];
                    Some(implied.unwrap_or_else(name))
                }
                None => {
                    overlaid.without_value.push(event.name.clone());
                    continue;
                }
            };
            constraints.push(constraint(&event.schema, pointer, values.as_deref()));
        }
        match operations(&event.schema, pointers, constraints) {
            Some(operations) if operations.is_empty() => {}
            Some(operations) => {
                event.overlay = Some(Json::Array(operations));
                overlaid.count += 1;
            }
            None => overlaid.without_value.push(event.name.clone()),
        }
    }
    (overlaid.count > 0).then_some(overlaid)
}

/// Returns the values of a member that the schemas of several events list.
fn shared_values(documents: &mut Documents, messages: &[&Message], pointer: &str) -> HashSet<String> {
    let (mut seen, mut shared) = (HashSet::new(), HashSet::new());
    for payload in messages.iter().filter_map(|message| message.payload_schema()) {
        let schemas = member_schemas(documents, payload.place, pointer);
        let values: HashSet<String> = listed_values(documents, &schemas.places).into_iter().flatten().collect();
        shared.extend(values.iter().filter(|value| !seen.insert((*value).clone())).cloned());
    }
    shared
}

/// Returns the first candidate for which every payload has values, and no two payloads have a common value.
fn search(
    candidates: Vec<String>,
    count: usize,
    mut values: impl FnMut(usize, &str) -> Option<Vec<String>>,
) -> Option<String> {
    candidates.into_iter().find(|pointer| {
        let of_payload = |at| values(at, pointer).filter(|values| !values.is_empty());
        let Some(values) = (0..count).map(of_payload).collect::<Option<Vec<_>>>() else { return false };
        let mut known = HashSet::new();
        values.into_iter().all(|values| {
            let own: HashSet<String> = values.into_iter().collect();
            let is_new = own.is_disjoint(&known);
            known.extend(own);
            is_new
        })
    })
}

/// Returns the members that may name the event: the member of a `discriminator`, and the members that the schema
/// declares.
pub(crate) fn candidates(documents: &mut Documents, payload: PayloadSchema<'_>) -> Vec<String> {
    let mut found: Vec<String> = declared(documents, payload).into_iter().map(|(member, _)| member).collect();
    for place in parts(documents, vec![payload.place.clone()]) {
        let document = documents.get(place.document);
        let properties = document.json.at(&place.pointer).and_then(|schema| schema.get("properties"));
        let properties = properties.and_then(Json::as_object).unwrap_or_default();
        found.extend(properties.iter().map(|(name, _)| step("", name)));
    }
    found
}

/// Returns the values that a member may have, from the schema or from the mapping of a `discriminator`.
pub(crate) fn schema_values(
    documents: &mut Documents,
    payload: PayloadSchema<'_>,
    pointer: &str,
) -> Option<Vec<String>> {
    let schemas = member_schemas(documents, payload.place, pointer);
    listed_values(documents, &schemas.places).or_else(|| mapped_values(documents, payload, pointer))
}

/// Returns the strings that a member has in the examples of an event, or `None` if there are no examples or if one of
/// the values is not a string.
fn example_values(event: &Event, pointer: &str) -> Option<Vec<String>> {
    let values = event.examples.iter().map(|example| Some(example.value.pointer(pointer)?.as_str()?.to_owned()));
    let values: BTreeSet<String> = values.collect::<Option<_>>()?;
    (!values.is_empty()).then(|| values.into_iter().collect())
}

/// Returns the strings that schemas list with `const`, `enum` or a choice of constants; of several lists, the shortest.
fn listed_values(documents: &Documents, schemas: &[Place]) -> Option<Vec<String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let listed = |place: &Place| -> Option<Vec<String>> {
        let document = documents.get(place.document);
        let schema = document.json.at(&place.pointer)?;
        if let Some(value) = schema.get("const") {
            return text(value).map(|value| vec![value]);
        }
        if let Some(values) = schema.get("enum").and_then(Json::as_array) {
            return values.iter().map(text).collect();
        }
        let choice = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Json::as_array)?;
        choice.iter().map(|branch| text(branch.get("const")?)).collect()
    };
    schemas.iter().filter_map(listed).min_by_key(Vec::len)
}

/// Returns the values of a member that the mapping of a `discriminator` has for the schema of a payload.
fn mapped_values(documents: &mut Documents, payload: PayloadSchema<'_>, pointer: &str) -> Option<Vec<String>> {
    let (member, values) = declared(documents, payload)?;
    (member == pointer && !values.is_empty()).then_some(values)
}

/// Returns the value that a `discriminator` of OpenAPI implies if its mapping does not have the schema of a payload: the
/// name of the schema. Many vendors send another value, so schemas and examples take precedence.
fn implied_values(documents: &mut Documents, payload: PayloadSchema<'_>, pointer: &str) -> Option<Vec<String>> {
    declared(documents, payload).filter(|(member, _)| member == pointer)?;
    let parts = parts(documents, vec![payload.place.clone()]);
    let name = parts.iter().find_map(|place| place.pointer.strip_prefix("/components/schemas/"))?;
    let pointer = format!("/{name}");
    let mut names = steps(&pointer);
    names.next().filter(|_| names.next().is_none()).map(|name| vec![name])
}

/// Returns the member that a `discriminator` names, and the values that the mapping, or else the name of the schema,
/// has for a payload.
pub(crate) fn declared_values(documents: &mut Documents, payload: PayloadSchema<'_>) -> Option<(String, Vec<String>)> {
    let (member, values) = declared(documents, payload)?;
    let values = if values.is_empty() { implied_values(documents, payload, &member)? } else { values };
    Some((member, values))
}

/// Returns the member that a `discriminator` of OpenAPI names, and the values that its mapping has for the schema of
/// the payload.
fn declared(documents: &mut Documents, payload: PayloadSchema<'_>) -> Option<(String, Vec<String>)> {
    let parts = parts(documents, vec![payload.place.clone()]);
    for place in payload.choice.into_iter().chain(&parts) {
        let document = documents.get(place.document);
        let Some(discriminator) = document.json.at(&place.pointer).and_then(|schema| schema.get("discriminator"))
        else {
            continue;
        };
        // Swagger 2.0 has only the name; the values are the names of the schemas.
        if let Some(name) = discriminator.as_str() {
            let named = parts.iter().find_map(|place| place.pointer.strip_prefix("/definitions/"));
            let values = named.and_then(|name| steps(&format!("/{name}")).next()).into_iter().collect();
            return Some((step("", name), values));
        }
        let Some(name) = discriminator.get("propertyName").and_then(Json::as_str) else { continue };
        let mapping = mapping(documents, place).into_iter().filter(|(_, target)| parts.contains(target));
        return Some((step("", name), mapping.map(|(value, _)| value).collect()));
    }
    None
}

/// Returns the values in the mapping of the `discriminator` at a place, each with the schema it leads to.
pub(crate) fn mapping(documents: &mut Documents, place: &Place) -> Vec<(String, Place)> {
    let schema = documents.at(place);
    let mapping = schema.as_ref().and_then(|schema| schema.get("discriminator")?.get("mapping")?.as_object());
    let target = |(value, target): &(String, Json)| {
        let target = target.as_str()?;
        // A target is the name of a schema, or else a reference.
        let named = Place { pointer: String::new(), ..place.clone() }.below(&["components", "schemas", target]);
        let target = match documents.at(&named) {
            Some(_) => named,
            None => documents.referred(place, target).ok()?,
        };
        Some((value.clone(), target))
    };
    mapping.unwrap_or_default().iter().filter_map(target).collect()
}

/// Returns the schemas of a member, at any depth.
fn member_schemas(documents: &mut Documents, payload: &Place, pointer: &str) -> MemberSchemas {
    let mut places = parts(documents, vec![payload.clone()]);
    let mut is_required = true;
    for name in steps(pointer) {
        let is = |holds: &dyn Fn(&Json) -> bool| {
            places.iter().any(|place| documents.get(place.document).json.at(&place.pointer).is_some_and(holds))
        };
        let requires = |schema: &Json| {
            let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
            required.iter().any(|known| known.as_str() == Some(&name))
        };
        // `required` does not reject values other than objects, so the type counts as well.
        let is_object = is(&|schema| schema.get("type").and_then(Json::as_str) == Some("object"));
        is_required &= is_object && is(&requires);
        let members = places.iter().map(|place| place.below(&["properties", &name]));
        let members: Vec<Place> =
            members.filter(|place| documents.get(place.document).json.at(&place.pointer).is_some()).collect();
        places = parts(documents, members);
    }
    MemberSchemas { places, is_required }
}

/// Returns the schemas of a member of a payload, with their parts.
pub(crate) fn member_places(documents: &mut Documents, payload: &Place, pointer: &str) -> Vec<Place> {
    member_schemas(documents, payload, pointer).places
}

/// Returns some schemas with their parts: the schemas that they refer to, and the branches of `allOf`. Each schema
/// occurs once.
pub(crate) fn parts(documents: &mut Documents, schemas: Vec<Place>) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut seen = HashSet::new();
    let mut open: Vec<Place> = schemas.into_iter().rev().collect();
    while let Some(place) = open.pop() {
        let document = documents.get(place.document);
        let Some(schema) = document.json.at(&place.pointer).filter(|_| seen.insert(place.clone())) else { continue };
        let branches = schema.get("allOf").and_then(Json::as_array).map_or(0, <[Json]>::len);
        open.extend((0..branches).rev().map(|at| place.below(&["allOf", &at.to_string()])));
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            // A reference that leads nowhere is reported when the schema is converted.
            open.extend(documents.referred(&place, reference));
        }
        found.push(place);
    }
    found
}

/// Returns a schema that requires a member, with the given values if there are any. It is in the dialect of `schema`.
fn constraint(schema: &Json, pointer: &str, values: Option<&[String]>) -> Json {
    let text = |text: &str| Json::String(text.to_owned());
    let object = |members: Vec<(&str, Json)>| {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let is_draft4 = schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("/draft-04"));
    let mut schema = values.map(|values| match values {
        // Draft-04 has no `const`.
        [value] if !is_draft4 => object(vec![("const", text(value))]),
        values => object(vec![("enum", Json::Array(values.iter().map(|value| text(value)).collect()))]),
    });
    for name in steps(pointer).collect::<Vec<_>>().into_iter().rev() {
        let mut members = vec![("type", text("object")), ("required", Json::Array(vec![text(&name)]))];
        members.extend(schema.map(|schema| ("properties", Json::Object(vec![(name.clone(), schema)]))));
        schema = Some(object(members));
    }
    schema.unwrap_or(Json::Boolean(true))
}

/// Returns the operations of a JSON Patch that adds constraints to a schema, or `None` if a `$ref` makes the keywords
/// next to it void.
fn operations(schema: &Json, pointers: &[String], constraints: Vec<Json>) -> Option<Vec<Json>> {
    if constraints.is_empty() {
        return Some(Vec::new());
    }
    let is_older = schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("/draft-0"));
    if is_older && schema.get("$ref").is_some() {
        return None;
    }
    let operation = |op: &str, path: &str, value: Json| {
        let text = |text: &str| Json::String(text.to_owned());
        Json::Object(vec![("op".to_owned(), text(op)), ("path".to_owned(), text(path)), ("value".to_owned(), value)])
    };
    // The `test` operations fail if a later version of the schema no longer has these members.
    let own = pointers.iter().filter_map(|pointer| steps(pointer).next()).map(|name| step("/properties", &name));
    let mut evidence: Vec<String> = own.filter(|path| schema.at(path).is_some()).collect();
    if evidence.is_empty() {
        evidence.extend(["/$ref", "/allOf"].into_iter().find(|path| schema.at(path).is_some()).map(str::to_owned));
    }
    evidence.dedup();
    let mut operations: Vec<Json> =
        evidence.iter().filter_map(|path| Some(operation("test", path, schema.at(path)?.clone()))).collect();
    match schema.get("allOf") {
        Some(_) => operations.extend(constraints.into_iter().map(|it| operation("add", "/allOf/-", it))),
        None => operations.push(operation("add", "/allOf", Json::Array(constraints))),
    }
    Some(operations)
}
