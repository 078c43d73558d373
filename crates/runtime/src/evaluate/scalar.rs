//! Evaluates the keywords for types, constants, numbers and strings.

use super::Evaluation;
use super::path::At;
use crate::instance::Instance;
use crate::number;
use crate::schema::{Keyword, Types};
use crate::violation_kind::ViolationKind;

impl<'s> Evaluation<'s> {
    pub(super) fn scalar(
        &mut self,
        keyword: &Keyword<'s>,
        siblings: &[Keyword<'s>],
        instance: Instance<'_>,
        at: At<'_>,
    ) -> bool {
        if self.holds(keyword, instance) {
            return !self.typed || held(keyword, siblings, instance) || {
                self.fail(at, "type", instance, || integer_range(siblings))
            };
        }
        self.fail(at, name(keyword), instance, || kind(keyword, instance))
    }

    fn holds(&self, keyword: &Keyword<'s>, instance: Instance<'_>) -> bool {
        match (keyword, instance) {
            (Keyword::Type(types), _) => types.accept(instance),
            (Keyword::Const(literal), _) => literal.equals(instance),
            (Keyword::Enum(literals), _) => literals.iter().any(|literal| literal.equals(instance)),
            (Keyword::Minimum(bound), Instance::Number(value)) => number::compare(value, *bound).is_ge(),
            (Keyword::ExclusiveMinimum(bound), Instance::Number(value)) => number::compare(value, *bound).is_gt(),
            (Keyword::Maximum(bound), Instance::Number(value)) => number::compare(value, *bound).is_le(),
            (Keyword::ExclusiveMaximum(bound), Instance::Number(value)) => number::compare(value, *bound).is_lt(),
            (Keyword::MultipleOf(divisor), Instance::Number(value)) => number::is_multiple_of(value, *divisor),
            // At least n is more than n - 1, so one function finds both limits without counting to the end.
            (Keyword::MinLength(limit), Instance::String(value)) => *limit == 0 || longer_than(value, limit - 1),
            (Keyword::MaxLength(limit), Instance::String(value)) => !longer_than(value, *limit),
            (Keyword::Pattern(pattern), Instance::String(value)) => self.decide(pattern, value) == Some(true),
            _ => true,
        }
    }
}

/// Returns whether the Rust type for the keyword can hold the instance.
fn held(keyword: &Keyword<'_>, siblings: &[Keyword<'_>], instance: Instance<'_>) -> bool {
    // Only `type` chooses an integer type, so the other keywords say nothing about it. Without this, an integer out of
    // range would be reported once for each keyword.
    let (Keyword::Type(types), Instance::Number(value)) = (keyword, instance) else { return true };
    let greatest = if is_unsigned(siblings) { i128::from(u64::MAX) } else { i128::from(i64::MAX) };
    types.contains(Types::NUMBER)
        || siblings.iter().any(|keyword| matches!(keyword, Keyword::AnyInteger))
        || number::to_integer(value).is_some_and(|value| value >= i128::from(i64::MIN) && value <= greatest)
}

/// Returns whether the Rust type for integers is `u64` and not `i64`: no integer may be negative.
fn is_unsigned(siblings: &[Keyword<'_>]) -> bool {
    siblings.iter().any(|keyword| match keyword {
        Keyword::Minimum(least) | Keyword::ExclusiveMinimum(least) => number::compare(&0.into(), *least).is_le(),
        _ => false,
    })
}

fn integer_range(siblings: &[Keyword<'_>]) -> ViolationKind {
    match is_unsigned(siblings) {
        true => ViolationKind::IntegerRange { min: 0, max: u64::MAX.into() },
        false => ViolationKind::IntegerRange { min: i64::MIN.into(), max: i64::MAX.into() },
    }
}

fn name(keyword: &Keyword<'_>) -> &'static str {
    match keyword {
        Keyword::Type(_) => "type",
        Keyword::Const(_) => "const",
        Keyword::Enum(_) => "enum",
        Keyword::Minimum(_) => "minimum",
        Keyword::ExclusiveMinimum(_) => "exclusiveMinimum",
        Keyword::Maximum(_) => "maximum",
        Keyword::ExclusiveMaximum(_) => "exclusiveMaximum",
        Keyword::MultipleOf(_) => "multipleOf",
        Keyword::MinLength(_) => "minLength",
        Keyword::MaxLength(_) => "maxLength",
        _ => "pattern",
    }
}

/// Returns how the instance violates the keyword.
fn kind(keyword: &Keyword<'_>, instance: Instance<'_>) -> ViolationKind {
    let number = || match instance {
        Instance::Number(value) => value.to_string(),
        _ => String::new(),
    };
    let length = || match instance {
        Instance::String(value) => value.chars().count() as u64,
        _ => 0,
    };
    match keyword {
        Keyword::Type(types) => ViolationKind::Type { expected: types.names().collect(), actual: instance.type_name() },
        Keyword::Const(literal) => ViolationKind::Const { expected: literal.to_string() },
        Keyword::Enum(literals) => ViolationKind::Enum { expected: literals.iter().map(ToString::to_string).collect() },
        Keyword::Minimum(limit) => ViolationKind::Minimum { limit: limit.to_string(), actual: number() },
        Keyword::ExclusiveMinimum(limit) => {
            ViolationKind::ExclusiveMinimum { limit: limit.to_string(), actual: number() }
        }
        Keyword::Maximum(limit) => ViolationKind::Maximum { limit: limit.to_string(), actual: number() },
        Keyword::ExclusiveMaximum(limit) => {
            ViolationKind::ExclusiveMaximum { limit: limit.to_string(), actual: number() }
        }
        Keyword::MultipleOf(divisor) => ViolationKind::MultipleOf { divisor: divisor.to_string(), actual: number() },
        Keyword::MinLength(limit) => ViolationKind::MinLength { limit: *limit, actual: length() },
        Keyword::MaxLength(limit) => ViolationKind::MaxLength { limit: *limit, actual: length() },
        Keyword::Pattern(pattern) => {
            let source = pattern.source().to_owned();
            match instance {
                Instance::String(text) if pattern.decide(text).is_none() => {
                    ViolationKind::Undecided { pattern: source }
                }
                _ => ViolationKind::Pattern { pattern: source },
            }
        }
        // The other keywords are not about scalars.
        _ => ViolationKind::False,
    }
}

/// Returns whether the string has more than `limit` code points.
fn longer_than(text: &str, limit: u64) -> bool {
    match usize::try_from(limit) {
        // A code point takes at least one byte, so most strings need no count.
        Ok(limit) => text.len() > limit && text.chars().nth(limit).is_some(),
        Err(_) => false,
    }
}
