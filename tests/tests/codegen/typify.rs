//! The contribution of typify: every type, field and variant of a generated package, with its documentation, is equal to
//! typify's output for the lowered document. The output of typify also compiles without changes.

use std::collections::BTreeMap;
use std::str::FromStr;

use conformance::folder::{goldens, realistic, vendors};
use golden_events::corners::RecursionValue;
use golden_events::features::{EnumsLevel, EnumsOpenLevel, UnionsShape, UnionsValue};
use golden_typify::features as emitted;
use syn::{Attribute, Expr, ExprLit, Fields, Item, Lit, Meta, Visibility};
use webhook_codegen::{Options, Tree, generate, typify};

/// A type: its documentation, and its named fields and variants with their documentation.
#[derive(Debug, Default, PartialEq)]
struct Shape {
    docs: String,
    members: BTreeMap<String, String>,
}

/// Returns documentation without white space that is only layout.
fn docs(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => Some("(included)".to_owned()),
        },
        _ => None,
    });
    // Our documentation has an attribute for each line, with a leading space. Typify's is one text, which may be indented.
    let own = |text: String| match text.contains('\n') {
        true => text,
        false => text.strip_prefix(' ').map(str::to_owned).unwrap_or(text),
    };
    let text = lines.map(own).collect::<Vec<_>>().join("\n");
    text.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn shapes(code: &str) -> BTreeMap<String, Shape> {
    let mut found = BTreeMap::new();
    for item in syn::parse_file(code).unwrap().items {
        let (name, shape) = match item {
            Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => {
                let named = match &item.fields {
                    Fields::Named(fields) => fields.named.iter().collect(),
                    _ => Vec::new(),
                };
                let member =
                    |field: &&syn::Field| (field.ident.as_ref().map(ToString::to_string).unwrap(), docs(&field.attrs));
                (item.ident, Shape { docs: docs(&item.attrs), members: named.iter().map(member).collect() })
            }
            Item::Enum(item) => {
                let member = |variant: &syn::Variant| (variant.ident.to_string(), docs(&variant.attrs));
                (item.ident, Shape { docs: docs(&item.attrs), members: item.variants.iter().map(member).collect() })
            }
            _ => continue,
        };
        assert!(found.insert(name.to_string(), shape).is_none(), "{name} stands twice");
    }
    found
}

/// Returns the types of a provider's module in the package, without the additions of the package: the event enum, examples in the
/// documentation of events, and the documentation of items that no schema names.
fn generated(tree: &Tree, module: &str) -> BTreeMap<String, Shape> {
    let files = tree.files().filter(|(path, _)| path.starts_with(&format!("src/{module}/")) && path.ends_with(".rs"));
    let types = files.filter(|(path, _)| !path.ends_with("/mod.rs") && !path.ends_with("/schemas.rs"));
    let mut found = BTreeMap::new();
    for (name, mut shape) in types.flat_map(|(_, text)| shapes(text)) {
        shape.docs = shape.docs.split("\n\n# Example\n").next().unwrap_or_default().to_owned();
        if let Some(extra) =
            shape.members.get_mut("extra").filter(|text| text.starts_with("Properties that the schema does not"))
        {
            extra.clear();
        }
        assert!(found.insert(name.clone(), shape).is_none(), "{name} stands twice");
    }
    found
}

#[test]
fn names_and_documentation_are_typifys() {
    let options = Options::default().package("x").lowered(true);
    let mut types = 0;
    for (folder, stride) in [(vendors(), 1), (goldens(), 1), (realistic(), conformance::stride(5))] {
        let tree = generate(conformance::catalog(&folder), &options).unwrap().tree;
        let documents: Vec<(&str, &str)> = tree.files().filter(|(path, _)| path.starts_with("lowered/")).collect();
        assert!(!documents.is_empty());
        for (path, document) in documents.into_iter().step_by(stride) {
            let module = path.trim_start_matches("lowered/").trim_end_matches(".json");
            let (ours, theirs) = (generated(&tree, module), shapes(&typify(document).unwrap()));
            for (name, shape) in &theirs {
                assert_eq!(ours.get(name), Some(shape), "{module}: {name}");
            }
            assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{module}");
            types += theirs.len();
        }
    }
    assert!(types > 300, "{types}");
}

#[test]
fn what_typify_emits_compiles() {
    let colour = emitted::Colour::from_str("green").unwrap();
    assert_eq!(serde_json::to_string(&colour).unwrap(), "\"green\"");
    let payload = r#"{"kind": "names", "foo bar": "a", "type": "b", "": "c"}"#;
    let names: emitted::Names = serde_json::from_str(payload).unwrap();
    assert_eq!((names.type_.as_deref(), names.x.as_deref()), (Some("b"), Some("c")));
    assert_eq!(names.extra["foo bar"], "a", "written under the name that Rust gives it");
    let texts: emitted::Texts = serde_json::from_str(r#"{"kind": "texts", "body": "b", "when": "now"}"#).unwrap();
    assert_eq!((texts.body.as_str(), texts.when.as_ref().map(|when| when.as_str())), ("b", Some("now")));
}

#[test]
fn strings_that_typify_cannot_name_are_converted_too() {
    use golden_events::corners::StringsClosed;
    let texts = ["a+b", "a b", "+1", "-1", "", "<", "<=", "self", "Self", "404", "日本"];
    for text in texts {
        let value: StringsClosed = text.parse().unwrap();
        assert_eq!((value.as_str(), value.to_string().as_str()), (text, text));
    }
    assert_eq!("a+b".parse(), Ok(StringsClosed::APlusB));
    assert!("APlusB".parse::<StringsClosed>().is_err());
}

#[test]
fn string_enums_are_converted_by_the_strings_of_json() {
    for level in [EnumsLevel::Low, EnumsLevel::High, EnumsLevel::NotSoHigh] {
        let text = level.to_string();
        assert_eq!(serde_json::to_value(level).unwrap(), text.as_str());
        assert_eq!(text.parse(), Ok(level));
        assert_eq!(EnumsLevel::try_from(text.as_str()), Ok(level));
        assert_eq!(EnumsLevel::try_from(text), Ok(level));
    }
    assert_eq!(format!("{:>6}|", EnumsLevel::Low), "   low|");
    assert_eq!("LOW".parse::<EnumsLevel>().unwrap_err().to_string(), "the schema does not list the string");
    assert_eq!(EnumsOpenLevel::from("low"), EnumsOpenLevel::Low);
    assert_eq!(EnumsOpenLevel::from("lower"), EnumsOpenLevel::Other("lower".to_owned()));
}

#[test]
fn unions_are_made_of_what_one_variant_holds() {
    assert_eq!(UnionsValue::from(true), UnionsValue::Boolean(true));
    assert_eq!(UnionsValue::from("text"), UnionsValue::String("text".to_owned()));
    let circle = golden_events::features::Circle::default();
    assert_eq!(UnionsShape::from(circle.clone()), UnionsShape::Circle(circle));
    let node = golden_events::corners::Node::default();
    assert_eq!(RecursionValue::from(node.clone()), RecursionValue::Node(Box::new(node)), "without the pointer");
}
