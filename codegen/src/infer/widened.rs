//! The result of a change of a schema.

use std::collections::BTreeMap;

use crate::json::Json;

/// A schema that was changed to accept some payloads.
#[derive(Clone, Debug, PartialEq)]
pub struct Widened {
    /// The schema; equal to what it was when it accepts every payload and has every member.
    pub schema: Json,
    /// The documents of the library that were changed, by URI.
    pub documents: BTreeMap<String, Json>,
    /// What was changed, each with its place in the payload and in the schema.
    pub changes: Vec<String>,
    /// What a person must do: the payloads are still refused because of it.
    pub unresolved: Vec<String>,
    /// What a person should look at: nothing is refused because of it.
    pub notes: Vec<String>,
}
