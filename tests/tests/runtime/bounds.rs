//! Limits on the work and on the text that a payload can cause.
//!
//! Work is counted in steps and never in time. A step evaluates one schema at one place. Each schema is evaluated at most once at
//! each place for each purpose, however many references lead to it.

use conformance::steps::{PURPOSES, bound, counted, size};
use golden_events::features::Folders;
use golden_events::tolerant::Chain;
use security_webhooks::crowdsec;
use serde_json::{Value, json};
use webhook_codegen::Validator;
use webhook_runtime::{Batch, Error};

fn validator(schema: &Value) -> Validator {
    conformance::validator(&schema.to_string())
}

/// Bounds the work, and compares the verdict with another validator's.
fn hold(name: &str, schema: &Value, instance: &Value) {
    let valid = bounded(name, schema, instance);
    let other = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).build(schema).expect("a schema");
    assert_eq!(valid, other.is_valid(instance), "{name}");
}

/// Decides and explains the instance: neither takes more steps than there are schemas at places.
fn bounded(name: &str, schema: &Value, instance: &Value) -> bool {
    let validator = validator(schema);
    let bound = bound(schema, instance, PURPOSES);
    let (valid, taken) = counted(|| validator.are_valid(&[instance])[0]);
    assert!(taken <= bound, "{name}: {taken} steps to decide, at most {bound}");
    let (violations, taken) = counted(|| validator.violations(&[instance]).remove(0));
    assert!(taken <= bound, "{name}: {taken} steps to report, at most {bound}");
    assert_eq!(valid, violations.is_empty(), "{name}");
    let most = size(schema) * size(instance);
    assert!(violations.count() as u64 <= most, "{name}: {} violations, at most {most}", violations.count());
    valid
}

/// Returns nested folders around the given innermost folder.
fn nested(depth: usize, innermost: Value) -> Value {
    (0..depth).fold(innermost, |inner, _| json!({"name": "a", "children": [inner]}))
}

/// Recursive schemas in which two references lead to the folder in a folder. Both must hold, or both must be tried.
#[rustfmt::skip]
fn doubling() -> Vec<(&'static str, Value)> {
    let folder = json!({"$ref": "#/$defs/folder"});
    let items = json!({"items": folder});
    let members = json!({"name": {"type": "string"}, "children": items});
    let definition = json!({"type": "object", "required": ["name"], "properties": members});
    let (node, more) = (json!({"$ref": "#/$defs/node"}), json!({"properties": {"children": items}}));
    let requires = |name: &str| json!({"properties": {"children": items}, "required": [name]});
    let folders = [
        ("allOf", json!({"allOf": [node, more]})),
        ("beside a reference", json!({"$ref": "#/$defs/node", "properties": {"children": items}})),
        ("patternProperties", json!({
            "type": "object", "required": ["name"], "properties": members, "patternProperties": {"^c": items, "n$": items}
        })),
        ("unevaluatedProperties", json!({"allOf": [node, more], "unevaluatedProperties": false})),
        ("unevaluatedItems", json!({
            "allOf": [node],
            "properties": {"children": {"allOf": [{"contains": folder}, items], "unevaluatedItems": false}}
        })),
        ("dependentSchemas", json!({"$ref": "#/$defs/node", "dependentSchemas": {"children": more}})),
        ("if, then and else", json!({"if": node, "then": more, "else": requires("name")})),
        ("anyOf", json!({"anyOf": [node, requires("name")]})),
        ("oneOf", json!({"oneOf": [node, requires("other")]})),
        ("oneOf both", json!({"oneOf": [node, more]})),
        ("not", json!({"allOf": [node], "not": {"not": more}})),
        ("contains", json!({"allOf": [node], "properties": {"children": {"contains": folder, "minContains": 1}}})),
        ("anyOf in anyOf", json!({"anyOf": [{"anyOf": [node, requires("x")]}, {"anyOf": [requires("y"), node]}]})),
    ];
    let with = |folder| json!({"$ref": "#/$defs/folder", "$defs": {"node": definition, "folder": folder}});
    let dynamic = json!({
        "$id": "https://example.com/root", "$dynamicAnchor": "folder", "$ref": "node",
        "properties": {"children": {"items": {"$dynamicRef": "#folder"}}},
        "$defs": {"node": {
            "$id": "node", "$dynamicAnchor": "folder", "type": "object", "required": ["name"],
            "properties": {"name": {"type": "string"}, "children": {"items": {"$dynamicRef": "#folder"}}},
        }},
    });
    folders.into_iter().map(|(name, folder)| (name, with(folder))).chain([("a dynamic reference", dynamic)]).collect()
}

#[test]
fn recursive_schemas_are_evaluated_once_at_each_place() {
    for (name, schema) in doubling() {
        for innermost in
            [json!({"name": "a", "children": []}), json!({"name": 1}), json!(7), json!({"name": "a", "x": []})]
        {
            for depth in [3, 24, 60] {
                hold(&format!("{name} {depth} {innermost}"), &schema, &nested(depth, innermost.clone()));
            }
        }
    }
}

