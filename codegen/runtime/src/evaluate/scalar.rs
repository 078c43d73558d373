//! Keywords about the value itself: its type, constants, numbers and strings.

use super::Evaluation;
use super::path::{At, Step};
use crate::instance::{Instance, Literal};
use crate::number;
use crate::schema::{Keyword, Types};

impl<'s> Evaluation<'s> {
    pub(super) fn scalar(&mut self, keyword: &Keyword<'s>, instance: Instance<'_>, at: At<'_>) -> bool {
        if holds(keyword, instance) {
            return !self.typed || held(keyword, instance) || {
                let expected = || "an integer between -2^63 and 2^64-1, which the type can hold".to_owned();
                self.fail(at, &[Step::Name("type")], "type", instance, expected)
            };
        }
        let (name, expected) = expectation(keyword);
        self.fail(at, &[Step::Name(name)], name, instance, expected)
    }
}

fn holds(keyword: &Keyword<'_>, instance: Instance<'_>) -> bool {
    match (keyword, instance) {
        (Keyword::Type(types), _) => types.accept(instance),
        (Keyword::Const(literal), _) => literal.equals(instance),
        (Keyword::Enum(literals), _) => literals.iter().any(|literal| literal.equals(instance)),
        (Keyword::Minimum(bound), Instance::Number(value)) => number::compare(value, *bound).is_ge(),
        (Keyword::ExclusiveMinimum(bound), Instance::Number(value)) => number::compare(value, *bound).is_gt(),
        (Keyword::Maximum(bound), Instance::Number(value)) => number::compare(value, *bound).is_le(),
        (Keyword::ExclusiveMaximum(bound), Instance::Number(value)) => number::compare(value, *bound).is_lt(),
        (Keyword::MultipleOf(divisor), Instance::Number(value)) => number::is_multiple_of(value, *divisor),
        (Keyword::MinLength(limit), Instance::String(value)) => *limit == 0 || longer_than(value, limit - 1),
        (Keyword::MaxLength(limit), Instance::String(value)) => !longer_than(value, *limit),
        (Keyword::Pattern(pattern), Instance::String(value)) => pattern.matches(value),
        _ => true,
    }
}

/// Whether the Rust type for the keyword can hold the instance.
fn held(keyword: &Keyword<'_>, instance: Instance<'_>) -> bool {
    match (keyword, instance) {
        (Keyword::Type(types), Instance::Number(value)) => {
            types.contains(Types::NUMBER) || number::to_integer(value).is_some()
        }
        _ => true,
    }
}

/// The keyword's name, and what it asks for.
fn expectation<'s>(keyword: &Keyword<'s>) -> (&'static str, impl FnOnce() -> String + use<'s>) {
    let keyword = *keyword;
    let name = match keyword {
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
    };
    let expected = move || match keyword {
        Keyword::Type(types) => kinds(types),
        Keyword::Const(literal) => literal.to_string(),
        Keyword::Enum(literals) => format!("one of {}", choices(literals)),
        Keyword::Minimum(bound) => format!("at least {bound}"),
        Keyword::ExclusiveMinimum(bound) => format!("more than {bound}"),
        Keyword::Maximum(bound) => format!("at most {bound}"),
        Keyword::ExclusiveMaximum(bound) => format!("less than {bound}"),
        Keyword::MultipleOf(divisor) => format!("a multiple of {divisor}"),
        Keyword::MinLength(limit) => format!("at least {}", characters(limit)),
        Keyword::MaxLength(limit) => format!("at most {}", characters(limit)),
        Keyword::Pattern(pattern) => format!("text that matches {:?}", pattern.source()),
        _ => String::new(),
    };
    (name, expected)
}

/// Whether the string has more than `limit` code points.
fn longer_than(text: &str, limit: u64) -> bool {
    match usize::try_from(limit) {
        // A code point takes at least one byte, so most strings need no count.
        Ok(limit) => text.len() > limit && text.chars().nth(limit).is_some(),
        Err(_) => false,
    }
}

fn characters(count: u64) -> String {
    format!("{count} character{}", if count == 1 { "" } else { "s" })
}

pub(super) fn kinds(types: Types) -> String {
    let names: Vec<_> = types
        .names()
        .map(|name| match name {
            "null" => "null".to_owned(),
            "integer" | "array" | "object" => format!("an {name}"),
            _ => format!("a {name}"),
        })
        .collect();
    names.join(" or ")
}

fn choices(literals: &[Literal<'_>]) -> String {
    const SHOWN: usize = 12;
    let mut text: Vec<String> = literals.iter().take(SHOWN).map(ToString::to_string).collect();
    if literals.len() > SHOWN {
        text.push(format!("… ({} in all)", literals.len()));
    }
    text.join(", ")
}
