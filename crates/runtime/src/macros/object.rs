//! The macro `object!`, which implements structs.

/// Implements a struct: an object with named members.
///
/// ```text
/// object! {
///     Type {
///         schema: schemas::TYPE,
///         event: super::Event,
///         pointer: "/pointer/of/the/schema",
///         reading: tolerant,
///         buffered: true,
///         extra: closed,
///         names: schemas::NAMES,
///         count: schemas::TYPE,
///         dependent: { field => other },
///         combinations: { any_of([field], [other, renamed]), one_of([field], [other]), not([field, other]) },
///     }
///     field: required,
///     other: optional = read::string(schemas::OTHER),
///     renamed: nullable "json name",
///     CONSTANT: constant "json name" = Literal::Boolean(true),
/// }
/// ```
///
/// The head has these labels. The labels up to `buffered` are the same for the macros of all types.
///
/// * `schema`: the validator of the type's schema, in the table of the provider.
/// * `event` and `pointer`: the event whose schema document contains the schema, and the schema's location in the
///   document. They are left out for the payload of an event.
/// * `reading: tolerant`: a member that is not required and does not fit is kept in `extra`. Without this label, the
///   type is read exactly: it accepts the values that `schema` accepts.
/// * `buffered: true`: a value is parsed into a `Value` and validated against `schema` before the type is built from
///   it, because the members alone do not decide whether the value is valid. Without this label, the members are read
///   in one pass over the text.
/// * `extra`: how members without a field are handled. `closed`: they are rejected. `checked(validator)`: they are kept
///   if the validator of the object accepts each by its name. `typed(reader)`: they are read into values of a type.
///   Without this label, they are kept as they are.
/// * `names`: a validator of the name of every member.
/// * `count`: a validator whose `minProperties` and `maxProperties` limit the number of members.
/// * `dependent`: if the first member is present, the second must be.
/// * `combinations`: lists of members. A list is satisfied if all of its members are present. At least one list (`any_of`) or
///   exactly one list (`one_of`) must be satisfied, or the only list must not be satisfied (`not`).
///
/// Then follows one line for each member. Members are expected and written in the order of the lines, which is the
/// documented order. A line has:
///
/// * the field, or the name of the associated constant;
/// * its presence: `required`, `optional` (an `Option`), `nullable` (a `Nullable`, which may be absent or null), `conditional` and
///   `conditional_nullable` (the same for a member whose schema only applies under a condition, in a buffered type: another value is
///   kept in `extra`), or `constant` (required, with one value);
/// * its name in JSON, if that is not the name of the field;
/// * its reader, if that is not the reader of the field's type, or the value of a constant.
#[macro_export]
#[doc(hidden)]
macro_rules! object {
    (
        $type:ident {
            schema: $schema:expr
            $(, event: $event:path, pointer: $pointer:literal)?
            $(, reading: $reading:ident)?
            $(, buffered: $buffered:tt)?
            $(, extra: $extra:ident $(($rule:expr))?)?
            $(, names: $names:expr)?
            $(, count: $count:expr)?
            $(, dependent: { $($there:ident => $needed:ident),* $(,)? })?
            $(, combinations: { $($combination:ident($([$($present:ident),* $(,)?]),* $(,)?)),* $(,)? })?
            $(,)?
        }
        $($members:tt)*
    ) => {
        $crate::__object! {
            $type [$($reading)?] [$($buffered)?] [$($extra $(($rule))?)?]
            [$($names)?] [$($count)?] [$($($there => $needed)*)?] [$($($combination($([$($present)*])*))*)?]
            $($members)*
        }

        $crate::__type!(object $type, $schema, [$($event, $pointer)?] [$($reading)?] [$($buffered)?]);
    };
}

