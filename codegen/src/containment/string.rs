//! Solves the atoms of a string: lengths, and expressions as automata that run in parallel.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use serde_json::Value;

use super::formula::Atom;
use super::{Answer, Prover};
use crate::model::pattern::States;

/// The maximum number of visited states of the product automaton.
const VISITED: usize = 60_000;

/// The maximum length of a string that is built.
const LONGEST: u64 = 5_000;

/// An expression as an automaton over the bytes of a string.
#[derive(Debug)]
pub(super) struct Automaton {
    states: States,
    /// For each byte, the smallest byte with the same transition in every state.
    alike: Vec<u8>,
}

impl Automaton {
    fn new(translated: &str) -> Option<Automaton> {
        let states = States::compile(translated)?;
        let mut columns: HashMap<Vec<usize>, u8> = HashMap::new();
        let alike = (0..=u8::MAX).map(|byte| {
            let column = states.transitions.iter().map(|row| row[usize::from(byte)]).collect();
            *columns.entry(column).or_insert(byte)
        });
        Some(Automaton { alike: alike.collect(), states })
    }
}

/// The constraints on a string.
#[derive(Clone)]
struct Constraints {
    least: u64,
    most: u64,
    excluded: BTreeSet<String>,
    /// Expressions, and whether the string must match each of them.
    patterns: Vec<(Rc<str>, bool)>,
}

impl Constraints {
    fn of(atoms: &[Rc<Atom>]) -> Constraints {
        let mut found = Constraints { least: 0, most: u64::MAX, excluded: BTreeSet::new(), patterns: Vec::new() };
        for atom in atoms {
            match &**atom {
                Atom::MinSize(count) => found.least = found.least.max(*count),
                Atom::MaxSize(count) => found.most = found.most.min(*count),
                Atom::NotIn(values) => {
                    found.excluded.extend(values.iter().filter_map(Value::as_str).map(str::to_owned))
                }
                Atom::Pattern(source, is) => found.patterns.push((Rc::clone(source), *is)),
                _ => {}
            }
        }
        found
    }
}

impl Prover {
    /// Finds a string that satisfies all atoms.
    pub(super) fn string(&mut self, atoms: &[Rc<Atom>]) -> Answer {
        let constraints = Constraints::of(atoms);
        if constraints.least > constraints.most {
            return Answer::Empty;
        }
        let formats = atoms.iter().filter_map(|atom| if let Atom::Format(name) = &**atom { Some(name) } else { None });
        let formatted: Option<Value> = formats.filter_map(|name| self.formatted(name)).map(Value::from).next();
        if let Some(value) = formatted
            && atoms.iter().all(|atom| self.evaluate_atom(atom, &value) == Some(true))
        {
            return Answer::Found(value);
        }
        if constraints.patterns.is_empty() {
            return self.plain(&constraints);
        }
        let (mut automata, mut left_out) = (Vec::new(), false);
        for (source, is) in &constraints.patterns {
            match self.automaton(source) {
                Some(automaton) => automata.push((automaton, *is)),
                None => left_out = true,
            }
        }
        if !constraints.excluded.is_empty() {
            let escaped: Vec<String> = constraints.excluded.iter().map(|text| regex_syntax::escape(text)).collect();
            match Automaton::new(&format!(r"\A(?:{})\z", escaped.join("|"))) {
                Some(automaton) => automata.push((Rc::new(automaton), false)),
                None => left_out = true,
            }
        }
        // The automata read bytes, so another automaton accepts only valid UTF-8.
        let Some(text) = self.cached("", r"\A(?s:.)*\z") else { return Answer::unknown("pattern") };
        automata.push((text, true));
        // Counting characters multiplies the states, and the shortest match is usually short enough without it.
        let unbounded = Constraints { most: u64::MAX, ..constraints.clone() };
        let answer = match self.run(&unbounded, &automata) {
            Answer::Found(value) if !fits(&value, constraints.most) => self.run(&constraints, &automata),
            answer => answer,
        };
        match answer {
            Answer::Found(_) if left_out => match self.plain(&constraints) {
                // This pattern was left out here; it is checked when the value is evaluated.
                Answer::Found(value) => Answer::Found(value),
                _ => Answer::unknown("pattern"),
            },
            answer => answer,
        }
    }

