//! Converts Schema Objects of Swagger 2.0 and OpenAPI 3.0 to schemas of 2020-12 that accept the same values.

use webhook_codegen::json::Json;

use super::{At, Language, Schemas};

/// Annotations that an object may have next to a reference. They do not affect validity.
const BESIDE: [&str; 5] = ["title", "description", "deprecated", "readOnly", "writeOnly"];

/// Annotations of OpenAPI that are not keywords of JSON Schema.
const ANNOTATIONS: [&str; 3] = ["discriminator", "xml", "externalDocs"];

/// Keywords that mean the same in OpenAPI and JSON Schema.
const SAME: [&str; 22] = [
    "title", "description", "default", "format", "deprecated", "readOnly", "writeOnly", "multipleOf", "maximum",
    "minimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "enum", "type", "examples",
];

/// Keywords of OpenAPI 3.0 that Swagger 2.0 does not have.
const NOT_IN_SWAGGER: [&str; 6] = ["nullable", "oneOf", "anyOf", "not", "deprecated", "writeOnly"];

/// Returns the version of OpenAPI that a schema is written in, for people.
fn version(at: &At) -> &'static str {
    if at.language == Language::Swagger20 { "Swagger 2.0" } else { "OpenAPI 3.0" }
}

impl Schemas<'_> {
    /// Converts a Schema Object, or a reference to one.
    pub(super) fn schema_object(&mut self, json: &Json, at: &At) -> Json {
        let Json::Object(members) = json else { return json.clone() };
        let is_swagger = at.language == Language::Swagger20;
        let is = |keyword: &str| json.get(keyword) == Some(&Json::Boolean(true));
        // `x-nullable` makes null valid whatever else the schema says, unlike `nullable`, which only adds to `type`.
        if is_swagger && is("x-nullable") && !is_nullable_by_type(json) {
            let rest = members.iter().filter(|(name, _)| name != "x-nullable").cloned().collect();
            return or_null(self.schema_object(&Json::Object(rest), at));
        }
        if let Some(Json::String(reference)) = json.get("$ref") {
            return self.reference_object(reference, members, at);
        }
        let is_nullable = is(if is_swagger { "x-nullable" } else { "nullable" });
        if is_nullable && !is_swagger {
            self.check_nullable(json, at);
        }
        let mut out: Vec<(String, Json)> = Vec::new();
        for (keyword, value) in members {
            let mut add = |name: &str, value: Json| out.push((name.to_owned(), value));
            match (keyword.as_str(), value) {
                (name, _) if is_swagger && NOT_IN_SWAGGER.contains(&name) => {
                    self.renamed(keyword, value, at, &mut out);
                }
                ("nullable", Json::Boolean(_)) => {}
                ("x-nullable", Json::Boolean(_)) if is_swagger => {}
                ("type", Json::String(_)) if is_nullable => {
                    add("type", Json::Array(vec![value.clone(), Json::String("null".to_owned())]));
                }
                ("maximum", Json::Number(_)) if is("exclusiveMaximum") => add("exclusiveMaximum", value.clone()),
                ("minimum", Json::Number(_)) if is("exclusiveMinimum") => add("exclusiveMinimum", value.clone()),
                // The boolean form has no effect without `maximum` or `minimum`, which is converted together with it.
                ("exclusiveMaximum" | "exclusiveMinimum", Json::Boolean(_)) => {}
                // Before 3.1, OpenAPI has no list of examples. A document that has one anyway keeps it.
                ("example", _) => match json.get("examples") {
                    None => add("examples", Json::Array(vec![value.clone()])),
                    Some(_) => self.notes.add(self.shown(at, keyword), "`examples` next to it is kept instead"),
                },
                ("examples", _) if value.as_array().is_none() => self.renamed(keyword, value, at, &mut out),
                ("not" | "additionalProperties" | "items", Json::Object(_)) => {
                    add(keyword, self.schema_object(value, &at.below(&[keyword])));
                }
                ("additionalProperties", Json::Boolean(_)) => add(keyword, value.clone()),
                ("properties", Json::Object(members)) => {
                    let member = |(name, value): &(String, Json)| {
                        let below = at.below(&[keyword, name]);
                        (name.clone(), self.schema_object(value, &below))
                    };
                    add(keyword, Json::Object(members.iter().map(member).collect()));
                }
                ("allOf" | "anyOf" | "oneOf", Json::Array(items)) => {
                    let item = |(index, item): (usize, &Json)| {
                        self.schema_object(item, &at.below(&[keyword, &index.to_string()]))
                    };
                    add(keyword, Json::Array(items.iter().enumerate().map(item).collect()));
                }
                (name, _) if SAME.contains(&name) || name.starts_with("x-") => add(name, value.clone()),
                (name, _) if ANNOTATIONS.contains(&name) => {
                    self.annotations.insert(name.to_owned());
                    add(name, value.clone());
                }
                _ => self.renamed(keyword, value, at, &mut out),
            }
        }
        self.check_read_only(json, at);
        Json::Object(out)
    }

    /// Keeps a member that is not a keyword of the document's version of OpenAPI, under a name that is not a keyword of
    /// JSON Schema.
    fn renamed(&mut self, keyword: &str, value: &Json, at: &At, out: &mut Vec<(String, Json)>) {
        let text = format!(
            "`{keyword}` is not a keyword of {} and does not affect validity; it is kept as `x-{keyword}`",
            version(at)
        );
        self.notes.add(self.shown(at, keyword), text);
        out.push((format!("x-{keyword}"), value.clone()));
    }

    /// Converts a Reference Object. Annotations next to the reference are kept; OpenAPI ignores everything else there.
    fn reference_object(&mut self, reference: &str, members: &[(String, Json)], at: &At) -> Json {
        let mut out = vec![("$ref".to_owned(), Json::String(self.reference(reference, at)))];
        for (keyword, value) in members.iter().filter(|(keyword, _)| keyword != "$ref") {
            if BESIDE.contains(&keyword.as_str()) || keyword.starts_with("x-") {
                out.push((keyword.clone(), value.clone()));
            } else {
                let text = format!("`{keyword}` next to a `$ref` is ignored by {}, and left out", version(at));
                self.notes.add(self.shown(at, keyword), text);
            }
        }
        Json::Object(out)
    }

    /// Notes a `nullable` that does not make null valid.
    fn check_nullable(&mut self, json: &Json, at: &At) {
        let has_null = |values: &Json| values.as_array().is_some_and(|values| values.contains(&Json::Null));
        if json.get("type").is_none() {
            let text = "`nullable` without `type` next to it changes nothing, and is left out";
            self.notes.add(self.shown(at, "nullable"), text);
        } else if json.get("enum").is_some_and(|values| !has_null(values)) {
            let text = "`nullable` does not make null valid here, because `enum` does not list it";
            self.notes.add(self.shown(at, "nullable"), text);
        }
    }

    /// Notes members that are required although requests need not have them.
    fn check_read_only(&mut self, json: &Json, at: &At) {
        let required = json.get("required").and_then(Json::as_array).unwrap_or_default();
        for name in required.iter().filter_map(Json::as_str) {
            let member = json.get("properties").and_then(|members| members.get(name));
            if member.and_then(|member| member.get("readOnly")) == Some(&Json::Boolean(true)) {
                let shown = self.shown(&at.below(&["properties"]), name);
                self.notes.add(shown, "`readOnly` and required: by OpenAPI a request may lack it; here it is required");
            }
        }
    }
}

/// Returns whether adding null to `type` makes null valid.
fn is_nullable_by_type(json: &Json) -> bool {
    let has_null = |values: &Json| values.as_array().is_some_and(|values| values.contains(&Json::Null));
    let is_type = json.get("type").is_some_and(|kind| kind.as_str().is_some());
    is_type && ["$ref", "allOf"].iter().all(|name| json.get(name).is_none()) && json.get("enum").is_none_or(has_null)
}

/// Returns a schema that also accepts null. The annotations stay outside of the choice.
fn or_null(schema: Json) -> Json {
    let Json::Object(members) = schema else { return schema };
    let is_annotation = |(name, _): &(String, Json)| {
        matches!(name.as_str(), "title" | "description" | "default" | "examples" | "readOnly")
    };
    let (mut out, rest): (Vec<_>, Vec<_>) = members.into_iter().partition(is_annotation);
    let null = Json::Object(vec![("type".to_owned(), Json::String("null".to_owned()))]);
    out.push(("anyOf".to_owned(), Json::Array(vec![Json::Object(rest), null])));
    Json::Object(out)
}
