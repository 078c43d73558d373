use super::*;

/// Converts a text, and checks that converting the result again does not change it.
fn safe(text: &str) -> String {
    let written = markdown(text);
    assert_eq!(markdown(&written), written, "{text:?}");
    written
}

#[test]
fn what_is_no_markup_stands_for_itself() {
    for (text, expected) in [
        ("a <key> of [list]", r"a \<key\> of \[list\]"),
        ("`<key>` and `open", r"`<key>` and \`open"),
        ("a ``` <script>", r"a \`\`\` \<script\>"),
        (r"`\` <script>alert(1)</script> `", r"`\` \<script\>alert(1)\</script\> \`"),
        ("<b>bold</b>\n`code` &amp; &lt;b>", "\\<b\\>bold\\</b\\>\n`code` & \\<b\\>"),
        ("5 * 3 _ 2, *.example.com, snake_case, C:\\path", r"5 * 3 _ 2, \*.example.com, snake_case, C:\path"),
        ("&amp;copy; &copy=1", r"\&copy; &copy=1"),
        ("1\\. a\n\\- b\n\\# c", "1\\. a\n\\- b\n\\# c"),
        ("a\n=\nb", "**a**\n\nb"),
    ] {
        assert_eq!(safe(text), expected, "{text:?}");
    }
}

#[test]
fn only_links_to_the_web_are_links() {
    for (text, expected) in [
        ("see https://a.example/b_c_*d*.", "see <https://a.example/b_c_*d*>."),
        ("(https://a.example), xhttps://b.example", r"(<https://a.example>), xhttps\://b.example"),
        ("[a *b*](HTTPS://a.example/(x) \"t\")", "[a *b*](https://a.example/%28x%29)"),
        ("[a *b*](https://a.example/x \"t\")", "[a *b*](https://a.example/x)"),
        ("[a](javascript:alert(1)) [b](data:text/html,x) [c](file:///etc/passwd) [d](/x) [e](#f)", "a b c d e"),
        ("<javascript:alert(1)> <a@b.example>", r"\<javascript:alert(1)\> \<a@b.example\>"),
        ("![a](https://a.example/i.png)![b](x.png)", "[a](https://a.example/i.png)b"),
        ("[![a](https://a.example/i.png)](https://b.example)", "[a](https://b.example)"),
        ("[`Vec`], [Vec](struct@Vec), [x][`Vec`]", r"\[`Vec`\], Vec, \[x\]\[`Vec`\]"),
        (
            "[a], [b]\n\n[a]: javascript:x\n[b]: https://b.example",
            "\\[a\\], \\[b\\]\n\n\\[a\\]: javascript:x\n\\[b\\]: <https://b.example>",
        ),
        (
            "[a], [b]\n\n[a]: https://a.example\n[b]: https://b.example",
            "[a](https://a.example), [b](https://b.example)",
        ),
        ("https://{host}.example/ https://a.example/{id}", r"https\://{host}.example/ https\://a.example/{id}"),
        ("<https://a.example/?a=1&lt;2>", r"[https\://a.example/?a=1\&lt;2](https://a.example/?a=1\&lt;2)"),
    ] {
        assert_eq!(safe(text), expected, "{text:?}");
    }
}

#[test]
fn code_is_shown_and_not_run() {
    for (text, expected) in [
        ("so:\n\n```rust\n    <x>\n```\nend", "so:\n\n```text\n    <x>\n```\n\nend"),
        ("~~~\nopen", "```text\nopen\n```"),
        ("    indented", "indented"),
        ("a\n\n    code\n\n\tb", "a\n\n```text\ncode\n\nb\n```"),
        ("-     x()", "* ```text\n  x()\n  ```"),
        ("1)\tx\n\n\t\ty", "1. x\n\n   ```text\n   y\n   ```"),
        ("> ```\n> x", "> ```text\n> x\n> ```"),
        ("````\n```\n````", "````text\n```\n````"),
    ] {
        assert_eq!(safe(text), expected, "{text:?}");
    }
}

#[test]
fn lists_tables_and_quotes_keep_their_structure() {
    for (text, expected) in [
        ("Levels:\n* one\n  more\n* two", "Levels:\n\n* one\n  more\n* two"),
        ("- a\n  1. b\n  2. c\n- d", "* a\n  1. b\n  2. c\n* d"),
        ("- a\n\n- b", "* a\n\n* b"),
        ("- a\n+ b\n* c", "* a\n\n- b\n\n* c"),
        ("> a\n\n> b\nc", "> a\n\n> b\n> c"),
        ("# A *b* **c**\ntext", "**A _b_ c**\n\ntext"),
        ("| a | b |\n|---|:-:|\n| `x\\|y` | **z** |", "| a | b |\n| --- | --- |\n| x&#124;y | **z** |"),
        ("***a*** **b *c*** *d **e***", "*__a__* **b _c_** *d __e__*"),
        ("a  \nb\\\nc", "a\\\nb\\\nc"),
        ("a[^1]\n\n[^1]: note", "a\\[^1\\]\n\n\\[^1\\]: note"),
        ("- [ ] a\n- [x] b", "* \\[ \\] a\n* \\[x\\] b"),
    ] {
        assert_eq!(safe(text), expected, "{text:?}");
    }
}

