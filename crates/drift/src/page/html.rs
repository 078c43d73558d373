//! Converts HTML to text: the visible text, code with its line breaks, and headings in Markdown.

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::attribute::{self, Attribute};
use super::lines::Anchor;
use super::regions::{self, Language, Region};

/// A page converted to text.
#[derive(Default)]
pub(super) struct Rendered {
    /// The text, followed by the values of attributes that may contain code.
    pub(super) text: String,
    /// The anchors that map the text to lines of the page.
    pub(super) anchors: Vec<Anchor>,
    /// The `<pre>` elements, and the values of attributes.
    pub(super) regions: Vec<Region>,
    /// The attributes, in the order of the text.
    pub(super) attributes: Vec<Attribute>,
}

/// Converts a page to text.
pub(super) fn render(source: &str) -> Rendered {
    let mut page = HtmlConverter { source: source.as_bytes(), line: 1, implied: 1, ..HtmlConverter::default() };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
        page.event(&event, span);
        None
    });
    // There is no tree builder that would tell the tokenizer to read the contents of a script or a style as text.
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(source, emitter).finish();
    page.close_code();
    page.finish()
}

#[derive(Default)]
struct HtmlConverter<'s> {
    source: &'s [u8],
    /// An offset in the source, and its line.
    place: usize,
    line: usize,
    /// The line where the text ends so far, counted by line anchors.
    implied: usize,
    out: Rendered,
    tag: Vec<u8>,
    /// Whether the current attribute can name a language, and the language that the element names.
    names_language: bool,
    language: Option<Language>,
    /// Whether the current attribute may contain code, and whether the element is a line of code.
    holds_code: bool,
    is_line: bool,
    /// The attributes with code: the offset in the text, the line of the page, and the value.
    attributes: Vec<(usize, usize, String)>,
    /// The language of the next code block according to the elements around it.
    around: Option<Language>,
    /// The start and the language of the open code block.
    open: Option<(usize, Language)>,
    /// The number of open elements in which line breaks are significant, and the number of `<pre>` elements among them.
    code: usize,
    pre: usize,
    /// Whether the text is inside a script or a style.
    hidden: bool,
}

