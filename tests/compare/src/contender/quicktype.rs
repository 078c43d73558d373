//! quicktype, by its library for Node.js, with its default settings for Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use heck::ToPascalCase;
use serde::Deserialize;
use serde_json::json;

use super::emitted::{Emitted, declared};
use super::{Emissions, Job};
use crate::Failure;
use crate::data::write;
use crate::package::scratch;

/// What the script makes of a job.
#[derive(Deserialize)]
struct Output {
    code: Option<String>,
    error: Option<String>,
}

pub(super) fn emit(jobs: &[Job]) -> Emissions {
    let folder = installed()?;
    let name = |event: &crate::data::Event| format!("{}Payload", event.name.to_pascal_case());
    let request: Vec<_> = jobs
        .iter()
        .map(|job| {
            let sources: Vec<_> = job
                .events
                .iter()
                .map(|event| json!({ "name": name(event), "schema": event.schema.to_string() }))
                .collect();
            json!({ "sources": sources })
        })
        .collect();
    let (input, output) = (folder.join("input.json"), folder.join("output.json"));
    write(&input, &json!(request).to_string())?;
    run(Command::new("node").arg("generate.js").arg(&input).arg(&output).current_dir(&folder))?;
    let failed = |error: &dyn std::fmt::Display| Failure::new(output.display(), error);
    let text = fs::read_to_string(&output).map_err(|error| failed(&error))?;
    let outputs: Vec<Output> = serde_json::from_str(&text).map_err(|error| failed(&error))?;
    let emitted = |(job, output): (&Job, Output)| {
        let code = output.code.ok_or_else(|| output.error.unwrap_or_default())?;
        let found = |event: &&crate::data::Event| {
            declared(&code, &name(event)).ok_or_else(|| format!("there is no type {}", name(event)))
        };
        let types = job.events.iter().map(found).collect::<Result<_, _>>()?;
        Ok(Emitted { code, types })
    };
    Ok(jobs.iter().zip(outputs).map(emitted).collect())
}

/// Installs the library in a scratch folder, with the versions of package-lock.json.
fn installed() -> Result<PathBuf, Failure> {
    if Command::new("node").arg("--version").output().is_err() {
        return Err(Failure::new("skipped", "it needs Node.js 20 or newer with npm, and `node` cannot be run"));
    }
    let (from, folder) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("quicktype"), scratch().join("quicktype"));
    let mut changed = !folder.join("node_modules").exists();
    for name in ["package.json", "package-lock.json", "generate.js"] {
        let text = fs::read_to_string(from.join(name)).map_err(|error| Failure::new(name, error))?;
        let known = fs::read_to_string(folder.join(name)).unwrap_or_default();
        if text != known {
            changed |= name != "generate.js";
            write(&folder.join(name), &text)?;
        }
    }
    if changed {
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder))?;
    }
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure::new(&program, error))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(Failure::new(program, String::from_utf8_lossy(&output.stderr).trim())),
    }
}