    /// Returns a random string of a known format.
    fn formatted(&self, format: &str) -> Option<String> {
        let mut random = self.random.as_ref()?.borrow_mut();
        let (day, hour, minute) = (random.u8(1..29), random.u8(..24), random.u8(..60));
        let (month, number) = (random.u8(1..13), random.u32(1..10_000));
        // Only addresses and names that are reserved for documentation are used.
        Some(match format {
            "date-time" => format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z"),
            "date" => format!("2026-{month:02}-{day:02}"),
            "time" => format!("{hour:02}:{minute:02}:00Z"),
            "duration" => format!("PT{}M", minute + 1),
            "email" | "idn-email" => format!("user{number}@example.com"),
            "hostname" | "idn-hostname" => format!("host{number}.example.com"),
            "ipv4" => format!("192.0.2.{}", random.u8(..)),
            "ipv6" => format!("2001:db8::{number:x}"),
            "uri" | "url" | "iri" | "uri-reference" | "iri-reference" => format!("https://example.com/{number}"),
            "uuid" => {
                let (high, low) = (random.u64(..), random.u64(..));
                format!(
                    "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
                    high >> 32,
                    high >> 16 & 0xffff,
                    high & 0xfff,
                    low >> 48 & 0xfff,
                    low & 0xffff_ffff_ffff
                )
            }
            _ => return None,
        })
    }

    /// Finds a string without regard to expressions.
    fn plain(&mut self, constraints: &Constraints) -> Answer {
        let Constraints { least, most, excluded, .. } = constraints;
        if *least > LONGEST {
            return Answer::unknown("minLength");
        }
        if *most == 0 {
            return if excluded.contains("") { Answer::Empty } else { Answer::Found("".into()) };
        }
        let shortest = (*least).max(1);
        let alphabet: Vec<char> = ('a'..='z').collect();
        if let Some(random) = &self.random {
            let mut random = random.borrow_mut();
            for _ in 0..20 {
                let length = random.u64(shortest..=(*most).min(shortest + 11));
                let text: String = (0..length).map(|_| alphabet[random.usize(..alphabet.len())]).collect();
                if !excluded.contains(&text) {
                    return Answer::Found(text.into());
                }
            }
        }
        // Varying the last letters yields more words than there are excluded ones.
        for number in 0..=excluded.len() {
            let mut rest = number;
            let mut text: Vec<char> = vec!['x'; usize::try_from(shortest).unwrap_or_default()];
            for place in text.iter_mut().rev() {
                *place = alphabet[(rest + 23) % alphabet.len()];
                rest /= alphabet.len();
            }
            if rest > 0 {
                break;
            }
            let text: String = text.into_iter().collect();
            if !excluded.contains(&text) {
                return Answer::Found(text.into());
            }
        }
        // Next, repeat one character outside the alphabet.
        let others = ('\u{4e00}'..).take(excluded.len() + 1);
        let mut others = others.map(|c| c.to_string().repeat(usize::try_from(shortest).unwrap_or_default()));
        others.find(|text| !excluded.contains(text)).map_or(Answer::unknown("enum"), |text| Answer::Found(text.into()))
    }

    fn automaton(&mut self, source: &str) -> Option<Rc<Automaton>> {
        if let Some(known) = self.automata.get(source) {
            return known.clone();
        }
        let expression = self.patterns.get(source)?;
        let automaton = match expression.backtracks() {
            true => None,
            false => Automaton::new(expression.translated()).map(Rc::new),
        };
        self.automata.insert(source.to_owned(), automaton.clone());
        automaton
    }

