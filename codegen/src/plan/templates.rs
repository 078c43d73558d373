//! Templates of a vendor's sentences: `x-text-templates`.
//!
//! A template is text with fields in braces, such as `{name}`, and optional parts in brackets, such as
//! `[, hostname {hostname}]`. A field is text, unless it has a kind: `{port:integer}` is a decimal number, and
//! `{time:date-time}` is a date and time. A doubled brace or bracket stands for a single one.

use bumpalo::Bump;

/// A parsed template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template(pub(crate) Vec<TemplatePart>);

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TemplatePart {
    Literal(String),
    Field(String, FieldKind),
    Optional(Vec<TemplatePart>),
}

/// The kind of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Integer,
    DateTime,
}

/// The maximum number of optional parts in a template.
const OPTIONAL: usize = 6;

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    ///
    /// Returns a description of the first mistake.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let mut parts = Vec::new();
        let mut rest = text.chars().peekable();
        parse(&mut rest, &mut parts, false)?;
        let optional = parts.iter().filter(|part| matches!(part, TemplatePart::Optional(_))).count();
        if optional > OPTIONAL {
            return Err(format!("it has {optional} optional parts, and at most {OPTIONAL} are read"));
        }
        let fields = fields(&parts);
        for (index, (name, ..)) in fields.iter().enumerate() {
            if fields[..index].iter().any(|(known, ..)| known == name) {
                return Err(format!("it has the field `{name}` twice"));
            }
        }
        if fields.is_empty() {
            return Err("it has no field".to_owned());
        }
        Ok(Template(parts))
    }

    /// Returns the name and kind of each field, and whether the field is always present.
    pub(crate) fn fields(&self) -> Vec<(&str, FieldKind, bool)> {
        fields(&self.0)
    }
}

/// Returns whether a text matches one of some templates, with the matching of generated code. A template that cannot be
/// parsed matches nothing.
pub fn matches_text_templates(templates: &[String], text: &str) -> bool {
    fn made<'b>(bump: &'b Bump, parts: &[TemplatePart]) -> &'b [webhook_runtime::__private::Part<'b>] {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Literal(words) => webhook_runtime::__private::Part::Literal(bump.alloc_str(words)),
            TemplatePart::Field(name, _) => webhook_runtime::__private::Part::Field(bump.alloc_str(name)),
            TemplatePart::Optional(parts) => webhook_runtime::__private::Part::Optional(made(bump, parts)),
        };
        bump.alloc_slice_fill_iter(parts.iter().map(part))
    }
    let bump = Bump::new();
    let templates = templates.iter().filter_map(|template| Template::parse(template).ok());
    templates.into_iter().any(|Template(parts)| webhook_runtime::__private::matches_template(made(&bump, &parts), text))
}

fn fields(parts: &[TemplatePart]) -> Vec<(&str, FieldKind, bool)> {
    let mut found = Vec::new();
    for part in parts {
        match part {
            TemplatePart::Literal(_) => {}
            TemplatePart::Field(name, kind) => found.push((name.as_str(), *kind, true)),
            TemplatePart::Optional(parts) => {
                found.extend(fields(parts).into_iter().map(|(name, kind, _)| (name, kind, false)))
            }
        }
    }
    found
}

type Chars<'t> = std::iter::Peekable<std::str::Chars<'t>>;

fn parse(rest: &mut Chars<'_>, parts: &mut Vec<TemplatePart>, optional: bool) -> Result<(), String> {
    let mut words = String::new();
    loop {
        let next = rest.next();
        let doubled = next.is_some_and(|c| "{}[]".contains(c)) && rest.peek() == next.as_ref();
        match next {
            Some(c) if doubled => {
                rest.next();
                words.push(c);
            }
            Some(c) if !"{}[]".contains(c) => words.push(c),
            sign => {
                if !words.is_empty() {
                    parts.push(TemplatePart::Literal(std::mem::take(&mut words)));
                }
                match sign {
                    None if optional => return Err("an optional part does not end".to_owned()),
                    None => return Ok(()),
                    Some(']') if optional => return Ok(()),
                    Some('{') => parts.push(field(rest, parts.last())?),
                    Some('[') if !optional => {
                        let mut inner = Vec::new();
                        parse(rest, &mut inner, true)?;
                        if !matches!(inner.first(), Some(TemplatePart::Literal(_))) {
                            return Err("an optional part must begin with words".to_owned());
                        }
                        parts.push(TemplatePart::Optional(inner));
                    }
                    Some('[') => return Err("an optional part is nested in another".to_owned()),
                    Some(c) => return Err(format!("`{c}` closes nothing")),
                }
            }
        }
    }
}

fn field(rest: &mut Chars<'_>, before: Option<&TemplatePart>) -> Result<TemplatePart, String> {
    if matches!(before, Some(TemplatePart::Field(..))) {
        return Err("two fields have no text between them".to_owned());
    }
    let mut text = String::new();
    loop {
        match rest.next() {
            Some('}') => break,
            Some(c) => text.push(c),
            None => return Err(format!("the field `{text}` does not end")),
        }
    }
    let (name, kind) = text.split_once(':').unwrap_or((&text, ""));
    let kind = match kind {
        "" => FieldKind::Text,
        "integer" => FieldKind::Integer,
        "date-time" => FieldKind::DateTime,
        other => return Err(format!("`{other}` is not a kind of field: write integer or date-time, or leave it out")),
    };
    if name.is_empty() || super::names::snake(name) != name {
        return Err(format!("`{name}` is not a name of a field: write it like_this"));
    }
    Ok(TemplatePart::Field(name.to_owned(), kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_parsed() {
        let Template(parts) = Template::parse("a {x}[, b {y:integer}] {{c}}").unwrap();
        let maybe = TemplatePart::Optional(vec![
            TemplatePart::Literal(", b ".into()),
            TemplatePart::Field("y".into(), FieldKind::Integer),
        ]);
        let field = TemplatePart::Field("x".into(), FieldKind::Text);
        assert_eq!(parts, [TemplatePart::Literal("a ".into()), field, maybe, TemplatePart::Literal(" {c}".into())]);
    }

    #[test]
    fn a_text_fits_one_of_the_templates() {
        let templates = ["Login of {user}[ from {place}]", "{open", "Logout of {user}!"].map(str::to_owned);
        for (text, fits) in [
            ("Login of Ann", true),
            ("Login of Ann from here", true),
            ("Logout of Ann!", true),
            ("Logout of Ann", false),
            ("Login", false),
            ("{open", false),
        ] {
            assert_eq!(matches_text_templates(&templates, text), fits, "{text}");
        }
    }

    #[test]
    fn mistakes_are_reported() {
        for (text, mistake) in [
            ("no field", "no field"),
            ("{a}{b}", "no text between"),
            ("{a} [b {c}", "an optional part does not end"),
            ("{a} and {b", "the field `b` does not end"),
            ("{a} ]", "closes nothing"),
            ("{a} [b [c {d}]]", "nested in another"),
            ("{A b}", "not a name"),
            ("{a:float}", "not a kind"),
            ("{a} and {a}", "twice"),
            ("{a}[{b}]", "begin with words"),
        ] {
            let error = Template::parse(text).unwrap_err();
            assert!(error.contains(mistake), "{text}: {error}");
        }
    }
}
