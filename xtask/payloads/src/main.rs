//! The part of the command line that needs the generated crate: `cargo xtask validate` runs it.

use std::process::ExitCode;

use clap::Parser;
use security_webhooks::Provider;
use webhook_harness::Typed;
use webhook_harness::validate::{Options, Verdict, run};

#[derive(Parser)]
#[command(name = "cargo xtask validate", bin_name = "cargo xtask validate", about)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    let Cli { options } = Cli::parse();
    let providers: Vec<_> = Provider::ALL.iter().map(|provider| provider.visit(Typed)).collect();
    match run(&providers, &options, &mut std::io::stdout().lock(), &mut std::io::stderr()) {
        Ok(Verdict::Accepted) => ExitCode::SUCCESS,
        Ok(Verdict::Deviating) => ExitCode::from(3),
        Ok(Verdict::Refused) => ExitCode::FAILURE,
        Ok(Verdict::Failed) => ExitCode::from(2),
        // Whoever read the output has gone.
        Err(_) => ExitCode::from(2),
    }
}
