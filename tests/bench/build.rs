//! Writes the types of the other contenders: plain structs to be derived, and what typify makes of the schemas.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use heck::{ToPascalCase, ToSnakeCase};
use peers::{rust_type, typify_of};
use serde_json::Value;

const VENDORS: [&str; 5] = ["canary", "connectsecure", "crowdsec", "procustodibus", "wallarm"];

fn main() -> Result<(), Box<dyn Error>> {
    webhook_codegen::build("schema-defs");
    let (mut derived, mut jzon, mut typify, mut table) = (String::new(), String::new(), String::new(), String::new());
    for vendor in VENDORS {
        let json = Path::new("../../generated/src").join(vendor).join("json");
        println!("cargo::rerun-if-changed={}", json.display());
        let mut schemas: BTreeMap<String, Value> = BTreeMap::new();
        let mut examples: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut paths: Vec<PathBuf> =
            fs::read_dir(&json)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some((event, rest)) = name.split_once('.') else { continue };
            let value: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
            match rest {
                "schema.json" => drop(schemas.insert(event.to_owned(), value)),
                _ => examples.entry(event.to_owned()).or_default().push(value),
            }
        }
        writeln!(derived, "pub mod {vendor} {{")?;
        writeln!(jzon, "pub mod {vendor} {{")?;
        writeln!(typify, "pub mod {vendor} {{")?;
        for (event, payloads) in &examples {
            let (module, name) = (event.to_snake_case(), event.to_pascal_case());
            let mut structs = String::new();
            let root = rust_type(&mut structs, &name, &payloads.iter().collect::<Vec<_>>());
            writeln!(
                derived,
                "pub mod {module} {{\nuse serde::{{Deserialize, Serialize}};\n{structs}pub type Root = {root};\n}}"
            )?;
            let mut jzon_entry = "None".to_owned();
            // jzon-rs has no type for values of any type.
            if !format!("{structs}{root}").contains("serde_json::Value") {
                jzon_entry = format!("Some(read_jzon::<jzon_types::{vendor}::{module}::Root>)");
                let structs = structs.replace("#[derive(Deserialize, Serialize)]", "#[derive(jzon::FromJson)]");
                writeln!(jzon, "pub mod {module} {{\n{structs}pub type Root = {root};\n}}")?;
            }
            let mut typify_entry = "None".to_owned();
            if let Ok(code) = typify_of(&schemas[event], &format!("{name}Root")) {
                writeln!(typify, "pub mod {module} {{\n{code}}}")?;
                typify_entry = format!("Some(read::<typify::{vendor}::{module}::{name}Root>)");
            }
            writeln!(
                table,
                "Functions {{ vendor: {vendor:?}, event: {event:?}, \
                 derived: read::<derived::{vendor}::{module}::Root>, \
                 sonic: read_sonic::<derived::{vendor}::{module}::Root>, \
                 jzon: {jzon_entry}, \
                 derived_writer: writer::<derived::{vendor}::{module}::Root>, \
                 typify: {typify_entry}, \
                 ours: |bytes| drop(black_box(security_webhooks::{vendor}::{name}::from_slice(bytes))) }},"
            )?;
        }
        derived.push_str("}\n");
        jzon.push_str("}\n");
        typify.push_str("}\n");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("derived.rs"), derived)?;
    fs::write(out.join("jzon.rs"), jzon)?;
    fs::write(out.join("typify.rs"), typify)?;
    fs::write(out.join("table.rs"), format!("pub static FUNCTIONS: &[Functions] = &[\n{table}];\n"))?;
    Ok(())
}
