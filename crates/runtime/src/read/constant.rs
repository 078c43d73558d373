//! Readers of constants, and of enums whose variants are constants.

use super::bytes::is_plain;
use super::object::check;
use super::string::of_node;
use super::{Mismatch, Node, Parser, Result};
use crate::instance::{Instance, Literal};
use crate::number::NumberLiteral;

/// A value that can only be this one.
#[derive(Clone, Copy)]
pub struct Constant {
    value: Literal<'static>,
    /// Whether it is a string no character of which is escaped in JSON.
    is_plain: bool,
}

/// A value that can only be this one.
pub const fn constant(value: Literal<'static>) -> Constant {
    let is_plain = match value {
        Literal::String(text) => is_plain(text.as_bytes()),
        _ => false,
    };
    Constant { value, is_plain }
}

impl Constant {
    /// Takes the constant from text.
    pub fn take(self, parser: &mut Parser<'_>) -> Result<()> {
        match self.value {
            Literal::String(text) => parser.exact_string(text, self.is_plain),
            Literal::Number(NumberLiteral::Integer(wanted)) => match parser.small_integer()? {
                Some(value) => check(i128::from(value) == wanted),
                None => check(self.value.equals(Instance::Number(&parser.number()?))),
            },
            literal => check(literal.equals(Instance::from(&parser.value()?))),
        }
    }
}

impl super::Reader for Constant {
    type Output = ();

    fn read_text(self, parser: &mut Parser<'_>) -> Result<()> {
        self.take(parser)
    }

    fn read_value(self, node: Node<'_>) -> Result<()> {
        check(self.value.equals(Instance::from(node.value)))
    }
}

/// One of some strings: an enum whose variants have a string each.
pub trait StringEnum: Sized + Clone + 'static {
    /// The strings and the variant of each.
    const ALL: &'static [(&'static str, Self)];

    /// The variant for any other string, where the set is open.
    fn other(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

/// The variant of a string.
fn variant<T: StringEnum>(text: &str) -> Result<T> {
    string_enum::known(text).or_else(|| T::other(text)).ok_or(Mismatch)
}

/// One of some strings.
pub mod string_enum {
    use super::{Node, Parser, Result, StringEnum, of_node, variant};

    /// The variant of a string that the schema lists.
    pub fn known<T: StringEnum>(text: &str) -> Option<T> {
        T::ALL.iter().find(|(name, _)| *name == text).map(|(_, value)| value.clone())
    }

    /// From text.
    pub fn read_text<T: StringEnum>(parser: &mut Parser<'_>) -> Result<T> {
        variant(&parser.string()?)
    }

    /// From a value.
    pub fn read_value<T: StringEnum>(node: Node<'_>) -> Result<T> {
        variant(of_node(node)?)
    }
}

/// One of some constants: an enum whose variants have a literal each.
pub trait Literals: Sized + Clone + 'static {
    /// The constants and the variant of each.
    const ALL: &'static [(Literal<'static>, Self)];
}

/// One of some constants of any type.
pub mod literals {
    use super::{Instance, Literals, Mismatch, Node, Parser, Result};
    use crate::read::whole;

    /// From text.
    pub fn read_text<T: Literals>(parser: &mut Parser<'_>) -> Result<T> {
        whole(parser, read_value)
    }

    /// From a value.
    pub fn read_value<T: Literals>(node: Node<'_>) -> Result<T> {
        let instance = Instance::from(node.value);
        let known = T::ALL.iter().find(|(literal, _)| literal.equals(instance));
        known.map(|(_, value)| value.clone()).ok_or(Mismatch)
    }
}
