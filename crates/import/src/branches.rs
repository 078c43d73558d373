//! Splits payloads that are a choice of schemas, such as a `oneOf` of all events that one endpoint receives.

use std::collections::HashSet;

use webhook_codegen::json::{Json, steps};

use crate::discriminator;
use crate::message::{DocumentedExample, Message, PayloadSchema, Reading};
use crate::references::Place;
use crate::schemas::{Language, Schemas};

/// The maximum number of nested references and choices that are followed.
const DEPTH: usize = 16;

/// Keywords next to a choice that do not affect validity.
const NOTHING: [&str; 16] = [
    "$schema", "$id", "id", "$anchor", "$comment", "$defs", "definitions", "title", "description", "discriminator",
    "example", "examples", "deprecated", "type", "externalDocs", "xml",
];

/// A branch of a choice.
#[derive(Clone)]
struct Branch {
    /// Names for it, the best first.
    names: Vec<String>,
    place: Place,
    choice: Place,
    /// The schemas that apply to the payload in addition to the branch: the keywords next to the choices that lead to
    /// it.
    rest: Vec<Json>,
}

/// Finds choices, and remembers for each visited place whether it is a choice.
struct Choices<'s, 'd> {
    schemas: &'s mut Schemas<'d>,
    language: Language,
    choices: HashSet<Place>,
    others: HashSet<Place>,
}

/// Replaces each message whose payload is a choice by one message for each branch, if a member has different values in
/// each branch. If the command names members, each branch only needs to have one of these members. A branch that is
/// already the payload of a message is not added again.
pub(crate) fn split(messages: Vec<Message>, discriminators: &[String], schemas: &mut Schemas<'_>) -> Vec<Message> {
    let mut split: Vec<Message> = Vec::new();
    let mut known = HashSet::new();
    for message in messages {
        let schema = message.schema.clone();
        let branches = schema.and_then(|(place, language)| {
            Choices { schemas, language, choices: HashSet::new(), others: HashSet::new() }.branches(&place, DEPTH)
        });
        let Some(branches) = branches else {
            known.insert(message.place.clone());
            split.push(message);
            continue;
        };
        let is_file = matches!(message.schema, Some((_, Language::Files(_))));
        let payloads: Vec<Place> = branches.iter().map(|branch| payload(branch, is_file, schemas)).collect();
        match events(&branches, &payloads, discriminators, schemas) {
            Ok(pointer) => {
                let text = "the payload is a choice of schemas: each is an event";
                schemas.notes.add(schemas.documents.shown(&message.place), text);
                for (mut branch, payload) in branches.into_iter().zip(payloads) {
                    branch.names.extend(values(&branch, &payload, pointer.as_deref(), schemas));
                    let (message, identity) = of_branch(&message, branch, payload, schemas);
                    if known.insert(identity) {
                        split.push(message);
                    }
                }
            }
            Err(why) => {
                let text = format!(
                    "the payload is a choice of schemas, and {why}: it is one event; if a member names the events, give it with \
                     --discriminator MEMBER"
                );
                schemas.notes.add(schemas.documents.shown(&message.place), text);
                known.insert(message.place.clone());
                split.push(message);
            }
        }
    }
    split
}

/// Returns the schema of the payloads of a branch. It is a derived document if other keywords apply in addition to the
/// branch, or if the branch is a part of a file that is one schema as a whole.
fn payload(branch: &Branch, is_file: bool, schemas: &mut Schemas<'_>) -> Place {
    if branch.rest.is_empty() && !is_file {
        return branch.place.clone();
    }
    let own = schemas.documents.at(&branch.place).unwrap_or(Json::Boolean(true));
    if branch.rest.is_empty() {
        return schemas.documents.derive(&branch.choice, own);
    }
    let mut rest = branch.rest.iter().cloned();
    let mut members = match rest.next() {
        Some(Json::Object(members)) => members,
        _ => Vec::new(),
    };
    let conjuncts: Vec<Json> = rest.chain([own]).collect();
    match members.iter_mut().find(|(name, _)| name == "allOf") {
        Some((_, Json::Array(all))) => all.extend(conjuncts),
        _ => members.push(("allOf".to_owned(), Json::Array(conjuncts))),
    }
    schemas.documents.derive(&branch.choice, Json::Object(members))
}

