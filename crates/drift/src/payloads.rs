//! Compares payloads of a page with the schema and the examples of their event.

use std::collections::{BTreeMap, BTreeSet};

use webhook_codegen::compare::{Change, ChangeKind, Class, Declared, Version, differences};
use webhook_codegen::infer::shape;
use webhook_codegen::json::{Json, same, step};
use webhook_codegen::{Checked, Dialect, Library, Validator, matches_text_templates};
use webhook_runtime::{Violation, ViolationKind};

use crate::blocks::{places, templates};
use crate::finding::Finding;
use crate::known_event::{KnownEvent, is_example};
use crate::matching::{EventEvidence, Occurrence};
use crate::witness::smallest;

/// The maximum number of reduced payloads that are validated for an event. Further evidence is not reduced.
const MOST_TRIES: usize = 4000;

/// Adds the differences in the payloads of an event to the differences in its schema.
pub(crate) fn find(known: &mut KnownEvent<'_>, evidence: &EventEvidence<'_>, found: &mut Vec<Finding>) -> Checked<()> {
    let rejected = explained(known.schema.validator(), &evidence.payloads);
    let documented = documented(evidence);
    let shapes = shapes(known, evidence, &rejected, found)?;
    found.extend(shapes);
    let mut tries = MOST_TRIES;
    for (occurrence, violation) in &rejected {
        let about = found
            .iter()
            .position(|finding| finding.change.class > Class::Compatible && is_about(&finding.change, violation));
        let at = about.unwrap_or_else(|| {
            found.push(Finding::of(of_violation(known, violation), *occurrence));
            found.len() - 1
        });
        let change = &mut found[at].change;
        if change.witness.is_some() || change.class < Class::Deviation {
            continue;
        }
        // A payload that the page shows is better evidence than a generated one.
        let payload = occurrence.json.to_value();
        let is_rejected = known.rejects(&payload);
        let violations = summaries(known.schema.validator(), &payload);
        let mut is_evidence = |value: &serde_json::Value| {
            let Some(left) = tries.checked_sub(1) else { return false };
            tries = left;
            documented.as_ref().is_none_or(|documented| documented.are_valid(&[value]) == [true])
                && known.rejects(value) == is_rejected
                && is_about_alone(&summaries(known.schema.validator(), value), violation, &violations)
        };
        change.class = if is_rejected { Class::Breaking } else { Class::Deviation };
        change.reason = None;
        change.witness = Some(smallest(&payload, &mut is_evidence));
    }
    // The types lose the same digits of every payload, so known examples are checked too.
    found.extend(evidence.payloads.iter().filter_map(|occurrence| lost(known, *occurrence)));
    let others = evidence.payloads.iter().filter(|occurrence| !is_example(known.event, occurrence.json));
    found.extend(others.flat_map(|occurrence| wording(known, *occurrence)));
    Ok(())
}

