//! The code that reads a member of a payload.

use std::fmt;

/// How code reads a member of a payload that it has in the variable `event`, or of an envelope in the variable `envelope`.
///
/// It is displayed as the body of a function that returns an `Option`: a step that ends with `?` returns `None` if there is no
/// such value, and so does a `let` if the value has another variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// A `let … else` for each union on the way, which takes the variant that has the member.
    pub bindings: Vec<String>,
    /// The expression that reads the member.
    pub expression: String,
}

impl Access {
    /// The payload itself.
    pub(super) fn root(variable: &str) -> Access {
        Access { bindings: Vec::new(), expression: variable.to_owned() }
    }

    /// Returns a constant of a type.
    pub(super) fn constant(owner: &str, name: &str) -> Access {
        Access { bindings: Vec::new(), expression: format!("{owner}::{name}") }
    }

    /// Returns the step to the entry of a map by its name; `None` for any name.
    pub(super) fn key(name: Option<&str>) -> String {
        format!(".get({:?})?", name.unwrap_or(Access::ANY))
    }

    /// The name that stands for any name.
    pub const ANY: &'static str = "NAME";

    /// Returns the way to something inside of the value.
    pub(super) fn with(&self, step: &str) -> Access {
        Access { bindings: self.bindings.clone(), expression: format!("{}{step}", self.expression) }
    }

    /// Returns the way to the value of a variant. `boxed`: the union is in a `Box`.
    pub(super) fn variant(&self, union: &str, variant: &str, boxed: bool) -> Access {
        let value = match boxed {
            true => format!("{}.as_ref()", self.expression),
            // A call or a pattern already returns a reference.
            false if self.expression.ends_with('?') || self.expression == BOUND => self.expression.clone(),
            false => format!("&{}", self.expression),
        };
        let mut bindings = self.bindings.clone();
        bindings.push(format!("let {union}::{variant}({BOUND}) = {value} else {{ return None }};"));
        Access { bindings, expression: BOUND.to_owned() }
    }

    /// Returns whether every valid payload has the member.
    pub fn is_certain(&self) -> bool {
        self.bindings.is_empty() && !self.expression.contains(")?")
    }
}

/// The variable that a pattern binds. A later one shadows an earlier one.
const BOUND: &str = "value";

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bindings.iter().try_for_each(|binding| writeln!(f, "{binding}"))?;
        f.write_str(&self.expression)
    }
}
