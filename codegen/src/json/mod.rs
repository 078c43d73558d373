//! JSON as written by a schema's author: members keep their order and numbers their notation.

pub mod location;
mod pointer;
mod position;

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use self::position::{Location, boundary, range_of};
use crate::text::cut;

pub use self::pointer::{descend, referred, step, steps, unescape};

/// A JSON value that keeps the order of members and the notation of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, as written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in the order of the text. Names are unique.
    Object(Vec<(String, Json)>),
}

/// An error from parsing a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The location of the problem.
    pub location: Location,
    /// A description of the problem.
    pub message: String,
    /// The kind of problem.
    pub kind: JsonErrorKind,
}

/// The kind of problem in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// The text is not JSON.
    Syntax,
    /// The text nests too deeply.
    Depth,
    /// A number is beyond the range of `f64`.
    Range,
    /// A string has a lone surrogate, which is not a character.
    Surrogate,
    /// A member of an object is repeated. The error is located at the second occurrence.
    Repeated {
        /// The location of the first occurrence.
        first: Location,
    },
}

impl JsonError {
    /// Converts an error of the parser, which has a line and a column in bytes.
    fn new(text: &str, error: &serde_json::Error) -> JsonError {
        let (line, column) = (error.line(), error.column());
        let full = error.to_string();
        let message = full.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&full).to_owned();
        let start = match line.checked_sub(2) {
            Some(newline) => text.match_indices('\n').nth(newline).map_or(text.len(), |(at, _)| at + 1),
            None => 0,
        };
        let at = boundary(text, start + column.saturating_sub(1));
        let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
        let (kind, message, bytes) = match message.as_str() {
            "recursion limit exceeded" => (JsonErrorKind::Depth, "nests more than 127 deep".to_owned(), at..end),
            "number out of range" => {
                let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
                let start =
                    text.as_bytes()[..at].iter().rposition(|byte| !is_part(*byte)).map_or(0, |before| before + 1);
                let end = text.as_bytes()[at..].iter().position(|byte| !is_part(*byte)).map_or(text.len(), |n| at + n);
                let number = text.get(start..end).unwrap_or_default();
                (JsonErrorKind::Range, format!("the number {} is out of range", cut(number, 41)), start..end)
            }
            // The parser has several messages for surrogates, with two wordings.
            text if text.contains("surrogate") || text == "unexpected end of hex escape" => (
                JsonErrorKind::Surrogate,
                "a string has a lone surrogate, which is not a character".to_owned(),
                at..end,
            ),
            _ if text.trim().is_empty() => (JsonErrorKind::Syntax, "the text is empty".to_owned(), 0..0),
            _ => (JsonErrorKind::Syntax, message, at..end),
        };
        JsonError { location: Location::new(text, bytes), message, kind }
    }

    /// Returns the error with its location in `text`, in which the parsed text starts at byte `start`.
    pub fn within(mut self, text: &str, start: usize) -> JsonError {
        let moved = |location: &Location| Location::new(text, start + location.start..start + location.end);
        self.location = moved(&self.location);
        if let JsonErrorKind::Repeated { first } = &mut self.kind {
            *first = moved(first);
        }
        self
    }

    /// Returns the description for a message that names the file.
    pub fn description(&self) -> String {
        match &self.kind {
            JsonErrorKind::Syntax => format!("not JSON: {}", self.message),
            JsonErrorKind::Repeated { first } => {
                format!("{}, first at line {} column {}", self.message, first.line, first.column)
            }
            _ => self.message.clone(),
        }
    }

    /// Returns advice on the problem. `syntax` is the advice for a text that is not JSON.
    pub fn advice<'a>(&self, syntax: &'a str) -> &'a str {
        match self.kind {
            JsonErrorKind::Syntax => syntax,
            JsonErrorKind::Depth => "in a schema, move the inner parts to $defs, and refer to them",
            JsonErrorKind::Range => "write a number that is not beyond 1.7976931348623157e308",
            JsonErrorKind::Surrogate => {
                "write both halves of the pair, or an escape of the expression: \\\\ud800 for \\ud800"
            }
            JsonErrorKind::Repeated { .. } => "remove one of the two",
        }
    }
}

