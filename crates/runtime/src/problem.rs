//! Problem documents (RFC 9457).

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

/// Returns a response whose body is a problem document. `members` are added to the document.
pub(crate) fn problem<R: From<String>>(status: StatusCode, detail: &str, members: Map<String, Value>) -> Response<R> {
    let title = status.canonical_reason().unwrap_or_default();
    let mut document = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    if let Some(document) = document.as_object_mut() {
        document.extend(members);
    }
    let mut response = Response::new(R::from(document.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
