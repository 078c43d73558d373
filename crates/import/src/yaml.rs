//! Parses YAML 1.2 in the core schema as JSON. The digits of numbers are kept, and the size that aliases may add is
//! limited.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use webhook_codegen::Location;
use webhook_codegen::json::{Json, number_of, steps};

/// The maximum depth of values, as in JSON texts.
const DEPTH: usize = 128;

/// The maximum size that aliases may repeat, in bytes of text plus a few bytes for each value.
const REPEATED: usize = 64 << 20;

/// The reason why a text is not YAML, or is YAML that JSON cannot express.
#[derive(Debug)]
pub(crate) struct YamlError {
    pub(crate) location: Location,
    pub(crate) message: String,
}

/// A value with its size and depth.
#[derive(Clone)]
struct YamlNode {
    json: Json,
    weight: usize,
    depth: usize,
}

/// A collection that is being read.
struct Open {
    anchor: usize,
    content: Collection,
    weight: usize,
    depth: usize,
}

enum Collection {
    Sequence(Vec<Json>),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    members: Vec<(String, Json)>,
    /// The names of the members, with the byte at which each starts.
    names: HashMap<String, usize>,
    key: Option<String>,
    /// The byte at which the key starts.
    key_at: usize,
    merged: Vec<Json>,
}

struct YamlParser<'t> {
    text: &'t str,
    open: Vec<Open>,
    anchors: HashMap<usize, YamlNode>,
    repeated: usize,
    root: Option<Json>,
}

/// Parses a text with one document.
pub(crate) fn parse(text: &str) -> Result<Json, YamlError> {
    let mut parser = YamlParser { text, open: Vec::new(), anchors: HashMap::new(), repeated: 0, root: None };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(text.len());
            YamlError { location: Location::new(text, at..at), message: error.info() }
        })?;
        parser.event(event, span)?;
    }
    Ok(parser.root.unwrap_or(Json::Null))
}

fn bytes(span: Span) -> Range<usize> {
    span.byte_range().unwrap_or(0..0)
}

