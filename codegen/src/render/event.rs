//! Renders the events of a provider: the `Event` enum, and the declarations of payloads.

use proc_macro2::{Literal as Token, TokenStream};
use quote::{format_ident, quote};
use webhook_runtime::Delivery;

use super::context::RenderContext;
use super::declare::{Declaration, string};
use crate::load::catalog::{self, ENVELOPE, Example, HmacSettings, Requests, Settings, Signature};
use crate::plan::Event;
use crate::text::doc_attributes;
use crate::text::markdown::{code, plain};

/// Returns the declaration that makes a type the payload of an event.
pub(crate) fn payload(context: &RenderContext<'_>, event: &catalog::Event, planned: &Event) -> String {
    let included = |kind: &str| format!("include_str!({})", string(&format!("json/{}.{kind}.json", event.name)));
    let example = |example: &Example| format!("{} => {},", string(&example.name), included(&example.name));
    Declaration {
        kind: "payload",
        name: context.plan.types[planned.root.0].name.clone(),
        labels: vec![
            ("name", string(&event.name)),
            ("base_uri", string(context.schemas.model().base(planned.node))),
            ("schema", included("schema")),
        ],
        lines: event.examples.iter().map(example).collect(),
    }
    .text()
}

/// Renders the enum `Event`.
pub(crate) fn event_enum(context: &RenderContext<'_>) -> TokenStream {
    let (title, plan) = (&context.provider.settings.title, context.plan);
    let doc = format!(" An event of {}.", plain(title));
    let names: Vec<_> = plan
        .events()
        .iter()
        .map(|event: &Event| (format_ident!("{}", event.variant), format_ident!("{}", plan.types[event.root.0].name)))
        .collect();
    let variants = names.iter().zip(plan.events()).map(|((variant, ty), event)| {
        let text = &plan.types[event.root.0].docs.text;
        let text = if text.is_empty() { format!("The event {}.", code(&event.name)) } else { text.clone() };
        let attrs = doc_attributes(&text);
        quote!(#(#attrs)* #variant(Box<#ty>))
    });
    quote! {
        #[doc = #doc]
        ///
        /// Any other payload is [`Event::Unknown`], for example a payload of an event that the vendor adds later.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            /// A payload of any other event, kept unchanged.
            Unknown(Unknown),
        }
    }
}

/// Returns the declaration that makes the enum the events of the provider.
pub(crate) fn events(material: &RenderContext<'_>) -> String {
    let line = |event: &Event| {
        let sent =
            if event.wire_name == event.name { String::new() } else { format!(" = {}", string(&event.wire_name)) };
        format!("{}({}){sent},", event.variant, material.plan.types[event.root.0].name)
    };
    let constants = [("provider", "PROVIDER"), ("infos", "EVENTS"), ("examples", "EXAMPLES")];
    let constants = constants.map(|(label, name)| (label, name.to_owned()));
    let envelope = material.plan.envelope().map(|it| ("envelope", material.plan.types[it.root.0].name.clone()));
    Declaration {
        kind: "events",
        name: "Event".to_owned(),
        labels: constants.into_iter().chain(envelope).collect(),
        lines: material.plan.events().iter().map(line).collect(),
    }
    .text()
}

