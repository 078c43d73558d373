//! The command `cargo webhooks import`.

mod update;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotate_snippets::normalize_untrusted_str;
use clap::Args;
use webhook_codegen::catalog::{Catalog, Delivery, Provider};
use webhook_codegen::infer::folder_name;
use webhook_codegen::{Code, Diagnostic, generate, load_provider, settings_text};
use webhook_import::{Given, Imported, Places, import};

use crate::codegen::next_command;
use crate::context::Context;
use crate::drift::{self, release};
use crate::failure::{Failure, Outcome};
use crate::files::{File, write};
use crate::format::Format;
use crate::output::{counted, shown};

/// Creates a provider folder in schema-defs from OpenAPI documents, AsyncAPI documents, or JSON Schemas.
///
/// OpenAPI 3.0, 3.1 and 3.2, and Swagger 2.0: each request of `webhooks`, `x-webhooks` and `callbacks` is an event,
/// each schema of `components.schemas` or `definitions` that --schema names, and each request of a path that --path
/// names. AsyncAPI 1, 2 and 3: each message that the application sends. JSON Schemas, as files or a folder: each schema
/// that no other schema refers to. Where a payload is a choice of schemas, and a member has different values in each
/// schema, each schema is an event. Documents are JSON or YAML. Schemas keep their dialect; schemas of Swagger 2.0 and
/// OpenAPI 3.0 become schemas of 2020-12 that accept the same values. Schemas that events share are put into common/.
///
/// Events are distinguished by a member that has a different value in each event, by a header that names the event, or
/// by the members that their schemas require. The values come from `const`, `enum` and the mapping of a
/// `discriminator`. If that member is not required, an overlay.json requires it. If there is no such member, name one
/// with --discriminator, or read each payload with the name of its event.
///
/// References to other files are read if the files are below the folder of a document, or below a folder that is given.
/// Nothing is fetched: for a reference to an address, give the file with --with. Standard error lists the parts of the
/// documents that are not kept, or are kept in another form.
///
/// For a provider that has events, nothing is written: the differences between its schema-defs and the documents are
/// reported as `drift` reports them, and --accept writes them.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// A file for an address that the documents refer to, a folder for all addresses that begin with a prefix, or a folder that
    /// references may lead into.
    #[arg(long, value_name = "URL=FILE|PREFIX=DIR|DIR", value_parser = given)]
    with: Vec<Given>,
    /// A schema of an OpenAPI document that is a payload although no webhook refers to it; or a file or a definition of JSON
    /// Schemas. `*` in a name stands for any text; a name after `!` leaves schemas out.
    #[arg(long, value_name = "NAME")]
    schema: Vec<String>,
    /// A path of an OpenAPI document whose requests are events, such as /webhooks; `*` and `!` mean the same as in
    /// --schema.
    #[arg(long, value_name = "PATH")]
    path: Vec<String>,
    /// The name of the event, if the documents describe a single one; by default, the name in the document or of its
    /// file.
    #[arg(long, value_name = "NAME")]
    event: Option<String>,
    /// The member that names the events, by its name or a JSON Pointer, if the schemas do not state it. Its values come
    /// from the schemas and the examples; for an event that has neither, the value is the event's name.
    #[arg(long, value_name = "MEMBER")]
    discriminator: Vec<String>,
    /// Where the events are in a payload that is an object with events in it, as a JSON Pointer such as /data/events.
    #[arg(long, value_name = "POINTER")]
    items: Vec<String>,
    /// Where the event is in each item, or in the payload if there is no --items.
    #[arg(long, value_name = "POINTER")]
    item: Option<String>,
    /// Write the differences into schema-defs.
    #[arg(long)]
    accept: bool,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
    /// How the report is printed.
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<Format>,
    /// Also show differences in titles, descriptions, formats and example values.
    #[arg(long)]
    all: bool,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
    /// The provider, by the name of its folder.
    provider: String,
    /// Documents, and folders of them.
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
}

fn given(text: &str) -> Result<Given, String> {
    // An address may have a `=` of its own, and most files have none.
    match text.rsplit_once('=') {
        Some((url, folder)) if url.contains(':') && Path::new(folder).is_dir() => {
            Ok(Given::Below(url.to_owned(), folder.into()))
        }
        Some((url, file)) if url.contains(':') && !file.is_empty() => Ok(Given::File(url.to_owned(), file.into())),
        _ if Path::new(text).is_dir() => Ok(Given::Folder(text.into())),
        _ => Err("write URL=FILE, where FILE is a copy of the document at that URL; or a folder".to_owned()),
    }
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    Format::of(options.format, options.json).finish(try_run(options, context)).or_else(Failure::unanswered)
}

