//! Packages of generators that give modules of Rust code.
//!
//! A generator is given all events of a provider at once, so that what they share is generated once. If it gives up, or if what it
//! gives does not compile, every event of the provider has a module of its own, and what fails even then is left out.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::{Emit, Job, Made};
use crate::Failure;
use crate::data::{DataSet, Event};
use crate::package::{Checked, Package};

/// The code of a module.
#[derive(Clone, Debug)]
pub(crate) struct Emitted {
    pub(crate) code: String,
    /// The path of each event's type within the module, in the order of the job.
    pub(crate) types: Vec<String>,
}

/// What the types of typify need.
const TYPIFY: &str = "chrono = { version = \"0.4.42\", default-features = false, features = [\"serde\", \"std\"] }
regress = \"0.10.5\"
serde = { version = \"1.0.220\", features = [\"derive\"] }
serde_json = \"1.0.145\"
uuid = { version = \"1\", features = [\"serde\"] }
";

/// What the other types need.
const SERDE: &str = "serde = { version = \"1.0.220\", features = [\"derive\"] }\nserde_json = \"1.0.145\"\n";

/// Makes the package.
pub(super) fn make(slug: &str, set: &DataSet, emit: Emit) -> Result<Made, Failure> {
    let mut missing = BTreeMap::new();
    let mut modules: Vec<(Job, Emitted)> = Vec::new();
    let mut pending = by_provider(&set.events);
    loop {
        while !pending.is_empty() {
            let emitted = emit(&pending)?;
            for (job, emitted) in std::mem::take(&mut pending).into_iter().zip(emitted) {
                match emitted {
                    Ok(emitted) => modules.push((job, emitted)),
                    Err(reason) => pending.extend(split(&job, &format!("is not generated: {reason}"), &mut missing)),
                }
            }
        }
        let mut made = package(slug, set, &modules)?;
        match made.package.check()? {
            Checked::Compiles => {
                made.missing = missing.into_iter().collect();
                return Ok(made);
            }
            Checked::Fails { reason, files } => {
                let broken: BTreeSet<&str> =
                    files.iter().filter_map(|file| file.strip_prefix("src/")?.strip_suffix(".rs")).collect();
                let is_broken = |(job, _): &(Job, Emitted)| broken.contains(job.module.as_str());
                let (failed, compiled): (Vec<_>, Vec<_>) = modules.into_iter().partition(is_broken);
                if failed.is_empty() {
                    return Err(Failure::new("its code does not compile", reason));
                }
                modules = compiled;
                for (job, _) in failed {
                    pending.extend(split(&job, &format!("does not compile: {reason}"), &mut missing));
                }
                if modules.is_empty() && pending.is_empty() {
                    return Err(Failure::new("its code does not compile", reason));
                }
            }
        }
    }
}

/// A job for each event of one that failed; none if it has one event, which is missing then.
fn split<'a>(job: &Job<'a>, reason: &str, missing: &mut BTreeMap<String, String>) -> Vec<Job<'a>> {
    match job.events.as_slice() {
        [event] => {
            missing.insert(event.id(), reason.to_owned());
            Vec::new()
        }
        events => by_event(events),
    }
}

fn by_provider(events: &[Event]) -> Vec<Job<'_>> {
    events
        .chunk_by(|a, b| a.provider == b.provider)
        .map(|events| Job {
            module: format!("{}_events", events.first().map_or("", |event| event.provider.as_str()).to_snake_case()),
            events: events.iter().collect(),
        })
        .collect()
}

fn by_event<'a>(events: &[&'a Event]) -> Vec<Job<'a>> {
    let module = |event: &Event| format!("{}_{}", event.provider.to_snake_case(), event.name.to_snake_case());
    events.iter().map(|event| Job { module: module(event), events: vec![*event] }).collect()
}

fn package(slug: &str, set: &DataSet, modules: &[(Job<'_>, Emitted)]) -> Result<Made, Failure> {
    let dependencies = match slug {
        "typify" => TYPIFY,
        _ => SERDE,
    };
    let mut package = Package::new(set, slug, dependencies);
    let (mut library, mut entries, mut lines, mut events) = (String::new(), String::new(), 0, 0);
    for (job, emitted) in modules {
        library.push_str(&format!("pub mod {};\n", job.module));
        for (event, name) in job.events.iter().zip(&emitted.types) {
            let path = format!("types::{}::{name}", job.module);
            entries.push_str(&format!("        compare_runner::typed::<{path}>({:?}),\n", event.id()));
        }
        lines += emitted.code.lines().count();
        events += job.events.len();
        package.add(&format!("src/{}.rs", job.module), emitted.code.clone());
    }
    package.add("src/lib.rs", format!("#![allow(warnings)]\n{library}"));
    package.runner(&[], &format!("vec![\n{entries}    ]"));
    package.write()?;
    Ok(Made { package, events, lines: Some(lines), missing: Vec::new() })
}

/// The name under which code declares a type, whatever the generator's spelling.
pub(super) fn declared(code: &str, name: &str) -> Option<String> {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let names = code.lines().filter_map(|line| {
        let rest =
            ["pub struct ", "pub enum ", "pub type "].iter().find_map(|start| line.trim_start().strip_prefix(start))?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end)
    });
    names.into_iter().find(|declared| plain(declared) == plain(name)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_found_whatever_its_spelling() {
        let code = "pub struct IDPayload {\n}\npub enum Other { A }\npub type List = Vec<Other>;\npub struct New(pub String);\n";
        assert_eq!(declared(code, "IdPayload").as_deref(), Some("IDPayload"));
        assert_eq!(declared(code, "list").as_deref(), Some("List"));
        assert_eq!(declared(code, "New").as_deref(), Some("New"));
        assert_eq!(declared(code, "Id"), None);
    }
}
