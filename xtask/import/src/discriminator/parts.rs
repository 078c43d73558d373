//! The members of a schema and their values, in whatever the schema consists of.

use webhook_codegen::catalog::Provider;
use webhook_codegen::json::Json;

/// The schemas that a schema consists of, by the files that they are in: itself, what it refers to, and the branches of `allOf`.
fn parts<'p>(provider: &'p Provider, file: &str, schema: &'p Json) -> Vec<(String, &'p Json)> {
    let mut found = Vec::new();
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        found.extend(referred(provider, file, reference));
    }
    let branches = schema.get("allOf").and_then(Json::as_array).unwrap_or_default();
    found.extend(branches.iter().map(|branch| (file.to_owned(), branch)));
    found
}

/// What a reference between files of the provider leads to.
fn referred<'p>(provider: &'p Provider, file: &str, reference: &str) -> Option<(String, &'p Json)> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let mut steps: Vec<&str> = file.split('/').collect();
    if !path.is_empty() {
        steps.pop();
        for step in path.split('/') {
            match step {
                ".." => drop(steps.pop()),
                step => steps.push(step),
            }
        }
    }
    let path = steps.join("/");
    let event = provider.events.iter().find(|event| provider.schema_file(event) == path);
    let document = provider.documents.get(&path).or_else(|| event.map(|event| &event.schema))?;
    Some((path, document.at(fragment)?))
}

/// The members of a schema, in order.
pub(super) fn names_of(provider: &Provider, file: &str, schema: &Json, left: usize, names: &mut Vec<String>) {
    let own = schema.get("properties").and_then(Json::as_object).unwrap_or_default();
    names.extend(own.iter().map(|(name, _)| name.clone()));
    if left > 0 {
        for (file, part) in parts(provider, file, schema) {
            names_of(provider, &file, part, left - 1, names);
        }
    }
}

/// Whether a schema accepts objects only.
pub(super) fn is_object(provider: &Provider, file: &str, schema: &Json, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else { return false };
    schema.get("type").and_then(Json::as_str) == Some("object")
        || parts(provider, file, schema).iter().any(|(file, part)| is_object(provider, file, part, left))
}

/// The schema of a member.
pub(super) fn member<'p>(
    provider: &'p Provider,
    file: &str,
    schema: &'p Json,
    name: &str,
    left: usize,
) -> Option<&'p Json> {
    if let Some(own) = schema.get("properties").and_then(|members| members.get(name)) {
        return Some(own);
    }
    let left = left.checked_sub(1)?;
    parts(provider, file, schema).into_iter().find_map(|(file, part)| member(provider, &file, part, name, left))
}

/// The strings that a member may be, if the schema lists them.
pub(super) fn values(provider: &Provider, file: &str, schema: &Json, name: &str, left: usize) -> Option<Vec<String>> {
    let own = schema.get("properties").and_then(|members| members.get(name));
    if let Some(found) = own.and_then(|member| listed(provider, file, member, left)) {
        return Some(found);
    }
    let left = left.checked_sub(1)?;
    parts(provider, file, schema).into_iter().find_map(|(file, part)| values(provider, &file, part, name, left))
}

fn listed(provider: &Provider, file: &str, member: &Json, left: usize) -> Option<Vec<String>> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    if let Some(value) = member.get("const") {
        return text(value).map(|value| vec![value]);
    }
    if let Some(values) = member.get("enum").and_then(Json::as_array) {
        return values.iter().map(text).collect();
    }
    let left = left.checked_sub(1)?;
    parts(provider, file, member).into_iter().find_map(|(file, part)| listed(provider, &file, part, left))
}
