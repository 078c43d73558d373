//! Examines payloads: provider and event, validity, deviations, and whether reading is lossless.

use std::cmp::Reverse;
use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webhook_runtime::__private::{Condition, Identifier};
use webhook_runtime::{Delivery, Deviation, ProviderInfo, Violation};

use crate::json_diff::difference;
use crate::repeated::{Repeated, repeated};
use crate::{TypedEvent, TypedProvider, printable};

/// Options of the examination and of its output.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Options {
    /// Whether to write the result for each file as a JSON object on one line.
    pub json: bool,
    /// The provider to read every payload as.
    pub provider: Option<String>,
    /// The event to read every payload as.
    pub event: Option<String>,
    /// Whether deviations of an accepted payload lead to a separate verdict.
    pub strict: bool,
    /// Whether to show the types of values instead of the values.
    pub mask: bool,
    /// The files to read. `-` is standard input.
    pub files: Vec<String>,
}

/// The verdict on all files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No payload is rejected.
    Accepted,
    /// No payload is rejected, but with `strict`, some payload deviates.
    Deviating,
    /// A payload is rejected.
    Refused,
    /// A file cannot be read, or the provider does not exist.
    Failed,
}

/// The result for a payload.
#[derive(Clone, Debug, Default)]
struct Finding {
    provider: Option<&'static str>,
    event: Option<&'static str>,
    /// The name in the payload of an unknown event.
    name: Option<String>,
    valid: Option<bool>,
    lossless: bool,
    violations: Vec<ReportedViolation>,
    deviations: Vec<Differs>,
    items: Option<Vec<Finding>>,
    /// The providers and events that the payload matches equally well.
    candidates: Vec<(&'static str, &'static str)>,
}

#[derive(Clone, Debug)]
struct ReportedViolation {
    instance: String,
    /// The location in the schema; `None` if the entry is not about a keyword, for example because the text is not
    /// JSON.
    schema: Option<String>,
    message: String,
}

/// A deviation, prepared for output.
#[derive(Clone, Debug)]
struct Differs {
    instance: String,
    kind: &'static str,
    message: String,
}

/// Examines every file, and writes the results.
///
/// # Errors
///
/// Returns an error if the output cannot be written.
pub fn run(
    providers: &[TypedProvider],
    options: &Options,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> std::io::Result<Verdict> {
    let providers: Vec<TypedProvider> = match &options.provider {
        None => providers.to_vec(),
        Some(name) => match providers.iter().find(|provider| provider.name == name) {
            Some(provider) => vec![provider.clone()],
            None => {
                let known: Vec<&str> = providers.iter().map(|provider| provider.name).collect();
                writeln!(errors, "no provider `{}`; there are {}", printable(name), known.join(", "))?;
                return Ok(Verdict::Failed);
            }
        },
    };
    if let (Some(name), [provider]) = (&options.event, providers.as_slice())
        && named(provider, name).is_empty()
    {
        let known: Vec<&str> = provider.events.iter().map(|event| event.name).collect();
        writeln!(errors, "no event `{name}` of {}; there are {}", provider.name, known.join(", "))?;
        return Ok(Verdict::Failed);
    }
    let mut verdict = Verdict::Accepted;
    for file in &options.files {
        match read(file) {
            Ok(bytes) => {
                let mut finding = look(&providers, options, &bytes);
                finding.deviations.extend(repeats(&bytes));
                if finding.valid == Some(false) {
                    verdict = verdict.max(Verdict::Refused);
                }
                if options.strict && !finding.deviations.is_empty() {
                    verdict = verdict.max(Verdict::Deviating);
                }
                match options.json {
                    true => {
                        let mut line = finding.json();
                        line["file"] = file.as_str().into();
                        writeln!(out, "{line}")?;
                    }
                    false => {
                        finding.write(file, out)?;
                        if finding.provider.is_none() && finding.valid.is_none() && finding.candidates.is_empty() {
                            let names: Vec<&str> = providers.iter().map(|provider| provider.name).collect();
                            let names = names.join(", ");
                            writeln!(out, "    to read it as an event of one provider, use --provider: {names}")?;
                        }
                    }
                }
            }
            Err(error) => {
                verdict = Verdict::Failed;
                writeln!(errors, "{}: {error}", printable(file))?;
            }
        }
    }
    Ok(verdict)
}

fn read(file: &str) -> std::io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(Path::new(file))
}

/// Returns the repeated members of a body as deviations.
fn repeats(bytes: &[u8]) -> Vec<Differs> {
    let found = std::str::from_utf8(bytes).map(repeated).unwrap_or_default();
    let shown =
        |found: Repeated| Differs { message: found.to_string(), instance: found.pointer, kind: "repeated_member" };
    found.into_iter().map(shown).collect()
}

