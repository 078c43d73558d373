//! Compares two versions of schema-defs, and determines the version step of the generated crate.

use std::collections::BTreeSet;
use std::fmt;

use webhook_codegen::catalog::release_of;
use webhook_codegen::compare::{Change, ChangeKind, Class, Sent, providers};
use webhook_codegen::{Api, Catalog, Checked, Diagnostic, Options, generate};

use crate::finding::Finding;
use crate::sentence::sentence;

/// A version step in terms of semantic versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing changed.
    None,
    /// Only documentation changed.
    Patch,
    /// Items were added, or the set of valid payloads changed.
    Minor,
    /// Code that uses the crate may have to change.
    Major,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Step::None => "none",
            Step::Patch => "patch",
            Step::Minor => "minor",
            Step::Major => "major",
        })
    }
}

/// The differences of a provider between two versions.
#[derive(Debug)]
pub struct Compared {
    /// The folder name of the provider.
    pub provider: String,
    /// The differences.
    pub findings: Vec<Finding>,
}

/// The result of comparing two versions of schema-defs.
#[derive(Debug)]
pub struct Comparison {
    /// The differences, grouped by provider.
    pub providers: Vec<Compared>,
    /// The version step that the differences require.
    pub step: Step,
    /// The changes that require this step, as sentences.
    pub causes: Vec<String>,
}

/// The error for a version of schema-defs that cannot be compared.
#[derive(Debug)]
pub struct Incomparable {
    /// The version with the problems.
    pub side: Side,
    /// The problems of this version.
    pub problems: Vec<Diagnostic>,
}

/// One of the two versions that are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The older version.
    Old,
    /// The newer version.
    New,
}

/// Compares two versions of schema-defs, and determines the version step that the differences require. `only` restricts
/// the comparison to one provider. `sent` is the assumption about members that the newer version no longer declares.
///
/// # Errors
///
/// Returns the problems of a version that cannot be parsed, or from which no crate can be generated.
pub fn compare(old: &Catalog, new: &Catalog, only: Option<&str>, sent: Sent) -> Result<Comparison, Incomparable> {
    let of = |catalog: &Catalog| {
        let mut catalog = catalog.clone();
        catalog.providers.retain(|provider| only.is_none_or(|only| provider.name == only));
        catalog
    };
    let (old, new) = (of(old), of(new));
    let on = |side: Side| move |problems: Vec<Diagnostic>| Incomparable { side, problems };
    // Generate both crates first: comparing would blame the problems of an invalid version on the other one.
    let (old_api, new_api) = (api(&old).map_err(on(Side::Old))?, api(&new).map_err(on(Side::New))?);
    let mut compared = Vec::new();
    let mut names: Vec<&str> =
        old.providers.iter().chain(&new.providers).map(|provider| provider.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let find = |catalog: &Catalog| catalog.providers.iter().find(|provider| provider.name == name).cloned();
        let all = |what: ChangeKind, class: Class, provider: &webhook_codegen::catalog::Provider| {
            provider.events.iter().map(|event| Change::of(&event.name, what, class)).collect()
        };
        let changes: Vec<Change> = match (find(&old), find(&new)) {
            (Some(old), Some(new)) => providers(&old, &new, sent).map_err(on(Side::New))?,
            (Some(old), None) => all(ChangeKind::EventRemoved, Class::Breaking, &old),
            (None, Some(new)) => all(ChangeKind::EventAdded, Class::Compatible, &new),
            (None, None) => Vec::new(),
        };
        let findings = changes.into_iter().map(|change| Finding { change, location: None }).collect();
        compared.push(Compared { provider: name.to_owned(), findings });
    }
    let mut all = api_causes(&old_api, &new_api);
    for one in &compared {
        all.extend(one.findings.iter().map(|finding| {
            let step = if finding.change.class == Class::Cosmetic { Step::Patch } else { Step::Minor };
            let event = Some(&finding.change.event).filter(|event| !event.is_empty());
            let of = event.map_or_else(|| one.provider.clone(), |event| format!("{}/{event}", one.provider));
            (step, format!("{of}: {}", sentence(finding, false)))
        }));
    }
    let step = all.iter().map(|(step, _)| *step).max().unwrap_or(Step::None);
    let causes = all.into_iter().filter(|(one, _)| *one == step).map(|(_, cause)| cause).collect();
    Ok(Comparison { providers: compared, step, causes })
}

fn api(catalog: &Catalog) -> Checked<Api> {
    if catalog.providers.is_empty() {
        return Ok(Api::default());
    }
    Ok(Api::of(&generate(catalog, &Options::default())?.tree))
}

/// Returns the differences of the public types, each with the step that it requires.
fn api_causes(old: &Api, new: &Api) -> Vec<(Step, String)> {
    let mut causes = Vec::new();
    let module = |name: &str| name.split("::").next().unwrap_or_default().to_owned();
    let modules = |api: &Api| api.0.keys().map(|name| module(name)).collect::<BTreeSet<_>>();
    let (older, newer) = (modules(old), modules(new));
    causes.extend(older.difference(&newer).map(|module| (Step::Major, format!("`{module}` is gone"))));
    causes.extend(newer.difference(&older).map(|module| (Step::Minor, format!("`{module}` is new"))));
    for (name, item) in old.0.iter().filter(|(name, _)| newer.contains(&module(name))) {
        let other = new.0.get(name);
        let name = name.strip_prefix("lib::").unwrap_or(name);
        let Some(other) = other else {
            causes.push((Step::Major, format!("`{name}` is gone")));
            continue;
        };
        let gone: Vec<&str> = item.parts.difference(&other.parts).map(String::as_str).collect();
        let added: Vec<&str> = other.parts.difference(&item.parts).map(String::as_str).collect();
        let listed = |parts: &[&str]| parts.iter().map(|part| format!("`{part}`")).collect::<Vec<_>>().join(", ");
        match (gone.as_slice(), added.as_slice()) {
            ([], []) if item.open == other.open => {}
            ([], []) => causes.push((Step::Minor, format!("`{name}` is extensible in one version only"))),
            ([], added) => {
                let step = if item.open && other.open { Step::Minor } else { Step::Major };
                causes.push((step, format!("`{name}` has new parts: {}", listed(added))));
            }
            (gone, []) => causes.push((Step::Major, format!("`{name}` no longer has {}", listed(gone)))),
            (gone, added) => {
                causes.push((Step::Major, format!("`{name}` has {} instead of {}", listed(added), listed(gone))));
            }
        }
    }
    let added = new.0.keys().filter(|name| older.contains(&module(name)) && !old.0.contains_key(*name));
    let added = added.map(|name| name.strip_prefix("lib::").unwrap_or(name));
    causes.extend(added.map(|name| (Step::Minor, format!("`{name}` is new"))));
    causes
}

/// Returns the version after a step. Below 1.0, a major step increments the second number, and a minor step the third
/// one.
pub fn next_version(version: &str, step: Step) -> Option<String> {
    let (major, minor, patch) = release_of(version)?;
    let next = match (step, major) {
        (Step::None, _) => (major, minor, patch),
        (Step::Major, 0) => (0, minor + 1, 0),
        (Step::Minor | Step::Patch, 0) | (Step::Patch, _) => (major, minor, patch + 1),
        (Step::Major, _) => (major + 1, 0, 0),
        (Step::Minor, _) => (major, minor + 1, 0),
    };
    Some(format!("{}.{}.{}", next.0, next.1, next.2))
}
