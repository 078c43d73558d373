//! Finds where the items of a body begin and end, block by block.

use std::ops::Range;

use super::BodyFormat;
use crate::read::{plain_length, structure_at};

/// Finds the end of a JSON value that arrives in any number of blocks. Only brackets and quotes are examined: the
/// reader of the value decides whether it is JSON. So a `}` may close a `[` here.
#[derive(Debug, Default)]
struct ValueEnd {
    depth: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    /// Before the value.
    #[default]
    Start,
    /// Inside a number or a word.
    Plain,
    /// Inside an array or an object, outside its strings. Also before a string that is the whole value.
    Container,
    /// Inside a string.
    String,
    /// After a backslash, which may be the last byte of a block.
    Escape,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl ValueEnd {
    /// Moves `at` forward. Returns true at the end of the value, with `at` after it; otherwise all bytes are taken.
    fn find(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            match self.state {
                // The byte is not taken here: the next state looks at it again.
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
                            // The first bracket of a value opens it, so the depth is at least 1 here.
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
                // The four digits of `\u` are neither quotes nor backslashes, so one byte is enough for every escape.
                State::Escape => {
                    *at += 1;
                    self.state = State::String;
                }
            }
        }
        false
    }
}

/// The result of one step of a splitter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// An item begins here. It may be read before its end is looked for, and is then stepped over by
    /// [`Splitter::skip`].
    Begin(usize),
    /// An item, which is neither empty nor white space.
    Item(Range<usize>),
    /// The end of an item that was longer than the limit.
    TooLong,
    /// All bytes were consumed, and the body is not complete.
    More,
    /// The body ended at the end of an item or of the array.
    End,
    /// The body is broken.
    Broken(Broken),
}

/// How a body is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The body ends too early.
    Ends,
    /// The next byte cannot begin an item.
    NoItem,
    /// An item is followed by neither a comma nor the end of the array.
    NoComma,
    /// The end is followed by more text.
    Trailing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before the first byte that is not white space.
    #[default]
    Beginning,
    /// After the bracket that opens the array.
    ArrayOpen,
    /// After a comma.
    ArrayComma,
    /// In an item of an array.
    ArrayItem,
    /// After an item of an array.
    ArrayAfter,
    /// In the first value of a body that is one event, or lines.
    First,
    /// After that value, on its line.
    FirstLine,
    /// After that line. The body is lines if anything follows, and one event otherwise.
    AfterFirst,
    /// Between lines.
    LineStart,
    /// In a line.
    Line,
    /// After the array, or the only event.
    End,
}

