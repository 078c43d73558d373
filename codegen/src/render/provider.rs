//! Renders the module of a provider: its events, their dispatch, and the files with its types.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use webhook_runtime::Delivery;

use super::context::RenderContext;
use super::docs::docs;
use super::event::{event_enum, events, payload, provider as info};
use super::tables::mentions;
use super::{dispatch, imports, tables as tables_file, types as type_code};
use crate::plan::{Plan, TypeId};
use crate::text::markdown::{code, plain};

/// A file: its path below `src`, the part of schema-defs that it is generated from, and its code.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) source: String,
    /// The parts, in the order of the file.
    pub(crate) code: Vec<Part>,
}

/// A part of a file.
pub(crate) enum Part {
    /// Code that must be formatted.
    Tokens(TokenStream),
    /// Code that is already formatted.
    Text(String),
}

/// The path and the text of a file that is not code.
pub(crate) type Data = (String, String);

/// Returns the files of a provider.
pub(crate) fn files(context: &RenderContext<'_>) -> (Vec<File>, Vec<Data>) {
    let RenderContext { provider, plan, .. } = context;
    let module = &plan.module;
    let mut files = vec![
        File { path: format!("{module}/mod.rs"), source: provider.name.clone(), code: root(context) },
        File {
            path: format!("{module}/dispatch.rs"),
            source: provider.name.clone(),
            code: vec![Part::Text(dispatch::file(context))],
        },
        File {
            path: format!("{module}/schemas.rs"),
            source: provider.name.clone(),
            code: vec![Part::Text(tables_file::file(context.tables, &context.schemas.model().patterns))],
        },
    ];
    let shared: Vec<TypeId> = types_of(plan, None);
    if !shared.is_empty() {
        let text = "Types that several events share.";
        files.push(types_file(context, "shared", &provider.name, &shared, None, text));
    }
    let mut data = Vec::new();
    for (index, (event, of_event)) in provider.roots().zip(&plan.roots).enumerate() {
        let (source, text) = match provider.events.get(index) {
            Some(_) => (format!("{}/{}", provider.name, event.name), format!("The event {}.", code(&event.name))),
            None => (provider.schema_file(event), "The object around the events of a body.".to_owned()),
        };
        let payload = payload(context, event, of_event);
        files.push(types_file(context, &of_event.module, &source, &types_of(plan, Some(index)), Some(payload), &text));
        data.push((format!("{module}/json/{}.schema.json", event.name), context.documents[index].pretty()));
        for example in &event.examples {
            data.push((format!("{module}/json/{}.{}.json", event.name, example.name), example.text.clone()));
        }
    }
    (files, data)
}

fn types_of(plan: &Plan, event: Option<usize>) -> Vec<TypeId> {
    let own =
        |index: &usize| plan.types[*index].event == event || event.is_some_and(|e| plan.roots[e].root.0 == *index);
    let root = |index: &usize| plan.roots.iter().any(|event| event.root.0 == *index);
    let mut own: Vec<usize> =
        (0..plan.types.len()).filter(own).filter(|index| event.is_some() || !root(index)).collect();
    // The event's own type comes first.
    own.sort_by_key(|index| !root(index));
    own.into_iter().map(TypeId).collect()
}

pub(crate) fn module_of(plan: &Plan, id: TypeId) -> String {
    let root = plan.roots.iter().position(|event| event.root == id);
    root.or(plan.types[id.0].event).map_or_else(|| "shared".to_owned(), |event| plan.roots[event].module.clone())
}

fn types_file(
    context: &RenderContext<'_>,
    module: &str,
    source: &str,
    ids: &[TypeId],
    payload: Option<String>,
    text: &str,
) -> File {
    let plan = context.plan;
    let example = |id: TypeId| {
        let event = plan.roots.iter().position(|event| event.root == id)?;
        let event = context.provider.roots().nth(event)?;
        Some(format!("json/{}.{}.json", event.name, event.examples.first()?.name))
    };
    let sources = (plan, context.schemas, context.tables);
    let mut parts = Vec::new();
    for id in ids {
        let (code, declaration) = type_code::code(sources, *id, &context.items[id.0], example(*id).as_deref());
        parts.push(Part::Tokens(code));
        parts.extend(declaration.map(Part::Text));
    }
    parts.extend(payload.map(Part::Text));
    let code = parts.iter().map(Part::tokens);
    let code = quote!(#(#code)*);
    let mut used = Vec::new();
    ids.iter().for_each(|id| plan.types[id.0].kind.named(&mut used));
    let mut local: Vec<(String, String)> = used
        .into_iter()
        .filter(|id| !ids.contains(id))
        .map(|id| (plan.types[id.0].name.clone(), format!("super::{}", module_of(plan, id))))
        .collect();
    local.push(("schemas".to_owned(), "super".to_owned()));
    let uses = imports::of(&code, &local);
    let doc = format!(" {text}");
    File {
        path: format!("{}/{module}.rs", plan.module),
        source: source.to_owned(),
        code: std::iter::once(Part::Tokens(quote!(#![doc = #doc] #uses))).chain(parts).collect(),
    }
}

impl Part {
    /// Returns the names that the part uses, as tokens.
    fn tokens(&self) -> TokenStream {
        match self {
            Part::Tokens(tokens) => tokens.clone(),
            // Declarations for the runtime's macros need no other imports.
            Part::Text(text) => {
                let validator = text.contains("schemas::").then(|| quote!(schemas));
                let literal = mentions(text, "Literal").then(|| quote!(; Literal));
                let numeral = mentions(text, "NumberLiteral").then(|| quote!(; NumberLiteral));
                quote!(#validator #literal #numeral)
            }
        }
    }
}

/// Renders `mod.rs`.
fn root(context: &RenderContext<'_>) -> Vec<Part> {
    let (provider, plan) = (context.provider, context.plan);
    let docs = docs(context);
    let modules = plan.roots.iter().map(|event| format_ident!("{}", event.module));
    let shared: Vec<String> = names_in(plan, None);
    let shared_module = (!shared.is_empty()).then(|| {
        quote!(
            mod shared;
        )
    });
    let exports = (0..plan.roots.len()).map(Some).chain(std::iter::once(None)).filter_map(|event| {
        let names = names_in(plan, event);
        let module = format_ident!("{}", event.map_or("shared", |event| plan.roots[event].module.as_str()));
        let names = names.iter().map(|name| format_ident!("{name}"));
        (names.len() > 0).then(|| quote!(pub use self::#module::{#(#names),*};))
    });
    let event = event_enum(context);
    let info = info(context);
    let batch = (provider.settings.delivery != Delivery::Single).then(|| {
        let text = format!(" The events of one body, each read alone: what {} sends.", plain(&provider.settings.title));
        quote! {
            #[doc = #text]
            pub type Batch = webhook_runtime::Batch<Event>;
        }
    });
    let head = quote! {
        mod dispatch;
        mod schemas;
        #shared_module
        #(mod #modules;)*

        #(#exports)*

        #event
    };
    let rest = quote! {
        #batch

        #info
    };
    let uses = imports::of(&quote!(#head #rest), &[]);
    let head = quote! {
        #(#![doc = #docs])*

        #uses
        #head
    };
    vec![Part::Tokens(head), Part::Text(events(context)), Part::Tokens(rest)]
}

fn names_in(plan: &Plan, event: Option<usize>) -> Vec<String> {
    let mut names: Vec<String> = types_of(plan, event).into_iter().map(|id| plan.types[id.0].name.clone()).collect();
    names.sort();
    names
}
