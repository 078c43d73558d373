//! Programs in the scratch folder, such as `target/xtask/`, in which generated code is compiled and run.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;
use webhook_codegen::Tree;
use webhook_harness::Request;

use crate::cargo::cargo;
use crate::context::Context;
use crate::failure::{Failure, Outcome};
use crate::files::write_if_changed;
use crate::output::shown;
use crate::package::make_with;
use crate::paths::absolute;
use crate::progress;

/// Generated packages, and a program that passes their types to the harness.
pub struct ScratchProgram {
    context: Context,
    folder: PathBuf,
    name: &'static str,
    /// The hash of the input's path. It is part of the package names, because cargo takes two packages of the same name in
    /// one target folder for the same package, and would run the program of the other run.
    hash: String,
    /// The packages that were written. Cargo compiles several of them at a time.
    packages: Vec<String>,
}

impl ScratchProgram {
    /// Returns the scratch program called `name` for the schemas in the folder `input`, without a package.
    pub fn new(context: &Context, name: &'static str, input: &Path) -> Result<ScratchProgram, Failure> {
        let mut state = DefaultHasher::new();
        absolute(input)?.hash(&mut state);
        let hash = format!("{:016x}", state.finish());
        let folder = context.scratch()?.join(format!("{name}-{hash}"));
        Ok(ScratchProgram { context: context.clone(), folder, name, hash, packages: Vec::new() })
    }

    /// Generates the package of a folder of schema-defs.
    pub fn of_defs(context: &Context, defs: &Path) -> Result<ScratchProgram, Failure> {
        let mut scratch = ScratchProgram::new(context, "payloads", defs)?;
        let progress = progress::spinner("generating");
        let runtime = context.harness(&scratch.folder)?.runtime;
        let name = scratch.package_name("events");
        let made = make_with(runtime, context, defs, &scratch.package("events"), Some(&name), false)?;
        scratch.write("events", &made.generated.tree)?;
        progress.finish_and_clear();
        Ok(scratch)
    }

    /// Returns the folder of a generated package.
    pub fn package(&self, package: &str) -> PathBuf {
        self.folder.join(package)
    }

    /// Returns the folder of files for the program to read.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Returns the name that a generated package has for cargo.
    pub fn package_name(&self, package: &str) -> String {
        format!("{}-{package}-{}", self.name, self.hash)
    }

    /// Writes a generated package.
    pub fn write(&mut self, package: &str, tree: &Tree) -> Result<(), Failure> {
        self.packages.push(package.to_owned());
        // It is a member of the program's workspace.
        let manifest = tree.get("Cargo.toml").unwrap_or_default().replace("\n[workspace]\n", "");
        let mut tree = tree.clone();
        tree.add("Cargo.toml", manifest);
        let package = self.package(package);
        tree.write(&package).map(drop).map_err(|error| Failure::of(package.display(), error))
    }

    /// Compiles the program and runs it on a request.
    pub fn run(&self, request: &Request) -> Outcome {
        let mut program = self.program(request)?;
        let status = program.status();
        match status.map_err(|error| Failure::of(program.get_program().display(), error))?.code() {
            Some(code) => Ok(ExitCode::from(u8::try_from(code).unwrap_or(1))),
            None => Err(Failure::other("the compiled program was ended by a signal")),
        }
    }

    /// Compiles the program, runs it on a request, and returns its output.
    pub(crate) fn output(&self, request: &Request) -> Result<String, Failure> {
        let mut program = self.program(request)?;
        let output = program.stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| Failure::of(program.get_program().display(), error))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(Failure::other("the compiled program failed")),
        }
    }

    /// Compiles the program, to be run on a request.
    fn program(&self, request: &Request) -> Result<Command, Failure> {
        let request = serde_json::to_string(request).map_err(|error| Failure::of("the request", error))?;
        let mut program = Command::new(self.build()?);
        program.arg(request);
        Ok(program)
    }

    /// Compiles the program with tested versions of dependencies; returns its path.
    fn build(&self) -> Result<PathBuf, Failure> {
        let program = format!("{}-runner-{}", self.name, self.hash);
        let manifest = self.folder.join("Cargo.toml");
        // The first run compiles for a minute, and progress is drawn on terminals only.
        if !manifest.exists() {
            let folder = shown(&self.folder);
            eprintln!("compiling the generated types in {folder}; later runs compile only what has changed");
        }
        let harness = self.context.harness(&self.folder)?.harness;
        let mut text = format!(
            "[workspace]\nmembers = {packages:?}\n\n[package]\nname = {program:?}\nversion = \"0.0.0\"\n\
             edition = \"2024\"\n\n[dependencies]\nwebhook-harness = {{ {harness} }}\n",
            packages = self.packages,
        );
        let mut main = MAIN_HEAD.to_owned();
        for (number, package) in self.packages.iter().enumerate() {
            let name = self.package_name(package);
            text += &format!("generated-{number} = {{ path = {package:?}, package = {name:?} }}\n");
            main += &format!(
                "    providers.extend(generated_{number}::Provider::ALL.iter().map(|one| one.visit(Typed)));\n"
            );
        }
        write_if_changed(&manifest, &text)?;
        write_if_changed(&self.folder.join("src/main.rs"), &(main + MAIN_END))?;
        if let Some(lock) = self.context.lock()? {
            write_lock(&self.folder.join("Cargo.lock"), &lock)?;
        }
        let mut command = cargo(&["build", "--quiet", "--message-format=json-render-diagnostics"], &manifest);
        command.arg("--target-dir").arg(self.context.target()?).stdout(Stdio::piped());
        // The settings of the checkout's cargo apply, wherever the command line was called.
        if let Some(root) = self.context.root() {
            command.current_dir(root);
        }
        let unavailable = |error| Failure::of("cargo cannot be run", error);
        let mut build = command.spawn().map_err(unavailable)?;
        let executable = build.stdout.take().and_then(|messages| executable(BufReader::new(messages), &program));
        let failed = || {
            Failure::with_help(
                format!("the generated code in {} does not compile", self.folder.display()),
                "this is a defect of the generator: please report it with the schemas",
            )
        };
        if !build.wait().map_err(unavailable)?.success() {
            return Err(failed());
        }
        executable.ok_or_else(failed)
    }
}

/// Reads all messages of cargo, and shows the compiled packages. Returns the path of the program.
fn executable(messages: impl BufRead, program: &str) -> Option<PathBuf> {
    let progress = progress::spinner("compiling");
    let mut executable = None;
    let mut compiled = 0;
    for message in messages.lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Value>(&message) else { continue };
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let name = message["target"]["name"].as_str().unwrap_or_default();
        compiled += usize::from(message["fresh"] == false);
        progress.set_message(format!("compiling: {compiled} done, last {name}"));
        if name == program {
            executable = message["executable"].as_str().map(PathBuf::from);
        }
    }
    progress.finish_and_clear();
    executable
}

/// Writes the lock file, unless the present one was made from the same lock: cargo removes packages that the program
/// does not need, so the two files differ.
fn write_lock(path: &Path, lock: &str) -> Result<(), Failure> {
    let source = path.with_extension("lock.from");
    if fs::read_to_string(&source).is_ok_and(|known| known == lock) && path.exists() {
        return Ok(());
    }
    write_if_changed(path, lock)?;
    write_if_changed(&source, lock)
}

const MAIN_HEAD: &str = "//! Passes the generated types to the harness.

use webhook_harness::Typed;

fn main() -> std::process::ExitCode {
    let mut providers = Vec::new();
";

const MAIN_END: &str = "    webhook_harness::main(&providers)
}
";
