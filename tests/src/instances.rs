//! Generates instances of a schema: many of them valid, and some of them changed so that they are invalid.

use std::collections::HashMap;

use fastrand::Rng;
use serde_json::{Map, Number, Value, json};

use crate::mutate::{at_mut, places};

/// Makes instances of one schema.
pub struct InstanceGenerator<'s> {
    root: &'s Value,
    /// Schemas with a URI or an anchor of their own.
    named: HashMap<String, &'s Value>,
    rng: Rng,
    /// Documented payloads. Instances that are made from them are more often valid than instances made from the schema
    /// alone.
    seeds: Vec<Value>,
}

/// The maximum depth of instances of recursive schemas.
const DEPTH: usize = 8;

impl<'s> InstanceGenerator<'s> {
    /// Returns a generator for a schema. The same seed generates the same instances.
    pub fn new(root: &'s Value, seeds: Vec<Value>, seed: u64) -> InstanceGenerator<'s> {
        let mut named = HashMap::new();
        name(root, "", &mut named);
        InstanceGenerator { root, named, rng: Rng::with_seed(seed), seeds }
    }

    /// Returns the next instance.
    pub fn next_instance(&mut self) -> Value {
        let mut value = match self.seeds.is_empty() || self.rng.u8(..3) == 0 {
            true => self.make(self.root, self.root, 0),
            false => {
                let at = self.rng.usize(..self.seeds.len());
                self.seeds[at].clone()
            }
        };
        let changes = [0, 1, 1, 2, 4][self.rng.usize(..5)];
        for _ in 0..changes {
            self.change(&mut value);
        }
        value
    }

    fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        if items.is_empty() { None } else { Some(&items[self.rng.usize(..items.len())]) }
    }

    fn resolve(&self, reference: &str, resource: &'s Value) -> Option<(&'s Value, &'s Value)> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = if uri.is_empty() { resource } else { self.named.get(uri).copied()? };
        if fragment.is_empty() || fragment.starts_with('/') {
            let pointer = fragment.replace("%25", "%");
            return Some((resource.pointer(&pointer)?, resource));
        }
        Some((self.named.get(&format!("#{fragment}")).copied()?, resource))
    }

