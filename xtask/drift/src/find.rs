//! What differs between the pages and schema-defs.

use std::collections::BTreeMap;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::compare::{Change, Class, Version, What, schemas, speaks_of};
use webhook_codegen::infer::infer;
use webhook_codegen::json::{Json, step};
use webhook_codegen::{Diagnostic, Dialect, Validator, fits as fits_one};
use webhook_runtime::{Violation, equal};

use crate::matching::{Matches, Observed, Shown};

/// A difference, and where a page shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What differs.
    pub change: Change,
    /// The page, by its place among those given, and the line.
    pub shown: Option<(usize, usize)>,
}

type Problems = Vec<Diagnostic>;

/// Everything that differs, event by event.
pub(crate) fn find(provider: &Provider, matches: &Matches<'_>) -> Result<Vec<Finding>, Problems> {
    let mut found = Vec::new();
    for (event, observed) in provider.events.iter().zip(&matches.events) {
        if observed.is_empty() {
            // An event that no page has ever shown is none that a page can lose.
            if !event.examples.is_empty() || crate::is_documented(provider, event) {
                found.push(Finding { change: Change::of(&event.name, What::EventGone, Class::Breaking), shown: None });
            }
            continue;
        }
        found.extend(one(provider, event, observed)?);
    }
    for shown in &matches.common {
        let known = |place: &String| {
            let speaks = provider.events.iter().map(|event| knows(provider, event, place));
            speaks.collect::<Result<Vec<bool>, _>>().map(|all| all.into_iter().any(|known| known))
        };
        for place in crate::block::places(shown.json) {
            if !known(&place)? {
                let change = Change { place, ..Change::of("", What::MemberAdded, Class::Compatible) };
                found.push(Finding { change, shown: Some(line(*shown)) });
            }
        }
    }
    for (name, observed) in &matches.new {
        let change = Change::of(name, What::EventAdded, Class::Compatible);
        found.push(Finding { change, shown: observed.first().map(line) });
    }
    Ok(found)
}

fn line(shown: Shown<'_>) -> (usize, usize) {
    (shown.page, shown.block.first_line)
}

/// Whether the schema of an event speaks of a place.
fn knows(provider: &Provider, event: &Event, place: &str) -> Result<bool, Problems> {
    let schema = provider.schema(event).map_err(|problem| vec![problem])?;
    speaks_of(version(&provider.schema_file(event), &schema, provider), place)
}

fn version<'v>(file: &'v str, schema: &'v Json, provider: &'v Provider) -> Version<'v> {
    Version { file, schema, documents: &provider.documents }
}

fn one(provider: &Provider, event: &Event, observed: &Observed<'_>) -> Result<Vec<Finding>, Problems> {
    let mut found: Vec<Finding> = Vec::new();
    if let Some(shown) = observed.schema {
        let file = provider.schema_file(event);
        let (old, new) = (version(&file, &event.schema, provider), version(&file, shown.json, provider));
        match schemas(&event.name, old, new) {
            Ok(changes) => {
                found.extend(changes.into_iter().map(|change| Finding { change, shown: Some(line(shown)) }));
            }
            Err(problems) => {
                let new = problems.first().map(|problem| format!("{} at {}", problem.message, problem.pointer));
                let change = Change { new, ..Change::of(&event.name, What::RuleChanged, Class::Breaking) };
                found.push(Finding { change, shown: Some(line(shown)) });
            }
        }
        found.extend(refused_by_its_own(provider, event, shown.json, &observed.payloads));
    }
    let refused = refused_by_ours(provider, event, &observed.payloads)?;
    found.extend(shapes(provider, event, observed, &refused, &found)?);
    for (shown, violation) in &refused {
        let told = found.iter().any(|finding| finding.change.class == Class::Breaking && is_about(finding, violation));
        if !told {
            found.push(Finding { change: of_violation(event, violation), shown: Some(line(*shown)) });
        }
    }
    found.extend(observed.payloads.iter().filter_map(|shown| lost(event, *shown)));
    found.extend(observed.payloads.iter().flat_map(|shown| wording(event, *shown)));
    for shown in &observed.structures {
        for place in crate::block::places(shown.json) {
            let said = found.iter().any(|finding| finding.change.place == place);
            if !said && !knows(provider, event, &place)? {
                let change = Change { place, ..Change::of(&event.name, What::MemberAdded, Class::Compatible) };
                found.push(Finding { change, shown: Some(line(*shown)) });
            }
        }
    }
    Ok(found)
}

