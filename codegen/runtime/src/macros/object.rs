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

            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            #[derive(Clone, Copy)]
            enum Member {
                $($lead,)*
                $($field, $($constant,)*)*
            }

            static MEMBERS: &[Member] = &[$(Member::$lead,)* $(Member::$field, $(Member::$constant,)*)*];
            static NAMES: &[&str] = &[$($lead_json,)* $($crate::__json_name!($field $($json)?), $($constant_json,)*)*];

            impl read::ReadParts for $type {
                #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
                fn parts_of_text(parser: &mut read::Parser<'_>) -> read::Result<Self> {
                    let _guard = read::begin::<Self>()?;
                    let mut members = read::TextMembers::begin(parser)?;
                    $(let mut $lead = None;)*
                    $(let mut $field = None; $(let mut $constant = None;)*)*
                    let mut extra = $crate::__extra!(new $extra);
                    while let Some(place) = members.next(parser, NAMES)? {
                        $(read::check_name($names, NAMES.get(place).copied().unwrap_or(members.name()))?;)?
                        match MEMBERS.get(place) {
                            $(Some(Member::$lead) => {
                                $lead = Some(read::Reader::read_text(read::constant($lead_value), parser)?);
                            })*
                            $(Some(Member::$field) => {
                                let reader = $crate::__reader!($($reader)?);
                                $field = $crate::__read!(text $reading $presence reader, parser, $crate::__json_name!($field $($json)?), extra);
                            }
                            $(Some(Member::$constant) => {
                                $constant = Some(read::Reader::read_text(read::constant($constant_value), parser)?);
                            })*)*
                            _ => $crate::__extra!(text $extra $(($extra_rule))?, members, parser, extra),
                        }
                    }
                    $($lead.ok_or(read::Mismatch)?;)*
                    $($($constant.ok_or(read::Mismatch)?;)*)*
                    $(read::check(!($there.is_some() && $needed.is_none()))?;)*
                    let known = 0 $(+ usize::from($lead.is_some()))*
                        $(+ usize::from($field.is_some()) $(+ usize::from($constant.is_some()))*)*;
                    $(read::check_count($count, known + $crate::__extra!(len $extra, extra))?;)?
                    $crate::__build!($extra, extra, $($field: $presence,)*)
                }

                #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
                fn parts_of_value(node: read::Node<'_>) -> read::Result<Self> {
                    let _guard = read::begin::<Self>()?;
                    let mut members = read::NodeMembers::begin(node)?;
                    $(let mut $lead = None;)*
                    $(let mut $field = None; $(let mut $constant = None;)*)*
                    let mut extra = $crate::__extra!(new $extra);
                    while let Some((place, value)) = members.next(NAMES) {
                        $(read::check_name($names, members.name())?;)?
                        match MEMBERS.get(place) {
                            $(Some(Member::$lead) => {
                                $lead = Some(read::Reader::read_value(read::constant($lead_value), value)?);
                            })*
                            $(Some(Member::$field) => {
                                let reader = $crate::__reader!($($reader)?);
                                $field = $crate::__read!(value $reading $presence reader, value, $crate::__json_name!($field $($json)?), extra);
                            }
                            $(Some(Member::$constant) => {
                                $constant = Some(read::Reader::read_value(read::constant($constant_value), value)?);
                            })*)*
                            _ => $crate::__extra!(value $extra $(($extra_rule))?, members, value, extra),
                        }
                    }
                    $($lead.ok_or(read::Mismatch)?;)*
                    $($($constant.ok_or(read::Mismatch)?;)*)*
                    $(read::check(!($there.is_some() && $needed.is_none()))?;)*
                    $(read::check_count($count, node.object()?.len())?;)?
                    $crate::__build!($extra, extra, $($field: $presence,)*)
                }
            }

            impl $crate::__private::serde::Serialize for $type {
                #[allow(unused_mut)]
                fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut members = $crate::__extra!(begin $extra, self, serializer);
                    $(members.member($lead_json, &$lead_value)?;)*
                    $(
                        members.$presence($crate::__json_name!($field $($json)?), &self.$field)?;
                        $(members.member($constant_json, &$constant_value)?;)*
                    )*
                    $crate::__extra!(write $extra, members, self);
                    members.end()
                }
            }
        };

        $crate::__type!($reading $way $type, $validator, $event, $pointer);
    };
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

