//! Which keywords hold schemas, in any dialect.

/// What a keyword holds.
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
    /// Schemas or lists of names, by name.
    Dependencies,
    /// No schema.
    Nothing,
}

/// What a keyword of JSON Schema holds.
pub(super) fn holds(keyword: &str) -> Holds {
    match keyword {
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Holds::Schema,
        "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => Holds::Named,
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Holds::List,
        "items" => Holds::SchemaOrList,
        "dependencies" => Holds::Dependencies,
        _ => Holds::Nothing,
    }
}
