//! Adds tables of events to the text of `provider.toml`.

use webhook_codegen::catalog::Source;
use webhook_codegen::toml_string;

use crate::matching::Occurrence;

/// The text of `provider.toml`, and the tables to add.
pub(super) struct Settings {
    file: String,
    text: String,
    tables: Vec<EventTable>,
}

/// The table of an event.
#[derive(Default)]
struct EventTable {
    event: String,
    lines: Vec<String>,
    repairs: Vec<String>,
}

impl Settings {
    pub(super) fn new(file: String, text: &str) -> Settings {
        Settings { file, text: text.to_owned(), tables: Vec::new() }
    }

    /// Returns the path and the new text of the file, if it has changed.
    pub(super) fn changed(self) -> Option<(String, String)> {
        let mut text = self.text.trim_end().to_owned();
        for EventTable { event, lines, repairs } in &self.tables {
            text.push_str(&format!("\n\n{}\n", header(event)));
            lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
            if !repairs.is_empty() {
                let repaired = format!("Repaired: {}.", repairs.join("; "));
                text.push_str(&format!("repair = {}\n", toml_string(&repaired)));
            }
            text.truncate(text.trim_end().len());
        }
        (!self.tables.is_empty()).then(|| (self.file, format!("{text}\n")))
    }

    /// Adds the table of a new event: its source, its name outside the body if it differs from the folder's, and the
    /// version that introduces it.
    pub(super) fn add_event(
        &mut self,
        event: &str,
        source: Source,
        origin: &str,
        wire_name: Option<&str>,
        release: Option<&str>,
    ) {
        let source = if source == Source::Inferred { "inferred" } else { "documented" };
        let name = wire_name.map(|name| format!("wire_name = {}", toml_string(name)));
        let since = release.map(|release| format!("since = {release:?}"));
        let lines = [format!("schema = {source:?}"), format!("origin = {}", toml_string(origin))];
        self.table(event).lines.extend(name.into_iter().chain(lines).chain(since));
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
        if self.text.lines().any(|line| line.trim() == header(event)) {
            let repaired = repairs.join("; ");
            notes.push(format!("{}: write under `repair` of {}: {repaired}", self.file, header(event)));
            return;
        }
        let table = self.table(event);
        for repair in repairs {
            if !table.repairs.contains(&repair) {
                table.repairs.push(repair);
            }
        }
    }

    fn table(&mut self, event: &str) -> &mut EventTable {
        let at = self.tables.iter().position(|table| table.event == event).unwrap_or_else(|| {
            self.tables.push(EventTable { event: event.to_owned(), ..EventTable::default() });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }
}

fn header(event: &str) -> String {
    format!("[events.{event}]")
}
