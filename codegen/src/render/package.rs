//! Renders the package around the providers: its manifest, its root and its README.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use unicode_ident::{is_xid_continue, is_xid_start};
use webhook_runtime::Delivery;

use crate::load::catalog::{Catalog, Provider};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::options::Options;
use crate::output::mark;
use crate::plan::names::pascal;
use crate::plan::{Kind, Plan};
use crate::text::markdown::{cell_code, plain};
use crate::text::one_line;

/// The feature of the runtime that keeps every digit of a number.
pub(crate) const DECIMALS: &str = "arbitrary_precision";

/// The facts about a provider that the package needs.
pub(crate) struct Summary {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) variant: String,
    pub(crate) title: String,
    pub(crate) delivery: Delivery,
    pub(crate) events: Vec<(String, String)>,
    /// The features of the runtime that the provider's schemas need.
    pub(crate) runtime_features: Vec<&'static str>,
    /// Whether any name is not ASCII.
    pub(crate) unicode: bool,
    /// Whether any type is a union with several variants.
    pub(crate) unions: bool,
    /// Whether the body alone identifies an event, and there is an example payload.
    pub(crate) example: bool,
}

/// Collects the facts about a provider that the package needs.
pub(crate) fn summarize(provider: &Provider, plan: &Plan, runtime_features: Vec<&'static str>) -> Summary {
    let events = plan.events.iter().map(|event| (event.name.clone(), plan.types[event.root.0].name.clone()));
    Summary {
        name: provider.name.clone(),
        module: plan.module.clone(),
        variant: variant(&provider.settings.title, &provider.name),
        title: provider.settings.title.clone(),
        delivery: provider.settings.delivery,
        events: events.collect(),
        runtime_features,
        unicode: !plan.is_ascii(),
        unions: plan.types.iter().any(|ty| matches!(&ty.kind, Kind::Union(union) if union.variants.len() > 1)),
        example: !provider.settings.named && provider.events.iter().any(|event| !event.examples.is_empty()),
    }
}

/// Returns the name of the provider's variant: its title without characters that identifiers cannot contain, or else
/// its name.
fn variant(title: &str, name: &str) -> String {
    let words = title.split(|c: char| !is_xid_continue(c)).filter(|word| !word.is_empty());
    let capitalized = words.map(|word| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    });
    let variant: String = capitalized.collect();
    match variant.starts_with(is_xid_start) && variant != "Self" {
        true => variant,
        false => pascal(name),
    }
}

/// Returns whether a text is allowed as the name of a package.
pub fn is_package_name(name: &str) -> bool {
    let crate_name = name.replace('-', "_");
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        // Otherwise, a path that names the crate would refer to another crate.
        && !["alloc", "core", "proc_macro", "std", "webhook_runtime"].contains(&crate_name.as_str())
        && syn::parse_str::<syn::Ident>(&crate_name).is_ok()
}

/// Returns a problem for each provider whose module or variant has the same name as another one's.
pub(crate) fn check(summaries: &[Summary]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (index, summary) in summaries.iter().enumerate() {
        let before = &summaries[..index];
        if let Some(other) = before.iter().find(|other| other.module == summary.module) {
            let message =
                format!("`{}` and `{}` would both be the module `{}`", other.name, summary.name, summary.module);
            let advice = "rename one of the folders";
            problems.push(Diagnostic::of_file(Code::NameConflict, &summary.name, message, advice));
        } else if let Some(other) = before.iter().find(|other| other.variant == summary.variant) {
            let message = format!(
                "the titles of `{}` and `{}` would both be `Provider::{}`",
                other.name, summary.name, summary.variant
            );
            let file = format!("{}/provider.toml", summary.name);
            problems.push(Diagnostic::of_file(Code::NameConflict, file, message, "write another `title`"));
        }
    }
    problems
}

fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// Renders `Cargo.toml`.
pub(crate) fn manifest(catalog: &Catalog, name: &str, summaries: &[Summary], options: &Options) -> String {
    let package = &catalog.package;
    let mut lines = vec![
        mark::toml(),
        "[package]".to_owned(),
        format!("name = {}", text(name)),
        format!("version = {}", text(package.version.as_deref().unwrap_or("0.1.0"))),
        "edition = \"2024\"".to_owned(),
        "rust-version = \"1.88\"".to_owned(),
    ];
    let description = package.description.clone().unwrap_or_else(|| {
        let titles: Vec<&str> = summaries.iter().map(|summary| summary.title.as_str()).collect();
        format!("Typed, validated, lossless webhook events of {}.", titles.join(", "))
    });
    lines.push(format!("description = {}", text(&one_line(&description))));
    let optional = [("license", &package.license), ("repository", &package.repository)];
    lines.extend(optional.iter().filter_map(|(key, value)| Some(format!("{key} = {}", text(value.as_ref()?)))));
    let lists = [("keywords", &package.keywords), ("categories", &package.categories)];
    for (key, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        let items: Vec<String> = list.iter().map(|item| text(item)).collect();
        lines.push(format!("{key} = [{}]", items.join(", ")));
    }
    lines.extend(["readme = \"README.md\"".to_owned(), String::new(), "[package.metadata.docs.rs]".to_owned()]);
    lines.extend(["all-features = true".to_owned(), String::new(), "[features]".to_owned()]);
    let modules: Vec<String> = summaries.iter().map(|summary| text(&summary.module)).collect();
    lines.push(format!("default = [{}]", modules.join(", ")));
    for summary in summaries {
        let needs = summary.runtime_features.iter().map(|feature| text(&format!("webhook-runtime/{feature}")));
        let needs = needs.collect::<Vec<_>>().join(", ");
        lines.push(format!("# {}", one_line(&summary.title)));
        lines.push(format!("{} = [{needs}]", summary.module));
    }
    for (feature, what) in [
        ("schemars", "`JsonSchema` of schemars 1 for every type, from the documented schema."),
        ("jiff_0_2", "`TryFrom<&Timestamp>` for the types of jiff 0.2."),
        ("jiff_1", "`TryFrom<&Timestamp>` for the types of jiff 1."),
        ("chrono", "`TryFrom<&Timestamp>` for the types of chrono 0.4."),
        ("axum", "An extractor for request bodies, for axum 0.8 (axum-core 0.5)."),
        ("tokio", "Batches from an asynchronous stream of tokio 1."),
        ("tower", "A tower layer that checks credentials (tower-layer 0.3, tower-service 0.3, http 1)."),
        (
            "signature",
            "Signatures of requests: HMAC and Standard Webhooks. The extractor of `axum` and a layer of `tower` check them.",
        ),
        (DECIMALS, "Keeps numbers that no f64 holds, digit for digit. It changes serde_json for the whole build."),
    ] {
        lines.push(format!("# {what}"));
        lines.push(format!("{feature} = [\"webhook-runtime/{feature}\"]"));
    }
    lines.extend([String::new(), "[dependencies]".to_owned()]);
    lines.push(format!("webhook-runtime = {{ {} }}", options.runtime));
    if options.standalone {
        lines.extend([String::new(), "[workspace]".to_owned()]);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Renders `lib.rs`.
pub(crate) fn library(summaries: &[Summary], crate_name: &str) -> TokenStream {
    let docs = library_docs(summaries, crate_name);
    let modules = summaries.iter().map(|summary| {
        let (module, feature) = (format_ident!("{}", summary.module), &summary.module);
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });
    let features: Vec<&String> = summaries.iter().map(|summary| &summary.module).collect();
    let any_feature = match features.as_slice() {
        [only] => quote!(#[cfg(feature = #only)]),
        features => quote!(#[cfg(any(#(feature = #features),*))]),
    };
    let provider = provider_enum(summaries, &any_feature);
    let with_decimals = summaries.iter().filter(|summary| summary.runtime_features.contains(&DECIMALS));
    let with_decimals: Vec<&String> = with_decimals.map(|summary| &summary.module).collect();
    let decimal = (!with_decimals.is_empty()).then(|| {
        quote! {
            #[cfg(any(#(feature = #with_decimals),*))]
            pub use webhook_runtime::Decimal;
        }
    });
    // Some names of vendors are not ASCII.
    let unicode = summaries.iter().any(|summary| summary.unicode).then(
        || quote!(#![allow(mixed_script_confusables, confusable_idents, uncommon_codepoints, non_camel_case_types)]),
    );
    // Variants are not boxed for this lint, because every match would have to dereference the box.
    let large = summaries.iter().any(|summary| summary.unions).then(|| quote!(#![allow(clippy::large_enum_variant)]));
    quote! {
        #(#![doc = #docs])*
        #unicode
        #large

        #(#modules)*

        pub use webhook_runtime::{
            Batch, BatchReadError, BatchReader, BodyFormat, ConversionError, CredentialKind, Delivery, Deviation, DeviationKind,
            Deviations, Error, EventInfo, Example, FromBody, HasSchema, HashAlgorithm, HmacScheme, JsonError, Nullable, Payload,
            ProviderInfo, ProviderVisitor, Reading, RejectedItem, RequestInfo, SignatureEncoding, SignatureScheme, Success, TemplatedText, Timestamp, Unknown, ValidationError, Violation,
            ViolationKind, Violations, WebhookEvent, WriteJson, serde_json, to_string, to_vec, to_writer,
        };
        #decimal
        #[cfg(feature = "axum")]
        pub use webhook_runtime::{StrictWebhook, Webhook, WebhookRejection};
        #[cfg(feature = "signature")]
        pub use webhook_runtime::{InvalidKey, SignatureError, Signatures};
        #[cfg(all(feature = "signature", feature = "tower"))]
        pub use webhook_runtime::{CheckSignature, SignatureFuture, SignatureLayer};
        #[cfg(feature = "tokio")]
        pub use webhook_runtime::AsyncBatchReader;
        #[cfg(feature = "tower")]
        pub use webhook_runtime::{CheckCredentials, CheckFuture, Credentials, CredentialsLayer, InvalidCredential};

        #provider

        /// The provider and the event of a body.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Identity {
            /// The provider.
            pub provider: Provider,
            /// The event's JSON name; `None` if the event is unknown, or if the body has several different events.
            pub event: Option<&'static str>,
        }

        /// Returns the provider and the event of a body, or `None` if the body does not identify its provider. Nothing is
        /// validated: only a few members are examined.
        ///
        /// Providers that name the event outside of the body are never identified.
        #any_feature
        pub fn identify(body: &[u8]) -> Option<Identity> {
            static IDENTIFIER: std::sync::OnceLock<webhook_runtime::__private::Identifier> = std::sync::OnceLock::new();
            let infos = || Provider::ALL.iter().map(|provider| provider.info());
            let identifier = IDENTIFIER.get_or_init(|| webhook_runtime::__private::Identifier::new(infos()));
            let (place, event) = identifier.identify(body)?;
            Some(Identity { provider: Provider::ALL[place], event })
        }
    }
}

/// Returns the documentation of the crate, line by line.
fn library_docs(summaries: &[Summary], crate_name: &str) -> Vec<String> {
    let titles: Vec<String> = summaries.iter().map(|summary| plain(&summary.title)).collect();
    let mut docs = vec![
        format!("Typed, validated, lossless webhook events of {}.", list(&titles)),
        String::new(),
        "Each provider has a module and a Cargo feature. A module has an `Event` enum, a type for each event and for each of"
            .to_owned(),
        "its parts, and the documented `EXAMPLES`. The type of an event has its JSON Schema, `SCHEMA`.".to_owned(),
        String::new(),
        "* **Lossless**: a parsed payload serializes to a value equal to the one received, with its unknown members."
            .to_owned(),
        "* **Exact**: a payload is accepted exactly when its event's schema accepts it.".to_owned(),
        "* **Every violation at once**: the error for a rejected payload lists all of them.".to_owned(),
        "* **Open**: an unknown event is `Event::Unknown`, with its payload unchanged.".to_owned(),
    ];
    docs.push(String::new());
    docs.push("| provider | module | events | a body is |".to_owned());
    docs.push("| --- | --- | --- | --- |".to_owned());
    for summary in summaries {
        let body = match summary.delivery {
            Delivery::Batch => "an array of events",
            Delivery::Lines => "an event a line",
            Delivery::Wrapped => "an object with events in it",
            _ => "an event",
        };
        docs.push(format!(
            "| {} | [`{}`] | {} | {body} |",
            plain(&summary.title),
            summary.module,
            summary.events.len()
        ));
    }
    if let Some(summary) = summaries.iter().find(|summary| summary.example && summary.delivery == Delivery::Single) {
        docs.extend(root_example(summary, crate_name));
    }
    docs.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") }).collect()
}

/// Renders the enum of the providers.
fn provider_enum(summaries: &[Summary], any_feature: &TokenStream) -> TokenStream {
    let variants = summaries.iter().map(|summary| {
        let (variant, feature) = (format_ident!("{}", summary.variant), &summary.module);
        let doc = format!(" {}", plain(&summary.title));
        quote! {
            #[doc = #doc]
            #[cfg(feature = #feature)]
            #variant,
        }
    });
    let all = summaries.iter().map(|summary| {
        let (variant, feature) = (format_ident!("{}", summary.variant), &summary.module);
        quote! {
            #[cfg(feature = #feature)]
            Provider::#variant,
        }
    });
    let infos = summaries.iter().map(|summary| {
        let (variant, feature) = (format_ident!("{}", summary.variant), &summary.module);
        let module = format_ident!("{}", summary.module);
        quote! {
            #[cfg(feature = #feature)]
            Provider::#variant => &#module::PROVIDER,
        }
    });
    let visits = summaries.iter().map(|summary| {
        let (variant, feature) = (format_ident!("{}", summary.variant), &summary.module);
        let module = format_ident!("{}", summary.module);
        quote! {
            #[cfg(feature = #feature)]
            Provider::#variant => visitor.visit::<#module::Event>(),
        }
    });
    quote! {
        /// A provider of webhooks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Provider {
            #(#variants)*
        }

        #any_feature
        impl Provider {
            /// Every provider whose feature is on, by name.
            pub const ALL: &'static [Provider] = &[#(#all)*];

            /// The provider, for code that is generic over providers.
            pub fn info(self) -> &'static ProviderInfo {
                match self {
                    #(#infos)*
                }
            }

            /// How the provider sends requests, as the vendor documents it.
            pub fn requests(self) -> &'static RequestInfo {
                &self.info().requests
            }

            /// Visits the `Event` type of the provider.
            pub fn visit<V: ProviderVisitor>(self, visitor: V) -> V::Output {
                match self {
                    #(#visits)*
                }
            }

            /// The provider's name, which is the name of its module and feature.
            pub fn name(self) -> &'static str {
                self.info().name
            }
        }

        #any_feature
        impl std::fmt::Display for Provider {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    }
}

fn root_example(summary: &Summary, krate: &str) -> Vec<String> {
    let (module, name) = (&summary.module, &summary.name);
    vec![
        String::new(),
        "# Examples".to_owned(),
        String::new(),
        "```".to_owned(),
        format!("# #[cfg(feature = {module:?})] {{"),
        format!("use {krate}::{module};"),
        String::new(),
        format!("let body = {module}::EXAMPLES[0].payload.as_bytes();"),
        format!("let identity = {krate}::identify(body).expect(\"a provider\");"),
        format!("assert_eq!(identity.provider.name(), {name:?});"),
        String::new(),
        format!("match {module}::Event::from_slice(body)? {{"),
        format!(
            "    {module}::Event::Unknown(unknown) => println!(\"{{:?}}: {{}}\", unknown.name(), unknown.payload()),"
        ),
        "    event => println!(\"{event:?}\"),".to_owned(),
        "}".to_owned(),
        "# }".to_owned(),
        format!("# Ok::<(), {krate}::Error>(())"),
        "```".to_owned(),
    ]
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Renders `README.md`.
pub(crate) fn readme(name: &str, summaries: &[Summary]) -> String {
    let titles: Vec<String> = summaries.iter().map(|summary| plain(&summary.title)).collect();
    let mut lines = vec![
        mark::markdown(),
        String::new(),
        format!("# {name}"),
        String::new(),
        format!(
            "Typed, validated, lossless webhook events of {}. Generated from JSON Schemas and documented payloads.",
            list(&titles)
        ),
        String::new(),
        "| provider | feature | events |".to_owned(),
        "| --- | --- | --- |".to_owned(),
    ];
    for summary in summaries {
        let events: Vec<String> = summary.events.iter().map(|(event, _)| cell_code(event)).collect();
        let shown = if events.len() > 24 { format!("{} events", events.len()) } else { events.join(", ") };
        lines.push(format!("| {} | `{}` | {shown} |", plain(&summary.title), summary.module));
    }
    lines.extend([
        String::new(),
        "Every feature is on by default; switch off what you do not receive:".to_owned(),
        String::new(),
        "```toml".to_owned(),
        format!(
            "{name} = {{ version = \"*\", default-features = false, features = [{:?}] }}",
            summaries.first().map(|summary| summary.module.as_str()).unwrap_or_default()
        ),
        "```".to_owned(),
        String::new(),
    ]);
    lines.join("\n")
}
