//! Invocations of the runtime's macros as text. The formatter does not format the contents of macros, so they are
//! formatted here.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The maximum length of a line that can be split.
const WIDTH: usize = 90;

/// An invocation of one of the runtime's macros.
#[derive(Default)]
pub(crate) struct Declaration {
    pub(crate) kind: &'static str,
    /// The name of the declared type.
    pub(crate) name: String,
    /// The labels that apply to the whole declaration.
    pub(crate) labels: Vec<(&'static str, String)>,
    /// The members, variants or similar parts, each on separate lines.
    pub(crate) lines: Vec<String>,
}

impl Declaration {
    pub(crate) fn text(&self) -> String {
        let labels: Vec<String> = self.labels.iter().map(|(label, value)| format!("{label}: {value}")).collect();
        let mut text = format!("webhook_runtime::{}! {{\n", self.kind);
        for line in std::iter::once(&block(&format!("{} {{ ", self.name), &labels, " }")).chain(&self.lines) {
            text.push_str(&indented(&format!("\n{line}"))[1..]);
            text.push('\n');
        }
        text.push_str("}\n");
        text
    }
}

/// Joins items between brackets: on one line if it is short enough, or else each on separate lines.
pub(crate) fn block(open: &str, items: &[String], close: &str) -> String {
    let line = format!("{open}{}{close}", items.join(", "));
    if line.chars().count() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let lines: String = items.iter().map(|item| indented(&format!("\n{item},"))).collect();
    format!("{}{lines}\n{}", open.trim_end(), close.trim_start())
}

/// Indents all lines after the first. This does not change literals, because line breaks in them are escaped.
fn indented(text: &str) -> String {
    text.replace('\n', "\n    ")
}

/// Returns a string literal.
pub(crate) fn string(text: &str) -> String {
    Literal::string(text).to_string()
}

/// Formats an expression.
pub(crate) fn expression(tokens: TokenStream) -> String {
    let Ok(file) = syn::parse2::<syn::File>(quote!(const X: () = #tokens;)) else { return tokens.to_string() };
    let text = prettyplease::unparse(&file);
    let text = text.trim_end().strip_prefix("const X: () = ").and_then(|text| text.strip_suffix(';'));
    text.map_or_else(|| tokens.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_has_a_line_for_each_part() {
        let mut declaration = Declaration {
            kind: "object",
            name: "A".to_owned(),
            labels: vec![("schema", "schemas::A".to_owned())],
            lines: vec!["a: required,".to_owned()],
        };
        let short = "webhook_runtime::object! {\n    A { schema: schemas::A }\n    a: required,\n}\n";
        assert_eq!(declaration.text(), short);
        declaration.labels.push(("pointer", string(&"a b".repeat(40))));
        let text = declaration.text();
        assert!(text.contains("\n    A {\n        schema: schemas::A,\n        pointer: \""), "{text}");
        assert!(text.contains("b\",\n    }\n    a: required,\n}\n"), "{text}");
    }

    #[test]
    fn long_expressions_have_a_line_for_each_part() {
        let short = quote!(read::items(Some(validator(1)), read::string(validator(2))));
        assert_eq!(expression(short), "read::items(Some(validator(1)), read::string(validator(2)))");
        let long: Vec<TokenStream> = (0..40).map(|index| quote!(Literal::String("a, b", #index))).collect();
        assert_eq!(expression(quote!(&[#(#long),*])).lines().count(), 42);
    }
}
