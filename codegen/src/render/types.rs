//! Renders a type: its item, and its implementations.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Item, parse_quote};

use super::declare::{Declaration, expression, string};
use super::readers;
use super::{structs, templated_text, unions};
use crate::json::Json;
use crate::normalize::Schemas;
use crate::plan::{Kind, Plan, Reader, Struct, Ty, Type, TypeId};
use crate::refine::Refined;
use crate::refine::defaults::default_value;
use crate::tables::Tables;
use crate::text::markdown::code as span;

/// Inserts an example payload into the documentation of an item, before its derives.
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

/// Renders a type. Returns its item with its implementations, and the declaration of its JSON form, if it has one.
/// `example` is the file of an example payload, if the type is an event's.
pub(crate) fn code(
    (plan, schemas, tables): (&Plan, &Schemas, &Tables<'_>),
    id: TypeId,
    Refined { item, impls }: &Refined,
    example: Option<&str>,
) -> (TokenStream, Option<String>) {
    let item = &example.map_or_else(|| item.clone(), |file| with_example(item, file));
    let ty = &plan.types[id.0];
    let name = format_ident!("{}", ty.name);
    if let Kind::Struct(object) = &ty.kind
        && is_fields_of_text(plan, id)
    {
        let fields = templated_text::fields(&name, object, &schemas.node(ty.node).annotations.templates);
        return (quote!(#item #fields), None);
    }
    let (mut declaration, beside) = match &ty.kind {
        Kind::Struct(object) => (structs::object(tables, object), constants(&name, object)),
        Kind::Positional(array) => (structs::tuple(tables, array), structs::lookup(item, array)),
        Kind::Union(union) => (unions::union(tables, union), unions::conversions(&name, union)),
        Kind::StringEnum { values, open, .. } => (unions::string_enum(values, *open), TokenStream::new()),
        Kind::ConstEnum(values) => (unions::literals(values), TokenStream::new()),
        Kind::Newtype(value) => (newtype(tables, &value.reader), TokenStream::new()),
    };
    declaration.name.clone_from(&ty.name);
    declaration.labels.splice(0..0, head((plan, schemas, tables), id));
    let default = default(&name, ty);
    (quote!(#item #beside #default #(#impls)*), Some(declaration.text()))
}

/// Returns the labels that every declaration has.
fn head((plan, schemas, tables): (&Plan, &Schemas, &Tables<'_>), id: TypeId) -> Vec<(&'static str, String)> {
    let ty = &plan.types[id.0];
    let root = plan.roots[ty.first_event].root;
    let mut labels = vec![("schema", format!("schemas::{}", tables.name(ty.node)))];
    if id != root {
        labels.push(("event", format!("super::{}", plan.types[root.0].name)));
        labels.push(("pointer", string(&schemas.bundled_pointer(ty.node))));
    }
    labels.extend(ty.tolerant.then(|| ("reading", "tolerant".to_owned())));
    labels.extend(ty.buffered.then(|| ("buffered", "true".to_owned())));
    labels
}

/// Returns the declaration of a newtype.
fn newtype(tables: &Tables<'_>, reader: &Reader) -> Declaration {
    let label = (*reader != Reader::Plain).then(|| ("reader", expression(readers::reader(tables, reader))));
    Declaration { kind: "newtype", labels: label.into_iter().collect(), ..Declaration::default() }
}

/// Renders the members that always have the same value as associated constants.
fn constants(name: &Ident, object: &Struct) -> TokenStream {
    if object.constants.is_empty() {
        return TokenStream::new();
    }
    let constants = object.constants.iter().map(|constant| {
        let ident = format_ident!("{}", constant.name);
        let doc = format!(" The constant value of {}.", span(&constant.json));
        let ty = constant_type(&constant.value);
        let value = match &constant.value {
            Json::String(text) => quote!(#text),
            value => value.to_string().parse().unwrap_or_default(),
        };
        quote!(#[doc = #doc] pub const #ident: #ty = #value;)
    });
    quote!(impl #name { #(#constants)* })
}

/// Returns the type of an associated constant.
pub(crate) fn constant_type(value: &Json) -> syn::Type {
    match value {
        Json::Boolean(_) => parse_quote!(bool),
        Json::Number(_) => parse_quote!(i64),
        _ => parse_quote!(&'static str),
    }
}

/// Renders `Default` if it cannot be derived.
fn default(name: &Ident, ty: &Type) -> TokenStream {
    let Some(values) = default_value(ty) else { return TokenStream::new() };
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
}

/// Returns whether a type represents the fields of a templated text. Such a type has no JSON form.
fn is_fields_of_text(plan: &Plan, id: TypeId) -> bool {
    fn uses(ty: &Ty, id: TypeId) -> bool {
        match ty {
            Ty::Text(fields) => *fields == id,
            Ty::Array(inner) | Ty::Map(inner) | Ty::Nullable(inner) => uses(inner, id),
            _ => false,
        }
    }
    plan.types.iter().any(|ty| ty.kind.parts().iter().any(|part| uses(&part.value.ty, id)))
}