/// Renders `PROVIDER`, which describes the provider for generic code.
pub(crate) fn provider(context: &RenderContext<'_>) -> TokenStream {
    let provider = context.provider;
    let (name, title) = (&provider.name, &provider.settings.title);
    let delivery = match provider.settings.delivery {
        Delivery::Batch => quote!(Batch),
        Delivery::Lines => quote!(Lines),
        Delivery::Wrapped => quote!(Wrapped),
        _ => quote!(Single),
    };
    let requests = requests(&provider.settings);
    let envelope = context.plan.envelope().map(|it| format_ident!("{}", context.plan.types[it.root.0].name));
    let envelope = match envelope {
        Some(name) => quote!(Some(webhook_runtime::EventInfo::of::<#name>(#ENVELOPE))),
        None => quote!(None),
    };
    quote! {
        /// The provider, for code that is generic over providers.
        pub static PROVIDER: ProviderInfo = webhook_runtime::__private::ProviderDeclaration {
            name: #name,
            title: #title,
            delivery: Delivery::#delivery,
            requests: #requests,
            dispatch: &dispatch::DISPATCH,
            events: EVENTS,
            envelope: #envelope,
        }
        .info();
    }
}

/// Renders the description of the vendor's requests. It mentions only documented facts.
fn requests(settings: &Settings) -> TokenStream {
    let Settings { items, item, requests, .. } = settings;
    let items = (!items.is_empty()).then(|| quote!(.with_items(&[#(#items),*])));
    let item = item.as_ref().map(|place| quote!(.with_item(#place)));
    let Requests {
        methods,
        content_type,
        success,
        max_retries,
        retry,
        timeout_seconds,
        credentials,
        event_header,
        signature,
    } = requests;
    let methods = (!methods.is_empty()).then(|| quote!(.with_methods(&[#(#methods),*])));
    let content_type = content_type.as_ref().map(|text| quote!(.with_content_type(#text)));
    // The `Debug` form of these enums is the name of the variant.
    let success = success.map(|success| {
        let success = format_ident!("{success:?}");
        quote!(.with_success(webhook_runtime::Success::#success))
    });
    let max_retries = max_retries.map(|count| {
        let count = Token::u32_unsuffixed(count);
        quote!(.with_max_retries(#count))
    });
    let retry = retry.as_ref().map(|text| quote!(.with_retry(#text)));
    let timeout = timeout_seconds.map(|seconds| {
        let seconds = Token::u32_unsuffixed(seconds);
        quote!(.with_timeout_seconds(#seconds))
    });
    let credentials = (!credentials.is_empty()).then(|| {
        let kinds = credentials.iter().map(|kind| {
            let kind = format_ident!("{kind:?}");
            quote!(webhook_runtime::CredentialKind::#kind)
        });
        quote!(.with_credentials(&[#(#kinds),*]))
    });
    let event_header = event_header.as_ref().map(|name| quote!(.with_event_header(#name)));
    let signature = signature.as_ref().map(signature_scheme);
    quote! {
        webhook_runtime::RequestInfo::UNDOCUMENTED
            #methods #content_type #success #max_retries #retry #timeout #credentials #event_header #items #item #signature
    }
}

/// Renders the signature scheme of requests.
fn signature_scheme(signature: &Signature) -> TokenStream {
    let Signature::Hmac(hmac) = signature else {
        return quote!(.with_signature(webhook_runtime::SignatureScheme::StandardWebhooks));
    };
    let HmacSettings {
        header,
        algorithm,
        encoding,
        prefix,
        text,
        timestamp_header,
        timestamp_prefix,
        id_header,
        tolerance_seconds,
    } = hmac;
    let (algorithm, encoding) = (format_ident!("{algorithm:?}"), format_ident!("{encoding:?}"));
    let option = |value: &Option<String>| value.as_ref().map_or_else(|| quote!(None), |value| quote!(Some(#value)));
    let (timestamp_header, id_header) = (option(timestamp_header), option(id_header));
    let tolerance_seconds = tolerance_seconds.map_or_else(
        || quote!(None),
        |seconds| {
            let seconds = Token::u32_unsuffixed(seconds);
            quote!(Some(#seconds))
        },
    );
    quote! {
        .with_signature(webhook_runtime::SignatureScheme::Hmac(webhook_runtime::HmacScheme {
            header: #header,
            algorithm: webhook_runtime::HashAlgorithm::#algorithm,
            encoding: webhook_runtime::SignatureEncoding::#encoding,
            prefix: #prefix,
            text: #text,
            timestamp_header: #timestamp_header,
            timestamp_prefix: #timestamp_prefix,
            id_header: #id_header,
            tolerance_seconds: #tolerance_seconds,
        }))
    }
}
