//! Recognizes pages whose payloads look like objects with events in them.

use webhook_codegen::EventMatcher;
use webhook_codegen::catalog::Provider;
use webhook_codegen::infer::{Wrapped, wrapped};
use webhook_codegen::json::Json;

use crate::blocks::{Form, classify};
use crate::known_event::is_example;
use crate::page::Pages;

/// Proposes where the events of a body are, if payloads of pages look like objects with a list of events in them and the settings do
/// not say so. A person must decide.
pub fn proposal(provider: &Provider, pages: &Pages) -> Option<String> {
    let settings = &provider.settings;
    if !settings.items.is_empty() || settings.item.is_some() {
        return None;
    }
    let matcher = EventMatcher::new(provider).ok();
    // The list of a known event is a part of it.
    let is_known = |json: &Json| {
        provider.events.iter().any(|event| is_example(event, json))
            || matcher.as_ref().is_some_and(|matcher| matcher.detect(&json.to_value()).is_some())
    };
    let blocks = pages.iter().flat_map(|(_, page)| &page.blocks);
    let payloads = blocks.filter(|block| {
        let is_ignored = |heading: &String| settings.ignore_headings.contains(heading);
        !block.heading.iter().chain(&block.sections).any(is_ignored)
            && classify(&block.json, settings).0 == Form::Payload
    });
    let unknown: Vec<&Json> = payloads.map(|block| &block.json).filter(|json| !is_known(json)).collect();
    let found: Vec<Wrapped> =
        unknown.iter().filter_map(|json| wrapped(json)).filter(|found| found.items.is_some()).collect();
    let first = found.first()?;
    // Parts of the payloads are shown next to them.
    let is_common = found.len() * 2 >= unknown.len() && found.iter().all(|other| other == first);
    is_common.then(|| {
        format!(
            "payloads of the pages look like objects with events in them: if they are, write in {}, above the first table,\n{}",
            provider.settings_file(),
            first.settings()
        )
    })
}
