//! `dispatch.rs`: which event a payload is.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::context::RenderContext;
use super::tables::{literal, types};
use crate::dispatch::{self, Guess, Guessed, Path, fallback};
use crate::plan::Plan;

/// The file. What it refers to is found by name, while it is compiled.
pub(crate) fn file(context: &RenderContext<'_>) -> TokenStream {
    let RenderContext { plan, dispatch, .. } = context;
    let named = context.provider.settings.named;
    let paths = paths(&dispatch.discriminator_paths);
    let (declared, provider_paths) = match dispatch.provider_paths.as_slice() {
        [] => (None, quote!(Paths(&[]))),
        discriminator_paths => {
            let paths = self::paths(discriminator_paths);
            (Some(quote!(const PROVIDER_PATHS: Paths = #paths;)), quote!(PROVIDER_PATHS))
        }
    };
    let index_of_event = |event: usize| {
        let name = &plan.events[event].name;
        quote!(EVENTS.index_of(#name))
    };
    let matchers = dispatch.events.iter().filter(|_| !named || has_rivals(plan));
    let matchers: Vec<TokenStream> = matchers
        .map(|(event, conditions)| {
            let event = index_of_event(*event);
            let conditions = conditions.iter().map(|condition| condition_of(condition, &quote!(PATHS)));
            quote!(EventMatcher::new(#event, &[#(#conditions),*]))
        })
        .collect();
    let events = quote!(
        const EVENTS: Events = Events(super::EVENTS);
    );
    let events = (!matchers.is_empty()).then_some(events);
    let alternatives = dispatch.provider.iter().map(|conditions| {
        let conditions = conditions.iter().map(|condition| condition_of(condition, &quote!(PROVIDER_PATHS)));
        quote!(&[#(#conditions),*])
    });
    let event_name_paths = dispatch.event_names.iter().map(index_of);
    let discriminator = match Guess::new(plan, dispatch).filter(|_| !named) {
        Some(Guess { member, events }) => {
            let member = format!("\"{member}\"");
            let events = events.iter().map(|(text, guessed)| match guessed {
                Some(Guessed { event, is_certain }) => {
                    let event = index_of_event(*event);
                    let guess = if *is_certain { quote!(certain) } else { quote!(likely) };
                    quote!((#text, Guess::#guess(#event)))
                }
                None => quote!((#text, Guess::Ambiguous)),
            });
            quote!(Some(Discriminator::new(#member, &[#(#events),*])))
        }
        None => quote!(None),
    };
    let fallback = if named { Vec::new() } else { fallback(plan, dispatch) };
    let fallback = fallback.into_iter().map(index_of_event);
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
            discriminator: #discriminator,
            fallback: &[#(#fallback),*],
        };
    };
    // No type of the provider's is named in this file, so nothing can collide with these.
    let text = body.to_string();
    let used = [
        "Condition",
        "Discriminator",
        "Dispatch",
        "EventMatcher",
        "Events",
        "Guess",
        "Literal",
        "NumberLiteral",
        "Paths",
    ];
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

fn condition_of(condition: &dispatch::Condition, paths: &TokenStream) -> TokenStream {
    let path = condition.path();
    let path = quote!(#paths.index_of(&[#(#path),*]));
    match condition {
        dispatch::Condition::Equals(_, values) => {
            let values = values.iter().map(literal);
            quote!(Condition::Equals(#path, &[#(#values),*]))
        }
        dispatch::Condition::Present(_) => quote!(Condition::Present(#path)),
        dispatch::Condition::Absent(_) => quote!(Condition::Absent(#path)),
        dispatch::Condition::Type(_, set) => {
            let set = types(*set);
            quote!(Condition::HasType(#path, #set))
        }
    }
}
