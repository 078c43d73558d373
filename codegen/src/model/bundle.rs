//! Bundles an event's schema into one document: the documents that it refers to are embedded in its `$defs`.

use std::collections::{BTreeMap, BTreeSet};

use super::uri::encode_path;
use super::{Dialect, DocumentId, Keywords, Model, Node, NodeId};
use crate::json::{Json, step};

impl Model {
    /// Returns the keyword for embedded documents. All events use the same keyword, because they share one table, so
    /// every event's dialect must have it. Dialect 2020-12 still supports `definitions`.
    fn definitions(&self) -> &'static str {
        let older = self.documents.iter().any(|document| document.root && document.dialect <= Dialect::Draft7);
        if older { "definitions" } else { "$defs" }
    }

    /// Returns the JSON Pointer of a node in its event's bundled document.
    pub(crate) fn bundled_pointer(&self, node: &Node) -> String {
        let document = &self.documents[node.document];
        if document.root { node.pointer.clone() } else { format!("{}{}", self.embedded(node.document), node.pointer) }
    }

    /// Returns the location of a document inside the documents that it is embedded in.
    fn embedded(&self, document: DocumentId) -> String {
        step(&format!("/{}", self.definitions()), &self.documents[document].file)
    }

    /// Returns the JSON Pointers under which the documents that events refer to are embedded in the events' documents,
    /// with their files.
    pub(crate) fn embedded_files(&self) -> Vec<(String, String)> {
        let shared = self.documents.iter().enumerate().filter(|(_, document)| !document.root);
        shared.map(|(id, document)| (self.embedded(id), document.file.clone())).collect()
    }

    /// Returns the base URI of an event's document: its `$id`, or else the URI from which it was loaded.
    pub(crate) fn base(&self, root: NodeId) -> &str {
        &self.documents[self.node(root).document].base
    }

    /// Returns the document of an event with all documents that it refers to. An embedded document has a different URI
    /// in each event, so that the bundles of two events can be combined in one document.
    pub(crate) fn bundle(&self, root: NodeId) -> Json {
        let own = self.node(root).document;
        let needed = self.needed(own);
        if needed.is_empty() {
            return self.documents[own].json.clone();
        }
        let base = self.documents[own].base.clone();
        let mut uris: BTreeMap<DocumentId, String> = BTreeMap::from([(own, base.clone())]);
        for document in &needed {
            uris.insert(*document, format!("{base}?{}", encode_path(&self.documents[*document].file)));
        }
        let mut bundle = self.absolute(own, &uris);
        for document in needed {
            let embedded = self.absolute(document, &uris);
            add(&mut bundle, self.definitions(), &self.documents[document].file, embedded);
        }
        bundle
    }

    /// Returns the documents that can be reached from a document, except metaschemas.
    fn needed(&self, start: DocumentId) -> BTreeSet<DocumentId> {
        let mut found = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(document) = open.pop() {
            for node in self.nodes.iter().filter(|node| node.document == document) {
                for target in self.outward(&node.keywords, document) {
                    let next = self.node(target).document;
                    if !self.documents[next].well_known && found.insert(next) {
                        open.push(next);
                    }
                }
            }
        }
        found.remove(&start);
        found
    }

    fn outward(&self, keywords: &Keywords, document: DocumentId) -> impl Iterator<Item = NodeId> {
        let targets = [keywords.reference, keywords.dynamic.as_ref().map(|(_, id)| *id)];
        targets.into_iter().flatten().filter(move |target| self.node(*target).document != document)
    }

    /// Returns a document with its URI in a bundle. Its references to other documents are absolute.
    fn absolute(&self, document: DocumentId, uris: &BTreeMap<DocumentId, String>) -> Json {
        let mut json = self.documents[document].json.clone();
        for node in self.nodes.iter().filter(|node| node.document == document) {
            let Some(target) = node.keywords.reference.map(|target| self.node(target)) else { continue };
            let found = json.at_mut(&node.pointer).and_then(|schema| schema.get_mut("$ref"));
            let Some(Json::String(reference)) = found else { continue };
            let pointer = target.pointer.replace('%', "%25");
            match uris.get(&target.document) {
                Some(_) if target.document == document => {
                    // The reference may use the document's original URI, which no longer applies.
                    let root = |node: &Node| self.resources[node.resource].root;
                    if !reference.starts_with('#') && root(node) == root(target) {
                        *reference = format!("#{pointer}");
                    }
                }
                Some(uri) if pointer.is_empty() => reference.clone_from(uri),
                Some(uri) => *reference = format!("{uri}#{pointer}"),
                None => {}
            }
        }
        if let (Json::Object(members), Some(uri)) = (&mut json, uris.get(&document)) {
            let keyword = self.documents[document].dialect.id_keyword();
            members.retain(|(name, _)| name != keyword);
            members.insert(0, (keyword.to_owned(), Json::String(uri.clone())));
        }
        json
    }
}

fn add(bundle: &mut Json, definitions: &str, name: &str, embedded: Json) {
    let Json::Object(members) = bundle else { return };
    if !members.iter().any(|(known, _)| known == definitions) {
        members.push((definitions.to_owned(), Json::Object(Vec::new())));
    }
    if let Some(Json::Object(known)) = bundle.get_mut(definitions) {
        known.push((name.to_owned(), embedded));
    }
}
