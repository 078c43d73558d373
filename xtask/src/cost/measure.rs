//! Compiling packages, and what that costs.

use std::fs;
use std::process::Command;

use super::child::{Cost, measured};
use super::packages::Package;
use crate::{context, root};
use cargo_webhooks::Failure;
use cargo_webhooks::cargo::cargo;
use cargo_webhooks::files::write_if_changed;

/// What compiling a package costs, without what it depends on.
pub(super) struct Built {
    pub(super) check: Cost,
    /// What `cargo build` costs, in debug and in release, and how many bytes the library has.
    pub(super) libraries: Option<[(Cost, u64); 2]>,
}

/// Compiles a package in each way, or only checks it; its dependencies are compiled before.
pub(super) fn build(package: &Package, check_only: bool) -> Result<Built, Failure> {
    let manifest = package.folder.join("Cargo.toml");
    let target = root().join("target/cost/target");
    let timed = |arguments: &[&str]| -> Result<Cost, Failure> {
        // First everything; then the package again.
        let command = || {
            let mut command = cargo(arguments, &manifest);
            command.arg("--quiet").arg("--target-dir").arg(&target).env("CARGO_INCREMENTAL", "0");
            command
        };
        run(&mut command())?;
        let library = package.folder.join("src/lib.rs");
        let text = fs::read_to_string(&library).map_err(|error| Failure::of(library.display(), error))?;
        // Cargo compiles again what has changed on the disk.
        fs::write(&library, text).map_err(|error| Failure::of(library.display(), error))?;
        run(&mut command())
    };
    let check = timed(&["check"])?;
    if check_only {
        return Ok(Built { check, libraries: None });
    }
    let library = format!("lib{}.rlib", package.crate_name.replace('-', "_"));
    let size = |profile: &str| fs::metadata(target.join(profile).join(&library)).map_or(0, |file| file.len());
    let debug = timed(&["build"])?;
    let release = timed(&["build", "--release"])?;
    Ok(Built { check, libraries: Some([(debug, size("debug")), (release, size("release"))]) })
}

/// The release build of a user's program from nothing; `feature`: with that provider of the generated crate.
pub(super) fn user_build(feature: Option<&str>) -> Result<Cost, Failure> {
    let folder = root().join("target/cost/user");
    let target = folder.join("target");
    let _ = fs::remove_dir_all(&target);
    let own = match feature {
        Some(feature) => {
            let path = context().path_dependency("generated", &folder)?;
            let (_, path) = path.split_once(", ").unwrap_or(("", &path));
            format!("security-webhooks = {{ {path}, default-features = false, features = [{feature:?}] }}\n")
        }
        None => String::new(),
    };
    let manifest = folder.join("Cargo.toml");
    write_if_changed(
        &manifest,
        &format!(
            "[package]\nname = \"cost-user\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nserde = {{ version = \"1\", default-features = false, features = [\"std\"] }}\n\
             serde_json = \"1\"\n{own}"
        ),
    )?;
    let uses = feature.map_or(String::new(), |feature| {
        format!("    println!(\"{{}}\", security_webhooks::{feature}::Event::from_slice(text.as_bytes()).is_ok());\n")
    });
    let program = format!(
        "fn main() {{\n    let text = std::env::args().nth(1).unwrap_or_default();\n    \
         println!(\"{{}}\", serde_json::from_str::<serde_json::Value>(&text).is_ok());\n{uses}}}\n"
    );
    write_if_changed(&folder.join("src/main.rs"), &program)?;
    let mut command = cargo(&["build", "--release", "--quiet"], &manifest);
    run(command.arg("--target-dir").arg(&target))
}

fn run(command: &mut Command) -> Result<Cost, Failure> {
    let (output, cost) = measured(command).map_err(|error| Failure::of("cargo cannot be run", error))?;
    match output.status.success() {
        true => Ok(cost),
        false => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(Failure::Other(format!("the package does not compile:\n{}", errors.trim_end())))
        }
    }
}
