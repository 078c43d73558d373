//! Arrays by position, values under a name of their own, and enums of constants.

/// An array whose items have meanings of their own.
#[macro_export]
#[doc(hidden)]
macro_rules! tuple {
    (
        $type:ident: $reading:ident $way:ident, $validator:expr, $event:path, $pointer:literal;
        $($field:ident: $presence:ident $(= $reader:expr)?,)*
        ;
        $(rest: $rest:ident $(= $rest_reader:expr)?;)?
        $(count: $count:expr;)?
    ) => {
        const _: () = {
            use $crate::__private::read::{self, Positions};

            impl $type {
                fn read_items<P: Positions>(mut items: P) -> read::Result<Self> {
                    $(let $field = items.$presence($crate::__reader!($($reader)?))?;)*
                    $(let $rest = items.rest($crate::__reader!($($rest_reader)?))?;)?
                    items.end()?;
                    $(items.check_count($count)?;)?
                    Ok(Self { $($field,)* $($rest)? })
                }
            }

            impl read::ReadParts for $type {
                fn parts_of_text(parser: &mut read::Parser<'_>) -> read::Result<Self> {
                    Self::read_items(read::TextItems::begin(parser)?)
                }

                fn parts_of_value(node: read::Node<'_>) -> read::Result<Self> {
                    Self::read_items(read::NodeItems::begin(node)?)
                }
            }

            impl $crate::__private::write::WriteArray for $type {
                fn write_items<I: $crate::__private::write::Items>(&self, items: &mut I) -> Result<(), I::Error> {
                    $(items.$presence(&self.$field)?;)*
                    $(items.rest(&self.$rest)?;)?
                    Ok(())
                }
            }

            $crate::__write!($type: array);
        };

        $crate::__type!($reading $way parts $type, $validator, $event, $pointer);
    };
}

/// A value of another type under a name of its own.
#[macro_export]
#[doc(hidden)]
macro_rules! newtype {
    ($type:ident: $reading:ident $way:ident, $validator:expr, $event:path, $pointer:literal; $($reader:expr)?) => {
        const _: () = {
            use $crate::__private::read;

            impl read::ReadParts for $type {
                fn parts_of_text(parser: &mut read::Parser<'_>) -> read::Result<Self> {
                    read::Reader::read_text($crate::__reader!($($reader)?), parser).map(Self)
                }

                fn parts_of_value(node: read::Node<'_>) -> read::Result<Self> {
                    read::Reader::read_value($crate::__reader!($($reader)?), node).map(Self)
                }
            }

            $crate::__write!($type: this => &this.0);
        };

        $crate::__type!($reading $way parts $type, $validator, $event, $pointer);
    };
}

/// An enum whose variants are strings; with `Other`, for any other string.
#[macro_export]
#[doc(hidden)]
macro_rules! string_enum {
    (
        $type:ident: $reading:ident $way:ident, $validator:expr, $event:path, $pointer:literal;
        $($value:literal => $variant:ident,)*
        $(; $other:ident)?
    ) => {
        impl $type {
            /// The string that JSON has.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    $(Self::$other(text) => text,)?
                }
            }
        }

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

        impl $crate::__private::read::ReadParts for $type {
            fn parts_of_text(parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__private::read::string_enum::read_text(parser)
            }

            fn parts_of_value(node: $crate::__private::read::Node<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__private::read::string_enum::read_value(node)
            }
        }

        $crate::__type!($reading $way parts $type, $validator, $event, $pointer);
    };
}

/// Conversions from text: of an open set of strings into `Other`, of a closed one with an error.
#[macro_export]
#[doc(hidden)]
macro_rules! __conversions {
    ($type:ident) => {
        impl ::std::str::FromStr for $type {
            type Err = $crate::ConversionError;

            fn from_str(text: &str) -> Result<Self, $crate::ConversionError> {
                $crate::__private::read::string_enum::known(text).ok_or($crate::ConversionError::UNLISTED_VALUE)
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
                $crate::__private::read::string_enum::known(text).unwrap_or_else(|| Self::$other(text.into()))
            }
        }

        impl From<String> for $type {
            fn from(text: String) -> Self {
                $crate::__private::read::string_enum::known(&text).unwrap_or_else(|| Self::$other(text))
            }
        }
    };
}

/// An enum whose variants are constants of any type.
#[macro_export]
#[doc(hidden)]
macro_rules! literals {
    (
        $type:ident: $reading:ident $way:ident, $validator:expr, $event:path, $pointer:literal;
        $($value:expr => $variant:ident,)*
    ) => {
        impl $crate::__private::read::Literals for $type {
            const ALL: &'static [($crate::__private::Literal<'static>, Self)] = &[$(($value, Self::$variant)),*];
        }

        $crate::__write!($type: literal);

        impl $crate::__private::read::ReadParts for $type {
            fn parts_of_text(parser: &mut $crate::__private::read::Parser<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__private::read::literals::read_text(parser)
            }

            fn parts_of_value(node: $crate::__private::read::Node<'_>) -> $crate::__private::read::Result<Self> {
                $crate::__private::read::literals::read_value(node)
            }
        }

        $crate::__type!($reading $way parts $type, $validator, $event, $pointer);
    };
}
