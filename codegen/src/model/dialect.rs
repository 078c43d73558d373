//! The two dialects, and the keywords of each.

use crate::json::Json;

/// A dialect of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Draft-07.
    Draft7,
    /// Draft 2020-12.
    #[default]
    Draft202012,
}

impl Dialect {
    /// The dialect that a `$schema` names.
    pub(crate) fn named(uri: &str) -> Option<Dialect> {
        let uri = uri.trim_end_matches('#');
        match uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))? {
            "json-schema.org/draft-07/schema" => Some(Dialect::Draft7),
            "json-schema.org/draft/2020-12/schema" => Some(Dialect::Draft202012),
            _ => None,
        }
    }

    /// Whether a schema with `$ref` has other keywords beside it.
    pub(crate) fn reference_stands_alone(self, schema: &Json) -> bool {
        self == Dialect::Draft7 && schema.get("$ref").is_some()
    }

    pub(crate) fn role(self, keyword: &str) -> Role {
        use Role::{Annotation, Assertion, Unimplemented, Unknown};
        match keyword {
            "$id"
            | "$schema"
            | "$ref"
            | "definitions"
            | "type"
            | "const"
            | "enum"
            | "multipleOf"
            | "maximum"
            | "exclusiveMaximum"
            | "minimum"
            | "exclusiveMinimum"
            | "maxLength"
            | "minLength"
            | "pattern"
            | "items"
            | "maxItems"
            | "minItems"
            | "uniqueItems"
            | "contains"
            | "maxProperties"
            | "minProperties"
            | "required"
            | "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "if"
            | "then"
            | "else" => Assertion,
            // A container of schemas; harmless in draft-07, where some write it.
            "$defs" => Assertion,
            "title" | "description" | "default" | "examples" | "format" | "$comment" | "readOnly" | "writeOnly"
            | "contentMediaType" | "contentEncoding" | "contentSchema" | "deprecated" => Annotation,
            "additionalItems" | "dependencies" => self.only(Dialect::Draft7, Assertion),
            "$anchor"
            | "$dynamicRef"
            | "$dynamicAnchor"
            | "prefixItems"
            | "minContains"
            | "maxContains"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.only(Dialect::Draft202012, Assertion),
            "$vocabulary" => self.only(Dialect::Draft202012, Annotation),
            "$recursiveRef" | "$recursiveAnchor" => Unimplemented("it is of draft 2019-09: write $dynamicRef"),
            "id" => Unimplemented("it is of draft-04: write $id"),
            "nullable" => Unimplemented("it is of OpenAPI 3.0: write \"type\": [\"…\", \"null\"]"),
            "discriminator" => Unimplemented("it is of OpenAPI: write a const in each branch"),
            _ if keyword.starts_with("x-") => Annotation,
            _ => Unknown,
        }
    }

    fn only(self, dialect: Dialect, role: Role) -> Role {
        if self == dialect { role } else { Role::Foreign }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Dialect::Draft7 => "draft-07",
            Dialect::Draft202012 => "2020-12",
        }
    }
}

/// What a keyword does in a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It decides, or holds schemas.
    Assertion,
    /// It decides nothing.
    Annotation,
    /// It is a keyword of another dialect, which this one knows nothing of.
    Foreign,
    /// It is a keyword that the toolkit knows and does not implement; what to write instead.
    Unimplemented(&'static str),
    /// It is not a keyword.
    Unknown,
}
