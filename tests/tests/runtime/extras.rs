//! The optional features of the crate.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum_core::body::Body;
use axum_core::extract::{FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use conformance::oracle::{Oracle, Verdict};
use golden_events::named;
use security_webhooks::{
    Batch, Credentials, CredentialsLayer, Provider, StrictWebhook, Webhook, WebhookRejection, canary, crowdsec,
};
use serde_json::{Value, json};

use super::signatures::{Echo, now};

fn alert() -> crowdsec::AlertTriggered {
    let example = crowdsec::EXAMPLES.iter().find(|example| example.event == "alert_triggered").unwrap();
    crowdsec::AlertTriggered::from_slice(example.payload.as_bytes()).unwrap()
}

#[test]
fn schemas_are_those_of_the_vendors() {
    #[derive(schemars::JsonSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Report {
        target: crowdsec::AlertTarget,
        alert: crowdsec::AlertTriggered,
        detail: canary::Detail,
        others: Vec<crowdsec::AlertTarget>,
    }
    let schema = serde_json::to_string(&schemars::schema_for!(Report)).unwrap();
    let oracle = Oracle::new(&schema);
    let report = json!({
        "target": { "ip": "1.2.3.4", "id": "x", "new": 1 },
        "alert": serde_json::to_value(alert()).unwrap(),
        "detail": ["a", 5, "more"],
        "others": [],
    });
    assert_eq!(oracle.verdict(&report), Verdict::Valid);
    for (pointer, value) in [("/target/ip", json!(5)), ("/alert/details/uuid", json!(5)), ("/detail/1", json!(true))] {
        let mut broken: Value = report.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert_eq!(oracle.verdict(&broken), Verdict::Invalid, "{pointer}");
    }
}

/// `Webhook::from_body` makes the same value from a body as the extractor makes from a request.
#[test]
fn a_handler_can_be_tested_without_a_request() {
    let body = crowdsec::EXAMPLES[0].payload;
    for body in [body, "{}", "{\"details\": {\"event_type\": \"alert_triggered\"}}", "{"] {
        let request = Request::post("/").body(Body::from(body)).unwrap();
        let extracted: Webhook<crowdsec::Event> = extract_of(request).unwrap();
        let made = Webhook::<crowdsec::Event>::from_body(body);
        assert_eq!((made.payload, made.body), (extracted.payload, extracted.body));
    }
    let request = Request::post("/").header("X-Named-Event", "repo:push").body(Body::from("{}")).unwrap();
    let extracted: Webhook<named::Event> = extract_of(request).unwrap();
    let made = Webhook::<named::Event>::from_body_with_name("repo:push", "{}");
    assert_eq!((made.payload, made.body), (extracted.payload, extracted.body));
}

#[test]
fn instants_are_read_on_request() {
    let alert = alert();
    let at = &alert.details.event_timestamp;
    assert_eq!(at.as_str(), "2021-07-29T12:00:00+00:00");
    assert_eq!(jiff_0_2::Timestamp::try_from(at).unwrap().as_second(), 1_627_560_000);
    assert_eq!(jiff_1::Timestamp::try_from(at).unwrap().as_second(), 1_627_560_000);
    assert_eq!(chrono::DateTime::<chrono::FixedOffset>::try_from(at).unwrap().timestamp(), 1_627_560_000);
    let payload = json!({ "AlertType": "CanaryIncident", "Timestamp": "2026-02-02 14:19:02 (UTC)" });
    let incident = canary::Incident::from_slice(payload.to_string().as_bytes()).unwrap();
    let at = jiff_1::Timestamp::try_from(&incident.timestamp.unwrap()).unwrap();
    assert_eq!(at.to_string(), "2026-02-02T14:19:02Z");
}

fn extract<T: FromRequest<(), Rejection = WebhookRejection>>(body: &str) -> Result<T, WebhookRejection> {
    extract_of(Request::post("/").body(Body::from(body.to_owned())).unwrap())
}

fn extract_of<T: FromRequest<(), Rejection = WebhookRejection>>(request: Request) -> Result<T, WebhookRejection> {
    now(T::from_request(request, &()))
}

