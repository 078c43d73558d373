//! Parses documents into nodes. Every keyword is checked: an unknown keyword is an error and never ignored.

use std::collections::{BTreeMap, HashMap};

use super::dialect::{Dialect, Role};
use super::{Annotations, Document, DocumentId, Keywords, Model, Node, NodeId, NumberType, Resource, ResourceId};
use crate::json::{Json, descend, step};
use crate::model::diagnostic::{Checked, Code, Diagnostic};

/// The input of the parser.
pub(crate) struct Input<'i> {
    /// The root documents, each with its URI, its file and its contents.
    pub(crate) roots: Vec<(String, String, Json)>,
    /// The documents that other documents may refer to, by URI, each with its file and its contents.
    pub(crate) library: BTreeMap<String, (String, Json)>,
    /// Custom keywords that are annotations.
    pub(crate) annotations: &'i [String],
    /// Whether unknown keywords are annotations, as the specification says.
    pub(crate) lenient: bool,
    /// Whether expressions may need backtracking.
    pub(crate) backtracking: bool,
    /// The dialect of documents without `$schema`.
    pub(crate) dialect: Dialect,
}

/// Parses the roots and all documents that they refer to.
///
/// # Errors
///
/// Returns all keywords that are malformed or not implemented, and all references that cannot be resolved.
pub(crate) fn parse(input: Input<'_>) -> Checked<(Model, Vec<NodeId>)> {
    let mut parser = Parser {
        input: &input,
        model: Model::default(),
        places: HashMap::new(),
        uris: HashMap::new(),
        anchors: HashMap::new(),
        pending: Vec::new(),
        problems: Vec::new(),
    };
    let roots: Vec<NodeId> =
        input.roots.iter().map(|(uri, file, json)| parser.document(uri, file, json.clone(), Origin::Root)).collect();
    parser.resolve();
    if parser.problems.is_empty() {
        parser.problems = super::cycles::find(&parser.model);
    }
    if parser.problems.is_empty() { Ok((parser.model, roots)) } else { Err(parser.problems) }
}

pub(super) struct Parser<'i> {
    pub(super) input: &'i Input<'i>,
    pub(super) model: Model,
    pub(super) places: HashMap<(DocumentId, String), NodeId>,
    /// The resources by URI without a fragment.
    pub(super) uris: HashMap<String, ResourceId>,
    pub(super) anchors: HashMap<(ResourceId, String), NodeId>,
    pub(super) pending: Vec<Pending>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The name of the dynamic anchor that `$recursiveAnchor` stands for. No `$dynamicAnchor` can have this name.
pub(super) const RECURSIVE: &str = "";

/// The origin of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The document is the schema of an event.
    Root,
    /// Other documents refer to the document.
    Library,
    /// The document is the metaschema of a dialect.
    Dialect,
}

/// A reference that has not been resolved yet.
pub(super) struct Pending {
    pub(super) node: NodeId,
    pub(super) keyword: &'static str,
    pub(super) reference: String,
    pub(super) base: String,
}

/// The location of a schema, with the settings that apply there.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) document: DocumentId,
    pub(super) pointer: String,
    pub(super) base: String,
    pub(super) resource: ResourceId,
    pub(super) dialect: Dialect,
    /// Whether the document's metaschema omits the validation vocabulary.
    pub(super) without_validation: bool,
}

impl Context {
    pub(super) fn below(&self, steps: &[&str]) -> Context {
        let pointer = descend(&self.pointer, steps);
        Context { pointer, ..self.clone() }
    }
}

