//! Forms all Rust names from JSON names. Names of fields and of string enum variants must be the names that typify
//! forms; see [`super::idents`].

use std::collections::HashSet;

use heck::ToUpperCamelCase;
use unicode_ident::{is_xid_continue, is_xid_start};

use super::idents;

/// Names of types that generated code uses.
const TAKEN_TYPES: [&str; 34] = [
    "BTreeMap", "Batch", "Box", "ConversionError", "Decimal", "Default", "Delivery", "Deserialize", "Err", "Error",
    "Event", "EventInfo", "From", "Into", "Literal", "Map", "None", "Nullable", "Number", "NumberLiteral", "Ok",
    "Option", "ProviderInfo", "Result", "Self", "Serialize", "Some", "String", "TemplatedText", "Timestamp", "Unknown",
    "Validator", "Value", "Vec",
];

/// Converts a JSON name to the name of a type or a variant.
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

/// Converts a JSON name to the name of a field or a module.
pub(crate) fn snake(name: &str) -> String {
    idents::field(name)
}

/// Converts a JSON name to the name of a module with its own file. The name is ASCII, because the compiler finds the
/// file only then.
pub(crate) fn module(name: &str) -> String {
    let name = snake(name);
    if name.is_ascii() { name } else { snake(&format!("event_{}", name.replace(|c: char| !c.is_ascii(), "_"))) }
}

/// Returns the variant name of each string: the name `given` by the schema, or else the name that typify forms. Another
/// name is formed if that one is taken, is not a valid name or drops a character that distinguishes the string.
pub(crate) fn variants(texts: &[String], given: &[Option<&str>], taken: &[&str]) -> Vec<String> {
    let mut scope = Scope::with(taken);
    let made = |text: &String| {
        let name = idents::type_or_variant(text);
        let is_name = text.contains(char::is_alphanumeric) && !name.starts_with(|c: char| c.is_ascii_lowercase());
        let has_sign = || text.match_indices('-').any(|(at, _)| is_sign(text, at));
        (is_name && !has_sign()).then_some(name)
    };
    let mut names: Vec<Option<String>> = Vec::new();
    names.extend(given.iter().map(|given| given.map(|given| scope.take(&idents::possible_type(&pascal(given)), ""))));
    names.resize(texts.len(), None);
    for (text, name) in texts.iter().zip(&mut names).filter(|(_, name)| name.is_none()) {
        let free = made(text).filter(|name| *name == pascal(text) && scope.is_free(name));
        *name = free.map(|name| scope.take(&name, ""));
    }
    for (text, name) in texts.iter().zip(&mut names).filter(|(_, name)| name.is_none()) {
        let possible = |name: String| idents::possible_type(&name);
        let mut wanted = made(text).into_iter().chain([possible(variant(text)), possible(spelled(text))]);
        let free = wanted.clone().find(|name| scope.is_free(name));
        *name = free.or_else(|| wanted.next()).map(|name| scope.take(&name, ""));
    }
    names.into_iter().flatten().collect()
}

/// Returns a string as the name of a variant. A string of symbols becomes the names of these symbols.
pub(crate) fn variant(text: &str) -> String {
    match text.is_empty() || text.contains(|c: char| c.is_alphanumeric() && is_xid_continue(c)) {
        true => pascal(text),
        false => spelled(text),
    }
}

/// Returns whether the hyphen at a byte offset is the sign of a number, as in `-1` and `votes--1`: it precedes a digit
/// and does not follow a letter or a digit.
fn is_sign(text: &str, at: usize) -> bool {
    let after = text[at..].strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    after && !text[..at].ends_with(char::is_alphanumeric)
}

/// Returns a string as the name of a variant, with every symbol spelled out.
fn spelled(text: &str) -> String {
    if text.is_empty() {
        return "EmptyString".to_owned();
    }
    let mut words = String::new();
    let has_letters = text.contains(char::is_alphanumeric);
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() && is_xid_continue(c) {
            words.push(c);
            continue;
        }
        match symbol(c).filter(|_| c != '-' || !has_letters || is_sign(text, at)).or((c == '-').then_some("dash")) {
            Some(word) => words.push_str(&format!(" {word} ")),
            None => words.push_str(&format!(" U{:04X} ", u32::from(c))),
        }
    }
    pascal(&words)
}

