//! Formats findings as sentences.

use webhook_codegen::compare::ChangeKind;
use webhook_codegen::cut;

use crate::finding::Finding;

/// A non-breaking space.
pub(crate) const NO_BREAK: char = '\u{a0}';

/// Returns a location on a page, with non-breaking spaces. The page is included if there are `several`.
pub(crate) fn place((page, line): (usize, usize), several: bool) -> String {
    let line = format!("line{NO_BREAK}{line}");
    if several { format!("page{NO_BREAK}{}, {line}", page + 1) } else { line }
}

/// Returns a finding as a sentence.
pub(crate) fn sentence(finding: &Finding, several: bool) -> String {
    let change = &finding.change;
    let what = match change.what {
        ChangeKind::EventAdded => "a new event",
        ChangeKind::EventRemoved => "the event is gone",
        ChangeKind::EventMoved => "moved",
        ChangeKind::MemberAdded => "new member",
        ChangeKind::MembersAdded => "new members",
        ChangeKind::MemberRemoved => "member gone",
        ChangeKind::MemberMoved => "probably moved",
        ChangeKind::MemberRenamed => "probably renamed",
        ChangeKind::TypeWidened => "type widened",
        ChangeKind::TypeNarrowed => "type narrowed",
        ChangeKind::TypeChanged => "type changed",
        ChangeKind::NullAdded => "may be null now",
        ChangeKind::NullRemoved => "no longer null",
        ChangeKind::RequiredAdded => "always there now",
        ChangeKind::RequiredRemoved => "no longer always there",
        ChangeKind::ConstantChanged => "another constant",
        ChangeKind::ValuesAdded => "new values",
        ChangeKind::ValuesRemoved => "fewer values",
        ChangeKind::RuleLoosened => "rule loosened",
        ChangeKind::RuleTightened => "rule tightened",
        ChangeKind::RuleChanged => "rule changed",
        ChangeKind::DeliveryChanged => "is sent in another way",
        ChangeKind::WordingChanged => "reworded: no field is read from it",
        ChangeKind::ExampleInvalid => "the page's schema rejects its example",
        ChangeKind::ExampleRefused => "our types reject the example",
        ChangeKind::ExampleLost => "our types lose something of the example",
        ChangeKind::ExampleChanged => "another example",
        ChangeKind::WordsChanged => "other words",
    };
    let detail = match (&change.old, &change.new) {
        _ if matches!(change.what, ChangeKind::RequiredAdded | ChangeKind::RequiredRemoved) => String::new(),
        (_, Some(new)) if change.what == ChangeKind::EventMoved => format!(" to {new}"),
        (_, Some(new)) if change.what == ChangeKind::MembersAdded => format!(": {new}"),
        (Some(old), Some(new)) => format!(", {} → {}", brief(old), brief(new)),
        (Some(old), None) => format!(", was {}", brief(old)),
        (None, Some(new)) => format!(": {}", brief(new)),
        (None, None) => String::new(),
    };
    let member = if change.place.is_empty() { String::new() } else { format!("{}: ", change.place) };
    let at = finding.location.map(|location| format!(" ({})", place(location, several)));
    format!("{member}{what}{detail}{}", at.unwrap_or_default())
}

/// Returns a value on one line, cut if it is long.
fn brief(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "), 120)
}
