//! `cargo xtask docs`: every event and every member is on its page, and every link has a target.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::pages::{Element, Site, docs, events, members};
use crate::command::Outcome as _;
use conformance::folder::{ExampleFile, examples, goldens, realistic, root, texts, vendors, write};
use serde_json::Value;

fn ids(elements: &[Element]) -> Vec<&str> {
    elements.iter().filter_map(|element| element.attributes.get("id").map(String::as_str)).collect()
}

/// Returns the rows of the table of members, by their anchors.
fn rows(elements: &[Element]) -> BTreeMap<&str, &Element> {
    let id = |element: &Element| element.attributes.get("id").is_some_and(|id| id.starts_with("member-"));
    let rows = elements.iter().filter(|element| element.name == "tr" && id(element));
    rows.map(|row| (row.attributes["id"].as_str(), row)).collect()
}

/// Returns a text with normalized white space and without the marks around code.
fn plain(text: &str) -> String {
    text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_event_and_member_is_on_its_page() {
    let site = Site::of(&vendors());
    for (provider, event) in events(&vendors()) {
        let rows = rows(site.event(provider, event));
        let (expected, left) = members(&vendors(), provider, event);
        assert!(left.is_empty(), "{provider}/{event}: {left:?}");
        let names: BTreeSet<&str> = expected.keys().map(String::as_str).collect();
        // The other rows are members without a name, or items by position.
        let found: BTreeSet<&str> = rows.keys().copied().filter(|anchor| !anchor.contains(['~'])).collect();
        assert_eq!(found, names, "{provider}/{event}");
        for (anchor, member) in &expected {
            let text = plain(rows[anchor.as_str()].text());
            assert_eq!(text.contains("required"), member.required, "{provider}/{event} {anchor}: {text}");
            if let Some(description) = &member.description {
                assert!(text.contains(&plain(description)), "{provider}/{event} {anchor}: {text}");
            }
        }
        for index in ["index.html".to_owned(), format!("{provider}/index.html")] {
            let mut links = site.pages[&index].iter().filter_map(|element| element.attributes.get("href"));
            assert!(links.any(|link| link.ends_with(&format!("{event}.html"))), "{index}: {event}");
        }
    }
}

/// The object around the events has a section on the provider's page.
#[test]
fn the_envelope_is_on_the_page_of_its_provider() {
    let site = Site::of(&goldens());
    let page = &site.pages["wrapped/index.html"];
    assert!(ids(page).contains(&"envelope"), "{:?}", ids(page));
    let rows = rows(page);
    let names: Vec<&str> = rows.keys().copied().collect();
    assert_eq!(names.len(), 7, "{names:?}");
    let next = rows.values().find(|row| row.text().contains("The next page.")).unwrap();
    assert!(next.text().contains("envelope.data.next"), "{}", next.text());
    assert!(!ids(&site.pages["batch/index.html"]).contains(&"envelope"));
}

/// In the realistic set, schemas refer to each other in every way, and are inside of themselves.
#[test]
fn members_of_intricate_schemas_are_there() {
    let site = Site::of(&realistic());
    let mut checked = 0;
    for (provider, event) in events(&realistic()) {
        let rows = rows(site.event(provider, event));
        for anchor in members(&realistic(), provider, event).0.keys() {
            checked += 1;
            if !rows.contains_key(anchor.as_str()) {
                // A very large page lists the members of a schema that is used again in one place, and links to it.
                let above = anchor.match_indices('.').rev().find_map(|(at, _)| rows.get(&anchor[..at]));
                let text = above.map(|row| plain(row.text())).unwrap_or_default();
                let elsewhere = rows.len() > 2000 && text.contains("It has the same members as");
                assert!(elsewhere, "{provider}/{event} {anchor}");
            }
        }
    }
    assert!(checked >= 5000, "{checked}");
}

#[test]
fn payloads_and_schemas_are_those_of_schema_defs() {
    let site = Site::of(&vendors());
    for ExampleFile { provider, event, name, text } in examples(&vendors()) {
        let shown = |element: &Element| element.name == "pre" && element.text() == text.trim_end();
        assert!(site.event(&provider, &event).iter().any(shown), "{provider}/{event} {name}");
        let schema = serde_json::from_str(&site.files[&format!("{provider}/{event}.schema.json")]).unwrap();
        let payload = serde_json::from_str(&text).unwrap();
        assert!(jsonschema::is_valid(&schema, &payload), "{provider}/{event} {name}");
    }
}

/// Returns the fields and associated constants of a module of the generated crate: `Owner::name`, and the type.
fn fields(module: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let spelled = |ty: &syn::Type| quote::quote!(#ty).to_string().replace(' ', "");
    for (path, text) in texts(module).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
        for item in syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}")).items {
            match item {
                syn::Item::Struct(item) => {
                    for field in &item.fields {
                        let name = field.ident.as_ref().map_or_else(|| "0".to_owned(), ToString::to_string);
                        found.insert(format!("{}::{name}", item.ident), spelled(&field.ty));
                    }
                }
                syn::Item::Impl(item) => {
                    let owner = spelled(&item.self_ty);
                    for inner in item.items {
                        if let syn::ImplItem::Const(inner) = inner {
                            found.insert(format!("{owner}::{}", inner.ident), spelled(&inner.ty));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn the_rust_types_are_those_of_the_generated_crate() {
    let site = Site::of(&vendors());
    let mut compared = 0;
    for (provider, event) in events(&vendors()) {
        let fields = fields(&root().join("generated/src").join(provider));
        let mut shown = "";
        for element in site.event(provider, event) {
            // A field is inside of the paragraph that begins with its type.
            if element.attributes.get("class").is_some_and(|class| class == "field") {
                let name = element.text().trim_start_matches("const ");
                let ty = shown.strip_suffix(element.text()).unwrap().replace(' ', "");
                let own = fields.get(name).map(|own| own.replace(",>", ">"));
                assert_eq!(own.as_deref(), Some(ty.as_str()), "{provider}/{event} {name}");
                compared += 1;
            } else if element.name == "p" {
                shown = element.text();
            }
        }
    }
    assert!(compared >= 400, "{compared}");
}

/// Checks that the target of every link of a site exists, and of every result of the search.
fn check_links(Site { files, pages }: &Site) {
    let anchors: BTreeMap<&String, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, elements)| {
            let all = ids(elements);
            let set: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), set.len(), "{path} has an anchor twice");
            (path, set)
        })
        .collect();
    let check = |from: &str, link: &str| {
        let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
        let mut path: Vec<&str> = from.split('/').collect();
        if !file.is_empty() {
            path.pop();
            for name in file.split('/') {
                match name {
                    ".." => drop(path.pop()),
                    name => path.push(name),
                }
            }
        }
        let path = percent_decoded(&path.join("/"));
        assert!(files.contains_key(&path), "{from}: {link} leads nowhere");
        if let Some(anchor) = anchor {
            assert!(anchors[&path].contains(anchor), "{from}: {link} leads nowhere on its page");
        }
    };
    for (path, elements) in pages {
        for element in elements {
            for name in ["href", "src"] {
                let outside =
                    |link: &&String| !["https://", "http://", "data:"].iter().any(|scheme| link.starts_with(scheme));
                if let Some(link) = element.attributes.get(name).filter(outside) {
                    check(path, link);
                }
            }
            for name in ["for", "aria-labelledby", "aria-describedby"] {
                if let Some(id) = element.attributes.get(name) {
                    assert!(anchors[path].contains(id.as_str()), "{path}: {name} of {id}");
                }
            }
        }
    }
    let index = files["search-index.js"].strip_prefix("window.searchIndex = ").unwrap();
    let index: Value = serde_json::from_str(index.trim_end().trim_end_matches(';')).unwrap();
    let events = index["events"].as_array().unwrap();
    for member in index["members"].as_array().unwrap() {
        let page = events[usize::try_from(member[0].as_u64().unwrap()).unwrap()][2].as_str().unwrap();
        check("index.html", &format!("{page}#{}", member[1].as_str().unwrap()));
    }
    let listed = index["members"].as_array().unwrap().len();
    let rows: usize = pages.values().map(|elements| rows(elements).len()).sum();
    assert_eq!(listed, rows, "the search has every member");
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        match (first, tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_leads_somewhere() {
    for defs in [vendors(), goldens(), realistic()] {
        check_links(&Site::of(&defs));
    }
}

#[test]
fn text_of_vendors_is_text() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "<script>alert(\"1\")</script> & 'x' \" onfocus=\"alert(2)";
    let settings = format!(
        "title = {0:?}\norigin = {0:?}\ndocs_url = \"javascript:alert(3)\"\n[requests]\ncontent_type = {0:?}\nretry = {0:?}\n\
         [events.\"it's\"]\nrationale = {0:?}\nrepair = {0:?}\norigin = {0:?}\n",
        hostile
    );
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": hostile, "description": hostile, "type": "object", "required": ["kind"],
        "properties": {
            "kind": {"const": hostile}, hostile: {"description": hostile, "type": "string", "format": hostile},
            "<img src=x>": {"enum": [hostile, "</code>"]}, "a.b": {"type": "object", "properties": {"": {}, " ": {}}},
        },
    });
    let example = serde_json::json!({"kind": hostile, "<b>": hostile}).to_string();
    let event = [("a-b/it's/schema.json", schema.to_string()), ("a-b/it's/examples/one.json", example)];
    write(folder.path(), [("a-b/provider.toml", settings)].into_iter().chain(event));
    let site = Site::new(folder.path(), &[]);
    check_links(&site);
    for (path, page) in &site.pages {
        assert!(page[0].text().contains(hostile), "{path}");
        for element in page {
            let class = element.attributes.get("src").map(String::as_str).unwrap_or_default();
            assert!(element.name != "script" || class.ends_with("catalogue.js"), "{path}");
            assert!(!["img", "b"].contains(&element.name.as_str()), "{path}");
            assert!(!element.attributes.keys().any(|name| name.starts_with("on")), "{path}");
            let link = element.attributes.get("href").map(String::as_str).unwrap_or_default();
            assert!(!link.starts_with("javascript"), "{path}: {link}");
        }
    }
    let rows = rows(site.event("a-b", "it's"));
    assert_eq!(rows.len(), 6, "{:?}", rows.keys());
}

#[test]
fn a_site_is_written_completely_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("deep/second"));
    let docs = |defs: &Path, out: &Path| docs(defs, out, &[]);
    for out in [&first, &second] {
        docs(&vendors(), out).exits(0);
    }
    let site = texts(&first);
    assert_eq!(site, texts(&second), "two runs differ");

    // A later run replaces all files, and leaves no other file.
    docs(&goldens(), &second).exits(0);
    assert!(!texts(&second).keys().any(|path| path.starts_with("crowdsec")));
    let names = |path: &Path| fs::read_dir(path).unwrap().count();
    assert_eq!((names(folder.path()), names(second.parent().unwrap())), (2, 1));

    // Schema-defs with a problem change nothing.
    let broken = folder.path().join("broken");
    write(&broken, [("a/b/schema.json", "{\"type\": 5}")]);
    docs(&broken, &first).says(1, ["schema.json:1", "nothing was written"]);
    assert_eq!(site, texts(&first));

    // A site with a file of the user, a folder that is not a site, and a file.
    fs::write(first.join("notes.txt"), "mine").unwrap();
    docs(&vendors(), &first).says(3, ["notes.txt", "--out"]);
    assert_eq!(texts(&first).len(), site.len() + 1);
    for out in [&broken, &broken.join("a/b/schema.json")] {
        let before = texts(&broken);
        docs(&vendors(), out).says(3, ["--out"]);
        assert_eq!(texts(&broken), before);
    }
}

