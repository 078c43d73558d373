//! Decides how the events of a provider are distinguished: by the payload, by a header, or by a name outside the body.

use std::collections::BTreeSet;

use webhook_codegen::catalog::Provider;
use webhook_codegen::infer::folder_name;
use webhook_codegen::{Checked, Code, Diagnostic, EventMatcher, find_precedence};

use crate::discriminator::{self, Overlaid};
use crate::message::{Header, Message};
use crate::schemas::Schemas;

/// The maximum number of events for which an order is searched. In an order, each event is tried before the events that
/// would accept its payloads.
const ORDERED: usize = 60;

/// The facts that distinguish events.
#[derive(Debug, PartialEq, Eq)]
enum Dispatch {
    /// The payload, without an order.
    Body,
    /// The payload, where events are tried in this order.
    Ordered(Vec<String>),
    /// A header, with its value for each event.
    Header(String, Vec<String>),
    /// A name outside the body, because nothing in the documents distinguishes the events.
    Name,
}

/// Sets how the events are distinguished in the provider's settings, and returns a comment for `provider.toml`.
/// `discriminators` are the members that the command names.
///
/// # Errors
///
/// Returns a problem for each member of `discriminators` that no event has.
pub(crate) fn decide(
    provider: &mut Provider,
    messages: &[&Message],
    discriminators: &[String],
    schemas: &mut Schemas<'_>,
) -> Checked<Option<String>> {
    let (values, comment) = match chosen(provider, messages, discriminators, schemas)? {
        Dispatch::Body => return Ok(None),
        Dispatch::Ordered(order) => {
            provider.settings.precedence = order;
            let comment = "No member names the events: the members that their schemas require distinguish them.";
            return Ok(Some(comment.to_owned()));
        }
        Dispatch::Header(header, values) => {
            let comment = format!("The header {header} names the event.");
            provider.settings.requests.event_header = Some(header);
            (values, comment)
        }
        Dispatch::Name => {
            let mut names: Vec<String> = messages.iter().map(|message| message.first_name().to_owned()).collect();
            let distinct: BTreeSet<&String> = names.iter().collect();
            if distinct.len() < names.len() {
                names = provider.events.iter().map(|event| event.name.clone()).collect();
            }
            let comment = "Payloads do not identify their event: give its name, such as the name of the endpoint that was called.";
            (names, comment.to_owned())
        }
    };
    provider.settings.named = true;
    for (event, value) in provider.events.iter().zip(values) {
        if let Some(table) = provider.settings.events.get_mut(&event.name) {
            table.wire_name = (value != event.name).then_some(value);
        }
    }
    Ok(Some(comment))
}

/// Decides what distinguishes the events. If the schemas do not require the members that name the events, overlays do.
fn chosen(
    provider: &mut Provider,
    messages: &[&Message],
    discriminators: &[String],
    schemas: &mut Schemas<'_>,
) -> Checked<Dispatch> {
    if !discriminators.is_empty() {
        return by_hand(provider, messages, discriminators, schemas);
    }
    let first = match choose(provider, messages) {
        found @ (Dispatch::Name | Dispatch::Ordered(_)) => match header_and_body(messages, schemas) {
            Some(header_and_body) => return Ok(header_and_body),
            None => found,
        },
        found => found,
    };
    if provider.events.len() < 2 || !matches!(first, Dispatch::Name | Dispatch::Ordered(_)) {
        return Ok(first);
    }
    let found = discriminator::of_events(schemas.documents, provider, messages);
    let pointers: Vec<String> = found.into_iter().collect();
    if let Some(overlaid) = discriminator::overlaid(schemas.documents, provider, messages, &pointers, &|_, _| true)
        && choose(&overlaid.provider, messages) == Dispatch::Body
    {
        accept(provider, overlaid, &pointers, schemas);
        return Ok(Dispatch::Body);
    }
    let text = match first {
        Dispatch::Name => "nothing in the payloads distinguishes the events",
        _ => "no member names the events, so they are distinguished by the members that their schemas require",
    };
    schemas.notes.add("", format!("{text}; if a member names them, give it with --discriminator MEMBER"));
    Ok(first)
}

