//! The receiver as a process, and its records.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use cargo_webhooks::context::Context;
use clap::Parser;
use security_webhooks::{Delivery, Provider};
use serde_json::Value;
use tempfile::TempDir;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

/// The receiver. It is killed when it is dropped.
pub(crate) struct Receiver {
    pub(crate) address: String,
    admin_address: String,
    child: Child,
}

/// A command that runs the receiver on a free port, without credentials.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_receiver"));
    command.args(["--listen", "127.0.0.1:0"]).args(arguments);
    command.env_clear().env("RUST_LOG", "off");
    for provider in Provider::ALL {
        command.env(format!("WEBHOOKS_{}", provider.name().to_uppercase()), "none");
    }
    command
}

/// A command that runs the receiver on a folder.
pub(crate) fn writing(data: &Path, arguments: &[&str]) -> Command {
    command(&[&["--data", data.to_str().unwrap()], arguments].concat())
}

/// A command that runs the receiver on a folder by a script of a shell, which sets limits first.
pub(crate) fn limited(script: &str, data: &Path, arguments: &[&str]) -> Command {
    let plain = writing(data, arguments);
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("{script}; exec \"$0\" \"$@\"")]).arg(plain.get_program()).args(plain.get_args());
    limited.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

impl Receiver {
    /// Starts a receiver that writes into a folder.
    pub(crate) fn writing(data: &Path, arguments: &[&str]) -> Receiver {
        Receiver::start(&mut writing(data, arguments))
    }

    /// Starts a receiver that writes into a new folder.
    pub(crate) fn fresh(arguments: &[&str]) -> (Receiver, TempDir) {
        let data = tempfile::tempdir().unwrap();
        (Receiver::writing(data.path(), arguments), data)
    }

    /// Starts the command, and waits until it listens.
    pub(crate) fn start(command: &mut Command) -> Receiver {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |prefix: &str| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(prefix).unwrap_or_else(|| panic!("{line:?}")).to_owned()
        };
        let (address, admin_address) = (address("listening on "), address("health and metrics on "));
        Receiver { address, admin_address, child }
    }

    /// Starts a receiver that writes into a new folder, and logs to a file next to the folder's files.
    pub(crate) fn logging(arguments: &[&str]) -> (Receiver, TempDir) {
        let data = tempfile::tempdir().unwrap();
        (Receiver::start_logging(&mut writing(data.path(), arguments), data.path()), data)
    }

    pub(crate) fn start_logging(command: &mut Command, data: &Path) -> Receiver {
        let log = OpenOptions::new().create(true).append(true).open(data.join("log")).unwrap();
        command.env("RUST_LOG", "info").stderr(log);
        Receiver::start(command)
    }

    /// The address without its scheme.
    pub(crate) fn host(&self) -> &str {
        self.address.strip_prefix("http://").unwrap()
    }

    pub(crate) fn admin(&self, path: &str) -> String {
        format!("{}/{path}", self.admin_address)
    }

    /// The status of `/healthz`.
    pub(crate) fn health(&self) -> u16 {
        agent().get(self.admin("healthz")).call().unwrap().status().as_u16()
    }

    /// The value of a counter with the name and labels of a line of `/metrics`, or 0 if there is no such line.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let text = agent().get(self.admin("metrics")).call().unwrap().into_body().read_to_string().unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    /// The most memory that the process has had, in bytes.
    pub(crate) fn peak_memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() << 10
    }

    /// Asks the process to end.
    pub(crate) fn signal(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    pub(crate) fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Response<Body> {
        let request = Request::post(self.url(path)).header("content-type", "application/json").body(body.into());
        agent().run(request.unwrap()).unwrap()
    }

    /// Posts with headers. Returns the status.
    pub(crate) fn status(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> u16 {
        let request =
            headers.iter().fold(Request::post(self.url(path)), |request, (name, value)| request.header(*name, *value));
        agent().run(request.body(body.into()).unwrap()).unwrap().status().as_u16()
    }

    /// Ends the process as the power supply would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the process to end, and waits for it: whether it ended well.
    pub(crate) fn terminate(mut self) -> bool {
        self.signal();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Parser)]
struct Toolkit {
    #[command(subcommand)]
    command: cargo_webhooks::Command,
}

/// Sends the documented payloads of a provider, as `cargo xtask send`; whether all were accepted.
pub(crate) fn send(provider: &str, url: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let outcome = Toolkit::parse_from(["toolkit", "send", provider, url]).command.run(&Context::checkout(root));
    outcome.is_ok_and(|code| code == ExitCode::SUCCESS)
}

/// A client that never follows a redirect, and gives every status.
pub(crate) fn agent() -> Agent {
    let timeout = Some(Duration::from_secs(30));
    Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(timeout).build().into()
}

/// The documented payloads, each with its provider, its event and a body that contains it.
pub(crate) fn documented() -> Vec<(&'static str, &'static str, String)> {
    let examples = |provider: &'static Provider| {
        let info = provider.info();
        let all = info.events.iter().flat_map(|event| event.examples.iter().map(|example| (event.name, example)));
        all.map(|(event, example)| match info.delivery {
            Delivery::Batch => (info.name, event, format!("[{}]", example.payload)),
            _ => (info.name, event, example.payload.to_owned()),
        })
    };
    Provider::ALL.iter().flat_map(examples).collect()
}

/// The files that the receiver wrote.
pub(crate) fn files(data: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "ndjson"));
    files.sort();
    files
}

/// The records of all files.
pub(crate) fn records(data: &Path) -> Vec<Value> {
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'), "{} has an incomplete line", path.display());
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    files(data).iter().flat_map(read).collect()
}

/// The events of a body, as values.
pub(crate) fn items(body: &str) -> Vec<Value> {
    match serde_json::from_str(body).unwrap() {
        Value::Array(items) => items,
        item => vec![item],
    }
}

/// Waits until something holds.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
