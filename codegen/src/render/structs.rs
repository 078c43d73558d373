//! Renders structs and arrays by position as declarations for the runtime's macros.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Item;

use super::declare::{Declaration, block, expression, string};
use super::readers::reader;
use super::tables::literal;
use crate::model::NodeId;
use crate::plan::{Combination, ConstantMember, Extra, Field, Positional, Presence, Reader, Struct, Ty};
use crate::refine::argument;
use crate::tables::Tables;

fn presence(field: &Field) -> &'static str {
    match (field.presence, field.conditional) {
        (Presence::Required, _) => "required",
        (Presence::Optional, false) => "optional",
        (Presence::Optional, true) => "conditional",
        (Presence::Nullable, false) => "nullable",
        (Presence::Nullable, true) => "conditional_nullable",
    }
}

/// Returns ` = reader` if the type's own reader is not sufficient.
fn given(tables: &Tables<'_>, given: &Reader) -> String {
    match given {
        Reader::Plain => String::new(),
        other => format!(" = {}", expression(reader(tables, other))),
    }
}

/// Returns the JSON name if it differs from the Rust name.
fn renamed(name: &str, json: &str) -> String {
    if json == name { String::new() } else { format!(" {}", string(json)) }
}

fn constant(constant: &ConstantMember) -> String {
    let json = renamed(&constant.name, &constant.json);
    format!("{}: constant{json} = {},", constant.name, literal(&constant.value))
}

/// Returns the declaration of a struct.
pub(crate) fn object(tables: &Tables<'_>, object: &Struct) -> Declaration {
    let schema = |node: NodeId| format!("schemas::{}", tables.name(node));
    let mut labels = Vec::new();
    match &object.extra {
        Extra::Closed => labels.push(("extra", "closed".to_owned())),
        Extra::Open => {}
        Extra::Checked(node) => labels.push(("extra", format!("checked({})", schema(*node)))),
        Extra::Typed(value) => {
            labels.push(("extra", format!("typed({})", expression(reader(tables, &value.reader)))));
        }
    }
    labels.extend(object.names.map(|node| ("names", schema(node))));
    labels.extend(object.count.map(|node| ("count", schema(node))));
    if !object.dependent.is_empty() {
        let name = |field: usize| &object.fields[field].name;
        let pairs = object.dependent.iter().map(|(there, needed)| format!("{} => {}", name(*there), name(*needed)));
        labels.push(("dependent", block("{ ", &pairs.collect::<Vec<_>>(), " }")));
    }
    if !object.combinations.is_empty() {
        let branch = |fields: &Vec<usize>| {
            let names: Vec<String> = fields.iter().map(|field| object.fields[*field].name.clone()).collect();
            block("[", &names, "]")
        };
        let call = |kind: &str, branches: Vec<String>| block(&format!("{kind}("), &branches, ")");
        let combinations = object.combinations.iter().map(|combination| match combination {
            Combination::AnyOf(branches) => call("any_of", branches.iter().map(branch).collect()),
            Combination::OneOf(branches) => call("one_of", branches.iter().map(branch).collect()),
            Combination::Not(fields) => call("not", vec![branch(fields)]),
        });
        labels.push(("combinations", block("{ ", &combinations.collect::<Vec<_>>(), " }")));
    }
    let constants =
        |after: usize| object.constants.iter().filter(move |constant| constant.after == after).map(constant);
    let mut lines: Vec<String> = constants(0).collect();
    for (index, field) in object.fields.iter().enumerate() {
        let json = renamed(&field.name, &field.json);
        let reader = given(tables, &field.value.reader);
        lines.push(format!("{}: {}{json}{reader},", field.name, presence(field)));
        lines.extend(constants(index + 1));
    }
    Declaration { kind: "object", labels, lines, ..Declaration::default() }
}

/// Returns the declaration of an array by position.
pub(crate) fn tuple(tables: &Tables<'_>, array: &Positional) -> Declaration {
    let item = |field: &Field| {
        let presence = if field.presence == Presence::Required { "required" } else { "optional" };
        format!("{}: {presence}{},", field.name, given(tables, &field.value.reader))
    };
    let mut lines: Vec<String> = array.fields.iter().map(item).collect();
    lines.extend(array.rest.iter().map(|value| format!("{}: rest{},", array.rest_name, given(tables, &value.reader))));
    let count = array.count.map(|node| ("count", format!("schemas::{}", tables.name(node))));
    Declaration { kind: "tuple", labels: count.into_iter().collect(), lines, ..Declaration::default() }
}

/// Renders a lookup function for an array that consists of a key and a value: it finds the value of a key among several
/// such arrays.
pub(crate) fn lookup(item: &Item, array: &Positional) -> TokenStream {
    let ([key, value], Item::Struct(item)) = (array.fields.as_slice(), item) else { return TokenStream::new() };
    let Some(ty) = item.fields.iter().nth(1).map(|field| &field.ty).filter(|_| key.value.ty == Ty::String) else {
        return TokenStream::new();
    };
    let (name, key_field, value_field) = (&item.ident, format_ident!("{}", key.name), format_ident!("{}", value.name));
    let is_key = match key.presence {
        Presence::Required => quote!(row.#key_field == key),
        _ => quote!(row.#key_field.as_deref() == Some(key)),
    };
    let (ty, found) = match argument(ty, "Option") {
        Some(inner) => (inner, quote!(and_then(|row| row.#value_field.as_ref()))),
        None => (ty.clone(), quote!(map(|row| &row.#value_field))),
    };
    quote! {
        impl #name {
            /// The value of the first row that has this key.
            pub fn find<'r>(rows: impl IntoIterator<Item = &'r Self>, key: &str) -> Option<&'r #ty> {
                rows.into_iter().find(|row| #is_key).#found
            }
        }
    }
}
