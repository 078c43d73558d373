//! The JSON type of a value, as schemas name it.

use crate::json::Json;

/// The JSON type of a value; a number is an integer when it is written as one that 64 bits hold.
pub(super) fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Boolean(_) => "boolean",
        Json::Number(text) if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
