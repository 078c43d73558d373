//! Snapshots, with one setting for all.

/// Compares a text with the snapshot of a name, or else of the test function's name. Snapshots are kept in `tests/snapshots`,
/// as `{test file}__{name}.snap`, without the expression that gave them.
#[macro_export]
macro_rules! assert_snapshot {
    ($name:expr, $text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($name, $text) })
    };
    ($text:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($text) })
    };
}