impl Parser<'_> {
    pub(super) fn problem(&mut self, code: Code, at: &Context, keyword: &str, message: String, advice: &str) {
        let file = self.model.documents[at.document].file.clone();
        let pointer = if keyword.is_empty() { at.pointer.clone() } else { step(&at.pointer, keyword) };
        self.problems.push(Diagnostic::at(code, file, pointer, message, advice));
    }

    /// Parses a document, and returns its root.
    pub(super) fn document(&mut self, uri: &str, file: &str, json: Json, origin: Origin) -> NodeId {
        let document = self.model.documents.len();
        let (dialect, without_validation) = self.dialect(&json, file);
        let resource = self.model.resources.len();
        self.uris.insert(uri.to_owned(), resource);
        self.model.documents.push(Document {
            file: file.to_owned(),
            uri: uri.to_owned(),
            base: uri.to_owned(),
            json: json.clone(),
            dialect,
            well_known: origin == Origin::Dialect,
            root: origin == Origin::Root,
        });
        self.model.resources.push(Resource { root: NodeId(0), dynamic_anchors: Vec::new() });
        let context =
            Context { document, pointer: String::new(), base: uri.to_owned(), resource, dialect, without_validation };
        let root = self.schema(&json, context);
        self.model.resources[resource].root = root;
        root
    }

    /// Returns the dialect that a document declares, and whether the dialect lacks validation keywords.
    fn dialect(&mut self, json: &Json, file: &str) -> (Dialect, bool) {
        let Some(declared) = json.get("$schema").and_then(Json::as_str) else { return (self.input.dialect, false) };
        if let Some(dialect) = Dialect::named(declared) {
            return (dialect, false);
        }
        let metaschema = self.input.library.get(declared.trim_end_matches('#')).map(|(_, json)| json);
        if let Some(metaschema) = metaschema
            && let Some(dialect) = Dialect::declared(metaschema)
        {
            let release = if dialect == Dialect::Draft201909 { "2019-09" } else { "2020-12" };
            let validation = format!("https://json-schema.org/draft/{release}/vocab/validation");
            let without_validation =
                metaschema.get("$vocabulary").is_some_and(|vocabularies| vocabularies.get(&validation).is_none());
            return (dialect, without_validation);
        }
        self.problems.push(Diagnostic::at(
            Code::UnsupportedDialect,
            file,
            "/$schema",
            format!("the dialect {declared:?} is not implemented"),
            "declare https://json-schema.org/draft/2020-12/schema, v1, 2019-09, or draft-07, -06 or -04",
        ));
        (self.input.dialect, false)
    }

    /// Parses a schema, and returns its node.
    pub(super) fn schema(&mut self, json: &Json, mut at: Context) -> NodeId {
        let key = (at.document, at.pointer.clone());
        if let Some(known) = self.places.get(&key) {
            return *known;
        }
        let node = self.model.add(Node {
            document: at.document,
            pointer: at.pointer.clone(),
            resource: at.resource,
            dialect: at.dialect,
            keywords: Keywords::default(),
            annotations: Annotations::default(),
        });
        self.places.insert(key, node);
        let members = match json {
            Json::Boolean(accepts) => {
                self.model.nodes[node.0].keywords.is_false = !accepts;
                return node;
            }
            Json::Object(members) => members,
            other => {
                let message = format!("a schema must be an object or a boolean, but this is {}", other.kind());
                self.problem(Code::InvalidSchema, &at, "", message, "write a schema");
                return node;
            }
        };
        self.identity(json, node, &mut at);
        self.model.nodes[node.0].resource = at.resource;
        self.model.nodes[node.0].dialect = at.dialect;
        let alone = at.dialect.reference_stands_alone(json);
        for (keyword, value) in members {
            match at.dialect.role(keyword) {
                // Up to draft-07, keywords adjacent to `$ref` are ignored, but definitions can be the target of a
                // reference.
                Role::Assertion if alone && !matches!(keyword.as_str(), "$ref" | "definitions" | "$defs") => {}
                Role::Assertion => self.assertion(keyword, value, json, node, &at),
                Role::Annotation => self.annotation(keyword, value, json, node, &at),
                _ if self.input.lenient || self.input.annotations.contains(keyword) => {}
                Role::Unimplemented(advice) => {
                    let message = format!("the keyword `{keyword}` is not implemented");
                    self.problem(Code::UnsupportedKeyword, &at, keyword, message, advice);
                }
                Role::Foreign => {
                    let title = at.dialect.title();
                    let message = format!("`{keyword}` is not a keyword of {title}, the dialect of this schema");
                    let advice = "remove it, declare the dialect that has it in $schema, or list it under `annotations` in \
                                  provider.toml: in this dialect, it does not affect validity";
                    self.problem(Code::OtherDialectKeyword, &at, keyword, message, advice);
                }
                Role::Unknown => {
                    let message = format!("unknown keyword `{keyword}`");
                    let advice = "if it does not affect validity, list it under `annotations` in provider.toml";
                    let advice = match at.dialect.nearest(keyword) {
                        Some(nearest) => format!("did you mean `{nearest}`? {advice}"),
                        None => advice.to_owned(),
                    };
                    self.problem(Code::UnknownKeyword, &at, keyword, message, &advice);
                }
            }
        }
        node
    }

    /// Parses the keywords that identify a schema: `$id`, `$anchor`, `$dynamicAnchor`.
    fn identity(&mut self, json: &Json, node: NodeId, at: &mut Context) {
        if at.dialect.reference_stands_alone(json) {
            return;
        }
        // An embedded document may have another dialect, which determines the name of its identifier keyword.
        let own = Dialect::declared(json).unwrap_or(at.dialect);
        let keyword = own.id_keyword();
        if let Some(id) = json.get(keyword).and_then(Json::as_str) {
            match id.strip_prefix('#') {
                Some(anchor) if at.dialect.has_anchors_in_ids() && !anchor.is_empty() => {
                    self.anchors.insert((at.resource, anchor.to_owned()), node);
                }
                _ => match super::uri::resolve(&at.base, id.trim_end_matches('#')) {
                    Ok(uri) => self.new_resource(uri, json, node, at),
                    Err(error) => {
                        let message = format!("{id:?} is not a URI: {error}");
                        self.problem(Code::InvalidKeyword, at, keyword, message, "write a URI");
                    }
                },
            }
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            let Some(anchor) = json.get(keyword).and_then(Json::as_str) else { continue };
            if at.dialect.role(keyword) != Role::Assertion {
                continue;
            }
            let is_dynamic = keyword == "$dynamicAnchor";
            if is_dynamic {
                self.model.resources[at.resource].dynamic_anchors.push((anchor.to_owned(), node));
            }
            if !is_dynamic || !at.dialect.separates_dynamic_anchors() {
                self.anchors.insert((at.resource, anchor.to_owned()), node);
            }
        }
        let is_recursive =
            at.dialect == Dialect::Draft201909 && json.get("$recursiveAnchor") == Some(&Json::Boolean(true));
        if is_recursive {
            self.model.resources[at.resource].dynamic_anchors.push((RECURSIVE.to_owned(), node));
        }
    }

    fn new_resource(&mut self, uri: String, json: &Json, node: NodeId, at: &mut Context) {
        if at.pointer.is_empty() {
            self.uris.insert(uri.clone(), at.resource);
            self.model.documents[at.document].base.clone_from(&uri);
        } else {
            at.resource = self.model.resources.len();
            self.model.resources.push(Resource { root: node, dynamic_anchors: Vec::new() });
            self.uris.insert(uri.clone(), at.resource);
            let file = self.model.documents[at.document].file.clone();
            if json.get("$schema").is_some() {
                (at.dialect, at.without_validation) = self.dialect(json, &file);
            }
        }
        at.base = uri;
    }

    /// Parses an annotation. `schema` is the whole schema.
    fn annotation(&mut self, keyword: &str, value: &Json, schema: &Json, node: NodeId, at: &Context) {
        let is_of_values = matches!(keyword, "x-enum-varnames" | "x-enum-descriptions");
        let text = value.as_str().map(str::to_owned);
        let wrong = match (keyword, value) {
            ("title" | "description" | "format", _) if text.is_none() => Some("a string"),
            ("x-timestamp", Json::Boolean(_)) => None,
            ("x-timestamp", _) => Some("true or false"),
            ("x-number", _) if text.as_deref().and_then(NumberType::named).is_none() => {
                Some("\"number\" or \"decimal\"")
            }
            ("x-text-templates", Json::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => None,
            ("x-text-templates", _) => Some("a list of strings"),
            (_, Json::Array(items)) if is_of_values && items.iter().all(|item| item.as_str().is_some()) => None,
            _ if is_of_values => Some("a list of strings"),
            _ => None,
        };
        if let Some(expected) = wrong {
            let message = format!("`{keyword}` must be {expected}, but is {}", value.kind());
            self.problem(Code::InvalidKeyword, at, keyword, message, "correct the value");
            return;
        }
        let texts =
            || value.as_array().unwrap_or_default().iter().filter_map(Json::as_str).map(str::to_owned).collect();
        if let (true, Some(values)) = (is_of_values, schema.get("enum").and_then(Json::as_array)) {
            let texts: Vec<String> = texts();
            if texts.len() != values.len() {
                let message =
                    format!("`{keyword}` has the length {}, and `enum` has the length {}", texts.len(), values.len());
                let advice = "write an item for each value of `enum`, in the same order";
                self.problem(Code::InvalidKeyword, at, keyword, message, advice);
                return;
            }
        }
        let Node { annotations, keywords, .. } = &mut self.model.nodes[node.0];
        match keyword {
            "title" => annotations.title = text,
            "description" => annotations.description = text,
            "format" => annotations.format = text,
            "deprecated" => annotations.deprecated = *value == Json::Boolean(true),
            "x-timestamp" => annotations.timestamp = *value == Json::Boolean(true),
            "x-number" => keywords.number_type = text.as_deref().and_then(NumberType::named),
            "x-text-templates" => annotations.templates = texts(),
            "x-enum-varnames" => annotations.value_names = texts(),
            "x-enum-descriptions" => annotations.value_docs = texts(),
            _ => {}
        }
    }
}
