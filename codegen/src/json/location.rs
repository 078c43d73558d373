//! Converts JSON Pointers to locations in the text of a file: ranges of bytes, lines and columns.

use std::ops::Range;

use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use crate::json::{RawMembers, steps};

pub use super::position::{Location, range_of};

/// The member or value that a pointer refers to in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRange {
    /// The bytes of the member's name; `None` for items and for the document itself.
    pub name: Option<Range<usize>>,
    /// The bytes of the value.
    pub value: Range<usize>,
}

impl MemberRange {
    /// Returns the bytes to show in a message. This is the value, unless `by_name` is set or the value has several
    /// lines: then it is the name or, if there is no name, the first line of the value.
    pub fn excerpt(&self, text: &str, by_name: bool) -> Range<usize> {
        let value = text.get(self.value.clone()).unwrap_or_default();
        match (&self.name, value.find(['\r', '\n'])) {
            (Some(name), _) if by_name => name.clone(),
            (_, None) => self.value.clone(),
            (Some(name), Some(_)) => name.clone(),
            (None, Some(end)) => self.value.start..self.value.start + end,
        }
    }
}

/// Finds the value at a JSON Pointer in a JSON text. The last of repeated members counts.
pub fn in_json(text: &str, pointer: &str) -> Option<MemberRange> {
    let mut found: (Option<&RawValue>, &RawValue) = (None, serde_json::from_str(text).ok()?);
    for step in steps(pointer) {
        let value = found.1.get();
        found = match value.as_bytes().first()? {
            b'{' => {
                let RawMembers(members) = serde_json::from_str(value).ok()?;
                let named =
                    |(name, _): &(&RawValue, _)| serde_json::from_str(name.get()).is_ok_and(|n: String| n == step);
                let (name, value) = members.into_iter().rfind(named)?;
                (Some(name), value)
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(value).ok()?;
                (None, items.get(step.parse::<usize>().ok()?).copied()?)
            }
            _ => return None,
        };
    }
    let (name, value) = found;
    Some(MemberRange { name: name.map(|name| range_of(text, name.get())), value: range_of(text, value.get()) })
}

