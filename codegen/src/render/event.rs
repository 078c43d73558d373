//! The events of a provider: the `Event` enum, and what makes a type the payload of one.

use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use webhook_runtime::Delivery;

use super::provider::Material;
use crate::doc::{doc_attributes, printable};
use crate::plan::{Event, Plan};

/// What makes an event's type its payload.
pub(crate) fn payload(material: &Material<'_>, index: usize) -> TokenStream {
    let (provider, plan) = (material.provider, material.plan);
    let (event, planned) = (&provider.events[index], &plan.events[index]);
    let name = format_ident!("{}", plan.types[planned.root.0].name);
    let json = &event.name;
    let schema = format!("json/{}.schema.json", event.name);
    let base = material.model.base(planned.node);
    let examples = event.examples.iter().map(|example| {
        let (example, file) = (&example.name, format!("json/{}.{}.json", event.name, example.name));
        quote!((#example, include_str!(#file)))
    });
    quote! {
        webhook_runtime::payload!(#name, #json, #base, include_str!(#schema), [#(#examples),*]);
    }
}

/// The enum.
pub(crate) fn event_enum(material: &Material<'_>) -> TokenStream {
    let (title, plan) = (&material.provider.settings.title, material.plan);
    let doc = format!(" An event of {title}.");
    let names: Vec<_> = plan
        .events
        .iter()
        .map(|event: &Event| (format_ident!("{}", event.variant), format_ident!("{}", plan.types[event.root.0].name)))
        .collect();
    let variants = names.iter().zip(&plan.events).map(|((variant, ty), event)| {
        let text = &plan.types[event.root.0].docs.text;
        let text = if text.is_empty() { format!("`{}`", printable(&event.name)) } else { text.clone() };
        let attrs = doc_attributes(&text);
        quote!(#(#attrs)* #variant(Box<#ty>))
    });
    quote! {
        #[doc = #doc]
        ///
        /// Any other payload, whether of an undocumented event or of one that the vendor adds later, is
        /// [`Event::Unknown`].
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            /// A payload that is not one of these events.
            Unknown(Unknown),
        }
    }
}

/// What makes the enum the events of the provider, as text.
pub(crate) fn events(plan: &Plan) -> String {
    let mut text = "webhook_runtime::events! {\n    Event: PROVIDER;\n".to_owned();
    for event in &plan.events {
        let _ = writeln!(text, "    {}({}),", event.variant, plan.types[event.root.0].name);
    }
    text.push_str("}\n");
    text
}

/// `PROVIDER`: what the module knows, for code that is generic over providers.
pub(crate) fn provider(material: &Material<'_>) -> TokenStream {
    let (provider, plan) = (material.provider, material.plan);
    let (name, title) = (&provider.name, &provider.settings.title);
    let delivery = match provider.settings.delivery {
        Delivery::Batch => quote!(Batch),
        Delivery::Lines => quote!(Lines),
        _ => quote!(Single),
    };
    let infos = plan.events.iter().map(|event| {
        let wire_name = &event.wire_name;
        let ty = format_ident!("{}", plan.types[event.root.0].name);
        quote!(EventInfo::of::<#ty>(#wire_name))
    });
    quote! {
        /// The provider, for code that is generic over providers.
        pub static PROVIDER: ProviderInfo = ProviderInfo {
            name: #name,
            title: #title,
            delivery: Delivery::#delivery,
            dispatch: &dispatch::DISPATCH,
            events: &[#(#infos),*],
        };
    }
}
