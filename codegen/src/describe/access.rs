//! Generates the code that reads a member of a payload.

use std::fmt;

/// Code that reads a member of the payload in the variable `event`, or of the envelope in the variable `envelope`.
///
/// `Display` formats the code as the body of a function that returns an `Option`. A step that ends with `?` returns `None` if
/// the value is absent. A `let … else` returns `None` if the value has another variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// A `let … else` for each union on the path, which selects the variant that has the member.
    pub bindings: Vec<String>,
    /// The expression that reads the member.
    pub expression: String,
}

impl Access {
    /// Returns the code for the payload itself.
    pub(super) fn root(variable: &str) -> Access {
        Access { bindings: Vec::new(), expression: variable.to_owned() }
    }

    /// Returns a constant of a type.
    pub(super) fn constant(owner: &str, name: &str) -> Access {
        Access { bindings: Vec::new(), expression: format!("{owner}::{name}") }
    }

    /// Returns the step to an entry of a map by its name. `None` stands for any name.
    pub(super) fn key(name: Option<&str>) -> String {
        format!(".get({:?})?", name.unwrap_or(Access::ANY))
    }

    /// The placeholder for an arbitrary name.
    pub const ANY: &'static str = "NAME";

    /// Returns the code with another step, to a part of the value.
    pub(super) fn with(&self, step: &str) -> Access {
        Access { bindings: self.bindings.clone(), expression: format!("{}{step}", self.expression) }
    }

    /// Returns the code that also selects a variant of a union. `boxed` says whether the union is in a `Box`.
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
