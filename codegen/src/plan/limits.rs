//! Limits of the planner. Types that the compiler could not handle, and types whose `Default` would not terminate, are
//! replaced by a `Value` that is validated by the table.
//!
//! To decide whether a type is `Send`, rustc walks all types inside it, and reports an error at a depth of 128 steps.
//! The limit of the crate that asks applies, so an attribute in the generated crate would not help the crates that
//! depend on it.

use std::collections::HashSet;
use std::fmt;

use super::pending::{NameHint, PendingType};
use super::planner::Planner;
use super::types::{Kind, Ty, TypeId, Union, Use};
use crate::model::NodeId;

/// The steps from a type to the type of a member: `Option`, `Box`, the pointer in it, and the type.
const STEP: usize = 4;

/// The additional steps to the items of an array or the values of a map, which are not boxed.
const ITEM: usize = 1;

/// The maximum number of steps from an event to any type inside it. The remaining steps up to 128 are left for a user's
/// types around the event.
const MOST_STEPS: usize = 80;

/// The number of additional steps that are planned, because the schemas there may be scalars, which need no named type.
const SCALARS: usize = 2 * STEP;

/// The maximum number of steps on paths through types that contain each other. The compiler may visit all of these
/// types on one path.
const MOST_STEPS_WITH_CYCLES: usize = 96;

/// The maximum number of structs in the default of a type. A reader creates the default before it reads the members.
const MOST_DEFAULTS: usize = 1000;

/// The reason why a schema has no type of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Types would nest too deeply.
    Depth,
    /// Too many types contain each other.
    Cycle,
    /// Every value contains too many objects.
    Size,
    /// No finite value is valid.
    Uninhabited,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Depth => f.write_str("it is kept as a `Value`: types that nest deeper would not compile"),
            Gap::Cycle => f.write_str("it is kept as a `Value` here: too many types contain each other"),
            Gap::Size => {
                write!(f, "it is kept as a `Value`: every valid one has more than {MOST_DEFAULTS} objects inside")
            }
            Gap::Uninhabited => {
                f.write_str("no finite JSON value is valid: every value must contain another such value")
            }
        }
    }
}

/// The extent of a planned type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extent {
    /// The steps to the deepest type inside.
    steps: usize,
    /// The number of structs in its default.
    defaults: usize,
}

impl Planner<'_> {
    /// Plans the schema of a member or a branch.
    pub(super) fn use_of(&mut self, node: NodeId, hint: &NameHint) -> Use {
        self.within_limits(node, hint, STEP)
    }

    /// Plans the schema of an array's items or a map's values.
    pub(super) fn use_of_item(&mut self, node: NodeId, hint: &NameHint) -> Use {
        self.within_limits(node, hint, ITEM)
    }

    /// Plans a schema for the same value as the current schema, which adds no steps.
    pub(super) fn use_of_same(&mut self, node: NodeId, hint: &NameHint) -> Use {
        self.within_limits(node, hint, 0)
    }

    /// Plans a value that is nested one type deeper.
    pub(super) fn deeper<T>(&mut self, plan: impl FnOnce(&mut Self) -> T) -> T {
        self.steps += STEP;
        let planned = plan(self);
        self.steps -= STEP;
        planned
    }

    fn within_limits(&mut self, node: NodeId, hint: &NameHint, steps: usize) -> Use {
        if self.leads_to_dynamic(node) {
            return Use::plain(Ty::Value);
        }
        let (target, _) = self.follow(node, hint);
        let class = self.class(target);
        let outer = self.steps;
        self.steps += steps;
        let value = match self.gap_before(target, class) {
            Some(gap) => Err(gap),
            None => {
                let before = (self.pending.len(), self.notes.len());
                let value = self.unlimited_use_of(node, hint);
                self.gap_after(&value.ty, class).map_or(Ok(value), |gap| {
                    self.discard(before);
                    Err(gap)
                })
            }
        };
        self.steps = outer;
        value.unwrap_or_else(|gap| {
            self.note(target, &format!(": {gap}"));
            Use::any(node)
        })
    }

    /// Returns the reason that is known before a schema is planned.
    fn gap_before(&self, target: NodeId, class: u32) -> Option<Gap> {
        if self.uninhabited.contains(&target) {
            return Some(Gap::Uninhabited);
        }
        let known = self.gaps.get(&(class, self.tolerant)).filter(|(from, _)| self.steps >= *from);
        known.map(|(_, gap)| *gap).or_else(|| (self.steps > MOST_STEPS + SCALARS).then_some(Gap::Depth))
    }

    /// Returns the reason that is known only from the planned type.
    fn gap_after(&mut self, ty: &Ty, class: u32) -> Option<Gap> {
        let (id, inner) = innermost(ty)?;
        let own_class = self.class(self.pending[id.0].node);
        if self.endless.contains(&own_class) {
            return Some(Gap::Uninhabited);
        }
        let ty = &self.pending[id.0];
        if ty.kind.is_none() {
            // The type is still being planned, so it contains this use of itself.
            return self.acyclic.contains(&own_class).then_some(Gap::Cycle);
        }
        let Extent { steps, defaults } = ty.extent;
        let gap = match (defaults > MOST_DEFAULTS, self.steps + inner + steps > MOST_STEPS) {
            (true, _) => (0, Gap::Size),
            (false, true) => (self.steps, Gap::Depth),
            (false, false) => return None,
        };
        // Record the result, so that the next use of the schema is not planned again.
        let known = self.gaps.entry((class, self.tolerant)).or_insert(gap);
        known.0 = known.0.min(gap.0);
        Some(gap.1)
    }

    /// Discards the types and notes of a schema that gets no type after all. Nothing else refers to these types yet.
    fn discard(&mut self, (before, notes): (usize, usize)) {
        self.notes.truncate(notes);
        self.pending.truncate(before);
        self.known.retain(|_, id| id.0 < before);
        self.recursive_containers.retain(|_, id| id.is_none_or(|id| id.0 < before));
        for ty in &mut self.pending {
            ty.parents.retain(|parent| parent.0 < before);
        }
    }

    /// Finds the types that must be left out. Returns whether there are any new ones.
    pub(super) fn leave_out(&mut self) -> bool {
        let endless = settle_defaults(&mut self.pending);
        let entangled = entangled(&self.pending);
        let before = (self.endless.len(), self.acyclic.len());
        for id in endless {
            let class = self.class(self.pending[id.0].node);
            self.endless.insert(class);
        }
        for id in entangled {
            let class = self.class(self.pending[id.0].node);
            self.acyclic.insert(class);
        }
        before != (self.endless.len(), self.acyclic.len())
    }

    /// Computes the extent of a type.
    pub(super) fn extent(&self, kind: &Kind) -> Extent {
        let mut extent = Extent { steps: 0, defaults: 1 };
        let is_union = matches!(kind, Kind::Union(_));
        for part in kind.parts() {
            let Some((id, inner)) = innermost(&part.value.ty) else { continue };
            let Extent { steps, defaults } = self.pending[id.0].extent;
            extent.steps = extent.steps.max(STEP + inner + steps);
            let defaults = if part.is_made { defaults } else { 0 };
            // The default of a union is the default of one variant.
            extent.defaults = if is_union { extent.defaults.max(defaults) } else { extent.defaults + defaults };
        }
        extent
    }
}