    fn make(&mut self, schema: &'s Value, resource: &'s Value, depth: usize) -> Value {
        let Value::Object(keywords) = schema else { return self.anything(depth) };
        let resource = if keywords.contains_key("$id") { schema } else { resource };
        if let Some(value) = keywords.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = keywords.get("enum") {
            return self.pick(values).cloned().unwrap_or_default();
        }
        let mut value = self.own(keywords, resource, depth);
        let mut parts: Vec<(&'s Value, &'s Value)> = Vec::new();
        for keyword in ["$ref", "$dynamicRef"] {
            if let Some(Value::String(reference)) = keywords.get(keyword) {
                parts.extend(self.resolve(reference, resource));
            }
        }
        if let Some(Value::Array(branches)) = keywords.get("allOf") {
            parts.extend(branches.iter().map(|branch| (branch, resource)));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(branches)) = keywords.get(keyword)
                && let Some(branch) = self.pick(branches)
            {
                parts.push((branch, resource));
            }
        }
        for keyword in ["then", "else"] {
            parts.extend(keywords.get(keyword).filter(|_| self.rng.bool()).map(|branch| (branch, resource)));
        }
        if depth < DEPTH {
            for (part, resource) in parts {
                let more = self.make(part, resource, depth + 1);
                merge(&mut value, more);
            }
        }
        value.unwrap_or_else(|| self.anything(depth))
    }

    /// Returns an instance for the schema's own keywords, or `None` if they do not restrict the instance.
    fn own(&mut self, keywords: &'s Map<String, Value>, resource: &'s Value, depth: usize) -> Option<Value> {
        let types: Vec<&str> = match keywords.get("type") {
            Some(Value::String(only)) => vec![only],
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            _ if keywords.contains_key("properties") || keywords.contains_key("required") => vec!["object"],
            _ if keywords.contains_key("items") || keywords.contains_key("prefixItems") => vec!["array"],
            _ if keywords.contains_key("minLength") || keywords.contains_key("pattern") => vec!["string"],
            _ if keywords.contains_key("minimum") || keywords.contains_key("maximum") => vec!["number"],
            _ => return None,
        };
        let kind = *self.pick(&types)?;
        Some(match kind {
            "null" => Value::Null,
            "boolean" => json!(self.rng.bool()),
            "integer" => self.number(keywords, true),
            "number" => self.number(keywords, false),
            "string" => self.string(keywords),
            "array" => self.array(keywords, resource, depth),
            _ => self.object(keywords, resource, depth),
        })
    }

    fn number(&mut self, keywords: &Map<String, Value>, integer: bool) -> Value {
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
        let near: Vec<f64> = bounds.iter().filter_map(|name| keywords.get(*name)?.as_f64()).collect();
        if let Some(near) = self.pick(&near).copied() {
            let step = [-1.0, 0.0, 1.0, 0.5, 10.0, near][self.rng.usize(..6)];
            let value = near + step;
            let value = if integer { value.round() } else { value };
            let whole = value.fract() == 0.0 && value.abs() < 9e15;
            return if whole && self.rng.bool() { json!(value as i64) } else { json!(value) };
        }
        self.edge(integer)
    }

    fn edge(&mut self, integer: bool) -> Value {
        match self.rng.u8(..if integer { 8 } else { 12 }) {
            0 => json!(0),
            1 => json!(-1),
            2 => json!(self.rng.i64(..)),
            3 => json!(u64::MAX),
            4 => json!(i64::MIN),
            5 => json!(1.0),
            6 => json!(self.rng.i32(..)),
            7 => json!(1e15),
            8 => json!(0.1),
            9 => json!(-2.5e-9),
            10 => json!(self.rng.f64() * 1e6),
            _ => json!(1.7976931348623157e308),
        }
    }

    fn string(&mut self, keywords: &Map<String, Value>) -> Value {
        let bound = |name: &str| keywords.get(name).and_then(Value::as_u64).map(|length| length.min(300) as usize);
        let lengths: Vec<usize> = [bound("minLength"), bound("maxLength")].into_iter().flatten().collect();
        let length = match self.pick(&lengths).copied() {
            Some(length) => (length + self.rng.usize(..3)).saturating_sub(1),
            None => self.rng.usize(..12),
        };
        let alphabet = ['a', 'Z', '0', '9', '-', '_', ' ', 'é', '日', '😀', '\u{0}', '\n', '"', '\\', '/', '.'];
        let plain = self.rng.bool();
        Value::String((0..length).map(|_| alphabet[self.rng.usize(..if plain { 4 } else { alphabet.len() })]).collect())
    }

    fn array(&mut self, keywords: &'s Map<String, Value>, resource: &'s Value, depth: usize) -> Value {
        let bound = |name: &str| keywords.get(name).and_then(Value::as_u64).map(|count| count.min(12) as usize);
        let least = bound("minItems").unwrap_or(0);
        let most = bound("maxItems").unwrap_or(least + 3).max(least);
        let count = if depth >= DEPTH { least } else { self.rng.usize(least..=most) };
        let prefix = match (keywords.get("prefixItems"), keywords.get("items")) {
            (Some(Value::Array(prefix)), _) | (None, Some(Value::Array(prefix))) => prefix.as_slice(),
            _ => &[],
        };
        let rest =
            keywords.get(if keywords.get("items").is_some_and(Value::is_array) { "additionalItems" } else { "items" });
        let items = (0..count).map(|index| match prefix.get(index).or(rest) {
            Some(schema) => self.make(schema, resource, depth + 1),
            None => self.anything(depth + 1),
        });
        let mut items: Vec<Value> = items.collect();
        if let Some(schema) = keywords.get("contains").filter(|_| self.rng.u8(..4) > 0) {
            items.push(self.make(schema, resource, depth + 1));
        }
        Value::Array(items)
    }

    fn object(&mut self, keywords: &'s Map<String, Value>, resource: &'s Value, depth: usize) -> Value {
        let mut members = Map::new();
        let required: Vec<&str> = match keywords.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let chance = if depth >= DEPTH { 0 } else { self.rng.u8(..5) };
        if let Some(Value::Object(properties)) = keywords.get("properties") {
            for (name, schema) in properties {
                if required.contains(&name.as_str()) || self.rng.u8(..4) < chance {
                    members.insert(name.clone(), self.make(schema, resource, depth + 1));
                }
            }
        }
        for name in required {
            if !members.contains_key(name) {
                members.insert(name.to_owned(), self.anything(depth + 1));
            }
        }
        if let Some(schema) = keywords.get("additionalProperties").filter(|_| chance > 1) {
            for name in ["x", "another", "ключ"].into_iter().take(self.rng.usize(..3)) {
                members.entry(name.to_owned()).or_insert_with(|| self.make(schema, resource, depth + 1));
            }
        }
        if let Some(Value::Object(patterns)) = keywords.get("patternProperties") {
            for (pattern, schema) in patterns {
                let name: String = pattern.chars().filter(|c| c.is_alphanumeric() || *c == '_' || *c == '-').collect();
                members.insert(name, self.make(schema, resource, depth + 1));
            }
        }
        Value::Object(members)
    }

    fn anything(&mut self, depth: usize) -> Value {
        match self.rng.u8(..if depth >= DEPTH { 6 } else { 9 }) {
            0 => Value::Null,
            1 => json!(self.rng.bool()),
            2 | 3 => self.edge(false),
            4 | 5 => self.string(&Map::new()),
            6 => json!([]),
            7 => json!([self.anything(depth + 1), self.anything(depth + 1)]),
            _ => json!({ "any": self.anything(depth + 1) }),
        }
    }

    /// Changes a value in one place.
    fn change(&mut self, value: &mut Value) {
        let places = places(value);
        let Some(place) = at_mut(value, &places[self.rng.usize(..places.len())]) else { return };
        match self.rng.u8(..9) {
            0 => *place = Value::Null,
            1 | 2 => *place = self.anything(3),
            3 => *place = self.edge(true),
            4 => match place {
                Value::Number(number) => {
                    let value = number.as_f64().unwrap_or(0.0);
                    let changed = [value + 1.0, value - 1.0, -value, value * 1.5, value.trunc()][self.rng.usize(..5)];
                    if let Some(number) = Number::from_f64(changed) {
                        *place = Value::Number(number);
                    }
                }
                Value::String(text) => {
                    text.push(['x', '😀', '\u{0}', ' '][self.rng.usize(..4)]);
                }
                Value::Array(items) => {
                    items.extend(items.first().cloned());
                }
                Value::Object(members) => drop(members.insert("new".to_owned(), json!({ "deep": [1.5, null] }))),
                Value::Bool(value) => *value = !*value,
                Value::Null => *place = json!(0),
            },
            5 | 6 => match place {
                Value::Object(members) if !members.is_empty() => {
                    let at = self.rng.usize(..members.len());
                    let name = members.keys().nth(at).cloned().unwrap_or_default();
                    let value = members.remove(&name);
                    if self.rng.bool() {
                        members.insert(format!("{name}_"), value.unwrap_or_default());
                    }
                }
                Value::Array(items) if !items.is_empty() => {
                    let at = self.rng.usize(..items.len());
                    items.remove(at);
                }
                Value::String(text) => drop(text.pop()),
                _ => *place = json!(""),
            },
            7 => *place = json!([place.clone()]),
            _ => *place = json!({ "in": place.clone() }),
        }
    }
}

/// Collects the schemas with a URI or an anchor of their own.
fn name<'s>(schema: &'s Value, base: &str, named: &mut HashMap<String, &'s Value>) {
    match schema {
        Value::Object(members) => {
            let own = members.get("$id").and_then(Value::as_str);
            let base = own.unwrap_or(base);
            if own.is_some() {
                named.insert(base.to_owned(), schema);
            }
            for keyword in ["$anchor", "$dynamicAnchor"] {
                if let Some(Value::String(anchor)) = members.get(keyword) {
                    named.insert(format!("#{anchor}"), schema);
                    named.insert(format!("{base}#{anchor}"), schema);
                }
            }
            members.values().for_each(|value| name(value, base, named));
        }
        Value::Array(items) => items.iter().for_each(|item| name(item, base, named)),
        _ => {}
    }
}

fn merge(value: &mut Option<Value>, more: Value) {
    match (value, more) {
        (Some(Value::Object(members)), Value::Object(more)) => {
            for (name, value) in more {
                members.entry(name).or_insert(value);
            }
        }
        (value @ None, more) => *value = Some(more),
        _ => {}
    }
}
