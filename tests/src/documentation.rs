//! Checks the documentation of generated packages, as rustdoc and readers of the README see it. The Markdown is parsed
//! by `pulldown-cmark`, as in rustdoc, and not by code of the generator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use quote::ToTokens;
use serde_json::{Value, json};
use syn::visit::Visit;
use webhook_codegen::catalog::{Event as VendorEvent, EventSettings, Package, Provider, Requests, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Tree, generate};

/// The sets of extensions to parse with: the extensions of rustdoc; none, as older versions of rustdoc searched for
/// examples; and all.
fn dialects() -> [Options; 3] {
    let rustdoc = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    [rustdoc, Options::empty(), Options::all()]
}

/// Returns the parts of a Markdown text that could run, be fetched or lead somewhere: blocks of code that are not
/// marked `text`, HTML, images, and links that do not lead to the web.
pub fn active(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for dialect in dialects() {
        let mut block = None;
        let parser = Parser::new_ext(markdown, dialect);
        found.extend(parser.reference_definitions().iter().map(|(label, _)| format!("definition {label}")));
        for event in parser {
            match (event, &mut block) {
                (Event::Html(text) | Event::InlineHtml(text), _) => found.push(format!("html {text}")),
                (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))), _) if &*info == "text" => {}
                (Event::Start(Tag::CodeBlock(kind)), block) => *block = Some(format!("code {kind:?} ")),
                (Event::Text(text), Some(block)) => block.push_str(&text),
                (Event::End(_), block) => found.extend(block.take()),
                (Event::Start(Tag::Link { dest_url, .. }), _) if is_web(&dest_url) => {}
                (Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)), _) => {
                    found.push(format!("{tag:?}"));
                }
                _ => {}
            }
        }
    }
    found
}

fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// Returns whether a text has a character that changes the direction of the surrounding text or controls a terminal.
fn is_deceptive(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || c.is_control() && c != '\n'
    })
}

/// Returns the active parts of every documentation comment of a package and of the README, by file and place. The lines
/// of a comment are joined as rustdoc joins them.
pub fn documentation(tree: &Tree) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (path, text) in tree.files() {
        if path.ends_with(".rs") {
            assert!(!is_deceptive(text), "{path}: {text}");
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
            let mut comments = Comments(Vec::new());
            comments.visit_file(&file);
            for (index, comment) in comments.0.iter().enumerate() {
                let mut active = active(comment);
                // The generator's own links, from a type to the fields of that type.
                active.retain(|found| !found.contains("link_type: Inline, dest_url: Borrowed(\"super::"));
                found.insert(format!("{path} {index:04}"), active);
            }
        } else if path == "README.md" {
            assert!(!is_deceptive(text), "{path}: {text}");
            found.insert(path.to_owned(), active(text));
        }
    }
    found
}

struct Comments(Vec<String>);

impl Comments {
    fn add(&mut self, attributes: &[syn::Attribute]) {
        let mut lines = String::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
            let syn::Meta::NameValue(meta) = &attribute.meta else { continue };
            match &meta.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                    let text = text.value();
                    // rustdoc removes the indentation that all lines share, which is one space in a comment.
                    text.lines()
                        .for_each(|line| lines.push_str(&format!("{}\n", line.strip_prefix(' ').unwrap_or(line))));
                    if text.is_empty() {
                        lines.push('\n');
                    }
                }
                // The payload of an example, which is JSON.
                other => lines.push_str(&format!("{}\n", other.to_token_stream())),
            }
        }
        if !lines.is_empty() {
            self.0.push(lines);
        }
    }
}

impl<'ast> Visit<'ast> for Comments {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.add(&file.attrs);
        syn::visit::visit_file(self, file);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Struct(item) => self.add(&item.attrs),
            syn::Item::Enum(item) => self.add(&item.attrs),
            syn::Item::Const(item) => self.add(&item.attrs),
            syn::Item::Static(item) => self.add(&item.attrs),
            syn::Item::Type(item) => self.add(&item.attrs),
            syn::Item::Fn(item) => self.add(&item.attrs),
            syn::Item::Mod(item) => self.add(&item.attrs),
            _ => {}
        }
        syn::visit::visit_item(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.add(&field.attrs);
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.add(&variant.attrs);
        syn::visit::visit_variant(self, variant);
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.add(&item.attrs);
    }
}

