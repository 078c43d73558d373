//! Validates instances against a schema without generated code, with the same tables that generated code has.

use std::sync::Arc;

use bumpalo::Bump;
use self_cell::self_cell;
use serde_json::Value;
use webhook_runtime::__private::Pattern;
use webhook_runtime::__private::schema::{Id, Validator as TableValidator};
use webhook_runtime::Violations;

use crate::json::Json;
use crate::load::catalog::Library;
use crate::model::diagnostic::{Checked, Diagnostic};
use crate::model::{Dialect, Input, Model, NodeId, parse};
use crate::normalize::Schemas;
use crate::tables::{Entries, Tables, patterns};

/// A validator for a schema. It uses the same tables as generated code.
#[derive(Debug)]
pub struct Validator {
    tables: Built,
    root: Id,
}

/// The schemas and entries that tables are built from.
#[derive(Debug)]
struct Source {
    schemas: Schemas,
    entries: Entries,
}

type Patterns<'s> = Vec<Pattern<'s>>;

self_cell! {
    /// The compiled expressions of schemas, with the schemas that they borrow from.
    struct WithPatterns {
        owner: Source,
        #[covariant]
        dependent: Patterns,
    }

    impl {Debug}
}

#[derive(Debug)]
struct Parts {
    patterns: WithPatterns,
    bump: Bump,
}

self_cell! {
    /// Tables, with the data that they borrow from.
    struct Built {
        owner: Parts,
        #[covariant]
        dependent: Tables,
    }

    impl {Debug}
}

impl Validator {
    /// Parses a schema. `library` has the documents that it may refer to, by URI. `dialect` applies to documents
    /// without `$schema`. Unknown keywords are annotations.
    ///
    /// # Errors
    ///
    /// Returns all problems of the schema.
    pub fn new(schema: &Json, library: &Library, dialect: Dialect) -> Checked<Validator> {
        let (model, root) = alone(schema, library, dialect)?;
        let schemas = Schemas::new(Arc::new(model));
        let entries = Entries::by_class(&schemas, &[root]);
        let root = entries.id(root).ok_or_else(|| vec![Diagnostic::internal("", "a table lacks its own schema")])?;
        let patterns =
            WithPatterns::new(Source { schemas, entries }, |source| patterns(&source.schemas, &source.entries));
        let tables = Built::try_new(Parts { patterns, bump: Bump::new() }, |Parts { patterns, bump }| {
            let Source { schemas, entries } = patterns.borrow_owner();
            Tables::build(schemas, bump, patterns.borrow_dependent(), entries)
        });
        Ok(Validator { tables: tables.map_err(|problem| vec![problem])?, root })
    }

    /// Returns all violations of each instance, in document order.
    pub fn violations(&self, instances: &[&Value]) -> Vec<Violations> {
        instances.iter().map(|instance| self.validator().violations(*instance)).collect()
    }

    /// Returns whether each instance is valid.
    pub fn are_valid(&self, instances: &[&Value]) -> Vec<bool> {
        instances.iter().map(|instance| self.validator().is_valid(*instance)).collect()
    }

    fn validator(&self) -> TableValidator<'_> {
        TableValidator::new(&self.tables.borrow_dependent().table, self.root)
    }
}

/// Parses a single schema, and returns its model and root. Unknown keywords are annotations.
pub(crate) fn alone(schema: &Json, library: &Library, dialect: Dialect) -> Checked<(Model, NodeId)> {
    let library = library.iter().map(|(uri, json)| (uri.clone(), (uri.clone(), json.clone()))).collect();
    let roots = vec![("webhooks:///schema.json".to_owned(), "schema.json".to_owned(), schema.clone())];
    let (model, roots) = parse(Input { roots, library, annotations: &[], lenient: true, backtracking: true, dialect })?;
    let [root] = roots[..] else {
        return Err(vec![Diagnostic::internal("schema.json", "one schema has several roots")]);
    };
    Ok((model, root))
}
