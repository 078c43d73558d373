//! What every generated type has.

/// What every generated type has: its schema, its readers, and serde's `Deserialize`.
#[macro_export]
#[doc(hidden)]
macro_rules! __type {
    ($reading:ident $way:ident $type:ident, $validator:expr, $event:path, $pointer:literal) => {
        impl $crate::HasSchema for $type {
            const VALIDATOR: $crate::__private::schema::Validator<'static> = $validator;
            const READING: $crate::Reading = $crate::__reading!($reading);
        }

        impl $crate::__private::read::Read for $type {
            fn read_text(parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__read_type!(text $way, parser, $validator)
            }

            fn blank() -> Option<Self> {
                $crate::__read_type!(blank $way)
            }

            fn fill_text(&mut self, parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<()> {
                $crate::__read_type!(fill $way, self, parser)
            }

            fn read_value(node: $crate::__private::read::Node<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__read_type!(value $way, node, $validator)
            }

            fn fill_value(&mut self, node: $crate::__private::read::Node<'_>) -> $crate::__private::read::Result<()> {
                $crate::__read_type!(fill_value $way, self, node, $validator)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value: $crate::serde_json::Value = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                $crate::__private::deserialize_value(&value)
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
macro_rules! __read_type {
    (blank direct) => {
        $crate::__private::read::ReadParts::blank()
    };
    (blank buffered) => {
        None
    };
    (fill direct, $this:ident, $parser:ident) => {
        $crate::__private::read::ReadParts::fill_parts($this, $parser)
    };
    (fill buffered, $this:ident, $parser:ident) => {{
        *$this = $crate::__private::read::Read::read_text($parser)?;
        Ok(())
    }};
    (fill_value direct, $this:ident, $node:ident, $validator:expr) => {
        $crate::__private::read::ReadParts::fill_parts_of_value($this, $node)
    };
    (fill_value buffered, $this:ident, $node:ident, $validator:expr) => {{
        *$this = $crate::__private::read::Read::read_value($node)?;
        Ok(())
    }};
    (text direct, $parser:ident, $validator:expr) => {
        $crate::__private::read::ReadParts::parts_of_text($parser)
    };
    (value direct, $node:ident, $validator:expr) => {
        $crate::__private::read::ReadParts::parts_of_value($node)
    };
    (text buffered, $parser:ident, $validator:expr) => {{
        let value = $parser.value()?;
        let node = $crate::__private::read::Node::exact(&value);
        $crate::__read_type!(value buffered, node, $validator)
    }};
    (value buffered, $node:ident, $validator:expr) => {{
        $crate::__private::read::check($validator.is_valid($node.value))?;
        $crate::__private::read::ReadParts::parts_of_value($node)
    }};
}
