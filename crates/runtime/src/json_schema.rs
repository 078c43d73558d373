//! `schemars::JsonSchema` for generated types, from the schemas that the vendors document.

use serde_json::{Map, Value};

pub use schemars::{JsonSchema, Schema, SchemaGenerator};

/// Returns the schema of an event's type. It is a schema resource with its own URI, so that its references resolve the
/// same way wherever it is embedded.
pub fn document(document: &str, base: &str) -> Schema {
    let mut document: Map<String, Value> = match serde_json::from_str(document) {
        Ok(Value::Object(members)) => members,
        // The schemas `true` and `false`.
        Ok(Value::Bool(false)) => return false.into(),
        _ => return true.into(),
    };
    document.insert("$id".to_owned(), base.into());
    document.into()
}

/// Returns the schema of a type at `pointer` in its event's schema. It is a reference into that schema, which is
/// defined once.
pub fn part<E: JsonSchema>(generator: &mut SchemaGenerator, base: &str, pointer: &str) -> Schema {
    // Adds the schema of the event to the definitions, where the reference finds it by its `$id`.
    generator.subschema_for::<E>();
    schemars::json_schema!({ "$ref": format!("{base}#{pointer}") })
}

/// Implements `JsonSchema` for a generated type. Its schema is the schema of an event, or a part of it at a pointer.
#[macro_export]
#[doc(hidden)]
macro_rules! json_schema {
    ($type:ident []) => {
        $crate::json_schema!($type [$type, ""]);
    };
    ($type:ident [$event:path, $pointer:literal]) => {
        impl $crate::__private::json_schema::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($type)).into()
            }

            fn json_schema(
                generator: &mut $crate::__private::json_schema::SchemaGenerator,
            ) -> $crate::__private::json_schema::Schema {
                let base = <$event as $crate::Payload>::BASE_URI;
                if $pointer.is_empty() {
                    return $crate::__private::json_schema::document(<$event as $crate::Payload>::SCHEMA, base);
                }
                $crate::__private::json_schema::part::<$event>(generator, base, $pointer)
            }
        }
    };
}
