//! Plans values of several types: `anyOf`, `oneOf`, and lists of types.

use webhook_runtime::__private::schema::Types;

use super::idents::possible_type;
use super::names::{Scope, pascal};
use super::pending::{NameHint, Origin};
use super::planner::Planner;
use super::types::{Arm, Docs, Kind, Reader, Ty, TypeId, Union, Use, Variant, Width};
use super::values::fits_signed;
use crate::json::{Json, JsonType};
use crate::model::{ALL, Keywords, NodeId, intersection, types_of};
use crate::normalize::Normalized;

impl Planner<'_> {
    /// Plans a schema with `anyOf` or `oneOf`.
    pub(super) fn combination(&mut self, normalized: Normalized, hint: &NameHint) -> Use {
        let keywords = self.schemas.keywords(normalized.node).clone();
        let base = Keywords { any_of: Vec::new(), one_of: Vec::new(), ..keywords.clone() };
        let types = base.types.unwrap_or(ALL);
        // Two groups, such as `allOf: [{anyOf}, {anyOf}]`, would need a type for each pair of branches.
        let mut groups = keywords.any_of.iter().chain(&keywords.one_of);
        let (Some(branches), None) = (groups.next(), groups.next()) else {
            return self.by_base(normalized, types, hint);
        };
        // If a constraint was lost in merging, the branches alone do not decide. Branches without types of their own become combinations
        // of the struct; see `combinations`.
        if !normalized.exact || branches.iter().all(|branch| self.only_constrains_presence(*branch)) {
            return self.by_base(normalized, types, hint);
        }
        // Keywords adjacent to the branches apply to each of them. Only `unevaluated*` keywords do not: they are
        // checked on the whole value.
        let buffered = base.unevaluated_properties.is_some() || base.unevaluated_items.is_some();
        let base = Keywords { unevaluated_properties: None, unevaluated_items: None, ..base };
        let adjacent = if base.is_empty() { None } else { Some(self.schemas.derive_annotated(normalized.node, base)) };
        let candidates: Vec<NodeId> = branches
            .iter()
            .map(|branch| adjacent.map_or(*branch, |adjacent| self.schemas.intersect(adjacent, *branch)))
            .collect();
        let value = self.union_of_branches(normalized, &candidates, !keywords.one_of.is_empty(), hint);
        match value {
            Use { ty: Ty::Named(id), reader: Reader::Plain }
                if buffered && self.pending[id.0].node == normalized.source =>
            {
                self.buffer(id, true, normalized);
                value
            }
            value if buffered => self.buffered(value, normalized),
            value => value,
        }
    }

    /// Plans a schema by the keywords adjacent to the combination. The combination is checked on the whole value.
    fn by_base(&mut self, normalized: Normalized, types: Types, hint: &NameHint) -> Use {
        if types == ALL {
            let keywords = self.schemas.keywords(normalized.node);
            if keywords.properties.is_empty() && keywords.required.is_empty() {
                return Use::any(normalized.source);
            }
        }
        self.by_types(normalized, types, hint)
    }

    /// Returns whether a branch only constrains which members are present, or their number. Such a branch has no type
    /// of its own.
    fn only_constrains_presence(&mut self, branch: NodeId) -> bool {
        let keywords = self.schemas.merged(branch);
        let rest = Keywords {
            types: None,
            required: Vec::new(),
            not: Vec::new(),
            dependent_required: Vec::new(),
            min_properties: None,
            max_properties: None,
            ..keywords.clone()
        };
        keywords.types.is_none_or(|types| types == Types::OBJECT) && rest.is_empty()
    }

    fn union_of_branches(&mut self, union: Normalized, branches: &[NodeId], one: bool, hint: &NameHint) -> Use {
        let node = union.source;
        let branches: Vec<Normalized> = branches.iter().map(|branch| self.schemas.normalize(*branch)).collect();
        let allowed: Vec<Types> = branches.iter().map(|branch| self.schemas.possible_types(branch.node)).collect();
        // A branch that allows every type also allows null, and only the whole schema decides whether null is valid.
        if allowed.contains(&ALL) {
            return Use::any(node);
        }
        let mut classes: Vec<(JsonType, Vec<Normalized>)> = Vec::new();
        for class in JsonType::ALL {
            let mut candidates = Vec::new();
            for (branch, allowed) in branches.iter().zip(&allowed) {
                let both = intersection(*allowed, types_of(class));
                if both == Types::default() {
                    continue;
                }
                candidates.push(match both == *allowed || *allowed == Types::INTEGER.or(Types::NUMBER) {
                    true => *branch,
                    false => {
                        let restricted = self.schemas.restrict_types(branch.source, both);
                        self.schemas.normalize(restricted)
                    }
                });
            }
            if !candidates.is_empty() {
                classes.push((class, candidates));
            }
        }
        let nulls = classes.iter().position(|(class, _)| *class == JsonType::Null).map(|at| classes.remove(at));
        // If null matches several branches of `oneOf`, or a branch with further keywords, only the whole schema decides
        // whether it is valid.
        let doubtful = nulls.as_ref().is_some_and(|(_, candidates)| {
            candidates.len() > 1 && one
                || candidates.iter().any(|candidate| {
                    self.constrained(*candidate)
                        && self.schemas.keywords(candidate.node).const_value != Some(Json::Null)
                })
        });
        if doubtful {
            return Use::any(node);
        }
        let value = match classes.as_slice() {
            // No branch accepts any value.
            [] if nulls.is_none() => return Use::any(node),
            [] => Use::plain(Ty::Null),
            [(class, candidates)] if candidates.len() == 1 || !matches!(class, JsonType::Array | JsonType::Object) => {
                self.one_class(node, *class, candidates, hint)
            }
            _ => {
                let id = self.pending_type(hint, node, |planner, id| {
                    planner.deeper(|planner| planner.union(id, union, classes))
                });
                Use::plain(Ty::Named(id))
            }
        };
        if nulls.is_some() { value.nullable() } else { value }
    }

    /// Plans the instances of one JSON type if no choice between named types is needed.
    fn one_class(&mut self, node: NodeId, class: JsonType, candidates: &[Normalized], hint: &NameHint) -> Use {
        if let [candidate] = candidates {
            return self.use_of_same(candidate.source, hint);
        }
        // With `oneOf`, a listed string that an open branch accepts too is invalid, so the strings do not form an enum.
        let one = !self.schemas.merged(node).one_of.is_empty();
        if class == JsonType::String
            && !one
            && let Some(texts) = self.open_names(candidates)
        {
            return self.string_enum(node, &texts, true, hint);
        }
        match class {
            JsonType::Boolean => Use { ty: Ty::Boolean, reader: Reader::Boolean(node) },
            JsonType::Number => {
                // A type for all branches must hold the integers of each. `u64` could not hold negative ones.
                let is_integer = |candidate: &Normalized| {
                    let keywords = self.schemas.keywords(candidate.node);
                    !keywords.possible_types().contains(Types::NUMBER) && fits_signed(keywords)
                };
                match candidates.iter().all(is_integer) {
                    true => Use { ty: Ty::Integer(Width::I64), reader: Reader::Integer(node) },
                    false => Use { ty: Ty::Number, reader: Reader::Number(node) },
                }
            }
            JsonType::String => {
                let date_time = |candidate: &Normalized| {
                    let annotations = &self.schemas.node(candidate.node).annotations;
                    annotations.timestamp
                        || matches!(annotations.format.as_deref(), Some("date-time" | "date-time-local"))
                };
                let ty = if candidates.iter().all(date_time) { Ty::Timestamp } else { Ty::String };
                Use { ty, reader: Reader::Text(node) }
            }
            JsonType::Null | JsonType::Array | JsonType::Object => Use::any(node),
        }
    }

    /// Returns the listed strings if another branch allows any other string.
    fn open_names(&self, candidates: &[Normalized]) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        let mut open = false;
        for candidate in candidates {
            let keywords = self.schemas.keywords(candidate.node);
            let rest = Keywords { types: None, const_value: None, enum_values: None, ..keywords.clone() };
            if !rest.is_empty() || !candidate.exact {
                return None;
            }
            match (&keywords.const_value, &keywords.enum_values) {
                (Some(value), None) => texts.push(value.as_str()?.to_owned()),
                (None, Some(values)) => texts.extend(values.iter().filter_map(Json::as_str).map(str::to_owned)),
                (None, None) => open = true,
                (Some(_), Some(_)) => return None,
            }
        }
        (open && !texts.is_empty()).then_some(texts)
    }

    fn union(&mut self, id: TypeId, union: Normalized, classes: Vec<(JsonType, Vec<Normalized>)>) -> Kind {
        let mut builder = UnionBuilder::new(id);
        for (class, candidates) in classes {
            let choice = candidates.len() > 1 && matches!(class, JsonType::Array | JsonType::Object);
            if !choice {
                let hint = builder.hint(self.branch_name(&candidates[0], union, class.name()));
                let value = self.one_class(union.source, class, &candidates, &hint);
                let docs = self.docs(candidates[0].source);
                let variant = builder.variant(self, class, value, docs, None);
                builder.arms.push((class, Arm::One(variant)));
                continue;
            }
            // A member with strings of its own in each branch is preferred, because it is found without knowledge of other members.
            let tags = self.tags(&candidates);
            let telling = if class == JsonType::Object { self.telling_members(&candidates) } else { None };
            let mut choices = Vec::new();
            for candidate in &candidates {
                let name = self.tag(candidate, &candidates);
                let name = name.or_else(|| self.own_member(candidate, union, &candidates));
                let hint = builder.hint(self.branch_name(candidate, union, name.as_deref().unwrap_or(class.name())));
                let value = self.use_of_same(candidate.source, &hint);
                let docs = self.docs(candidate.source);
                choices.push((candidate.source, builder.variant(self, class, value, docs, name)));
            }
            let arm = match (tags, telling) {
                (Some((tag, values)), _) => {
                    let variants = choices.into_iter().map(|(_, variant)| variant);
                    Arm::Tagged(tag, values.into_iter().zip(variants).collect())
                }
                (None, Some((members, last))) => {
                    let variant = |place: usize| choices[place].1;
                    let members = members.into_iter().map(|(name, place)| (name, variant(place))).collect();
                    Arm::Present(members, variant(last))
                }
                (None, None) => {
                    self.note_buffered(union);
                    Arm::Choice(choices)
                }
            };
            builder.arms.push((class, arm));
        }
        builder.finish()
    }

    /// Plans a schema with a list of types.
    pub(super) fn union_of_types(&mut self, union: Normalized, types: Types, hint: &NameHint) -> Use {
        let mut classes = Vec::new();
        for class in JsonType::ALL {
            let both = intersection(types, types_of(class));
            if both != Types::default() {
                classes.push((class, vec![self.narrowed(union, both)]));
            }
        }
        let kind = |planner: &mut Self, id| planner.deeper(|planner| planner.union(id, union, classes));
        let id = self.pending_type(hint, union.source, kind);
        Use::plain(Ty::Named(id))
    }

    /// Plans a schema without `type` that has keywords for objects or arrays: objects or arrays get a type, and other
    /// values are kept as received.
    pub(super) fn union_with_rest(&mut self, normalized: Normalized, named: Types, hint: &NameHint) -> Use {
        let node = normalized.source;
        let narrowed = self.narrowed(normalized, named);
        let constrained = {
            let keywords = self.schemas.keywords(normalized.node);
            !normalized.exact || keywords.combines() || keywords != &without_structure(keywords)
        };
        let id = self.pending_type(hint, node, |planner, id| {
            let mut builder = UnionBuilder::new(id);
            let class = if named == Types::OBJECT { JsonType::Object } else { JsonType::Array };
            let hint = builder.hint(pascal(class.name()));
            let value = planner.deeper(|planner| planner.of_type(narrowed, named, &hint));
            let docs = planner.docs(node);
            let first = builder.variant(planner, class, value, docs, Some(class.name().to_owned()));
            let reader = if constrained { Reader::Any(node) } else { Reader::Plain };
            let rest = Use { ty: Ty::Value, reader };
            let text =
                format!("A value that is not {}.", if named == Types::OBJECT { "an object" } else { "an array" });
            let docs = Docs { text, deprecated: false };
            let other = builder.variant(planner, class, rest, docs, Some("Other".to_owned()));
            for kind in JsonType::ALL {
                builder.arms.push((kind, Arm::One(if kind == class { first } else { other })));
            }
            builder.finish()
        });
        Use::plain(Ty::Named(id))
    }

    /// Returns the name of an inline branch: its title, or `otherwise` if it has no title or the same title as the
    /// union.
    pub(super) fn branch_name(&self, candidate: &Normalized, union: Normalized, otherwise: &str) -> String {
        let title = |id: NodeId| self.schemas.node(id).annotations.title.as_deref();
        let own = title(candidate.source).filter(|own| title(union.node) != Some(own));
        pascal(own.unwrap_or(otherwise))
    }

    /// Returns the member that distinguishes all branches, and its strings in each branch. Every branch requires the
    /// member, and no two branches share a string.
    pub(super) fn tags(&mut self, candidates: &[Normalized]) -> Option<(String, Vec<Vec<String>>)> {
        let keywords: Vec<Keywords> =
            candidates.iter().map(|candidate| self.schemas.keywords(candidate.node).clone()).collect();
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

    /// Returns members whose presence identifies a branch, each with the index of the branch, and the index of the
    /// branch for objects without any of these members.
    ///
    /// A branch is identified by a member that it requires and that all remaining branches forbid. An object with the
    /// member matches no remaining branch, and an object without it does not match this branch. So the schema of the
    /// chosen branch alone decides whether the object is valid.
    fn telling_members(&self, candidates: &[Normalized]) -> Option<(Vec<(String, usize)>, usize)> {
        let keywords = |place: usize| self.schemas.keywords(candidates[place].node);
        let forbids = |place: usize, name: &String| {
            let keywords = keywords(place);
            let is_false = |node: NodeId| self.schemas.keywords(node).is_false;
            match keywords.property(name) {
                Some(schema) => is_false(schema),
                None => keywords.pattern_properties.is_empty() && keywords.additional_properties.is_some_and(is_false),
            }
        };
        let mut left: Vec<usize> = (0..candidates.len()).collect();
        let mut telling = Vec::new();
        while left.len() > 1 {
            let (at, name) = left.iter().enumerate().find_map(|(at, place)| {
                let others = left.iter().filter(|other| *other != place);
                let tells = |name: &&String| others.clone().all(|other| forbids(*other, name));
                keywords(*place).required.iter().find(tells).map(|name| (at, name.clone()))
            })?;
            telling.push((name, left.remove(at)));
        }
        Some((telling, left[0]))
    }

    /// Returns the strings that a member allows, if it allows strings only.
    fn strings(&mut self, keywords: &Keywords, name: &str) -> Option<Vec<String>> {
        let values = self.schemas.merged(keywords.property(name)?).possible_values()?;
        let strings: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        strings.filter(|strings| !strings.is_empty())
    }

    /// Returns a name from a constant of a branch: another branch has the same member with another constant, and no
    /// branch has the same constant.
    pub(super) fn tag(&mut self, candidate: &Normalized, all: &[Normalized]) -> Option<String> {
        let constants = |planner: &mut Self, candidate: &Normalized| -> Vec<(String, String)> {
            let keywords = planner.schemas.keywords(candidate.node).clone();
            let constant =
                |(name, schema): &(String, NodeId)| match planner.schemas.merged(*schema).possible_values()?.as_slice()
                {
                    [only] => Some((name.clone(), only.as_str()?.to_owned())),
                    _ => None,
                };
            keywords.properties.iter().filter_map(constant).collect()
        };
        let own = constants(self, candidate);
        let others: Vec<_> =
            all.iter().filter(|other| other.source != candidate.source).map(|other| constants(self, other)).collect();
        let differs = |name: &str, value: &str| {
            let mut theirs = others.iter().flatten().filter(|(known, _)| known == name).map(|(_, theirs)| theirs);
            others.iter().flatten().any(|(known, _)| known == name) && theirs.all(|theirs| theirs != value)
        };
        own.iter().find(|(name, value)| differs(name, value)).map(|(_, value)| pascal(value))
    }

    /// Returns a name from the first member that only this branch requires, if the branch has no other name.
    pub(super) fn own_member(&self, candidate: &Normalized, union: Normalized, all: &[Normalized]) -> Option<String> {
        let node = self.schemas.node(candidate.source);
        if node.keywords.reference.is_some() || self.branch_name(candidate, union, "") != pascal("") {
            return None;
        }
        let required = |candidate: &Normalized| &self.schemas.keywords(candidate.node).required;
        let others = || all.iter().filter(|other| other.source != candidate.source);
        let own = required(candidate).iter().find(|name| !others().any(|other| required(other).contains(name)));
        own.map(|name| pascal(name))
    }
}

