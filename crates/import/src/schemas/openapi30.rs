//! Schema Objects of OpenAPI 3.0 as schemas of 2020-12 that accept the same values.

use webhook_codegen::json::Json;

use super::{At, Schemas};

/// Annotations that an object may have next to a reference without changing what is valid.
const BESIDE: [&str; 5] = ["title", "description", "deprecated", "readOnly", "writeOnly"];

/// Keywords of OpenAPI that are annotations, and no keywords of JSON Schema.
const ANNOTATIONS: [&str; 3] = ["discriminator", "xml", "externalDocs"];

/// Keywords of both that mean the same.
const SAME: [&str; 22] = [
    "title",
    "description",
    "default",
    "format",
    "deprecated",
    "readOnly",
    "writeOnly",
    "multipleOf",
    "maximum",
    "minimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
    "examples",
];

impl Schemas<'_> {
    /// A Schema Object, or a reference to one.
    pub(super) fn openapi30(&mut self, json: &Json, at: &At) -> Json {
        let Json::Object(members) = json else { return json.clone() };
        if let Some(Json::String(reference)) = json.get("$ref") {
            return self.reference_object(reference, members, at);
        }
        let is = |keyword: &str| json.get(keyword) == Some(&Json::Boolean(true));
        let is_nullable = is("nullable");
        if is_nullable {
            self.check_nullable(json, at);
        }
        let mut out: Vec<(String, Json)> = Vec::new();
        for (keyword, value) in members {
            let mut add = |name: &str, value: Json| out.push((name.to_owned(), value));
            match (keyword.as_str(), value) {
                ("nullable", Json::Boolean(_)) => {}
                ("type", Json::String(_)) if is_nullable => {
                    add("type", Json::Array(vec![value.clone(), Json::String("null".to_owned())]));
                }
                ("maximum", Json::Number(_)) if is("exclusiveMaximum") => add("exclusiveMaximum", value.clone()),
                ("minimum", Json::Number(_)) if is("exclusiveMinimum") => add("exclusiveMinimum", value.clone()),
                // Without a limit it decides nothing.
                ("exclusiveMaximum" | "exclusiveMinimum", Json::Boolean(_)) => {}
                // 3.0 has no list of examples; where there is one all the same, it is kept.
                ("example", _) => match json.get("examples") {
                    None => add("examples", Json::Array(vec![value.clone()])),
                    Some(_) => self.notes.add(self.shown(at, keyword), "`examples` next to it is kept instead"),
                },
                ("examples", _) if value.as_array().is_none() => self.renamed(keyword, value, at, &mut out),
                ("not" | "additionalProperties" | "items", Json::Object(_)) => {
                    add(keyword, self.openapi30(value, &at.below(&[keyword])));
                }
                ("additionalProperties", Json::Boolean(_)) => add(keyword, value.clone()),
                ("properties", Json::Object(members)) => {
                    let member = |(name, value): &(String, Json)| {
                        let below = at.below(&[keyword, name]);
                        (name.clone(), self.openapi30(value, &below))
                    };
                    add(keyword, Json::Object(members.iter().map(member).collect()));
                }
                ("allOf" | "anyOf" | "oneOf", Json::Array(items)) => {
                    let item =
                        |(index, item): (usize, &Json)| self.openapi30(item, &at.below(&[keyword, &index.to_string()]));
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

    /// Keeps a member that is no keyword of OpenAPI 3.0, under a name that means nothing to JSON Schema either.
    fn renamed(&mut self, keyword: &str, value: &Json, at: &At, out: &mut Vec<(String, Json)>) {
        let text =
            format!("`{keyword}` is no keyword of OpenAPI 3.0, so it decides nothing; it is kept as `x-{keyword}`");
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
                let text = format!("`{keyword}` next to a `$ref` is ignored by OpenAPI 3.0, and left out");
                self.notes.add(self.shown(at, keyword), text);
            }
        }
        Json::Object(out)
    }

    /// Notes where `nullable` does not make null valid.
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
