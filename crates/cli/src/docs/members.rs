//! Renders the members of an event as a table.

use maud::{Markup, html};
use webhook_codegen::describe::{Access, Binding, Constraint, Member, RustMember};
use webhook_codegen::json::Json;

use super::anchors;
use super::examples::Examples;
use super::prose::{inline, linked_rust, paragraphs, rust};
use super::rustdoc::Rustdoc;
use crate::output::counted;

/// The members of an event, with the facts about the event that their rows show.
pub(super) struct Rows<'r> {
    pub(super) members: &'r [Member],
    pub(super) examples: Examples,
    /// The variant of the event, such as `Event::AlertTriggered`; `None` for the envelope.
    pub(super) variant: Option<String>,
    pub(super) rustdoc: Option<Rustdoc<'r>>,
}

/// Renders the table of an event's members.
pub(super) fn table(rows: &Rows<'_>) -> Markup {
    html! {
        (legend(rows))
        // On a narrow screen the cells are blocks, so screen readers would no longer announce a table. The roles
        // restore it.
        table.members role="table" aria-label="Members" {
            thead role="rowgroup" {
                tr role="row" {
                    th role="columnheader" scope="col" { "Member" }
                    th role="columnheader" scope="col" { "Type" }
                    th role="columnheader" scope="col" { "Description" }
                }
            }
            tbody role="rowgroup" {
                @for member in rows.members { (row(rows, member)) }
            }
        }
    }
}

/// Explains the Rust expressions in the table of members.
fn legend(rows: &Rows<'_>) -> Markup {
    let all = || rows.members.iter().flat_map(|member| &member.access);
    let has = |step: &str| all().any(|access| access.steps.iter().any(|known| known == step));
    html! {
        p.legend {
            "Below each member is the Rust that reads it, where "
            @match &rows.variant {
                Some(variant) => { code { "event" } " is the payload that " (rust(&format!("{variant}(event)"))) " holds." }
                None => { code { "envelope" } " is what " (rust("batch.envelope()")) " reads." }
            }
            @if all().any(|access| !access.is_certain()) {
                " A step with " code.maybe { "?" } " finds nothing if its member is absent or null: use it in a function that returns "
                code { "Option" } "."
            }
            @if has(".first()?") { " " code.maybe { ".first()?" } " stands for any item." }
            @if has(&format!(".get({:?})?", Access::ANY)) {
                " " code.maybe { (format!(".get({:?})?", Access::ANY)) } " stands for any name."
            }
            @if all().any(|access| !access.bindings.is_empty()) {
                " A " code { "let … else" } " takes the variant that has the member."
            }
        }
    }
}

fn row(rows: &Rows<'_>, member: &Member) -> Markup {
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
                (accesses(&member.access))
            }
            td role="cell" {
                div.type { (json_types(member)) }
                div.rust { (rust_types(rows, member)) }
            }
            td role="cell" {
                @if let Some(text) = &member.description { (paragraphs(text)) }
                @if let Some(path) = &member.same_as { (same_as(path)) }
                (constraints(&member.constraints))
                @if let Some(value) = example(rows, member) {
                    p.example { "Example: " code { (value) } }
                }
            }
        }
    }
}

/// Returns the example value of a member, unless its constraints already state the value.
fn example(rows: &Rows<'_>, member: &Member) -> Option<String> {
    let is_constant = member.constraints.iter().any(|constraint| constraint.keyword == "const");
    if is_constant { None } else { rows.examples.value(rows.members, member) }
}

/// Renders the expressions that read a member: the first one, and the others folded.
fn accesses(all: &[Access]) -> Markup {
    html! {
        @if let Some((first, others)) = all.split_first() {
            (access(first))
            @if !others.is_empty() {
                details {
                    summary { (counted(others.len(), "other variant")) }
                    @for other in others { (access(other)) }
                }
            }
        }
    }
}

