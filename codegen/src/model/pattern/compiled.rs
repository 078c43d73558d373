//! Compiles expressions to tables, so that generated code needs no regex engine.

use std::collections::HashMap;

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// The maximum number of transitions of an automaton, each of which takes two bytes. A UUID needs about 200, a list of
/// 200 words about 4,000.
const TRANSITIONS: usize = 1 << 12;

/// The number of repetitions of a class above which they are counted rather than expanded into states.
const REPETITIONS: u32 = 8;

/// The form in which generated code evaluates an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Compiled {
    Automaton(Table),
    /// The whole text consists of `least` to `most` characters of a class.
    Repeated {
        ranges: Vec<(char, char)>,
        least: u32,
        most: u32,
    },
}

/// The tables of an automaton, in the form that `Automaton::new` of the runtime takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The classes of bytes, as runs: the last byte of each run, and its class.
    pub(crate) runs: Vec<(u8, u8)>,
    /// For each state, the next state for each class of bytes.
    pub(crate) transitions: Vec<u16>,
    pub(crate) start: u16,
    /// The first accepting state. This state and all later states match at the end of the text.
    pub(crate) accepting: u16,
}

impl Compiled {
    /// Compiles an expression in the syntax of the linear-time engine. Returns `None` if its automaton would be large.
    pub(crate) fn new(translated: &str) -> Option<Compiled> {
        let hir = regex_syntax::ParserBuilder::new().nest_limit(u32::MAX).build().parse(translated).ok()?;
        // An automaton over bytes would find `\B` between the bytes of a character, where ECMA-262 has no position. The
        // engine only looks between characters.
        if hir.properties().look_set().contains(Look::WordAsciiNegate) {
            return None;
        }
        repeated(&hir).or_else(|| Table::new(&hir).map(Compiled::Automaton))
    }
}

/// Recognizes an expression such as `^[a-z]{1,255}$`, whose automaton would have a state for each number of characters.
fn repeated(hir: &Hir) -> Option<Compiled> {
    let HirKind::Concat(parts) = hir.kind() else { return None };
    let [start, repetition, end] = parts.as_slice() else { return None };
    let HirKind::Repetition(repetition) = repetition.kind() else { return None };
    let (HirKind::Look(Look::Start), HirKind::Look(Look::End)) = (start.kind(), end.kind()) else { return None };
    let HirKind::Class(Class::Unicode(class)) = repetition.sub.kind() else { return None };
    if repetition.max.unwrap_or(repetition.min) <= REPETITIONS {
        return None;
    }
    let ranges = class.iter().map(|range| (range.start(), range.end())).collect();
    Some(Compiled::Repeated { ranges, least: repetition.min, most: repetition.max.unwrap_or(u32::MAX) })
}

/// The states of an automaton. State 0 stands for all states from which nothing matches, and state 1 for all states
/// after a match.
#[derive(Debug)]
pub(crate) struct States {
    /// The next state for each byte, by state.
    pub(crate) transitions: Vec<[usize; 256]>,
    /// Whether a state matches at the end of the text.
    pub(crate) accepting: Vec<bool>,
}

const DEAD: usize = 0;
const MATCHED: usize = 1;
/// The state at the start of the text.
const START: usize = 2;

impl Table {
    fn new(hir: &Hir) -> Option<Table> {
        Table::of(&States::build(hir, 1 << 18)?)
    }

    /// Numbers the states by the index of their first transition, and puts bytes with the same transitions into one
    /// class.
    fn of(states: &States) -> Option<Table> {
        // Accepting states come last.
        let mut order: Vec<usize> = (START..states.accepting.len()).collect();
        order.sort_by_key(|state| states.accepting[*state]);
        order.splice(0..0, [DEAD, MATCHED]);
        let mut classes: HashMap<Vec<usize>, u8> = HashMap::new();
        let mut columns: Vec<Vec<usize>> = Vec::new();
        let mut runs: Vec<(u8, u8)> = Vec::new();
        for byte in 0..=u8::MAX {
            let column: Vec<usize> = order.iter().map(|state| states.transitions[*state][usize::from(byte)]).collect();
            let next = u8::try_from(columns.len()).ok()?;
            let class = *classes.entry(column).or_insert_with_key(|column| {
                columns.push(column.clone());
                next
            });
            match runs.last_mut() {
                Some((last, before)) if *before == class => *last = byte,
                _ => runs.push((byte, class)),
            }
        }
        let width = columns.len();
        if order.len() * width > TRANSITIONS {
            return None;
        }
        let mut numbers = vec![0_u16; order.len()];
        for (place, state) in order.iter().enumerate() {
            numbers[*state] = u16::try_from(place * width).ok()?;
        }
        let rows = (0..order.len()).flat_map(|row| columns.iter().map(move |column| column[row]));
        let accepting = order.iter().skip(START).find(|state| states.accepting[**state]);
        Some(Table {
            runs,
            transitions: rows.map(|state| numbers[state]).collect(),
            start: numbers[START],
            accepting: accepting.map_or(u16::MAX, |state| numbers[*state]),
        })
    }
}

impl States {
    /// The state from which nothing matches.
    pub(crate) const DEAD: usize = DEAD;
    /// The state after a match.
    pub(crate) const MATCHED: usize = MATCHED;
    /// The state at the start of the text.
    pub(crate) const START: usize = START;

    /// Returns the automaton of an expression in the syntax of the linear-time engine. Returns `None` if it is very
    /// large or depends on the boundaries of characters.
    pub(crate) fn compile(translated: &str) -> Option<States> {
        let hir = regex_syntax::ParserBuilder::new().nest_limit(u32::MAX).build().parse(translated).ok()?;
        if hir.properties().look_set().contains(Look::WordAsciiNegate) {
            return None;
        }
        States::build(&hir, 1 << 22)
    }

    /// Determinizes an expression. `limit` is the maximum size of the automaton in bytes.
    fn build(hir: &Hir, limit: usize) -> Option<States> {
        let config = Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(limit));
        let nfa = Compiler::new().configure(config).build_from_hir(hir).ok()?;
        let config = dense::Config::new()
            .accelerate(false)
            .start_kind(StartKind::Unanchored)
            .dfa_size_limit(Some(limit))
            .determinize_size_limit(Some(2 * limit))
            .minimize(true);
        let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;
        States::of(&dfa)
    }

    /// Explores an automaton from the start of a text.
    fn of(dfa: &dense::DFA<Vec<u32>>) -> Option<States> {
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
        let mut states = States { transitions: vec![[DEAD; 256], [MATCHED; 256]], accepting: vec![false, true] };
        let mut numbers = HashMap::from([(start, states.add(dfa, start))]);
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            for byte in 0..=u8::MAX {
                let to = dfa.next_state(id, byte);
                let number = if dfa.is_dead_state(to) {
                    DEAD
                } else if dfa.is_match_state(to) {
                    MATCHED
                } else {
                    *numbers.entry(to).or_insert_with(|| {
                        open.push(to);
                        states.add(dfa, to)
                    })
                };
                states.transitions[numbers[&id]][usize::from(byte)] = number;
            }
            if numbers.len() > TRANSITIONS {
                return None;
            }
        }
        Some(states)
    }

    fn add(&mut self, dfa: &dense::DFA<Vec<u32>>, id: StateID) -> usize {
        self.transitions.push([DEAD; 256]);
        self.accepting.push(dfa.is_match_state(dfa.next_eoi_state(id)));
        self.accepting.len() - 1
    }
}
