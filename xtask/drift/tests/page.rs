//! Reading pages, through the public interface.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use webhook_codegen::json::Json;
use webhook_drift::page::{self, Block, Format, MAX_BYTES, Page, PageError};

fn page(name: &str, text: &str) -> Page {
    page::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The one block of a page.
#[track_caller]
fn one(name: &str, text: &str) -> Block {
    let page = page(name, text);
    assert_eq!(page.blocks.len(), 1, "{page:#?}");
    assert_eq!(page.unread, [], "{text}");
    page.blocks.into_iter().next().unwrap()
}

/// The one block of a page of plain text: its value and its repairs, with their lines.
#[track_caller]
fn repaired(text: &str, value: &str, repairs: &[(usize, &str)]) {
    for (name, text) in [("page.txt", text.to_owned()), ("page.json", text.to_owned())] {
        let block = one(name, &text);
        assert_eq!(block.json.to_string(), value);
        let found: Vec<(usize, &str)> =
            block.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect();
        assert_eq!(found, repairs, "{text}");
    }
}

#[track_caller]
fn none(name: &str, text: &str) {
    match page::read(name, text.as_bytes()) {
        Err(PageError::NoJson) => {}
        other => panic!("{other:#?}\n{text}"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
}

fn has_members(json: &Json) -> bool {
    match json {
        Json::Object(members) => !members.is_empty(),
        Json::Array(items) => items.iter().any(has_members),
        _ => false,
    }
}

// Formats.

#[test]
fn fences_of_markdown() {
    let text = "# Events\n\n## Opened\n\n```json title=\"x\"\n{\n  \"a\": 1\n}\n```\n\n## Closed\n\n~~~~\n{\"b\": [2]}\n~~~~\n";
    let page = page("page.md", text);
    assert_eq!(page.format, Format::Markdown);
    let told: Vec<_> = page
        .blocks
        .iter()
        .map(|block| (block.first_line, block.last_line, block.heading.as_deref(), block.json.to_string()))
        .collect();
    assert_eq!(
        told,
        [(6, 8, Some("Opened"), r#"{"a":1}"#.to_owned()), (14, 14, Some("Closed"), r#"{"b":[2]}"#.to_owned())]
    );
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
    let page = page("saved", text);
    assert_eq!(page.format, Format::Html);
    let [first, second] = page.blocks.as_slice() else { panic!("{page:#?}") };
    assert_eq!(first.json.to_string(), r#"{"a":"<b> &amp; c","d":1.50}"#);
    assert_eq!((first.first_line, first.last_line, first.heading.as_deref()), (6, 9, Some("Alert opened")));
    assert_eq!((second.json.to_string().as_str(), second.first_line), (r#"{"e":2}"#, 10));
    assert!(first.repairs.is_empty() && second.repairs.is_empty() && page.unread.is_empty());
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
    let page = page("page.txt", text);
    assert_eq!(page.format, Format::Text);
    let headings: Vec<_> = page.blocks.iter().map(|block| block.heading.as_deref()).collect();
    assert_eq!(headings, [Some("Event opened"), Some("Event closed")]);
    assert!(page.blocks.iter().all(|block| block.repairs.is_empty()));
}

#[test]
fn several_blocks_in_one() {
    for text in ["```json\n{\"a\": 1},\n{\"b\": 2}\n```\n", "{\"a\": 1}\n{\"b\": 2}\n", "{\"a\": 1}{\"b\": 2}"] {
        let page = page("page", text);
        assert_eq!(page.blocks.iter().map(|b| b.json.to_string()).collect::<Vec<_>>(), [r#"{"a":1}"#, r#"{"b":2}"#]);
        assert!(page.blocks.iter().all(|block| block.repairs.is_empty()));
    }
}

// What is no JSON.

#[test]
fn what_only_looks_like_json() {
    for text in [
        "Call /v1/hooks/{id}/events[1] and [read](https://example.com) {} [] [1, 2] [\"a\"] [x][y].",
        "Match ^[a-z]{2,3}[^\"]*$ and {a}, {a: b}.",
        "- [ ] a task\n- [x] done\n",
        "a { color: red; margin: 0 }\n.b\n{\n  font-family: \"x\";\n}\n",
        "fetch(url, {\n  method: 'POST',\n  headers: {\"Content-Type\": \"application/json\"},\n  body: data\n})\n",
        "const x = { a: 'b', c: [1] };\nfunction f() { return { x: 1 } }\n",
        "interface Event {\n  id: string;\n  \"kind\": number;\n}\n",
        "payload = {'a': True, 'b': None}\n",
        "if (x) {\n  return y[0];\n}\n",
    ] {
        none("page.mdx", text);
        none("page.txt", text);
    }
    none("page.md", "```python\nheaders = {\"a\": \"b\"}\nrequests.post(url, json={\n  \"a\": True\n})\n```\n");
    none("page.md", "```js\nconst a = {\"b\": 1};\n```\n");
    none("page.html", "<p>{{ user.name }} {% if x %} [1] </p><script>x = {\"a\": 1}</script>");
}

#[test]
fn json_in_a_command() {
    let text = "```bash\ncurl -X POST ${URL} -H 'A: b' -d '{\n  \"a\": 1\n}'\n```\n";
    assert_eq!(one("page.md", text).json.to_string(), r#"{"a":1}"#);
}

// Repairs.

#[test]
fn repairs_of_what_was_left_out() {
    repaired("[\n{\"a\": 1},\n...\n]", r#"[{"a":1}]"#, &[(3, "a `...` in the array was left out")]);
    repaired("[\n{\"a\": 1}\n…\n]", r#"[{"a":1}]"#, &[(3, "a `...` in the array was left out")]);
    repaired("{\"a\": 1, ...}", r#"{"a":1}"#, &[(1, "a `...` in the object was left out")]);
    repaired(
        "{\n\"a\": {...},\n... more of them\n}",
        r#"{"a":{}}"#,
        &[(2, "a `...` in the object was left out"), (3, "a `...` in the object was left out")],
    );
    repaired(
        "{\"a\": 1,\n// ...\n}",
        r#"{"a":1}"#,
        &[(1, "a trailing comma was left out"), (2, "a comment was left out")],
    );
    repaired("{\"...\": \"...\"}", r#"{"...":"..."}"#, &[]);
    repaired("{\"a\": ...}", r#"{"a":"..."}"#, &[(1, "a placeholder without quotes, `...`, was taken for a string")]);
}

#[test]
fn repairs_of_commas_and_brackets() {
    repaired("{\"a\": [1,],\n}", r#"{"a":[1]}"#, &[(1, "a trailing comma was left out")]);
    repaired("{\n\"a\": 1\n\"b\": 2\n}", r#"{"a":1,"b":2}"#, &[(3, "a missing comma between members was added")]);
    repaired("[\n{\"a\": 1}\n{\"b\": 2}\n]", r#"[{"a":1},{"b":2}]"#, &[(3, "a missing comma between items was added")]);
    repaired("{\n\"a\": {\"b\": [1]\n\n", r#"{"a":{"b":[1]}}"#, &[(2, "a missing `}` at the end was added")]);
    repaired("{\n\"a\": 1\nThen it ends.\n", r#"{"a":1}"#, &[(2, "a missing `}` at the end was added")]);
    let text = "```json\n{\n  \"a\": [\n    {\"b\": 1}\n```\n\n```json\n{\"c\": 1}\n```\n";
    let page = page("page.md", text);
    assert_eq!(page.blocks[0].json.to_string(), r#"{"a":[{"b":1}]}"#);
    assert_eq!(page.blocks[0].repairs.len(), 2);
    assert_eq!((page.blocks[1].json.to_string().as_str(), page.blocks[1].repairs.len()), (r#"{"c":1}"#, 0));
}

#[test]
fn repairs_of_strings() {
    repaired(r#"{"a": "b\ c\"d"}"#, r#"{"a":"b\\ c\"d"}"#, &[(1, "`\\ ` is no escape; its backslash was kept")]);
    repaired("{\"a\": \"b\n  c\"\n}", r#"{"a":"b\n  c"}"#, &[(1, "a line break in a string was kept, as `\\n`")]);
    repaired("{“a”: “b \"c\"”}", r#"{"a":"b \"c\""}"#, &[(1, "typographic quotes were read as straight ones")]);
    repaired("{'a': 'b \"c\" \\' d'}", r#"{"a":"b \"c\" ' d"}"#, &[(1, "single quotes were read as double ones")]);
    repaired(
        "{\"a\": \"\\ud83d\\ude00 \\ud83d\"}",
        "{\"a\":\"😀 \u{FFFD}\"}",
        &[(1, "half of a surrogate pair was replaced")],
    );
    repaired("{\"a\": \"b\tc\"}", r#"{"a":"b\tc"}"#, &[(1, "a tab or another control character in a string was kept")]);
}

#[test]
fn repairs_of_spaces_and_comments() {
    let space = "a space of another kind than JSON's was taken for white space";
    repaired("{\u{A0}\"a\":\u{200B}\u{FEFF}\"\u{A0}\"}", "{\"a\":\"\u{A0}\"}", &[(1, space)]);
    repaired("\u{FEFF}{\"a\": 1}", r#"{"a":1}"#, &[]);
    let comment = "a comment was left out";
    repaired(
        "{ // one\n\"a\": 1, # two\n/* three\n*/ \"b\": \"//\"}",
        r#"{"a":1,"b":"//"}"#,
        &[(1, comment), (2, comment), (3, comment)],
    );
}

#[test]
fn repairs_of_other_languages() {
    repaired(
        "{a: \"b\", _c1: 2}",
        r#"{"a":"b","_c1":2}"#,
        &[(1, "the name `a` has no quotes"), (1, "the name `_c1` has no quotes")],
    );
    repaired(
        "{\"a\": True, \"b\": [False, None]}",
        r#"{"a":true,"b":[false,null]}"#,
        &[(1, "`True` was read as `true`"), (1, "`False` was read as `false`"), (1, "`None` was read as `null`")],
    );
}

#[test]
fn repairs_of_numbers_and_names() {
    repaired(
        "{\"a\": 01, \"b\": +1.5, \"c\": 1_000, \"d\": .5, \"e\": -1.}",
        r#"{"a":1,"b":1.5,"c":1000,"d":0.5,"e":-1}"#,
        &[
            (1, "the number `01` was read as `1`"),
            (1, "the number `+1.5` was read as `1.5`"),
            (1, "the number `1_000` was read as `1000`"),
            (1, "the number `.5` was read as `0.5`"),
            (1, "the number `-1.` was read as `-1`"),
        ],
    );
    let twice = "a member stands twice in one object; the last one was kept";
    repaired("{\"a\": 1, \"b\": 2,\n\"a\": 3}", r#"{"a":3,"b":2}"#, &[(2, twice)]);
}

#[test]
fn placeholders() {
    let what = |text: &str| format!("a placeholder without quotes, `{text}`, was taken for a string");
    let (a, b, c, d) = (what("<string>"), what("{{ticket.id}}"), what("${id}"), what("integer"));
    let text = "{\"a\": <string>, \"b\": {{ticket.id}},\n\"c\": ${id}, \"d\": integer, \"e\": \"<string>\"}";
    let value = r#"{"a":"<string>","b":"{{ticket.id}}","c":"${id}","d":"integer","e":"<string>"}"#;
    repaired(text, value, &[(1, &a), (1, &b), (2, &c), (2, &d)]);
    let block = one("page.html", "<pre>{\"a\": &lt;string&gt;, \"b\": \"&lt;string&gt;\"}</pre>");
    assert_eq!(block.json.to_string(), r#"{"a":"<string>","b":"<string>"}"#);
    assert_eq!(block.repairs.len(), 1);
}

#[test]
fn line_numbers() {
    let what = "line numbers before the code were left out";
    let value = r#"{"a":1,"b":[1,2]}"#;
    repaired("1 {\n2   \"a\": 1,\n3   \"b\": [\n4     1,\n5     2\n6   ]\n7 }\n", value, &[(1, what)]);
    repaired("x\n9 | {\n10 | \"a\": 1, \"b\": [1, 2]\n11 | }\n12 |\n", value, &[(2, what)]);
    repaired("{\n\"a\": 1,\n\"b\": [\n1,\n2\n]\n}\nCopied!\n1\n2\n3\n4\n", value, &[]);
}

#[test]
fn many_repairs_of_a_kind_are_summed_up() {
    let text = format!("{{\n{}\"last\": 1}}", (0..50).map(|at| format!("name{at}: 1,\n")).collect::<String>());
    let block = one("page.txt", &text);
    assert_eq!(block.json.as_object().unwrap().len(), 51);
    assert_eq!(block.repairs.len(), 20);
    assert_eq!(block.repairs[19].what, "the name `name19` has no quotes (and 30 more like it)");
}

// What cannot be read.

#[test]
fn what_looked_like_json_is_told() {
    let text = "Opened\n{\n\"a\": 1,\n\"b\": !\n\"c\": {\"d\": 1}\n}\nClosed\n{\"e\": 1}\n";
    let found = page("page.txt", text);
    assert_eq!(found.blocks.len(), 1);
    assert_eq!((found.unread[0].line, found.unread[0].why.as_str()), (2, "line 4 has `!` where a value is due"));
    let text = "```json\n\"a\": b\n```\n\n```json\n{ a ]\n```\n\n```json\n\"a\"\n```\n\n{\"a\": 1}\n";
    let found = page("page.md", text);
    assert_eq!(found.blocks.len(), 1);
    assert_eq!(found.unread.iter().map(|unread| unread.line).collect::<Vec<_>>(), [2, 6]);
    assert!(matches!(page::read("page.md", b"{\n\"a\": 1,\n\"b\": !\n}\n"), Err(PageError::Unreadable(_))));
}

#[test]
fn pages_that_cannot_be_read() {
    let says = |bytes: &[u8]| page::read("page", bytes).unwrap_err().to_string();
    assert!(says(&vec![b' '; MAX_BYTES + 1]).contains("16777217 bytes"));
    assert!(says(&vec![b' '; MAX_BYTES + 1]).contains("16 MiB"));
    for empty in [&b""[..], b" \n\t", b"\xEF\xBB\xBF\n"] {
        assert_eq!(page::read("page.md", empty).unwrap_err(), PageError::Empty);
    }
    assert_eq!(page::read("page.md", b"a\0b {\"a\": 1}").unwrap_err(), PageError::Binary);
    let utf16: Vec<u8> = "{\"a\": 1, \"b\": 2}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(page::read("page.md", &utf16).unwrap_err(), PageError::Utf16);
    assert_eq!(page::read("page.md", &[b"\xFE\xFF\0{".as_slice(), &utf16].concat()).unwrap_err(), PageError::Utf16);
    assert_eq!(page::read("page.md", b"a\nb\xFF").unwrap_err(), PageError::NotUtf8(2));
    none("page.html", "<p>Nothing here.</p>");
    assert!(says("[".repeat(1000).as_bytes()).contains("deep"));
}

#[test]
fn streams_are_read_up_to_the_cap() {
    let endless = std::io::repeat(b'x');
    assert_eq!(page::bytes_from(endless).unwrap_err(), PageError::TooLarge(None));
    assert_eq!(page::bytes_from(&b"abc"[..]).unwrap(), b"abc");
    assert_eq!(page::bytes_of(&root().join("rustfmt.toml")).unwrap(), fs::read(root().join("rustfmt.toml")).unwrap());
    let missing = page::bytes_of(&root().join("missing.md")).unwrap_err();
    assert!(missing.to_string().contains("missing.md"));
}

// Any text ends, and soon.

#[test]
fn hard_pages_end_soon() {
    let million = 1_000_000;
    let pieces = [
        "[",
        "{",
        "{\"a\":",
        "{\"a\":[",
        "[{\"a\":",
        "\"",
        "{\"",
        "[\"",
        "['a ",
        "{“",
        "{a:",
        "[...",
        "{\"a\":1}",
        "{\"a\":1,",
        "[{\"a\":1},",
        "\\",
        "{\"a\\\"",
        "<",
        "<pre>",
        "</",
        "&lt;",
        "```\n",
        "~~~json\n",
        "> {\n",
        "1 {\n",
        "{//",
        "{/*",
        "{#\n",
        "{\"a\":x}\n",
        "{\n\"a\":\"\n",
        "{{",
        "{\"a\":{{",
        "\n",
        "# a\n",
        "…",
        "\u{A0}",
        "]",
        "}",
        "{\"a\":<",
        "[{\"a\":01},",
        "a\n\n",
        "{\"a\":1\nb",
        "{\"a\": 1, b(\n",
        "0",
        "[0,",
        "{\"a\":\"b\"}\n",
    ];
    let mut slow = Vec::new();
    for piece in pieces {
        for lead in ["", "{\"a\": 1}\n", "[{\"a\": [\"", "<pre>"] {
            let mut text = lead.to_owned();
            while text.len() < million.min(piece.len() * million) {
                text.push_str(piece);
            }
            for name in ["page.md", "page.html", "page.txt"] {
                let start = Instant::now();
                let _ = page::read(name, text.as_bytes());
                let took = start.elapsed();
                if took > Duration::from_secs(2) {
                    slow.push(format!("{took:?}: {name}, {lead:?} and {piece:?} over and over"));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn any_bytes_end_without_a_panic() {
    let pieces: Vec<&str> = "{|}|[|]|\"|'|:|,|\\|\\u12|\\ud800|...|…|“|”|a|1|01|-|true|None|<|>|</|<pre>|</pre>|<br>|&lt;|&#10;|\n|\r\n| |\u{A0}|\u{FEFF}|//|/*|*/|#|# |```|```json\n|~~~|`|> |1 {|2 |{{|}}|${|😀|é"
        .split('|')
        .collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..60 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(pieces[usize::try_from(state >> 33).unwrap() % pieces.len()]);
        }
        for name in ["page.md", "page.html", "page.txt"] {
            if let Ok(page) = page::read(name, text.as_bytes()) {
                let last = text.replace("\r\n", "\n").replace('\r', "\n").split('\n').count();
                for block in &page.blocks {
                    assert!(1 <= block.first_line && block.first_line <= block.last_line, "{text}");
                    assert!(name == "page.html" || block.last_line <= last, "{text}");
                    assert!(has_members(&block.json), "{text}");
                }
            }
        }
        let _ = page::read("page", &text.as_bytes()[1..]);
    }
}

// JSON comes back as it is.

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

// The vendors' pages.

/// A vendor's page, when it is at hand.
fn seed(vendor: &str) -> Option<Page> {
    let path = root().join("../shared/seeds").join(format!("{vendor}.txt"));
    if !path.exists() {
        eprintln!("skipped: the page {vendor}.txt is not kept with the sources");
        return None;
    }
    Some(page::read(&format!("{vendor}.txt"), &page::bytes_of(&path).unwrap()).unwrap())
}

/// Every example of a vendor stands on its page, but for those named.
fn examples_are_there(vendor: &str, page: &Page) {
    let mut paths = Vec::new();
    files(&root().join("schema-defs").join(vendor), &mut paths);
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

fn told(page: &Page) -> Vec<(usize, &str)> {
    page.blocks.iter().flat_map(|block| &block.repairs).map(|repair| (repair.line, repair.what.as_str())).collect()
}

fn headings(page: &Page) -> Vec<&str> {
    page.blocks.iter().map(|block| block.heading.as_deref().unwrap_or_default()).collect()
}

#[test]
fn canary() {
    let Some(page) = seed("canary") else { return };
    assert_eq!(page.blocks.iter().map(|block| block.first_line).collect::<Vec<_>>(), [9, 55, 101, 147, 205, 241, 275]);
    assert_eq!((told(&page), page.unread.len()), (vec![], 0));
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
    assert_eq!(told(&page), [(34, "`\\ ` is no escape; its backslash was kept")]);
    assert_eq!(page.unread, []);
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
    assert_eq!((told(&page), page.unread.len()), (vec![], 0));
    examples_are_there("crowdsec", &page);
    let mut paths = Vec::new();
    files(&root().join("schema-defs/crowdsec"), &mut paths);
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
    assert_eq!(told(&page), [(63, dots), (93, dots), (125, dots), (153, dots)]);
    assert_eq!(page.unread, []);
    assert_eq!(headings(&page), ["Alerts", "Endpoint Stats", "Log Authn", "Log Changes"]);
    examples_are_there("procustodibus", &page);
}

#[test]
fn wallarm() {
    let Some(page) = seed("wallarm") else { return };
    assert_eq!(page.blocks.iter().map(|b| (b.first_line, b.last_line)).collect::<Vec<_>>(), [(21, 62), (66, 76)]);
    assert_eq!((told(&page), page.unread.len()), (vec![], 0));
    assert_eq!(headings(&page), ["Hit detected", "Vulnerability detected"]);
    examples_are_there("wallarm", &page);
}
