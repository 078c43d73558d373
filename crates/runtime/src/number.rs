//! JSON numbers by their mathematical value.
//!
//! JSON Schema knows one kind of number: `1`, `1.0` and `1e0` are equal, and all three are integers. The functions here
//! compare the decimal texts, so that nothing is rounded on the way: `0.07` is a multiple of `0.01`, and
//! 9007199254740993 is not 9007199254740992.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use serde_json::Number;

/// A number that a schema fixes: a bound, a divisor, a constant.
#[derive(Clone, Copy, Debug)]
pub enum NumberLiteral<'s> {
    /// An integer that fits 128 bits.
    Integer(i128),
    /// Any other number, as JSON text.
    Decimal(&'s str),
}

impl NumberLiteral<'_> {
    fn decimal(self) -> Normalized {
        match self {
            NumberLiteral::Integer(value) => Normalized::parse(&value.to_string()),
            NumberLiteral::Decimal(text) => Normalized::parse(text),
        }
    }

    /// Returns the number that a payload with the same digits has: the nearest `f64`, unless it is an integer of 64
    /// bits.
    pub(crate) fn to_number(self) -> Option<Number> {
        match self {
            NumberLiteral::Integer(value) => match (i64::try_from(value), u64::try_from(value)) {
                (Ok(value), _) => Some(value.into()),
                (_, Ok(value)) => Some(value.into()),
                _ => from_text(&value.to_string()),
            },
            NumberLiteral::Decimal(text) => from_text(text),
        }
    }

    /// Rounds the literal as parsing rounds the numbers of payloads.
    fn rounded(self) -> Normalized {
        let exact = self.decimal();
        // Rounding to the nearest `f64` and back changes no decimal of up to 15 digits (`f64::DIGITS`).
        if exact.digits.len() <= 15 && exact.exponent.abs() < 300 {
            return exact;
        }
        // A literal beyond the range of `f64` stays as it is: greater or less than every number of a payload.
        self.to_number().map_or(exact, |number| Normalized::of(&number))
    }
}

impl std::fmt::Display for NumberLiteral<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NumberLiteral::Integer(value) => value.fmt(f),
            NumberLiteral::Decimal(text) => f.write_str(text),
        }
    }
}

/// A decimal number: 0.d₁d₂d₃… × 10^`exponent`, without zeros at either end of the digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Normalized {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

impl Normalized {
    /// Parses a JSON number. The text must be a number, as it is when it comes from a parser.
    pub(crate) fn parse(text: &str) -> Normalized {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, power) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], saturating(&text[at + 1..])),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
        // Zeros at the beginning shift the exponent, and zeros at the end do not.
        let leading = digits.iter().take_while(|d| **d == 0).count();
        digits.drain(..leading);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        // Zero has no sign, because -0 equals 0.
        if digits.is_empty() {
            return Normalized { negative: false, digits, exponent: 0 };
        }
        let exponent = power.saturating_add(whole.len() as i64).saturating_sub(leading as i64);
        Normalized { negative, digits, exponent }
    }

    fn of(number: &Number) -> Normalized {
        Normalized::parse(&number.to_string())
    }

    fn is_integer(&self) -> bool {
        self.exponent >= self.digits.len() as i64
    }

    /// Returns the value, if it is an integer that fits an `i128`.
    fn to_i128(&self) -> Option<i128> {
        // An `i128` has at most 39 digits, which also limits the loop.
        if !self.is_integer() || self.exponent > 39 {
            return None;
        }
        let mut value: i128 = 0;
        for place in 0..self.exponent as usize {
            let digit = i128::from(self.digits.get(place).copied().unwrap_or(0));
            // Negative numbers have the larger range: `i128::MIN` has no positive counterpart.
            value = value.checked_mul(10)?.checked_sub(digit)?;
        }
        if self.negative { Some(value) } else { value.checked_neg() }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn compare(&self, other: &Normalized) -> Ordering {
        let signs = self.sign().cmp(&other.sign());
        if signs != Ordering::Equal {
            return signs;
        }
        // The first digit is not zero, so the exponent decides, and then the digits from the first on.
        let magnitude = self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        if self.negative { magnitude.reverse() } else { magnitude }
    }

    /// Returns whether `self` = n × `divisor` for an integer n. The divisor is not negative. Only zero is a multiple of
    /// zero.
    fn is_multiple_of(&self, divisor: &Normalized) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        // Both as integers times a power of ten. The digits end in no zero, so a divisor with more zeros never divides.
        let own = self.exponent.saturating_sub(self.digits.len() as i64);
        let theirs = divisor.exponent.saturating_sub(divisor.digits.len() as i64);
        let Ok(zeros) = u64::try_from(own.saturating_sub(theirs)) else { return false };
        // An integer of m digits has fewer than 4m factors of two, or of five: further zeros change no remainder.
        let zeros = zeros.min(4 * divisor.digits.len() as u64) as usize;
        let digits = self.digits.iter().copied().chain(std::iter::repeat_n(0, zeros));
        match divisor.modulus() {
            Some(0) => false,
            Some(modulus) => digits.fold(0, |rest, digit| (rest * 10 + u128::from(digit)) % modulus) == 0,
            None => divides(&divisor.digits, digits),
        }
    }

    /// Returns the digits as an integer, if ten times the integer fits as well.
    fn modulus(&self) -> Option<u128> {
        let add = |value: u128, digit: &u8| value.checked_mul(10)?.checked_add(u128::from(*digit));
        self.digits.iter().try_fold(0, add).filter(|value| *value <= u128::MAX / 10)
    }
}

