//! Finds the sections of a page by its headings.

use super::heading;
use super::regions::Region;

/// A marked heading, written in Markdown or converted from HTML.
struct Section {
    start: usize,
    level: usize,
    /// The name; `None` if the heading does not describe the section, such as "Example".
    name: Option<String>,
    /// The index of the section that contains this one.
    parent: Option<usize>,
}

/// The sections of a page.
pub(super) struct Sections(Vec<Section>);

impl Sections {
    /// Finds the headings in a text, except in code.
    pub(super) fn of(text: &str, regions: &[Region]) -> Sections {
        let mut all: Vec<Section> = Vec::new();
        let mut regions = regions.iter().peekable();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            while regions.next_if(|region| region.end <= start).is_some() {}
            let is_code = regions.peek().is_some_and(|region| region.start <= start);
            if let Some((level, name)) = heading::marked(line).filter(|_| !is_code) {
                let mut parent = all.len().checked_sub(1);
                while let Some(above) = parent.and_then(|at| all.get(at)).filter(|above| above.level >= level) {
                    parent = above.parent;
                }
                all.push(Section { start, level, name, parent });
            }
            start += line.len();
        }
        Sections(all)
    }

    /// Returns the headings of the sections around an offset, innermost first.
    pub(super) fn around(&self, place: usize) -> Vec<String> {
        let last = self.0.partition_point(|section| section.start <= place).checked_sub(1);
        let around = std::iter::successors(last.and_then(|at| self.0.get(at)), |section| self.0.get(section.parent?));
        around.filter_map(|section| section.name.clone()).collect()
    }
}
