//! Makes one document of a schema and the files that it refers to: every definition of another file becomes one of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{read_json, stem};
use crate::Failure;

/// The schema of a file, in one document.
pub(super) fn flattened(path: &Path, schema: Value) -> Result<Value, Failure> {
    let definitions = match schema.get("definitions") {
        Some(_) => "definitions",
        None if schema.get("$schema").and_then(Value::as_str).is_some_and(|dialect| dialect.contains("draft-0")) => {
            "definitions"
        }
        None => "$defs",
    };
    let definitions = if schema.get("$defs").is_some() { "$defs" } else { definitions };
    let taken = schema.get(definitions).and_then(Value::as_object);
    let mut flattener = Flattener {
        root: clean(path),
        definitions,
        taken: taken.into_iter().flat_map(Map::keys).cloned().collect(),
        names: BTreeMap::new(),
        files: BTreeMap::new(),
        added: Map::new(),
    };
    let root = flattener.root.clone();
    let mut schema = flattener.rewritten(&schema, &root)?;
    if let (false, Some(members)) = (flattener.added.is_empty(), schema.as_object_mut()) {
        let own = members.entry(definitions).or_insert_with(|| Value::Object(Map::new()));
        own.as_object_mut().into_iter().for_each(|own| own.extend(std::mem::take(&mut flattener.added)));
    }
    Ok(schema)
}

struct Flattener {
    root: PathBuf,
    /// The keyword of the document's definitions.
    definitions: &'static str,
    taken: BTreeSet<String>,
    /// The definitions that schemas of other files became, by file and JSON Pointer.
    names: BTreeMap<(PathBuf, String), String>,
    files: BTreeMap<PathBuf, Value>,
    added: Map<String, Value>,
}

impl Flattener {
    fn rewritten(&mut self, schema: &Value, file: &Path) -> Result<Value, Failure> {
        Ok(match schema {
            Value::Array(items) => {
                items.iter().map(|item| self.rewritten(item, file)).collect::<Result<Vec<_>, _>>()?.into()
            }
            Value::Object(members) => {
                let mut kept = Map::new();
                for (name, value) in members {
                    let value = match (name.as_str(), value) {
                        ("const" | "enum" | "default" | "examples", value) => value.clone(),
                        ("$ref", Value::String(reference)) => self.reference(reference, file)?.into(),
                        (_, value) => self.rewritten(value, file)?,
                    };
                    kept.insert(name.clone(), value);
                }
                kept.into()
            }
            scalar => scalar.clone(),
        })
    }

    /// What a reference of a file becomes.
    fn reference(&mut self, reference: &str, file: &Path) -> Result<String, Failure> {
        let (path, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let target = match path {
            "" => file.to_owned(),
            path => clean(&file.parent().unwrap_or(file).join(path)),
        };
        // A reference to an `$id`, or to an anchor of the same document, is for the tools to resolve.
        if path.contains("://") {
            return Ok(reference.to_owned());
        }
        if target == self.root {
            return Ok(format!("#{pointer}"));
        }
        let anchored;
        let pointer = match pointer.is_empty() || pointer.starts_with('/') || !target.exists() {
            true => pointer,
            false => {
                let found = anchor(self.file(&target)?, pointer);
                anchored = found.ok_or_else(|| Failure::new(file.display(), format!("{reference} leads nowhere")))?;
                &anchored
            }
        };
        let key = (target.clone(), pointer.to_owned());
        if let Some(name) = self.names.get(&key) {
            return Ok(format!("#/{}/{name}", self.definitions));
        }
        if path.is_empty() || target.exists() {
            let name = self.name(&target, pointer);
            // Known before its schema is rewritten, because it may refer to itself.
            self.names.insert(key, name.clone());
            let found = self.file(&target)?.pointer(pointer).cloned();
            let mut found = found.ok_or_else(|| Failure::new(file.display(), format!("{reference} leads nowhere")))?;
            if let (Some(members), true) = (found.as_object_mut(), pointer.is_empty()) {
                // What the document defines is taken one by one.
                for keyword in ["$schema", "$id", "$defs", "definitions"] {
                    members.remove(keyword);
                }
            }
            let found = self.rewritten(&found, &target)?;
            self.added.insert(name.clone(), found);
            return Ok(format!("#/{}/{name}", self.definitions));
        }
        Ok(reference.to_owned())
    }

    fn file(&mut self, path: &Path) -> Result<&Value, Failure> {
        if !self.files.contains_key(path) {
            self.files.insert(path.to_owned(), read_json(path)?);
        }
        Ok(&self.files[path])
    }

    /// A name that is not taken.
    fn name(&mut self, file: &Path, pointer: &str) -> String {
        let mut name = match pointer.rsplit_once('/') {
            Some((_, last)) => last.to_owned(),
            None => stem(file),
        };
        while !self.taken.insert(name.clone()) {
            name = format!("{}_{name}", stem(file));
        }
        name
    }
}

/// The JSON Pointer of the schema with an anchor.
fn anchor(schema: &Value, name: &str) -> Option<String> {
    let below = |step: &str, value: &Value| {
        Some(format!("/{}{}", step.replace('~', "~0").replace('/', "~1"), anchor(value, name)?))
    };
    match schema {
        Value::Object(members) if members.get("$anchor").and_then(Value::as_str) == Some(name) => Some(String::new()),
        Value::Object(members) => members.iter().find_map(|(step, value)| below(step, value)),
        Value::Array(items) => items.iter().enumerate().find_map(|(index, value)| below(&index.to_string(), value)),
        _ => None,
    }
}

/// The path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(clean.pop()),
            std::path::Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::write;

    #[test]
    fn schemas_of_other_files_become_definitions() {
        let folder = tempfile::tempdir().expect("a folder");
        let shared = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": { "Name": { "$anchor": "name", "type": "string" } },
            "properties": { "name": { "$ref": "#name" }, "parent": { "$ref": "#" } },
        });
        write(&folder.path().join("common/user.json"), &shared.to_string()).expect("a file");
        let schema = json!({
            "$defs": { "Name": { "type": "integer" } },
            "properties": {
                "id": { "$ref": "#/$defs/Name" },
                "user": { "$ref": "../common/user.json" },
                "const": { "const": { "$ref": "no reference" } },
            },
        });
        let flat = flattened(&folder.path().join("event/schema.json"), schema).expect("a schema");
        let expected = json!({
            "$defs": {
                "Name": { "type": "integer" },
                "user": { "properties": { "name": { "$ref": "#/$defs/user_Name" }, "parent": { "$ref": "#/$defs/user" } } },
                "user_Name": { "$anchor": "name", "type": "string" },
            },
            "properties": {
                "id": { "$ref": "#/$defs/Name" },
                "user": { "$ref": "#/$defs/user" },
                "const": { "const": { "$ref": "no reference" } },
            },
        });
        assert_eq!(flat, expected);
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        write(&folder.path().join("common/user.json"), "{}").expect("a file");
        let schema = json!({ "$ref": "../common/user.json#/$defs/Name" });
        let failure = flattened(&folder.path().join("event/schema.json"), schema).expect_err("an error");
        assert!(failure.to_string().ends_with("../common/user.json#/$defs/Name leads nowhere"), "{failure}");
    }
}