/// Returns whether one integer divides another, by long division of their digits. The divisor has no leading zero.
fn divides(divisor: &[u8], digits: impl Iterator<Item = u8>) -> bool {
    // The remainder has one digit more than the divisor, so that it has room for the next digit.
    let mut rest = vec![0; divisor.len() + 1];
    for digit in digits {
        rest.rotate_left(1);
        rest[divisor.len()] = digit;
        // The divisor is subtracted at most nine times for each digit.
        while rest[0] > 0 || &rest[1..] >= divisor {
            let mut borrow = 0;
            for place in (0..divisor.len()).rev() {
                let taken = divisor[place] + borrow;
                borrow = u8::from(rest[place + 1] < taken);
                rest[place + 1] = rest[place + 1] + 10 * borrow - taken;
            }
            rest[0] -= borrow;
        }
    }
    rest.iter().all(|digit| *digit == 0)
}

/// Parses an exponent. Values beyond 2⁶¹ are clamped, which leaves room for adding the number of digits. So larger
/// numbers are not distinguished.
fn saturating(text: &str) -> i64 {
    let limit = i64::MAX / 4;
    let digits = text.trim_start_matches(['+', '-']);
    let value = digits.parse::<i64>().unwrap_or(limit).min(limit);
    if text.starts_with('-') { -value } else { value }
}

/// Returns whether the number is an integer by value: `1.0` and `1e3` are.
pub fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || Normalized::of(number).is_integer()
}

/// Returns the value of an integer that `i64` or `u64` holds, in any spelling, or `None` for every other number.
pub fn to_integer(number: &Number) -> Option<i128> {
    let fits = |value: &i128| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(value);
    exact(number).or_else(|| Normalized::of(number).to_i128().filter(fits))
}

/// Returns the number of a JSON text, or `None` if the text is not a number or is out of range. The text of an `f64`
/// returns the same `f64`.
///
/// `serde_json` rounds to the nearest `f64` only with its feature `float_roundtrip`, which this crate does not ask for.
pub fn from_text(text: &str) -> Option<Number> {
    let (is_integer, negative) = shape(text.as_bytes())?;
    if cfg!(feature = "arbitrary_precision") {
        // With this feature, a number keeps its text, so nothing is rounded.
        return serde_json::from_str(text).ok();
    }
    // -0 is the `f64` that keeps its sign.
    let integer = match negative {
        _ if !is_integer || text == "-0" => None,
        true => text.parse::<i64>().ok().map(Number::from),
        false => text.parse::<u64>().ok().map(Number::from),
    };
    // A number that is too large parses as infinity, for which `from_f64` returns `None`.
    integer.or_else(|| Number::from_f64(text.parse().ok()?))
}

