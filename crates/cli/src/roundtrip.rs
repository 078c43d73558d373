//! `cargo webhooks roundtrip`

use std::path::PathBuf;

use clap::Args;
use webhook_harness::Request;

use crate::context::Context;
use crate::failure::Outcome;
use crate::scratch::ScratchPackage;

/// Generates and compiles the types, then parses and serializes every documented payload.
///
/// Each example is read by the type of its event and, where the body identifies the event, by dispatch. Payloads that are
/// rejected or change are listed with the location of the first difference; numbers are compared digit for digit. The last
/// line counts: exact, lossy, refused. The exit code is 1 unless all are exact.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: &Options, context: &Context) -> Outcome {
    let defs = context.defs(options.defs.as_deref());
    ScratchPackage::of_defs(context, &defs)?.run(&Request::Roundtrip)
}