#[test]
fn bodies_are_extracted() {
    let StrictWebhook(event) =
        extract::<StrictWebhook<crowdsec::Event>>(&serde_json::to_string(&alert()).unwrap()).unwrap();
    assert!(matches!(event, crowdsec::Event::AlertTriggered(_)));
    let body = json!([alert(), { "details": { "event_type": "payment_failed" } }, { "type": "other" }]).to_string();
    let StrictWebhook(batch) = extract::<StrictWebhook<Batch<crowdsec::Event>>>(&body).unwrap();
    assert_eq!((batch.events().count(), batch.rejected().count()), (2, 1));
    let refused = extract::<StrictWebhook<crowdsec::Event>>(
        r#"{"details": {"event_type": "payment_failed", "event_id": 987654}}"#,
    );
    let response = refused.unwrap_err().into_response();
    assert_eq!(response.status(), 422);
    assert_eq!(extract::<StrictWebhook<crowdsec::Event>>("{").unwrap_err().into_response().status(), 400);
}

#[test]
fn a_header_names_the_event() {
    let request = |name: Option<&str>, body: &str| {
        let request = Request::post("/");
        let request = name.into_iter().fold(request, |request, name| request.header("x-named-event", name));
        request.body(Body::from(body.to_owned())).unwrap()
    };
    let example = named::EXAMPLES.iter().find(|example| example.event == "push").unwrap();
    let value = named::EXAMPLES.iter().find(|example| example.event == "value").unwrap();
    for (name, body, expected) in [
        (Some("repo:push"), example.payload, Some("push")),
        (Some("value"), value.payload, Some("value")),
        (Some("value"), "\"text\"", Some("value")),
        (Some("other"), "[1, 2]", Some("other")),
        (Some("other"), example.payload, Some("other")),
        (None, example.payload, None),
    ] {
        let event = extract_of::<StrictWebhook<named::Event>>(request(name, body)).unwrap().0;
        assert_eq!(event.name(), expected, "{name:?}");
        let StrictWebhook(batch) = extract_of::<StrictWebhook<Batch<named::Event>>>(request(name, body)).unwrap();
        if name.is_some() {
            assert_eq!(batch.events().collect::<Vec<_>>(), [&event], "{name:?}");
        }
    }
    // The header decides which schema validates the body. A body that is not JSON is rejected.
    for (name, body, status) in [("repo:push", "5", 422), ("value", "{", 400), ("other", "{", 400)] {
        for refused in [
            extract_of::<StrictWebhook<named::Event>>(request(Some(name), body)).map(|_| ()),
            extract_of::<Webhook<named::Event>>(request(Some(name), body))
                .unwrap()
                .payload
                .map(|_| ())
                .map_err(WebhookRejection::Payload),
        ] {
            assert_eq!(refused.unwrap_err().into_response().status(), status, "{name} {body}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_handed_over() {
    let invalid = r#"{"details": {"event_type": "payment_failed", "event_id": 987654}}"#;
    for body in ["{", invalid] {
        let webhook = extract::<Webhook<crowdsec::Event>>(body).unwrap();
        assert!(webhook.payload.is_err());
        assert_eq!(webhook.body, body);
    }
    let response = extract::<StrictWebhook<crowdsec::Event>>(invalid).unwrap_err().into_response();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

/// A stream that returns a few bytes on every other poll.
struct Slow<'b> {
    rest: &'b [u8],
    is_ready: bool,
}

impl tokio::io::AsyncRead for Slow<'_> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut Context<'_>,
        space: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let (now, rest) = self.rest.split_at(self.rest.len().min(5).min(space.remaining()));
        space.put_slice(now);
        self.rest = rest;
        Poll::Ready(Ok(()))
    }
}

#[test]
fn batches_are_read_from_asynchronous_streams() {
    let alert = security_webhooks::to_string(&alert());
    for body in [
        format!("[{alert}, 5, {{\"details\": {{\"event_type\": \"payment_failed\"}}}}, {alert}]"),
        format!("{alert}\n{alert}"),
        alert.clone(),
        format!("[{alert}, "),
    ] {
        let expected: Vec<String> =
            Batch::<crowdsec::Event>::reader(body.as_bytes()).map(|item| format!("{item:?}")).collect();
        let mut reader =
            Batch::<crowdsec::Event>::async_reader(Slow { rest: body.as_bytes(), is_ready: false }).with_limit(10_000);
        let mut items = Vec::new();
        loop {
            // Each future is polled once and dropped: the bytes that it has read are kept.
            let item = match pin!(reader.next()).poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(item) => item,
                Poll::Pending => continue,
            };
            match item {
                Some(item) => items.push(format!("{item:?}")),
                None => break,
            }
        }
        assert_eq!(items, expected, "{body}");
        assert_eq!(
            reader.format(),
            Batch::<crowdsec::Event>::from_slice(body.as_bytes())
                .ok()
                .map(|batch| batch.format())
                .or(Some(security_webhooks::BodyFormat::Array))
        );
        assert!(!items.is_empty());
    }
}

