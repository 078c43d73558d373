//! Where the items of a body begin and end, found block by block.

use std::ops::Range;

use super::BodyFormat;
use crate::read::{plain_length, structure_at};

/// Finds where a JSON value ends, in as many blocks as it comes in. Only brackets and quotes are looked at: whether the value
/// is JSON is for its reader to decide.
#[derive(Debug, Default)]
struct ValueEnd {
    depth: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Nothing was seen.
    #[default]
    Start,
    /// Inside of a number or a word.
    Plain,
    /// Inside of an array or an object.
    Container,
    /// Inside of a string.
    String,
    /// Behind a backslash.
    Escape,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl ValueEnd {
    /// Steps on; true at the end of the value, where `at` is behind it then. Otherwise all bytes are taken.
    fn find(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            match self.state {
                State::Start => match byte {
                    b'"' | b'{' | b'[' => self.state = State::Container,
                    _ => self.state = State::Plain,
                },
                State::Plain => {
                    let ends = |byte: &u8| is_space(*byte) || matches!(byte, b',' | b']' | b'}');
                    let rest = &bytes[*at..];
                    let length = rest.iter().position(ends);
                    *at += length.unwrap_or(rest.len());
                    return length.is_some();
                }
                State::Container => {
                    let rest = &bytes[*at..];
                    let Some(step) = structure_at(rest) else {
                        *at = bytes.len();
                        return false;
                    };
                    *at += step + 1;
                    match rest[step] {
                        b'"' => self.state = State::String,
                        b'{' | b'[' => self.depth += 1,
                        _ => {
                            self.depth -= 1;
                            if self.depth == 0 {
                                return true;
                            }
                        }
                    }
                }
                State::String => {
                    *at += plain_length(&bytes[*at..]);
                    let Some(&byte) = bytes.get(*at) else { return false };
                    *at += 1;
                    match byte {
                        b'"' if self.depth == 0 => return true,
                        b'"' => self.state = State::Container,
                        b'\\' => self.state = State::Escape,
                        _ => {}
                    }
                }
                State::Escape => {
                    *at += 1;
                    self.state = State::String;
                }
            }
        }
        false
    }
}

/// What a splitter comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An item begins here, and may be read before its end is looked for: then [`Splitter::skip`] steps over it.
    Begin(usize),
    /// An item, which is neither empty nor white space.
    Item(Range<usize>),
    /// The end of an item that was longer than the limit.
    TooLong,
    /// Everything is taken, and the body goes on.
    More,
    /// The body ended where it may.
    End,
    /// The body is broken: why.
    Broken(Broken),
}

/// How a body is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It ends too early.
    Ends,
    /// Something else than an item comes.
    NoItem,
    /// Something comes behind an item that is neither a comma nor the end of the array.
    NoComma,
    /// Something comes behind the end.
    Trailing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before anything but white space.
    Beginning,
    /// Behind the bracket that opens the array.
    ArrayOpen,
    /// Behind a comma.
    ArrayComma,
    /// In an item of an array.
    ArrayItem,
    /// Behind an item of an array.
    ArrayAfter,
    /// In the first value of a body that is one event, or lines.
    First,
    /// Behind that value, on its line.
    FirstLine,
    /// Behind that line. Whether the body is lines depends on whether anything comes.
    AfterFirst,
    /// Between lines.
    LineStart,
    /// In a line.
    Line,
    /// Behind the array, or the only event.
    End,
}

/// Splits a body into its items: of a JSON array, of newline-delimited JSON, or one that is alone. The first byte decides
/// whether it is an array.
#[derive(Debug)]
pub(crate) struct Splitter {
    place: Place,
    value: ValueEnd,
    /// The first byte that is still needed.
    start: usize,
    at: usize,
    /// Where the first value ends, and whether there is a line break in it.
    first_end: usize,
    first_has_lines: bool,
    /// Whether the bytes of the item are dropped, because there are too many.
    too_long: bool,
    limit: usize,
    always_lines: bool,
    layout: Option<BodyFormat>,
}

