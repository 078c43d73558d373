//! Reads the payloads that are named on the command line.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::rc::Rc;

use serde_json::value::RawValue;
use webhook_codegen::catalog::{Delivery, Settings};
use webhook_codegen::infer::folder_name;
use webhook_codegen::json::{Json, JsonError, JsonErrorKind, without_byte_order_mark};
use webhook_codegen::location::{in_json, range_of};
use webhook_codegen::{Code, Diagnostic, Location};

use crate::failure::Failure;

/// The maximum number of items of one body that are reported as not being objects. To locate an item, the text of the
/// body is searched for it.
const MOST_PROBLEMS: usize = 20;

/// A payload of one event.
pub(super) struct Payload {
    /// The name of its example.
    pub(super) name: String,
    /// Its text, as given.
    pub(super) text: String,
    /// The parsed text.
    pub(super) json: Json,
    /// The path of the file with the payload, for messages.
    pub(super) file: String,
    /// The text of that file.
    pub(super) body: Rc<str>,
    /// Its bytes in that text.
    range: Range<usize>,
}

impl Payload {
    /// Returns the location in the file that a JSON Pointer into the payload leads to.
    pub(super) fn locate(&self, pointer: &str) -> Option<Location> {
        let text = self.body.get(self.range.clone())?;
        let bytes = in_json(text, pointer)?.excerpt(text, false);
        Some(Location::new(&self.body, self.range.start + bytes.start..self.range.start + bytes.end))
    }
}

/// Reads files, and standard input for `-`. `settings` are the settings of the provider, if they are known, and say
/// where the events of a body are. `delivery` is how events are sent, if all bodies are of one form; otherwise an array
/// is a batch, and several lines of JSON are lines.
///
/// Of a folder, all files with the endings of JSON are read. With `keeps_last`, the last of repeated members counts.
pub(super) fn read(
    files: &[String],
    settings: Option<&Settings>,
    delivery: Option<Delivery>,
    keeps_last: bool,
) -> Result<(Vec<Payload>, Delivery), Failure> {
    let mut problems = Vec::new();
    let mut payloads: Vec<Payload> = Vec::new();
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let mut guessed: Vec<Delivery> = Vec::new();
    let files = &expanded(files)?;
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
        let found = delivery.unwrap_or_else(|| guess(&body));
        match split(shown(file), &body, found, settings, keeps_last) {
            Ok(parts) => {
                guessed.push(found);
                let count = parts.len();
                let mut wrong = 0;
                for (at, BodyEvent { text, json, range }) in parts.into_iter().enumerate() {
                    if !matches!(json, Json::Object(_)) {
                        wrong += 1;
                        if wrong > MOST_PROBLEMS {
                            continue;
                        }
                        let item = if count > 1 { format!("item {at} is ") } else { "the body is ".to_owned() };
                        let message = format!("{item}{}, but an event must be an object", json.kind());
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
                        format!("{} more items are not objects, but an event must be an object", wrong - MOST_PROBLEMS);
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
    // If some bodies are single events, the vendor sends single events: an array in another file is a list that a
    // person saved.
    let is_single = guessed.contains(&Delivery::Single) || guessed.is_empty();
    let guessed = if is_single { Delivery::Single } else { guessed[0] };
    Ok((payloads, delivery.unwrap_or(guessed)))
}

/// Returns the named files, and the files of the named folders.
fn expanded(files: &[String]) -> Result<Vec<String>, Failure> {
    let mut all = Vec::new();
    for file in files {
        let path = std::path::Path::new(file);
        if file == "-" || !path.is_dir() {
            all.push(file.clone());
            continue;
        }
        let before = all.len();
        add_files(path, &mut all)?;
        if all.len() == before {
            let (message, advice) =
                ("no payload in it", "name a folder with files that end in .json, .jsonl or .ndjson");
            return Err(Failure::input_in(BTreeMap::new())(vec![Diagnostic::of_file(
                Code::NoEvents,
                file,
                message,
                advice,
            )]));
        }
    }
    Ok(all)
}

/// The endings of files that are read in a folder.
const ENDINGS: [&str; 3] = ["json", "jsonl", "ndjson"];

fn add_files(folder: &std::path::Path, all: &mut Vec<String>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::of(folder.display(), error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    for path in paths {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        // A link to an outer folder would never end.
        if path.is_dir() && !path.is_symlink() {
            add_files(&path, all)?;
        } else if path.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            all.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(())
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

/// Returns the name of an example, from the name of its file.
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
    let is_object = |line: &str| Json::parse_keeping_last(line).is_ok_and(|json| json.as_object().is_some());
    if body.trim_start().starts_with('[') {
        Delivery::Batch
    } else if lines().count() > 1 && lines().all(is_object) {
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

/// Returns the events of a body.
fn split(
    file: &str,
    body: &str,
    delivery: Delivery,
    settings: Option<&Settings>,
    keeps_last: bool,
) -> Result<Vec<BodyEvent>, Diagnostic> {
    // An error in a part of the body, which begins at a byte.
    let invalid = |error: JsonError, start: usize| {
        let error = error.within(body, start);
        let advice = match error.kind {
            JsonErrorKind::Repeated { .. } => {
                "remove one of the two, or take the last, as readers do, with --keep-last"
            }
            _ => error
                .advice("correct it; JSON has no comments and no trailing commas, and a captured body must be whole"),
        };
        Diagnostic::of_file(Code::NotJson, file, error.description(), advice).located(error.location)
    };
    // The parsed text, and the text to keep.
    let parse = |text: &str| match Json::parse(text) {
        Err(error) if keeps_last && matches!(error.kind, JsonErrorKind::Repeated { .. }) => {
            Json::parse_keeping_last(text).map(|json| (json.pretty(), json))
        }
        read => read.map(|json| (format!("{}\n", text.trim_end()), json)),
    };
    if delivery == Delivery::Lines {
        let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
        return lines
            .map(|line| {
                let range = range_of(body, line);
                let (text, json) = parse(line).map_err(|error| invalid(error, range.start))?;
                Ok(BodyEvent { text, json, range })
            })
            .collect();
    }
    if let Some(ranges) = settings.and_then(|settings| settings.events_in(body)) {
        let part = |range: Range<usize>| {
            let part = body.get(range.clone()).unwrap_or_default();
            let (_, json) = parse(part).map_err(|error| invalid(error, range.start))?;
            Ok(BodyEvent { text: json.pretty(), json, range })
        };
        return ranges.into_iter().map(part).collect();
    }
    let (text, json) = parse(body).map_err(|error| invalid(error, 0))?;
    let whole = body.trim();
    match (delivery, json) {
        (Delivery::Batch | Delivery::Wrapped, Json::Array(items)) => {
            let texts: Vec<&RawValue> = serde_json::from_str(body).unwrap_or_default();
            // An item of an array has the indentation of the array, so it is formatted again. Its numbers keep their
            // digits.
            let text = |raw: &RawValue, item: &Json| match raw.get().contains('\n') || Json::parse(raw.get()).is_err() {
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
            let message = "the body is an array, but provider.toml says that a body is one event";
            let advice = "give the items one by one, or write delivery = \"batch\" in provider.toml";
            let problem = Diagnostic::of_file(Code::InvalidPayload, file, message, advice);
            Err(problem.located(Location::new(body, range_of(body, whole))))
        }
        (_, json) => Ok(vec![BodyEvent { text, json, range: range_of(body, whole) }]),
    }
}
