//! The functions that the targets in `tests/fuzz` call. `tests/validation/corpus.rs` calls them with every file of the
//! corpus. Each function panics if it finds a defect.

mod bytes;
mod instances;
mod toolkit;

use std::sync::LazyLock;

use webhook_harness::{TypedEvent, TypedProvider};

pub use self::bytes::{from_slice, identify, steps, stream, validate};
pub use self::instances::{differential, text};
#[cfg(feature = "toolkit")]
pub use self::toolkit::page;
pub use self::toolkit::{documentation, schema};

static PROVIDERS: LazyLock<Vec<TypedProvider>> = LazyLock::new(crate::everything);

/// Returns all events.
fn events() -> impl Iterator<Item = &'static TypedEvent> {
    PROVIDERS.iter().flat_map(|provider| &provider.events)
}