/// Returns the name of a symbol.
fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        ' ' => "space",
        '\t' => "tab",
        '\n' => "newline",
        '!' => "not",
        '"' => "quote",
        '#' => "number",
        '$' => "dollar",
        '%' => "percent",
        '&' => "ampersand",
        '\'' => "apostrophe",
        '(' => "left paren",
        ')' => "right paren",
        '*' => "star",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less",
        '=' => "equal",
        '>' => "greater",
        '?' => "question",
        '@' => "at",
        '[' => "left bracket",
        '\\' => "backslash",
        ']' => "right bracket",
        '^' => "caret",
        '_' => "underscore",
        '`' => "backtick",
        '{' => "left brace",
        '|' => "pipe",
        '}' => "right brace",
        '~' => "tilde",
        _ => return None,
    })
}

/// Spells out the signs and the point of a number.
pub(crate) fn spelled_number(text: &str) -> String {
    text.replace('.', " point ").replace('-', " minus ").replace('+', "")
}

/// Converts a JSON name to the name of a constant.
pub(crate) fn screaming(name: &str) -> String {
    snake(name).trim_end_matches('_').to_uppercase()
}

/// Replaces characters that distinguish names by words.
fn words(name: &str) -> String {
    let mut text = String::new();
    for (at, c) in name.char_indices() {
        match c {
            '\'' => {}
            c if c.is_alphanumeric() && is_xid_continue(c) => text.push(c),
            '-' if at > 0 && !is_sign(name, at) => text.push(' '),
            '+' | '-' | '*' | '<' | '>' | '=' | '!' | '%' | '#' => {
                text.push_str(&format!(" {} ", symbol(c).unwrap_or_default()));
            }
            _ => text.push(' '),
        }
    }
    text
}

/// Words in `-che`. The library mistakes their plurals for plurals of words in `-ch`.
const SILENT_ENDS: [&str; 6] = ["cache", "headache", "niche", "avalanche", "psyche", "moustache"];

/// Returns the name of an item from the name of its list.
pub(crate) fn singular(name: &str) -> String {
    let (start, last) = name.rsplit_once('_').map_or(("", name), |(start, last)| (&name[..=start.len()], last));
    let one = match last.strip_suffix('s') {
        Some(one) if SILENT_ENDS.contains(&one) => one.to_owned(),
        _ => pluralizer::pluralize(last, 1, false),
    };
    // `data` and `media` are used for single things too, regardless of Latin grammar.
    if one == last || last.ends_with('a') { format!("{name}_item") } else { format!("{start}{one}") }
}

/// The names that are taken in a scope.
#[derive(Debug, Default)]
pub(crate) struct Scope(HashSet<String>);

impl Scope {
    /// Creates a scope for types, in which the names that generated code uses are taken.
    pub(crate) fn for_types() -> Scope {
        Scope::with(&TAKEN_TYPES)
    }

