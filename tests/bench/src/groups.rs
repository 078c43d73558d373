//! The groups of contenders.

use std::hint::black_box;

use security_webhooks::{ProviderInfo, canary, connectsecure, crowdsec, identify, procustodibus, wallarm};
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::functions;
use crate::inputs::{Input, VENDORS};
use crate::webhooks::findings;

/// A contender, prepared for an input.
pub struct Contender {
    /// Its name.
    pub name: &'static str,
    /// Does its work once, on every payload of the input.
    pub run: Box<dyn Fn()>,
}

/// The groups, each with the inputs that it is for.
pub static GROUPS: &[(&str, &[&str])] = &[
    (
        "read",
        &[
            "crowdsec/minified",
            "crowdsec/documented",
            "wallarm/minified",
            "wallarm/documented",
            "canary/minified",
            "canary/documented",
            "connectsecure/minified",
            "connectsecure/documented",
            "procustodibus/minified",
            "procustodibus/documented",
            "crowdsec.alert_triggered/minified",
            "crowdsec.alert_triggered/documented",
            "crowdsec.payment_failed/minified",
            "crowdsec.payment_failed/documented",
        ],
    ),
    (
        "ours",
        &[
            "crowdsec/minified", "crowdsec/documented", "wallarm/minified", "canary/minified",
            "connectsecure/minified", "procustodibus/minified",
        ],
    ),
    ("unusual", &["crowdsec/reversed", "crowdsec/unknown-1", "crowdsec/unknown-50"]),
    (
        "write",
        &[
            "crowdsec/minified", "wallarm/minified", "canary/minified", "connectsecure/minified",
            "procustodibus/minified",
        ],
    ),
    ("patterns", &["findings/minified", "findings/x100"]),
    ("refuse", &["crowdsec/invalid"]),
    ("batch-1", &["wallarm/minified", "procustodibus/minified"]),
    ("batch-100", &["wallarm/minified", "procustodibus/minified"]),
    ("batch-10000", &["wallarm/minified", "procustodibus/minified"]),
];

