//! What changed between two versions of a schema, and what it means to whoever receives the payloads.

use std::fmt;

use serde_json::Value;

/// What a change means to a receiver whose code was generated from the old schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Words only: the same payloads are valid.
    Cosmetic,
    /// Every payload of the new schema is still accepted.
    Compatible,
    /// Every payload of the new schema is still accepted, because the event is read tolerantly. The old schema rejects some of
    /// them, and the values that do not fit are kept in `extra`.
    Deviation,
    /// Neither was it proven that every payload of the new schema is accepted, nor was a payload found that is not.
    Unproven,
    /// A payload of the new schema is rejected.
    Breaking,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Class::Cosmetic => "words",
            Class::Compatible => "compatible",
            Class::Deviation => "deviation",
            Class::Unproven => "unproven",
            Class::Breaking => "breaking",
        })
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// An event that the old version does not have.
    EventAdded,
    /// An event that the new version does not have.
    EventRemoved,
    /// A guess: an event whose payload is now nested in another, at the location in the new version.
    EventMoved,
    /// A member that the old schema does not name.
    MemberAdded,
    /// Members of one object that the old schema does not name, with their types.
    MembersAdded,
    /// A member that the new schema does not name.
    MemberRemoved,
    /// A guess: a member that has moved.
    MemberMoved,
    /// A guess: a member that has another name now.
    MemberRenamed,
    /// Types beside the old ones.
    TypeWidened,
    /// Fewer types.
    TypeNarrowed,
    /// Other types.
    TypeChanged,
    /// It may be null now.
    NullAdded,
    /// It may not be null any more.
    NullRemoved,
    /// It is always there now.
    RequiredAdded,
    /// It is not always there any more.
    RequiredRemoved,
    /// Another constant.
    ConstantChanged,
    /// Values beside the listed ones.
    ValuesAdded,
    /// Fewer listed values.
    ValuesRemoved,
    /// A keyword that more values satisfy.
    RuleLoosened,
    /// A keyword that fewer values satisfy.
    RuleTightened,
    /// A keyword whose set of valid values is neither larger nor smaller.
    RuleChanged,
    /// How bodies are sent.
    DeliveryChanged,
    /// A text that is worded otherwise than its templates: no field is taken from it.
    WordingChanged,
    /// An example that its own schema rejects.
    ExampleInvalid,
    /// An example that the types reject.
    ExampleRefused,
    /// An example of which the types lose something.
    ExampleLost,
    /// Another example: members and types are the same.
    ExampleChanged,
    /// A title, a description, a format, or whether it is deprecated.
    WordsChanged,
}

impl ChangeKind {
    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::EventAdded => "event-added",
            ChangeKind::EventRemoved => "event-gone",
            ChangeKind::EventMoved => "event-moved",
            ChangeKind::MemberAdded => "member-added",
            ChangeKind::MembersAdded => "members-added",
            ChangeKind::MemberRemoved => "member-gone",
            ChangeKind::MemberMoved => "member-moved",
            ChangeKind::MemberRenamed => "member-renamed",
            ChangeKind::TypeWidened => "type-widened",
            ChangeKind::TypeNarrowed => "type-narrowed",
            ChangeKind::TypeChanged => "type-changed",
            ChangeKind::NullAdded => "null-added",
            ChangeKind::NullRemoved => "null-gone",
            ChangeKind::RequiredAdded => "required-added",
            ChangeKind::RequiredRemoved => "required-gone",
            ChangeKind::ConstantChanged => "constant-changed",
            ChangeKind::ValuesAdded => "values-added",
            ChangeKind::ValuesRemoved => "values-gone",
            ChangeKind::RuleLoosened => "rule-loosened",
            ChangeKind::RuleTightened => "rule-tightened",
            ChangeKind::RuleChanged => "rule-changed",
            ChangeKind::DeliveryChanged => "delivery-changed",
            ChangeKind::WordingChanged => "wording-changed",
            ChangeKind::ExampleInvalid => "example-invalid",
            ChangeKind::ExampleRefused => "example-refused",
            ChangeKind::ExampleLost => "example-lost",
            ChangeKind::ExampleChanged => "example-changed",
            ChangeKind::WordsChanged => "words-changed",
        }
    }

    /// Whether it is only likely, and not certain.
    pub fn is_guess(self) -> bool {
        matches!(self, ChangeKind::EventMoved | ChangeKind::MemberMoved | ChangeKind::MemberRenamed)
    }
}

/// A difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The event, by the name of its folder; empty for the provider as a whole.
    pub event: String,
    /// What changed.
    pub what: ChangeKind,
    /// What it means to a receiver.
    pub class: Class,
    /// Where in a payload: a JSON Pointer in which `*` stands for any item or member. A member that moved: where it was.
    pub place: String,
    /// What the old version declares there, if anything.
    pub old: Option<String>,
    /// What the new version declares there, if anything.
    pub new: Option<String>,
    /// A payload that is valid under the new version, and that the old one rejects because of this change.
    pub witness: Option<Value>,
    /// Why it was neither proven that all payloads are accepted, nor a payload found that is not.
    pub reason: Option<String>,
}

impl Change {
    /// Whether another change is the same difference, whatever is known about it.
    pub fn is_same(&self, other: &Change) -> bool {
        let parts = |change: &Change| (change.what, change.place.clone(), change.old.clone(), change.new.clone());
        self.event == other.event && parts(self) == parts(other)
    }

    /// A change of an event, or of a provider as a whole.
    pub fn of(event: &str, what: ChangeKind, class: Class) -> Change {
        Change {
            event: event.to_owned(),
            what,
            class,
            place: String::new(),
            old: None,
            new: None,
            witness: None,
            reason: None,
        }
    }
}
