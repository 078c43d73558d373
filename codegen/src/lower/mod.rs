//! Lowers the plan to a JSON Schema document of definitions, in the subset that typify renders faithfully.
//!
//! Types are rendered by typify by design: its structs, enums and conversions are familiar to Rust programmers.
//! Lowering and refining form a round trip: lowering writes names from which typify forms the planned names, and
//! `refine` removes the parts that are not wanted.
//!
//! typify keeps the names and the documentation of definitions, members and branches. Schemas that it would misread are
//! written in another form:
//!
//! * A union is written like a serde enum: each branch is an object whose only member is the variant. Otherwise, typify
//!   drops the titles and descriptions of branches.
//! * A string enum is a `oneOf` of constants, because a list of strings has no place for descriptions.
//! * `x-rust-type` names a type of our own. `x-json-name` and `x-json-value` have the name or value in payloads if Rust
//!   needs another name. `x-prefix-items` marks an object that is an array in payloads; its members are the items by
//!   position.

mod docs;
pub(crate) mod typify;
mod uses;

use self::uses::Uses;
use crate::json::Json;
use crate::plan::idents::{field, name_of_field, name_of_type, name_of_variant};
use crate::plan::{Extra, Field, Kind, Plan, Positional, Presence, Struct, Ty, Type, TypeId, Union, Width};

/// A note for readers of the document.
pub(crate) const COMMENT: &str = "What typify is given for these events: every type under its final name, with its documentation. \
    A union is written as serde writes an enum: each branch is an object with one member, the variant, and in a payload \
    the value of that member stands alone. x-json-name and x-json-value are what a payload has where Rust needs another \
    name. An object with x-prefix-items is an array in a payload: its members are the items by position.";

type SchemaMembers = Vec<(String, Json)>;

/// Returns the lowered document of a provider.
pub(crate) fn lower(provider: &str, plan: &Plan) -> Json {
    let mut definitions = SchemaMembers::new();
    let uses = Uses::of(plan);
    for (id, ty) in plan.types.iter().enumerate().map(|(index, ty)| (TypeId(index), ty)) {
        let name = definition_name(ty);
        if let Kind::Newtype(value) = &ty.kind
            && matches!(value.ty, Ty::Text(_))
        {
            // typify replaces a definition that is one of our own generic types by that type, so the definition is an
            // alias.
            definitions.push((format!("{name}.text"), Json::Object(schema(plan, &value.ty))));
            let alias = definition(plan, &uses, id, vec![reference(&format!("{name}.text"))]);
            definitions.push((name, alias));
        } else {
            definitions.push((name, definition(plan, &uses, id, members(plan, &uses, id))));
        }
    }
    object([
        ("$schema", string("http://json-schema.org/draft-07/schema#")),
        ("title", string(format!("Types of {provider}"))),
        ("$comment", string(COMMENT)),
        ("definitions", Json::Object(definitions)),
    ])
}

fn string(text: impl Into<String>) -> Json {
    Json::String(text.into())
}

fn member(name: &str, value: Json) -> (String, Json) {
    (name.to_owned(), value)
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.map(|(name, value)| member(name, value)).into())
}

/// Returns the name of a type's definition, from which typify forms the name of the type.
fn definition_name(ty: &Type) -> String {
    name_of_type(&ty.name).unwrap_or_else(|| ty.name.clone())
}

fn definition(plan: &Plan, uses: &Uses, id: TypeId, members: SchemaMembers) -> Json {
    let description = member("description", string(docs::of_type(plan, uses, id)));
    Json::Object(std::iter::once(description).chain(members).collect())
}

fn reference(name: &str) -> (String, Json) {
    member("$ref", string(format!("#/definitions/{}", webhook_runtime::__private::escape(name))))
}

