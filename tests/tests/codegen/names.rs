//! Public names: each definition has one name, whatever the order of its members, and keeps it when events are added.

use std::fs;
use std::path::Path;

use conformance::folder::{copy, five_documents, goldens, vendors};
use webhook_codegen::catalog::EventSettings;
use webhook_codegen::{Api, Catalog, Options, generate, load};

fn api(catalog: &Catalog) -> Api {
    let options = Options::default().package("names");
    Api::of(&generate(catalog, &options).unwrap().tree)
}

/// Returns the names of `old` that `new` lacks or uses for another type.
fn renamed(old: &Api, new: &Api) -> Vec<String> {
    let kept = |name: &str| match (old.0.get(name), new.0.get(name)) {
        // The enum of events has one more variant.
        (Some(old), Some(new)) => old.parts.is_subset(&new.parts) && (old.open || old.parts == new.parts),
        _ => false,
    };
    old.0.keys().filter(|name| !kept(name)).cloned().collect()
}

/// A provider, from the schemas of its events and its settings.
fn provider(events: &[(&str, String)], settings: &str) -> Api {
    let events: Vec<(&str, &str)> = events.iter().map(|(event, schema)| (*event, schema.as_str())).collect();
    api(&conformance::planned::catalog(&events, settings))
}

fn names(api: &Api) -> Vec<&str> {
    let types = api.0.keys().filter_map(|name| name.strip_prefix("acme::"));
    types.filter(|name| !name.contains("::") && name.chars().any(char::is_lowercase)).collect()
}

/// An event that is identified by `type` and has a member with a definition.
fn event(name: &str, definition: &str, schema: &str) -> (&'static str, String) {
    let schema = format!(
        r##"{{"type": "object", "required": ["type"], "$defs": {{"{definition}": {schema}}},
            "properties": {{"type": {{"const": "{name}"}}, "part": {{"$ref": "#/$defs/{definition}"}}}}}}"##
    );
    (name.to_owned().leak(), schema)
}

const PART: &str = r#"{"type": "object", "required": ["a", "b"], "properties": {
    "a": {"type": ["string", "null"]}, "b": {"enum": ["x", "y"]}, "c": {"const": {"m": 1, "n": [2]}}}}"#;
const REORDERED: &str = r#"{"properties": {"c": {"const": {"n": [2], "m": 1}}, "b": {"enum": ["y", "x"]},
    "a": {"type": ["null", "string"]}}, "required": ["b", "a"], "type": "object"}"#;
const OTHER: &str = r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}"#;

#[test]
fn order_makes_no_other_definition() {
    let same = provider(&[event("one", "Part", PART), event("two", "Part", REORDERED)], "");
    assert_eq!(names(&same), ["Event", "One", "Part", "PartB", "PartC", "Two"]);
    let other = provider(&[event("one", "Part", PART), event("two", "Part", OTHER)], "");
    assert_eq!(names(&other), ["Event", "One", "OnePart", "OnePartB", "OnePartC", "Two", "TwoPart"]);
}

