//! `PROVIDER`: what a module knows, for code that is generic over providers.

use proc_macro2::{Literal as Token, TokenStream};
use quote::{format_ident, quote};
use webhook_runtime::Delivery;

use super::provider::Material;
use super::tables::{literal, types};
use crate::plan::dispatch::Path;
use crate::plan::{Plan, Test};

/// The static.
pub(crate) fn info(material: &Material<'_>) -> TokenStream {
    let (provider, plan) = (material.provider, material.plan);
    let (name, title) = (&provider.name, &provider.settings.title);
    let delivery = match provider.settings.delivery {
        Delivery::Batch => quote!(Batch),
        Delivery::Lines => quote!(Lines),
        _ => quote!(Single),
    };
    let body = if provider.settings.delivery == Delivery::Single { quote!(Event) } else { quote!(Batch) };
    let probes = plan.dispatch.probes.iter().map(|path| quote!(&[#(#path),*]));
    let events = plan.dispatch.events.iter().filter(|_| !provider.settings.named || has_rivals(plan));
    let events = events.map(|(event, tests)| {
        let event = Token::usize_unsuffixed(*event);
        let tests = tests.iter().map(|test| self::test(test, &plan.dispatch.probes));
        quote!(Told::by(#event, &[#(#tests),*]))
    });
    let provider_probes = plan.dispatch.provider_probes.iter().map(|path| quote!(&[#(#path),*]));
    let alternatives = plan.dispatch.provider.iter().map(|tests| {
        let tests = tests.iter().map(|test| self::test(test, &plan.dispatch.provider_probes));
        quote!(&[#(#tests),*])
    });
    let event_names = plan.dispatch.event_names.iter().map(|place| Token::usize_unsuffixed(*place));
    let infos = plan.events.iter().map(|event| {
        let wire_name = &event.wire_name;
        let ty = format_ident!("{}", plan.types[event.root.0].name);
        quote!(EventInfo::of::<#ty>(#wire_name))
    });
    let named = provider.settings.named;
    quote! {
        /// What this module knows, for code that is generic over providers.
        pub static PROVIDER: ProviderInfo = ProviderInfo {
            name: #name,
            title: #title,
            delivery: Delivery::#delivery,
            dispatch: Dispatch {
                named: #named,
                probes: &[#(#probes),*],
                provider_probes: &[#(#provider_probes),*],
                events: &[#(#events),*],
                provider: &[#(#alternatives),*],
                event_names: &[#(#event_names),*],
            },
            events: &[#(#infos),*],
            roundtrip: webhook_runtime::roundtrip_body::<#body>,
            roundtrip_named: webhook_runtime::roundtrip_named::<Event>,
        };
    }
}

/// Whether two events have one name outside the body, so that the body has to tell them.
fn has_rivals(plan: &Plan) -> bool {
    let mut names: Vec<&str> = plan.events.iter().map(|event| event.wire_name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

fn test(test: &Test, probes: &[Path]) -> TokenStream {
    let probe = Token::usize_unsuffixed(test.probe(probes));
    match test {
        Test::Is(_, values) => {
            let values = values.iter().map(literal);
            quote!(Test::Is(#probe, &[#(#values),*]))
        }
        Test::Present(_) => quote!(Test::Present(#probe)),
        Test::Absent(_) => quote!(Test::Absent(#probe)),
        Test::Type(_, set) => {
            let set = types(*set);
            quote!(Test::Type(#probe, #set))
        }
    }
}
