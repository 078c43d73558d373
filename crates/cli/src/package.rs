//! Generates a package for a folder.

use std::path::Path;

use annotate_snippets::normalize_untrusted_str;
use webhook_codegen::{Catalog, Generated, generate_folder};

use crate::context::Context;
use crate::failure::Failure;
use crate::paths::absolute;

/// A folder of schema-defs and the package generated from it.
pub struct Made {
    /// The folder's contents.
    pub catalog: Catalog,
    /// The package.
    pub generated: Generated,
}

/// Generates the package of some schema-defs for the folder `out`. With `lowered`, it includes the documents that
/// typify renders.
pub fn make(context: &Context, defs: &Path, out: &Path, name: Option<&str>, lowered: bool) -> Result<Made, Failure> {
    let mut made = make_with(context.runtime(out)?, context, defs, out, name, lowered)?;
    let Generated { tree, package, .. } = &mut made.generated;
    context.add_runtime(tree, package)?;
    Ok(made)
}

/// Generates the package of some schema-defs for the folder `out`, with a given dependency on the runtime.
pub fn make_with(
    runtime: String,
    context: &Context,
    defs: &Path,
    out: &Path,
    name: Option<&str>,
    lowered: bool,
) -> Result<Made, Failure> {
    let options = webhook_codegen::Options::default();
    let options = options.runtime(runtime).standalone(is_standalone(context, out)?).lowered(lowered);
    let options = match name {
        Some(name) => options.package(name),
        None => options,
    };
    let (catalog, generated) = generate_folder(defs, &options).map_err(Failure::input(defs))?;
    for warning in &catalog.warnings {
        eprintln!("warning: {}", normalize_untrusted_str(warning));
    }
    Ok(Made { catalog, generated })
}

/// Returns whether a package in `out` is below the workspace of the checkout without being a member of it.
fn is_standalone(context: &Context, out: &Path) -> Result<bool, Failure> {
    let Some(root) = context.root() else { return Ok(false) };
    let (out, root) = (absolute(out)?, absolute(root)?);
    let Ok(below) = out.strip_prefix(&root) else { return Ok(false) };
    let manifest = root.join("Cargo.toml");
    let text = std::fs::read_to_string(&manifest).map_err(|error| Failure::of(manifest.display(), error))?;
    let member = format!("\"{}\"", below.to_string_lossy().replace('\\', "/"));
    Ok(!text.contains(&member))
}
