//! Renders readers of values as expressions.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::NodeId;
use crate::plan::{Reader, Uniqueness};
use crate::tables::Tables;

/// Renders a reference to a validator by its name in the provider's table.
pub(crate) fn validator(tables: &Tables<'_>, node: NodeId) -> TokenStream {
    let name = format_ident!("{}", tables.name(node));
    quote!(schemas::#name)
}

fn optional(tables: &Tables<'_>, node: Option<NodeId>) -> TokenStream {
    match node {
        Some(node) => {
            let validator = validator(tables, node);
            quote!(Some(#validator))
        }
        None => quote!(None),
    }
}

/// Renders a reader as an expression.
pub(crate) fn reader(tables: &Tables<'_>, reader: &Reader) -> TokenStream {
    let valid = |kind: &str, node: NodeId| {
        let (kind, validator) = (format_ident!("{kind}"), validator(tables, node));
        quote!(read::#kind(#validator))
    };
    match reader {
        Reader::Plain => quote!(read::default()),
        Reader::Text(node) => valid("string", *node),
        Reader::Number(node) => valid("number", *node),
        Reader::Decimal(node) => valid("decimal", *node),
        Reader::Integer(node) => valid("integer", *node),
        Reader::Boolean(node) => valid("boolean", *node),
        Reader::Any(node) => valid("value", *node),
        Reader::Items { count, unique, item } => {
            let (count, item) = (optional(tables, *count), self::reader(tables, item));
            match unique {
                Uniqueness::Any => quote!(read::items(#count, #item)),
                Uniqueness::Values => quote!(read::unique_items(#count, #item)),
                Uniqueness::Json => quote!(read::unique_values(#count, #item)),
            }
        }
        Reader::Entries { count, names, value } => {
            let (count, names) = (optional(tables, *count), optional(tables, *names));
            let value = self::reader(tables, value);
            quote!(read::map(#count, #names, #value))
        }
        Reader::Nullable(inner) => {
            let inner = self::reader(tables, inner);
            quote!(read::nullable(#inner))
        }
        Reader::Buffered(node, inner) => {
            let (validator, inner) = (validator(tables, *node), self::reader(tables, inner));
            quote!(read::buffered(#validator, #inner))
        }
    }
}