/// Definitions that each apply the next definition twice at the same place.
fn chain(keyword: &str, levels: usize) -> Value {
    let next = |level: usize| json!({"$ref": format!("#/$defs/{}", level + 1)});
    let twice = |level: usize| (level.to_string(), json!({keyword: [next(level), next(level)]}));
    (0..levels).map(twice).chain([(levels.to_string(), json!({"type": "string"}))]).collect()
}

#[test]
fn a_scalar_is_evaluated_once_by_each_schema() {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for instance in [json!("text"), json!(1), json!([]), json!({"a": 1})] {
            for (levels, hold) in [
                (6, hold as fn(&str, &Value, &Value)),
                (40, |name, schema, instance| {
                    // The other validator takes 2^40 steps.
                    bounded(name, schema, instance);
                }),
            ] {
                let definitions = chain(keyword, levels);
                hold(keyword, &json!({"$ref": "#/$defs/0", "$defs": definitions}), &instance);
                hold(keyword, &json!({"propertyNames": {"$ref": "#/$defs/0"}, "$defs": definitions}), &instance);
            }
        }
    }
}

#[test]
fn a_violation_is_reported_once() {
    let (_, schema) = doubling().swap_remove(0);
    for depth in [1, 5, 20] {
        let violations = validator(&schema).violations(&[&nested(depth, json!({"name": 1}))]).remove(0);
        let places: Vec<_> = violations.iter().map(|violation| violation.instance_location.as_str()).collect();
        assert_eq!(places, [format!("{}/name", "/children/0".repeat(depth))]);
    }
}

#[test]
fn wide_payloads_take_steps_in_proportion() {
    let (_, schema) = doubling().swap_remove(0);
    let wide =
        |count: usize| json!({"name": "a", "children": vec![json!({"name": "b", "children": [{"name": 0}]}); count]});
    let taken = |count: usize| counted(|| validator(&schema).violations(&[&wide(count)])).1;
    let (one, ten) = (taken(500), taken(5000));
    assert!(ten <= one * 11, "{one} steps and then {ten}");
}

#[test]
fn types_decide_each_place_once_however_they_are_read() {
    let schema: Value = serde_json::from_str(Folders::SCHEMA).expect("JSON");
    let innermost =
        [json!({"name": "a", "children": []}), json!({"name": 1}), json!({"name": "a", "other": 1}), json!(7)];
    for member in ["folder", "closed", "pattern", "expression"] {
        for innermost in &innermost {
            for depth in [3, 24, 60] {
                let payload = json!({"kind": "folders", member: nested(depth, innermost.clone())});
                // The text is read once. If that fails, it is parsed as a value, decided, and its violations are chosen and
                // reported.
                let bound = bound(&schema, &payload, 2 + PURPOSES);
                let name = format!("{member} {depth} {innermost}");
                let within =
                    |what: &str, taken: u64| assert!(taken <= bound, "{name}: {taken} steps to {what}: {bound}");
                let text = payload.to_string();
                let (of_text, taken) = counted(|| Folders::from_slice(text.as_bytes()));
                within("read text", taken);
                let (of_value, taken) = counted(|| Folders::from_value(payload.clone()));
                within("read a value", taken);
                let (valid, taken) = counted(|| Folders::validate(&payload).is_ok());
                within("validate", taken);
                assert_eq!((of_text.is_ok(), of_value.is_ok()), (valid, valid), "{name}");
                if let Ok(folders) = of_text {
                    within("list deviations", counted(|| folders.deviations()).1);
                }
            }
        }
    }
}

#[test]
fn a_leaf_that_many_levels_contain_is_evaluated_once() {
    // Each level is a buffered type, so without a memory each level would validate the leaf again.
    let steps_of = |depth: usize| {
        let leaf = json!({"name": "a", "children": vec![json!({"name": "b"}); 300]});
        let text = json!({"kind": "folders", "expression": nested(depth, leaf)}).to_string();
        let (read, taken) = counted(|| Folders::from_slice(text.as_bytes()));
        assert!(read.is_ok(), "{read:?}");
        taken
    };
    let (shallow, deep) = (steps_of(1), steps_of(55));
    assert!(deep < shallow * 2, "{shallow} steps at one level, {deep} at 55");
}

#[test]
fn a_report_is_no_larger_than_a_few_payloads() {
    let validator = validator(&json!({"additionalProperties": {"items": {"type": "string"}}}));
    let payload = json!({"n".repeat(1 << 20): vec![0; 300]});
    let size = payload.to_string().len();
    let report = validator.violations(&[&payload]).remove(0);
    assert_eq!(report.count(), 300);
    assert!(report.iter().count() > 0);
    let text = format!("{report}{}{report:?}", serde_json::to_string(&report).expect("JSON"));
    assert!(text.len() < 8 * size, "{} bytes about {size}", text.len());

    // A long list of constants is not repeated for each item that is not in the list.
    let names: Vec<String> = (0..2000).map(|number| format!("constant number {number}")).collect();
    let report =
        self::validator(&json!({"items": {"enum": names}})).violations(&[&Value::from(vec![0; 1000])]).remove(0);
    assert_eq!(report.count(), 1000);
    assert!(format!("{report:?}").len() < 1 << 20, "{}", format!("{report:?}").len());
}

