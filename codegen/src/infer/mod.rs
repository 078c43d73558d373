//! Infers schemas from payloads. An inferred schema requires no more than the payloads show.
//!
//! [`infer_events`] creates the schemas of events without documentation. [`widen`] changes a known schema so that it
//! accepts payloads that it rejects. Both return points for a person to review.

mod identity;
mod maps;
mod members;
mod partition;
mod patch;
mod repair;
mod text;
mod undeclared;
mod values;
mod vendor;
mod widen;
mod wrapped;

use std::collections::{BTreeMap, HashSet};

pub use self::maps::MapDecisions;
pub use self::patch::patch;
pub use self::text::{folder_name, is_label, title};
pub use self::values::{Note, NoteKind};
pub use self::vendor::{Capture, Events, InferredEvent, Origin, UNNAMED, infer_events, infer_schemas};
pub use self::widen::{widen, widen_with_documents};
pub use self::wrapped::{MOST as MOST_AROUND_EVENTS, Wrapped, is_list_name, wrapped};

use self::identity::Item;
use self::maps::Vocabulary;
use self::values::Findings;
use crate::json::{Json, descend};

/// A schema that was changed to accept some payloads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Widened {
    /// The schema. It is unchanged if it accepts every payload and declares every member.
    pub schema: Json,
    /// The changed documents of the library, by URI.
    pub documents: BTreeMap<String, Json>,
    /// The changes, each with its location in the payload and in the schema.
    pub changes: Vec<String>,
    /// Points that a person must resolve. Until then, the schema rejects some payloads.
    pub unresolved: Vec<String>,
    /// Points that a person should review. They do not cause the schema to reject a payload.
    pub notes: Vec<String>,
}

/// An event of a provider, with its schema and payloads.
#[derive(Clone, Copy, Debug)]
pub struct Sibling<'a> {
    /// The name of the event.
    pub name: &'a str,
    /// The schema of the event, if it has one.
    pub schema: Option<&'a Json>,
    /// The payloads of the event.
    pub payloads: &'a [Json],
}

/// Returns the members that name the events of some payloads, as JSON Pointers: none, one, or a pair of members that
/// name the events only together.
pub fn naming_members(payloads: &[&Json]) -> Vec<String> {
    let items: Vec<Item<'_>> = payloads.iter().map(|payload| Item { payload, hint: Vec::new(), event: None }).collect();
    identity::choose(&items, &HashSet::new()).iter().map(|path| descend("", path)).collect()
}

