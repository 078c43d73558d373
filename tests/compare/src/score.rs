//! What the answers of a contender amount to.

use std::collections::HashMap;
use std::fmt;

use compare_runner::protocol::{Outcome, Report};
use serde_json::Value;
use webhook_harness::json_diff::difference;

use crate::cases::{Cases, Kind, added};
use crate::faults::{Quality, quality};

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) good: usize,
    pub(crate) of: usize,
}

impl Tally {
    fn add(&mut self, good: bool) {
        self.good += usize::from(good);
        self.of += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            0 => f.write_str("—"),
            of => write!(f, "{} of {of}", self.good),
        }
    }
}

/// What a contender makes of the cases of events that it has a type or a validator for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Score {
    /// Documented payloads that are accepted.
    pub(crate) documented: Tally,
    /// Valid variants that are accepted.
    pub(crate) valid: Tally,
    /// Invalid variants that are refused.
    pub(crate) invalid: Tally,
    /// Documented payloads that come back equal. None, as what follows, if there are no types.
    pub(crate) equal: Tally,
    /// Unknown members that come back.
    pub(crate) unknown: Tally,
    /// Explicit nulls that come back.
    pub(crate) nulls: Tally,
    /// How many of the cases have no answer, because the program ended before, or panicked.
    pub(crate) failures: usize,
    /// The errors of the payload with three faults, and how good they are.
    pub(crate) errors: Option<(Vec<Report>, Quality)>,
}

/// Counts the answers; `has_types`: whether a payload can come back.
pub(crate) fn score(cases: &Cases, answers: &HashMap<usize, Outcome>, has_types: bool) -> Score {
    let mut score = Score::default();
    for prepared in &cases.all {
        let outcome = answers.get(&prepared.case.id);
        if matches!(outcome, Some(Outcome::Missing)) {
            continue;
        }
        score.failures += usize::from(matches!(outcome, None | Some(Outcome::Panicked)));
        let accepted = matches!(outcome, Some(Outcome::Accepted(_)));
        let refused = matches!(outcome, Some(Outcome::Refused(_)));
        let text = match outcome {
            Some(Outcome::Accepted(Some(text))) => Some(text.as_str()),
            _ => None,
        };
        match &prepared.kind {
            Kind::Documented => {
                score.documented.add(accepted);
                if has_types {
                    score
                        .equal
                        .add(text.is_some_and(|text| matches!(difference(&prepared.case.payload, text), Ok(None))));
                }
            }
            Kind::Valid => score.valid.add(accepted),
            Kind::Invalid => score.invalid.add(refused),
            Kind::Unknown(pointer) if has_types => {
                score.unknown.add(text.is_some_and(|text| has(text, pointer, &added())))
            }
            Kind::Null(pointer) if has_types => {
                score.nulls.add(text.is_some_and(|text| has(text, pointer, &Value::Null)))
            }
            Kind::Unknown(_) | Kind::Null(_) => {}
            Kind::Broken => {
                let reports = match outcome {
                    Some(Outcome::Refused(reports)) => reports.as_slice(),
                    // Nothing is reported of a payload that is accepted.
                    _ => &[],
                };
                let faults = cases.broken.as_ref().map_or(&[][..], |broken| &broken.faults);
                score.errors = Some((reports.to_vec(), quality(faults, reports)));
            }
        }
    }
    score
}

/// Whether a text has this value at a place.
fn has(text: &str, pointer: &str, value: &Value) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|found| found.pointer(pointer) == Some(value))
}

#[cfg(test)]
mod tests {
    use compare_runner::protocol::{Case, Want};

    use super::*;
    use crate::cases::Prepared;
    use crate::faults::{Broken, Fault};

    fn cases(of: &[(Kind, &str)]) -> Cases {
        let prepared = |(id, (kind, payload)): (usize, &(Kind, &str))| Prepared {
            case: Case { id, event: "p/e".to_owned(), payload: (*payload).to_owned(), want: Want::Text },
            kind: kind.clone(),
        };
        Cases { all: of.iter().enumerate().map(prepared).collect(), broken: None }
    }

    fn scored(of: &[(Kind, &str)], outcomes: &[Outcome]) -> Score {
        score(&cases(of), &outcomes.iter().cloned().enumerate().collect(), true)
    }