/// Finds the value at a pointer in a TOML text. The segments of the pointer are keys and indices. A value that is not a
/// list is treated as a list with one item.
pub fn in_toml(text: &str, pointer: &str) -> Option<MemberRange> {
    let document = DeTable::parse(text).ok()?;
    let mut steps = steps(pointer);
    let key = |table: &DeTable<'_>, step: &str| {
        table.iter().find(|(key, _)| key.get_ref() == step).map(|(key, _)| key.span())
    };
    let Some(first) = steps.next() else { return Some(MemberRange { name: None, value: document.span() }) };
    let mut name = key(document.get_ref(), &first);
    let mut value = document.get_ref().get(first.as_str())?;
    for step in steps {
        (name, value) = match value.get_ref() {
            DeValue::Table(table) => (key(table, &step), table.get(step.as_str())?),
            DeValue::Array(items) => (None, items.get(step.parse::<usize>().ok()?)?),
            _ if step == "0" => (name, value),
            _ => return None,
        };
    }
    Some(MemberRange { name, value: value.span() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the name and the value at a pointer, with the line and the column of the value.
    fn find<'t>(text: &'t str, pointer: &str) -> Option<(Option<&'t str>, &'t str, (usize, usize))> {
        let found = if text.starts_with('{') || text.starts_with('[') { in_json } else { in_toml }(text, pointer)?;
        let at = Location::new(text, found.value.clone());
        assert_eq!((at.start, at.end), (found.value.start, found.value.end));
        Some((found.name.map(|name| &text[name]), &text[found.value], (at.line, at.column)))
    }

    #[test]
    fn members_and_items_are_found() {
        let text = "{\n  \"a\" : {\"b\": [1,\n[2, {\"c\": null}\t]]},\n  \"d\": 1.50e3 }\n";
        assert_eq!(find(text, "/a/b/1/1/c"), Some((Some("\"c\""), "null", (3, 11))));
        assert_eq!(find(text, "/a/b/1"), Some((None, "[2, {\"c\": null}\t]", (3, 1))));
        assert_eq!(find(text, "/a/b/0"), Some((None, "1", (2, 16))));
        assert_eq!(find(text, "/d"), Some((Some("\"d\""), "1.50e3", (4, 8))));
        assert_eq!(find(text, ""), Some((None, text.trim_end(), (1, 1))));
        for nowhere in ["/x", "/a/b/2", "/a/b/x", "/a/b/0/0", "/a/b/1/1/c/d"] {
            assert_eq!(find(text, nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn names_are_compared_unescaped() {
        let text = r#"{"": 0, "a/b": 1, "m~n": 2, "\u0061\n\"": 3, "0": [4]}"#;
        assert_eq!(find(text, "/"), Some((Some(r#""""#), "0", (1, 6))));
        assert_eq!(find(text, "/a~1b"), Some((Some(r#""a/b""#), "1", (1, 16))));
        assert_eq!(find(text, "/m~0n"), Some((Some(r#""m~n""#), "2", (1, 26))));
        assert_eq!(find(text, "/a\n\""), Some((Some(r#""\u0061\n\"""#), "3", (1, 43))));
        assert_eq!(find(text, "/0/0"), Some((None, "4", (1, 52))));
    }

    #[test]
    fn the_last_of_several_members_counts() {
        assert_eq!(find(r#"{"a": {"b": 1}, "a": {"c": 2}}"#, "/a/c"), Some((Some(r#""c""#), "2", (1, 28))));
        assert_eq!(find(r#"{"a": {"b": 1}, "\u0061": 2}"#, "/a/b"), None);
    }

    #[test]
    fn columns_count_characters_and_lines_end_in_any_way() {
        let text = "{\r\n\t\"größe\": \"日本\", \"😀\": [true],\r\n\r\n  \"z\": {\r\n  }\r\n}";
        assert_eq!(find(text, "/größe"), Some((Some("\"größe\""), "\"日本\"", (2, 11))));
        assert_eq!(find(text, "/😀/0"), Some((None, "true", (2, 23))));
        assert_eq!(find(text, "/z"), Some((Some("\"z\""), "{\r\n  }", (4, 8))));
    }

    #[test]
    fn a_value_of_several_lines_is_shown_by_its_name_or_its_first_line() {
        let text = "{\"a\": [{\r\n}], \"b\": 1}";
        let shown = |pointer: &str, by_name| &text[in_json(text, pointer).unwrap().excerpt(text, by_name)];
        assert_eq!([shown("/a", false), shown("/a/0", false), shown("/a/0", true)], ["\"a\"", "{", "{"]);
        assert_eq!([shown("/b", false), shown("/b", true)], ["1", "\"b\""]);
    }

    #[test]
    fn what_is_no_json_has_no_places() {
        assert_eq!(in_json("", ""), None);
        assert_eq!(in_json("{\"a\": 1", "/a"), None);
        assert_eq!(in_toml("a = ", "/a"), None);
    }

    #[test]
    fn keys_of_toml_are_found() {
        let text = "order = [\"ä\", 'b']\r\none = \"x\"\n\n[events.\"a/b\"]\nname = 5 # five\n[events.c]\n";
        assert_eq!(find(text, "/order/1"), Some((None, "'b'", (1, 15))));
        assert_eq!(find(text, "/one/0"), Some((Some("one"), "\"x\"", (2, 7))));
        assert_eq!(find(text, "/events/a~1b/name"), Some((Some("name"), "5", (5, 8))));
        assert_eq!(find(text, "/events/c").unwrap().0, Some("c"));
        for nowhere in ["/order/2", "/one/1", "/events/d", "/events/c/d"] {
            assert_eq!(find(text, nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn bounds_are_moved_to_characters() {
        let at = |bytes| Location::new("ä\nöx", bytes);
        assert_eq!(at(4..99), Location { start: 3, end: 6, line: 2, column: 1 });
        assert_eq!(at(99..99), Location { start: 6, end: 6, line: 2, column: 3 });
    }

    #[test]
    fn parts_are_found_in_their_texts() {
        let text = "a bc d";
        assert_eq!(range_of(text, &text[2..4]), 2..4);
    }
}
