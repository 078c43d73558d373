//! The search for the members that name events: among the members that schemas list strings for, or that payloads share.

use std::sync::Arc;

use webhook_runtime::__private::schema::Types;

use crate::json::Json;
use crate::load::catalog::Provider;
use crate::load::schemas::model;
use crate::model::{Dialect, NodeId};
use crate::normalize::Schemas;
use crate::text::words;

/// The last words of the names of such members, the likeliest first.
const NAMES: [&str; 11] =
    ["type", "event", "kind", "action", "subject", "topic", "object", "trigger", "category", "class", "reason"];

/// How likely a member of a name is to name events: the lower, the likelier. `None` if its name does not suggest it.
pub(crate) fn name_rank(name: &str) -> Option<usize> {
    let words = words(name);
    NAMES.iter().position(|known| words.last().is_some_and(|word| word == known))
}

/// How many names [`name_rank`] knows.
pub(crate) const NAME_RANKS: usize = NAMES.len();

/// The candidates that together distinguish the most of `rivals`: one of `firsts`, or one of them with a second one of either
/// list if only both distinguish all.
pub(crate) fn best<'c, C>(
    firsts: &[&'c C],
    seconds: &[&'c C],
    rivals: usize,
    distinguishes: impl Fn(&C, usize) -> bool,
) -> Vec<&'c C> {
    let count = |chosen: &[&C]| {
        (0..rivals).filter(|rival| chosen.iter().any(|candidate| distinguishes(candidate, *rival))).count()
    };
    if let Some(one) = firsts.iter().find(|candidate| count(&[candidate]) == rivals) {
        return vec![*one];
    }
    for seconds in [firsts, seconds] {
        for first in firsts {
            if let Some(second) = seconds.iter().find(|second| count(&[first, second]) == rivals) {
                return vec![*first, *second];
            }
        }
    }
    // The first of those that distinguish most.
    firsts.iter().rev().max_by_key(|candidate| count(&[candidate])).map(|first| vec![*first]).unwrap_or_default()
}

/// A member of payloads that distinguishes all events once it is required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The name of the member.
    pub member: String,
    /// What the schema of each event, in order, says.
    pub events: Vec<Declared>,
}

/// What the schema of an event says of its discriminator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Whether the member is required.
    pub required: bool,
    /// Whether only objects are valid.
    pub object: bool,
}

impl Discriminator {
    /// The first member whose schema lists strings in every event, none of them in two events, and that every example has. Its
    /// presence need not be required. `None` if there is no such member, or if the schemas cannot be read.
    pub fn find(provider: &Provider) -> Option<Discriminator> {
        let (model, roots) = model(provider, true, Dialect::default()).ok()?;
        let mut schemas = Schemas::new(Arc::new(model));
        let listed: Vec<Vec<(String, Vec<Json>)>> = roots.iter().map(|root| listed(&mut schemas, *root)).collect();
        let values = |event: usize, member: &str| {
            listed[event].iter().find(|(name, _)| name == member).map(|(_, values)| values)
        };
        let pairs: Vec<(usize, usize)> = (0..roots.len()).flat_map(|b| (0..b).map(move |a| (a, b))).collect();
        let distinguishes = |member: &String, pair: usize| {
            let (a, b) = pairs[pair];
            matches!((values(a, member), values(b, member)), (Some(a), Some(b)) if !a.iter().any(|value| b.contains(value)))
        };
        let has = |member: &String| {
            let mut examples = provider.events.iter().flat_map(|event| &event.examples);
            examples.all(|example| example.value.get(member).is_some())
        };
        let candidates: Vec<&String> = listed.first()?.iter().map(|(name, _)| name).filter(|name| has(name)).collect();
        let [member] = best(&candidates, &[], pairs.len(), distinguishes)[..] else { return None };
        if !(0..pairs.len()).all(|pair| distinguishes(member, pair)) {
            return None;
        }
        let declared = |root: &NodeId| {
            let object = schemas.possible_types(*root) == Types::OBJECT;
            let root = schemas.normalize(*root);
            Declared { required: schemas.keywords(root.node).required.contains(member), object }
        };
        Some(Discriminator { member: member.clone(), events: roots.iter().map(declared).collect() })
    }
}

/// The members of an object that may have some strings only, with the strings.
fn listed(schemas: &mut Schemas, root: NodeId) -> Vec<(String, Vec<Json>)> {
    let root = schemas.normalize(root);
    let properties = schemas.keywords(root.node).properties.clone();
    let strings = |(name, schema): (String, NodeId)| {
        let schema = schemas.normalize(schema);
        let values = schemas.keywords(schema.node).possible_values()?;
        let are_strings = !values.is_empty() && values.iter().all(|value| value.as_str().is_some());
        are_strings.then_some((name, values))
    };
    properties.into_iter().filter_map(strings).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::catalog::{Event, Example, Settings};

    /// A provider of events by their schemas, each with an example.
    fn provider(events: &[(&str, &str)]) -> Provider {
        let event = |(index, (schema, example)): (usize, &(&str, &str))| Event {
            name: format!("event_{index}"),
            schema: Json::parse(schema).unwrap(),
            overlay: None,
            examples: vec![Example {
                name: "a".to_owned(),
                text: (*example).to_owned(),
                value: serde_json::from_str(example).unwrap(),
            }],
        };
        let events = events.iter().enumerate().map(event).collect();
        Provider { name: "acme".to_owned(), settings: Settings::default(), events, documents: Default::default() }
    }

    #[test]
    fn a_discriminator_need_not_be_required() {
        let paid = r#"{"type": "object", "required": ["kind"], "properties": {"id": {}, "kind": {"const": "paid"}}}"#;
        let open = r##"{"allOf": [{"$ref": "#/$defs/base"}], "$defs": {"base": {"properties": {"kind": {"enum": ["open", "new"]}}}}}"##;
        let examples = [r#"{"kind": "paid"}"#, r#"{"kind": "new"}"#];
        let found = Discriminator::find(&provider(&[(paid, examples[0]), (open, examples[1])])).unwrap();
        assert_eq!(found.member, "kind");
        let declared = [Declared { required: true, object: true }, Declared { required: false, object: false }];
        assert_eq!(found.events, declared);
        // An example without the member, two events of one name, and a member that may be anything.
        assert_eq!(Discriminator::find(&provider(&[(paid, examples[0]), (open, "{}")])), None);
        assert_eq!(Discriminator::find(&provider(&[(paid, examples[0]), (paid, examples[0])])), None);
        assert_eq!(Discriminator::find(&provider(&[(paid, examples[0]), ("{}", examples[1])])), None);
    }

    #[test]
    fn two_candidates_are_chosen_only_if_both_distinguish_more() {
        let (a, b, c) = (vec![0, 1], vec![2], vec![1]);
        let distinguishes = |candidate: &Vec<usize>, rival: usize| candidate.contains(&rival);
        assert_eq!(best(&[&c, &a], &[], 2, distinguishes), [&a]);
        assert_eq!(best(&[&a], &[&c, &b], 3, distinguishes), [&a, &b]);
        assert_eq!(best(&[&c, &a], &[], 3, distinguishes), [&a]);
        assert_eq!(best::<Vec<usize>>(&[], &[], 3, distinguishes), Vec::<&Vec<usize>>::new());
    }
}