/// Returns the schema of some payloads: the types of all members, of which none is required. Unknown members are
/// allowed.
pub fn shape(payloads: &[Json]) -> Json {
    let (decisions, vocabulary) = (MapDecisions::default(), Vocabulary::of(payloads));
    values::schema(&payloads.iter().collect::<Vec<_>>(), "", "", &mut Findings::new(&decisions, &vocabulary))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Capture, Events, MapDecisions, Origin, Sibling, infer_events, infer_schemas, widen};
    use crate::json::{Json, steps};

    fn object(members: impl Iterator<Item = (String, Json)>) -> Json {
        Json::Object(members.collect())
    }

    fn text(text: impl ToString) -> Json {
        Json::String(text.to_string())
    }

    /// Infers the schema of an event from its payloads.
    fn infer(payloads: &[Json], others: &[Sibling<'_>]) -> Events {
        infer_schemas(&[&[Sibling { name: "event", schema: None, payloads }], others].concat(), false)
    }

    /// Payloads that grow with a number, each along another dimension: the number of members, many of them named like
    /// discriminators; the number of payloads; the number of objects in a map, in an array and in each other.
    fn shapes(count: usize) -> Vec<Vec<Json>> {
        let wide = |from: usize| object((0..count).map(|at| (format!("m{at}_type"), text(format!("v{}", at + from)))));
        let row = |at: usize| {
            object([("type".to_owned(), text(format!("t{at}"))), (format!("m{}", at % 7), Json::Null)].into_iter())
        };
        let map = object((0..count).map(|at| (format!("10.0.{}.{}", at / 200, at % 200), row(at))));
        let nested = object((0..count).map(|at| (format!("m{at}"), object([("id".to_owned(), text(at))].into_iter()))));
        let outer = |inner: Json| object([("outer".to_owned(), inner)].into_iter());
        vec![
            vec![wide(0)],
            vec![wide(0), wide(0), wide(1)],
            (0..count).map(row).collect(),
            vec![outer(map)],
            vec![outer(Json::Array((0..count).map(row).collect()))],
            vec![outer(nested.clone()), outer(nested)],
        ]
    }

    /// Counts the steps of a function for each shape.
    fn steps_of(count: usize, run: impl Fn(&[Json])) -> Vec<usize> {
        shapes(count).iter().map(|payloads| steps::of(|| run(payloads)).0).collect()
    }

    #[track_caller]
    fn is_linear(run: impl Fn(&[Json])) {
        let (some, more) = (steps_of(300, &run), steps_of(3000, &run));
        for (shape, (some, more)) in some.iter().zip(&more).enumerate() {
            assert!(*more <= 12 * some + 2000, "{shape}: {some} steps, and {more} for ten times as much");
        }
    }

    #[test]
    fn inferring_takes_linear_time() {
        is_linear(|payloads| drop(infer(payloads, &[])));
        let other = shapes(300).swap_remove(0);
        let schema = &infer(&other, &[]).events[0].schema;
        let others = [Sibling { name: "other", schema: Some(schema), payloads: &other }];
        is_linear(|payloads| drop(infer(payloads, &others)));
    }

    #[test]
    fn finding_new_members_takes_linear_time() {
        let schema =
            Json::parse(r#"{"type": "object", "properties": {"outer": {"properties": {"known": {}}}}}"#).unwrap();
        is_linear(|payloads| drop(widen(&schema, &BTreeMap::new(), payloads)));
    }

    #[test]
    fn what_is_known_is_widened_in_linear_time() {
        for (some, more) in shapes(300).iter().zip(shapes(3000)) {
            let steps_of = |payloads: &[Json]| {
                let schema = infer(payloads, &[]).events.swap_remove(0).schema;
                let (steps, widened) = steps::of(|| widen(&schema, &BTreeMap::new(), payloads));
                assert_eq!(widened.schema, schema);
                steps
            };
            let (some, more) = (steps_of(some), steps_of(&more));
            assert!(more <= 12 * some + 2000, "{some} steps, and {more} for ten times as much");
        }
    }

    #[test]
    fn schemas_that_lead_to_the_next_twice_are_searched_once() {
        let levels = 60;
        let link = |next: String| {
            let member = format!(r#"{{"properties": {{"a": {{"$ref": "{next}"}}}}}}"#);
            format!(r#"{{"allOf": [{member}, {member}]}}"#)
        };
        let both = |next: String| format!(r#"{{"allOf": [{{"$ref": "{next}"}}, {{"$ref": "{next}"}}]}}"#);
        let leaf = r#"{"properties": {"known": {}}}"#;
        let payload = Json::parse(&format!(r#"{}{{"new": 1}}{}"#, r#"{"a": "#.repeat(levels), "}".repeat(levels)));
        let inner = |at: usize| format!(r##""d{at}": {}"##, link(format!("#/$defs/d{}", at + 1)));
        let definitions: Vec<String> = (0..levels).map(inner).collect();
        let schema =
            format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d{levels}": {leaf}}}}}"##, definitions.join(", "));
        let widened = widen(&Json::parse(&schema).unwrap(), &BTreeMap::new(), &[payload.unwrap()]);
        assert_eq!(widened.changes.len(), 1, "{:?}", widened.changes);
        // The same through documents that refer to each other.
        let mut library: BTreeMap<String, Json> = BTreeMap::new();
        for at in 0..=levels {
            let text = if at == levels { leaf.to_owned() } else { both(format!("d{}.json", at + 1)) };
            library.insert(format!("webhooks:///common/d{at}.json"), Json::parse(&text).unwrap());
        }
        let schema = Json::parse(r#"{"$id": "webhooks:///event/schema.json", "$ref": "../common/d0.json"}"#).unwrap();
        let widened = widen(&schema, &library, &[Json::parse(r#"{"new": 1}"#).unwrap()]);
        assert_eq!(widened.notes.len(), 1, "{widened:?}");
    }

    /// If every pair of clusters were compared again in each round, the time would grow with the cube of the payloads.
    #[test]
    fn payloads_without_names_are_clustered() {
        let inner = || object([("a".to_owned(), Json::Null)].into_iter());
        let apart: Vec<Json> = (0..1000)
            .map(|at| object([(format!("o{at}"), inner()), ("id".to_owned(), text(at))].into_iter()))
            .collect();
        let inferred = |payloads: &[Json]| {
            let captures: Vec<Capture<'_>> =
                payloads.iter().map(|payload| Capture { payload, name: "", origin: Origin::New }).collect();
            infer_events(&captures, &[], false, &MapDecisions::default()).events.len()
        };
        assert_eq!(inferred(&apart), 1000);
        // No order separates these clusters, so they are joined one by one.
        let mixed: Vec<Json> = (0..400)
            .map(|at| {
                let name = |k: usize| format!("w{}", (at * at * (k + 3) + k * 37 + at * 13) % 199);
                let value = |k: usize| if (at + k) % 2 == 1 { inner() } else { text(k) };
                object((0..8).map(|k| (name(k), value(k))))
            })
            .collect();
        assert!((1..400).contains(&inferred(&mixed)));
    }

    #[test]
    fn long_places_are_shortened_in_notes() {
        let inner = object((0..100).map(|at| (format!("m{at}"), Json::Null)));
        let payload = object([("n".repeat(100_000), inner)].into_iter());
        let notes = &infer(&[payload], &[]).events[0].notes;
        assert!(notes.len() >= 100 && notes.iter().all(|note| note.to_string().len() < 500), "{:?}", notes.first());
    }

    #[test]
    fn violations_beyond_the_first_are_said() {
        let schema = Json::parse(r#"{"type": "object", "additionalProperties": {"not": {"type": "string"}}}"#).unwrap();
        let payload = object((0..150).map(|at| (format!("m{at}"), text(at))));
        let widened = widen(&schema, &BTreeMap::new(), &vec![payload; 12]);
        assert!(widened.unresolved.len() <= 1001, "{}", widened.unresolved.len());
        assert!(
            widened.unresolved.iter().any(|line| line.contains(" values are rejected, and only the first 1000 ")),
            "{:?}",
            widened.unresolved.last()
        );
    }
}
