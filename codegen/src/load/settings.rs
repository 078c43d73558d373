//! `provider.toml` and `package.toml`: settings that the schemas cannot express.

use toml::{Table, Value};
use webhook_runtime::Delivery;

use crate::json::location::Location;
use crate::json::step;
use crate::load::catalog::{EventSettings, Package, Reading, Release, Settings, Source};
use crate::model::diagnostic::{Code, Diagnostic};

/// A table that is being read: what is not asked for is left over.
struct TableReader<'r> {
    file: &'r str,
    /// The keys that lead to the table, with dots between them.
    place: String,
    /// The same as a pointer.
    pointer: String,
    table: Table,
    problems: &'r mut Vec<Diagnostic>,
    warnings: &'r mut Vec<String>,
}

impl TableReader<'_> {
    fn problem(&mut self, key: &str, found: &Value, expected: &str) {
        let place = if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) };
        let message = format!("`{place}` is {}, and must be {expected}", found.type_str());
        self.push(key, message, format!("write {expected}"));
    }

    fn push(&mut self, key: &str, message: String, advice: String) {
        let pointer = step(&self.pointer, key);
        self.problems.push(Diagnostic::at(Code::InvalidSettings, self.file, pointer, message, advice));
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
            self.push(key, message, format!("write {}", names.join(" or ")));
        }
        found
    }

    /// A version: three numbers.
    fn release(&mut self, key: &str) -> Option<Release> {
        let text = self.text(key)?;
        let numbers: Option<Vec<u64>> = text.split('.').map(|number| number.parse().ok()).collect();
        if let Some([major, minor, patch]) = numbers.as_deref() {
            return Some((*major, *minor, *patch));
        }
        let message = format!("`{}.{key}` is {text:?}, which is not a version", self.place);
        self.push(key, message, "write three numbers, such as \"0.2.0\"".to_owned());
        None
    }

    /// Reports the former names of keys, each with its present name.
    fn reject_renamed(&mut self, renamed: &[(&str, &str)]) {
        for (old, new) in renamed {
            if self.table.remove(*old).is_some() {
                let message = format!("the key `{old}` is now called `{new}`");
                self.push(old, message, format!("rename it to `{new}`"));
            }
        }
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
            let message = format!("not TOML: {}", error.message());
            let problem = Diagnostic::of_file(Code::NotToml, file, message, "mend the file");
            let location = error.span().map(|bytes| Location::new(text, bytes));
            problems.push(Diagnostic { location, ..problem });
        })
        .ok()
}

const READINGS: [(&str, Reading); 2] = [("exact", Reading::Exact), ("tolerant", Reading::Tolerant)];

const SOURCES: [(&str, Source); 2] = [("documented", Source::Documented), ("inferred", Source::Inferred)];

/// Reads `provider.toml`.
pub(crate) fn provider(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Settings {
    let mut settings = Settings::default();
    let Some(table) = parse(file, text, problems) else { return settings };
    let mut reader = TableReader { file, place: String::new(), pointer: String::new(), table, problems, warnings };
    settings.title = reader.text("title").unwrap_or_default();
    let deliveries = [("single", Delivery::Single), ("batch", Delivery::Batch), ("lines", Delivery::Lines)];
    settings.delivery = reader.choice("delivery", &deliveries).unwrap_or(Delivery::Single);
    settings.named = reader.choice("dispatch", &[("body", false), ("named", true)]).unwrap_or(false);
    settings.precedence = reader.texts("precedence");
    settings.annotations = reader.texts("annotations");
    settings.source = reader.choice("schemas", &SOURCES).unwrap_or(Source::Documented);
    settings.reading = reader.choice("reading", &READINGS);
    settings.origin = reader.text("origin").unwrap_or_default();
    settings.docs_url = reader.text("docs_url");
    settings.placeholders = reader.texts("placeholders");
    settings.ignore_headings = reader.texts("ignore_headings");
    let events = reader.table.remove("events");
    reader.reject_renamed(&[("order", "precedence"), ("page", "docs_url"), ("ignore", "ignore_headings")]);
    reader.finish(
        "title, delivery, dispatch, precedence, annotations, schemas, reading, origin, docs_url, placeholders, \
         ignore_headings, events",
    );
    for (name, table) in match events {
        Some(Value::Table(events)) => events,
        Some(found) => {
            let message = format!("`events` is {}", found.type_str());
            problems.push(Diagnostic::at(Code::InvalidSettings, file, "/events", message, "write a table"));
            Table::new()
        }
        None => Table::new(),
    } {
        let pointer = step("/events", &name);
        let Value::Table(table) = table else {
            let message = format!("`events.{name}` is no table");
            problems.push(Diagnostic::at(Code::InvalidSettings, file, pointer, message, "write a table"));
            continue;
        };
        let mut reader = TableReader { file, place: format!("events.{name}"), pointer, table, problems, warnings };
        let event = EventSettings {
            source: reader.choice("schema", &SOURCES),
            reading: reader.choice("reading", &READINGS),
            undocumented_since: reader.text("undocumented_since"),
            origin: reader.text("origin"),
            wire_name: reader.text("wire_name"),
            since: reader.release("since"),
            repairs: reader.texts("repair"),
            rationale: reader.texts("rationale"),
        };
        reader.reject_renamed(&[("name", "wire_name"), ("decided", "rationale")]);
        reader.finish("schema, reading, undocumented_since, origin, wire_name, since, repair, rationale");
        settings.events.insert(name, event);
    }
    settings
}

/// Reads `package.toml`.
pub(crate) fn package(file: &str, text: &str, problems: &mut Vec<Diagnostic>, warnings: &mut Vec<String>) -> Package {
    let Some(table) = parse(file, text, problems) else { return Package::default() };
    let mut reader = TableReader { file, place: String::new(), pointer: String::new(), table, problems, warnings };
    let package = Package {
        name: reader.text("name"),
        version: reader.text("version"),
        description: reader.text("description"),
        license: reader.text("license"),
        repository: reader.text("repository"),
        keywords: reader.texts("keywords"),
        categories: reader.texts("categories"),
    };
    reader.finish("name, version, description, license, repository, keywords, categories");
    package
}
