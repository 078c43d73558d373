//! Identifies the event of a payload by a few members, before anything is parsed in full.

use std::borrow::Cow;

use serde_json::Value;

use crate::guess::{Discriminator, Guess, MemberFinders};
use crate::instance::{Instance, Literal};
use crate::number;
use crate::provider::EventInfo;
use crate::scan::{self, Token};
use crate::schema::Types;

/// How the events of a provider are identified.
#[derive(Debug)]
pub struct Dispatch {
    /// Whether events are identified by a name outside of the body. The conditions then choose between events with the
    /// same name.
    pub named: bool,
    /// The members that `matchers` and `event_name_paths` refer to by index.
    pub discriminator_paths: Paths,
    /// The members that `provider` refers to by index.
    pub provider_paths: Paths,
    /// The matchers of the events, in order of precedence.
    pub matchers: &'static [EventMatcher],
    /// The conditions that identify the provider of a payload that is not a known event: alternatives, each a list of
    /// conditions that must all hold. Without alternatives, such a payload identifies no provider.
    pub provider: &'static [&'static [Condition<'static>]],
    /// The members that name an event. The first of them that is a string is the name of the event.
    pub event_name_paths: &'static [usize],
    /// The member from which the event is guessed before the matchers are evaluated.
    pub discriminator: Option<Discriminator>,
    /// Finders of the members at `discriminator_paths`. They choose between events that share a value of the
    /// discriminator.
    pub finders: MemberFinders,
    /// The events that are tried for a payload whose discriminator is missing or has an unknown value. A payload is one of
    /// these events if the type of the event accepts it and names all of its members.
    pub fallback: &'static [usize],
}

impl Dispatch {
    /// Returns the event of highest precedence whose conditions hold, among the events that `among` admits.
    pub(crate) fn event_among(&self, member: Lookup<'_, '_>, among: impl Fn(usize) -> bool) -> Option<usize> {
        let matches = |matcher: &&EventMatcher| {
            among(matcher.event) && matcher.conditions.iter().all(|condition| condition.holds(member))
        };
        self.matchers.iter().find(matches).map(|matcher| matcher.event)
    }

    /// Returns the event, if the body alone identifies it.
    pub(crate) fn event(&self, member: Lookup<'_, '_>) -> Option<usize> {
        self.event_among(member, |_| !self.named)
    }

    /// Returns how certain it is that a payload comes from the provider, whether its event is known or not.
    pub(crate) fn certainty(&self, member: Lookup<'_, '_>) -> Option<Certainty> {
        let hold = |conditions: &&&[Condition<'_>]| conditions.iter().all(|condition| condition.holds(member));
        let certainty =
            |conditions: &&[Condition<'_>]| match conditions.iter().any(|c| matches!(c, Condition::Equals(..))) {
                // Other vendors may have members of the same names, but rarely with the same values.
                true => Certainty::Values,
                false => Certainty::Members,
            };
        self.provider.iter().filter(hold).map(certainty).max()
    }

    /// Returns whether the conditions of every event require some member to be present.
    pub(crate) fn is_by_presence(&self) -> bool {
        let is_presence = |condition: &Condition| !matches!(condition, Condition::Absent(_));
        self.matchers.iter().all(|matcher| matcher.conditions.iter().any(is_presence))
    }

    /// Guesses the result of [`Dispatch::detect`] from the first few members with the discriminator's name. The second value is
    /// whether a search ruled out events; a search does not find members whose names are written with escapes.
    #[inline]
    pub(crate) fn guess(&self, text: &str) -> (Guess, bool) {
        let Some(discriminator) = &self.discriminator else { return (Guess::None, false) };
        match discriminator.find(text) {
            Some((_, [only])) => (*only, false),
            Some((value, several)) => self.first_possible(discriminator, value, several, text),
            None => (Guess::None, false),
        }
    }

    /// Returns the first guess that a search of the text does not rule out, and whether other guesses were ruled out.
    fn first_possible(
        &self,
        discriminator: &Discriminator,
        value: &str,
        guesses: &[Guess],
        text: &str,
    ) -> (Guess, bool) {
        let Some((last, others)) = guesses.split_last() else { return (Guess::None, false) };
        let is_found = |condition: &Condition<'_>| match condition {
            Condition::Equals(path, literals) => {
                let name = self.discriminator_paths.0.get(*path).and_then(|path| path.last());
                name.is_some_and(|name| discriminator.is_member(name))
                    && literals.iter().any(|literal| literal.equals(Instance::String(value)))
            }
            _ => false,
        };
        let may_hold = |condition: &Condition<'static>| {
            is_found(condition) || self.finders.may_hold(condition, self.discriminator_paths, text)
        };
        let is_possible = |guess: &Guess| match guess {
            Guess::Event { index, .. } => {
                let mut matchers = self.matchers.iter().filter(|matcher| matcher.event == *index);
                matchers.all(|matcher| matcher.conditions.iter().all(may_hold))
            }
            _ => true,
        };
        others.iter().position(is_possible).map_or((*last, true), |place| (others[place], place > 0))
    }