/// Reads a member: one that is not required is kept beside the fields where reading is tolerant and it does not fit.
#[macro_export]
#[doc(hidden)]
macro_rules! __read {
    (text $reading:ident required $reader:expr, $parser:expr, $json:expr, $extra:ident) => {
        Some($crate::__private::read::Reader::read_text($reader, $parser)?)
    };
    (value $reading:ident required $reader:expr, $node:expr, $json:expr, $extra:ident) => {
        Some($crate::__private::read::Reader::read_value($reader, $node)?)
    };
    (text exact $presence:ident $reader:expr, $parser:expr, $json:expr, $extra:ident) => {
        Some($crate::__private::read::Reader::read_text($reader, $parser)?)
    };
    (value exact $presence:ident $reader:expr, $node:expr, $json:expr, $extra:ident) => {
        Some($crate::__private::read::Reader::read_value($reader, $node)?)
    };
    (text tolerant $presence:ident $reader:expr, $parser:expr, $json:expr, $extra:ident) => {
        $parser.read_or_keep($reader, $json, &mut $extra)?
    };
    (value tolerant $presence:ident $reader:expr, $node:expr, $json:expr, $extra:ident) => {
        $node.read_or_keep($reader, $json, &mut $extra)?
    };
}

/// What becomes of members that the schema does not name.
#[macro_export]
#[doc(hidden)]
macro_rules! __extra {
    (new closed) => {
        ()
    };
    (new typed) => {
        ::std::collections::BTreeMap::new()
    };
    (new $kind:ident) => {
        $crate::serde_json::Map::new()
    };
    (text closed, $members:ident, $parser:ident, $extra:ident) => {
        return Err($crate::__private::read::Mismatch)
    };
    (text open, $members:ident, $parser:ident, $extra:ident) => {
        $members.keep($parser, &mut $extra)?
    };
    (text checked($validator:expr), $members:ident, $parser:ident, $extra:ident) => {
        $members.keep_valid($parser, $validator, &mut $extra)?
    };
    (text typed($reader:expr), $members:ident, $parser:ident, $extra:ident) => {
        $crate::__private::read::keep_read_text(&mut $members, $parser, $reader, &mut $extra)?
    };
    (value closed, $members:ident, $node:ident, $extra:ident) => {
        return Err($crate::__private::read::Mismatch)
    };
    (value open, $members:ident, $node:ident, $extra:ident) => {
        $members.keep($node, &mut $extra)
    };
    (value checked($validator:expr), $members:ident, $node:ident, $extra:ident) => {
        $members.keep_valid($node, $validator, &mut $extra)?
    };
    (value typed($reader:expr), $members:ident, $node:ident, $extra:ident) => {{
        let value = $crate::__private::read::Reader::read_value($reader, $node)?;
        $extra.insert($members.name().to_owned(), value);
    }};
    (len closed, $extra:ident) => {
        0
    };
    (len $kind:ident, $extra:ident) => {
        $extra.len()
    };
    (begin closed, $self:ident, $serializer:ident) => {
        $crate::__private::write::object($serializer)?
    };
    (begin $kind:ident, $self:ident, $serializer:ident) => {
        $crate::__private::write::object_with_extra($serializer, $self.extra.len())?
    };
    (write closed, $members:ident, $self:ident) => {};
    (write $kind:ident, $members:ident, $self:ident) => {
        $members.extra(&$self.extra)?
    };
}

/// The struct of what was read.
#[macro_export]
#[doc(hidden)]
macro_rules! __build {
    (closed, $extra:ident, $($field:ident: $presence:ident,)*) => {{
        let () = $extra;
        Ok(Self { $($field: $crate::__present!($presence $field)),* })
    }};
    ($kind:ident, $extra:ident, $($field:ident: $presence:ident,)*) => {
        Ok(Self { $($field: $crate::__present!($presence $field),)* extra: $extra })
    };
}

/// A field of what was read.
#[macro_export]
#[doc(hidden)]
macro_rules! __present {
    (required $field:ident) => {
        $field.ok_or($crate::__private::read::Mismatch)?
    };
    (optional $field:ident) => {
        $field
    };
    (nullable $field:ident) => {
        $crate::Nullable::from_read($field)
    };
}
