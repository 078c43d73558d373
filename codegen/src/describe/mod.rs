//! What a provider's events consist of: the members of each, with their JSON types and their Rust types, for a catalogue that
//! people read.

mod keywords;
mod rust;
mod types;
mod walk;

use std::path::Path;

#[doc(inline)]
pub use webhook_runtime::__private::schema::Types;

pub use crate::dispatch::Condition;
use crate::generate::{Prepared, of_folder, package_name, prepare};
use crate::json::Json;
use crate::load::catalog::{Catalog, Provider};
use crate::model::diagnostic::Diagnostic;
use crate::options::Options;
use crate::render::package;

/// The events of a catalog, as the generated package has them.
#[derive(Clone, Debug)]
pub struct Description {
    /// The name of the generated crate, as code writes it.
    pub crate_name: String,
    /// The providers, in the order of the catalog.
    pub providers: Vec<ProviderDescription>,
}

/// The events of a provider.
#[derive(Clone, Debug)]
pub struct ProviderDescription {
    /// The name of its module in the generated crate.
    pub module: String,
    /// The events, in the order of the catalog.
    pub events: Vec<EventDescription>,
    /// The places of the events in [`ProviderDescription::events`], in the order in which they are tried.
    pub precedence: Vec<usize>,
}

/// An event.
#[derive(Clone, Debug)]
pub struct EventDescription {
    /// Its variant of the enum `Event`.
    pub variant: String,
    /// Its type.
    pub rust_type: String,
    /// The title of its schema.
    pub title: Option<String>,
    /// The description of its schema.
    pub description: Option<String>,
    /// The name outside the body that identifies it, where names do.
    pub wire_name: Option<String>,
    /// What identifies it among the events of the provider: all of these hold. Empty where names identify events.
    pub conditions: Vec<Condition>,
    /// Its members, parents first, in the order of the schema.
    pub members: Vec<Member>,
    /// Its schema, with the overlay applied and with every document that it refers to.
    pub schema: Json,
    /// The dialect of its schema.
    pub dialect: &'static str,
}

/// A member of an event, at any depth. Members at one place in several forms of a payload are one.
#[derive(Clone, Debug)]
pub struct Member {
    /// Where it is in the payload.
    pub path: Vec<Segment>,
    /// Its JSON types: alternatives, without `null` where there is another.
    pub types: Vec<String>,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it is always there when its parent is.
    pub required: bool,
    /// Whether only some forms of its parent have it, such as one branch of a `oneOf`.
    pub in_some_forms: bool,
    /// Whether the vendor deprecates it.
    pub deprecated: bool,
    /// What the schema says about it.
    pub description: Option<String>,
    /// What its values must be, and the annotations that concern them.
    pub constraints: Vec<Constraint>,
    /// What it is in Rust. None: it is inside a `serde_json::Value`.
    pub rust: Vec<RustMember>,
    /// Where its members are listed, if they are those of another member: a recursive schema, or a very large one.
    pub same_as: Option<Vec<Segment>>,
}

/// A segment of the path to a member.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// A member by its name.
    Name(String),
    /// An item by its position.
    Position(usize),
    /// Any item of an array.
    Item,
    /// Any further member of an object.
    Any,
    /// Any member whose name matches an expression.
    Matching(String),
}

/// A keyword of JSON Schema that concerns a member.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The keyword, such as `maxLength`, or its path where it concerns items or branches: `items/maxLength`.
    pub keyword: String,
    /// Its value; `None` for one that contains schemas.
    pub value: Option<Json>,
}

/// A field or an associated constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustMember {
    /// The type that has it.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// Whether it is an associated constant.
    pub constant: bool,
}

/// Describes every event of a catalog.
///
/// # Errors
///
/// Every problem of the input: what cannot be generated cannot be described.
pub fn describe(catalog: &Catalog, options: &Options) -> Result<Description, Vec<Diagnostic>> {
    let crate_name = package_name(catalog, options)?.replace('-', "_");
    let mut problems = Vec::new();
    let mut providers = Vec::new();
    let mut summaries = Vec::new();
    for provider in &catalog.providers {
        match prepare(provider, options, |_, _| Ok(())) {
            Ok((prepared, ())) => {
                summaries.push(package::summarize(provider, &prepared.plan, Vec::new()));
                providers.push(of_provider(provider, prepared));
            }
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(package::check(&summaries));
    if problems.is_empty() { Ok(Description { crate_name, providers }) } else { Err(problems) }
}

/// Reads a folder of schema-defs and describes its events.
///
/// # Errors
///
/// Every problem of the folder: what can be read is checked, even when something else cannot.
pub fn describe_folder(folder: &Path, options: &Options) -> Result<(Catalog, Description), Vec<Diagnostic>> {
    of_folder(folder, |catalog| describe(catalog, options))
}

fn of_provider(provider: &Provider, mut prepared: Prepared) -> ProviderDescription {
    let events =
        provider.events.iter().enumerate().map(|(index, _)| of_event(provider, &mut prepared, index)).collect();
    let precedence = prepared.dispatch.events.iter().map(|(index, _)| *index).collect();
    ProviderDescription { module: prepared.plan.module, events, precedence }
}

fn of_event(provider: &Provider, prepared: &mut Prepared, index: usize) -> EventDescription {
    let members = walk::members(prepared, index);
    let event = &prepared.plan.events[index];
    let root = prepared.schemas.node(prepared.roots[index]);
    let named = provider.settings.named;
    EventDescription {
        variant: event.variant.clone(),
        rust_type: prepared.plan.types[event.root.0].name.clone(),
        title: root.annotations.title.clone(),
        description: root.annotations.description.clone(),
        wire_name: named.then(|| event.wire_name.clone()),
        conditions: if named { Vec::new() } else { prepared.dispatch.conditions(index).to_vec() },
        members,
        schema: prepared.documents[index].clone(),
        dialect: root.dialect.title(),
    }
}
