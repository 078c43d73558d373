//! Makes pages of documentation from schema-defs, as a vendor would print them.

use std::path::Path;

use serde_json::Value;
use webhook_codegen::catalog::{Delivery, Provider};
use webhook_codegen::infer::title;

/// The kinds of pages.
pub const FORMATS: [&str; 3] = ["page.md", "page.html", "page.txt"];

/// A JSON block below a heading.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The heading.
    pub heading: String,
    /// The folder of the event that the block documents.
    pub event: String,
    /// Whether the block is a schema and not a payload.
    pub schema: bool,
    /// The JSON that is printed.
    pub json: Value,
}

/// A page, before it is printed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The provider that the page is made from.
    pub provider: Provider,
    /// The blocks.
    pub blocks: Vec<Printed>,
}

impl Draft {
    /// Makes the page of a provider: the schemas that the vendor documents, and every example.
    pub fn of(defs: &Path, name: &str, schemas: bool) -> Draft {
        let mut providers = crate::catalog(defs).providers.iter();
        let provider = providers.find(|provider| provider.name == name).expect("a provider").clone();
        let mut blocks = Vec::new();
        for event in &provider.events {
            let printed = |heading: &str, schema: bool, json: Value| Printed {
                heading: format!("{} {heading}", title(&event.name)),
                event: event.name.clone(),
                schema,
                json,
            };
            if schemas {
                blocks.push(printed("schema", true, event.schema.to_value()));
            }
            for example in &event.examples {
                let batch = provider.settings.delivery == Delivery::Batch;
                let json = if batch { Value::Array(vec![example.value.clone()]) } else { example.value.clone() };
                blocks.push(printed(&example.name, false, json));
            }
        }
        Draft { provider, blocks }
    }

    /// Returns the schema of an event.
    pub fn schema(&mut self, event: &str) -> &mut Value {
        let found = self.blocks.iter_mut().find(|block| block.schema && block.event == event);
        &mut found.expect("a schema").json
    }

    /// Returns the first payload of an event.
    pub fn payload(&mut self, event: &str) -> &mut Value {
        let found = self.blocks.iter_mut().find(|block| !block.schema && block.event == event);
        match &mut found.expect("a payload").json {
            Value::Array(items) => &mut items[0],
            payload => payload,
        }
    }

    /// Returns the page as a file of one of the formats.
    pub fn print(&self, format: &str) -> String {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let mut page = match format {
            "page.md" => "# Webhooks\n\nWhat we send, and when.\n".to_owned(),
            "page.html" => {
                "<!DOCTYPE html><html><head><title>Webhooks</title></head><body><h1>Webhooks</h1>".to_owned()
            }
            "page.txt" => "Webhooks\nWhat we send, and when.\n".to_owned(),
            other => panic!("{other} is not a format"),
        };
        for block in &self.blocks {
            let json = serde_json::to_string_pretty(&block.json).expect("JSON");
            // A number with more digits than a Value holds.
            let json = json.replace("\"a number of 25 digits\"", "0.1234567890123456789012345");
            page.push_str(&match format {
                "page.md" => format!("\n## {}\n\nSome words.\n\n```json\n{json}\n```\n", block.heading),
                "page.html" => {
                    format!("<h2>{}</h2><p>Some words.</p><pre><code>{}</code></pre>", block.heading, escaped(&json))
                }
                _ => format!("\n{}\nSome words.\nJSON\n{json}\n", block.heading),
            });
        }
        page
    }
}
