//! Pages that cannot be read, and limits on the size of pages.

use std::fs;

use conformance::folder::root;
use conformance::stride;
use webhook_drift::page::{self, Format, MAX_BYTES, PageError};

use super::{has_members, none, read};

#[test]
fn what_looked_like_json_is_told() {
    let text = "Opened\n{\n\"a\": 1,\n\"b\": !\n\"c\": {\"d\": 1}\n}\nClosed\n{\"e\": 1}\n";
    let found = read("page.txt", text);
    assert_eq!(found.blocks.len(), 1);
    assert_eq!(
        (found.unparsed[0].line, found.unparsed[0].why.as_str()),
        (2, "line 4 has `!` where a value is expected")
    );
    let text = "```json\n\"a\": b\n```\n\n```json\n{ a ]\n```\n\n```json\n\"a\"\n```\n\n{\"a\": 1}\n";
    let found = read("page.md", text);
    assert_eq!(found.blocks.len(), 1);
    assert_eq!(found.unparsed.iter().map(|unparsed| unparsed.line).collect::<Vec<_>>(), [2, 6]);
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

#[test]
fn hard_pages_end() {
    let pieces = "[|{|{\"a\":|{\"a\":[|[{\"a\":|\"|{\"|[\"|['a |{“|{a:|[...|{\"a\":1}|{\"a\":1,|[{\"a\":1},|\\|{\"a\\\"|<|\
        <pre>|</|&lt;|```\n|~~~json\n|> {\n|1 {\n|{//|{/*|{#\n|{\"a\":x}\n|{\n\"a\":\"\n|{{|{\"a\":{{|\n|# a\n|…|\
        \u{A0}|]|}|{\"a\":<|[{\"a\":01},|a\n\n|{\"a\":1\nb|{\"a\": 1, b(\n|0|[0,|{\"a\":\"b\"}\n|{\\\"a\\\":|\
        {\\\"a\\\":1} |[{\\\"a\\\":\\\"\\\\|{\"a\":\"\n\n|{\"a\":{\"b\":1\n|{a:\"\n\n\"x|<pre>{</pre>|\
        <pre>{\"a\":[</pre>\n|<span class=line>{|<pre>{</pre>x|<a data-copy='{\"a\":1}'>|<a data-copy='{\"a\":'>|\
        <a data-copy='{\"a\":\"\n\n\"}'>x|<a b=\"{&quot;a&quot;:1}\">|=\"{&quot;|{\"a\":x |{\"a\":x,\n|. |\
        {\n[...]\n|{...a a|&quot;";
    let mut pages = Vec::new();
    for piece in pieces.split('|') {
        for lead in ["", "{\"a\": 1}\n", "[{\"a\": [\"", "<pre>"] {
            pages.extend(["page.md", "page.html", "page.txt"].map(|name| (name, lead, piece)));
        }
    }
    // Twelve pages for each piece: the stride has no common divisor with that, so that each lead and each name has its turn.
    for (name, lead, piece) in pages.into_iter().step_by(stride(13)) {
        let count = match piece {
            "[" | "{" | "{\"a\":" | "{\"a\":[" | "\"" if lead.is_empty() => 400_000,
            _ => 20_000,
        };
        // No clock is read. If one of these took quadratic time, the test would go on for hours.
        let _ = page::read(name, (lead.to_owned() + &piece.repeat(count)).as_bytes());
    }
}

#[test]
fn any_bytes_end_without_a_panic() {
    let pieces: Vec<&str> = "{|}|[|]|\"|'|:|,|\\|\\u12|\\ud800|...|…|“|”|a|1|01|-|true|None|<|>|</|<pre>|</pre>|<br>|&lt;|&#10;|\n|\r\n| |\u{A0}|\u{FEFF}|//|/*|*/|#|# |```|```json\n|~~~|`|> |1 {|2 |{{|}}|${|😀|é|\\\"|&quot;|=\"|<a data-copy='|<span class=line>|</pre>\n<pre>|[...]|{\"a\":|{\\\"a\\\":"
        .split('|')
        .collect();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in (0..3000).step_by(stride(5)) {
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
                    assert!(page.format == Format::Html || block.last_line <= last, "{text}");
                    assert!(has_members(&block.json), "{text}");
                }
            }
        }
        let _ = page::read("page", &text.as_bytes()[1..]);
    }
}
