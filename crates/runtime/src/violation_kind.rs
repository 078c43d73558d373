//! The kinds of violations, as data, and English descriptions of the keywords' requirements.

use std::fmt::{self, Display, Formatter};

/// The keyword that a value violates, with its limits and the value in the payload.
///
/// `Display` describes the requirement of the keyword in English. The text contains no value of the payload. Numbers,
/// and the values of `const` and `enum`, are JSON text, because no number type of Rust keeps every digit of every JSON
/// number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ViolationKind {
    /// `type`: the value is of another type.
    Type {
        /// The names of the types that are allowed.
        expected: Vec<&'static str>,
        /// The name of the value's type.
        actual: &'static str,
    },
    /// `const`: the value is not the constant.
    Const {
        /// The constant, as JSON text.
        expected: String,
    },
    /// `enum`: the value is not listed.
    Enum {
        /// The listed values, each as JSON text.
        expected: Vec<String>,
    },
    /// `minimum`: the number is less than the limit.
    Minimum {
        /// The least allowed number, as JSON text.
        limit: String,
        /// The number in the payload, as JSON text.
        actual: String,
    },
    /// `exclusiveMinimum`: the number is not greater than the limit.
    ExclusiveMinimum {
        /// The number must be greater than this one, as JSON text.
        limit: String,
        /// The number in the payload, as JSON text.
        actual: String,
    },
    /// `maximum`: the number is greater than the limit.
    Maximum {
        /// The greatest allowed number, as JSON text.
        limit: String,
        /// The number in the payload, as JSON text.
        actual: String,
    },
    /// `exclusiveMaximum`: the number is not less than the limit.
    ExclusiveMaximum {
        /// The number must be less than this one, as JSON text.
        limit: String,
        /// The number in the payload, as JSON text.
        actual: String,
    },
    /// `multipleOf`: the number is not a multiple of the divisor.
    MultipleOf {
        /// The divisor, as JSON text.
        divisor: String,
        /// The number in the payload, as JSON text.
        actual: String,
    },
    /// `minLength`: the string is too short.
    MinLength {
        /// The minimum number of characters (Unicode code points).
        limit: u64,
        /// The number of characters of the string.
        actual: u64,
    },
    /// `maxLength`: the string is too long.
    MaxLength {
        /// The maximum number of characters (Unicode code points).
        limit: u64,
        /// The number of characters of the string.
        actual: u64,
    },
    /// `pattern`: the string does not match.
    Pattern {
        /// The regular expression, as the schema has it.
        pattern: String,
    },
    /// `minItems`: the array has too few items.
    MinItems {
        /// The minimum number of items.
        limit: u64,
        /// The number of items of the array.
        actual: u64,
    },
    /// `maxItems`: the array has too many items.
    MaxItems {
        /// The maximum number of items.
        limit: u64,
        /// The number of items of the array.
        actual: u64,
    },
    /// `uniqueItems`: two items are equal.
    UniqueItems {
        /// The index of an item.
        first: usize,
        /// The index of the item that is equal to it.
        second: usize,
    },
    /// `contains` or `minContains`: too few items match the schema of `contains`.
    MinContains {
        /// The minimum number of matching items. It is 1 if there is no `minContains`.
        limit: u64,
        /// The number of matching items.
        actual: u64,
    },
    /// `maxContains`: too many items match the schema of `contains`.
    MaxContains {
        /// The maximum number of matching items.
        limit: u64,
        /// The number of matching items.
        actual: u64,
    },
    /// `minProperties`: the object has too few members.
    MinProperties {
        /// The minimum number of members.
        limit: u64,
        /// The number of members of the object.
        actual: u64,
    },
    /// `maxProperties`: the object has too many members.
    MaxProperties {
        /// The maximum number of members.
        limit: u64,
        /// The number of members of the object.
        actual: u64,
    },
    /// `required`: a required member is missing.
    Required {
        /// The name of the member.
        name: String,
    },
    /// `dependentRequired` (`dependencies` in draft-07): a member is missing that another member requires.
    DependentRequired {
        /// The name of the missing member.
        name: String,
        /// The name of the member that requires it.
        because: String,
    },
    /// `propertyNames`: the name of a member does not match the schema.
    PropertyNames {
        /// The name of the member.
        name: String,
        /// The keyword that the name violates.
        kind: Box<ViolationKind>,
    },
    /// `additionalProperties` is `false`, and the object has a member that no other keyword names.
    AdditionalProperties {
        /// The name of the member.
        name: String,
    },
    /// `items` (`additionalItems` in draft-07) is `false`, and the array has an item to which it applies.
    AdditionalItems {
        /// The index of the item.
        index: usize,
    },
    /// `unevaluatedProperties` is `false`, and the object has a member that no other keyword evaluates.
    UnevaluatedProperties {
        /// The name of the member.
        name: String,
    },
    /// `unevaluatedItems` is `false`, and the array has an item that no other keyword evaluates.
    UnevaluatedItems {
        /// The index of the item.
        index: usize,
    },
    /// The schema `false` in any other place, which allows no value.
    False,
    /// `anyOf`: the value matches no branch.
    AnyOf {
        /// The number of branches.
        branches: usize,
        /// The index of the branch that is closest to matching. Its violations follow as violations of their own.
        best: Option<usize>,
        /// The names of the types that the branches allow, if the value has none of these types. Otherwise empty.
        types: Vec<&'static str>,
    },
    /// `oneOf`: the value matches no branch, or several.
    OneOf {
        /// The number of branches.
        branches: usize,
        /// The indices of the branches that match: none, or more than one.
        matching: Vec<usize>,
        /// If no branch matches, the index of the branch that is closest to matching, as in [`ViolationKind::AnyOf`].
        best: Option<usize>,
        /// The names of the types that the branches allow, if the value has none of these types. Otherwise empty.
        types: Vec<&'static str>,
    },
    /// `not`: the value matches the schema that it must not match.
    Not,
    /// The schema allows the integer, but it is outside the range of the Rust type.
    IntegerRange {
        /// The least integer of the type.
        min: i128,
        /// The greatest integer of the type.
        max: i128,
    },
    /// The schema allows the payload, but the Rust type cannot hold it for another reason.
    Unrepresentable {
        /// The reason, in English.
        reason: String,
    },
    /// The references of the schema nest too deep for the value to be evaluated.
    Recursion,
    /// `pattern` or `patternProperties`: the match was not decided within the allowed number of steps. This happens
    /// only for expressions that need backtracking, which a provider must opt in to.
    Undecided {
        /// The expression, as the schema has it.
        pattern: String,
    },
}

