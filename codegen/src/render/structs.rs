//! What a struct's JSON is, as the runtime's macros take it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Item;

use super::declare::{Declaration, expression, filled, string};
use super::readers::reader;
use super::tables::literal;
use crate::plan::{ConstantMember, Extra, Field, Positional, Presence, Reader, Struct, Ty};
use crate::refine::argument;
use crate::tables::Tables;

fn presence(field: &Field) -> &'static str {
    match field.presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Nullable => "nullable",
    }
}

/// ` = reader`, where the type's own does not do.
fn given(tables: &Tables<'_>, field: &Field) -> String {
    let nullable = field.presence == Presence::Nullable;
    match &field.value.reader {
        Reader::Plain => String::new(),
        // A nullable field keeps its null apart from its absence.
        Reader::Nullable(_) if nullable => format!(" = {}", expression(reader(tables, &field.value.reader))),
        other => format!(" = {}", expression(reader(tables, other))),
    }
}

fn constant(constant: &ConstantMember) -> String {
    format!("[{}: {} = {}]", constant.name, string(&constant.json), expression(literal(&constant.value.json())))
}

/// The declaration of a struct.
pub(crate) fn object(tables: &Tables<'_>, object: &Struct) -> Declaration {
    let constants =
        |after: usize| object.constants.iter().filter(move |constant| constant.after == after).map(constant);
    let extra = match &object.extra {
        Extra::Closed => "extra: closed".to_owned(),
        Extra::Open => "extra: open".to_owned(),
        Extra::Checked(node) => format!("extra: checked(schemas::{})", tables.name(*node)),
        Extra::Typed(value) => format!("extra: typed({})", expression(reader(tables, &value.reader))),
    };
    let mut members: Vec<String> = constants(0).collect();
    for (index, field) in object.fields.iter().enumerate() {
        let json = if field.json == field.name { String::new() } else { format!(" {}", string(&field.json)) };
        members.push(format!("{}: {}{json}{},", field.name, presence(field), given(tables, field)));
        members.extend(constants(index + 1));
    }
    let mut lines = filled(&members);
    lines.extend(object.names.map(|node| format!("; names: schemas::{}", tables.name(node))));
    lines.extend(object.count.map(|node| format!("; count: schemas::{}", tables.name(node))));
    for (there, needed) in &object.dependent {
        lines.push(format!("; dependent: {} => {}", object.fields[*there].name, object.fields[*needed].name));
    }
    Declaration { kind: "object", extra: Some(extra), lines }
}

/// The declaration of an array by position.
pub(crate) fn tuple(tables: &Tables<'_>, array: &Positional) -> Declaration {
    let mut lines: Vec<String> = array
        .fields
        .iter()
        .map(|field| {
            let presence = if field.presence == Presence::Required { "required" } else { "optional" };
            format!("{}: {presence}{},", field.name, given(tables, field))
        })
        .collect();
    lines.push(";".to_owned());
    if let Some(value) = &array.rest {
        let reader = match &value.reader {
            Reader::Plain => String::new(),
            other => format!(" = {}", expression(reader(tables, other))),
        };
        lines.push(format!("rest: {}{reader};", array.rest_name));
    }
    lines.extend(array.count.map(|node| format!("count: schemas::{};", tables.name(node))));
    Declaration { kind: "tuple", extra: None, lines }
}

/// For an array of a key and a value: how the value of a key is found among several.
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
