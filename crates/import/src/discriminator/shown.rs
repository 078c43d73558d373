//! Members that name the event by what the documents show of them, although no schema fixes their values.

use std::collections::{BTreeMap, HashSet};

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::{Json, step};

use super::parts::Members;
use super::{is_older, is_reference_alone, is_required, object_type, operation};

/// The most members of which pairs are tried.
const MOST_CANDIDATES: usize = 100;

/// A member, with its value for each event that the documents show one of.
type Values = (String, Vec<Option<String>>);

/// Members that name the events, with their values for each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    members: Vec<Values>,
}

/// The members that name the events, if the documents show their values for all: one, or two where no single one distinguishes as
/// many. `names` are those that the documents have for the events.
pub(crate) fn shown(provider: &Provider, names: &[&str]) -> Option<Shown> {
    let is_complete = |(_, values): &Values| values.iter().all(Option::is_some);
    let complete: Vec<Values> =
        candidates(provider, names).into_iter().filter(is_complete).take(MOST_CANDIDATES).collect();
    let pairs = complete
        .iter()
        .enumerate()
        .flat_map(|(at, first)| complete[at + 1..].iter().map(move |second| vec![first.clone(), second.clone()]));
    let sets = complete.iter().map(|member| vec![member.clone()]).chain(pairs);
    let mut best: Option<(usize, Shown)> = None;
    for members in sets {
        let shown = Shown { members };
        let distinct = shown.by_values().len();
        if best.as_ref().is_none_or(|(most, _)| distinct > *most) {
            best = Some((distinct, shown));
        }
    }
    best.map(|(_, shown)| shown)
}

