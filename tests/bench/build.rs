//! Writes the types of the other contenders: plain structs for serde's derive, and what typify makes of the schemas.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

const VENDORS: [&str; 5] = ["canary", "connectsecure", "crowdsec", "procustodibus", "wallarm"];

fn main() -> Result<(), Box<dyn Error>> {
    let (mut derived, mut typify, mut table) = (String::new(), String::new(), String::new());
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
        writeln!(typify, "pub mod {vendor} {{")?;
        for (event, payloads) in &examples {
            let (module, name) = (event.to_snake_case(), event.to_pascal_case());
            let mut structs = String::new();
            let root = rust_type(&mut structs, &name, &payloads.iter().collect::<Vec<_>>());
            writeln!(
                derived,
                "pub mod {module} {{\nuse serde::{{Deserialize, Serialize}};\n{structs}pub type Root = {root};\n}}"
            )?;
            let made = typify_of(&schemas[event], &format!("{name}Root"));
            let has_typify = made.is_ok();
            match made {
                Ok(code) => writeln!(typify, "pub mod {module} {{\n{code}}}")?,
                // Then the contender is left out.
                Err(_) => {}
            }
            let typify_entry = match has_typify {
                true => format!("Some(read::<typify::{vendor}::{module}::{name}Root>)"),
                false => "None".to_owned(),
            };
            writeln!(
                table,
                "Functions {{ vendor: {vendor:?}, event: {event:?}, \
                 derived: read::<derived::{vendor}::{module}::Root>, \
                 sonic: read_sonic::<derived::{vendor}::{module}::Root>, \
                 derived_writer: writer::<derived::{vendor}::{module}::Root>, \
                 typify: {typify_entry}, \
                 ours: |bytes| drop(black_box(security_webhooks::{vendor}::{name}::from_slice(bytes))) }},"
            )?;
        }
        derived.push_str("}\n");
        typify.push_str("}\n");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("derived.rs"), derived)?;
    fs::write(out.join("typify.rs"), typify)?;
    fs::write(out.join("table.rs"), format!("pub static FUNCTIONS: &[Functions] = &[\n{table}];\n"))?;
    Ok(())
}

/// The type that somebody would write by hand for some values: owned, with what the examples have, and no checks.
fn rust_type(structs: &mut String, name: &str, values: &[&Value]) -> String {
    let present: Vec<&Value> = values.iter().copied().filter(|value| !value.is_null()).collect();
    let optional = |ty: String| if present.len() < values.len() { format!("Option<{ty}>") } else { ty };
    let all = |is: fn(&Value) -> bool| !present.is_empty() && present.iter().all(|value| is(value));
    if all(Value::is_string) {
        optional("String".to_owned())
    } else if all(Value::is_boolean) {
        optional("bool".to_owned())
    } else if all(Value::is_i64) {
        optional("i64".to_owned())
    } else if all(Value::is_number) {
        optional("f64".to_owned())
    } else if all(Value::is_array) {
        let items: Vec<&Value> = present.iter().flat_map(|value| value.as_array().into_iter().flatten()).collect();
        let item = rust_type(structs, &format!("{name}Item"), &items);
        optional(format!("Vec<{item}>"))
    } else if all(Value::is_object) {
        let objects: Vec<&Map<String, Value>> = present.iter().filter_map(|value| value.as_object()).collect();
        let ty = object_type(structs, name, &objects);
        optional(ty)
    } else {
        "serde_json::Value".to_owned()
    }
}

fn object_type(structs: &mut String, name: &str, objects: &[&Map<String, Value>]) -> String {
    let mut members: Vec<&String> = Vec::new();
    for member in objects.iter().flat_map(|object| object.keys()) {
        if !members.contains(&member) {
            members.push(member);
        }
    }
    if members.is_empty() {
        return "serde_json::Value".to_owned();
    }
    let mut fields = String::new();
    for (index, member) in members.iter().enumerate() {
        let values: Vec<&Value> = objects.iter().filter_map(|object| object.get(*member)).collect();
        let ty = rust_type(structs, &format!("{name}{}", member.to_pascal_case()), &values);
        let absent = values.len() < objects.len();
        let ty = if absent && !ty.starts_with("Option<") { format!("Option<{ty}>") } else { ty };
        let skip = if absent { ", skip_serializing_if = \"Option::is_none\"" } else { "" };
        let _ = writeln!(fields, "    #[serde(rename = {member:?}{skip})]\n    pub field_{index}: {ty},");
    }
    let _ = write!(structs, "#[derive(Deserialize, Serialize)]\npub struct {name} {{\n{fields}}}\n");
    name.to_owned()
}

/// What typify makes of an event's schema, unchanged.
fn typify_of(schema: &Value, name: &str) -> Result<String, String> {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".to_owned(), Value::from(name));
    }
    let root: schemars::schema::RootSchema = serde_json::from_value(schema).map_err(|error| error.to_string())?;
    let render = move || -> Result<String, String> {
        let mut space = typify_impl::TypeSpace::new(&typify_impl::TypeSpaceSettings::default());
        space.add_root_schema(root).map_err(|error| error.to_string())?;
        let file: syn::File = syn::parse2(space.to_stream()).map_err(|error| error.to_string())?;
        Ok(prettyplease::unparse(&file))
    };
    std::panic::catch_unwind(render).map_err(|_| "it panics".to_owned())?
}
