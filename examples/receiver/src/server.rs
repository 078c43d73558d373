//! Connections: how many there may be, how long they may wait, and how they end.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tower_service::Service as _;
use tracing::{error, warn};

use crate::log::Throttle;
use crate::metrics::{Closed, Metrics};

/// How many bytes of a request's head, or of a body, are buffered for a connection.
const BUFFER: usize = 64 << 10;

/// How long a connection has at least to send a request before another one may take its place.
const LEAST: Duration = Duration::from_millis(250);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many may be open.
    pub(crate) connections: u32,
    /// How long one may wait for the head of a request, or for its client to take an answer.
    pub(crate) head: Duration,
    /// How long requests may take that have begun when the server stops.
    pub(crate) shutdown: Duration,
}

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It waits for the head of a request. A part of the head may be there.
    Waiting,
    /// The body of a request arrives.
    Receiving,
    /// The request is there, and is answered.
    Answering,
}

/// An open connection. Each request has it among its extensions.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    /// What it is doing, and since when.
    phase: Mutex<(Phase, Instant)>,
    evicted: Notify,
}

impl Connection {
    fn new(peer: SocketAddr) -> Connection {
        Connection { peer, phase: Mutex::new((Phase::Waiting, Instant::now())), evicted: Notify::new() }
    }

    fn enter(&self, phase: Phase) {
        *lock(&self.phase) = (phase, Instant::now());
    }

    /// Marks the connection as one whose body arrives, until the returned guard is dropped.
    pub(crate) fn receiving(&self) -> impl Drop + '_ {
        struct Receiving<'c>(&'c Connection);
        impl Drop for Receiving<'_> {
            fn drop(&mut self) {
                self.0.enter(Phase::Answering);
            }
        }
        self.enter(Phase::Receiving);
        Receiving(self)
    }

    /// Returns when the connection has waited for that long.
    async fn waited(&self, limit: Duration) {
        loop {
            let (phase, since) = *lock(&self.phase);
            match phase {
                Phase::Waiting if since.elapsed() >= limit => return,
                Phase::Waiting => sleep_until(since + limit).await,
                _ => sleep(limit).await,
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The open connections.
#[derive(Default)]
struct Connections {
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    evictions: Throttle,
    timeouts: Throttle,
}

impl Connections {
    /// Closes the connection whose request has been incomplete for longest, to make room. Connections that never complete a
    /// request can therefore not keep others out.
    fn evict(&self) {
        let open = lock(&self.open);
        let incomplete = open.values().filter_map(|connection| {
            let (phase, since) = *lock(&connection.phase);
            (phase != Phase::Answering).then_some((since, connection))
        });
        let oldest = incomplete.min_by_key(|(since, _)| *since);
        if let Some((_, oldest)) = oldest.filter(|(since, _)| since.elapsed() >= LEAST) {
            oldest.evicted.notify_one();
            if let Some(count) = self.evictions.count() {
                warn!(peer = %oldest.peer, "too many connections; closed {count} that waited for a request");
            }
        }
    }
}

/// Accepts connections until `stopping` is true, and waits for the requests that have begun then.
///
/// Returns how many connections were closed before their requests were answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    metrics: Arc<Metrics>,
    mut stopping: watch::Receiver<bool>,
) -> usize {
    let slots = Arc::new(Semaphore::new(limits.connections as usize));
    let connections = Arc::new(Connections::default());
    let mut next = 0_u64;
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots, &connections) => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        let (stream, peer, slot) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                error!("a connection cannot be accepted: {error}");
                // There may be no file descriptor left.
                connections.evict();
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        next += 1;
        let connection = Arc::new(Connection::new(peer));
        lock(&connections.open).insert(next, Arc::clone(&connection));
        let (router, connections) = (router.clone(), Arc::clone(&connections));
        let (metrics, stopping, number) = (Arc::clone(&metrics), stopping.clone(), next);
        tokio::spawn(async move {
            metrics.connections.inc();
            let closed = run(stream, &connection, router, limits.head, stopping).await;
            metrics.connections.dec();
            metrics.closed.get_or_create(&closed).inc();
            if closed == Closed::TIMEOUT
                && let Some(count) = connections.timeouts.count()
            {
                warn!(%peer, "no complete request head within {:?}; closed {count} connections", limits.head);
            }
            lock(&connections.open).remove(&number);
            drop(slot);
        });
    }
    drop(listener);
    drop(timeout(limits.shutdown, slots.acquire_many(limits.connections)).await);
    lock(&connections.open).len()
}

/// Waits for a connection, and makes room for it.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
    connections: &Connections,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let (stream, peer) = loop {
        match listener.accept().await {
            Ok(accepted) => break accepted,
            // The client has closed the connection already.
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {
            }
            Err(error) => return Err(error),
        }
    };
    // An answer is written at once. A client that has gone is found by whoever serves it.
    let _ = stream.set_nodelay(true);
    loop {
        if let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
            return Ok((stream, peer, slot));
        }
        connections.evict();
        // If none was closed, one is soon: after its answer, or because it has waited for long enough.
        if let Ok(Ok(slot)) = timeout(Duration::from_millis(20), Arc::clone(slots).acquire_owned()).await {
            return Ok((stream, peer, slot));
        }
    }
}

/// Serves a connection to its end.
async fn run(
    stream: TcpStream,
    connection: &Arc<Connection>,
    router: Router,
    head: Duration,
    mut stopping: watch::Receiver<bool>,
) -> Closed {
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        async move {
            connection.enter(Phase::Answering);
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(Arc::clone(connection));
            let response = router.call(request).await;
            connection.enter(Phase::Waiting);
            response.map_err(|never: Infallible| never)
        }
    });
    let mut served = pin!(http1::Builder::new().max_buf_size(BUFFER).serve_connection(TokioIo::new(stream), service));
    let mut is_stopping = false;
    loop {
        tokio::select! {
            result = served.as_mut() => return if result.is_ok() { Closed::ENDED } else { Closed::FAILED },
            () = connection.evicted.notified() => return Closed::EVICTED,
            () = connection.waited(head) => return Closed::TIMEOUT,
            _ = stopping.wait_for(|stopping| *stopping), if !is_stopping => {
                is_stopping = true;
                served.as_mut().graceful_shutdown();
            }
        }
    }
}