    /// Creates a scope in which some names are taken.
    pub(crate) fn with(taken: &[&str]) -> Scope {
        Scope(taken.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// Takes a name. If it is not free, appends the lowest free number to it.
    pub(crate) fn take(&mut self, name: &str, separator: &str) -> String {
        let mut free = name.to_owned();
        // A keyword already ends with an underscore, which is not needed if a number follows.
        let stem = name.trim_end_matches('_');
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{stem}{separator}{number}");
            number += 1;
        }
        free
    }

    /// Takes names for members. Names that need no change are taken first, so that no other member takes them.
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
            // `Ⓐ` is alphabetic, but cannot occur in an identifier.
            ("Ⓐ", "Empty", "x"),
            ("Ⓐ5", "N5", "x5"),
            // `٣` can occur in an identifier, but cannot start one.
            ("٣", "N٣", "x٣"),
            // `½` is numeric, but cannot occur in an identifier.
            ("½x", "X", "x"),
        ];
        for (json, type_name, field) in cases {
            assert_eq!((pascal(json).as_str(), snake(json).as_str()), (type_name, field), "{json:?}");
        }
    }

    #[test]
    fn every_character_gives_an_identifier() {
        let parses = |name: &str| syn::parse_str::<syn::Ident>(name).is_ok();
        // Most characters are ideographs and syllables without case, of which one in 50 is tried.
        let is_tried = |c: &char| match c {
            '\u{3400}'..='\u{d7a3}' | '\u{20000}'.. => (*c as u32).is_multiple_of(50),
            _ => true,
        };
        let all = ('\0'..=char::MAX).filter(|c| c.is_ascii() || c.is_alphanumeric());
        for c in all.filter(is_tried) {
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
        let names = |texts: &[&str]| {
            variants(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), &[], &["Other"])
        };
        assert_eq!(names(&["low", "very high", "404", "日本"]), ["Low", "VeryHigh", "X404", "日本"]);
        assert_eq!(names(&["a+b", "a b", "a-b", "other"]), ["APlusB", "AB", "ADashB", "Other2"]);
        assert_eq!(names(&["self", "Self", "SELF"]), ["Self_", "Self2", "Self3"]);
        assert_eq!(names(&["+1", "", "<", "<="]), ["Plus1", "Empty", "Less", "LessEqual"]);
        assert_eq!(names(&[">", "!=", "%", "#", "*"]), ["Greater", "NotEqual", "Percent", "Number", "Star"]);
        assert_eq!(names(&["-a", "a-", "it's"]), ["MinusA", "A", "Its"]);
    }

    #[test]
    fn variants_of_symbols_say_which() {
        let names =
            |texts: &[&str]| variants(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), &[], &[]);
        assert_eq!(names(&["~", "~=", "", "="]), ["Tilde", "TildeEqual", "Empty", "Equal"]);
        assert_eq!(names(&["empty", ""]), ["Empty", "EmptyString"]);
        assert_eq!(
            names(&["&&", "||", "??", "\u{2022}"]),
            ["AmpersandAmpersand", "PipePipe", "QuestionQuestion", "U2022"]
        );
        // A name depends on its string alone, whatever stands before it.
        for order in [["votes--1", "votes-1"], ["votes-1", "votes--1"]] {
            let expected = order.map(|text| if text == "votes-1" { "Votes1" } else { "VotesMinus1" });
            assert_eq!(names(&order), expected);
        }
        assert_eq!(
            names(&["-2", "2", "x,-5", "UTC-5", "2021-01-02"]),
            ["Minus2", "X2", "XMinus5", "Utc5", "X20210102"]
        );
        assert_eq!(names(&["a/b", "a.b", "a b"]), ["AB", "ADotB", "ASpaceB"]);
        // All are different, and identifiers.
        let mut all: Vec<String> = (' '..='\u{7e}').map(String::from).collect();
        all.extend((' '..='\u{7e}').map(|c| format!("{c}{c}")));
        let found = variants(&all, &[], &[]);
        assert!(found.iter().all(|name| syn::parse_str::<syn::Ident>(name).is_ok()), "{found:?}");
        assert_eq!(found.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn names_that_a_schema_gives_come_first() {
        let texts = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(variants(&texts, &[Some("NOT_FOUND"), Some("C"), None], &[]), ["NotFound", "C", "C2"]);
        let expected = ["Self_", "Self2", "N404"];
        assert_eq!(variants(&texts, &[Some("self"), Some("Self"), Some("404")], &["Other"]), expected);
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
            ("session_cookies", "session_cookie"),
            ("movies", "movie"),
            ("series", "series_item"),
            ("statuses", "status"),
            ("aliases", "alias"),
            ("caches", "cache"),
            ("indices", "index"),
            ("boxes", "box"),
            ("classes", "class"),
            ("branches", "branch"),
            ("analyses", "analysis"),
        ] {
            assert_eq!(singular(list), one);
        }
    }
}
