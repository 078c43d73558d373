//! Changes settings in the text of `provider.toml`, and keeps its other lines unchanged.

use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, value};
use webhook_codegen::catalog::{Delivery, Provider, Source};
use webhook_codegen::infer::title;
use webhook_codegen::settings_text;

use crate::failure::Failure;
use crate::files::File;

/// The new text of `provider.toml`.
pub(super) struct SettingsFile {
    file: File,
    document: DocumentMut,
    is_changed: bool,
}

impl SettingsFile {
    /// Reads the settings of a provider, or creates them if it has no `provider.toml`.
    pub(super) fn new(defs: &Path, provider: &mut Provider, delivery: Delivery) -> Result<SettingsFile, Failure> {
        let file = File::of(defs, provider.settings_file(), String::new());
        let is_new = file.old.is_none();
        if is_new {
            // `Example Vendor` for `example_vendor`.
            provider.settings.title = provider.name.split('_').map(title).collect::<Vec<_>>().join(" ");
            provider.settings.delivery = delivery;
            if provider.events.is_empty() {
                provider.settings.source = Source::Inferred;
                provider.settings.origin = "payloads that were received".to_owned();
            }
        }
        let text = file.old.clone().unwrap_or_else(|| settings_text(&provider.settings, None));
        let document = text.parse().map_err(|error| Failure::of(defs.join(&file.path).display(), error))?;
        Ok(SettingsFile { file, document, is_changed: is_new })
    }

    /// Returns whether the provider had no settings.
    pub(super) fn is_new(&self) -> bool {
        self.file.old.is_none()
    }

    /// Sets a list, or removes it if `entries` is empty.
    pub(super) fn set_list(&mut self, key: &str, entries: &[String]) {
        self.is_changed |= set_list(&mut self.document, key, entries);
    }

    /// Records that a name outside of the body identifies events.
    pub(super) fn set_named(&mut self) {
        self.document.insert("dispatch", value("named"));
        self.is_changed = true;
    }

    /// Records that the schema of an event is inferred, in a provider whose schemas are documented.
    pub(super) fn mark_inferred(&mut self, event: &str) {
        let events = self.document.entry("events").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let Some(events) = events.as_table_mut() else { return };
        let Some(table) = events.entry(event).or_insert_with(|| Item::Table(Table::new())).as_table_mut() else {
            return;
        };
        table.insert("schema", value("inferred"));
        self.is_changed = true;
    }

    /// Removes the table of an event that no longer exists.
    pub(super) fn remove_event(&mut self, event: &str) {
        let events = self.document.get_mut("events").and_then(Item::as_table_mut);
        self.is_changed |= events.and_then(|events| events.remove(event)).is_some();
    }

    /// Returns the file, if it has changed.
    pub(super) fn file(self) -> Option<File> {
        let new = self.document.to_string();
        self.is_changed.then_some(File { new, ..self.file })
    }
}

/// Sets a list in the text of `provider.toml`, or removes it if `entries` is empty. Returns whether the list was another
/// one.
pub(crate) fn set_list(document: &mut DocumentMut, key: &str, entries: &[String]) -> bool {
    let known = document.get(key).and_then(Item::as_array);
    let known: Vec<&str> = known.into_iter().flatten().filter_map(|entry| entry.as_str()).collect();
    if known == entries {
        return false;
    }
    if entries.is_empty() {
        document.remove(key);
        return true;
    }
    let mut array: Array = entries.iter().collect();
    if entries.len() > 4 {
        array.iter_mut().for_each(|entry| entry.decor_mut().set_prefix("\n  "));
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    match document.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) => {
            // Comments around the list stay.
            let decor = known.decor().clone();
            *known = array.into();
            *known.decor_mut() = decor;
        }
        None => {
            document.insert(key, value(array));
        }
    }
    true
}
