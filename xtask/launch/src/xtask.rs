//! The command line of the project.

fn main() -> std::process::ExitCode {
    xtask::main()
}
