//! Payloads that are evidently of several events.

use std::collections::BTreeSet;

use super::distinguish::is_discriminator_name;
use super::text::is_label;
use crate::json::Json;

/// Declared so when payloads have different labels in a member that is called like one that says what an event is, and have
/// different members by it.
pub(super) fn mixed(payloads: &[Json]) -> Option<String> {
    let names = payloads.first()?.as_object()?.iter().map(|(name, _)| name.as_str());
    names.filter(|name| is_discriminator_name(name)).find_map(|name| {
        let label = |payload: &Json| payload.get(name)?.as_str().filter(|text| is_label(text)).map(str::to_owned);
        let labels: Vec<String> = payloads.iter().map(label).collect::<Option<_>>()?;
        let distinct: BTreeSet<&String> = labels.iter().collect();
        let members = |wanted: &String| {
            let own = labels.iter().zip(payloads).filter(move |(label, _)| *label == wanted).map(|(_, payload)| payload);
            own.flat_map(|payload| payload.as_object().unwrap_or_default()).map(|(name, _)| name).collect::<BTreeSet<_>>()
        };
        let shapes: BTreeSet<BTreeSet<&String>> = distinct.iter().map(|label| members(label)).collect();
        if distinct.len() < 2 || shapes.len() < 2 {
            return None;
        }
        let listed: Vec<String> = distinct.iter().map(|label| format!("`{label}`")).collect();
        Some(format!(
            "the payloads have other members by their `{name}` ({}): if these are several events, infer each from its own payloads",
            listed.join(", ")
        ))
    })
}
