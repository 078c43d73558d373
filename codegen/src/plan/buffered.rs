//! What cannot be read in one pass, and why, as codegen reports it.

use super::planner::Planner;
use crate::model::NodeId;
use crate::normalize::Normalized;

impl Planner<'_> {
    /// Notes that a type reads values whole, and why.
    pub(super) fn note_buffered(&mut self, node: NodeId, normalized: Normalized) {
        let keywords = self.schemas.keywords(normalized.node);
        let original = self.schemas.keywords(node);
        let reasons: Vec<&str> = [
            (!keywords.not.is_empty(), "not"),
            (!keywords.if_then_else.is_empty(), "if"),
            (!keywords.dependent_schemas.is_empty(), "dependentSchemas"),
            (!keywords.contains.is_empty(), "contains"),
            (!keywords.any_of.is_empty(), "anyOf"),
            (!keywords.one_of.is_empty(), "oneOf"),
            (keywords.unique_items, "uniqueItems"),
            (keywords.unevaluated_items.or(original.unevaluated_items).is_some(), "unevaluatedItems"),
            (keywords.unevaluated_properties.or(original.unevaluated_properties).is_some(), "unevaluatedProperties"),
            (original.dynamic.is_some(), "$dynamicRef"),
            (!normalized.exact && !original.all_of.is_empty(), "allOf"),
        ]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, name)| name)
        .collect();
        // Members that need each other are checked on the way, unless one of them is a constant.
        let reasons = match (reasons.is_empty(), keywords.dependent_required.is_empty()) {
            (false, _) => reasons.join(", "),
            (true, false) => "dependentRequired".to_owned(),
            (true, true) => "$ref".to_owned(),
        };
        let event = &self.provider.events[self.event].name;
        let (file, pointer) = self.schemas.place(node);
        let note = format!("{}/{event}: {file}#{pointer} is read whole first, for {reasons}", self.provider.name);
        if !self.buffered.contains(&note) {
            self.buffered.push(note);
        }
    }
}
