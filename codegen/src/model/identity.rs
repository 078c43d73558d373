//! The structural identity of a schema: its own keywords, regardless of orders that have no meaning.

use super::{Contains, IfThenElse, Keywords, NodeId};
use crate::json::Json;

/// The keywords of a schema itself, without the schemas that it contains or refers to. Two shapes are equal regardless
/// of the order of an object's members, of the names in `required` and of the values in `enum`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Shape(Keywords);

impl Keywords {
    /// Returns the shape of the schema, and the schemas that it contains or refers to, in an order determined by the
    /// shape.
    pub(crate) fn shape(&self) -> (Shape, Vec<NodeId>) {
        let mut children = Vec::new();
        let own = self.sorted().map_ids(|id| {
            children.push(id);
            NodeId(0)
        });
        (Shape(own), children)
    }

    /// Returns the keywords with lists sorted where order has no meaning.
    pub(crate) fn sorted(&self) -> Keywords {
        let mut sorted = self.clone();
        for named in [&mut sorted.properties, &mut sorted.pattern_properties, &mut sorted.dependent_schemas] {
            named.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        sorted.required.sort_unstable();
        sorted.dependent_required.iter_mut().for_each(|(_, names)| names.sort_unstable());
        sorted.dependent_required.sort_unstable();
        sorted.const_value = sorted.const_value.map(Json::sorted);
        sorted.enum_values = sorted.enum_values.map(|values| {
            let mut values: Vec<Json> = values.into_iter().map(Json::sorted).collect();
            values.sort_by_cached_key(Json::to_string);
            values
        });
        sorted
    }

    /// Returns the keywords with all identifiers of subschemas and targets replaced.
    pub(crate) fn map_ids(&self, mut to: impl FnMut(NodeId) -> NodeId) -> Keywords {
        let mut keywords = self.clone();
        let lists = [&mut keywords.prefix_items, &mut keywords.property_names, &mut keywords.all_of, &mut keywords.not];
        lists.into_iter().flatten().for_each(|id| *id = to(*id));
        let named = [&mut keywords.properties, &mut keywords.pattern_properties, &mut keywords.dependent_schemas];
        named.into_iter().flatten().for_each(|(_, id)| *id = to(*id));
        keywords.any_of.iter_mut().chain(&mut keywords.one_of).flatten().for_each(|id| *id = to(*id));
        let single = [
            &mut keywords.reference,
            &mut keywords.items,
            &mut keywords.additional_properties,
            &mut keywords.unevaluated_items,
            &mut keywords.unevaluated_properties,
        ];
        single.into_iter().flatten().for_each(|id| *id = to(*id));
        if let Some((_, id)) = &mut keywords.dynamic {
            *id = to(*id);
        }
        for Contains { schema, .. } in &mut keywords.contains {
            *schema = to(*schema);
        }
        for IfThenElse { condition, then, otherwise } in &mut keywords.if_then_else {
            *condition = to(*condition);
            then.iter_mut().chain(otherwise).for_each(|id| *id = to(*id));
        }
        keywords
    }
}
