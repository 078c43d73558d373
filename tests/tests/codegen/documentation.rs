//! Text of a vendor stays text in the documentation of a package.

use std::fs;

use conformance::documentation::{active, check_harmless, documentation};
use conformance::folder::{root, write};
use webhook_codegen::{Options, generate_folder, settings_text};

/// Texts that writers of documents and attackers try. If the code that `CODE` stands for ran, it would create a file.
const TRICKS: &[&str] = &[
    // Indented code after each marker of a list, and in nested lists.
    "-     CODE",
    "*     CODE",
    "+     CODE",
    "1.     CODE",
    "1)     CODE",
    "-\t\tCODE",
    "- - -     CODE",
    "- a\n\n      CODE",
    "10. a\n\n        CODE\n",
    "-\n      CODE",
    "- [ ]     CODE",
    // Indented code after empty lines, with tabs, and after a quote.
    "a\n\n    CODE",
    "a\n\n\tCODE",
    "a\n \t \n  \tCODE",
    ">     CODE",
    "> > a\n> >\n> >     CODE",
    "a\u{2028}\u{2028}    CODE",
    "a\r\r    CODE",
    // Fences: of backticks and tildes, indented, in lists and quotes, without an end, with other fences in them.
    "```\nCODE\n```",
    "```rust\nCODE",
    "~~~rust,should_panic\nCODE\n~~~",
    "   ```rust\n   CODE\n   ```",
    "- ```\n  CODE\n  ```",
    "> ~~~\n> CODE",
    "````text\n```\n````\n```\nCODE\n```",
    "```text\n````\nCODE\n```\n```\nCODE\n",
    "~~~text\n```\nCODE\n~~~",
    "```text\n```rust\nCODE\n```\n```\nCODE\n```",
    "\u{2028}```\u{2028}CODE\u{2028}```",
    "`\u{202e}``\nCODE\n`\u{202e}``",
    "```text `\nCODE\n```",
    // HTML: blocks, inside lines, after escapes, as entities, and text that only looks like HTML.
    "<script>alert(1)</script>",
    "`\\` <script>alert(1)</script> `",
    "\\`<img src=x onerror=alert(1)>\\`",
    "\\\\<b>",
    "a <!-- b --> <? c ?> <!D e> <![CDATA[ f ]]> &lt;i&gt; &#60;u&#x3e;",
    "<pre>\n\n    CODE\n</pre>",
    "<details><summary>\n\n```\nCODE\n```\n</details>",
    "<div\nclass=x>",
    "a\n<table><tr><td>",
    "**a <b** c>",
    "[<b>](https://a.example)",
    // Links: of all kinds, with all schemes, and to items of the crate.
    "[a](javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](JaVaScRiPt&colon;alert(1)) [b](java&#10;script:alert(1)) [c](\u{1}javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=) [b](file:///etc/passwd) [c](vbscript:x)",
    "<javascript:alert(1)> <file:///etc/passwd> <mailto:a@b.example> <a@b.example> <https://a.example>",
    "[a]\n\n[a]: javascript:alert(1)",
    "[a][b] [b][] ![b]\n\n[b]: data:text/html,x 'title'",
    "[a]: <javascript:alert(1)>\n[a]: https://a.example\n\n[a]",
    "[Vec], [`Vec`], [a](Vec), [a](struct@Vec), [a][crate::Event], [Event::Unknown]",
    "![a](https://a.example/pixel.png) ![b](javascript:x) ![c](pixel.png)",
    "[![a](https://a.example/i.png)](javascript:alert(1))",
    "[a](//evil.example) [b](/c) [d](#e) [f](?g) [h](https:evil.example) [i](https:\\\\evil.example)",
    "https://a.example/<script>alert(1)</script>",
    "https://a.example/_a_*b*~c~`d`",
    "[a](https://a.example/\"><script>alert(1)</script>)",
    "[a\n\n    CODE\n](https://a.example)",
    // Other structure.
    "a\n=\nb\n-\n    CODE",
    "# a\n    CODE",
    "| a | b |\n|---|---|\n| <b> | [c](javascript:x) |\n\n    CODE",
    "a | b\n--|--\n`|` | \\| `\\|` |",
    "a[^1]\n\n[^1]: b\n\n        CODE",
    "***\n    CODE\n***",
    "---\ntitle: a\n---\n\n+++\nb\n+++",
    "a  \n    CODE\\\n    b",
    "Term\n: definition\n\n      CODE",
    "\"quoted\" -- 'text' ... $a$ $$b$$ ^c^ ~d~ [[e]] {#f} :::g",
    "> [!NOTE]\n> a\n>\n>     CODE",
    // Ends of comments, attributes and strings.
    "*/ fn main() { CODE } /*",
    "\"] fn main() {} #[doc = \"",
    "\")] mod evil { } #[doc(alias = \"",
    "\\\"; evil(); \\\"",
    "include_str!(\"/etc/passwd\")",
    "#![feature(evil)]\n//! a\n/// b\n/** c */",
    "a\n# [dependencies]\nevil = \"*\"\n[features]\n",
    "\"\"\"\n[dependencies]\nevil = \"*\"",
    "a # b\u{0}c\u{7f}",
    // Characters that are not text.
    "\u{0}\u{1}\u{7}\u{8}\u{b}\u{c}\u{1b}[2J\u{7f}\u{85}",
    "\u{202e}a\u{202c} \u{2066}b\u{2069} \u{200e}c\u{200f} \u{61c}d",
    "&#x202e;a&#0;b&#10;\n&#13;    c&#9;d",
    "\u{fdd0}script\u{fdd1}\u{fdd2}\u{fdd3}\u{feff}\u{ffff}",
    "`\u{202e}` ``\u{0}``",
    "\n\n\n",
    "",
    " ",
    "\\",
    "`",
    "*",
];

