//! `cargo webhooks validate`

use std::path::PathBuf;

use clap::Args;
use webhook_harness::{Request, validate};

use crate::Outcome;
use crate::context::Context;
use crate::scratch::ScratchPackage;

/// Shows the provider and event of each file, whether it is accepted, how it deviates from the schema, and whether reading it
/// is lossless.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Print one JSON object per line for each file: file, provider, event, valid, lossless, violations, deviations; for a
    /// batch also items, each with the same members; for an unknown event also name.
    #[arg(long)]
    json: bool,
    /// Read every payload as one of this provider, instead of identifying the provider.
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Read every payload as this event, given by its folder's name or by its name outside the body.
    #[arg(long, value_name = "NAME", requires = "provider")]
    event: Option<String>,
    /// Exit with 3 if an accepted payload deviates from the schema.
    #[arg(long)]
    strict: bool,
    /// Show the types of values instead of the values, for logs.
    #[arg(long)]
    mask: bool,
    /// The payloads; - reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The folder of schema-defs; by default, schema-defs/.
    #[arg(long, value_name = "DIR")]
    defs: Option<PathBuf>,
}

pub(crate) fn run(options: Options, context: &Context) -> Outcome {
    let Options { json, provider, event, strict, mask, files, defs } = options;
    let scratch = ScratchPackage::of_defs(context, &context.defs(defs.as_deref()))?;
    scratch.run(&Request::Validate(validate::Options { json, provider, event, strict, mask, files }))
}
