//! Extracts schemas from documents. Each referenced schema becomes a file, and references are rewritten to refer to
//! these files.

mod files;
mod json_schema;
mod keywords;
mod schema_object;

use std::collections::{BTreeSet, HashMap, HashSet};

use webhook_codegen::json::{Json, descend, step};
use webhook_codegen::{Code, Diagnostic, Dialect};

use crate::documents::{DocumentId, Documents};
use crate::notes::Notes;
use crate::references::{Place, Unresolved, is_within};

pub(crate) use self::files::{Placed, place};

/// The language of the schemas of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    /// Schema Objects of Swagger 2.0, which are converted to 2020-12.
    Swagger20,
    /// Schema Objects of OpenAPI 3.0, which are converted to 2020-12.
    OpenApi30,
    /// JSON Schema in this dialect, unless a schema declares another dialect.
    JsonSchema(Dialect),
    /// Files that are schemas as a whole. They stay unchanged except for references to other files.
    Files(Dialect),
}

/// A schema that becomes a file, or the payload of an event.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) place: Place,
    language: Language,
    /// The converted schema. Its references to other units begin with [`MARK`].
    pub(crate) json: Json,
    /// Whether it is the schema of an event.
    pub(crate) is_event: bool,
}

/// The first character of a reference to a unit, in front of its number. No reference in a document can begin with it.
pub(crate) const MARK: char = '\u{0}';

/// Collects schemas, and the schemas that they refer to.
#[derive(Debug)]
pub(crate) struct Schemas<'d> {
    pub(crate) documents: &'d mut Documents,
    pub(crate) notes: &'d Notes,
    pub(crate) units: Vec<Unit>,
    index: HashMap<(Place, Language), usize>,
    pub(crate) problems: Vec<Diagnostic>,
    /// The units that have problems, each with the first line of the problem.
    pub(crate) broken: Vec<(usize, String)>,
    /// Keywords that do not affect validity, which `provider.toml` lists.
    pub(crate) annotations: BTreeSet<String>,
}

/// The place of a schema that is being converted.
#[derive(Clone, Debug)]
pub(crate) struct At {
    pub(crate) document: DocumentId,
    pub(crate) pointer: String,
    /// The base URI of its references.
    pub(crate) base: String,
    /// The JSON Pointer of its unit.
    unit: String,
    language: Language,
    dialect: Dialect,
}

impl At {
    pub(crate) fn below(&self, steps: &[&str]) -> At {
        let pointer = descend(&self.pointer, steps);
        At { pointer, ..self.clone() }
    }
}

