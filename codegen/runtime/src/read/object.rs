//! The members of an object, by their place among the names that a type knows.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Mismatch, Node, Parser, Reader, Result};
use crate::instance::Instance;
use crate::schema::Validator;

/// The place of a name among those that a type knows. `guess`: where it is likely to be.
fn place(names: &[&str], guess: usize, name: &str) -> Option<usize> {
    let after = names.iter().skip(guess).position(|known| *known == name);
    after.map(|at| guess + at).or_else(|| names.iter().take(guess).position(|known| *known == name))
}

/// The members of an object that is read from text.
pub struct TextMembers<'t> {
    first: bool,
    guess: usize,
    name: Cow<'t, str>,
}

impl<'t> TextMembers<'t> {
    /// Begins an object.
    ///
    /// # Errors
    ///
    /// Something else comes next.
    #[inline]
    pub fn begin(parser: &mut Parser<'t>) -> Result<TextMembers<'t>> {
        parser.open(b'{')?;
        Ok(TextMembers { first: true, guess: 0, name: Cow::Borrowed("") })
    }

    /// Takes the next member's name; gives its place among those that the type knows, or a place after them. Members are
    /// expected in the order of `names`, which is the documented one.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    pub fn next(&mut self, parser: &mut Parser<'t>, names: &[&'static str]) -> Result<Option<usize>> {
        if !parser.more(self.first, b'}')? {
            return Ok(None);
        }
        self.first = false;
        if let Some(name) = names.get(self.guess)
            && parser.name(name)
        {
            self.guess += 1;
            return Ok(Some(self.guess - 1));
        }
        let name = parser.any_name()?;
        match place(names, self.guess, &name) {
            Some(at) => {
                self.guess = at + 1;
                Ok(Some(at))
            }
            None => {
                self.name = name;
                Ok(Some(usize::MAX))
            }
        }
    }

    /// The name of a member that the type does not know.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Keeps a member that the type does not know.
    ///
    /// # Errors
    ///
    /// The text is not JSON.
    #[cold]
    pub fn keep(&mut self, parser: &mut Parser<'t>, extra: &mut Map<String, Value>) -> Result<()> {
        let name = std::mem::take(&mut self.name);
        extra.insert(name.into_owned(), parser.value()?);
        Ok(())
    }

    /// The same, if the validator of the object accepts it.
    ///
    /// # Errors
    ///
    /// It does not, or the text is not JSON.
    pub fn keep_valid(
        &mut self,
        parser: &mut Parser<'t>,
        validator: Validator<'static>,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        let value = parser.value()?;
        if !validator.accepts_member(&self.name, &value) {
            return Err(Mismatch);
        }
        extra.insert(std::mem::take(&mut self.name).into_owned(), value);
        Ok(())
    }
}

/// The members of an object that is read from a value.
pub struct NodeMembers<'v> {
    node: Node<'v>,
    members: serde_json::map::Iter<'v>,
    guess: usize,
    name: &'v str,
}

impl<'v> NodeMembers<'v> {
    /// Begins an object.
    ///
    /// # Errors
    ///
    /// The value is something else.
    pub fn begin(node: Node<'v>) -> Result<NodeMembers<'v>> {
        Ok(NodeMembers { node, members: node.object()?.iter(), guess: 0, name: "" })
    }

    /// The next member: the place of its name among those that the type knows, or a place after them, and its value.
    #[allow(clippy::should_implement_trait, reason = "the names belong to the type, and not to the iterator")]
    pub fn next(&mut self, names: &[&'static str]) -> Option<(usize, Node<'v>)> {
        let (name, value) = self.members.next()?;
        self.name = name;
        let at = place(names, self.guess, name);
        self.guess = at.map_or(self.guess, |at| at + 1);
        Some((at.unwrap_or(usize::MAX), self.node.part(value)))
    }

    /// The name of the member.
    pub fn name(&self) -> &'v str {
        self.name
    }

    /// Keeps a member that the type does not know.
    pub fn keep(&mut self, node: Node<'v>, extra: &mut Map<String, Value>) {
        extra.insert(self.name.to_owned(), node.value.clone());
    }

    /// The same, if the validator of the object accepts it.
    ///
    /// # Errors
    ///
    /// It does not.
    pub fn keep_valid(
        &mut self,
        node: Node<'v>,
        validator: Validator<'static>,
        extra: &mut Map<String, Value>,
    ) -> Result<()> {
        if !validator.accepts_member(self.name, node.value) {
            return Err(Mismatch);
        }
        self.keep(node, extra);
        Ok(())
    }
}

/// Whether the validator accepts a member's name.
///
/// # Errors
///
/// It does not.
#[doc(hidden)]
pub fn check_name(validator: Validator<'static>, name: &str) -> Result<()> {
    check(validator.is_valid(Instance::String(name)))
}

/// Whether the validator accepts so many members.
///
/// # Errors
///
/// It does not.
#[doc(hidden)]
pub fn check_count(validator: Validator<'static>, count: usize) -> Result<()> {
    check(validator.accepts_members(count))
}

/// Whether something holds.
///
/// # Errors
///
/// It does not.
#[doc(hidden)]
pub fn check(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(Mismatch) }
}

/// Reads the member of an object whose type has no place for it, by a reader of its own.
///
/// # Errors
///
/// It does not fit.
#[doc(hidden)]
pub fn keep_read_text<R: Reader>(
    members: &mut TextMembers<'_>,
    parser: &mut Parser<'_>,
    reader: R,
    extra: &mut std::collections::BTreeMap<String, R::Output>,
) -> Result<()> {
    let value = reader.read_text(parser)?;
    extra.insert(members.name().to_owned(), value);
    Ok(())
}