fn try_run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    check_name(&options.provider)?;
    options.event.as_deref().map_or(Ok(()), check_name)?;
    let known = load_provider(&defs, &options.provider).map_err(Failure::input(&defs))?;
    // Text of the documents must not control the terminal.
    let list = |notes: &[String]| notes.iter().for_each(|note| eprintln!("note: {}", normalize_untrusted_str(note)));
    let import_settings = known.as_ref().map(|known| known.settings.import.clone()).unwrap_or_default();
    let or = |given: &Vec<String>, known: Vec<String>| if given.is_empty() { known } else { given.clone() };
    let documented = webhook_import::Options {
        given: options.with.clone(),
        payloads: or(&options.schema, import_settings.schemas),
        paths: or(&options.path, import_settings.paths),
        discriminators: or(&options.discriminator, import_settings.discriminators),
        places: places(options, known.as_ref()),
        event: options.event.clone(),
        known: known.iter().flat_map(|known| &known.events).map(|event| event.name.clone()).collect(),
    };
    let imported = import(&options.provider, &options.sources, &documented).map_err(|error| {
        list(&error.notes);
        Failure::input(Path::new(""))(error.problems)
    })?;
    list(&imported.notes);
    match known {
        Some(known) if !known.events.is_empty() => update::run(options, context, &defs, &known, &imported),
        // A provider.toml that a person has already written is kept.
        Some(known) if defs.join(known.settings_file()).exists() => {
            update::create(options, context, &defs, &known, &imported)
        }
        _ => create(options, context, &defs, &imported),
    }
}

/// Compares a provider with documents, as the command `drift` does with pages.
pub(crate) fn drift(provider: &str, documents: &[String], options: &drift::Options, context: &Context) -> Outcome {
    let options = Options {
        accept: options.accept,
        json: options.json,
        format: options.format,
        all: options.all,
        defs: options.defs.clone(),
        provider: provider.to_owned(),
        sources: documents.iter().map(PathBuf::from).collect(),
        ..Options::default()
    };
    try_run(&options, context)
}

/// Returns where the events are in a payload, according to the options, or else to the provider's settings.
fn places(options: &Options, known: Option<&Provider>) -> Places {
    if options.items.is_empty() && options.item.is_none() {
        let wrapped = known.filter(|known| known.settings.delivery == Delivery::Wrapped);
        let places =
            |known: &Provider| Places { items: known.settings.items.clone(), item: known.settings.item.clone() };
        return wrapped.map(places).unwrap_or_default();
    }
    Places { items: options.items.clone(), item: options.item.clone() }
}

fn check_name(name: &str) -> Result<(), Failure> {
    if name == folder_name(name) {
        return Ok(());
    }
    let message = "a folder's name consists of lower-case letters, digits and `_`, and begins with a letter";
    let advice = format!("write {}", folder_name(name));
    Err(Failure::input(Path::new(""))(vec![Diagnostic::of_file(Code::InvalidName, name, message, advice)]))
}

/// Writes the folder of a new provider.
fn create(options: &Options, context: &Context, defs: &Path, imported: &Imported) -> Outcome {
    let provider = &imported.provider;
    let mut settings = provider.settings.clone();
    let since = release(defs);
    settings.events.values_mut().for_each(|event| event.since = since);
    let text = settings_text(&settings, imported.comment.as_deref());
    let mut files = vec![File::of(defs, provider.settings_file(), text)];
    files.extend(files_of(defs, provider));
    let taken = files.iter().filter(|file| file.old.as_ref().is_some_and(|old| *old != file.new));
    let taken: Vec<Diagnostic> = taken
        .map(|file| {
            let advice = "move the file away, or choose another name for the provider";
            Diagnostic::of_file(Code::FileExists, &file.path, "another file is there", advice)
        })
        .collect();
    if !taken.is_empty() {
        return Err(Failure::input(defs)(taken));
    }
    write(defs, &files)?;
    for file in &files {
        println!("  {}", shown(&defs.join(&file.path)));
    }
    let examples: usize = provider.events.iter().map(|event| event.examples.len()).sum();
    println!(
        "{}: {}, {}, {}",
        provider.name,
        counted(provider.events.len(), "event"),
        counted(provider.documents.len(), "shared schema"),
        counted(examples, "example")
    );
    finish(options, context, defs, &provider.name, files.len(), &[])
}

/// Returns the files of a provider's schemas and examples.
fn files_of(defs: &Path, provider: &Provider) -> Vec<File> {
    let shared = provider.documents.iter().map(|(path, json)| File::of(defs, path.clone(), json.pretty()));
    let mut files: Vec<File> = shared.collect();
    for event in provider.roots() {
        files.push(File::of(defs, provider.schema_file(event), event.schema.pretty()));
        if let Some(overlay) = &event.overlay {
            files.push(File::of(defs, provider.overlay_file(event), overlay.pretty()));
        }
        for example in &event.examples {
            files.push(File::of(defs, provider.example_file(event, example), example.text.clone()));
        }
    }
    files
}

/// Lists the decisions that are left, the problems that the generator finds in the provider, and the next command. The
/// exit code is 1 if anything is left to do.
fn finish(options: &Options, context: &Context, defs: &Path, name: &str, written: usize, left: &[String]) -> Outcome {
    let providers = load_provider(defs, name).map_err(Failure::input(defs))?.into_iter().collect();
    let catalog = Catalog { providers, ..Catalog::default() };
    let problems = generate(&catalog, &webhook_codegen::Options::default()).err().unwrap_or_default();
    for line in left {
        eprintln!("to do: {}", normalize_untrusted_str(line));
    }
    for problem in &problems {
        eprintln!("to do: {}", problem.to_string().lines().map(normalize_untrusted_str).collect::<Vec<_>>().join("\n"));
    }
    let count = left.len() + problems.len();
    let next = next_command(options.defs.as_deref(), context);
    eprintln!("{} written, {count} left to do; next: {next}", counted(written, "file"));
    Ok(ExitCode::from(u8::from(count > 0)))
}