    fn text(text: &str) -> Outcome {
        Outcome::Accepted(Some(text.to_owned()))
    }

    const REFUSED: Outcome = Outcome::Refused(Vec::new());

    #[test]
    fn a_payload_comes_back_if_it_is_equal_to_the_last_digit() {
        let of = vec![(Kind::Documented, "{\"a\": 1.10, \"b\": 0.1}"); 3];
        let score = scored(&of, &[text("{\"b\":0.1,\"a\":1.1}"), text("{\"a\":1.1}"), REFUSED]);
        assert_eq!((score.documented, score.equal), (Tally { good: 2, of: 3 }, Tally { good: 1, of: 3 }));
        let score = scored(&of[..1], &[text("{\"a\":1.1000000000000001,\"b\":0.1}")]);
        assert_eq!(score.equal, Tally { good: 0, of: 1 });
    }

    #[test]
    fn verdicts_are_counted() {
        let of = [(Kind::Valid, "1"), (Kind::Valid, "2"), (Kind::Invalid, "3"), (Kind::Invalid, "4")];
        let score = scored(&of, &[Outcome::Accepted(None), REFUSED, REFUSED, Outcome::Accepted(None)]);
        assert_eq!((score.valid, score.invalid), (Tally { good: 1, of: 2 }, Tally { good: 1, of: 2 }));
    }

    #[test]
    fn a_member_or_a_null_is_kept_if_it_comes_back_at_its_place() {
        let member = format!("{{\"x\":{}}}", added());
        let of = [
            (Kind::Unknown("/x".to_owned()), member.as_str()),
            (Kind::Unknown("/x".to_owned()), member.as_str()),
            (Kind::Null("/a".to_owned()), "{\"a\":null}"),
            (Kind::Null("/a".to_owned()), "{\"a\":null}"),
        ];
        let score = scored(&of, &[text(&member), text("{}"), text("{\"a\":null}"), text("{}")]);
        assert_eq!((score.unknown, score.nulls), (Tally { good: 1, of: 2 }, Tally { good: 1, of: 2 }));
    }

    #[test]
    fn a_validator_keeps_and_loses_nothing() {
        let of = [(Kind::Documented, "{}"), (Kind::Null("/a".to_owned()), "{}"), (Kind::Documented, "{}")];
        let answers = [Outcome::Accepted(None), REFUSED, REFUSED].into_iter().enumerate().collect();
        let score = score(&cases(&of), &answers, false);
        assert_eq!(score.documented, Tally { good: 1, of: 2 });
        assert_eq!((score.equal.to_string(), score.nulls.to_string()), ("—".to_owned(), "—".to_owned()));
    }

    #[test]
    fn an_event_without_a_type_is_not_counted_and_a_crash_is() {
        let of = [(Kind::Documented, "{}"), (Kind::Invalid, "1"), (Kind::Invalid, "2"), (Kind::Invalid, "3")];
        let score = scored(&of, &[Outcome::Missing, Outcome::Missing, Outcome::Panicked]);
        assert_eq!((score.documented, score.invalid), (Tally::default(), Tally { good: 0, of: 2 }));
        assert_eq!(score.failures, 2, "one panic, and one case without an answer");
    }

    #[test]
    fn errors_of_the_broken_payload_are_judged() {
        let mut cases = cases(&[(Kind::Broken, "{}")]);
        let fault = Fault { place: "/a".to_owned(), keyword: "required".to_owned(), what: "removed".to_owned() };
        cases.broken = Some(Broken { event: "p/e".to_owned(), payload: "{}".to_owned(), faults: vec![fault] });
        let report = Report { message: "\"a\" is missing".to_owned(), location: Some(String::new()) };
        let answers = HashMap::from([(0, Outcome::Refused(vec![report]))]);
        let (_, quality) = score(&cases, &answers, true).errors.expect("errors");
        assert_eq!(quality, Quality { reported: 1, of: 1, location: "JSON Pointer" });
        let answers = HashMap::from([(0, Outcome::Accepted(None))]);
        let (_, quality) = score(&cases, &answers, true).errors.expect("a judgement");
        assert_eq!((quality.reported, quality.of), (0, 1), "nothing is reported of what is accepted");
    }
}
