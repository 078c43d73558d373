//! Renders the package around the providers: its manifest, its root and its README.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use unicode_ident::{is_xid_continue, is_xid_start};
use webhook_runtime::Delivery;

use super::declare::{Declaration, block};
use super::provider::Part;
use crate::load::catalog::{Catalog, Package, Provider, Reading};
use crate::model::diagnostic::{Code, Diagnostic};
use crate::options::Options;
use crate::output::mark;
use crate::plan::names::pascal;
use crate::plan::{Kind, Plan};
use crate::text::markdown::{cell_code, plain};
use crate::text::{one_line, toml_string as text};

/// The feature of the runtime that keeps every digit of a number.
pub(crate) const DECIMALS: &str = "arbitrary_precision";

/// The features of a package in addition to its providers, with their descriptions. The runtime has the same features.
const FEATURES: [(&str, &str); 9] = [
    ("axum", "Extractors for request bodies, for axum 0.8 (axum-core 0.5)."),
    ("tower", "A layer that checks credentials (tower-layer 0.3, tower-service 0.3, http 1)."),
    (
        "signature",
        "Signatures of requests: HMAC and Standard Webhooks. The extractors of `axum` and a layer of `tower` check them.",
    ),
    ("tokio", "Batches from an asynchronous stream of tokio 1."),
    ("jiff_0_2", "Conversions between `Timestamp` and the types of jiff 0.2."),
    ("jiff_1", "Conversions between `Timestamp` and the types of jiff 1."),
    ("chrono", "Conversions between `Timestamp` and the types of chrono 0.4."),
    ("schemars", "`JsonSchema` of schemars 1 for every type, from the documented schema."),
    (DECIMALS, "Keeps numbers that no f64 holds, digit for digit. It changes serde_json for the whole build."),
];

/// The guarantees of a package, as lines of Markdown.
const GUARANTEES: [&str; 5] = [
    "* **Lossless**: a parsed payload serializes to a value equal to the one received, with its unknown members.",
    "* **Exact**: where the vendor documents a schema, a payload is accepted exactly when the schema accepts it.",
    "* **Tolerant**: where the schema was inferred from example payloads, only the members that it requires decide whether a \
     payload is accepted. Any other member with an unexpected value is kept in `extra`, and `deviations()` lists it.",
    "* **Every violation at once**: the error for a rejected payload lists all of them.",
    "* **Open**: an unknown event is `Event::Unknown`, with its payload unchanged.",
];

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
    /// How events are read, as one word.
    pub(crate) reading: &'static str,
    /// The variant of the first event that has an example and is identified by the body alone, and a name for its
    /// payload.
    pub(crate) example: Option<(String, String)>,
}

/// Collects the facts about a provider that the package needs.
pub(crate) fn summarize(provider: &Provider, plan: &Plan, runtime_features: Vec<&'static str>) -> Summary {
    let events = plan.events().iter().map(|event| (event.name.clone(), plan.types[event.root.0].name.clone()));
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
        reading: reading(provider),
        example: provider
            .events
            .iter()
            .zip(plan.events())
            .find(|(event, _)| !provider.settings.named && !event.examples.is_empty())
            .map(|(_, event)| (event.variant.clone(), event.module.trim_end_matches('_').to_owned())),
    }
}

