//! Describes the events of a provider for a catalogue that people read: the members of each event, with their JSON
//! types and Rust types.

mod access;
mod keywords;
mod rust;
mod types;
mod walk;

use std::collections::BTreeMap;
use std::path::Path;

use syn::Item;

#[doc(inline)]
pub use webhook_runtime::__private::schema::Types;

pub use self::access::{Access, Binding};
pub use crate::dispatch::Condition;
use crate::generate::{Prepared, of_folder, package_name, prepare};
use crate::json::Json;
use crate::load::catalog::{Catalog, Provider};
use crate::model::diagnostic::Checked;
use crate::options::Options;
use crate::refine::Refined;
use crate::render::package;

/// A description of all events of a catalog, with the Rust items of the generated package.
#[derive(Clone, Debug)]
pub struct Description {
    /// The name of the generated crate, as written in code.
    pub crate_name: String,
    /// The providers, in the order of the catalog.
    pub providers: Vec<ProviderDescription>,
}

/// A description of the events of a provider.
#[derive(Clone, Debug)]
pub struct ProviderDescription {
    /// The name of the provider's module in the generated crate.
    pub module: String,
    /// The events, in the order of the catalog.
    pub events: Vec<EventDescription>,
    /// The envelope, described like an event.
    pub envelope: Option<EventDescription>,
    /// The order in which the events are tried, as indices of [`ProviderDescription::events`].
    pub precedence: Vec<usize>,
    /// The types of the module, by their names.
    pub types: BTreeMap<String, TypeKind>,
}

/// The description of an event.
#[derive(Clone, Debug)]
pub struct EventDescription {
    /// The event's variant of the enum `Event`.
    pub variant: String,
    /// The name of the event's type.
    pub rust_type: String,
    /// The title of the event's schema.
    pub title: Option<String>,
    /// The description of the event's schema.
    pub description: Option<String>,
    /// The name that identifies the event outside the body, if names identify events.
    pub wire_name: Option<String>,
    /// The conditions that identify the event among the events of the provider. All of them must hold. Empty if names
    /// identify events.
    pub conditions: Vec<Condition>,
    /// The members of the event, parents first, in the order of the schema.
    pub members: Vec<Member>,
    /// The schema of the event with its overlay applied and all documents that it refers to.
    pub schema: Json,
    /// The dialect of the event's schema.
    pub dialect: &'static str,
}

/// A member of an event, at any depth. Members at the same path in several forms of a payload are merged.
#[derive(Clone, Debug)]
pub struct Member {
    /// The path of the member in the payload.
    pub path: Vec<Segment>,
    /// The alternative JSON types of the member. `null` is left out if there is another type.
    pub types: Vec<String>,
    /// Whether the member may be null.
    pub nullable: bool,
    /// Whether the member is present whenever its parent is.
    pub required: bool,
    /// Whether only some forms of the parent have the member, such as one branch of a `oneOf`.
    pub in_some_forms: bool,
    /// Whether the vendor deprecates the member.
    pub deprecated: bool,
    /// The description of the member in the schema.
    pub description: Option<String>,
    /// The keywords that constrain the values, and annotations that apply to them.
    pub constraints: Vec<Constraint>,
    /// The fields or constants that hold the member in Rust. Empty if it is inside a map or a `serde_json::Value`.
    pub rust: Vec<RustMember>,
    /// The Rust code that reads the member. There are several alternatives if several variants of a union have the
    /// member.
    pub access: Vec<Access>,
    /// The path at which the nested members are listed, if they are not listed here because the schema is recursive or
    /// very large.
    pub same_as: Option<Vec<Segment>>,
}

/// A segment of a member's path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// A member, by name.
    Name(String),
    /// An item, by position.
    Position(usize),
    /// Any item of an array.
    Item,
    /// Any further member of an object.
    Any,
    /// Any member whose name matches an expression.
    Matching(String),
}

/// A keyword of JSON Schema that applies to a member.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The keyword, such as `maxLength`, or its path if it applies to items or branches, such as `items/maxLength`.
    pub keyword: String,
    /// The value of the keyword; `None` for a keyword that contains schemas.
    pub value: Option<Json>,
}

/// The kind of a Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// A `struct`.
    Struct,
    /// An `enum`.
    Enum,
}

/// A field or an associated constant of a Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustMember {
    /// The name of the type that has the field or constant.
    pub owner: String,
    /// The name of the field or constant.
    pub name: String,
    /// The type of the field or constant.
    pub ty: String,
    /// Whether it is an associated constant.
    pub constant: bool,
}

/// Describes all events of a catalog.
///
/// # Errors
///
/// Returns all problems of the input. A catalog from which no package can be generated cannot be described.
pub fn describe(catalog: &Catalog, options: &Options) -> Checked<Description> {
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

/// Loads a folder of schema-defs and describes its events.
///
/// # Errors
///
/// Returns all problems of the folder. Files that can be loaded are checked even if others cannot be loaded.
pub fn describe_folder(folder: &Path, options: &Options) -> Checked<(Catalog, Description)> {
    of_folder(folder, |catalog| describe(catalog, options))
}

fn of_provider(provider: &Provider, mut prepared: Prepared) -> ProviderDescription {
    let events =
        provider.events.iter().enumerate().map(|(index, _)| of_event(provider, &mut prepared, index)).collect();
    let envelope = provider.envelope.as_ref().map(|_| of_event(provider, &mut prepared, provider.events.len()));
    let precedence = prepared.dispatch.events.iter().map(|(index, _)| *index).collect();
    let kind = |item: &Refined| match item.item {
        Item::Enum(_) => TypeKind::Enum,
        _ => TypeKind::Struct,
    };
    let names = prepared.plan.types.iter().map(|ty| ty.name.clone());
    let types = names.zip(prepared.items.iter().map(kind)).collect();
    ProviderDescription { module: prepared.plan.module, events, envelope, precedence, types }
}

fn of_event(provider: &Provider, prepared: &mut Prepared, index: usize) -> EventDescription {
    let members = walk::members(prepared, index);
    let event = &prepared.plan.roots[index];
    let root = prepared.schemas.node(prepared.roots[index]);
    let named = provider.settings.named;
    EventDescription {
        variant: event.variant.clone(),
        rust_type: prepared.plan.types[event.root.0].name.clone(),
        title: root.annotations.title.clone(),
        description: root.annotations.description.clone(),
        wire_name: (named && index < provider.events.len()).then(|| event.wire_name.clone()),
        conditions: if named { Vec::new() } else { prepared.dispatch.conditions(index).to_vec() },
        members,
        schema: prepared.documents[index].clone(),
        dialect: root.dialect.title(),
    }
}