    /// Returns the index in [`ProviderInfo::events`](crate::ProviderInfo::events) of a payload's event. Returns `None` if the
    /// event is unknown, or if the body alone does not identify it.
    pub fn detect(&'static self, text: &str) -> Option<usize> {
        Detection::in_text(self, text).event()
    }
}

/// Paths of member names, sorted.
#[derive(Clone, Copy, Debug)]
pub struct Paths(pub &'static [&'static [&'static str]]);

impl Paths {
    /// Returns the index of a path. Only constants call this function.
    #[allow(clippy::panic, reason = "fails the build of generated code, at compile time")]
    pub const fn index_of(self, path: &[&str]) -> usize {
        let mut index = 0;
        while index < self.0.len() {
            if are_equal(self.0[index], path) {
                return index;
            }
            index += 1;
        }
        panic!("no such path")
    }
}

/// The events of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Events(pub &'static [EventInfo]);

impl Events {
    /// Returns the index of an event by its JSON name. Only constants call this function.
    pub const fn index_of(self, name: &str) -> usize {
        let mut index = 0;
        // For an unknown name, the index goes out of bounds, which fails the build of generated code.
        while !are_equal(&[self.0[index].name], &[name]) {
            index += 1;
        }
        index
    }
}

const fn are_equal(left: &[&str], right: &[&str]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    // A `const fn` cannot compare slices with `==`, nor iterate over them.
    let mut place = 0;
    while place < left.len() {
        let (left, right) = (left[place].as_bytes(), right[place].as_bytes());
        if left.len() != right.len() {
            return false;
        }
        let mut byte = 0;
        while byte < left.len() {
            if left[byte] != right[byte] {
                return false;
            }
            byte += 1;
        }
        place += 1;
    }
    true
}

/// The conditions that identify one event.
#[derive(Debug)]
pub struct EventMatcher {
    /// The index of the event in [`ProviderInfo::events`](crate::ProviderInfo::events).
    pub event: usize,
    /// The conditions, all of which must hold.
    pub conditions: &'static [Condition<'static>],
}

impl EventMatcher {
    /// Returns a matcher for an event.
    pub const fn new(event: usize, conditions: &'static [Condition<'static>]) -> EventMatcher {
        EventMatcher { event, conditions }
    }
}

/// A condition on one member. The first field is the index of the member's path.
#[derive(Debug)]
pub enum Condition<'s> {
    /// The member equals one of these constants. None of them is an array or an object.
    Equals(usize, &'s [Literal<'s>]),
    /// The member is present.
    Present(usize),
    /// The member is absent.
    Absent(usize),
    /// The member is present and has one of these types.
    HasType(usize, Types),
}

/// Calls a function with a member as an instance. An array or object is passed empty, because conditions only check its
/// type.
fn with<R>(token: &Token<'_>, apply: impl FnOnce(Instance<'_>) -> R) -> Option<R> {
    Some(match token {
        Token::Null => apply(Instance::Null),
        Token::Boolean(value) => apply(Instance::Boolean(*value)),
        Token::Number(text) => apply(Instance::Number(&number::from_text(text)?)),
        Token::String(value) => apply(Instance::String(value)),
        Token::Array => apply(Instance::Array(&[])),
        Token::Object => apply(Instance::Object(&serde_json::Map::new())),
    })
}