fn members(plan: &Plan, uses: &Uses, id: TypeId) -> SchemaMembers {
    let ty = &plan.types[id.0];
    match &ty.kind {
        Kind::Struct(object) => structure(plan, uses, id, object),
        Kind::Positional(array) => positional(plan, uses, id, array),
        Kind::StringEnum { values, docs: described, open } => {
            let strings = values.iter().zip(described);
            let strings = strings.map(|((text, variant), docs)| constant(&string(text.as_str()), variant, text, docs));
            let other = open.then(|| branch("Other", docs::OTHER, Json::Object(schema(plan, &Ty::String))));
            vec![one_of(strings.chain(other))]
        }
        Kind::ConstEnum(values) => {
            vec![one_of(values.iter().map(|(value, variant)| constant(value, variant, &value.to_string(), "")))]
        }
        Kind::Union(union) => vec![one_of(branches(plan, ty, union))],
        Kind::Newtype(value) => schema(plan, &value.ty),
    }
}

fn one_of(branches: impl Iterator<Item = Json>) -> (String, Json) {
    member("oneOf", Json::Array(branches.collect()))
}

/// Returns a constant with its variant. If typify would form another variant name from the value, `x-json-value` has
/// the value.
fn constant(value: &Json, variant: &str, shown: &str, description: &str) -> Json {
    // A value that is not a string has no name.
    let name = name_of_variant(value.as_str().unwrap_or_default(), variant);
    let json = (value.as_str() != Some(&name)).then(|| member("x-json-value", value.clone()));
    let mut members = vec![member("const", string(name))];
    members.extend(json);
    members.push(member("description", string(docs::of_constant(shown, description))));
    Json::Object(members)
}

fn branches(plan: &Plan, ty: &Type, union: &Union) -> impl Iterator<Item = Json> {
    union.variants.iter().map(|variant| {
        let description = docs::of_variant(plan, ty, variant);
        branch(&variant.name, &description, Json::Object(value(plan, &variant.value.ty, variant.boxed)))
    })
}

/// Returns a branch of a union: an object whose only member is the variant.
fn branch(variant: &str, description: &str, value: Json) -> Json {
    let name = name_of_type(variant).unwrap_or_else(|| variant.to_owned());
    object([
        ("title", string(variant)),
        ("description", string(description)),
        ("type", string("object")),
        ("properties", object([(&name, value)])),
        ("required", Json::Array(vec![string(name.as_str())])),
        ("additionalProperties", Json::Boolean(false)),
    ])
}

fn structure(plan: &Plan, uses: &Uses, id: TypeId, structure: &Struct) -> SchemaMembers {
    let properties = structure.fields.iter().map(|planned| {
        // typify forms the field name from the JSON name, unless another member has the same field name.
        let own = field(&planned.json) == planned.name;
        let name = if own { planned.json.clone() } else { field_name(planned) };
        let json = (!own).then(|| member("x-json-name", string(planned.json.as_str())));
        (name, property(plan, (uses, id), planned, json), planned.presence == Presence::Required)
    });
    let mut members = properties_of(properties);
    let extra = match &structure.extra {
        Extra::Closed => Json::Boolean(false),
        Extra::Open | Extra::Checked(_) => object([]),
        Extra::Typed(value) => Json::Object(schema(plan, &value.ty)),
    };
    if structure.fields.is_empty() && extra != Json::Boolean(false) {
        // typify would render an object without members of its own as a map instead of a struct.
        members.push(member("patternProperties", object([("", object([]))])));
    }
    members.push(member("additionalProperties", extra));
    members
}

fn positional(plan: &Plan, uses: &Uses, id: TypeId, array: &Positional) -> SchemaMembers {
    let items = array.fields.iter().map(|planned| {
        (field_name(planned), property(plan, (uses, id), planned, None), planned.presence == Presence::Required)
    });
    let rest = array.rest.as_ref().map(|rest| {
        let items = Json::Object(schema(plan, &rest.ty));
        let list = [("description", string(docs::REST)), ("type", string("array")), ("items", items)];
        (array.rest_name.clone(), object(list), true)
    });
    let mut members = vec![member("x-prefix-items", Json::Boolean(true))];
    members.extend(properties_of(items.chain(rest)));
    members.push(member("additionalProperties", Json::Boolean(false)));
    members
}

/// Returns a name from which typify forms the field name.
fn field_name(field: &Field) -> String {
    name_of_field(&field.name).unwrap_or_else(|| field.name.clone())
}

