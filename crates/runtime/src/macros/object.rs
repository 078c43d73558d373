//! Structs: objects with members of their own.

/// A struct: an object with members of its own.
///
/// ```text
/// object! {
///     Type: exact direct, validator, Event, "/pointer/of/its/schema", extra: open;
///     [LEADING_CONSTANT: "name" = literal]
///     field: required, field: optional "name" = reader, [CONSTANT: "name" = literal]
///     field: nullable,
/// }
/// ```
///
/// Members are in documented order, which is the order in which they are expected and written. One whose JSON name is not
/// that of its field has its JSON name behind its presence.
#[macro_export]
#[doc(hidden)]
macro_rules! object {
    (
        $type:ident: $reading:ident $way:ident, $validator:expr, $event:path, $pointer:literal,
        extra: $extra:ident $(($extra_rule:expr))?;
        $([$lead:ident: $lead_json:literal = $lead_value:expr])*
        $($field:ident: $presence:ident $($json:literal)? $(= $reader:expr)?,
            $([$constant:ident: $constant_json:literal = $constant_value:expr])*)*
        $(; names: $names:expr)?
        $(; count: $count:expr)?
        $(; dependent: $there:ident => $needed:ident)*
    ) => {
        const _: () = {
            use $crate::__private::read;

            #[allow(non_camel_case_types, non_upper_case_globals, dead_code, clippy::upper_case_acronyms)]
            mod places {
                enum Member {
                    $($lead,)*
                    $($field, $($constant,)*)*
                }

                $(pub(super) const $lead: usize = Member::$lead as usize;)*
                $(pub(super) const $field: usize = Member::$field as usize;
                $(pub(super) const $constant: usize = Member::$constant as usize;)*)*
            }

            const QUOTED: &[&str] = &[
                $(concat!("\"", $lead_json, "\":"),)*
                $(concat!("\"", $crate::__json_name!($field $($json)?), "\":"),
                $(concat!("\"", $constant_json, "\":"),)*)*
            ];
            static NAMES: [read::Name; QUOTED.len()] = read::names(QUOTED);
            const WORDS: usize = read::words(QUOTED.len());
            const REQUIRED: [u64; WORDS] = read::required(&[
                $($crate::__is_required!(required $lead),)*
                $($crate::__is_required!($presence $field), $($crate::__is_required!(required $constant),)*)*
            ]);

            impl $type {
                $crate::__unless_buffered! { $way
                    fn fill_members(&mut self, parser: &mut read::Parser<'_>) -> read::Result<()> {
                        let mut members = read::TextMembers::<WORDS>::begin(parser)?;
                        loop {
                            let place = members.next(parser, &NAMES)?;
                            $(members.check_name($names, &NAMES, place)?;)?
                            match place {
                                $(places::$lead => const { read::constant($lead_value) }.take(parser)?,)*
                                $(places::$field => $crate::__fill!($presence $reading [$($reader)?] self.$field, parser,
                                    $crate::__json_name!($field $($json)?), self.extra),
                                $(places::$constant => const { read::constant($constant_value) }.take(parser)?,)*)*
                                read::END => break,
                                _ => $crate::__extra!(text $extra $(($extra_rule))?, members, parser, self.extra),
                            }
                        }
                        $(members.check_dependent(places::$there, places::$needed)?;)*
                        $(members.check_count($count)?;)?
                        members.check_required(&REQUIRED)
                    }
                }

                fn fill_members_of_value(&mut self, node: read::Node<'_>) -> read::Result<()> {
                    let mut members = read::NodeMembers::<WORDS>::begin(node)?;
                    while let Some((place, value)) = members.next(&NAMES) {
                        $(members.check_name($names)?;)?
                        match place {
                            $(places::$lead => read::Reader::read_value(read::constant($lead_value), value)?,)*
                            $(places::$field => $crate::__assign!($presence $reading [$($reader)?] self.$field, value,
                                $crate::__json_name!($field $($json)?), members),
                            $(places::$constant => read::Reader::read_value(read::constant($constant_value), value)?,)*)*
                            _ => $crate::__extra!(value $extra $(($extra_rule))?, members, value, self.extra),
                        }
                    }
                    $(members.check_dependent(places::$there, places::$needed)?;)*
                    $(members.check_count($count)?;)?
                    members.check_required(&REQUIRED)?;
                    $crate::__set_aside!($reading members, self);
                    Ok(())
                }
            }

            impl $crate::__private::write::WriteObject for $type {
                const PLAIN_NAMES: bool = $crate::__private::write::are_plain(QUOTED);

                fn extra_count(&self) -> usize {
                    $crate::__extra!(count $extra, self)
                }

                fn write_members<M: $crate::__private::write::Members>(&self, members: &mut M) -> Result<(), M::Error> {
                    $(members.member(concat!(",\"", $lead_json, "\":"), &$lead_value)?;)*
                    $(
                        members.$presence(concat!(",\"", $crate::__json_name!($field $($json)?), "\":"), &self.$field)?;
                        $(members.member(concat!(",\"", $constant_json, "\":"), &$constant_value)?;)*
                    )*
                    $crate::__extra!(write $extra, members, self);
                    Ok(())
                }
            }

            $crate::__write!($type: object);
        };

        $crate::__type!($reading $way object $type, $validator, $event, $pointer);
    };
}

