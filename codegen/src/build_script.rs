//! Generated code as a module of the crate whose build script makes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use syn::visit_mut::VisitMut;
use syn::{Attribute, Item, Meta};

use crate::generate::generate_folder;
use crate::options::Options;
use crate::output::format;
use crate::output::tree::Tree;

/// The module that is made, and the folder of its files.
const MODULE: &str = "webhooks";

/// Generates the code of a folder of schema-defs as the module `webhooks`, from a build script.
///
/// The module is in `OUT_DIR`, to be included where it is wanted, usually in the root of the crate. Its contents are those of a
/// generated package, without Cargo features: every provider is in it. The script runs again when the folder changes. Problems
/// of the folder are errors of the build, each with its place.
///
/// In `Cargo.toml`, the crate has `webhook-codegen` as a build dependency and `webhook-runtime` as a dependency with the features
/// that the schemas need: `pattern` for expressions whose automaton would be large, `backtracking` for those that need it, and
/// `arbitrary_precision` for numbers that are decimals. In `build.rs`:
///
/// ```no_run
/// // fn main()
/// webhook_codegen::build("schema-defs");
/// ```
///
/// In `src/lib.rs`, for `crate::webhooks::acme::Event` and the like:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
/// ```
///
/// If vendors use names in other scripts than Latin, rustc may report `mixed_script_confusables`. It takes permission for this
/// lint from the crate's root alone: write `#![allow(mixed_script_confusables)]` there.
pub fn build(schema_defs: impl AsRef<Path>) {
    let folder = schema_defs.as_ref();
    println!("cargo::rerun-if-changed={}", folder.display());
    if let Err(problems) = write(folder) {
        for problem in problems {
            println!("cargo::error={}", problem.replace("\n    ", ": ").replace('\n', " "));
        }
        std::process::exit(1);
    }
}

fn write(folder: &Path) -> Result<(), Vec<String>> {
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let out = out.ok_or_else(|| vec!["OUT_DIR is not set: call this from a build script".to_owned()])?;
    let options = Options::default().package("webhook-events");
    let (catalog, generated) = generate_folder(folder, &options).map_err(|problems| {
        problems.iter().map(|problem| format!("{}/{problem}", folder.display())).collect::<Vec<_>>()
    })?;
    for warning in &catalog.warnings {
        println!("cargo::warning={warning}");
    }
    let made = out.join(MODULE);
    let at = |error: std::io::Error| vec![format!("{}: {error}", made.display())];
    module(&generated.tree).map_err(|error| vec![error.to_string()])?.write(&made).map_err(at)?;
    let root = made.join("src/lib.rs");
    // rustc ignores some of the lints that a package's root allows when they stand in a module (`unused_attributes`).
    let text = format!(
        "#[allow(clippy::all, clippy::pedantic, dead_code, missing_docs, unreachable_pub, unused_attributes, \
         unused_imports)]\n\
         #[path = {root:?}]\npub mod {MODULE};\n"
    );
    fs::write(out.join(format!("{MODULE}.rs")), text).map_err(at)
}

/// The sources of a package, as those of a module.
fn module(package: &Tree) -> syn::Result<Tree> {
    let mut tree = Tree::default();
    for (path, text) in package.files().filter(|(path, _)| path.starts_with("src/")) {
        match path {
            "src/lib.rs" => {
                let mut file = syn::parse_file(text)?;
                Featureless::of(&file).visit_file_mut(&mut file);
                tree.add(path, without_doctests(&format::file("", quote::quote!(#file))?));
            }
            _ if path.ends_with(".rs") => tree.add(path, without_doctests(text)),
            _ => tree.add(path, text),
        }
    }
    Ok(tree)
}

/// Removes the conditions on features, of which a module has none of its own: providers are always there, and what other features add
/// to a package never is.
struct Featureless {
    providers: BTreeSet<String>,
}

impl VisitMut for Featureless {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| match item {
            Item::Use(item) => !item.attrs.iter().any(|attribute| self.is_addition(attribute)),
            _ => true,
        });
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| !attribute.path().is_ident("cfg"));
    }
}

impl Featureless {
    /// The features of the providers are those that modules depend on.
    fn of(root: &syn::File) -> Featureless {
        let modules =
            root.items.iter().filter_map(|item| if let Item::Mod(module) = item { Some(module) } else { None });
        Featureless { providers: modules.flat_map(|module| &module.attrs).flat_map(features).collect() }
    }

    fn is_addition(&self, attribute: &Attribute) -> bool {
        features(attribute).iter().any(|feature| !self.providers.contains(feature))
    }
}

/// The features that a condition names.
fn features(attribute: &Attribute) -> Vec<String> {
    match &attribute.meta {
        // They are its only strings.
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.tokens.to_string().split('"').skip(1).step_by(2).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The same text with its examples not run: they name the package that this is not. Only modules have examples, and what
/// vendors say there is on one line, so it has no fence.
fn without_doctests(text: &str) -> String {
    let mut is_inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = line == "//! ```";
        lines.push(if is_fence && !is_inside { format!("{line}ignore") } else { line.to_owned() });
        is_inside ^= is_fence;
    }
    lines.push(String::new());
    lines.join("\n")
}
