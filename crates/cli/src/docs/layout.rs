//! Renders the parts that every page has: the head, the header with the search, the path to the page, and the footer.

use maud::{DOCTYPE, Markup, html};
use webhook_harness::printable_lines;

use super::anchors::url;

/// An empty icon, so that browsers do not request `/favicon.ico`.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' \
    height='16' rx='3' fill='%230b5d5e'/%3E%3Cpath d='M4 5h8M4 8h8M4 11h5' stroke='white' stroke-width='1.5'/%3E%3C/svg%3E";

/// A page.
pub(super) struct SitePage<'p> {
    /// The path of the page below the root of the site.
    pub(super) path: &'p str,
    pub(super) title: &'p str,
    /// The subject of the page, in a sentence.
    pub(super) summary: &'p str,
    /// The paths and names of the pages between the first page and this one.
    pub(super) trail: &'p [(String, String)],
    /// The content of the element `main`.
    pub(super) content: Markup,
    /// The content next to `main`, as a landmark of its own.
    pub(super) aside: Option<Markup>,
}

/// Returns the relative URL from a page to the root of the site.
pub(super) fn to_root(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}

/// Returns the text of a page.
pub(super) fn page(page: &SitePage<'_>) -> String {
    let root = to_root(page.path);
    let is_start = page.trail.is_empty();
    let markup = html! {
        (DOCTYPE)
        html lang="en" data-root=(root) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) @if !is_start { " – Webhook catalogue" } }
                meta name="description" content=(page.summary);
                link rel="icon" href=(ICON);
                link rel="stylesheet" href={ (root) "style.css" };
                script src={ (root) "catalogue.js" } defer {}
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header.site {
                    a.home href={ (root) "index.html" } aria-current=[is_start.then_some("page")] { "Webhook catalogue" }
                    form.search role="search" hidden {
                        label for="search" { "Search members and events" }
                        input #search type="search" autocomplete="off" autocapitalize="none" spellcheck="false"
                            placeholder="Search members and events" aria-keyshortcuts="/" aria-describedby="search-help";
                        kbd aria-hidden="true" { "/" }
                        p #search-help hidden { "Type a name, a path, a JSON Pointer or a type; `type:Timestamp` finds types alone. The arrow keys move through the results, Escape closes them." }
                    }
                    div #results hidden {
                        p #search-status role="status" {}
                        ol #search-results aria-label="Search results" {}
                    }
                }
                div.page.with-aside[page.aside.is_some()] {
                    main #content tabindex="-1" {
                        @if !is_start { (trail(page, &root)) }
                        (page.content)
                    }
                    @if let Some(aside) = &page.aside { (aside) }
                }
                footer.site {
                    p { "Generated from the schemas and payloads in " code { "schema-defs" } "." }
                }
            }
        }
    };
    // HTML does not allow control characters, and text of a vendor must not reorder the page around it.
    format!("{}\n", printable_lines(&markup.into_string().replace("\r\n", "\n")))
}

fn trail(page: &SitePage<'_>, root: &str) -> Markup {
    html! {
        nav.trail aria-label="Breadcrumb" {
            ol {
                li { a href={ (root) "index.html" } { "Catalogue" } }
                @for (path, name) in page.trail {
                    li {
                        @if path == page.path { span aria-current="page" { (name) } }
                        @else { a href={ (root) (url(path)) } { (name) } }
                    }
                }
            }
        }
    }
}
