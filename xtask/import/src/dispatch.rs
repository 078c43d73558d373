//! How the events of a provider are distinguished: by the payload, by a header, or by their structure.

use std::collections::BTreeSet;

use webhook_codegen::catalog::Provider;
use webhook_codegen::infer::folder_name;
use webhook_codegen::{EventMatcher, settled};

use crate::message::{Header, Message};

/// Up to how many events an order is looked for in which each is tried before those that would take its payloads.
const ORDERED: usize = 60;

/// What distinguishes events.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Dispatch {
    /// The payload, as it is.
    Body,
    /// The payload, where events are tried in this order.
    Ordered(Vec<String>),
    /// A header, with its value for each event.
    Header(String, Vec<String>),
    /// Nothing that the documents describe: only a name outside the body.
    Name,
}

/// Chooses what distinguishes the events of a provider. `messages` are those of its events, in order.
pub(crate) fn choose(provider: &Provider, messages: &[&Message]) -> Dispatch {
    if provider.events.len() < 2 {
        return Dispatch::Body;
    }
    let matcher = EventMatcher::new(provider).ok().filter(|matcher| is_right(matcher, provider));
    if matcher.as_ref().is_some_and(|matcher| matcher.event_names().next().is_some()) {
        return Dispatch::Body;
    }
    if let Some((header, values)) = header(messages) {
        return Dispatch::Header(header, values);
    }
    if matcher.is_some() {
        return Dispatch::Body;
    }
    if provider.events.len() <= ORDERED {
        let new: Vec<(String, Vec<String>)> =
            provider.events.iter().map(|event| (event.name.clone(), Vec::new())).collect();
        if let Some(order) = settled(provider, &new) {
            return Dispatch::Ordered(order);
        }
    }
    Dispatch::Name
}

/// Whether every example is identified as its own event.
fn is_right(matcher: &EventMatcher, provider: &Provider) -> bool {
    let events = provider.events.iter().enumerate();
    let mut examples = events.flat_map(|(at, event)| event.examples.iter().map(move |example| (at, example)));
    examples.all(|(at, example)| matcher.detect(&example.value) == Some(at))
}

/// The header that all messages have with values that name them.
fn header(messages: &[&Message]) -> Option<(String, Vec<String>)> {
    let candidates = messages.first()?.headers.iter();
    let of = |message: &Message, name: &str| -> Option<Header> {
        message.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).cloned()
    };
    let values = |name: &str, value: &dyn Fn(&Header) -> Option<String>| -> Option<Vec<String>> {
        let values: Vec<String> = messages
            .iter()
            .map(|message| of(message, name).and_then(|header| value(&header)))
            .collect::<Option<_>>()?;
        let distinct: BTreeSet<&String> = values.iter().collect();
        (distinct.len() > 1).then_some(values)
    };
    let fixed =
        candidates.clone().find_map(|header| Some((header, values(&header.name, &|header| header.fixed.clone())?)));
    // A value that is only shown counts if it is like the name of the event.
    let shown = || {
        candidates.clone().find_map(|header| {
            let values = values(&header.name, &|header| header.fixed.clone().or_else(|| header.shown.clone()))?;
            let names = messages.iter().map(|message| message.names.first().map(|name| folder_name(name)));
            let is_name = |(value, name): (&String, Option<String>)| {
                name.is_some_and(|name| name.starts_with(&folder_name(value)))
            };
            values.iter().zip(names).all(is_name).then_some((header, values))
        })
    };
    fixed.or_else(shown).map(|(header, values)| (header.name.clone(), values))
}
