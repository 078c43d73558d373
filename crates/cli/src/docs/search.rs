//! Generates the index for the search in the browser. The index is a script, because a page opened from a folder cannot
//! read other files.

use serde_json::{Value, json};

use super::anchors::{self, url};
use super::site::ProviderPages;

/// Returns the script. Its members are short because there are thousands of them.
pub(super) fn index(providers: &[ProviderPages<'_>]) -> String {
    let mut events: Vec<Value> = Vec::new();
    let mut members: Vec<Value> = Vec::new();
    for provider in providers {
        let name = &provider.input.name;
        let of_events = (provider.input.events.iter().zip(&provider.about.events))
            .map(|(event, about)| (anchors::event_page(name, &event.name), event, about));
        // The envelope has a section on the provider's page.
        let of_envelope = (provider.input.envelope.iter().zip(&provider.about.envelope))
            .map(|(event, about)| (anchors::provider_page(name), event, about));
        for (page, event, about) in of_events.chain(of_envelope) {
            let text = [&about.title, &about.description].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
            let page = url(&page);
            for member in &about.members {
                let (parent, name) = anchors::shown(&member.path);
                let description = member.description.as_deref().unwrap_or_default();
                let rust = member.rust.iter().map(|one| one.ty.clone());
                let mut types: Vec<String> = member.types.iter().cloned().chain(rust).collect();
                types.dedup();
                let types = types.join(" · ");
                members.push(json!([events.len(), anchors::member(&member.path), parent, name, description, types]));
            }
            events.push(json!([provider.input.settings.title, event.name, page, text, about.rust_type]));
        }
    }
    format!("window.searchIndex = {};\n", json!({ "events": events, "members": members }))
}
