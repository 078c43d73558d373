//! Credentials of webhook requests, and a tower layer that checks them.

use std::collections::BTreeSet;
use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode};
use serde_json::Map;
use subtle::{Choice, ConstantTimeEq};
use tower_layer::Layer;
use tower_service::Service;

use crate::problem::problem;

/// The credentials that a request must have in its headers.
///
/// Values are compared in constant time, and `Debug` does not show them.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{Credentials, CredentialsLayer};
///
/// let bearer = Credentials::bearer("a token")?;
/// let both = Credentials::header("X-Webhook-Key", "a key")?.and(Credentials::basic("user", "password")?);
/// let public = Credentials::none();
/// let rotated = Credentials::any([Credentials::bearer("an old token")?, Credentials::bearer("a new token")?]);
/// let layer = CredentialsLayer::new(bearer);
/// # Ok::<(), security_webhooks::InvalidCredential>(())
/// ```
#[derive(Clone)]
// The alternatives, one of which must match. Each is a list of headers, all of which must match.
pub struct Credentials(Vec<Vec<Expected>>);

#[derive(Clone)]
struct Expected {
    name: HeaderName,
    /// The scheme of `Authorization`, whose case is ignored.
    scheme: Option<&'static str>,
    secret: Vec<u8>,
}

/// The error for a header name or value that HTTP does not allow, and for an empty secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCredential(());

impl fmt::Display for InvalidCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("the credential is empty, or no HTTP header can hold it")
    }
}

impl std::error::Error for InvalidCredential {}

impl Credentials {
    /// Requires no credentials: every request is accepted.
    #[must_use]
    pub fn none() -> Credentials {
        Credentials(vec![Vec::new()])
    }

    /// Requires one of several credentials, for example while a token is replaced. If the list is empty, no request is
    /// accepted.
    #[must_use]
    pub fn any(alternatives: impl IntoIterator<Item = Credentials>) -> Credentials {
        Credentials(alternatives.into_iter().flat_map(|alternative| alternative.0).collect())
    }

    /// Requires a header with a value.
    ///
    /// # Errors
    ///
    /// HTTP does not allow the name or the value, or the value is empty.
    pub fn header(name: &str, value: &str) -> Result<Credentials, InvalidCredential> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| InvalidCredential(()))?;
        Credentials::expect(name, None, value)
    }

    /// Requires `Authorization: Bearer TOKEN`.
    ///
    /// # Errors
    ///
    /// HTTP does not allow the token in a header, or the token is empty.
    pub fn bearer(token: &str) -> Result<Credentials, InvalidCredential> {
        Credentials::expect(AUTHORIZATION, Some("Bearer"), token)
    }

    /// Requires `Authorization: Basic …` with a user name and a password.
    ///
    /// # Errors
    ///
    /// The user name contains a colon.
    pub fn basic(user: &str, password: &str) -> Result<Credentials, InvalidCredential> {
        // The first colon ends the user name (RFC 7617, section 2), so one in the name would move to the password.
        if user.contains(':') {
            return Err(InvalidCredential(()));
        }
        Credentials::expect(AUTHORIZATION, Some("Basic"), &STANDARD.encode(format!("{user}:{password}")))
    }

    /// Requires these credentials and the others.
    #[must_use]
    pub fn and(self, others: Credentials) -> Credentials {
        // `(a or b) and (c or d)` becomes four alternatives.
        let with = |own: &Vec<Expected>| {
            others.0.iter().map(|other| own.iter().chain(other).cloned().collect()).collect::<Vec<_>>()
        };
        Credentials(self.0.iter().flat_map(with).collect())
    }

    fn expect(name: HeaderName, scheme: Option<&'static str>, secret: &str) -> Result<Credentials, InvalidCredential> {
        // HTTP trims the values of headers, so a secret with white space around it would never match.
        if secret.trim() != secret || secret.is_empty() || HeaderValue::from_str(secret).is_err() {
            return Err(InvalidCredential(()));
        }
        Ok(Credentials(vec![vec![Expected { name, scheme, secret: secret.into() }]]))
    }

    /// Returns whether the headers of a request have the credentials. The comparison takes the same time wherever the
    /// values differ; only their lengths affect it.
    #[must_use]
    pub fn accept(&self, headers: &HeaderMap) -> bool {
        let all = |alternative: &Vec<Expected>| {
            alternative.iter().fold(Choice::from(1), |all, expected| all & expected.matches(headers))
        };
        // `Choice` has no short circuit, so every alternative is compared, whichever one matches.
        bool::from(self.0.iter().fold(Choice::from(0), |any, alternative| any | all(alternative)))
    }
}