/// Splits a body into its items: the items of a JSON array, the lines of newline-delimited JSON, or a single event. The
/// first byte decides whether the body is an array.
#[derive(Debug, Default)]
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
    /// Creates a splitter. With `always_lines`, a body that is not an array is read as lines.
    pub(crate) fn new(always_lines: bool) -> Splitter {
        Splitter { limit: usize::MAX, always_lines, ..Splitter::default() }
    }

    /// Sets the maximum length of an item in bytes.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Returns the format of the body, as soon as it is decided.
    pub(crate) fn layout(&self) -> Option<BodyFormat> {
        self.layout
    }

    /// Steps over an item that has just begun and has the given length. Returns false, and changes nothing, if the next
    /// byte must not follow an item, or is not known yet.
    pub(crate) fn skip(&mut self, length: usize, bytes: &[u8], at_end: bool) -> bool {
        let end = self.at + length;
        let rest = bytes.get(end..).unwrap_or_default();
        // A line feed ends the line, so it is not skipped.
        let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        let place = match (self.place, next) {
            // `between_items` checks what follows an item of an array.
            (Place::ArrayItem, _) => Place::ArrayAfter,
            // If anything else follows on the line, the whole line is one item, and it is rejected.
            (Place::Line, Some(b'\n')) => Place::LineStart,
            (Place::Line, None) if at_end => Place::LineStart,
            _ => return false,
        };
        // `step` reports an item that is too long.
        if length > self.limit {
            return false;
        }
        (self.at, self.place) = (end, place);
        true
    }

    /// Returns the number of bytes that were consumed.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Returns a range of bytes that are not needed any longer. The next call of [`Splitter::step`] gets the bytes
    /// without them.
    pub(crate) fn release(&mut self) -> Range<usize> {
        let released = match self.place {
            // The first value is still to be reported; the white space after it may be long.
            Place::FirstLine | Place::AfterFirst => self.first_end..self.at,
            _ => 0..self.start,
        };
        self.at -= released.len();
        self.start = self.start.min(released.start);
        released
    }

    /// Consumes white space between items, which is not needed any longer, and returns the next byte without consuming
    /// it.
    fn next_token(&mut self, bytes: &[u8]) -> Option<u8> {
        let next = self.next(bytes, is_space);
        self.start = self.at;
        next
    }

    /// Consumes bytes of white space, and returns the next byte without consuming it.
    fn next(&mut self, bytes: &[u8], is_skipped: impl Fn(u8) -> bool) -> Option<u8> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let step = rest.iter().position(|byte| !is_skipped(*byte));
        self.at += step.unwrap_or(rest.len());
        step.map(|step| rest[step])
    }

    fn begin(&mut self, place: Place) {
        (self.place, self.value, self.start) = (place, ValueEnd::default(), self.at);
    }

    /// Consumes the remainder of the value that was begun, and returns whether it ends in these bytes.
    fn value_ends(&mut self, bytes: &[u8], at_end: bool) -> bool {
        let from = self.at;
        let found = self.value.find(bytes, &mut self.at);
        if self.place == Place::First {
            self.first_has_lines |= memchr::memchr(b'\n', &bytes[from..self.at]).is_some();
        }
        self.drop_too_long();
        // A number or a word has no end of its own. Anything else that is open at the end of the body is truncated.
        found || at_end && matches!(self.value.state, State::Plain)
    }

    fn drop_too_long(&mut self) {
        // Moving the start releases the bytes, so a long item takes no memory.
        if self.at - self.start > self.limit {
            (self.too_long, self.start) = (true, self.at);
        }
    }

    fn item(&mut self, end: usize) -> Progress {
        match std::mem::take(&mut self.too_long) {
            true => Progress::TooLong,
            false if end <= self.start => Progress::Broken(Broken::NoItem),
            false => Progress::Item(self.start..end),
        }
    }

    fn go(&mut self, place: Place, layout: BodyFormat) {
        (self.place, self.layout) = (place, Some(layout));
    }

    /// Moves to the beginning or the end of the next item. `bytes` are the bytes of the last call, without the released
    /// ones, and further bytes. With `at_end`, the body ends after them.
    pub(crate) fn step(&mut self, bytes: &[u8], at_end: bool) -> Progress {
        loop {
            // Each function either returns progress, or has moved to another place, so this loop ends.
            let progress = match self.place {
                Place::Beginning => self.beginning(bytes, at_end),
                Place::ArrayOpen | Place::ArrayComma | Place::ArrayAfter => self.between_items(bytes, at_end),
                Place::ArrayItem => self.array_item(bytes, at_end),
                Place::First => self.first_value(bytes, at_end),
                Place::FirstLine => self.first_line(bytes, at_end),
                Place::AfterFirst => self.after_first(bytes, at_end),
                Place::LineStart => self.line_start(bytes, at_end),
                Place::Line => self.line(bytes, at_end),
                Place::End => match self.next_token(bytes) {
                    None => Some(ended(at_end)),
                    Some(_) => Some(Progress::Broken(Broken::Trailing)),
                },
            };
            if let Some(progress) = progress {
                return progress;
            }
        }
    }

    fn beginning(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        match self.next_token(bytes) {
            // Newline-delimited JSON may have no lines, but an event or an array has at least one byte.
            None if self.always_lines => return Some(ended(at_end)),
            None => return Some(short(at_end)),
            Some(b'[') => {
                self.at += 1;
                self.go(Place::ArrayOpen, BodyFormat::Array);
            }
            Some(_) if self.always_lines => self.go(Place::LineStart, BodyFormat::Lines),
            Some(_) => self.begin(Place::First),
        }
        None
    }

    fn between_items(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        let Some(next) = self.next_token(bytes) else { return Some(short(at_end)) };
        match (self.place, next) {
            (Place::ArrayOpen | Place::ArrayAfter, b']') => {
                self.at += 1;
                self.place = Place::End;
                None
            }
            (Place::ArrayAfter, b',') => {
                self.at += 1;
                self.place = Place::ArrayComma;
                None
            }
            (Place::ArrayAfter, _) => Some(Progress::Broken(Broken::NoComma)),
            (_, b',' | b']' | b'}') => Some(Progress::Broken(Broken::NoItem)),
            _ => {
                self.begin(Place::ArrayItem);
                Some(Progress::Begin(self.at))
            }
        }
    }

    fn array_item(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        if !self.value_ends(bytes, at_end) {
            return Some(short(at_end));
        }
        self.place = Place::ArrayAfter;
        Some(self.item(self.at))
    }

    /// Consumes the first value of a body that is not an array. Whether the body is this one event or lines shows only
    /// later, so the value is not reported yet.
    fn first_value(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        if !self.value_ends(bytes, at_end) {
            return Some(short(at_end));
        }
        // A comma or a closing bracket has ended the value before it began.
        if self.at == self.start && !self.too_long {
            return Some(Progress::Broken(Broken::NoItem));
        }
        (self.place, self.first_end) = (Place::FirstLine, self.at);
        None
    }

    fn first_line(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        match self.next(bytes, |byte| is_space(byte) && byte != b'\n') {
            Some(b'\n') => {
                self.place = Place::AfterFirst;
                None
            }
            Some(_) => Some(Progress::Broken(Broken::Trailing)),
            None => Some(self.only_value(at_end)),
        }
    }

    fn after_first(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        match self.next(bytes, is_space) {
            // `{\n}\n{}` is not newline-delimited JSON, whose values have no line breaks.
            Some(_) if self.first_has_lines => Some(Progress::Broken(Broken::Trailing)),
            Some(_) => {
                self.go(Place::LineStart, BodyFormat::Lines);
                Some(self.item(self.first_end))
            }
            None => Some(self.only_value(at_end)),
        }
    }

    /// Reports the first value as the only one if the body ends here.
    fn only_value(&mut self, at_end: bool) -> Progress {
        if !at_end {
            return Progress::More;
        }
        self.go(Place::End, BodyFormat::Single);
        self.item(self.first_end)
    }

    fn line_start(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        if self.next_token(bytes).is_none() {
            return Some(ended(at_end));
        }
        self.begin(Place::Line);
        Some(Progress::Begin(self.at))
    }

    /// Consumes a line with any content. If the line is not JSON, it is one rejected item, and reading continues with
    /// the next line.
    fn line(&mut self, bytes: &[u8], at_end: bool) -> Option<Progress> {
        // A string has no unescaped line feed (RFC 8259, section 7), so every line feed ends the line, and the line
        // need not be parsed to find its end.
        let rest = bytes.get(self.at..).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest);
        self.at += length.unwrap_or(rest.len());
        self.drop_too_long();
        if length.is_none() && !at_end {
            return Some(Progress::More);
        }
        self.place = Place::LineStart;
        Some(self.item(self.at))
    }
}

/// Returns the progress at the end of the bytes, in a place where the body must continue.
fn short(at_end: bool) -> Progress {
    if at_end { Progress::Broken(Broken::Ends) } else { Progress::More }
}

/// Returns the progress at the end of the bytes, in a place where the body may end.
fn ended(at_end: bool) -> Progress {
    if at_end { Progress::End } else { Progress::More }
}

/// White space of JSON.
pub(crate) const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];
