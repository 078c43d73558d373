//! The members of an event as a table.

use maud::{Markup, html};
use webhook_codegen::describe::{Constraint, Member, RustMember};
use webhook_codegen::json::Json;

use super::anchors;
use super::prose::{inline, paragraphs, rust};

/// The table of an event's members.
pub(super) fn table(members: &[Member]) -> Markup {
    html! {
        // On a narrow screen the cells are blocks, which takes the meaning of a table away; roles give it back.
        table.members role="table" aria-label="Members" {
            thead role="rowgroup" {
                tr role="row" {
                    th role="columnheader" scope="col" { "Member" }
                    th role="columnheader" scope="col" { "Type" }
                    th role="columnheader" scope="col" { "Description" }
                }
            }
            tbody role="rowgroup" {
                @for member in members { (row(members, member)) }
            }
        }
    }
}

fn row(members: &[Member], member: &Member) -> Markup {
    let anchor = anchors::member(&member.path);
    let (parent, name) = anchors::shown(&member.path);
    html! {
        tr role="row" id=(anchor) {
            th role="rowheader" scope="row" {
                a.member href={ "#" (anchor) } {
                    @if !parent.is_empty() { span.parent { (parent) wbr; } }
                    span.leaf { (name) }
                }
                (presence(member))
            }
            td role="cell" {
                div.type { (json_types(member)) }
                div.rust { (rust_types(members, member)) }
            }
            td role="cell" {
                @if let Some(text) = &member.description { (paragraphs(text)) }
                @if let Some(path) = &member.same_as { (same_as(path)) }
                (constraints(&member.constraints))
            }
        }
    }
}

fn presence(member: &Member) -> Markup {
    let (class, text) = match (member.required, member.in_some_forms) {
        (true, false) => ("presence required", "required"),
        (true, true) => ("presence", "required in some forms"),
        (false, true) => ("presence", "in some forms"),
        (false, false) => ("presence", "optional"),
    };
    html! {
        div.notes {
            span class=(class) { (text) }
            @if member.nullable && member.types != ["null"] { span.presence { "may be null" } }
            @if member.deprecated { span.presence.deprecated { "deprecated" } }
        }
    }
}

/// The JSON types, as JSON Schema calls them.
pub(super) fn json_types(member: &Member) -> Markup {
    html! {
        @if member.types.is_empty() { "never present" }
        @for (index, name) in member.types.iter().enumerate() { @if index > 0 { " or " } (name) }
    }
}

/// The field or constant that a member is, or else that of the member that it is inside of.
fn rust_types(members: &[Member], member: &Member) -> Markup {
    let inside = || {
        let of =
            |length: usize| members.iter().find(|other| other.path == member.path[..length] && !other.rust.is_empty());
        (1..member.path.len()).rev().find_map(of)
    };
    html! {
        @if !member.rust.is_empty() {
            @for one in &member.rust { (rust_member(one)) }
        } @else if let Some(outer) = inside() {
            p { "inside " (rust(&format!("{}::{}", outer.rust[0].owner, outer.rust[0].name))) ": " (rust(&outer.rust[0].ty)) }
        }
    }
}

fn rust_member(member: &RustMember) -> Markup {
    html! {
        p {
            (rust(&member.ty))
            " "
            span.field { @if member.constant { "const " } (rust(&format!("{}::{}", member.owner, member.name))) }
        }
    }
}

fn same_as(path: &[webhook_codegen::describe::Segment]) -> Markup {
    html! {
        @if path.is_empty() {
            p.same { "Its members are those of the event itself." }
        } @else {
            @let (parent, name) = anchors::shown(path);
            // The items of an array have no line of their own.
            @let named = path.iter().rposition(|segment| !matches!(segment, webhook_codegen::describe::Segment::Item));
            p.same {
                "Its members are those of "
                @if let Some(last) = named {
                    a href={ "#" (anchors::member(&path[..=last])) } { code { (parent) (name) } }
                } @else { code { (parent) (name) } }
                "."
            }
        }
    }
}

fn constraints(constraints: &[Constraint]) -> Markup {
    html! {
        @if !constraints.is_empty() {
            ul.constraints aria-label="Constraints" {
                @for constraint in constraints { li { (one(constraint)) } }
            }
        }
    }
}

/// A keyword with its value. The values of an enumeration are listed one by one.
fn one(constraint: &Constraint) -> Markup {
    let keyword = constraint.keyword.rsplit('/').next().unwrap_or_default();
    html! {
        span.keyword { (constraint.keyword) }
        @match (&constraint.value, keyword) {
            (None, _) => { " (see the schema)" }
            (Some(Json::Array(values)), "enum") => {
                @for (index, value) in values.iter().enumerate() { @if index > 0 { "," } " " code { (value) } }
            }
            (Some(Json::Boolean(true)), _) => {}
            (Some(Json::String(text)), "x-text-templates") => { " " (inline(text)) }
            (Some(Json::String(text)), "pattern" | "format") => { " " code { (text) } }
            (Some(value), _) => { " " code { (value) } }
        }
    }
}