impl Shown {
    /// The names of the members.
    pub(crate) fn members(&self) -> Vec<String> {
        self.members.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The events, by place, that have the same values; each group has several.
    pub(crate) fn alike(&self) -> Vec<Vec<usize>> {
        self.by_values().into_values().filter(|events| events.len() > 1).collect()
    }

    /// Fixes those members of each event that are `needed`, in overlays; `None` where an overlay would decide nothing.
    pub(crate) fn fix(&self, provider: &mut Provider, needed: impl Fn(usize, &str) -> bool) -> Option<()> {
        let value = |(name, values): &Values, at: usize| Some((name.clone(), values.get(at)?.clone()?));
        let mut overlays = Vec::new();
        for (at, event) in provider.events.iter().enumerate() {
            let members = self.members.iter().filter(|(name, _)| needed(at, name));
            let fixed: Vec<(String, String)> = members.filter_map(|member| value(member, at)).collect();
            let mut operations = overlay(&event.schema, &fixed)?;
            operations.extend(object_type(provider, event).filter(|_| !fixed.is_empty()));
            overlays.push((!operations.is_empty()).then_some(Json::Array(operations)));
        }
        for (event, overlay) in provider.events.iter_mut().zip(overlays) {
            event.overlay = overlay;
        }
        Some(())
    }

    /// The places of events, by the values of the members.
    fn by_values(&self) -> BTreeMap<Vec<Option<String>>, Vec<usize>> {
        let mut groups: BTreeMap<Vec<Option<String>>, Vec<usize>> = BTreeMap::new();
        let count = self.members.first().map_or(0, |(_, values)| values.len());
        for at in 0..count {
            let values = self.members.iter().map(|(_, values)| values[at].clone()).collect();
            groups.entry(values).or_default().push(at);
        }
        groups
    }
}

/// Members that name most events, and the events that the documents show no value of them for.
pub(crate) fn nearly(provider: &Provider, names: &[&str]) -> Option<(Vec<String>, Vec<String>)> {
    let is_near = |(_, values): &Values| values.iter().flatten().count() * 4 >= values.len() * 3;
    let near: Vec<Values> = candidates(provider, names).into_iter().filter(is_near).collect();
    let lacks = |at: usize| near.iter().any(|(_, values)| values[at].is_none());
    let missing = provider.events.iter().enumerate().filter(|(at, _)| lacks(*at));
    let missing: Vec<String> = missing.map(|(_, event)| event.name.clone()).collect();
    let names: Vec<String> = near.iter().map(|(name, _)| name.clone()).collect();
    (!missing.is_empty()).then_some((names, missing))
}

/// The members that have a value for some events, and not the same for all.
fn candidates(provider: &Provider, names: &[&str]) -> Vec<Values> {
    let members: Vec<Members<'_>> = provider.events.iter().map(|event| Members::of_event(provider, event)).collect();
    let mut seen = HashSet::new();
    let all = members.iter().flat_map(|members| &members.names).filter(|name| seen.insert(**name));
    let mut candidates: Vec<Values> =
        all.map(|name| ((*name).to_owned(), values(provider, &members, name, names))).collect();
    candidates.retain(|(_, values)| {
        let mut known = values.iter().flatten();
        known.next().is_some_and(|first| known.any(|other| other != first))
    });
    candidates
}

/// The value of a member for each event. An event without examples has its own name in it if the schema lists that, or if all events
/// with examples have theirs.
fn values(provider: &Provider, all: &[Members<'_>], name: &str, names: &[&str]) -> Vec<Option<String>> {
    let schema_of = |members: &Members<'_>| members.schema(name).filter(|it| it.as_object().is_some()).cloned();
    let schemas: Vec<Option<Json>> = all.iter().map(schema_of).collect();
    let events = || provider.events.iter().zip(all.iter().zip(&schemas)).zip(names);
    let is_named = |event: &Event, own: &str| example(event, name).map(|value| value.as_deref() == Some(own));
    let mut of_examples = events().filter_map(|((event, _), own)| is_named(event, own));
    let are_names = of_examples.by_ref().take(2).filter(|is_name| *is_name).count() == 2 && of_examples.all(|it| it);
    let lists = |members: &Members<'_>, own: &str| {
        members.values(name).is_some_and(|listed| listed.iter().any(|value| value == own))
    };
    let value = |((event, (members, schema)), own): ((&Event, (&Members<'_>, &Option<Json>)), &&str)| {
        let is_name = || event.examples.is_empty() && (are_names || lists(members, own));
        value(event, name, schema.as_ref()?).or_else(|| is_name().then(|| (*own).to_owned()))
    };
    events().map(value).collect()
}

/// The string that a member is in all examples of an event; `None` without examples.
fn example(event: &Event, name: &str) -> Option<Option<String>> {
    let mut examples = event.examples.iter().map(|example| example.value.get(name).and_then(|value| value.as_str()));
    let first = examples.next()?;
    Some(first.filter(|first| examples.all(|other| other == Some(first))).map(str::to_owned))
}

/// The value that a member has in every payload of an event, as far as the document shows: the schema fixes it, or all examples have
/// it and it is like the event's name or all that the member's description quotes. Without examples, the description alone
/// decides.
fn value(event: &Event, name: &str, member: &Json) -> Option<String> {
    if let Some(value) = fixed(member) {
        return Some(value);
    }
    let quoted = quoted(member.get("description").and_then(Json::as_str).unwrap_or_default());
    let Some(shown) = example(event, name) else {
        return quoted.first().filter(|_| quoted.len() == 1).cloned();
    };
    let is_like_name = |shown: &String| format!("_{}_", event.name).contains(&format!("_{}_", folder_name(shown)));
    shown.filter(|shown| is_like_name(shown) || quoted == [shown.as_str()])
}

/// The string that a schema fixes.
fn fixed(member: &Json) -> Option<String> {
    let listed = member.get("enum").and_then(Json::as_array).filter(|values| values.len() == 1);
    let value = member.get("const").or_else(|| listed.and_then(<[Json]>::first))?;
    value.as_str().map(str::to_owned)
}

/// What a description has between backticks, without quotation marks; each once.
fn quoted(description: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for code in description.split('`').skip(1).step_by(2) {
        let code = code.trim_matches(|letter| matches!(letter, '"' | '\''));
        if !code.is_empty() && !found.iter().any(|known| known == code) {
            found.push(code.to_owned());
        }
    }
    found
}

/// The operations of a JSON Patch that fixes the values of members, and requires these; `None` where it would decide nothing.
fn overlay(schema: &Json, members: &[(String, String)]) -> Option<Vec<Json>> {
    if is_reference_alone(schema) {
        return None;
    }
    let mut operations = Vec::new();
    let mut inherited: Vec<(String, Json)> = Vec::new();
    for (name, value) in members {
        let constant = Json::String(value.clone());
        let pointer = step("/properties", name);
        match schema.at(&pointer) {
            Some(member) if fixed(member).is_some() => {}
            Some(member) if is_older(schema) && member.get("$ref").is_some() => return None,
            // What shows that the member still is what it was.
            Some(member) => {
                operations.push(operation("test", &pointer, member.clone()));
                operations.push(operation("add", &step(&pointer, "const"), constant));
            }
            // The member is one of what the schema refers to, or of a branch of `allOf`.
            None if schema.get("additionalProperties").is_some() => return None,
            None => inherited.push((name.clone(), Json::Object(vec![("const".to_owned(), constant)]))),
        }
    }
    if !inherited.is_empty() {
        let (path, value) = ["/$ref", "/allOf"].into_iter().find_map(|path| Some((path, schema.at(path)?)))?;
        operations.push(operation("test", path, value.clone()));
        match schema.get("properties") {
            Some(_) => {
                operations
                    .extend(inherited.into_iter().map(|(name, it)| operation("add", &step("/properties", &name), it)));
            }
            None => operations.push(operation("add", "/properties", Json::Object(inherited))),
        }
    }
    let missing = members.iter().map(|(name, _)| name).filter(|name| !is_required(schema, name));
    let missing: Vec<Json> = missing.map(|name| Json::String(name.clone())).collect();
    match schema.get("required") {
        _ if missing.is_empty() => {}
        Some(required) => {
            operations.push(operation("test", "/required", required.clone()));
            operations.extend(missing.into_iter().map(|name| operation("add", "/required/-", name)));
        }
        None => operations.push(operation("add", "/required", Json::Array(missing))),
    }
    Some(operations)
}
