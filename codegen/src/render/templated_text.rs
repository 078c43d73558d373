//! Renders the fields of templated texts.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::plan::templates::{FieldKind, Template, TemplatePart};
use crate::plan::{Presence, Struct};

/// Renders the implementation of `Fields` for the fields of a text.
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
        let (json, ident) = (&field.json, format_ident!("{}", field.name));
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
        impl webhook_runtime::__private::Fields for #name {
            const TEMPLATES: &'static [&'static [webhook_runtime::__private::Part<'static>]] = &[#(#templates),*];

            fn from_captures(captures: &webhook_runtime::__private::Captures<'_>) -> Option<Self> {
                Some(Self { #(#values),* })
            }
        }
    }
}

fn part(part: &TemplatePart) -> TokenStream {
    match part {
        TemplatePart::Literal(words) => quote!(webhook_runtime::__private::Part::Literal(#words)),
        TemplatePart::Field(name, _) => quote!(webhook_runtime::__private::Part::Field(#name)),
        TemplatePart::Optional(parts) => {
            let parts = parts.iter().map(self::part);
            quote!(webhook_runtime::__private::Part::Optional(&[#(#parts),*]))
        }
    }
}
