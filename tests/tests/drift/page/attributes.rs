//! JSON that is not the text of a single element: in attributes, in strings of a command, or with one element for each
//! line.

use webhook_drift::page::Page;

use super::{headings, none, one, read};

fn lines(page: &Page) -> Vec<(usize, String)> {
    page.blocks.iter().map(|block| (block.first_line, block.json.to_string())).collect()
}

#[test]
fn attributes_of_copy_buttons() {
    for text in [
        "<h2>Opened</h2>\n<button class=btn data-clipboard-text=\"{&quot;a&quot;:1,&quot;b&quot;:&quot;&lt;x&gt;&quot;}\">Copy</button>",
        "<h2>Opened</h2>\n<button data-clipboard-text='{\"a\":1,\"b\":\"<x>\"}'>Copy</button>",
        "<h2>Opened</h2>\n<div data-snippet-code='\n{\n\"a\":1,\n\"b\":\"&lt;x>\"\n}'></div>",
        "<h2>Opened</h2>\n<clipboard-copy value='{\"a\":1,\"b\":\"<x>\"}'></clipboard-copy>",
        "<h2>Opened</h2>\n<p>Text<a data-copy=\"curl -d '{&#34;a&#34;:1,&#34;b&#34;:&#34;<x>&#34;}'\">Copy</a>",
    ] {
        let block = one("page.html", text);
        assert_eq!(block.json.to_string(), r#"{"a":1,"b":"<x>"}"#);
        assert!((2..=3).contains(&block.first_line), "{text}");
        assert_eq!((block.heading.as_deref(), block.repairs.len()), (Some("Opened"), 0));
    }
    // Markdown with HTML in it.
    let text = "# Opened\n\n<button data-clipboard-text=\"{&quot;a&quot;:\n1}\">Copy</button>\n";
    let block = one("page.md", text);
    assert_eq!((block.first_line, block.last_line, block.json.to_string().as_str()), (3, 4, r#"{"a":1}"#));
}

#[test]
fn settings_in_attributes_are_no_payloads() {
    none("page.html", "<p>Text</p><div data-hydro-click='{\"a\":1}' style=\"x\" data-props='{\"b\":2}'></div>");
    none("page.html", "<p>Text</p><input type=hidden name=x value='{\"a\":1}'>");
    none("page.html", "<p>Text</p><button data-copy='const x = {\"a\": 1};' data-code='{{ x }} {y}'>Copy</button>");
}

#[test]
fn what_an_attribute_and_the_text_hold_counts_once() {
    let copy = "<button data-clipboard-text='{\"a\": 1, \"b\": [2]}'>Copy</button>";
    let again = "<button data-copy='{\"a\":1,\"b\":[2]}'>Copy</button>";
    let code = "<pre><code>{\n  \"a\": 1,\n  \"b\": [2]\n}</code></pre>";
    for text in [[copy, code, again], [code, copy, again], [again, code, copy]] {
        let text = format!("<h2>Opened</h2>\n{}\n<h2>Closed</h2><pre>{{\"c\":\n3}}</pre>", text.join("\n"));
        let page = read("page.html", &text);
        assert_eq!(headings(&page), ["Opened", "Closed"], "{text}");
        assert_eq!(page.blocks[0].last_line - page.blocks[0].first_line, 3, "the text, not the attribute: {text}");
        assert!(!page.text.contains("[2]}") && page.unparsed.is_empty(), "{}", page.text);
    }
    let page = read("page.html", &format!("<p>Text\n{copy}{again}\n<pre>{{\"c\": 3}}</pre>\n{copy}"));
    assert_eq!(lines(&page), [(2, r#"{"a":1,"b":[2]}"#.to_owned()), (3, r#"{"c":3}"#.to_owned())]);
    // The same payload of two events is not the same JSON twice.
    assert_eq!(read("page.html", "<h2>A</h2><pre>{\"a\": 1}</pre><h2>B</h2><pre>{\"a\": 1}</pre>").blocks.len(), 2);
    let text = "<button data-copy=\"{&quot;a&quot;:1}\">Copy</button>\n\n```json\n{\"a\": 1}\n```\n";
    assert_eq!(lines(&read("page.md", text)), [(4, r#"{"a":1}"#.to_owned())]);
}

#[test]
fn escaped_quotes() {
    let what = "escaped quotes were read as plain ones";
    let command = r#"curl -X POST https://example.com/hook -d "{\"a\":1,\"b c\":\"d \\\"e\\\" \\\\ \\n\"}" -H "A: b""#;
    let value = r#"{"a":1,"b c":"d \"e\" \\ \n"}"#;
    for (name, text) in [
        ("page.md", format!("# Event\n\n```bash\n{command}\n```\n")),
        ("page.md", format!("# Event\n\n\nRun `{command}`.\n")),
        ("page.html", format!("<h1>Event</h1>\n\n\n<pre>{}</pre>\n", command.replace('"', "&quot;"))),
        ("page.html", format!("<h1>Event</h1>\n\n\n<div>{command}</div>\n")),
        ("page.txt", format!("Event\n\n\n{command}\n")),
    ] {
        let block = one(name, &text);
        assert_eq!(block.json.to_string(), value, "{text}");
        assert_eq!(
            block.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect::<Vec<_>>(),
            [(4, what)]
        );
        assert_eq!((block.first_line, block.last_line), (4, 4));
    }
    // On several lines, with a fault of its own, and in a program.
    let text = "```sh\ncurl -d \"[\n  {\n    \\\"a\\\": \\\"b\\\",\n    \\\"c\\\": <id>,\n  }\n]\"\n```\n";
    let block = one("page.md", text);
    let expected = (r#"[{"a":"b","c":"<id>"}]"#, 2, 7);
    assert_eq!((block.json.to_string().as_str(), block.first_line, block.last_line), expected);
    assert_eq!(block.repairs.iter().map(|repair| repair.line).collect::<Vec<_>>(), [2, 5, 5]);
    let text = "```java\nString body = \"{\\n  \\\"a\\\": 1\\n}\";\n```\n";
    assert_eq!(one("page.md", text).json.to_string(), r#"{"a":1}"#);
    // Without the quotes around it, as a log has it.
    assert_eq!(
        one("page.md", "```\n{\\\"a\\\": {\\\"b\\\": \\\"c\\\"}}\n```\n").json.to_string(),
        r#"{"a":{"b":"c"}}"#
    );
}

#[test]
fn strings_of_json_with_json_in_them_are_strings() {
    let block = one("page.md", "```json\n{\"body\": \"{\\\"a\\\": 1}\"}\n```\n");
    assert_eq!((block.json.to_string().as_str(), block.repairs.len()), (r#"{"body":"{\"a\": 1}"}"#, 0));
    none("page.txt", "G{\\\"o}del and {\\\"a\\\"} and {\\\"a: b\\\"}\n");
    none("page.md", "```js\nconst x = f({ a: \"{\\\"b\\\": 1}\", c: 2 }, d);\n```\n");
}

#[test]
fn an_element_a_line() {
    let lines = ["{", "  \"a\": [", "    \"x ] y\",", "    2", "  ],", "  // note", "  \"b\": {}", "}"];
    let value = r#"{"a":["x ] y",2],"b":{}}"#;
    let each = |before: &str, after: &str, between: &str| {
        lines.map(|line| format!("{before}{}{after}", line.replace('"', "&quot;"))).join(between)
    };
    for (name, code, last) in [
        ("page.html", each("<pre>", "</pre>", ""), 2),
        ("page.html", each("<pre class=\"code json\"><code>", "</code></pre>", "\n"), 9),
        ("page.html", each("<li><pre>", "</pre></li>", "\n\n"), 16),
        ("page.html", each("<div>", "</div>", ""), 2),
        ("page.html", format!("<pre><code>{}</code></pre>", each("<div>", "</div>", "")), 2),
        ("page.html", format!("<pre><code>{}</code></pre>", each("<span class=\"token-line\">", "</span>", "")), 2),
        ("page.html", format!("<code>{}</code>", each("<span class=\"line\">", "</span>", "\n")), 9),
        ("page.html", each("<span style='display: block'>", "</span>", "<br>"), 2),
        ("page.md", each("<pre>", "</pre>", "\n"), 9),
        ("page.md", each("<pre><span class=\"x\">", "</span></pre>", "\n"), 9),
    ] {
        let text = format!("<h2>Event</h2>\n{code}\n<p>Then</p>\n<pre>{{\"c\": 1}}</pre>\n");
        let page = read(name, &text);
        assert_eq!(page.unparsed, [], "{text}");
        assert_eq!(page.blocks.len(), 2, "{text}");
        let first = &page.blocks[0];
        assert_eq!((first.json.to_string().as_str(), first.first_line), (value, 2), "{text}");
        assert_eq!(first.last_line, last, "{text}");
    }
    // Separate blocks stay separate.
    let page = read(
        "page.html",
        "<pre>{\"a\": 1}</pre><pre>{\"b\":\n2}</pre><pre>{\"c\": [3</pre><p>x</p><pre>{\"d\": 4}</pre>",
    );
    assert_eq!(page.blocks.len(), 4, "{page:#?}");
}

#[test]
fn preformatted_html_in_markdown_is_a_code_block() {
    let text = "# Event\n\n<pre class=\"language-json\"\n><code class=\"lang-json\">{\n<strong>  \"a\": &#x22;&lt;b&gt;&#x22;,\n</strong>  \"c\": <string>\n</code></pre>\n\nAnd {\"d\": 1}.\n";
    let page = read("page.md", text);
    assert_eq!(page.unparsed, []);
    assert_eq!(lines(&page), [(4, r#"{"a":"<b>","c":"<string>"}"#.to_owned()), (9, r#"{"d":1}"#.to_owned())]);
    none("page.md", "Text\n\n```html\n<pre>{&quot;a&quot;: 1}</pre>\n```\n");
}
