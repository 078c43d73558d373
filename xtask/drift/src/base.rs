//! Two versions of schema-defs, and the version step that the generated crate must make.

use std::fmt;

use webhook_codegen::compare::{Change, Class, What, providers};
use webhook_codegen::{Api, Catalog, Diagnostic, Options, generate};

use crate::Finding;

/// A step of a version, as semantic versioning counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing changed.
    None,
    /// Documentation only.
    Patch,
    /// Something new, or other payloads that are valid.
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
    /// The provider, by the name of its folder.
    pub provider: String,
    /// The differences.
    pub findings: Vec<Finding>,
}

/// The differences between two versions of schema-defs, provider by provider, and the version step that they ask for.
/// `only`: one provider.
///
/// # Errors
///
/// The problems of schema-defs that cannot be read, or that no crate can be generated from.
pub fn compare(old: &Catalog, new: &Catalog, only: Option<&str>) -> Result<(Vec<Compared>, Step), Vec<Diagnostic>> {
    let of = |catalog: &Catalog| {
        let mut catalog = catalog.clone();
        catalog.providers.retain(|provider| only.is_none_or(|only| provider.name == only));
        catalog
    };
    let (old, new) = (of(old), of(new));
    let mut compared = Vec::new();
    let mut names: Vec<&str> =
        old.providers.iter().chain(&new.providers).map(|provider| provider.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let find = |catalog: &Catalog| catalog.providers.iter().find(|provider| provider.name == name).cloned();
        let all = |what: What, class: Class, provider: &webhook_codegen::catalog::Provider| {
            provider.events.iter().map(|event| Change::of(&event.name, what, class)).collect()
        };
        let changes: Vec<Change> = match (find(&old), find(&new)) {
            (Some(old), Some(new)) => providers(&old, &new)?,
            (Some(old), None) => all(What::EventGone, Class::Breaking, &old),
            (None, Some(new)) => all(What::EventAdded, Class::Compatible, &new),
            (None, None) => Vec::new(),
        };
        let findings = changes.into_iter().map(|change| Finding { change, shown: None }).collect();
        compared.push(Compared { provider: name.to_owned(), findings });
    }
    let step = api_step(&api(&old)?, &api(&new)?);
    let worst = compared.iter().flat_map(|one| &one.findings).map(|finding| finding.change.class).max();
    let step = step.max(match worst {
        None => Step::None,
        Some(Class::Words) => Step::Patch,
        Some(_) => Step::Minor,
    });
    Ok((compared, step))
}

fn api(catalog: &Catalog) -> Result<Api, Vec<Diagnostic>> {
    if catalog.providers.is_empty() {
        return Ok(Api::default());
    }
    Ok(Api::of(&generate(catalog, &Options::default())?.tree))
}

/// The step that the public types ask for.
fn api_step(old: &Api, new: &Api) -> Step {
    let mut step = Step::None;
    for (name, item) in &old.0 {
        let Some(other) = new.0.get(name) else { return Step::Major };
        if !item.parts.is_subset(&other.parts) || item.parts != other.parts && !(item.open && other.open) {
            return Step::Major;
        }
        if item != other {
            step = Step::Minor;
        }
    }
    if new.0.keys().any(|name| !old.0.contains_key(name)) { step.max(Step::Minor) } else { step }
}

/// The version after a step: below 1.0 a major step counts the second number up, and a minor one the third.
pub fn next_version(version: &str, step: Step) -> Option<String> {
    let numbers: Vec<u64> = version.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [major, minor, patch] = numbers.as_slice() else { return None };
    let next = match (step, major) {
        (Step::None, _) => (*major, *minor, *patch),
        (Step::Major, 0) => (0, minor + 1, 0),
        (Step::Minor | Step::Patch, 0) | (Step::Patch, _) => (*major, *minor, patch + 1),
        (Step::Major, _) => (major + 1, 0, 0),
        (Step::Minor, _) => (*major, minor + 1, 0),
    };
    Some(format!("{}.{}.{}", next.0, next.1, next.2))
}