/// Returns the reading of the events of a provider, in a word.
fn reading(provider: &Provider) -> &'static str {
    let tolerant = provider.events.iter().filter(|event| provider.reading(&event.name) == Reading::Tolerant).count();
    match tolerant {
        0 => "exact",
        all if all == provider.events.len() => "tolerant",
        _ => "exact or tolerant",
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
    if variant.starts_with(is_xid_start) && variant != "Self" { variant } else { pascal(name) }
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
    let optional =
        [("license", &package.license), ("repository", &package.repository), ("documentation", &package.documentation)];
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
    for (feature, what) in FEATURES {
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
pub(crate) fn library(package: &Package, summaries: &[Summary], crate_name: &str, options: &Options) -> Vec<Part> {
    // A module of a crate has no features of its own: it always has its providers, and never the items of other
    // features.
    let condition = |feature: &str| (!options.module).then(|| quote!(#[cfg(feature = #feature)]));
    let docs = library_docs(package, summaries, crate_name, options);
    let modules = summaries.iter().map(|summary| {
        let (module, condition) = (format_ident!("{}", summary.module), condition(&summary.module));
        quote! {
            #condition
            pub mod #module;
        }
    });
    let variants = |doc: fn(&Summary) -> String, fields: fn(&Summary) -> TokenStream| {
        summaries.iter().map(move |summary| {
            let (doc, variant, fields) = (doc(summary), format_ident!("{}", summary.variant), fields(summary));
            let condition = condition(&summary.module);
            quote! {
                #[doc = #doc]
                #condition
                #variant #fields,
            }
        })
    };
    let providers = variants(|summary| format!(" {}", plain(&summary.title)), |_| TokenStream::new());
    let events = variants(
        |summary| format!(" An event of {}.", plain(&summary.title)),
        |summary| {
            let module = format_ident!("{}", summary.module);
            quote!((#module::Event))
        },
    );
    let with_decimals = summaries.iter().filter(|summary| summary.runtime_features.contains(&DECIMALS));
    let with_decimals: Vec<&String> = with_decimals.map(|summary| &summary.module).collect();
    let decimal = (!with_decimals.is_empty()).then(|| {
        let condition = (!options.module).then(|| quote!(#[cfg(any(#(feature = #with_decimals),*))]));
        quote! {
            #condition
            #[doc(inline)]
            pub use webhook_runtime::Decimal;
        }
    });
    let additions = (!options.module).then(|| {
        quote! {
            #[cfg(feature = "axum")]
            #[doc(inline)]
            pub use webhook_runtime::{StrictWebhook, Webhook, WebhookRejection};
            #[cfg(feature = "signature")]
            #[doc(inline)]
            pub use webhook_runtime::{InvalidKey, SignatureError, Signatures};
            #[cfg(all(feature = "signature", feature = "tower"))]
            #[doc(inline)]
            pub use webhook_runtime::{CheckSignature, SignatureFuture, SignatureLayer};
            #[cfg(feature = "tokio")]
            #[doc(inline)]
            pub use webhook_runtime::AsyncBatchReader;
            #[cfg(feature = "tower")]
            #[doc(inline)]
            pub use webhook_runtime::{CheckCredentials, CheckFuture, Credentials, CredentialsLayer, InvalidCredential};
        }
    });
    // docs.rs marks what needs a feature.
    let marks = (!options.module).then(|| quote!(#![cfg_attr(docsrs, feature(doc_cfg))]));
    // Some names of vendors are not ASCII.
    let unicode = summaries.iter().any(|summary| summary.unicode).then(
        || quote!(#![allow(mixed_script_confusables, confusable_idents, uncommon_codepoints, non_camel_case_types)]),
    );
    // Variants are not boxed for this lint, because every match would have to dereference the box.
    let large = summaries.iter().any(|summary| summary.unions).then(|| quote!(#![allow(clippy::large_enum_variant)]));
    let code = quote! {
        #(#![doc = #docs])*
        #marks
        #unicode
        #large

        #(#modules)*

        #[doc(inline)]
        pub use webhook_runtime::{
            Batch, BatchReadError, BatchReader, BodyFormat, ConversionError, CredentialKind, Delivery, Deviation, DeviationKind,
            Deviations, Error, EventInfo, Example, FromBody, HasSchema, HashAlgorithm, HmacScheme, JsonError, Nullable, Payload,
            ProviderInfo, ProviderVisitor, Reading, RejectedItem, RequestInfo, SignatureEncoding, SignatureScheme, Success, TemplatedText, Timestamp, Unknown, ValidationError, Violation,
            ViolationKind, Violations, WebhookEvent, WriteJson, to_string, to_vec, to_writer,
        };
        #[doc(no_inline)]
        pub use webhook_runtime::serde_json;
        #decimal
        #additions

        /// A provider of webhooks.
        ///
        /// A provider is parsed from its name, and serialized as its name: [`Provider::name`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Provider {
            #(#providers)*
        }

        /// An event of any provider, for an endpoint that several vendors send to.
        ///
        /// [`Provider::read`] returns a batch of them.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AnyEvent {
            #(#events)*
        }
    };
    vec![Part::Tokens(code), Part::Text(providers_macro(summaries, options))]
}

/// Renders the invocation that makes the enums the providers of the package.
fn providers_macro(summaries: &[Summary], options: &Options) -> String {
    let features: Vec<String> = summaries.iter().map(|summary| format!("feature = {:?}", summary.module)).collect();
    let line = |(summary, feature): (&Summary, &String)| {
        let line = format!("{}({}),", summary.variant, summary.module);
        if options.module { line } else { format!("#[cfg({feature})]\n{line}") }
    };
    let declaration = Declaration {
        kind: "providers",
        name: "Provider".to_owned(),
        labels: vec![("events", "AnyEvent".to_owned())],
        lines: summaries.iter().zip(&features).map(line).collect(),
    };
    let condition = match features.as_slice() {
        _ if options.module => String::new(),
        [only] => format!("#[cfg({only})]\n"),
        features => block("#[cfg(any(", features, "))]") + "\n",
    };
    condition + &declaration.text()
}

/// Returns the documentation of the crate, line by line.
fn library_docs(package: &Package, summaries: &[Summary], crate_name: &str, options: &Options) -> Vec<String> {
    let titles: Vec<String> = summaries.iter().map(|summary| plain(&summary.title)).collect();
    let mut docs = vec![
        format!("Typed, validated, lossless webhook events of {}.", list(&titles)),
        String::new(),
        "Each provider has a module and a Cargo feature. A module has an `Event` enum, a type for each event and for each of"
            .to_owned(),
        "its parts, and the documented payloads, `EXAMPLES`. The type of an event has its JSON Schema, `SCHEMA`.".to_owned(),
        String::new(),
    ];
    docs.extend(GUARANTEES.map(str::to_owned));
    docs.extend(
        ["", "| provider | module | events | a body is | reading |", "| --- | --- | --- | --- | --- |"]
            .map(str::to_owned),
    );
    for summary in summaries {
        let body = match summary.delivery {
            Delivery::Batch => "an array of events",
            Delivery::Lines => "an event a line",
            Delivery::Wrapped => "an object with events in it",
            _ => "an event",
        };
        docs.push(format!(
            "| {} | [`{}`] | {} | {body} | {} |",
            plain(&summary.title),
            summary.module,
            summary.events.len(),
            summary.reading
        ));
    }
    if let Some((summary, (variant, local))) = shown(summaries) {
        let (module, name) = (&summary.module, &summary.name);
        let lines = [
            "".to_owned(),
            "# Examples".to_owned(),
            String::new(),
            "```".to_owned(),
            format!("# #[cfg(feature = {module:?})] {{"),
            format!("use {crate_name}::{module}::{{self, Event}};"),
            String::new(),
            format!("let body = {module}::EXAMPLES[0].payload.as_bytes();"),
            "match Event::from_slice(body)? {".to_owned(),
            format!("    Event::{variant}({local}) => println!(\"{{{local}:#?}}\"),"),
            "    Event::Unknown(unknown) => println!(\"{:?}: {}\", unknown.name(), unknown.payload()),".to_owned(),
            "    other => println!(\"{:?}\", other.name()),".to_owned(),
            "}".to_owned(),
            String::new(),
            "// The provider of a body, if only the body is known:".to_owned(),
            format!("let identity = {crate_name}::identify(body).expect(\"a provider\");"),
            format!("assert_eq!(identity.provider.name(), {name:?});"),
            "# }".to_owned(),
            format!("# Ok::<(), {crate_name}::Error>(())"),
            "```".to_owned(),
        ];
        docs.extend(lines);
    }
    if !package.docs.is_empty() {
        docs.push(String::new());
        docs.extend(package.docs.trim().lines().map(str::to_owned));
    }
    if !options.module {
        docs.extend(["", "# Features", "", "| feature | what it adds |", "| --- | --- |"].map(str::to_owned));
        let all: Vec<String> = summaries.iter().map(|summary| format!("`{}`", summary.module)).collect();
        docs.push(format!("| {} | The module of that name. On by default. |", all.join(", ")));
        docs.extend(FEATURES.map(|(feature, what)| format!("| `{feature}` | {what} |")));
    }
    docs.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") }).collect()
}

/// Returns the provider whose events are shown as an example: among the providers whose bodies are one event, the one
/// with the most events.
fn shown(summaries: &[Summary]) -> Option<(&Summary, &(String, String))> {
    let single = summaries.iter().filter(|summary| summary.delivery == Delivery::Single);
    let candidates = single.filter_map(|summary| Some((summary, summary.example.as_ref()?)));
    candidates.rev().max_by_key(|(summary, _)| summary.events.len())
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Renders `README.md`.
pub(crate) fn readme(name: &str, crate_name: &str, package: &Package, summaries: &[Summary]) -> String {
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
    ];
    if let Some((summary, (variant, local))) = shown(summaries) {
        let module = &summary.module;
        lines.extend([
            "```rust".to_owned(),
            format!("use {crate_name}::{module}::Event;"),
            String::new(),
            format!("fn receive(body: &[u8]) -> Result<(), {crate_name}::Error> {{"),
            "    match Event::from_slice(body)? {".to_owned(),
            format!("        Event::{variant}({local}) => println!(\"{{{local}:#?}}\"),"),
            "        Event::Unknown(unknown) => println!(\"{:?}: {}\", unknown.name(), unknown.payload()),".to_owned(),
            "        other => println!(\"{:?}\", other.name()),".to_owned(),
            "    }".to_owned(),
            "    Ok(())".to_owned(),
            "}".to_owned(),
            "```".to_owned(),
            String::new(),
        ]);
    }
    lines.extend(GUARANTEES.map(str::to_owned));
    let module = summaries.first().map(|summary| summary.module.as_str()).unwrap_or_default();
    let module = shown(summaries).map_or(module, |(summary, _)| &summary.module);
    lines.extend([
        String::new(),
        "Every provider is a feature, and every one is on by default. Switch off the providers that you do not receive:".to_owned(),
        String::new(),
        "```sh".to_owned(),
        format!("cargo add {name} --no-default-features --features {module}"),
        "```".to_owned(),
        String::new(),
        "| provider | feature | events |".to_owned(),
        "| --- | --- | --- |".to_owned(),
    ]);
    for summary in summaries {
        let events: Vec<String> = summary.events.iter().map(|(event, _)| cell_code(event)).collect();
        let shown = if events.len() > 24 { format!("{} events", events.len()) } else { events.join(", ") };
        lines.push(format!("| {} | `{}` | {shown} |", plain(&summary.title), summary.module));
    }
    lines.extend(["", "| feature | what it adds |", "| --- | --- |"].map(str::to_owned));
    lines.extend(FEATURES.map(|(feature, what)| format!("| `{feature}` | {what} |")));
    let links = [("Documentation", &package.documentation), ("Repository, with a guide", &package.repository)];
    let links = links.iter().filter_map(|(text, url)| Some(format!("* [{text}](<{}>)", url.as_ref()?)));
    let links: Vec<String> = links.collect();
    if !links.is_empty() {
        lines.push(String::new());
        lines.extend(links);
    }
    lines.push(String::new());
    lines.join("\n")
}