impl<'d> Schemas<'d> {
    pub(crate) fn new(documents: &'d mut Documents, notes: &'d Notes) -> Schemas<'d> {
        Schemas {
            documents,
            notes,
            units: Vec::new(),
            index: HashMap::new(),
            problems: Vec::new(),
            broken: Vec::new(),
            annotations: BTreeSet::new(),
        }
    }

    /// Adds the schema of an event, and returns its unit.
    pub(crate) fn event(&mut self, place: Place, language: Language) -> usize {
        let unit = match language {
            // A file is one unit, whether an event or another schema refers to it.
            Language::Files(_) => self.unit(place, language),
            _ => self.new_unit(place, language),
        };
        self.units[unit].is_event = true;
        unit
    }

    /// Converts all schemas that have been added, and the schemas that they refer to.
    pub(crate) fn convert(&mut self) {
        // Converting a unit adds the units that it refers to at the end. Each place has one unit, so the loop ends.
        let mut done = 0;
        while done < self.units.len() {
            let Unit { place, language, .. } = &self.units[done];
            let (place, language) = (place.clone(), *language);
            // A problem may be known from reading the documents, or from another unit.
            let known = std::mem::take(&mut self.problems);
            self.units[done].json = self.converted(place, language);
            let own = std::mem::replace(&mut self.problems, known);
            self.broken.extend(own.iter().map(|problem| (done, problem.message.clone())));
            for problem in own {
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
            }
            done += 1;
        }
    }

    /// Returns the units that are reachable from some events.
    pub(crate) fn reachable(&self, events: &[Option<usize>]) -> HashSet<usize> {
        let mut found: HashSet<usize> = HashSet::new();
        let mut open: Vec<usize> = events.iter().flatten().copied().collect();
        while let Some(unit) = open.pop() {
            if found.insert(unit) {
                files::targets(&self.units[unit].json, &mut |target| open.push(target));
            }
        }
        found
    }

    /// Returns the problem of a unit, or of a unit that it needs.
    pub(crate) fn problem_of(&self, unit: usize) -> Option<String> {
        let needed = self.reachable(&[Some(unit)]);
        self.broken.iter().find(|(broken, _)| needed.contains(broken)).map(|(_, problem)| problem.clone())
    }

    fn new_unit(&mut self, place: Place, language: Language) -> usize {
        self.units.push(Unit { place, language, json: Json::Null, is_event: false });
        self.units.len() - 1
    }

    fn unit(&mut self, place: Place, language: Language) -> usize {
        let key = (place.clone(), language);
        match self.index.get(&key) {
            Some(known) => *known,
            None => {
                let unit = self.new_unit(place, language);
                self.index.insert(key, unit);
                unit
            }
        }
    }

    fn converted(&mut self, place: Place, language: Language) -> Json {
        let document = self.documents.get(place.document);
        let Some(json) = document.json.at(&place.pointer) else { return Json::Null };
        if !matches!(json, Json::Object(_) | Json::Boolean(_)) {
            let message = format!("a schema must be an object or a boolean, but this is {}", json.kind());
            let problem = document.problem(Code::InvalidSchema, &place.pointer, message, "write a schema");
            self.problems.push(problem);
            return Json::Boolean(true);
        }
        let base = self.documents.base(&place);
        // A file that declares a dialect is JSON Schema, even if a Schema Object of OpenAPI refers to it.
        let (language, dialect) = match (language, self.declared(&place)) {
            (Language::Swagger20 | Language::OpenApi30, None) => (language, Dialect::Draft202012),
            (Language::Swagger20 | Language::OpenApi30, Some(dialect)) => (Language::JsonSchema(dialect), dialect),
            (Language::JsonSchema(default) | Language::Files(default), declared) => {
                (language, declared.unwrap_or(default))
            }
        };
        let unit = place.pointer.clone();
        let at = At { document: place.document, pointer: place.pointer, base, unit, language, dialect };
        match language {
            Language::Swagger20 | Language::OpenApi30 => with_dialect(self.schema_object(json, &at), dialect),
            Language::JsonSchema(_) => with_dialect(self.kept(json, &at), dialect),
            Language::Files(_) => self.kept(json, &at),
        }
    }

    /// Returns the dialect that is declared by a schema, or else by the innermost resource or document around it.
    fn declared(&mut self, place: &Place) -> Option<Dialect> {
        let document = self.documents.get(place.document);
        let resource = self.documents.resource(place).map(|(_, pointer)| pointer).unwrap_or_default();
        let (pointer, declared) = [&place.pointer, &resource, &String::new()].into_iter().find_map(|pointer| {
            let declared = document.json.at(pointer)?.get("$schema")?.as_str()?;
            Some((pointer.clone(), declared.to_owned()))
        })?;
        let dialect = self.dialect_of(&declared);
        if dialect.is_none() {
            let pointer = step(&pointer, "$schema");
            let message = format!("the dialect {declared:?} is not implemented");
            let advice = format!(
                "the dialects are v1, 2020-12, 2019-09, draft-07, -06 and -04, and the dialects of OpenAPI 3.1 and 3.2; give a \
                 metaschema that extends one of them with --with {declared}=FILE"
            );
            let advice = advice.as_str();
            let problem = document.problem(Code::UnsupportedDialect, &pointer, message, advice);
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        dialect
    }

    /// Returns the dialect of a `$schema`: a known dialect, or the dialect of a given metaschema.
    pub(crate) fn dialect_of(&mut self, declared: &str) -> Option<Dialect> {
        let mut declared = declared.to_owned();
        for _ in 0..METASCHEMAS {
            if let Some(known) = dialect(&declared) {
                return Some(known);
            }
            let address = declared.split('#').next().unwrap_or_default().to_owned();
            let document = self.documents.find(&address)?.ok()?;
            declared = self.documents.get(document).json.get("$schema")?.as_str()?.to_owned();
        }
        None
    }

    /// Adds the unit that a reference in a schema leads to, and returns the text of a reference to the unit.
    fn reference(&mut self, reference: &str, at: &At) -> String {
        let language = at.language;
        // Every validator knows the metaschemas of the dialects.
        if reference.split('#').next().and_then(Dialect::named).is_some() {
            return reference.to_owned();
        }
        let target = match self.documents.target_from(&at.base, at.document, reference) {
            Ok(target) => target,
            Err(unresolved) => {
                self.unresolved(unresolved, at.document, &step(&at.pointer, "$ref"));
                return reference.to_owned();
            }
        };
        let fragment = reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let resource = self.documents.resource(&target).map(|(_, pointer)| pointer);
        match language {
            Language::Swagger20 | Language::OpenApi30 => format!("{MARK}{}", self.unit(target, language)),
            Language::Files(_) if target.document == at.document => reference.to_owned(),
            Language::Files(_) => {
                let whole = Place { document: target.document, pointer: String::new() };
                let unit = self.unit(whole, language);
                let fragment = match (resource.as_deref(), fragment.starts_with('/')) {
                    (None | Some(""), false) if !fragment.is_empty() => fragment.to_owned(),
                    _ => encoded(&target.pointer),
                };
                if fragment.is_empty() { format!("{MARK}{unit}") } else { format!("{MARK}{unit}#{fragment}") }
            }
            Language::JsonSchema(_) => match resource {
                // The resource is in the same unit, so the reference keeps its meaning unchanged.
                Some(resource) if target.document == at.document && is_within(&resource, &at.unit) => {
                    reference.to_owned()
                }
                Some(resource) => {
                    let rest = encoded(target.pointer.get(resource.len()..).unwrap_or_default());
                    let unit = self.unit(Place { document: target.document, pointer: resource }, language);
                    if rest.is_empty() { format!("{MARK}{unit}") } else { format!("{MARK}{unit}#{rest}") }
                }
                None => format!("{MARK}{}", self.unit(target, language)),
            },
        }
    }

    /// Reports a reference of a document that leads nowhere.
    pub(crate) fn unresolved(&mut self, unresolved: Unresolved, document: DocumentId, pointer: &str) {
        let problem = match unresolved {
            Unresolved::Unreadable(problem) => problem,
            Unresolved::Nowhere(message, advice) => {
                self.documents.get(document).problem(Code::UnresolvedReference, pointer, message, &advice)
            }
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Returns the place of a keyword, for a note.
    fn shown(&self, at: &At, keyword: &str) -> String {
        format!("{}#{}", self.documents.get(at.document).label, step(&at.pointer, keyword))
    }
}

/// The maximum length of a chain of metaschemas.
const METASCHEMAS: usize = 8;

/// Returns the dialect of a `$schema`. The dialects of OpenAPI are 2020-12 with annotations.
pub(crate) fn dialect(declared: &str) -> Option<Dialect> {
    let is_openapi = ["https://spec.openapis.org/oas/3.1/dialect/", "https://spec.openapis.org/oas/3.2/dialect/"];
    match is_openapi.iter().any(|prefix| declared.starts_with(prefix)) {
        true => Some(Dialect::Draft202012),
        false => Dialect::named(declared),
    }
}

/// Returns a schema that declares its dialect.
fn with_dialect(mut schema: Json, dialect: Dialect) -> Json {
    if let Json::Object(members) = &mut schema {
        members.retain(|(name, _)| name != "$schema");
        members.insert(0, ("$schema".to_owned(), Json::String(dialect.uri().to_owned())));
    }
    schema
}

/// Returns a JSON Pointer as the fragment of a URI.
fn encoded(pointer: &str) -> String {
    // Only `%` would change the meaning. Other characters stay readable, and are decoded to themselves.
    pointer.replace('%', "%25")
}
