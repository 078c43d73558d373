//! Compares two versions of a vendor's schemas and lists the differences that affect a receiver, each with its
//! consequence.
//!
//! Schemas are compared by their meaning: references are followed, `allOf` is merged, and the order of members is
//! ignored.

mod change;
mod judge;
mod members;
mod scalars;
mod schema_version;
mod unmatched;
mod verdict;
mod walk;

use crate::load::catalog::{Event, Provider};
use crate::model::diagnostic::{Checked, Diagnostic};

pub use self::change::{Change, ChangeKind, Class};
pub use self::judge::schemas;
pub use self::schema_version::{Declared, Version};
pub(crate) use self::verdict::with_stack;
pub use self::verdict::{Acceptance, Rules, Sent, Verdict, contained};

/// Returns the same differences as [`schemas`], but derives the class of each difference from its kind alone, without a
/// proof.
///
/// # Errors
///
/// Returns the problems of a schema that cannot be parsed.
pub fn differences(event: &str, old: Version<'_>, new: Version<'_>) -> Checked<Vec<Change>> {
    let (old, new) = (schema_version::SchemaVersion::new(old)?, schema_version::SchemaVersion::new(new)?);
    Ok(walk::walk(event, old, new).found.into_iter().map(|found| found.change).collect())
}

/// Returns the differences between two versions of a provider: its events, and the schema of each event with its
/// overlay.
///
/// # Errors
///
/// Returns the problems of all schemas that cannot be parsed.
pub fn providers(old: &Provider, new: &Provider, sent: Sent) -> Checked<Vec<Change>> {
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    if old.settings.delivery != new.settings.delivery {
        let text_of = |provider: &Provider| Some(format!("{:?}", provider.settings.delivery).to_lowercase());
        let change = Change::of("", ChangeKind::DeliveryChanged, Class::Breaking);
        changes.push(Change { old: text_of(old), new: text_of(new), ..change });
    }
    for event in &old.events {
        let Some(other) = new.events.iter().find(|other| other.name == event.name) else {
            changes.push(Change::of(&event.name, ChangeKind::EventRemoved, Class::Breaking));
            continue;
        };
        match one(event, (old, event), (new, other), sent) {
            Ok(found) => changes.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    for event in new.events.iter().filter(|event| !old.events.iter().any(|other| other.name == event.name)) {
        changes.push(Change::of(&event.name, ChangeKind::EventAdded, Class::Compatible));
    }
    match (&old.envelope, &new.envelope) {
        (Some(event), Some(other)) => match one(event, (old, event), (new, other), sent) {
            Ok(found) => changes.extend(found),
            Err(found) => problems.extend(found),
        },
        (Some(event), None) => changes.push(Change::of(&event.name, ChangeKind::EventRemoved, Class::Breaking)),
        (None, Some(event)) => changes.push(Change::of(&event.name, ChangeKind::EventAdded, Class::Compatible)),
        (None, None) => {}
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

fn one(event: &Event, old: (&Provider, &Event), new: (&Provider, &Event), sent: Sent) -> Checked<Vec<Change>> {
    let read = |(provider, event): (&Provider, &Event)| {
        let schema = provider.schema(event).map_err(|problem| vec![problem])?;
        Ok::<_, Vec<Diagnostic>>((schema, provider.library(), event.payloads()))
    };
    let (older, newer) = (read(old)?, read(new)?);
    schemas(
        &event.name,
        Version { schema: &older.0, library: &older.1, instances: &older.2 },
        Version { schema: &newer.0, library: &newer.1, instances: &newer.2 },
        Rules { sent, reading: old.0.reading(&event.name) },
    )
    .map_err(|problems| {
        let named = |problem: Diagnostic| match problem.file.as_str() {
            "schema.json" => Diagnostic { file: new.0.schema_file(new.1), ..problem },
            _ => problem,
        };
        problems.into_iter().map(named).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{Change, ChangeKind, Class, Rules, Version, schemas};
    use crate::json::Json;

    /// Returns the changes between two versions of a schema.
    fn changes(old: &Value, new: &Value) -> Vec<Change> {
        let (old, new) = (Json::from_value(old, None), Json::from_value(new, None));
        let library = BTreeMap::new();
        let version = |schema| Version { schema, library: &library, instances: &[] };
        schemas("event", version(&old), version(&new), Rules::default()).unwrap()
    }

    #[test]
    fn versions_with_exponential_witnesses_are_compared() {
        // Each payload of the first link has 2^30 strings, and each string of the second one has 2^30 schemas.
        let member = |next: &Value| json!({"type": "object", "properties": {"a": next}});
        let links: [&dyn Fn(Value) -> Value; 2] = [
            &|next| json!({"type": "object", "properties": {"a": next, "b": next}, "required": ["a", "b"]}),
            &|next| json!({"allOf": [member(&next), member(&next)]}),
        ];
        for (link, class) in links.iter().zip([Class::Unproven, Class::Breaking]) {
            let version = |most: usize| {
                let reference = |at: usize| json!({"$ref": format!("#/$defs/d{at}")});
                let definitions = (0..30).map(|at| (format!("d{at}"), link(reference(at + 1))));
                let leaf = ("d30".to_owned(), json!({"type": "string", "maxLength": most}));
                let definitions: serde_json::Map<String, Value> = definitions.chain([leaf]).collect();
                json!({"type": "object", "properties": {"root": reference(0)}, "$defs": definitions})
            };
            let changes = changes(&version(5), &version(9));
            assert_eq!(changes.iter().map(|change| change.class).max(), Some(class), "{changes:?}");
        }
    }

    #[test]
    fn long_lists_of_values_are_compared() {
        // If each value were compared with every other value, there would be billions of comparisons.
        let version = |first: usize| {
            let values: Vec<String> = (first..50_000).map(|at| format!("value {at}")).collect();
            json!({"type": "object", "properties": {"value": {"enum": values}}, "required": ["value"]})
        };
        let changes = changes(&version(1), &version(0));
        let shown: Vec<_> = changes.iter().map(|change| (change.what, change.class, change.new.as_deref())).collect();
        assert_eq!(shown, [(ChangeKind::ValuesAdded, Class::Breaking, Some("\"value 0\""))]);
    }
}
