//! The part of the command line that needs the generated crate: `cargo xtask validate` runs it.

use std::process::ExitCode;

use security_webhooks::Provider;
use webhook_harness::Typed;

fn main() -> ExitCode {
    let providers: Vec<_> = Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect();
    webhook_harness::validate::main(&providers)
}
