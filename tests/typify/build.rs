//! Renders the goldens' lowered documents with typify, and nothing else.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new("../goldens/package/lowered");
    println!("cargo::rerun-if-changed={}", folder.display());
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut modules = String::new();
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let code = webhook_codegen::typify(&fs::read_to_string(&path)?).map_err(|problem| problem.to_string())?;
        modules.push_str(&format!("/// What typify makes of `{name}.json`.\npub mod {name} {{\n{code}}}\n"));
    }
    fs::write(out.join("modules.rs"), modules)?;
    Ok(())
}
