//! Which event a payload is: a look at a few members, before anything is parsed in earnest.

use std::borrow::Cow;

use serde_json::{Number, Value};

use crate::event::ProviderInfo;
use crate::instance::{Instance, Literal};
use crate::scan::{self, Token};
use crate::schema::Types;

/// How the events of one provider are told apart.
#[derive(Debug)]
pub struct Dispatch {
    /// Whether only a name outside the body tells events apart; the body then tells those of one name.
    pub named: bool,
    /// The members that are looked at: paths of member names, sorted.
    pub probes: &'static [&'static [&'static str]],
    /// The members that `provider` is about.
    pub provider_probes: &'static [&'static [&'static str]],
    /// The events, in order of precedence.
    pub events: &'static [Told],
    /// What tells the provider of a payload that is no known event, about `provider_probes`: alternatives, of which one must
    /// hold as a whole. Empty: nothing tells it.
    pub provider: &'static [&'static [Test]],
    /// The members that name events, by their places in `probes`. The first that is a string is the name.
    pub event_names: &'static [usize],
}

impl Dispatch {
    /// The event of a payload, by its place in [`ProviderInfo::events`]; `None` when it is no known one, or when the body
    /// alone does not tell.
    pub fn tell(&'static self, text: &str) -> Option<usize> {
        Look::at_text(self, text).event()
    }
}

/// How one event is told.
#[derive(Debug)]
pub struct Told {
    /// The event, by its place in [`ProviderInfo::events`].
    pub event: usize,
    /// What must hold; all of it.
    pub tests: &'static [Test],
}

impl Told {
    /// The event at a place, and its tests.
    pub const fn by(event: usize, tests: &'static [Test]) -> Told {
        Told { event, tests }
    }
}

/// Something that must hold of a member that is looked at, by its place in [`Dispatch::probes`].
#[derive(Debug)]
pub enum Test {
    /// The member is one of these constants.
    Is(usize, &'static [Literal<'static>]),
    /// The member is there.
    Present(usize),
    /// The member is not there.
    Absent(usize),
    /// The member is there, and of one of these types.
    Type(usize, Types),
}

/// What was found where a probe points, for a test to look at.
fn with<R>(token: &Token<'_>, look: impl FnOnce(Instance<'_>) -> R) -> Option<R> {
    Some(match token {
        Token::Null => look(Instance::Null),
        Token::Boolean(value) => look(Instance::Boolean(*value)),
        Token::Number(text) => look(Instance::Number(&serde_json::from_str::<Number>(text).ok()?)),
        Token::String(value) => look(Instance::String(value)),
        Token::Array => look(Instance::Array(&[])),
        Token::Object => look(Instance::Object(&serde_json::Map::new())),
    })
}

impl Test {
    fn holds(&self, found: &[Option<Token<'_>>]) -> bool {
        let (Test::Is(probe, _) | Test::Present(probe) | Test::Absent(probe) | Test::Type(probe, _)) = self;
        let Some(token) = &found[*probe] else { return matches!(self, Test::Absent(_)) };
        let holds = match self {
            Test::Absent(_) => Some(false),
            Test::Present(_) => Some(true),
            Test::Is(_, [Literal::String(only)]) => Some(matches!(token, Token::String(text) if text == only)),
            Test::Is(_, literals) => with(token, |instance| literals.iter().any(|literal| literal.equals(instance))),
            Test::Type(_, types) => with(token, |instance| types.accept(instance)),
        };
        holds == Some(true)
    }
}

/// What a look at a payload found.
pub(crate) struct Look<'t> {
    dispatch: &'static Dispatch,
    found: Vec<Option<Token<'t>>>,
}

impl<'t> Look<'t> {
    /// Looks at JSON text. Text that is none gives what a look finds in it: whoever parses it in earnest will say so.
    pub(crate) fn at_text(dispatch: &'static Dispatch, text: &'t str) -> Look<'t> {
        Look { dispatch, found: scan::look(text, dispatch.probes) }
    }

    /// Looks at what tells the provider of an event that is not known.
    fn at_provider(dispatch: &'static Dispatch, text: &'t str) -> Look<'t> {
        Look { dispatch, found: scan::look(text, dispatch.provider_probes) }
    }

    pub(crate) fn at_value(dispatch: &'static Dispatch, value: &'t Value) -> Look<'t> {
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
        Look { dispatch, found: dispatch.probes.iter().map(follow).collect() }
    }

    /// The event, where the body tells it.
    pub(crate) fn event(&self) -> Option<usize> {
        self.event_among(|_| !self.dispatch.named)
    }

    /// The event, among those that `among` lets through.
    pub(crate) fn event_among(&self, among: impl Fn(usize) -> bool) -> Option<usize> {
        let told = |told: &&Told| among(told.event) && told.tests.iter().all(|test| test.holds(&self.found));
        self.dispatch.events.iter().find(told).map(|told| told.event)
    }

    /// How surely the payload comes from the provider, known event or not; `None` when nothing tells it.
    fn provider(&self) -> Option<Certainty> {
        let holds = |tests: &&&[Test]| tests.iter().all(|test| test.holds(&self.found));
        let certainty = |tests: &&[Test]| match tests.iter().any(|test| matches!(test, Test::Is(..))) {
            true => Certainty::Values,
            false => Certainty::Members,
        };
        self.dispatch.provider.iter().filter(holds).map(certainty).max()
    }

    /// What the payload itself says its event is.
    pub(crate) fn event_name(&self) -> Option<&str> {
        self.dispatch.event_names.iter().find_map(|probe| match self.found[*probe].as_ref()? {
            Token::String(name) => Some(name.as_ref()),
            _ => None,
        })
    }
}

/// How surely a payload comes from a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    /// It has the members.
    Members,
    /// It has values that all payloads of the provider have.
    Values,
}

/// Which of some providers a body comes from, by its place among them, and which event it is. A body with several events
/// has one name only when they agree.
pub fn identify(providers: &[&'static ProviderInfo], bytes: &[u8]) -> Option<(usize, Option<&'static str>)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let bodies: Vec<Vec<&str>> = providers.iter().map(|provider| provider.delivery.split_unchecked(text)).collect();
    let known = (0..providers.len()).find_map(|place| {
        let dispatch = &providers[place].dispatch;
        let events: Vec<_> = bodies[place].iter().map(|text| Look::at_text(dispatch, text).event()).collect();
        let first = events.iter().flatten().next()?;
        let agreed = events.iter().all(|event| event == &Some(*first));
        Some((place, agreed.then(|| providers[place].events[*first].name)))
    });
    known.or_else(|| {
        let dispatch = |place: usize| &providers[place].dispatch;
        let certainty = |place: usize| {
            bodies[place].iter().filter_map(|text| Look::at_provider(dispatch(place), text).provider()).max()
        };
        let claims: Vec<_> = (0..providers.len()).filter_map(|place| Some((certainty(place)?, place))).collect();
        let surest = claims.iter().map(|(certainty, _)| *certainty).max()?;
        let mut places = claims.into_iter().filter(|(certainty, _)| *certainty == surest).map(|(_, place)| place);
        match (places.next(), places.next()) {
            (Some(only), None) => Some((only, None)),
            _ => None,
        }
    })
}
