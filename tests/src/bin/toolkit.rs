//! The programs that tests run, combined in one program: linking one program is quicker than linking three, and the
//! tests need all of its dependencies anyway.
//!
//! * `toolkit xtask ROOT …`: `cargo xtask …` in the repository ROOT.
//! * `toolkit webhooks …`: `cargo webhooks …`.
//! * `toolkit build DIR`: a build script that calls `webhook_codegen::build`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    match arguments.get(1).and_then(|argument| argument.to_str()) {
        Some("xtask") if arguments.len() > 2 => {
            let root = arguments.drain(1..3).next_back().unwrap_or_default();
            xtask::run(arguments, root.into())
        }
        Some("build") if arguments.len() > 2 => {
            webhook_codegen::build(&arguments[2]);
            ExitCode::SUCCESS
        }
        _ => cargo_webhooks::main(),
    }
}
