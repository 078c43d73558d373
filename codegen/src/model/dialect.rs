//! The dialects of JSON Schema, and their keywords.

use std::ops::RangeInclusive;

use crate::json::Json;
use crate::text::nearest;

/// A dialect of JSON Schema. Dialects are ordered by release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Dialect {
    /// Draft-04.
    Draft4,
    /// Draft-06.
    Draft6,
    /// Draft-07.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12.
    #[default]
    Draft202012,
    /// The upcoming stable version, `https://json-schema.org/v1`, as defined by its official test suite.
    V1,
}

impl Dialect {
    /// Returns the dialect that a `$schema` identifies.
    pub fn named(uri: &str) -> Option<Dialect> {
        // Both schemes are accepted, with or without an empty fragment.
        fn key(uri: &str) -> Option<&str> {
            let uri = uri.trim_end_matches('#');
            uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"))
        }
        let named = key(uri)?;
        Dialect::ALL.into_iter().find(|dialect| key(dialect.uri()) == Some(named))
    }

    /// All dialects, ordered by release.
    pub(crate) const ALL: [Dialect; 6] =
        [Dialect::Draft4, Dialect::Draft6, Dialect::Draft7, Dialect::Draft201909, Dialect::Draft202012, Dialect::V1];

    /// Returns the URI that identifies the dialect in `$schema`.
    pub fn uri(self) -> &'static str {
        match self {
            Dialect::Draft4 => "http://json-schema.org/draft-04/schema#",
            Dialect::Draft6 => "http://json-schema.org/draft-06/schema#",
            Dialect::Draft7 => "http://json-schema.org/draft-07/schema#",
            Dialect::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
            Dialect::Draft202012 => "https://json-schema.org/draft/2020-12/schema",
            Dialect::V1 => "https://json-schema.org/v1",
        }
    }

    /// Adds this dialect to a schema that does not declare one.
    pub fn declare(self, schema: Json) -> Json {
        match schema {
            Json::Object(mut members) if !members.iter().any(|(name, _)| name == "$schema") => {
                members.insert(0, ("$schema".to_owned(), Json::String(self.uri().to_owned())));
                Json::Object(members)
            }
            schema => schema,
        }
    }

    /// Returns the dialect that a schema declares, if it is implemented.
    pub(crate) fn declared(schema: &Json) -> Option<Dialect> {
        schema.get("$schema").and_then(Json::as_str).and_then(Dialect::named)
    }

    /// Returns the keyword that contains definitions.
    pub(crate) fn definitions_keyword(self) -> &'static str {
        if self <= Dialect::Draft7 { "definitions" } else { "$defs" }
    }

    /// Returns whether all keywords of a schema except `$ref` are ignored.
    pub(crate) fn reference_stands_alone(self, schema: &Json) -> bool {
        self <= Dialect::Draft7 && schema.get("$ref").is_some()
    }

    /// Returns the keyword that identifies a schema.
    pub(crate) fn id_keyword(self) -> &'static str {
        if self == Dialect::Draft4 { "id" } else { "$id" }
    }

    /// Returns whether an identifier that is only a fragment is an anchor.
    pub(crate) fn has_anchors_in_ids(self) -> bool {
        self <= Dialect::Draft7
    }

    /// Returns whether `items` may be an array of schemas, with `additionalItems` for further items.
    pub(crate) fn has_arrays_of_items(self) -> bool {
        self <= Dialect::Draft201909
    }

    /// Returns whether `exclusiveMinimum` and `exclusiveMaximum` are booleans that modify `minimum` and `maximum`.
    pub(crate) fn has_boolean_exclusive_bounds(self) -> bool {
        self == Dialect::Draft4
    }

    /// Returns whether an item that matches `contains` counts as evaluated.
    pub(crate) fn contains_evaluates(self) -> bool {
        self >= Dialect::Draft202012
    }

    /// Returns whether `$dynamicRef` can only name an anchor of the dynamic scope, and `$ref` cannot refer to a
    /// `$dynamicAnchor`.
    pub(crate) fn separates_dynamic_anchors(self) -> bool {
        self >= Dialect::V1
    }

    /// Returns whether a keyword belongs to the dialect, or is a custom annotation that begins with `x-`.
    pub fn knows(self, keyword: &str) -> bool {
        matches!(self.role(keyword), Role::Assertion | Role::Annotation)
    }

    /// Returns whether the dialect has a keyword that affects validity.
    pub(crate) fn has(self, keyword: &str) -> bool {
        self.role(keyword) == Role::Assertion
    }

    /// Returns the role of a keyword.
    pub(crate) fn role(self, keyword: &str) -> Role {
        let known = KEYWORDS.iter().find(|(_, _, names)| names.contains(&keyword));
        match known {
            Some((role, dialects, _)) if dialects.contains(&self) => return *role,
            _ if keyword.starts_with("x-") => return Role::Annotation,
            _ => {}
        }
        Role::Unimplemented(match keyword {
            "$recursiveRef" | "$recursiveAnchor" => "it is of draft 2019-09: write $dynamicRef",
            "id" => "it is of draft-04: write $id",
            "nullable" => "it is of OpenAPI 3.0: write \"type\": [\"…\", \"null\"]",
            "discriminator" => "it is of OpenAPI: write a const in each branch",
            _ if known.is_some() => return Role::Foreign,
            _ => return Role::Unknown,
        })
    }

    /// Returns the keyword of the dialect that is most similar to an unknown keyword.
    pub(crate) fn nearest(self, keyword: &str) -> Option<&'static str> {
        let known = KEYWORDS.iter().filter(|(_, dialects, _)| dialects.contains(&self));
        nearest(keyword, known.flat_map(|(_, _, names)| names.iter().copied()))
    }

    /// Returns the name of the dialect in messages and in `provider.toml`, such as `draft-07` or `2020-12`.
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Draft4 => "draft-04",
            Dialect::Draft6 => "draft-06",
            Dialect::Draft7 => "draft-07",
            Dialect::Draft201909 => "2019-09",
            Dialect::Draft202012 => "2020-12",
            Dialect::V1 => "v1",
        }
    }
}

