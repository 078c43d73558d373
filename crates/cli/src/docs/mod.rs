//! `cargo webhooks docs`

mod anchors;
mod delivery;
mod event_page;
mod examples;
mod folder;
mod index_page;
mod json_text;
mod layout;
mod members;
mod prose;
mod provider_page;
mod rustdoc;
mod search;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use annotate_snippets::normalize_untrusted_str;
use clap::Args;
use webhook_codegen::describe::describe_folder;

use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::output::{counted, shown};

/// Writes the catalogue: a static site with a page for every event, which needs no server.
///
/// It lists the members of every event with their JSON types, their constraints and their Rust types, an example value and the
/// Rust that reads them, the documented payloads, how the event is recognized, and how the vendor sends it. Open index.html of
/// the folder in a browser.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The folder to write the site to, which is replaced as a whole; by default, target/catalogue/.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The address of the crate's rustdoc, to which types and fields link: https://docs.rs/NAME/VERSION, for example,
    /// or a path relative to the site. By default, ../doc if `cargo doc` has written the crate there; otherwise, there
    /// are no links.
    #[arg(long, value_name = "URL")]
    rustdoc: Option<String>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let out = options.out.clone().unwrap_or_else(|| context.folder("target/catalogue"));
    let (catalog, description) =
        describe_folder(&defs, &webhook_codegen::Options::default()).map_err(Failure::input(&defs))?;
    for warning in &catalog.warnings {
        eprintln!("warning: {}", normalize_untrusted_str(warning));
    }
    // By default the site is target/catalogue/, and `cargo doc` writes target/doc/ next to it.
    let is_documented = || out.join("..").join("doc").join(&description.crate_name).join("index.html").is_file();
    let rustdoc = options.rustdoc.clone().or_else(|| is_documented().then(|| "../doc".to_owned()));
    let files = site::files(&catalog, &description, rustdoc.as_deref())?;
    folder::replace(&out, &files)?;
    let events: usize = catalog.providers.iter().map(|provider| provider.events.len()).sum();
    println!(
        "{}: {} for {} of {}",
        shown(&out.join("index.html")),
        counted(files.len(), "file"),
        counted(events, "event"),
        counted(catalog.providers.len(), "provider")
    );
    Ok(ExitCode::SUCCESS)
}
