//! A schema as a validator, without generating code: what generated code decides, decided here.

use std::collections::BTreeMap;
use std::sync::Arc;

use bumpalo::Bump;
use serde_json::Value;
use webhook_runtime::Violations;

use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::model::{Dialect, Input, Model, NodeId, parse};
use crate::normalize::Schemas;
use crate::tables::{Entries, Tables, patterns};

/// A schema that validates instances. Its tables are those that generated code would have.
#[derive(Debug)]
pub struct Validator {
    schemas: Schemas,
    root: NodeId,
}

impl Validator {
    /// Reads a schema. `library` are documents that it may refer to, by URI; `dialect` is that of documents that declare
    /// none. Unknown keywords are annotations.
    ///
    /// # Errors
    ///
    /// Every problem of the schema.
    pub fn new(
        schema: &Json,
        library: &BTreeMap<String, Json>,
        dialect: Dialect,
    ) -> Result<Validator, Vec<Diagnostic>> {
        let (model, root) = alone(schema, library, dialect)?;
        Ok(Validator { schemas: Schemas::new(Arc::new(model)), root })
    }

    /// Every violation of each instance, in document order.
    pub fn violations(&self, instances: &[&Value]) -> Vec<Violations> {
        let entries = Entries::by_class(&self.schemas, &[self.root]);
        let (bump, patterns) = (Bump::new(), patterns(&self.schemas, &entries));
        let tables = Tables::build(&self.schemas, &bump, &patterns, entries);
        let validator = tables.validator(self.root);
        instances.iter().map(|instance| validator.violations(*instance)).collect()
    }

    /// Whether each instance is valid.
    pub fn are_valid(&self, instances: &[&Value]) -> Vec<bool> {
        let entries = Entries::by_class(&self.schemas, &[self.root]);
        let (bump, patterns) = (Bump::new(), patterns(&self.schemas, &entries));
        let tables = Tables::build(&self.schemas, &bump, &patterns, entries);
        let validator = tables.validator(self.root);
        instances.iter().map(|instance| validator.is_valid(*instance)).collect()
    }
}

/// The model of one schema, and its root. Unknown keywords are annotations.
pub(crate) fn alone(
    schema: &Json,
    library: &BTreeMap<String, Json>,
    dialect: Dialect,
) -> Result<(Model, NodeId), Vec<Diagnostic>> {
    let library = library.iter().map(|(uri, json)| (uri.clone(), (uri.clone(), json.clone()))).collect();
    let roots = vec![("webhooks:///schema.json".to_owned(), "schema.json".to_owned(), schema.clone())];
    let (model, roots) = parse(Input { roots, library, annotations: &[], lenient: true, backtracking: true, dialect })?;
    Ok((model, roots.first().copied().unwrap_or(NodeId(0))))
}
