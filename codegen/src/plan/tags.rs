//! What distinguishes the branches of a union, and where their names come from.

use super::names::pascal;
use super::planner::Planner;
use super::union_builder::Candidate;
use crate::model::{Keywords, NodeId};
use crate::normalize::Normalized;

impl Planner<'_> {
    /// Where the name of an inline branch comes from: its title, or its discriminator. A title that the whole union shares does not count.
    pub(super) fn branch_name(&self, candidate: &Candidate, whole: Normalized, otherwise: &str) -> String {
        let title = |id: NodeId| self.schemas.node(id).annotations.title.as_deref();
        let own = title(candidate.node).filter(|own| title(whole.node) != Some(own));
        pascal(own.unwrap_or(otherwise))
    }

    /// The member that distinguishes all branches, and its strings in each: one that every branch requires, and no string of
    /// which two branches share.
    pub(super) fn tags(&mut self, candidates: &[Candidate]) -> Option<(String, Vec<Vec<String>>)> {
        let keywords: Vec<Keywords> =
            candidates.iter().map(|candidate| self.schemas.keywords(candidate.normalized.node).clone()).collect();
        let first = keywords.first()?;
        for name in
            first.required.iter().filter(|name| keywords.iter().all(|keywords| keywords.required.contains(name)))
        {
            let strings: Option<Vec<Vec<String>>> =
                keywords.iter().map(|keywords| self.strings(keywords, name)).collect();
            let Some(strings) = strings else { continue };
            let mut all: Vec<&String> = strings.iter().flatten().collect();
            let count = all.len();
            all.sort();
            all.dedup();
            if all.len() == count {
                return Some((name.clone(), strings));
            }
        }
        None
    }

    /// The strings that a member can be, where it can be nothing else.
    fn strings(&mut self, keywords: &Keywords, name: &str) -> Option<Vec<String>> {
        let (_, schema) = keywords.properties.iter().find(|(known, _)| known == name)?;
        let normalized = self.schemas.normalize(*schema);
        let values = self.schemas.keywords(normalized.node).possible_values()?;
        let strings: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        strings.filter(|strings| !strings.is_empty())
    }

    /// The constant of a branch that no other has; another constant in its place distinguishes some of them.
    pub(super) fn tag(&mut self, candidate: &Candidate, all: &[Candidate]) -> Option<String> {
        let constants = |planner: &mut Self, candidate: &Candidate| -> Vec<(String, String)> {
            let keywords = planner.schemas.keywords(candidate.normalized.node).clone();
            let constant = |(name, schema): &(String, NodeId)| {
                let normalized = planner.schemas.normalize(*schema);
                let keywords = planner.schemas.keywords(normalized.node);
                let only = match (&keywords.const_value, keywords.enum_values.as_deref()) {
                    (Some(value), _) => Some(value),
                    (None, Some([value])) => Some(value),
                    _ => None,
                };
                Some((name.clone(), only?.as_str()?.to_owned()))
            };
            keywords.properties.iter().filter_map(constant).collect()
        };
        let own = constants(self, candidate);
        let others: Vec<_> =
            all.iter().filter(|other| other.node != candidate.node).map(|other| constants(self, other)).collect();
        let differs = |name: &str, value: &str| {
            let mut theirs = others.iter().flatten().filter(|(known, _)| known == name).map(|(_, theirs)| theirs);
            others.iter().flatten().any(|(known, _)| known == name) && theirs.all(|theirs| theirs != value)
        };
        own.iter().find(|(name, value)| differs(name, value)).map(|(_, value)| pascal(value))
    }

    /// The first member that only this branch requires, where the branch has no name of its own.
    pub(super) fn own_member(&self, candidate: &Candidate, whole: Normalized, all: &[Candidate]) -> Option<String> {
        let node = self.schemas.node(candidate.node);
        if node.keywords.reference.is_some() || self.branch_name(candidate, whole, "") != pascal("") {
            return None;
        }
        let required = |candidate: &Candidate| &self.schemas.keywords(candidate.normalized.node).required;
        let others = || all.iter().filter(|other| other.node != candidate.node);
        let own = required(candidate).iter().find(|name| !others().any(|other| required(other).contains(name)));
        own.map(|name| pascal(name))
    }
}