/// Returns a number in the syntax of JSON, with its digits as written: without a plus sign and leading zeros, and with
/// a digit before its point. Returns `None` for a text that is no decimal number.
pub fn number_of(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_at(unsigned.find(['e', 'E']).unwrap_or(unsigned.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let sign = if text.starts_with('-') { "-" } else { "" };
    let zero = if whole.trim_start_matches('0').is_empty() { "0" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    let number = format!("{sign}{zero}{}{point}{fraction}{exponent}", whole.trim_start_matches('0'));
    let has_digits = mantissa.starts_with(|c: char| c.is_ascii_digit() || c == '.') && mantissa != ".";
    let is_number = serde_json::from_str::<&RawValue>(&number).is_ok_and(|raw| raw.get() == number);
    (has_digits && is_number).then_some(number)
}

/// Removes a leading byte order mark. Files may have one, although JSON does not allow it.
pub fn without_byte_order_mark(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.location.line, self.location.column)?;
        match &self.kind {
            JsonErrorKind::Repeated { first } => write!(f, ", first at line {} column {}", first.line, first.column),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for JsonError {}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, with or without a fraction.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// All types.
    pub const ALL: [JsonType; 6] =
        [JsonType::Null, JsonType::Boolean, JsonType::Number, JsonType::String, JsonType::Array, JsonType::Object];

    /// Returns the name of the type in schemas.
    pub fn name(self) -> &'static str {
        match self {
            JsonType::Null => "null",
            JsonType::Boolean => "boolean",
            JsonType::Number => "number",
            JsonType::String => "string",
            JsonType::Array => "array",
            JsonType::Object => "object",
        }
    }
}

/// Writes the name with its article, such as `a string`.
impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let article = match self {
            JsonType::Null => "",
            JsonType::Boolean | JsonType::Number | JsonType::String => "a ",
            JsonType::Array | JsonType::Object => "an ",
        };
        f.pad(&format!("{article}{}", self.name()))
    }
}

impl Json {
    /// Parses a JSON text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, nests more than 127 levels deep, has a number beyond `f64`, or has an
    /// object with a repeated member.
    pub fn parse(text: &str) -> Result<Json, JsonError> {
        Json::parse_with(text, false)
    }

    /// Parses a JSON text like [`Json::parse`], but keeps the last of repeated members, as generated types do.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON, nests more than 127 levels deep, or has a number beyond `f64`.
    pub fn parse_keeping_last(text: &str) -> Result<Json, JsonError> {
        Json::parse_with(text, true)
    }

    fn parse_with(text: &str, keeps_last: bool) -> Result<Json, JsonError> {
        // Parse the whole text first, so that errors have the correct location. The parts below are then known to be
        // JSON.
        let invalid = |error: serde_json::Error| JsonError::new(text, &error);
        serde_json::from_str::<Value>(text).map_err(invalid)?;
        Json::of(text, serde_json::from_str(text).map_err(invalid)?, keeps_last)
    }

