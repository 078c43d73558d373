//! `cargo xtask docs`: every event and member is there, links lead somewhere, and text of a vendor is only text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use conformance::command::{output, xtask};
use conformance::folder::{copy, root, vendors};
use serde_json::Value;

/// Runs the command: its exit code and its errors.
fn docs(defs: &Path, out: &Path) -> (Option<i32>, String) {
    let (defs, out) = (defs.to_str().unwrap(), out.to_str().unwrap());
    let (code, _, error) = output(&mut xtask(&root(), &["docs", "--defs", defs, "--out", out]));
    (code, error)
}

/// The files of a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_now) = open.pop() {
        for entry in fs::read_dir(folder_now).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// The values of an attribute in a page.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let opening = format!(" {name}=\"");
    page.split(&opening).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect()
}

/// The names that a schema declares in `properties`, wherever.
fn declared(schema: &Value, names: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                if let ("properties", Value::Object(properties)) = (keyword.as_str(), value) {
                    names.extend(properties.keys().cloned());
                }
                // What these hold is not a schema.
                if !matches!(keyword.as_str(), "examples" | "default" | "const" | "enum") {
                    declared(value, names);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| declared(item, names)),
        _ => {}
    }
}

#[test]
fn every_event_and_member_has_a_place() {
    let out = tempfile::tempdir().unwrap();
    assert_eq!(docs(&vendors(), out.path()), (Some(0), String::new()));
    let site = files(out.path());
    let mut count = 0;
    for provider in fs::read_dir(vendors()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for event in fs::read_dir(&provider).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(schema) = fs::read_to_string(event.join("schema.json")) else { continue };
            let [provider, event] = [&provider, &event].map(|path| path.file_name().unwrap().to_str().unwrap());
            let page = &site[&format!("{provider}/{event}.html")];
            let ids = attributes(page, "id");
            let mut names = BTreeSet::new();
            declared(&serde_json::from_str(&schema).unwrap(), &mut names);
            for name in &names {
                let ending = format!("/{}", name.replace(' ', "~20"));
                assert!(ids.iter().any(|id| id.ends_with(&ending)), "{provider}/{event}: {name}");
                assert!(site["search-index.js"].contains(&format!("/{name}\"")), "{provider}/{event}: {name}");
            }
            assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{provider}/{event}: an id is repeated");
            count += 1;
        }
    }
    assert!(count > 0);
}

/// The row of a member, without tags.
fn row(page: &str, place: &str) -> String {
    let row =
        page.split_once(&format!("id=\"member:{place}\"")).and_then(|(_, rest)| rest.split_once("</tr>")).unwrap().0;
    let text = row.split('<').filter_map(|part| Some(part.split_once('>')?.1));
    text.collect::<Vec<_>>()
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
}

/// What the vendor's schema has, as a person reads it.
#[test]
fn rows_have_types_presence_and_constraints() {
    let out = tempfile::tempdir().unwrap();
    assert_eq!(docs(&vendors(), out.path()).0, Some(0));
    let page = &files(out.path())["crowdsec/alert_triggered.html"];
    for (place, expected) in [
        ("/metadata/version", "/metadata/ version integer required VERSION: i64 always 1"),
        ("/details/uuid", "/details/ uuid null or string required uuid: Option<String> The alert UUID"),
        ("/details/behaviors", "/details/ behaviors array required behaviors: Vec<AlertBehavior> The attack behaviors"),
        ("/details/behaviors/*", "/details/behaviors/ * object AlertBehavior"),
        ("/details/source/as_number", "/details/source/ as_number null or integer optional as_number: Nullable<i64>"),
    ] {
        assert!(row(page, place).starts_with(expected), "{}", row(page, place));
    }
}

#[test]
fn links_lead_to_pages_and_places() {
    let out = tempfile::tempdir().unwrap();
    assert_eq!(docs(&vendors(), out.path()).0, Some(0));
    let site = files(out.path());
    let is_there = |from: &str, link: &str| {
        let (path, place) = link.split_once('#').unwrap_or((link, ""));
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = match (path.strip_prefix("../"), folder) {
            _ if path.is_empty() => from.to_owned(),
            (Some(path), _) => path.to_owned(),
            (None, "") => path.to_owned(),
            (None, folder) => format!("{folder}/{path}"),
        };
        let page = site.get(&path);
        page.is_some_and(|page| place.is_empty() || attributes(page, "id").contains(&place))
    };
    for (path, page) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        let links = attributes(page, "href").into_iter().chain(attributes(page, "src"));
        for link in links.filter(|link| !link.starts_with("https://") && !link.starts_with("data:")) {
            assert!(is_there(path, link), "{path}: {link}");
        }
    }
    let index = site["search-index.js"].lines().filter_map(|line| line.strip_prefix("[\"")?.split_once('"'));
    let index: Vec<&str> = index.map(|(address, _)| address).collect();
    assert!(!index.is_empty());
    for address in index {
        assert!(is_there("index.html", address), "{address}");
    }
}

#[test]
fn text_of_a_vendor_is_only_text() {
    let folder = tempfile::tempdir().unwrap();
    let (defs, out) = (folder.path().join("defs"), folder.path().join("out"));
    let event = defs.join("acme/it_happened");
    fs::create_dir_all(&event).unwrap();
    let hostile = "</p><script>alert(1)</script> \"><img src=x onerror=alert(2)>";
    fs::write(defs.join("acme/provider.toml"), format!("title = {hostile:?}\n")).unwrap();
    let schema = serde_json::json!({
        "type": "object",
        "description": hostile,
        "required": ["kind"],
        "properties": {
            "kind": { "const": "it|happened", "description": hostile },
            "a|b": { "enum": ["|", hostile] },
            "\"><b": { "type": "string", "description": hostile },
        },
    });
    fs::write(event.join("schema.json"), schema.to_string()).unwrap();
    assert_eq!(docs(&defs, &out), (Some(0), String::new()));
    let site = files(&out);
    for (path, page) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        for tag in ["<script>alert", "<img", "<b"] {
            let rest = page.replace("<body", "").replace("<br>", "");
            assert!(!rest.contains(tag), "{path} has {tag}");
        }
    }
    // Escapes of Markdown tables are not shown.
    let page = &site["acme/it_happened.html"];
    assert!(page.contains("it|happened") && !page.contains("\\|"));
}

#[test]
fn the_site_is_written_whole_and_alike_and_over_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    assert_eq!(docs(&vendors(), &out).0, Some(0));
    let first = files(&out);
    fs::write(out.join("old.html"), "of an event that is gone").unwrap();
    assert_eq!(docs(&vendors(), &out).0, Some(0));
    assert_eq!(files(&out), first);

    // Input with a problem changes nothing.
    let defs = folder.path().join("defs");
    copy(&vendors(), &defs);
    fs::write(defs.join("crowdsec/payment_failed/schema.json"), "{\"type\": \"strnig\"}").unwrap();
    let (code, error) = docs(&defs, &out);
    assert!(code == Some(1) && error.contains("payment_failed"), "{error}");
    assert_eq!(files(&out), first);

    let foreign = folder.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.txt"), "mine").unwrap();
    let (code, error) = docs(&vendors(), &foreign);
    assert!(code == Some(1) && error.contains("--out"), "{error}");
    assert_eq!(files(&foreign), BTreeMap::from([("thesis.txt".to_owned(), "mine".to_owned())]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing temporary is left");
}