/// Returns the examples that the page's own schema rejects, unless another finding explains the violation.
pub(crate) fn rejected_by(
    known: &KnownEvent<'_>,
    schema: &Json,
    library: &Library,
    payloads: &[Occurrence<'_>],
    found: &[Finding],
) -> Vec<Finding> {
    // A schema that cannot be parsed is reported as a separate finding.
    let Ok(validator) = Validator::new(schema, library, Dialect::default()) else { return Vec::new() };
    // An example that schema-defs already have with the same schema is not a difference.
    let is_known = same(schema, &known.event.schema);
    let new = payloads.iter().filter(|occurrence| !(is_known && is_example(known.event, occurrence.json))).copied();
    let rejected = explained(&validator, &new.collect::<Vec<_>>()).into_iter();
    let rejected = rejected.filter(|(_, violation)| !found.iter().any(|one| explains(&one.change, violation)));
    let rejected = rejected.map(|(occurrence, violation)| {
        let (place, new) = (violation.instance_location.clone(), Some(violation.message()));
        Finding::of(Change { place, new, ..known.change(ChangeKind::ExampleInvalid, Class::Compatible) }, occurrence)
    });
    rejected.collect()
}

/// Returns the validator for payloads of the page: its schema, or else a schema inferred from its payloads.
fn documented(evidence: &EventEvidence<'_>) -> Option<Validator> {
    let schema = evidence.schemas.first().map(|occurrence| occurrence.json.clone());
    let schema = schema.unwrap_or_else(|| shape(&evidence.json()));
    Validator::new(&schema, &BTreeMap::new(), Dialect::default()).ok()
}

/// Returns the violations of a payload, each as its location and its message.
fn summaries(validator: &Validator, payload: &serde_json::Value) -> BTreeSet<(String, String)> {
    let found = validator.violations(&[payload]);
    let all = found.iter().flat_map(|found| found.iter());
    all.map(|violation| (violation.instance_location.clone(), violation.message())).collect()
}

/// Returns whether violations include the given one, and only violations of the whole payload.
fn is_about_alone(
    found: &BTreeSet<(String, String)>,
    violation: &Violation,
    of_all: &BTreeSet<(String, String)>,
) -> bool {
    found.contains(&(violation.instance_location.clone(), violation.message())) && found.is_subset(of_all)
}

/// Returns all violations of some payloads.
fn explained<'p>(validator: &Validator, payloads: &[Occurrence<'p>]) -> Vec<(Occurrence<'p>, Violation)> {
    let values: Vec<serde_json::Value> = payloads.iter().map(|occurrence| occurrence.json.to_value()).collect();
    let found = validator.violations(&values.iter().collect::<Vec<_>>());
    let all = payloads.iter().zip(&found);
    all.flat_map(|(occurrence, found)| found.iter().map(|violation| (*occurrence, violation.clone()))).collect()
}

