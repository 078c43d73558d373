//! The documentation of types, fields and variants, as the generated crate has it.

use crate::doc::{markdown, printable};
use crate::plan::{Docs, Field, Plan, Ty, Type, Variant};

/// What holds any other string, in an open set of strings.
pub(super) const OTHER: &str = "Any other string.";

/// What holds the items beyond those that have meanings of their own.
pub(super) const REST: &str = "Further items.";

pub(super) fn of_type(ty: &Type) -> String {
    paragraphs(&ty.docs.text, &ty.docs)
}

pub(super) fn of_field(field: &Field) -> String {
    let mut text = field.docs.text.clone();
    if field.docs.repeats(&field.json) {
        text = format!("`{}`.", printable(&field.json));
    } else if field.json != field.name && field.json.parse::<usize>().is_err() {
        text.push_str(&format!("\n\nJSON name: `{}`.", printable(&field.json)));
    }
    match (&field.value.ty, &field.constant) {
        (_, Some(value)) => text.push_str(&format!("\n\nAlways `{}`.", printable(&value.to_string()))),
        (Ty::Value, _) => text.push_str("\n\nAny JSON: the schema says no more, or more than a Rust type can hold."),
        _ => {}
    }
    paragraphs(&text, &field.docs)
}

pub(super) fn of_constant(shown: &str) -> String {
    markdown(&format!("`{}`", printable(shown)))
}

pub(super) fn of_variant(plan: &Plan, ty: &Type, variant: &Variant) -> String {
    let own = !variant.docs.repeats(&variant.name) && variant.docs.text != ty.docs.text;
    match (&variant.value.ty, own) {
        (_, true) => markdown(&variant.docs.text),
        (Ty::Named(id), false) => format!("See [`{}`].", plan.types[id.0].name),
        (ty, false) => described(ty).to_owned(),
    }
}

fn paragraphs(text: &str, docs: &Docs) -> String {
    let text = markdown(text);
    // The attribute would warn inside the generated code itself.
    if docs.deprecated { format!("{text}\n\n**Deprecated** by the vendor.") } else { text }
}

/// What a type holds, for a variant that nobody described.
fn described(ty: &Ty) -> &'static str {
    match ty {
        Ty::Value => "Any JSON.",
        Ty::Null => "`null`.",
        Ty::Boolean => "A boolean.",
        Ty::Integer(_) => "An integer.",
        Ty::Number => "A number.",
        Ty::String | Ty::Text(_) => "A string.",
        Ty::Timestamp => "A date and time.",
        Ty::Array(_) => "An array.",
        Ty::Map(_) | Ty::Object => "An object.",
        Ty::Named(_) => "A value of this type.",
        Ty::Nullable(_) => "A value, or `null`.",
    }
}
