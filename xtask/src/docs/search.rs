//! What the search of the site finds, as a script: a page that is opened as a file cannot load anything else.

use serde_json::json;

use super::Described;
use super::layout::anchor;

/// How many characters of a description are searched and shown.
const LONGEST: usize = 200;

/// `CATALOGUE`: for each event and each member its address, provider, event, pointer, and description.
pub(super) fn index(providers: &[Described<'_>]) -> String {
    let mut lines = Vec::new();
    for described in providers {
        let (provider, title) = (described.provider, &described.provider.settings.title);
        for event in &described.about.events {
            let page = format!("{}/{}.html", provider.name, event.name);
            lines.push(json!([page, title, event.name, "", shortened(&event.description)]).to_string());
            for member in &event.members {
                let address = format!("{page}#{}", anchor(&member.pointer));
                let text = shortened(&member.description);
                lines.push(json!([address, title, event.name, member.pointer, text]).to_string());
            }
        }
    }
    format!("const CATALOGUE = [\n{}\n];\n", lines.join(",\n"))
}

fn shortened(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}