#[test]
fn the_reports_of_a_batch_are_no_larger_than_a_few_bodies() {
    let body = Value::from(vec![json!({"details": {"event_type": "alert_triggered"}}); 5_000]).to_string();
    let batch = Batch::<crowdsec::Event>::from_slice(body.as_bytes()).expect("JSON");
    let reports: Vec<_> = batch
        .rejected()
        .filter_map(|item| match item.error() {
            Error::Invalid(invalid) => Some(invalid.violations()),
            _ => None,
        })
        .collect();
    assert_eq!((batch.len(), reports.len()), (5_000, 5_000));
    let count = reports[0].count();
    assert!(count > 1 && reports[0].iter().count() == count, "the first is described as a whole: {}", reports[0]);
    assert!(reports.iter().all(|report| report.count() == count && report.iter().count() > 0));
    let size: usize = reports.iter().map(|report| report.to_string().len()).sum();
    assert!(size < 8 * body.len(), "{size} bytes about {}", body.len());
}

/// A value that does not fit is not skipped or copied once for each object around it.
#[test]
fn nested_members_that_do_not_fit_are_not_read_again_on_every_level() {
    let chain =
        |depth: usize, innermost: Value| (0..depth).fold(innermost, |inner, _| json!({"link": inner, "note": "n"}));
    for innermost in [json!({}), json!({"id": "x"}), Value::from(vec![0; 50]), json!({"id": "1"})] {
        let payload = json!({"event": "chain", "link": chain(100, innermost), "links": []});
        let (of_text, taken) = counted(|| Chain::from_slice(payload.to_string().as_bytes()));
        let of_text = of_text.expect("all that is required is there");
        assert_eq!(of_text, Chain::from_value(payload.clone()).expect("the same"));
        assert_eq!(of_text.extra.get("link"), Some(&payload["link"]));
        let bound = size(&payload);
        assert!(taken <= bound, "{taken} steps, at most {bound}");
    }
    // The mismatch of each object is noticed after the mismatch of the object inside it.
    let open = |inner: String| format!(r#"{{"note": "]", "link": {inner}, "id": "}}", "others": [[], {{"a": 1}}]}}"#);
    let links = (0..100).fold("[{}]".to_owned(), |inner, _| open(inner));
    let text = format!(r#"{{"event": "chain", "link": {links}, "links": []}}"#);
    let (read, taken) = counted(|| Chain::from_slice(text.as_bytes()));
    let read = read.expect("all that is required is there");
    let sent: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(read.extra.get("link"), Some(&sent["link"]));
    let bound = 2 * size(&sent);
    assert!(taken <= bound, "{taken} steps, at most {bound}");
    // However many members do not fit, text and value are read with the same result.
    let links = vec![json!({"id": 1, "note": 5, "link": 7}); 40];
    let payload = json!({"event": "chain", "links": links, "link": {"id": 2, "note": null}});
    let read = Chain::from_slice(payload.to_string().as_bytes()).expect("all that is required is there");
    assert_eq!(read, Chain::from_value(payload).expect("the same"));
    assert_eq!(read.links.as_ref().map(|links| links.len()), Some(40));
    assert_eq!(read.deviations().count(), 81);
}

/// Long chains of references on each level of a deep payload: the evaluation ends before the stack does, with a violation
/// that says so.
#[test]
fn chains_of_references_on_every_level_do_not_use_up_the_stack() {
    for keyword in ["$ref", "allOf", "anyOf", "oneOf", "if"] {
        let target = |level: usize| json!({"$ref": format!("#/$defs/{}", level + 1)});
        let link = |level: usize| match keyword {
            "$ref" => target(level),
            "if" => json!({"if": target(level), "else": false}),
            _ => json!({keyword: [target(level)]}),
        };
        let levels = 60;
        let mut definitions: serde_json::Map<String, Value> =
            (0..levels).map(|level| (level.to_string(), link(level))).collect();
        definitions.insert(levels.to_string(), json!({"items": {"$ref": "#/$defs/0"}, "type": "array"}));
        let validator = validator(&json!({"$ref": "#/$defs/0", "$defs": definitions}));
        let nested = |depth: usize, innermost: Value| (0..depth).fold(innermost, |inner, _| json!([inner]));
        assert!(validator.are_valid(&[&nested(12, json!([]))])[0], "{keyword}");
        assert!(!validator.are_valid(&[&nested(12, json!(1))])[0], "{keyword}");
        for innermost in [json!([]), json!(1)] {
            let deep = nested(120, innermost);
            assert!(!validator.are_valid(&[&deep])[0], "{keyword}");
            let report = validator.violations(&[&deep]).remove(0);
            assert!(!report.is_empty(), "{keyword}");
        }
    }
}
