//! The plan: all decisions about names, types and checks that rendering needs.

mod folders;
pub(crate) mod idents;
mod inhabited;
mod limits;
pub(crate) mod names;
mod objects;
mod pending;
mod planner;
mod sizes;
pub(crate) mod templates;
mod type_names;
pub(crate) mod types;
mod unions;
pub(crate) mod values;

pub(crate) use self::folders::check_names;
pub(crate) use self::planner::plan;
pub(crate) use self::types::{
    Arm, Combination, ConstantMember, Docs, Event, Extra, Field, Kind, Plan, Positional, Presence, Reader, Struct, Ty,
    Type, TypeId, Union, Uniqueness, Variant, Width,
};
