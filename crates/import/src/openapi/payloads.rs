//! Selects the schemas and paths that the command names, because no webhook or callback has them.

use std::collections::BTreeMap;

use webhook_codegen::json::Json;
use webhook_codegen::{Code, Diagnostic};

/// The names of schemas or of paths, with the matches found so far. In a name, `*` stands for any text. A name after
/// `!` excludes schemas or paths that other names include.
pub(crate) struct Payloads<'n> {
    names: &'n [String],
    found: Vec<bool>,
}

impl<'n> Payloads<'n> {
    pub(crate) fn new(names: &'n [String]) -> Payloads<'n> {
        Payloads { names, found: vec![false; names.len()] }
    }

    /// Returns whether the names include a schema or a path and do not exclude it.
    pub(crate) fn has(&mut self, schema: &str) -> bool {
        let (mut is_named, mut is_left_out) = (false, false);
        for (name, found) in self.names.iter().zip(&mut self.found) {
            let without = name.strip_prefix('!');
            if is_like(schema, without.unwrap_or(name)) {
                *found = true;
                *(if without.is_some() { &mut is_left_out } else { &mut is_named }) = true;
            }
        }
        is_named && !is_left_out
    }

    /// Returns whether a schema or a path is excluded by one of its names.
    pub(crate) fn leaves_out(&mut self, names: &[&str]) -> bool {
        let mut is_left_out = false;
        for (pattern, found) in self.names.iter().zip(&mut self.found) {
            let Some(without) = pattern.strip_prefix('!') else { continue };
            if names.iter().any(|name| is_like(name, without)) {
                (*found, is_left_out) = (true, true);
            }
        }
        is_left_out
    }

    /// Returns whether any name includes schemas or paths, instead of excluding them.
    pub(crate) fn choose(&self) -> bool {
        self.names.iter().any(|name| !name.starts_with('!'))
    }

    /// Returns whether every name has been found.
    pub(super) fn is_complete(&self) -> bool {
        self.found.iter().all(|found| *found)
    }

    /// Returns a problem for each name without a match. `kind` is `schema` or `path`, and `file` is the document that
    /// lacks it.
    pub(crate) fn problems(&self, kind: &str, file: &str) -> Vec<Diagnostic> {
        let missing = self.names.iter().zip(&self.found).filter(|(_, found)| !**found);
        let problem = |(name, _): (&String, &bool)| {
            let message = format!("the documents have no {kind} {}", name.trim_start_matches('!'));
            let advice = "write names as the document does; `*` in a name is any text";
            Diagnostic::of_file(Code::UnresolvedReference, file, message, advice)
        };
        missing.map(problem).collect()
    }
}

/// Returns whether a name matches a pattern, in which `*` stands for any text.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return name == pattern };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    true
}

/// The usual endings of the names of schemas that are payloads.
const ENDS: [&str; 4] = ["webhook", "event", "notification", "payload"];

/// Returns the advice about a document without webhooks. `schemas` and `paths` are the schemas and paths of the
/// document.
pub(super) fn advice(schemas: &[(String, Json)], paths: &[(String, Json)]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in schemas {
        for end in ENDS {
            let at = name.len().checked_sub(end.len());
            if let Some(own) = at.and_then(|at| name.get(at..)).filter(|own| own.eq_ignore_ascii_case(end)) {
                *counts.entry(own).or_default() += 1;
            }
        }
    }
    let most = counts.iter().max_by_key(|(_, count)| **count).filter(|(_, count)| **count > 1);
    let example = match most {
        Some((end, count)) => format!(": --schema '*{end}' names {count}"),
        None => ", as in --schema '*Event'".to_owned(),
    };
    let mut posts = paths.iter().filter(|(_, item)| item.get("post").is_some()).map(|(path, _)| path.as_str());
    let path = match (posts.next(), posts.next()) {
        (Some(only), None) => only,
        _ => "/webhooks/*",
    };
    format!(
        "webhooks are in `webhooks`, `x-webhooks` or the `callbacks` of operations; where only schemas describe the payloads, \
         name the schemas{example}; where paths do, name the paths, as in --path '{path}'"
    )
}