impl Splitter {
    /// A splitter. `always_lines`: a body that is not an array is lines.
    pub(crate) fn new(always_lines: bool) -> Splitter {
        Splitter {
            place: Place::Beginning,
            value: ValueEnd::default(),
            start: 0,
            at: 0,
            first_end: 0,
            first_has_lines: false,
            too_long: false,
            limit: usize::MAX,
            always_lines,
            layout: None,
        }
    }

    /// Sets how many bytes an item may have.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// How the items are laid out, as soon as that is decided.
    pub(crate) fn layout(&self) -> Option<BodyFormat> {
        self.layout
    }

    /// Steps over an item that has just begun, up to its end: `false` if something comes behind it that must not, or if that is
    /// not known yet. Then nothing changes.
    pub(crate) fn skip(&mut self, length: usize, bytes: &[u8], at_end: bool) -> bool {
        let end = self.at + length;
        let rest = bytes.get(end..).unwrap_or_default();
        let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        let place = match (self.place, next) {
            (Place::ArrayItem, _) => Place::ArrayAfter,
            (Place::Line, Some(b'\n')) => Place::LineStart,
            (Place::Line, None) if at_end => Place::LineStart,
            _ => return false,
        };
        if length > self.limit {
            return false;
        }
        (self.at, self.place) = (end, place);
        true
    }

    /// How many bytes were taken.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Some bytes that are not needed any longer. The next call gets the bytes without them.
    pub(crate) fn release(&mut self) -> Range<usize> {
        let released = match self.place {
            Place::FirstLine | Place::AfterFirst => self.first_end..self.at,
            _ => 0..self.start,
        };
        self.at -= released.len();
        self.start = self.start.min(released.start);
        released
    }