/// Compares the shape of the page's payloads with the shape of the examples.
fn shapes(
    known: &mut KnownEvent<'_>,
    evidence: &EventEvidence<'_>,
    rejected: &[(Occurrence<'_>, Violation)],
    said: &[Finding],
) -> Checked<Vec<Finding>> {
    let event = known.event;
    let Some(first) = evidence.payloads.iter().find(|occurrence| !is_example(event, occurrence.json)) else {
        return Ok(Vec::new());
    };
    let ours = event.payloads();
    let theirs = evidence.json();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let (old, new, library) = (shape(&ours), shape(&theirs), BTreeMap::new());
    let of = |schema, instances| Version { schema, library: &library, instances };
    let mut found = Vec::new();
    for mut change in differences(&event.name, of(&old, &ours), of(&new, &theirs))? {
        if said.iter().any(|one| one.change.class != Class::Cosmetic && one.change.place == change.place) {
            continue;
        }
        let listed = evidence.structures.iter().any(|occurrence| places(occurrence.json).contains(&change.place));
        let says = known.declared(&change.place);
        let is_rejected = |violation: &Violation| change.class != Class::Cosmetic && is_about(&change, violation);
        change.class = match rejected.iter().find(|(_, violation)| is_rejected(violation)) {
            Some((_, violation)) => {
                // A null only shows that null is allowed, and not that other types no longer are.
                if matches!(violation.kind, ViolationKind::Type { actual: "null", .. }) {
                    change.what = ChangeKind::NullAdded;
                    change.new = Some("null".to_owned());
                }
                Class::Breaking
            }
            None => match change.what {
                ChangeKind::MemberAdded if says == Declared::No => {
                    let mut values = theirs.iter().filter_map(|payload| payload.at(&change.place)).peekable();
                    if values.peek().is_some() && values.all(|value| *value == Json::Null) {
                        change.new = Some("null".to_owned());
                    }
                    Class::Compatible
                }
                ChangeKind::MemberRemoved if !listed && says == Declared::Named => Class::Compatible,
                ChangeKind::MemberMoved | ChangeKind::MemberRenamed if says == Declared::Named => Class::Compatible,
                // The schema already allows this, so the page only has another example.
                _ => {
                    change.what = ChangeKind::ExampleChanged;
                    Class::Cosmetic
                }
            },
        };
        found.push(Finding::of(change, *first));
    }
    if found.is_empty() {
        found.push(Finding::of(known.change(ChangeKind::ExampleChanged, Class::Cosmetic), *first));
    }
    Ok(found)
}

/// Returns whether a change and a violation concern the same member.
fn is_about(change: &Change, violation: &Violation) -> bool {
    let gone = matches!(
        change.what,
        ChangeKind::MemberRemoved | ChangeKind::MemberMoved | ChangeKind::MemberRenamed | ChangeKind::RequiredRemoved
    );
    (gone || violation.missing().is_none()) && fits(&change.place, &place(violation))
}

/// Returns the location that a violation concerns: the location of the missing member, if one is missing.
fn place(violation: &Violation) -> String {
    let place = &violation.instance_location;
    violation.missing().map_or_else(|| place.clone(), |name| step(place, name))
}

/// Returns whether a change explains a violation of the changed schema: both have the same location, or the change
/// concerns a rule for the members or items there.
fn explains(change: &Change, violation: &Violation) -> bool {
    let place = place(violation);
    let is_rule = matches!(change.what, ChangeKind::RuleChanged | ChangeKind::RuleTightened | ChangeKind::RuleLoosened);
    let parent = place.rsplit_once('/').map(|(parent, _)| parent);
    change.class != Class::Cosmetic
        && (fits(&change.place, &place) || is_rule && parent.is_some_and(|parent| fits(&change.place, parent)))
}

/// Returns whether a JSON Pointer matches a location, in which `*` stands for any segment.
fn fits(place: &str, pointer: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (place.split('/').collect(), pointer.split('/').collect());
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || *a == "*")
}

fn of_violation(known: &KnownEvent<'_>, violation: &Violation) -> Change {
    let what = match violation.kind {
        ViolationKind::Const { .. } => ChangeKind::ConstantChanged,
        ViolationKind::Enum { .. } => ChangeKind::ValuesAdded,
        ViolationKind::Type { .. } => ChangeKind::TypeChanged,
        ViolationKind::Required { .. } => ChangeKind::MemberRemoved,
        _ => ChangeKind::ExampleRefused,
    };
    let found = (!violation.found.is_empty()).then(|| violation.found.clone());
    Change {
        place: place(violation),
        old: Some(violation.expected()),
        new: found,
        ..known.change(what, Class::Breaking)
    }
}

/// Returns a finding for each text that no longer matches any of its templates.
fn wording(known: &KnownEvent<'_>, occurrence: Occurrence<'_>) -> Vec<Finding> {
    let unfit = |(place, templates): (String, Vec<String>)| {
        let text = occurrence.json.at(&place)?.as_str().filter(|text| !matches_text_templates(&templates, text))?;
        let change = known.change(ChangeKind::WordingChanged, Class::Compatible);
        Some(Finding::of(Change { place, new: Some(text.to_owned()), ..change }, occurrence))
    };
    templates(&known.event.schema).into_iter().filter_map(unfit).collect()
}

/// Returns a finding if the types lose a part of a payload, or cannot parse it although it is valid.
fn lost(known: &KnownEvent<'_>, occurrence: Occurrence<'_>) -> Option<Finding> {
    let text = occurrence.json.to_string();
    let (what, place, new) = match serde_json::from_str::<serde_json::Value>(&text) {
        Err(error) => (ChangeKind::ExampleRefused, String::new(), error.to_string()),
        Ok(value) => {
            let difference = webhook_harness::json_diff::difference(&text, &value.to_string()).ok().flatten()?;
            (ChangeKind::ExampleLost, difference.pointer, difference.right.unwrap_or_default())
        }
    };
    let change = Change { place, new: Some(new), ..known.change(what, Class::Breaking) };
    Some(Finding::of(change, occurrence))
}