/// Returns the member that distinguishes the branches, or the reason why no member does. Returns `Ok(None)` if the
/// command names members and none of them occurs in every branch.
fn events(
    branches: &[Branch],
    payloads: &[Place],
    discriminators: &[String],
    schemas: &mut Schemas<'_>,
) -> Result<Option<String>, String> {
    let payloads: Vec<PayloadSchema<'_>> = branches
        .iter()
        .zip(payloads)
        .map(|(branch, place)| PayloadSchema { place, choice: Some(&branch.choice) })
        .collect();
    let documents = &mut *schemas.documents;
    let mut named = None;
    let mut has_one = |payload: &PayloadSchema<'_>| {
        discriminators.iter().map(|member| discriminator::pointer(member)).any(|pointer| {
            let declares = discriminator::declares(documents, *payload, &pointer);
            named = named.take().or(declares.then_some(pointer));
            declares
        })
    };
    if !discriminators.is_empty() && payloads.iter().all(&mut has_one) {
        return Ok(named);
    }
    if let Some(pointer) = discriminator::of_schemas(schemas.documents, &payloads) {
        return Ok(Some(pointer));
    }
    let name = |at: usize| branches[at].names.first().cloned().unwrap_or_else(|| format!("branch {at}"));
    Err(discriminator::why_none(schemas.documents, &payloads, &name))
}

/// Returns the value of a member in a branch, as a name of the branch, if there is exactly one value.
fn values(branch: &Branch, payload: &Place, pointer: Option<&str>, schemas: &mut Schemas<'_>) -> Option<String> {
    let payload = PayloadSchema { place: payload, choice: Some(&branch.choice) };
    match discriminator::schema_values(schemas.documents, payload, pointer?)?.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// Returns the message of a branch, and the place that identifies it. An example of the choice may be of any branch, so
/// each branch gets all of them, and its schema selects the valid ones later.
fn of_branch(message: &Message, branch: Branch, payload: Place, schemas: &mut Schemas<'_>) -> (Message, Place) {
    let schema = message.schema.clone().map(|(_, language)| (payload.clone(), language));
    // Branches with the same target are one event, unless keywords next to the reference or the choice make the schema
    // a different one.
    let is_target = schemas.documents.at(&branch.place).is_some_and(|schema| is_reference_only(&schema));
    let target = if is_target { schemas.documents.follow(branch.place.clone()).ok() } else { None };
    let mut examples = Reading { schemas, messages: Vec::new() }.schema_examples(&branch.place);
    examples.extend(message.examples.iter().map(|example| DocumentedExample { of_choice: true, ..example.clone() }));
    let place = target.unwrap_or(branch.place);
    let identity = if branch.rest.is_empty() { place.clone() } else { payload };
    let mut names = branch.names;
    if names.is_empty() {
        names.extend(message.names.first().cloned());
    }
    let message = Message {
        names,
        place,
        schema,
        choice: Some(branch.choice),
        title: None,
        description: None,
        examples,
        ..message.clone()
    };
    (message, identity)
}

impl Choices<'_, '_> {
    /// Returns the branches of a schema that is a choice of schemas, alone or next to other keywords. Branches of a choice
    /// that was seen are not returned again, since the same branches are the same events.
    fn branches(&mut self, place: &Place, left: usize) -> Option<Vec<Branch>> {
        let left = left.checked_sub(1)?;
        if self.choices.contains(place) {
            return Some(Vec::new());
        }
        if self.others.contains(place) {
            return None;
        }
        // Each place is visited once: choices may refer to each other, and a shared one may be reachable in many ways.
        let found = self.choice(place, left);
        match found {
            Some(_) => self.choices.insert(place.clone()),
            None => self.others.insert(place.clone()),
        };
        found
    }

    fn choice(&mut self, place: &Place, left: usize) -> Option<Vec<Branch>> {
        let schema = self.schemas.documents.at(place)?;
        if is_reference_only(&schema) {
            let reference = schema.get("$ref").and_then(Json::as_str)?;
            // A reference that leads nowhere is reported when the schema is converted.
            let target = self.schemas.documents.referred(place, reference).ok()?;
            return self.branches(&target, left);
        }
        let is_object = schema.get("type").is_none_or(|kind| kind.as_str() == Some("object"));
        if !is_object || schema.get("$ref").is_some() {
            return None;
        }
        let list = |keyword: &str| schema.get(keyword).and_then(Json::as_array).filter(|all| all.len() > 1);
        // In Swagger 2.0, only a discriminator makes a choice.
        let keywords = if self.language == Language::Swagger20 { &[][..] } else { &["oneOf", "anyOf"] };
        if let Some(keyword) = keywords.iter().find(|keyword| list(keyword).is_some()) {
            let count = list(keyword)?.len();
            let rest = if is_nothing_but(&schema, keyword) { Vec::new() } else { vec![without(&schema, keyword)] };
            let mut found = Vec::new();
            for at in 0..count {
                let branch = place.below(&[keyword, &at.to_string()]);
                // Branches that only state `required`, for example, are conditions on one event.
                if !rest.is_empty() && !has_members(&branch, self.schemas) {
                    return None;
                }
                match self.branches(&branch, left) {
                    Some(inner) => {
                        found.extend(
                            inner.into_iter().map(|inner| Branch { rest: [&rest[..], &inner.rest].concat(), ..inner }),
                        );
                    }
                    None => {
                        let names = names(&schema, &branch, self.schemas)?;
                        found.push(Branch { names, place: branch, choice: place.clone(), rest: rest.clone() });
                    }
                }
            }
            return Some(found);
        }
        if let Some(children) = children(place, &schema, self.schemas) {
            return Some(children);
        }
        self.one_of_all(place, &schema, left)
    }

    /// Returns the branches of the only choice among the schemas of `allOf`.
    fn one_of_all(&mut self, place: &Place, schema: &Json, left: usize) -> Option<Vec<Branch>> {
        let all = schema.get("allOf").and_then(Json::as_array)?;
        let base = self.schemas.documents.base(place);
        for at in 0..all.len() {
            let part = place.below(&["allOf", &at.to_string()]);
            let target = self.schemas.documents.follow(part.clone()).ok()?;
            let target_schema = self.schemas.documents.at(&target)?;
            let is_choice = ["oneOf", "anyOf", "allOf"].iter().any(|keyword| target_schema.get(keyword).is_some());
            // The target is inlined, so its references must be relative to the same base.
            if !is_choice || self.schemas.documents.base(&target) != base {
                continue;
            }
            let Some(inner) = self.branches(&part, left) else { continue };
            if inner.is_empty() {
                continue;
            }
            let Json::Object(members) = without(schema, "allOf") else { return None };
            let others: Vec<Json> =
                all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, schema)| schema.clone()).collect();
            let rest = [("allOf".to_owned(), Json::Array(others))].into_iter().chain(members).collect();
            let rest = Json::Object(rest);
            let with = |inner: Branch| Branch { rest: [&[rest.clone()][..], &inner.rest].concat(), ..inner };
            return Some(inner.into_iter().map(with).collect());
        }
        None
    }
}

