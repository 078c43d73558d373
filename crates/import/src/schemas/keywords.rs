//! The keywords that contain schemas, in any dialect.

/// The form of a keyword's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A schema.
    Schema,
    /// Schemas by name.
    Named,
    /// A list of schemas.
    List,
    /// A schema, or a list of them.
    SchemaOrList,
    /// A schema or a list of names for each name.
    Dependencies,
    /// No schema.
    Nothing,
}

/// The keywords whose value is a schema.
const SCHEMAS: [&str; 11] = [
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "not", "propertyNames",
    "then", "unevaluatedItems", "unevaluatedProperties",
];

/// Returns the form of a keyword's value.
pub(super) fn holds(keyword: &str) -> Holds {
    match keyword {
        keyword if SCHEMAS.contains(&keyword) => Holds::Schema,
        "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => Holds::Named,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "items" => Holds::SchemaOrList,
        "dependencies" => Holds::Dependencies,
        _ => Holds::Nothing,
    }
}