#[test]
fn what_a_vendor_says_is_shown_and_not_run() {
    for trick in TRICKS {
        let trick = trick.replace("CODE", "std::fs::write(\"marker\", \"x\").unwrap();");
        check_harmless(&trick);
        check_harmless(&format!("A list:\n\n* one\n{trick}\n\n    {trick}"));
    }
}

#[test]
fn the_judge_finds_what_is_active() {
    for (text, expected) in [
        ("-     code()", "code Indented code()"),
        ("a\n\n```rust\ncode()\n```", "code Fenced(Borrowed(\"rust\")) code()\n"),
        ("a <b>", "html <b>"),
        ("[a](javascript:b)", "javascript:b"),
        ("![a](https://b.example)", "Image"),
        ("[a]: javascript:b", "definition a"),
    ] {
        assert!(active(text).iter().any(|found| found.contains(expected)), "{text:?}: {:?}", active(text));
    }
    assert_eq!(active("a `code` <https://a.example>\n\n```text\ncode()\n```"), Vec::<String>::new());
}

#[test]
fn what_is_committed_is_harmless() {
    let of = |path: &str| {
        let mut tree = webhook_codegen::Tree::default();
        for (file, text) in conformance::folder::texts(&root().join(path).join("src")) {
            tree.add(format!("src/{file}"), text);
        }
        tree.add("README.md", fs::read_to_string(root().join(path).join("README.md")).unwrap());
        documentation(&tree)
    };
    for path in ["generated", "tests/goldens/package"] {
        for (place, active) in of(path) {
            // The generator itself writes links to types, examples, and the mark of the README.
            let own = [
                "code Fenced(Borrowed(\"json\"))",
                "code Fenced(Borrowed(\"\")) use ",
                "code Fenced(Borrowed(\"\")) # #[cfg(",
                "code Fenced(Borrowed(\"rust\")) use ",
                "code Fenced(Borrowed(\"sh\")) cargo add ",
                "html <!-- @generated by ",
                "HtmlBlock",
            ];
            let is_own = |found: &String| own.iter().any(|own| found.starts_with(own));
            assert!(active.iter().all(is_own), "{path} {place}: {active:#?}");
        }
    }
}

/// A vendor's document passes through `import` and `codegen`.
#[test]
fn code_in_a_document_of_a_vendor_is_not_compiled() {
    let folder = tempfile::tempdir().unwrap();
    let code = "std::fs::write(\\\"marker\\\", \\\"x\\\").unwrap();";
    let markers = ["-     ", "*     ", "+     ", "1.     ", "1)     ", "-\\t\\t"];
    let properties: Vec<String> = markers
        .iter()
        .enumerate()
        .map(|(at, marker)| format!("\"p{at}\": {{\"type\": \"string\", \"description\": \"{marker}{code}\"}}"))
        .collect();
    let document = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"```\\n{code}\\n```\", \"version\": \"1\"}}, \"webhooks\": {{\"a\": {{\"post\": \
         {{\"description\": \"```\\n{code}\\n```\", \"requestBody\": {{\"content\": {{\"application/json\": {{\"schema\": {{\"type\": \
         \"object\", \"description\": \"-     {code}\", \"properties\": {{{}}}}}}}}}}}}}}}}}}}",
        properties.join(", ")
    );
    write(folder.path(), [("api.json", document)]);
    let path = folder.path().join("api.json");
    let defs = folder.path().join("defs");
    let options = webhook_import::Options::default();
    let imported = webhook_import::import("vendor", &[path], &options).unwrap_or_else(|error| panic!("{error:#?}"));
    let provider = &imported.provider;
    let settings = settings_text(&provider.settings, imported.comment.as_deref()).replace("origin = ", "# origin = ");
    let settings = format!("origin = \"\"\"```\n{code}\n```\"\"\"\n{settings}");
    let event = &provider.events[0];
    write(&defs, [(provider.settings_file(), settings), (provider.schema_file(event), event.schema.pretty())]);
    let options = Options::default().package("events");
    let (_, made) = generate_folder(&defs, &options).unwrap_or_else(|problems| panic!("{problems:#?}"));
    for path in ["src/vendor/a.rs", "src/vendor/mod.rs", "src/lib.rs", "README.md"] {
        assert!(made.tree.get(path).unwrap().contains("std::fs::write"), "the text is in {path}");
    }
    for (place, active) in documentation(&made.tree) {
        assert!(active.iter().all(|found| !found.contains("marker")), "{place}: {active:#?}");
    }
}
