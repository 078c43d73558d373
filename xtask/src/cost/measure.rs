//! Compiling packages, and what that costs.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::packages::Package;
use crate::{context, root};
use cargo_webhooks::Failure;
use cargo_webhooks::cargo::cargo;
use cargo_webhooks::files::write_if_changed;

/// What a command costs.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// The time that passed.
    pub(super) passed: Duration,
    /// The time of the processor, where the system reports it.
    pub(super) processor: Option<Duration>,
}

impl Cost {
    /// The time of the processor if it is known: other programs do not change it.
    pub(super) fn counted(self) -> Duration {
        self.processor.unwrap_or(self.passed)
    }
}

/// What compiling a package costs, without what it depends on.
pub(super) struct Built {
    pub(super) check: Cost,
    pub(super) debug: Cost,
    pub(super) release: Cost,
    pub(super) debug_bytes: u64,
    pub(super) release_bytes: u64,
}

/// Compiles a package in each way; its dependencies are compiled before.
pub(super) fn build(package: &Package) -> Result<Built, Failure> {
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
    let debug = timed(&["build"])?;
    let release = timed(&["build", "--release"])?;
    let library = format!("lib{}.rlib", package.crate_name.replace('-', "_"));
    let size = |profile: &str| fs::metadata(target.join(profile).join(&library)).map_or(0, |file| file.len());
    Ok(Built { check, debug, release, debug_bytes: size("debug"), release_bytes: size("release") })
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
    let (start, before) = (Instant::now(), processor_time());
    let output = command.output().map_err(|error| Failure::of("cargo cannot be run", error))?;
    let passed = start.elapsed();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::Other(format!("the package does not compile:\n{}", errors.trim_end())));
    }
    let processor = processor_time().zip(before).map(|(after, before)| after.saturating_sub(before));
    Ok(Cost { passed, processor })
}

/// The user time of all child processes that have ended, as Linux reports it.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string(Path::new("/proc/self/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    // The fields after the name begin with the third; `cutime` is the sixteenth, in hundredths of a second.
    let ticks: u64 = fields.split_whitespace().nth(13)?.parse().ok()?;
    Some(Duration::from_millis(ticks * 10))
}
