//! How much of the stack nested objects take: a payload must not be able to use it up.

use std::cell::Cell;

use serde::de::Error;

/// The size, in bytes, of objects that are too small to count: nested as deep as JSON may be, they take little.
const SMALL: usize = 512;

/// How many bytes of objects may be in the making at once, one inside the other. Reading takes several times as much of
/// the stack.
const MOST: usize = 128 << 10;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// An object in the making; it counts until it is dropped.
pub(super) struct Taken(usize);

impl Drop for Taken {
    fn drop(&mut self) {
        TAKEN.set(TAKEN.get().saturating_sub(self.0));
    }
}

/// Begins an object of a type. Refused is one that stands in so many large ones that the stack might not last.
pub(super) fn begin<T, E: Error>() -> Result<Option<Taken>, E> {
    let size = size_of::<T>();
    if size < SMALL {
        return Ok(None);
    }
    let taken = TAKEN.get() + size;
    if taken > MOST {
        return Err(E::custom("objects of many members nested too deep"));
    }
    TAKEN.set(taken);
    Ok(Some(Taken(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_counts_no_more() {
        type Large = [u8; 4096];
        type Problem = serde::de::value::Error;
        let begin = begin::<Large, Problem>;
        for _ in 0..100 {
            assert!(begin().is_ok());
        }
        let held: Vec<_> = (0..32).map(|_| begin().unwrap()).collect();
        assert!(begin().is_err());
        drop(held);
        assert!(begin().is_ok());
        assert!((0..1000).map(|_| self::begin::<u64, Problem>()).all(|one| one.is_ok()));
    }
}
