//! Limits how much of the stack nested objects take, so that no payload can exhaust it.

use std::cell::Cell;

use super::{Mismatch, Result};

/// Objects of up to this size, in bytes, are not counted. Even at the maximum depth of JSON, they take little of the
/// stack.
const SMALL: usize = 512;

/// The maximum total size, in bytes, of nested objects that are being read at the same time. Reading them takes several
/// times as much of the stack.
const MOST: usize = 128 << 10;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
    /// Whether an object was rejected since the last call of [`take_exceeded`].
    static EXCEEDED: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether an object was rejected since the last call.
pub(crate) fn take_exceeded() -> bool {
    EXCEEDED.replace(false)
}

/// An object that is being read; it counts until it is dropped.
pub(super) struct Guard(usize);

impl Drop for Guard {
    fn drop(&mut self) {
        TAKEN.set(TAKEN.get().saturating_sub(self.0));
    }
}

/// Begins an object of a type.
///
/// # Errors
///
/// Returns [`Mismatch`] if the object is inside so many large objects that the stack might overflow.
pub(super) fn begin<T>() -> Result<Option<Guard>> {
    // The size of the type is only a measure: a program cannot find out how much of the stack a reader takes.
    let size = size_of::<T>();
    if size < SMALL {
        return Ok(None);
    }
    let taken = TAKEN.get() + size;
    if taken > MOST {
        EXCEEDED.set(true);
        return Err(Mismatch);
    }
    TAKEN.set(taken);
    Ok(Some(Guard(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_counts_no_more() {
        type Large = [u8; 4096];
        for _ in 0..100 {
            assert!(begin::<Large>().is_ok());
        }
        let held: Vec<_> = (0..32).map(|_| begin::<Large>().unwrap()).collect();
        take_exceeded();
        assert!(begin::<Large>().is_err());
        assert!(take_exceeded() && !take_exceeded());
        drop(held);
        assert!(begin::<Large>().is_ok());
        assert!((0..1000).map(|_| begin::<u64>()).all(|one| one.is_ok()));
    }

    #[test]
    fn what_is_small_takes_nothing_and_the_most_is_allowed() {
        let guard = begin::<[u8; SMALL - 1]>();
        assert!(guard.is_ok_and(|guard| guard.is_none()));
        let guard = begin::<[u8; SMALL]>();
        assert!(guard.is_ok_and(|guard| guard.is_some()));
        let half = begin::<[u8; MOST / 2]>();
        assert!(half.is_ok() && begin::<[u8; MOST / 2 + 1]>().is_err() && begin::<[u8; MOST / 2]>().is_ok());
    }
}
