//! What cannot be read in one pass, and why, as codegen reports it.

use super::types::Planner;
use crate::model::NodeId;
use crate::normalize::Normalized;

impl Planner<'_> {
    /// Notes that a type reads values whole, and why.
    pub(super) fn note_buffered(&mut self, node: NodeId, flat: Normalized) {
        let rules = self.schemas.keywords(flat.node);
        let original = self.schemas.keywords(node);
        let reasons: Vec<&str> = [
            (!rules.not.is_empty(), "not"),
            (!rules.if_then_else.is_empty(), "if"),
            (!rules.dependent_schemas.is_empty(), "dependentSchemas"),
            (!rules.contains.is_empty(), "contains"),
            (!rules.any_of.is_empty(), "anyOf"),
            (!rules.one_of.is_empty(), "oneOf"),
            (rules.unique_items, "uniqueItems"),
            (rules.unevaluated_items.or(original.unevaluated_items).is_some(), "unevaluatedItems"),
            (rules.unevaluated_properties.or(original.unevaluated_properties).is_some(), "unevaluatedProperties"),
            (original.dynamic.is_some(), "$dynamicRef"),
            (!flat.exact && !original.all_of.is_empty(), "allOf"),
        ]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, name)| name)
        .collect();
        let reasons = if reasons.is_empty() { "$ref".to_owned() } else { reasons.join(", ") };
        let event = &self.provider.events[self.event].name;
        let (file, pointer) = self.schemas.place(node);
        let note = format!("{}/{event}: {file}#{pointer} is read whole first, for {reasons}", self.provider.name);
        if !self.buffered.contains(&note) {
            self.buffered.push(note);
        }
    }
}
