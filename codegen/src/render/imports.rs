//! Renders the `use` lines of a file for the names that occur in it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// Names that generated code may use, with their paths.
const KNOWN: [(&str, &str); 14] = [
    ("BTreeMap", "std::collections"),
    ("ConversionError", "webhook_runtime"),
    ("Decimal", "webhook_runtime"),
    ("Delivery", "webhook_runtime"),
    ("Literal", "webhook_runtime::__private"),
    ("Map", "webhook_runtime::serde_json"),
    ("Nullable", "webhook_runtime"),
    ("Number", "webhook_runtime::serde_json"),
    ("NumberLiteral", "webhook_runtime::__private"),
    ("ProviderInfo", "webhook_runtime"),
    ("TemplatedText", "webhook_runtime"),
    ("Timestamp", "webhook_runtime"),
    ("Unknown", "webhook_runtime"),
    ("Value", "webhook_runtime::serde_json"),
];

/// Returns the names that generated code may use.
#[cfg(test)]
pub(crate) fn imported() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

/// Collects the names at the beginning of paths. Names after `::` or `.`, variants in the definition of an enum, and
/// associated types in an implementation are not included.
fn idents(tokens: TokenStream, variants: bool, found: &mut BTreeSet<String>) {
    // The last two punctuation characters, because `::` consists of two tokens.
    let (mut before, mut last) = (' ', ' ');
    let mut words: Vec<String> = Vec::new();
    let mut at_variant = variants;
    for tree in tokens {
        let sign = match &tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match &tree {
            TokenTree::Ident(ident) => {
                let named = words.last().is_some_and(|word| word == "type");
                if !at_variant && !named && last != '.' && (before, last) != (':', ':') {
                    found.insert(ident.to_string());
                }
                at_variant = false;
                words.push(ident.to_string());
            }
            TokenTree::Group(group) => {
                let is_enum = words.len() > 1 && words[words.len() - 2] == "enum";
                let is_body = group.delimiter() == Delimiter::Brace;
                idents(group.stream(), is_enum && is_body, found);
            }
            _ => at_variant |= variants && sign == ',',
        }
        (before, last) = (last, sign);
    }
}

/// Renders the `use` lines for some code. `local` has names from other modules of the provider, with their paths. A
/// local name shadows a known one.
pub(crate) fn of(code: &TokenStream, local: &[(String, String)]) -> TokenStream {
    let mut names = BTreeSet::new();
    idents(code.clone(), false, &mut names);
    let known = KNOWN.iter().map(|(name, path)| ((*name).to_owned(), (*path).to_owned()));
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (name, path) in local.iter().cloned().chain(known) {
        if names.contains(&name) && seen.insert(name.clone()) {
            lines.entry(path).or_default().insert(name);
        }
    }
    let lines = lines.into_iter().map(|(path, names)| {
        let steps = path.split("::").map(|step| format_ident!("{step}"));
        let names = names.iter().map(|name| format_ident!("{name}"));
        match names.len() {
            1 => quote!(use #(#steps::)* #(#names)*;),
            _ => quote!(use #(#steps::)* {#(#names),*};),
        }
    });
    quote!(#(#lines)*)
}
