//! From typify's items to ours: names, types, the presence of members, documentation and derives.
//!
//! typify's derives of serde's traits go: they are neither lossless nor exact. What stays of its work is the shape of the
//! types, and where boxes break recursion.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Fields, Ident, Item, ItemEnum, ItemStruct, Type, TypePath, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::doc::{doc_attributes, printable};
use crate::json::Json;
use crate::plan::{self, Docs, Extra, Kind, Plan, Presence, Ty, TypeId};
use crate::typify::{EXTRA, LEAVES, member_name, type_name, variant_name};

/// The items of a plan's types, in the order of the plan.
///
/// # Errors
///
/// An item that typify left out.
pub(crate) fn refine(provider: &str, plan: &Plan, file: syn::File) -> Result<Vec<Item>, Diagnostic> {
    let mut found: HashMap<String, Item> = HashMap::new();
    for item in file.items {
        let name = match &item {
            Item::Struct(item) => item.ident.to_string(),
            Item::Enum(item) => item.ident.to_string(),
            _ => continue,
        };
        found.insert(name, item);
    }
    let mut paths = Paths { names: HashMap::new() };
    for (index, ty) in plan.types.iter().enumerate() {
        paths.names.insert(type_name(TypeId(index)), ty.name.clone());
    }
    let mut items = Vec::new();
    for (index, ty) in plan.types.iter().enumerate() {
        let item = match found.remove(&type_name(TypeId(index))) {
            Some(Item::Struct(item)) => structure(ty, item, &mut paths).map(Item::Struct),
            Some(Item::Enum(item)) => enumeration(plan, ty, item, &mut paths).map(Item::Enum),
            _ => None,
        };
        items.push(item.ok_or_else(|| {
            let message = format!("typify gave no item for `{}`", ty.name);
            Diagnostic::of_file(
                provider,
                message,
                "this is a defect of the generator: please report it with the schemas",
            )
        })?);
    }
    Ok(items)
}