/// Returns whether the notation of a number is an integer, and whether it has a sign. Returns `None` if the text is not
/// a number of JSON.
fn shape(text: &[u8]) -> Option<(bool, bool)> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let whole = digits(rest);
    if whole == 0 || whole > 1 && rest.first() == Some(&b'0') {
        return None;
    }
    let rest = &rest[whole..];
    let after_fraction = match rest {
        [b'.', rest @ ..] => match digits(rest) {
            0 => return None,
            count => &rest[count..],
        },
        _ => rest,
    };
    let end = match after_fraction {
        [b'e' | b'E', b'+' | b'-', power @ ..] | [b'e' | b'E', power @ ..] => match digits(power) {
            0 => return None,
            count => &power[count..],
        },
        _ => after_fraction,
    };
    end.is_empty().then_some((rest.is_empty(), negative))
}

/// Returns whether two numbers are the same number.
pub fn equal(a: &Number, b: &Number) -> bool {
    // Most numbers are integers of 64 bits, which need not be normalized.
    match (exact(a), exact(b)) {
        (Some(a), Some(b)) => a == b,
        _ => Normalized::of(a) == Normalized::of(b),
    }
}

/// Returns whether two JSON texts are the same number, digit for digit: nothing is rounded.
pub fn same_text(a: &str, b: &str) -> bool {
    Normalized::parse(a) == Normalized::parse(b)
}

/// Compares a number with a number of a schema.
pub fn compare(number: &Number, with: NumberLiteral<'_>) -> Ordering {
    match (exact(number), with) {
        (Some(a), NumberLiteral::Integer(b)) => a.cmp(&b),
        // An integer of 64 bits was not rounded, so the literal is not rounded either.
        (Some(_), NumberLiteral::Decimal(_)) => Normalized::of(number).compare(&with.decimal()),
        (None, _) => Normalized::of(number).compare(&with.rounded()),
    }
}

/// Returns whether the number is an integer times `divisor`, which is positive.
pub fn is_multiple_of(number: &Number, divisor: NumberLiteral<'_>) -> bool {
    match (exact(number), divisor) {
        (Some(a), NumberLiteral::Integer(b)) if b != 0 => a % b == 0,
        // An integer was not rounded, so the digits of the divisor decide.
        (Some(_), _) => Normalized::of(number).is_multiple_of(&divisor.decimal()),
        // The digits that the payload had are lost. So the number counts as a multiple in each of these cases: of the
        // divisor digit by digit, of the divisor rounded to an `f64` as well, and, for large numbers, of the divisor in
        // binary.
        (None, _) => {
            let value = Normalized::of(number);
            value.is_multiple_of(&divisor.decimal())
                || value.is_multiple_of(&divisor.rounded())
                || is_binary_multiple(number, divisor)
        }
    }
}

/// Returns whether an `f64` is a multiple of a divisor that is also rounded to an `f64`. 2^65 is a multiple of 2^64,
/// although the shortest decimals of the two, which end in zeros, are not multiples.
fn is_binary_multiple(number: &Number, divisor: NumberLiteral<'_>) -> bool {
    let divisor = divisor.to_number().filter(|divisor| exact(divisor).is_none()).and_then(|divisor| divisor.as_f64());
    // Smaller divisors are not compared in binary, where 0.07 is not a multiple of 0.01.
    let large = divisor.filter(|divisor| *divisor >= 18_446_744_073_709_551_616.0);
    !cfg!(feature = "arbitrary_precision")
        && large.zip(number.as_f64()).is_some_and(|(divisor, number)| number % divisor == 0.0)
}