#[test]
fn a_later_definition_takes_no_name() {
    let old = [event("one", "Part", PART)];
    let newer = event("earlier", "Part", OTHER);
    let both = provider(&[old[0].clone(), newer.clone()], "[events.earlier]\nsince = \"0.2.0\"\n");
    assert_eq!(names(&both), ["Earlier", "EarlierPart", "Event", "One", "Part", "PartB", "PartC"]);
    // An event whose own name is taken.
    let named_so = provider(&[old[0].clone(), event("part", "Other", OTHER)], "[events.part]\nsince = \"0.2.0\"\n");
    assert_eq!(names(&named_so), ["Event", "One", "Other", "Part", "PartB", "PartC", "PartEvent"]);
    // A type that is named after its event keeps its name when another event uses it.
    let two = [event("one", "Part", PART), event("two", "Part", OTHER)];
    let three = [two[0].clone(), two[1].clone(), event("alike", "Part", OTHER)];
    let three = provider(&three, "[events.alike]\nsince = \"1.0.0\"\n");
    assert_eq!(renamed(&provider(&two, ""), &three), Vec::<String>::new());
    // Releases are ordered by their numbers.
    let settings = "[events.two]\nsince = \"0.9.0\"\n[events.alike]\nsince = \"0.10.0\"\n";
    let text =
        [two[0].clone(), two[1].clone(), event("alike", "Part", r#"{"type": "object", "properties": {"z": {}}}"#)];
    assert!(names(&provider(&text, settings)).contains(&"AlikePart"));
}

#[test]
fn a_release_is_three_numbers() {
    let folder = tempfile::tempdir().unwrap();
    copy(&vendors().join("wallarm"), &folder.path().join("wallarm"));
    let path = folder.path().join("wallarm/provider.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("[events.hit]\n", "[events.hit]\nsince = \"soon\"\n")).unwrap();
    let problems = load(folder.path()).unwrap_err();
    assert!(problems[0].to_string().contains("`events.hit.since`: \"soon\" is not a version"), "{problems:?}");
}

/// Every event, or one of a given number of events, in turn as the event that is added last.
fn events_added(defs: &Path, stride: usize) {
    let whole = conformance::catalog(defs);
    for provider in &whole.providers {
        for event in provider.events.iter().filter(|_| provider.events.len() > 1).step_by(stride) {
            let one = |change: &dyn Fn(&mut webhook_codegen::catalog::Provider)| {
                let mut provider = provider.clone();
                change(&mut provider);
                Catalog { providers: vec![provider], ..whole.clone() }
            };
            let before = one(&|provider| {
                provider.events.retain(|known| known.name != event.name);
                provider.settings.precedence.retain(|known| *known != event.name);
                provider.settings.events.remove(&event.name);
            });
            // Other events may refer to its schema.
            let options = Options::default().package("names");
            let Ok(before) = generate(&before, &options) else { continue };
            let after = one(&|provider| {
                let settings = provider.settings.events.entry(event.name.clone());
                settings.or_insert_with(EventSettings::default).since = Some((9, 0, 0));
            });
            let lost = renamed(&Api::of(&before.tree), &api(&after));
            assert_eq!(lost, Vec::<String>::new(), "{}/{} is added", provider.name, event.name);
        }
    }
}

#[test]
fn no_event_renames_what_there_is() {
    events_added(&vendors(), conformance::stride(4));
    events_added(&goldens(), conformance::stride(9));
}

/// An event that CrowdSec documented later. Its `AlertBehavior` has the members in another order.
#[test]
fn a_documented_event_renames_nothing() {
    let old = api(conformance::catalog(&five_documents()));
    for since in ["", "since = \"0.2.0\"\n"] {
        let folder = tempfile::tempdir().unwrap();
        copy(&five_documents(), folder.path());
        let provider = folder.path().join("crowdsec");
        copy(&vendors().join("crowdsec/blocking_safe_ip"), &provider.join("blocking_safe_ip"));
        let mut settings = fs::read_to_string(provider.join("provider.toml")).unwrap();
        // The event has no constant member, so it is tried last.
        let known = conformance::catalog(&five_documents()).providers.iter().find(|known| known.name == "crowdsec");
        let known = known.unwrap().events.iter().map(|event| event.name.as_str());
        let order: Vec<&str> = known.chain(["blocking_safe_ip"]).collect();
        settings = format!("precedence = {order:?}\n{settings}\n[events.blocking_safe_ip]\n{since}");
        fs::write(provider.join("provider.toml"), settings).unwrap();
        let new = api(&load(folder.path()).unwrap());
        assert_eq!(renamed(&old, &new), Vec::<String>::new());
        let added: Vec<&str> = new.0.keys().filter(|name| !old.0.contains_key(*name)).map(String::as_str).collect();
        assert!(added.contains(&"crowdsec::BlockingSafeIp") && !added.iter().any(|name| name.contains("Behavior")));
    }
}

#[test]
fn names_of_types_fit_into_names_of_files() {
    let nested = |member: &str, depth: usize| {
        let innermost = r#"{"enum": ["x", "y"]}"#.to_owned();
        let object = |inner: String, _| format!(r#"{{"type": "object", "properties": {{"{member}": {inner}}}}}"#);
        let schema = (0..depth).fold(innermost, object);
        provider(&[("event", schema)], "")
    };
    for (member, depth) in [("x".repeat(300), 4), ("é".repeat(150), 4), ("member_of_an_object".to_owned(), 30)] {
        let (long, short) = (nested(&member, depth), nested("x", depth));
        // A page of rustdoc is named after the kind and the name of the type.
        for name in long.0.keys().filter_map(|name| name.rsplit("::").next()) {
            assert!(format!("struct.{name}.html").len() <= 255, "{name}");
        }
        assert_eq!(names(&long).len(), names(&short).len());
    }
}
