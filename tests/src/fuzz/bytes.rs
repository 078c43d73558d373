//! Fuzzes readers of bodies with arbitrary bytes.

use std::sync::LazyLock;

use golden_events::Provider;
use security_webhooks::{Delivery, WebhookEvent, crowdsec, wallarm};
use serde_json::Value;
use serde_json::value::RawValue;
use webhook_runtime::__private::{Identifier, equal};
use webhook_runtime::{ProviderVisitor, Reading};

use super::{PROVIDERS, events};
use crate::exceptions::{has, is_unheld};
use crate::steps::{PURPOSES, bound, counted};
use crate::streaming::same;

/// Reads arbitrary bytes with every provider and every event: there is no panic and no hang, and accepted bytes are
/// written back equal.
pub fn from_slice(bytes: &[u8]) {
    let parsed: Option<Value> = serde_json::from_slice(bytes).ok();
    let same = |back: String| {
        // A batch keeps the text of rejected items, because a `Value` does not hold every number.
        let _: &RawValue = serde_json::from_str(&back).expect("what is written is JSON");
        if let Some(sent) = &parsed {
            let back: Value = serde_json::from_str(&back).expect("a value, as it was");
            assert!(equal(sent, &back), "{sent} came back {back}");
        }
    };
    for provider in PROVIDERS.iter() {
        if provider.delivery != Delivery::Lines
            && let Ok(back) = provider.roundtrip(bytes)
        {
            same(back);
        }
        for event in &provider.events {
            if let Ok(back) = event.roundtrip(bytes) {
                same(back);
            }
            let _ = provider.roundtrip_with_name(event.wire_name, bytes);
        }
    }
}

/// Passes arbitrary bytes to `identify`: there is no panic and no hang, and an identified event is an event of the
/// provider.
pub fn identify(bytes: &[u8]) {
    static IDENTIFIER: LazyLock<Identifier> =
        LazyLock::new(|| Identifier::new(PROVIDERS.iter().map(|provider| provider.info())));
    if let Some((place, Some(event))) = IDENTIFIER.identify(bytes) {
        assert!(PROVIDERS[place].events.iter().any(|known| known.name == event));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        for provider in PROVIDERS.iter() {
            let _ = provider.dispatch.detect(text);
            let _ = provider.delivery.split(text);
        }
    }
}

/// Passes any JSON to every validator: the decision, the list of violations and the type agree.
pub fn validate(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    // Written again, so that no member is repeated.
    let text = value.to_string();
    let is_held = !has(&value, is_unheld);
    for event in events() {
        let accepted = event.validator.is_valid(&value);
        let violations = event.validator.violations(&value);
        assert_eq!(accepted, violations.is_empty(), "{}: {text}: {violations}", event.name);
        let _ = (violations.to_string(), violations.masked().to_string(), serde_json::to_string(&violations));
        let read = event.roundtrip(text.as_bytes());
        let _ = event.validator.deviations(&value).to_string();
        if event.reading == Reading::Tolerant {
            assert!(!accepted || !is_held || read.is_ok(), "{}: {text}: {:?}", event.name, read.err());
        } else if is_held {
            assert_eq!(accepted, read.is_ok(), "{}: {text}: {:?}", event.name, read.err());
        } else {
            assert!(accepted || read.is_err(), "{}: {text}", event.name);
        }
    }
}

/// Reads any JSON with every event in every way: each schema is evaluated at most once at each place for each purpose.
pub fn steps(bytes: &[u8]) {
    static SCHEMAS: LazyLock<Vec<Value>> =
        LazyLock::new(|| events().map(|event| serde_json::from_str(event.schema).expect("JSON")).collect());
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    for (event, schema) in events().zip(SCHEMAS.iter()) {
        let within = |what: &str, taken: u64, times: u64| {
            let most = bound(schema, &value, times);
            assert!(taken <= most, "{}: {taken} steps to {what}, at most {most}: {value}", event.name);
        };
        within("decide", counted(|| event.validator.is_valid(&value)).1, 1);
        within("report", counted(|| event.validator.violations(&value)).1, PURPOSES);
        within("list deviations", counted(|| event.validator.deviations(&value)).1, PURPOSES + 2);
        // The text is read once. If that fails, it is read again as a value, and the violations are reported.
        within("read", counted(|| event.roundtrip(bytes)).1, PURPOSES + 2);
    }
}

/// Reads any body from a stream, in blocks of any sizes: the items are the items of the whole body, and a malformed
/// body ends with an error.
///
/// The bytes after the last NUL are the sizes of the blocks. Without a NUL, all bytes are the body, in one block.
pub fn stream(bytes: &[u8]) {
    let (body, sizes) = match bytes.iter().rposition(|byte| *byte == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[][..]),
    };
    Same(body, sizes).visit::<wallarm::Event>();
    Same(body, sizes).visit::<crowdsec::Event>();
    let of_lines = |provider: &&Provider| provider.info().delivery == Delivery::Lines;
    if let Some(provider) = Provider::ALL.iter().find(of_lines) {
        provider.visit(Same(body, sizes));
    }
}

struct Same<'i>(&'i [u8], &'i [u8]);

impl ProviderVisitor for Same<'_> {
    type Output = ();

    fn visit<E: WebhookEvent>(self) {
        let mut sizes = self.1.iter().map(|size| usize::from(*size)).cycle();
        same::<E>(self.0, move || sizes.next().unwrap_or(usize::MAX));
    }
}