/// Compares two numbers by value.
#[cfg(feature = "arbitrary_precision")]
pub(crate) fn order(a: &Number, b: &Number) -> Ordering {
    Normalized::of(a).compare(&Normalized::of(b))
}

pub(crate) fn hash<H: Hasher>(number: &Number, state: &mut H) {
    Normalized::of(number).hash(state);
}

/// Returns the value of a number that is held as an integer.
fn exact(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::*;

    fn number(text: &str) -> Number {
        from_text(text).expect("a number")
    }

    #[test]
    fn equality_is_by_value() {
        for (a, b) in [("1", "1.0"), ("1e2", "100"), ("-0", "0"), ("0.0", "-0.0"), ("1.50", "15e-1")] {
            assert!(equal(&number(a), &number(b)), "{a} = {b}");
        }
        for (a, b) in [("1", "-1"), ("9007199254740993", "9007199254740992.0"), ("0.1", "0.10000000000000002")] {
            assert!(!equal(&number(a), &number(b)), "{a} ≠ {b}");
        }
    }

    #[test]
    fn integers_are_told_however_written() {
        for (text, value) in [("1.0", Some(1)), ("1e3", Some(1000)), ("1.5", None), ("-2.0", Some(-2)), ("1e30", None)]
        {
            assert_eq!(to_integer(&number(text)), value, "{text}");
        }
        assert!(is_integer(&number("1e30")));
        assert!(!is_integer(&number("1e-3")));
        assert_eq!(to_integer(&number("18446744073709551615")), Some(u64::MAX.into()));
        assert_eq!(to_integer(&number("-9223372036854775808")), Some(i64::MIN.into()));
    }

    #[test]
    fn literals_are_rounded_as_numbers_are() {
        let literals = [
            NumberLiteral::Integer(1 << 64),
            NumberLiteral::Integer(-(1 << 63) - 1),
            NumberLiteral::Integer(10_i128.pow(20)),
            NumberLiteral::Decimal("1e20"),
            NumberLiteral::Decimal("0.1000000000000000055511151231257827"),
            NumberLiteral::Decimal("123456789012345678901234567890123456789012345"),
        ];
        for literal in literals {
            assert_eq!(compare(&number(&literal.to_string()), literal), Ordering::Equal, "{literal}");
        }
        // The neighbours are other numbers, and what 64 bits hold is exact.
        assert_eq!(compare(&number("18446744073709551615"), literals[0]), Ordering::Less);
        assert_eq!(compare(&number("18446744073709555712"), literals[0]), Ordering::Greater);
        assert_eq!(
            compare(&number("9223372036854775807"), NumberLiteral::Decimal("9223372036854775807.0")),
            Ordering::Equal
        );
        assert_eq!(
            compare(&number("9223372036854775806"), NumberLiteral::Decimal("9223372036854775807.0")),
            Ordering::Less
        );
        assert_eq!(compare(&number("1e308"), NumberLiteral::Decimal("1e400")), Ordering::Less);
        let multiples = [
            ("36893488147419103232", 1 << 64, true),
            ("3e20", 10_i128.pow(20), true),
            ("18446744073709551615", 1 << 64, false),
            ("3.5e20", 10_i128.pow(20), false),
        ];
        for (value, divisor, expected) in multiples {
            assert_eq!(
                is_multiple_of(&number(value), NumberLiteral::Integer(divisor)),
                expected,
                "{value} of {divisor}"
            );
        }
    }

    #[test]
    fn multiples_are_decimal() {
        let cases = [
            ("0.0075", "0.0001", true),
            ("0.00751", "0.0001", false),
            ("4.5", "1.5", true),
            ("35", "1.5", false),
            ("1e308", "0.5", true),
            ("12391239123", "1e-8", true),
            ("0.07", "0.01", true),
            ("7", "20", false),
            ("40", "20", true),
            ("4e1", "20", true),
            ("5", "100", false),
            ("0", "0.3", true),
            ("1e300", "7", false),
            ("5", "0e-08", false),
            ("1", "1e-40", true),
            ("0.1", "3e-40", false),
            ("3e-300", "1e-300", true),
            ("1", "1e-300", true),
            ("1", "1e300", false),
            ("1e300", "1e300", true),
            ("1e-300", "1e300", false),
            // 5⁶⁰ has 42 digits, and divides a power of ten.
            ("1e60", "867361737988403547205962240695953369140625", true),
            ("1e59", "867361737988403547205962240695953369140625", false),
            ("-1e300", "867361737988403547205962240695953369140625", true),
            ("1e0", "340282366920938463463374607431768211457", false),
        ];
        for (value, divisor, expected) in cases {
            assert_eq!(
                is_multiple_of(&number(value), NumberLiteral::Decimal(divisor)),
                expected,
                "{value} of {divisor}"
            );
        }
    }

    /// Returns the value of integers of any size.
    fn divides_by_bigint(value: (&BigInt, i32), divisor: (&BigInt, i32)) -> bool {
        let least = value.1.min(divisor.1);
        let scaled = |(digits, power): (&BigInt, i32)| digits * BigInt::from(10).pow((power - least) as u32);
        scaled(value) % scaled(divisor) == BigInt::ZERO
    }

    #[test]
    fn multiples_are_those_of_integers_of_any_size() {
        let mut random = fastrand::Rng::with_seed(11);
        let mut integer = |most: usize| {
            let count = random.usize(1..=most);
            let digits: String = (0..count).map(|_| random.digit(10)).collect();
            // Factors of two and five are what powers of ten divide by.
            let factors = BigInt::from(2).pow(random.u32(0..150)) * BigInt::from(5).pow(random.u32(0..60));
            match random.u8(0..4) {
                0 => factors,
                1 => digits.parse::<BigInt>().unwrap_or_default() + 1,
                _ => (digits.parse::<BigInt>().unwrap_or_default() + 1) * factors,
            }
        };
        let mut powers = fastrand::Rng::with_seed(12);
        let mut counts = [0, 0];
        for round in 0..crate::rounds(4000) {
            let divisor = integer(if round % 2 == 0 { 3 } else { 60 });
            let value = if round % 3 == 0 { &divisor * integer(20) } else { integer(60) };
            let (own, theirs) = (powers.i32(-320..320), powers.i32(-320..320));
            let theirs = if round % 5 == 0 { own - powers.i32(0..9) } else { theirs };
            let decimal = |digits: &BigInt, power: i32| Normalized::parse(&format!("{digits}e{power}"));
            let expected = divides_by_bigint((&value, own), (&divisor, theirs));
            let found = decimal(&value, own).is_multiple_of(&decimal(&divisor, theirs));
            assert_eq!(found, expected, "{value}e{own} of {divisor}e{theirs}");
            counts[usize::from(expected)] += 1;
        }
        assert!(counts.iter().all(|count| *count > crate::rounds(500)), "{counts:?}");
    }

    #[test]
    fn order_is_by_value() {
        assert_eq!(compare(&number("1.1"), NumberLiteral::Integer(1)), Ordering::Greater);
        assert_eq!(compare(&number("-1e10"), NumberLiteral::Decimal("-1e9")), Ordering::Less);
        assert_eq!(
            compare(&number("9007199254740993"), NumberLiteral::Decimal("9007199254740992.5")),
            Ordering::Greater
        );
        assert_eq!(compare(&number("0.3"), NumberLiteral::Decimal("0.30")), Ordering::Equal);
    }

    #[test]
    fn integers_of_many_digits_are_exact() {
        let parse = |text: &str| Normalized::parse(text).to_i128();
        assert_eq!(parse("170141183460469231731687303715884105727"), Some(i128::MAX));
        assert_eq!(parse("-170141183460469231731687303715884105728"), Some(i128::MIN));
        assert_eq!(parse("170141183460469231731687303715884105728"), None);
        assert_eq!(parse("1e38"), Some(10_i128.pow(38)));
        assert_eq!((parse("1e39"), parse("1e1000000000")), (None, None));
    }
}