impl YamlParser<'_> {
    fn error<T>(&self, span: Span, message: impl Into<String>) -> Result<T, YamlError> {
        Err(YamlError { location: Location::new(self.text, bytes(span)), message: message.into() })
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                self.error(span, "a second document: give each a file of its own")
            }
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => {
                // An anchor is stored when its value ends, so an alias to one that is not stored is inside the value.
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return self
                        .error(span, "the alias is inside the value that it refers to, so the value has no end");
                };
                // A short text can have aliases that double the value at each level ("billion laughs").
                self.repeated += node.weight;
                if self.repeated > REPEATED {
                    let limit = REPEATED >> 20;
                    return self.error(span, format!("aliases repeat more than {limit} MiB of the document"));
                }
                self.value(node, 0, span)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.collection(tag.as_deref(), "seq", span)?;
                self.open(anchor, Collection::Sequence(Vec::new()), span)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.collection(tag.as_deref(), "map", span)?;
                if self.is_key() {
                    return self.error(span, "the key of a member is a mapping, and must be a string");
                }
                self.open(anchor, Collection::Mapping(Mapping::default()), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            _ => Ok(()),
        }
    }

    fn open(&mut self, anchor: usize, content: Collection, span: Span) -> Result<(), YamlError> {
        self.open.push(Open { anchor, content, weight: 0, depth: 0 });
        self.depth(0, span)
    }

    fn depth(&self, below: usize, span: Span) -> Result<(), YamlError> {
        match self.open.len() + below > DEPTH {
            true => self.error(span, format!("nested more than {DEPTH} deep")),
            false => Ok(()),
        }
    }

    fn collection(&self, tag: Option<&Tag>, expected: &str, span: Span) -> Result<(), YamlError> {
        match tag {
            Some(tag) if !tag.is_yaml_core_schema_tag(expected) => self.unknown_tag(tag, span),
            _ => Ok(()),
        }
    }

    fn unknown_tag<T>(&self, tag: &Tag, span: Span) -> Result<T, YamlError> {
        self.error(span, format!("the tag {} has no meaning in JSON", tag.original()))
    }

    /// Returns whether the next value is the key of a member.
    fn is_key(&self) -> bool {
        let content = self.open.last().map(|open| &open.content);
        matches!(content, Some(Collection::Mapping(mapping)) if mapping.key.is_none())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), YamlError> {
        let string = || Json::String(text.to_owned());
        let json = match tag.map(|tag| (tag, tag.core_suffix())) {
            // A plain key such as `200` or `true` is the name of a member.
            None if style != ScalarStyle::Plain || self.is_key() => string(),
            Some((_, Some("str"))) => string(),
            None | Some((_, Some("null" | "bool" | "int" | "float"))) => match plain(text) {
                Some(json) => json,
                None => {
                    let message = format!("{text} is a number of YAML that JSON does not have");
                    return self.error(span, message);
                }
            },
            Some((tag, _)) => return self.unknown_tag(tag, span),
        };
        let node = YamlNode { weight: 16 + text.len(), depth: 0, json };
        self.value(node, anchor, span)
    }

    /// Adds a value to the collection that is being read.
    fn value(&mut self, node: YamlNode, anchor: usize, span: Span) -> Result<(), YamlError> {
        self.depth(node.depth, span)?;
        // The parser numbers anchors from 1; 0 means that the value has none.
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node.json);
            return Ok(());
        };
        open.weight += node.weight;
        open.depth = open.depth.max(node.depth + 1);
        let mapping = match &mut open.content {
            Collection::Mapping(mapping) => mapping,
            Collection::Sequence(items) => {
                items.push(node.json);
                return Ok(());
            }
        };
        match mapping.key.take() {
            None => match node.json {
                Json::String(name) => (mapping.key, mapping.key_at) = (Some(name), bytes(span).start),
                other => {
                    let message = format!("the key of a member is {}, and must be a string", other.kind());
                    return self.error(span, message);
                }
            },
            // The merge key is a type of YAML 1.1 that is still common. It is applied when the mapping ends, because the
            // mapping's own members win over merged ones, even if they follow.
            Some(name) if name == "<<" => match node.json {
                Json::Array(items) => mapping.merged.extend(items),
                one => mapping.merged.push(one),
            },
            Some(name) => {
                let key_at = mapping.key_at;
                if let Some(first) = mapping.names.insert(name.clone(), key_at) {
                    let first = Location::new(self.text, first..first);
                    let place = format!("first at line {} column {}", first.line, first.column);
                    let message = format!("the member {name:?} is repeated, {place}");
                    return Err(YamlError { location: Location::new(self.text, key_at..key_at), message });
                }
                mapping.members.push((name, node.json));
            }
        }
        Ok(())
    }

    fn close(&mut self, span: Span) -> Result<(), YamlError> {
        let Some(Open { anchor, content, weight, depth }) = self.open.pop() else { return Ok(()) };
        let json = match content {
            Collection::Sequence(items) => Json::Array(items),
            Collection::Mapping(Mapping { mut members, mut names, merged, .. }) => {
                for json in merged {
                    let Json::Object(more) = json else {
                        return self.error(span, "the merge key `<<` takes mappings only");
                    };
                    // Of several merged mappings, the first one with a name wins.
                    members.extend(more.into_iter().filter(|(name, _)| names.insert(name.clone(), 0).is_none()));
                }
                Json::Object(members)
            }
        };
        self.value(YamlNode { json, weight: weight + 16, depth }, anchor, span)
    }
}

/// Returns the value of a plain scalar in the core schema, or `None` for a number that JSON does not have.
fn plain(text: &str) -> Option<Json> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Json::Null),
        "true" | "True" | "TRUE" => return Some(Json::Boolean(true)),
        "false" | "False" | "FALSE" => return Some(Json::Boolean(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return None;
    }
    let other_base = |prefix: &str, radix: u32| {
        let digits = text.strip_prefix(prefix).filter(|digits| !digits.is_empty())?;
        digits.chars().all(|digit| digit.is_digit(radix)).then(|| u128::from_str_radix(digits, radix).ok())
    };
    if let Some(value) = other_base("0o", 8).or_else(|| other_base("0x", 16)) {
        return value.map(|value| Json::Number(value.to_string()));
    }
    Some(number_of(text).map_or_else(|| Json::String(text.to_owned()), Json::Number))
}

