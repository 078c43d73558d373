//! Formats the text of `provider.toml`.

use std::fmt::Write as _;

use toml::Value;
use webhook_codegen::catalog::{CredentialKind, Delivery, EventSettings, Import, Requests, Settings, Source, Success};

/// Returns the text of `provider.toml`. `comment` explains how events are distinguished.
pub(crate) fn text(settings: &Settings, comment: Option<&str>) -> String {
    let mut text = String::new();
    let delivery = match settings.delivery {
        Delivery::Batch => "batch",
        Delivery::Lines => "lines",
        Delivery::Wrapped => "wrapped",
        _ => "single",
    };
    line(&mut text, "title", string(&settings.title));
    line(&mut text, "delivery", string(delivery));
    list(&mut text, "items", &settings.items);
    if let Some(item) = &settings.item {
        line(&mut text, "item", string(item));
    }
    line(&mut text, "schemas", string(source(settings.source)));
    line(&mut text, "origin", string(&settings.origin));
    if let Some(comment) = comment {
        let _ = write!(text, "\n# {comment}\n");
    }
    if settings.named {
        line(&mut text, "dispatch", string("named"));
    }
    list(&mut text, "precedence", &settings.precedence);
    list(&mut text, "annotations", &settings.annotations);
    requests(&mut text, &settings.requests);
    text.push_str(&import_table(&settings.import));
    for (name, event) in &settings.events {
        text.push_str(&event_table(name, event, None));
    }
    text
}

/// Adds annotations to the text of a `provider.toml`. Returns `None` if a person must add them, because the list is not
/// on one line.
pub(crate) fn with_annotations(text: &str, annotations: &[String]) -> Option<String> {
    let mut list_line = String::new();
    list(&mut list_line, "annotations", annotations);
    let end = text.starts_with('[').then_some(0).or_else(|| text.find("\n[").map(|at| at + 1)).unwrap_or(text.len());
    let (head, tables) = text.split_at(end);
    let known = head.lines().find(|line| line.split('=').next().is_some_and(|key| key.trim() == "annotations"));
    let head = match known {
        Some(line) => {
            line.parse::<toml::Table>().ok()?;
            head.replacen(line, list_line.trim_end(), 1)
        }
        None if tables.is_empty() => format!("{}\n{list_line}", head.trim_end()),
        None => format!("{}\n{list_line}\n", head.trim_end()),
    };
    Some(head + tables)
}

/// Returns the table of an event, with the release that adds the event, or an empty text if there is nothing to state.
pub(crate) fn event_table(name: &str, event: &EventSettings, release: Option<&str>) -> String {
    let mut text = format!("\n[events.{name}]\n");
    let empty = text.len();
    if let Some(wire_name) = &event.wire_name {
        line(&mut text, "wire_name", string(wire_name));
    }
    if let Some(own) = event.source {
        line(&mut text, "schema", string(source(own)));
    }
    if let Some(origin) = &event.origin {
        line(&mut text, "origin", string(origin));
    }
    if let Some(release) = release {
        line(&mut text, "since", string(release));
    }
    if text.len() == empty { String::new() } else { text }
}

/// Returns the table of the options that the documents were imported with, or an empty text if there are no options.
pub(crate) fn import_table(import: &Import) -> String {
    let mut text = "\n[import]\n".to_owned();
    let empty = text.len();
    list(&mut text, "schema", &import.schemas);
    list(&mut text, "path", &import.paths);
    list(&mut text, "discriminator", &import.discriminators);
    if text.len() == empty { String::new() } else { text }
}

fn requests(text: &mut String, requests: &Requests) {
    if *requests == Requests::default() {
        return;
    }
    text.push_str("\n[requests]\n");
    list(text, "methods", &requests.methods);
    if let Some(content_type) = &requests.content_type {
        line(text, "content_type", string(content_type));
    }
    match requests.success {
        Some(Success::Ok) => line(text, "success", string("200")),
        Some(_) => line(text, "success", string("2xx")),
        None => {}
    }
    let word = |kind: &CredentialKind| match kind {
        CredentialKind::Header => "header",
        CredentialKind::Headers => "headers",
        CredentialKind::Basic => "basic",
        CredentialKind::Bearer => "bearer",
        _ => "client_certificate",
    };
    if let Some(header) = &requests.event_header {
        line(text, "event_header", string(header));
    }
    list(text, "credentials", &requests.credentials.iter().map(|kind| word(kind).to_owned()).collect::<Vec<_>>());
}

fn source(source: Source) -> &'static str {
    if source == Source::Inferred { "inferred" } else { "documented" }
}

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn line(text: &mut String, key: &str, value: Value) {
    let _ = writeln!(text, "{key} = {value}");
}

fn list(text: &mut String, key: &str, values: &[String]) {
    if !values.is_empty() {
        line(text, key, Value::Array(values.iter().map(|value| string(value)).collect()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_added_where_they_are() {
        let with = |text: &str| with_annotations(text, &["a".to_owned(), "b".to_owned()]);
        let list = "annotations = [\"a\", \"b\"]\n";
        assert_eq!(with("title = \"T\"\n").unwrap(), format!("title = \"T\"\n{list}"));
        assert_eq!(with("title = \"T\"\n\n[requests]\n").unwrap(), format!("title = \"T\"\n{list}\n[requests]\n"));
        assert_eq!(with("annotations = [\"a\"]\nx = 1\n").unwrap(), format!("{list}x = 1\n"));
        assert_eq!(with("annotations = [\n  \"a\"\n]\n"), None);
    }
}
