//! One type: its item, and everything that is implemented for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Item, parse_quote};

use super::readers::{reader, rule};
use super::{structs, unions};
use crate::model::Model;
use crate::plan::{Kind, Plan, Ty, TypeId};
use crate::refine::default_value;
use crate::tables::Tables;

/// The item with an example payload in its documentation, in front of its derives.
fn with_example(item: &Item, file: &str) -> Item {
    let mut item = item.clone();
    let attrs = match &mut item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        _ => return item,
    };
    let line = |text: &str| -> Attribute { parse_quote!(#[doc = #text]) };
    let end = attrs.len().saturating_sub(1);
    let example = [
        line(""),
        line(" # Example"),
        line(""),
        line(" ```json"),
        parse_quote!(#[doc = include_str!(#file)]),
        line(" ```"),
    ];
    attrs.splice(end..end, example);
    item
}

/// The code of one type. `example`: the file of a payload, where the type is an event's.
pub(crate) fn code(
    (plan, model, tables): (&Plan, &Model, &Tables<'_>),
    id: TypeId,
    item: &Item,
    example: Option<&str>,
) -> TokenStream {
    let item = &example.map_or_else(|| item.clone(), |file| with_example(item, file));
    let ty = &plan.types[id.0];
    let name = format_ident!("{}", ty.name);
    let root = plan.events[ty.first_event].root;
    let event = format_ident!("{}", plan.types[root.0].name);
    let pointer = if id == root { String::new() } else { model.bundled_pointer(ty.node) };
    let rule_of = rule(tables, ty.node);
    if let Kind::Struct(object) = &ty.kind
        && is_fields_of_text(plan, id)
    {
        let fields = structs::fields(&name, object, &model.node(ty.node).notes.templates);
        return quote!(#item #fields);
    }
    let default = default_value(ty).map(|values| {
        let body = match values.as_slice() {
            [(unnamed, value)] if unnamed.is_empty() => quote!(Self(#value)),
            values => {
                let values = values.iter().map(|(name, value)| {
                    let name = format_ident!("{name}");
                    quote!(#name: #value)
                });
                quote!(Self { #(#values),* })
            }
        };
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    #body
                }
            }
        }
    });
    let (kind, implementation) = match &ty.kind {
        Kind::Struct(object) => ("object", structs::object(tables, &name, object)),
        Kind::Positional(array) => ("positional", structs::positional(tables, &name, array)),
        Kind::Union(union) => ("union", unions::union(tables, &name, &rule_of, union)),
        Kind::Names { values, open } => ("names", unions::names(&name, values, *open)),
        Kind::Literals(values) => ("literals", unions::literals(&name, values)),
        Kind::Newtype(value) => {
            let reader = reader(tables, &value.reader);
            let code = quote! {
                impl<'de> read::Newtype<'de> for #name {
                    fn newtype<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        read::by(#reader, deserializer).map(Self)
                    }
                }

                impl Serialize for #name {
                    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                        self.0.serialize(serializer)
                    }
                }
            };
            ("newtype", code)
        }
    };
    let kind = format_ident!("{}{kind}", if ty.whole { "whole_" } else { "" });
    quote! {
        #item

        #default

        #implementation

        webhook_runtime::typed!(#kind #name, #rule_of, super::#event, #pointer);
    }
}

/// Whether a type is what stands in a text, and no JSON of its own.
pub(crate) fn is_fields_of_text(plan: &Plan, id: TypeId) -> bool {
    fn uses(ty: &Ty, id: TypeId) -> bool {
        match ty {
            Ty::Text(fields) => *fields == id,
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => uses(inner, id),
            _ => false,
        }
    }
    plan.types.iter().any(|ty| match &ty.kind {
        Kind::Struct(object) => object.fields.iter().any(|field| uses(&field.value.ty, id)),
        Kind::Positional(array) => array.fields.iter().any(|field| uses(&field.value.ty, id)),
        Kind::Union(union) => union.variants.iter().any(|variant| uses(&variant.value.ty, id)),
        Kind::Newtype(value) => uses(&value.ty, id),
        Kind::Names { .. } | Kind::Literals(_) => false,
    })
}
