//! Decides an instance with two other validators, with our validator and with the generated type.

use serde_json::Value;
use webhook_harness::TypedEvent;
use webhook_runtime::Reading;

use crate::exceptions::{has, is_large_decimal, is_unheld};
use crate::lossless::difference;
use crate::oracle::{Oracle, Verdict};

/// The joint verdict of all deciders on an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Valid; the type reads and writes it without loss.
    Valid,
    /// Invalid; the type rejects it, or reads it tolerantly.
    Invalid,
    /// One of the documented exceptions.
    Excepted,
    /// The other validators do not agree.
    Disputed,
}

/// Decides an instance of an event's schema.
///
/// # Errors
///
/// Our decision differs from the decision of both other validators, or the type does not write back an equal value.
pub fn decide(event: &TypedEvent, oracle: &Oracle, instance: &Value) -> Result<Decision, String> {
    let fail = |what: &str| Err(format!("{what}: {}: {instance}", event.name));
    let expected = match oracle.verdict(instance) {
        Verdict::Valid => true,
        Verdict::Invalid => false,
        Verdict::Disputed => return Ok(Decision::Disputed),
    };
    let accepted = event.validator.is_valid(instance);
    if accepted != expected && has(instance, is_large_decimal) {
        return Ok(Decision::Excepted);
    }
    if accepted != expected {
        return fail(if accepted { "the validator accepts" } else { "the validator refuses" });
    }
    if event.validator.violations(instance).is_empty() != expected {
        return fail("the list of violations is another decision");
    }
    let text = instance.to_string();
    match event.roundtrip(text.as_bytes()) {
        Ok(_) if !expected && event.reading != Reading::Tolerant => fail("the type accepts"),
        Ok(back) => match difference(&text, &back) {
            Ok(None) => Ok(if expected { Decision::Valid } else { Decision::Invalid }),
            Ok(Some(difference)) => fail(&format!("the type loses something: {difference:?}")),
            Err(error) => fail(&format!("the type writes what is not JSON: {error:?}")),
        },
        Err(_) if expected && has(instance, is_unheld) => Ok(Decision::Excepted),
        Err(error) if expected => fail(&format!("the type refuses ({error})")),
        Err(error) if error.violations().is_none_or(|violations| violations.is_empty()) => {
            fail(&format!("the type refuses without a violation ({error})"))
        }
        Err(_) => Ok(Decision::Invalid),
    }
}
