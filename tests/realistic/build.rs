//! Generates the crate from its schema-defs.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use webhook_codegen::{Options, generate_folder};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=schema-defs");
    println!("cargo::rerun-if-changed=build.rs");
    let options = Options::default().package("realistic-events");
    let (_, mut generated) = match generate_folder(&PathBuf::from("schema-defs"), &options) {
        Ok(made) => made,
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={}", problem.to_string().replace('\n', " "));
            }
            return ExitCode::FAILURE;
        }
    };
    // What is included may not document or allow anything for the crate: src/lib.rs does.
    let root = generated.tree.get("src/lib.rs").unwrap_or_default();
    let items = root.find("\n#[cfg(feature").map_or(root, |at| &root[at..]).to_owned();
    generated.tree.add("src/root.rs", items);
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // src/root.rs is not marked as generated, so that of an earlier run would not be replaced.
    let _ = std::fs::remove_file(out.join("src/root.rs"));
    match generated.tree.write(&out) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={}: {error}", out.display());
            ExitCode::FAILURE
        }
    }
}
