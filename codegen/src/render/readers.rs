//! Readers of values, as expressions.

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;

use crate::model::NodeId;
use crate::plan::Reader;
use crate::tables::Tables;

/// A rule, by its place in the provider's tables.
pub(crate) fn rule(tables: &Tables<'_>, node: NodeId) -> TokenStream {
    let id = Token::u32_unsuffixed(tables.id(node));
    quote!(rule(#id))
}

fn optional(tables: &Tables<'_>, node: Option<NodeId>) -> TokenStream {
    match node {
        Some(node) => {
            let rule = rule(tables, node);
            quote!(Some(#rule))
        }
        None => quote!(None),
    }
}

/// The reader as an expression.
pub(crate) fn reader(tables: &Tables<'_>, reader: &Reader) -> TokenStream {
    match reader {
        Reader::Plain => quote!(read::plain()),
        Reader::Text(node) => {
            let rule = rule(tables, *node);
            quote!(read::text(#rule))
        }
        Reader::Number(node) => {
            let rule = rule(tables, *node);
            quote!(read::number(#rule))
        }
        Reader::Integer(node) => {
            let rule = rule(tables, *node);
            quote!(read::integer(#rule))
        }
        Reader::Boolean(node) => {
            let rule = rule(tables, *node);
            quote!(read::boolean(#rule))
        }
        Reader::Any(node) => {
            let rule = rule(tables, *node);
            quote!(read::any(#rule))
        }
        Reader::Constant(text) => quote!(read::constant(#text)),
        Reader::Items { count, unique, item } => {
            let (count, item) = (optional(tables, *count), self::reader(tables, item));
            match unique {
                true => quote!(read::unique_items(#count, #item)),
                false => quote!(read::items(#count, #item)),
            }
        }
        Reader::Entries { count, names, value } => {
            let (count, names) = (optional(tables, *count), optional(tables, *names));
            let value = self::reader(tables, value);
            quote!(read::entries(#count, #names, #value))
        }
        Reader::Nullable(inner) => {
            let inner = self::reader(tables, inner);
            quote!(read::nullable(#inner))
        }
        Reader::Whole(node, inner) => {
            let (rule, inner) = (rule(tables, *node), self::reader(tables, inner));
            quote!(read::whole(#rule, #inner))
        }
    }
}
