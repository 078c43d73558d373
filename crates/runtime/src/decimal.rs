//! Numbers of any size, digit for digit.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_json::Number;

use crate::error::ConversionError;
use crate::number;

/// A JSON number with all of its digits, as decimal text.
///
/// Members whose schema has `"x-number": "decimal"` have this type. Two values are equal if they are the same number:
/// `1.0` equals `1`, and `0.1` does not equal `0.10000000000000000001`. [`Decimal::parse`] converts the text to another
/// type, such as a decimal or a big integer of another crate.
///
/// A package with such a member enables the feature `arbitrary_precision`, so that a [`Value`](serde_json::Value) loses
/// no digit either. The feature changes `serde_json` for the whole build.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::Decimal;
///
/// let amount: Decimal = "115792089237316195423570985008687907853269984665640564039457".parse()?;
/// assert_eq!(amount.as_str(), "115792089237316195423570985008687907853269984665640564039457");
/// assert!(amount.is_integer());
/// assert!(amount > Decimal::from(u64::MAX));
/// assert_eq!("0.30".parse::<Decimal>()?, "3e-1".parse()?);
/// assert_eq!(Decimal::from(7).parse::<u128>(), Ok(7));
/// # Ok::<(), security_webhooks::ConversionError>(())
/// ```
#[derive(Clone)]
pub struct Decimal(Number);

impl Decimal {
    /// Returns the number as JSON text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the number as a number of `serde_json`.
    pub fn as_number(&self) -> &Number {
        &self.0
    }

    /// Converts the number to a number of `serde_json`.
    pub fn into_number(self) -> Number {
        self.0
    }

    /// Returns whether the value of the number is an integer, as for `1.0` and `1e3`.
    pub fn is_integer(&self) -> bool {
        number::is_integer(&self.0)
    }

    /// Parses the text of the number as another type.
    ///
    /// # Errors
    ///
    /// The type cannot be parsed from the text of the number. Integers of Rust, for example, cannot be parsed from
    /// `1.0` or `1e3`.
    pub fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
        self.as_str().parse()
    }
}

impl FromStr for Decimal {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        number::from_text(text).map(Decimal).ok_or(ConversionError::NOT_A_NUMBER)
    }
}

impl From<Number> for Decimal {
    fn from(number: Number) -> Self {
        Decimal(number)
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Decimal(value.into())
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Self {
        Decimal(value.into())
    }
}

impl From<i32> for Decimal {
    fn from(value: i32) -> Self {
        Decimal(value.into())
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Decimal::from(0)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        number::equal(&self.0, &other.0)
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        number::order(&self.0, &other.0)
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        number::hash(&self.0, state);
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Number::deserialize(deserializer).map(Decimal)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in ["", "-", "01", "1.", ".5", "+1", "1e", "0x1", "NaN", " 1", "1 ", "1_0", "\"1\""] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn values_are_ordered_as_big_integers_are() {
        let mut random = fastrand::Rng::with_seed(17);
        let mut digits = || {
            let sign = if random.bool() { "-" } else { "" };
            let length = random.usize(1..40);
            let rest: String = (0..length).map(|_| random.digit(10)).collect();
            format!("{sign}1{rest}")
        };
        for _ in 0..crate::rounds(2_000) {
            let (a, b) = (digits(), digits());
            let expected = a.parse::<BigInt>().unwrap().cmp(&b.parse().unwrap());
            assert_eq!(decimal(&a).cmp(&decimal(&b)), expected, "{a} {b}");
            assert_eq!(decimal(&a) == decimal(&b), expected.is_eq(), "{a} {b}");
            assert_eq!(decimal(&a).parse::<BigInt>(), a.parse(), "{a}");
        }
    }

    #[test]
    fn equal_values_have_one_hash() {
        let hash = |text: &str| {
            let mut state = std::hash::DefaultHasher::new();
            decimal(text).hash(&mut state);
            state.finish()
        };
        for (a, b) in [("1", "1.0"), ("1e2", "100"), ("0", "-0"), ("0.30", "3e-1"), ("1e400", "10e399")] {
            assert_eq!((decimal(a), hash(a)), (decimal(b), hash(b)), "{a} {b}");
        }
        assert_ne!(decimal("0.1"), decimal("0.10000000000000000001"));
    }

    #[test]
    fn serde_keeps_every_digit() {
        let text = "[0.10000000000000000000000001,123456789012345678901234567890]";
        let values: Vec<Decimal> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&values).unwrap(), text);
        assert_eq!(crate::to_string(&values), text);
        assert_eq!(format!("{:?} {:>5}", values[0], Decimal::default()), "Decimal(0.10000000000000000000000001)     0");
    }
}
