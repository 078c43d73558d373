//! Solves the atoms of a number: bounds, divisibility and excluded values.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::formula::{Atom, Exclusive};
use super::{Answer, Prover};

/// A decimal number: `mantissa` × 10^`exponent`, without trailing zeros in the mantissa. `None` if it has too many
/// digits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decimal(Option<(i128, i32)>);

/// The number of lattice points that are tried at each end of an interval.
const POINTS: i128 = 2000;

impl Decimal {
    pub(super) fn parse(text: &str) -> Decimal {
        Decimal(parse(text))
    }

    pub(super) fn of(number: &Number) -> Decimal {
        Decimal::parse(&number.to_string())
    }

    pub(super) fn is_integer(&self) -> bool {
        self.0.is_none_or(|(_, exponent)| exponent >= 0)
    }

    /// Returns the value in units of 10^-`scale`, if it is such a multiple and fits.
    fn units(&self, scale: i32) -> Option<i128> {
        let (mantissa, exponent) = self.0?;
        let power = u32::try_from(exponent.checked_add(scale)?).ok()?;
        mantissa.checked_mul(10_i128.checked_pow(power)?)
    }

    /// Returns the number of decimal places.
    fn places(&self) -> i32 {
        self.0.map_or(0, |(_, exponent)| exponent.min(0).saturating_neg())
    }

    /// Returns whether parsing a payload may round another number to this one.
    fn is_rounded(&self) -> bool {
        // An `f64` keeps every decimal of 15 digits, and integers of 64 bits are not rounded.
        self.0.is_none_or(|(mantissa, exponent)| {
            mantissa.unsigned_abs() >= 1_000_000_000_000_000 && (exponent < 0 || i64::try_from(mantissa).is_err())
                || exponent > 18
        })
    }

    pub(super) fn compare(&self, other: &Decimal) -> Option<Ordering> {
        let scale = self.places().max(other.places());
        Some(self.units(scale)?.cmp(&other.units(scale)?))
    }

    pub(super) fn is_multiple_of(&self, divisor: &Decimal) -> Option<bool> {
        let scale = self.places().max(divisor.places());
        Some(self.units(scale)?.checked_rem(divisor.units(scale)?)? == 0)
    }
}

