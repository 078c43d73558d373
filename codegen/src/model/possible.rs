//! Determines the JSON types and values that a schema allows, from its own keywords only.

use webhook_runtime::__private::schema::Types;

use super::Keywords;
use crate::json::{Json, JsonType};

/// All types.
pub(crate) const ALL: Types =
    Types(Types::NULL.0 | Types::BOOLEAN.0 | Types::NUMBER.0 | Types::STRING.0 | Types::ARRAY.0 | Types::OBJECT.0);

/// Returns the types that are in both sets. An integer is a number.
pub(crate) fn intersection(a: Types, b: Types) -> Types {
    let numeric = Types::INTEGER.or(Types::NUMBER);
    let mut both = Types(a.0 & b.0 & !numeric.0);
    let has = |types: Types| types.0 & numeric.0 != 0;
    if a.contains(Types::NUMBER) && b.contains(Types::NUMBER) {
        both = both.or(Types::NUMBER);
    } else if has(a) && has(b) {
        both = both.or(Types::INTEGER);
    }
    both
}

/// Returns the names of the types. `integer` is left out next to `number`.
pub(crate) fn type_names(types: Types) -> Vec<&'static str> {
    let types = if types.contains(Types::NUMBER) { Types(types.0 & !Types::INTEGER.0) } else { types };
    types.names().collect()
}

/// Returns the type of a value. Every number has the type `number`.
pub(crate) fn type_of(value: &Json) -> Types {
    types_of(value.kind())
}

/// Returns a type as a set. Every number has the type `number`.
pub(crate) fn types_of(of: JsonType) -> Types {
    match of {
        JsonType::Null => Types::NULL,
        JsonType::Boolean => Types::BOOLEAN,
        JsonType::Number => Types::NUMBER,
        JsonType::String => Types::STRING,
        JsonType::Array => Types::ARRAY,
        JsonType::Object => Types::OBJECT,
    }
}

impl Keywords {
    /// Returns the types that the schema's own keywords allow.
    pub(crate) fn possible_types(&self) -> Types {
        let mut types = self.types.unwrap_or(ALL);
        if let Some(value) = &self.const_value {
            types = intersection(types, type_of(value));
        }
        if let Some(values) = &self.enum_values {
            types = intersection(types, values.iter().fold(Types::default(), |all, value| all.or(type_of(value))));
        }
        if self.is_false { Types::default() } else { types }
    }

    /// Returns the values that the schema lists.
    pub(crate) fn possible_values(&self) -> Option<Vec<Json>> {
        match (&self.const_value, &self.enum_values) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(values)) => Some(values.clone()),
            (None, None) => None,
        }
    }
}
