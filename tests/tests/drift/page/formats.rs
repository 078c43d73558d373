//! Pages in every supported format.

use webhook_drift::page::Format;

use super::{blocks, headings, one, read};

#[test]
fn fences_of_markdown() {
    let text = "# Events\n\n## Opened\n\n```json title=\"x\"\n{\n  \"a\": 1\n}\n```\n\n## Closed\n\n~~~~\n{\"b\": [2]}\n~~~~\n";
    let page = read("page.md", text);
    assert_eq!(page.format, Format::Markdown);
    let expected = [(6, 8, "Opened", r#"{"a":1}"#.to_owned()), (14, 14, "Closed", r#"{"b":[2]}"#.to_owned())];
    assert_eq!(blocks(&page), expected);
    assert!(page.text.contains("# Events"));
}

#[test]
fn indented_quoted_and_inline_code_of_markdown() {
    let block = one("page.md", "Title\n=====\n\n    {\n      \"a\": 1\n    }\n");
    assert_eq!((block.first_line, block.last_line, block.heading.as_deref()), (4, 6, Some("Title")));
    let block = one("page.md", "> ```json\n> {\n>   \"a\": \">\"\n> }\n> ```\n");
    assert_eq!((block.json.to_string().as_str(), block.repairs.len()), (r#"{"a":">"}"#, 0));
    assert_eq!(one("page.md", "It answers `{\"ok\": true}` at once.\n").json.to_string(), r#"{"ok":true}"#);
    assert_eq!(one("page.md", "* item\n\n  ```json\n  {\"ok\": true}\n  ```\n").json.to_string(), r#"{"ok":true}"#);
}

#[test]
fn tabs_of_mkdocs() {
    let text = "* Alert opened\n\n    === \"JSON Array\"\n        ```json\n        [\n          {\n            \"a\": 1\n          }\n        \
        ]\n        ```\n    === \"NDJSON\"\n        ```json\n        {\"a\":1}\n        {\"a\":2}\n        ```\n* Alert closed\n\n    \
        === \"JSON Array\"\n\n        ```\n        [{\"b\": 1}]\n        ```\n";
    let page = read("page.md", text);
    let (opened, closed) = ("Alert opened", "Alert closed");
    assert_eq!(
        blocks(&page),
        [
            (5, 9, opened, r#"[{"a":1}]"#.to_owned()),
            (13, 13, opened, r#"{"a":1}"#.to_owned()),
            (14, 14, opened, r#"{"a":2}"#.to_owned()),
            (21, 21, closed, r#"[{"b":1}]"#.to_owned()),
        ]
    );
    assert!(page.unparsed.is_empty() && page.blocks.iter().all(|block| block.repairs.is_empty()));
}

#[test]
fn jsx_of_mdx() {
    for text in [
        "import X from 'x'\n\n<CodeBlock language=\"json\">\n{`{\n  \"a\": 1\n}`}\n</CodeBlock>\n",
        "<CodeBlock>{`{\n  \"a\": 1\n}`}</CodeBlock>\n<Tabs>{children}</Tabs>\n",
        "export const payload = {\n  \"a\": 1\n};\n\n<Payload value={payload} style={{color: 'red'}} />\n",
        "<Payload value={{\"a\": 1}} />\n",
    ] {
        let block = one("page.mdx", text);
        assert_eq!(block.json.to_string(), r#"{"a":1}"#);
        assert_eq!(block.repairs, []);
    }
}

#[test]
fn html_with_highlighted_code() {
    let text = "<!DOCTYPE html>\n<html><head><title>T</title><style>a { color: red }</style>\n\
        <script>var a = {\"no\": 1};</script><script type=\"application/json\">{\"page\": \"data\"}</script></head>\n\
        <body><p>See <code>{id}</code> &amp; more</p>\n<h2 id=x>Alert <em>opened</em></h2>\n\
        <pre class=\"language-json\"><code><span class=p>{</span>\n  <span class=nt>&quot;a&quot;</span><span>:</span> \
        <span>&quot;&lt;b&gt; &amp;amp; c&quot;</span>,\n  <span>\"d\"</span>: <span>1</span><span>.50</span>\n}</code></pre>\n\
        <div>{<br>\"e\": 2<br/>}</div></body></html>";
    let page = read("saved", text);
    assert_eq!(page.format, Format::Html);
    let [first, second] = page.blocks.as_slice() else { panic!("{page:#?}") };
    assert_eq!(first.json.to_string(), r#"{"a":"<b> &amp; c","d":1.50}"#);
    assert_eq!((first.first_line, first.last_line, first.heading.as_deref()), (6, 9, Some("Alert opened")));
    assert_eq!((second.json.to_string().as_str(), second.first_line), (r#"{"e":2}"#, 10));
    assert!(first.repairs.is_empty() && second.repairs.is_empty() && page.unparsed.is_empty());
    assert!(page.text.contains("See {id} & more") && page.text.contains("## Alert opened"), "{}", page.text);
}

#[test]
fn html_with_line_numbers_in_a_gutter() {
    let row = |number: usize, code: &str| format!("<tr><td class=n>{number}</td><td class=c>{code}</td></tr>");
    let rows =
        [row(1, "{"), row(2, "  &quot;a&quot;: ["), row(3, "    1,"), row(4, "    2"), row(5, "  ]"), row(6, "}")];
    let block = one("page.html", &format!("<table>{}</table>", rows.concat()));
    assert_eq!(block.json.to_string(), r#"{"a":[1,2]}"#);
    assert_eq!(block.repairs.len(), 1);
    let spans = "<pre><span>1</span>{\n<span>2</span>  \"a\": 1\n<span>3</span>}\n</pre>";
    assert_eq!(one("page.html", spans).json.to_string(), r#"{"a":1}"#);
    let column = "<div><pre>1\n2\n3\n</pre></div><div><pre>{\n  \"a\": 1\n}\n</pre></div>";
    assert_eq!(one("page.html", column).repairs, []);
}

#[test]
fn html_line_numbers_are_those_of_the_page() {
    let text = "<html>\n<p>a\nb &amp; c\nd</p>\n<!-- x\ny -->\n<a\n href=x>link</a>\r\n<pre>\n\n{\n\"a\": <i>string</i>,\n\"b\": 01}</pre>";
    let block = one("page.html", text);
    assert_eq!((block.first_line, block.last_line), (11, 13));
    assert_eq!(block.repairs.iter().map(|repair| repair.line).collect::<Vec<_>>(), [12, 13]);
}

#[test]
fn text_of_a_browser() {
    let text = "Event opened\nJSON\n{\n\"a\": 1\n}\nCopied!\n1\n2\n3\nEvent closed\nJSON\n[\n{\"b\": 2}\n]\n";
    let page = read("page.txt", text);
    assert_eq!(page.format, Format::Text);
    assert_eq!(headings(&page), ["Event opened", "Event closed"]);
    assert!(page.blocks.iter().all(|block| block.repairs.is_empty()));
}

#[test]
fn several_blocks_in_one() {
    for text in ["```json\n{\"a\": 1},\n{\"b\": 2}\n```\n", "{\"a\": 1}\n{\"b\": 2}\n", "{\"a\": 1}{\"b\": 2}"] {
        let page = read("page", text);
        assert_eq!(page.blocks.iter().map(|b| b.json.to_string()).collect::<Vec<_>>(), [r#"{"a":1}"#, r#"{"b":2}"#]);
        assert!(page.blocks.iter().all(|block| block.repairs.is_empty()));
    }
}

#[test]
fn code_in_html_may_be_lines_of_their_own() {
    let text = "<h2>Alert<a class=\"hash\" href=\"#a\">#</a></h2>\n<div class=\"highlight-source-json\"><pre>\
        <span class=line><span>{</span></span>\n<span class=line>&nbsp;\"a\": 1 }</span></pre><button>Copy</button></div>\n\
        <div>{</div><div>\"k\": \"v\"</div><div>}</div><p>Or {\"inline\": \"and\nwrapped\"}.</p>";
    let page = read("page.html", text);
    assert_eq!(
        blocks(&page),
        [
            (2, 3, "Alert", r#"{"a":1}"#.to_owned()),
            (4, 4, "Alert", r#"{"k":"v"}"#.to_owned()),
            (4, 5, "Alert", r#"{"inline":"and wrapped"}"#.to_owned()),
        ]
    );
    assert_eq!(page.blocks.iter().map(|block| block.repairs.len()).collect::<Vec<_>>(), [1, 0, 0]);
}

#[test]
fn headings_without_their_marks() {
    let heading = |text: &str| one("page.md", &format!("{text}\n\nIt is sent so:\n\n{{\"a\": 1}}\n")).heading;
    assert_eq!(heading("## The `alert.opened` event {#opened}").as_deref(), Some("The alert.opened event"));
    assert_eq!(heading("**Opened:**").as_deref(), Some("Opened"));
    assert_eq!(heading("Opened\n------").as_deref(), Some("Opened"));
    assert_eq!(heading("This is what a reader of the page is told."), None);
    assert_eq!(heading("# Opened\n\nContent-Type: application/json").as_deref(), Some("Opened"));
}

#[test]
fn preformatted_html_in_markdown() {
    let block = one(
        "page.md",
        "# Event\n\n<pre>\n{\n  &quot;a&quot;: &#34;x &amp;amp; y&#34;\n}\n</pre>\n\nA <pre and & an end.\n",
    );
    assert_eq!(block.json.to_string(), r#"{"a":"x &amp; y"}"#);
    assert_eq!((block.first_line, block.last_line, block.repairs.len()), (4, 6, 0));
}
