//! typify: from the plan to Rust items. The one module that imports it, and the schemars 0.8 that it speaks.
//!
//! typify is handed the plan as a set of definitions in which everything that it would lose is replaced by something that
//! it keeps: a struct is an object whose members are all required, a union is an externally tagged enum, and a leaf is a
//! type of its own name that the refinement knows. It answers with structs and enums whose recursion is broken by boxes.
//! A panic of typify's is a diagnostic here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use schemars_0_8::schema::Schema;
use serde_json::{Map, Value, json};
use typify_impl::{TypeSpace, TypeSpaceSettings};

use crate::diagnostic::Diagnostic;
use crate::plan::{Extra, Kind, Plan, Ty, TypeId, Union, Use};

/// The crate that leaves are said to be of.
pub(crate) const LEAVES: &str = "leaf";

/// The name of a type in what typify sees.
pub(crate) fn type_name(id: TypeId) -> String {
    format!("T{:05}", id.0)
}

/// The name of a member or variant in what typify sees.
pub(crate) fn member_name(index: usize) -> String {
    format!("m{index:05}")
}

/// The name of what is kept beside the members.
pub(crate) const EXTRA: &str = "m_extra";

/// Turns a plan into Rust items.
///
/// # Errors
///
/// What typify cannot take.
pub(crate) fn convert(provider: &str, plan: &Plan) -> Result<syn::File, Diagnostic> {
    let failed = |message: String| {
        let advice = "this is a defect of the generator: please report it with the schemas";
        Diagnostic::of_file(provider, format!("typify cannot take the plan: {message}"), advice)
    };
    let definitions: Vec<(String, Schema)> = plan
        .types
        .iter()
        .enumerate()
        .map(|(index, ty)| Ok((type_name(TypeId(index)), serde_json::from_value(definition(&ty.kind))?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| failed(error.to_string()))?;
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    settings.with_crate(LEAVES, typify_impl::CrateVers::Any, None);
    let tokens = quietly(|| {
        let mut space = TypeSpace::new(&settings);
        space.add_ref_types(definitions).map(|()| space.to_stream()).map_err(|error| error.to_string())
    })
    .map_err(failed)?;
    syn::parse2(tokens).map_err(|error| failed(error.to_string()))
}

/// Runs something that may panic, and makes the panic an error.
fn quietly<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it panicked: {}", text.unwrap_or("without a word")))
    })
}

fn definition(kind: &Kind) -> Value {
    match kind {
        Kind::Struct(object) => {
            let extra = match &object.extra {
                Extra::Closed => None,
                Extra::Open | Extra::Checked(_) => Some(leaf("Object")),
                Extra::Typed(Use { ty, .. }) => Some(schema(&Ty::Map(Box::new(ty.clone())))),
            };
            members(object.fields.iter().map(|field| &field.value), extra)
        }
        Kind::Positional(array) => {
            let rest = array.rest.as_ref().map(|rest| schema(&Ty::Array(Box::new(rest.ty.clone()))));
            members(array.fields.iter().map(|field| &field.value), rest)
        }
        Kind::Names { values, open } => units(values.len(), *open),
        Kind::Literals(values) => units(values.len(), false),
        Kind::Union(Union { variants, .. }) => {
            let variant = |(index, value): (usize, &Use)| tagged(&variant_name(index), schema(&value.ty));
            json!({ "oneOf": variants.iter().map(|variant| &variant.value).enumerate().map(variant).collect::<Vec<_>>() })
        }
        Kind::Newtype(value) => members(std::iter::once(value), None),
    }
}

fn members<'u>(uses: impl Iterator<Item = &'u Use>, extra: Option<Value>) -> Value {
    let mut properties: Map<String, Value> =
        uses.enumerate().map(|(index, value)| (member_name(index), schema(&value.ty))).collect();
    properties.extend(extra.map(|extra| (EXTRA.to_owned(), extra)));
    // An object without members would be a map to typify.
    if properties.is_empty() {
        properties.insert("m_none".to_owned(), leaf("Null"));
    }
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// The name of a variant in what typify sees.
pub(crate) fn variant_name(index: usize) -> String {
    format!("V{index:05}")
}

fn units(count: usize, open: bool) -> Value {
    let names: Vec<String> = (0..count).map(variant_name).collect();
    let units = json!({ "type": "string", "enum": names });
    match open {
        false => units,
        true => json!({ "oneOf": [units, tagged(&variant_name(count), json!({ "type": "string" }))] }),
    }
}

fn tagged(name: &str, value: Value) -> Value {
    json!({ "type": "object", "required": [name], "properties": { name: value }, "additionalProperties": false })
}

fn schema(ty: &Ty) -> Value {
    match ty {
        Ty::Named(id) => json!({ "$ref": format!("#/definitions/{}", type_name(*id)) }),
        Ty::Array(item) => json!({ "type": "array", "items": schema(item) }),
        Ty::Map(value) => json!({ "type": "object", "additionalProperties": schema(value) }),
        Ty::Nullable(inner) => json!({ "oneOf": [schema(inner), { "type": "null" }] }),
        // The fields of a text are no part of it: they are read from it.
        Ty::Text(id) => leaf(&format!("Text{}", type_name(*id))),
        Ty::Value => leaf("Value"),
        Ty::Null => leaf("Null"),
        Ty::Boolean => leaf("Boolean"),
        Ty::Integer(width) => leaf(&format!("{width:?}")),
        Ty::Number => leaf("Number"),
        Ty::String => leaf("String"),
        Ty::Timestamp => leaf("Timestamp"),
        Ty::Constant(_) => leaf("Constant"),
        Ty::Object => leaf("Object"),
    }
}

fn leaf(name: &str) -> Value {
    json!({ "x-rust-type": { "crate": LEAVES, "version": "*", "path": format!("{LEAVES}::{name}") } })
}
