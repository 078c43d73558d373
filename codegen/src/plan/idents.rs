//! Forms identifiers from JSON names as typify does, so that the plan knows the names in the generated crate.
//!
//! A name here is correct if typify forms the same name from the document that `lower` writes. A test compares the two.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Identifiers to which typify appends an underscore.
const KEYWORDS: [&str; 53] = [
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Returns the field or module name that typify forms from a JSON name.
pub(crate) fn field(name: &str) -> String {
    sanitized(name, str::to_snake_case)
}

/// Returns the type or variant name that typify forms from a JSON name.
pub(crate) fn type_or_variant(name: &str) -> String {
    sanitized(name, str::to_upper_camel_case)
}

fn sanitized(name: &str, case: fn(&str) -> String) -> String {
    let ident = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(&name.replace('\'', "").replace(|c| !is_xid_continue(c), "-")),
    };
    let ident = match ident.chars().next() {
        Some(first) if is_xid_start(first) => ident,
        _ => format!("{}{ident}", case("x")),
    };
    if KEYWORDS.contains(&ident.as_str()) { format!("{ident}_") } else { ident }
}

/// Returns a JSON name from which typify forms this field name, if there is one.
pub(crate) fn name_of_field(ident: &str) -> Option<String> {
    (field(ident) == ident).then(|| ident.to_owned())
}

/// Returns a JSON name from which typify forms this type or variant name, if there is one: the identifier itself, or
/// the identifier with separated words (`A_B` for `AB`).
pub(crate) fn name_of_type(ident: &str) -> Option<String> {
    if type_or_variant(ident) == ident {
        return Some(ident.to_owned());
    }
    let mut name = String::with_capacity(ident.len() + 4);
    for c in ident.chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c);
    }
    (type_or_variant(&name) == ident).then_some(name)
}

/// Returns a string from which typify forms this variant name: preferably the string in the payload.
pub(crate) fn name_of_variant(text: &str, variant: &str) -> String {
    match type_or_variant(text) == variant {
        true => text.to_owned(),
        false => name_of_type(variant).unwrap_or_else(|| variant.to_owned()),
    }
}

/// Returns the identifier, or a similar one, for a field name that typify can form.
pub(crate) fn possible_field(ident: &str) -> String {
    possible(ident, field, |ident| name_of_field(ident).is_some())
}

/// Returns the identifier, or a similar one, for a type name that typify can form.
pub(crate) fn possible_type(ident: &str) -> String {
    possible(ident, type_or_variant, |ident| name_of_type(ident).is_some())
}

/// Repeats the conversion, because the case conversion of a few letters is not stable.
fn possible(ident: &str, sanitized: fn(&str) -> String, is_possible: fn(&str) -> bool) -> String {
    let mut ident = ident.to_owned();
    for _ in 0..4 {
        if is_possible(&ident) {
            return ident;
        }
        ident = sanitized(&ident);
    }
    sanitized(&ident.replace(|c: char| !c.is_ascii(), "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_names_that_give_them() {
        for (ident, name) in
            [("Alert", "Alert"), ("AB", "A_B"), ("N2Fa", "N2Fa"), ("AlertAB2", "Alert_A_B2"), ("日本", "日本")]
        {
            assert_eq!(name_of_type(ident).as_deref(), Some(name), "{ident}");
        }
        assert_eq!(name_of_type("lower"), None);
        assert_eq!(possible_type("lower"), "Lower");
        assert_eq!(name_of_field("type_").as_deref(), Some("type_"));
        assert_eq!(name_of_field("extra_"), None);
        assert_eq!(possible_field("extra_"), "extra");
    }

    #[test]
    fn every_identifier_has_one_that_is_possible() {
        let changes = |c: &char| !c.to_lowercase().eq([*c]) || !c.to_uppercase().eq([*c]);
        let letters = (0..=char::MAX as u32).filter_map(char::from_u32).filter(changes);
        for c in letters {
            for name in [format!("{c}"), format!("a{c}b"), format!("{c} {c}")] {
                assert!(name_of_field(&possible_field(&field(&name))).is_some(), "{name:?}");
                assert!(name_of_type(&possible_type(&type_or_variant(&name))).is_some(), "{name:?}");
            }
        }
    }
}
