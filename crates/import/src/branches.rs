//! Payloads that are a choice of schemas, such as a `oneOf` of all events that one endpoint receives: each branch is an event.

use std::collections::HashSet;

use webhook_codegen::json::Json;

use crate::message::{Example, Message, Reading};
use crate::references::Place;
use crate::schemas::{Language, Schemas};

/// How many references and choices within choices are followed.
const DEPTH: usize = 16;

/// Keywords of a choice that decide nothing beside it.
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
}

/// Messages that are a choice, as a message for each branch that no message has yet; the places of the choices.
pub(crate) fn split(messages: Vec<Message>, schemas: &mut Schemas<'_>) -> (Vec<Message>, Vec<Place>) {
    let mut choices = Vec::new();
    let mut split: Vec<Message> = Vec::new();
    let mut known = HashSet::new();
    for message in messages {
        match message
            .schema
            .clone()
            .and_then(|(place, language)| branches(&place, language, schemas, DEPTH, &mut HashSet::new()))
        {
            Some(branches) => {
                choices.push(message.place.clone());
                for branch in branches {
                    let message = of_branch(&message, branch, schemas);
                    if known.insert(message.place.clone()) {
                        split.push(message);
                    }
                }
            }
            None => {
                known.insert(message.place.clone());
                split.push(message);
            }
        }
    }
    (split, choices)
}

/// The message of a branch. The examples of the choice are those of any branch: the schema of each selects its own.
fn of_branch(message: &Message, branch: Branch, schemas: &mut Schemas<'_>) -> Message {
    let schema = message.schema.clone().map(|(_, language)| (branch.place.clone(), language));
    // The same schema is one event, unless keywords beside a reference make it another.
    let is_target = schemas.documents.at(&branch.place).is_some_and(|schema| is_reference_only(&schema));
    let target = if is_target { schemas.documents.follow(branch.place.clone()).ok() } else { None };
    let mut examples = Reading { schemas, messages: Vec::new() }.schema_examples(&branch.place);
    examples.extend(message.examples.iter().map(|example| Example { of_choice: true, ..example.clone() }));
    Message {
        names: branch.names,
        place: target.unwrap_or(branch.place),
        schema,
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

/// The branches of a schema that is nothing but a choice of schemas with names. A choice within a choice is `seen` once: the same
/// branches are the same events.
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
                found.push(Branch { names, place: branch });
            }
        }
    }
    seen.insert(place.clone());
    Some(found)
}

/// Whether a schema has one keyword, and otherwise what decides nothing.
fn is_nothing_but(schema: &Json, keyword: &str) -> bool {
    let decides = |name: &str| name != keyword && !NOTHING.contains(&name) && !name.starts_with("x-");
    schema.as_object().is_some_and(|members| !members.iter().any(|(name, _)| decides(name)))
}

/// Whether a schema is a reference, and nothing beside it decides anything.
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
