//! Reads payloads with the generated types.

use std::path::Path;

use serde_json::Value;
use webhook_harness::Request;
use webhook_harness::json_diff::difference;
use webhook_harness::read::{Outcome, Payload, Reason};

use super::examine::{Finding, Reported};
use crate::context::Context;
use crate::failure::Failure;
use crate::files::write_if_changed;
use crate::scratch::ScratchProgram;

/// Reads bodies with the generated types, which accept or reject them.
pub(super) fn read(
    context: &Context,
    defs: &Path,
    mask: bool,
    examined: &mut [(&str, Vec<u8>, Finding)],
) -> Result<(), Failure> {
    let mut payloads = Vec::new();
    for (_, bytes, finding) in examined.iter() {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        visit(finding, &mut |finding| payloads.extend(payload(finding, text, mask)));
    }
    let scratch = ScratchProgram::of_defs(context, defs)?;
    let file = scratch.data().join("payloads.json");
    let text = serde_json::to_string(&payloads).map_err(|error| Failure::of("the payloads", error))?;
    write_if_changed(&file, &text)?;
    let printed = scratch.output(&Request::Read(file))?;
    let outcomes: Result<Vec<Outcome>, _> = printed.lines().map(serde_json::from_str).collect();
    let outcomes = outcomes.map_err(|error| Failure::of("the outcomes of the compiled types", error))?;
    if outcomes.len() != payloads.len() {
        let counts = format!("{} outcomes for {} payloads", outcomes.len(), payloads.len());
        return Err(Failure::of("the outcomes of the compiled types", counts));
    }
    let mut outcomes = outcomes.into_iter();
    for (_, bytes, finding) in examined {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        take(finding, text, mask, &mut outcomes);
    }
    Ok(())
}

/// Visits the findings of the items of a body, and then the finding itself.
fn visit(finding: &Finding, apply: &mut impl FnMut(&Finding)) {
    finding.items.iter().flatten().for_each(&mut *apply);
    apply(finding);
}

/// Returns the payload that the types read for a finding: a body of several events, or a payload of a known event.
fn payload(finding: &Finding, body: &str, mask: bool) -> Option<Payload> {
    let provider = finding.provider?.to_owned();
    let text = body.get(finding.range.clone())?.to_owned();
    match (&finding.items, finding.event) {
        (Some(_), _) => Some(Payload { provider, event: None, text, mask }),
        (None, Some(event)) => Some(Payload { provider, event: Some(event.to_owned()), text, mask }),
        (None, None) => None,
    }
}

/// Takes the outcomes of a finding and of its items.
fn take(finding: &mut Finding, text: &str, mask: bool, outcomes: &mut impl Iterator<Item = Outcome>) {
    // Outcomes are in the order of payloads, so one is taken exactly where `visit` found a payload.
    let is_read = payload(finding, text, mask).is_some();
    let Some(mut items) = finding.items.take() else {
        if is_read {
            if let Some(outcome) = outcomes.next() {
                decide(finding, outcome);
            }
        } else if finding.valid.is_none() {
            // An unknown event is kept as a `Value`.
            let own = text.get(finding.range.clone()).unwrap_or_default();
            let back = serde_json::from_str::<Value>(own).map(|value| value.to_string()).unwrap_or_default();
            finding.lossless = Some(difference(own, &back).is_ok_and(|found| found.is_none()));
        }
        return;
    };
    items.iter_mut().for_each(|item| take(item, text, mask, outcomes));
    let whole = !is_read || outcomes.next().is_some_and(|outcome| outcome.lossless);
    finding.lossless = Some(whole && items.iter().all(|item| item.lossless == Some(true)));
    if items.iter().any(|item| item.valid == Some(false)) {
        finding.valid = Some(false);
    }
    finding.items = Some(items);
}

/// Applies the decision of the type to a finding.
fn decide(finding: &mut Finding, outcome: Outcome) {
    finding.lossless = Some(outcome.lossless);
    match outcome.rejected {
        None => {
            finding.valid = Some(true);
            finding.violations.clear();
        }
        Some(reasons) => {
            finding.valid = Some(false);
            // A type may reject what its schema accepts: an integer that no integer type holds.
            if finding.violations.is_empty() {
                let reported = |Reason { instance, message }| Reported { instance, message, ..Reported::default() };
                finding.violations = reasons.into_iter().map(reported).collect();
            }
            finding.deviations.clear();
        }
    }
}
