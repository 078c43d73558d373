//! `cargo xtask cost`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use cargo_webhooks::cargo::cargo;
use cargo_webhooks::progress;
use cargo_webhooks::{Failure, Outcome};
use clap::Args;
use webhook_codegen::{Catalog, Tree, generate, load, typify as render};

use crate::{context, root};

/// Measures what generated code costs to generate and to compile, in comparison with the code that typify emits for the
/// same types.
///
/// The sets are one provider, all providers, and the invented vendors of tests/realistic once, 3 and 10 times over.
/// Every package is compiled in a target folder of its own; its dependencies are compiled before and are not counted.
/// Times are processor times (user time of all processes) if the system reports them, and otherwise the time that
/// passes. The table is Markdown.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only sets whose name contains this text: one provider, all providers, larger set, larger set x3, larger set x10.
    filter: Option<String>,

    /// Only generate and check: no release builds, which take long for the largest sets.
    #[arg(long)]
    check_only: bool,
}

/// A set that is measured: a name, the schemas, and how often they are repeated.
struct Set {
    name: &'static str,
    folder: &'static str,
    provider: Option<&'static str>,
    times: usize,
}

const SETS: [Set; 5] = [
    Set { name: "one provider", folder: "schema-defs", provider: Some("crowdsec"), times: 1 },
    Set { name: "all providers", folder: "schema-defs", provider: None, times: 1 },
    Set { name: "larger set", folder: "tests/realistic/schema-defs", provider: None, times: 1 },
    Set { name: "larger set x3", folder: "tests/realistic/schema-defs", provider: None, times: 3 },
    Set { name: "larger set x10", folder: "tests/realistic/schema-defs", provider: None, times: 10 },
];

pub(crate) fn run(options: &Options) -> Outcome {
    println!("| set | types | generate | lines | check | release |\n| --- | --- | ---: | ---: | ---: | ---: |");
    let wanted = |set: &&Set| options.filter.as_ref().is_none_or(|filter| set.name.contains(filter.as_str()));
    for set in SETS.iter().filter(wanted) {
        let progress = progress::spinner("measuring");
        progress.set_message(format!("measuring {}", set.name));
        let catalog = catalog(set)?;
        let start = Instant::now();
        let ours = generated(&catalog, false)?;
        let generating = seconds(start.elapsed());
        for (name, tree, generating) in [("generated", ours, generating), ("typify", typify(&catalog)?, "–".to_owned())]
        {
            let folder = written(name, &tree)?;
            let check = seconds(measured(&folder, &["check"])?);
            let release = match options.check_only {
                true => "–".to_owned(),
                false => seconds(measured(&folder, &["build", "--release"])?),
            };
            let lines = tree.files().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.lines().count());
            let lines: usize = lines.sum();
            // A measurement takes long, so its result is shown at once.
            progress.suspend(|| println!("| {} | {name} | {generating} | {lines} | {check} | {release} |", set.name));
        }
        progress.finish_and_clear();
    }
    Ok(ExitCode::SUCCESS)
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn catalog(set: &Set) -> Result<Catalog, Failure> {
    let folder = root().join(set.folder);
    let folder = if set.times > 1 { repeated(&folder, set.times)? } else { folder };
    let mut catalog = load(&folder).map_err(Failure::input(&folder))?;
    catalog.providers.retain(|provider| set.provider.is_none_or(|name| provider.name == name));
    for provider in catalog.providers.iter_mut().filter(|_| set.times > 1) {
        // Providers are named after their titles, which must differ.
        provider.settings.title.clone_from(&provider.name);
    }
    Ok(catalog)
}

