//! Finds example values of members in documented payloads.

use std::collections::BTreeSet;

use webhook_codegen::catalog::Event;
use webhook_codegen::describe::{Member, Segment};
use webhook_codegen::json::Json;

/// The maximum number of characters of a value that are shown.
const LENGTH: usize = 60;

/// The documented payloads of an event.
pub(super) struct Examples {
    payloads: Vec<Json>,
}

impl Examples {
    pub(super) fn of(event: &Event) -> Examples {
        Examples { payloads: event.payloads() }
    }

    /// Returns a value of a member as JSON text, for people: the first value that is not null. Objects, long arrays and
    /// arrays of objects are not shown.
    pub(super) fn value(&self, members: &[Member], member: &Member) -> Option<String> {
        let mut found = Vec::new();
        for payload in &self.payloads {
            collect(payload, &member.path, 0, members, &mut found);
        }
        let value = found.iter().find(|value| ***value != Json::Null).or(found.first())?;
        match value {
            Json::String(text) if text.chars().count() > LENGTH => {
                let start: String = text.chars().take(LENGTH).collect();
                Some(format!("{}…", Json::String(start)))
            }
            Json::Object(_) => None,
            Json::Array(items) => {
                let is_flat = items.iter().all(|item| !matches!(item, Json::Array(_) | Json::Object(_)));
                Some(value.to_string()).filter(|text| is_flat && text.chars().count() <= LENGTH)
            }
            scalar => Some(scalar.to_string()),
        }
    }
}

/// Collects the values at a path, from its segment `at` on.
fn collect<'v>(value: &'v Json, path: &[Segment], at: usize, members: &[Member], found: &mut Vec<&'v Json>) {
    let Some(segment) = path.get(at) else {
        found.push(value);
        return;
    };
    let mut descend = |value: &'v Json| collect(value, path, at + 1, members, found);
    match (segment, value) {
        (Segment::Name(name), Json::Object(entries)) => {
            entries.iter().filter(|(known, _)| known == name).for_each(|(_, value)| descend(value));
        }
        (Segment::Position(index), Json::Array(items)) => items.get(*index).into_iter().for_each(descend),
        (Segment::Item, Json::Array(items)) => items.iter().for_each(descend),
        (Segment::Any, Json::Object(entries)) => {
            let named: BTreeSet<&str> = members
                .iter()
                .filter_map(|member| match member.path.split_last() {
                    Some((Segment::Name(name), parent)) if *parent == path[..at] => Some(name.as_str()),
                    _ => None,
                })
                .collect();
            entries.iter().filter(|(name, _)| !named.contains(name.as_str())).for_each(|(_, value)| descend(value));
        }
        // Which names match the expression is not known here.
        _ => {}
    }
}
