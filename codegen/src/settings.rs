//! `provider.toml` and `package.toml`: what the schemas cannot say.

use toml::{Table, Value};
use webhook_runtime::Delivery;

use crate::catalog::{EventSettings, Package, Settings, Source};
use crate::diagnostic::Diagnostic;

/// A table that is being read: what is not asked for is left over.
struct Reading<'r> {
    file: &'r str,
    place: String,
    table: Table,
    problems: &'r mut Vec<Diagnostic>,
    warnings: &'r mut Vec<String>,
}

impl Reading<'_> {
    fn problem(&mut self, key: &str, found: &Value, expected: &str) {
        let place = if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) };
        let message = format!("`{place}` is {}, and must be {expected}", found.type_str());
        self.problems.push(Diagnostic::of_file(self.file, message, format!("write {expected}")));
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::String(text) => Some(text),
            found => {
                self.problem(key, &found, "a string");
                None
            }
        }
    }

    /// A list of strings; one string is a list of one.
    fn texts(&mut self, key: &str) -> Vec<String> {
        match self.table.remove(key) {
            None => Vec::new(),
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(items)) if items.iter().all(Value::is_str) => {
                items.into_iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
            }
            Some(found) => {
                self.problem(key, &found, "a list of strings");
                Vec::new()
            }
        }
    }

    fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("{name:?}")).collect();
            let message = format!("`{key}` is {text:?}, which is no choice");
            self.problems.push(Diagnostic::of_file(self.file, message, format!("write {}", names.join(" or "))));
        }
        found
    }

    fn finish(self, known: &str) {
        for key in self.table.keys() {
            let place = if self.place.is_empty() { key.clone() } else { format!("{}.{key}", self.place) };
            self.warnings.push(format!("{}: nothing reads `{place}`; known here: {known}", self.file));
        }
    }
}

fn parse(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Option<Table> {
    text.parse::<Table>()
        .map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = &text[..at.min(text.len())];
            let line = before.matches('\n').count() + 1;
            let message = format!("not TOML: {} at line {line}", error.message());
            problems.push(Diagnostic::of_file(file, message, "mend the file"));
        })
        .ok()
}

const SOURCES: [(&str, Source); 2] = [("documented", Source::Documented), ("inferred", Source::Inferred)];

/// Reads `provider.toml`.
pub(crate) fn provider(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Settings {
    let mut settings = Settings::default();
    let Some(table) = parse(file, text, problems) else { return settings };
    let mut reading = Reading { file, place: String::new(), table, problems, warnings };
    settings.title = reading.text("title").unwrap_or_default();
    let deliveries = [("single", Delivery::Single), ("batch", Delivery::Batch), ("lines", Delivery::Lines)];
    settings.delivery = reading.choice("delivery", &deliveries).unwrap_or(Delivery::Single);
    settings.named = reading.choice("dispatch", &[("body", false), ("named", true)]).unwrap_or(false);
    settings.order = reading.texts("order");
    settings.annotations = reading.texts("annotations");
    settings.source = reading.choice("schemas", &SOURCES).unwrap_or(Source::Documented);
    settings.origin = reading.text("origin").unwrap_or_default();
    settings.page = reading.text("page");
    settings.placeholders = reading.texts("placeholders");
    settings.ignore = reading.texts("ignore");
    let events = reading.table.remove("events");
    reading
        .finish("title, delivery, dispatch, order, annotations, schemas, origin, page, placeholders, ignore, events");
    for (name, table) in match events {
        Some(Value::Table(events)) => events,
        Some(found) => {
            problems.push(Diagnostic::of_file(file, format!("`events` is {}", found.type_str()), "write a table"));
            Table::new()
        }
        None => Table::new(),
    } {
        let Value::Table(table) = table else {
            problems.push(Diagnostic::of_file(file, format!("`events.{name}` is no table"), "write a table"));
            continue;
        };
        let mut reading = Reading { file, place: format!("events.{name}"), table, problems, warnings };
        let event = EventSettings {
            source: reading.choice("schema", &SOURCES),
            origin: reading.text("origin"),
            name: reading.text("name"),
            repairs: reading.texts("repair"),
            decided: reading.texts("decided"),
        };
        reading.finish("schema, origin, name, repair, decided");
        settings.events.insert(name, event);
    }
    settings
}

/// Reads `package.toml`.
pub(crate) fn package(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Package {
    let Some(table) = parse(file, text, problems) else { return Package::default() };
    let mut reading = Reading { file, place: String::new(), table, problems, warnings };
    let package = Package {
        name: reading.text("name"),
        version: reading.text("version"),
        description: reading.text("description"),
        license: reading.text("license"),
        repository: reading.text("repository"),
        keywords: reading.texts("keywords"),
        categories: reading.texts("categories"),
    };
    reading.finish("name, version, description, license, repository, keywords, categories");
    package
}