/// The keywords, with their role and the dialects that have them.
const KEYWORDS: [(Role, RangeInclusive<Dialect>, &[&str]); 11] = [
    (Role::Assertion, Dialect::Draft4..=Dialect::Draft4, &["id"]),
    (Role::Assertion, Dialect::Draft4..=Dialect::Draft7, &["dependencies"]),
    (Role::Assertion, Dialect::Draft4..=Dialect::Draft201909, &["additionalItems"]),
    // `$defs` is a container of schemas, which is harmless in older dialects. Some authors use it there.
    (
        Role::Assertion,
        Dialect::Draft4..=Dialect::V1,
        &[
            "$defs", "$ref", "$schema", "additionalProperties", "allOf", "anyOf", "definitions", "enum",
            "exclusiveMaximum", "exclusiveMinimum", "items", "maxItems", "maxLength", "maxProperties", "maximum",
            "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern",
            "patternProperties", "properties", "required", "type", "uniqueItems",
        ],
    ),
    (Role::Assertion, Dialect::Draft6..=Dialect::V1, &["$id", "const", "contains", "propertyNames"]),
    (Role::Assertion, Dialect::Draft7..=Dialect::V1, &["else", "if", "then"]),
    (Role::Assertion, Dialect::Draft201909..=Dialect::Draft201909, &["$recursiveAnchor", "$recursiveRef"]),
    (
        Role::Assertion,
        Dialect::Draft201909..=Dialect::V1,
        &[
            "$anchor", "dependentRequired", "dependentSchemas", "maxContains", "minContains", "unevaluatedItems",
            "unevaluatedProperties",
        ],
    ),
    (Role::Assertion, Dialect::Draft202012..=Dialect::V1, &["$dynamicAnchor", "$dynamicRef", "prefixItems"]),
    (Role::Annotation, Dialect::Draft201909..=Dialect::V1, &["$vocabulary"]),
    (
        Role::Annotation,
        Dialect::Draft4..=Dialect::V1,
        &[
            "$comment", "contentEncoding", "contentMediaType", "contentSchema", "default", "deprecated", "description",
            "examples", "format", "readOnly", "title", "writeOnly",
        ],
    ),
];

/// The role of a keyword in a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The keyword affects validity, or contains schemas.
    Assertion,
    /// The keyword does not affect validity.
    Annotation,
    /// The keyword belongs to another dialect and has no meaning in this one.
    Foreign,
    /// The keyword is known but not implemented. The text says what to write instead.
    Unimplemented(&'static str),
    /// The keyword is unknown.
    Unknown,
}
