//! Payloads that are a choice of schemas, such as a `oneOf` of all events that one endpoint receives.

use std::collections::HashSet;

use webhook_codegen::json::Json;

use crate::discriminator;
use crate::message::{DocumentedExample, Message, PayloadSchema, Reading};
use crate::references::Place;
use crate::schemas::{Language, Schemas};

/// How many references and choices within choices are followed.
const DEPTH: usize = 16;

/// Keywords next to a choice that decide nothing.
const NOTHING: [&str; 10] = [
    "$schema",
    "$comment",
    "title",
    "description",
    "discriminator",
    "example",
    "examples",
    "deprecated",
    "type",
    "externalDocs",
];

/// A branch of a choice.
struct Branch {
    /// Names for it, the best first.
    names: Vec<String>,
    place: Place,
    choice: Place,
}

/// Replaces messages that are a choice by a message for each branch that no message has yet, if a member has values of its own in each
/// branch. With members that the command names, it is enough that each branch has one of these.
pub(crate) fn split(messages: Vec<Message>, discriminators: &[String], schemas: &mut Schemas<'_>) -> Vec<Message> {
    let mut split: Vec<Message> = Vec::new();
    let mut known = HashSet::new();
    for message in messages {
        let schema = message.schema.clone();
        let branches =
            schema.and_then(|(place, language)| branches(&place, language, schemas, DEPTH, &mut HashSet::new()));
        let is_choice = branches.is_some();
        match branches.filter(|branches| are_events(branches, discriminators, schemas)) {
            Some(branches) => {
                let text = "the payload is a choice of schemas: each is an event";
                schemas.notes.add(schemas.documents.shown(&message.place), text);
                for branch in branches {
                    let message = of_branch(&message, branch, schemas);
                    if known.insert(message.place.clone()) {
                        split.push(message);
                    }
                }
            }
            None => {
                if is_choice {
                    let text = "the payload is a choice of schemas, and no member has values of its own in each: it is one \
                                event; if a member names the events, give it with --discriminator MEMBER";
                    schemas.notes.add(schemas.documents.shown(&message.place), text);
                }
                known.insert(message.place.clone());
                split.push(message);
            }
        }
    }
    split
}

/// Whether a member distinguishes branches.
fn are_events(branches: &[Branch], discriminators: &[String], schemas: &mut Schemas<'_>) -> bool {
    let payloads: Vec<PayloadSchema<'_>> =
        branches.iter().map(|branch| PayloadSchema { place: &branch.place, choice: Some(&branch.choice) }).collect();
    let documents = &mut *schemas.documents;
    let mut has_one = |payload: &PayloadSchema<'_>| {
        discriminators
            .iter()
            .any(|member| discriminator::declares(documents, *payload, &discriminator::pointer(member)))
    };
    !discriminators.is_empty() && payloads.iter().all(&mut has_one)
        || discriminator::of_schemas(schemas.documents, &payloads).is_some()
}

/// The message of a branch. The examples of the choice are those of any branch: the schema of each selects its own.
fn of_branch(message: &Message, branch: Branch, schemas: &mut Schemas<'_>) -> Message {
    let schema = message.schema.clone().map(|(_, language)| (branch.place.clone(), language));
    // The same schema is one event, unless keywords beside a reference make it another.
    let is_target = schemas.documents.at(&branch.place).is_some_and(|schema| is_reference_only(&schema));
    let target = if is_target { schemas.documents.follow(branch.place.clone()).ok() } else { None };
    let mut examples = Reading { schemas, messages: Vec::new() }.schema_examples(&branch.place);
    examples.extend(message.examples.iter().map(|example| DocumentedExample { of_choice: true, ..example.clone() }));
    Message {
        names: branch.names,
        place: target.unwrap_or(branch.place),
        schema,
        choice: Some(branch.choice),
        title: None,
        description: None,
        examples,
        headers: message.headers.clone(),
        methods: message.methods.clone(),
        content_type: message.content_type.clone(),
        is_lines: message.is_lines,
        statuses: message.statuses.clone(),
        credentials: message.credentials.clone(),
    }
}

/// Returns the branches of a schema that is nothing but a choice of schemas with names. Branches of a choice that is in `seen` are
/// not returned again, since the same branches are the same events.
fn branches(
    place: &Place,
    language: Language,
    schemas: &mut Schemas<'_>,
    left: usize,
    seen: &mut HashSet<Place>,
) -> Option<Vec<Branch>> {
    let left = left.checked_sub(1)?;
    if seen.contains(place) {
        return Some(Vec::new());
    }
    if matches!(language, Language::Files(_)) {
        return None;
    }
    let schema = schemas.documents.at(place)?;
    if is_reference_only(&schema) {
        let base = schemas.documents.base(place);
        let reference = schema.get("$ref").and_then(Json::as_str)?;
        // One that leads nowhere is reported when it is converted.
        let target = schemas.documents.target_from(&base, place.document, reference).ok()?;
        return branches(&target, language, schemas, left, seen);
    }
    let keyword = ["oneOf", "anyOf"].into_iter().find(|keyword| schema.get(keyword).is_some())?;
    let is_object = schema.get("type").is_none_or(|kind| kind.as_str() == Some("object"));
    if !is_object || !is_nothing_but(&schema, keyword) {
        return None;
    }
    let count = schema.get(keyword)?.as_array().filter(|branches| branches.len() > 1)?.len();
    let mut found = Vec::new();
    for at in 0..count {
        let branch = place.below(&[keyword, &at.to_string()]);
        match branches(&branch, language, schemas, left, seen) {
            Some(inner) => found.extend(inner),
            None => {
                let names = names(&schema, &branch, schemas)?;
                found.push(Branch { names, place: branch, choice: place.clone() });
            }
        }
    }
    seen.insert(place.clone());
    Some(found)
}

/// Whether a schema has one keyword, and next to it only keywords that decide nothing.
fn is_nothing_but(schema: &Json, keyword: &str) -> bool {
    let decides = |name: &str| name != keyword && !NOTHING.contains(&name) && !name.starts_with("x-");
    schema.as_object().is_some_and(|members| !members.iter().any(|(name, _)| decides(name)))
}

/// Whether a schema is a reference, and no keyword next to it decides anything.
fn is_reference_only(schema: &Json) -> bool {
    schema.get("$ref").is_some() && schema.get("type").is_none() && is_nothing_but(schema, "$ref")
}

/// The names of a branch: what the discriminator of the choice calls it, what its reference calls it, and its title.
fn names(choice: &Json, branch: &Place, schemas: &mut Schemas<'_>) -> Option<Vec<String>> {
    let json = schemas.documents.at(branch)?;
    let reference = json.get("$ref").and_then(Json::as_str);
    let target = schemas.documents.follow(branch.clone()).ok()?;
    let title = schemas.documents.text(&target, "title");
    let last = |reference: &str| {
        let name = reference.rsplit(['/', '#']).find(|part| !part.is_empty())?;
        Some(name.trim_end_matches(".json").trim_end_matches(".yaml").to_owned())
    };
    let mapping = choice.get("discriminator").and_then(|it| it.get("mapping")).and_then(Json::as_object);
    let mut mapped = mapping.unwrap_or_default().iter().filter(|(_, target)| {
        let target = target.as_str();
        target.is_some() && (target == reference || target.map(str::to_owned) == reference.and_then(last))
    });
    let names = [mapped.next().map(|(value, _)| value.clone()), reference.and_then(last), title];
    let names: Vec<String> = names.into_iter().flatten().collect();
    (!names.is_empty()).then_some(names)
}
