//! Other validators: what they agree on is what we must say.

use std::collections::HashMap;

use serde_json::Value;

/// A schema, as two other validators understand it.
pub struct Oracle {
    jsonschema: jsonschema::Validator,
    schemas: boon::Schemas,
    index: boon::SchemaIndex,
    /// Whether the schema divides by a fraction: boon does that in binary floating point, where 0.07 is no multiple of
    /// 0.01.
    divides_by_a_fraction: bool,
}

/// What the validators say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both say valid.
    Valid,
    /// Both say invalid.
    Invalid,
    /// They do not agree.
    Disputed,
}

impl Oracle {
    /// Compiles a schema, which refers to nothing outside.
    ///
    /// # Panics
    ///
    /// One of the validators cannot compile it.
    pub fn new(schema: &str) -> Oracle {
        let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
        let jsonschema = jsonschema::options()
            .should_validate_formats(false)
            .build(&schema)
            .unwrap_or_else(|error| panic!("jsonschema cannot compile {schema}: {error}"));
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        let uri = "https://oracle.example/schema.json";
        compiler.add_resource(uri, schema.clone()).expect("a document");
        let index = compiler
            .compile(uri, &mut schemas)
            .unwrap_or_else(|error| panic!("boon cannot compile {schema}: {error:#}"));
        Oracle { jsonschema, schemas, index, divides_by_a_fraction: divides_by_a_fraction(&schema) }
    }

    /// What the validators say of an instance.
    pub fn verdict(&self, instance: &Value) -> Verdict {
        let first = self.jsonschema.is_valid(instance);
        if self.divides_by_a_fraction {
            return if first { Verdict::Valid } else { Verdict::Invalid };
        }
        let second = self.schemas.validate(instance, self.index).is_ok();
        match (first, second) {
            (true, true) => Verdict::Valid,
            (false, false) => Verdict::Invalid,
            _ => Verdict::Disputed,
        }
    }
}

fn divides_by_a_fraction(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name == "multipleOf" && value.as_i64().is_none() || divides_by_a_fraction(value)),
        Value::Array(items) => items.iter().any(divides_by_a_fraction),
        _ => false,
    }
}

/// Oracles by their schema, each compiled once.
#[derive(Default)]
pub struct Oracles(HashMap<&'static str, Oracle>);

impl Oracles {
    /// The oracle of a schema.
    pub fn of(&mut self, schema: &'static str) -> &Oracle {
        self.0.entry(schema).or_insert_with(|| Oracle::new(schema))
    }
}
