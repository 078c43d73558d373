//! Counts the work of reading and validating: a measure for tests that, unlike time, does not depend on the machine.

#[cfg(debug_assertions)]
thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts steps.
pub(crate) fn add(steps: u64) {
    #[cfg(debug_assertions)]
    STEPS.set(STEPS.get() + steps);
    #[cfg(not(debug_assertions))]
    let _ = steps;
}

/// Returns how many times this thread has evaluated a schema at a place of an instance, has parsed an array or an
/// object as a `Value`, or has skipped one of their brackets. Only builds with debug assertions count; others return 0.
pub fn steps() -> u64 {
    #[cfg(debug_assertions)]
    return STEPS.get();
    #[cfg(not(debug_assertions))]
    0
}
