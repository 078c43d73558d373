//! The payloads that the command line names.

use std::fs;
use std::io::Read;

use serde_json::value::RawValue;
use webhook_codegen::Diagnostic;
use webhook_codegen::catalog::Delivery;
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::Json;

/// One event's payload.
pub(super) struct Payload {
    /// What its example is called.
    pub(super) name: String,
    /// Its text, as given.
    pub(super) text: String,
    /// What the text says.
    pub(super) json: Json,
}

/// Reads files, and standard input for `-`. `delivery` is how the provider sends events, when that is known; it is guessed
/// otherwise: an array is a batch, several lines of JSON are lines.
pub(super) fn read(files: &[String], delivery: Option<Delivery>) -> Result<(Vec<Payload>, Delivery), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut payloads: Vec<Payload> = Vec::new();
    let mut known = delivery;
    for file in files {
        let problem = |message: String, advice: &str| Diagnostic::of_file(shown(file), message, advice);
        let body = match text(file) {
            Ok(body) => body,
            Err((message, advice)) => {
                problems.push(problem(message, advice));
                continue;
            }
        };
        let found = known.unwrap_or_else(|| guess(&body));
        match split(&body, found) {
            Ok(texts) => {
                known = Some(found);
                let count = texts.len();
                for (at, (text, json)) in texts.into_iter().enumerate() {
                    if !matches!(json, Json::Object(_)) {
                        let item = if count > 1 { format!("item {at} is ") } else { String::new() };
                        let message = format!("{item}{}, and an event is an object", json.kind());
                        problems.push(problem(message, "give the body as the vendor sends it"));
                        continue;
                    }
                    let stem = stem(file);
                    let name = if count > 1 { format!("{stem}_{}", at + 1) } else { stem };
                    payloads.push(Payload { name, text, json });
                }
            }
            Err((message, advice)) => problems.push(problem(message, advice)),
        }
    }
    if payloads.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::of_file(shown(&files.join(" ")), "no event in it", "give a body that has one"));
    }
    if problems.is_empty() { Ok((payloads, known.unwrap_or(Delivery::Single))) } else { Err(problems) }
}

fn shown(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn text(file: &str) -> Result<String, Wrong> {
    let mut bytes = Vec::new();
    match file {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(drop),
        file => fs::read(file).map(|read| bytes = read),
    }
    .map_err(|error| (format!("cannot be read: {error}"), "name a file with a payload, or - for standard input"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (format!("not UTF-8 from byte {at} on"), "save the body as UTF-8")
    })
}

/// The name of an example, from that of its file.
fn stem(file: &str) -> String {
    let name = std::path::Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    match name {
        Some(name) if file != "-" && !name.starts_with('.') && name.chars().all(plain) => name,
        Some(name) if file != "-" => folder_name(&name),
        _ => "payload".to_owned(),
    }
}

fn guess(body: &str) -> Delivery {
    let lines = || body.lines().filter(|line| !line.trim().is_empty());
    if body.trim_start().starts_with('[') {
        Delivery::Batch
    } else if lines().count() > 1 && lines().all(|line| Json::parse(line).is_ok_and(|json| json.as_object().is_some()))
    {
        Delivery::Lines
    } else {
        Delivery::Single
    }
}

type Wrong = (String, &'static str);

/// The events of a body, each with its text.
fn split(body: &str, delivery: Delivery) -> Result<Vec<(String, Json)>, Wrong> {
    const MEND: &str = "mend it; JSON has no comments and no trailing commas, and a captured body must be whole";
    let wrong = |error: webhook_codegen::json::JsonError| (format!("not JSON: {error}"), MEND);
    if delivery == Delivery::Lines {
        let lines = body.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        return lines
            .map(|(at, line)| {
                let json = Json::parse(line).map_err(|error| (format!("line {}: not JSON: {error}", at + 1), MEND))?;
                Ok((format!("{}\n", line.trim()), json))
            })
            .collect();
    }
    let json = Json::parse(body).map_err(wrong)?;
    match (delivery, json) {
        (Delivery::Batch, Json::Array(items)) => {
            let texts: Vec<&RawValue> = serde_json::from_str(body).map_err(|error| wrong(error.into()))?;
            // An item of an array is indented for the array; alone it is written anew, digit for digit.
            let text = |raw: &RawValue, item: &Json| match raw.get().contains('\n') {
                true => item.pretty(),
                false => format!("{}\n", raw.get()),
            };
            Ok(texts.into_iter().zip(items).map(|(raw, item)| (text(raw, &item), item)).collect())
        }
        (_, Json::Array(_)) => Err((
            "an array, and provider.toml says that a body is one event".to_owned(),
            "give the items one by one, or write delivery = \"batch\" in provider.toml",
        )),
        (_, json) => Ok(vec![(format!("{}\n", body.trim_end()), json)]),
    }
}
