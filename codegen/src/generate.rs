//! The pipeline from a catalog to a tree of files.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::dispatch::Dispatch;
use crate::json::Json;
use crate::load::catalog::{Catalog, Provider};
use crate::load::schemas::{model, sound_events};
use crate::load::{load_partial, locate};
use crate::lower::{self, typify};
use crate::model::diagnostic::{Checked, Code, Diagnostic};
use crate::model::pattern::Expression;
use crate::model::{Node, NodeId, NumberType};
use crate::normalize::Schemas;
use crate::options::Options;
use crate::output::format;
use crate::output::tree::Tree;
use crate::plan::Plan;
use crate::refine::Refined;
use crate::render::context::RenderContext;
use crate::render::package::{self, Summary};
use crate::render::provider::{File, files};
use crate::tables::examples::rejected_examples;
use crate::tables::{Entries, Tables};
use crate::{plan, refine};

/// A generated package.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The name of the package.
    pub package: String,
    /// The files.
    pub tree: Tree,
    /// Sentences about values that generated code cannot read in one pass, with the reasons.
    pub buffered: Vec<String>,
}

/// Generates a package.
///
/// # Errors
///
/// Returns all problems of the input.
pub fn generate(catalog: &Catalog, options: &Options) -> Checked<Generated> {
    let name = package_name(catalog, options)?;
    let crate_name = name.replace('-', "_");
    let mut problems = Vec::new();
    let mut tree = Tree::default();
    let mut buffered = Vec::new();
    let mut summaries = Vec::new();
    for provider in &catalog.providers {
        let render =
            |prepared: &Prepared, tables: &Tables<'_>| render_provider(provider, &crate_name, prepared, tables);
        match prepare(provider, options, render) {
            Ok((prepared, Rendered { files, summary })) => {
                for (path, text) in files {
                    tree.add(format!("src/{path}"), text);
                }
                if options.lowered {
                    tree.add(format!("lowered/{}.json", summary.module), prepared.lowered.pretty());
                }
                buffered.extend(prepared.plan.notes);
                summaries.push(summary);
            }
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(package::check(&summaries));
    if !problems.is_empty() {
        return Err(once(problems));
    }
    let root = format::formatted("", package::library(&catalog.package, &summaries, &crate_name, options));
    let internal =
        |error: syn::Error| vec![Diagnostic::internal("", format!("the generated code is not Rust: {error}"))];
    tree.add("src/lib.rs", root.map_err(internal)?);
    tree.add("Cargo.toml", package::manifest(catalog, &name, &summaries, options));
    tree.add("README.md", package::readme(&name, &crate_name, &catalog.package, &summaries));
    Ok(Generated { package: name, tree, buffered })
}

/// Returns the name of the package: from the options, from `package.toml`, or `webhook-events`.
pub(crate) fn package_name(catalog: &Catalog, options: &Options) -> Checked<String> {
    let chosen = options.package.clone().or_else(|| catalog.package.name.clone());
    let name = chosen.unwrap_or_else(|| "webhook-events".to_owned());
    if !package::is_package_name(&name) {
        let advice =
            "write letters, digits, `-` and `_`, beginning with a letter, and no name that Rust or the toolkit has";
        let message = format!("{name:?} is not a name of a package");
        // A name from the command line has no file.
        let (file, pointer) = if options.package.is_some() { ("", "") } else { ("package.toml", "/name") };
        return Err(vec![Diagnostic::at(Code::InvalidName, file, pointer, message, advice)]);
    }
    Ok(name)
}

/// Loads a folder of schema-defs and generates its package.
///
/// # Errors
///
/// Returns all problems of the folder. Files that can be loaded are checked even if others cannot be loaded.
pub fn generate_folder(folder: &Path, options: &Options) -> Checked<(Catalog, Generated)> {
    of_folder(folder, |catalog| generate(catalog, options))
}

/// Loads a folder of schema-defs and passes the catalog to `make`.
pub(crate) fn of_folder<T>(folder: &Path, make: impl FnOnce(&Catalog) -> Checked<T>) -> Checked<(Catalog, T)> {
    let (catalog, mut problems) = load_partial(folder);
    match make(&catalog) {
        Ok(made) if problems.is_empty() => return Ok((catalog, made)),
        Ok(_) => {}
        Err(found) => problems.extend(found),
    }
    locate(folder, &mut problems);
    Err(once(problems))
}

/// Removes duplicates and keeps the order. Shared documents may be checked for each event.
fn once(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    problems.into_iter().filter(|problem| seen.insert(problem.clone())).collect()
}

/// The code of a provider.
struct Rendered {
    files: Vec<(String, String)>,
    summary: Summary,
}

/// A provider whose Rust items have been planned and refined. Code and documentation are rendered from it.
pub(crate) struct Prepared {
    pub(crate) plan: Plan,
    pub(crate) dispatch: Dispatch,
    pub(crate) schemas: Schemas,
    /// The root schema of each event, and of the envelope.
    pub(crate) roots: Vec<NodeId>,
    /// The same schemas as self-contained documents, in the same order.
    pub(crate) documents: Vec<Json>,
    /// The Rust items of the plan's types.
    pub(crate) items: Vec<Refined>,
    /// The document that typify has rendered.
    lowered: Json,
}

/// Runs the steps from a provider to its Rust items, and renders them.
///
/// # Errors
///
/// Returns all problems of the provider. If some schemas cannot be parsed, the other events are still checked.
pub(crate) fn prepare<T>(
    provider: &Provider,
    options: &Options,
    render: impl FnOnce(&Prepared, &Tables<'_>) -> Checked<T>,
) -> Checked<(Prepared, T)> {
    let names = plan::check_names(provider);
    let render = |prepared: &Prepared, tables: &Tables<'_>| match names.as_slice() {
        [] => render(prepared, tables),
        problems => Err(problems.to_vec()),
    };
    prepare_sound(provider, options, render).map_err(|found| {
        let found = found.into_iter().map(|problem| provider.in_overlay(problem));
        names.iter().cloned().chain(found).collect()
    })
}

/// Renders nothing. Used if only problems are of interest.
fn nothing(_: &Prepared, _: &Tables<'_>) -> Checked<()> {
    Ok(())
}

fn prepare_sound<T>(
    provider: &Provider,
    options: &Options,
    render: impl FnOnce(&Prepared, &Tables<'_>) -> Checked<T>,
) -> Checked<(Prepared, T)> {
    let alone = |problem| vec![problem];
    let (model, roots) = model(provider, options.unknown_keywords, options.dialect).map_err(|mut problems| {
        if let Some(rest) = sound_events(provider, options.unknown_keywords, options.dialect) {
            problems.extend(prepare_sound(&rest, options, nothing).err().into_iter().flatten());
        }
        problems
    })?;
    let documents = roots.iter().map(|root| model.bundle(*root)).collect();
    let mut schemas = Schemas::new(Arc::new(model));
    // Report events that cannot be distinguished together with schemas that cannot be planned.
    let dispatch = Dispatch::new(provider, &mut schemas, &roots);
    let (dispatch, plan) = match (dispatch, plan::plan(provider, &mut schemas, &roots)) {
        (Ok(dispatch), Ok(plan)) => (dispatch, plan),
        (dispatch, plan) => {
            let entries = Entries::by_class(&schemas, &roots);
            let rejected = |tables: &Tables<'_>| rejected_examples(provider, tables, roots.iter().copied());
            let mut problems = Tables::with(&schemas, &entries, rejected).map_err(alone)?;
            problems.extend(dispatch.err().into_iter().chain(plan.err()).flatten());
            return Err(problems);
        }
    };
    let lowered = lower::lower(&provider.name, &plan);
    let rendered = typify::render(&provider.name, &lowered).map_err(alone)?;
    let items = refine::refine(&provider.name, &plan, rendered).map_err(alone)?;
    let entries = Entries::named(&schemas, &plan);
    let prepared = Prepared { plan, dispatch, schemas, roots, documents, items, lowered };
    let rendered = Tables::with(&prepared.schemas, &entries, |tables| {
        let plan = &prepared.plan;
        let decisive = plan.roots.iter().map(|event| plan.types[event.root.0].node);
        match rejected_examples(provider, tables, decisive) {
            rejected if rejected.is_empty() => render(&prepared, tables),
            rejected => Err(rejected),
        }
    });
    let rendered = rendered.map_err(alone)??;
    Ok((prepared, rendered))
}

fn render_provider(
    provider: &Provider,
    crate_name: &str,
    Prepared { plan, dispatch, schemas, documents, items, .. }: &Prepared,
    tables: &Tables<'_>,
) -> Checked<Rendered> {
    let context = RenderContext { provider, plan, dispatch, schemas, tables, items, documents, crate_name };
    let (code, data) = files(&context);
    let mut files = data;
    for File { path, source, code } in code {
        let text = format::formatted(&source, code).map_err(|error| {
            vec![Diagnostic::internal(source.clone(), format!("the generated {path} is not Rust: {error}"))]
        })?;
        files.push((path, text));
    }
    let mut paths = HashSet::new();
    let doubled = files.iter().filter(|(path, _)| !paths.insert(path.as_str()));
    let doubled: Vec<Diagnostic> = doubled
        .map(|(path, _)| {
            let message = format!("two files of the package would both be src/{path}");
            let advice = "rename the event or the example that the file is named after";
            Diagnostic::of_file(Code::NameConflict, &provider.name, message, advice)
        })
        .collect();
    if !doubled.is_empty() {
        return Err(doubled);
    }
    // An expression that is compiled to an automaton needs no regex engine.
    let expressions = &schemas.model().patterns;
    let needs_engine = tables.patterns.iter().filter_map(|pattern| expressions.get(pattern.source()));
    let needs_engine: Vec<&Expression> = needs_engine.filter(|expression| expression.compiled().is_none()).collect();
    let mut features = match needs_engine.as_slice() {
        [] => Vec::new(),
        expressions if expressions.iter().any(|expression| expression.backtracks()) => vec!["backtracking"],
        _ => vec!["pattern"],
    };
    let decimal = |node: &Node| node.keywords.number_type == Some(NumberType::Decimal);
    features.extend(schemas.model().nodes.iter().any(decimal).then_some(package::DECIMALS));
    Ok(Rendered { files, summary: package::summarize(provider, plan, features) })
}
