//! Snapshot assertions, with the same settings for all tests.

/// Compares a text with the snapshot of the given name, which is the test function's name by default. Snapshots are in
/// the folder `snapshots` next to the test's file, and do not contain the expression that was evaluated.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($name, $text) })
    };
    ($text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}