/// The page of an event says since when the crate has it and the vendor documents it, and links to the vendor's page and to
/// rustdoc.
#[test]
fn events_have_a_history_and_links() {
    let site = Site::new(&vendors(), &["--rustdoc", "../doc/"]);
    let has = |path: &str, text: &str| site.pages[path].iter().any(|element| element.text() == text);
    assert!(has("crowdsec/alert_triggered.html", "Since the first version of the crate; still documented"));
    let until = "Since version 0.2.0 of the crate; documented until 2022, and the vendor may still send it";
    assert!(has("canarytokens/alert_2016.html", until));
    for path in ["canarytokens/alert_2016.html", "canarytokens/index.html", "index.html"] {
        assert!(has(path, "Documented until 2022"), "{path}");
    }
    let page = site.event("crowdsec", "alert_triggered").iter();
    let links: Vec<&String> = page.filter_map(|element| element.attributes.get("href")).collect();
    for expected in [
        "https://docs.crowdsec.net/u/console/notification_integrations/webhook",
        "../crowdsec/alert_triggered.schema.json",
        "../../doc/security_webhooks/crowdsec/struct.AlertTriggered.html",
        "../../doc/security_webhooks/crowdsec/enum.Event.html#variant.AlertTriggered",
        "../../doc/security_webhooks/crowdsec/struct.AlertSource.html#structfield.value",
        "../../doc/security_webhooks/crowdsec/struct.Metadata.html#associatedconstant.VERSION",
    ] {
        assert!(links.iter().any(|link| *link == expected), "{expected}: {links:?}");
    }
}

/// The facts of the vendor's schema in words.
#[test]
fn rows_have_types_presence_and_constraints() {
    let site = Site::of(&vendors());
    let rows = rows(site.event("crowdsec", "alert_triggered"));
    for (anchor, expected) in [
        ("metadata.version", "metadata.versionrequiredMetadata::VERSIONintegeri64 const Metadata"),
        ("details.uuid", "details.uuidrequiredmay be nullevent.details.uuidstringOption<String>"),
        ("details.behaviors", "details.behaviorsrequiredevent.details.behaviorsarray of objectVec<AlertBehavior>"),
        (
            "details.source.as_number",
            "details.source.as_numberoptionalmay be nullevent.details.source.as_numberintegerNullable<i64>",
        ),
    ] {
        let text = plain(rows[format!("member-{anchor}").as_str()].text());
        assert!(text.starts_with(expected), "{text}");
    }
    for (anchor, expected) in [("details.source.value", "Example: \"203.0.113.25\""), ("metadata.version", "const 1")] {
        let text = plain(rows[format!("member-{anchor}").as_str()].text());
        assert!(text.ends_with(expected), "{text}");
    }
}
