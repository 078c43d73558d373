//! The command `cargo webhooks drift`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use tempfile::TempDir;
use webhook_codegen::Location;
use webhook_codegen::catalog::{Provider, Release, release_of};
use webhook_codegen::compare::{Class, Sent};
use webhook_codegen::{load, load_partial, load_provider};
use webhook_drift::accept::accept;
use webhook_drift::page::{Page, bytes_from, bytes_of, read, structures};
use webhook_drift::report::{Compared, Line, Report, exit_code, json, lines, shown, text};
use webhook_drift::versions::{Comparison, Side, compare, next_version};
use webhook_drift::{Drift, drift, proposal, worst};
use webhook_harness::printable_lines;
use webhook_import::is_document;

use crate::codegen::next_command;
use crate::context::Context;
use crate::failure::{Failure, Outcome, UNREADABLE};
use crate::files::{File, write};
use crate::format::{Entry, Format};
use crate::import;
use crate::output::{self, colour, counted};
use crate::revision::revision_of;
use crate::unknown::no_such;

/// The maximum number of causes of a version step that are printed.
const CAUSES: usize = 10;

/// Reports where a vendor's documentation has drifted from schema-defs.
///
/// The pages are Markdown, HTML, or text that was copied from a browser; give all pages that document the vendor's webhooks
/// at once. Every JSON block is found and matched with an event. Blocks that are not valid JSON as printed are repaired, and
/// the repairs are listed. Schemas are compared by meaning; payloads by their members and types, and by whether the event's
/// schema accepts them.
///
/// OpenAPI, Swagger and AsyncAPI documents are read as `import` reads them, with the options that provider.toml has under [import].
///
/// In Python sources, the classes that [import] names describe payloads.
///
/// For a new provider, a folder with a provider.toml is enough: every event is new, and --accept creates the rest.
///
/// Each difference has a verdict. It is breaking if some payload is valid on the page, but rejected by the types generated from
/// schema-defs. The report shows that payload. A difference is compatible if it is proven that no such payload exists. It is
/// unproven, and counts as breaking, if neither a payload nor a proof was found. It is a deviation if the types accept the
/// payload only because the event is read tolerantly. Order, white space and descriptions are not compared.
///
/// A member that the page no longer declares, in an object that allows further members without a schema for them, is
/// taken as no longer sent, or sent as before: the difference is breaking if the member was required. With --open, the
/// page is taken literally, and the member may have any value.
///
/// With --base, two versions of schema-defs are compared, such as the last release's and today's, and the version step that
/// semantic versioning requires of the generated crate is proposed.
///
/// If a page or a block of it cannot be read, an event that was not found may be in an unreadable block: it is listed as missing,
/// and not reported as gone. If one of several pages has no readable JSON, the others are still compared.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object on one line for each provider.
    #[arg(long)]
    pub(crate) json: bool,
    /// How the result is printed.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<Format>,
    /// Also show differences in titles, descriptions, formats and example values.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the differences into schema-defs: new events, changed schemas, examples, and their sources. Decisions that are left
    /// to a person are listed.
    #[arg(long, conflicts_with = "base")]
    pub(crate) accept: bool,
    /// Take pages literally: where further members are allowed, a member that is no longer declared may have any value.
    #[arg(long)]
    open: bool,
    /// Compare with this older version of schema-defs instead of pages: a folder, or a revision of the git repository that has
    /// schema-defs, such as v0.2.0.
    #[arg(long, value_name = "DIR|REV")]
    base: Option<String>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    pub(crate) defs: Option<PathBuf>,
    /// The provider, by the name of its folder.
    #[arg(required_unless_present = "base")]
    provider: Option<String>,
    /// The pages; - reads standard input.
    #[arg(required_unless_present = "base", conflicts_with = "base", value_name = "PAGE")]
    pages: Vec<String>,
}

impl Options {
    pub(crate) fn format(&self) -> Format {
        Format::of(self.format, self.json)
    }

    /// Returns the values assumed for members that are no longer declared.
    fn sent(&self) -> Sent {
        if self.open { Sent::Anything } else { Sent::AsBefore }
    }
}

/// The version of a package whose package.toml states no version.
const FIRST_VERSION: &str = "0.1.0";

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let outcome = match &options.base {
        Some(base) => run_base(options, context, base),
        None => run_pages(options, context),
    };
    options.format().finish(outcome).or_else(Failure::unanswered)
}

