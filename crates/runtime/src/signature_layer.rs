//! A tower layer that checks signatures.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Map;
use tower_layer::Layer;
use tower_service::Service;

use crate::problem::problem;
use crate::signature::Signatures;

/// The default maximum length of a body in bytes. [`SignatureLayer::with_limit`] sets another limit.
const LIMIT: usize = 2 << 20;

/// A tower `Layer` that checks the signature of each request. If the signature is missing or wrong, it responds with
/// 401 and a problem document (RFC 9457).
///
/// The layer reads the whole body, and passes it on as received. It works with every tower service whose bodies can be
/// made from `Bytes` and `String`, such as axum's. Add it outside of a layer that decompresses bodies, because the
/// signature covers the bytes as sent.
#[derive(Clone, Debug)]
pub struct SignatureLayer {
    signatures: Arc<Signatures>,
    limit: usize,
}

impl SignatureLayer {
    /// Creates a layer that requires a signature by one of the keys.
    #[must_use]
    pub fn new(signatures: Signatures) -> SignatureLayer {
        SignatureLayer { signatures: Arc::new(signatures), limit: LIMIT }
    }

    /// Sets the maximum length of a body in bytes. The default is 2 MiB. The response to a longer body is 413.
    #[must_use]
    pub fn with_limit(self, bytes: usize) -> SignatureLayer {
        SignatureLayer { limit: bytes, ..self }
    }
}

impl<S> Layer<S> for SignatureLayer {
    type Service = CheckSignature<S>;

    fn layer(&self, inner: S) -> CheckSignature<S> {
        CheckSignature { inner, layer: self.clone() }
    }
}

/// The service that [`SignatureLayer`] wraps around another service.
#[derive(Clone, Debug)]
pub struct CheckSignature<S> {
    inner: S,
    layer: SignatureLayer,
}

impl<S, B, R> Service<Request<B>> for CheckSignature<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: BodyExt + From<Bytes> + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = SignatureFuture<Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // `poll_ready` has made this service ready, and not its clone, so this one must be called.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let SignatureLayer { signatures, limit } = self.layer.clone();
        SignatureFuture(Box::pin(async move {
            let (parts, body) = request.into_parts();
            let bytes = match Limited::new(body, limit).collect().await {
                Ok(body) => body.to_bytes(),
                Err(error) if error.is::<LengthLimitError>() => {
                    return Ok(problem(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large", Map::new()));
                }
                Err(_) => return Ok(problem(StatusCode::BAD_REQUEST, "the body could not be received", Map::new())),
            };
            match signatures.verify_headers(&parts.headers, &bytes) {
                Ok(()) => inner.call(Request::from_parts(parts, B::from(bytes))).await,
                Err(error) => Ok(problem(StatusCode::UNAUTHORIZED, &error.to_string(), Map::new())),
            }
        }))
    }
}

/// The response of [`CheckSignature`]: the response of the inner service, or a problem document.
pub struct SignatureFuture<T>(Pin<Box<dyn Future<Output = T> + Send>>);

impl<T> Future for SignatureFuture<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for SignatureFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureFuture").finish_non_exhaustive()
    }
}
