//! Each repair, and its message.

use super::{one, read, repaired};

#[test]
fn repairs_of_what_was_left_out() {
    repaired("[\n{\"a\": 1},\n...\n]", r#"[{"a":1}]"#, &[(3, "a `...` in the array was left out")]);
    repaired("[\n{\"a\": 1}\n…\n]", r#"[{"a":1}]"#, &[(3, "a `...` in the array was left out")]);
    let dots = |line| (line, "a `...` in the object was left out");
    repaired("{\"a\": 1, ...}", r#"{"a":1}"#, &[dots(1)]);
    repaired("{\n\"a\": {...},\n... more of them\n}", r#"{"a":{}}"#, &[dots(2), dots(3)]);
    let comment = [(1, "a trailing comma was left out"), (2, "a comment was left out")];
    repaired("{\"a\": 1,\n// ...\n}", r#"{"a":1}"#, &comment);
    repaired("{\"a\": { ...details of the user...  }}", r#"{"a":{}}"#, &[dots(1)]);
    repaired("{\n\"a\": 1,\n[...]\n\"b\": 2\n[...]\n\"c\": 3}", r#"{"a":1,"b":2,"c":3}"#, &[dots(3), dots(5)]);
    repaired("{\n<...>\n\"a\": 1,\n. . . .\n}", r#"{"a":1}"#, &[dots(2), dots(4)]);
    repaired("{\"a\": 1, ..}", r#"{"a":1}"#, &[dots(1)]);
    repaired("{\"a\": ...}", r#"{"a":"..."}"#, &[(1, "a placeholder without quotes, `...`, was taken for a string")]);
}

#[test]
fn repairs_of_commas_and_brackets() {
    repaired("{\"a\": [1,],\n}", r#"{"a":[1]}"#, &[(1, "a trailing comma was left out")]);
    repaired("{\n\"a\": 1\n\"b\": 2\n}", r#"{"a":1,"b":2}"#, &[(3, "a missing comma between members was added")]);
    repaired("[\n{\"a\": 1}\n{\"b\": 2}\n]", r#"[{"a":1},{"b":2}]"#, &[(3, "a missing comma between items was added")]);
    repaired("{\n\"a\": {\"b\": [1]\n\n", r#"{"a":{"b":[1]}}"#, &[(2, "a missing `}` at the end was added")]);
    repaired("{\n\"a\": 1\nThen it ends.\n", r#"{"a":1}"#, &[(2, "a missing `}` at the end was added")]);
    let text = "{\n\"a\": {\"b\": {\"c\": 1\nThen it ends.\n";
    repaired(text, r#"{"a":{"b":{"c":1}}}"#, &[(2, "a missing `}` at the end was added")]);
    let text = "```json\n{\n  \"a\": [\n    {\"b\": 1}\n```\n\n```json\n{\"c\": 1}\n```\n";
    let page = read("page.md", text);
    assert_eq!(page.blocks[0].json.to_string(), r#"{"a":[{"b":1}]}"#);
    assert_eq!(page.blocks[0].repairs.len(), 2);
    assert_eq!((page.blocks[1].json.to_string().as_str(), page.blocks[1].repairs.len()), (r#"{"c":1}"#, 0));
}

#[test]
fn placeholders_for_members() {
    let others = |line| (line, "a member \"...\", a placeholder for others, was left out");
    let text = "{\"event\": \"paid\",\n\"order\": {\"...\": \"...\", \"id\": 1,\n\"...\": \"...\"}}";
    repaired(text, r#"{"event":"paid","order":{"id":1}}"#, &[others(2), others(3)]);
    repaired(r#"{"a": 1, "...": {}}"#, r#"{"a":1}"#, &[others(1)]);
    // With a value of its own it is a member as any other.
    repaired(r#"{"...": {"a": 1}, "b": "..."}"#, r#"{"...":{"a":1},"b":"..."}"#, &[]);
}

#[test]
fn repairs_of_strings() {
    repaired(r#"{"a": "b\ c\"d"}"#, r#"{"a":"b\\ c\"d"}"#, &[(1, "`\\ ` is not an escape; its backslash was kept")]);
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
fn blank_lines_in_strings() {
    let line_break = |line| (line, "a line break in a string was kept, as `\\n`");
    let text = "[ { \"title\":\"x\n\n y\", \"threat\":\"y\" } ]\n";
    repaired(text, r#"[{"title":"x\n\n y","threat":"y"}]"#, &[line_break(1), line_break(2)]);
    let code = "[\n  {\n    title:\"New:\n\n      ID: \n      Path: /x\n\n\n      Done\n      \",\n    details:{\n              id:null\n    }\n  }\n]";
    let value = r#"[{"title":"New:\n\n      ID: \n      Path: /x\n\n\n      Done\n      ","details":{"id":null}}]"#;
    for (name, page) in [
        ("page.md", format!("# Event\n\n```json\n{code}\n```\n\n```json\n{{\"b\": \"c\"}}\n```\n")),
        (
            "page.md",
            format!("* Event\n\n    === \"Array\"\n        ```\n        {code}\n        ```\n\n{{\"b\": \"c\"}}\n"),
        ),
        ("page.html", format!("<pre><code>{code}</code></pre><pre>{{\"b\": \"c\"}}</pre>")),
        ("page.html", format!("<div><code>{code}</code></div><p>{{\"b\": \"c\"}}</p>")),
        ("page.txt", format!("Event\n{code}\nCopied!\n\n{{\"b\": \"c\"}}\n")),
    ] {
        let page = read(name, &page);
        assert_eq!(page.blocks.iter().map(|block| block.json.to_string()).collect::<Vec<_>>(), [value, r#"{"b":"c"}"#]);
        assert_eq!((page.blocks[0].repairs.len(), page.unparsed.len()), (10, 0), "{page:#?}");
    }
    // A string that is never closed does not take what follows it.
    let page = read("page.txt", "Opened\n{\n\"a\": \"b\n}\n\nClosed\n\n{\"c\": \"d\"}\n");
    assert_eq!((page.blocks.len(), page.blocks[0].json.to_string().as_str()), (1, r#"{"c":"d"}"#));
    assert_eq!((page.unparsed.len(), page.unparsed[0].line), (1, 2));
}

#[test]
fn lines_of_json_without_their_last_brace() {
    let missing = "a missing `}` at the end was added";
    let lines = "{\"a\":{\"b\":[1]}\n{\"a\":{\"b\":[2]}\n{\"a\":{\"b\":[3]}";
    for (name, text) in [
        ("page.md", format!("# Event\n\n```json\n{lines}\n```\n")),
        ("page.md", format!("# Event\n\n```\n{}\n```\n", lines.replace("]}", "]},"))),
        ("page.html", format!("<h1>Event</h1>\n<pre>\n{lines}\n</pre>\n")),
        ("page.html", format!("<h1>Event</h1>\n\n<pre>{}</pre>\n", lines.replace('\n', "</pre>\n<pre>"))),
        ("page.txt", format!("Event\n\n\n{lines}\nCopied!\n")),
        ("page.jsonl", format!("\n\n\n{lines}\n")),
    ] {
        let page = read(name, &text);
        assert_eq!(page.unparsed, [], "{text}");
        let found: Vec<_> = page.blocks.iter().map(|block| block.json.to_string()).collect();
        assert_eq!(found, [r#"{"a":{"b":[1]}}"#, r#"{"a":{"b":[2]}}"#, r#"{"a":{"b":[3]}}"#], "{text}");
        for block in &page.blocks {
            let said: Vec<_> = block.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect();
            assert!(said.contains(&(block.first_line, missing)), "{text}: {said:?}");
            assert_eq!(block.first_line, block.last_line, "{text}");
        }
    }
    // Two braces, and lines that are well.
    let page = read("page.md", "```json\n{\"a\":{\"b\":1\n{\"a\":{\"b\":2}}\n```\n");
    assert_eq!(page.blocks.iter().map(|block| block.repairs.len()).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn repairs_of_spaces_and_comments() {
    let space = "a space that JSON does not have was taken for white space";
    repaired("{\u{A0}\"a\":\u{200B}\u{FEFF}\"\u{A0}\"}", "{\"a\":\"\u{A0}\"}", &[(1, space)]);
    repaired("\u{FEFF}{\"a\": 1}", r#"{"a":1}"#, &[]);
    let comment = "a comment was left out";
    let text = "{ // one\n\"a\": 1, # two\n/* three\n*/ \"b\": \"//\"}";
    repaired(text, r#"{"a":1,"b":"//"}"#, &[(1, comment), (2, comment), (3, comment)]);
}

#[test]
fn repairs_of_other_languages() {
    repaired("{a: \"b\", _c1: 2}", r#"{"a":"b","_c1":2}"#, &[(1, "a name without quotes was quoted")]);
    let read = ["`True` was read as `true`", "`False` was read as `false`", "`None` was read as `null`"];
    repaired("{\"a\": True, \"b\": [False, None]}", r#"{"a":true,"b":[false,null]}"#, &read.map(|what| (1, what)));
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
    let twice = "a member is repeated in one object; the last one was kept";
    repaired("{\"a\": 1, \"b\": 2,\n\"a\": 3}", r#"{"a":3,"b":2}"#, &[(2, twice)]);
}

#[test]
fn placeholders() {
    let what = |text: &str| format!("a placeholder without quotes, `{text}`, was taken for a string");
    let (a, b, c, d) = (what("<string>"), what("{{ticket.id}}"), what("${id}"), what("integer"));
    let text = "{\"a\": <string>, \"b\": {{ticket.id}},\n\"c\": ${id}, \"d\": integer, \"e\": \"<string>\"}";
    let value = r#"{"a":"<string>","b":"{{ticket.id}}","c":"${id}","d":"integer","e":"<string>"}"#;
    repaired(text, value, &[(1, &a), (1, &b), (2, &c), (2, &d)]);
    let (a, b) = (what("tr_1234"), what("USER_ID"));
    repaired("{\"a\": tr_1234,\n\"b\": [USER_ID]}", r#"{"a":"tr_1234","b":["USER_ID"]}"#, &[(1, &a), (2, &b)]);
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
    let list = read("page.md", "1. {\"a\": 1}\n2. {\n\"b\": 2\n}\n");
    assert!(list.blocks.len() == 2 && list.blocks.iter().all(|block| block.repairs.is_empty()), "{list:#?}");
    repaired("{\n\"a\": 1,\n\"b\": [\n1,\n2\n]\n}\nCopied!\n1\n2\n3\n4\n", value, &[]);
}

#[test]
fn many_repairs_of_a_kind_are_summed_up() {
    let text = format!("{{\n{}\"last\": 1}}", (0..50).map(|at| format!("name{at}: 1,\n")).collect::<String>());
    let block = one("page.txt", &text);
    assert_eq!(block.json.as_object().unwrap().len(), 51);
    assert_eq!(block.repairs.len(), 20);
    assert_eq!(block.repairs[19].what, "a name without quotes was quoted (and 30 more like it)");
}