impl ViolationKind {
    /// Returns the approximate number of bytes in the texts.
    pub(crate) fn weight(&self) -> usize {
        match self {
            // Many short values take more memory than their bytes.
            ViolationKind::Enum { expected } => expected.iter().map(|value| value.len() + size_of::<String>()).sum(),
            ViolationKind::Const { expected: text }
            | ViolationKind::Pattern { pattern: text }
            | ViolationKind::Undecided { pattern: text }
            | ViolationKind::Required { name: text }
            | ViolationKind::DependentRequired { name: text, .. }
            | ViolationKind::AdditionalProperties { name: text }
            | ViolationKind::UnevaluatedProperties { name: text } => text.len(),
            ViolationKind::PropertyNames { name, kind } => name.len() + kind.weight(),
            _ => 0,
        }
    }

    /// Returns the name of the missing member that the keyword requires.
    pub fn missing(&self) -> Option<&str> {
        match self {
            ViolationKind::Required { name } | ViolationKind::DependentRequired { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl Display for ViolationKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ViolationKind::Type { expected, .. } => types(f, expected),
            ViolationKind::Const { expected } => f.write_str(expected),
            ViolationKind::Enum { expected } => choices(f, expected),
            ViolationKind::Minimum { limit, .. } => write!(f, "at least {limit}"),
            ViolationKind::ExclusiveMinimum { limit, .. } => write!(f, "more than {limit}"),
            ViolationKind::Maximum { limit, .. } => write!(f, "at most {limit}"),
            ViolationKind::ExclusiveMaximum { limit, .. } => write!(f, "less than {limit}"),
            ViolationKind::MultipleOf { divisor, .. } => write!(f, "a multiple of {divisor}"),
            ViolationKind::MinLength { limit, .. } => write!(f, "at least {}", Count(*limit, "character")),
            ViolationKind::MaxLength { limit, .. } => write!(f, "at most {}", Count(*limit, "character")),
            ViolationKind::Pattern { pattern } => write!(f, "text that matches {pattern:?}"),
            ViolationKind::MinItems { limit, .. } => write!(f, "at least {}", Count(*limit, "item")),
            ViolationKind::MaxItems { limit, .. } => write!(f, "at most {}", Count(*limit, "item")),
            ViolationKind::UniqueItems { first, second } => {
                write!(f, "no two equal items (items {first} and {second} are equal)")
            }
            ViolationKind::MinContains { limit, actual } => contains(f, "at least", *limit, *actual),
            ViolationKind::MaxContains { limit, actual } => contains(f, "at most", *limit, *actual),
            ViolationKind::MinProperties { limit, .. } => write!(f, "at least {}", Count(*limit, "member")),
            ViolationKind::MaxProperties { limit, .. } => write!(f, "at most {}", Count(*limit, "member")),
            ViolationKind::Required { name } => write!(f, "the member {}", Quoted(name)),
            ViolationKind::DependentRequired { name, because } => {
                write!(f, "the member {}, because there is {}", Quoted(name), Quoted(because))
            }
            ViolationKind::PropertyNames { kind, .. } => kind.fmt(f),
            ViolationKind::AdditionalProperties { .. }
            | ViolationKind::AdditionalItems { .. }
            | ViolationKind::UnevaluatedProperties { .. }
            | ViolationKind::UnevaluatedItems { .. }
            | ViolationKind::False => f.write_str("no value here"),
            ViolationKind::AnyOf { branches, best, types } => no_branch(f, *branches, *best, types),
            ViolationKind::OneOf { branches, matching, best, types } if matching.is_empty() => {
                no_branch(f, *branches, *best, types)
            }
            ViolationKind::OneOf { matching, .. } => several_branches(f, matching),
            ViolationKind::Not => f.write_str("a value that does not fit \"not\""),
            ViolationKind::IntegerRange { min, max } => {
                write!(f, "an integer between {} and {}, which the type can hold", Power(*min), Power(*max))
            }
            ViolationKind::Unrepresentable { reason } => write!(f, "a payload that the type can hold ({reason})"),
            ViolationKind::Recursion => f.write_str("less nesting"),
            ViolationKind::Undecided { pattern } => {
                write!(f, "text on which {pattern:?} is decided within the allowed number of steps")
            }
        }
    }
}

/// Returns the name of a type with its article.
pub(crate) fn with_article(name: &str) -> String {
    match name {
        "" | "null" => name.to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

fn types(f: &mut Formatter<'_>, names: &[&str]) -> fmt::Result {
    let names: Vec<String> = names.iter().map(|name| with_article(name)).collect();
    f.write_str(&names.join(" or "))
}

fn choices(f: &mut Formatter<'_>, values: &[String]) -> fmt::Result {
    const SHOWN: usize = 12;
    if let [only] = values {
        return f.write_str(only);
    }
    write!(f, "one of {}", values.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", "))?;
    if values.len() > SHOWN { write!(f, ", … ({} in all)", values.len()) } else { Ok(()) }
}

fn contains(f: &mut Formatter<'_>, bound: &str, limit: u64, actual: u64) -> fmt::Result {
    let fit = if limit == 1 { "fits" } else { "fit" };
    let does = if actual == 1 { "does" } else { "do" };
    write!(f, "{bound} {} that {fit} \"contains\" ({actual} {does})", Count(limit, "item"))
}

fn no_branch(f: &mut Formatter<'_>, branches: usize, best: Option<usize>, allowed: &[&str]) -> fmt::Result {
    if !allowed.is_empty() {
        return types(f, allowed);
    }
    write!(f, "a value that fits one of {}", Count(branches as u64, "branch"))?;
    match best {
        Some(best) => write!(f, " (branch {best} fits best)"),
        None => Ok(()),
    }
}

fn several_branches(f: &mut Formatter<'_>, matching: &[usize]) -> fmt::Result {
    let matching: Vec<String> = matching.iter().map(usize::to_string).collect();
    let (last, others) = matching.split_last().map_or(("", &[] as &[String]), |(last, others)| (last, others));
    write!(f, "a value that fits one branch only (it fits branches {} and {last})", others.join(", "))
}

/// A number of things.
pub(crate) struct Count(pub(crate) u64, pub(crate) &'static str);

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Count(count, thing) = self;
        let plural = match (count, thing.ends_with("ch")) {
            (1, _) => "",
            (_, true) => "es",
            (_, false) => "s",
        };
        write!(f, "{count} {thing}{plural}")
    }
}

/// A name as a JSON string.
struct Quoted<'n>(&'n str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        serde_json::Value::from(self.0).fmt(f)
    }
}

/// The limit of an integer type, as a power of two where it is one.
struct Power(i128);

impl Display for Power {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const LEAST: i128 = i64::MIN as i128;
        const GREATEST: i128 = i64::MAX as i128;
        const GREATEST_UNSIGNED: i128 = u64::MAX as i128;
        match self.0 {
            LEAST => f.write_str("-2^63"),
            GREATEST => f.write_str("2^63-1"),
            GREATEST_UNSIGNED => f.write_str("2^64-1"),
            other => other.fmt(f),
        }
    }
}
