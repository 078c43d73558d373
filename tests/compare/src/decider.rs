//! Decides which payloads are valid: the crate `jsonschema`.

use jsonschema::Validator;
use serde_json::Value;

use crate::Failure;
use crate::data::Event;

/// The validator of an event.
pub(crate) struct Decider {
    /// `format` decides nothing.
    plain: Validator,
    /// `format` decides.
    with_formats: Validator,
}

impl Decider {
    pub(crate) fn new(event: &Event) -> Result<Decider, Failure> {
        let build = |formats| {
            let options = jsonschema::options().should_validate_formats(formats);
            options.build(&event.schema).map_err(|error| Failure::new(event.id(), error))
        };
        Ok(Decider { plain: build(false)?, with_formats: build(true)? })
    }

    /// Whether a payload is valid; `None` if that depends on whether `format` decides, which the specification leaves open.
    pub(crate) fn verdict(&self, payload: &Value) -> Option<bool> {
        let valid = self.plain.is_valid(payload);
        (valid == self.with_formats.is_valid(payload)).then_some(valid)
    }

    /// The errors of a payload: for each, the JSON Pointer of the value and the keyword.
    pub(crate) fn errors(&self, payload: &Value) -> Vec<(String, String)> {
        let errors = self.with_formats.iter_errors(payload);
        errors.map(|error| (error.instance_path().as_str().to_owned(), error.kind().keyword().to_owned())).collect()
    }
}
