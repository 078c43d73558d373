//! Resolves references: within a file, between files, to anchors, and dynamic ones.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::parse::{Context, Origin, Parser, Pending};
use super::uri::resolve;
use super::{Dialect, NodeId};
use crate::json::{Json, descend, step, steps};
use crate::model::diagnostic::{Code, Diagnostic};

impl Parser<'_> {
    /// Resolves all references, and parses the documents that they refer to.
    pub(super) fn resolve(&mut self) {
        let mut dynamic = Vec::new();
        while let Some(pending) = self.pending.pop() {
            let dialect = self.model.node(pending.node).dialect;
            if pending.keyword == "$dynamicRef" && dialect.separates_dynamic_anchors() {
                self.refer_dynamically(&pending);
                dynamic.push(pending);
                continue;
            }
            match self.target(&pending) {
                Ok(target) => self.connect(&pending, target),
                Err(message) => {
                    self.unresolved(&pending, message, "name a file of the provider, a definition in one, or an anchor")
                }
            }
        }
        for pending in dynamic {
            let name = anchor_name(&pending.reference);
            let mut anchors = self.model.resources.iter().flat_map(|resource| &resource.dynamic_anchors);
            if !anchors.any(|(anchor, _)| anchor == name) {
                let message = format!("no schema has the dynamic anchor {name:?}");
                self.unresolved(&pending, message, "name a $dynamicAnchor");
            }
        }
        self.problems.sort();
    }

    fn unresolved(&mut self, pending: &Pending, message: String, advice: &str) {
        let (file, pointer) = self.model.place(pending.node);
        let place = step(pointer, pending.keyword);
        self.problems.push(Diagnostic::at(Code::UnresolvedReference, file, place, message, advice));
    }

    /// Resolves a `$dynamicRef` to an anchor of the dynamic scope. If the scope has no such anchor, the schema rejects
    /// everything.
    fn refer_dynamically(&mut self, pending: &Pending) {
        let name = anchor_name(&pending.reference);
        let node = self.model.node(pending.node);
        let own = self.model.resources[node.resource].dynamic_anchors.iter().find(|(anchor, _)| anchor == name);
        let target = match own.map(|(_, node)| *node) {
            Some(target) => target,
            None => {
                let nothing = super::Node {
                    pointer: step(&node.pointer, pending.keyword),
                    keywords: super::Keywords { is_false: true, ..super::Keywords::default() },
                    annotations: super::Annotations::default(),
                    ..node.clone()
                };
                self.model.add(nothing)
            }
        };
        self.model.nodes[pending.node.0].keywords.dynamic = Some((name.to_owned(), target));
    }

    fn connect(&mut self, pending: &Pending, target: NodeId) {
        let fragment = pending.reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let resource = &self.model.resources[self.model.node(target).resource];
        let dynamic = matches!(pending.keyword, "$dynamicRef" | "$recursiveRef")
            && resource.dynamic_anchors.iter().any(|(anchor, node)| anchor == fragment && *node == target);
        let keywords = &mut self.model.nodes[pending.node.0].keywords;
        if dynamic {
            keywords.dynamic = Some((fragment.to_owned(), target));
        } else if keywords.reference.is_none() {
            keywords.reference = Some(target);
        } else {
            // A `$dynamicRef` that behaves like a plain reference, next to a `$ref`: the second reference becomes a
            // branch of `allOf`.
            let node = self.model.node(pending.node).clone();
            let branch = self.model.add(super::Node {
                keywords: super::Keywords { reference: Some(target), ..super::Keywords::default() },
                annotations: super::Annotations::default(),
                ..node
            });
            self.model.nodes[pending.node.0].keywords.all_of.push(branch);
        }
    }

    fn target(&mut self, pending: &Pending) -> Result<NodeId, String> {
        let nowhere = |what: &str| format!("the reference {:?} leads nowhere: {what}", pending.reference);
        let uri = resolve(&pending.base, &pending.reference).map_err(|error| nowhere(&format!("no URI: {error}")))?;
        let (document, fragment) = uri.split_once('#').unwrap_or((&uri, ""));
        let resource = self.resource(document).or_else(|| self.in_same_folder(pending));
        let resource = resource.ok_or_else(|| nowhere(&format!("there is no {}", file(document))))?;
        let fragment = decode(fragment).ok_or_else(|| nowhere("its fragment is not UTF-8"))?;
        let root = self.model.resources[resource].root;
        if fragment.is_empty() {
            return Ok(root);
        }
        if !fragment.starts_with('/') {
            let anchor = self.anchors.get(&(resource, fragment.clone())).copied();
            return anchor.ok_or_else(|| nowhere(&format!("there is no anchor {fragment:?}")));
        }
        let node = self.model.node(root);
        let (document, pointer) = (node.document, format!("{}{fragment}", node.pointer));
        let pointer = descend("", steps(&pointer));
        if let Some(known) = self.places.get(&(document, pointer.clone())) {
            return Ok(*known);
        }
        // No keyword leads to this location, but it may contain a schema.
        let json = self.model.documents[document].json.clone();
        match json.at(&pointer) {
            Some(schema @ (Json::Object(_) | Json::Boolean(_))) => {
                let (base, dialect) = self.surroundings(&json, document, &pointer);
                let at = Context { document, pointer, base, resource, dialect, without_validation: false };
                Ok(self.schema(schema, at))
            }
            Some(other) => Err(nowhere(&format!("there is {}, which is not a schema", other.kind()))),
            None => Err(nowhere(&format!("there is no {fragment}"))),
        }
    }

    /// Returns the base URI and dialect at a location, derived from the `$id`s on the way to it.
    fn surroundings(&self, json: &Json, document: usize, pointer: &str) -> (String, Dialect) {
        let known = &self.model.documents[document];
        let mut base = known.uri.clone();
        let mut place = String::new();
        let steps = std::iter::once("").chain(pointer.split('/').skip(1));
        for (index, name) in steps.enumerate() {
            if index > 0 {
                place = format!("{place}/{name}");
            }
            let id = json.at(&place).and_then(|schema| schema.get(known.dialect.id_keyword())).and_then(Json::as_str);
            if let Some(uri) = id.and_then(|id| resolve(&base, id).ok()) {
                base = uri;
            }
        }
        (base, known.dialect)
    }

    /// Returns the resource with a URI: a parsed one, or a document of the library.
    fn resource(&mut self, uri: &str) -> Option<usize> {
        self.uris.get(uri).copied().or_else(|| self.fetch(uri))
    }

    /// Returns the document that a relative reference identifies if it is resolved against the location of its file. A
    /// file with an `$id` on the vendor's site may still refer to files next to it, which are not available there.
    fn in_same_folder(&mut self, pending: &Pending) -> Option<usize> {
        let found_at = self.model.documents[self.model.node(pending.node).document].uri.clone();
        let uri = resolve(&found_at, &pending.reference).ok()?;
        self.resource(uri.split_once('#').map_or(uri.as_str(), |(document, _)| document))
    }

    /// Parses a document of the library, or a well-known one.
    fn fetch(&mut self, uri: &str) -> Option<usize> {
        // A document can be identified by its file or by its own `$id`, but must be parsed once.
        let named = self.input.library.iter().find(|(_, (_, json))| {
            let dialect = Dialect::declared(json).unwrap_or(self.input.dialect);
            let id = json.get(dialect.id_keyword()).and_then(Json::as_str);
            id.is_some_and(|id| id.trim_end_matches('#') == uri)
        });
        if let Some((own, (file, json))) = named.filter(|(own, _)| own.as_str() != uri) {
            if !self.uris.contains_key(own) {
                self.document(own, file, json.clone(), Origin::Library);
            }
            return self.uris.get(uri).copied();
        }
        let (file, json, origin) = match self.input.library.get(uri) {
            Some((file, json)) => (file.clone(), json.clone(), Origin::Library),
            None => (uri.to_owned(), Json::parse(well_known(uri)?).ok()?, Origin::Dialect),
        };
        self.document(uri, &file, json, origin);
        self.uris.get(uri).copied()
    }
}

