//! A schema as a validator, without generating code: what generated code decides, decided here.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use webhook_runtime::__private::schema::Validator as TableValidator;
use webhook_runtime::Violations;

use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::model::{Dialect, Input, Model, NodeId, parse};
use crate::normalize::Schemas;
use crate::tables::{Entries, Tables};

/// A schema that validates instances. Its tables are those that generated code would have.
#[derive(Debug)]
pub struct Validator {
    schemas: Schemas,
    entries: Entries,
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
        let schemas = Schemas::new(Arc::new(model));
        let entries = Entries::by_class(&schemas, &[root]);
        // Tables refer to the schemas and are built when they are needed. That they can be built shows here.
        Tables::with(&schemas, &entries, |_| ()).map_err(|problem| vec![problem])?;
        Ok(Validator { schemas, entries, root })
    }

    /// Every violation of each instance, in document order.
    pub fn violations(&self, instances: &[&Value]) -> Vec<Violations> {
        self.each(instances, |validator, instance| validator.violations(instance))
    }

    /// Whether each instance is valid.
    pub fn are_valid(&self, instances: &[&Value]) -> Vec<bool> {
        self.each(instances, |validator, instance| validator.is_valid(instance))
    }

    fn each<T>(&self, instances: &[&Value], decide: impl Fn(TableValidator<'_>, &Value) -> T) -> Vec<T> {
        let decide_all = |tables: &Tables<'_>| {
            let validator = tables.validator(self.root);
            instances.iter().map(|instance| decide(validator, instance)).collect()
        };
        // `new` has built the same tables.
        Tables::with(&self.schemas, &self.entries, decide_all).unwrap_or_default()
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
    let [root] = roots[..] else {
        return Err(vec![Diagnostic::internal("schema.json", "one schema has several roots")]);
    };
    Ok((model, root))
}
