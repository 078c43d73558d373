//! `cargo xtask docs`

mod event;
mod layout;
mod overview;
mod search;
mod site;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use webhook_codegen::catalog::Provider;
use webhook_codegen::{ProviderDescription, describe, load};

use self::site::Site;
use crate::cargo::root;
use crate::{Failure, Outcome, counted};

/// Writes a catalogue of all events as a static site: members, types, constraints, examples, and how requests are sent.
///
/// The site needs no server and nothing from elsewhere: open its index.html. A folder is written whole or not at all, and
/// only if it is new, empty, or an earlier catalogue.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of schema-defs; by default, this repository's.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The folder to write the site to; by default, target/catalogue of this repository.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A provider with its description.
struct Described<'c> {
    provider: &'c Provider,
    about: ProviderDescription,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let defs = options.defs.clone().unwrap_or_else(|| root().join("schema-defs"));
    let out = options.out.clone().unwrap_or_else(|| root().join("target/catalogue"));
    let catalog = load(&defs).map_err(Failure::input(&defs))?;
    let mut providers = Vec::new();
    let mut problems = Vec::new();
    for provider in &catalog.providers {
        match describe(provider, &webhook_codegen::Options::default()) {
            Ok(about) => providers.push(Described { provider, about }),
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::input(&defs)(problems));
    }
    let krate = catalog.package.name.clone().unwrap_or_else(|| "webhook-events".to_owned()).replace('-', "_");
    let mut site = Site::default();
    site.add("style.css", include_str!("style.css"));
    site.add("search.js", include_str!("search.js"));
    site.add("search-index.js", search::index(&providers));
    site.add("index.html", overview::all(&providers, &krate));
    for described in &providers {
        let folder = &described.provider.name;
        site.add(format!("{folder}/index.html"), overview::one(described, &providers));
        for (index, event) in described.provider.events.iter().enumerate() {
            site.add(format!("{folder}/{}.html", event.name), event::page(described, index, &providers, &krate));
        }
    }
    let pages = site.write(&out)?;
    let events: usize = providers.iter().map(|described| described.provider.events.len()).sum();
    println!(
        "{}: {} for {} of {}",
        out.join("index.html").display(),
        counted(pages, "file"),
        counted(events, "event"),
        counted(providers.len(), "provider")
    );
    Ok(ExitCode::SUCCESS)
}
