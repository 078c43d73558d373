//! Limits on the size of pages.

/// The maximum size of a page in bytes: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The maximum number of blocks on a page.
pub const MAX_BLOCKS: usize = 10_000;