/// Returns the named type of values or of their items, and the additional steps to it.
fn innermost(ty: &Ty) -> Option<(TypeId, usize)> {
    match ty {
        Ty::Named(id) => Some((*id, 0)),
        Ty::Array(inner) | Ty::Map(inner) => innermost(inner).map(|(id, steps)| (id, steps + ITEM)),
        Ty::Nullable(inner) => innermost(inner),
        _ => None,
    }
}

/// Returns the types of the largest cyclic group on a path that is too long because of types that contain each other.
fn entangled(pending: &[PendingType]) -> Vec<TypeId> {
    let edges: Vec<Vec<(usize, usize)>> = pending
        .iter()
        .map(|ty| {
            let parts = ty.kind.iter().flat_map(Kind::parts);
            parts.filter_map(|part| innermost(&part.value.ty)).map(|(id, inner)| (id.0, STEP + inner)).collect()
        })
        .collect();
    let targets: Vec<Vec<usize>> = edges.iter().map(|list| list.iter().map(|(id, _)| *id).collect()).collect();
    let (groups, group_of) = groups(&targets);
    // Each group comes after the groups that it leads to. Compute the length of the longest path from each group, and
    // the largest cyclic group on it.
    let mut longest: Vec<(usize, Option<(usize, usize)>)> = Vec::with_capacity(groups.len());
    for (at, group) in groups.iter().enumerate() {
        let is_inner = |(target, _): &&(usize, usize)| group_of[*target] == at;
        let steps_inside = |id: &usize| edges[*id].iter().filter(is_inner).map(|(_, steps)| *steps).max();
        let own: usize = group.iter().filter_map(steps_inside).sum();
        let outward = group.iter().flat_map(|id| &edges[*id]).filter(|edge| !is_inner(edge));
        let below = outward.map(|(target, steps)| {
            let (length, heaviest) = longest[group_of[*target]];
            (length + steps, heaviest)
        });
        let (length, heaviest) = below.max_by_key(|(length, _)| *length).unwrap_or_default();
        // A type that only contains itself adds no more than the step to itself.
        let own_weight = if group.len() > 1 { Some((own, at)) } else { None };
        longest.push((length + own, heaviest.max(own_weight)));
    }
    let worst =
        longest.iter().filter(|(length, _)| *length > MOST_STEPS_WITH_CYCLES).filter_map(|(_, heaviest)| *heaviest);
    let Some((_, group)) = worst.max() else { return Vec::new() };
    groups[group].iter().map(|id| TypeId(*id)).collect()
}

