//! Makes schema-defs of a checkout of octokit/webhooks: a schema for each event and action in `payload-schemas`, and payloads in
//! `payload-examples`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use heck::ToSnakeCase;
use serde_json::Value;

use super::{files, folders, read_json, references, stem, write};
use crate::Failure;

const HOST: &str = "api.github.com";

const SETTINGS: &str = "title = \"GitHub\"
origin = \"octokit/webhooks\"
dispatch = \"named\"
annotations = [\"tsAdditionalProperties\"]
";

/// Whether a folder is such a checkout.
pub(super) fn is_checkout(folder: &Path) -> bool {
    ["payload-schemas", "payload-examples"].iter().all(|name| folder.join(name).join(HOST).is_dir())
}

/// Writes the schema-defs; returns what was left out.
pub(super) fn convert(folder: &Path, to: &Path) -> Result<Vec<String>, Failure> {
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| Failure::new(to.display(), error))?;
    }
    let (schemas, provider) = (folder.join("payload-schemas").join(HOST), to.join("github"));
    for path in files(&schemas.join("common"))? {
        let schema = converted(&read_json(&path)?, "");
        write(&provider.join("common").join(format!("{}.json", stem(&path))), &pretty(&schema))?;
    }
    let (mut refused, mut without_schema, mut settings) = (0, 0, SETTINGS.to_owned());
    for event in folders(&folder.join("payload-examples").join(HOST))? {
        let mut payloads: BTreeMap<PathBuf, Vec<(String, String)>> = BTreeMap::new();
        for path in files(&event)?.iter().filter(|path| path.to_string_lossy().ends_with(".payload.json")) {
            let text = fs::read_to_string(path).map_err(|error| Failure::new(path.display(), error))?;
            let payload: Value = serde_json::from_str(&text).map_err(|error| Failure::new(path.display(), error))?;
            let action = payload.get("action").and_then(Value::as_str).unwrap_or("event");
            let schema = |name: &str| Some(schemas.join(stem(&event)).join(format!("{name}.schema.json")));
            match schema(action).filter(|path| path.exists()).or_else(|| schema("event").filter(|path| path.exists())) {
                Some(schema) => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().replace(".payload.json", "");
                    payloads.entry(schema).or_default().push((name.to_snake_case(), text));
                }
                None => without_schema += 1,
            }
        }
        for (path, payloads) in payloads {
            let name = match stem(&path).as_str() {
                "event" => stem(&event).to_snake_case(),
                action => format!("{}_{action}", stem(&event)).to_snake_case(),
            };
            let file = provider.join(&name).join("schema.json");
            let schema = converted(&read_json(&path)?, "../");
            let flat = references::flattened(&file, schema.clone())?;
            let validator = jsonschema::options().should_validate_formats(false).build(&flat);
            let validator = validator.map_err(|error| Failure::new(path.display(), error))?;
            let mut count = 0;
            for (example, text) in payloads {
                let valid = serde_json::from_str(&text).is_ok_and(|payload| validator.is_valid(&payload));
                if valid {
                    write(&provider.join(&name).join("examples").join(format!("{example}.json")), &text)?;
                    count += 1;
                } else {
                    refused += 1;
                }
            }
            if count > 0 {
                write(&file, &pretty(&schema))?;
                settings.push_str(&format!("\n[events.{name}]\nwire_name = {:?}\n", stem(&event)));
            }
        }
    }
    write(&provider.join("provider.toml"), &settings)?;
    write(&to.join("package.toml"), "name = \"compare-octokit\"\n")?;
    let counted =
        [(refused, "refused by their own schema"), (without_schema, "of an event or action without a schema")];
    Ok(counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} payloads {what}")).collect())
}

/// A schema without an identifier, whose references are paths; `up` leads from its folder to the one of `common`.
fn converted(schema: &Value, up: &str) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| converted(item, up)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(name, value)| name.as_str() != "$id" || !value.is_string())
            .map(|(name, value)| {
                let value = match (name.as_str(), value) {
                    ("$ref", Value::String(reference)) => {
                        let file = reference.rsplit('/').next().unwrap_or_default().replace(".schema.json", ".json");
                        let folder = if up.is_empty() { "" } else { "../common/" };
                        format!("{folder}{file}").into()
                    }
                    (_, value) => converted(value, up),
                };
                (name.clone(), value)
            })
            .collect(),
        scalar => scalar.clone(),
    }
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}
