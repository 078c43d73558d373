//! Random schemas, and random changes of schemas.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// The names of members in random schemas.
const NAMES: [&str; 4] = ["a", "b", "x1", "x2"];

/// Returns a random schema whose keywords nest at most this deep.
pub fn random_schema(rng: &mut Rng, depth: usize) -> Value {
    if depth == 0 || rng.u8(..4) == 0 {
        return scalar(rng);
    }
    let mut inner = |rng: &mut Rng| random_schema(rng, depth - 1);
    let mut schema = Map::new();
    match rng.u8(..9) {
        0..=2 => {
            schema.insert("type".to_owned(), json!("object"));
            for _ in 0..rng.usize(1..4) {
                let (keyword, value) = object_keyword(rng, &mut inner);
                schema.insert(keyword, value);
            }
        }
        3 | 4 => {
            schema.insert("type".to_owned(), json!("array"));
            for _ in 0..rng.usize(1..3) {
                let (keyword, value) = array_keyword(rng, &mut inner);
                schema.insert(keyword, value);
            }
        }
        5 => drop(schema.insert("anyOf".to_owned(), json!([inner(rng), inner(rng)]))),
        6 => drop(schema.insert("oneOf".to_owned(), json!([inner(rng), inner(rng)]))),
        7 => drop(schema.insert("allOf".to_owned(), json!([inner(rng), inner(rng)]))),
        _ => match rng.u8(..3) {
            0 => drop(schema.insert("not".to_owned(), inner(rng))),
            1 => {
                schema.insert("if".to_owned(), inner(rng));
                schema.insert("then".to_owned(), inner(rng));
            }
            _ => {
                let (keyword, value) = object_keyword(rng, &mut inner);
                schema.insert(keyword, value);
                let (keyword, value) = array_keyword(rng, &mut inner);
                schema.insert(keyword, value);
            }
        },
    }
    Value::Object(schema)
}

fn scalar(rng: &mut Rng) -> Value {
    let bound = |rng: &mut Rng| {
        [json!(-1), json!(0), json!(1), json!(1.5), json!(2), json!(3), json!(10)][rng.usize(..7)].clone()
    };
    match rng.u8(..14) {
        0 => json!(true),
        1 => json!({"type": ["integer", "null"]}),
        2 => json!({"type": "integer", "minimum": bound(rng)}),
        3 => json!({"type": "number", "exclusiveMaximum": bound(rng), "minimum": -1}),
        4 => json!({"multipleOf": ([json!(1), json!(2), json!(3), json!(0.5)][rng.usize(..4)])}),
        5 => json!({"type": "string", "minLength": rng.u8(..3), "maxLength": rng.u8(1..4)}),
        6 => json!({"type": "string", "pattern": (["^a", "b$", "^[ab]*$", "^x\\d$"][rng.usize(..4)])}),
        7 => json!({"enum": [bound(rng), "a", null, [1], {"a": 1}]}),
        8 => json!({"const": ([json!("a"), json!(1), json!({"a": 1}), json!([])][rng.usize(..4)])}),
        9 => json!({"type": "boolean"}),
        10 => json!({"not": {"type": ["string", "integer"]}}),
        11 => json!({"type": (["string", "array", "object"][rng.usize(..3)])}),
        12 => json!({"maximum": bound(rng)}),
        _ => json!({"type": (["integer", "number", "null", "string"][rng.usize(..4)])}),
    }
}

fn object_keyword(rng: &mut Rng, inner: &mut impl FnMut(&mut Rng) -> Value) -> (String, Value) {
    let name = |rng: &mut Rng| NAMES[rng.usize(..NAMES.len())];
    let closed =
        |rng: &mut Rng, inner: &mut dyn FnMut(&mut Rng) -> Value| if rng.bool() { json!(false) } else { inner(rng) };
    let (keyword, value) = match rng.u8(..13) {
        0..=3 => ("properties", json!({(name(rng)): inner(rng), (name(rng)): inner(rng)})),
        4 => ("required", json!([name(rng)])),
        5 => ("additionalProperties", closed(rng, inner)),
        6 => ("patternProperties", json!({(["^x", "1$"][rng.usize(..2)]): inner(rng)})),
        7 => ("propertyNames", json!({"pattern": (["^x", "^[ab]$", "1$"][rng.usize(..3)])})),
        8 => ("minProperties", json!(rng.u8(..3))),
        9 => ("maxProperties", json!(rng.u8(..3))),
        10 => ("dependentRequired", json!({(name(rng)): [name(rng)]})),
        11 => ("dependentSchemas", json!({(name(rng)): inner(rng)})),
        _ => ("unevaluatedProperties", closed(rng, inner)),
    };
    (keyword.to_owned(), value)
}

