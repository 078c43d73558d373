//! An endpoint for the webhooks of every provider.
//!
//! A request is answered when its payloads are safe: in a file that was synchronized to disk, or in a stream that has
//! acknowledged them. A payload that cannot be read is kept as well and gets the same response, because vendors would
//! send it again otherwise.

mod access;
mod config;
mod log;
mod metrics;
mod problem;
mod record;
mod routes;
mod server;
mod sink;

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, endpoints};
use crate::metrics::Metrics;
use crate::routes::{Receiver, admin, router};
use crate::server::{Limits, serve};
use crate::sink::Sink;

/// The maximum number of connections for operators.
const ADMIN_CONNECTIONS: u32 = 32;

/// The number of file descriptors that are reserved for everything except connections of vendors.
const OTHER_FILES: u64 = 32 + ADMIN_CONNECTIONS as u64;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::parse();
    let served = tokio::runtime::Runtime::new().map_err(|error| format!("the runtime: {error}")).and_then(|runtime| {
        let served = runtime.block_on(run(config));
        // The process does not wait for a body that is still being read.
        runtime.shutdown_background();
        served
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), String> {
    let endpoints = endpoints(|name| std::env::var(name).ok())?;
    let sink = Sink::open(&config).await?;
    // The handlers exist before the first request: without them, a signal ends the process while it answers.
    let handle = |kind| signal(kind).map_err(|error| format!("the handler of a signal: {error}"));
    let (mut terminate, mut interrupt) = (handle(SignalKind::terminate())?, handle(SignalKind::interrupt())?);
    let (listener, address) = listen(config.listen, "--listen").await?;
    let (admin_listener, admin_address) = listen(config.admin_listen(address), "--admin-listen").await?;
    let (head, shutdown) = (config.head_timeout, config.shutdown_timeout);
    let limits = Limits { connections: connections(config.max_connections.get()), head, shutdown };
    let metrics = Arc::new(Metrics::new());
    let receiver = Arc::new(Receiver::new(sink, Arc::clone(&metrics), config));
    let (stop, stopping) = watch::channel(false);
    let served = serve(listener, router(&receiver, endpoints), limits, metrics, stopping.clone());
    let served = tokio::spawn(served);
    // The connections of operators are not among the metrics, and are not waited for.
    let limits = Limits { connections: ADMIN_CONNECTIONS, shutdown: Duration::ZERO, ..limits };
    tokio::spawn(serve(admin_listener, admin(&receiver), limits, Arc::new(Metrics::new()), stopping));
    // Standard output may be closed.
    let addresses = format!("listening on http://{address}\nhealth and metrics on http://{admin_address}\n");
    let _ = std::io::stdout().write_all(addresses.as_bytes());

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    info!("shutting down");
    stop.send_replace(true);
    match served.await.map_err(|error| error.to_string())? {
        0 => info!("no request is left"),
        count => warn!("closed {count} connections that were not done within {shutdown:?}"),
    }
    Ok(())
}

async fn listen(address: SocketAddr, option: &str) -> Result<(TcpListener, SocketAddr), String> {
    let problem = |error| format!("{address}: {error}; {option} takes another address");
    let listener = TcpListener::bind(address).await.map_err(problem)?;
    let address = listener.local_addr().map_err(problem)?;
    Ok((listener, address))
}

/// Returns the number of connections that the limit of file descriptors allows, but no more than `wanted`.
fn connections(wanted: u32) -> u32 {
    let files = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(u64::MAX);
    let possible = u32::try_from(files.saturating_sub(OTHER_FILES).max(1)).unwrap_or(u32::MAX);
    if possible < wanted {
        warn!("{files} files may be open, so there are at most {possible} connections; raise the limit with ulimit -n");
    }
    wanted.min(possible)
}
