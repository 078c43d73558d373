//! The catalogue as a browser sees it, compared with the members in the files of the schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex};

use crate::command::{Outcome as _, run};
use conformance::folder::texts;
use html5gum::{Token, Tokenizer};
use serde_json::Value;

/// An element of a page: its name and its attributes.
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// The text of the whole page, and where the text of the element is in it.
    page: Arc<str>,
    inside: Range<usize>,
}

impl Element {
    /// Returns the text inside of the element.
    pub fn text(&self) -> &str {
        &self.page[self.inside.clone()]
    }
}

/// Elements without an end tag.
const VOID: [&str; 5] = ["input", "link", "meta", "wbr", "br"];

/// Returns the elements of a page, in order.
pub fn elements(html: &str) -> Vec<Element> {
    let (mut found, mut open, mut page) = (Vec::new(), Vec::new(), String::new());
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value))).collect();
                let name = text(&tag.name);
                if !VOID.contains(&name.as_str()) {
                    open.push(found.len());
                }
                found.push(Element { name, attributes, page: "".into(), inside: page.len()..page.len() });
            }
            Token::EndTag(tag) => {
                let closed: &mut Element = &mut found[open.pop().expect("an open element")];
                assert_eq!(closed.name.as_bytes(), &tag.name[..], "a page closes what it opens");
                closed.inside.end = page.len();
            }
            Token::String(text) => page.push_str(&String::from_utf8_lossy(&text)),
            Token::Error(error) => panic!("{error:?}"),
            Token::Comment(_) | Token::Doctype(_) => {}
        }
    }
    assert!(open.is_empty(), "a page closes what it opens");
    let page: Arc<str> = page.into();
    found.iter_mut().for_each(|element| element.page = Arc::clone(&page));
    found
}

/// Runs `cargo xtask docs` with more arguments.
pub fn docs(defs: &Path, out: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let (defs, out) = (defs.display().to_string(), out.display().to_string());
    run(&[&["docs", "--defs", &defs, "--out", &out], arguments].concat())
}

/// A member that a schema names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whether its parent requires it, in every form.
    pub required: bool,
    /// The description of the member, if the schema has one.
    pub description: Option<String>,
}

/// The members that the `properties` of an event's schema name, by their anchors, and the references that were not followed,
/// because they are neither a file nor a JSON Pointer.
pub fn members(defs: &Path, provider: &str, event: &str) -> (BTreeMap<String, Named>, Vec<String>) {
    let mut walk = Walk { found: BTreeMap::new(), open: BTreeSet::new(), left: Vec::new(), documents: BTreeMap::new() };
    let folder = defs.join(provider).join(event).canonicalize().unwrap();
    walk.schema(&folder.join("schema.json"), "", "member-");
    (walk.found, walk.left)
}

/// Reads a schema, with the overlay next to it: `overlay.json` of an event, or `NAME.overlay.json` of a shared schema.
fn read(file: &Path) -> Value {
    let json = |file: &Path| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut schema: Value = json(file);
    let overlay = match file.ends_with("schema.json") {
        true => file.with_file_name("overlay.json"),
        false => file.with_extension("overlay.json"),
    };
    if overlay.exists() {
        let patch: json_patch::Patch = serde_json::from_value(json(&overlay)).unwrap();
        json_patch::patch(&mut schema, &patch).unwrap();
    }
    schema
}

struct Walk {
    found: BTreeMap<String, Named>,
    open: BTreeSet<(PathBuf, String)>,
    left: Vec<String>,
    documents: BTreeMap<PathBuf, Rc<Value>>,
}

impl Walk {
    /// Adds the members that a schema names. A schema that contains itself is visited once.
    fn schema(&mut self, file: &Path, pointer: &str, prefix: &str) {
        let place = (file.to_owned(), pointer.to_owned());
        if !self.open.insert(place.clone()) {
            return;
        }
        let document = Rc::clone(self.documents.entry(file.to_owned()).or_insert_with(|| Rc::new(read(file))));
        let schema = document.pointer(pointer).unwrap_or_else(|| panic!("{}#{pointer}", file.display()));
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let (other, fragment) = reference.split_once('#').unwrap_or((reference, ""));
            let target = if other.is_empty() { file.to_owned() } else { file.parent().unwrap().join(other) };
            match target.canonicalize() {
                Ok(target) if fragment.is_empty() || fragment.starts_with('/') => {
                    self.schema(&target, fragment, prefix)
                }
                _ => self.left.push(reference.to_owned()),
            }
        }
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let anchor = format!("{prefix}{}", escaped(name));
            let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|other| other == name));
            let description = member.get("description").and_then(Value::as_str).map(str::to_owned);
            let named = self.found.entry(anchor.clone()).or_insert(Named { required, description });
            named.required &= required;
            let step = name.replace('~', "~0").replace('/', "~1");
            self.schema(file, &format!("{pointer}/properties/{step}"), &format!("{anchor}."));
        }
        if schema.get("items").is_some_and(Value::is_object) {
            self.schema(file, &format!("{pointer}/items"), &format!("{prefix}*."));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for index in 0..schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
                self.schema(file, &format!("{pointer}/{keyword}/{index}"), prefix);
            }
        }
        self.open.remove(&place);
    }
}

/// Returns a name as it is written in an anchor.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            text.push(c);
        } else {
            c.to_string().bytes().for_each(|byte| text.push_str(&format!("~{byte:02X}")));
        }
    }
    text
}

/// The site of a folder of schema-defs: its files, and the elements of its pages.
pub struct Site {
    pub files: BTreeMap<String, String>,
    pub pages: BTreeMap<String, Vec<Element>>,
}

impl Site {
    /// Makes the site of a folder of schema-defs, with more arguments of the command.
    pub fn new(defs: &Path, arguments: &[&str]) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("site");
        docs(defs, &out, arguments).exits(0);
        let files = texts(&out);
        let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
        let pages = pages.map(|(path, text)| (path.clone(), elements(text))).collect();
        Site { files, pages }
    }

    /// Returns the site of schema-defs that no test changes, which is made once.
    pub fn of(defs: &Path) -> Arc<Site> {
        static ALL: LazyLock<Mutex<BTreeMap<PathBuf, Arc<Site>>>> = LazyLock::new(Mutex::default);
        let mut all = ALL.lock().expect("a lock that no test poisons");
        Arc::clone(all.entry(defs.to_owned()).or_insert_with(|| Arc::new(Site::new(defs, &[]))))
    }

    /// Returns the elements of the page of an event.
    pub fn event(&self, provider: &str, event: &str) -> &[Element] {
        &self.pages[&format!("{provider}/{event}.html")]
    }
}

/// Returns the events of a folder of schema-defs: provider and event.
pub fn events(defs: &Path) -> impl Iterator<Item = (&'static str, &'static str)> {
    let providers = conformance::catalog(defs).providers.iter();
    providers.flat_map(|provider| provider.events.iter().map(|event| (provider.name.as_str(), event.name.as_str())))
}
