//! Changes between two versions of a schema, and their consequences for a receiver of the payloads.

use serde_json::Value;

named_variants! {
    /// The consequence of a change for a receiver whose code was generated from the old schema.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Class {
        /// Both schemas accept the same payloads, for example because only annotations differ.
        Cosmetic = "words",
        /// Every payload of the new schema is still accepted.
        Compatible = "compatible",
        /// Every payload of the new schema is still accepted, because the event is read tolerantly. The old schema
        /// rejects some of these payloads; their nonconforming values are kept in `extra`.
        Deviation = "deviation",
        /// It is unknown whether every payload of the new schema is accepted: neither a proof nor a rejected payload
        /// was found.
        Unproven = "unproven",
        /// At least one payload of the new schema is rejected.
        Breaking = "breaking",
    }
}

named_variants! {
    /// The kind of a change.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ChangeKind {
        /// The new version adds an event.
        EventAdded = "event-added",
        /// The new version lacks an event of the old version.
        EventRemoved = "event-gone",
        /// The payload of an event is now nested in another object, at the location [`Change::new`]. This is a guess.
        EventMoved = "event-moved",
        /// The new schema names a member that the old schema does not name.
        MemberAdded = "member-added",
        /// The new schema names several members of one object that the old schema does not name. The change lists their
        /// types.
        MembersAdded = "members-added",
        /// The new schema does not name a member that the old schema names.
        MemberRemoved = "member-gone",
        /// A member is now at another location. This is a guess.
        MemberMoved = "member-moved",
        /// A member now has another name. This is a guess.
        MemberRenamed = "member-renamed",
        /// The new schema allows all old types, and more.
        TypeWidened = "type-widened",
        /// The new schema allows fewer types.
        TypeNarrowed = "type-narrowed",
        /// The new schema allows some new types, and no longer allows some old types.
        TypeChanged = "type-changed",
        /// The value may be null now.
        NullAdded = "null-added",
        /// The value can no longer be null.
        NullRemoved = "null-gone",
        /// The member is required now.
        RequiredAdded = "required-added",
        /// The member is no longer required.
        RequiredRemoved = "required-gone",
        /// A constant has another value.
        ConstantChanged = "constant-changed",
        /// The new schema allows all listed values, and more.
        ValuesAdded = "values-added",
        /// The new schema allows fewer of the listed values.
        ValuesRemoved = "values-gone",
        /// More values satisfy a keyword.
        RuleLoosened = "rule-loosened",
        /// Fewer values satisfy a keyword.
        RuleTightened = "rule-tightened",
        /// A keyword allows other values. Neither the old nor the new set of values is known to contain the other.
        RuleChanged = "rule-changed",
        /// The form of request bodies differs: for example, events are sent in batches.
        DeliveryChanged = "delivery-changed",
        /// A text no longer matches its templates, so no fields are extracted from it.
        WordingChanged = "wording-changed",
        /// An example is rejected by its own schema.
        ExampleInvalid = "example-invalid",
        /// An example is rejected by the generated types.
        ExampleRefused = "example-refused",
        /// An example loses data when it is parsed and serialized with the generated types.
        ExampleLost = "example-lost",
        /// The values of an example differ, but its members and types do not.
        ExampleChanged = "example-changed",
        /// A title, a description, a `format` or `deprecated` differs.
        WordsChanged = "words-changed",
    }
}

impl ChangeKind {
    /// Returns the class that a change of this kind usually has. If only one version has a member, the class of the
    /// change also depends on this member.
    pub(super) fn usual_class(self) -> Class {
        match self {
            ChangeKind::WordsChanged | ChangeKind::ExampleChanged => Class::Cosmetic,
            ChangeKind::EventAdded
            | ChangeKind::MemberAdded
            | ChangeKind::MembersAdded
            | ChangeKind::TypeNarrowed
            | ChangeKind::NullRemoved
            | ChangeKind::RequiredAdded
            | ChangeKind::ValuesRemoved
            | ChangeKind::RuleTightened => Class::Compatible,
            _ => Class::Breaking,
        }
    }

    /// Returns whether a member of the old version is no longer in its place.
    pub(super) fn loses_member(self) -> bool {
        matches!(self, ChangeKind::MemberRemoved | ChangeKind::MemberMoved | ChangeKind::MemberRenamed)
    }

    /// Returns whether a change of this kind is inferred from similarity and not certain.
    pub fn is_guess(self) -> bool {
        matches!(self, ChangeKind::EventMoved | ChangeKind::MemberMoved | ChangeKind::MemberRenamed)
    }
}

/// A difference between two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The folder name of the event; empty for a change of the whole provider.
    pub event: String,
    /// The kind of the change.
    pub what: ChangeKind,
    /// The consequence for a receiver.
    pub class: Class,
    /// The location in a payload: a JSON Pointer in which `*` stands for any item or member. For a member that moved,
    /// the old location.
    pub place: String,
    /// The declaration of the old version at `place`, if there is one.
    pub old: Option<String>,
    /// The declaration of the new version at `place`, if there is one.
    pub new: Option<String>,
    /// A payload that is valid under the new version and rejected by the old version because of this change.
    pub witness: Option<Value>,
    /// The reason why neither a proof nor a rejected payload was found.
    pub reason: Option<String>,
}

impl Change {
    /// Returns whether both changes describe the same difference. The class, the witness and the reason are not
    /// compared.
    pub fn is_same(&self, other: &Change) -> bool {
        self.difference() == other.difference()
    }

    /// Returns the difference that the change describes, without the class, the witness and the reason.
    pub fn difference(&self) -> (&str, ChangeKind, &str, Option<&str>, Option<&str>) {
        (&self.event, self.what, &self.place, self.old.as_deref(), self.new.as_deref())
    }

    /// Creates a change of an event, or of the whole provider if `event` is empty.
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