fn look(providers: &[TypedProvider], options: &Options, bytes: &[u8]) -> Finding {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return unreadable(format!("the bytes are not UTF-8 from byte {} on", error.valid_up_to())),
    };
    let identified = match &options.provider {
        Some(_) => providers.first(),
        None => match nearest(providers, text).as_slice() {
            [] => {
                let infos: Vec<&'static ProviderInfo> = providers.iter().map(TypedProvider::info).collect();
                // A provider that knows the event matches too weakly to be chosen.
                let claim = Identifier::new(infos).identify(bytes).filter(|(_, event)| event.is_none());
                claim.map(|(index, _)| &providers[index])
            }
            [(provider, _)] => Some(*provider),
            several => {
                let name = |(provider, event): &(&TypedProvider, usize)| (provider.name, provider.events[*event].name);
                return Finding { candidates: several.iter().map(name).collect(), ..unknown(None, text) };
            }
        },
    };
    let Some(provider) = identified else { return unknown(None, text) };
    if options.event.is_some() {
        return one(provider, options, text);
    }
    let texts = match provider.delivery {
        // An event may be an array itself.
        Delivery::Single if is_json(text) && provider.dispatch.detect(text).is_some() => {
            return one(provider, options, text);
        }
        Delivery::Single => Delivery::Batch.split(text),
        _ => provider.info().split(text),
    };
    // The body is one event and not a batch with one event.
    if texts == [text] {
        return one(provider, options, text);
    }
    let items: Vec<Finding> = texts.into_iter().map(|text| one(provider, options, text)).collect();
    let valid = match items.iter().any(|item| item.valid == Some(false)) {
        true => Some(false),
        false => items.iter().all(|item| item.valid == Some(true)).then_some(true),
    };
    let event = items.first().and_then(|item| item.event);
    // Compare the whole body too, including the array or lines around the items.
    let is_lines = !is_json(text);
    let back = provider.roundtrip_batch(bytes);
    let whole = back.is_ok_and(|back| is_lines || difference(text, &back).is_ok_and(|found| found.is_none()));
    let prefixed = |(index, item): (usize, &Finding)| {
        let place = move |found: &ReportedViolation| ReportedViolation {
            instance: format!("/{index}{}", found.instance),
            ..found.clone()
        };
        item.violations.iter().map(place).collect::<Vec<_>>()
    };
    let deviations = |(index, item): (usize, &Finding)| {
        let place = move |found: &Differs| Differs { instance: format!("/{index}{}", found.instance), ..found.clone() };
        item.deviations.iter().map(place).collect::<Vec<_>>()
    };
    Finding {
        provider: Some(provider.name),
        event: event.filter(|event| items.iter().all(|item| item.event == Some(event))),
        valid,
        lossless: whole && items.iter().all(|item| item.lossless),
        violations: items.iter().enumerate().flat_map(prefixed).collect(),
        deviations: items.iter().enumerate().flat_map(deviations).collect(),
        items: Some(items),
        ..Finding::default()
    }
}

/// A measure of how well a payload matches an event.
struct Fit<'p> {
    provider: &'p TypedProvider,
    event: usize,
    identified: Identified,
    is_accepted: bool,
    /// The number of values that the schema does not declare, or describes differently.
    deviations: usize,
}

/// The kind of condition that identifies a payload as an event, in order of increasing reliability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identified {
    /// Any payload matches.
    Nothing,
    /// The presence of members.
    Members,
    /// A member with a constant value.
    Constant,
}

/// Returns the events of all providers that a payload matches best. There are several if it matches them equally well.
fn nearest<'p>(providers: &'p [TypedProvider], text: &str) -> Vec<(&'p TypedProvider, usize)> {
    let mut fits: Vec<Fit<'p>> = providers.iter().filter_map(|provider| fit(provider, text)).collect();
    fits.sort_by_key(|fit| (Reverse(fit.identified), !fit.is_accepted, fit.deviations));
    let Some(best) = fits.first() else { return Vec::new() };
    let is_equal = |fit: &&Fit<'_>| {
        let as_sure =
            (fit.identified, fit.is_accepted, fit.deviations) == (best.identified, best.is_accepted, best.deviations);
        // An event that only shares a constant with the payload is doubtful if another event declares nearly all of the
        // payload.
        let knows_more = fit.is_accepted && best.deviations > MANY && fit.deviations * 3 < best.deviations;
        as_sure || knows_more
    };
    fits.iter().filter(is_equal).map(|fit| (fit.provider, fit.event)).collect()
}

