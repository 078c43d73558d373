//! Drift: differences between a vendor's current documentation and schema-defs.
//!
//! [`page`] reads a page and finds the JSON on it. [`drift`] matches the JSON with the events of a provider and returns
//! the differences. [`accept`] creates the files that schema-defs lack. [`versions`] compares two versions of
//! schema-defs. [`report`] prints differences.

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
mod wrapped;

use webhook_codegen::Checked;
use webhook_codegen::catalog::Provider;
use webhook_codegen::compare::{ChangeKind, Class, Sent};

pub use crate::finding::Finding;
use crate::page::Pages;
pub use crate::wrapped::proposal;

/// The differences between the pages of a vendor and schema-defs.
#[derive(Debug)]
pub struct Drift {
    /// The numbers of blocks on the pages, by kind.
    pub counts: BlockCounts,
    /// The differences, grouped by event.
    pub findings: Vec<Finding>,
    /// Events that were not found on the pages, although they may be in blocks that could not be parsed.
    pub undetermined: Vec<String>,
}

/// The numbers of blocks on the pages, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockCounts {
    /// JSON Schemas. A repeated schema is counted once.
    pub schemas: usize,
    /// Payloads. The payloads in an array are counted individually.
    pub payloads: usize,
    /// Structures: payloads with placeholders instead of values.
    pub structures: usize,
    /// Parts of payloads that the pages show separately. They are not events.
    pub partial: usize,
    /// Blocks under headings that `ignore_headings` lists.
    pub ignored: usize,
}

/// Compares the pages of a vendor with its schema-defs. The pages together are assumed to document everything that the
/// vendor sends. `sent` is the assumption about members that the pages no longer declare.
///
/// # Errors
///
/// Returns the problems of schema-defs that cannot be parsed.
pub fn drift(provider: &Provider, pages: &Pages, sent: Sent) -> Checked<Drift> {
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

/// Removes findings that are uncertain because a block of the pages could not be parsed: an event that seems to be
/// removed may be in that block. Returns the remaining findings, and the names of such events.
pub(crate) fn determined(findings: Vec<Finding>, pages: &Pages) -> (Vec<Finding>, Vec<String>) {
    if pages.iter().all(|(_, page)| page.unparsed.is_empty()) {
        return (findings, Vec::new());
    }
    let (gone, rest): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| finding.change.what == ChangeKind::EventRemoved);
    (rest, gone.into_iter().map(|finding| finding.change.event).collect())
}

/// Returns the most severe class of some findings.
pub fn worst(findings: &[Finding]) -> Option<Class> {
    findings.iter().map(|finding| finding.change.class).max()
}
