//! Reading and writing objects, arrays by position, and the fields of texts.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::readers::{reader, rule};
use crate::plan::templates::{FieldKind, Part, Template};
use crate::plan::{Extra, Field, Positional, Presence, Reader, Struct};
use crate::tables::Tables;

/// The names of what a reader holds beside the fields, so that no field hides them.
fn beside(fields: &[Field], name: &str) -> Ident {
    let mut free = name.to_owned();
    while fields.iter().any(|field| field.name == free) {
        free.push('_');
    }
    format_ident!("{free}")
}

fn ident(field: &Field) -> Ident {
    format_ident!("{}", field.name)
}

/// What a reader calls a field until it is whole: its name, unless that would hide the function that gives rules.
fn local(fields: &[Field], field: &Field) -> Ident {
    match field.name.as_str() {
        "rule" => beside(fields, "rule"),
        name => format_ident!("{name}"),
    }
}

/// A field of what is made: from a local of the same name, or of another.
fn from_local(field: &Field, local: &Ident) -> TokenStream {
    let ident = ident(field);
    if ident == *local { quote!(#ident) } else { quote!(#ident: #local) }
}

/// How a member is read: a nullable one keeps its null, which is told from its absence later.
fn value(tables: &Tables<'_>, members: &Ident, field: &Field) -> TokenStream {
    match &field.value.reader {
        Reader::Plain => quote!(#members.value()?),
        other => {
            let reader = reader(tables, other);
            quote!(#members.read(#reader)?)
        }
    }
}

/// `read::Object` and `Serialize` for a struct.
pub(crate) fn object(tables: &Tables<'_>, name: &Ident, object: &Struct) -> TokenStream {
    let fields = &object.fields;
    let members = beside(fields, "members");
    let key = beside(fields, "name");
    let locals = fields.iter().map(|field| {
        let local = local(fields, field);
        quote!(let mut #local = None;)
    });
    let arms = fields.iter().map(|field| {
        let (json, local, value) = (&field.json, local(fields, field), value(tables, &members, field));
        quote!(#json => #local = Some(#value),)
    });
    let kept = match &object.extra {
        Extra::Closed => quote!(#members.refuse(&#key)?),
        Extra::Open => quote!(#members.keep(#key, &mut extra)?),
        Extra::Checked(node) => {
            let rule = rule(tables, *node);
            quote!(#members.keep_if(#rule, #key, &mut extra)?)
        }
        Extra::Typed(value) => {
            let reader = reader(tables, &value.reader);
            quote!(#members.keep_as(#reader, #key, &mut extra)?)
        }
    };
    let extra = match &object.extra {
        Extra::Closed => TokenStream::new(),
        Extra::Open | Extra::Checked(_) => quote!(let mut extra = Map::new();),
        Extra::Typed(_) => quote!(let mut extra = BTreeMap::new();),
    };
    let next = match object.names {
        Some(node) => {
            let rule = rule(tables, node);
            quote!(#members.next_named(#rule)?)
        }
        None => quote!(#members.next()?),
    };
    let count = object.count.map(|node| {
        let rule = rule(tables, node);
        quote!(#members.count(#rule)?;)
    });
    let dependent = object.dependent.iter().map(|(there, needed)| {
        let (there, needed) = (&fields[*there], &fields[*needed]);
        let (json, needed_json) = (&there.json, &needed.json);
        let (there, needed) = (local(fields, there), local(fields, needed));
        quote!(#members.dependent(#json, #there.is_some(), #needed_json, #needed.is_some())?;)
    });
    let finished = fields.iter().map(|field| {
        let (json, ident, local) = (&field.json, ident(field), local(fields, field));
        match field.presence {
            Presence::Required => quote!(#ident: #members.required(#json, #local)?),
            Presence::Optional => from_local(field, &local),
            Presence::Nullable => quote!(#ident: Nullable::from_read(#local)),
        }
    });
    let extra_field = (!matches!(object.extra, Extra::Closed)).then(|| quote!(extra));
    let finished = finished.chain(extra_field);
    let written = fields.iter().map(|field| {
        let (json, ident) = (&field.json, ident(field));
        match field.presence {
            Presence::Required => quote!(members.member(#json, &self.#ident)?;),
            Presence::Optional => quote!(members.optional(#json, &self.#ident)?;),
            Presence::Nullable => quote!(members.nullable(#json, &self.#ident)?;),
        }
    });
    let written_extra = (!matches!(object.extra, Extra::Closed)).then(|| quote!(members.extra(&self.extra)?;));
    // Without a member to write there is nothing to change.
    let writer = match fields.is_empty() && written_extra.is_none() {
        true => quote!(let members = write::object(serializer)?;),
        false => quote!(let mut members = write::object(serializer)?;),
    };
    let read_loop = match fields.is_empty() {
        true => quote! {
            while let Some(#key) = #next {
                #kept;
            }
        },
        false => quote! {
            while let Some(#key) = #next {
                match &*#key {
                    #(#arms)*
                    _ => #kept,
                }
            }
        },
    };
    quote! {
        impl<'de> read::Object<'de> for #name {
            fn members<A: MapAccess<'de>>(mut #members: read::Members<A>) -> Result<Self, A::Error> {
                #(#locals)*
                #extra
                #read_loop
                #count
                #(#dependent)*
                Ok(Self { #(#finished),* })
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #writer
                #(#written)*
                #written_extra
                members.end()
            }
        }
    }
}

/// `read::Positional` and `Serialize` for an array by position.
pub(crate) fn positional(tables: &Tables<'_>, name: &Ident, array: &Positional) -> TokenStream {
    let items = beside(&array.fields, "items");
    let rest = format_ident!("{}", array.rest_name);
    let read = array.fields.iter().map(|field| {
        let (local, reader) = (local(&array.fields, field), reader(tables, &field.value.reader));
        match field.presence {
            Presence::Required => quote!(let #local = #items.required(#reader)?;),
            _ => quote!(let #local = #items.optional(#reader)?;),
        }
    });
    let read_rest = match &array.rest {
        Some(value) => {
            let reader = reader(tables, &value.reader);
            quote!(let #rest = #items.rest(#reader)?;)
        }
        None => quote!(#items.end()?;),
    };
    let count = array.count.map(|node| {
        let rule = rule(tables, node);
        quote!(#items.count(#rule)?;)
    });
    let own = array.fields.iter().map(|field| from_local(field, &local(&array.fields, field)));
    let names = own.chain(array.rest.as_ref().map(|_| quote!(#rest)));
    let written = array.fields.iter().map(|field| {
        let ident = ident(field);
        match field.presence {
            Presence::Required => quote!(items.item(&self.#ident)?;),
            _ => quote!(items.optional(&self.#ident)?;),
        }
    });
    let written_rest = array.rest.as_ref().map(|_| quote!(items.rest(&self.#rest)?;));
    quote! {
        impl<'de> read::Positional<'de> for #name {
            fn items<A: SeqAccess<'de>>(mut #items: read::Positions<A>) -> Result<Self, A::Error> {
                #(#read)*
                #read_rest
                #count
                Ok(Self { #(#names),* })
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut items = write::array(serializer)?;
                #(#written)*
                #written_rest
                items.end()
            }
        }
    }
}

/// `Fields` for the fields of a text.
pub(crate) fn fields(name: &Ident, object: &Struct, templates: &[String]) -> TokenStream {
    let parsed: Vec<Template> = templates.iter().filter_map(|text| Template::parse(text).ok()).collect();
    let kind = |name: &str| {
        parsed
            .iter()
            .flat_map(Template::fields)
            .find(|(known, ..)| *known == name)
            .map_or(FieldKind::Text, |(_, kind, _)| kind)
    };
    let values = object.fields.iter().map(|field| {
        let (json, ident) = (&field.json, ident(field));
        let required = field.presence == Presence::Required;
        let found = match kind(json) {
            FieldKind::Text | FieldKind::DateTime => quote!(captures.get(#json)),
            FieldKind::Integer => quote!(captures.integer(#json)),
        };
        match (kind(json), required) {
            (FieldKind::Integer, true) => quote!(#ident: #found?),
            (FieldKind::Integer, false) => quote!(#ident: #found),
            (_, true) => quote!(#ident: #found?.into()),
            (_, false) => quote!(#ident: #found.map(Into::into)),
        }
    });
    let templates = parsed.iter().map(|Template(parts)| {
        let parts = parts.iter().map(part);
        quote!(&[#(#parts),*])
    });
    quote! {
        impl webhook_runtime::Fields for #name {
            const TEMPLATES: &'static [&'static [webhook_runtime::Part<'static>]] = &[#(#templates),*];

            fn from_captures(captures: &webhook_runtime::Captures<'_>) -> Option<Self> {
                Some(Self { #(#values),* })
            }
        }
    }
}

fn part(part: &Part) -> TokenStream {
    match part {
        Part::Words(words) => quote!(webhook_runtime::Part::Words(#words)),
        Part::Field(name, _) => quote!(webhook_runtime::Part::Field(#name)),
        Part::Maybe(parts) => {
            let parts = parts.iter().map(self::part);
            quote!(webhook_runtime::Part::Maybe(&[#(#parts),*]))
        }
    }
}