/// Returns the schema of a field.
fn property(plan: &Plan, (uses, of): (&Uses, TypeId), field: &Field, json_name: Option<(String, Json)>) -> Json {
    let mut schema = vec![member("description", string(docs::of_field(uses, of, field)))];
    schema.extend(json_name);
    match field.presence {
        Presence::Nullable => schema.extend(nullable(value(plan, &field.value.ty, field.boxed))),
        Presence::Required | Presence::Optional => schema.extend(value(plan, &field.value.ty, field.boxed)),
    }
    let scalar = matches!(field.value.ty, Ty::Integer(_) | Ty::Boolean | Ty::Number);
    let constant = field.constant.as_ref().filter(|_| scalar && field.presence != Presence::Nullable);
    schema.extend(constant.map(|constant| member("const", constant.clone())));
    Json::Object(schema)
}

/// Returns an object with some properties: the name and schema of each, and whether it is required.
fn properties_of(properties: impl Iterator<Item = (String, Json, bool)>) -> SchemaMembers {
    let mut required = Vec::new();
    let properties: SchemaMembers = properties
        .map(|(name, schema, always)| {
            if always {
                required.push(string(name.as_str()));
            }
            (name, schema)
        })
        .collect();
    let mut members = vec![member("type", string("object"))];
    if !properties.is_empty() {
        members.push(member("properties", Json::Object(properties)));
    }
    if !required.is_empty() {
        members.push(member("required", Json::Array(required)));
    }
    members
}

/// Returns the schema of a value, which may be boxed.
fn value(plan: &Plan, ty: &Ty, boxed: bool) -> SchemaMembers {
    match ty {
        Ty::Nullable(inner) if boxed => nullable(value(plan, inner, boxed)),
        ty if boxed => vec![rust_type("std", "std::boxed::Box", vec![Json::Object(schema(plan, ty))])],
        ty => schema(plan, ty),
    }
}

fn nullable(schema: SchemaMembers) -> SchemaMembers {
    vec![one_of([Json::Object(schema), object([("type", string("null"))])].into_iter())]
}

fn schema(plan: &Plan, ty: &Ty) -> SchemaMembers {
    let typed = |name: &str| member("type", string(name));
    let named = |id: &TypeId| reference(&definition_name(&plan.types[id.0]));
    match ty {
        Ty::Named(id) => vec![named(id)],
        Ty::Array(item) => vec![typed("array"), member("items", Json::Object(schema(plan, item)))],
        Ty::Map(value) => vec![typed("object"), member("additionalProperties", Json::Object(schema(plan, value)))],
        Ty::Object => vec![typed("object"), member("additionalProperties", object([]))],
        Ty::Nullable(inner) => nullable(schema(plan, inner)),
        // The fields of a templated text are not part of the JSON value: they are extracted from it.
        Ty::Text(id) => {
            let fields = Json::Object(vec![named(id)]);
            vec![typed("string"), rust_type("webhook-runtime", "webhook_runtime::TemplatedText", vec![fields])]
        }
        Ty::Value => vec![rust_type("serde_json", "serde_json::Value", Vec::new())],
        Ty::Null => vec![typed("null")],
        Ty::Boolean => vec![typed("boolean")],
        Ty::Integer(Width::I64) => vec![typed("integer"), member("format", string("int64"))],
        Ty::Integer(Width::U64) => vec![typed("integer"), member("format", string("uint64"))],
        Ty::Number => vec![typed("number"), rust_type("serde_json", "serde_json::Number", Vec::new())],
        Ty::Decimal => vec![typed("number"), rust_type("webhook-runtime", "webhook_runtime::Decimal", Vec::new())],
        Ty::String => vec![typed("string")],
        Ty::Timestamp => vec![typed("string"), rust_type("webhook-runtime", "webhook_runtime::Timestamp", Vec::new())],
    }
}

/// Returns the keyword for a type of our own or a generic container. typify must know the crate.
fn rust_type(name: &'static str, path: &str, parameters: Vec<Json>) -> (String, Json) {
    let mut members = vec![member("crate", string(name)), member("version", string("*")), member("path", string(path))];
    if !parameters.is_empty() {
        members.push(member("parameters", Json::Array(parameters)));
    }
    member("x-rust-type", Json::Object(members))
}
