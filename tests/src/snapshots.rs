//! Snapshots, with one setting for all.

/// Compares a text with the snapshot of a name, or else of the test function's name. Snapshots are kept in the folder
/// `snapshots` next to the test's file, without the expression that gave them.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($name, $text) })
    };
    ($text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}
