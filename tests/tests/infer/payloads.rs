//! Schemas from payloads: the schemas that are inferred for vendors without schemas, and the members that a person has changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use conformance::folder::{goldens, realistic, vendors, write};
use conformance::mutate::mutants;
use conformance::oracle::{Oracle, Verdict};
use serde_json::Value;
use webhook_codegen::catalog::{Event, Provider};
use webhook_codegen::compare::{Change, ChangeKind, Class, Version, differences};
use webhook_codegen::infer::{InferredEvent, Sibling, infer_schemas, widen};
use webhook_codegen::json::Json;
use webhook_codegen::{Dialect, Options, Validator, generate_folder};

const WITHOUT_SCHEMAS: [&str; 4] = ["canary", "connectsecure", "procustodibus", "wallarm"];

/// Returns the schema that is inferred for each event of a provider from the examples of all of its events.
fn inferred(provider: &Provider) -> Vec<(&Event, InferredEvent)> {
    let all: Vec<(&Event, Vec<Json>)> = provider.events.iter().map(|event| (event, event.payloads())).collect();
    let siblings: Vec<Sibling<'_>> =
        all.iter().map(|(event, payloads)| Sibling { name: &event.name, schema: None, payloads }).collect();
    let made = infer_schemas(&siblings, provider.settings.named).events;
    made.into_iter().map(|made| (provider.events.iter().find(|event| event.name == made.name).unwrap(), made)).collect()
}

/// Returns the schema that is inferred from the payloads of an event alone.
fn inferred_alone(event: &Event, payloads: &[Json]) -> Json {
    infer_schemas(&[Sibling { name: &event.name, schema: None, payloads }], false).events.swap_remove(0).schema
}

/// Returns the differences between the schema that is inferred for an event and the schema of the event.
fn decisions(provider: &Provider, event: &Event, made: &InferredEvent) -> Vec<Change> {
    let (said, library) = (provider.schema(event).unwrap(), provider.library());
    let version = |schema| Version { schema, library: &library, instances: &[] };
    let changes = differences(&event.name, version(&made.schema), version(&said)).unwrap();
    changes.into_iter().filter(|change| change.class != Class::Cosmetic).collect()
}

fn without_schemas() -> impl Iterator<Item = &'static Provider> {
    conformance::catalog(&vendors())
        .providers
        .iter()
        .filter(|provider| WITHOUT_SCHEMAS.contains(&provider.name.as_str()))
}

fn accepts(schema: &Json, library: &BTreeMap<String, Json>, payloads: &[Json]) -> Vec<bool> {
    let values: Vec<Value> = payloads.iter().map(Json::to_value).collect();
    let validator = Validator::new(schema, library, Dialect::default()).unwrap();
    validator.are_valid(&values.iter().collect::<Vec<_>>())
}

/// Returns the providers without documented schemas, with the schemas that are inferred from their examples.
fn write_inferred(folder: &Path) {
    for provider in without_schemas() {
        let settings = fs::read_to_string(vendors().join(provider.settings_file())).unwrap();
        let kept = settings
            .lines()
            .filter(|line| ["title", "delivery", "schemas", "precedence"].iter().any(|k| line.starts_with(k)));
        write(folder, [(provider.settings_file(), kept.map(|line| format!("{line}\n")).collect::<String>())]);
        for (event, made) in inferred(provider) {
            write(folder, [(provider.schema_file(event), made.schema.pretty())]);
            write(folder, event.examples.iter().map(|it| (provider.example_file(event, it), &it.text)));
        }
    }
}

#[test]
fn what_is_inferred_of_the_vendors_generates() {
    let folder = tempfile::tempdir().unwrap();
    write_inferred(folder.path());
    let options = Options::default().package("inferred");
    let (made, generated) = generate_folder(folder.path(), &options).unwrap();
    assert_eq!(generated.buffered, Vec::<String>::new(), "every payload is read in one pass");
    let count = |providers: &mut dyn Iterator<Item = &Provider>| {
        let events: Vec<&Event> = providers.flat_map(|provider| &provider.events).collect();
        let examples: usize = events.iter().map(|event| event.examples.len()).sum();
        (events.iter().filter(|event| !event.examples.is_empty()).count(), examples)
    };
    assert_eq!(count(&mut made.providers.iter()), count(&mut without_schemas()));
}

#[test]
fn what_is_inferred_accepts_its_payloads_and_tells_them() {
    for provider in without_schemas() {
        let mut made = inferred(provider);
        let place = |name: &String| provider.settings.precedence.iter().position(|known| known == name);
        made.sort_by_key(|(event, _)| place(&event.name).unwrap_or(usize::MAX));
        for (own, (event, _)) in made.iter().enumerate() {
            for (payload, example) in event.payloads().iter().zip(&event.examples) {
                let fitting: Vec<usize> = (0..made.len())
                    .filter(|at| {
                        let schema = &made[*at].1.schema;
                        let ours = accepts(schema, &BTreeMap::new(), std::slice::from_ref(payload))[0];
                        let theirs = Oracle::new(&schema.to_string()).verdict(&example.value) == Verdict::Valid;
                        assert_eq!(ours, theirs, "{}/{}", provider.name, event.name);
                        ours
                    })
                    .collect();
                let ordered = !provider.settings.precedence.is_empty();
                let identified = if ordered { fitting.first() == Some(&own) } else { fitting == [own] };
                assert!(identified, "{}/{}/{}: {fitting:?}", provider.name, event.name, example.name);
            }
        }
    }
}

