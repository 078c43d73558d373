//! Which schemas are equivalent: classes of nodes that are structurally equal at any depth.

use std::collections::HashMap;

use super::{Condition, Contains, Keywords, Model, NodeId};
use crate::json::Json;

/// The class of every node. `label` holds a node's annotations.
pub(crate) fn classify(model: &Model, label: impl Fn(NodeId) -> String) -> Vec<u32> {
    let count = model.nodes.len();
    let mut interned: HashMap<String, u32> = HashMap::new();
    let mut below: Vec<Vec<NodeId>> = Vec::with_capacity(count);
    let mut classes: Vec<u32> = (0..count)
        .map(|index| {
            let id = NodeId(index as u32);
            let (own, children) = model.keywords(id).identity();
            below.push(children);
            let next = interned.len() as u32;
            *interned.entry(format!("{} {own}", label(id))).or_insert(next)
        })
        .collect();
    let mut known = interned.len();
    loop {
        let mut interned: HashMap<(u32, Vec<u32>), u32> = HashMap::new();
        classes = (0..count)
            .map(|index| {
                let children = below[index].iter().map(|child| classes[child.0 as usize]).collect();
                let next = interned.len() as u32;
                *interned.entry((classes[index], children)).or_insert(next)
            })
            .collect();
        // A step never joins classes, so an equal number means equal classes.
        if interned.len() == known {
            return classes;
        }
        known = interned.len();
    }
}

impl Keywords {
    /// The keywords of the schema itself, and the schemas that it has or refers to: two schemas are the same when both
    /// are. The
    /// order of an object's members, and that of `required` and `enum`, makes no difference.
    pub(crate) fn identity(&self) -> (String, Vec<NodeId>) {
        let mut sorted = self.clone();
        for named in [&mut sorted.properties, &mut sorted.pattern_properties, &mut sorted.dependent_schemas] {
            named.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        sorted.required.sort_unstable();
        sorted.dependent_required.iter_mut().for_each(|(_, names)| names.sort_unstable());
        sorted.dependent_required.sort_unstable();
        sorted.const_value = sorted.const_value.map(Json::sorted);
        sorted.enum_values = sorted.enum_values.map(|choices| {
            let mut choices: Vec<Json> = choices.into_iter().map(Json::sorted).collect();
            choices.sort_by_cached_key(Json::to_string);
            choices
        });
        let mut children = Vec::new();
        let own = sorted.map_ids(|id| {
            children.push(id);
            NodeId(0)
        });
        (format!("{own:?}"), children)
    }

    /// The same rules with other nodes in place of the children and targets.
    pub(crate) fn map_ids(&self, mut to: impl FnMut(NodeId) -> NodeId) -> Keywords {
        let mut rules = self.clone();
        let lists = [&mut rules.prefix_items, &mut rules.property_names, &mut rules.all_of, &mut rules.not];
        lists.into_iter().flatten().for_each(|id| *id = to(*id));
        let named = [&mut rules.properties, &mut rules.pattern_properties, &mut rules.dependent_schemas];
        named.into_iter().flatten().for_each(|(_, id)| *id = to(*id));
        rules.any_of.iter_mut().chain(&mut rules.one_of).flatten().for_each(|id| *id = to(*id));
        let single = [
            &mut rules.reference,
            &mut rules.items,
            &mut rules.additional_properties,
            &mut rules.unevaluated_items,
            &mut rules.unevaluated_properties,
        ];
        single.into_iter().flatten().for_each(|id| *id = to(*id));
        if let Some((_, id)) = &mut rules.dynamic {
            *id = to(*id);
        }
        for Contains { schema, .. } in &mut rules.contains {
            *schema = to(*schema);
        }
        for Condition { condition, then, otherwise } in &mut rules.if_then_else {
            *condition = to(*condition);
            then.iter_mut().chain(otherwise).for_each(|id| *id = to(*id));
        }
        rules
    }
}
