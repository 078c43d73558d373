//! Finds an order of events in which each event is tried before more general events that would take its payloads.

use super::EventMatcher;
use crate::load::catalog::Provider;
use crate::model::Dialect;
use crate::tables::validator::Validator;

/// Finds an order of events in which no payload is ambiguous and every example is identified as its own event. The
/// order of `provider.toml` is kept. Each event of `new` is inserted as early as possible, because later events are more
/// general. Events that are distinguished regardless of the order are left out. Returns `None` if there is no such order.
pub fn find_precedence(provider: &Provider, new: &[String]) -> Option<Vec<String>> {
    let provider = &with_sound_examples(provider);
    let mut order: Vec<String> = provider.settings.precedence.clone();
    let rest =
        provider.events.iter().map(|event| &event.name).filter(|name| !provider.settings.precedence.contains(name));
    order.extend(rest.cloned());
    order.retain(|name| !new.contains(name));
    for event in new {
        let with = |at: usize| {
            let mut order = order.clone();
            order.insert(at, event.clone());
            order
        };
        order = (0..=order.len()).find_map(|at| Some(with(at)).filter(|order| is_sound(provider, order)))?;
    }
    is_sound(provider, &order).then(|| needed(provider, order))
}

/// Removes the events that are distinguished from all others without the order. Entries of `provider.toml` are kept.
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

/// Removes the examples that the schema of their own event rejects: they are no evidence for an order.
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

/// Returns whether the events in an order are distinguished from each other, and their examples identified correctly.
fn is_sound(provider: &Provider, order: &[String]) -> bool {
    let mut ordered = provider.clone();
    ordered.events.retain(|event| order.contains(&event.name));
    are_distinguished(&ordered, order)
}

/// Returns whether all events are distinguished if `order` is the precedence, and their examples identified correctly.
fn are_distinguished(provider: &Provider, order: &[String]) -> bool {
    let mut ordered = provider.clone();
    order.clone_into(&mut ordered.settings.precedence);
    EventMatcher::new(&ordered).is_ok_and(|matcher| ordered.settings.named || matcher.detects_examples(&ordered))
}
