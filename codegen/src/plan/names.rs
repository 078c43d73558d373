//! The only place that makes Rust names. Those of fields, and of the variants of string enums, are what typify makes of
//! the JSON names; see [`super::idents`].

use std::collections::HashSet;

use heck::ToUpperCamelCase;
use unicode_ident::{is_xid_continue, is_xid_start};

use super::idents;

/// Names that generated code uses for something else.
const TAKEN_TYPES: [&str; 34] = [
    "BTreeMap",
    "Batch",
    "Box",
    "ConversionError",
    "Decimal",
    "Default",
    "Delivery",
    "Deserialize",
    "Err",
    "Error",
    "Event",
    "EventInfo",
    "From",
    "Into",
    "Literal",
    "Map",
    "None",
    "Nullable",
    "Number",
    "NumberLiteral",
    "Ok",
    "Option",
    "ProviderInfo",
    "Result",
    "Self",
    "Serialize",
    "Some",
    "String",
    "TemplatedText",
    "Timestamp",
    "Unknown",
    "Validator",
    "Value",
    "Vec",
];

/// A JSON name as the name of a type or a variant.
pub(crate) fn pascal(name: &str) -> String {
    let name = words(name).to_upper_camel_case();
    let name: String = name.chars().filter(|c| is_xid_continue(*c)).collect();
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if !is_xid_start(first) => format!("N{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// A JSON name as the name of a field or a module.
pub(crate) fn snake(name: &str) -> String {
    idents::field(name)
}

/// The variants of some strings: what typify makes of each, unless two would be the same, or it would be no name.
pub(crate) fn variants(texts: &[String], taken: &[&str]) -> Vec<String> {
    let mut scope = Scope::with(taken);
    let made = |text: &String| {
        let name = idents::type_or_variant(text);
        (text.contains(char::is_alphanumeric) && !name.starts_with(|c: char| c.is_ascii_lowercase())).then_some(name)
    };
    let mut names: Vec<Option<String>> = Vec::new();
    for text in texts {
        let name = made(text).filter(|name| *name == pascal(text) && scope.is_free(name));
        names.push(name.map(|name| scope.take(&name, "")));
    }
    for (text, name) in texts.iter().zip(&mut names).filter(|(_, name)| name.is_none()) {
        let wanted = made(text).filter(|name| scope.is_free(name));
        let wanted = wanted.unwrap_or_else(|| idents::possible_type(&pascal(text)));
        *name = Some(scope.take(&wanted, ""));
    }
    names.into_iter().flatten().collect()
}

/// A JSON name as the name of a constant.
pub(crate) fn screaming(name: &str) -> String {
    snake(name).trim_end_matches('_').to_uppercase()
}

/// Characters that distinguish names, as words.
fn words(name: &str) -> String {
    let mut text = String::new();
    for (at, c) in name.char_indices() {
        match c {
            '+' => text.push_str(" plus "),
            '-' if at == 0 => text.push_str("minus "),
            '*' => text.push_str(" star "),
            '<' => text.push_str(" less "),
            '>' => text.push_str(" greater "),
            '=' => text.push_str(" equal "),
            '!' => text.push_str(" not "),
            '%' => text.push_str(" percent "),
            '#' => text.push_str(" number "),
            '\'' => {}
            c if c.is_alphanumeric() && is_xid_continue(c) => text.push(c),
            _ => text.push(' '),
        }
    }
    text
}

/// The name of one of many, from the name of a list.
pub(crate) fn singular(name: &str) -> String {
    let one = |cut: usize, end: &str| format!("{}{end}", &name[..name.len() - cut]);
    let ends = |end: &str| name.len() > end.len() && name.ends_with(end);
    if ends("ies") {
        one(3, "y")
    } else if ["sses", "xes", "ches", "shes"].iter().any(|end| ends(end)) {
        one(2, "")
    } else if ends("s") && !["ss", "us", "is"].iter().any(|end| name.ends_with(end)) {
        one(1, "")
    } else {
        format!("{name}_item")
    }
}

/// Names in one scope: each is given once.
#[derive(Debug, Default)]
pub(crate) struct Scope(HashSet<String>);

impl Scope {
    /// A scope for types, with the names that generated code needs.
    pub(crate) fn for_types() -> Scope {
        Scope::with(&TAKEN_TYPES)
    }

    /// A scope in which some names are taken.
    pub(crate) fn with(taken: &[&str]) -> Scope {
        Scope(taken.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// The name, or the name with the lowest number behind it that is free.
    pub(crate) fn take(&mut self, name: &str, separator: &str) -> String {
        let mut free = name.to_owned();
        // A keyword has an underscore behind it already; with a number it is none.
        let stem = name.trim_end_matches('_');
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{stem}{separator}{number}");
            number += 1;
        }
        free
    }

    /// Names for members: those that need no change come first, so that a neighbour cannot take theirs.
    pub(crate) fn fields<'n>(&mut self, names: impl Iterator<Item = &'n str> + Clone) -> Vec<String> {
        let mut taken: Vec<Option<String>> = names
            .clone()
            .map(|name| (snake(name) == name && self.0.insert(name.to_owned())).then(|| name.to_owned()))
            .collect();
        for (name, taken) in names.zip(&mut taken) {
            if taken.is_none() {
                let wanted = snake(name);
                let wanted = if self.is_free(&wanted) { wanted } else { idents::possible_field(&wanted) };
                *taken = Some(self.take(&wanted, "_"));
            }
        }
        taken.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_become_rust_names() {
        let cases = [
            ("event_timestamp", "EventTimestamp", "event_timestamp"),
            ("CanaryID", "CanaryId", "canary_id"),
            ("ReverseDNS", "ReverseDns", "reverse_dns"),
            ("+1", "Plus1", "plus1"),
            ("-1", "Minus1", "minus1"),
            ("type", "Type", "type_"),
            ("foo bar", "FooBar", "foo_bar"),
            ("@id", "Id", "id"),
            ("$ref", "Ref", "ref_"),
            ("", "Empty", "x"),
            ("404", "N404", "x404"),
            ("pull_request.opened", "PullRequestOpened", "pull_request_opened"),
            ("Ünïcode", "Ünïcode", "ünïcode"),
            ("日本", "日本", "日本"),
            ("self", "Self_", "self_"),
            // Alphabetic, and not in an identifier.
            ("Ⓐ", "Empty", "x"),
            ("Ⓐ5", "N5", "x5"),
            // A digit that is in an identifier, but does not start one.
            ("٣", "N٣", "x٣"),
            // Numeric, and not in an identifier.
            ("½x", "X", "x"),
        ];
        for (json, type_name, field) in cases {
            assert_eq!((pascal(json).as_str(), snake(json).as_str()), (type_name, field), "{json:?}");
        }
    }

    #[test]
    fn every_character_gives_an_identifier() {
        let parses = |name: &str| syn::parse_str::<syn::Ident>(name).is_ok();
        for c in ('\0'..=char::MAX).filter(|c| c.is_ascii() || c.is_alphanumeric()) {
            for json in [c.to_string(), format!("a{c}"), format!("{c}a"), format!("a_{c}1")] {
                let (type_name, field) = (pascal(&json), snake(&json));
                assert!(parses(&type_name) && parses(&field), "{json:?}: {type_name:?}, {field:?}");
            }
        }
    }

    #[test]
    fn collisions_keep_both_names() {
        let mut scope = Scope::with(&["extra"]);
        let names = ["foo bar", "foo_bar", "foo-bar", "extra", "type"];
        assert_eq!(scope.fields(names.into_iter()), ["foo_bar_2", "foo_bar", "foo_bar_3", "extra_2", "type_"]);
        let mut types = Scope::for_types();
        assert_eq!(types.take("Option", ""), "Option2");
    }

    #[test]
    fn variants_are_told_apart() {
        let names =
            |texts: &[&str]| variants(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), &["Other"]);
        assert_eq!(names(&["low", "very high", "404", "日本"]), ["Low", "VeryHigh", "X404", "日本"]);
        assert_eq!(names(&["a+b", "a b", "a-b", "other"]), ["APlusB", "AB", "AB2", "Other2"]);
        assert_eq!(names(&["self", "Self", "SELF"]), ["Self_", "Self2", "Self3"]);
        assert_eq!(names(&["+1", "", "<", "<="]), ["Plus1", "Empty", "Less", "LessEqual"]);
        assert_eq!(names(&[">", "!=", "%", "#", "*"]), ["Greater", "NotEqual", "Percent", "Number", "Star"]);
        assert_eq!(names(&["-a", "a-", "it's"]), ["MinusA", "A", "Its"]);
    }

    #[test]
    fn no_type_takes_a_name_that_generated_code_imports() {
        let scope = Scope::for_types();
        let types = crate::render::imports::imported().filter(|name| name.starts_with(char::is_uppercase));
        for name in types {
            assert!(!scope.is_free(name), "{name}");
        }
    }

    #[test]
    fn lists_name_their_items() {
        for (list, one) in [
            ("watchers", "watcher"),
            ("entries", "entry"),
            ("addresses", "address"),
            ("data", "data_item"),
            ("status", "status_item"),
        ] {
            assert_eq!(singular(list), one);
        }
    }
}
