//! What every page has.

use maud::{DOCTYPE, Markup, html};

use super::Described;

/// A page of the site.
pub(super) struct Page<'p> {
    pub(super) title: &'p str,
    pub(super) description: &'p str,
    /// What leads from the page to the root of the site: nothing, or `../`.
    pub(super) root: &'p str,
    /// The provider that the page is about.
    pub(super) provider: Option<&'p str>,
}

impl Page<'_> {
    pub(super) fn html(&self, providers: &[Described<'_>], content: &Markup) -> String {
        let root = self.root;
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="description" content=(self.description);
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href={ (root) "style.css" };
                }
                body data-root=(root) {
                    a.skip href="#content" { "Skip to the content" }
                    header {
                        a.brand href={ (root) "index.html" } { "Webhook events" }
                        form role="search" {
                            label for="search" { "Find a member, an event, or a word of a description" }
                            input #search type="search" autocomplete="off" spellcheck="false"
                                placeholder="source_ip" aria-controls="results" aria-describedby="found";
                        }
                        nav aria-label="Providers" {
                            ul {
                                @for described in providers {
                                    @let provider = described.provider;
                                    @let current = (self.provider == Some(provider.name.as_str())).then_some("true");
                                    li {
                                        a href={ (root) (provider.name) "/index.html" } aria-current=[current] {
                                            (provider.settings.title)
                                        }
                                    }
                                }
                            }
                        }
                    }
                    section #results aria-label="Search results" hidden {
                        p #found role="status" {}
                        ul {}
                    }
                    main #content tabindex="-1" { (content) }
                    footer { p { "Generated from the schemas by " code { "cargo xtask docs" } "." } }
                    script src={ (root) "search-index.js" } defer {}
                    script src={ (root) "search.js" } defer {}
                }
            }
        };
        page.into_string() + "\n"
    }
}

/// Markdown of one paragraph: its code spans are code, and everything else is text.
pub(super) fn with_code(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A vendor's text: paragraphs, in which line breaks are kept.
pub(super) fn prose(text: &str) -> Markup {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    html! {
        @for paragraph in paragraphs { p.prose { (paragraph) } }
    }
}

/// JSON in a box that scrolls, also by keyboard.
pub(super) fn json(label: &str, text: &str) -> Markup {
    html! {
        pre tabindex="0" role="region" aria-label=(label) { code { (text.trim_end()) } }
    }
}

/// A place in a page, as the value of `id` and as what follows `#` in a link.
pub(super) fn anchor(pointer: &str) -> String {
    let mut anchor = "member:".to_owned();
    for byte in pointer.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' | b'*' => anchor.push(char::from(byte)),
            // Not `%`, which a link would read as an escape.
            other => anchor.push_str(&format!("~{other:02X}")),
        }
    }
    anchor
}
