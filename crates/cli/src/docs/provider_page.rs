//! Renders the page of a provider.

use maud::{Markup, html};

use super::anchors::{self, url};
use super::delivery::{body, exceptions, list, origin, requests, sources};
use super::event_page::conditions;
use super::examples::Examples;
use super::layout::{SitePage, page, to_root};
use super::members::{Rows, table};
use super::prose::{self, inline, linked_rust, named_link};
use super::rustdoc::Rustdoc;
use super::site::ProviderPages;
use crate::output::counted;

/// Returns the text of a provider's page.
pub(super) fn text(provider: &ProviderPages<'_>) -> String {
    let settings = &provider.input.settings;
    let path = anchors::provider_page(&provider.input.name);
    let root = to_root(&path);
    let trail = [(path.clone(), settings.title.clone())];
    let summary = format!("The webhook events of {}.", settings.title);
    let origin = origin(provider.input, None);
    let module = format!("{}::{}", provider.crate_name, provider.about.module);
    let rustdoc = Rustdoc::of(provider, &root).map(|rustdoc| rustdoc.module());
    let content = html! {
        h1 { (settings.title) }
        p.lead {
            "Module "
            (linked_rust(&module, rustdoc))
            @if let Some(address) = &settings.docs_url { " · " (named_link(address, "the vendor’s page")) }
        }
        (about(provider))
        section aria-labelledby="events" { h2 #events { "Events" } (events(provider, &root)) }
        section aria-labelledby="recognition" {
            h2 #recognition { "How events are recognized" }
            p {
                @if settings.named { "A name that is sent outside the body identifies the event." }
                @else { "The members of a payload identify its event. These conditions are tried in this order." }
            }
            ol.precedence {
                @for index in &provider.about.precedence {
                    @let (name, about) = (&provider.input.events[*index].name, &provider.about.events[*index]);
                    li {
                        a href={ (root) (url(&anchors::event_page(&provider.input.name, name))) } { (name) } ": "
                        (conditions(about))
                    }
                }
            }
        }
        (envelope(provider, &root))
        section aria-labelledby="delivery" { h2 #delivery { "Delivery" } (requests(provider.input)) }
        @if !origin.is_empty() {
            section aria-labelledby="provenance" { h2 #provenance { "Provenance" } (list(origin)) }
        }
    };
    page(&SitePage { path: &path, title: &settings.title, summary: &summary, trail: &trail, content, aside: None })
}

/// Renders the object around the events of a body, if the provider has a schema for it.
fn envelope(provider: &ProviderPages<'_>, root: &str) -> Markup {
    let (Some(event), Some(about)) = (&provider.input.envelope, &provider.about.envelope) else {
        return Markup::default();
    };
    let (module, rustdoc) = (&provider.about.module, Rustdoc::of(provider, root));
    let ty = format!("{}::{module}::{}", provider.crate_name, about.rust_type);
    let address = rustdoc.as_ref().map(|rustdoc| rustdoc.type_page(&about.rust_type));
    let schema = anchors::schema(&provider.input.name, &event.name);
    let file = format!("{}-{}.schema.json", provider.input.name, event.name);
    let rows = Rows { members: &about.members, examples: Examples::of(event), variant: None, rustdoc };
    html! {
        section aria-labelledby="envelope" {
            h2 #envelope { "Envelope" }
            p {
                "The object around the events of a body: "
                (linked_rust(&ty, address))
                ", "
                a href={ (root) (url(&schema)) } download=(file) { "Download " (event.name) ".schema.json" }
                ", " (about.dialect) "."
            }
            @if let Some(text) = &about.description { (prose::paragraphs(text)) }
            (table(&rows))
        }
    }
}

/// Renders a provider as one line.
pub(super) fn about(provider: &ProviderPages<'_>) -> Markup {
    html! {
        p.about {
            (counted(provider.input.events.len(), "event")) " · body: "
            (body(provider.input.settings.delivery)) " · " (sources(provider.input))
        }
    }
}

/// Renders the events of a provider as a list of links, with a description or title of each event.
pub(super) fn events(provider: &ProviderPages<'_>, root: &str) -> Markup {
    html! {
        ul.events {
            @for (event, about) in provider.input.events.iter().zip(&provider.about.events) {
                li {
                    a href={ (root) (url(&anchors::event_page(&provider.input.name, &event.name))) } { (event.name) }
                    @if let Some(text) = about.description.as_deref().or_else(|| prose::heading(about, &event.name)) {
                        p { (inline(text.split("\n\n").next().unwrap_or_default())) }
                    }
                    (exceptions(provider.input, &event.name))
                }
            }
        }
    }
}
