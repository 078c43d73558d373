//! Lists the public API of a generated package, to determine which version step a change requires.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Fields, Item, Visibility};

use crate::output::tree::Tree;

/// A public type with its fields or variants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiItem {
    /// The fields or variants, as written in code.
    pub parts: BTreeSet<String>,
    /// Whether users must expect additional parts: the type is a struct that users complete with
    /// `..Default::default()`, or a `#[non_exhaustive]` enum.
    pub open: bool,
}

/// The public types of a package, by module and name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api(pub BTreeMap<String, ApiItem>);

impl Api {
    /// Lists the types of a generated package. A file that is not Rust contributes none.
    pub fn of(tree: &Tree) -> Api {
        let mut items = BTreeMap::new();
        for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".rs")) {
            // The module of a provider reexports all its types, so the file inside the module does not matter.
            let module = path.trim_start_matches("src/").split('/').next().unwrap_or_default();
            let module = module.trim_end_matches(".rs");
            for item in syn::parse_file(text).map(|file| file.items).unwrap_or_default() {
                if let Some((name, item)) = public(&item) {
                    items.insert(format!("{module}::{name}"), item);
                }
            }
        }
        Api(items)
    }
}

fn public(item: &Item) -> Option<(String, ApiItem)> {
    match item {
        Item::Struct(item) if matches!(item.vis, Visibility::Public(_)) => {
            let open = matches!(item.fields, Fields::Named(_));
            Some((item.ident.to_string(), ApiItem { parts: fields(&item.fields), open }))
        }
        Item::Enum(item) if matches!(item.vis, Visibility::Public(_)) => {
            let variant = |variant: &syn::Variant| {
                let inner: Vec<String> = fields(&variant.fields).into_iter().collect();
                match variant.fields {
                    Fields::Unit => variant.ident.to_string(),
                    _ => format!("{}({})", variant.ident, inner.join(", ")),
                }
            };
            let open = item.attrs.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"));
            Some((item.ident.to_string(), ApiItem { parts: item.variants.iter().map(variant).collect(), open }))
        }
        Item::Type(item) => {
            let parts = BTreeSet::from([spelled(&item.ty)]);
            Some((item.ident.to_string(), ApiItem { parts, open: false }))
        }
        _ => None,
    }
}

fn fields(fields: &Fields) -> BTreeSet<String> {
    let name = |(at, field): (usize, &syn::Field)| {
        let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
        format!("{name}: {}", spelled(&field.ty))
    };
    fields.iter().enumerate().map(name).collect()
}

/// Returns a type in the usual notation.
pub(crate) fn spelled(ty: &syn::Type) -> String {
    let text = ty.to_token_stream().to_string();
    [(" < ", "<"), (" >", ">"), (" :: ", "::"), (" ,", ",")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}
