//! Deviations: members and values of an accepted payload that its schema does not name or list, for every keyword with subschemas.

use serde_json::{Value, json};
use webhook_runtime::__private::Literal;
use webhook_runtime::__private::schema::{
    Id, Keyword, Schema, Table, Types, Validator, items, properties, properties_and,
};
use webhook_runtime::{DeviationKind, Deviations};

/// The schemas to refer to: any value, an object that names `a`, an object that names `b`, a string, a list of strings.
const ANY: Id = 1;
const NAMES_A: Id = 2;
const NAMES_B: Id = 3;
const STRING: Id = 4;
const LISTED: Id = 5;

/// Returns the deviations of an instance from a schema with these keywords, as `{kind} {place}`.
fn deviations(keywords: &[Keyword<'_>], instance: &Value) -> Vec<String> {
    let schemas = [
        Schema(keywords),
        Schema(&[]),
        Schema(&[Keyword::Required(&["a"]), properties(&[("a", ANY)])]),
        Schema(&[Keyword::Required(&["b"]), properties(&[("b", ANY)])]),
        Schema(&[Keyword::Type(Types::STRING)]),
        Schema(&[Keyword::Enum(&[Literal::String("open"), Literal::String("closed")])]),
    ];
    let table = Table::new(&schemas);
    let validator = Validator::new(&table, 0);
    assert!(validator.is_valid(instance), "{instance}");
    validator
        .deviations(instance)
        .iter()
        .map(|one| format!("{} {}", one.kind.as_str(), one.instance_location))
        .collect()
}

#[test]
fn a_member_is_known_if_any_schema_names_it() {
    let c = || properties(&[("c", ANY)]);
    let (a, b) = (json!({"a": 1, "c": 1, "x": 1}), json!({"b": 1, "c": 1, "x": 1}));
    let unknown = ["unknown_member /x"];
    assert_eq!(deviations(&[c(), Keyword::AllOf(&[NAMES_A])], &a), unknown);
    assert_eq!(deviations(&[c(), Keyword::AnyOf(&[NAMES_A, NAMES_B])], &a), unknown);
    assert_eq!(deviations(&[c(), Keyword::OneOf(&[NAMES_A, NAMES_B])], &b), unknown);
    assert_eq!(deviations(&[c(), Keyword::Ref(NAMES_A, "", &[])], &a), unknown);
    let dependent = || Keyword::DependentSchemas(&[("a", NAMES_A), ("z", NAMES_B)], false);
    assert_eq!(deviations(&[c(), dependent()], &a), unknown);
    // Schemas that do not apply name no members.
    assert_eq!(deviations(&[c(), dependent()], &b), ["unknown_member /b", "unknown_member /x"]);
    let conditional = || Keyword::If(NAMES_A, Some(ANY), Some(NAMES_B));
    assert_eq!(deviations(&[c(), conditional()], &a), unknown);
    assert_eq!(deviations(&[c(), conditional()], &b), unknown);
}

#[test]
fn where_nothing_is_named_everything_may_be() {
    assert_eq!(deviations(&[], &json!({"x": {"y": 1}})), [""; 0]);
    assert_eq!(deviations(&[properties_and(&[("a", ANY)], STRING)], &json!({"x": "any"})), [""; 0]);
    // The schema `true` names no members.
    assert_eq!(deviations(&[properties_and(&[("a", ANY)], ANY)], &json!({"x": "any"})), ["unknown_member /x"]);
    assert_eq!(deviations(&[properties(&[("a", ANY)])], &json!({"a": {"y": 1}})), [""; 0]);
}

#[test]
fn items_are_looked_at_by_their_place() {
    let instance = json!([{"a": 1, "x": 1}, {"a": 1}, {"a": 1, "y": 1}]);
    assert_eq!(deviations(&[items(NAMES_A)], &instance), ["unknown_member /0/x", "unknown_member /2/y"]);
    let first = Keyword::Items { prefix: &[NAMES_A], rest: None, items_array: false };
    assert_eq!(deviations(&[first], &instance), ["unknown_member /0/x"]);
    let others = Keyword::Items { prefix: &[ANY], rest: Some(NAMES_A), items_array: false };
    assert_eq!(deviations(&[others], &instance), ["unknown_member /2/y"]);
}

#[test]
fn a_string_that_is_not_listed_beside_others() {
    let open = |text: &str| deviations(&[Keyword::AnyOf(&[LISTED, STRING])], &json!(text));
    assert_eq!(open("open"), [""; 0]);
    assert_eq!(open("new"), ["unlisted_value "]);
    assert_eq!(deviations(&[Keyword::AnyOf(&[STRING, ANY])], &json!("new")), [""; 0]);
}

#[test]
fn the_rest_is_counted() {
    let schemas = [Schema(&[properties(&[("a", 1)])]), Schema(&[])];
    let table = Table::new(&schemas);
    let of = |count: usize| {
        let members = (0..count).map(|index| (format!("x{index}"), Value::Null));
        Validator::new(&table, 0).deviations(&Value::Object(members.collect()))
    };
    for more in [0, 1, 5] {
        let found = of(Deviations::LIMIT + more);
        assert_eq!((found.count(), found.truncated()), (Deviations::LIMIT + more, more));
        assert!(found.iter().all(|one| one.kind == DeviationKind::UnknownMember && one.actual_type == "null"));
    }
}
