//! Copies JSON Schema unchanged, except for references to schemas that become files of their own.

use webhook_codegen::json::{Json, step};
use webhook_codegen::uri::resolve;
use webhook_codegen::{Code, Dialect};

use super::keywords::{Holds, holds};
use super::{At, Schemas};
use crate::references::{Place, identifier, is_within};

impl Schemas<'_> {
    /// Returns a schema with its references to other units.
    pub(super) fn kept(&mut self, json: &Json, at: &At) -> Json {
        let Json::Object(members) = json else { return json.clone() };
        let mut at = at.clone();
        // The base and the dialect of the unit itself are known already.
        if at.pointer != at.unit {
            if let Some(id) = identifier(json).and_then(|id| resolve(&at.base, id).ok()) {
                at.base = id;
            }
            let declared = json.get("$schema").and_then(Json::as_str);
            at.dialect = declared.and_then(|declared| self.dialect_of(declared)).unwrap_or(at.dialect);
        }
        let member = |(keyword, value): &(String, Json)| {
            self.check(keyword, &at);
            (keyword.clone(), self.keyword(keyword, value, &at))
        };
        Json::Object(members.iter().map(member).collect())
    }

    fn keyword(&mut self, keyword: &str, value: &Json, at: &At) -> Json {
        match (keyword, value) {
            ("$ref", Json::String(reference)) => return Json::String(self.reference(reference, at)),
            // A dialect of OpenAPI is 2020-12 with annotations.
            ("$schema", Json::String(declared)) if Dialect::named(declared).is_none() => {
                return self
                    .dialect_of(declared)
                    .map_or(value.clone(), |dialect| Json::String(dialect.uri().to_owned()));
            }
            ("$dynamicRef" | "$recursiveRef" | "$dynamicAnchor" | "$recursiveAnchor", _) => {
                self.check_dynamic(keyword, at);
                return value.clone();
            }
            _ => {}
        }
        match (holds(keyword), value) {
            (Holds::Schema | Holds::SchemaOrList, Json::Object(_)) => self.kept(value, &at.below(&[keyword])),
            (Holds::Named | Holds::Dependencies, Json::Object(members)) => {
                let member = |(name, value): &(String, Json)| {
                    let below = at.below(&[keyword, name]);
                    (name.clone(), self.kept(value, &below))
                };
                Json::Object(members.iter().map(member).collect())
            }
            (Holds::List | Holds::SchemaOrList, Json::Array(items)) => {
                let item = |(index, item): (usize, &Json)| self.kept(item, &at.below(&[keyword, &index.to_string()]));
                Json::Array(items.iter().enumerate().map(item).collect())
            }
            _ => value.clone(),
        }
    }

    /// Rejects a dynamic reference or anchor that depends on a document which is not imported as a whole.
    fn check_dynamic(&mut self, keyword: &str, at: &At) {
        let place = Place { document: at.document, pointer: at.pointer.clone() };
        let resource = self.documents.resource(&place);
        if at.unit.is_empty() || resource.is_some_and(|(_, pointer)| is_within(&pointer, &at.unit)) {
            return;
        }
        let message = format!("`{keyword}` depends on the document around it, which is not imported as a whole");
        let advice = "give the schema that has the anchor an $id";
        let document = self.documents.get(at.document);
        let problem = document.problem(Code::UnsupportedKeyword, &step(&at.pointer, keyword), message, advice);
        self.problems.push(problem);
    }

    /// Notes a keyword that is not in the dialect: it stays, and does not affect validity.
    fn check(&mut self, keyword: &str, at: &At) {
        if at.dialect.knows(keyword) {
            return;
        }
        self.annotations.insert(keyword.to_owned());
        let shown = self.shown(at, keyword);
        let text = format!(
            "`{keyword}` is not a keyword of the schema's dialect and does not affect validity; `annotations` lists it"
        );
        self.notes.add(shown, text);
    }
}
