//! OpenAPI, AsyncAPI and JSON Schema documents as schema-defs.

mod command;
