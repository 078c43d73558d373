//! An order of events in which each is tried before those that would take its payloads.

use super::EventMatcher;
use crate::load::catalog::Provider;
use crate::model::Dialect;
use crate::tables::validator::Validator;

/// Finds an order of events under which nothing is ambiguous and every example is identified as its own event: the one of
/// `provider.toml`, with each event of `new` as far to the front as it can stand, and after the events that are listed with it.
/// Events that are distinguished without a place in the order have none. `None` if there is no such order.
pub fn find_precedence(provider: &Provider, new: &[(String, Vec<String>)]) -> Option<Vec<String>> {
    let provider = &with_sound_examples(provider);
    let is_new = |name: &String| new.iter().any(|(event, _)| event == name);
    let mut order: Vec<String> = provider.settings.precedence.clone();
    let rest =
        provider.events.iter().map(|event| &event.name).filter(|name| !provider.settings.precedence.contains(name));
    order.extend(rest.cloned());
    order.retain(|name| !is_new(name));
    for (event, first) in new {
        let behind = first.iter().filter_map(|first| order.iter().position(|name| name == first)).max();
        // As far to the front as possible: later events are the more general ones.
        let mut places = behind.map_or(0, |at| at + 1)..=order.len();
        let with = |at: usize| {
            let mut order = order.clone();
            order.insert(at, event.clone());
            order
        };
        order = places.find_map(|at| Some(with(at)).filter(|order| is_sound(provider, order)))?;
    }
    is_sound(provider, &order).then(|| needed(provider, order))
}

/// An order without the events that are distinguished from all others without it. Entries of `provider.toml` are kept.
fn needed(provider: &Provider, mut order: Vec<String>) -> Vec<String> {
    let added: Vec<String> =
        order.iter().filter(|name| !provider.settings.precedence.contains(name)).cloned().collect();
    for name in added {
        let without: Vec<String> = order.iter().filter(|known| **known != name).cloned().collect();
        if are_distinguished(provider, &without) {
            order = without;
        }
    }
    order
}

/// A provider without the examples that the schemas of their own events reject: they are not evidence for an order.
fn with_sound_examples(provider: &Provider) -> Provider {
    let library = provider.library();
    let mut sound = provider.clone();
    for event in &mut sound.events {
        let schema = provider.schema(event).unwrap_or_else(|_| event.schema.clone());
        let Ok(validator) = Validator::new(&schema, &library, Dialect::default()) else { continue };
        event.examples.retain(|example| validator.are_valid(&[&example.value]) == [true]);
    }
    sound
}

/// Whether the events of an order are distinguished under it, and their examples identified correctly.
fn is_sound(provider: &Provider, order: &[String]) -> bool {
    let mut ordered = provider.clone();
    ordered.events.retain(|event| order.contains(&event.name));
    are_distinguished(&ordered, order)
}

/// Whether all events are distinguished under an order of some, and their examples identified correctly.
fn are_distinguished(provider: &Provider, order: &[String]) -> bool {
    let mut ordered = provider.clone();
    order.clone_into(&mut ordered.settings.precedence);
    let Ok(matcher) = EventMatcher::new(&ordered) else { return false };
    let mut examples =
        ordered.events.iter().enumerate().flat_map(|(at, event)| event.examples.iter().map(move |e| (at, e)));
    ordered.settings.named || examples.all(|(at, example)| matcher.detect(&example.value) == Some(at))
}
