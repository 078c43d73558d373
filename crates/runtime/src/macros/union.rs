//! The macro `union!`, which implements enums of several types.

/// Implements an enum whose variants have different types. The variant is chosen by the JSON type of a value, by one of
/// its members, or by validators.
///
/// ```text
/// union! {
///     Type {
///         schema: schemas::TYPE,
///         variants: [A, B, C],
///     }
///     String: only(A),
///     Number: only(B = read::number(schemas::B)),
///     Object: tagged("kind":
///         "x" | "y" => A,
///         "z" => C,
///     ),
///     Array: first_valid(
///         schemas::A => A,
///         schemas::C => C,
///     ),
/// }
/// ```
///
/// The head is the same as for [`object!`](crate::object), and also lists the variants in order. Then follows one line for each JSON
/// type that a value may have. It says how the variant is chosen, and may give the variant a reader:
///
/// * `only`: the variant is always the same.
/// * `tagged`: the string value of one member decides.
/// * `by_member`: the first of some members that the object has decides, as in `by_member("x" => A, "y" => B, _ => C)`.
/// * `first_valid`: the first variant whose validator accepts the value is chosen. The value is parsed into a `Value`
///   first.
#[macro_export]
#[doc(hidden)]
macro_rules! union {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            , variants: [$($variant:ident),* $(,)?]
            $(,)?
        }
        $($json_type:ident: $how:ident $arm:tt,)*
    ) => {
        $crate::__write!($type: one of $($variant(value)),*);

        $crate::__type!(
            [|parser| match parser.json_type()? {
                $(read::JsonType::$json_type => $crate::__arm!($how $arm, parser, $schema),)*
                // A union may have a line for every JSON type.
                #[allow(unreachable_patterns)]
                _ => Err(read::Mismatch),
            }]
            $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]
        );
    };
}

/// Reads the variant of a JSON type.
#[macro_export]
#[doc(hidden)]
macro_rules! __arm {
    (only($variant:ident $(= $reader:expr)?), $parser:ident, $validator:expr) => {
        $crate::__private::read::Reader::read($crate::__reader!($($reader)?), $parser).map(Self::$variant)
    };
    (tagged($tag:literal: $($($value:literal)|+ => $variant:ident $(= $reader:expr)?,)*), $parser:ident, $validator:expr) => {
        match &*$parser.tag($tag)? {
            $($($value)|+ => $crate::__private::read::Reader::read($crate::__reader!($($reader)?), $parser).map(Self::$variant),)*
            _ => Err($crate::__private::read::Mismatch),
        }
    };
    (by_member($($name:literal => $variant:ident $(= $reader:expr)?,)+ _ => $last:ident $(= $last_reader:expr)?,), $parser:ident, $validator:expr) => {
        match $parser.first_member(&[$($name),+])? {
            $(Some($name) => $crate::__private::read::Reader::read($crate::__reader!($($reader)?), $parser).map(Self::$variant),)+
            _ => $crate::__private::read::Reader::read($crate::__reader!($($last_reader)?), $parser).map(Self::$last),
        }
    };
    (first_valid($($own:expr => $variant:ident $(= $reader:expr)?,)*), $parser:ident, $validator:expr) => {
        // Only parts of a buffered value can be validated, and the value itself is such a part.
        $parser.accepted($validator, |parser| {
            $(if parser.is_valid($own)? {
                return $crate::__private::read::Reader::read($crate::__reader!($($reader)?), parser).map(Self::$variant);
            })*
            Err($crate::__private::read::Mismatch)
        })
    };
}
