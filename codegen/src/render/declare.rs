//! Invocations of the runtime's macros, as text: the formatter leaves what is inside a macro as it is.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// How wide a line may be before it is broken.
const WIDTH: usize = 120;

/// The JSON form of a type: the macro that implements its readers and writer, and its arguments.
pub(crate) struct Declaration {
    pub(crate) kind: &'static str,
    /// What becomes of members that the schema does not name.
    pub(crate) extra: Option<String>,
    pub(crate) lines: Vec<String>,
}

impl Declaration {
    /// The invocation; `head` is what every type has.
    pub(crate) fn text(&self, head: &str) -> String {
        let mut text = format!("webhook_runtime::{}! {{\n", self.kind);
        let extra = self.extra.as_ref().map(|extra| format!(", {extra}")).unwrap_or_default();
        for line in std::iter::once(&format!("{head}{extra};")).chain(&self.lines) {
            for (index, part) in broken(line).into_iter().enumerate() {
                text.push_str(if index == 0 { "    " } else { "        " });
                text.push_str(&part);
                text.push('\n');
            }
        }
        text.push_str("}\n");
        text
    }
}

/// Items in lines of as many as fit.
pub(crate) fn filled(items: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() + 5 <= WIDTH => {
                line.push(' ');
                line.push_str(item);
            }
            _ => lines.push(item.clone()),
        }
    }
    lines
}

/// A line in parts that are not too wide, broken after commas and bars outside of strings.
fn broken(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut word) = (String::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for sign in line.chars() {
        word.push(sign);
        match sign {
            '"' if !escaped => quoted = !quoted,
            ' ' if !quoted => {
                if !part.is_empty() && part.chars().count() + word.trim_end().chars().count() + 8 > WIDTH {
                    parts.push(std::mem::take(&mut part).trim_end().to_owned());
                }
                part.push_str(&std::mem::take(&mut word));
            }
            _ => {}
        }
        escaped = sign == '\\' && !escaped;
    }
    if !part.is_empty() && part.chars().count() + word.chars().count() + 8 > WIDTH {
        parts.push(std::mem::take(&mut part).trim_end().to_owned());
    }
    part.push_str(&word);
    parts.push(part);
    parts
}

/// A string literal.
pub(crate) fn string(text: &str) -> String {
    Literal::string(text).to_string()
}

/// An expression on one line.
pub(crate) fn expression(tokens: TokenStream) -> String {
    let Ok(file) = syn::parse2::<syn::File>(quote!(const X: () = #tokens;)) else { return tokens.to_string() };
    let text = prettyplease::unparse(&file);
    let text = text.trim_end().strip_prefix("const X: () = ").and_then(|text| text.strip_suffix(';')).unwrap_or(&text);
    let mut line = String::new();
    for part in text.lines() {
        let part = part.trim();
        let joined = line.is_empty() || line.ends_with(['(', '[']) || part.starts_with([')', ']', '.']);
        if part.starts_with([')', ']']) && line.ends_with(',') {
            line.pop();
        }
        if !joined {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_on_one_line() {
        let short = quote!(read::items(Some(validator(1)), read::string(validator(2))));
        assert_eq!(expression(short), "read::items(Some(validator(1)), read::string(validator(2)))");
        let long: Vec<TokenStream> = (0..40).map(|index| quote!(Literal::String("a, b" #index))).collect();
        assert!(!expression(quote!(&[#(#long),*])).contains('\n'));
    }

    #[test]
    fn long_lines_are_broken_outside_of_strings() {
        let line = format!("\"{}\" | \"{}\" | \"c d\" => X,", "a ".repeat(50), "b ".repeat(20));
        let parts = broken(&line);
        assert_eq!(parts.join(" "), line);
        assert!(parts.len() == 2 && parts.iter().all(|part| part.chars().count() <= WIDTH));
    }
}
