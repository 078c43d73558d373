//! JSON that is printed into a page is read back equal.

use conformance::stride;
use webhook_codegen::json::Json;

use super::{has_members, json_files, one};

#[test]
fn json_comes_back_equal() {
    let folders = ["schema-defs", "tests/goldens/schema-defs", "tests/realistic/schema-defs"];
    let mut count = 0;
    for (path, text) in folders.into_iter().flat_map(json_files).step_by(stride(5)) {
        let Ok(json) = Json::parse(&text) else { continue };
        // A page is read for objects: of an array of other things it shows those that are in it.
        let is_mixed = json.as_array().is_some_and(|items| items.iter().any(|item| item.as_object().is_none()));
        if !has_members(&json) || is_mixed {
            continue;
        }
        count += 1;
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let lines = |text: &str| escaped(text).replace('\n', "</pre>\n<pre>");
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        for code in [text.trim_end().to_owned(), json.pretty().trim_end().to_owned(), json.to_string()] {
            let first = 5;
            for (name, page) in [
                ("page.md", format!("# Title\n\nText.\n```json\n{code}\n```\n")),
                ("page.md", format!("# Title\n\nText {{id}}.\n\n{code}\n")),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n<pre>\n{}\n</pre>", escaped(&code))),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n<code>\n{}\n</code>", escaped(&code))),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n\n<pre>{}</pre>", lines(&code))),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n\n<a data-copy=\"{}\">x</a>", escaped(&code))),
                ("page.md", format!("# Title\n\n<a data-copy=\"x\"\n\ndata-code=\"{}\">", escaped(&code))),
                ("page.txt", format!("Title\n\n\n\n{code}\nCopied!\n1\n2\n3\n")),
                ("page.sh", format!("Title\n\n\n\ncurl -d \"{}\" https://example.com\n", quoted(&code))),
            ] {
                let block = one(name, &page);
                assert_eq!(block.json, json, "{}", path);
                let repairs: &[&str] =
                    if name == "page.sh" { &["escaped quotes were read as plain ones"] } else { &[] };
                assert_eq!(block.repairs.iter().map(|repair| &repair.what).collect::<Vec<_>>(), repairs, "{}", path);
                assert_eq!((block.first_line, block.heading.as_deref()), (first, Some("Title")));
                assert_eq!(block.last_line, first + code.matches('\n').count());
            }
        }
    }
    assert!(count > 40, "{count}");
}