/// Decides what distinguishes the events, with overlays that require the members that the command names.
fn by_hand(
    provider: &mut Provider,
    messages: &[&Message],
    discriminators: &[String],
    schemas: &mut Schemas<'_>,
) -> Checked<Dispatch> {
    let mut problems = Vec::new();
    for member in discriminators {
        let pointer = discriminator::pointer(member);
        let mut events = provider.events.iter().zip(messages);
        if !events.any(|(event, message)| discriminator::is_member(schemas.documents, event, message, &pointer)) {
            let file = messages.first().map(|message| schemas.documents.get(message.place.document).shown.clone());
            let message = format!("no event has a member {member}");
            let advice = "write the member's name as the payloads have it, or a JSON Pointer to it";
            problems.push(Diagnostic::of_file(Code::UnresolvedReference, file.unwrap_or_default(), message, advice));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let pointers: Vec<String> = discriminators.iter().map(|member| discriminator::pointer(member)).collect();
    let mut overlaid = discriminator::overlaid(schemas.documents, provider, messages, &pointers, &|_, _| true);
    if let Some(matcher) = overlaid.as_ref().and_then(|overlaid| EventMatcher::new(&overlaid.provider).ok()) {
        // The overlay fixes only values that distinguish events: otherwise it would reject payloads for no reason.
        let is_needed = |at: usize, member: &str| matcher.fixed(at).iter().any(|(pointer, _)| pointer == member);
        overlaid = discriminator::overlaid(schemas.documents, provider, messages, &pointers, &is_needed);
    }
    let candidate = overlaid.as_ref().map_or(&*provider, |overlaid| &overlaid.provider);
    let dispatch = choose(candidate, messages);
    if dispatch == Dispatch::Name {
        let reason = EventMatcher::new(candidate).err().and_then(|problems| problems.into_iter().next());
        let reason =
            reason.map_or("an example is not identified as its own event".to_owned(), |problem| problem.message);
        let does = if pointers.len() > 1 { "do" } else { "does" };
        schemas.notes.add("", format!("{} {does} not distinguish the events: {reason}", listed(&pointers)));
        return Ok(choose(provider, messages));
    }
    if let Some(overlaid) = overlaid {
        accept(provider, overlaid, &pointers, schemas);
    }
    Ok(dispatch)
}

/// Adds the overlays to the provider, and notes their effect.
fn accept(provider: &mut Provider, overlaid: Overlaid, pointers: &[String], schemas: &Schemas<'_>) {
    let members = listed(pointers);
    let verb = if pointers.len() > 1 { "name" } else { "names" };
    let note = |text: String| schemas.notes.add("", text);
    note(format!(
        "{members} {verb} the event, but the schemas do not require its value: overlay.json does, so that a payload \
         without it, or with another value, is an unknown event ({} of {} events)",
        overlaid.count,
        overlaid.provider.events.len()
    ));
    if !overlaid.by_name.is_empty() {
        let events = overlaid.by_name.join(", ");
        note(format!(
            "no payload shows the value of {members} in {events}: overlay.json has the event's name; correct it if the \
             vendor sends another value"
        ));
    }
    if !overlaid.by_likeness.is_empty() {
        note(format!(
            "the schemas of several events list the same values for {members}: overlay.json has the value most similar to the \
             event's name, {}; correct it if the vendor sends another value",
            overlaid.by_likeness.join(", ")
        ));
    }
    if !overlaid.without_value.is_empty() {
        note(format!("{members} has no value for {}", overlaid.without_value.join(", ")));
    }
    *provider = overlaid.provider;
}

/// Returns the names of members as a part of a sentence.
fn listed(pointers: &[String]) -> String {
    let names = pointers.iter().map(|pointer| match pointer.strip_prefix('/') {
        Some(name) if !name.contains('/') => format!("`{name}`"),
        _ => format!("`{pointer}`"),
    });
    names.collect::<Vec<_>>().join(" and ")
}

/// Decides what distinguishes the events of a provider. `messages` are the messages of its events, in order.
fn choose(provider: &Provider, messages: &[&Message]) -> Dispatch {
    if provider.events.len() < 2 {
        return Dispatch::Body;
    }
    let matcher = EventMatcher::new(provider).ok().filter(|matcher| matcher.detects_examples(provider));
    if matcher.as_ref().is_some_and(|matcher| matcher.event_names().next().is_some()) {
        return Dispatch::Body;
    }
    if let Some((header, values)) = header(messages) {
        return Dispatch::Header(header, values);
    }
    if matcher.is_some() {
        return Dispatch::Body;
    }
    if provider.events.len() > ORDERED {
        return Dispatch::Name;
    }
    let names: Vec<String> = provider.events.iter().map(|event| event.name.clone()).collect();
    find_precedence(provider, &names).map_or(Dispatch::Name, Dispatch::Ordered)
}

/// Distinguishes events by a header that names their kind and a member that names the event of the kind, such as
/// `X-GitHub-Event: check_run` and `"action": "completed"`. The names of these events have both parts: the part in
/// front of the member's value is the value of the header.
fn header_and_body(messages: &[&Message], schemas: &mut Schemas<'_>) -> Option<Dispatch> {
    let is_of_event = |header: &&Header| {
        let name = header.name.to_ascii_lowercase();
        let in_all =
            messages.iter().all(|message| message.headers.iter().any(|own| own.name.eq_ignore_ascii_case(&name)));
        in_all && (name.contains("event") || name.contains("topic")) && !name.ends_with("-id")
    };
    let header = messages.first()?.headers.iter().find(is_of_event)?.name.clone();
    let mut candidates: Vec<String> = Vec::new();
    for payload in messages.iter().filter_map(|message| message.payload_schema()).take(CANDIDATES_OF) {
        for pointer in discriminator::candidates(schemas.documents, payload) {
            if !candidates.contains(&pointer) {
                candidates.push(pointer);
            }
        }
    }
    for pointer in candidates {
        let value_of = |message: &&Message, schemas: &mut Schemas<'_>| match message.payload_schema() {
            Some(payload) => discriminator::schema_values(schemas.documents, payload, &pointer),
            None => None,
        };
        let values: Vec<Option<Vec<String>>> = messages.iter().map(|message| value_of(message, schemas)).collect();
        let names: Option<Vec<String>> =
            messages.iter().zip(&values).map(|(message, values)| kind(message, values.as_deref())).collect();
        let Some(names) = names.filter(|_| values.iter().any(Option::is_some)) else { continue };
        // Events with the same name in the header must have different values of the member.
        let distinct: BTreeSet<(&String, Option<&String>)> =
            names.iter().zip(&values).map(|(name, values)| (name, values.iter().flatten().next())).collect();
        let kinds: BTreeSet<&String> = names.iter().collect();
        let whole = |name: &String| {
            let of = names.iter().zip(&values).filter(|(known, _)| *known == name);
            of.clone().count() == 1 || of.clone().all(|(_, values)| values.is_some())
        };
        if distinct.len() == names.len() && kinds.len() > 1 && kinds.into_iter().all(whole) {
            let member = listed(std::slice::from_ref(&pointer));
            let text = format!(
                "the header {header} names the kind of an event, and {member} the event: `wire_name` is taken from the names of \
                 the requests; check that the vendor sends it"
            );
            schemas.notes.add("", text);
            return Some(Dispatch::Header(header, names));
        }
    }
    None
}

/// Returns the name of a message without the value that a member of its payload has.
fn kind(message: &Message, values: Option<&[String]>) -> Option<String> {
    // An `operationId` such as `check-run/completed` has both parts.
    let parts = message.names.iter().filter_map(|name| name.split_once('/'));
    if let Some((kind, _)) = parts.into_iter().find(|(kind, _)| !kind.is_empty()) {
        return Some(folder_name(kind));
    }
    let Some(values) = values else { return message.names.first().map(|name| folder_name(name)) };
    let [value] = values else { return None };
    let value = folder_name(value);
    message.names.iter().find_map(|name| {
        let name = folder_name(name);
        let kind = name.strip_suffix(&value)?.strip_suffix('_')?;
        (!kind.is_empty()).then(|| kind.to_owned())
    })
}

/// The number of messages whose members are candidates for naming the event together with a header.
const CANDIDATES_OF: usize = 20;

/// Returns the header that all messages have with values that name them.
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
    // A value that the document only shows counts if it is similar to the name of the event.
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
