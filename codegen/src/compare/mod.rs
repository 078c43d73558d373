//! Two versions of a vendor's schemas: the differences that a receiver of payloads meets, each with what it means.
//!
//! What is compared is what schemas mean: references are followed, `allOf` is merged, and the order of members counts for
//! nothing.

mod change;
mod loose;
mod members;
mod scalars;
mod side;
mod walk;

use crate::catalog::{Event, Provider};
use crate::diagnostic::Diagnostic;

pub use self::change::{Change, Class, What};
pub use self::side::Version;

/// The differences between two versions of a schema, in the order of the old one.
///
/// # Errors
///
/// The problems of a schema that cannot be read.
pub fn schemas(event: &str, old: Version<'_>, new: Version<'_>) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let (old, new) = (side::Side::new(old)?, side::Side::new(new)?);
    Ok(walk::walk(event, old, new))
}

/// The differences between two versions of a provider: its events, and the schema of each with its overlay.
///
/// # Errors
///
/// The problems of schemas that cannot be read.
pub fn providers(old: &Provider, new: &Provider) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    if old.settings.delivery != new.settings.delivery {
        let said = |provider: &Provider| Some(format!("{:?}", provider.settings.delivery).to_lowercase());
        let change = Change::of("", What::DeliveryChanged, Class::Breaking);
        changes.push(Change { old: said(old), new: said(new), ..change });
    }
    for event in &old.events {
        let Some(other) = new.events.iter().find(|other| other.name == event.name) else {
            changes.push(Change::of(&event.name, What::EventGone, Class::Breaking));
            continue;
        };
        match one(event, (old, event), (new, other)) {
            Ok(found) => changes.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    for event in new.events.iter().filter(|event| !old.events.iter().any(|other| other.name == event.name)) {
        changes.push(Change::of(&event.name, What::EventAdded, Class::Compatible));
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

fn one(event: &Event, old: (&Provider, &Event), new: (&Provider, &Event)) -> Result<Vec<Change>, Vec<Diagnostic>> {
    let applied = |(provider, event): (&Provider, &Event)| provider.schema(event).map_err(|found| vec![found]);
    let (old_schema, new_schema) = (applied(old)?, applied(new)?);
    let (old_file, new_file) = (old.0.schema_file(old.1), new.0.schema_file(new.1));
    schemas(
        &event.name,
        Version { file: &old_file, schema: &old_schema, documents: &old.0.documents },
        Version { file: &new_file, schema: &new_schema, documents: &new.0.documents },
    )
}

/// Whether a schema speaks of a place in a payload: it names the member, or takes members of any name there.
///
/// # Errors
///
/// The problems of a schema that cannot be read.
pub fn speaks_of(version: Version<'_>, place: &str) -> Result<bool, Vec<Diagnostic>> {
    Ok(side::Side::new(version)?.speaks_of(place))
}
