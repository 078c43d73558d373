//! Renders the first page, which lists every provider and every event.

use maud::html;

use super::anchors::{self, url};
use super::layout::{SitePage, page};
use super::provider_page::{about, events};
use super::site::ProviderPages;
use crate::output::counted;

/// Returns the text of the first page.
pub(super) fn text(providers: &[ProviderPages<'_>]) -> String {
    let count: usize = providers.iter().map(|provider| provider.input.events.len()).sum();
    let members: usize =
        providers.iter().flat_map(|provider| &provider.about.events).map(|event| event.members.len()).sum();
    let summary = "Every webhook event, member by member, with its JSON type and its Rust type.";
    let content = html! {
        h1 { "Webhook catalogue" }
        p.lead { (summary) }
        p.counts {
            (counted(providers.len(), "provider")) " · " (counted(count, "event")) " · " (counted(members, "member"))
        }
        @for provider in providers {
            @let anchor = format!("provider-{}", anchors::example(&provider.input.name));
            section.provider aria-labelledby=(anchor) {
                h2 id=(anchor) {
                    a href=(url(&anchors::provider_page(&provider.input.name))) { (provider.input.settings.title) }
                }
                (about(provider))
                (events(provider, ""))
            }
        }
    };
    page(&SitePage { path: "index.html", title: "Webhook catalogue", summary, trail: &[], content, aside: None })
}
