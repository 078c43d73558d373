//! Resolves references in a document and between documents: URIs, JSON Pointers and anchors.

use percent_encoding::percent_decode_str;
use webhook_codegen::Diagnostic;
use webhook_codegen::json::{Json, descend, step, steps, unescape};
use webhook_codegen::uri::resolve;

use crate::documents::{DocumentId, Documents, file_of, shown};

/// The maximum length of a chain of references.
const CHAIN: usize = 100;

/// The place that a reference leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) document: DocumentId,
    pub(crate) pointer: String,
}

/// The reason why a reference leads nowhere.
#[derive(Debug)]
pub(crate) enum Unresolved {
    /// A file cannot be read.
    Unreadable(Diagnostic),
    /// Any other problem, as a message and advice.
    Nowhere(String, String),
}

/// Returns whether a JSON Pointer leads to a place or to something inside of it.
pub(crate) fn is_within(pointer: &str, place: &str) -> bool {
    pointer.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Documents {
    /// Returns the value at a place.
    pub(crate) fn at(&self, place: &Place) -> Option<Json> {
        self.get(place.document).json.at(&place.pointer).cloned()
    }

    /// Returns the place that a reference leads to, relative to a base.
    pub(crate) fn target(&mut self, base: &str, reference: &str) -> Result<Place, Unresolved> {
        let nowhere = |what: String, advice: &str| {
            let message = format!("the reference {reference:?} leads nowhere: {what}");
            Err(Unresolved::Nowhere(message, advice.to_owned()))
        };
        let uri = match resolve(base, reference) {
            Ok(uri) => uri,
            Err(error) => return nowhere(format!("no URI: {error}"), "write a URI reference"),
        };
        let (address, fragment) = uri.split_once('#').unwrap_or((&uri, ""));
        let root = match self.with_resource(address) {
            Some((document, pointer)) => Place { document, pointer },
            None => match self.find(address) {
                Some(document) => Place { document: document.map_err(Unresolved::Unreadable)?, pointer: String::new() },
                None => {
                    return match file_of(address) {
                        Some(file) if !self.is_allowed(&file) => nowhere(
                            format!("{} is not below a folder of the documents, so it is not read", shown(&file)),
                            "give the folder that it may be read from with --with DIR",
                        ),
                        Some(file) => nowhere(
                            format!("there is no file {}", shown(&file)),
                            "put the file there, or correct the reference",
                        ),
                        None => nowhere(
                            format!("no file is given for {address}"),
                            &format!(
                                "save the document, and give it with --with {address}=FILE, or a folder of documents with --with PREFIX=DIR"
                            ),
                        ),
                    };
                }
            },
        };
        let Ok(fragment) = percent_decode_str(fragment).decode_utf8() else {
            return nowhere("its fragment is not UTF-8".to_owned(), "write it as UTF-8");
        };
        let document = self.get(root.document);
        let pointer = match fragment.as_ref() {
            "" => root.pointer,
            pointer if pointer.starts_with('/') => {
                let exact = descend(&root.pointer, steps(pointer));
                match document.json.at(&exact) {
                    Some(_) => exact,
                    // Only if the exact pointer leads nowhere, so that a correct one never changes its meaning.
                    None => {
                        let parts: Vec<&str> = pointer.split('/').skip(1).collect();
                        let json = document.json.at(&root.pointer);
                        json.and_then(|json| unescaped(json, &root.pointer, &parts)).unwrap_or(exact)
                    }
                }
            }
            anchor => match document.json.at(&root.pointer).and_then(|json| anchored(json, &root.pointer, anchor)) {
                Some(pointer) => pointer,
                None => {
                    let message = format!("there is no anchor {anchor:?} in {}", document.shown);
                    return nowhere(message, "name an anchor of the document");
                }
            },
        };
        match document.json.at(&pointer) {
            Some(_) => Ok(Place { document: root.document, pointer }),
            None => nowhere(format!("there is no {pointer} in {}", document.shown), "correct the reference"),
        }
    }

    /// Returns the place that a reference leads to, relative to a base, or else to the file of its document, or else to
    /// a given folder. A file that declares a URI may still refer to the files next to it, and relative references are
    /// often meant relative to the folder of all files.
    pub(crate) fn target_from(
        &mut self,
        base: &str,
        document: DocumentId,
        reference: &str,
    ) -> Result<Place, Unresolved> {
        let (mut message, mut advice) = match self.target(base, reference) {
            Err(Unresolved::Nowhere(message, advice)) => (message, advice),
            other => return other,
        };
        let mut others = self.roots.clone();
        others.insert(0, self.get(document).uri.clone());
        for other in others.iter().filter(|other| *other != base) {
            match self.target(other, reference) {
                Ok(found) => return Ok(found),
                // A file that may not be read explains more than an address that no file is given for.
                Err(Unresolved::Nowhere(why, what)) if self.is_file_outside(other, reference) => {
                    (message, advice) = (why, what);
                }
                Err(_) => {}
            }
        }
        Err(Unresolved::Nowhere(message, advice))
    }

    /// Returns the place that a reference at a place leads to.
    pub(crate) fn referred(&mut self, place: &Place, reference: &str) -> Result<Place, Unresolved> {
        self.target_from(&self.base(place), place.document, reference)
    }

    /// Returns whether a reference leads to a file that may not be read, because it is below no folder of the
    /// documents.
    fn is_file_outside(&self, base: &str, reference: &str) -> bool {
        let file = resolve(base, reference).ok().and_then(|uri| file_of(uri.split('#').next().unwrap_or_default()));
        file.is_some_and(|file| file.is_file() && !self.is_allowed(&file))
    }

    /// Follows references outside of schemas, until a place is not a reference.
    pub(crate) fn follow(&mut self, place: Place) -> Result<Place, Unresolved> {
        let mut place = place;
        for _ in 0..CHAIN {
            let document = self.get(place.document);
            let Some(reference) = document.json.at(&place.pointer).and_then(|json| json.get("$ref")?.as_str()) else {
                return Ok(place);
            };
            place = self.referred(&place, reference)?;
        }
        let message = format!("the references at {} lead to each other", place.pointer);
        Err(Unresolved::Nowhere(message, "let one of them lead to a value".to_owned()))
    }

    /// Returns the base URI at a place: the identifier of the innermost schema around the place, or else the URI of the
    /// document.
    pub(crate) fn base(&self, place: &Place) -> String {
        let document = self.get(place.document);
        match self.resource(place) {
            Some((uri, _)) => uri,
            None => document.own_uri.clone().unwrap_or_else(|| document.uri.clone()),
        }
    }

    /// Returns the identifier and the JSON Pointer of the innermost schema around a place that has an identifier.
    pub(crate) fn resource(&self, place: &Place) -> Option<(String, String)> {
        let document = self.get(place.document);
        let found = document.resources.iter().filter(|(_, pointer)| is_within(&place.pointer, pointer));
        found.max_by_key(|(_, pointer)| pointer.len()).cloned()
    }
}

/// Returns the identifier of a schema (`$id`, or `id` in draft-04) without an empty fragment.
pub(crate) fn identifier(schema: &Json) -> Option<&str> {
    let is_draft4 = schema.get("$schema").and_then(Json::as_str).is_some_and(|dialect| dialect.contains("draft-04"));
    let id = schema.get(if is_draft4 { "id" } else { "$id" }).and_then(Json::as_str)?;
    let id = id.trim_end_matches('#');
    (!id.is_empty() && !id.starts_with('#')).then_some(id)
}

/// Finds the value of a JSON Pointer in which a `/` of a name is not escaped, which is a common mistake.
fn unescaped(json: &Json, place: &str, steps: &[&str]) -> Option<String> {
    if steps.is_empty() {
        return Some(place.to_owned());
    }
    (1..=steps.len()).find_map(|count| {
        let name = unescape(&steps[..count].join("/"));
        let below = match json {
            Json::Array(items) => items.get(name.parse::<usize>().ok()?)?,
            json => json.get(&name)?,
        };
        unescaped(below, &step(place, &name), &steps[count..])
    })
}

/// Returns the JSON Pointer of the schema that has an anchor, in one resource.
fn anchored(json: &Json, pointer: &str, anchor: &str) -> Option<String> {
    let is_it = |keyword: &str| json.get(keyword).and_then(Json::as_str) == Some(anchor);
    let in_id = |keyword: &str| json.get(keyword).and_then(Json::as_str).and_then(|id| id.strip_prefix('#'));
    if is_it("$anchor") || is_it("$dynamicAnchor") || in_id("$id") == Some(anchor) || in_id("id") == Some(anchor) {
        return Some(pointer.to_owned());
    }
    match json {
        Json::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| anchored(item, &step(pointer, &index.to_string()), anchor)),
        Json::Object(members) => members
            .iter()
            // A schema with an identifier is a resource with anchors of its own (JSON Schema 2020-12, section 8.2.2).
            .filter(|(_, value)| identifier(value).is_none())
            .find_map(|(name, value)| anchored(value, &step(pointer, name), anchor)),
        _ => None,
    }
}
