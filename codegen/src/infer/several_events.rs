//! Recognizes payloads that evidently belong to several events.

use std::collections::{BTreeMap, BTreeSet};

use super::distinguish::CANDIDATES;
use super::text::is_label;
use crate::dispatch::discriminator::name_rank;
use crate::json::Json;

/// The maximum number of labels in a note.
const LISTED: usize = 20;

/// Returns a note if payloads belong to several events: they have different labels in a member whose name suggests that
/// it names events, and different members depending on the label.
pub(super) fn several_events(payloads: &[Json]) -> Option<String> {
    let names = payloads.first()?.as_object()?.iter().map(|(name, _)| name.as_str());
    names.filter(|name| name_rank(name).is_some()).take(CANDIDATES).find_map(|name| {
        let label = |payload: &Json| payload.get(name)?.as_str().filter(|text| is_label(text)).map(str::to_owned);
        let labels: Vec<String> = payloads.iter().map(label).collect::<Option<_>>()?;
        let mut members: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for (label, payload) in labels.iter().zip(payloads) {
            let names = payload.as_object().unwrap_or_default().iter().map(|(name, _)| name);
            members.entry(label).or_default().extend(names);
        }
        let shapes: BTreeSet<&BTreeSet<&String>> = members.values().collect();
        if shapes.len() < 2 {
            return None;
        }
        let mut listed: Vec<String> = members.keys().take(LISTED).map(|label| format!("`{label}`")).collect();
        if members.len() > LISTED {
            listed.push(format!("{} others", members.len() - LISTED));
        }
        Some(format!(
            "the payloads have different members depending on the value of `{name}` ({}): if these are several events, infer each from its own payloads",
            listed.join(", ")
        ))
    })
}
