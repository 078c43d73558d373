//! Any body from a stream, in blocks of any sizes: the items that it has as a whole, and an error where it is broken.
#![no_main]

use libfuzzer_sys::fuzz_target;
use security_webhooks::{Delivery, WebhookEvent, crowdsec, wallarm};
use webhook_runtime::ProviderVisitor;

struct Same<'i>(&'i [u8], &'i [u8]);

impl ProviderVisitor for Same<'_> {
    type Output = ();

    fn visit<E: WebhookEvent>(self) {
        let mut sizes = self.1.iter().map(|size| usize::from(*size)).cycle();
        conformance::streaming::same::<E>(self.0, move || sizes.next().unwrap_or(usize::MAX));
    }
}

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (body, sizes) = &input;
    Same(body, sizes).visit::<wallarm::Event>();
    Same(body, sizes).visit::<crowdsec::Event>();
    let of_lines = |provider: &&golden_events::Provider| provider.info().delivery == Delivery::Lines;
    if let Some(provider) = golden_events::Provider::ALL.iter().find(of_lines) {
        provider.visit(Same(body, sizes));
    }
});
