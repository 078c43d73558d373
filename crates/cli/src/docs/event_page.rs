//! Renders the page of an event.

use maud::{Markup, html};
use webhook_codegen::catalog::{Delivery, Event};
use webhook_codegen::describe::{Condition, EventDescription, Types};
use webhook_codegen::json::Json;

use super::anchors::{self, url};
use super::delivery::{badge, changes, history, list, provenance, requests};
use super::examples::Examples;
use super::json_text::marked;
use super::layout::{SitePage, page, to_root};
use super::members::{Rows, table};
use super::prose::{breakable, heading, link, linked_rust, paragraphs};
use super::rustdoc::Rustdoc;
use super::site::ProviderPages;

/// Returns the text of an event's page.
pub(super) fn text(provider: &ProviderPages<'_>, event: &Event, about: &EventDescription) -> String {
    let path = anchors::event_page(&provider.input.name, &event.name);
    let root = to_root(&path);
    let title = format!("{} {}", provider.input.settings.title, event.name);
    let summary = format!("The webhook event {} of {}.", event.name, provider.input.settings.title);
    let trail = [
        (anchors::provider_page(&provider.input.name), provider.input.settings.title.clone()),
        (path.clone(), event.name.clone()),
    ];
    let heading = heading(about, &event.name);
    let rows = Rows {
        members: &about.members,
        examples: Examples::of(event),
        variant: Some(format!("Event::{}", about.variant)),
        rustdoc: Rustdoc::of(provider, &root),
    };
    let content = html! {
        h1 { (event.name) @if let Some(heading) = heading { span.subtitle { (heading) } } }
        p.badges {
            (badge(provider.input, &event.name))
            (changes(provider.input, &event.name))
        }
        @if let Some(text) = &about.description { div.lead { (paragraphs(text)) } }
        (facts(provider, event, about, &root))
        section aria-labelledby="members" {
            h2 #members { "Members" }
            @if about.members.is_empty() { p { "The schema names no members." } } @else { (table(&rows)) }
        }
        (examples(event))
        section aria-labelledby="receiving" {
            h2 #receiving { "Receiving it" }
            pre.code tabindex="0" aria-label="Example in Rust" data-copy { code { (receiver(provider, event, about)) } }
        }
        section aria-labelledby="delivery" { h2 #delivery { "Delivery" } (requests(provider.input)) }
        section aria-labelledby="provenance" { h2 #provenance { "Provenance" } (provenance(provider.input, &event.name)) }
        (neighbours(provider, event, &root))
    };
    let aside = Some(siblings(provider, event, about, &root));
    page(&SitePage { path: &path, title: &title, summary: &summary, trail: &trail, content, aside })
}

fn facts(provider: &ProviderPages<'_>, event: &Event, about: &EventDescription, root: &str) -> Markup {
    let module = format!("{}::{}", provider.crate_name, provider.about.module);
    let schema = anchors::schema(&provider.input.name, &event.name);
    let file = format!("{}-{}.schema.json", provider.input.name, event.name);
    let rustdoc = Rustdoc::of(provider, root);
    let type_page = rustdoc.as_ref().map(|rustdoc| rustdoc.type_page(&about.rust_type));
    let variant = rustdoc.as_ref().map(|rustdoc| rustdoc.variant(&about.variant));
    let mut rows = vec![
        ("Rust type", linked_rust(&format!("{module}::{}", about.rust_type), type_page)),
        ("Variant", linked_rust(&format!("{module}::Event::{}", about.variant), variant)),
        ("Recognized by", conditions(about)),
        (
            "JSON Schema",
            html! { a href={ (root) (url(&schema)) } download=(file) { "Download " (event.name) ".schema.json" } ", " (about.dialect) },
        ),
        ("History", history(provider.input, &event.name)),
    ];
    rows.extend(provider.input.settings.docs_url.as_ref().map(|address| ("Vendor’s page", link(address))));
    list(rows)
}

/// Renders the conditions that identify an event.
pub(super) fn conditions(about: &EventDescription) -> Markup {
    html! {
        @if let Some(name) = &about.wire_name { "the name " code { (name) } " sent outside the body" }
        @else if about.conditions.is_empty() { "any payload" }
        @for (index, condition) in about.conditions.iter().enumerate() { @if index > 0 { " and " } (one(condition)) }
    }
}

fn one(condition: &Condition) -> Markup {
    let values = |values: &[Json]| {
        html! { @for (index, value) in values.iter().enumerate() { @if index > 0 { " or " } code { (value) } } }
    };
    let member = |path: &[String]| html! { code { (path.join(".")) } };
    let types_text = |types: Types| types.names().collect::<Vec<_>>().join(" or ");
    match condition {
        Condition::Equals(path, all) if path.is_empty() => html! { "the payload " (values(all)) },
        Condition::Equals(path, all) => html! { (member(path)) " = " (values(all)) },
        Condition::Present(path) => html! { (member(path)) " present" },
        Condition::Absent(path) => html! { "no " (member(path)) },
        Condition::Type(path, types) if path.is_empty() => html! { "the payload being " (types_text(*types)) },
        Condition::Type(path, types) => html! { (member(path)) " being " (types_text(*types)) },
    }
}

fn examples(event: &Event) -> Markup {
    let several = event.examples.len() > 1;
    html! {
        section aria-labelledby="examples" {
            h2 #examples { @if several { "Examples" } @else { "Example" } }
            @if event.examples.is_empty() { p { "The vendor documents no payload of this event." } }
            @for example in &event.examples {
                @let anchor = anchors::example(&example.name);
                @if several { h3 id=(anchor) { (example.name) } }
                pre.json tabindex="0" data-copy aria-label={ "Payload " (example.name) } id=[(!several).then_some(anchor)] {
                    code { (marked(example.text.trim_end())) }
                }
            }
        }
    }
}

/// Returns example code that receives the event.
fn receiver(provider: &ProviderPages<'_>, event: &Event, about: &EventDescription) -> String {
    let (krate, module, variant) = (provider.crate_name, &provider.about.module, &about.variant);
    let local = "event";
    let arm = format!("Event::{variant}({local}) => println!(\"{{{local}:?}}\"),");
    if provider.input.settings.delivery == Delivery::Single {
        let read = match provider.input.settings.named {
            true => format!("Event::from_slice_with_name({:?}, body)?", provider.input.wire_name(event)),
            false => "Event::from_slice(body)?".to_owned(),
        };
        return format!(
            "use {krate}::{module}::Event;\n\nmatch {read} {{\n    {arm}\n    other => println!(\"{{other:?}}\"),\n}}"
        );
    }
    let read = match provider.input.settings.named {
        true => format!("Batch::from_slice_with_name({:?}, body)?", provider.input.wire_name(event)),
        false => "Batch::from_slice(body)?".to_owned(),
    };
    format!(
        "use {krate}::{module}::{{Batch, Event}};\n\nlet batch = {read};\nfor event in batch.events() {{\n    \
         match event {{\n        {arm}\n        other => println!(\"{{other:?}}\"),\n    }}\n}}"
    )
}

fn neighbours(provider: &ProviderPages<'_>, event: &Event, root: &str) -> Markup {
    let events = &provider.input.events;
    let at = events.iter().position(|other| other.name == event.name).unwrap_or_default();
    let link = |other: &Event| format!("{root}{}", url(&anchors::event_page(&provider.input.name, &other.name)));
    let (previous, next) = (at.checked_sub(1).and_then(|at| events.get(at)), events.get(at + 1));
    html! {
        @if previous.is_some() || next.is_some() {
            nav.neighbours aria-label="Neighbouring events" {
                @if let Some(other) = previous { a rel="prev" href=(link(other)) { span { "Previous" } (other.name) } }
                @if let Some(other) = next { a.next rel="next" href=(link(other)) { span { "Next" } (other.name) } }
            }
        }
    }
}

/// Renders links to the sections of the page, and to the other events of the provider.
fn siblings(provider: &ProviderPages<'_>, event: &Event, about: &EventDescription, root: &str) -> Markup {
    let count = about.members.len();
    html! {
        aside.beside {
            nav aria-labelledby="on-this-page" {
                h2 #on-this-page { "On this page" }
                ul {
                    li { a href="#members" { "Members" } " " span.count { (count) } }
                    li { a href="#examples" { @if event.examples.len() > 1 { "Examples" } @else { "Example" } } }
                    li { a href="#receiving" { "Receiving it" } }
                    li { a href="#delivery" { "Delivery" } }
                    li { a href="#provenance" { "Provenance" } }
                }
            }
            nav aria-labelledby="siblings" {
                h2 #siblings { "Events of " (provider.input.settings.title) }
                ul {
                    @for other in &provider.input.events {
                        @let current = other.name == event.name;
                        li {
                            a href={ (root) (url(&anchors::event_page(&provider.input.name, &other.name))) }
                                aria-current=[current.then_some("page")] { (breakable(&other.name)) }
                        }
                    }
                }
            }
        }
    }
}