/// Chooses the default variants of unions so that every default is finite. Returns the types for which this is
/// impossible.
fn settle_defaults(pending: &mut [PendingType]) -> Vec<TypeId> {
    let ranks = ranks(pending);
    let endless: Vec<TypeId> = (0..pending.len()).filter(|id| ranks[*id].is_none()).map(TypeId).collect();
    if !endless.is_empty() {
        return endless;
    }
    // The default is the first variant, unless it leads back to the union. Then it is the variant whose default
    // terminates in the earliest round.
    let mut settled: HashSet<usize> = HashSet::new();
    loop {
        let made: Vec<Vec<usize>> = pending.iter().map(|ty| ty.kind.as_ref().map(made).unwrap_or_default()).collect();
        let (groups, _) = groups(&made);
        let cyclic = groups.into_iter().filter(|group| group.len() > 1 || made[group[0]].contains(&group[0]));
        let unions: Vec<usize> = cyclic.flatten().filter(|id| settled.insert(*id)).collect();
        if unions.is_empty() {
            return Vec::new();
        }
        for id in unions {
            let Some(Kind::Union(Union { variants, default, .. })) = &mut pending[id].kind else { continue };
            let rank = |index: &usize| match variants[*index].value.ty {
                Ty::Named(inner) => ranks[inner.0],
                _ => Some(0),
            };
            let best = (0..variants.len()).min_by_key(|index| rank(index).unwrap_or(usize::MAX));
            *default = best.unwrap_or(*default);
        }
    }
}

/// Returns the types whose defaults are part of the default of a type.
fn made(kind: &Kind) -> Vec<usize> {
    let all: Vec<Option<usize>> = kind
        .parts()
        .iter()
        .map(|part| innermost(&part.value.ty).filter(|_| part.is_made).map(|(id, _)| id.0))
        .collect();
    match kind {
        Kind::Union(union) => all.get(union.default).copied().flatten().into_iter().collect(),
        _ => all.into_iter().flatten().collect(),
    }
}

/// Returns the round in which the default of each type is known to be finite: after all types that it contains or, for
/// a union, after one of its variants.
fn ranks(pending: &[PendingType]) -> Vec<Option<usize>> {
    let mut ranks: Vec<Option<usize>> = vec![None; pending.len()];
    for round in 1.. {
        let ends = |ty: &PendingType| {
            let Some(kind) = &ty.kind else { return true };
            let mut inner = kind.parts().into_iter().map(|part| match innermost(&part.value.ty) {
                Some((id, _)) if part.is_made => ranks[id.0].is_some(),
                _ => true,
            });
            match kind {
                Kind::Union(_) => inner.any(|ends| ends),
                _ => inner.all(|ends| ends),
            }
        };
        let new: Vec<usize> = (0..pending.len()).filter(|id| ranks[*id].is_none() && ends(&pending[*id])).collect();
        if new.is_empty() {
            break;
        }
        new.into_iter().for_each(|id| ranks[id] = Some(round));
    }
    ranks
}

/// Returns the strongly connected components of a graph, each after the components that it leads to, and the component
/// of each vertex. Uses Tarjan's algorithm.
fn groups(edges: &[Vec<usize>]) -> (Vec<Vec<usize>>, Vec<usize>) {
    const NEVER: usize = usize::MAX;
    let (mut order, mut low) = (vec![NEVER; edges.len()], vec![NEVER; edges.len()]);
    let (mut groups, mut group_of): (Vec<Vec<usize>>, _) = (Vec::new(), vec![NEVER; edges.len()]);
    let (mut open, mut next) = (Vec::new(), 0);
    for start in 0..edges.len() {
        if order[start] != NEVER {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((vertex, at)) = path.last_mut() {
            let vertex = *vertex;
            if order[vertex] == NEVER {
                (order[vertex], low[vertex]) = (next, next);
                next += 1;
                open.push(vertex);
            }
            if let Some(target) = edges[vertex].get(*at) {
                *at += 1;
                if order[*target] == NEVER {
                    path.push((*target, 0));
                } else if group_of[*target] == NEVER {
                    low[vertex] = low[vertex].min(order[*target]);
                }
                continue;
            }
            path.pop();
            if let Some((outer, _)) = path.last() {
                low[*outer] = low[*outer].min(low[vertex]);
            }
            if low[vertex] == order[vertex] {
                // The component consists of the vertices that were opened since `vertex`.
                let mut group = Vec::new();
                while let Some(member) = open.pop() {
                    group_of[member] = groups.len();
                    group.push(member);
                    if member == vertex {
                        break;
                    }
                }
                group.reverse();
                groups.push(group);
            }
        }
    }
    (groups, group_of)
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn groups_come_after_those_they_lead_to() {
        let edges = [vec![1, 4], vec![2], vec![3, 1], vec![], vec![4, 3], vec![0]];
        let (mut found, group_of) = groups(&edges);
        found.iter_mut().for_each(|group| group.sort_unstable());
        assert_eq!(found, [vec![3], vec![1, 2], vec![4], vec![0], vec![5]]);
        assert_eq!(group_of, [3, 1, 1, 0, 2, 4]);
    }
}