/// Returns the schemas that extend a schema with a `discriminator`, and the schemas of its mapping, each as a branch.
fn children(place: &Place, schema: &Json, schemas: &mut Schemas<'_>) -> Option<Vec<Branch>> {
    schema.get("discriminator")?;
    let (folder, _) = place.pointer.rsplit_once('/').filter(|(folder, _)| !folder.is_empty())?;
    let mut found: Vec<Branch> = Vec::new();
    let mut add = |names: Vec<String>, child: Place| {
        if child != *place && !found.iter().any(|known| known.place == child) {
            found.push(Branch { names, place: child, choice: place.clone(), rest: Vec::new() });
        }
    };
    for (value, target) in discriminator::mapping(schemas.documents, place) {
        let title = schemas.documents.text(&target, "title");
        add([value].into_iter().chain(steps(&target.pointer).last()).chain(title).collect(), target);
    }
    let siblings = schemas.documents.at(&Place { pointer: folder.to_owned(), ..place.clone() })?;
    for (name, sibling) in siblings.as_object()? {
        let child = Place { pointer: folder.to_owned(), ..place.clone() }.below(&[name]);
        let extends = |part: &Json| {
            let reference = part.get("$ref").and_then(Json::as_str);
            let target = reference.map(|reference| schemas.documents.referred(place, reference));
            target.is_some_and(|target| target.is_ok_and(|target| target == *place))
        };
        if sibling.get("allOf").and_then(Json::as_array).unwrap_or_default().iter().any(extends) {
            add(vec![name.clone()], child);
        }
    }
    (found.len() > 1).then_some(found)
}

/// Returns whether a branch declares members, itself or through a reference.
fn has_members(branch: &Place, schemas: &mut Schemas<'_>) -> bool {
    let parts = discriminator::parts(schemas.documents, vec![branch.clone()]);
    let keywords = ["properties", "oneOf", "anyOf"];
    let has = |place: &Place| {
        schemas.documents.at(place).is_some_and(|schema| keywords.iter().any(|name| schema.get(name).is_some()))
    };
    parts.iter().any(has)
}

/// Returns a schema without the choice, and without keywords that only a whole document has.
fn without(schema: &Json, choice: &str) -> Json {
    const WHOLE: [&str; 8] = ["$id", "id", "$anchor", "$defs", "definitions", "discriminator", "example", "examples"];
    let members = schema.as_object().unwrap_or_default().iter();
    Json::Object(members.filter(|(name, _)| name != choice && !WHOLE.contains(&name.as_str())).cloned().collect())
}

/// Returns whether a schema has one keyword, and next to it only keywords that do not affect validity.
fn is_nothing_but(schema: &Json, keyword: &str) -> bool {
    let decides = |name: &str| name != keyword && !NOTHING.contains(&name) && !name.starts_with("x-");
    schema.as_object().is_some_and(|members| !members.iter().any(|(name, _)| decides(name)))
}

/// Returns whether a schema is a reference, and no keyword next to it affects validity.
fn is_reference_only(schema: &Json) -> bool {
    schema.get("$ref").is_some() && schema.get("type").is_none() && is_nothing_but(schema, "$ref")
}

/// Returns the names of a branch: its name in the discriminator of the choice, the name in its reference, and its
/// title. If the list is empty, the branch is named after the value that identifies it.
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
    Some(names.into_iter().flatten().collect())
}