/// The answer to a request with some headers.
fn answer(credentials: &Credentials, headers: &[(&str, &str)]) -> Response {
    use tower_layer::Layer as _;
    use tower_service::Service as _;
    let mut request = Request::post("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut service = CredentialsLayer::new(credentials.clone()).layer(Echo);
    now(service.call(request.body(Body::empty()).unwrap())).unwrap()
}

#[test]
fn requests_without_the_credentials_are_answered_401() {
    let basic = Credentials::basic("Aladdin", "open sesame").unwrap();
    let bearer = Credentials::bearer("s3cret").unwrap();
    let header = Credentials::header("X-Webhook-Key", "s3cret").unwrap();
    let accepts = |credentials: &Credentials, headers: &[(&str, &str)]| answer(credentials, headers).status() == 200;
    // The example of RFC 7617.
    assert!(accepts(&basic, &[("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]));
    assert!(accepts(&basic, &[("authorization", "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]));
    assert!(accepts(&bearer, &[("Authorization", "Bearer s3cret")]));
    assert!(accepts(&header, &[("x-webhook-key", "s3cret"), ("other", "1")]));
    let both = header.clone().and(bearer.clone());
    assert!(accepts(&both, &[("x-webhook-key", "s3cret"), ("authorization", "Bearer s3cret")]));
    assert!(accepts(&Credentials::none(), &[]));
    let wrong: [(&Credentials, &[(&str, &str)]); 10] = [
        (&basic, &[]),
        (&basic, &[("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ")]),
        (&bearer, &[("authorization", "Basic s3cret")]),
        (&bearer, &[("authorization", "Bearer s3cre")]),
        (&bearer, &[("authorization", "Bearer s3crets")]),
        (&bearer, &[("authorization", "Bearers3cret")]),
        (&bearer, &[("authorization", "Bearer s3cret"), ("authorization", "Bearer s3cret")]),
        (&header, &[("x-webhook-key", "S3cret")]),
        (&both, &[("x-webhook-key", "s3cret")]),
        (&both, &[("authorization", "Bearer s3cret")]),
    ];
    for (credentials, headers) in wrong {
        let response = answer(credentials, headers);
        assert_eq!(response.status(), 401, "{credentials:?} {headers:?}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
    assert_eq!(answer(&bearer, &[]).headers()["www-authenticate"], "Bearer");
    assert!(!format!("{both:?}").contains("s3cret"));
    for unusable in ["", " padded", "a\nb"] {
        assert!(Credentials::bearer(unusable).is_err());
    }
    assert!(Credentials::basic("a:b", "c").is_err() && Credentials::header("a b", "c").is_err());
}

#[test]
fn only_the_methods_of_the_vendor_are_taken() {
    let taken = |provider: Provider| provider.requests().methods;
    assert_eq!((taken(Provider::CrowdSec), taken(Provider::Wallarm)), (&["POST"][..], &["POST", "PUT"][..]));
    let method = |method: &str| {
        let request = Request::builder().method(method).uri("/").body(Body::from("[]")).unwrap();
        extract_of::<Webhook<security_webhooks::wallarm::Batch>>(request).map_err(IntoResponse::into_response)
    };
    assert!(method("POST").is_ok() && method("PUT").is_ok());
    let refused = method("GET").unwrap_err();
    assert_eq!((refused.status().as_u16(), refused.headers()["allow"].to_str().unwrap()), (405, "POST, PUT"));
}

#[test]
fn no_rejection_repeats_what_its_sources_say() {
    let invalid = r#"{"details": {"event_type": "payment_failed", "event_id": 987654}}"#;
    for body in ["{", invalid] {
        let rejection = extract::<StrictWebhook<crowdsec::Event>>(body).unwrap_err();
        conformance::says_everything_once(&rejection);
    }
    let rejection = extract::<Webhook<crowdsec::Event>>(&" ".repeat(3 << 20)).unwrap_err();
    assert!(rejection.to_string().contains("length limit"), "{rejection}");
    conformance::says_everything_once(&rejection);
    let get = Request::get("/").body(Body::empty()).unwrap();
    conformance::says_everything_once(&extract_of::<Webhook<crowdsec::Event>>(get).unwrap_err());
    conformance::says_everything_once(&Credentials::bearer("").unwrap_err());
}
