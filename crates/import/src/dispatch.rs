//! How the events of a provider are distinguished: by the payload, by a header, or by their structure.

use std::collections::BTreeSet;

use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::step;
use webhook_codegen::{EventMatcher, find_precedence};

use crate::discriminator;
use crate::message::{Header, Message};
use crate::notes::Notes;

/// Up to how many events an order is looked for in which each is tried before those that would take its payloads.
const ORDERED: usize = 60;

/// What distinguishes events.
#[derive(Debug, PartialEq, Eq)]
enum Dispatch {
    /// The payload, as it is.
    Body,
    /// The payload, where events are tried in this order.
    Ordered(Vec<String>),
    /// A header, with its value for each event.
    Header(String, Vec<String>),
    /// Nothing that the documents describe: only a name outside the body.
    Name,
}

/// Writes down how the events are distinguished; gives a comment about it.
pub(crate) fn decide(provider: &mut Provider, messages: &[&Message], notes: &Notes) -> Option<String> {
    let (values, comment) = match chosen(provider, messages, notes) {
        Dispatch::Body => return None,
        Dispatch::Ordered(order) => {
            provider.settings.precedence = order;
            let comment = "The documents give nothing that names an event: what its schema requires distinguishes it.";
            return Some(comment.to_owned());
        }
        Dispatch::Header(header, values) => {
            let comment = format!("The header {header} names the event.");
            provider.settings.requests.event_header = Some(header);
            (values, comment)
        }
        Dispatch::Name => {
            let mut names: Vec<String> = messages.iter().map(|message| first_name(message).to_owned()).collect();
            let distinct: BTreeSet<&String> = names.iter().collect();
            if distinct.len() < names.len() {
                names = provider.events.iter().map(|event| event.name.clone()).collect();
            }
            let comment =
                "Payloads do not identify their event: give its name, such as that of the endpoint that received it.";
            (names, comment.to_owned())
        }
    };
    provider.settings.named = true;
    for (event, value) in provider.events.iter().zip(values) {
        if let Some(table) = provider.settings.events.get_mut(&event.name) {
            table.wire_name = (value != event.name).then_some(value);
        }
    }
    Some(comment)
}

/// What distinguishes the events; a member that names them is required or fixed first, if that is needed.
fn chosen(provider: &mut Provider, messages: &[&Message], notes: &Notes) -> Dispatch {
    let first = choose(provider, messages);
    if provider.events.len() < 2 || !matches!(first, Dispatch::Name | Dispatch::Ordered(_)) {
        return first;
    }
    let mut required = provider.clone();
    if let Some((name, count)) = discriminator::require(&mut required)
        && choose(&required, messages) == Dispatch::Body
    {
        *provider = required;
        let text = "names the event, and the schemas do not require it: overlay.json does, so that a payload without it \
                    is an unknown event";
        notes.add("", format!("`{name}` {text} ({count} of {} events)", provider.events.len()));
        return Dispatch::Body;
    }
    match by_shown_values(provider, messages, notes) {
        Ok(()) => Dispatch::Body,
        Err(note) => {
            if first == Dispatch::Name {
                note.into_iter().for_each(|note| notes.add("", note));
            }
            first
        }
    }
}

/// The best name of a message.
fn first_name(message: &Message) -> &str {
    message.names.first().map_or("", String::as_str)
}

/// Distinguishes events by values that the documents show, which overlays fix; or gives what is missing for that.
fn by_shown_values(provider: &mut Provider, messages: &[&Message], notes: &Notes) -> Result<(), Option<String>> {
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ");
    // Some documents write the names of webhooks like paths.
    let names: Vec<&str> = messages.iter().map(|message| first_name(message).trim_start_matches('/')).collect();
    let Some(shown) = discriminator::shown(provider, &names) else {
        let text = "would name the event, but the documents show no value for";
        let nearly = discriminator::nearly(provider, &names);
        return Err(nearly.map(|(members, missing)| format!("{} {text} {}", listed(&members), missing.join(", "))));
    };
    let mut fixed = provider.clone();
    shown.fix(&mut fixed, |_, _| true).ok_or(None)?;
    // What the schemas require may distinguish events with the same values.
    let mut precedence = Vec::new();
    let mut same = Vec::new();
    for events in shown.alike() {
        let events: Vec<Event> = events.iter().map(|at| fixed.events[*at].clone()).collect();
        let names: Vec<String> = events.iter().map(|event| event.name.clone()).collect();
        match order(&Provider { events, ..fixed.clone() }) {
            Some(order) => precedence.extend(order),
            None => same.push(names.join(" and ")),
        }
    }
    let members = shown.members();
    if !same.is_empty() {
        let text = "would name the event, but nothing distinguishes";
        return Err(Some(format!("{} {text} {}", listed(&members), same.join("; "))));
    }
    fixed.settings.precedence = precedence;
    // A value that distinguishes nothing is not fixed: a payload that has another would be refused.
    let matcher = EventMatcher::new(&fixed).map_err(|_| None)?;
    let is_needed = |at: usize, member: &str| matcher.fixed(at).iter().any(|(pointer, _)| *pointer == step("", member));
    shown.fix(&mut fixed, is_needed).ok_or(None)?;
    if choose(&fixed, messages) != Dispatch::Body {
        return Err(None);
    }
    *provider = fixed;
    let (verb, values) = if members.len() > 1 { ("name", "their values") } else { ("names", "its value") };
    let text = format!(
        "{verb} the event wherever the documents show a payload, but no schema fixes {values}: overlay.json does, so that a payload \
         with another value is an unknown event"
    );
    notes.add("", format!("{} {text}", listed(&members)));
    Ok(())
}

/// Chooses what distinguishes the events of a provider. `messages` are those of its events, in order.
fn choose(provider: &Provider, messages: &[&Message]) -> Dispatch {
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
    order(provider).map_or(Dispatch::Name, Dispatch::Ordered)
}

/// An order of events that what their schemas require distinguishes.
fn order(provider: &Provider) -> Option<Vec<String>> {
    let new = || provider.events.iter().map(|event| (event.name.clone(), Vec::new())).collect::<Vec<_>>();
    if provider.events.len() <= ORDERED { find_precedence(provider, &new()) } else { None }
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
