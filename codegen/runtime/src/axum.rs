//! An axum extractor for webhook bodies.

use axum_core::extract::{FromRequest, Request, rejection::BytesRejection};
use axum_core::response::{IntoResponse, Response};

use bytes::Bytes;

use crate::error::Error;
use crate::event::FromBody;

/// Extracts a webhook body: `Webhook<crowdsec::Event>`, or `Webhook<wallarm::Batch>`.
///
/// Many vendors send a payload again, for ever, until they are answered 200. A handler that takes
/// `Result<Webhook<Event>, WebhookRejection>` decides for itself what to answer when a payload cannot be read.
#[derive(Debug)]
pub struct Webhook<T>(pub T);

/// Why a body could not be extracted.
#[derive(Debug)]
#[non_exhaustive]
pub enum WebhookRejection {
    /// The body could not be received. Answered as axum answers it.
    Body(BytesRejection),
    /// The body could not be read. Answered 400 when it is not JSON, and 422 with the violations, without values of the
    /// payload, when it is invalid.
    Payload(Error),
}

impl<S: Send + Sync, T: FromBody> FromRequest<S> for Webhook<T> {
    type Rejection = WebhookRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookRejection> {
        let bytes = Bytes::from_request(request, state).await.map_err(WebhookRejection::Body)?;
        T::from_body(&bytes).map(Webhook).map_err(WebhookRejection::Payload)
    }
}

impl IntoResponse for WebhookRejection {
    fn into_response(self) -> Response {
        match self {
            WebhookRejection::Body(rejection) => rejection.into_response(),
            WebhookRejection::Payload(error) => {
                let status: u16 = if matches!(error, Error::Json(_)) { 400 } else { 422 };
                let mut response = error.masked().to_string().into_response();
                if let Ok(status) = status.try_into() {
                    *response.status_mut() = status;
                }
                response
            }
        }
    }
}

impl std::fmt::Display for WebhookRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WebhookRejection::Body(rejection) => rejection.fmt(f),
            WebhookRejection::Payload(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WebhookRejection {}
