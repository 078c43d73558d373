//! Recognizes bodies that look like envelopes: objects with events in them.

use crate::json::{Json, step};
use crate::text::toml_string;

/// Names of members that hold events in documented webhooks.
const NAMES: [&str; 18] = [
    "alerts", "batch", "changes", "data", "entries", "entry", "events", "findings", "incidents", "items", "logs",
    "messages", "notificationitems", "notifications", "records", "resources", "results", "value",
];

/// The maximum number of members of an envelope. A larger object is an event, even if a member's name suggests several
/// events.
pub const MOST: usize = 8;

/// The locations of events in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// The location of the array of items, as a JSON Pointer; `None` if the body is one item.
    pub items: Option<String>,
    /// The location of the event in each item, as a JSON Pointer.
    pub item: Option<String>,
}

impl Wrapped {
    /// Returns these locations as lines of `provider.toml`.
    pub fn settings(&self) -> String {
        let line = |(key, place): (&str, &Option<String>)| {
            place.as_ref().map(|place| format!("{key} = {}", toml_string(place)))
        };
        let places = [("items", &self.items), ("item", &self.item)].into_iter().filter_map(line);
        std::iter::once("delivery = \"wrapped\"".to_owned()).chain(places).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the likely location of the events in a body. This is the only array of objects whose name is usual for
/// events, at the root or one level below, or else the only member of the body. The result is a proposal for a person
/// to confirm.
pub fn wrapped(body: &Json) -> Option<Wrapped> {
    let members = body.as_object().filter(|members| members.len() <= MOST)?;
    if let [(name, only @ Json::Object(_))] = members {
        let below = wrapped(only).filter(|below| below.items.is_some());
        let inside = |place: String| format!("{}{place}", step("", name));
        return Some(match below {
            Some(Wrapped { items, item }) => Wrapped { items: items.map(inside), item },
            None => Wrapped { items: None, item: Some(step("", name)) },
        });
    }
    let mut found = lists(members, "");
    for (name, value) in members {
        found.extend(lists(value.as_object().unwrap_or_default(), &step("", name)));
    }
    let [(place, items)] = found.as_slice() else { return None };
    Some(Wrapped { items: Some(place.clone()), item: only_member(items).map(|name| step("", name)) })
}

/// Returns whether a member with this name usually holds several events.
pub fn is_list_name(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase().as_str())
}

/// Returns the members that are arrays of objects and have a name that is usual for events.
fn lists<'j>(members: &'j [(String, Json)], place: &str) -> Vec<(String, &'j [Json])> {
    let list = |(name, value): &'j (String, Json)| {
        let items = value.as_array().filter(|items| !items.is_empty())?;
        (is_list_name(name) && items.iter().all(|item| item.as_object().is_some())).then(|| (step(place, name), items))
    };
    members.iter().filter_map(list).collect()
}

/// Returns the name of the only member of every item, if it is the same.
fn only_member(items: &[Json]) -> Option<&str> {
    let only = |item: &Json| match item.as_object()? {
        [(name, Json::Object(_))] => Some(name.clone()),
        _ => None,
    };
    let (name, _) = items.first()?.as_object()?.first()?;
    items.iter().all(|item| only(item).as_ref() == Some(name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_proposed_where_they_usually_are() {
        let found = |text: &str| {
            let place = |place: Option<String>| place.unwrap_or_default();
            wrapped(&Json::parse(text).unwrap())
                .map(|Wrapped { items, item }| format!("{} {}", place(items), place(item)))
        };
        let is = |text: &str, expected: &str| assert_eq!(found(text).as_deref(), Some(expected), "{text}");
        is(r#"{"id": 1, "events": [{"a": 1}, {"b": 2}]}"#, "/events ");
        is(r#"{"data": {"events": [{"a": 1}]}, "page": {"n": 1}}"#, "/data/events ");
        is(r#"{"data": {"events": [{"a": 1}]}}"#, "/data/events ");
        is(r#"{"Records": [{"a": 1, "b": 2}]}"#, "/Records ");
        is(r#"{"live": "false", "notificationItems": [{"Item": {"a": 1}}, {"Item": {}}]}"#, "/notificationItems /Item");
        is(r#"{"event": {"id": 1}}"#, " /event");
        for text in [r#"{"id": 1, "tags": [{"a": 1}]}"#, r#"{"events": []}"#, r#"{"events": [1]}"#, "[{}]", "1"] {
            assert_eq!(found(text), None, "{text}");
        }
        assert_eq!(found(r#"{"events": [{}], "data": [{}]}"#), None);
    }
}