fn parse(text: &str) -> Option<(i128, i32)> {
    let (mantissa, power) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value: i128 = format!("{whole}{fraction}").parse().ok()?;
    let mut exponent = power.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    while value != 0 && value % 10 == 0 {
        value /= 10;
        exponent = exponent.checked_add(1)?;
    }
    Some(if value == 0 { (0, 0) } else { (value, exponent) })
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

fn lcm(a: i128, b: i128) -> Option<i128> {
    (a / gcd(a, b)).checked_mul(b)
}

/// The constraints on a number, in units of 10^-`scale`.
#[derive(Default)]
struct Constraints {
    scale: i32,
    least: Option<(i128, Exclusive)>,
    most: Option<(i128, Exclusive)>,
    /// The number is a multiple of this value.
    lattice: Option<i128>,
    /// The number is a multiple of none of these values.
    not_multiple: Vec<i128>,
    excluded: Vec<i128>,
}

impl Constraints {
    fn of(atoms: &[std::rc::Rc<Atom>], fine: i32) -> Option<Constraints> {
        let excluded: Vec<Decimal> = atoms
            .iter()
            .filter_map(|atom| if let Atom::NotIn(values) = &**atom { Some(values) } else { None })
            .flat_map(|values| values.iter().filter_map(Value::as_number).map(Decimal::of))
            .collect();
        let decimals = atoms.iter().filter_map(|atom| decimal(atom)).chain(&excluded);
        let scale = decimals.map(Decimal::places).max().unwrap_or(0) + fine;
        let unit = 10_i128.checked_pow(u32::try_from(scale).ok()?)?;
        let mut found = Constraints { scale, ..Constraints::default() };
        for value in &excluded {
            found.excluded.extend(value.units(scale));
        }
        for atom in atoms {
            match &**atom {
                Atom::Least(bound, exclusive) => {
                    let bound = (bound.units(scale)?, *exclusive);
                    found.least = Some(found.least.map_or(bound, |known| known.max(bound)));
                }
                Atom::Most(bound, exclusive) => {
                    let bound = (bound.units(scale)?, *exclusive);
                    let tighter = |known: (i128, bool)| match known.0.cmp(&bound.0) {
                        Ordering::Less => known,
                        Ordering::Greater => bound,
                        Ordering::Equal => (bound.0, known.1 || bound.1),
                    };
                    found.most = Some(found.most.map_or(bound, tighter));
                }
                Atom::Integer(true) => {
                    found.lattice = Some(found.lattice.map_or(Some(unit), |known| lcm(known, unit))?)
                }
                Atom::Multiple(of, true) => {
                    let of = of.units(scale)?;
                    found.lattice = Some(found.lattice.map_or(Some(of), |known| lcm(known, of))?);
                }
                Atom::Integer(false) => found.not_multiple.push(unit),
                Atom::Multiple(of, false) => found.not_multiple.push(of.units(scale)?),
                _ => {}
            }
        }
        Some(found)
    }

    fn fits(&self, value: i128) -> bool {
        self.least.is_none_or(|(bound, exclusive)| if exclusive { value > bound } else { value >= bound })
            && self.most.is_none_or(|(bound, exclusive)| if exclusive { value < bound } else { value <= bound })
            && self.lattice.is_none_or(|lattice| value % lattice == 0)
            && self.not_multiple.iter().all(|of| value % of != 0)
            && !self.excluded.contains(&value)
    }

    /// Returns `Some(None)` if the bounds exclude every value, `Some(Some(value))` if they leave one value, and `None`
    /// otherwise.
    fn single(&self) -> Option<Option<i128>> {
        let (Some((least, above)), Some((most, below))) = (self.least, self.most) else { return None };
        match least.cmp(&most) {
            Ordering::Greater => Some(None),
            Ordering::Equal => Some((!above && !below).then_some(least)),
            Ordering::Less => None,
        }
    }

    fn value(&self, units: i128) -> Option<Value> {
        let digits = units.unsigned_abs().to_string();
        let scale = usize::try_from(self.scale).ok()?;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        let fraction = fraction.trim_end_matches('0');
        let sign = if units < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        serde_json::from_str(&format!("{sign}{whole}{point}{fraction}")).ok()
    }
}

fn decimal(atom: &Atom) -> Option<&Decimal> {
    match atom {
        Atom::Least(value, _) | Atom::Most(value, _) | Atom::Multiple(value, _) => Some(value),
        _ => None,
    }
}

impl Prover {
    /// Finds a number that satisfies all atoms.
    pub(super) fn number(&mut self, atoms: &[std::rc::Rc<Atom>]) -> Answer {
        let many_digits = || Answer::unknown("numbers of many digits");
        let is_rounded = atoms.iter().filter_map(|atom| decimal(atom)).any(Decimal::is_rounded);
        let Some(constraints) = Constraints::of(atoms, 0) else { return many_digits() };
        // Decimals are exact here, and numbers of payloads are rounded. A proof holds only if rounding changes nothing.
        let empty = || if is_rounded { many_digits() } else { Answer::Empty };
        if let Some(single) = constraints.single() {
            return match single.filter(|value| constraints.fits(*value)).and_then(|value| constraints.value(value)) {
                Some(value) => Answer::Found(value),
                None => empty(),
            };
        }
        let unit = 10_i128.pow(constraints.scale.unsigned_abs());
        if let Some(lattice) = constraints.lattice {
            if constraints.not_multiple.iter().any(|of| lattice % of == 0) {
                return empty();
            }
            let step =
                |value: i128, up: bool| if up { -((-value).div_euclid(lattice)) } else { value.div_euclid(lattice) };
            let least = constraints.least.map(|(bound, _)| step(bound, true));
            let most = constraints.most.map(|(bound, _)| step(bound, false));
            let (first, last) = match (least, most) {
                (Some(least), Some(most)) => (least, most),
                (Some(least), None) => (least, least.saturating_add(POINTS)),
                (None, Some(most)) => (most.saturating_sub(POINTS), most),
                (None, None) => (-POINTS, POINTS),
            };
            let span = last.saturating_sub(first);
            let low = first..=last.min(first.saturating_add(POINTS));
            let high = (first.max(last.saturating_sub(POINTS))..=last).rev();
            let near = [self.wish(first, last), 1, 0, 2, -1].into_iter().filter(|at| (first..=last).contains(at));
            let mut points = near.chain(low).chain(high).filter_map(|at| at.checked_mul(lattice));
            return match points.find(|value| constraints.fits(*value)).and_then(|value| constraints.value(value)) {
                Some(value) => Answer::Found(value),
                // All points between the bounds were tried.
                None if span <= 2 * POINTS && least.is_some() && most.is_some() => empty(),
                None => Answer::unknown("multipleOf"),
            };
        }
        // There is always a number between two different bounds, so the unit is made finer until one is found.
        for fine in 0..4 {
            let Some(constraints) = Constraints::of(atoms, fine) else { break };
            let unit = unit * 10_i128.pow(fine.unsigned_abs());
            let (least, most) = (constraints.least.map(|(bound, _)| bound), constraints.most.map(|(bound, _)| bound));
            let start = least.or(most.map(|most| most.saturating_sub(100))).unwrap_or(0);
            let whole = [1, 0, -1, 2].map(|n| n * unit);
            let middle = least.zip(most).map(|(least, most)| least + (most - least) / 2);
            let ends = (0..100).flat_map(|n| [start.checked_add(n), most.and_then(|most| most.checked_sub(n))]);
            let next = least.and_then(|least| least.div_euclid(unit).checked_add(1)?.checked_mul(unit));
            let wished = self.wish(
                least.unwrap_or(start).div_euclid(unit),
                most.unwrap_or_else(|| start.saturating_add(unit.saturating_mul(100))).div_euclid(unit),
            );
            let candidates = wished.checked_mul(unit).into_iter();
            let candidates = candidates.chain(whole).chain(next).chain(middle).chain(ends.flatten());
            let mut candidates = candidates.filter(|value| constraints.fits(*value));
            if let Some(value) = candidates.next().and_then(|value| constraints.value(value)) {
                return Answer::Found(value);
            }
        }
        Answer::unknown("multipleOf")
    }
}
