//! Code from other generators for the same schemas and payloads, for benchmarks and for the comparison in
//! tests/compare.

use std::fmt::Write as _;

use heck::ToPascalCase;
use serde_json::{Map, Value};

/// The type that somebody would write by hand for some values: owned, with the members of the examples, and without checks.
pub fn rust_type(structs: &mut String, name: &str, values: &[&Value]) -> String {
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

/// The types that typify generates for an event's schema, the one of the event under this name.
///
/// # Errors
///
/// The reason, if typify rejects the schema or panics.
pub fn typify_of(schema: &Value, name: &str) -> Result<String, String> {
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
    std::panic::catch_unwind(render).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("it panics: {}", text.unwrap_or_default())
    })?
}
