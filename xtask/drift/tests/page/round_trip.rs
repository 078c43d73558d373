//! JSON that is printed into a page comes back as it is.

use std::fs;

use webhook_codegen::json::Json;

use crate::{files, has_members, one, root};

#[test]
fn json_comes_back_equal() {
    let mut paths = Vec::new();
    for folder in ["schema-defs", "tests/goldens/schema-defs", "tests/larger/schema-defs"] {
        files(&root().join(folder), &mut paths);
    }
    let mut count = 0;
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let Ok(json) = Json::parse(&text) else { continue };
        if !has_members(&json) {
            continue;
        }
        count += 1;
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        for code in [text.trim_end().to_owned(), json.pretty().trim_end().to_owned(), json.to_string()] {
            let first = 5;
            for (name, page) in [
                ("page.md", format!("# Title\n\nText.\n```json\n{code}\n```\n")),
                ("page.md", format!("# Title\n\nText {{id}}.\n\n{code}\n")),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n<pre>\n{}\n</pre>", escaped(&code))),
                ("page.html", format!("<html>\n<h1>Title</h1>\n<p>\n<code>\n{}\n</code>", escaped(&code))),
                ("page.txt", format!("Title\n\n\n\n{code}\nCopied!\n1\n2\n3\n")),
            ] {
                let block = one(name, &page);
                assert_eq!(block.json, json, "{}", path.display());
                assert_eq!(block.repairs, [], "{}", path.display());
                assert_eq!((block.first_line, block.heading.as_deref()), (first, Some("Title")));
                assert_eq!(block.last_line, first + code.matches('\n').count());
            }
        }
    }
    assert!(count > 100, "{count}");
}