fn run_pages(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    let name = options.provider.as_deref().unwrap_or_default();
    let provider = load_provider(&defs, name).map_err(Failure::input(&defs))?;
    let is_one = |provider: &Provider| !provider.events.is_empty() || defs.join(provider.settings_file()).exists();
    let provider = provider.filter(is_one).ok_or_else(|| no_provider(&defs, name))?;
    // Documents are read as `import` reads them.
    if options.pages.iter().all(|page| is_document(Path::new(page))) {
        return import::drift(name, &options.pages, options, context);
    }
    let pages = read_pages(&options.pages, &provider.settings.import.schemas)?;
    let drift = drift(&provider, &pages, options.sent()).map_err(Failure::input(&defs))?;
    print(options, &provider, &pages, &drift);
    if let Some(proposal) = proposal(&provider, &pages) {
        eprintln!("note: {}", printable_lines(&proposal));
    }
    if options.accept {
        return run_accept(options, context, &defs, &provider, &pages);
    }
    let code = exit_code(worst(&drift.findings));
    let unread = pages.iter().any(|(_, page)| !page.unparsed.is_empty());
    let incomplete = !drift.undetermined.is_empty() || code == 0 && unread;
    Ok(ExitCode::from(if incomplete { UNREADABLE } else { code }))
}

fn no_provider(defs: &Path, name: &str) -> Failure {
    let entries = fs::read_dir(defs).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().join("provider.toml").exists());
    let names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let failure = no_such("provider", name, names.iter().map(String::as_str));
    let Failure::Other { message, help } = failure else { return failure };
    let file = output::shown(&defs.join(name).join("provider.toml"));
    let title = webhook_codegen::infer::title(name);
    let settings = format!(
        "title = {title:?}\n\
         delivery = \"single\"     # or \"batch\" (a JSON array), \"lines\" or \"wrapped\" (events inside an object)\n\
         schemas = \"inferred\"    # or \"documented\", where the vendor gives JSON Schemas\n\
         origin = \"the page that documents the payloads\"\n"
    );
    Failure::with_help(message, format!("{help}\nto add it, write {file}, such as\n\n{settings}"))
}

/// Reads pages. `classes` are the names of the classes in Python sources that describe payloads.
fn read_pages(names: &[String], classes: &[String]) -> Result<Vec<(String, Page)>, Failure> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for name in names {
        let shown = if name == "-" { "standard input" } else { name };
        let bytes = if name == "-" { bytes_from(std::io::stdin().lock()) } else { bytes_of(Path::new(name)) };
        let source = |bytes: Vec<u8>| match std::str::from_utf8(&bytes).ok().and_then(|text| structures(text, classes))
        {
            Some(text) => read("classes.txt", text.as_bytes()),
            None => read(name, &bytes),
        };
        match bytes.and_then(source) {
            Ok(page) => pages.push((shown.to_owned(), page)),
            Err(error) => {
                problems.push(format!("{shown}: {error}"));
                pages.extend(Page::without_blocks(error).map(|page| (shown.to_owned(), page)));
            }
        }
    }
    // A page without readable JSON does not keep the other pages from being compared.
    if problems.is_empty() || pages.len() == names.len() && pages.iter().any(|(_, page)| !page.blocks.is_empty()) {
        return Ok(pages);
    }
    Err(Failure::other(problems.join("\nerror: ")))
}

fn print(options: &Options, provider: &Provider, pages: &[(String, Page)], drift: &Drift) {
    let many = |count: usize, what: &str| (count > 0).then(|| counted(count, what));
    let seen = drift.counts;
    let seen = [
        many(seen.schemas, "schema"),
        many(seen.payloads, "payload"),
        many(seen.structures, "structure"),
        many(seen.partial, "partial payload"),
        many(seen.ignored, "ignored block"),
    ];
    let seen: Vec<String> = seen.into_iter().flatten().collect();
    let findings = shown(&drift.findings, options.all);
    let report = Report {
        provider: &provider.name,
        seen: seen.join(", "),
        pages,
        findings,
        undetermined: &drift.undetermined,
        compared: Compared::Pages,
    };
    print_report(&report, None, options.format());
}

