//! What is wrong with a payload: every violation, with its place in the payload and in the schema.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::violation_kind::{ViolationKind, with_article};

/// One violation: a keyword of the schema that the payload does not satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The violated keyword as data, with its limits and what the payload has instead.
    pub kind: ViolationKind,
    /// The location in the payload: a JSON Pointer (RFC 6901), empty for the payload as a whole.
    pub instance_location: String,
    /// The JSON Pointer of the keyword in the event's `SCHEMA`.
    pub schema_location: String,
    /// The path that validation took to the keyword, references included (`keywordLocation` of the specification).
    pub keyword_location: String,
    /// The keyword, as the schema spells it; `false` for the schema `false`.
    pub keyword: &'static str,
    /// The value that was found, shortened if it is long; empty if a member is missing.
    pub found: String,
    /// The name of the JSON type of that value; empty if a member is missing.
    pub actual_type: &'static str,
}

impl Violation {
    /// `expected …, found …`, in English.
    pub fn message(&self) -> String {
        self.describe(&self.found)
    }

    /// The message without any value of the payload: for logs that must not hold them.
    pub fn masked_message(&self) -> String {
        self.describe(&with_article(self.actual_type))
    }

    /// What the keyword requires, in English.
    pub fn expected(&self) -> String {
        self.kind.to_string()
    }

    /// The missing member, for keywords that require one.
    pub fn missing(&self) -> Option<&str> {
        self.kind.missing()
    }

    fn describe(&self, found: &str) -> String {
        if found.is_empty() {
            return format!("expected {}", self.kind);
        }
        format!("expected {}, found {found}", self.kind)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (schema: {})", place(&self.instance_location), self.message(), place(&self.schema_location))
    }
}

pub(crate) fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "(root)" } else { pointer }
}

/// All violations of one payload, in document order.
///
/// `Display` lists them for people, a line each. `Serialize` gives the *basic* output format of JSON Schema 2020-12:
/// `{"valid": false, "errors": [{"keywordLocation", "absoluteKeywordLocation", "instanceLocation", "error"}, …]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    pub(crate) list: Vec<Violation>,
    pub(crate) more: usize,
    pub(crate) base: &'static str,
}

impl Violations {
    /// How many violations are described at most. Further ones are only counted.
    pub const LIMIT: usize = 100;

    /// Whether there are no violations: the payload is valid.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The number of violations, including those that are not described.
    pub fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// The number of violations that are not described.
    pub fn truncated(&self) -> usize {
        self.more
    }

    /// The violations, in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// The list for logs: of each value of the payload, only the type is shown.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        Masked(self)
    }

    /// The one violation of a payload that the schema accepts and the type cannot hold.
    pub(crate) fn unrepresentable(reason: String) -> Violations {
        let violation = Violation {
            kind: ViolationKind::Unrepresentable { reason },
            instance_location: String::new(),
            schema_location: String::new(),
            keyword_location: String::new(),
            keyword: "type",
            found: String::new(),
            actual_type: "",
        };
        Violations { list: vec![violation], more: 0, base: "" }
    }

    /// Names the document that `schema` pointers point into, as a URI.
    pub fn with_base_uri(mut self, base: &'static str) -> Violations {
        self.base = base;
        self
    }

    /// `Ok` if there are no violations.
    pub fn into_result(self) -> Result<(), Violations> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    fn lines(&self, f: &mut fmt::Formatter<'_>, message: fn(&Violation) -> String) -> fmt::Result {
        let count = self.count();
        write!(f, "{count} violation{}", if count == 1 { "" } else { "s" })?;
        for violation in &self.list {
            let (instance, schema) = (place(&violation.instance_location), place(&violation.schema_location));
            write!(f, "\n  {instance}: {} (schema: {schema})", message(violation))?;
        }
        if self.more > 0 {
            write!(f, "\n  and {} more", self.more)?;
        }
        Ok(())
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, Violation::message)
    }
}

struct Masked<'v>(&'v Violations);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.lines(f, Violation::masked_message)
    }
}

impl std::error::Error for Violations {}

impl<'v> IntoIterator for &'v Violations {
    type Item = &'v Violation;
    type IntoIter = std::slice::Iter<'v, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Violations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Unit<'v>(&'v Violation, &'static str);
        impl Serialize for Unit<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Unit(violation, base) = self;
                let mut unit = serializer.serialize_struct("OutputUnit", 4)?;
                unit.serialize_field("keywordLocation", &violation.keyword_location)?;
                unit.serialize_field(
                    "absoluteKeywordLocation",
                    &format!("{base}#{}", fragment(&violation.schema_location)),
                )?;
                unit.serialize_field("instanceLocation", &violation.instance_location)?;
                unit.serialize_field("error", &violation.message())?;
                unit.end()
            }
        }
        let units: Vec<_> = self.list.iter().map(|violation| Unit(violation, self.base)).collect();
        let mut output = serializer.serialize_struct("Output", 2)?;
        output.serialize_field("valid", &self.is_empty())?;
        output.serialize_field("errors", &units)?;
        output.end()
    }
}

/// A JSON Pointer as a URI fragment: what a fragment must not hold is percent-encoded.
fn fragment(pointer: &str) -> String {
    let mut text = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => text.push(byte as char),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' => {
                text.push(byte as char);
            }
            b';' | b'=' | b':' | b'@' | b'?' => text.push(byte as char),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// A member name as a step of a JSON Pointer.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A step of a JSON Pointer as a member name.
pub(crate) fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
