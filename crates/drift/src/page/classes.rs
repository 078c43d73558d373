//! Reads Python classes in place of a page: the annotated members of a class form a structure of the payload.

/// Returns a text with a structure for each of the named classes, on the same lines as the class. Returns `None` if the
/// source has none of the classes.
pub fn structures(source: &str, names: &[String]) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut found = false;
    let mut open: Option<Class> = None;
    for line in source.lines() {
        lines.push(String::new());
        if line.starts_with(|first: char| !first.is_whitespace()) {
            close(&mut lines, open.take());
            let name = line.strip_prefix("class ").and_then(|rest| rest.split(['(', ':']).next());
            if name.is_some_and(|name| names.iter().any(|wanted| wanted == name.trim())) {
                found = true;
                open = Some(Class { start: lines.len() - 1, members: Vec::new() });
            }
        } else if let (Some(class), Some((name, kind))) = (&mut open, member(line)) {
            class.members.push((lines.len() - 1, format!("{name:?}: {:?}", format!("<{kind}>"))));
        }
    }
    close(&mut lines, open);
    found.then(|| lines.join("\n"))
}

/// The class that is being read: its line, and its members with their lines.
struct Class {
    start: usize,
    members: Vec<(usize, String)>,
}

/// Writes a class as JSON with types instead of values.
fn close(lines: &mut [String], class: Option<Class>) {
    let Some(Class { start, members }) = class.filter(|class| !class.members.is_empty()) else { return };
    lines[start] = "{".to_owned();
    let last = members.len() - 1;
    for (index, (line, member)) in members.into_iter().enumerate() {
        lines[line] = if index == last { format!("{member}}}") } else { format!("{member},") };
    }
}

/// Parses an annotated member of a class, such as `    memo: Memo = ""`. Members of methods are indented further.
fn member(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("    ")?.split_once(':')?;
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let kind = rest.split(" = ").next().unwrap_or_default().trim();
    (is_name && !name.starts_with('_') && !kind.is_empty() && rest.starts_with(' ')).then_some((name, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_named_classes_are_structures() {
        let source = "import x\n\nclass Other(Base):\n    no: int\n\nclass Alert(Base):\n    \"\"\"An alert.\"\"\"\n    token: str\n    \
                      memo: Optional[str] = None\n    _x: int\n\n    @property\n    def url(self) -> str:\n        inner: int = 1\n        \
                      return \"\"\n    last: dict[str, Any]\n\nclass End: ...\n";
        let text = structures(source, &["Alert".to_owned(), "End".to_owned()]).unwrap();
        let expected = "\n\n\n\n\n{\n\n\"token\": \"<str>\",\n\"memo\": \"<Optional[str]>\",\n\n\n\n\n\n\n\"last\": \"<dict[str, Any]>\"}\n\n";
        assert_eq!(text, expected);
        assert_eq!(structures(source, &["Missing".to_owned()]), None);
        assert_eq!(structures("<p>class Alert(</p>", &["Alert".to_owned()]), None);
    }
}
