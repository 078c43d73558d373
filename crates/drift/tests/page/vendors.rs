//! The saved pages of five vendors.

use std::fs;

use webhook_codegen::json::Json;
use webhook_drift::page::Page;

use crate::{files, headings, root, saved};

/// A vendor's page, when it is at hand.
fn seed(vendor: &str) -> Option<Page> {
    saved("seeds", &format!("{vendor}.txt")).map(|(page, _)| page)
}

/// Every example that was taken from a page is on it.
fn examples_are_there(vendor: &str, page: &Page) {
    let mut paths = Vec::new();
    files(&root().join("tests/fixtures/five_documents").join(vendor), &mut paths);
    let mut count = 0;
    for path in paths.iter().filter(|path| path.parent().unwrap().ends_with("examples")) {
        count += 1;
        let json = Json::parse(&fs::read_to_string(path).unwrap()).unwrap();
        let there = page
            .blocks
            .iter()
            .any(|block| block.json == json || block.json.as_array().is_some_and(|items| items.contains(&json)));
        assert!(there, "{}", path.display());
    }
    assert!(count > 0);
}

fn repairs(page: &Page) -> Vec<(usize, &str)> {
    page.blocks.iter().flat_map(|block| &block.repairs).map(|repair| (repair.line, repair.what.as_str())).collect()
}

#[test]
fn canary() {
    let Some(page) = seed("canary") else { return };
    assert_eq!(page.blocks.iter().map(|block| block.first_line).collect::<Vec<_>>(), [9, 55, 101, 147, 205, 241, 275]);
    assert_eq!((repairs(&page), page.unparsed.len()), (vec![], 0));
    assert_eq!(
        headings(&page),
        [
            "Generic webhook integration test event",
            "Structure for Incidents",
            "FTP Login",
            "Canarytoken Triggered",
            "Structure for Audit Trail events",
            "Canarytoken creation",
            "User login",
        ]
    );
    examples_are_there("canary", &page);
}

#[test]
fn connectsecure() {
    let Some(page) = seed("connectsecure") else { return };
    assert_eq!(page.blocks.iter().map(|block| block.first_line).collect::<Vec<_>>(), [8, 24, 28, 32, 36]);
    assert_eq!(repairs(&page), [(34, "`\\ ` is not an escape; its backslash was kept")]);
    assert_eq!(page.unparsed, []);
    assert_eq!(
        headings(&page),
        [
            "Payload Format",
            "Asset Events",
            "Port Discovery Events",
            "Vulnerability Events",
            "Authentication / Audit Event",
        ]
    );
    examples_are_there("connectsecure", &page);
}

#[test]
fn crowdsec() {
    let Some(page) = seed("crowdsec") else { return };
    assert_eq!(page.blocks.len(), 28);
    assert_eq!((repairs(&page), page.unparsed.len()), (vec![], 0));
    examples_are_there("crowdsec", &page);
    let mut paths = Vec::new();
    files(&root().join("tests/fixtures/five_documents/crowdsec"), &mut paths);
    let schemas: Vec<_> = paths.iter().filter(|path| path.ends_with("schema.json")).collect();
    assert_eq!(schemas.len(), 14);
    for path in schemas {
        let json = Json::parse(&fs::read_to_string(path).unwrap()).unwrap();
        assert!(page.blocks.iter().any(|block| block.json == json), "{}", path.display());
    }
    let of_schemas = headings(&page).into_iter().skip(1).step_by(2).collect::<Vec<_>>();
    assert_eq!(headings(&page).into_iter().step_by(2).collect::<Vec<_>>(), of_schemas);
    assert_eq!(
        of_schemas,
        [
            "Is Attacked",
            "Alert Triggered",
            "Security Engine Enrolled",
            "Security Engine Unenrolled",
            "Security Engine Long Pending Enroll",
            "Firewall Integration Offline",
            "Remediation Component Integration Offline",
            "Log Processor No Alerts",
            "CrowdSec Stack Component Outdated",
            "Log Processor Offline",
            "Remediation Component Offline",
            "Security Engine No Alerts",
            "Security Engine Offline",
            "Payment Failed",
        ]
    );
}

#[test]
fn procustodibus() {
    let Some(page) = seed("procustodibus") else { return };
    let dots = "a `...` in the array was left out";
    assert_eq!(page.blocks.len(), 4);
    assert_eq!(repairs(&page), [(63, dots), (93, dots), (125, dots), (153, dots)]);
    assert_eq!(page.unparsed, []);
    assert_eq!(headings(&page), ["Alerts", "Endpoint Stats", "Log Authn", "Log Changes"]);
    examples_are_there("procustodibus", &page);
}

#[test]
fn wallarm() {
    let Some(page) = seed("wallarm") else { return };
    assert_eq!(page.blocks.iter().map(|b| (b.first_line, b.last_line)).collect::<Vec<_>>(), [(21, 62), (66, 76)]);
    assert_eq!((repairs(&page), page.unparsed.len()), (vec![], 0));
    assert_eq!(headings(&page), ["Hit detected", "Vulnerability detected"]);
    examples_are_there("wallarm", &page);
}
