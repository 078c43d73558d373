//! What every generated type has.

/// What every generated type has: its schema, its readers, and serde's `Deserialize`.
#[macro_export]
#[doc(hidden)]
macro_rules! __type {
    ($reading:ident $whole:ident $type:ident, $validator:expr, $event:path, $pointer:literal) => {
        impl $crate::Typed for $type {
            const VALIDATOR: $crate::schema::Validator<'static> = $validator;
            const READING: $crate::Reading = $crate::__reading!($reading);
        }

        impl $crate::read::Read for $type {
            fn read_text(parser: &mut $crate::read::Parser<'_>) -> $crate::read::Result<Self> {
                $crate::__whole!(text $whole, parser, $validator)
            }

            fn read_value(node: $crate::read::Node<'_>) -> $crate::read::Result<Self> {
                $crate::__whole!(value $whole, node, $validator)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value: $crate::serde_json::Value = $crate::serde::Deserialize::deserialize(deserializer)?;
                $crate::deserialize_value(&value)
            }
        }

        #[cfg(feature = "schemars")]
        $crate::json_schema!($type, $event, $pointer);
    };
}

/// What decides whether a value is accepted.
#[macro_export]
#[doc(hidden)]
macro_rules! __reading {
    (exact) => {
        $crate::Reading::Exact
    };
    (tolerant) => {
        $crate::Reading::Tolerant
    };
}

/// Reads a value part by part, or whole first because a validator must see all of it.
#[macro_export]
#[doc(hidden)]
macro_rules! __whole {
    (text parts, $parser:ident, $validator:expr) => {
        $crate::read::ReadParts::parts_of_text($parser)
    };
    (value parts, $node:ident, $validator:expr) => {
        $crate::read::ReadParts::parts_of_value($node)
    };
    (text whole, $parser:ident, $validator:expr) => {{
        let value = $parser.value()?;
        let node = $crate::read::Node::exact(&value);
        $crate::__whole!(value whole, node, $validator)
    }};
    (value whole, $node:ident, $validator:expr) => {{
        $crate::read::check($validator.is_valid($node.value))?;
        $crate::read::ReadParts::parts_of_value($node)
    }};
}