/// A function that returns a member by the index of its path, if the member is present.
pub(crate) type Lookup<'f, 't> = &'f dyn Fn(usize) -> Option<&'f Token<'t>>;

impl Condition<'_> {
    /// Returns the index of the member's path.
    pub(crate) fn path(&self) -> usize {
        let (Condition::Equals(path, _)
        | Condition::Present(path)
        | Condition::Absent(path)
        | Condition::HasType(path, _)) = self;
        *path
    }

    /// Returns whether the condition holds for a payload. `member` returns the payload's members.
    pub(crate) fn holds(&self, member: Lookup<'_, '_>) -> bool {
        match (self, member(self.path())) {
            // Most conditions are of this form: no instance is made.
            (Condition::Equals(_, [Literal::String(only)]), Some(Token::String(text))) => text == only,
            // A number that is out of range cannot be an instance, but it is present.
            (Condition::Present(_), Some(_)) => true,
            (_, None) => self.holds_for(None),
            (_, Some(token)) => with(token, |instance| self.holds_for(Some(instance))) == Some(true),
        }
    }

    /// Returns whether the condition holds for a member. `None` stands for an absent member.
    pub fn holds_for(&self, member: Option<Instance<'_>>) -> bool {
        let Some(instance) = member else { return matches!(self, Condition::Absent(_)) };
        match self {
            Condition::Absent(_) => false,
            Condition::Present(_) => true,
            Condition::Equals(_, literals) => literals.iter().any(|literal| literal.equals(instance)),
            Condition::HasType(_, types) => types.accept(instance),
        }
    }
}

/// The members of a payload that identify its event.
pub(crate) struct Detection<'t> {
    dispatch: &'static Dispatch,
    found: Vec<Option<Token<'t>>>,
}

impl<'t> Detection<'t> {
    /// Extracts the members from JSON text. If the text is not JSON, the result is unspecified, and parsing the text
    /// fails later.
    pub(crate) fn in_text(dispatch: &'static Dispatch, text: &'t str) -> Detection<'t> {
        Detection { dispatch, found: scan::extract(text, dispatch.discriminator_paths.0) }
    }

    /// Extracts the members that identify the provider of an unknown event.
    pub(crate) fn of_provider(dispatch: &'static Dispatch, text: &'t str) -> Detection<'t> {
        Detection { dispatch, found: scan::extract(text, dispatch.provider_paths.0) }
    }

    pub(crate) fn in_value(dispatch: &'static Dispatch, value: &'t Value) -> Detection<'t> {
        let token = |value: &'t Value| match value {
            Value::Null => Token::Null,
            Value::Bool(value) => Token::Boolean(*value),
            Value::Number(number) => Token::Number(Cow::Owned(number.to_string())),
            Value::String(value) => Token::String(Cow::Borrowed(value)),
            Value::Array(_) => Token::Array,
            Value::Object(_) => Token::Object,
        };
        let follow =
            |path: &&[&str]| path.iter().try_fold(value, |value, name| value.as_object()?.get(*name)).map(token);
        Detection { dispatch, found: dispatch.discriminator_paths.0.iter().map(follow).collect() }
    }

    /// Returns the event, if the body identifies it.
    pub(crate) fn event(&self) -> Option<usize> {
        self.event_among(|_| !self.dispatch.named)
    }

    /// Returns the event, among the events that `among` admits.
    pub(crate) fn event_among(&self, among: impl Fn(usize) -> bool) -> Option<usize> {
        self.dispatch.event_among(&|path| self.found.get(path)?.as_ref(), among)
    }

    /// Returns how certain it is that the payload comes from the provider.
    pub(crate) fn certainty(&self) -> Option<Certainty> {
        self.dispatch.certainty(&|path| self.found.get(path)?.as_ref())
    }

    /// Returns the event name in the payload.
    pub(crate) fn event_name(&self) -> Option<&str> {
        self.dispatch.event_name_paths.iter().find_map(|path| match self.found[*path].as_ref()? {
            Token::String(name) => Some(name.as_ref()),
            _ => None,
        })
    }
}

/// How certain it is that a payload comes from a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Certainty {
    /// The payload has the members that identify the provider.
    Members,
    /// The payload also has values that identify the provider.
    Values,
}
