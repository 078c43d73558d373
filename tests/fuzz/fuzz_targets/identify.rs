//! Any bytes to `identify`: no panic, no hang, and an identified event is the one that the parser returns.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let providers = conformance::everything();
    let identifier = webhook_runtime::__private::Identifier::new(providers.iter().map(|provider| provider.info()));
    if let Some((place, Some(event))) = identifier.identify(bytes) {
        assert!(providers[place].events.iter().any(|known| known.name == event));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        for provider in &providers {
            let _ = provider.dispatch.detect(text);
            let _ = provider.delivery.split(text);
        }
    }
});
