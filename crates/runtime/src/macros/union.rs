//! Values of one of several types.

/// A value of one of several types: the JSON type chooses the variant, or a member, or validators do.
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
/// The head is as for [`object!`](crate::object), with the variants in their order. A line for each JSON type that a value may be of
/// says how its variant is found, which may have a reader of its own:
///
/// * `only`: it is always the same one.
/// * `tagged`: a member of the object has one of the strings.
/// * `by_member`: it is told by the first of some members that the object has, as in `by_member("x" => A, "y" => B, _ => C)`.
/// * `first_valid`: it is the first whose validator accepts the value. The value is parsed into a `Value` before.
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
        $($kind:ident: $how:ident $arm:tt,)*
    ) => {
        const _: () = {
            use $crate::__private::read;

            impl read::ReadParts for $type {
                fn parts_of_text(parser: &mut read::Parser<'_>) -> read::Result<Self> {
                    match read::Kind::of_text(parser)? {
                        $(read::Kind::$kind => $crate::__arm!(text $how $arm, parser, $schema),)*
                        #[allow(unreachable_patterns)]
                        _ => Err(read::Mismatch),
                    }
                }

                fn parts_of_value(node: read::Node<'_>) -> read::Result<Self> {
                    match read::Kind::of_value(node.value) {
                        $(read::Kind::$kind => $crate::__arm!(value $how $arm, node, $schema),)*
                        #[allow(unreachable_patterns)]
                        _ => Err(read::Mismatch),
                    }
                }
            }

            $crate::__write!($type: one of $($variant(value)),*);
        };

        $crate::__type!(parts $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]);
    };
}

/// How the variant of a JSON type is read.
#[macro_export]
#[doc(hidden)]
macro_rules! __arm {
    (text only($variant:ident $(= $reader:expr)?), $parser:ident, $validator:expr) => {
        $crate::__private::read::Reader::read_text($crate::__reader!($($reader)?), $parser).map(Self::$variant)
    };
    (value only($variant:ident $(= $reader:expr)?), $node:ident, $validator:expr) => {
        $crate::__private::read::Reader::read_value($crate::__reader!($($reader)?), $node).map(Self::$variant)
    };
    (text tagged($tag:literal: $($($value:literal)|+ => $variant:ident $(= $reader:expr)?,)*), $parser:ident, $validator:expr) => {
        match &*$parser.tag($tag)? {
            $($($value)|+ => $crate::__private::read::Reader::read_text($crate::__reader!($($reader)?), $parser).map(Self::$variant),)*
            _ => Err($crate::__private::read::Mismatch),
        }
    };
    (value tagged($tag:literal: $($($value:literal)|+ => $variant:ident $(= $reader:expr)?,)*), $node:ident, $validator:expr) => {
        match $node.tag($tag)? {
            $($($value)|+ => $crate::__private::read::Reader::read_value($crate::__reader!($($reader)?), $node).map(Self::$variant),)*
            _ => Err($crate::__private::read::Mismatch),
        }
    };
    (text by_member($($name:literal => $variant:ident $(= $reader:expr)?,)+ _ => $last:ident $(= $last_reader:expr)?,), $parser:ident, $validator:expr) => {
        match $parser.first_member(&[$($name),+])? {
            $(Some($name) => $crate::__private::read::Reader::read_text($crate::__reader!($($reader)?), $parser).map(Self::$variant),)+
            _ => $crate::__private::read::Reader::read_text($crate::__reader!($($last_reader)?), $parser).map(Self::$last),
        }
    };
    (value by_member($($name:literal => $variant:ident $(= $reader:expr)?,)+ _ => $last:ident $(= $last_reader:expr)?,), $node:ident, $validator:expr) => {
        match $node.first_member(&[$($name),+])? {
            $(Some($name) => $crate::__private::read::Reader::read_value($crate::__reader!($($reader)?), $node).map(Self::$variant),)+
            _ => $crate::__private::read::Reader::read_value($crate::__reader!($($last_reader)?), $node).map(Self::$last),
        }
    };
    (text first_valid $choices:tt, $parser:ident, $validator:expr) => {{
        $crate::__private::read::whole($parser, |node| $crate::__arm!(value first_valid $choices, node, $validator))
    }};
    (value first_valid($($own:expr => $variant:ident $(= $reader:expr)?,)*), $node:ident, $validator:expr) => {{
        let node = $node.accept($validator)?;
        $(if node.is_valid($own) {
            return $crate::__private::read::Reader::read_value($crate::__reader!($($reader)?), node).map(Self::$variant);
        })*
        Err($crate::__private::read::Mismatch)
    }};
}
