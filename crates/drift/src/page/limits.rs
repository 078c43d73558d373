//! Limits of pages.

/// The most bytes that a page may have: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The most blocks of a page.
pub const MAX_BLOCKS: usize = 10_000;
