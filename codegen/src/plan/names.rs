//! The only place that makes Rust names.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Names that generated code uses for something else.
const TAKEN_TYPES: [&str; 38] = [
    "BTreeMap",
    "Batch",
    "Box",
    "Default",
    "Delivery",
    "Deserialize",
    "Deserializer",
    "Dispatch",
    "Err",
    "Error",
    "Event",
    "EventInfo",
    "From",
    "Into",
    "Literal",
    "Map",
    "MapAccess",
    "None",
    "Nullable",
    "Number",
    "Ok",
    "Option",
    "ProviderInfo",
    "Result",
    "Rule",
    "Self",
    "SeqAccess",
    "Serialize",
    "Serializer",
    "Some",
    "String",
    "Test",
    "Text",
    "Timestamp",
    "Told",
    "Unknown",
    "Value",
    "Vec",
];

const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "union", "raw",
];

/// A JSON name as the name of a type or a variant.
pub(crate) fn pascal(name: &str) -> String {
    let name = words(name).to_upper_camel_case();
    let name: String = name.chars().filter(|c| unicode_ident(*c)).collect();
    match name.chars().next() {
        None => "Empty".to_owned(),
        Some(first) if first.is_numeric() || first == '_' => format!("N{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// A JSON name as the name of a field or a module.
pub(crate) fn snake(name: &str) -> String {
    let name = words(name).to_snake_case();
    let name: String = name.chars().filter(|c| unicode_ident(*c)).collect();
    let name = match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_numeric() => format!("n{name}"),
        Some(_) => name,
    };
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn unicode_ident(c: char) -> bool {
    c == '_' || c.is_alphanumeric() && (c.is_ascii() || c.is_alphabetic())
}

/// Signs that tell names apart, as words.
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
            c if c.is_alphanumeric() => text.push(c),
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

/// Names that stand beside each other: each is given once.
#[derive(Debug, Default)]
pub(crate) struct Scope(HashSet<String>);

impl Scope {
    /// A scope for types, with the names that generated code needs.
    pub(crate) fn of_types() -> Scope {
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
        let separator = if name.ends_with('_') { "" } else { separator };
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{name}{separator}{number}");
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
                let wanted = if self.is_free(&wanted) || wanted != name { wanted } else { format!("{wanted}_") };
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
            ("+1", "Plus1", "plus_1"),
            ("-1", "Minus1", "minus_1"),
            ("type", "Type", "type_"),
            ("foo bar", "FooBar", "foo_bar"),
            ("@id", "Id", "id"),
            ("$ref", "Ref", "ref_"),
            ("", "Empty", "empty"),
            ("404", "N404", "n404"),
            ("pull_request.opened", "PullRequestOpened", "pull_request_opened"),
            ("Ünïcode", "Ünïcode", "ünïcode"),
            ("日本", "日本", "日本"),
            ("self", "Self_", "self_"),
        ];
        for (json, type_name, field) in cases {
            assert_eq!((pascal(json).as_str(), snake(json).as_str()), (type_name, field), "{json:?}");
        }
    }

    #[test]
    fn collisions_keep_both_names() {
        let mut scope = Scope::with(&["extra"]);
        let names = ["foo bar", "foo_bar", "foo-bar", "extra", "type"];
        assert_eq!(scope.fields(names.into_iter()), ["foo_bar_2", "foo_bar", "foo_bar_3", "extra_", "type_"]);
        let mut types = Scope::of_types();
        assert_eq!(types.take("Option", ""), "Option2");
    }

    #[test]
    fn no_type_takes_a_name_that_generated_code_imports() {
        let scope = Scope::of_types();
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
