//! `cargo xtask suite`

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use webhook_codegen::catalog::{Event, Provider, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Dialect, generate};
use webhook_harness::Request;

use cargo_webhooks::context::Context;
use cargo_webhooks::files::write_if_changed;
use cargo_webhooks::progress::{self, ProgressBar};
use cargo_webhooks::scratch::ScratchProgram;
use cargo_webhooks::{Failure, Outcome};

/// Runs the official JSON Schema Test Suite through generated validators and types.
///
/// Code is generated for every schema of the folders' files and compiled once. Every test is then decided by the
/// validator and by the type, which must also serialize accepted values without loss. Schemas that codegen rejects are
/// listed with the reason, and their tests count as rejected. Referenced documents are read from the folder remotes
/// next to a given folder. The exit code is 1 if any decision is wrong.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folders of the suite, such as tests/draft2020-12 or tests/draft7, or folders below them. The name of each determines its
    /// dialect.
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
}

/// The folders of the suite, and their dialects.
const DIALECTS: [(&str, Dialect); 6] = [
    ("draft4", Dialect::Draft4),
    ("draft6", Dialect::Draft6),
    ("draft7", Dialect::Draft7),
    ("draft2019-09", Dialect::Draft201909),
    ("draft2020-12", Dialect::Draft202012),
    ("v1", Dialect::V1),
];

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let mut scratch = ScratchProgram::new(context, "suite", &options.folders[0])?;
    let mut cases = Vec::new();
    for (index, folder) in options.folders.iter().enumerate() {
        let files = listed(folder)?;
        if files.is_empty() {
            let help = format!("{}: no .json file: name a folder of the suite's tests", folder.display());
            return Err(Failure::other(help));
        }
        let dialect = DIALECTS.iter().find(|(name, _)| folder.components().any(|part| part.as_os_str() == *name));
        let dialect = dialect.map_or(Dialect::Draft202012, |(_, dialect)| *dialect);
        let remotes = folder.ancestors().map(|folder| folder.join("remotes")).find(|folder| folder.is_dir());
        let mut documents = BTreeMap::new();
        if let Some(remotes) = &remotes {
            read_remotes(remotes, remotes, &mut documents)?;
        }
        let mut catalog = Catalog::default();
        let progress = progress::bar(files.len(), "generating");
        for path in files {
            let made = file(context, &path, index, &documents, dialect, &progress)?;
            cases.push(made.cases);
            catalog.providers.extend((!made.provider.events.is_empty()).then_some(made.provider));
            progress.inc(1);
        }
        progress.finish_and_clear();
        let package = format!("suite{index}");
        let options = generation(context, &scratch.package_name(&package), &scratch.package(&package), dialect)?;
        scratch.write(&package, &generate(&catalog, &options).map_err(Failure::input(Path::new("")))?.tree)?;
    }
    let file = scratch.data().join("cases.json");
    write_if_changed(&file, &Json::Array(cases).to_string())?;
    scratch.run(&Request::Suite(file))
}

fn generation(
    context: &Context,
    name: &str,
    package: &Path,
    dialect: Dialect,
) -> Result<webhook_codegen::Options, Failure> {
    let options = webhook_codegen::Options::default().package(name).runtime(context.runtime(package)?);
    Ok(options.unknown_keywords(true).dialect(dialect))
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let at = |error: std::io::Error| Failure::of(folder.display(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the documents that the suite expects at http://localhost:1234/.
fn read_remotes(root: &Path, folder: &Path, documents: &mut BTreeMap<String, Json>) -> Result<(), Failure> {
    let at = |error: std::io::Error| Failure::of(folder.display(), error);
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            read_remotes(root, &path, documents)?;
        } else if let Ok(json) = Json::parse(&fs::read_to_string(&path).map_err(at)?) {
            let below = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            documents.insert(format!("http://localhost:1234/{below}"), json);
        }
    }
    Ok(())
}

/// A file of a folder of the suite as a provider, with its tests.
struct Made {
    provider: Provider,
    cases: Json,
}

fn file(
    context: &Context,
    path: &Path,
    folder: usize,
    documents: &BTreeMap<String, Json>,
    dialect: Dialect,
    progress: &ProgressBar,
) -> Result<Made, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::of(path.display(), error))?;
    let groups = Json::parse(&text).map_err(|error| Failure::of(path.display(), error))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = format!("suite{folder}_{}", stem.replace('-', "_"));
    let settings = Settings { title: stem.clone(), named: true, ..Settings::default() };
    let empty = Provider { name: name.clone(), settings, documents: documents.clone(), ..Provider::default() };
    let mut provider = empty.clone();
    let mut kept = Vec::new();
    let mut rejected = 0;
    for (index, group) in groups.as_array().unwrap_or_default().iter().enumerate() {
        let description = group.get("description").and_then(Json::as_str).unwrap_or_default();
        let tests = group.get("tests").cloned().unwrap_or(Json::Array(Vec::new()));
        let event = Event {
            name: format!("group_{index:03}"),
            schema: group.get("schema").cloned().unwrap_or(Json::Boolean(true)),
            ..Event::default()
        };
        // Each schema is generated by itself first, so that a rejected one does not affect the others.
        let mut alone = empty.clone();
        alone.events.push(event.clone());
        let catalog = Catalog { providers: vec![alone], ..Catalog::default() };
        match generate(&catalog, &generation(context, "suite-events", Path::new("suite-events"), dialect)?) {
            Ok(_) => {
                kept.push(Json::Object(vec![
                    ("event".to_owned(), Json::String(event.name.clone())),
                    ("description".to_owned(), Json::String(description.to_owned())),
                    ("tests".to_owned(), tests),
                ]));
                provider.events.push(event);
            }
            Err(problems) => {
                rejected += tests.as_array().map_or(0, <[Json]>::len);
                for problem in problems {
                    let (pointer, message) = (&problem.pointer, &problem.message);
                    progress.suspend(|| println!("{stem}: {description}: rejected: {pointer}: {message}"));
                }
            }
        }
    }
    let shown = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let shown = format!("{shown}/{stem}");
    let cases = Json::Object(vec![
        ("file".to_owned(), Json::String(shown)),
        ("provider".to_owned(), Json::String(name)),
        ("groups".to_owned(), Json::Array(kept)),
        ("rejected".to_owned(), Json::Number(rejected.to_string())),
    ]);
    Ok(Made { provider, cases })
}