/// Returns the metaschema with a URI.
fn well_known(uri: &str) -> Option<&'static str> {
    Some(match uri {
        "http://json-schema.org/draft-04/schema" => include_str!("metaschemas/draft4.json"),
        "http://json-schema.org/draft-06/schema" => include_str!("metaschemas/draft6.json"),
        "http://json-schema.org/draft-07/schema" => include_str!("metaschemas/draft7.json"),
        "https://json-schema.org/draft/2019-09/schema" => include_str!("metaschemas/2019-09/schema.json"),
        "https://json-schema.org/draft/2019-09/meta/core" => include_str!("metaschemas/2019-09/core.json"),
        "https://json-schema.org/draft/2019-09/meta/applicator" => include_str!("metaschemas/2019-09/applicator.json"),
        "https://json-schema.org/draft/2019-09/meta/validation" => include_str!("metaschemas/2019-09/validation.json"),
        "https://json-schema.org/draft/2019-09/meta/meta-data" => include_str!("metaschemas/2019-09/meta-data.json"),
        "https://json-schema.org/draft/2019-09/meta/format" => include_str!("metaschemas/2019-09/format.json"),
        "https://json-schema.org/draft/2019-09/meta/content" => include_str!("metaschemas/2019-09/content.json"),
        "https://json-schema.org/draft/2020-12/schema" => include_str!("metaschemas/schema.json"),
        "https://json-schema.org/draft/2020-12/meta/core" => include_str!("metaschemas/core.json"),
        "https://json-schema.org/draft/2020-12/meta/applicator" => include_str!("metaschemas/applicator.json"),
        "https://json-schema.org/draft/2020-12/meta/unevaluated" => include_str!("metaschemas/unevaluated.json"),
        "https://json-schema.org/draft/2020-12/meta/validation" => include_str!("metaschemas/validation.json"),
        "https://json-schema.org/draft/2020-12/meta/meta-data" => include_str!("metaschemas/meta-data.json"),
        "https://json-schema.org/draft/2020-12/meta/format-annotation" => {
            include_str!("metaschemas/format-annotation.json")
        }
        "https://json-schema.org/draft/2020-12/meta/content" => include_str!("metaschemas/content.json"),
        _ => return None,
    })
}

/// Returns the anchor that a `$dynamicRef` names. The official test suite writes it as a fragment.
fn anchor_name(reference: &str) -> &str {
    reference.strip_prefix('#').unwrap_or(reference)
}

/// Returns a URI as people know it: a path below schema-defs, if possible.
fn file(uri: &str) -> &str {
    uri.strip_prefix("webhooks:///").unwrap_or(uri)
}

fn decode(fragment: &str) -> Option<String> {
    percent_decode_str(fragment).decode_utf8().ok().map(Cow::into_owned)
}