    /// Takes white space; the next byte, which is not taken.
    fn next(&mut self, bytes: &[u8], is_skipped: impl Fn(u8) -> bool) -> Option<u8> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let step = rest.iter().position(|byte| !is_skipped(*byte));
        self.at += step.unwrap_or(rest.len());
        step.map(|step| rest[step])
    }

    fn begin(&mut self, place: Place) {
        (self.place, self.value, self.start) = (place, ValueEnd::default(), self.at);
    }

    /// Takes the rest of the value that was begun: whether it ends here.
    fn value_ends(&mut self, bytes: &[u8], at_end: bool) -> bool {
        let from = self.at;
        let found = self.value.find(bytes, &mut self.at);
        if self.place == Place::First {
            self.first_has_lines |= memchr::memchr(b'\n', &bytes[from..self.at]).is_some();
        }
        self.drop_too_long();
        // Only numbers and words end where the body does.
        found || at_end && matches!(self.value.state, State::Plain)
    }

    fn drop_too_long(&mut self) {
        if self.at - self.start > self.limit {
            (self.too_long, self.start) = (true, self.at);
        }
    }

    fn item(&mut self, end: usize) -> Step {
        match std::mem::take(&mut self.too_long) {
            true => Step::TooLong,
            false if end <= self.start => Step::Broken(Broken::NoItem),
            false => Step::Item(self.start..end),
        }
    }

    fn go(&mut self, place: Place, layout: BodyFormat) {
        (self.place, self.layout) = (place, Some(layout));
    }

    /// Goes on to the end of the next item. The bytes are those of the last call, without those released, and further ones;
    /// `at_end`: the body ends with them.
    pub(crate) fn step(&mut self, bytes: &[u8], at_end: bool) -> Step {
        let short = if at_end { Step::Broken(Broken::Ends) } else { Step::More };
        let ended = if at_end { Step::End } else { Step::More };
        loop {
            let next = match self.place {
                Place::ArrayItem | Place::First | Place::Line => None,
                Place::FirstLine => self.next(bytes, |byte| is_space(byte) && byte != b'\n'),
                _ => self.next(bytes, is_space),
            };
            if !matches!(
                self.place,
                Place::ArrayItem | Place::First | Place::FirstLine | Place::AfterFirst | Place::Line
            ) {
                self.start = self.at;
            }
            match (self.place, next) {
                (Place::Beginning, None) => return if self.always_lines { ended } else { short },
                (Place::Beginning, Some(b'[')) => {
                    self.at += 1;
                    self.go(Place::ArrayOpen, BodyFormat::Array);
                }
                (Place::Beginning, Some(_)) if self.always_lines => self.go(Place::LineStart, BodyFormat::Lines),
                (Place::Beginning, Some(_)) => self.begin(Place::First),

                (Place::ArrayOpen | Place::ArrayComma | Place::ArrayAfter, None) => return short,
                (Place::ArrayOpen | Place::ArrayAfter, Some(b']')) => {
                    self.at += 1;
                    self.place = Place::End;
                }
                (Place::ArrayAfter, Some(b',')) => {
                    self.at += 1;
                    self.place = Place::ArrayComma;
                }
                (Place::ArrayAfter, Some(_)) => return Step::Broken(Broken::NoComma),
                (Place::ArrayOpen | Place::ArrayComma, Some(b',' | b']' | b'}')) => {
                    return Step::Broken(Broken::NoItem);
                }
                (Place::ArrayOpen | Place::ArrayComma, Some(_)) => {
                    self.begin(Place::ArrayItem);
                    return Step::Begin(self.at);
                }
                (Place::ArrayItem, _) => {
                    if !self.value_ends(bytes, at_end) {
                        return short;
                    }
                    self.place = Place::ArrayAfter;
                    return self.item(self.at);
                }

                (Place::First, _) => {
                    if !self.value_ends(bytes, at_end) {
                        return short;
                    }
                    if self.at == self.start && !self.too_long {
                        return Step::Broken(Broken::NoItem);
                    }
                    (self.place, self.first_end) = (Place::FirstLine, self.at);
                }
                (Place::FirstLine, Some(b'\n')) => self.place = Place::AfterFirst,
                (Place::FirstLine, Some(_)) => return Step::Broken(Broken::Trailing),
                (Place::AfterFirst, Some(_)) if self.first_has_lines => return Step::Broken(Broken::Trailing),
                (Place::AfterFirst, Some(_)) => {
                    self.go(Place::LineStart, BodyFormat::Lines);
                    return self.item(self.first_end);
                }
                (Place::FirstLine | Place::AfterFirst, None) if at_end => {
                    self.go(Place::End, BodyFormat::Single);
                    return self.item(self.first_end);
                }
                (Place::FirstLine | Place::AfterFirst, None) => return Step::More,

                (Place::LineStart, None) => return ended,
                (Place::LineStart, Some(_)) => {
                    self.begin(Place::Line);
                    return Step::Begin(self.at);
                }
                (Place::Line, _) => {
                    let rest = bytes.get(self.at..).unwrap_or_default();
                    let length = memchr::memchr(b'\n', rest);
                    self.at += length.unwrap_or(rest.len());
                    self.drop_too_long();
                    if length.is_none() && !at_end {
                        return Step::More;
                    }
                    self.place = Place::LineStart;
                    return self.item(self.at);
                }

                (Place::End, None) => return ended,
                (Place::End, Some(_)) => return Step::Broken(Broken::Trailing),
            }
        }
    }
}

/// The items of a text that is an array; `None` if it is not one, or is broken between its items.
pub(crate) fn array(text: &str) -> Option<Vec<&str>> {
    text.trim_start_matches(SPACE).strip_prefix('[')?;
    let mut splitter = Splitter::new(false);
    let mut items = Vec::new();
    loop {
        match splitter.step(text.as_bytes(), true) {
            Step::Begin(_) => {}
            Step::Item(range) => items.push(text.get(range)?),
            Step::End => return Some(items),
            _ => return None,
        }
    }
}

/// White space of JSON.
pub(crate) const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];
