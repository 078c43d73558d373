//! Other validators: if they agree, our decision must be the same.

use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, Mutex};

use serde_json::Value;

/// A schema that two other validators have compiled.
pub struct Oracle {
    /// The schema.
    pub schema: Value,
    jsonschema: jsonschema::Validator,
    boon: Option<(boon::Schemas, boon::SchemaIndex)>,
}

/// The formats that boon knows.
const FORMATS: [&str; 19] = [
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri",
    "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri", "uri-reference", "uri-template",
    "uuid",
];

/// The validators' decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both accept.
    Valid,
    /// Both reject.
    Invalid,
    /// The validators do not agree.
    Disputed,
}

impl Oracle {
    /// Returns the oracle of a schema, which is compiled once in all tests.
    pub fn of(schema: &'static str) -> &'static Oracle {
        static ALL: LazyLock<Mutex<HashMap<&str, &'static Oracle>>> = LazyLock::new(Mutex::default);
        let all = || ALL.lock().expect("a lock that no test poisons");
        let known = all().get(schema).copied();
        known.unwrap_or_else(|| all().entry(schema).insert_entry(Box::leak(Box::new(Oracle::new(schema)))).get())
    }

    /// Compiles a schema that refers to no other document.
    pub fn new(schema: &str) -> Oracle {
        let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
        let jsonschema = jsonschema::options()
            .should_validate_formats(false)
            .without_content_media_type_support("application/json")
            .build(&schema)
            .unwrap_or_else(|error| panic!("jsonschema cannot compile {schema}: {error}"));
        // boon divides in binary floating point, where 0.07 is not a multiple of 0.01. It also reads an embedded
        // document in the dialect of the document around it.
        if divides_by_a_fraction(&schema) || dialects(&schema).len() > 1 {
            return Oracle { schema, jsonschema, boon: None };
        }
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        // Formats and the `content…` keywords are annotations; boon asserts both in draft-07.
        compiler.register_content_media_type(boon::MediaType {
            name: "application/json",
            json_compatible: false,
            func: |_, _| Ok(None),
        });
        for name in FORMATS {
            compiler.register_format(boon::Format { name, func: |_| Ok(()) });
        }
        let uri = "https://oracle.example/schema.json";
        compiler.add_resource(uri, schema.clone()).expect("a document");
        let index = compiler
            .compile(uri, &mut schemas)
            .unwrap_or_else(|error| panic!("boon cannot compile {schema}: {error:#}"));
        Oracle { schema, jsonschema, boon: Some((schemas, index)) }
    }

    /// Returns the validators' decision on an instance.
    pub fn verdict(&self, instance: &Value) -> Verdict {
        let first = self.jsonschema.is_valid(instance);
        let second = self.boon.as_ref().map(|(schemas, index)| schemas.validate(instance, *index).is_ok());
        match (first, second.unwrap_or(first)) {
            (true, true) => Verdict::Valid,
            (false, false) => Verdict::Invalid,
            _ => Verdict::Disputed,
        }
    }
}

/// Returns the dialects that a document and its embedded documents declare.
fn dialects(schema: &Value) -> BTreeSet<&str> {
    match schema {
        Value::Object(members) => {
            let own = members.get("$schema").and_then(Value::as_str);
            members.values().flat_map(dialects).chain(own).collect()
        }
        Value::Array(items) => items.iter().flat_map(dialects).collect(),
        _ => BTreeSet::new(),
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