/// The contenders of a group.
pub fn group(name: &str, input: &Input) -> Option<Vec<Contender>> {
    Some(match name {
        "read" => [
            Some(ignored(input)),
            Some(each(input, "serde_json into Value", |bytes| drop(black_box(serde_json::from_slice::<Value>(bytes))))),
            by_event(input, "serde_json into derived types", |functions| Some(functions.derived)),
            by_event(input, "sonic-rs into derived types", |functions| Some(functions.sonic)),
            by_event(input, "jzon-rs into derived types", |functions| functions.jzon),
            by_event(input, "serde_json into typify's types", |functions| functions.typify),
            Some(validated(input, "Value, then jsonschema", |validator, value| {
                black_box(validator.is_valid(value));
            })),
            Some(validated_by_boon(input, "Value, then boon")),
            Some(each(input, "Event::from_slice", event_reader(input.vendor))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        "ours" => [
            Some(ignored(input)),
            by_event(input, "serde_json into derived types", |functions| Some(functions.derived)),
            by_event(input, "jzon-rs into derived types", |functions| functions.jzon),
            Some(each(input, "Event::from_slice", event_reader(input.vendor))),
            by_event(input, "T::from_slice", |functions| Some(functions.ours)),
            Some(each(input, "identify", |bytes| {
                black_box(identify(bytes));
            })),
            Some(each(input, "Value, then validate", event_validator(input.vendor))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        "unusual" => [
            Some(ignored(input)),
            by_event(input, "serde_json into derived types", |functions| Some(functions.derived)),
            Some(each(input, "Event::from_slice", event_reader(input.vendor))),
        ]
        .into_iter()
        .flatten()
        .collect(),
        "write" => {
            let writers: Vec<Box<dyn Fn()>> = input
                .payloads
                .iter()
                .map(|(event, payload)| (functions(input.vendor, event).derived_writer)(payload))
                .collect();
            vec![
                Contender {
                    name: "serde_json, derived types",
                    run: Box::new(move || writers.iter().for_each(|run| run())),
                },
                values(input, "serde_json, Value"),
                event_writer(input, "serde_json, Event", false),
                event_writer(input, "security_webhooks::to_vec", true),
            ]
        }
        "patterns" => vec![
            validated(input, "Value, then jsonschema", |validator, value| {
                black_box(validator.is_valid(value));
            }),
            validated_by_boon(input, "Value, then boon"),
            each(input, "Event::from_slice", event_reader(input.vendor)),
        ],
        "refuse" => vec![
            validated(input, "Value, then jsonschema, every error", |validator, value| {
                drop(black_box(validator.iter_errors(value).collect::<Vec<_>>()));
            }),
            each(input, "Event::from_slice, every violation", event_reader(input.vendor)),
        ],
        "batch-1" => batches(input, 1),
        "batch-100" => batches(input, 100),
        "batch-10000" => batches(input, 10_000),
        _ => return None,
    })
}

fn each(input: &Input, name: &'static str, run: impl Fn(&[u8]) + 'static) -> Contender {
    let payloads: Vec<Vec<u8>> = input.payloads.iter().map(|(_, payload)| payload.clone()).collect();
    Contender { name, run: Box::new(move || payloads.iter().for_each(|payload| run(payload))) }
}

/// The contender, if it has a function for every payload.
fn by_event(
    input: &Input,
    name: &'static str,
    of: fn(&'static crate::Functions) -> Option<fn(&[u8])>,
) -> Option<Contender> {
    let all: Vec<(fn(&[u8]), Vec<u8>)> = input
        .payloads
        .iter()
        .map(|(event, payload)| Some((of(functions(input.vendor, event))?, payload.clone())))
        .collect::<Option<_>>()?;
    Some(Contender { name, run: Box::new(move || all.iter().for_each(|(run, payload)| run(payload))) })
}

fn ignored(input: &Input) -> Contender {
    each(input, "serde_json into IgnoredAny", |bytes| {
        drop(black_box(serde_json::from_slice::<IgnoredAny>(bytes)));
    })
}

fn provider(vendor: &str) -> &'static ProviderInfo {
    VENDORS.iter().find(|(known, _)| *known == vendor).expect("a vendor").1
}

fn schema(input: &Input, event: &str) -> Value {
    let known = provider(input.vendor).events.iter().find(|known| known.name == event).expect("an event");
    serde_json::from_str(known.schema).expect("a schema")
}

/// Parses each payload into a `Value`, and runs a function on it and on the validator of its event.
fn validated(input: &Input, name: &'static str, run: fn(&jsonschema::Validator, &Value)) -> Contender {
    let validator = |event: &str| jsonschema::validator_for(&schema(input, event)).expect("a validator");
    let all: Vec<_> = input.payloads.iter().map(|(event, payload)| (validator(event), payload.clone())).collect();
    let run = move || {
        for (validator, payload) in &all {
            let value: Value = serde_json::from_slice(payload).expect("JSON");
            run(validator, &value);
            drop(black_box(value));
        }
    };
    Contender { name, run: Box::new(run) }
}

fn validated_by_boon(input: &Input, name: &'static str) -> Contender {
    let mut schemas = boon::Schemas::new();
    let all: Vec<_> = input
        .payloads
        .iter()
        .map(|(event, payload)| {
            let mut compiler = boon::Compiler::new();
            let uri = format!("https://bench.example/{event}");
            compiler.add_resource(&uri, schema(input, event)).expect("a document");
            (compiler.compile(&uri, &mut schemas).expect("a schema"), payload.clone())
        })
        .collect();
    let run = move || {
        for (index, payload) in &all {
            let value: Value = serde_json::from_slice(payload).expect("JSON");
            black_box(schemas.validate(&value, *index).is_ok());
        }
    };
    Contender { name, run: Box::new(run) }
}

fn event_reader(vendor: &str) -> fn(&[u8]) {
    match vendor {
        "canary" => |bytes| drop(black_box(canary::Event::from_slice(bytes))),
        "connectsecure" => |bytes| drop(black_box(connectsecure::Event::from_slice(bytes))),
        "crowdsec" => |bytes| drop(black_box(crowdsec::Event::from_slice(bytes))),
        "findings" => |bytes| drop(black_box(findings::Event::from_slice(bytes))),
        "procustodibus" => |bytes| drop(black_box(procustodibus::Event::from_slice(bytes))),
        _ => |bytes| drop(black_box(wallarm::Event::from_slice(bytes))),
    }
}

fn event_validator(vendor: &str) -> fn(&[u8]) {
    macro_rules! validate {
        ($vendor:ident) => {
            |bytes| {
                let value: Value = serde_json::from_slice(bytes).expect("JSON");
                drop(black_box($vendor::Event::validate(&value)));
            }
        };
    }
    match vendor {
        "canary" => validate!(canary),
        "connectsecure" => validate!(connectsecure),
        "crowdsec" => validate!(crowdsec),
        "procustodibus" => validate!(procustodibus),
        _ => validate!(wallarm),
    }
}

fn values(input: &Input, name: &'static str) -> Contender {
    let all: Vec<Value> =
        input.payloads.iter().map(|(_, payload)| serde_json::from_slice(payload).expect("JSON")).collect();
    Contender { name, run: Box::new(move || all.iter().for_each(|value| drop(black_box(serde_json::to_vec(value))))) }
}

fn event_writer(input: &Input, name: &'static str, is_direct: bool) -> Contender {
    macro_rules! write {
        ($vendor:ident) => {{
            let all: Vec<$vendor::Event> = input
                .payloads
                .iter()
                .map(|(_, payload)| $vendor::Event::from_slice(payload).expect("a documented payload"))
                .collect();
            match is_direct {
                true => {
                    Box::new(move || all.iter().for_each(|event| drop(black_box(security_webhooks::to_vec(event)))))
                }
                false => Box::new(move || all.iter().for_each(|event| drop(black_box(serde_json::to_vec(event))))),
            }
        }};
    }
    let run: Box<dyn Fn()> = match input.vendor {
        "canary" => write!(canary),
        "connectsecure" => write!(connectsecure),
        "crowdsec" => write!(crowdsec),
        "procustodibus" => write!(procustodibus),
        _ => write!(wallarm),
    };
    Contender { name, run }
}

fn batches(input: &Input, count: usize) -> Vec<Contender> {
    let items: Vec<&[u8]> = input.payloads.iter().map(|(_, payload)| payload.as_slice()).cycle().take(count).collect();
    let body = [b"[".as_slice(), &items.join(&b','), b"]"].concat();
    let one = Input { name: input.name.clone(), vendor: input.vendor, payloads: vec![("", body)] };
    let reader: fn(&[u8]) = match input.vendor {
        "procustodibus" => |bytes| drop(black_box(procustodibus::Batch::from_slice(bytes))),
        _ => |bytes| drop(black_box(wallarm::Batch::from_slice(bytes))),
    };
    let stream: fn(&[u8]) = match input.vendor {
        "procustodibus" => |bytes| procustodibus::Batch::reader(bytes).for_each(|event| drop(black_box(event))),
        _ => |bytes| wallarm::Batch::reader(bytes).for_each(|event| drop(black_box(event))),
    };
    vec![
        ignored(&one),
        each(&one, "serde_json into Value", |bytes| drop(black_box(serde_json::from_slice::<Value>(bytes)))),
        each(&one, "Batch::from_slice", reader),
        each(&one, "Batch::reader, item by item", stream),
    ]
}