fn array_keyword(rng: &mut Rng, inner: &mut impl FnMut(&mut Rng) -> Value) -> (String, Value) {
    let (keyword, value) = match rng.u8(..9) {
        0 | 1 => ("items", inner(rng)),
        2 => ("prefixItems", json!([inner(rng), inner(rng)])),
        3 => ("contains", inner(rng)),
        4 => ("minItems", json!(rng.u8(..3))),
        5 => ("maxItems", json!(rng.u8(..3))),
        6 => ("uniqueItems", json!(true)),
        7 => ("minContains", json!(rng.u8(..3))),
        _ => ("unevaluatedItems", if rng.bool() { json!(false) } else { inner(rng) }),
    };
    (keyword.to_owned(), value)
}

/// Returns a schema that differs from the given schema in one place.
pub fn changed(rng: &mut Rng, schema: &Value) -> Value {
    let mut changed = schema.clone();
    let count = places(&changed);
    let mut left = rng.usize(..count.max(1));
    if let Some(place) = place(&mut changed, &mut left) {
        match (rng.u8(..4), &mut *place) {
            (0, Value::Object(keywords)) if !keywords.is_empty() => {
                let at = rng.usize(..keywords.len());
                let keyword = keywords.keys().nth(at).cloned().unwrap_or_default();
                keywords.remove(&keyword);
            }
            (1, Value::Object(keywords)) => {
                let mut inner = |rng: &mut Rng| random_schema(rng, 1);
                let (keyword, value) = match rng.bool() {
                    true => object_keyword(rng, &mut inner),
                    false => array_keyword(rng, &mut inner),
                };
                keywords.insert(keyword, value);
            }
            (2, Value::Object(keywords)) if keywords.contains_key("required") => {
                keywords.insert("required".to_owned(), json!(["a", "b"]));
            }
            _ => *place = random_schema(rng, 1),
        }
    }
    changed
}

/// The keywords whose values are schemas, or lists or objects of schemas.
const SCHEMAS: [&str; 16] = [
    "properties", "patternProperties", "dependentSchemas", "additionalProperties", "unevaluatedProperties", "items",
    "prefixItems", "contains", "unevaluatedItems", "anyOf", "oneOf", "allOf", "not", "if", "then", "else",
];

fn below(schema: &mut Value) -> Vec<&mut Value> {
    let Value::Object(keywords) = schema else { return Vec::new() };
    let mut found = Vec::new();
    for (keyword, value) in keywords.iter_mut().filter(|(keyword, _)| SCHEMAS.contains(&keyword.as_str())) {
        let is_named = matches!(keyword.as_str(), "properties" | "patternProperties" | "dependentSchemas");
        if is_named && value.is_object() {
            found.extend(value.as_object_mut().into_iter().flat_map(Map::values_mut));
        } else if value.is_array() {
            found.extend(value.as_array_mut().into_iter().flatten());
        } else {
            found.push(value);
        }
    }
    found
}

fn places(schema: &Value) -> usize {
    let mut schema = schema.clone();
    1 + below(&mut schema).into_iter().map(|inner| places(inner)).sum::<usize>()
}

fn place<'s>(schema: &'s mut Value, left: &mut usize) -> Option<&'s mut Value> {
    if *left == 0 {
        return Some(schema);
    }
    *left -= 1;
    below(schema).into_iter().find_map(|inner| place(inner, left))
}

/// Returns every small value: scalars, and arrays and objects of scalars.
pub fn small_values() -> Vec<Value> {
    let list = |values: Value| -> Vec<Value> { serde_json::from_value(values).expect("an array") };
    let scalars = list(json!([null, true, false, 0, 1, 2, 3, 10, -1, -2, 0.5, 1.5, "", "a", "b", "ab", "x1", "aaaa"]));
    let few = list(json!([null, 1, 2.5, "a", "x1", true, [], [1], {}, {"a": 1}, {"c": null}]));
    let mut all = scalars.clone();
    all.extend([json!([]), json!({})]);
    all.extend(scalars.iter().chain(&few).map(|item| json!([item])));
    for (a, b) in few.iter().flat_map(|a| few.iter().map(move |b| (a, b))) {
        all.push(json!([a, b]));
        all.push(json!([a, b, a]));
        for (first, second) in [("a", "b"), ("a", "x1"), ("x1", "c"), ("x1", "x2"), ("b", "c")] {
            all.push(json!({(first): a, (second): b}));
        }
        all.push(json!({"a": a, "b": b, "x1": a}));
    }
    for name in ["a", "b", "x1", "x2", "c", "y1"] {
        all.extend(scalars.iter().chain(&few).map(|value| json!({(name): value})));
    }
    all
}
