//! Credentials that requests must have.

use std::collections::HashMap;

use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use security_webhooks::Credentials;

use crate::problem::problem;

/// The credentials of one endpoint: for each header, the values that are accepted.
///
/// Lines for the same header are alternatives, so that a secret can be replaced while the vendor still sends the old
/// one. Headers with different names are all required.
#[derive(Clone, Debug, Default)]
pub(crate) struct Access {
    headers: HashMap<HeaderName, Vec<Credentials>>,
    challenges: Vec<&'static str>,
}

impl Access {
    /// Parses the lines of a setting.
    ///
    /// # Errors
    ///
    /// Returns a message if a line has none of the documented forms. The message does not show the line, because it may
    /// have a secret.
    pub(crate) fn parse(text: &str) -> Result<Access, String> {
        let mut access = Access::default();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines == ["none"] {
            return Ok(access);
        }
        if lines.is_empty() {
            return Err("it is empty; `none` accepts every request".to_owned());
        }
        for line in lines {
            let unknown =
                || "expected `header NAME: VALUE`, `bearer TOKEN`, `basic USER:PASSWORD`, or `none`".to_owned();
            let (kind, rest) = line.split_once(' ').ok_or_else(unknown)?;
            let (rest, pair) = (rest.trim(), rest.split_once(':'));
            let (name, challenge, one) = match (kind, pair) {
                ("bearer", _) => (AUTHORIZATION, Some("Bearer"), Credentials::bearer(rest)),
                ("basic", Some((user, password))) => {
                    (AUTHORIZATION, Some("Basic realm=\"webhooks\""), Credentials::basic(user.trim(), password))
                }
                ("header", Some((name, value))) => {
                    let (name, value) = (name.trim(), value.trim());
                    let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unknown())?;
                    (parsed, None, Credentials::header(name, value))
                }
                _ => return Err(unknown()),
            };
            access.headers.entry(name).or_default().push(one.map_err(|error| error.to_string())?);
            access.challenges.extend(challenge.filter(|challenge| !access.challenges.contains(challenge)));
        }
        Ok(access)
    }

    /// Returns whether a request has the credentials. All headers are compared, so that the time does not show which
    /// header failed.
    pub(crate) fn accept(&self, headers: &HeaderMap) -> bool {
        self.headers
            .values()
            .fold(true, |all, alternatives| all & alternatives.iter().fold(false, |any, one| any | one.accept(headers)))
    }

    /// Returns the response to a request without valid credentials.
    pub(crate) fn unauthorized(&self) -> Response {
        let mut response = problem(StatusCode::UNAUTHORIZED, "the credentials are missing or wrong");
        for challenge in &self.challenges {
            response.headers_mut().append(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(access: &Access, headers: &[(&'static str, &str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
        access.accept(&headers.collect())
    }

    #[test]
    fn lines_for_one_header_are_alternatives() {
        let access = Access::parse("bearer old\nbasic me:pw\nheader X-Key: 1\nbearer new\nheader x-key: 2").unwrap();
        let key = ("x-key", "2");
        for value in ["Bearer old", "bearer new", "Basic bWU6cHc="] {
            assert!(accepts(&access, &[key, ("authorization", value)]), "{value}");
            assert!(!accepts(&access, &[("authorization", value)]), "{value}");
            assert!(!accepts(&access, &[("x-key", "3"), ("authorization", value)]), "{value}");
        }
        for value in ["Bearer", "Bearer ol", "Bearer old new", "Basic old"] {
            assert!(!accepts(&access, &[key, ("authorization", value)]), "{value}");
        }
        assert!(!accepts(&access, &[key]));
        let response = access.unauthorized();
        let challenges: Vec<_> = response.headers().get_all(WWW_AUTHENTICATE).iter().collect();
        assert_eq!(challenges, ["Bearer", "Basic realm=\"webhooks\""]);
    }

    #[test]
    fn none_accepts_every_request() {
        assert!(accepts(&Access::parse(" none\n").unwrap(), &[]));
    }
}
