//! Renders a lowered document as Rust with typify. No other module imports typify and schemars 0.8, which typify
//! depends on.
//!
//! A panic of typify is reported as a diagnostic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use schemars_0_8::schema::Schema;
use typify::{CrateVers, TypeSpace, TypeSpaceSettings};

use crate::json::{Json, JsonError};
use crate::model::diagnostic::{Code, Diagnostic};

/// The crates whose types a lowered document may name.
const CRATES: [&str; 3] = ["serde_json", "std", "webhook-runtime"];

/// Renders a lowered document as formatted Rust: the types with serde's derives, before refinement.
///
/// The result compiles unchanged in a crate that depends on `serde`, `serde_json` and `webhook-runtime`.
///
/// # Errors
///
/// Returns an error if the document is not JSON or if typify rejects it.
pub fn typify(document: &str) -> Result<String, Diagnostic> {
    let advice = "give it a document that `codegen --lowered` wrote";
    let invalid = |error: JsonError| Diagnostic::of_file(Code::NotJson, "", error.to_string(), advice);
    let document = Json::parse(document).map_err(invalid)?;
    Ok(prettyplease::unparse(&render("", &document)?))
}

/// Renders a lowered document.
///
/// # Errors
///
/// Returns an error if typify rejects the document.
pub(crate) fn render(provider: &str, document: &Json) -> Result<syn::File, Diagnostic> {
    let failed = |message: String| Diagnostic::internal(provider, format!("typify rejects the types: {message}"));
    let definitions = document.get("definitions").and_then(Json::as_object).unwrap_or_default();
    let definitions: Vec<(String, Schema)> = definitions
        .iter()
        .map(|(name, schema)| Ok((name.clone(), serde_json::from_value(schema.to_value())?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| failed(error.to_string()))?;
    let mut settings = TypeSpaceSettings::default();
    settings.with_map_type("::std::collections::BTreeMap");
    for name in CRATES {
        settings.with_crate(name, CrateVers::Any, None);
    }
    let tokens = catch_panics(|| {
        let mut space = TypeSpace::new(&settings);
        space.add_ref_types(definitions).map(|()| space.to_stream()).map_err(|error| error.to_string())
    })
    .map_err(failed)?;
    syn::parse2(tokens).map_err(|error| failed(error.to_string()))
}

/// Runs a closure and converts a panic to an error.
fn catch_panics<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it panicked: {}", text.unwrap_or("without a word")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::idents;

    #[test]
    fn a_panic_is_a_diagnostic() {
        let document = Json::parse(r#"{"definitions": {"A": {"type": "string", "if": {}, "then": {}, "not": true}}}"#);
        assert!(render("acme", &document.unwrap()).is_err());
    }

    /// Returns the struct field and the enum variant that typify forms from each name.
    fn rendered(names: &[String]) -> Vec<(String, String)> {
        let definition = |(index, name): (usize, &String)| {
            let object = |members| Json::Object(members);
            let string = |text: &str| Json::String(text.to_owned());
            let properties = object(vec![(name.clone(), object(vec![("type".to_owned(), string("string"))]))]);
            let structure = object(vec![("type".to_owned(), string("object")), ("properties".to_owned(), properties)]);
            let constant = object(vec![("const".to_owned(), string(name))]);
            let enumeration = object(vec![("oneOf".to_owned(), Json::Array(vec![constant]))]);
            [(format!("S{index:05}"), structure), (format!("E{index:05}"), enumeration)]
        };
        let definitions = names.iter().enumerate().flat_map(definition).collect();
        let document = Json::Object(vec![("definitions".to_owned(), Json::Object(definitions))]);
        let items = render("acme", &document).unwrap().items;
        let fields = items.iter().filter_map(|item| match item {
            syn::Item::Struct(item) => item.fields.iter().next()?.ident.as_ref().map(ToString::to_string),
            _ => None,
        });
        let variants = items.iter().filter_map(|item| match item {
            syn::Item::Enum(item) => item.variants.first().map(|variant| variant.ident.to_string()),
            _ => None,
        });
        fields.zip(variants).collect()
    }

    #[test]
    fn the_plan_knows_what_typify_makes_of_a_name() {
        let odd = [
            "", "_", "+1", "-1", "404", "type", "Self", "union", "don't", "a+b", "aB1c", "HTTPServer2X", "$ref", "Ⓐ",
            "²", "日本",
        ];
        let changes = |c: &char| !c.to_lowercase().eq([*c]) || !c.to_uppercase().eq([*c]);
        let letters = ('\u{80}'..=char::MAX).filter(changes).step_by(5).map(|c| format!("a{c}b {c}"));
        let names: Vec<String> = odd.map(str::to_owned).into_iter().chain(letters).collect();
        let made = rendered(&names);
        assert_eq!(made.len(), names.len());
        for (name, (field, variant)) in names.iter().zip(&made) {
            assert_eq!((&idents::field(name), &idents::type_or_variant(name)), (field, variant), "{name:?}");
        }
    }
}