/// What only types have that are read part by part.
#[macro_export]
#[doc(hidden)]
macro_rules! __unless_buffered {
    (direct $($item:tt)*) => {
        $($item)*
    };
    (buffered $($item:tt)*) => {};
}

/// The JSON name of a member: that of its field, unless another is given.
#[macro_export]
#[doc(hidden)]
macro_rules! __json_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $json:literal) => {
        $json
    };
}

/// The reader of a member: that of its type, unless another is given.
#[macro_export]
#[doc(hidden)]
macro_rules! __reader {
    () => {
        $crate::__private::read::default()
    };
    ($reader:expr) => {
        $reader
    };
}

/// Whether a member must be present.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_required {
    (required $name:ident) => {
        true
    };
    ($presence:ident $name:ident) => {
        false
    };
}

/// Reads a member from text into its field. One that is not required is kept in `extra` where reading is tolerant and its
/// value does not fit.
#[macro_export]
#[doc(hidden)]
macro_rules! __fill {
    (required $reading:ident [] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::Read::fill_text(&mut $field, $parser)?
    };
    (required $reading:ident [$reader:expr] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::Reader::fill_text($reader, &mut $field, $parser)?
    };
    (optional exact [] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_some(&mut $field, $parser)?
    };
    (nullable exact [] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_some_or_null(&mut $field, $parser)?
    };
    (optional exact [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_optional($crate::__reader!($($reader)?), &mut $field, $parser)?
    };
    (nullable exact [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_nullable($crate::__reader!($($reader)?), &mut $field, $parser)?
    };
    (optional tolerant [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_optional_or_keep(
            $crate::__reader!($($reader)?), &mut $field, $parser, $json, &mut $extra,
        )?
    };
    (nullable tolerant [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $extra:expr) => {
        $crate::__private::read::fill_nullable_or_keep(
            $crate::__reader!($($reader)?), &mut $field, $parser, $json, &mut $extra,
        )?
    };
}

/// Reads a member from a value into its field, as `__fill` does from text.
#[macro_export]
#[doc(hidden)]
macro_rules! __assign {
    (required $reading:ident [] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $crate::__private::read::Read::fill_value(&mut $field, $node)?
    };
    (optional exact [] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $crate::__private::read::fill_some_value(&mut $field, $node)?
    };
    (nullable exact [] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $crate::__private::read::fill_some_or_null_value(&mut $field, $node)?
    };
    (required $reading:ident [$($reader:expr)?] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $crate::__private::read::Reader::fill_value($crate::__reader!($($reader)?), &mut $field, $node)?
    };
    (optional exact [$($reader:expr)?] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $crate::__private::read::fill_optional_value($crate::__reader!($($reader)?), &mut $field, $node)?
    };
    (nullable exact [$($reader:expr)?] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $field = $crate::Nullable::from_read(
            Some($crate::__private::read::Reader::read_value($crate::__reader!($($reader)?), $node)?),
        )
    };
    (optional tolerant [$($reader:expr)?] $field:expr, $node:ident, $json:expr, $members:ident) => {
        $members.fill_or_set_aside($node, $crate::__reader!($($reader)?), &mut $field, $json)?
    };
    (nullable tolerant [$($reader:expr)?] $field:expr, $node:ident, $json:expr, $members:ident) => {{
        let mut found = None;
        $members.fill_or_set_aside($node, $crate::__reader!($($reader)?), &mut found, $json)?;
        $field = $crate::Nullable::from_read(found);
    }};
}

/// Keeps the members that did not fit, which only a tolerantly read type does.
#[macro_export]
#[doc(hidden)]
macro_rules! __set_aside {
    (exact $members:ident, $self:ident) => {};
    (tolerant $members:ident, $self:ident) => {
        $members.keep_set_aside(&mut $self.extra)
    };
}

/// What becomes of members that the schema does not name.
#[macro_export]
#[doc(hidden)]
macro_rules! __extra {
    (text closed, $members:ident, $parser:ident, $extra:expr) => {
        return Err($crate::__private::read::Mismatch)
    };
    (text open, $members:ident, $parser:ident, $extra:expr) => {
        $members.keep($parser, &mut $extra)?
    };
    (text checked($validator:expr), $members:ident, $parser:ident, $extra:expr) => {
        $members.keep_valid($parser, $validator, &mut $extra)?
    };
    (text typed($reader:expr), $members:ident, $parser:ident, $extra:expr) => {
        $members.keep_read($parser, $reader, &mut $extra)?
    };
    (value closed, $members:ident, $node:ident, $extra:expr) => {
        return Err($crate::__private::read::Mismatch)
    };
    (value open, $members:ident, $node:ident, $extra:expr) => {
        $members.keep($node, &mut $extra)
    };
    (value checked($validator:expr), $members:ident, $node:ident, $extra:expr) => {
        $members.keep_valid($node, $validator, &mut $extra)?
    };
    (value typed($reader:expr), $members:ident, $node:ident, $extra:expr) => {
        $members.keep_read($node, $reader, &mut $extra)?
    };
    (count closed, $self:ident) => {
        0
    };
    (count $kind:ident, $self:ident) => {
        $self.extra.len()
    };
    (write closed, $members:ident, $self:ident) => {};
    (write $kind:ident, $members:ident, $self:ident) => {
        $members.extra(&$self.extra)?
    };
}
