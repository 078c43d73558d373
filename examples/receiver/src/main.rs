//! An endpoint for the webhooks of every provider.
//!
//! A request is answered when what it brought is safe: in a file that was synchronized to disk, or in a stream that has
//! acknowledged it. Whatever cannot be read is kept too, and answered alike, because vendors send it again otherwise.

mod config;
mod metrics;
mod record;
mod routes;
mod sink;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::info;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, endpoints};
use crate::metrics::Metrics;
use crate::routes::{Receiver, router};
use crate::sink::Sink;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let config = Config::parse();
    let served = tokio::runtime::Runtime::new()
        .map_err(|error| format!("the runtime: {error}"))
        .and_then(|runtime| runtime.block_on(serve(config)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(config: Config) -> Result<(), String> {
    let endpoints = endpoints(|name| std::env::var(name).ok())?;
    let sink = Sink::open(&config).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("{}: {error}; --listen takes another address", config.listen))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let receiver = Arc::new(Receiver { sink, metrics: Metrics::new(), config, is_healthy: AtomicBool::new(true) });
    println!("listening on http://{address}");
    let result = axum::serve(listener, router(&receiver, endpoints)).with_graceful_shutdown(shutdown()).await;
    info!("no request is left");
    result.map_err(|error| error.to_string())
}

/// Returns when the process is asked to end.
async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
    info!("shutting down");
}
