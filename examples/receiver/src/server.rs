//! Serves connections, with limits on their number and on how long they may wait.

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

/// The maximum number of bytes of a request's head or body that are buffered for a connection.
const BUFFER: usize = 64 << 10;

/// The least time that a connection has to send a request before another connection may replace it.
const LEAST: Duration = Duration::from_millis(250);

/// The limits of connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The maximum number of open connections.
    pub(crate) connections: u32,
    /// How long a connection may wait for the head of a request, or for its client to read a response.
    pub(crate) head: Duration,
    /// How long the requests in progress may take when the server stops.
    pub(crate) shutdown: Duration,
}

/// The phase of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The connection waits for the head of a request. A part of the head may have arrived.
    Waiting,
    /// The body of a request is arriving.
    Receiving,
    /// The request is complete, and is being answered.
    Answering,
}

/// An open connection. Each request has it among its extensions.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    /// The phase, and the time when it began.
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

    /// Marks the connection as receiving a body, until the returned guard is dropped.
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

    /// Returns when the connection has waited for the time `limit`.
    async fn waited(&self, limit: Duration) {
        loop {
            let (phase, since) = *lock(&self.phase);
            match phase {
                Phase::Waiting if since.elapsed() >= limit => return,
                Phase::Waiting => sleep_until(since + limit).await,
                // The phase is looked at again later: waiting may have begun in the meantime.
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
    /// Closes the connection whose request has been incomplete for longest, to make room. Connections that never
    /// complete a request can therefore not keep others out.
    fn evict(&self) {
        let open = lock(&self.open);
        let incomplete = open.values().filter_map(|connection| {
            let (phase, since) = *lock(&connection.phase);
            // A request that is being answered is never lost.
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

/// Accepts connections until `stopping` is true, and then waits for the requests in progress.
///
/// Returns the number of connections that were closed before their requests were answered.
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
                // The file descriptors may be used up, so a connection is closed.
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
    // Every connection holds a slot, so all slots are free when all connections are closed.
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
    // Answers are sent without delay. An error means that the client is gone, which serving it will find.
    let _ = stream.set_nodelay(true);
    loop {
        if let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
            return Ok((stream, peer, slot));
        }
        connections.evict();
        // If no connection was closed, one will be soon: after its answer, or because it has waited long enough.
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
