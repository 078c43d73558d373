//! Tables of schemas. Codegen compiles JSON Schemas to tables, and the evaluator walks them.
//!
//! A table is a slice of [`Schema`]s that refer to each other by index. References are resolved, the keywords of all
//! dialects are converted to one model, and annotations are removed. A table contains only the keywords that decide
//! whether an instance is valid.

use crate::instance::{Instance, Literal};
use crate::number::NumberLiteral;
use crate::pattern::Pattern;

/// The index of a schema in its table.
pub type Id = u32;

/// A schema, as the list of its keywords. A schema without keywords accepts every instance.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'s>(pub &'s [Keyword<'s>]);

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Types(pub u8);

impl Types {
    /// `null`
    pub const NULL: Types = Types(1);
    /// `boolean`
    pub const BOOLEAN: Types = Types(2);
    /// `integer`: a number without a fractional part
    pub const INTEGER: Types = Types(4);
    /// `number`: any number
    pub const NUMBER: Types = Types(8);
    /// `string`
    pub const STRING: Types = Types(16);
    /// `array`
    pub const ARRAY: Types = Types(32);
    /// `object`
    pub const OBJECT: Types = Types(64);

    const NAMES: [&'static str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

    /// Returns the types that are in either set.
    pub const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    /// Returns whether every type of `other` is in this set.
    pub const fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the type with a name in JSON Schema.
    pub fn named(name: &str) -> Option<Types> {
        Types::NAMES.iter().position(|known| *known == name).map(|index| Types(1 << index))
    }

    /// Returns the names of the types in JSON Schema.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Types::NAMES.into_iter().enumerate().filter(move |(index, _)| self.0 & (1 << index) != 0).map(|(_, name)| name)
    }

    /// Returns whether the instance is of one of the types.
    pub fn accept(self, instance: Instance<'_>) -> bool {
        match instance {
            Instance::Null => self.contains(Types::NULL),
            Instance::Boolean(_) => self.contains(Types::BOOLEAN),
            Instance::Number(number) => {
                // In every dialect here, `1.0` is an integer.
                self.contains(Types::NUMBER) || self.contains(Types::INTEGER) && crate::number::is_integer(number)
            }
            Instance::String(_) => self.contains(Types::STRING),
            Instance::Array(_) => self.contains(Types::ARRAY),
            Instance::Object(_) => self.contains(Types::OBJECT),
        }
    }
}

/// A keyword that decides whether an instance is valid, with its value.
///
/// If dialects have different names for one keyword, a `bool` selects the name for pointers into the schema.
#[derive(Clone, Copy, Debug)]
pub enum Keyword<'s> {
    /// The schema `false`.
    False,
    /// `$ref`: the target, its JSON Pointer in the document, and the dynamic anchors of the resource that contains it.
    Ref(Id, &'s str, &'s [(&'s str, Id)]),
    /// `$dynamicRef`: the anchor, the target if no outer resource has the anchor, and the JSON Pointer of this target.
    DynamicRef(&'s str, Id, &'s str),
    /// The dynamic anchors of the schema resource whose root is this schema.
    DynamicScope(&'s [(&'s str, Id)]),
    /// `type`
    Type(Types),
    /// `x-number`: the Rust type can hold every integer.
    AnyInteger,
    /// `const`
    Const(Literal<'s>),
    /// `enum`
    Enum(&'s [Literal<'s>]),
    /// `multipleOf`
    MultipleOf(NumberLiteral<'s>),
    /// `maximum`
    Maximum(NumberLiteral<'s>),
    /// `exclusiveMaximum`
    ExclusiveMaximum(NumberLiteral<'s>),
    /// `minimum`
    Minimum(NumberLiteral<'s>),
    /// `exclusiveMinimum`
    ExclusiveMinimum(NumberLiteral<'s>),
    /// `maxLength`, in code points
    MaxLength(u64),
    /// `minLength`, in code points
    MinLength(u64),
    /// `pattern`
    Pattern(&'s Pattern<'s>),
    /// `maxItems`
    MaxItems(u64),
    /// `minItems`
    MinItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// `prefixItems` and `items`; up to 2019-09 `items` and `additionalItems`
    Items {
        /// The schemas of the first items, by position.
        prefix: &'s [Id],
        /// The schema of every further item.
        rest: Option<Id>,
        /// Whether `items` may be an array in the dialect, as up to 2019-09; pointers then name `items` and
        /// `additionalItems`.
        items_array: bool,
    },
    /// `contains`, with `minContains` and `maxContains`
    Contains {
        /// The schema that some items must fit.
        schema: Id,
        /// The minimum number of matching items.
        min: Option<u64>,
        /// The maximum number of matching items.
        max: Option<u64>,
        /// Whether a matching item counts as evaluated.
        evaluates: bool,
    },
    /// `maxProperties`
    MaxProperties(u64),
    /// `minProperties`
    MinProperties(u64),
    /// `required`
    Required(&'s [&'s str]),
    /// `dependentRequired`; up to draft-07, and if the `bool` is true, `dependencies`
    DependentRequired(&'s [(&'s str, &'s [&'s str])], bool),
    /// `properties`, `patternProperties` and `additionalProperties`
    Properties {
        /// The schemas of members by name, sorted by name.
        named: &'s [(&'s str, Id)],
        /// The schemas of members whose names match a pattern.
        patterns: &'s [(&'s Pattern<'s>, Id)],
        /// The schema of every other member.
        additional: Option<Id>,
    },
    /// `propertyNames`
    PropertyNames(Id),
    /// `allOf`
    AllOf(&'s [Id]),
    /// `anyOf`
    AnyOf(&'s [Id]),
    /// `oneOf`
    OneOf(&'s [Id]),
    /// `not`
    Not(Id),
    /// `if`, `then` and `else`
    If(Id, Option<Id>, Option<Id>),
    /// `dependentSchemas`; up to draft-07, and if the `bool` is true, `dependencies`
    DependentSchemas(&'s [(&'s str, Id)], bool),
    /// `unevaluatedItems`
    UnevaluatedItems(Id),
    /// `unevaluatedProperties`
    UnevaluatedProperties(Id),
}

/// Returns a `properties` keyword, without `patternProperties` and `additionalProperties`.
pub const fn properties<'s>(named: &'s [(&'s str, Id)]) -> Keyword<'s> {
    Keyword::Properties { named, patterns: &[], additional: None }
}

/// Returns a `properties` keyword with `additionalProperties`.
pub const fn properties_and<'s>(named: &'s [(&'s str, Id)], additional: Id) -> Keyword<'s> {
    Keyword::Properties { named, patterns: &[], additional: Some(additional) }
}

/// Returns an `items` keyword that applies to every item.
pub const fn items<'s>(rest: Id) -> Keyword<'s> {
    Keyword::Items { prefix: &[], rest: Some(rest), items_array: false }
}