impl Expected {
    fn matches(&self, headers: &HeaderMap) -> Choice {
        let mut values = headers.get_all(&self.name).iter();
        // A header that is repeated is ambiguous: a proxy may have checked another one of its values.
        let (Some(value), None) = (values.next(), values.next()) else { return Choice::from(0) };
        let mut value = value.as_bytes();
        // The scheme is not secret, so it need not be compared in constant time.
        if let Some(scheme) = self.scheme {
            match value.split_at_checked(scheme.len()) {
                Some((found, rest)) if found.eq_ignore_ascii_case(scheme.as_bytes()) && rest.starts_with(b" ") => {
                    value = rest.trim_ascii_start();
                }
                _ => return Choice::from(0),
            }
        }
        value.ct_eq(&self.secret)
    }
}

/// Only the names of headers are shown.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |alternative: &Vec<Expected>| alternative.iter().map(|expected| expected.name.to_string()).collect();
        f.debug_list().entries(self.0.iter().map(names).collect::<Vec<Vec<String>>>()).finish()
    }
}

/// A tower `Layer` that responds with 401 and a problem document (RFC 9457) to requests without valid [`Credentials`].
///
/// It works with every tower service whose response body can be made from a `String`, such as services of axum and
/// hyper.
#[derive(Clone, Debug)]
pub struct CredentialsLayer(Arc<Credentials>);

impl CredentialsLayer {
    /// Creates a layer that requires these credentials.
    #[must_use]
    pub fn new(credentials: Credentials) -> CredentialsLayer {
        CredentialsLayer(Arc::new(credentials))
    }
}

impl<S> Layer<S> for CredentialsLayer {
    type Service = CheckCredentials<S>;

    fn layer(&self, inner: S) -> CheckCredentials<S> {
        CheckCredentials { inner, credentials: Arc::clone(&self.0) }
    }
}

/// The service that [`CredentialsLayer`] wraps around another service.
#[derive(Clone, Debug)]
pub struct CheckCredentials<S> {
    inner: S,
    credentials: Arc<Credentials>,
}

impl<S, B, R> Service<Request<B>> for CheckCredentials<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = CheckFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match self.credentials.accept(request.headers()) {
            true => CheckFuture(State::Accepted(Box::pin(self.inner.call(request)))),
            false => CheckFuture(State::Rejected(ready(Ok(unauthorized(&self.credentials))))),
        }
    }
}

/// The response of [`CheckCredentials`]: the response of the inner service, or 401.
pub struct CheckFuture<F: Future>(State<F>);

enum State<F: Future> {
    Accepted(Pin<Box<F>>),
    // Like most futures, `Ready` panics if it is polled again after it has returned its output.
    Rejected(Ready<F::Output>),
}

impl<F: Future> fmt::Debug for CheckFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckFuture").finish_non_exhaustive()
    }
}

impl<F: Future> Future for CheckFuture<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match &mut self.0 {
            State::Accepted(future) => future.as_mut().poll(context),
            State::Rejected(answer) => Pin::new(answer).poll(context),
        }
    }
}

fn unauthorized<R: From<String>>(credentials: &Credentials) -> Response<R> {
    let mut response = problem(StatusCode::UNAUTHORIZED, "the credentials are missing or wrong", Map::new());
    let headers = response.headers_mut();
    let mut schemes: Vec<&str> = credentials.0.iter().flatten().filter_map(|expected| expected.scheme).collect();
    // Several alternatives may use one scheme, which is one challenge.
    let mut known = BTreeSet::new();
    schemes.retain(|scheme| known.insert(*scheme));
    for scheme in schemes {
        let challenge = if scheme == "Basic" { "Basic realm=\"webhooks\"" } else { "Bearer" };
        headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}
