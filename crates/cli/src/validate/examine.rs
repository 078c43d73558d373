//! Examines payloads by their schemas: provider and event, violations and deviations, with their places.

use std::cell::Cell;
use std::cmp::Reverse;
use std::ops::Range;

use serde_json::Value;
use webhook_codegen::json::descend;
use webhook_codegen::location::{in_json, range_of};
use webhook_codegen::{Interpreted, Location};
use webhook_runtime::__private::{Condition, Identifier};
use webhook_runtime::{Delivery, Deviation, ProviderInfo, Violation};

use super::repeated::{Repeated, repeated};

/// How many violations and deviations of a body are located: each is looked up in the text.
const LOCATED: usize = 100;

/// The providers and options of an examination.
pub(super) struct Examiner<'p> {
    pub(super) providers: Vec<Interpreted<'p>>,
    /// Whether `providers` has only the provider named on the command line.
    pub(super) is_given: bool,
    /// Read every payload as this event.
    pub(super) event: Option<String>,
    /// Describe the types of values instead of the values.
    pub(super) mask: bool,
}

/// The result for a payload, or for a body of several.
#[derive(Clone, Debug, Default)]
pub(super) struct Finding {
    pub(super) provider: Option<&'static str>,
    pub(super) event: Option<&'static str>,
    /// The name of an unknown event.
    pub(super) name: Option<String>,
    pub(super) valid: Option<bool>,
    /// Whether the payload is read and written without loss, or `None` if this was not checked.
    pub(super) lossless: Option<bool>,
    pub(super) violations: Vec<Reported>,
    pub(super) deviations: Vec<Reported>,
    pub(super) items: Option<Vec<Finding>>,
    /// The providers and events that the payload fits equally well.
    pub(super) candidates: Vec<(&'static str, &'static str)>,
    /// The byte range in the body.
    pub(super) range: Range<usize>,
}

/// A violation or a deviation.
#[derive(Clone, Debug, Default)]
pub(super) struct Reported {
    /// The JSON Pointer of the value.
    pub(super) instance: String,
    /// The kind of a deviation.
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// The place in the body.
    pub(super) location: Option<Location>,
    /// The JSON Pointer of the keyword in the event's schema, and the file and the pointer of the keyword in schema-defs.
    pub(super) schema: Option<(String, (String, String))>,
}

impl Reported {
    /// Returns the violation or deviation of an item with the pointer extended to the whole body.
    fn below(&self, prefix: &str) -> Reported {
        Reported { instance: format!("{prefix}{}", self.instance), ..self.clone() }
    }
}

/// A body, with the number of violations and deviations that may still be located in it.
struct Body<'t> {
    text: &'t str,
    left: Cell<usize>,
}

impl Body<'_> {
    /// Returns the place of a value in the body, by its JSON Pointer in a part of the body.
    fn locate(&self, part: &str, pointer: &str) -> Option<Location> {
        self.left.set(self.left.get().checked_sub(1)?);
        let start = range_of(self.text, part).start;
        let found = in_json(part, pointer)?.excerpt(part, false);
        Some(Location::new(self.text, start + found.start..start + found.end))
    }
}

