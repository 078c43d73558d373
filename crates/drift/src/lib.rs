//! Drift: differences between what a vendor documents today and schema-defs.
//!
//! [`page`] reads a page and finds the JSON on it; [`drift`] matches it with the events of a provider and reports
//! the differences; [`accept`] makes the files that schema-defs lack; [`versions`] compares two versions of schema-defs; [`report`]
//! prints the differences.

pub mod accept;
mod blocks;
mod finding;
mod findings;
mod known_event;
mod matching;
mod naming;
pub mod page;
mod payloads;
mod placeholders;
pub mod report;
mod sentence;
pub mod versions;
mod witness;

use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::Provider;
use webhook_codegen::compare::{ChangeKind, Class, Sent};

pub use crate::finding::Finding;
use crate::page::Page;

/// The differences between the pages of a vendor and schema-defs.
#[derive(Debug)]
pub struct Drift {
    /// The numbers of blocks on the pages, by kind.
    pub counts: BlockCounts,
    /// The differences, event by event.
    pub findings: Vec<Finding>,
    /// Events that were not found, while blocks of the pages could not be read: whether they are gone is not known.
    pub undetermined: Vec<String>,
}

/// The numbers of blocks on the pages, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockCounts {
    /// JSON Schemas; repeated ones are counted once.
    pub schemas: usize,
    /// Payloads; those of an array are counted one by one.
    pub payloads: usize,
    /// Structures: payloads with placeholders for values.
    pub structures: usize,
    /// Parts of payloads that the pages show separately; they are not events.
    pub partial: usize,
    /// Blocks below headings that `ignore_headings` lists.
    pub ignored: usize,
}

/// Compares the pages of a vendor with its schema-defs. The pages together are taken for all that the vendor documents. `sent`:
/// what is expected in members that the pages no longer declare.
///
/// # Errors
///
/// The problems of schema-defs that cannot be read.
pub fn drift(provider: &Provider, pages: &[(String, Page)], sent: Sent) -> Result<Drift, Vec<Diagnostic>> {
    let pages = &*blocks::with_dialect(&provider.settings, pages);
    let pages = &*placeholders::fill(provider, pages)?;
    let matches = matching::matches(provider, pages)?;
    let all = || matches.events.iter().chain(matches.new.iter().map(|(_, evidence)| evidence));
    let counts = BlockCounts {
        schemas: all().map(|evidence| evidence.schemas.len()).sum(),
        payloads: all().map(|evidence| evidence.payloads.len()).sum(),
        structures: all().map(|evidence| evidence.structures.len()).sum::<usize>() + matches.common.len(),
        partial: matches.partial.len(),
        ignored: matches.ignored,
    };
    let (findings, undetermined) = determined(findings::find(provider, &matches, sent)?, pages);
    Ok(Drift { counts, findings, undetermined })
}

/// Removes findings that are unknown while a block of the pages could not be read: that an event is gone. Returns the rest,
/// and the names of those events.
pub(crate) fn determined(findings: Vec<Finding>, pages: &[(String, Page)]) -> (Vec<Finding>, Vec<String>) {
    if pages.iter().all(|(_, page)| page.unparsed.is_empty()) {
        return (findings, Vec::new());
    }
    let (gone, rest): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.change.what == ChangeKind::EventRemoved);
    (rest, gone.into_iter().map(|finding| finding.change.event).collect())
}

/// The most severe class of some findings.
pub fn worst(findings: &[Finding]) -> Option<Class> {
    findings.iter().map(|finding| finding.change.class).max()
}
