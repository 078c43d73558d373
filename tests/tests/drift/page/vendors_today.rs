//! The pages of three vendors as they are today: every block is read.

use webhook_drift::page::Format;

use super::{headings, saved};

/// Where the fenced blocks that hold JSON are, found by their brackets alone: first and last line, without the fences.
fn fenced(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, line) in text.lines().enumerate() {
        match (line.trim().starts_with("```"), open) {
            (true, None) => open = Some(at + 2),
            (true, Some(first)) => {
                found.push((first, at));
                open = None;
            }
            _ => {}
        }
    }
    assert_eq!(open, None);
    found.retain(|(first, _)| text.lines().nth(first - 1).is_some_and(|line| line.trim().starts_with(['{', '['])));
    found
}

/// Every fenced block is read, from its first line to its last one, and nothing else is.
#[test]
fn every_block_is_read() {
    for (name, fences) in [("crowdsec.mdx", 30), ("wallarm.md", 5), ("canary.md", 7)] {
        let Some((page, text)) = saved("pages", name) else { continue };
        assert_eq!((page.format, page.unparsed.as_slice()), (Format::Markdown, [].as_slice()), "{name}");
        let fenced = fenced(&text);
        assert_eq!(fenced.len(), fences, "{name}");
        let mut read: Vec<(usize, usize)> = Vec::new();
        for block in &page.blocks {
            // The lines of newline-delimited JSON are one fenced block.
            match read.last_mut() {
                Some(last) if last.1 + 1 == block.first_line => last.1 = block.last_line,
                _ => read.push((block.first_line, block.last_line)),
            }
        }
        assert_eq!(read, fenced, "{name}");
    }
}

#[test]
fn what_is_repaired() {
    let repaired = |name: &str| {
        let (page, _) = saved("pages", name)?;
        let mut kinds: Vec<String> = Vec::new();
        for repair in page.blocks.iter().flat_map(|block| &block.repairs) {
            let kind = repair.what.split(['`', ',']).next().unwrap_or_default().trim().to_owned();
            if kinds.last() != Some(&kind) {
                kinds.push(kind);
            }
        }
        Some(kinds)
    };
    for (name, expected) in [
        ("crowdsec.mdx", [].as_slice()),
        ("canary.md", &[]),
        (
            "wallarm.md",
            &[
                "a missing",
                "a name without quotes was quoted",
                "a line break in a string was kept",
                "a name without quotes was quoted",
            ],
        ),
    ] {
        let Some(kinds) = repaired(name) else { continue };
        assert_eq!(kinds, expected, "{name}");
    }
}

#[test]
fn headings_and_strings_of_wallarm() {
    let Some((page, _)) = saved("pages", "wallarm.md") else { return };
    let denylisted = "Example: notification to Webhook URL if IP address is added to the denylist";
    let (hit, issue) = ("Hit detected", "Security issue detected");
    assert_eq!(headings(&page), [hit, hit, hit, issue, issue, denylisted]);
    // The array and the line are of one event; the array has the line breaks as they are printed.
    let description = |block: usize| {
        let json = &page.blocks[block].json;
        let event = json.as_array().map_or(json, |items| &items[0]);
        let text = event.get("description").and_then(|text| text.as_str()).unwrap();
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let [array, line] = [3, 4].map(description);
    assert_eq!(array[2..array.len() - 3], line[2..line.len() - 3]);
    assert!(array.len() > 10);
}