/// Reduces keywords to those that apply to members of objects and items of arrays.
fn without_structure(keywords: &Keywords) -> Keywords {
    Keywords {
        properties: keywords.properties.clone(),
        pattern_properties: keywords.pattern_properties.clone(),
        additional_properties: keywords.additional_properties,
        required: keywords.required.clone(),
        prefix_items: keywords.prefix_items.clone(),
        items: keywords.items,
        ..Keywords::default()
    }
}

/// A union under construction.
pub(super) struct UnionBuilder {
    id: TypeId,
    scope: Scope,
    variants: Vec<Variant>,
    /// The arm of each JSON type.
    pub(super) arms: Vec<(JsonType, Arm)>,
}

impl UnionBuilder {
    pub(super) fn new(id: TypeId) -> UnionBuilder {
        UnionBuilder { id, scope: Scope::default(), variants: Vec::new(), arms: Vec::new() }
    }

    pub(super) fn hint(&self, base: String) -> NameHint {
        NameHint { origin: Origin::Inline, base, parent: Some(self.id) }
    }

    pub(super) fn variant(
        &mut self,
        planner: &Planner<'_>,
        class: JsonType,
        value: Use,
        docs: Docs,
        name: Option<String>,
    ) -> usize {
        let name = name.unwrap_or_else(|| match &value.ty {
            Ty::Named(id) => {
                let base = &planner.pending[id.0].base;
                let own = &planner.pending[self.id.0].base;
                // The union's own name as a prefix or suffix is redundant.
                let short = base.strip_prefix(own).or_else(|| base.strip_suffix(own)).filter(|short| !short.is_empty());
                short.unwrap_or(base).to_owned()
            }
            Ty::Integer(_) => "Integer".to_owned(),
            Ty::Timestamp => "Timestamp".to_owned(),
            _ => class.name().to_owned(),
        });
        let name = self.scope.take(&possible_type(&pascal(&name)), "");
        self.variants.push(Variant { name, value, boxed: false, docs });
        self.variants.len() - 1
    }

    pub(super) fn finish(self) -> Kind {
        Kind::Union(Union { variants: self.variants, default: 0, arms: self.arms })
    }
}
