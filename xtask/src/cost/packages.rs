//! The packages that are compared: generated ones, and what typify emits for the same types.

use std::path::{Path, PathBuf};

use webhook_codegen::{Catalog, Options, Tree, generate, typify as render};

use crate::{context, root};
use cargo_webhooks::Failure;

/// A package, written to the disk.
pub(super) struct Package {
    /// Whose types it has.
    pub(super) name: &'static str,
    /// The name in its manifest.
    pub(super) crate_name: &'static str,
    pub(super) folder: PathBuf,
    /// Lines of Rust.
    pub(super) lines: usize,
}

/// The package that is generated from a catalog.
pub(super) fn ours(catalog: &Catalog) -> Result<Package, Failure> {
    let folder = root().join("target/cost/ours");
    let tree = generated(catalog, &folder, false)?;
    write("generated", "cost-ours", folder, &tree)
}

/// What typify emits for the documents that generation gives it: the same types, with serde's derives.
pub(super) fn typify(catalog: &Catalog) -> Result<Package, Failure> {
    let folder = root().join("target/cost/typify");
    let lowered = generated(catalog, &folder, true)?;
    let runtime = context().path_dependency("crates/runtime", &folder)?;
    let mut tree = Tree::default();
    let mut library = "//! What typify emits.\n".to_owned();
    for (path, text) in lowered.files() {
        let Some(module) = path.strip_prefix("lowered/").and_then(|path| path.strip_suffix(".json")) else { continue };
        let code = render(text).map_err(|problem| Failure::Other(problem.to_string()))?;
        tree.add(format!("src/{module}.rs"), code);
        library.push_str(&format!("pub mod {module};\n"));
    }
    tree.add("src/lib.rs", library);
    tree.add(
        "Cargo.toml",
        format!(
            "[package]\nname = \"cost-typify\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
             webhook-runtime = {{ {runtime}, features = [\"pattern\"] }}\n"
        ),
    );
    write("typify", "cost-typify", folder, &tree)
}

/// The files of the package that is generated from a catalog.
pub(super) fn generated(catalog: &Catalog, folder: &Path, lowered: bool) -> Result<Tree, Failure> {
    let runtime = context().path_dependency("crates/runtime", folder)?;
    let options = Options::default().package("cost-ours").runtime(runtime).standalone(true).lowered(lowered);
    Ok(generate(catalog, &options).map_err(Failure::input(Path::new("")))?.tree)
}

fn write(name: &'static str, crate_name: &'static str, folder: PathBuf, tree: &Tree) -> Result<Package, Failure> {
    // What another set left there would be counted too, and what is not marked as generated would not be replaced.
    let _ = std::fs::remove_dir_all(folder.join("src"));
    let _ = std::fs::remove_file(folder.join("Cargo.toml"));
    tree.write(&folder).map_err(|error| Failure::of(folder.display(), error))?;
    let lines = tree.files().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.lines().count()).sum();
    Ok(Package { name, crate_name, folder, lines })
}
