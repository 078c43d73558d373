//! Drift: what a vendor documents today, against schema-defs.
//!
//! [`page`] reads a page and finds the JSON on it; [`drift`] matches that with the events of a provider and says what
//! differs; [`accept`] makes the files that schema-defs lack; [`base`] compares two versions of schema-defs; [`report`] is
//! what is printed.

pub mod accept;
pub mod base;
mod block;
mod find;
mod matching;
mod naming;
pub mod page;
mod payloads;
pub mod report;

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::compare::{Class, ChangeKind};
use webhook_codegen::json::Json;
use webhook_runtime::__private::equal;

pub use crate::find::Finding;
use crate::page::Page;

/// What the pages of a vendor show, and what of it differs from schema-defs.
#[derive(Debug)]
pub struct Drift {
    /// How many schemas the pages show, and how many payloads and structures.
    pub shown: Shown,
    /// The differences, event by event.
    pub findings: Vec<Finding>,
    /// Events that were not found, and may be in what could not be read: whether they are gone is not known.
    pub undetermined: Vec<String>,
}

/// How much of each kind the pages show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// JSON Schemas; one that stands on the pages twice is counted once.
    pub schemas: usize,
    /// Payloads; those of an array are counted alone.
    pub payloads: usize,
    /// Structures: payloads with placeholders for values.
    pub structures: usize,
    /// Parts of payloads that the pages show by themselves; they are no events.
    pub partial: usize,
    /// Blocks below headings that provider.toml says to ignore.
    pub ignored: usize,
}

/// Compares the pages of a vendor with its schema-defs. What all pages together show is what the vendor documents.
///
/// # Errors
///
/// The problems of schema-defs that cannot be read.
pub fn drift(provider: &Provider, pages: &[(String, Page)]) -> Result<Drift, Vec<Diagnostic>> {
    let matches = matching::matches(provider, pages)?;
    let all = || matches.events.iter().chain(matches.new.iter().map(|(_, observed)| observed));
    let shown = Shown {
        schemas: all().map(|observed| observed.schemas.len()).sum(),
        payloads: all().map(|observed| observed.payloads.len()).sum(),
        structures: all().map(|observed| observed.structures.len()).sum::<usize>() + matches.common.len(),
        partial: matches.partial.len(),
        ignored: matches.ignored,
    };
    let (findings, undetermined) = determined(find::find(provider, &matches)?, pages);
    Ok(Drift { shown, findings, undetermined })
}

/// Takes out what cannot be known while a block of the pages could not be read: that an event is gone. Returns the rest, and
/// the names of such events.
pub(crate) fn determined(findings: Vec<Finding>, pages: &[(String, Page)]) -> (Vec<Finding>, Vec<String>) {
    if pages.iter().all(|(_, page)| page.unread.is_empty()) {
        return (findings, Vec::new());
    }
    let (gone, rest): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.change.what == ChangeKind::EventRemoved);
    (rest, gone.into_iter().map(|finding| finding.change.event).collect())
}

/// The worst that some findings are.
pub fn worst(findings: &[Finding]) -> Option<Class> {
    findings.iter().map(|finding| finding.change.class).max()
}

/// Whether a payload is one of an event's examples.
fn is_example(event: &Event, payload: &Json) -> bool {
    let value = payload.to_value();
    event.examples.iter().any(|example| equal(&example.value, &value))
}
