//! An event's schema as a document of its own: the documents that it refers to stand in its `$defs`.

use std::collections::BTreeSet;

use super::{Dialect, DocumentId, Model, NodeId, Rules};
use crate::json::{Json, step};

impl Dialect {
    fn definitions(self) -> &'static str {
        match self {
            Dialect::Draft7 => "definitions",
            Dialect::Draft202012 => "$defs",
        }
    }
}

impl Model {
    /// The JSON Pointer of a node in its event's document.
    pub(crate) fn bundled_pointer(&self, id: NodeId) -> String {
        let node = self.node(id);
        let document = &self.documents[node.document];
        match document.root {
            true => node.pointer.clone(),
            false => format!("{}{}", self.embedded(node.document), node.pointer),
        }
    }

    /// Where a document stands inside those that refer to it.
    fn embedded(&self, document: DocumentId) -> String {
        let Document { dialect, file } = self.named(document);
        step(&format!("/{}", dialect.definitions()), file)
    }

    fn named(&self, document: DocumentId) -> Document<'_> {
        let document = &self.documents[document];
        Document { dialect: document.dialect, file: &document.file }
    }

    /// The document of an event, with every document that it refers to.
    pub(crate) fn bundle(&self, root: NodeId) -> Json {
        let own = self.node(root).document;
        let needed = self.needed(own);
        if needed.is_empty() {
            return self.documents[own].json.clone();
        }
        let mut bundle = self.absolute(own);
        if let Json::Object(members) = &mut bundle
            && !members.iter().any(|(name, _)| name == "$id")
        {
            members.insert(0, ("$id".to_owned(), Json::String(self.documents[own].uri.clone())));
        }
        for document in needed {
            let Document { dialect, file } = self.named(document);
            let mut embedded = self.absolute(document);
            if let Json::Object(members) = &mut embedded {
                members.retain(|(name, _)| name != "$id");
                let uri = self.documents[document].base.clone();
                members.insert(0, ("$id".to_owned(), Json::String(uri)));
            }
            add(&mut bundle, dialect.definitions(), file, embedded);
        }
        bundle
    }

    /// The documents that one leads to, those of the dialects aside.
    fn needed(&self, start: DocumentId) -> BTreeSet<DocumentId> {
        let mut found = BTreeSet::from([start]);
        let mut open = vec![start];
        while let Some(document) = open.pop() {
            for node in self.nodes.iter().filter(|node| node.document == document) {
                for target in self.outward(&node.rules, document) {
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

    fn outward(&self, rules: &Rules, document: DocumentId) -> impl Iterator<Item = NodeId> {
        let targets = [rules.reference, rules.dynamic.as_ref().map(|(_, id)| *id)];
        targets.into_iter().flatten().filter(move |target| self.node(*target).document != document)
    }

    /// A document whose references to others are absolute URIs.
    fn absolute(&self, document: DocumentId) -> Json {
        let mut json = self.documents[document].json.clone();
        for node in self.nodes.iter().filter(|node| node.document == document) {
            for target in self.outward(&node.rules, document) {
                let to = self.node(target);
                let document = &self.documents[to.document];
                if !document.well_known
                    && let Some(Json::Object(members)) = at_mut(&mut json, &node.pointer)
                    && let Some((_, Json::String(reference))) = members.iter_mut().find(|(name, _)| name == "$ref")
                {
                    *reference = match to.pointer.as_str() {
                        "" => document.base.clone(),
                        pointer => format!("{}#{}", document.base, pointer.replace('%', "%25")),
                    };
                }
            }
        }
        json
    }
}

struct Document<'m> {
    dialect: Dialect,
    file: &'m str,
}

fn add(bundle: &mut Json, definitions: &str, name: &str, embedded: Json) {
    let Json::Object(members) = bundle else { return };
    if !members.iter().any(|(known, _)| known == definitions) {
        members.push((definitions.to_owned(), Json::Object(Vec::new())));
    }
    if let Some((_, Json::Object(known))) = members.iter_mut().find(|(known, _)| known == definitions) {
        known.push((name.to_owned(), embedded));
    }
}

fn at_mut<'j>(json: &'j mut Json, pointer: &str) -> Option<&'j mut Json> {
    pointer.split('/').skip(1).try_fold(json, |json, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match json {
            Json::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
            Json::Object(members) => members.iter_mut().find(|(name, _)| *name == step).map(|(_, value)| value),
            _ => None,
        }
    })
}
