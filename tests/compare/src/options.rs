//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Compares generators and validators for JSON Schema on the same schemas and payloads, and writes a table in Markdown.
///
/// The sets are the schema-defs of the five vendors, the goldens in tests/goldens, and the folders that are given. It takes
/// 10 minutes or more the first time, because everything is compiled.
#[derive(Debug, Parser)]
#[command(name = "compare")]
pub(crate) struct Options {
    /// Also compare on a folder: schema-defs, or a checkout of octokit/webhooks. Can be repeated.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) with: Vec<PathBuf>,

    /// Only sets whose name contains this text: vendors, goldens, or the name of a folder that is given.
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,

    /// Only contenders whose name contains this text, such as typify.
    #[arg(long, value_name = "TEXT")]
    pub(crate) contender: Option<String>,

    /// Measure neither compiling nor reading.
    #[arg(long)]
    pub(crate) quick: bool,

    /// Where to write the table; by default RESULTS.md beside the command's manifest, and nowhere with --only, --contender or
    /// --quick.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_are_consistent() {
        Options::command().debug_assert();
    }
}