impl Examiner<'_> {
    /// Examines a body.
    pub(super) fn examine(&self, bytes: &[u8]) -> Finding {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let message = format!("the bytes are not UTF-8 from byte {} on", error.valid_up_to());
                let violations = vec![Reported { message, ..Reported::default() }];
                return Finding { valid: Some(false), violations, ..Finding::default() };
            }
        };
        let body = Body { text, left: Cell::new(LOCATED) };
        let mut finding = self.look(&body);
        let repeats = |found: Repeated| Reported {
            message: found.to_string(),
            location: Some(found.second.clone()),
            instance: found.pointer,
            kind: "repeated_member",
            schema: None,
        };
        finding.deviations.extend(repeated(text).into_iter().map(repeats));
        finding
    }

    fn look(&self, body: &Body<'_>) -> Finding {
        let text = body.text;
        let identified = match self.is_given {
            true => self.providers.first(),
            false => match self.nearest(text).as_slice() {
                [] => {
                    let infos: Vec<&'static ProviderInfo> = self.providers.iter().map(Interpreted::info).collect();
                    // A provider that names the event but does not know it may claim the payload. A provider that knows
                    // the event was already found to fit too weakly.
                    let claim = Identifier::new(infos).identify(text.as_bytes()).filter(|(_, event)| event.is_none());
                    claim.map(|(index, _)| &self.providers[index])
                }
                [(provider, _)] => Some(*provider),
                several => {
                    let name = |(provider, event): &(&Interpreted<'_>, usize)| {
                        (provider.info().name, provider.info().events[*event].name)
                    };
                    return Finding { candidates: several.iter().map(name).collect(), ..unknown(None, body, text) };
                }
            },
        };
        let Some(provider) = identified else { return unknown(None, body, text) };
        let info = provider.info();
        let texts = events(info, text);
        // The body is one event rather than a batch of one.
        if self.event.is_some() || texts == [text] {
            return self.one(provider, body, text);
        }
        let items: Vec<(String, Finding)> = texts
            .into_iter()
            .enumerate()
            .map(|(index, item)| (place(info, text, index, item), self.one(provider, body, item)))
            .collect();
        let envelope = self.envelope(provider, body);
        let is_invalid = |finding: &Finding| finding.valid == Some(false);
        let valid = match items.iter().map(|(_, item)| item).chain(&envelope).any(is_invalid) {
            true => Some(false),
            false => items.iter().all(|(_, item)| item.valid == Some(true)).then_some(true),
        };
        let event = items.first().and_then(|(_, item)| item.event);
        let all = |of: fn(&Finding) -> &[Reported]| {
            let of_items = items.iter().flat_map(|(place, item)| of(item).iter().map(|one| one.below(place)));
            envelope.iter().flat_map(|envelope| of(envelope).iter().cloned()).chain(of_items).collect()
        };
        Finding {
            provider: Some(info.name),
            event: event.filter(|event| items.iter().all(|(_, item)| item.event == Some(event))),
            valid,
            violations: all(|item| &item.violations),
            deviations: all(|item| &item.deviations),
            items: Some(items.into_iter().map(|(_, item)| item).collect()),
            range: 0..text.len(),
            ..Finding::default()
        }
    }

    /// Returns the object around the events of a body, if the provider has a schema for it and the body is such an
    /// object.
    fn envelope(&self, provider: &Interpreted<'_>, body: &Body<'_>) -> Option<Finding> {
        let info = provider.info();
        let is_around = info.envelope.is_some() && is_json(body.text) && body.text.trim_start().starts_with('{');
        is_around.then(|| self.as_event(provider, info.events.len(), body, body.text))
    }

    /// Returns the events that a payload fits best, of all providers; several if it fits them equally well.
    fn nearest(&self, text: &str) -> Vec<(&Interpreted<'_>, usize)> {
        let mut fits: Vec<Fit<'_>> = self.providers.iter().filter_map(|provider| fit(provider, text)).collect();
        fits.sort_by_key(|fit| (Reverse(fit.identified), !fit.is_accepted, fit.deviations));
        let Some(best) = fits.first() else { return Vec::new() };
        let is_equal = |fit: &&Fit<'_>| {
            let as_sure = (fit.identified, fit.is_accepted, fit.deviations)
                == (best.identified, best.is_accepted, best.deviations);
            // An event that knows nearly the whole payload casts doubt on an event that only shares a value with it.
            let knows_more = fit.is_accepted && best.deviations > MANY && fit.deviations * 3 < best.deviations;
            as_sure || knows_more
        };
        fits.iter().filter(is_equal).map(|fit| (fit.provider, fit.event)).collect()
    }

    /// Examines one event of a provider.
    fn one(&self, provider: &Interpreted<'_>, body: &Body<'_>, text: &str) -> Finding {
        let detected = provider.info().dispatch.detect(text);
        let Some(name) = &self.event else {
            return match detected {
                Some(event) => self.as_event(provider, event, body, text),
                None => {
                    let name = if self.mask { None } else { event_name(provider.info(), text) };
                    Finding { name, ..unknown(Some(provider.info()), body, text) }
                }
            };
        };
        // Several events may be sent under one name: then the payload is the event that accepts it. If every event
        // rejects it, the finding is about the event that the payload names, or else about the event that it violates
        // least.
        let mut findings: Vec<(usize, Finding)> = Vec::new();
        for event in named(provider.info(), name) {
            let finding = self.as_event(provider, event, body, text);
            if finding.valid == Some(true) {
                return finding;
            }
            findings.push((event, finding));
        }
        let nearest =
            findings.into_iter().min_by_key(|(event, found)| (detected != Some(*event), found.violations.len()));
        nearest.map_or_else(|| unknown(Some(provider.info()), body, text), |(_, finding)| finding)
    }

    /// Examines a payload as a given event.
    fn as_event(&self, provider: &Interpreted<'_>, event: usize, body: &Body<'_>, text: &str) -> Finding {
        let (events, envelope) = (provider.info().events, &provider.info().envelope);
        let Some(info) = events.get(event).or(envelope.as_ref()) else {
            return unknown(Some(provider.info()), body, text);
        };
        let finding = Finding {
            provider: Some(provider.info().name),
            event: Some(info.name),
            range: range_of(body.text, text),
            ..Finding::default()
        };
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                return Finding { valid: Some(false), violations: vec![not_json(body, text, &error)], ..finding };
            }
        };
        let found = info.validator.violations_typed(&value);
        if found.is_empty() || provider.tolerates(event, &value) {
            let found = info.validator.deviations(&value);
            let mut deviations: Vec<Reported> =
                found.iter().map(|deviation| self.deviation(deviation, body, text)).collect();
            if found.truncated() > 0 {
                let message = format!("and {} more deviations", found.truncated());
                deviations.push(Reported { kind: "truncated", message, ..Reported::default() });
            }
            return Finding { valid: Some(true), deviations, ..finding };
        }
        let mut violations: Vec<Reported> =
            found.iter().map(|violation| self.violation(violation, provider, event, body, text)).collect();
        violations.sort_by_key(|violation| violation.location.as_ref().map_or(usize::MAX, |at| at.start));
        if found.truncated() > 0 {
            let message = format!("and {} more violations", found.truncated());
            violations.push(Reported { message, ..Reported::default() });
        }
        Finding { valid: Some(false), violations, ..finding }
    }

    fn violation(
        &self,
        violation: &Violation,
        provider: &Interpreted<'_>,
        event: usize,
        body: &Body<'_>,
        text: &str,
    ) -> Reported {
        let place = provider.place(event, &violation.schema_location);
        Reported {
            location: body.locate(text, &violation.instance_location),
            instance: violation.instance_location.clone(),
            message: if self.mask { violation.masked_message() } else { violation.message() },
            schema: Some((violation.schema_location.clone(), place)),
            kind: "",
        }
    }

    fn deviation(&self, deviation: &Deviation, body: &Body<'_>, text: &str) -> Reported {
        Reported {
            location: body.locate(text, &deviation.instance_location),
            instance: deviation.instance_location.clone(),
            kind: deviation.kind.as_str(),
            message: if self.mask { deviation.masked_message() } else { deviation.message() },
            schema: None,
        }
    }
}

