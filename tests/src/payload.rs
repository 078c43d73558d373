//! Assertions on payloads: `Payload::of("crowdsec/alert_triggered").is_accepted().is_lossless()`.

use serde_json::Value;
use webhook_harness::{TypedEvent, TypedProvider};
use webhook_runtime::Error;

use crate::lossless::assert_lossless;

/// A payload of a provider.
#[derive(Clone)]
pub struct Payload {
    provider: TypedProvider,
    text: String,
}

impl Payload {
    /// Returns the first example of an event, given as `provider/event`.
    #[track_caller]
    pub fn of(path: &str) -> Payload {
        let (provider, name) = path.split_once('/').expect("provider/event");
        let provider = provider_called(provider);
        let event = provider.events.iter().find(|event| event.name == name);
        let example = event.unwrap_or_else(|| panic!("no event {path}")).examples.first();
        let text = example.unwrap_or_else(|| panic!("{path} has no example")).payload.to_owned();
        Payload { provider, text }
    }

    /// Returns a body of a provider.
    #[track_caller]
    pub fn from_text(provider: &str, text: impl Into<String>) -> Payload {
        Payload { provider: provider_called(provider), text: text.into() }
    }

    /// Returns the payload with another value at a location. The object or array around the location must exist.
    #[track_caller]
    pub fn with(self, pointer: &str, value: impl Into<Value>) -> Payload {
        let (parent, name) = pointer.rsplit_once('/').expect("a JSON Pointer");
        let mut payload: Value = serde_json::from_str(&self.text).expect("JSON");
        match payload.pointer_mut(parent) {
            Some(Value::Object(members)) => drop(members.insert(name.to_owned(), value.into())),
            Some(Value::Array(items)) => items[name.parse::<usize>().expect("an index")] = value.into(),
            _ => panic!("nothing at {parent}"),
        }
        Payload { text: payload.to_string(), ..self }
    }

    /// Returns the payload without a member.
    #[track_caller]
    pub fn without(self, pointer: &str) -> Payload {
        let (parent, name) = pointer.rsplit_once('/').expect("a JSON Pointer");
        let mut payload: Value = serde_json::from_str(&self.text).expect("JSON");
        let members = payload.pointer_mut(parent).and_then(Value::as_object_mut);
        let removed = members.and_then(|members| members.remove(name));
        assert!(removed.is_some(), "nothing at {pointer}");
        Payload { text: payload.to_string(), ..self }
    }

    /// Returns the text of the payload.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the payload as a value.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// Returns the event that dispatch identifies.
    fn event(&self) -> Option<&TypedEvent> {
        self.provider.dispatch.detect(&self.text).map(|event| &self.provider.events[event])
    }

    #[track_caller]
    fn roundtrip(&self) -> Result<String, Error> {
        match self.event() {
            Some(event) => event.roundtrip(self.text.as_bytes()),
            None => self.provider.roundtrip(self.text.as_bytes()),
        }
    }

    /// Checks that dispatch identifies an event.
    #[track_caller]
    pub fn is_identified_as(&self, event: &str) -> &Payload {
        assert_eq!(self.event().map(|event| event.name), Some(event), "{}", self.text);
        self
    }

    /// Checks that dispatch identifies no event, and that the payload is accepted as an unknown one.
    #[track_caller]
    pub fn is_unknown(&self) -> &Payload {
        assert_eq!(self.event().map(|event| event.name), None, "{}", self.text);
        self.is_accepted()
    }

    /// Checks that the payload is accepted.
    #[track_caller]
    pub fn is_accepted(&self) -> &Payload {
        if let Err(error) = self.roundtrip() {
            panic!("{error}: {}", self.text);
        }
        self
    }

    /// Checks that the payload is rejected, with a violation at a location.
    #[track_caller]
    pub fn is_rejected_at(&self, pointer: &str) -> &Payload {
        let error = self.roundtrip().expect_err(&self.text);
        let violations = error.violations().unwrap_or_else(|| panic!("{error}"));
        assert!(violations.iter().any(|violation| violation.instance_location == pointer), "{violations}");
        self
    }

    /// Checks that the payload serializes to a value equal to the parsed value.
    #[track_caller]
    pub fn is_lossless(&self) -> &Payload {
        match self.roundtrip() {
            Ok(back) => {
                // A batch of one event is an array.
                let is_array =
                    self.event().is_none() && back.starts_with('[') && !self.text.trim_start().starts_with('[');
                let sent = if is_array { format!("[{}]", self.text) } else { self.text.clone() };
                assert_lossless(&sent, &back);
            }
            Err(error) => panic!("{error}: {}", self.text),
        }
        self
    }
}

#[track_caller]
fn provider_called(name: &str) -> TypedProvider {
    let found = crate::everything().into_iter().find(|provider| provider.name == name);
    found.unwrap_or_else(|| panic!("no provider {name}"))
}
