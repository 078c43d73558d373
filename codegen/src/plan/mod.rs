//! The plan: everything that the templates need, decided once.

mod buffered;
mod disjoint;
pub(crate) mod dispatch;
mod draft;
mod dynamic;
mod folders;
mod groups;
pub(crate) mod idents;
mod inhabited;
pub(crate) mod integers;
mod limits;
pub(crate) mod names;
mod naming;
mod object;
mod pending;
mod planner;
mod signature;
mod sizes;
mod tags;
pub(crate) mod templates;
mod text_fields;
pub(crate) mod types;
mod union;
mod union_builder;
mod values;

use crate::load::catalog::Provider;
use crate::model::NodeId;
use crate::model::diagnostic::Diagnostic;
use crate::normalize::Schemas;

pub(crate) use self::dispatch::Dispatch;
pub(crate) use self::folders::check_names;
pub(crate) use self::signature::{Condition, Path};
pub(crate) use self::types::{
    Arm, ConstantMember, Docs, Event, Extra, Field, Kind, Plan, Positional, Presence, Reader, Struct, Ty, Type, TypeId,
    Union, Variant, Width,
};

/// What distinguishes the events of a provider. `roots` are the schemas of its events.
///
/// # Errors
///
/// Events that cannot be distinguished.
pub(crate) fn plan_dispatch(
    provider: &Provider,
    schemas: &mut Schemas,
    roots: &[NodeId],
) -> Result<Dispatch, Vec<Diagnostic>> {
    dispatch::plan(provider, schemas, roots)
}

/// Plans a provider. `roots` are the schemas of its events.
///
/// # Errors
///
/// Events that cannot be distinguished, and templates that cannot be read.
pub(crate) fn plan(provider: &Provider, schemas: &mut Schemas, roots: &[NodeId]) -> Result<Plan, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let dispatch = dispatch::plan(provider, schemas, roots).unwrap_or_else(|found| {
        problems.extend(found);
        Dispatch::default()
    });
    match planner::plan(provider, schemas, roots) {
        Ok((events, types, buffered)) if problems.is_empty() => {
            Ok(Plan { module: names::snake(&provider.name), events, types, dispatch, buffered })
        }
        Ok(_) => Err(problems),
        Err(found) => {
            problems.extend(found);
            Err(problems)
        }
    }
}
