//! Why the comparison, or one contender of it, failed.

use std::fmt;

/// Where something failed, and what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(place: impl fmt::Display, what: impl fmt::Display) -> Failure {
        Failure(format!("{place}: {what}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
