//! The types that `cargo xtask codegen` generates.

use std::hint::black_box;

use webhook_runtime::{Error, ProviderVisitor, WebhookEvent};

use crate::Entry;
use crate::protocol::{Outcome, Report};

/// Makes entries of the provider that it visits.
#[derive(Clone, Copy, Debug)]
pub struct Entries;

impl ProviderVisitor for Entries {
    type Output = Vec<Entry>;

    fn visit<E: WebhookEvent>(self) -> Vec<Entry> {
        let events = E::PROVIDER.events.iter().enumerate();
        events.map(|(index, info)| entry::<E>(index, format!("{}/{}", E::PROVIDER.name, info.name))).collect()
    }
}

fn entry<E: WebhookEvent>(index: usize, event: String) -> Entry {
    let check = move |text: &str, wants_text: bool| match E::READERS[index].read(text) {
        Ok(event) => Outcome::Accepted(wants_text.then(|| webhook_runtime::to_string(&event))),
        Err(error) => Outcome::Refused(reports(&error)),
    };
    let read = move |bytes: &[u8]| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            drop(black_box(E::READERS[index].read(text)));
        }
    };
    Entry { event, check: Box::new(check), read: Box::new(read) }
}

fn reports(error: &Error) -> Vec<Report> {
    match error.violations() {
        Some(violations) => violations
            .iter()
            .map(|violation| Report {
                message: violation.to_string(),
                location: Some(violation.instance_location.clone()),
            })
            .collect(),
        None => vec![Report { message: error.to_string(), location: None }],
    }
}
