//! Parses, checks and stores the keywords that affect validity.

use webhook_runtime::__private::schema::Types;

use super::dialect::Dialect;
use super::parse::{Context, Parser, Pending};
use super::{Contains, IfThenElse, Keywords, NodeId};
use crate::json::Json;
use crate::model::diagnostic::Code;

/// The keywords of the validation vocabulary, which a metaschema may omit.
const VALIDATION: [&str; 20] = [
    "type", "const", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength",
    "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties",
    "minProperties", "required", "dependentRequired",
];

impl Parser<'_> {
    fn keywords_mut(&mut self, node: NodeId) -> &mut Keywords {
        &mut self.model.nodes[node.0].keywords
    }

    /// Parses one keyword of a schema. `schema` is the whole schema, because some keywords depend on adjacent ones.
    pub(super) fn assertion(&mut self, keyword: &str, value: &Json, schema: &Json, node: NodeId, at: &Context) {
        if at.without_validation && VALIDATION.contains(&keyword) {
            return;
        }
        let is_exclusive =
            |name: &str| at.dialect.has_boolean_exclusive_bounds() && schema.get(name) == Some(&Json::Boolean(true));
        match keyword {
            "$ref" => self.reference("$ref", value, node, at),
            "$dynamicRef" => self.reference("$dynamicRef", value, node, at),
            "$recursiveRef" => self.reference("$recursiveRef", value, node, at),
            "type" => self.types(value, node, at),
            "const" => self.keywords_mut(node).const_value = Some(value.clone()),
            "enum" => self.enum_values(value, node, at),
            "multipleOf" => {
                if let Some(divisor) = self.number(keyword, value, at) {
                    if divisor.starts_with('-') || webhook_runtime::__private::number::same_text(&divisor, "0") {
                        self.wrong(
                            keyword,
                            at,
                            format!("`multipleOf` must be greater than 0, but is {divisor}"),
                            "write a positive number",
                        );
                        return;
                    }
                    self.keywords_mut(node).multiple_of = vec![divisor];
                }
            }
            "exclusiveMaximum" | "exclusiveMinimum" if at.dialect.has_boolean_exclusive_bounds() => {
                if !matches!(value, Json::Boolean(_)) {
                    self.kind(keyword, value, at, "a boolean")
                }
            }
            "maximum" if is_exclusive("exclusiveMaximum") => {
                self.keywords_mut(node).exclusive_maximum = self.number(keyword, value, at);
            }
            "minimum" if is_exclusive("exclusiveMinimum") => {
                self.keywords_mut(node).exclusive_minimum = self.number(keyword, value, at);
            }
            "maximum" => self.keywords_mut(node).maximum = self.number(keyword, value, at),
            "exclusiveMaximum" => self.keywords_mut(node).exclusive_maximum = self.number(keyword, value, at),
            "minimum" => self.keywords_mut(node).minimum = self.number(keyword, value, at),
            "exclusiveMinimum" => self.keywords_mut(node).exclusive_minimum = self.number(keyword, value, at),
            "maxLength" => self.keywords_mut(node).max_length = self.count(keyword, value, at),
            "minLength" => self.keywords_mut(node).min_length = self.count(keyword, value, at),
            "maxItems" => self.keywords_mut(node).max_items = self.count(keyword, value, at),
            "minItems" => self.keywords_mut(node).min_items = self.count(keyword, value, at),
            "maxProperties" => self.keywords_mut(node).max_properties = self.count(keyword, value, at),
            "minProperties" => self.keywords_mut(node).min_properties = self.count(keyword, value, at),
            "uniqueItems" => match value {
                Json::Boolean(unique) => self.keywords_mut(node).unique_items = *unique,
                _ => self.kind(keyword, value, at, "a boolean"),
            },
            "pattern" => {
                if let Some(source) = self.pattern(keyword, value, at) {
                    self.keywords_mut(node).patterns = vec![source];
                }
            }
            "required" => self.keywords_mut(node).required = self.names(keyword, value, at),
            "dependentRequired" => self.dependencies(keyword, value, node, at),
            "dependencies" => self.dependencies(keyword, value, node, at),
            _ => self.applicator(keyword, value, schema, node, at),
        }
    }

    fn applicator(&mut self, keyword: &str, value: &Json, schema: &Json, node: NodeId, at: &Context) {
        let below = || at.below(&[keyword]);
        match keyword {
            "$defs" | "definitions" => {
                self.by_name(keyword, value, at);
            }
            "properties" => self.keywords_mut(node).properties = self.by_name(keyword, value, at),
            "patternProperties" => {
                let members = self.by_name(keyword, value, at);
                for (source, _) in &members {
                    self.pattern(keyword, &Json::String(source.clone()), at);
                }
                self.keywords_mut(node).pattern_properties = members;
            }
            "dependentSchemas" => self.keywords_mut(node).dependent_schemas = self.by_name(keyword, value, at),
            "additionalProperties" => self.keywords_mut(node).additional_properties = Some(self.schema(value, below())),
            "propertyNames" => self.keywords_mut(node).property_names = vec![self.schema(value, below())],
            "unevaluatedItems" => self.keywords_mut(node).unevaluated_items = Some(self.schema(value, below())),
            "unevaluatedProperties" => {
                self.keywords_mut(node).unevaluated_properties = Some(self.schema(value, below()))
            }
            "prefixItems" => self.keywords_mut(node).prefix_items = self.list(keyword, value, at),
            "items" if at.dialect.has_arrays_of_items() && value.as_array().is_some() => {
                self.keywords_mut(node).prefix_items = self.list(keyword, value, at);
            }
            "items" => self.keywords_mut(node).items = Some(self.schema(value, below())),
            "additionalItems" => {
                // It applies only next to an array in `items`.
                let child = self.schema(value, below());
                if schema.get("items").and_then(Json::as_array).is_some() {
                    self.keywords_mut(node).items = Some(child);
                }
            }
            "contains" => {
                let child = self.schema(value, below());
                let bound = |parser: &mut Self, name: &str| match schema.get(name) {
                    Some(value) if at.dialect >= Dialect::Draft201909 && !at.without_validation => {
                        parser.count(name, value, at)
                    }
                    _ => None,
                };
                let (min, max) = (bound(self, "minContains"), bound(self, "maxContains"));
                self.keywords_mut(node).contains = vec![Contains { schema: child, min, max }];
            }
            // They apply only next to `contains`, which parses them.
            "minContains" | "maxContains" => {}
            "allOf" => self.keywords_mut(node).all_of = self.branches(keyword, value, at),
            "anyOf" => self.keywords_mut(node).any_of = vec![self.branches(keyword, value, at)],
            "oneOf" => self.keywords_mut(node).one_of = vec![self.branches(keyword, value, at)],
            "not" => self.keywords_mut(node).not = vec![self.schema(value, below())],
            "if" => {
                let condition = self.schema(value, below());
                let branch = |parser: &mut Self, name: &str| {
                    schema.get(name).map(|branch| parser.schema(branch, at.below(&[name])))
                };
                let (then, otherwise) = (branch(self, "then"), branch(self, "else"));
                self.keywords_mut(node).if_then_else = vec![IfThenElse { condition, then, otherwise }];
            }
            // They apply only next to `if`, but can be the target of a reference without it.
            "then" | "else" => {
                self.schema(value, below());
            }
            _ => {}
        }
    }

    fn wrong(&mut self, keyword: &str, at: &Context, message: String, advice: &str) {
        self.problem(Code::InvalidKeyword, at, keyword, message, advice);
    }

    /// Reports a value of the wrong type, and returns what an absent keyword has.
    fn kind<T: Default>(&mut self, keyword: &str, value: &Json, at: &Context, expected: &str) -> T {
        let message = format!("`{keyword}` must be {expected}, but is {}", value.kind());
        self.problem(Code::InvalidKeyword, at, keyword, message, "correct the value");
        T::default()
    }

    fn reference(&mut self, keyword: &'static str, value: &Json, node: NodeId, at: &Context) {
        match value.as_str() {
            Some(reference) => {
                let reference = reference.to_owned();
                self.pending.push(Pending { node, keyword, reference, base: at.base.clone() });
            }
            None => self.kind(keyword, value, at, "a string"),
        }
    }

    fn types(&mut self, value: &Json, node: NodeId, at: &Context) {
        let names = match value {
            Json::String(_) => std::slice::from_ref(value),
            Json::Array(names) => names,
            _ => return self.kind("type", value, at, "a string or a list of strings"),
        };
        let mut all = Types::default();
        for name in names {
            match name.as_str().and_then(Types::named) {
                Some(types) => all = all.or(types),
                None => {
                    let advice = "the types are null, boolean, integer, number, string, array and object";
                    self.wrong("type", at, format!("{name} is not a type"), advice);
                }
            }
        }
        self.keywords_mut(node).types = Some(all);
    }

    fn enum_values(&mut self, value: &Json, node: NodeId, at: &Context) {
        match value.as_array() {
            Some(choices) => self.keywords_mut(node).enum_values = Some(choices.to_vec()),
            None => self.kind("enum", value, at, "a list"),
        }
    }

    fn number(&mut self, keyword: &str, value: &Json, at: &Context) -> Option<String> {
        match value {
            Json::Number(text) => Some(text.clone()),
            _ => self.kind(keyword, value, at, "a number"),
        }
    }

    /// Parses a non-negative number without a fraction, in any notation. Returns `None` for a maximum beyond 64 bits,
    /// because it is no limit.
    fn count(&mut self, keyword: &str, value: &Json, at: &Context) -> Option<u64> {
        let Json::Number(text) = value else { return self.kind(keyword, value, at, "an integer of 0 or more") };
        let number = serde_json::from_str(text).ok().filter(webhook_runtime::__private::number::is_integer);
        let count = number.as_ref().and_then(webhook_runtime::__private::number::to_integer);
        match (number, count.map(u64::try_from)) {
            (_, Some(Ok(count))) => return Some(count),
            (Some(number), None) if number.as_f64().is_some_and(|number| number > 0.0) => {
                if keyword.starts_with("min") {
                    let message = format!("`{keyword}` is {text}: no payload is that large");
                    self.wrong(keyword, at, message, "write an integer of 64 bits");
                }
            }
            _ => {
                let message = format!("`{keyword}` must be an integer of 0 or more, but is {text}");
                self.wrong(keyword, at, message, "correct the value");
            }
        }
        None
    }

    fn names(&mut self, keyword: &str, value: &Json, at: &Context) -> Vec<String> {
        let names: Option<Vec<&str>> = value.as_array().and_then(|items| items.iter().map(Json::as_str).collect());
        let Some(names) = names else { return self.kind(keyword, value, at, "a list of strings") };
        let mut unique: Vec<String> = Vec::with_capacity(names.len());
        for name in names {
            if !unique.iter().any(|known| known == name) {
                unique.push(name.to_owned());
            }
        }
        unique
    }

    fn by_name(&mut self, keyword: &str, value: &Json, at: &Context) -> Vec<(String, NodeId)> {
        let Some(members) = value.as_object() else { return self.kind(keyword, value, at, "an object of schemas") };
        let member = |(name, schema): &(String, Json)| (name.clone(), self.schema(schema, at.below(&[keyword, name])));
        members.iter().map(member).collect()
    }

    fn list(&mut self, keyword: &str, value: &Json, at: &Context) -> Vec<NodeId> {
        let Some(items) = value.as_array() else { return self.kind(keyword, value, at, "a list of schemas") };
        let child = |(index, schema): (usize, &Json)| self.schema(schema, at.below(&[keyword, &index.to_string()]));
        items.iter().enumerate().map(child).collect()
    }

    fn branches(&mut self, keyword: &str, value: &Json, at: &Context) -> Vec<NodeId> {
        let branches = self.list(keyword, value, at);
        if branches.is_empty() && value.as_array().is_some() {
            self.wrong(keyword, at, format!("`{keyword}` has no branch"), "write at least one schema, or remove it");
        }
        branches
    }

    /// Parses `dependentRequired`, or `dependencies` of draft-07, whose values may also be schemas.
    fn dependencies(&mut self, keyword: &str, value: &Json, node: NodeId, at: &Context) {
        let Some(members) = value.as_object() else { return self.kind(keyword, value, at, "an object") };
        let mut schemas = Vec::new();
        for (name, needed) in members {
            match needed {
                Json::Array(_) => {
                    let needed = self.names(keyword, needed, at);
                    self.keywords_mut(node).dependent_required.push((name.clone(), needed));
                }
                schema if keyword == "dependencies" => {
                    schemas.push((name.clone(), self.schema(schema, at.below(&[keyword, name]))));
                }
                other => self.kind(keyword, other, at, "an object of lists"),
            }
        }
        self.keywords_mut(node).dependent_schemas.extend(schemas);
    }

    fn pattern(&mut self, keyword: &str, value: &Json, at: &Context) -> Option<String> {
        let Some(source) = value.as_str() else { return self.kind(keyword, value, at, "a string") };
        if !self.model.patterns.contains_key(source) {
            match super::pattern::translate(source, self.input.backtracking) {
                Ok(translated) => {
                    self.model.patterns.insert(source.to_owned(), translated);
                }
                Err(rejected) => {
                    let message = format!("the expression {source:?} {}", rejected.message);
                    let advice = match rejected.needs_backtracking {
                        true => {
                            "write it without backtracking, because expressions run in linear time; or set `patterns = \"backtracking\"` in provider.toml"
                        }
                        false => "write it as ECMA-262 defines expressions, with the flag `u`",
                    };
                    self.problem(Code::InvalidPattern, at, keyword, message, advice);
                    return None;
                }
            }
        }
        Some(source.to_owned())
    }
}