/// Prints a report. `of` is the comparison of two versions that the report is about, if it is not about pages.
pub(crate) fn print_report(report: &Report<'_>, of: Option<&Comparison>, format: Format) {
    match format {
        Format::Json => println!("{}", json(report, of)),
        Format::Text => print!("{}", text(report, colour(&std::io::stdout()))),
        Format::Github => {
            for Line { class, event, text, page } in lines(report) {
                let event = if event.is_empty() { report.provider } else { event };
                let entry = Entry {
                    message: format!("{}: {event}: {text}", report.provider),
                    file: page.map(|(page, _)| page.to_owned()),
                    location: page.map(|(_, line)| Location { start: 0, end: 0, line, column: 1 }),
                    is_warning: class < Class::Unproven,
                    ..Entry::default()
                };
                println!("{}", entry.annotation());
            }
        }
    }
}

fn run_accept(
    options: &Options,
    context: &Context,
    defs: &Path,
    provider: &Provider,
    pages: &[(String, Page)],
) -> Outcome {
    let settings = fs::read_to_string(defs.join(provider.settings_file())).unwrap_or_default();
    let accepted = accept(provider, &settings, pages, release(defs)).map_err(Failure::input(defs))?;
    let files: Vec<File> = accepted.files.into_iter().map(|(path, text)| File::of(defs, path, text)).collect();
    write(defs, &files)?;
    // Only the report goes to standard output.
    for file in &files {
        eprintln!("  {}", output::shown(&defs.join(&file.path)));
    }
    for note in &accepted.notes {
        eprintln!("note: {note}");
    }
    for line in &accepted.left {
        eprintln!("to do: {line}");
    }
    let left = accepted.left.len();
    let next = next_command(options.defs.as_deref(), context);
    eprintln!("{} written, {left} left to do; next: {next}", counted(files.len(), "file"));
    Ok(ExitCode::from(u8::from(left > 0)))
}

/// Returns the release that adds new events: the present version of the package. Returns `None` for the first events of
/// a package, because no earlier release lacks them.
pub(crate) fn release(defs: &Path) -> Option<Release> {
    if !defs.is_dir() {
        return None;
    }
    // A partial load ignores the problem of a provider without events: a new provider has no event yet.
    let (catalog, _) = load_partial(defs);
    let is_first = catalog.providers.iter().all(|provider| provider.events.is_empty());
    let version = catalog.package.version.unwrap_or_else(|| FIRST_VERSION.to_owned());
    if is_first { None } else { release_of(&version) }
}

/// Returns the folder of an older version: the folder called `base`, or schema-defs of the revision `base`, written
/// into a temporary folder.
fn base_folder(defs: &Path, base: &str) -> Result<(PathBuf, Option<TempDir>), Failure> {
    if Path::new(base).is_dir() {
        return Ok((PathBuf::from(base), None));
    }
    let (folder, revision) = revision_of(defs, base)?;
    Ok((folder, Some(revision)))
}

fn run_base(options: &Options, context: &Context, base: &str) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    // The files of the revision are deleted when `_revision` is dropped, so it lives until everything is compared.
    let (base, _revision) = base_folder(&defs, base)?;
    let base = base.as_path();
    let old = load(base).map_err(Failure::input(base))?;
    let new = load(&defs).map_err(Failure::input(&defs))?;
    let only = options.provider.as_deref();
    if let Some(name) = only
        && !old.providers.iter().chain(&new.providers).any(|provider| provider.name == name)
    {
        return Err(no_provider(&defs, name));
    }
    let compared = compare(&old, &new, only, options.sent()).map_err(|error| match error.side {
        Side::Old => Failure::input(base)(error.problems),
        Side::New => Failure::input(&defs)(error.problems),
    })?;
    for one in &compared.providers {
        let findings = shown(&one.findings, options.all);
        let report = Report {
            provider: &one.provider,
            seen: "compared".to_owned(),
            pages: &[],
            findings,
            undetermined: &[],
            compared: Compared::Base,
        };
        match options.format() {
            Format::Text if report.findings.is_empty() && only.is_none() => {}
            Format::Text => println!("{}", text(&report, colour(&std::io::stdout()))),
            format => print_report(&report, Some(&compared), format),
        }
    }
    if !options.json {
        let version = old.package.version.as_deref().unwrap_or(FIRST_VERSION);
        let step = compared.step;
        let next = next_version(version, step).unwrap_or_else(|| version.to_owned());
        let (shown, rest) = compared.causes.split_at(compared.causes.len().min(CAUSES));
        for cause in shown {
            println!("{step} because {cause}");
        }
        if !rest.is_empty() {
            println!("{step} because of {} more", rest.len());
        }
        println!("version step: {step} ({version} → {next})");
    }
    let worst = compared.providers.iter().flat_map(|one| &one.findings).map(|finding| finding.change.class).max();
    Ok(ExitCode::from(exit_code(worst)))
}