/// Examples that the page's own schema refuses.
fn refused_by_its_own(provider: &Provider, event: &Event, schema: &Json, payloads: &[Shown<'_>]) -> Vec<Finding> {
    let Ok(validator) = Validator::new(schema, &provider.library(), Dialect::default()) else { return Vec::new() };
    let mut found = Vec::new();
    for shown in payloads {
        let value = shown.json.to_value();
        for violation in validator.explain(&[&value]).iter().flat_map(|all| all.iter()) {
            let change = Change {
                place: violation.instance.clone(),
                new: Some(violation.message()),
                ..Change::of(&event.name, What::ExampleInvalid, Class::Compatible)
            };
            found.push(Finding { change, shown: Some(line(*shown)) });
        }
    }
    found
}

/// What our schema refuses in the page's payloads.
fn refused_by_ours<'p>(
    provider: &Provider,
    event: &Event,
    payloads: &[Shown<'p>],
) -> Result<Vec<(Shown<'p>, Violation)>, Problems> {
    let schema = provider.schema(event).map_err(|problem| vec![problem])?;
    let validator = Validator::new(&schema, &provider.library(), Dialect::default())?;
    let mut found = Vec::new();
    for shown in payloads {
        let value = shown.json.to_value();
        for violation in validator.explain(&[&value]).iter().flat_map(|all| all.iter()) {
            found.push((*shown, violation.clone()));
        }
    }
    Ok(found)
}

/// What the payloads of the page look like, against what our examples look like.
fn shapes(
    provider: &Provider,
    event: &Event,
    observed: &Observed<'_>,
    refused: &[(Shown<'_>, Violation)],
    said: &[Finding],
) -> Result<Vec<Finding>, Problems> {
    let ours: Vec<Json> = event.examples.iter().map(|example| Json::from_value(&example.value, None)).collect();
    let theirs: Vec<Json> = observed.payloads.iter().map(|shown| shown.json.clone()).collect();
    let is_ours = |json: &Json| ours.iter().any(|known| equal(&known.to_value(), &json.to_value()));
    if ours.is_empty() || theirs.is_empty() || theirs.iter().all(is_ours) {
        return Ok(Vec::new());
    }
    let shape = |payloads: &[Json]| loosened(&infer("", payloads, &[]).schema);
    let (old, new) = (shape(&ours), shape(&theirs));
    let none = BTreeMap::new();
    let of = |schema| Version { file: "shape.json", schema, documents: &none };
    let first = observed.payloads.iter().find(|shown| !is_ours(shown.json)).copied();
    let mut found = Vec::new();
    for mut change in schemas(&event.name, of(&old), of(&new))? {
        let finding = Finding { change: change.clone(), shown: None };
        if said.iter().any(|known| known.change.class != Class::Words && known.change.place == change.place) {
            continue;
        }
        let listed = observed.structures.iter().any(|shown| crate::block::places(shown.json).contains(&change.place));
        let why = refused.iter().find(|(_, violation)| is_about(&finding, violation));
        let breaks = why.is_some();
        // A null says nothing of the member's type beside itself.
        if why.is_some_and(|(_, violation)| violation.keyword == "type" && violation.found == "null") {
            change.what = What::NullAdded;
            change.new = Some("null".to_owned());
        }
        let target = if change.what == What::MemberAdded { Some(change.place.clone()) } else { change.new.clone() };
        change.class = match change.what {
            _ if breaks => Class::Breaking,
            What::MemberAdded if !knows(provider, event, target.as_deref().unwrap_or_default())? => Class::Compatible,
            What::MemberGone if !listed && names(provider, event, &change.place)? => Class::Compatible,
            What::MemberMoved | What::MemberRenamed if names(provider, event, &change.place)? => Class::Compatible,
            // What our schema takes already: another example of the same.
            _ => Class::Words,
        };
        if change.class == Class::Words {
            change.what = What::ExampleChanged;
        }
        found.push(Finding { change, shown: first.map(line) });
    }
    if found.is_empty() {
        let change = Change::of(&event.name, What::ExampleChanged, Class::Words);
        found.push(Finding { change, shown: first.map(line) });
    }
    Ok(found)
}

/// Whether the schema names a member, and does not only leave open what there is.
fn names(provider: &Provider, event: &Event, place: &str) -> Result<bool, Problems> {
    let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
    let unheard_of = step(parent, "\u{0}");
    Ok(knows(provider, event, place)? && !knows(provider, event, &unheard_of)?)
}

/// A schema without what `infer` only guesses from single payloads: constants, and what is always there.
fn loosened(schema: &Json) -> Json {
    match schema {
        Json::Object(members) => {
            let kept = members.iter().filter(|(name, _)| name != "required").map(|(name, value)| match value {
                value if name == "const" => {
                    let kind = match value {
                        Json::String(_) => "string",
                        Json::Boolean(_) => "boolean",
                        Json::Null => "null",
                        _ => "number",
                    };
                    ("type".to_owned(), Json::String(kind.to_owned()))
                }
                value => (name.clone(), loosened(value)),
            });
            Json::Object(kept.collect())
        }
        Json::Array(items) => Json::Array(items.iter().map(loosened).collect()),
        other => other.clone(),
    }
}

/// Whether a finding is what a violation is about.
fn is_about(finding: &Finding, violation: &Violation) -> bool {
    let change = &finding.change;
    let gone = matches!(change.what, What::MemberGone | What::MemberMoved | What::MemberRenamed | What::RequiredGone);
    let place = match violation.keyword {
        "required" if gone => change.place.rsplit_once('/').map_or("", |(parent, _)| parent),
        "required" => return false,
        _ => &change.place,
    };
    fits(place, &violation.instance)
}

/// Whether a pointer into a payload is a place, in which `*` stands for any step.
fn fits(place: &str, pointer: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (place.split('/').collect(), pointer.split('/').collect());
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || *a == "*")
}

fn of_violation(event: &Event, violation: &Violation) -> Change {
    let what = match violation.keyword {
        "const" => What::ConstantChanged,
        "enum" => What::ValuesAdded,
        "type" => What::TypeChanged,
        "required" => What::MemberGone,
        _ => What::ExampleRefused,
    };
    let place = match (what, violation.expected.split('"').nth(1)) {
        (What::MemberGone, Some(name)) => step(&violation.instance, name),
        _ => violation.instance.clone(),
    };
    let found = (!violation.found.is_empty()).then(|| violation.found.clone());
    Change {
        place,
        old: Some(violation.expected.clone()),
        new: found,
        ..Change::of(&event.name, what, Class::Breaking)
    }
}

/// Texts that fit none of their templates any more.
fn wording(event: &Event, shown: Shown<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let value = shown.json.to_value();
    if event.examples.iter().any(|example| equal(&example.value, &value)) {
        return found;
    }
    for (place, templates) in crate::block::templates(&event.schema) {
        let unfit = shown.json.at(&place).and_then(Json::as_str).filter(|text| !fits_one(&templates, text));
        if let Some(text) = unfit {
            let new = Some(text.to_owned());
            let change = Change { place, new, ..Change::of(&event.name, What::WordingChanged, Class::Compatible) };
            found.push(Finding { change, shown: Some(line(shown)) });
        }
    }
    found
}

/// What our types would lose of a payload, or could not read though it is valid.
fn lost(event: &Event, shown: Shown<'_>) -> Option<Finding> {
    let text = shown.json.to_string();
    let (what, place, new) = match serde_json::from_str::<serde_json::Value>(&text) {
        Err(error) => (What::ExampleRefused, String::new(), error.to_string()),
        Ok(value) => {
            let difference = webhook_harness::exact::difference(&text, &value.to_string()).ok().flatten()?;
            (What::ExampleLost, difference.pointer, difference.right.unwrap_or_default())
        }
    };
    let change = Change { place, new: Some(new), ..Change::of(&event.name, what, Class::Breaking) };
    Some(Finding { change, shown: Some(line(shown)) })
}