/// Returns a folder that has the providers of another several times over, under names of their own.
fn repeated(folder: &Path, times: usize) -> Result<PathBuf, Failure> {
    let to = root().join("target/cost/schema-defs");
    let _ = fs::remove_dir_all(&to);
    let providers = fs::read_dir(folder).map_err(|error| Failure::of(folder.display(), error))?;
    for path in providers.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for time in 1..=times {
            copy(&path, &to.join(format!("{name}_{time}"))).map_err(|error| Failure::of(path.display(), error))?;
        }
    }
    Ok(to)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() { copy(&path, &to)? } else { fs::copy(&path, &to).map(drop)? }
    }
    Ok(())
}

/// Returns the package that is generated from a catalog.
fn generated(catalog: &Catalog, lowered: bool) -> Result<Tree, Failure> {
    let options = webhook_codegen::Options::default()
        .package("cost-generated")
        .runtime(context().path_dependency("crates/runtime", &folder("generated"))?)
        .standalone(true)
        .lowered(lowered);
    Ok(generate(catalog, &options).map_err(Failure::input(Path::new("")))?.tree)
}

/// Returns a package of the code that typify emits for the lowered documents of a catalog: the same types, with serde's
/// derives.
fn typify(catalog: &Catalog) -> Result<Tree, Failure> {
    let lowered = generated(catalog, true)?;
    let runtime = context().path_dependency("crates/runtime", &folder("typify"))?;
    let mut tree = Tree::default();
    let mut library = "//! What typify emits.\n".to_owned();
    for (path, text) in lowered.files() {
        let Some(module) = path.strip_prefix("lowered/").and_then(|path| path.strip_suffix(".json")) else { continue };
        let code = render(text).map_err(|problem| Failure::other(problem.to_string()))?;
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
    Ok(tree)
}

fn folder(name: &str) -> PathBuf {
    root().join("target/cost").join(name)
}

/// Writes a package, and returns its folder.
fn written(name: &str, tree: &Tree) -> Result<PathBuf, Failure> {
    let folder = folder(name);
    // Files of another set would be compiled too, and a file without the mark of generated files would not be replaced.
    let _ = fs::remove_dir_all(folder.join("src"));
    let _ = fs::remove_file(folder.join("Cargo.toml"));
    tree.write(&folder).map_err(|error| Failure::of(folder.display(), error))?;
    Ok(folder)
}

/// Returns the time that cargo takes for a package whose dependencies have been compiled.
fn measured(folder: &Path, arguments: &[&str]) -> Result<Duration, Failure> {
    let mut command = cargo(arguments, &folder.join("Cargo.toml"));
    command.arg("--quiet").arg("--target-dir").arg(root().join("target/cost/target")).env("CARGO_INCREMENTAL", "0");
    run_cargo(&mut command)?;
    let library = folder.join("src/lib.rs");
    let at = |error| Failure::of(library.display(), error);
    // Cargo compiles packages again whose files have changed on disk.
    fs::read(&library).and_then(|text| fs::write(&library, text)).map_err(at)?;
    let (start, before) = (Instant::now(), processor_time());
    run_cargo(&mut command)?;
    let passed = start.elapsed();
    Ok(processor_time().zip(before).map_or(passed, |(after, before)| after.saturating_sub(before)))
}

fn run_cargo(command: &mut Command) -> Result<(), Failure> {
    let output = command.output().map_err(|error| Failure::of("cargo cannot be run", error))?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(Failure::other(format!("the package does not compile:\n{}", errors.trim_end())))
        }
    }
}

/// Returns the user time of all child processes that have ended, as Linux reports it.
fn processor_time() -> Option<Duration> {
    let text = fs::read_to_string(Path::new("/proc/self/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    // The fields after the name begin with the third; `cutime` is the sixteenth, in hundredths of a second.
    let ticks: u64 = fields.split_whitespace().nth(13)?.parse().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_that_is_repeated_has_every_provider_that_often() {
        let providers = |name: &str| {
            let set = SETS.iter().find(|set| set.name == name).unwrap();
            let catalog = catalog(set).unwrap_or_else(|_| panic!("{name} can be read"));
            catalog.providers.len()
        };
        assert_eq!(3 * providers("larger set"), providers("larger set x3"));
    }
}