/// Returns the byte range of the member name or item that a JSON Pointer leads to in a text.
pub(crate) fn locate(text: &str, pointer: &str) -> Option<Range<usize>> {
    let wanted: Vec<String> = steps(pointer).collect();
    // The name or index of the present value of each open collection; `None` if a key comes next.
    let mut path: Vec<Option<String>> = Vec::new();
    let mut kinds: Vec<bool> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let is_key = kinds.last() == Some(&true) && path.last() == Some(&None);
        let is_wanted = |path: &[Option<String>]| {
            path.len() == wanted.len() && path.iter().zip(&wanted).all(|(step, name)| step.as_ref() == Some(name))
        };
        match event {
            Event::Scalar(name, ..) if is_key => {
                *path.last_mut()? = Some(name.into_owned());
                if is_wanted(&path) {
                    return span.byte_range();
                }
                continue;
            }
            Event::Scalar(..) | Event::Alias(_) => {
                if is_wanted(&path) {
                    return span.byte_range();
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if is_wanted(&path) {
                    let start = span.byte_range()?.start;
                    return Some(start..text[start..].find('\n').map_or(text.len(), |end| start + end));
                }
                let is_mapping = matches!(event, Event::MappingStart(..));
                path.push(if is_mapping { None } else { Some("0".to_owned()) });
                kinds.push(is_mapping);
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                path.pop();
                kinds.pop();
            }
            _ => continue,
        }
        // A value is complete: the next key or item follows.
        match (kinds.last(), path.last_mut()) {
            (Some(true), Some(step)) => *step = None,
            (Some(false), Some(Some(index))) => *index = (index.parse::<usize>().ok()? + 1).to_string(),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        parse(text).map_or_else(|error| format!("{}: {}", error.location.line, error.message), |json| json.to_string())
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text =
            "[1, -0, +7, 007, 1.50, .5, 1., 1e3, 1.0E+2, 0x1F, 0o17, 12345678901234567890.10, 1_000, 1.2.3, e3, a]";
        let expected = r#"[1,-0,7,7,1.50,0.5,1,1e3,1.0E+2,31,15,12345678901234567890.10,"1_000","1.2.3","e3","a"]"#;
        assert_eq!(json(text), expected);
        assert_eq!(json("a: .inf"), "1: .inf is a number of YAML that JSON does not have");
    }

    #[test]
    fn scalars_are_those_of_the_core_schema() {
        assert_eq!(json("[yes, on, null, ~, True, 'true', 2024-01-01, !!str 5]"), {
            r#"["yes","on",null,null,true,"true","2024-01-01","5"]"#
        });
        assert_eq!(json("200: a\ntrue: b\n"), r#"{"200":"a","true":"b"}"#);
    }

    #[test]
    fn aliases_and_merge_keys() {
        assert_eq!(json("a: &x {b: 1, c: 2}\nd: *x\ne:\n  <<: *x\n  b: 3\n"), {
            r#"{"a":{"b":1,"c":2},"d":{"b":1,"c":2},"e":{"b":3,"c":2}}"#
        });
        assert!(json("a: &x [*x]").contains("inside the value that it refers to"), "{}", json("a: &x [*x]"));
        let levels = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let below = vec![format!("*a{}", level - 1); 9].join(", ");
            format!("{text}a{level}: &a{level} [{below}]\n")
        });
        assert!(json(&levels).contains("aliases repeat more than 64 MiB"), "{}", json(&levels));
    }

    #[test]
    fn errors_say_where() {
        let twice = json("b:\n  a: 1\n  a: [2]\n");
        assert!(twice.starts_with("3: the member \"a\" is repeated, first at line 2 column 3"), "{twice}");
        assert!(json("a: 1\n---\nb: 2\n").contains("a second document"));
        assert!(json("a: !thing 1").contains("!thing"));
        let nested = |depth: usize| json(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        assert!(nested(200).contains("128"), "{}", nested(200));
    }

    #[test]
    fn pointers_are_found() {
        let text = "a:\n  - b: 1\n  - c:\n      d/e: [x, y]\n";
        let found = |pointer: &str| locate(text, pointer).map(|bytes| &text[bytes]);
        assert_eq!(found("/a/1/c"), Some("c"));
        assert_eq!(found("/a/1/c/d~1e/1"), Some("y"));
        assert_eq!(found("/a/0/b"), Some("b"));
        assert_eq!(found("/a/2"), None);
    }
}