impl HtmlConverter<'_> {
    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.extend_from_slice(name);
                self.language = None;
                self.names_language = false;
                self.holds_code = false;
                self.is_line = false;
            }
            CallbackEvent::AttributeName { name } => {
                self.names_language =
                    matches!(*name, b"class" | b"data-lang" | b"data-language" | b"language" | b"lang");
                self.holds_code = attribute::holds_code(&self.tag, name);
            }
            CallbackEvent::AttributeValue { value } if self.names_language => {
                self.language = self.language.or_else(|| language(value));
                self.is_line |= is_line(value);
            }
            CallbackEvent::AttributeValue { value } if self.holds_code && attribute::has_brackets(value) => {
                self.locate(span.start);
                let value = String::from_utf8_lossy(value).into_owned();
                self.attributes.push((self.out.text.len(), self.line, value));
            }
            CallbackEvent::CloseStartTag { .. } => {
                let tag = std::mem::take(&mut self.tag);
                self.start(&tag);
                self.tag = tag;
            }
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } if !self.hidden => self.text(value, span.start),
            _ => {}
        }
    }

    fn start(&mut self, tag: &[u8]) {
        match tag {
            b"script" | b"style" => self.hidden = true,
            b"br" => self.line_break(),
            b"span" if self.is_line && self.code > 0 => self.fresh_line(),
            b"pre" => {
                self.fresh_line();
                self.pre += 1;
                self.code += 1;
                if self.open.is_none() {
                    let language = self.language.or(self.around).unwrap_or(Language::Other);
                    self.open = Some((self.out.text.len(), language));
                }
            }
            b"code" | b"textarea" | b"samp" | b"xmp" | b"listing" => {
                self.code += 1;
                if let (Some((_, language @ Language::Other)), Some(named)) = (&mut self.open, self.language) {
                    *language = named;
                }
            }
            b"td" | b"th" => self.out.text.push('\t'),
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" if self.pre == 0 => {
                self.fresh_line();
                let level = usize::from(tag.last().map_or(1, |digit| digit - b'0'));
                self.out.text.extend(std::iter::repeat_n('#', level));
                self.out.text.push(' ');
            }
            tag if is_block(tag) => {
                self.fresh_line();
                self.around = self.language.or(self.around);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: &[u8]) {
        match tag {
            b"script" | b"style" => self.hidden = false,
            b"pre" => {
                // An end tag without a start tag must not end the code around it.
                self.code = self.code.saturating_sub(usize::from(self.pre > 0));
                self.pre = self.pre.saturating_sub(1);
                if self.pre == 0 {
                    self.close_code();
                }
                self.fresh_line();
            }
            b"code" | b"textarea" | b"samp" | b"xmp" | b"listing" => {
                self.code = self.code.saturating_sub(1).max(self.pre)
            }
            tag if is_block(tag) => self.fresh_line(),
            _ => {}
        }
    }

    fn close_code(&mut self) {
        if let Some((start, language)) = self.open.take() {
            self.out.regions.push(Region { start, end: self.out.text.len(), language });
        }
        self.around = None;
    }

    fn line_break(&mut self) {
        self.out.text.push('\n');
        self.implied += 1;
    }

    fn fresh_line(&mut self) {
        if !self.out.text.is_empty() && !self.out.text.ends_with('\n') {
            self.line_break();
        }
    }

    /// Records the source line of the end of the text.
    fn anchor(&mut self) {
        if self.implied != self.line {
            self.implied = self.line;
            self.out.anchors.push(Anchor { at: self.out.text.len(), line: self.line });
        }
    }

    /// Advances to an offset in the source.
    fn locate(&mut self, place: usize) {
        if let Some(between) = self.source.get(self.place..place) {
            self.line += memchr::memchr_iter(b'\n', between).count();
            self.place = place;
        }
    }

    /// Returns the page, with the values of attributes after its text.
    fn finish(self) -> Rendered {
        let mut out = self.out;
        out.regions = regions::joined(&out.text, out.regions);
        // The values come last: in their places, they would interrupt the visible text.
        for (place, line, value) in self.attributes {
            out.text.push('\n');
            let start = out.text.len();
            out.anchors.push(Anchor { at: start, line });
            out.text.push_str(&value);
            let end = out.text.len();
            out.regions.push(Region { start, end, language: attribute::language(&value) });
            out.attributes.push(Attribute { start, place });
        }
        out
    }

    fn text(&mut self, value: &[u8], start: usize) {
        self.locate(start);
        self.anchor();
        let value = String::from_utf8_lossy(value);
        let line = self.line;
        if self.code > 0 {
            self.out.text.push_str(&value);
            self.implied += memchr::memchr_iter(b'\n', value.as_bytes()).count();
            return;
        }
        // Outside code, a line break is a space.
        let mut rest = value.as_ref();
        while let Some(space) = rest.find(|c: char| c.is_ascii_whitespace()) {
            self.out.text.push_str(&rest[..space]);
            let after = rest[space..].trim_ascii_start();
            let skipped = &rest[space..rest.len() - after.len()];
            self.line += memchr::memchr_iter(b'\n', skipped.as_bytes()).count();
            if !self.out.text.is_empty() && !self.out.text.ends_with([' ', '\n', '\t']) {
                self.out.text.push(' ');
            }
            if !after.is_empty() {
                self.anchor();
            }
            rest = after;
        }
        self.out.text.push_str(rest);
        // `locate` counts the line breaks of this text, too.
        self.line = line;
    }
}

/// Returns whether a `class` such as `token-line` marks an element as a line of code.
fn is_line(class: &[u8]) -> bool {
    let words = class.split(u8::is_ascii_whitespace);
    words.into_iter().any(|word| word == b"line" || word.ends_with(b"-line") || word.ends_with(b"_line"))
}

/// Returns whether an element is a block element.
fn is_block(tag: &[u8]) -> bool {
    const BLOCKS: [&[u8]; 46] = [
        b"address", b"article", b"aside", b"blockquote", b"body", b"button", b"dd", b"details", b"dialog", b"div",
        b"dl", b"dt", b"fieldset", b"figcaption", b"figure", b"footer", b"form", b"h1", b"h2", b"h3", b"h4", b"h5",
        b"h6", b"head", b"header", b"hr", b"html", b"label", b"li", b"main", b"nav", b"ol", b"option", b"p",
        b"section", b"select", b"summary", b"table", b"tbody", b"textarea", b"tfoot", b"thead", b"title", b"tr", b"ul",
        b"noscript",
    ];
    BLOCKS.contains(&tag)
}

/// Returns the language that an attribute such as `class="highlight language-json"` names.
pub(super) fn language(value: &[u8]) -> Option<Language> {
    let value = std::str::from_utf8(value).ok().filter(|value| value.len() < 1000)?;
    value.split([' ', '\t', '\n', ':', ';']).find_map(|word| {
        let prefixes = ["language-", "lang-", "highlight-source-", "highlight-", "brush-"];
        let named = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
        Some(Language::of(named)).filter(|language| *language != Language::Other)
    })
}
