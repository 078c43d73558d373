//! Text that was intended as JSON and cannot be parsed is reported, whether it is labelled or not. Other text is
//! ignored.

use webhook_drift::page::{self, PageError};

use super::{none, one};

/// Returns the lines of the blocks of a page that cannot be read.
fn unparsed(name: &str, text: &str) -> Vec<usize> {
    let unparsed = match page::read(name, text.as_bytes()) {
        Ok(page) => page.unparsed,
        Err(PageError::Unreadable(unparsed)) => unparsed,
        Err(error) => panic!("{error}\n{text}"),
    };
    unparsed.into_iter().map(|unparsed| unparsed.line).collect()
}

#[test]
fn blocks_without_a_label_that_cannot_be_read() {
    for code in [
        "[ { summary:\"x\n\n y\" z, details:{ a:1 } } ]",
        "{\n  summary: \"x\",\n  details: {\n    id: #12\n  }\n}",
        "{ 'id': \"x\", n: pending }",
        "{ \"summary\" \"x\", \"details\": {} }",
        "{ \"a\": 1, ! }",
        "[\n  { \"a\": 1 },\n  { \"b\": !! }\n]",
    ] {
        let lines = code.matches('\n').count();
        for (name, page) in [
            ("page.md", format!("# A\n\n```\n{code}\n```\n\n```\n{{\"b\": 2}}\n```\n")),
            ("page.md", format!("# A\n\n~~~ text\n{code}\n~~~\n\n{{\"b\": 2}}\n")),
            ("page.md", format!("# A\n\n<pre>\n{code}</pre>\n\n{{\"b\": 2}}\n")),
            ("page.html", format!("<h1>A</h1>\n\n\n<pre><code>{code}</code></pre>\n<p>{{\"b\": 2}}</p>")),
        ] {
            assert_eq!(unparsed(name, &page), [4], "{page}");
            let found = page::read(name, page.as_bytes()).unwrap();
            assert_eq!(found.blocks.len(), 1, "{page}");
            assert!(found.blocks[0].first_line > 4 + lines);
        }
    }
    // Without any mark of code, as a browser copies it.
    for text in ["Event\n[\n{ summary:\"x\" z,\ndetails:{ a:1 } }\n]\nEnd\n", "Event\n{\n\"a\": 1,\n\"b\" 2\n}\nEnd\n"]
    {
        assert_eq!(unparsed("page.txt", text), [2], "{text}");
    }
}

#[test]
fn code_blocks_that_hold_names_without_quotes_only() {
    for text in ["```\n{ id: 1, open: true }\n```\n", "~~~\n{\n  id: 1, open: true\n}\n\n~~~\n"] {
        assert_eq!(one("page.md", text).json.to_string(), r#"{"id":1,"open":true}"#);
    }
    assert_eq!(one("page.html", "<pre><code>{id: 1}</code></pre>").json.to_string(), r#"{"id":1}"#);
    none("page.md", "```\nf({ id: 1 })\n```\n\nMatch {a: 1}.\n");
}

#[test]
fn programs_and_templates_without_a_label() {
    for code in [
        "{ method: \"POST\", body: JSON.stringify(data) }",
        "{ url: \"a\" + path, n: 1 }",
        "{ ...defaults, name: \"x\" }",
        "{ name: \"x\", get(id) { return 1 } }",
        "{\n  user(id: \"1\") {\n    name\n  }\n}",
        "{ id: string; name: \"x\"; }",
        "{ color: red; }",
        "{% if a %}\n{{ b: \"c\" }}\n{% endif %}",
        "resource \"a\" \"b\" {\n  name = \"x\"\n  tags = [\"y\"]\n}",
        "[section]\nname = \"x\"",
        "[1] see \"here\": x",
        "[INFO] started {id: 3}",
        "server {\n  listen 80;\n  location / {\n    root \"x\";\n  }\n}",
    ] {
        none("page.md", &format!("# A\n\n```\n{code}\n```\n"));
        none("page.html", &format!("<h1>A</h1><pre><code>{code}</code></pre>"));
        none("page.txt", &format!("A\n{code}\n"));
    }
}