#[test]
fn what_a_person_decided_otherwise_is_written_down() {
    for provider in without_schemas() {
        let said = |event: &str| provider.settings.events.get(event).map_or(&[][..], |said| &said.rationale);
        // A rationale about all events is at one of them.
        let general = provider.settings.events.values().flat_map(|said| &said.rationale);
        let general: Vec<&String> = general.filter(|sentence| sentence.contains("in every event")).collect();
        for (event, made) in inferred(provider) {
            let known: Vec<&String> = said(&event.name).iter().chain(general.iter().copied()).collect();
            for change in decisions(provider, event, &made) {
                let is_name = |step: &&str| *step != "*" && step.parse::<usize>().is_err();
                // The members of an object that is open are explained at the object.
                let count = if change.what == ChangeKind::MemberRemoved { 2 } else { 1 };
                let mut names = change.place.rsplit('/').filter(is_name).take(count).map(|name| format!("`{name}`"));
                assert!(
                    names.any(|name| known.iter().any(|sentence| sentence.contains(&name))),
                    "{}/{}: {change:?} is not what is inferred, and `rationale` in provider.toml does not say why:\n{}\n{:?}",
                    provider.name,
                    event.name,
                    made.schema,
                    made.notes
                );
            }
        }
    }
}

/// Every event that has examples, of the vendors, the goldens and the realistic set.
fn all_events() -> impl Iterator<Item = (&'static Provider, &'static Event)> {
    let providers =
        [vendors(), goldens(), realistic()].into_iter().flat_map(|defs| &conformance::catalog(&defs).providers);
    let events = providers.flat_map(|provider| provider.events.iter().map(move |event| (provider, event)));
    events.filter(|(_, event)| !event.examples.is_empty())
}

#[test]
fn what_is_inferred_accepts_what_it_is_inferred_from() {
    let (mut events, mut count) = (0, 0);
    for (provider, event) in all_events() {
        let payloads = event.payloads();
        let schema = inferred_alone(event, &payloads);
        let name = format!("{}/{}", provider.name, event.name);
        assert!(accepts(&schema, &BTreeMap::new(), &payloads).into_iter().all(|yes| yes), "{name}: {schema}");
        let again = widen(&schema, &BTreeMap::new(), &payloads);
        assert_eq!((&again.schema, again.changes.len(), again.unresolved.len()), (&schema, 0, 0), "{name}");
        events += 1;
        count += payloads.len();
    }
    println!("{events} events, {count} payloads");
    assert!(events > 100 && count > 200);
}

#[test]
fn a_known_schema_is_widened_by_new_members_alone() {
    for (provider, event) in all_events() {
        let (schema, library) = (provider.schema(event).unwrap(), provider.library());
        let widened = widen(&schema, &library, &event.payloads());
        let name = format!("{}/{}", provider.name, event.name);
        assert_eq!(widened.unresolved, Vec::<String>::new(), "{name}");
        assert!(widened.changes.iter().all(|change| change.contains(": is new: ")), "{name}: {:?}", widened.changes);
        assert_eq!(widened.changes.is_empty(), widened.schema == schema, "{name}");
        let again = widen(&widened.schema, &library, &event.payloads());
        assert_eq!((again.schema, again.changes), (widened.schema, Vec::new()), "{name}: a second time");
    }
}

#[test]
fn what_is_inferred_of_some_payloads_widens_by_the_rest() {
    let (mut widened, mut other) = (0, 0);
    for (provider, event) in all_events() {
        let payloads = event.payloads();
        for count in 1..payloads.len() {
            let (some, rest) = payloads.split_at(count);
            let result = widen(&inferred_alone(event, some), &BTreeMap::new(), rest);
            let name = format!("{}/{} from {count}: {:?}", provider.name, event.name, result.unresolved);
            let telling = result
                .unresolved
                .iter()
                .all(|why| why.contains("what the event is") || why.contains("identified by its type"));
            assert!(telling, "{name}");
            let all = accepts(&result.schema, &BTreeMap::new(), &payloads).into_iter().all(|yes| yes);
            assert_eq!(all, result.unresolved.is_empty(), "{name}\n{}", result.schema);
            widened += usize::from(all);
            other += usize::from(!all);
        }
    }
    println!("{widened} widened, {other} identified by another value");
    assert!(widened > 3 * other, "{widened} {other}");
}

#[test]
fn a_changed_payload_is_accepted_or_left_to_a_person() {
    let (mut accepted, mut left) = (0, 0);
    for (number, (provider, event)) in all_events().enumerate().step_by(conformance::stride(7)) {
        let (schema, library) = (provider.schema(event).unwrap(), provider.library());
        for example in &event.examples {
            for mutant in some_mutants(&example.value, number) {
                let payload = Json::from_value(&mutant, None);
                // A member that the schema does not know can have another type in another payload.
                let all: Vec<Json> = event.payloads().into_iter().chain([payload.clone()]).collect();
                let widened = widen(&schema, &library, &all);
                let fits = accepts(&widened.schema, &library, std::slice::from_ref(&payload))[0];
                let name = format!("{}/{}/{} as {mutant}", provider.name, event.name, example.name);
                assert_eq!(fits, widened.unresolved.is_empty(), "{name}: {:?}\n{}", widened.unresolved, widened.schema);
                let own = accepts(&widened.schema, &library, &event.payloads());
                assert!(own.into_iter().all(|yes| yes), "{name}: the documented payloads are refused");
                accepted += usize::from(fits);
                left += usize::from(!fits);
            }
        }
    }
    println!("{accepted} accepted, {left} left");
    assert!(accepted > 40 && left > 10, "{accepted} {left}");
}

/// Returns a few mutants of a payload. The choice differs between events.
fn some_mutants(payload: &Value, number: usize) -> Vec<Value> {
    let all = mutants(payload);
    let stride = (all.len() / 3).max(1);
    all.into_iter().skip(number % stride).step_by(stride).map(|mutant| mutant.value).collect()
}
