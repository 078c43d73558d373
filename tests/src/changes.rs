//! Compares two versions of a schema, and checks the toolkit's verdict on a change with payloads that other validators
//! decide.

use std::collections::BTreeMap;

use serde_json::Value;
use webhook_codegen::compare::{Change, Class, Rules, Version, schemas};
use webhook_codegen::json::Json;

use crate::oracle::{Oracle, Verdict};

/// Two versions of a schema, and their differences.
pub struct Versions<'t> {
    old: &'t str,
    new: &'t str,
    changes: Vec<Change>,
}

/// Compares two schemas.
pub fn between<'t>(old: &'t str, new: &'t str) -> Versions<'t> {
    Versions::with_payloads((old, &[]), (new, &[]))
}

impl<'t> Versions<'t> {
    /// Compares two schemas, each with payloads of its version.
    pub fn with_payloads(old: (&'t str, &[&str]), new: (&'t str, &[&str])) -> Versions<'t> {
        let json = |text: &str| Json::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let payloads = |texts: &[&str]| texts.iter().map(|text| json(text)).collect::<Vec<_>>();
        let (old_schema, old_payloads, new_schema, new_payloads) =
            (json(old.0), payloads(old.1), json(new.0), payloads(new.1));
        let library = BTreeMap::new();
        let version = |schema, instances| Version { schema, library: &library, instances };
        let (old_version, new_version) = (version(&old_schema, &old_payloads), version(&new_schema, &new_payloads));
        let changes = schemas("event", old_version, new_version, Rules::default());
        let changes = changes.unwrap_or_else(|problems| panic!("{} to {}: {problems:?}", old.0, new.0));
        Versions { old: old.0, new: new.0, changes }
    }

    /// Asserts that the differences are these, each as `{name} {class} {place}: {old} -> {new}`.
    pub fn are(self, expected: &[&str]) -> Self {
        let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let line = |change: &Change| {
            let place = if change.place.is_empty() { "" } else { &format!(" {}", change.place) };
            let (old, new) = (part(&change.old), part(&change.new));
            format!("{} {}{place}: {old} -> {new}", change.what.as_str(), change.class)
        };
        assert!(self.changes.iter().all(|change| change.event == "event"));
        assert_eq!(self.changes.iter().map(line).collect::<Vec<_>>(), expected, "{} to {}", self.old, self.new);
        self
    }

    fn verdicts(&self, payload: &str) -> (Verdict, Verdict) {
        let payload: Value = serde_json::from_str(payload).expect("a payload is JSON");
        (Oracle::new(self.old).verdict(&payload), Oracle::new(self.new).verdict(&payload))
    }

    fn worst(&self) -> Option<Class> {
        self.changes.iter().map(|change| change.class).max()
    }

    /// Asserts that a payload is valid only under the new schema, so the change breaks receivers with the old schema.
    pub fn admits(self, payload: &str) -> Self {
        self.decided(payload, (Verdict::Invalid, Verdict::Valid), Class::Breaking)
    }

    /// Asserts that a payload is valid only under the old schema, and that the change is compatible.
    pub fn only_forbids(self, payload: &str) -> Self {
        self.decided(payload, (Verdict::Valid, Verdict::Invalid), Class::Compatible)
    }

    fn decided(self, payload: &str, expected: (Verdict, Verdict), class: Class) -> Self {
        assert_eq!(self.verdicts(payload), expected, "{payload}: {} to {}", self.old, self.new);
        assert_eq!(self.worst(), Some(class), "{payload}: {} to {}", self.old, self.new);
        self
    }
}
