//! Checks the examples of a provider against the schemas of their events.

use super::Tables;
use crate::load::catalog::Provider;
use crate::model::NodeId;
use crate::model::diagnostic::{Code, Diagnostic};

/// Returns a problem for each violation of an example.
pub(crate) fn rejected_examples(
    provider: &Provider,
    tables: &Tables<'_>,
    schemas: impl Iterator<Item = NodeId>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (event, schema) in provider.roots().zip(schemas) {
        for example in &event.examples {
            let violations = tables.validator(schema).violations(&example.value);
            for violation in &violations {
                let message = format!("the event's schema rejects it: {}", violation.message());
                let advice = format!(
                    "the rule is {}#{}: correct the example or the schema",
                    provider.schema_file(event),
                    violation.schema_location
                );
                let file = provider.example_file(event, example);
                problems.push(Diagnostic::at(
                    Code::InvalidExample,
                    file,
                    &violation.instance_location,
                    message,
                    advice,
                ));
            }
        }
    }
    problems
}
