//! Writes the documentation of types, fields and variants in the generated crate.

use super::uses::Uses;
use crate::plan::{Docs, Field, Kind, Plan, Presence, Ty, Type, TypeId, Variant};
use crate::text::markdown::{code, markdown};
use webhook_runtime::__private::escape;

/// The documentation of the variant for unlisted strings.
pub(super) const OTHER: &str = "Any other string.";

/// The documentation of the field for further items.
pub(super) const REST: &str = "Further items.";

/// Documents a type: its description, and where it is used.
pub(super) fn of_type(plan: &Plan, uses: &Uses, id: TypeId) -> String {
    let ty = &plan.types[id.0];
    let links = uses.links(plan, id);
    let description = if ty.docs.text.is_empty() { description_of_fields(plan, uses, id) } else { &ty.docs.text };
    if description.is_empty() {
        let what = noun(&ty.kind);
        let event = plan.events().iter().find(|event| event.root == id);
        let is_envelope = plan.envelope().is_some_and(|envelope| envelope.root == id);
        let text = match (event, uses.pointer(id), uses.member(id)) {
            _ if is_envelope => "The object around the events of a body".to_owned(),
            (Some(event), ..) => format!("The payload of the event {}", code(&event.name)),
            (None, Some(pointer), _) => format!("The {what} at {}", code(pointer)),
            (None, None, _) if uses.is_in_text(id) => "What the text contains".to_owned(),
            (None, None, Some(member)) => format!("The {what} {} of several types", code(member)),
            (None, None, None) => format!("{} {what}", if what == "object" { "An" } else { "A" }),
        };
        let links = links.map(|links| format!(", used by {links}")).unwrap_or_default();
        return deprecated(format!("{text}{links}."), &ty.docs);
    }
    let text = deprecated(markdown(description), &ty.docs);
    links.map_or_else(|| text.clone(), |links| format!("{text}\n\nUsed by {links}."))
}

/// Returns the description of the fields that hold the values of a type, if all of them have the same.
fn description_of_fields<'p>(plan: &'p Plan, uses: &Uses, id: TypeId) -> &'p str {
    let described = |field: &'p Field| (!field.docs.repeats(&field.json)).then_some(field.docs.text.as_str());
    let mut descriptions = uses.fields(plan, id).map(|field| field.and_then(described));
    let first = descriptions.next().flatten();
    if descriptions.all(|other| other == first) { first.unwrap_or_default() } else { "" }
}

fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Struct(_) => "object",
        Kind::Positional(_) => "tuple",
        Kind::StringEnum { .. } => "string",
        Kind::ConstEnum(_) | Kind::Union(_) | Kind::Newtype(_) => "value",
    }
}

/// Documents a field: its description, its JSON Pointer, and whether it may be absent or null.
pub(super) fn of_field(uses: &Uses, of: TypeId, field: &Field) -> String {
    let presence = match (field.presence, &field.value.ty) {
        (Presence::Required, Ty::Nullable(_)) => "required, may be null",
        (Presence::Required, _) => "required",
        (Presence::Optional, Ty::Nullable(_)) | (Presence::Nullable, _) => "optional, may be null",
        (Presence::Optional, _) => "optional",
    };
    let place = match uses.pointer(of) {
        Some(pointer) if field.conditional => {
            let place = code(&format!("{pointer}/{}", escape(&field.json)));
            format!("{place}, {presence}. A value that does not fit its conditions is in `extra`.")
        }
        _ if uses.is_in_text(of) => format!("The {} in the text, {presence}.", code(&field.json)),
        Some(pointer) => format!("{}, {presence}.", code(&format!("{pointer}/{}", escape(&field.json)))),
        None => format!("{}, {presence}.", code(&format!("…/{}", escape(&field.json)))),
    };
    let mut text = place;
    if !field.docs.repeats(&field.json) {
        text = format!("{}\n\n{text}", markdown(&field.docs.text));
    }
    match (&field.value.ty, &field.constant) {
        (_, Some(value)) => text.push_str(&format!(" Always {}.", code(&value.to_string()))),
        (Ty::Value, _) => text.push_str(" Any JSON: the schema allows more than one Rust type can hold."),
        _ => {}
    }
    deprecated(text, &field.docs)
}

/// Documents a constant: its description, if there is one, and its value.
pub(super) fn of_constant(shown: &str, description: &str) -> String {
    let value = code(shown);
    if description.is_empty() { value } else { format!("{}\n\n{value}", markdown(description)) }
}

pub(super) fn of_variant(plan: &Plan, ty: &Type, variant: &Variant) -> String {
    let own = !variant.docs.repeats(&variant.name) && variant.docs.text != ty.docs.text;
    match (&variant.value.ty, own) {
        (_, true) => markdown(&variant.docs.text),
        (Ty::Named(id), false) => format!("See [`{}`].", plan.types[id.0].name),
        (ty, false) => described(ty).to_owned(),
    }
}

fn deprecated(text: String, docs: &Docs) -> String {
    // A `#[deprecated]` attribute would cause warnings inside the generated code.
    if docs.deprecated { format!("{text}\n\n**Deprecated** by the vendor.") } else { text }
}

/// Describes the type of a variant without a description.
fn described(ty: &Ty) -> &'static str {
    match ty {
        Ty::Value => "Any JSON.",
        Ty::Null => "`null`.",
        Ty::Boolean => "A boolean.",
        Ty::Integer(_) => "An integer.",
        Ty::Number | Ty::Decimal => "A number.",
        Ty::String | Ty::Text(_) => "A string.",
        Ty::Timestamp => "A date and time.",
        Ty::Array(_) => "An array.",
        Ty::Map(_) | Ty::Object => "An object.",
        Ty::Named(_) => "A value of this type.",
        Ty::Nullable(_) => "A value, or `null`.",
    }
}
