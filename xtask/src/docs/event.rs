//! The page of an event.

use maud::{Markup, html};
use webhook_codegen::catalog::Reading;
use webhook_codegen::{EventDescription, Member};

use super::Described;
use super::layout::{Page, anchor, json, prose, with_code};
use super::overview::{gone, source};

/// How many types JSON has.
const JSON_TYPES: usize = 6;

pub(super) fn page(described: &Described<'_>, index: usize, providers: &[Described<'_>], krate: &str) -> String {
    let (provider, event) = (described.provider, &described.about.events[index]);
    let title = &provider.settings.title;
    let content = html! {
        nav aria-label="Breadcrumb" { a href="index.html" { (title) } " / " code { (event.name) } }
        h1 { code { (event.name) } (gone(provider, &event.name)) }
        (prose(&event.description))
        (facts(described, event, krate))
        h2 #members { "Members" }
        @if event.members.is_empty() { p { "The schema names none." } } @else { (members(event)) }
        @let examples = &provider.events[index].examples;
        @if !examples.is_empty() {
            h2 #examples { @if examples.len() == 1 { "Example" } @else { "Examples" } }
            @for example in examples {
                @if examples.len() > 1 { h3 { (example.name.replace('_', " ")) } }
                (json(&format!("Example {}", example.name), &example.text))
            }
        }
        h2 #schema { "Schema" }
        details { summary { "JSON Schema" } (json("JSON Schema", &event.schema)) }
        (notes(described, event))
    };
    let page_title = format!("{} — {title}", event.name);
    let description = format!("The members of {} of {title}.", event.name);
    Page { title: &page_title, description: &description, root: "../", provider: Some(&provider.name) }
        .html(providers, &content)
}

fn facts(described: &Described<'_>, event: &EventDescription, krate: &str) -> Markup {
    let module = &described.about.module;
    let provider = described.provider;
    let accepted = match event.reading {
        Reading::Tolerant => {
            "What has the required members, valid against the schema. Any other value that does not fit is kept as it is, \
             and its field is absent."
        }
        _ => "Exactly what is valid against the schema. Members that it does not name are kept.",
    };
    let settings = provider.settings.events.get(&event.name);
    html! {
        dl.facts {
            dt { "Rust type" } dd { code { (krate) "::" (module) "::" (event.ty) } }
            dt { "Variant" } dd { code { "Event::" (event.variant) "(Box<" (event.ty) ">)" } }
            dt { "Identified by" } dd { (with_code(&event.identified_by)) }
            dt { "Accepted" } dd { (accepted) }
            dt { "Schema" } dd { (source(event.source)) }
            @if let Some((major, minor, patch)) = settings.and_then(|settings| settings.since) {
                dt { "Since" } dd { "version " (major) "." (minor) "." (patch) }
            }
            @if let Some(origin) = settings.and_then(|settings| settings.origin.as_deref()) {
                dt { "Source" } dd { (with_code(origin)) }
            }
        }
    }
}

fn members(event: &EventDescription) -> Markup {
    html! {
        table.members {
            caption { "Every member, by its JSON Pointer. " code { "*" } " is any item of an array, or any member of a map." }
            thead {
                tr {
                    th scope="col" { "Member" } th scope="col" { "JSON" } th scope="col" { "Rust" }
                    th scope="col" { "Description" }
                }
            }
            tbody { @for member in &event.members { (row(member)) } }
        }
    }
}

fn row(member: &Member) -> Markup {
    let depth = member.pointer.matches('/').count();
    let parent = member.pointer.rfind('/').map_or("", |at| &member.pointer[..=at]);
    let presence = match (member.required, member.name.as_str()) {
        (_, "*") => None,
        (true, _) => Some("required"),
        (false, _) => Some("optional"),
    };
    html! {
        tr #(anchor(&member.pointer)) style={ "--depth:" (depth) } {
            th scope="row" {
                a href={ "#" (anchor(&member.pointer)) } {
                    code { span.parent { (parent) } (member.pointer[parent.len()..]) }
                }
            }
            td data-label="JSON" {
                @if member.types.len() == JSON_TYPES { "any" } @else { (member.types.join(" or ")) }
                @if let Some(presence) = presence { br; span.presence.(presence) { (presence) } }
            }
            td data-label="Rust" {
                @if let Some(field) = &member.field { code { (field) ":" } " " }
                @if member.rust.is_empty() { "by variant" } @else { code { (member.rust) } }
            }
            td data-label="Description" {
                (prose(&member.description))
                @if member.deprecated { p { strong { "Deprecated by the vendor." } } }
                @if !member.constraints.is_empty() {
                    ul.constraints { @for constraint in &member.constraints { li { (with_code(constraint)) } } }
                }
                @if member.recursive { p { "An object of a type that it is part of: its members are listed above." } }
            }
        }
    }
}

/// What was repaired and decided by people.
fn notes(described: &Described<'_>, event: &EventDescription) -> Markup {
    let settings = described.provider.settings.events.get(&event.name);
    let notes: Vec<&String> =
        settings.iter().flat_map(|settings| settings.repairs.iter().chain(&settings.rationale)).collect();
    html! {
        @if !notes.is_empty() {
            h2 #notes { "Notes" }
            ul { @for note in notes { li { (with_code(note)) } } }
        }
    }
}
