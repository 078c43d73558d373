//! Adds tables of events to the text of `provider.toml`.

use webhook_codegen::catalog::EventSettings;
use webhook_codegen::event_table;

use crate::matching::Occurrence;

/// The text of `provider.toml`, and the tables to add.
pub(super) struct SettingsFile {
    file: String,
    text: String,
    tables: Vec<(String, EventSettings)>,
}

impl SettingsFile {
    pub(super) fn new(file: String, text: &str) -> SettingsFile {
        SettingsFile { file, text: text.to_owned(), tables: Vec::new() }
    }

    /// Returns the path and the new text of the file, if it has changed.
    pub(super) fn changed(self) -> Option<(String, String)> {
        if self.tables.is_empty() {
            return None;
        }
        let mut text = format!("{}\n", self.text.trim_end());
        for (event, mut settings) in self.tables {
            if !settings.repairs.is_empty() {
                settings.repairs = vec![format!("Repaired: {}.", settings.repairs.join("; "))];
            }
            text.push_str(&event_table(&event, &settings));
        }
        Some((self.file, text))
    }

    /// Adds the table of a new event.
    pub(super) fn add_event(&mut self, event: &str, settings: EventSettings) {
        self.tables.push((event.to_owned(), settings));
    }

    /// Records repairs, or adds a note for a person if the event already has a table. `known` has the repairs that were
    /// recorded before.
    pub(super) fn add_repairs(
        &mut self,
        event: &str,
        occurrence: Occurrence<'_>,
        known: &[String],
        notes: &mut Vec<String>,
    ) {
        let mut repairs: Vec<String> = Vec::new();
        for repair in &occurrence.block.repairs {
            if !repairs.contains(&repair.what) && !known.iter().any(|known| known.contains(&repair.what)) {
                repairs.push(repair.what.clone());
            }
        }
        if repairs.is_empty() {
            return;
        }
        let header = format!("[events.{event}]");
        if self.text.lines().any(|line| line.trim() == header) {
            let repaired = repairs.join("; ");
            notes.push(format!("{}: write down under `repair` of {header}: {repaired}", self.file));
            return;
        }
        let at = self.tables.iter().position(|(known, _)| known == event).unwrap_or_else(|| {
            self.tables.push((event.to_owned(), EventSettings::default()));
            self.tables.len() - 1
        });
        let known = &mut self.tables[at].1.repairs;
        repairs.retain(|repair| !known.contains(repair));
        known.extend(repairs);
    }
}
