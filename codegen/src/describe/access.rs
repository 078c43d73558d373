//! Generates the code that reads a member of a payload.

use std::fmt;

/// Code that reads a member of the payload in the variable `event`, or of the envelope in the variable `envelope`.
///
/// `Display` formats the code as the body of a function that returns an `Option`. A step that ends with `?` returns `None` if
/// the value is absent. A `let … else` returns `None` if the value has another variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The unions on the path.
    pub bindings: Vec<Binding>,
    /// The expression that reads the member: a variable or a constant, followed by fields and calls.
    pub steps: Vec<String>,
}

/// A `let … else` that selects the variant of a union that has the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The code in front of the union.
    pub start: String,
    /// The expression that reads the union.
    pub steps: Vec<String>,
}

impl Binding {
    /// The code after the union.
    pub const END: &'static str = " else { return None };";
}

impl Access {
    /// The placeholder for an arbitrary name.
    pub const ANY: &'static str = "NAME";

    /// Returns the code for the payload itself.
    pub(super) fn root(variable: &str) -> Access {
        Access { bindings: Vec::new(), steps: vec![variable.to_owned()] }
    }

    /// Returns the step to an entry of a map by its name. `None` stands for any name.
    pub(super) fn key(name: Option<&str>) -> String {
        format!(".get({:?})?", name.unwrap_or(Access::ANY))
    }

    /// Returns the code with another step, to a part of the value.
    pub(super) fn with(&self, step: &str) -> Access {
        let mut access = self.clone();
        access.steps.push(step.to_owned());
        access
    }

    /// Returns the code that also selects a variant of a union. `boxed` says whether the union is in a `Box`.
    pub(super) fn variant(&self, union: &str, variant: &str, boxed: bool) -> Access {
        let Access { mut bindings, mut steps } = self.clone();
        // A call or a pattern already returns a reference.
        let is_reference = boxed || steps.last().is_some_and(|last| last.ends_with('?') || last == BOUND);
        let borrow = if is_reference { "" } else { "&" };
        steps.extend(boxed.then(|| ".as_ref()".to_owned()));
        bindings.push(Binding { start: format!("let {union}::{variant}({BOUND}) = {borrow}"), steps });
        Access { bindings, ..Access::root(BOUND) }
    }

    /// Returns whether every valid payload has the member.
    pub fn is_certain(&self) -> bool {
        self.bindings.is_empty() && !self.steps.iter().any(|step| step.ends_with('?'))
    }
}

/// The variable that a pattern binds. A later one shadows an earlier one.
const BOUND: &str = "value";

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Binding { start, steps } in &self.bindings {
            writeln!(f, "{start}{}{}", steps.concat(), Binding::END)?;
        }
        f.write_str(&self.steps.concat())
    }
}
