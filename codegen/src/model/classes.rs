//! Which schemas say the same: classes of nodes that no look, however deep, tells apart.

use std::collections::HashMap;

use super::{Condition, Contains, Model, NodeId, Rules};

/// The class of every node. `label` is what a node says beyond its rules.
pub(crate) fn classify(model: &Model, label: impl Fn(NodeId) -> String) -> Vec<u32> {
    let count = model.nodes.len();
    let mut interned: HashMap<String, u32> = HashMap::new();
    let mut classes: Vec<u32> = (0..count)
        .map(|index| {
            let id = NodeId(index as u32);
            let own = model.rules(id).map_ids(|_| NodeId(0));
            let next = interned.len() as u32;
            *interned.entry(format!("{} {own:?}", label(id))).or_insert(next)
        })
        .collect();
    let below: Vec<Vec<u32>> = (0..count).map(|index| targets(model.rules(NodeId(index as u32)))).collect();
    let mut known = interned.len();
    loop {
        let mut interned: HashMap<(u32, Vec<u32>), u32> = HashMap::new();
        classes = (0..count)
            .map(|index| {
                let children = below[index].iter().map(|child| classes[*child as usize]).collect();
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

fn targets(rules: &Rules) -> Vec<u32> {
    let mut all = Vec::new();
    rules.map_ids(|id| {
        all.push(id.0);
        id
    });
    all
}

impl Rules {
    /// The same rules with other nodes in place of the children and targets.
    pub(crate) fn map_ids(&self, mut to: impl FnMut(NodeId) -> NodeId) -> Rules {
        let mut rules = self.clone();
        let lists = [&mut rules.prefix, &mut rules.names, &mut rules.all_of, &mut rules.not];
        lists.into_iter().flatten().for_each(|id| *id = to(*id));
        let named = [&mut rules.members, &mut rules.pattern_members, &mut rules.dependent_schemas];
        named.into_iter().flatten().for_each(|(_, id)| *id = to(*id));
        rules.any_of.iter_mut().chain(&mut rules.one_of).flatten().for_each(|id| *id = to(*id));
        let single = [
            &mut rules.reference,
            &mut rules.rest,
            &mut rules.additional,
            &mut rules.unevaluated_items,
            &mut rules.unevaluated_members,
        ];
        single.into_iter().flatten().for_each(|id| *id = to(*id));
        if let Some((_, id)) = &mut rules.dynamic {
            *id = to(*id);
        }
        for Contains { schema, .. } in &mut rules.contains {
            *schema = to(*schema);
        }
        for Condition { condition, then, otherwise } in &mut rules.conditions {
            *condition = to(*condition);
            then.iter_mut().chain(otherwise).for_each(|id| *id = to(*id));
        }
        rules
    }
}