fn structure(ty: &plan::Type, mut item: ItemStruct, paths: &mut Paths) -> Option<ItemStruct> {
    let mut given: HashMap<String, Field> = match std::mem::replace(&mut item.fields, Fields::Unit) {
        Fields::Named(fields) => {
            fields.named.into_iter().filter_map(|field| Some((field.ident.as_ref()?.to_string(), field))).collect()
        }
        _ => HashMap::new(),
    };
    let mut take = |name: &str, paths: &mut Paths| {
        let mut field = given.remove(name)?;
        paths.visit_type_mut(&mut field.ty);
        Some(field.ty)
    };
    let mut fields: Vec<Field> = Vec::new();
    let mut planned = |list: &[plan::Field], paths: &mut Paths| {
        for (index, field) in list.iter().enumerate() {
            let mut inner = take(&member_name(index), paths)?;
            if field.boxed {
                behind_pointer(&mut inner);
            }
            let ty: Type = match field.presence {
                Presence::Required => inner,
                Presence::Optional => parse_quote!(Option<#inner>),
                Presence::Nullable => parse_quote!(Nullable<#inner>),
            };
            let attrs = field_docs(field);
            let name = format_ident!("{}", field.name);
            fields.push(parse_quote!(#(#attrs)* pub #name: #ty));
        }
        Some(())
    };
    match &ty.kind {
        Kind::Struct(object) => {
            planned(&object.fields, paths)?;
            let text = match &object.extra {
                Extra::Closed => None,
                Extra::Typed(_) => Some("Members that the schema does not name."),
                Extra::Open | Extra::Checked(_) => Some("Members that the schema does not name, as they came."),
            };
            if let Some(text) = text {
                let ty = take(EXTRA, paths)?;
                let doc = doc_attributes(text);
                fields.push(parse_quote!(#(#doc)* pub extra: #ty));
            }
        }
        Kind::Positional(array) => {
            planned(&array.fields, paths)?;
            if array.rest.is_some() {
                let ty = take(EXTRA, paths)?;
                let name = format_ident!("{}", array.rest_name);
                let doc = doc_attributes("Further items.");
                fields.push(parse_quote!(#(#doc)* pub #name: #ty));
            }
        }
        Kind::Newtype(_) => {
            let inner = take(&member_name(0), paths)?;
            fields.push(parse_quote!(pub #inner));
            item.fields = Fields::Unnamed(parse_quote!((#(#fields),*)));
        }
        Kind::Names { .. } | Kind::Literals(_) | Kind::Union(_) => return None,
    }
    if !matches!(ty.kind, Kind::Newtype(_)) {
        item.fields = Fields::Named(parse_quote!({ #(#fields),* }));
        item.semi_token = None;
    }
    item.ident = Ident::new(&ty.name, Span::call_site());
    item.attrs = docs(ty);
    let derives = if default_value(ty).is_some() {
        quote!(Clone, Debug, PartialEq)
    } else {
        quote!(Clone, Debug, Default, PartialEq)
    };
    item.attrs.push(parse_quote!(#[derive(#derives)]));
    Some(item)
}

/// Puts a type behind a pointer; what may be null keeps that outside.
fn behind_pointer(ty: &mut Type) {
    let Type::Path(TypePath { path, .. }) = &mut *ty else { return };
    let Some(last) = path.segments.last_mut() else { return };
    if last.ident == "Option"
        && let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = arguments.args.first_mut()
    {
        behind_pointer(inner);
    } else if last.ident != "Box" {
        *ty = parse_quote!(Box<#ty>);
    }
}

fn enumeration(plan: &Plan, ty: &plan::Type, mut item: ItemEnum, paths: &mut Paths) -> Option<ItemEnum> {
    let mut given: HashMap<String, syn::Variant> =
        item.variants.into_iter().map(|variant| (variant.ident.to_string(), variant)).collect();
    let mut variants: Vec<syn::Variant> = Vec::new();
    let mut take = |index: usize, name: &str, attrs: Vec<Attribute>, paths: &mut Paths| {
        let mut variant = given.remove(&variant_name(index))?;
        variant.ident = format_ident!("{name}");
        paths.visit_variant_mut(&mut variant);
        variant.attrs = attrs;
        variants.push(variant);
        Some(())
    };
    let mut derives = quote!(Clone, Debug, Default, PartialEq, Eq, Hash);
    match &ty.kind {
        Kind::Names { values, open } => {
            for (index, (json, name)) in values.iter().enumerate() {
                let mut attrs = doc_attributes(&format!("`{}`", printable(json)));
                if index == 0 {
                    attrs.push(parse_quote!(#[default]));
                }
                take(index, name, attrs, paths)?;
            }
            if *open {
                take(values.len(), "Other", doc_attributes("Any other string."), paths)?;
            } else {
                derives = quote!(Clone, Copy, Debug, Default, PartialEq, Eq, Hash);
            }
        }
        Kind::Literals(values) => {
            for (index, (json, name)) in values.iter().enumerate() {
                let mut attrs = doc_attributes(&format!("`{}`", printable(&json.to_string())));
                if index == 0 {
                    attrs.push(parse_quote!(#[default]));
                }
                take(index, name, attrs, paths)?;
            }
            derives = quote!(Clone, Copy, Debug, Default, PartialEq, Eq, Hash);
        }
        Kind::Union(union) => {
            for (index, variant) in union.variants.iter().enumerate() {
                let own = !variant.docs.repeats(&variant.name) && variant.docs.text != ty.docs.text;
                let attrs = match (&variant.value.ty, own) {
                    (_, true) => doc_attributes(&variant.docs.text),
                    (Ty::Named(id), false) => {
                        let line = format!(" See [`{}`].", plan.types[id.0].name);
                        vec![parse_quote!(#[doc = #line])]
                    }
                    (ty, false) => doc_attributes(described(ty)),
                };
                take(index, &variant.name, attrs, paths)?;
            }
            let boxed = variants.iter_mut().zip(&union.variants).filter(|(_, variant)| variant.boxed);
            for (made, _) in boxed {
                made.fields.iter_mut().for_each(|field| behind_pointer(&mut field.ty));
            }
            derives = quote!(Clone, Debug, PartialEq);
        }
        Kind::Struct(_) | Kind::Positional(_) | Kind::Newtype(_) => return None,
    }
    item.variants = variants.into_iter().collect();
    item.ident = Ident::new(&ty.name, Span::call_site());
    item.attrs = docs(ty);
    item.attrs.push(parse_quote!(#[derive(#derives)]));
    Some(item)
}

/// The default of a type that cannot derive one: its fields, by name.
pub(crate) fn default_value(ty: &plan::Type) -> Option<Vec<(String, TokenStream)>> {
    let fields: &[plan::Field] = match &ty.kind {
        Kind::Struct(object) => &object.fields,
        Kind::Positional(array) => &array.fields,
        Kind::Newtype(value) => {
            let value = own_default(&value.ty);
            return value.map(|value| vec![(String::new(), value)]);
        }
        _ => return None,
    };
    let required = |field: &&plan::Field| field.presence == Presence::Required;
    if !fields.iter().filter(required).any(|field| default_of(field).is_some()) {
        return None;
    }
    let mut values: Vec<(String, TokenStream)> = fields
        .iter()
        .map(|field| {
            let own = default_of(field).filter(|_| field.presence == Presence::Required);
            (field.name.clone(), own.unwrap_or_else(|| quote!(Default::default())))
        })
        .collect();
    let rest = match &ty.kind {
        Kind::Struct(object) if !matches!(object.extra, Extra::Closed) => Some("extra".to_owned()),
        Kind::Positional(array) if array.rest.is_some() => Some(array.rest_name.clone()),
        _ => None,
    };
    values.extend(rest.map(|name| (name, quote!(Default::default()))));
    Some(values)
}

/// The default of a field, where it is not that of its type: a constant, or a type without one.
fn default_of(field: &plan::Field) -> Option<TokenStream> {
    match (&field.value.ty, &field.constant) {
        (Ty::Integer(_), Some(Json::Number(text))) => {
            let number = serde_json::from_str(text).ok()?;
            let value = webhook_runtime::number::to_integer(&number).filter(|value| *value != 0)?;
            let value = proc_macro2::Literal::i128_unsuffixed(value);
            Some(quote!(#value))
        }
        (Ty::Boolean, Some(Json::Boolean(true))) => Some(quote!(true)),
        (ty, _) => own_default(ty),
    }
}

/// The default of a type that has none of its own in Rust.
pub(crate) fn own_default(ty: &Ty) -> Option<TokenStream> {
    match ty {
        Ty::Constant(text) => Some(quote!(#text)),
        Ty::Number => Some(quote!(Number::from(0))),
        _ => None,
    }
}

/// What a type holds, for a variant that nobody described.
fn described(ty: &Ty) -> &'static str {
    match ty {
        Ty::Value => "Any JSON.",
        Ty::Null => "`null`.",
        Ty::Boolean => "A boolean.",
        Ty::Integer(_) => "An integer.",
        Ty::Number => "A number.",
        Ty::String | Ty::Text(_) | Ty::Constant(_) => "A string.",
        Ty::Timestamp => "A date and time.",
        Ty::Array(_) => "An array.",
        Ty::Map(_) | Ty::Object => "An object.",
        Ty::Named(_) => "A value of this type.",
        Ty::Nullable(_) => "A value, or `null`.",
    }
}

fn field_docs(field: &plan::Field) -> Vec<Attribute> {
    let mut text = field.docs.text.clone();
    if field.docs.repeats(&field.json) {
        text = format!("`{}`.", printable(&field.json));
    } else if field.json != field.name && field.json.parse::<usize>().is_err() {
        text.push_str(&format!("\n\nJSON name: `{}`.", printable(&field.json)));
    }
    match (&field.value.ty, &field.constant) {
        (Ty::Constant(value), _) => text.push_str(&format!("\n\nAlways `{}`.", printable(value))),
        (_, Some(value)) => text.push_str(&format!("\n\nAlways `{}`.", printable(&value.to_string()))),
        (Ty::Value, _) => text.push_str("\n\nAny JSON: the schema says no more, or more than a Rust type can hold."),
        _ => {}
    }
    let mut attrs = doc_attributes(&text);
    deprecated(&field.docs, &mut attrs);
    attrs
}

fn docs(ty: &plan::Type) -> Vec<Attribute> {
    let mut attrs = doc_attributes(&ty.docs.text);
    deprecated(&ty.docs, &mut attrs);
    attrs
}

fn deprecated(docs: &Docs, attrs: &mut Vec<Attribute>) {
    // The attribute would warn inside the generated code itself.
    if docs.deprecated {
        attrs.extend(doc_attributes("\n**Deprecated** by the vendor."));
    }
}

/// Rewrites the paths that typify writes.
struct Paths {
    names: HashMap<String, String>,
}

impl VisitMut for Paths {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        let Type::Path(TypePath { path, .. }) = ty else { return };
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.first().is_some_and(|first| first == LEAVES) {
            if let Some(leaf) = segments.last() {
                *ty = self.leaf(leaf);
            }
            return;
        }
        if segments.len() > 1
            && let Some(last) = path.segments.last().cloned()
        {
            path.leading_colon = None;
            path.segments = std::iter::once(last).collect();
        }
        if let Some(name) = path.get_ident().and_then(|ident| self.names.get(&ident.to_string())) {
            let name = format_ident!("{name}");
            *ty = parse_quote!(#name);
        }
    }
}

impl Paths {
    fn leaf(&self, name: &str) -> Type {
        if let Some(fields) = name.strip_prefix("Text").and_then(|id| self.names.get(id)) {
            let fields = format_ident!("{fields}");
            return parse_quote!(Text<#fields>);
        }
        match name {
            "Value" => parse_quote!(Value),
            "Null" => parse_quote!(()),
            "Boolean" => parse_quote!(bool),
            "I64" => parse_quote!(i64),
            "U64" => parse_quote!(u64),
            "I128" => parse_quote!(i128),
            "Number" => parse_quote!(Number),
            "Timestamp" => parse_quote!(Timestamp),
            "Constant" => parse_quote!(&'static str),
            "Object" => parse_quote!(Map<String, Value>),
            _ => parse_quote!(String),
        }
    }
}