    /// Parses a part of a text that is known to be JSON.
    fn of(text: &str, raw: &RawValue, keeps_last: bool) -> Result<Json, JsonError> {
        let part = raw.get();
        let invalid = |error: serde_json::Error| JsonError::new(part, &error);
        Ok(match part.as_bytes()[0] {
            b'n' => Json::Null,
            b't' => Json::Boolean(true),
            b'f' => Json::Boolean(false),
            b'"' => Json::String(serde_json::from_str(part).map_err(invalid)?),
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(part).map_err(invalid)?;
                Json::Array(items.into_iter().map(|item| Json::of(text, item, keeps_last)).collect::<Result<_, _>>()?)
            }
            b'{' => {
                let RawMembers(members) = serde_json::from_str(part).map_err(invalid)?;
                let mut object: Vec<(String, Json)> = Vec::with_capacity(members.len());
                let mut names: HashMap<String, &RawValue> = HashMap::new();
                for (written, value) in members {
                    let name: String = serde_json::from_str(written.get()).map_err(invalid)?;
                    let location = |written: &RawValue| Location::new(text, range_of(text, written.get()));
                    if let Some(first) = names.insert(name.clone(), written) {
                        if keeps_last {
                            object.retain(|(known, _)| *known != name);
                            object.push((name, Json::of(text, value, keeps_last)?));
                            continue;
                        }
                        let message = format!("the member {} is repeated", Value::from(name));
                        let kind = JsonErrorKind::Repeated { first: location(first) };
                        return Err(JsonError { location: location(written), message, kind });
                    }
                    object.push((name, Json::of(text, value, keeps_last)?));
                }
                Json::Object(object)
            }
            _ => Json::Number(part.to_owned()),
        })
    }

    /// Returns the value of a member.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => {
                let at = members.iter().position(|(known, _)| known == name);
                #[cfg(test)]
                steps::take(at.map_or(members.len(), |at| at + 1));
                at.map(|at| &members[at].1)
            }
            _ => None,
        }
    }

    /// Returns a mutable reference to the value of a member.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        match self {
            Json::Object(members) => members.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns a mutable reference to the value at a JSON Pointer.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Json> {
        steps(pointer).try_fold(self, |value, step| match value {
            Json::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            value => value.get_mut(&step),
        })
    }

    /// Returns the value at a JSON Pointer.
    pub fn at(&self, pointer: &str) -> Option<&Json> {
        steps(pointer).try_fold(self, |value, step| match value {
            Json::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(&step),
        })
    }

    /// Returns the text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the members of an object.
    pub fn as_object(&self) -> Option<&[(String, Json)]> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns the JSON type.
    pub fn kind(&self) -> JsonType {
        match self {
            Json::Null => JsonType::Null,
            Json::Boolean(_) => JsonType::Boolean,
            Json::Number(_) => JsonType::Number,
            Json::String(_) => JsonType::String,
            Json::Array(_) => JsonType::Array,
            Json::Object(_) => JsonType::Object,
        }
    }

    /// Converts to serde's representation: members are sorted, and numbers that are not integers become `f64`.
    pub fn to_value(&self) -> Value {
        match self {
            Json::Null => Value::Null,
            Json::Boolean(value) => Value::Bool(*value),
            Json::Number(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => Value::Array(items.iter().map(Json::to_value).collect()),
            Json::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (name.clone(), value.to_value())).collect())
            }
        }
    }

    /// Converts from serde's representation. The members of every object are put in the order that they have at the
    /// same location in `like`. New members come last.
    pub fn from_value(value: &Value, like: Option<&Json>) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Boolean(*value),
            Value::Number(number) => match like {
                Some(Json::Number(text)) if like.map(Json::to_value).as_ref() == Some(value) => {
                    Json::Number(text.clone())
                }
                _ => Json::Number(number.to_string()),
            },
            Value::String(text) => Json::String(text.clone()),
            Value::Array(items) => {
                let like = like.and_then(Json::as_array).unwrap_or_default();
                Json::Array(items.iter().enumerate().map(|(at, item)| Json::from_value(item, like.get(at))).collect())
            }
            Value::Object(members) => {
                let known = like.and_then(Json::as_object).unwrap_or_default();
                let places: HashMap<&str, usize> =
                    known.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
                let mut members: Vec<(Option<usize>, &String, &Value)> =
                    members.iter().map(|(name, value)| (places.get(name.as_str()).copied(), name, value)).collect();
                members.sort_by_key(|(place, ..)| place.unwrap_or(usize::MAX));
                let member = |(place, name, value): (Option<usize>, &String, &Value)| {
                    (name.clone(), Json::from_value(value, place.map(|at| &known[at].1)))
                };
                Json::Object(members.into_iter().map(member).collect())
            }
        }
    }

    /// Sorts the members of every object by name.
    pub(crate) fn sorted(self) -> Json {
        match self {
            Json::Array(items) => Json::Array(items.into_iter().map(Json::sorted).collect()),
            Json::Object(members) => {
                let mut members: Vec<_> = members.into_iter().map(|(name, value)| (name, value.sorted())).collect();
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                Json::Object(members)
            }
            scalar => scalar,
        }
    }

    /// Returns the text, indented by two spaces, with a final line break.
    pub fn pretty(&self) -> String {
        format!("{self:#}\n")
    }
}