/// Returns the texts of the events in a body.
fn events<'t>(info: &ProviderInfo, text: &'t str) -> Vec<&'t str> {
    match info.delivery {
        // An event may be an array itself.
        Delivery::Single if is_json(text) && info.dispatch.detect(text).is_some() => vec![text],
        Delivery::Single => Delivery::Batch.split(text),
        _ => info.split(text),
    }
}

/// Returns the JSON Pointer of an item in a body: an index in an array or among lines, or a path in an object.
fn place(info: &ProviderInfo, body: &str, index: usize, item: &str) -> String {
    let range = range_of(body, item);
    let encloses = |outer: &Range<usize>| outer.start <= range.start && range.end <= outer.end;
    let inner = info.requests.item.unwrap_or_default();
    if !body.trim_start().starts_with('{') || !is_json(body) {
        return format!("/{index}");
    }
    for items in info.requests.items {
        let Some(outer) = in_json(body, items).map(|found| found.value).filter(encloses) else { continue };
        let is_array = body.as_bytes().get(outer.start) == Some(&b'[');
        let place = if is_array { format!("{items}/{index}") } else { (*items).to_owned() };
        let is_inside = in_json(body, &format!("{place}{inner}")).is_some_and(|found| found.value == range);
        return if is_inside { format!("{place}{inner}") } else { place };
    }
    inner.to_owned()
}

