//! Schemas from payloads: the observed values become a schema that requires no more than they show.
//!
//! [`infer`] makes the schema of an event that nobody documents; [`widen`] changes a known schema so that it accepts
//! payloads that it refuses. Both list what a person should review.

mod distinguish;
mod json_type;
mod maps;
mod members;
mod mixed;
mod patch;
mod place;
mod repair;
mod shape;
mod text;
mod undeclared;
mod widen;
mod widened;

pub use self::patch::patch;
pub use self::text::{folder_name, is_label, title};
pub use self::widen::{widen, widen_with_documents};
pub use self::widened::Widened;

use self::place::Place;
use crate::json::Json;

/// A schema for an event, from its payloads.
#[derive(Clone, Debug, PartialEq)]
pub struct Inferred {
    /// The schema.
    pub schema: Json,
    /// What distinguishes the event from its siblings: JSON Pointers of members of a payload.
    pub discriminators: Vec<String>,
    /// Siblings that a payload can also be, with more specific conditions: they are tried first.
    pub after: Vec<String>,
    /// What a person should review, in sentences.
    pub notes: Vec<String>,
}

/// Another event of the same provider.
#[derive(Clone, Copy, Debug)]
pub struct Sibling<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schema, if there is one.
    pub schema: Option<&'a Json>,
    /// Its payloads.
    pub payloads: &'a [Json],
}

/// Makes a schema from the payloads of one event.
///
/// It constrains as little as possible: only what makes the event recognisable is required and has a fixed value, a
/// member that
/// was seen with several types may have any of them, and members that were not seen are allowed.
pub fn infer(title: &str, payloads: &[Json], siblings: &[Sibling<'_>]) -> Inferred {
    let mut notes = Vec::new();
    let values: Vec<&Json> = payloads.iter().collect();
    let mut schema = shape::schema(&values, &Place::Root(""), "", &mut notes);
    let distinction = distinguish::distinguish(title, &schema, payloads, siblings);
    for member in &distinction.members {
        members::fix(&mut schema, member);
    }
    for name in &distinction.required {
        members::require(&mut schema, name);
    }
    notes.splice(..0, mixed::mixed(payloads).into_iter().chain(distinction.notes.iter().cloned()));
    let mut keywords = vec![
        ("$schema".to_owned(), Json::String("https://json-schema.org/draft/2020-12/schema".to_owned())),
        ("title".to_owned(), Json::String(title.to_owned())),
    ];
    keywords.extend(schema.as_object().unwrap_or_default().iter().cloned());
    let discriminators = distinguish::pointers(&distinction);
    Inferred { schema: Json::Object(keywords), discriminators, after: distinction.after, notes }
}
