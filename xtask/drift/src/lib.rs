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
pub mod page;
pub mod report;

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::{Event, Provider, Source};
use webhook_codegen::compare::Class;

pub use crate::find::Finding;
use crate::page::Page;

/// What the pages of a vendor show, and what of it differs from schema-defs.
#[derive(Debug)]
pub struct Drift {
    /// How many schemas the pages show, and how many payloads and structures.
    pub shown: Shown,
    /// The differences, event by event.
    pub findings: Vec<Finding>,
}

/// How much of each kind the pages show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// JSON Schemas.
    pub schemas: usize,
    /// Payloads; those of an array are counted alone.
    pub payloads: usize,
    /// Structures: payloads with placeholders for values.
    pub structures: usize,
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
        schemas: all().filter(|observed| observed.schema.is_some()).count(),
        payloads: all().map(|observed| observed.payloads.len()).sum(),
        structures: all().map(|observed| observed.structures.len()).sum::<usize>() + matches.common.len(),
        ignored: matches.ignored,
    };
    Ok(Drift { shown, findings: find::find(provider, &matches)? })
}

/// The worst that some findings are.
pub fn worst(findings: &[Finding]) -> Option<Class> {
    findings.iter().map(|finding| finding.change.class).max()
}

/// Whether the vendor documents the schema of an event.
fn is_documented(provider: &Provider, event: &Event) -> bool {
    let own = provider.settings.events.get(&event.name).and_then(|settings| settings.source);
    own.unwrap_or(provider.settings.source) == Source::Documented
}

fn is_documented_by_name(provider: &Provider, name: &str) -> bool {
    provider.events.iter().any(|event| event.name == name && is_documented(provider, event))
}
