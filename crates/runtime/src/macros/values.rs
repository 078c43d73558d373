//! Macros that declare tuples, newtypes, and enums of constants.

/// Implements a tuple: an array in which each position has its own meaning.
///
/// ```text
/// tuple! {
///     Type {
///         schema: schemas::TYPE,
///         count: schemas::TYPE,
///     }
///     first: required,
///     second: optional = read::string(schemas::SECOND),
///     others: rest,
/// }
/// ```
///
/// The head is the same as for [`object!`](crate::object). The `minItems` and `maxItems` of `count` limit the number of
/// items. Then follows one line for each item, in order: its field, its presence (`required`, `optional`, or `rest` for
/// a list of all further items), and its reader, if that is not the reader of the field's type.
#[macro_export]
#[doc(hidden)]
macro_rules! tuple {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            $(, count: $count:expr)?
            $(,)?
        }
        $($field:ident: $presence:ident $(= $reader:expr)?,)*
    ) => {
        const _: () = {
            use $crate::__private::read;

            impl $type {
                fn fill_members(&mut self, parser: &mut read::Parser<'_>) -> read::Result<()> {
                    let mut items = read::TupleItems::begin(parser)?;
                    $(items.$presence($crate::__reader!($($reader)?), &mut self.$field)?;)*
                    items.end()?;
                    $(items.check_count($count)?;)?
                    Ok(())
                }
            }

            #[doc(hidden)]
            impl $crate::__private::write::WriteArray for $type {
                fn write_items<I: $crate::__private::write::WriteItems>(&self, items: &mut I) -> Result<(), I::Error> {
                    $(items.$presence(&self.$field)?;)*
                    Ok(())
                }
            }

            $crate::__write!($type: serialize_array, write_array);
        };

        $crate::__type!(object $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]);
    };
}

/// Implements a newtype: a named type around a value of another type.
///
/// ```text
/// newtype! {
///     Type {
///         schema: schemas::TYPE,
///         reader: read::string(schemas::TYPE),
///     }
/// }
/// ```
///
/// The head is the same as for [`object!`](crate::object). It also has the reader of the value, if that is not the
/// reader of the value's type.
#[macro_export]
#[doc(hidden)]
macro_rules! newtype {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            $(, reader: $reader:expr)?
            $(,)?
        }
    ) => {
        $crate::__write!($type: this => &this.0);

        $crate::__type!(
            [|parser| read::Reader::read($crate::__reader!($($reader)?), parser).map(Self)]
            $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]
        );
    };
}

/// Implements an enum whose variants are strings.
///
/// ```text
/// string_enum! {
///     Type {
///         schema: schemas::TYPE,
///         other: Other,
///     }
///     "string" => Variant,
/// }
/// ```
///
/// The head is the same as for [`object!`](crate::object). It also has the variant for any other string, if there is
/// one.
#[macro_export]
#[doc(hidden)]
macro_rules! string_enum {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            $(, other: $other:ident)?
            $(,)?
        }
        $($value:literal => $variant:ident,)*
    ) => {
        impl $type {
            /// Returns the JSON string of the variant.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    $(Self::$other(text) => text,)?
                }
            }
        }

        #[doc(hidden)]
        impl $crate::__private::read::StringEnum for $type {
            const ALL: &'static [(&'static str, Self)] = &[$(($value, Self::$variant)),*];

            $(fn other(text: &str) -> Option<Self> {
                Some(Self::$other(text.into()))
            })?
        }

        $crate::__write!($type: this => this.as_str());

        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        $crate::__conversions!($type $($other)?);

        $crate::__type!(
            [|parser| read::one_of_strings(parser)]
            $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]
        );
    };
}

/// Implements conversions from text. If the set of strings is open, an unlisted string becomes `Other`. If the set is
/// closed, an unlisted string is an error.
#[macro_export]
#[doc(hidden)]
macro_rules! __conversions {
    ($type:ident) => {
        impl ::std::str::FromStr for $type {
            type Err = $crate::ConversionError;

            fn from_str(text: &str) -> Result<Self, $crate::ConversionError> {
                $crate::__private::read::known_string(text).ok_or($crate::ConversionError::UNLISTED_VALUE)
            }
        }

        impl TryFrom<&str> for $type {
            type Error = $crate::ConversionError;

            fn try_from(text: &str) -> Result<Self, $crate::ConversionError> {
                text.parse()
            }
        }

        impl TryFrom<String> for $type {
            type Error = $crate::ConversionError;

            fn try_from(text: String) -> Result<Self, $crate::ConversionError> {
                text.parse()
            }
        }
    };
    ($type:ident $other:ident) => {
        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                $crate::__private::read::known_string(text).unwrap_or_else(|| Self::$other(text.into()))
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                $crate::__private::read::known_string(&text).unwrap_or_else(|| Self::$other(text))
            }
        }
    };
}

/// Implements an enum whose variants are constants of any type.
///
/// ```text
/// literals! {
///     Type { schema: schemas::TYPE }
///     Literal::Boolean(true) => True,
/// }
/// ```
///
/// The head is the same as for [`object!`](crate::object).
#[macro_export]
#[doc(hidden)]
macro_rules! literals {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            $(,)?
        }
        $($value:expr => $variant:ident,)*
    ) => {
        #[doc(hidden)]
        impl $crate::__private::read::Literals for $type {
            const ALL: &'static [($crate::__private::Literal<'static>, Self)] = &[$(($value, Self::$variant)),*];
        }

        $crate::__write!($type: this => &$crate::__private::write::literal(this));

        $crate::__type!(
            [|parser| read::one_of_literals(parser)]
            $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]
        );
    };
}
