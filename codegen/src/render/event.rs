//! The `Event` of a provider, and what makes a type the payload of one.

use proc_macro2::{Literal as Token, TokenStream};
use quote::{format_ident, quote};

use super::provider::Material;
use crate::doc::{doc_attributes, printable};
use crate::plan::Event;

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

/// The enum, and everything that is implemented for it.
pub(crate) fn event_enum(material: &Material<'_>) -> TokenStream {
    let (provider, plan) = (material.provider, material.plan);
    let title = &provider.settings.title;
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
    let read = names.iter().enumerate().map(|(index, (variant, ty))| {
        let index = Token::usize_unsuffixed(index);
        quote!(#index => <#ty as webhook_runtime::Payload>::from_text(text).map(|event| Event::#variant(Box::new(event))),)
    });
    let read_value = names.iter().enumerate().map(|(index, (variant, ty))| {
        let index = Token::usize_unsuffixed(index);
        quote!(#index => <#ty as webhook_runtime::Payload>::from_value(value).map(|event| Event::#variant(Box::new(event))),)
    });
    let event_names = names.iter().zip(&plan.events).map(|((variant, _), event)| {
        let name = &event.name;
        quote!(Event::#variant(_) => Some(#name),)
    });
    let deviations = names
        .iter()
        .map(|(variant, _)| quote!(Event::#variant(event) => webhook_runtime::Payload::deviations(&**event),));
    let written = names.iter().map(|(variant, _)| quote!(Event::#variant(event) => event.serialize(serializer),));
    let from = names.iter().map(|(variant, ty)| {
        quote! {
            impl From<#ty> for Event {
                fn from(event: #ty) -> Self {
                    Event::#variant(Box::new(event))
                }
            }
        }
    });
    quote! {
        #[doc = #doc]
        ///
        /// What the vendor sends beyond these, today or one day, is [`Event::Unknown`], with its payload as it came.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants,)*
            /// A payload that is none of these events.
            Unknown(Unknown),
        }

        impl Event {
            /// Reads one event.
            ///
            /// # Errors
            ///
            /// The bytes are no JSON, or the payload is a known event and breaks rules of it: then the error has every
            /// violation. Any other JSON is [`Event::Unknown`].
            pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
                webhook_runtime::WebhookEvent::from_slice(bytes)
            }

            /// Reads one event from a JSON value, like [`Event::from_slice`].
            ///
            /// # Errors
            ///
            /// Those of [`Event::from_slice`].
            pub fn from_value(value: Value) -> Result<Self, Error> {
                webhook_runtime::WebhookEvent::from_value(value)
            }

            /// Reads one event whose name stands outside the body: in a header, say.
            ///
            /// # Errors
            ///
            /// Those of [`Event::from_slice`]. A name that is not known gives [`Event::Unknown`].
            pub fn from_named(name: &str, bytes: &[u8]) -> Result<Self, Error> {
                webhook_runtime::WebhookEvent::from_named(name, bytes)
            }

            /// Every violation of a JSON value: the event is told first, and decides by its schema. An unknown event has
            /// none.
            ///
            /// # Errors
            ///
            /// The violations, when there are any.
            pub fn validate(value: &Value) -> Result<(), webhook_runtime::Violations> {
                <Self as webhook_runtime::WebhookEvent>::validate(value)
            }

            /// What of the event differs from what is documented, or was seen: members that the schema does not name,
            /// values that it does not allow, strings that it does not list. An unknown event has none.
            pub fn deviations(&self) -> webhook_runtime::Deviations {
                webhook_runtime::WebhookEvent::deviations(self)
            }

            /// The event's JSON name; of an unknown one, what the payload says it is.
            pub fn name(&self) -> Option<&str> {
                webhook_runtime::WebhookEvent::name(self)
            }
        }

        impl webhook_runtime::WebhookEvent for Event {
            const PROVIDER: &'static ProviderInfo = &PROVIDER;

            fn read_event(event: usize, text: &str) -> Result<Self, Error> {
                match event {
                    #(#read)*
                    _ => webhook_runtime::no_such_event(),
                }
            }

            fn read_event_value(event: usize, value: &Value) -> Result<Self, Error> {
                match event {
                    #(#read_value)*
                    _ => webhook_runtime::no_such_event(),
                }
            }

            fn unknown(unknown: Unknown) -> Self {
                Event::Unknown(unknown)
            }

            fn name(&self) -> Option<&str> {
                match self {
                    #(#event_names)*
                    Event::Unknown(unknown) => unknown.name(),
                }
            }

            fn deviations(&self) -> webhook_runtime::Deviations {
                match self {
                    #(#deviations)*
                    Event::Unknown(_) => webhook_runtime::Deviations::default(),
                }
            }
        }

        impl Serialize for Event {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                    Event::Unknown(unknown) => unknown.serialize(serializer),
                }
            }
        }

        webhook_runtime::event!(Event);

        #(#from)*
    }
}