    fn cached(&mut self, name: &str, translated: &str) -> Option<Rc<Automaton>> {
        // The NUL prefix distinguishes the key from the expressions of schemas.
        let name = format!("\u{0}{name}");
        self.automata.entry(name).or_insert_with(|| Automaton::new(translated).map(Rc::new)).clone()
    }

    /// Finds the shortest string that each automaton accepts or rejects, as required.
    fn run(&mut self, constraints: &Constraints, automata: &[(Rc<Automaton>, bool)]) -> Answer {
        let mut bytes: HashMap<Vec<u8>, u8> = HashMap::new();
        // Of several bytes that are treated alike, a readable one is used.
        let preferred =
            (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain([b'-', b'_', b'.', b'/', b':', b'@', b' ']);
        for byte in preferred.chain(0x21..=0x7e).chain(0..=u8::MAX) {
            let alike = automata.iter().map(|(automaton, _)| automaton.alike[usize::from(byte)]);
            // Continuation bytes are separate, because lengths are counted in characters.
            let key = alike.chain([u8::from(byte & 0xC0 == 0x80)]).collect();
            bytes.entry(key).or_insert(byte);
        }
        let mut bytes: Vec<u8> = bytes.into_values().collect();
        bytes.sort_by_key(|byte| (!byte.is_ascii_alphanumeric(), *byte));
        self.shuffle(&mut bytes);
        // Counts above `limit` are not distinguished.
        let bounded = constraints.most != u64::MAX;
        let limit = if bounded { constraints.most.saturating_add(1) } else { constraints.least };
        if limit > LONGEST {
            return Answer::unknown("maxLength");
        }
        // Breadth-first search, so the first string that is found is the shortest.
        let start: (Vec<usize>, u64) = (automata.iter().map(|_| States::START).collect(), 0);
        let mut visited: HashMap<(Vec<usize>, u64), usize> = HashMap::from([(start.clone(), 0)]);
        let mut path: Vec<(usize, u8)> = vec![(0, 0)];
        let mut open = VecDeque::from([(start, 0_usize)]);
        let accepts = |states: &[usize], count: u64| {
            count >= constraints.least
                && count <= constraints.most
                && automata.iter().zip(states).all(|((automaton, is), state)| automaton.states.accepting[*state] == *is)
        };
        while let Some(((states, count), at)) = open.pop_front() {
            if accepts(&states, count) {
                let (mut text, mut at) = (Vec::new(), at);
                while at > 0 {
                    text.push(path[at].1);
                    at = path[at].0;
                }
                text.reverse();
                return match String::from_utf8(text) {
                    Ok(text) => Answer::Found(text.into()),
                    Err(_) => Answer::unknown("pattern"),
                };
            }
            for byte in &bytes {
                let next: Vec<usize> = automata
                    .iter()
                    .zip(&states)
                    .map(|((automaton, _), state)| automaton.states.transitions[*state][usize::from(*byte)])
                    .collect();
                // An automaton that must reject the string can no longer do so after it has matched.
                let is_dead = automata
                    .iter()
                    .zip(&next)
                    .any(|((_, is), state)| *state == if *is { States::DEAD } else { States::MATCHED });
                let count = if byte & 0xC0 == 0x80 { count } else { (count + 1).min(limit) };
                if is_dead || bounded && count > constraints.most {
                    continue;
                }
                if visited.len() > VISITED {
                    return Answer::unknown("pattern");
                }
                let key = (next, count);
                if !visited.contains_key(&key) {
                    path.push((at, *byte));
                    visited.insert(key.clone(), path.len() - 1);
                    open.push_back((key, path.len() - 1));
                }
            }
        }
        Answer::Empty
    }
}

fn fits(value: &Value, most: u64) -> bool {
    value.as_str().is_some_and(|text| text.chars().count() as u64 <= most)
}
