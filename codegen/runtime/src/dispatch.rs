//! Which event a payload is: a look at a few members, before anything is parsed in earnest.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::event::ProviderInfo;
use crate::instance::{Instance, Literal};
use crate::schema::Types;

/// How the events of one provider are told apart.
#[derive(Debug)]
pub struct Dispatch {
    /// Whether only a name outside the body tells events apart; the body then tells those of one name.
    pub named: bool,
    /// The members that are looked at: paths of member names, sorted.
    pub probes: &'static [&'static [&'static str]],
    /// The events, in order of precedence.
    pub events: &'static [Told],
    /// What every event of the provider has: tells the provider of a payload that is no known event. Empty: nothing does.
    pub provider: &'static [Test],
    /// The member that names the event, if there is one.
    pub label: Option<usize>,
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

/// What was found where a probe points.
#[derive(Clone, Debug)]
enum Found<'t> {
    Null,
    Boolean(bool),
    Number(Number),
    String(Cow<'t, str>),
    Array,
    Object,
}

impl Found<'_> {
    fn with<R>(&self, look: impl FnOnce(Instance<'_>) -> R) -> R {
        match self {
            Found::Null => look(Instance::Null),
            Found::Boolean(value) => look(Instance::Boolean(*value)),
            Found::Number(value) => look(Instance::Number(value)),
            Found::String(value) => look(Instance::String(value)),
            Found::Array => look(Instance::Array(&[])),
            Found::Object => look(Instance::Object(&serde_json::Map::new())),
        }
    }

    fn of(value: &Value) -> Found<'_> {
        match value {
            Value::Null => Found::Null,
            Value::Bool(value) => Found::Boolean(*value),
            Value::Number(value) => Found::Number(value.clone()),
            Value::String(value) => Found::String(Cow::Borrowed(value)),
            Value::Array(_) => Found::Array,
            Value::Object(_) => Found::Object,
        }
    }
}

impl Test {
    fn holds(&self, found: &[Option<Found<'_>>]) -> bool {
        let (Test::Is(probe, _) | Test::Present(probe) | Test::Absent(probe) | Test::Type(probe, _)) = self;
        let Some(found) = &found[*probe] else { return matches!(self, Test::Absent(_)) };
        match self {
            Test::Absent(_) => false,
            Test::Is(_, literals) => found.with(|instance| literals.iter().any(|literal| literal.equals(instance))),
            Test::Present(_) => true,
            Test::Type(_, types) => found.with(|instance| types.accept(instance)),
        }
    }
}

/// What a look at a payload found.
pub(crate) struct Look<'t> {
    dispatch: &'static Dispatch,
    found: Vec<Option<Found<'t>>>,
}

impl<'t> Look<'t> {
    /// Looks at JSON text. Text that breaks off or is no JSON gives what stood before the break: whoever parses it in
    /// earnest will say so.
    pub(crate) fn at_text(dispatch: &'static Dispatch, text: &'t str) -> Look<'t> {
        let peek = Peek::new(dispatch);
        let mut reader = serde_json::Deserializer::from_str(text);
        let _ = peek.seed(0, 0..dispatch.probes.len()).deserialize(&mut reader);
        Look { dispatch, found: peek.found.into_inner() }
    }

    pub(crate) fn at_value(dispatch: &'static Dispatch, value: &'t Value) -> Look<'t> {
        let follow =
            |path: &&[&str]| path.iter().try_fold(value, |value, name| value.as_object()?.get(*name)).map(Found::of);
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

    /// Whether the payload comes from the provider, known event or not.
    pub(crate) fn provider(&self) -> bool {
        let tests = self.dispatch.provider;
        !tests.is_empty() && tests.iter().all(|test| test.holds(&self.found))
    }

    /// What the payload itself says its event is.
    pub(crate) fn label(&self) -> Option<&str> {
        match self.found[self.dispatch.label?].as_ref()? {
            Found::String(name) => Some(name),
            _ => None,
        }
    }
}

/// A walk over JSON that keeps only what the probes point to, and stops when it has it all.
struct Peek<'t> {
    probes: &'static [&'static [&'static str]],
    found: RefCell<Vec<Option<Found<'t>>>>,
}

impl<'t> Peek<'t> {
    fn new(dispatch: &'static Dispatch) -> Self {
        Peek { probes: dispatch.probes, found: RefCell::new(vec![None; dispatch.probes.len()]) }
    }

    /// `probes` are those whose first `depth` names lead here.
    fn seed(&self, depth: usize, probes: std::ops::Range<usize>) -> Seed<'_, 't> {
        Seed { peek: self, depth, probes }
    }

    fn complete(&self) -> bool {
        self.found.borrow().iter().all(Option::is_some)
    }
}

struct Seed<'p, 't> {
    peek: &'p Peek<'t>,
    depth: usize,
    probes: std::ops::Range<usize>,
}

impl<'t> Seed<'_, 't> {
    fn keep<E: Error>(&self, found: Found<'t>) -> Result<(), E> {
        if self.peek.probes.get(self.probes.start).is_some_and(|path| path.len() == self.depth) {
            self.peek.found.borrow_mut()[self.probes.start] = Some(found);
            if self.peek.complete() {
                return Err(E::custom("seen enough"));
            }
        }
        Ok(())
    }
}

impl<'t> DeserializeSeed<'t> for Seed<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.probes.is_empty() {
            return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Seed<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.keep(Found::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.keep(Found::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.keep(Found::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.keep(Found::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match Number::from_f64(value) {
            Some(number) => self.keep(Found::Number(number)),
            None => Ok(()),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.keep(Found::String(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'t str) -> Result<(), E> {
        self.keep(Found::String(Cow::Borrowed(value)))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        self.keep(Found::Array)?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        let mut first = true;
        while let Some(name) = members.next_key_seed(crate::read::NameSeed)? {
            if first && crate::read::is_number(&name) {
                return match members.next_value::<String>()?.parse() {
                    Ok(number) => self.keep(Found::Number(number)),
                    Err(_) => Ok(()),
                };
            }
            if std::mem::take(&mut first) {
                self.keep(Found::Object)?;
            }
            let paths = &self.peek.probes[self.probes.clone()];
            let depth = self.depth;
            let start = self.probes.start + paths.partition_point(|path| path.get(depth) < Some(&&*name));
            let end = self.probes.start + paths.partition_point(|path| path.get(depth) <= Some(&&*name));
            members.next_value_seed(self.peek.seed(self.depth + 1, start..end))?;
        }
        if first {
            self.keep(Found::Object)?;
        }
        Ok(())
    }
}

/// Which of some providers a body comes from, by its place among them, and which event it is. A body with several events
/// has one name only when they agree.
pub fn identify(providers: &[&'static ProviderInfo], bytes: &[u8]) -> Option<(usize, Option<&'static str>)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let bodies: Vec<Vec<&str>> = providers.iter().map(|provider| provider.delivery.split(text)).collect();
    let look = |place: usize, text| Look::at_text(&providers[place].dispatch, text);
    let known = (0..providers.len()).find_map(|place| {
        let events: Vec<_> = bodies[place].iter().map(|text| look(place, text).event()).collect();
        let first = events.iter().flatten().next()?;
        let agreed = events.iter().all(|event| event == &Some(*first));
        Some((place, agreed.then(|| providers[place].events[*first].name)))
    });
    known.or_else(|| {
        let told = |place: &usize| bodies[*place].iter().any(|text| look(*place, text).provider());
        (0..providers.len()).find(told).map(|place| (place, None))
    })
}
