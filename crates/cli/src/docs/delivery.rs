//! Renders how a provider sends its events, and the origin of an event's description, as lists of terms.

use maud::{Markup, html};
use webhook_codegen::catalog::{Delivery, Provider, Reading, Source};

use super::prose::{inline, link};

/// Renders a list of terms with their descriptions.
pub(super) fn list(rows: Vec<(&str, Markup)>) -> Markup {
    html! {
        dl.facts {
            @for (term, what) in rows { div { dt { (term) } dd { (what) } } }
        }
    }
}

/// Returns the form of a body in words.
pub(super) fn body(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Batch => "a JSON array of events",
        Delivery::Lines => "newline-delimited events",
        Delivery::Wrapped => "an object with events in it",
        _ => "one event",
    }
}

/// Renders how requests are sent. Facts that the vendor does not document are named as undocumented.
pub(super) fn requests(provider: &Provider) -> Markup {
    let requests = &provider.settings.requests;
    let unknown = || html! { span.unknown { "not documented" } };
    let codes = |all: &[String]| {
        html! { @for (index, one) in all.iter().enumerate() { @if index > 0 { " or " } code { (one) } } }
    };
    let retries = match (&requests.retry, requests.max_retries) {
        (Some(retry), _) => html! { (inline(retry.trim_end_matches('.'))) },
        (None, Some(count)) => html! { "at most " (count) " times" },
        (None, None) => unknown(),
    };
    let credentials: Vec<String> = requests.credentials.iter().map(ToString::to_string).collect();
    list(vec![
        ("Body", html! { (capitalized(body(provider.settings.delivery))) }),
        ("Method", if requests.methods.is_empty() { unknown() } else { codes(&requests.methods) }),
        ("Content type", requests.content_type.as_ref().map_or_else(unknown, |text| html! { code { (text) } })),
        (
            "Event",
            match &requests.event_header {
                Some(header) => html! { "named in the header " code { (header) } },
                None if provider.settings.named => html! { "named outside of the body" },
                None => html! { "identified by the body" },
            },
        ),
        ("Success", requests.success.map_or_else(unknown, |success| html! { (success) })),
        ("Retries", retries),
        ("Timeout", requests.timeout_seconds.map_or_else(unknown, |seconds| html! { (seconds) " seconds" })),
        (
            "Signature",
            match &requests.signature {
                Some(signature) => html! { (inline(&capitalized(&signature.to_string()))) },
                None => unknown(),
            },
        ),
        ("Credentials", if credentials.is_empty() { unknown() } else { inline(&credentials.join(", or ")) }),
    ])
}

/// Returns the origin of a schema in a word or two.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Documented => "Documented schema",
        Source::Inferred => "Inferred schema",
    }
}

/// Returns the origin of a provider's schemas, as the end of a sentence.
pub(super) fn sources(provider: &Provider) -> &'static str {
    let has = |source: Source| provider.events.iter().any(|event| provider.source(&event.name) == source);
    match (has(Source::Documented), has(Source::Inferred)) {
        (true, true) => "some schemas documented by the vendor, some inferred from examples",
        (_, false) => "schemas documented by the vendor",
        (false, true) => "schemas inferred from examples",
    }
}

/// Renders the badges of an event in a list: the properties that distinguish it from the provider's other events.
pub(super) fn exceptions(provider: &Provider, event: &str) -> Markup {
    let other = provider.source(event) != provider.settings.source;
    let changes = changes(provider, event);
    html! {
        @if other || !changes.0.is_empty() {
            p.badges {
                @if other { (badge(provider, event)) }
                (changes)
            }
        }
    }
}

/// Renders the badges of an event's history: the release that added it, unless that is the provider's first release,
/// and the date on which its documentation ended.
pub(super) fn changes(provider: &Provider, event: &str) -> Markup {
    let settings = provider.settings.events.get(event);
    html! {
        @if let Some((major, minor, patch)) = settings.and_then(|settings| settings.since) {
            span.badge { "Since " (major) "." (minor) "." (patch) }
        }
        @if let Some(until) = settings.and_then(|settings| settings.undocumented_since.as_ref()) {
            span.badge.gone { "Documented until " (until) }
        }
    }
}

/// Renders the release that added an event, and the date until which the vendor documented it.
pub(super) fn history(provider: &Provider, event: &str) -> Markup {
    let settings = provider.settings.events.get(event);
    html! {
        @match settings.and_then(|settings| settings.since) {
            Some((major, minor, patch)) => { "Since version " (major) "." (minor) "." (patch) " of the crate" }
            None => { "Since the first version of the crate" }
        }
        @match settings.and_then(|settings| settings.undocumented_since.as_ref()) {
            Some(until) => { "; documented until " (until) ", and the vendor may still send it" }
            None if provider.settings.docs_url.is_some() => { "; still documented" }
            None => {}
        }
    }
}

/// Renders a badge with the origin of a schema.
pub(super) fn badge(provider: &Provider, event: &str) -> Markup {
    let class = match provider.source(event) {
        Source::Documented => "badge documented",
        Source::Inferred => "badge inferred",
    };
    html! { span class=(class) { (source(provider.source(event))) } }
}

/// Renders the origin of an event's description.
pub(super) fn provenance(provider: &Provider, event: &str) -> Markup {
    let settings = provider.settings.events.get(event).cloned().unwrap_or_default();
    let (schema, why) = match provider.source(event) {
        Source::Documented => ("Documented", "the vendor publishes it"),
        Source::Inferred => ("Inferred", "from the vendor's examples and prose; the vendor publishes no schema"),
    };
    let reading = match provider.reading(event) {
        Reading::Exact => "Exact: a payload is accepted when the schema accepts it.",
        _ => {
            "Tolerant: the required members decide. Another member whose value does not fit is kept in `extra`, and its field is \
             absent."
        }
    };
    let mut rows = vec![("Schema", html! { (schema) ": " (why) "." }), ("Reading", inline(reading))];
    rows.extend(origin(provider, settings.origin.as_deref()));
    for (term, notes) in [("Repairs", &settings.repairs), ("Decisions", &settings.rationale)] {
        if !notes.is_empty() {
            rows.push((term, html! { ul { @for note in notes { li { (inline(note)) } } } }));
        }
    }
    list(rows)
}

/// Returns rows about the document from which a provider's schemas and payloads were taken.
pub(super) fn origin<'r>(provider: &Provider, own: Option<&str>) -> Vec<(&'r str, Markup)> {
    let mut rows = Vec::new();
    let origin = own.unwrap_or(&provider.settings.origin);
    if !origin.is_empty() {
        rows.push(("Origin", inline(&capitalized(origin))));
    }
    rows.extend(provider.settings.docs_url.as_ref().map(|address| ("Document", link(address))));
    rows
}

/// Returns a text with a capital first letter.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
