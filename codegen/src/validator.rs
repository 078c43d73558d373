//! A schema as a validator, without generating code: what generated code decides, decided here.

use std::collections::BTreeMap;

use bumpalo::Bump;
use serde_json::Value;
use webhook_runtime::Violations;

use crate::diagnostic::Diagnostic;
use crate::json::Json;
use crate::model::{Dialect, Input, Model, NodeId, parse};
use crate::tables::{Tables, patterns};

/// A schema that can be asked about instances. Its tables are the ones that generated code would have.
#[derive(Debug)]
pub struct Validator {
    model: Model,
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
        let library = library.iter().map(|(uri, json)| (uri.clone(), (uri.clone(), json.clone()))).collect();
        let uri = "webhooks:///schema.json".to_owned();
        let roots = vec![(uri, "schema.json".to_owned(), schema.clone())];
        let (model, roots) = parse(Input { roots, library, annotations: &[], lenient: true, dialect })?;
        let root = roots.first().copied().unwrap_or(NodeId(0));
        Ok(Validator { model, root })
    }

    /// Every violation of each instance, in document order.
    pub fn explain(&self, instances: &[&Value]) -> Vec<Violations> {
        let (bump, patterns) = (Bump::new(), patterns(&self.model));
        let tables = Tables::build(&self.model, &bump, &patterns, &[self.root]);
        let rule = tables.rule(self.root);
        instances.iter().map(|instance| rule.explain(*instance)).collect()
    }

    /// Whether each instance is valid.
    pub fn accepts(&self, instances: &[&Value]) -> Vec<bool> {
        let (bump, patterns) = (Bump::new(), patterns(&self.model));
        let tables = Tables::build(&self.model, &bump, &patterns, &[self.root]);
        let rule = tables.rule(self.root);
        instances.iter().map(|instance| rule.accepts(*instance)).collect()
    }
}
