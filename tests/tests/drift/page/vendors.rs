//! The saved pages of five vendors.

use webhook_codegen::json::Json;
use webhook_drift::page::Page;

use super::{headings, json_files, saved};

/// Checks the headings and the repairs of a vendor's page, and that every example that was taken from the page is on it.
/// Returns the page, if it is at hand.
#[track_caller]
fn check(vendor: &str, titles: &[&str], repaired: &[(usize, &str)]) -> Option<Page> {
    let (page, _) = saved("seeds", &format!("{vendor}.txt"))?;
    assert_eq!(headings(&page), titles);
    let repairs = page.blocks.iter().flat_map(|block| &block.repairs);
    assert_eq!(repairs.map(|repair| (repair.line, repair.what.as_str())).collect::<Vec<_>>(), repaired);
    assert_eq!(page.unparsed, []);
    let examples: Vec<_> = documented(vendor).filter(|(path, _)| path.contains("/examples/")).collect();
    assert!(!examples.is_empty());
    for (path, json) in examples {
        let is_example = |shown: &Json| *shown == json || shown.as_array().is_some_and(|items| items.contains(&json));
        assert!(page.blocks.iter().any(|block| is_example(&block.json)), "{path}");
    }
    Some(page)
}

fn documented(vendor: &str) -> impl Iterator<Item = (String, Json)> {
    let files = json_files(&format!("tests/fixtures/five_documents/{vendor}"));
    files.map(|(path, text)| (path, Json::parse(&text).unwrap()))
}

fn first_lines(page: &Page) -> Vec<usize> {
    page.blocks.iter().map(|block| block.first_line).collect()
}

#[test]
fn canary() {
    let titles = [
        "Generic webhook integration test event",
        "Structure for Incidents",
        "FTP Login",
        "Canarytoken Triggered",
        "Structure for Audit Trail events",
        "Canarytoken creation",
        "User login",
    ];
    let Some(page) = check("canary", &titles, &[]) else { return };
    assert_eq!(first_lines(&page), [9, 55, 101, 147, 205, 241, 275]);
}

#[test]
fn connectsecure() {
    let titles = [
        "Payload Format",
        "Asset Events",
        "Port Discovery Events",
        "Vulnerability Events",
        "Authentication / Audit Event",
    ];
    let repaired = [(34, "`\\ ` is not an escape; its backslash was kept")];
    let Some(page) = check("connectsecure", &titles, &repaired) else { return };
    assert_eq!(first_lines(&page), [8, 24, 28, 32, 36]);
}

#[test]
fn crowdsec() {
    let titles = "Is Attacked|Alert Triggered|Security Engine Enrolled|Security Engine Unenrolled|\
        Security Engine Long Pending Enroll|Firewall Integration Offline|Remediation Component Integration Offline|\
        Log Processor No Alerts|CrowdSec Stack Component Outdated|Log Processor Offline|Remediation Component Offline|\
        Security Engine No Alerts|Security Engine Offline|Payment Failed";
    // Each event has a payload and a schema.
    let titles: Vec<&str> = titles.split('|').flat_map(|title| [title; 2]).collect();
    let Some(page) = check("crowdsec", &titles, &[]) else { return };
    let schemas: Vec<_> = documented("crowdsec").filter(|(path, _)| path.ends_with("schema.json")).collect();
    assert_eq!(schemas.len(), 14);
    for (path, json) in schemas {
        assert!(page.blocks.iter().any(|block| block.json == json), "{path}");
    }
}

#[test]
fn procustodibus() {
    let repaired = [63, 93, 125, 153].map(|line| (line, "a `...` in the array was left out"));
    check("procustodibus", &["Alerts", "Endpoint Stats", "Log Authn", "Log Changes"], &repaired);
}

#[test]
fn wallarm() {
    let Some(page) = check("wallarm", &["Hit detected", "Vulnerability detected"], &[]) else { return };
    assert_eq!(page.blocks.iter().map(|b| (b.first_line, b.last_line)).collect::<Vec<_>>(), [(21, 62), (66, 76)]);
}