/// How well a payload fits an event.
struct Fit<'p> {
    provider: &'p Interpreted<'p>,
    event: usize,
    identified: Identified,
    is_accepted: bool,
    /// The number of values that the schema does not know or describes differently.
    deviations: usize,
}

/// How a payload is identified as an event. Later variants are more certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identified {
    /// Any payload fits.
    Nothing,
    /// The payload has certain members.
    Members,
    /// A member has a constant value.
    Constant,
}

/// More deviations than this cast doubt on the event of a payload.
const MANY: usize = 3;

/// Returns how well the first known payload of a body fits a provider.
fn fit<'p>(provider: &'p Interpreted<'p>, text: &str) -> Option<Fit<'p>> {
    let info = provider.info();
    let mut parts = events(info, text).into_iter();
    let (part, event) = parts.find_map(|part| Some((part, info.dispatch.detect(part)?)))?;
    let conditions = info.dispatch.matchers.iter().find(|matcher| matcher.event == event)?.conditions;
    let identified = match conditions {
        [] => Identified::Nothing,
        some if some.iter().any(|condition| matches!(condition, Condition::Equals(..))) => Identified::Constant,
        _ => Identified::Members,
    };
    let value: Value = serde_json::from_str(part).ok()?;
    let validator = info.events[event].validator;
    let found = validator.deviations(&value);
    let outer = found.iter().filter(|deviation| deviation.instance_location.matches('/').count() == 1).count();
    let members = value.as_object().map_or(0, serde_json::Map::len);
    // Payloads of any vendor have members such as `id`, so their presence alone identifies nothing.
    if identified != Identified::Constant && outer * 2 > members {
        return None;
    }
    let is_accepted = validator.is_valid(&value) || provider.tolerates(event, &value);
    Some(Fit { provider, event, identified, is_accepted, deviations: found.iter().count() + found.truncated() })
}

pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Returns the events that a name on the command line stands for: the event with that folder, or all events that are
/// sent under that name.
fn named(provider: &ProviderInfo, name: &str) -> Vec<usize> {
    let all = || provider.events.iter().enumerate();
    match all().find(|(_, event)| event.name == name) {
        Some((index, _)) => vec![index],
        None => all().filter(|(_, event)| event.wire_name == name).map(|(index, _)| index).collect(),
    }
}

/// Returns the name of the event in a payload.
fn event_name(provider: &ProviderInfo, text: &str) -> Option<String> {
    let all = provider.dispatch.discriminator_paths.0;
    let paths = provider.dispatch.event_name_paths.iter().filter_map(|path| all.get(*path));
    let value: Value = serde_json::from_str(text).ok()?;
    paths.filter_map(|path| value.pointer(&descend("", *path))?.as_str().map(str::to_owned)).next()
}

/// Returns the finding for an unknown event, which must be JSON and is kept unchanged.
fn unknown(provider: Option<&'static ProviderInfo>, body: &Body<'_>, text: &str) -> Finding {
    let finding = Finding {
        provider: provider.map(|provider| provider.name),
        range: range_of(body.text, text),
        ..Finding::default()
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => finding,
        Err(error) => Finding { valid: Some(false), violations: vec![not_json(body, text, &error)], ..finding },
    }
}

/// Describes the error in a text that is not JSON.
fn not_json(body: &Body<'_>, text: &str, error: &serde_json::Error) -> Reported {
    if text.starts_with('\u{feff}') {
        let message = "not readable as JSON: the text starts with a byte order mark (U+FEFF)".to_owned();
        return Reported { message, ..Reported::default() };
    }
    let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = range_of(body.text, text).start + line_start + error.column().saturating_sub(1);
    let location = Location::new(body.text, at..at + 1);
    Reported { message: format!("not readable as JSON: {error}"), location: Some(location), ..Reported::default() }
}
