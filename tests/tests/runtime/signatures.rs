//! Signed requests, as the extractor and the layer verify them.

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum_core::body::Body;
use axum_core::extract::{FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use golden_events::{HmacScheme, SignatureLayer, SignatureScheme, Signatures, StrictWebhook, Webhook, member, wrapped};
use security_webhooks::Credentials;
use tower_layer::Layer as _;
use tower_service::Service;

/// The output of a future that does not wait.
pub(super) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a body in memory is ready"),
    }
}

fn request(headers: &[(String, String)], body: &str) -> Request {
    let builder = headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(name, value));
    builder.body(Body::from(body.to_owned())).unwrap()
}

/// The signatures of a provider, as its settings describe them.
fn signatures(scheme: Option<SignatureScheme>, keys: &[&str]) -> Signatures {
    Signatures::new(scheme.expect("a scheme"), keys).unwrap()
}

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &str = r#"{"data": {"events": [{"record": {"kind": "cleared"}}]}}"#;

#[test]
fn settings_become_schemes() {
    assert_eq!(wrapped::PROVIDER.requests.signature, Some(SignatureScheme::StandardWebhooks));
    let expected = HmacScheme {
        prefix: "v1=",
        text: "{timestamp}.{body}",
        timestamp_header: Some("X-Signature"),
        timestamp_prefix: "t=",
        tolerance_seconds: Some(300),
        ..HmacScheme::DEFAULT
    };
    assert_eq!(member::PROVIDER.requests.signature, Some(SignatureScheme::Hmac(expected)));
}

#[test]
fn the_extractor_takes_only_what_is_signed() {
    let own = signatures(wrapped::PROVIDER.requests.signature, &["AAAA", KEY]);
    let sender = signatures(wrapped::PROVIDER.requests.signature, &[KEY]);
    let headers = sender.sign("msg_1", std::time::SystemTime::now(), BODY.as_bytes());
    let extract = |headers: &[(String, String)], body: &str| {
        let mut request = request(headers, body);
        request.extensions_mut().insert(own.clone());
        now(Webhook::<wrapped::Batch>::from_request(request, &()))
    };
    let webhook = extract(&headers, BODY).unwrap();
    assert_eq!(webhook.payload.unwrap().events().count(), 1);
    // The signature is over the bytes and not over the JSON value.
    for (headers, body) in
        [(&headers[..], BODY.replace(' ', "")), (&headers[..2], BODY.to_owned()), (&[], BODY.to_owned())]
    {
        let rejection = extract(headers, &body).unwrap_err();
        let shown = rejection.to_string();
        let response = rejection.into_response();
        assert_eq!(response.status(), 401, "{shown}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    let repeated: Vec<_> = headers.iter().chain(&headers[2..]).cloned().collect();
    assert!(extract(&repeated, BODY).is_err());
    // Without keys in the extensions, nothing is checked.
    assert!(now(StrictWebhook::<wrapped::Batch>::from_request(request(&[], BODY), &())).is_ok());
}

/// A service that answers with the body that it gets.
#[derive(Clone)]
pub(super) struct Echo;

impl Service<Request> for Echo {
    type Response = Response;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        std::future::ready(Ok(Response::new(request.into_body())))
    }
}

#[test]
fn the_layer_lets_the_body_through_as_received() {
    let keys = || signatures(member::PROVIDER.requests.signature, &["a secret"]);
    let headers = keys().sign("", std::time::SystemTime::now(), BODY.as_bytes());
    let answer = |limit: usize, headers: &[(String, String)], body: &str| {
        let mut service = SignatureLayer::new(keys()).with_limit(limit).layer(Echo);
        now(service.call(request(headers, body))).unwrap()
    };
    let accepted = answer(1000, &headers, BODY);
    assert_eq!(accepted.status(), 200);
    let body = now(http_body_util::BodyExt::collect(accepted.into_body())).unwrap().to_bytes();
    assert_eq!(body, BODY);
    assert_eq!(answer(1000, &headers, "{}").status(), 401);
    assert_eq!(answer(1000, &[], BODY).status(), 401);
    assert_eq!(answer(10, &headers, BODY).status(), 413);
}

#[test]
fn any_of_several_credentials_is_enough() {
    let tokens = Credentials::any(["old", "new"].map(|token| Credentials::bearer(token).unwrap()));
    let both = tokens.clone().and(Credentials::header("X-Key", "k").unwrap());
    let accepts = |credentials: &Credentials, headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        credentials.accept(request(&headers, "").headers())
    };
    for token in ["Bearer old", "Bearer new"] {
        assert!(accepts(&tokens, &[("authorization", token)]));
        assert!(accepts(&both, &[("authorization", token), ("x-key", "k")]));
        assert!(!accepts(&both, &[("authorization", token)]));
    }
    assert!(!accepts(&tokens, &[("authorization", "Bearer other")]) && !accepts(&tokens, &[]));
    assert!(!accepts(&Credentials::any([]), &[]));
    assert!(accepts(&Credentials::any([Credentials::bearer("a").unwrap(), Credentials::none()]), &[]));
}
