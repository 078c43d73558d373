//! Macros for the parts that every generated type has.

/// Implements the parts that every generated type has: its schema, its readers, and serde's `Deserialize`.
///
/// The arguments are how a value is read (`object` for objects and tuples, which are filled in place, or a closure in
/// brackets, in which `read` is the module of readers), the type, and the validator of its schema. Optional arguments, from the head of the declaration, are the event and the pointer of the
/// schema, how the type is read, and whether it is buffered. [`object!`](crate::object) describes them.
#[macro_export]
#[doc(hidden)]
macro_rules! __type {
    ($shape:tt $type:ident, $schema:expr, $document:tt $reading:tt $buffered:tt) => {
        #[doc(hidden)]
        impl $crate::__private::Sealed for $type {}

        impl $crate::HasSchema for $type {
            const VALIDATOR: $crate::__private::schema::Validator<'static> = $schema;
            const READING: $crate::Reading = $crate::__reading!($reading);
        }

        #[doc(hidden)]
        impl $crate::__private::read::Read for $type {
            $crate::__read_type!($shape $buffered $schema);
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value: $crate::serde_json::Value = $crate::__private::serde::Deserialize::deserialize(deserializer)?;
                $crate::__private::deserialize_value(&value)
            }
        }

        $crate::json_schema!($type $document);
    };
}

/// Expands to nothing, because the feature `schemars` is disabled. With the feature, a macro with the same name
/// implements `JsonSchema`.
#[cfg(not(feature = "schemars"))]
#[macro_export]
#[doc(hidden)]
macro_rules! json_schema {
    ($($unused:tt)*) => {};
}

/// Expands to the `Reading` of a type.
#[macro_export]
#[doc(hidden)]
macro_rules! __reading {
    ([]) => {
        $crate::Reading::Exact
    };
    ([tolerant]) => {
        $crate::Reading::Tolerant
    };
}

/// Reads a value, in place if it is an object or a tuple.
#[macro_export]
#[doc(hidden)]
macro_rules! __read_type {
    (object $buffered:tt $validator:expr) => {
        fn blank() -> Option<Self> {
            Some(Self::default())
        }

        fn blank_in_box() -> Option<Box<Self>> {
            Some(Box::default())
        }

        fn fill(&mut self, parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<()> {
            $crate::__read_parts!($buffered $validator, parser, |parser| self.fill_members(parser))
        }
    };
    ([|$parser:ident| $read:expr] $buffered:tt $validator:expr) => {
        fn read(parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<Self> {
            use $crate::__private::read;
            $crate::__read_parts!($buffered $validator, parser, |$parser| $read)
        }
    };
}

/// Reads a value part by part, or, if it is buffered, after a validator has accepted all of it.
#[macro_export]
#[doc(hidden)]
macro_rules! __read_parts {
    ([] $validator:expr, $outer:ident, |$parser:ident| $read:expr) => {{
        let $parser = $outer;
        $read
    }};
    ([true] $validator:expr, $outer:ident, |$parser:ident| $read:expr) => {
        $outer.accepted($validator, |$parser| $read)
    };
}

/// Implements the writers of a type, for serde and for JSON text, from one declaration of its members or items.
#[macro_export]
#[doc(hidden)]
macro_rules! __write {
    ($type:ident: $serialize:ident, $write:ident) => {
        impl $crate::__private::serde::Serialize for $type {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::__private::write::$serialize(self, serializer)
            }
        }

        impl $crate::WriteJson for $type {
            fn write_json(&self, out: &mut Vec<u8>) {
                $crate::__private::write::$write(self, out)
            }
        }
    };
    ($type:ident: $this:ident => $part:expr) => {
        impl $crate::__private::serde::Serialize for $type {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $this = self;
                $crate::__private::serde::Serialize::serialize($part, serializer)
            }
        }

        impl $crate::WriteJson for $type {
            fn write_json(&self, out: &mut Vec<u8>) {
                let $this = self;
                $crate::WriteJson::write_json($part, out)
            }
        }
    };
    ($type:ident: one of $($(#[$cfg:meta])* $variant:ident($value:ident)),* $(,)?) => {
        impl $crate::__private::serde::Serialize for $type {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $($(#[$cfg])* Self::$variant($value) => $value.serialize(serializer),)*
                }
            }
        }

        impl $crate::WriteJson for $type {
            fn write_json(&self, out: &mut Vec<u8>) {
                match self {
                    $($(#[$cfg])* Self::$variant($value) => $value.write_json(out),)*
                }
            }
        }
    };
}
