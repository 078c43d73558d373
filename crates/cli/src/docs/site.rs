//! Renders all files of the site.

use webhook_codegen::Catalog;
use webhook_codegen::catalog::Provider;
use webhook_codegen::describe::{Description, ProviderDescription};

use super::folder::Files;
use super::{anchors, event_page, index_page, provider_page, search};
use crate::failure::Failure;

/// The data that the pages of a provider show.
pub(super) struct ProviderPages<'s> {
    pub(super) crate_name: &'s str,
    /// The address of the crate's rustdoc: a web address, or a path relative to the root of the site.
    pub(super) rustdoc: Option<&'s str>,
    pub(super) input: &'s Provider,
    pub(super) about: &'s ProviderDescription,
}

/// Returns the files of a site, by path.
pub(super) fn files(catalog: &Catalog, description: &Description, rustdoc: Option<&str>) -> Result<Files, Failure> {
    let crate_name = description.crate_name.as_str();
    let providers: Vec<ProviderPages<'_>> = catalog
        .providers
        .iter()
        .zip(&description.providers)
        .map(|(input, about)| ProviderPages { crate_name, rustdoc, input, about })
        .collect();
    let mut files = Files::new();
    let mut add = |path: String, text: String| {
        let message = format!("two pages of the site would both be {path}");
        match files.insert(path, text) {
            None => Ok(()),
            Some(_) => Err(Failure::with_help(message, "rename the folder of the provider or event")),
        }
    };
    add("style.css".to_owned(), include_str!("assets/style.css").to_owned())?;
    add("catalogue.js".to_owned(), include_str!("assets/catalogue.js").to_owned())?;
    add("search-index.js".to_owned(), search::index(&providers))?;
    add("index.html".to_owned(), index_page::text(&providers))?;
    for provider in &providers {
        add(anchors::provider_page(&provider.input.name), provider_page::text(provider))?;
        for (event, about) in provider.input.events.iter().zip(&provider.about.events) {
            let name = &provider.input.name;
            add(anchors::event_page(name, &event.name), event_page::text(provider, event, about))?;
            add(anchors::schema(name, &event.name), about.schema.pretty())?;
        }
        if let (Some(event), Some(about)) = (&provider.input.envelope, &provider.about.envelope) {
            add(anchors::schema(&provider.input.name, &event.name), about.schema.pretty())?;
        }
    }
    Ok(files)
}