fn access(access: &Access) -> Markup {
    html! {
        div.access data-copy=(access) {
            @for binding in &access.bindings {
                code { (breaks(&binding.start)) (steps(&binding.steps)) (Binding::END) }
            }
            code { (steps(&access.steps)) }
        }
    }
}

/// Renders an expression with a mark on each step that may return `None`. A line may break in front of a step.
fn steps(steps: &[String]) -> Markup {
    html! {
        @for (index, step) in steps.iter().enumerate() {
            @if index > 0 { wbr; }
            @if let Some(why) = maybe(step) { span.maybe title=(why) { (step) } } @else { (breaks(step)) }
        }
    }
}

/// Renders a part of an expression, in which a line may break before `::`.
fn breaks(part: &str) -> Markup {
    html! { @for (index, name) in part.split("::").enumerate() { @if index > 0 { wbr; "::" } (name) } }
}

/// Returns the reason why a step may return `None`, if it may.
fn maybe(step: &str) -> Option<&'static str> {
    match step {
        ".first()?" => Some("any item: the array may be empty"),
        step if step.starts_with(".get(") => Some("may be absent"),
        step if step.ends_with('?') => Some("may be absent or null"),
        _ => None,
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

/// Renders the JSON types, as JSON Schema calls them.
pub(super) fn json_types(member: &Member) -> Markup {
    html! {
        @if member.types.is_empty() { "never present" }
        @for (index, name) in member.types.iter().enumerate() { @if index > 0 { " or " } (name) }
    }
}

/// Renders the field or constant of a member, or else of the nearest member that contains it.
fn rust_types(rows: &Rows<'_>, member: &Member) -> Markup {
    let inside = || {
        let of = |length: usize| {
            rows.members.iter().find(|other| other.path == member.path[..length] && !other.rust.is_empty())
        };
        (1..member.path.len()).rev().find_map(of)
    };
    html! {
        @if !member.rust.is_empty() {
            @for one in &member.rust { (rust_member(rows, one)) }
        } @else if let Some(outer) = inside() {
            p { "inside " (rust(&format!("{}::{}", outer.rust[0].owner, outer.rust[0].name))) ": " (rust(&outer.rust[0].ty)) }
        }
    }
}

fn rust_member(rows: &Rows<'_>, member: &RustMember) -> Markup {
    let name = format!("{}::{}", member.owner, member.name);
    let address = rows.rustdoc.as_ref().map(|rustdoc| rustdoc.member(member));
    html! {
        p {
            (rust(&member.ty))
            " "
            span.field {
                @if member.constant { "const " }
                (linked_rust(&name, address))
            }
        }
    }
}

fn same_as(path: &[webhook_codegen::describe::Segment]) -> Markup {
    html! {
        @if path.is_empty() {
            p.same { "It has the same members as the event itself." }
        } @else {
            @let (parent, name) = anchors::shown(path);
            // The items of an array have no line of their own.
            @let named = path.iter().rposition(|segment| !matches!(segment, webhook_codegen::describe::Segment::Item));
            p.same {
                "It has the same members as "
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

/// Renders a keyword with its value. The values of an enumeration are listed one by one.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_may_lead_nowhere_are_marked() {
        let shown = |parts: &[&str]| steps(&parts.iter().map(ToString::to_string).collect::<Vec<_>>()).into_string();
        assert_eq!(shown(&["event", ".a", ".b"]), "event<wbr>.a<wbr>.b");
        let maybe = |call: &str, why: &str| format!("<span class=\"maybe\" title=\"{why}\">{call}</span>");
        let optional = maybe(".as_ref()?", "may be absent or null");
        assert_eq!(shown(&["event", ".a", ".as_ref()?", ".b"]), format!("event<wbr>.a<wbr>{optional}<wbr>.b"));
        let key = maybe(".get(&quot;a&quot;)?", "may be absent");
        let item = maybe(".first()?", "any item: the array may be empty");
        assert_eq!(shown(&[".get(\"a\")?", ".first()?"]), format!("{key}<wbr>{item}"));
    }
}