/// The number of deviations above which the identified event is doubtful.
const MANY: usize = 3;

/// Returns how well a payload, or the first of several, matches a provider.
fn fit<'p>(provider: &'p TypedProvider, text: &str) -> Option<Fit<'p>> {
    let parts = match provider.delivery {
        Delivery::Single if is_json(text) && provider.dispatch.detect(text).is_some() => vec![text],
        Delivery::Single => Delivery::Batch.split(text),
        delivery => delivery.split(text),
    };
    let (part, event) = parts.into_iter().find_map(|part| Some((part, provider.dispatch.detect(part)?)))?;
    let conditions = provider.dispatch.matchers.iter().find(|matcher| matcher.event == event)?.conditions;
    let identified = match conditions {
        [] => Identified::Nothing,
        some if some.iter().any(|condition| matches!(condition, Condition::Equals(..))) => Identified::Constant,
        _ => Identified::Members,
    };
    let value: Value = serde_json::from_str(part).ok()?;
    let own = &provider.events[event];
    let found = own.validator.deviations(&value);
    let outer = found.iter().filter(|deviation| deviation.instance_location.matches('/').count() == 1).count();
    let members = value.as_object().map_or(0, serde_json::Map::len);
    // Members such as `id` occur in payloads of any vendor.
    if identified != Identified::Constant && outer * 2 > members {
        return None;
    }
    let is_accepted = own.roundtrip(part.as_bytes()).is_ok();
    Some(Fit { provider, event, identified, is_accepted, deviations: found.iter().count() + found.truncated() })
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Returns the events that a name on the command line stands for: the event with this folder, or else all events sent
/// with this name.
fn named(provider: &TypedProvider, name: &str) -> Vec<usize> {
    let all = || provider.events.iter().enumerate();
    match all().find(|(_, event)| event.name == name) {
        Some((index, _)) => vec![index],
        None => all().filter(|(_, event)| event.wire_name == name).map(|(index, _)| index).collect(),
    }
}

/// Examines one event of a provider.
fn one(provider: &TypedProvider, options: &Options, text: &str) -> Finding {
    let detected = provider.dispatch.detect(text);
    let Some(name) = &options.event else {
        return match detected {
            Some(event) => as_event(provider, event, options, text),
            None => {
                let name = if options.mask { None } else { provider.event_name(text) };
                Finding { name, ..unknown(Some(provider), text) }
            }
        };
    };
    // If several events are sent with the same name, the payload belongs to the event that accepts it. If none does,
    // report the violations of the event that the payload is identified as, or else of the event with the fewest
    // violations.
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    for event in named(provider, name) {
        let finding = as_event(provider, event, options, text);
        if finding.valid == Some(true) {
            return finding;
        }
        findings.push((event, finding));
    }
    let nearest = findings.into_iter().min_by_key(|(event, found)| (detected != Some(*event), found.violations.len()));
    nearest.map_or_else(|| unknown(Some(provider), text), |(_, finding)| finding)
}

/// Reads a payload as one event of a provider.
fn as_event(provider: &TypedProvider, event: usize, options: &Options, text: &str) -> Finding {
    let event = &provider.events[event];
    let finding = Finding { provider: Some(provider.name), event: Some(event.name), ..Finding::default() };
    match event.roundtrip(text.as_bytes()) {
        Ok(back) => {
            let lossless = difference(text, &back).is_ok_and(|found| found.is_none());
            Finding { valid: Some(true), lossless, deviations: deviations(event, options, text), ..finding }
        }
        Err(error) => {
            let described = |violation: &Violation| ReportedViolation {
                instance: violation.instance_location.clone(),
                schema: Some(violation.schema_location.clone()),
                message: if options.mask { violation.masked_message() } else { violation.message() },
            };
            let mut violations: Vec<ReportedViolation> = match error.violations() {
                Some(violations) => violations.iter().map(described).collect(),
                None => {
                    return Finding {
                        event: finding.event,
                        provider: finding.provider,
                        ..unreadable(error.to_string())
                    };
                }
            };
            let more = error.violations().map_or(0, webhook_runtime::Violations::truncated);
            if more > 0 {
                violations.push(ReportedViolation {
                    instance: String::new(),
                    schema: None,
                    message: format!("and {more} more violations"),
                });
            }
            Finding { valid: Some(false), violations, ..finding }
        }
    }
}

