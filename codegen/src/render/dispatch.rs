//! `dispatch.rs`: which event a payload is.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::guess::{fallback, guess};
use super::provider::RenderContext;
use super::tables::{literal, types};
use crate::plan;
use crate::plan::{Path, Plan};

/// The file. What it refers to is found by name, while it is compiled.
pub(crate) fn file(material: &RenderContext<'_>) -> TokenStream {
    let (settings, plan) = (&material.provider.settings, material.plan);
    let names = plan.events.iter().map(|event| &event.name);
    let paths = paths(&plan.dispatch.discriminator_paths);
    let (declared, provider_paths) = match plan.dispatch.provider_paths.as_slice() {
        [] => (None, quote!(Paths(&[]))),
        discriminator_paths => {
            let paths = self::paths(discriminator_paths);
            (Some(quote!(const PROVIDER_PATHS: Paths = #paths;)), quote!(PROVIDER_PATHS))
        }
    };
    let matchers = plan.dispatch.events.iter().filter(|_| !settings.named || has_rivals(plan));
    let matchers: Vec<TokenStream> = matchers
        .map(|(event, conditions)| {
            let name = &plan.events[*event].name;
            let conditions = conditions.iter().map(|condition| condition_of(condition, &quote!(PATHS)));
            quote!(EventMatcher::new(EVENTS.index_of(#name), &[#(#conditions),*]))
        })
        .collect();
    let events = (!matchers.is_empty()).then(|| quote!(const EVENTS: Names = Names(&[#(#names),*]);));
    let alternatives = plan.dispatch.provider.iter().map(|conditions| {
        let conditions = conditions.iter().map(|condition| condition_of(condition, &quote!(PROVIDER_PATHS)));
        quote!(&[#(#conditions),*])
    });
    let event_name_paths =
        plan.dispatch.event_names.iter().map(|place| index_of(&plan.dispatch.discriminator_paths[*place]));
    let named = settings.named;
    let (guess, fallback) = if named { (quote!(None), Vec::new()) } else { (guess(plan), fallback(plan)) };
    let body = quote! {
        #events
        const PATHS: Paths = #paths;
        #declared

        pub(super) static DISPATCH: Dispatch = Dispatch {
            named: #named,
            discriminator_paths: PATHS,
            provider_paths: #provider_paths,
            matchers: &[#(#matchers),*],
            provider: &[#(#alternatives),*],
            event_name_paths: &[#(#event_name_paths),*],
            guess: #guess,
            fallback: &[#(#fallback),*],
        };
    };
    // No type of the provider's is named in this file, so nothing can collide with these.
    let text = body.to_string();
    let used = ["Condition", "Dispatch", "EventMatcher", "Guess", "Literal", "Names", "NumberLiteral", "Paths"];
    let used = used.into_iter().filter(|name| text.contains(&format!("{name} "))).map(|name| format_ident!("{name}"));
    quote! {
        //! Which event a payload is: conditions on a few members, in order of precedence.

        use webhook_runtime::__private::{#(#used),*};

        #body
    }
}

fn paths(paths: &[Path]) -> TokenStream {
    let paths = paths.iter().map(|path| quote!(&[#(#path),*]));
    quote!(Paths(&[#(#paths),*]))
}

fn index_of(path: &Path) -> TokenStream {
    quote!(PATHS.index_of(&[#(#path),*]))
}

/// Whether two events have one name outside the body, so that the body has to distinguish them.
fn has_rivals(plan: &Plan) -> bool {
    let mut names: Vec<&str> = plan.events.iter().map(|event| event.wire_name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

fn condition_of(condition: &plan::Condition, paths: &TokenStream) -> TokenStream {
    let path = condition.path();
    let path = quote!(#paths.index_of(&[#(#path),*]));
    match condition {
        plan::Condition::Equals(_, values) => {
            let values = values.iter().map(literal);
            quote!(Condition::Equals(#path, &[#(#values),*]))
        }
        plan::Condition::Present(_) => quote!(Condition::Present(#path)),
        plan::Condition::Absent(_) => quote!(Condition::Absent(#path)),
        plan::Condition::Type(_, set) => {
            let set = types(*set);
            quote!(Condition::HasType(#path, #set))
        }
    }
}