/// Implements the readers and the writer of an object. Labels that the head leaves out are passed as `[]`.
#[macro_export]
#[doc(hidden)]
macro_rules! __object {
    (
        $type:ident $reading:tt $buffered:tt $extra:tt
        [$($names:expr)?] [$($count:expr)?] [$($there:ident => $needed:ident)*]
        [$($combination:ident($([$($present:ident)*])*))*]
        $($field:ident: $presence:ident $($json:literal)? $(= $reader:expr)?,)*
    ) => {
        // The block keeps these items apart from the items of other types in the module.
        const _: () = {
            use $crate::__private::read;

            #[allow(non_camel_case_types, non_upper_case_globals, dead_code, clippy::upper_case_acronyms)]
            mod places {
                // An enum numbers the members, and its constants can be patterns of a `match`.
                enum Member {
                    $($field,)*
                }

                $(pub(super) const $field: usize = Member::$field as usize;)*
            }

            const QUOTED: &[&str] = &[$(concat!("\"", $crate::__json_name!($field $($json)?), "\":"),)*];
            static NAMES: [read::Name; QUOTED.len()] = read::names(QUOTED);
            const WORDS: usize = read::words(QUOTED.len());
            const REQUIRED: [u64; WORDS] = read::required(&[$($crate::__is_required!($presence),)*]);

            impl $type {
                #[allow(unused_mut, reason = "not every object has members that may be set aside")]
                fn fill_members(&mut self, parser: &mut read::Parser<'_>) -> read::Result<()> {
                    let mut seen = [0; WORDS];
                    let mut members = read::ObjectMembers::new(&NAMES, &REQUIRED, &mut seen);
                    let mut set_aside = read::SetAside::default();
                    loop {
                        let place = members.next(parser)?;
                        $(members.check_name(parser, $names, place)?;)?
                        match place {
                            $(places::$field => $crate::__fill!($presence $reading [$($reader)?] self.$field, parser,
                                $crate::__json_name!($field $($json)?), set_aside),)*
                            read::END => break,
                            _ => $crate::__extra!(read $extra, members, parser, self.extra),
                        }
                    }
                    $(members.check_dependent(places::$there, places::$needed)?;)*
                    $(members.$combination(&[$(&[$(places::$present),*]),*])?;)*
                    $(members.check_count($count)?;)?
                    $($crate::__keep!($presence set_aside, parser, self);)*
                    $crate::__keep!($reading set_aside, parser, self);
                    // Without members that may be set aside, this is the only use of the variable.
                    drop(set_aside);
                    Ok(())
                }
            }

            #[doc(hidden)]
            impl $crate::__private::write::WriteObject for $type {
                const PLAIN_NAMES: bool = $crate::__private::write::are_plain(QUOTED);

                fn extra_count(&self) -> usize {
                    $crate::__extra!(count $extra, self)
                }

                fn write_members<M: $crate::__private::write::WriteMembers>(&self, members: &mut M) -> Result<(), M::Error> {
                    $($crate::__write_member!($presence [$($reader)?] members,
                        concat!(",\"", $crate::__json_name!($field $($json)?), "\":"), self.$field);)*
                    $crate::__extra!(write $extra, members, self);
                    Ok(())
                }
            }

            $crate::__write!($type: serialize_object, write_object);
        };
    };
}

/// Expands to the JSON name of a member: the name of its field, unless the declaration has another name.
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

/// Expands to the reader of a member: the reader of its type, unless the declaration has another reader.
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

/// Expands to whether a member must be present.
#[macro_export]
#[doc(hidden)]
macro_rules! __is_required {
    (required) => {
        true
    };
    (constant) => {
        true
    };
    ($presence:ident) => {
        false
    };
}

