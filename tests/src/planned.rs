//! The code that codegen generates for a schema: the type of a member, its declarations, and the values that are
//! buffered.

use webhook_codegen::{Catalog, Options, Tree, generate, load};

use crate::folder::write;

/// The code for an event with one member.
#[derive(Debug)]
pub struct Planned {
    /// The Rust type of the member, or "a constant".
    pub ty: String,
    /// The code of all types.
    pub code: String,
    /// The sentences about buffered values, which are read as a `Value` first.
    pub buffered: Vec<String>,
}

impl Planned {
    /// Returns the keywords that cause values to be buffered.
    pub fn reasons(&self) -> Vec<&str> {
        self.buffered.iter().filter_map(|note| note.split(" is read whole first, for ").nth(1)).collect()
    }

    /// Returns the documentation of the member.
    pub fn docs(&self) -> String {
        let before = self.code.lines().map(str::trim).take_while(|line| !line.starts_with("pub member:"));
        let before: Vec<&str> = before.collect();
        let docs = before.rsplit(|line| !line.starts_with("///")).next().unwrap_or_default();
        docs.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Returns the type of the member, the declarations of the types inside it, the keywords that cause values to be
    /// buffered, and the tables of schemas. The name of the event is removed from all names.
    pub fn declared(&self) -> String {
        let mut text = format!("member: {}", self.ty);
        let mut rest = String::new();
        for declaration in declarations(&self.code) {
            match declaration.split_once("member: required") {
                Some((_, reader)) if declaration.contains("{ schema: schemas::EVENT_EVENT }") => {
                    let reader = reader.split_whitespace().collect::<Vec<_>>().join(" ");
                    if let Some(reader) = reader.trim_end_matches(['}', ' ', ',']).strip_prefix("= ") {
                        text.push_str(&format!(", {reader}"));
                    }
                }
                _ => rest.push_str(&declaration),
            }
        }
        text.push('\n');
        for reason in self.reasons() {
            text.push_str(&format!("read whole for {reason}\n"));
        }
        format!("{text}{rest}").replace("EventEvent", "").replace("EVENT_EVENT_", "")
    }
}

/// Returns the arguments of the runtime's macros for types and tables, without the arguments for the event itself.
pub fn declarations(code: &str) -> Vec<String> {
    let call = |call: &str| {
        let (name, inside) = call.split_once("! {\n")?;
        let inside = inside.split("\n}").next()?;
        let shown: Vec<&str> = match name {
            "events" | "payload" => return None,
            // An entry ends with a semicolon; the first are about the event.
            "schemas" => inside.split_inclusive(";\n").filter(|entry| !is_of_event(entry)).collect(),
            _ => vec![inside],
        };
        Some(format!("{name}!\n{}\n", shown.concat().trim_end()))
    };
    code.split("\nwebhook_runtime::").skip(1).filter_map(call).collect()
}

fn is_of_event(entry: &str) -> bool {
    ["EVENT_EVENT", "CONST_EVENT"].contains(&entry.trim_start().split(" = ").next().unwrap_or_default())
}

/// Plans an event that requires a `member` with the given schema.
#[track_caller]
pub fn planned(schema: &str) -> Planned {
    planned_with(schema, "{}")
}

/// Plans an event that requires a `member` with the given schema, which may refer to definitions.
#[track_caller]
pub fn planned_with(schema: &str, definitions: &str) -> Planned {
    let document = format!(
        r#"{{"type": "object", "required": ["type", "member"], "$defs": {definitions},
            "properties": {{"type": {{"const": "event"}}, "member": {schema}}}}}"#
    );
    let (tree, buffered) = generated(&[("event", &document)], "");
    let code = code(&tree);
    let ty = code.lines().find_map(|line| line.trim().strip_prefix("pub member: ")).unwrap_or("a constant");
    Planned { ty: ty.trim_end_matches(',').to_owned(), code, buffered }
}

/// A provider, from the schemas of its events and its settings.
#[track_caller]
pub fn catalog(events: &[(&str, &str)], settings: &str) -> Catalog {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), [("acme/provider.toml", format!("title = \"Acme\"\n{settings}"))]);
    write(folder.path(), events.iter().map(|(event, schema)| (format!("acme/{event}/schema.json"), schema)));
    load(folder.path()).unwrap_or_else(|problems| panic!("{events:?}: {problems:?}"))
}

/// Returns the options of a package with the given name.
pub fn options() -> Options {
    Options::default().package("planned")
}

/// Generates the package of a provider from the schemas of its events and its settings. Also returns the sentences
/// about buffered values.
#[track_caller]
pub fn generated(events: &[(&str, &str)], settings: &str) -> (Tree, Vec<String>) {
    let generated = generate(&catalog(events, settings), &options());
    let generated = generated.unwrap_or_else(|problems| panic!("{events:?}: {problems:?}"));
    (generated.tree, generated.buffered)
}

/// Returns the code of the provider's modules.
pub fn code(tree: &Tree) -> String {
    let files = tree.files().filter(|(path, _)| path.starts_with("src/acme/") && path.ends_with(".rs"));
    files.map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}