/// Returns the deviations of an accepted payload.
fn deviations(event: &TypedEvent, options: &Options, text: &str) -> Vec<Differs> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Vec::new() };
    let found = event.validator.deviations(&value);
    let shown = |deviation: &Deviation| Differs {
        instance: deviation.instance_location.clone(),
        kind: deviation.kind.as_str(),
        message: if options.mask { deviation.masked_message() } else { deviation.message() },
    };
    let mut all: Vec<Differs> = found.iter().map(shown).collect();
    if found.truncated() > 0 {
        let message = format!("and {} more deviations", found.truncated());
        all.push(Differs { instance: String::new(), kind: "truncated", message });
    }
    all
}

/// Examines a payload of an unknown event, which must be JSON and is kept unchanged.
fn unknown(provider: Option<&TypedProvider>, text: &str) -> Finding {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => Finding {
            provider: provider.map(|provider| provider.name),
            lossless: difference(text, &value.to_string()).is_ok_and(|found| found.is_none()),
            ..Finding::default()
        },
        Err(_) if text.starts_with('\u{feff}') => Finding {
            provider: provider.map(|provider| provider.name),
            ..unreadable("not readable as JSON: the text starts with a byte order mark (U+FEFF)".to_owned())
        },
        Err(error) => Finding {
            provider: provider.map(|provider| provider.name),
            ..unreadable(format!("not readable as JSON: {error}"))
        },
    }
}

fn unreadable(message: String) -> Finding {
    let found = ReportedViolation { instance: String::new(), schema: None, message };
    Finding { valid: Some(false), violations: vec![found], ..Finding::default() }
}

impl Finding {
    fn json(&self) -> Value {
        let violation = |found: &ReportedViolation| {
            let schema = found.schema.as_deref().unwrap_or_default();
            json!({ "instance": found.instance, "schema": schema, "message": found.message })
        };
        let mut object = json!({
            "provider": self.provider,
            "event": self.event,
            "valid": self.valid,
            "lossless": self.lossless,
            "violations": self.violations.iter().map(violation).collect::<Vec<_>>(),
        });
        let deviation =
            |found: &Differs| json!({ "instance": found.instance, "kind": found.kind, "message": found.message });
        if let Some(name) = &self.name {
            object["name"] = name.as_str().into();
        }
        if !self.candidates.is_empty() {
            let candidate = |(provider, event): &(&str, &str)| json!({ "provider": provider, "event": event });
            object["candidates"] = self.candidates.iter().map(candidate).collect();
        }
        object["deviations"] = self.deviations.iter().map(deviation).collect();
        if let Some(items) = &self.items {
            object["items"] = items.iter().map(Finding::json).collect();
        }
        object
    }

    fn write(&self, file: &str, out: &mut impl Write) -> std::io::Result<()> {
        // Names and values of payloads must not control the terminal.
        let file = printable(file);
        let provider = self.provider.unwrap_or("no known provider");
        if !self.candidates.is_empty() {
            let names: Vec<String> =
                self.candidates.iter().map(|(provider, event)| format!("{provider} {event}")).collect();
            return writeln!(out, "{file}: several fit: {}; --provider decides", names.join(", "));
        }
        match &self.items {
            None => writeln!(out, "{file}: {provider}{}", self.line())?,
            Some(items) => {
                let count = items.len();
                writeln!(out, "{file}: {provider}, {count} event{}", if count == 1 { "" } else { "s" })?;
                for (index, item) in items.iter().enumerate() {
                    writeln!(out, "  {index}:{}", item.line())?;
                }
            }
        }
        for ReportedViolation { instance, schema, message } in &self.violations {
            let place = |pointer: &str| if pointer.is_empty() { "(root)".to_owned() } else { printable(pointer) };
            let message = printable(message);
            match schema {
                Some(schema) => writeln!(out, "    {}: {message} (schema: {})", place(instance), place(schema))?,
                None if instance.is_empty() => writeln!(out, "    {message}")?,
                None => writeln!(out, "    {}: {message}", place(instance))?,
            }
        }
        for Differs { instance, message, .. } in &self.deviations {
            writeln!(out, "    {}: deviates: {}", printable(instance), printable(message))?;
        }
        Ok(())
    }

    fn line(&self) -> String {
        let event = match (self.event, self.provider) {
            (Some(event), _) => format!(" {event}"),
            (None, Some(_)) => match &self.name {
                Some(name) => format!(" unknown event \"{}\"", printable(name)),
                None => " unknown event".to_owned(),
            },
            (None, None) => String::new(),
        };
        let valid = match self.valid {
            Some(true) => ", valid",
            Some(false) => ", refused",
            None => "",
        };
        let lossless = match (self.valid, self.lossless) {
            (Some(false), _) => "",
            (_, true) => ", lossless",
            (_, false) => ", LOSSY",
        };
        format!("{event}{valid}{lossless}")
    }
}
