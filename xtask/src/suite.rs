//! `cargo xtask suite`

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;
use serde_json::value::RawValue;
use webhook_codegen::catalog::{Event, Provider, Settings};
use webhook_codegen::json::Json;
use webhook_codegen::{Catalog, Dialect, Tree, generate};
use webhook_harness::Request;
use webhook_harness::suite::{self, Group, Test};

use cargo_webhooks::context::Context;
use cargo_webhooks::files::write_if_changed;
use cargo_webhooks::progress;
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
    let progress = progress::spinner("generating");
    let folders = std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for (index, folder) in options.folders.iter().enumerate() {
            let scratch = &scratch;
            // Unoptimized code takes more of the stack than a thread has by default.
            let thread = std::thread::Builder::new().stack_size(64 << 20);
            let thread = thread.spawn_scoped(scope, move || Folder::generate(context, scratch, index, folder));
            threads.push(thread.map_err(|error| Failure::of("a thread", error))?);
        }
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<Folder, Failure>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect::<Result<Vec<Folder>, Failure>>()
    })?;
    progress.finish_and_clear();
    let mut cases = Vec::new();
    for (index, folder) in folders.into_iter().enumerate() {
        folder.rejections.iter().for_each(|rejection| println!("{rejection}"));
        scratch.write(&package(index), &folder.tree)?;
        cases.extend(folder.cases);
    }
    let file = scratch.data().join("cases.json");
    let cases = serde_json::to_string(&cases).map_err(|error| Failure::of("the tests", error))?;
    write_if_changed(&file, &cases)?;
    scratch.run(&Request::Suite(file))
}

/// Returns the name of the package of a folder.
fn package(index: usize) -> String {
    format!("suite{index}")
}

/// A folder of the suite.
struct Folder {
    /// The generated package.
    tree: Tree,
    /// The tests of each file.
    cases: Vec<suite::File>,
    /// The schemas that codegen rejects, with the reasons.
    rejections: Vec<String>,
}

impl Folder {
    fn generate(context: &Context, scratch: &ScratchProgram, index: usize, folder: &Path) -> Result<Folder, Failure> {
        let paths = listed(folder)?;
        if paths.is_empty() {
            let help = format!("{}: no .json file: name a folder of the suite's tests", folder.display());
            return Err(Failure::other(help));
        }
        let dialect = DIALECTS.iter().find(|(name, _)| folder.components().any(|part| part.as_os_str() == *name));
        let dialect = dialect.map_or(Dialect::Draft202012, |(_, dialect)| *dialect);
        let mut documents = BTreeMap::new();
        if let Some(remotes) = folder.ancestors().map(|folder| folder.join("remotes")).find(|folder| folder.is_dir()) {
            read_remotes(&remotes, &remotes, &mut documents)?;
        }
        let mut files = Vec::new();
        for path in paths {
            files.push(File::read(&path, index, &documents)?);
        }
        let package = package(index);
        let options = generation(context, &scratch.package_name(&package), &scratch.package(&package), dialect)?;
        let mut rejections = Vec::new();
        let generated = generate(&catalog(&files), &options).or_else(|_| {
            // A rejected schema must not affect the others, so each is tried by itself.
            files.iter_mut().for_each(|file| file.reject(&options, &mut rejections));
            generate(&catalog(&files), &options)
        });
        let tree = generated.map_err(Failure::input(Path::new("")))?.tree;
        Ok(Folder { tree, cases: files.into_iter().map(|file| file.cases).collect(), rejections })
    }
}

fn catalog(files: &[File]) -> Catalog {
    let providers = files.iter().map(|file| &file.provider).filter(|provider| !provider.events.is_empty());
    Catalog { providers: providers.cloned().collect(), ..Catalog::default() }
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

/// A group in a file of the suite.
#[derive(Deserialize)]
struct Given {
    description: String,
    schema: Box<RawValue>,
    tests: Vec<Test>,
}

/// A file of a folder of the suite: its tests, and a provider that has an event for each group of them.
struct File {
    provider: Provider,
    cases: suite::File,
}

impl File {
    fn read(path: &Path, folder: usize, documents: &BTreeMap<String, Json>) -> Result<File, Failure> {
        let text = fs::read_to_string(path).map_err(|error| Failure::of(path.display(), error))?;
        let given: Vec<Given> = serde_json::from_str(&text).map_err(|error| Failure::of(path.display(), error))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let within = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let file = format!("{within}/{stem}");
        let mut provider = Provider {
            name: format!("suite{folder}_{}", stem.replace('-', "_")),
            settings: Settings { title: stem, named: true, ..Settings::default() },
            documents: documents.clone(),
            ..Provider::default()
        };
        let mut groups = Vec::new();
        for (index, Given { description, schema, tests }) in given.into_iter().enumerate() {
            let event = format!("group_{index:03}");
            let schema = Json::parse(schema.get()).map_err(|error| Failure::of(path.display(), error))?;
            provider.events.push(Event { name: event.clone(), schema, ..Event::default() });
            groups.push(Group { event, description, tests });
        }
        let cases = suite::File { file, provider: provider.name.clone(), groups, rejected: 0 };
        Ok(File { provider, cases })
    }

    /// Removes the schemas that codegen rejects, and their tests.
    fn reject(&mut self, options: &webhook_codegen::Options, rejections: &mut Vec<String>) {
        let empty = Provider { events: Vec::new(), ..self.provider.clone() };
        let events = std::mem::take(&mut self.provider.events).into_iter();
        for (event, group) in events.zip(std::mem::take(&mut self.cases.groups)) {
            let alone = Provider { events: vec![event.clone()], ..empty.clone() };
            match generate(&Catalog { providers: vec![alone], ..Catalog::default() }, options) {
                Ok(_) => {
                    self.provider.events.push(event);
                    self.cases.groups.push(group);
                }
                Err(problems) => {
                    self.cases.rejected += group.tests.len();
                    let (file, description) = (&self.cases.file, &group.description);
                    rejections.extend(problems.iter().map(|problem| {
                        format!("{file}: {description}: rejected: {}: {}", problem.pointer, problem.message)
                    }));
                }
            }
        }
    }
}
