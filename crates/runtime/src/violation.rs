//! Violations: the keywords that a payload violates, with their locations in the payload and in the schema.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Number;

use crate::violation_kind::{Count, ViolationKind, with_article};

/// A keyword of the schema that the payload does not satisfy.
///
/// `Display` formats the violation as one line for people. `Serialize` writes an output unit of the *basic* output
/// format of JSON Schema 2020-12, in which `absoluteKeywordLocation` is relative to the schema. The field `kind` is the
/// violation as data.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{Error, ViolationKind, WebhookEvent};
///
/// # fn receive<E: WebhookEvent>(body: &[u8]) {
/// if let Err(Error::Invalid(invalid)) = E::from_slice(body) {
///     for violation in invalid.violations() {
///         match &violation.kind {
///             ViolationKind::Required { name } => eprintln!("no `{name}` in {}", violation.instance_location),
///             _ => eprintln!("{}: {}", violation.instance_location, violation.masked_message()),
///         }
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The violation as data: the keyword, its limits, and the value in the payload.
    pub kind: ViolationKind,
    /// The location in the payload: a JSON Pointer (RFC 6901), empty for the payload as a whole.
    pub instance_location: String,
    /// The JSON Pointer of the keyword in the event's `SCHEMA`.
    pub schema_location: String,
    /// The path that validation took to the keyword, including references: `keywordLocation` in the specification.
    pub keyword_location: String,
    /// The keyword, as the schema spells it; `false` for the schema `false`.
    pub keyword: &'static str,
    /// The value that was found, shortened if it is long. Empty if a member is missing.
    pub found: String,
    /// The name of the value's JSON type. Empty if a member is missing.
    pub actual_type: &'static str,
}

impl Violation {
    /// Returns the violation in English: `expected a string, found 5`.
    pub fn message(&self) -> String {
        self.describe(&self.found)
    }

    /// Returns the message with the value's type instead of the value, for logs: `expected a string, found a number`.
    pub fn masked_message(&self) -> String {
        self.describe(&with_article(self.actual_type))
    }

    /// Returns the requirement of the keyword in English, such as `a string`.
    pub fn expected(&self) -> String {
        self.kind.to_string()
    }

    /// Returns the name of the missing member, if the keyword requires a member.
    pub fn missing(&self) -> Option<&str> {
        self.kind.missing()
    }

    fn line(&self, message: &str) -> String {
        format!("{}: {message} (schema: {})", place(&self.instance_location), place(&self.schema_location))
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
        f.write_str(&self.line(&self.message()))
    }
}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        OutputUnit { violation: self, base: "" }.serialize(serializer)
    }
}

/// A violation as an output unit. `base` is the URI of the schema.
struct OutputUnit<'v> {
    violation: &'v Violation,
    base: &'static str,
}

impl Serialize for OutputUnit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let OutputUnit { violation, base } = self;
        let mut unit = serializer.serialize_struct("OutputUnit", 4)?;
        unit.serialize_field("keywordLocation", &violation.keyword_location)?;
        unit.serialize_field("absoluteKeywordLocation", &format!("{base}#{}", fragment(&violation.schema_location)))?;
        unit.serialize_field("instanceLocation", &violation.instance_location)?;
        unit.serialize_field("error", &violation.message())?;
        unit.end()
    }
}

pub(crate) fn place(pointer: &str) -> &str {
    if pointer.is_empty() { "(root)" } else { pointer }
}

/// Implements `Display` with a function.
pub(crate) struct FormattedBy<F>(pub(crate) F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for FormattedBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

/// Formats a list with one item on each line. The last line counts `more` further items.
pub(crate) fn format_list(
    f: &mut fmt::Formatter<'_>,
    thing: &'static str,
    lines: impl ExactSizeIterator<Item = String>,
    more: usize,
) -> fmt::Result {
    write!(f, "{}", Count((lines.len() + more) as u64, thing))?;
    for line in lines {
        write!(f, "\n  {line}")?;
    }
    match more {
        0 => Ok(()),
        more => write!(f, "\n  and {more} more"),
    }
}

/// All violations of one payload, in document order.
///
/// `Display` lists them for people, one on each line. `Serialize` writes the *basic* output format of JSON Schema
/// 2020-12:
/// `{"valid": false, "errors": [{"keywordLocation", "absoluteKeywordLocation", "instanceLocation", "error"}, …]}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations {
    pub(crate) list: Vec<Violation>,
    pub(crate) more: usize,
    pub(crate) base: &'static str,
}

impl Violations {
    /// The maximum number of violations that are described. Further violations are only counted.
    pub const LIMIT: usize = 100;

    /// Returns whether there are no violations, which means that the payload is valid.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the number of violations, including those that are not described.
    pub fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Returns the number of violations that are counted but not described.
    pub fn truncated(&self) -> usize {
        self.more
    }

    /// Iterates over the described violations, in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    /// Returns the list for logs, with the type of each value instead of the value.
    pub fn masked(&self) -> impl fmt::Display + '_ {
        FormattedBy(move |f: &mut fmt::Formatter<'_>| self.lines(f, Violation::masked_message))
    }

    /// Returns the violation of a payload that the schema accepts, but the type cannot hold because of the value at
    /// `instance_location`.
    pub(crate) fn unrepresentable(reason: String, instance_location: String, found: Option<&Number>) -> Violations {
        let violation = Violation {
            kind: ViolationKind::Unrepresentable { reason },
            instance_location,
            schema_location: String::new(),
            keyword_location: String::new(),
            keyword: "type",
            found: found.map(Number::to_string).unwrap_or_default(),
            actual_type: found.map_or("", |_| "number"),
        };
        Violations { list: vec![violation], more: 0, base: "" }
    }

    /// Sets the URI of the schema, which `absoluteKeywordLocation` begins with.
    pub fn with_base_uri(mut self, base: &'static str) -> Violations {
        self.base = base;
        self
    }

    /// Returns `Ok(())` if there are no violations, and the violations otherwise.
    ///
    /// # Errors
    ///
    /// There is a violation.
    pub fn into_result(self) -> Result<(), Violations> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    fn lines(&self, f: &mut fmt::Formatter<'_>, message: fn(&Violation) -> String) -> fmt::Result {
        let lines = self.list.iter().map(|violation| violation.line(&message(violation)));
        format_list(f, "violation", lines, self.more)
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f, Violation::message)
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
        let units: Vec<_> = self.list.iter().map(|violation| OutputUnit { violation, base: self.base }).collect();
        let mut output = serializer.serialize_struct("Output", 2)?;
        output.serialize_field("valid", &self.is_empty())?;
        output.serialize_field("errors", &units)?;
        output.end()
    }
}

/// Returns a JSON Pointer as a URI fragment, in which characters that a fragment must not have are percent-encoded.
fn fragment(pointer: &str) -> String {
    let mut text = String::with_capacity(pointer.len());
    for byte in pointer.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@?".contains(&byte) => text.push(byte as char),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Returns a member name as a step of a JSON Pointer.
pub fn escape(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        // `~` comes first: otherwise, the `~` of `~1` would be escaped again.
        true => Cow::Owned(name.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(name),
    }
}

/// Returns a step of a JSON Pointer as a member name.
pub(crate) fn unescape(step: &str) -> Cow<'_, str> {
    match step.contains('~') {
        // `~1` comes first: otherwise, `~01` would become `/`.
        true => Cow::Owned(step.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(step),
    }
}
