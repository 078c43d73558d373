//! Writes the types of every contender, as a module for each event, and a table of the events.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use heck::ToPascalCase;
use peers::{rust_type, typify_of};
use serde_json::Value;

/// The contenders whose types are read with serde, in the order of the rows.
const CONTENDERS: [&str; 3] = ["derived", "typify", "quicktype"];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let exact = out.join("schema-defs");
    println!("cargo::rerun-if-changed=quicktype");
    println!("cargo::rerun-if-changed=../../schema-defs");
    write_exact(Path::new("../../schema-defs"), &exact)?;
    webhook_codegen::build(&exact);
    let mut modules: BTreeMap<&str, String> = BTreeMap::new();
    let mut table = String::new();
    // The build writes each schema, with its overlay and everything that it refers to, and each payload.
    for provider in listed(&out.join("webhooks/src"))?.into_iter().filter(|path| path.is_dir()) {
        let vendor = name(&provider);
        let mut schemas: BTreeMap<String, PathBuf> = BTreeMap::new();
        let mut payloads: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in listed(&provider.join("json"))? {
            let file = name(&path);
            match file.split_once('.') {
                Some((event, "schema.json")) => drop(schemas.insert(event.to_owned(), path)),
                Some((event, _)) => payloads.entry(event.to_owned()).or_default().push(path),
                None => {}
            }
        }
        for (event, payloads) in &payloads {
            let (schema, type_name) = (&schemas[event], event.to_pascal_case());
            let mut readers = String::new();
            for contender in CONTENDERS {
                let code = match contender {
                    "derived" => derived(&type_name, payloads)?,
                    "typify" => typify_of(&flattened(json(schema)?), "Root").ok(),
                    _ => quicktype(schema),
                };
                let Some(code) = code else {
                    readers.push_str("None, ");
                    continue;
                };
                write!(modules.entry(contender).or_default(), "pub mod {vendor}_{event} {{\n{code}}}\n")?;
                write!(readers, "Some(typed::<{contender}::{vendor}_{event}::Root>), ")?;
            }
            writeln!(
                table,
                "Event {{ id: \"{vendor}/{event}\", schema: include_str!({schema:?}), payloads: &[{}], \
                 readers: [{readers}Some(|text| ours(webhooks::{vendor}::{type_name}::from_slice(text.as_bytes())))] }},",
                payloads.iter().map(|path| format!("include_str!({path:?}), ")).collect::<String>()
            )?;
        }
    }
    for contender in CONTENDERS {
        fs::write(out.join(format!("{contender}.rs")), modules.remove(contender).unwrap_or_default())?;
    }
    fs::write(out.join("events.rs"), format!("static EVENTS: &[Event] = &[\n{table}];\n"))?;
    Ok(())
}

/// The types that somebody would write for the payloads.
fn derived(type_name: &str, payloads: &[PathBuf]) -> Result<Option<String>, Box<dyn Error>> {
    let payloads: Vec<Value> = payloads.iter().map(|path| json(path)).collect::<Result<_, _>>()?;
    let mut structs = String::new();
    let root = rust_type(&mut structs, type_name, &payloads.iter().collect::<Vec<_>>());
    Ok(Some(format!("use serde::{{Deserialize, Serialize}};\n{structs}pub type Root = {root};\n")))
}

/// A schema whose documents in `$defs` are plain definitions, since typify resolves no other references.
fn flattened(mut schema: Value) -> Value {
    let Some(Value::Object(bundled)) = schema.get_mut("$defs").map(Value::take) else { return schema };
    let mut definitions = serde_json::Map::new();
    let mut uris: Vec<(String, String)> = Vec::new();
    for (key, mut definition) in bundled {
        let Some(Value::String(uri)) = definition.as_object_mut().and_then(|members| members.remove("$id")) else {
            definitions.insert(key, definition);
            continue;
        };
        let name = key.rsplit('/').next().unwrap_or(&key).trim_end_matches(".json").to_owned();
        if let Some(Value::Object(inner)) = definition.as_object_mut().and_then(|members| members.remove("$defs")) {
            definitions.extend(inner);
        }
        uris.push((uri, name.clone()));
        definitions.insert(name, definition);
    }
    schema["$defs"] = definitions.into();
    let text = uris.iter().fold(schema.to_string(), |text, (uri, name)| {
        text.replace(&format!("\"{uri}\""), &format!("\"#/$defs/{name}\"")).replace(&format!("\"{uri}#"), "\"#")
    });
    serde_json::from_str(&text).unwrap_or(schema)
}

/// The types of quicktype, if it is installed and generates any.
fn quicktype(schema: &Path) -> Option<String> {
    let output = Command::new("node").args(["quicktype/generate.js", "Root"]).arg(schema).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Copies a folder of schema-defs, so that every event is read exactly.
fn write_exact(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for path in listed(from)? {
        let target = to.join(name(&path));
        if path.is_dir() {
            write_exact(&path, &target)?;
        } else if name(&path) == "provider.toml" {
            let text = fs::read_to_string(&path)?;
            let kept = text.lines().filter(|line| !line.starts_with("reading ="));
            let exact = std::iter::once("reading = \"exact\"").chain(kept).collect::<Vec<_>>().join("\n");
            fs::write(target, exact + "\n")?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// The paths in a folder, in order.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn json(path: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}
