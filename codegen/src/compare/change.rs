//! What changed between two versions of a schema, and what it means to whoever receives the payloads.

use std::fmt;

/// What a change means to a receiver whose code was generated from the old schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Words only: the same payloads are valid.
    Words,
    /// Every payload of the new schema is still read, and nothing that the receiver needs is missing.
    Compatible,
    /// A payload of the new schema may be refused, or lacks what the receiver was promised.
    Breaking,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Class::Words => "words",
            Class::Compatible => "compatible",
            Class::Breaking => "breaking",
        })
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// An event that the old version does not have.
    EventAdded,
    /// An event that the new version does not have.
    EventGone,
    /// A guess: an event whose payload stands inside another now, at the place that the new version says.
    EventMoved,
    /// A member that the old schema does not name.
    MemberAdded,
    /// A member that the new schema does not name.
    MemberGone,
    /// A guess: a member that stands elsewhere now.
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
    NullGone,
    /// It is always there now.
    RequiredAdded,
    /// It is not always there any more.
    RequiredGone,
    /// Another constant.
    ConstantChanged,
    /// Values beside the listed ones.
    ValuesAdded,
    /// Fewer listed values.
    ValuesGone,
    /// A rule that more values pass.
    RuleLoosened,
    /// A rule that fewer values pass.
    RuleTightened,
    /// Another rule.
    RuleChanged,
    /// How bodies are sent.
    DeliveryChanged,
    /// A text that is worded otherwise than its templates: no field is taken from it.
    WordingChanged,
    /// An example that its own schema refuses.
    ExampleInvalid,
    /// An example that the types refuse.
    ExampleRefused,
    /// An example of which the types lose something.
    ExampleLost,
    /// Another example: members and types are the same.
    ExampleChanged,
    /// A title, a description, a format, or whether it is deprecated.
    WordsChanged,
}

impl What {
    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            What::EventAdded => "event-added",
            What::EventGone => "event-gone",
            What::EventMoved => "event-moved",
            What::MemberAdded => "member-added",
            What::MemberGone => "member-gone",
            What::MemberMoved => "member-moved",
            What::MemberRenamed => "member-renamed",
            What::TypeWidened => "type-widened",
            What::TypeNarrowed => "type-narrowed",
            What::TypeChanged => "type-changed",
            What::NullAdded => "null-added",
            What::NullGone => "null-gone",
            What::RequiredAdded => "required-added",
            What::RequiredGone => "required-gone",
            What::ConstantChanged => "constant-changed",
            What::ValuesAdded => "values-added",
            What::ValuesGone => "values-gone",
            What::RuleLoosened => "rule-loosened",
            What::RuleTightened => "rule-tightened",
            What::RuleChanged => "rule-changed",
            What::DeliveryChanged => "delivery-changed",
            What::WordingChanged => "wording-changed",
            What::ExampleInvalid => "example-invalid",
            What::ExampleRefused => "example-refused",
            What::ExampleLost => "example-lost",
            What::ExampleChanged => "example-changed",
            What::WordsChanged => "words-changed",
        }
    }

    /// Whether it is only likely, and not certain.
    pub fn is_guess(self) -> bool {
        matches!(self, What::EventMoved | What::MemberMoved | What::MemberRenamed)
    }
}

/// A difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The event, by the name of its folder; empty for the provider as a whole.
    pub event: String,
    /// What changed.
    pub what: What,
    /// What it means to a receiver.
    pub class: Class,
    /// Where in a payload: a JSON Pointer in which `*` stands for any item or member. A member that moved: where it was.
    pub place: String,
    /// What the old version says there; where it says nothing, `None`.
    pub old: Option<String>,
    /// What the new version says there; where it says nothing, `None`.
    pub new: Option<String>,
}

impl Change {
    /// A change of an event, or of a provider as a whole.
    pub fn of(event: &str, what: What, class: Class) -> Change {
        Change { event: event.to_owned(), what, class, place: String::new(), old: None, new: None }
    }
}
