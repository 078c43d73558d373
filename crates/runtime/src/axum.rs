//! Axum extractors for webhook bodies.

use axum_core::extract::{FromRequest, Request, rejection::BytesRejection};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::event::FromBody;
use crate::problem::problem;
#[cfg(feature = "signature")]
use crate::signature::{SignatureError, Signatures};

/// An axum extractor for a webhook body: `Webhook<crowdsec::Event>`, or `Webhook<wallarm::Batch>`.
///
/// An invalid payload does not reject the request. Vendors retry rejected requests, and some stop sending other events
/// until the request is accepted. So the handler gets the error and the body, and decides how to respond.
/// [`StrictWebhook`] responds with 400 or 422 instead.
///
/// * The content type is ignored, because vendors send different ones.
/// * If the vendor names the event in a header, the event is read by that name.
/// * If axum's `Extension` adds `Signatures` (feature `signature`) to requests, a request without a valid signature is
///   rejected.
/// * axum limits the body to 2 MB. Its `DefaultBodyLimit` sets another limit.
///
/// # Examples
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// use security_webhooks::{Webhook, WebhookEvent};
///
/// async fn receive<E: WebhookEvent>(Webhook { payload, body, .. }: Webhook<E>) {
///     match payload {
///         Ok(event) => println!("{:?}", event.name()),
///         Err(error) => eprintln!("{} bytes put aside: {}", body.len(), error.masked()),
///     }
/// }
/// ```
///
/// A test calls the handler with [`Webhook::from_body`]:
///
/// ```
/// # use webhook_runtime as security_webhooks;
/// # use security_webhooks::{Webhook, WebhookEvent};
/// # async fn receive<E: WebhookEvent>(_: Webhook<E>) {}
/// # async fn test<E: WebhookEvent>() {
/// receive::<E>(Webhook::from_body(r#"{"event_type": "new"}"#)).await;
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Webhook<T> {
    /// The event or the batch, or the error if the body could not be read.
    pub payload: Result<T, Error>,
    /// The body, as received.
    pub body: Bytes,
}

impl<T: FromBody> Webhook<T> {
    /// Reads a body as the extractor does, so that a test can call a handler without a request.
    pub fn from_body(body: impl Into<Bytes>) -> Webhook<T> {
        let body = body.into();
        Webhook { payload: T::from_body(&body), body }
    }

    /// Reads a body whose event is named by a header, as the extractor does, so that a test can call a handler without
    /// a request.
    pub fn from_body_with_name(name: &str, body: impl Into<Bytes>) -> Webhook<T> {
        let body = body.into();
        Webhook { payload: T::from_body_with_name(name, &body), body }
    }
}

/// An axum extractor that rejects a request whose body cannot be read. The status is 400 if the body is not JSON, and
/// 422 if the body is invalid.
///
/// An invalid item of a batch does not reject the request; see [`Batch::rejected`](crate::Batch::rejected).
#[derive(Debug)]
pub struct StrictWebhook<T>(pub T);

/// The reason why [`Webhook`] or [`StrictWebhook`] rejected a request.
///
/// The response is a problem document (RFC 9457) without values of the payload.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// The vendor does not send requests with this method. The status is 405.
    Method {
        /// The methods that the vendor uses.
        allowed: &'static [&'static str],
    },
    /// The body could not be received. The status is 413 if the body is too large, and otherwise the status of axum's
    /// own rejection.
    Body(BytesRejection),
    /// The signature is missing or wrong. The status is 401.
    #[cfg(feature = "signature")]
    Signature(SignatureError),
    /// The body could not be read. The status is 400 if the body is not JSON. If the body is invalid, the status is
    /// 422, and the response lists the violations.
    Payload(Error),
}

impl<S: Send + Sync, T: FromBody> FromRequest<S> for Webhook<T> {
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        // A vendor that documents no method is expected to use POST.
        let documented = T::PROVIDER.requests.methods;
        let allowed = if documented.is_empty() { &["POST"] } else { documented };
        if !allowed.contains(&request.method().as_str()) {
            return Err(WebhookRejection::Method { allowed });
        }
        // Reading the body consumes the request, so the headers that are needed later are copied first.
        let header = T::PROVIDER.requests.event_header.and_then(|name| request.headers().get(name));
        let name = header.and_then(|value| value.to_str().ok()).map(str::to_owned);
        #[cfg(feature = "signature")]
        let signed = request.extensions().get::<Signatures>().cloned().map(|keys| (keys, request.headers().clone()));
        let body = Bytes::from_request(request, state).await.map_err(WebhookRejection::Body)?;
        #[cfg(feature = "signature")]
        if let Some((signatures, headers)) = signed {
            // The signature covers the bytes as received, so it is checked before anything parses them.
            signatures.verify_headers(&headers, &body).map_err(WebhookRejection::Signature)?;
        }
        Ok(match name {
            Some(name) => Webhook::from_body_with_name(&name, body),
            None => Webhook::from_body(body),
        })
    }
}

impl<S: Send + Sync, T: FromBody> FromRequest<S> for StrictWebhook<T> {
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let webhook = Webhook::<T>::from_request(request, state).await?;
        webhook.payload.map(StrictWebhook).map_err(WebhookRejection::Payload)
    }
}

/// Returns the members of the problem document that describe an error: the event and its violations.
fn members(error: &Error) -> Map<String, Value> {
    let Error::Invalid(invalid) = error else { return Map::new() };
    let violations: Vec<Value> = (invalid.violations().iter())
        .map(|violation| {
            json!({
                "instanceLocation": violation.instance_location,
                "keywordLocation": violation.keyword_location,
                "error": violation.masked_message(),
            })
        })
        .collect();
    let count = invalid.violations().count();
    let members = json!({ "event": invalid.event(), "violations": violations, "count": count });
    members.as_object().cloned().unwrap_or_default()
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        match self {
            WebhookRejection::Method { allowed } => {
                let allow = HeaderValue::from_str(&allowed.join(", ")).ok();
                let detail = format!("webhooks are sent with {}", allowed.join(" or "));
                let mut response = problem(StatusCode::METHOD_NOT_ALLOWED, &detail, Map::new());
                let allow = allow.unwrap_or(HeaderValue::from_static("POST"));
                response.headers_mut().insert(ALLOW, allow);
                response
            }
            WebhookRejection::Body(rejection) => problem(rejection.status(), &rejection.body_text(), Map::new()),
            #[cfg(feature = "signature")]
            WebhookRejection::Signature(error) => problem(StatusCode::UNAUTHORIZED, &error.to_string(), Map::new()),
            WebhookRejection::Payload(error) => {
                let invalid = matches!(error, Error::Invalid(_));
                let status = if invalid { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
                let detail = match &error {
                    Error::Invalid(invalid) => format!("{} violations", invalid.violations().count()),
                    // The message of a JSON error may quote the body, so only its position is sent.
                    Error::Json(_) => error.masked().to_string(),
                };
                problem(status, &detail, members(&error))
            }
        }
    }
}

impl std::fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WebhookRejection::Method { allowed } => write!(f, "the method is not one of {}", allowed.join(", ")),
            WebhookRejection::Body(rejection) => rejection.fmt(f),
            #[cfg(feature = "signature")]
            WebhookRejection::Signature(error) => error.fmt(f),
            WebhookRejection::Payload(error) => error.fmt(f),
        }
    }
}

/// `Display` shows everything, as for axum's rejections, so there is no source.
impl std::error::Error for WebhookRejection {}
