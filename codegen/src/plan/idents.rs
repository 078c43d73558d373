//! Identifiers as typify makes them of JSON names, so that the plan knows the names of the generated crate beforehand.
//!
//! A name here is right when typify makes the same of what `lower` writes: a test compares the two.

use heck::{ToSnakeCase, ToUpperCamelCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Identifiers behind which typify puts an underscore.
const KEYWORDS: [&str; 53] = [
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The field or module that typify makes of a JSON name.
pub(crate) fn field(name: &str) -> String {
    sanitized(name, str::to_snake_case)
}

/// The type or variant that typify makes of a JSON name.
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

/// A name of which typify makes this field; `None` if there is none.
pub(crate) fn name_of_field(ident: &str) -> Option<String> {
    (field(ident) == ident).then(|| ident.to_owned())
}

/// A name of which typify makes this type or variant: the identifier itself, unless its words would run together (`AB`
/// is `A_B`); `None` if there is none.
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

/// A string of which typify makes this variant: the one that a payload has, where it does.
pub(crate) fn name_of_variant(text: &str, variant: &str) -> String {
    match type_or_variant(text) == variant {
        true => text.to_owned(),
        false => name_of_type(variant).unwrap_or_else(|| variant.to_owned()),
    }
}

/// The identifier, or the nearest that typify makes of some name.
pub(crate) fn possible_field(ident: &str) -> String {
    possible(ident, field, |ident| name_of_field(ident).is_some())
}

/// The identifier, or the nearest that typify makes of some name.
pub(crate) fn possible_type(ident: &str) -> String {
    possible(ident, type_or_variant, |ident| name_of_type(ident).is_some())
}

/// A few letters change when they change their case, and change again when they change it back.
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