/// Returns a provider that has `text` in every place for text of a vendor: titles, descriptions, origins, names and
/// values.
pub fn saying(text: &str) -> Catalog {
    let name = |word: &str| format!("{text} {word}");
    let schema = json!({
        "title": name("title"),
        "description": text,
        "type": "object",
        "required": ["kind", "event"],
        "properties": {
            "kind": { "const": text, "description": text },
            "event": { "const": "described" },
            "described": { "type": "string", "description": text },
            "titled": { "type": "object", "title": text, "properties": { "a": { "type": "integer" } } },
            "old": { "type": ["string", "null"], "description": format!("Old.\n\n{text}"), "deprecated": true },
            "chosen": { "enum": [text, "other"], "description": text },
            "either": { "oneOf": [
                { "type": "object", "required": ["a"], "properties": { "a": { "type": "string", "description": text } },
                  "description": text, "additionalProperties": false },
                { "type": "integer", "title": text }
            ] },
            "shared": { "$ref": "#/$defs/shared" },
            "values": { "enum": [1, text, null] },
            name("member"): { "type": "string" },
            text: { "type": "array", "items": { "type": "object", "properties": { name("inner"): { "type": "number" } } } }
        },
        "$defs": { "shared": { "description": text, "type": "object", "properties": { "b": { "type": "boolean" } } } }
    });
    let other = json!({ "type": "object", "required": ["event"], "properties": { "event": { "const": text } } });
    let event = |name: &str, schema: &Value| VendorEvent {
        name: name.to_owned(),
        schema: Json::from_value(schema, None),
        overlay: None,
        examples: Vec::new(),
    };
    let settings = Settings {
        title: text.to_owned(),
        origin: text.to_owned(),
        requests: Requests {
            methods: vec![text.to_owned()],
            content_type: Some(text.to_owned()),
            retry: Some(text.to_owned()),
            ..Requests::default()
        },
        events: BTreeMap::from([(
            "described".to_owned(),
            EventSettings { undocumented_since: Some(text.to_owned()), ..EventSettings::default() },
        )]),
        ..Settings::default()
    };
    let provider = Provider {
        name: "vendor".to_owned(),
        settings,
        events: vec![event("described", &schema), event("other", &other)],
        envelope: None,
        documents: BTreeMap::new(),
    };
    let package = Package { description: Some(text.to_owned()), ..Package::default() };
    Catalog { providers: vec![provider], package, warnings: Vec::new() }
}

/// Checks that text of a vendor adds no active part to the documentation of a package, and only text to its manifest.
pub fn check_harmless(text: &str) {
    let options = webhook_codegen::Options::default().package("events");
    let made = |text: &str| generate(&saying(text), &options).map(|made| made.tree);
    let tree = match made(text) {
        Ok(tree) => tree,
        // Two members may be alike.
        Err(problems) => {
            assert!(problems.iter().all(|problem| problem.code.as_str() != "internal"), "{text:?}: {problems:#?}");
            return;
        }
    };
    static PLAIN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let options = webhook_codegen::Options::default().package("events");
        let plain = generate(&saying("plain"), &options).map(|made| documentation(&made.tree)).unwrap_or_default();
        plain.into_values().flatten().collect()
    });
    for (place, active) in documentation(&tree) {
        let added: Vec<&String> = active.iter().filter(|it| !PLAIN.contains(*it)).collect();
        assert!(added.is_empty(), "{text:?} in {place}: {added:#?}");
    }
    let manifest: toml::Table = tree.get("Cargo.toml").unwrap_or_default().parse().unwrap_or_else(|error| {
        panic!("{text:?}: {error}");
    });
    let mut keys: Vec<&str> = manifest.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["dependencies", "features", "package"], "{text:?}");
    assert!(manifest["features"].get("vendor").is_some(), "{text:?}");
}