/// Writes the text on one line, or indented by two spaces with `{:#}`.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() { serde_json::to_string_pretty(self) } else { serde_json::to_string(self) };
        f.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Boolean(value) => serializer.serialize_bool(*value),
            Json::Number(text) => match serde_json::from_str::<&RawValue>(text) {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
            Json::String(text) => serializer.serialize_str(text),
            Json::Array(items) => serializer.collect_seq(items),
            Json::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

/// Members in the order of the text, including repeated ones. Names and values are as written.
#[derive(Debug)]
pub struct RawMembers<'de>(pub Vec<(&'de RawValue, &'de RawValue)>);

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = RawMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawMembers<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(RawMembers(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A list of values that is searched by their equality under JSON Schema.
#[derive(Debug)]
pub(crate) struct ValueList {
    values: Vec<Value>,
    /// The indices of the values, by a hash that equal values have in common.
    places: HashMap<u64, Vec<usize>>,
}

impl ValueList {
    pub(crate) fn new(values: Vec<Value>) -> ValueList {
        let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, value) in values.iter().enumerate() {
            places.entry(hash_of(value)).or_default().push(at);
        }
        ValueList { values, places }
    }

    /// Returns whether the list has a value that is equal.
    pub(crate) fn has(&self, value: &Value) -> bool {
        let alike = self.places.get(&hash_of(value)).map(Vec::as_slice).unwrap_or_default();
        alike.iter().any(|at| webhook_runtime::__private::equal(&self.values[*at], value))
    }
}

impl Deref for ValueList {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.values
    }
}

impl PartialEq for ValueList {
    fn eq(&self, other: &ValueList) -> bool {
        self.values == other.values
    }
}

/// Returns a hash that equal values have in common: the order of members and the notation of numbers do not affect it.
fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => {}
        Value::Bool(value) => value.hash(&mut hasher),
        // Adding 0.0 turns -0.0 into 0.0, which is equal. Numbers that no `f64` holds share a hash.
        Value::Number(number) => (number.as_f64().unwrap_or_default() + 0.0).to_bits().hash(&mut hasher),
        Value::String(text) => text.hash(&mut hasher),
        Value::Array(items) => items.iter().for_each(|item| hash_of(item).hash(&mut hasher)),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let mut hasher = DefaultHasher::new();
                (name, hash_of(value)).hash(&mut hasher);
                hasher.finish()
            };
            members.iter().map(member).fold(0, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Returns whether two values are equal under JSON Schema's instance equality.
pub fn same(a: &Json, b: &Json) -> bool {
    webhook_runtime::__private::equal(&a.to_value(), &b.to_value())
}

/// Counts the members that [`Json::get`] visits in this thread, for tests of linear running time.
#[cfg(test)]
pub(crate) mod steps {
    use std::cell::Cell;

    thread_local! {
        static TAKEN: Cell<usize> = const { Cell::new(0) };
    }

    /// Counts some steps.
    pub(crate) fn take(steps: usize) {
        TAKEN.set(TAKEN.get() + steps);
    }

    /// Returns the number of steps that a closure takes, and its result.
    pub(crate) fn of<T>(run: impl FnOnce() -> T) -> (usize, T) {
        let before = TAKEN.get();
        let result = run();
        (TAKEN.get() - before, result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_finds_values_by_their_equality() {
        let values = |text: &str| Json::parse(text).unwrap().to_value();
        let listed = r#"[1, "1", true, null, [], {}, [1, 2], {"a": 1, "b": [2]}, 0, 1e20, "a", {"a": null}]"#;
        let others = r#"[1.0, 1e0, -0.0, 100000000000000000000, {"b": [2.0], "a": 1e0}, [1.0, 2], false, [2, 1], {"a": [2],
            "b": 1}, {"a": 1}, {"b": null}, "b", [[]], [{}], 1.5, "", "true", [null], {"": 1}]"#;
        let (listed, others) = (values(listed), values(others));
        let list = ValueList::new(listed.as_array().unwrap().clone());
        for value in listed.as_array().unwrap().iter().chain(others.as_array().unwrap()) {
            let is_equal = |known: &Value| webhook_runtime::__private::equal(known, value);
            assert_eq!(list.has(value), list.iter().any(is_equal), "{value}");
        }
    }

    #[test]
    fn numbers_are_written_in_the_syntax_of_json() {
        let numbers =
            [("+1", "1"), ("-007", "-7"), (".5", "0.5"), ("1.", "1"), ("00", "0"), ("1E+2", "1E+2"), ("-0", "-0")];
        for (text, number) in numbers {
            assert_eq!(number_of(text).as_deref(), Some(number), "{text:?}");
        }
        for text in ["", ".", "-", "e3", "true", "null", "--1", " 1", "1 ", "1.2.3", "[1]", "\"1\"", "1e", "1_0"] {
            assert_eq!(number_of(text), None, "{text:?}");
        }
    }

    #[test]
    fn order_and_digits_are_kept() {
        let text = "{\n  \"b\": 1.50,\n  \"a\": [\n    1e3,\n    {}\n  ]\n}\n";
        assert_eq!(Json::parse(text).unwrap().pretty(), text);
    }

    #[test]
    fn a_patched_value_keeps_the_order() {
        let like = Json::parse(r#"{"b": 1.0, "a": {"y": 1, "x": 2}}"#).unwrap();
        let mut value = like.to_value();
        value["a"]["new"] = 3.into();
        assert_eq!(Json::from_value(&value, Some(&like)).to_string(), r#"{"b":1.0,"a":{"y":1,"x":2,"new":3}}"#);
    }

    #[test]
    fn errors_that_are_not_of_the_syntax_say_what_they_are() {
        let error = |text: &str| Json::parse(text).unwrap_err();
        let range = error("{\n  \"maximum\": -1.5e+400 }");
        assert_eq!(range.description(), "the number -1.5e+400 is out of range");
        assert_eq!((range.location.line, range.location.column), (2, 14));
        assert_eq!(error("1e400").description(), "the number 1e400 is out of range");
        assert_eq!(error(&format!("[{}]", "9".repeat(400))).description().chars().count(), 68);
        assert!(Json::parse(&format!("{}{}", "[".repeat(127), "]".repeat(127))).is_ok());
        assert_eq!(error(&format!("{}{}", "[".repeat(128), "]".repeat(128))).description(), "nests more than 127 deep");
        for text in [r#""\ud800""#, r#"{"pattern": "[\ud800-\udbff]"}"#, r#""\ud800\u0041""#, r#""\udc00""#] {
            assert!(error(text).description().contains("lone surrogate"), "{text}: {}", error(text));
        }
        assert_eq!(error(" \n").description(), "not JSON: the text is empty");
        let twice = error("{\n\"a\": 1,\n  \"\\u0061\": 2}");
        assert_eq!(twice.description(), "the member \"a\" is repeated, first at line 2 column 1");
        let expected = "the member \"a\" is repeated at line 4 column 3, first at line 3 column 1";
        assert_eq!(twice.within("\n{\n\"a\": 1,\n  \"\\u0061\": 2}", 1).to_string(), expected);
    }

    #[test]
    fn errors_say_where() {
        assert_eq!(Json::parse("{\n  \"a\": 1,\n}").unwrap_err().to_string(), "trailing comma at line 3 column 1");
        let error = Json::parse(r#"{"a": 1, "a": 2}"#).unwrap_err();
        assert_eq!(error.to_string(), "the member \"a\" is repeated at line 1 column 10, first at line 1 column 2");
        let error = Json::parse("{\n  \"ä\": \"ö\",\r\n  \"ä\": nul}").unwrap_err();
        assert_eq!(error.to_string(), "expected ident at line 3 column 11");
        let error = Json::parse("{\"é\": \"é\" x").unwrap_err();
        assert_eq!((error.location.line, error.location.column), (1, 11));
        assert_eq!(Json::parse(r#"{"a": {"b/c": [1, 2]}}"#).unwrap().at("/a/b~1c/1"), Some(&Json::Number("2".into())));
    }
}
