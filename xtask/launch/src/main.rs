//! What `cargo xtask` runs.

fn main() -> std::process::ExitCode {
    xtask::main()
}
