//! Places in the instance and in the schema, as linked lists on the stack. Nothing is allocated until a violation is
//! written.

use std::fmt::Write as _;

use super::scope::{ScopeId, Scopes};
use crate::violation::escape;

/// One step of a JSON Pointer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'p> {
    /// A member name, or a keyword.
    Name(&'p str),
    /// An index.
    Index(usize),
    /// A whole pointer, which replaces everything before it: the target of a reference.
    Target(&'p str),
}

/// A place: an outer place, and the steps from there.
pub(super) struct Path<'p> {
    outer: Option<&'p Path<'p>>,
    steps: &'p [Step<'p>],
}

impl<'p> Path<'p> {
    pub(super) const ROOT: &'static Path<'static> = &Path { outer: None, steps: &[] };

    pub(super) fn below(outer: &'p Path<'p>, steps: &'p [Step<'p>]) -> Path<'p> {
        Path { outer: Some(outer), steps }
    }

    /// Returns the steps from the outer place.
    pub(super) fn steps(&self) -> &'p [Step<'p>] {
        self.steps
    }

    /// Returns the place as a JSON Pointer.
    pub(super) fn pointer(&self) -> String {
        let mut text = String::with_capacity(self.length());
        self.write(&mut text);
        text
    }

    /// Returns about how many bytes the pointer has. Growing a text in steps costs more than writing it.
    fn length(&self) -> usize {
        self.steps.iter().fold(self.outer.map_or(0, Path::length), |length, step| match step {
            Step::Name(name) => length + 1 + name.len(),
            Step::Index(_) => length + 4,
            Step::Target(pointer) => pointer.len(),
        })
    }

    fn write(&self, text: &mut String) {
        if let Some(outer) = self.outer {
            outer.write(text);
        }
        for step in self.steps {
            match step {
                Step::Name(name) => {
                    text.push('/');
                    text.push_str(&escape(name));
                }
                Step::Index(index) => {
                    // Writing to a string never fails.
                    let _ = write!(text, "/{index}");
                }
                Step::Target(pointer) => {
                    // The target of a reference has a location of its own in the document.
                    text.clear();
                    text.push_str(pointer);
                }
            }
        }
    }
}

/// The current location of an evaluation.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    /// The address of the value or name, which no other value and no other name of the instance has. Together with the
    /// schema and the scope, it is the key of the memo: a path would have to be copied.
    pub(super) node: usize,
    /// The place in the instance.
    pub(super) instance: &'p Path<'p>,
    /// The keywords on the way, including references.
    pub(super) evaluation: &'p Path<'p>,
    /// The place in the schema document.
    pub(super) schema: &'p Path<'p>,
    /// The dynamic scope.
    pub(super) scope: ScopeId,
}

impl At<'static> {
    pub(super) fn root(node: usize) -> Self {
        At { node, instance: Path::ROOT, evaluation: Path::ROOT, schema: Path::ROOT, scope: Scopes::EMPTY }
    }
}
