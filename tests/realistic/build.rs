//! Generates the crate from its schema-defs.

fn main() {
    webhook_codegen::build("schema-defs");
}
