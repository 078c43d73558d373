//! Numbers that no `f64` holds, with the feature that keeps them. It changes serde_json for the whole build, so these run on
//! their own.

use conformance::lossless::difference;
use security_webhooks::{crowdsec, procustodibus, wallarm};

const NUMBERS: [&str; 6] = [
    "0.98069498069498081234567890",
    "18446744073709551616",
    "-98249283749234923498293171823948729348710298301928331",
    "1e400",
    "0.10000000000000000555",
    "1E-400",
];

#[test]
fn every_digit_is_kept() {
    for number in NUMBERS {
        let hit =
            format!(r#"{{"object_type": "hit", "anomality": {number}, "new": [{{"deep": {number}}}], "port": 1}}"#);
        let event = wallarm::Event::from_slice(hit.as_bytes()).unwrap();
        assert_eq!(difference(&hit, &serde_json::to_string(&event).unwrap()).unwrap(), None);
        let unknown = format!(r#"{{"what": {number}}}"#);
        let event = crowdsec::Event::from_slice(unknown.as_bytes()).unwrap();
        assert!(matches!(event, crowdsec::Event::Unknown(_)));
        assert_eq!(difference(&unknown, &serde_json::to_string(&event).unwrap()).unwrap(), None);
    }
}

#[test]
fn integers_of_types_are_still_bounded() {
    let alert = super::example(crowdsec::EXAMPLES, "alert_triggered");
    for (integer, held) in
        [("1.0", true), ("9223372036854775807", true), ("9223372036854775808", false), ("1e400", false)]
    {
        let mut alert = alert.clone();
        alert["details"]["scenario_confidence"] = serde_json::from_str(integer).unwrap();
        assert_eq!(crowdsec::Event::from_slice(alert.to_string().as_bytes()).is_ok(), held, "{integer}");
        // In tolerant events, a number that does not fit an integer field is kept in `extra`, digit for digit.
        let stats = format!(r#"{{"type": "endpoint_stats", "attributes": {{"tx_total": {integer}}}}}"#);
        let procustodibus::Event::EndpointStats(event) = procustodibus::Event::from_slice(stats.as_bytes()).unwrap()
        else {
            panic!("{stats}")
        };
        let attributes = event.attributes.as_ref().unwrap();
        assert_eq!((attributes.tx_total.is_some(), attributes.extra.is_empty()), (held, held), "{integer}");
        assert_eq!(difference(&stats, &serde_json::to_string(&event).unwrap()).unwrap(), None);
    }
}

#[test]
fn a_member_with_a_private_name_is_read_as_serde_json_reads_it() {
    let text = r#"{"object_type": "hit", "new": {"$serde_json::private::Number": "no number"}}"#;
    let _ = wallarm::Event::from_slice(text.as_bytes());
    let text = r#"{"AlertType": "CanaryIncident", "LogType": {"$serde_json::private::Number": "5"}}"#;
    let _ = security_webhooks::canary::Event::from_slice(text.as_bytes());
}