/// Reads a member into its field. If the value of a member that is not required does not match, the member is set aside where
/// reading is tolerant, or where the schema of the member may not apply.
#[macro_export]
#[doc(hidden)]
macro_rules! __fill {
    // Whether the constant has escapes is computed by the compiler.
    (constant $reading:tt [$value:expr] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        const { &$crate::__private::read::constant($value) }.take($parser)?
    };
    (required $reading:tt [] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__private::read::Read::fill(&mut $field, $parser)?
    };
    (required $reading:tt [$reader:expr] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__private::read::Reader::fill($reader, &mut $field, $parser)?
    };
    (nullable [] [] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__private::read::Read::fill(&mut $field, $parser)?
    };
    (optional [] [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__private::read::fill_optional($crate::__reader!($($reader)?), &mut $field, $parser)?
    };
    (nullable [] [$reader:expr] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__private::read::fill_nullable($reader, &mut $field, $parser)?
    };
    (conditional $reading:tt [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__fill!(optional [tolerant]
            [$crate::__private::read::conditional($crate::__reader!($($reader)?))] $field, $parser, $json, $set_aside)
    };
    (conditional_nullable $reading:tt [$($reader:expr)?] $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $crate::__fill!(nullable [tolerant]
            [$crate::__private::read::conditional($crate::__reader!($($reader)?))] $field, $parser, $json, $set_aside)
    };
    ($presence:ident [tolerant] $reader:tt $field:expr, $parser:ident, $json:expr, $set_aside:ident) => {
        $set_aside.fill(&mut $field, $parser, $json, |field, parser| {
            $crate::__fill!($presence [] $reader *field, parser, $json, $set_aside);
            Ok(())
        })?
    };
}

/// Writes a member.
#[macro_export]
#[doc(hidden)]
macro_rules! __write_member {
    (constant [$value:expr] $members:ident, $name:expr, $field:expr) => {
        $members.required($name, &const { $crate::__private::read::constant($value) })?
    };
    (conditional [$($reader:expr)?] $members:ident, $name:expr, $field:expr) => {
        $members.optional($name, &$field)?
    };
    (conditional_nullable [$($reader:expr)?] $members:ident, $name:expr, $field:expr) => {
        $members.nullable($name, &$field)?
    };
    ($presence:ident [$($reader:expr)?] $members:ident, $name:expr, $field:expr) => {
        $members.$presence($name, &$field)?
    };
}

/// Keeps the members that were set aside, in a type that is read tolerantly or has a conditional member.
#[macro_export]
#[doc(hidden)]
macro_rules! __keep {
    ([tolerant] $set_aside:ident, $parser:ident, $self:ident) => {
        $set_aside.keep($parser, &mut $self.extra)?
    };
    // Each conditional member expands to this call. Only the first one finds members to keep.
    (conditional $set_aside:ident, $parser:ident, $self:ident) => {
        $set_aside.keep($parser, &mut $self.extra)?
    };
    (conditional_nullable $set_aside:ident, $parser:ident, $self:ident) => {
        $set_aside.keep($parser, &mut $self.extra)?
    };
    ($of_others:tt $set_aside:ident, $parser:ident, $self:ident) => {};
}

/// Reads, counts or writes the members that the schema does not name.
#[macro_export]
#[doc(hidden)]
macro_rules! __extra {
    (read [closed], $members:ident, $parser:ident, $extra:expr) => {
        return Err($crate::__private::read::Mismatch)
    };
    (read [], $members:ident, $parser:ident, $extra:expr) => {
        $members.keep($parser, &mut $extra)?
    };
    (read [checked($validator:expr)], $members:ident, $parser:ident, $extra:expr) => {
        $members.keep_valid($parser, $validator, &mut $extra)?
    };
    (read [typed($reader:expr)], $members:ident, $parser:ident, $extra:expr) => {
        $members.keep_read($parser, $reader, &mut $extra)?
    };
    (count [closed], $self:ident) => {
        0
    };
    (count $extra:tt, $self:ident) => {
        $self.extra.len()
    };
    (write [closed], $members:ident, $self:ident) => {};
    (write $extra:tt, $members:ident, $self:ident) => {
        $members.extra(&$self.extra)?
    };
}
