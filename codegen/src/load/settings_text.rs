//! Formats the text of `provider.toml`.

use std::fmt::Write as _;

use super::catalog::{EventSettings, Import, Requests, Settings};
use super::settings::written;
use crate::text::toml_string;

/// Returns the text of `provider.toml`. `comment` explains how events are distinguished.
pub fn settings_text(settings: &Settings, comment: Option<&str>) -> String {
    let mut text = String::new();
    line(&mut text, "title", &settings.title);
    line(&mut text, "delivery", written(settings.delivery));
    list(&mut text, "items", &settings.items);
    optional(&mut text, "item", settings.item.as_deref());
    line(&mut text, "schemas", written(settings.source));
    optional(&mut text, "origin", Some(settings.origin.as_str()).filter(|origin| !origin.is_empty()));
    if let Some(comment) = comment {
        let _ = write!(text, "\n# {comment}\n");
    }
    optional(&mut text, "dispatch", settings.named.then_some("named"));
    list(&mut text, "precedence", &settings.precedence);
    list(&mut text, "annotations", &settings.annotations);
    text.push_str(&requests_table(&settings.requests));
    text.push_str(&import_table(&settings.import));
    for (name, event) in &settings.events {
        text.push_str(&event_table(name, event));
    }
    text
}

/// Returns the table of an event, or an empty text if there is nothing to state.
pub fn event_table(name: &str, event: &EventSettings) -> String {
    let mut lines = String::new();
    optional(&mut lines, "wire_name", event.wire_name.as_deref());
    optional(&mut lines, "schema", event.source.map(written));
    optional(&mut lines, "origin", event.origin.as_deref());
    let since = event.since.map(|(major, minor, patch)| format!("{major}.{minor}.{patch}"));
    optional(&mut lines, "since", since.as_deref());
    match event.repairs.as_slice() {
        [only] => line(&mut lines, "repair", only),
        several => list(&mut lines, "repair", several),
    }
    table(&format!("events.{name}"), &lines)
}

/// Returns the table of the options that the documents were imported with, or an empty text if there are no options.
pub fn import_table(import: &Import) -> String {
    let mut lines = String::new();
    list(&mut lines, "schema", &import.schemas);
    list(&mut lines, "path", &import.paths);
    list(&mut lines, "discriminator", &import.discriminators);
    table("import", &lines)
}

fn requests_table(requests: &Requests) -> String {
    let mut lines = String::new();
    list(&mut lines, "methods", &requests.methods);
    optional(&mut lines, "content_type", requests.content_type.as_deref());
    optional(&mut lines, "success", requests.success.map(written));
    optional(&mut lines, "event_header", requests.event_header.as_deref());
    list(&mut lines, "credentials", &requests.credentials.iter().map(|kind| written(*kind)).collect::<Vec<_>>());
    table("requests", &lines)
}

fn table(name: &str, lines: &str) -> String {
    if lines.is_empty() { String::new() } else { format!("\n[{name}]\n{lines}") }
}

fn line(text: &mut String, key: &str, value: &str) {
    let _ = writeln!(text, "{key} = {}", toml_string(value));
}

fn optional(text: &mut String, key: &str, value: Option<&str>) {
    value.into_iter().for_each(|value| line(text, key, value));
}

fn list<S: AsRef<str>>(text: &mut String, key: &str, values: &[S]) {
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| toml_string(value.as_ref())).collect();
        let _ = writeln!(text, "{key} = [{}]", values.join(", "));
    }
}