/// Pieces of Markdown: the delimiters of its structures, and text.
const PIECES: &[&str] = &[
    "a", "b c", "é", "日本", "1", "9.", " ", "  ", "    ", "\t", "\n", "\n\n", "\n    ", "\r", "\u{2028}", "\n- ",
    "\n* ", "\n+ ", "\n1. ", "\n2) ", "-     ", "- [ ] ", "\n> ", "> [!NOTE]\n", "```", "~~~", "```rust", "`", "``",
    "<b>", "</b>", "<script>", "<!--", "-->", "<?", "<![CDATA[", "<div>\n", "<a href='x'>", "[", "]", "(", ")", "[a]",
    "[a]:", "(javascript:x)", "(https://a.b/c_d)", "https://a.b/_c_", "http://", "<https://a.b>", "<javascript:x>",
    "<x@y.z>", "![", "\\", "\\\n", "*", "**", "_", "__", "***", "~", "~~", "|", "\n|---|---|\n", "| a | b |", "---",
    "\n===\n", "\n---\n", "#", "\n# ", "+++", "&lt;", "&#10;", "&#x202e;", "&nbsp;", "&", "\u{0}", "\u{202e}",
    "\u{fdd0}", "\u{a0}", "[^1]", "[^1]: ", "[`Vec`]", "'", "\"", "...", "--", "{", "}", ": ", "!", "$", "^",
];

/// Returns whether Markdown is harmless, regardless of how it was written.
fn is_harmless(markdown: &str) -> bool {
    use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
    let rustdoc = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let is_web = |address: &str| address.starts_with("https://") || address.starts_with("http://");
    [rustdoc, Options::empty(), Options::all()].into_iter().all(|options| {
        Parser::new_ext(markdown, options).all(|event| match event {
            Event::Html(_) | Event::InlineHtml(_) => false,
            Event::Start(Tag::CodeBlock(kind)) => kind == CodeBlockKind::Fenced("text".into()),
            Event::Start(Tag::Link { dest_url, .. }) => is_web(&dest_url),
            Event::Start(tag) => !matches!(tag, Tag::Image { .. } | Tag::HtmlBlock | Tag::Heading { .. }),
            _ => true,
        })
    })
}

#[test]
fn random_markdown_is_harmless_and_written_once() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..3_000 {
        let text: String = (0..random.usize(1..14)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let written = safe(&text);
        assert!(is_harmless(&written), "{text:?}: {written:?}");
        assert!(!written.contains(|c| c != '\n' && super::super::is_invisible(c)), "{text:?}: {written:?}");
        let one = line(&text);
        assert_eq!(line(&one), one, "{text:?}");
        let cells = [one, plain(&text), cell_code(&text)].join(" | ");
        let table = format!("| a | b | c |\n| --- | --- | --- |\n| {cells} |");
        assert!(is_harmless(&table), "{text:?}: {table}");
        let parser = pulldown_cmark::Parser::new_ext(&table, pulldown_cmark::Options::ENABLE_TABLES);
        let count =
            parser.filter(|event| matches!(event, pulldown_cmark::Event::Start(pulldown_cmark::Tag::TableCell)));
        assert_eq!(count.count(), 6, "{text:?}: {table}");
    }
}

/// No word is lost, regardless of the markup around it.
#[test]
fn no_word_is_lost() {
    let mut random = fastrand::Rng::with_seed(8);
    let pieces =
        ["- ", "\n", "\n\n", "    ", "**", "[", "]", "|", "\n|---|---|\n", "<", ">", "> ", "# ", "[^1]: ", "* "];
    for _ in 0..2_000 {
        let mut text = String::new();
        for word in 0..6 {
            (0..random.usize(0..4)).for_each(|_| text.push_str(pieces[random.usize(..pieces.len())]));
            text.push_str(&format!("word{word} "));
        }
        let written = markdown(&text);
        // Cells beyond the columns of a table's head are not shown.
        let is_kept = |word: usize| written.contains(&format!("word{word}")) || text.contains("|---|");
        assert!((0..6).all(is_kept), "{text:?}: {written:?}");
    }
}

#[test]
fn nesting_has_an_end() {
    for text in
        ["> ".repeat(5_000), "- ".repeat(20_000), "*a **b ".repeat(20_000), "[".repeat(50_000), "`".repeat(50_000)]
    {
        let written = safe(&format!("{text}a"));
        assert!(written.len() < 6 * text.len() + 100, "{}", written.len());
        assert!(is_harmless(&written));
    }
}
