//! `cargo webhooks`

fn main() -> std::process::ExitCode {
    cargo_webhooks::main()
}
