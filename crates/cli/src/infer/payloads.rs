//! The payloads that the command line names.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::rc::Rc;

use serde_json::value::RawValue;
use webhook_codegen::catalog::{Delivery, Settings};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::{Json, JsonError, without_byte_order_mark};
use webhook_codegen::location::{in_json, range_of};
use webhook_codegen::{Code, Diagnostic, Location};

use crate::failure::Failure;

/// The most items of one body that are listed because they are no events. Each is looked for in the text of the body.
const MOST_PROBLEMS: usize = 20;

/// One event's payload.
pub(super) struct Payload {
    /// The name of its example.
    pub(super) name: String,
    /// Its text, as given.
    pub(super) text: String,
    /// The parsed text.
    pub(super) json: Json,
    /// The file that it is in, as shown to people.
    pub(super) file: String,
    /// The text of that file.
    pub(super) body: Rc<str>,
    /// Its bytes in that text.
    range: Range<usize>,
}

impl Payload {
    /// The location in its file of a JSON Pointer into it.
    pub(super) fn locate(&self, pointer: &str) -> Option<Location> {
        let text = self.body.get(self.range.clone())?;
        let bytes = in_json(text, pointer)?.excerpt(text, false);
        Some(Location::new(&self.body, self.range.start + bytes.start..self.range.start + bytes.end))
    }
}

/// Reads files, and standard input for `-`. `settings` are those of the provider, when they are known. How it sends events is guessed
/// otherwise: an array is a batch, several lines of JSON are lines.
pub(super) fn read(files: &[String], settings: Option<&Settings>) -> Result<(Vec<Payload>, Delivery), Failure> {
    let mut problems = Vec::new();
    let mut payloads: Vec<Payload> = Vec::new();
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut known = settings.map(|settings| settings.delivery);
    for file in files {
        let body = match text(file) {
            Ok(body) => body,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        bodies.insert(shown(file).to_owned(), body.clone());
        let body: Rc<str> = body.into();
        let found = known.unwrap_or_else(|| guess(&body));
        match split(shown(file), &body, found, settings) {
            Ok(parts) => {
                known = Some(found);
                let count = parts.len();
                let mut wrong = 0;
                for (at, BodyEvent { text, json, range }) in parts.into_iter().enumerate() {
                    if !matches!(json, Json::Object(_)) {
                        wrong += 1;
                        if wrong > MOST_PROBLEMS {
                            continue;
                        }
                        let item = if count > 1 { format!("item {at} is ") } else { String::new() };
                        let message = format!("{item}{}, and an event is an object", json.kind());
                        let advice = "give the body as the vendor sends it";
                        let problem = Diagnostic::of_file(Code::InvalidPayload, shown(file), message, advice);
                        problems.push(problem.located(Location::new(&body, range)));
                        continue;
                    }
                    let stem = stem(file);
                    let name = if count > 1 { format!("{stem}_{}", at + 1) } else { stem };
                    payloads.push(Payload {
                        name,
                        text,
                        json,
                        file: shown(file).to_owned(),
                        body: body.clone(),
                        range,
                    });
                }
                if wrong > MOST_PROBLEMS {
                    let message =
                        format!("{} more items are not objects, and an event is an object", wrong - MOST_PROBLEMS);
                    let advice = "give the body as the vendor sends it";
                    problems.push(Diagnostic::of_file(Code::InvalidPayload, shown(file), message, advice));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if payloads.is_empty() && problems.is_empty() {
        let (files, advice) = (files.join(" "), "give a body that has one");
        problems.push(Diagnostic::of_file(Code::NoEvents, shown(&files), "no event in it", advice));
    }
    if !problems.is_empty() {
        return Err(Failure::input_in(bodies)(problems));
    }
    Ok((payloads, known.unwrap_or(Delivery::Single)))
}

fn shown(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn text(file: &str) -> Result<String, Diagnostic> {
    let mut bytes = Vec::new();
    match file {
        "-" => std::io::stdin().read_to_end(&mut bytes).map(drop),
        file => fs::read(file).map(|read| bytes = read),
    }
    .map_err(|error| {
        let advice = "name a file with a payload, or - for standard input";
        Diagnostic::of_file(Code::Unreadable, shown(file), format!("cannot be read: {error}"), advice)
    })?;
    String::from_utf8(bytes).map(without_byte_order_mark).map_err(|error| {
        let message = format!("not UTF-8 from byte {} on", error.utf8_error().valid_up_to());
        Diagnostic::of_file(Code::NotUtf8, shown(file), message, "save the body as UTF-8")
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

/// An event of a body: its text, the parsed text, and its byte range in the body.
struct BodyEvent {
    text: String,
    json: Json,
    range: Range<usize>,
}

/// The events of a body.
fn split(
    file: &str,
    body: &str,
    delivery: Delivery,
    settings: Option<&Settings>,
) -> Result<Vec<BodyEvent>, Diagnostic> {
    // An error in a part of the body, which begins at a byte.
    let invalid = |error: JsonError, start: usize| {
        let error = error.within(body, start);
        let advice =
            error.advice("mend it; JSON has no comments and no trailing commas, and a captured body must be whole");
        Diagnostic::of_file(Code::NotJson, file, error.description(), advice).located(error.location)
    };
    if delivery == Delivery::Lines {
        let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
        return lines
            .map(|line| {
                let range = range_of(body, line);
                let json = Json::parse(line).map_err(|error| invalid(error, range.start))?;
                Ok(BodyEvent { text: format!("{line}\n"), json, range })
            })
            .collect();
    }
    let json = Json::parse(body).map_err(|error| invalid(error, 0))?;
    if let Some(ranges) = settings.and_then(|settings| settings.events_in(body)) {
        let part = |range: Range<usize>| {
            let text = body.get(range.clone()).unwrap_or_default();
            let json = Json::parse(text).map_err(|error| invalid(error, range.start))?;
            Ok(BodyEvent { text: json.pretty(), json, range })
        };
        return ranges.into_iter().map(part).collect();
    }
    let whole = body.trim();
    match (delivery, json) {
        (Delivery::Batch | Delivery::Wrapped, Json::Array(items)) => {
            let texts: Vec<&RawValue> = serde_json::from_str(body).unwrap_or_default();
            // An item of an array is indented for the array; alone it is written anew, digit for digit.
            let text = |raw: &RawValue, item: &Json| match raw.get().contains('\n') {
                true => item.pretty(),
                false => format!("{}\n", raw.get()),
            };
            let part = |(raw, json): (&RawValue, Json)| BodyEvent {
                text: text(raw, &json),
                json,
                range: range_of(body, raw.get()),
            };
            Ok(texts.into_iter().zip(items).map(part).collect())
        }
        (_, Json::Array(_)) => {
            let message = "an array, although by provider.toml a body is one event";
            let advice = "give the items one by one, or write delivery = \"batch\" in provider.toml";
            let problem = Diagnostic::of_file(Code::InvalidPayload, file, message, advice);
            Err(problem.located(Location::new(body, range_of(body, whole))))
        }
        (_, json) => Ok(vec![BodyEvent { text: format!("{}\n", body.trim_end()), json, range: range_of(body, whole) }]),
    }
}
