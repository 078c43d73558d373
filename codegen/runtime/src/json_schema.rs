//! `schemars::JsonSchema` for generated types, from the schemas that the vendors document.

use serde_json::{Map, Value, json};

pub use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The schema of a type that stands at `pointer` in a document: a resource of its own, so that it means the same wherever
/// it is embedded.
pub fn schema_at(document: &str, base: &str, pointer: &str) -> Schema {
    let mut document: Map<String, Value> = match serde_json::from_str(document) {
        Ok(Value::Object(members)) => members,
        // The schemas `true` and `false`.
        Ok(Value::Bool(false)) => return false.into(),
        _ => return true.into(),
    };
    document.insert("$id".to_owned(), base.into());
    if pointer.is_empty() {
        return document.into();
    }
    let mut schema = Map::new();
    schema.insert("$ref".to_owned(), format!("{base}#{pointer}").into());
    schema.insert("$defs".to_owned(), json!({ base: document }));
    schema.into()
}

/// Implements `JsonSchema` for a generated type, whose schema stands at a pointer in an event's.
#[macro_export]
#[doc(hidden)]
macro_rules! json_schema {
    ($type:ident, $event:path, $pointer:literal) => {
        impl $crate::json_schema::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($type)).into()
            }

            fn json_schema(_: &mut $crate::json_schema::SchemaGenerator) -> $crate::json_schema::Schema {
                let document = <$event as $crate::Payload>::SCHEMA;
                $crate::json_schema::schema_at(document, <$event as $crate::Payload>::BASE, $pointer)
            }
        }
    };
}
