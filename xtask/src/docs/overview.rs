//! The page of all providers, and that of one.

use maud::{Markup, html};
use webhook_codegen::catalog::{Delivery, Provider, Source};

use super::Described;
use super::layout::{Page, with_code};
use crate::counted;

/// The first page.
pub(super) fn all(providers: &[Described<'_>], krate: &str) -> String {
    let events: usize = providers.iter().map(|described| described.about.events.len()).sum();
    let members: usize =
        providers.iter().flat_map(|described| &described.about.events).map(|event| event.members.len()).sum();
    let content = html! {
        h1 { "Webhook events" }
        p.lead {
            (counted(events, "event")) " of " (counted(providers.len(), "provider")) ", with "
            (counted(members, "member")) ", as the crate " code { (krate) } " types them."
        }
        @for described in providers {
            @let provider = described.provider;
            section {
                h2 #(provider.name) { a href={ (provider.name) "/index.html" } { (provider.settings.title) } }
                (events_of(described, &format!("{}/", provider.name)))
            }
        }
    };
    let page = Page { title: "Webhook events", description: "Every event and every member.", root: "", provider: None };
    page.html(providers, &content)
}

/// The page of a provider.
pub(super) fn one(described: &Described<'_>, providers: &[Described<'_>]) -> String {
    let provider = described.provider;
    let settings = &provider.settings;
    let content = html! {
        h1 { (settings.title) }
        (facts(described))
        h2 #events { "Events" }
        (events_of(described, ""))
    };
    let title = format!("{}: webhook events", settings.title);
    let description = format!("The webhook events of {}.", settings.title);
    Page { title: &title, description: &description, root: "../", provider: Some(&provider.name) }
        .html(providers, &content)
}

fn facts(described: &Described<'_>) -> Markup {
    let provider = described.provider;
    let settings = &provider.settings;
    let body = match settings.delivery {
        Delivery::Batch => "Usually a JSON array of events; lines, or one event, are read too.",
        Delivery::Lines => "Usually newline-delimited events; an array, or one event, is read too.",
        _ => "One event.",
    };
    html! {
        dl.facts {
            dt { "Rust module" } dd { code { (described.about.module) } }
            dt { "Request body" } dd { (body) }
            @if !described.about.requests.is_empty() {
                dt { "Requests" }
                dd { @for fact in &described.about.requests { p { (with_code(fact)) } } }
            }
            dt { "Schemas" } dd { (source(settings.source)) }
            @if !settings.origin.is_empty() { dt { "Source" } dd { (with_code(&settings.origin)) } }
            @if let Some(url) = settings.docs_url.as_deref().filter(|url| url.starts_with("https://")) {
                dt { "Vendor's page" } dd { a href=(url) rel="noreferrer" { (url) } }
            }
        }
    }
}

/// Where schemas come from.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Documented => "published by the vendor",
        Source::Inferred => "inferred from the vendor's examples and prose",
    }
}

/// The events of a provider, as links below a path.
fn events_of(described: &Described<'_>, path: &str) -> Markup {
    html! {
        ul.events {
            @for event in &described.about.events {
                li {
                    a href={ (path) (event.name) ".html" } { code { (event.name) } }
                    @if let Some(line) = event.description.lines().next() { " " span { (line) } }
                    (gone(described.provider, &event.name))
                }
            }
        }
    }
}

/// A mark for an event that the vendor documents no longer.
pub(super) fn gone(provider: &Provider, event: &str) -> Markup {
    let since = provider.settings.events.get(event).and_then(|settings| settings.undocumented_since.as_deref());
    html! { @if let Some(since) = since { " " em.mark { "not documented since " (since) } } }
}
