//! The tables of a provider as text: an entry a line where it fits, and above it where its schema stands.

use std::fmt::Write as _;

use proc_macro2::{Literal as Token, TokenStream};
use quote::quote;
use webhook_runtime::__private::number::Numeral;
use webhook_runtime::__private::schema::{Id, Keyword, Schema, Types};
use webhook_runtime::__private::{Literal, Pattern};

use crate::json::Json;
use crate::tables::{Tables, numeral as known_numeral};

/// How long a line may be.
const WIDTH: usize = 120;

/// `schemas.rs`: the tables, and `validator`, which names an entry.
pub(crate) fn file(tables: &Tables<'_>) -> String {
    let mut text = String::from("//! The schemas, as tables: each entry refers to others by their places.\n\n");
    let body = body(tables);
    let used = |name: &str| body.contains(&format!("{name}::")) || body.contains(&format!("{name}<"));
    let known = ["Literal", "Pattern"];
    for name in known.iter().filter(|name| used(name)) {
        let _ = writeln!(text, "use webhook_runtime::__private::{name};");
    }
    if used("Numeral") {
        text.push_str("use webhook_runtime::__private::number::Numeral;\n");
    }
    let mut names = vec!["Id", "Validator", "Schema"];
    names.extend(["Keyword", "Types"].into_iter().filter(|name| used(name)));
    names.extend(["items", "members"].into_iter().filter(|name| body.contains(&format!("{name}("))));
    names.sort_unstable();
    let _ = writeln!(text, "use webhook_runtime::__private::schema::{{{}}};\n", names.join(", "));
    text.push_str("/// The schema at a place of the table.\n");
    text.push_str(
        "pub(super) const fn validator(id: Id) -> Validator<'static> {\n    Validator::new(SCHEMAS, id)\n}\n\n",
    );
    text.push_str(&body);
    text
}

fn body(tables: &Tables<'_>) -> String {
    let mut text = String::new();
    if !tables.patterns.is_empty() {
        let _ = writeln!(text, "static PATTERNS: [Pattern<'static>; {}] = [", tables.patterns.len());
        for pattern in tables.patterns {
            let (source, translated) = (string(pattern.source()), string(pattern.translated()));
            let _ = writeln!(text, "    Pattern::new({source}, {translated}),");
        }
        text.push_str("];\n\n");
    }
    text.push_str("static SCHEMAS: &[Schema<'static>] = &[\n");
    for (index, (Schema(keywords), place)) in tables.schemas.iter().zip(&tables.places).enumerate() {
        let _ = writeln!(text, "    // {index}: {}", place.replace(['\n', '\r'], " "));
        let keywords: Vec<String> = keywords.iter().map(|keyword| self::keyword(keyword, tables)).collect();
        let line = format!("    Schema(&[{}]),", keywords.join(", "));
        if line.chars().count() <= WIDTH {
            text.push_str(&line);
            text.push('\n');
            continue;
        }
        text.push_str("    Schema(&[\n");
        for keyword in keywords {
            wrap(&keyword, &mut text);
        }
        text.push_str("    ]),\n");
    }
    text.push_str("];\n");
    text
}

/// Writes a keyword, broken behind commas where it is long.
fn wrap(keyword: &str, text: &mut String) {
    let mut line = String::from("        ");
    let mut piece = String::new();
    let mut quoted = false;
    let mut escaped = false;
    for c in keyword.chars().chain([',']) {
        piece.push(c);
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' if !quoted && piece.ends_with(", ") => {
                if line.chars().count() + piece.trim_end().chars().count() > WIDTH && !line.trim().is_empty() {
                    let _ = writeln!(text, "{}", line.trim_end());
                    line = String::from("            ");
                }
                line.push_str(&std::mem::take(&mut piece));
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    if line.chars().count() + piece.chars().count() > WIDTH && !line.trim().is_empty() {
        let _ = writeln!(text, "{}", line.trim_end());
        line = String::from("            ");
    }
    let _ = writeln!(text, "{line}{piece}");
}

/// A string literal of Rust's.
fn string(text: &str) -> String {
    Token::string(text).to_string()
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items.iter().map(show).collect();
    format!("&[{}]", items.join(", "))
}

fn ids(ids: &[Id]) -> String {
    list(ids, Id::to_string)
}

fn named(members: &[(&str, Id)]) -> String {
    list(members, |(name, id)| format!("({}, {id})", string(name)))
}

fn pattern(pattern: &Pattern<'_>, tables: &Tables<'_>) -> String {
    let place = tables.patterns.iter().position(|known| known.source() == pattern.source());
    format!("&PATTERNS[{}]", place.unwrap_or_default())
}

fn numeral(value: Numeral<'_>) -> String {
    match value {
        Numeral::Integer(value) => format!("Numeral::Integer({value})"),
        Numeral::Decimal(text) => format!("Numeral::Decimal({})", string(text)),
    }
}

fn constant(literal: &Literal<'_>) -> String {
    match literal {
        Literal::Null => "Literal::Null".to_owned(),
        Literal::Boolean(value) => format!("Literal::Boolean({value})"),
        Literal::Number(value) => format!("Literal::Number({})", numeral(*value)),
        Literal::String(text) => format!("Literal::String({})", string(text)),
        Literal::Array(items) => format!("Literal::Array({})", list(items, constant)),
        Literal::Object(members) => {
            format!(
                "Literal::Object({})",
                list(members, |(name, value)| format!("({}, {})", string(name), constant(value)))
            )
        }
    }
}

fn types_text(types: Types) -> String {
    let names = types.names().map(|name| format!("Types::{}", name.to_uppercase()));
    names.reduce(|all, one| format!("{all}.or({one})")).unwrap_or_else(|| "Types(0)".to_owned())
}

/// A set of types as a constant expression.
pub(crate) fn types(types: Types) -> TokenStream {
    let names = types.names().map(|name| {
        let name = quote::format_ident!("{}", name.to_uppercase());
        quote!(webhook_runtime::__private::schema::Types::#name)
    });
    names
        .reduce(|all, one| quote!(#all.or(#one)))
        .unwrap_or_else(|| quote!(webhook_runtime::__private::schema::Types(0)))
}

/// A constant of a schema as an expression.
pub(crate) fn literal(json: &Json) -> TokenStream {
    match json {
        Json::Null => quote!(Literal::Null),
        Json::Boolean(value) => quote!(Literal::Boolean(#value)),
        Json::Number(text) => match known_numeral(text) {
            Some(Numeral::Integer(value)) => {
                let value = Token::i128_unsuffixed(value);
                quote!(Literal::Number(Numeral::Integer(#value)))
            }
            _ => quote!(Literal::Number(Numeral::Decimal(#text))),
        },
        Json::String(text) => quote!(Literal::String(#text)),
        Json::Array(items) => {
            let items = items.iter().map(literal);
            quote!(Literal::Array(&[#(#items),*]))
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let value = literal(value);
                quote!((#name, #value))
            });
            quote!(Literal::Object(&[#(#members),*]))
        }
    }
}

fn keyword(keyword: &Keyword<'_>, tables: &Tables<'_>) -> String {
    let text = match *keyword {
        Keyword::Members { named: known, patterns: [], additional: None } => {
            return format!("members({})", named(known));
        }
        Keyword::Items { prefix: [], rest: Some(rest), draft7: false } => return format!("items({rest})"),
        Keyword::Never => "Never".to_owned(),
        Keyword::Ref(target, pointer, anchors) => format!("Ref({target}, {}, {})", string(pointer), named(anchors)),
        Keyword::DynamicRef(anchor, target, pointer) => {
            format!("DynamicRef({}, {target}, {})", string(anchor), string(pointer))
        }
        Keyword::Scope(anchors) => format!("Scope({})", named(anchors)),
        Keyword::Type(types) => format!("Type({})", types_text(types)),
        Keyword::Const(literal) => format!("Const({})", constant(&literal)),
        Keyword::Enum(literals) => format!("Enum({})", list(literals, constant)),
        Keyword::MultipleOf(value) => format!("MultipleOf({})", numeral(value)),
        Keyword::Maximum(value) => format!("Maximum({})", numeral(value)),
        Keyword::ExclusiveMaximum(value) => format!("ExclusiveMaximum({})", numeral(value)),
        Keyword::Minimum(value) => format!("Minimum({})", numeral(value)),
        Keyword::ExclusiveMinimum(value) => format!("ExclusiveMinimum({})", numeral(value)),
        Keyword::MaxLength(limit) => format!("MaxLength({limit})"),
        Keyword::MinLength(limit) => format!("MinLength({limit})"),
        Keyword::Pattern(value) => format!("Pattern({})", pattern(value, tables)),
        Keyword::MaxItems(limit) => format!("MaxItems({limit})"),
        Keyword::MinItems(limit) => format!("MinItems({limit})"),
        Keyword::UniqueItems => "UniqueItems".to_owned(),
        Keyword::Items { prefix, rest, draft7 } => {
            format!("Items {{ prefix: {}, rest: {rest:?}, draft7: {draft7} }}", ids(prefix))
        }
        Keyword::Contains { schema, min, max } => {
            format!("Contains {{ schema: {schema}, min: {min:?}, max: {max:?} }}")
        }
        Keyword::MaxProperties(limit) => format!("MaxProperties({limit})"),
        Keyword::MinProperties(limit) => format!("MinProperties({limit})"),
        Keyword::Required(names) => format!("Required({})", list(names, |name| string(name))),
        Keyword::DependentRequired(dependencies, draft7) => {
            let show =
                |(name, needed): &(&str, &[&str])| format!("({}, {})", string(name), list(needed, |name| string(name)));
            format!("DependentRequired({}, {draft7})", list(dependencies, show))
        }
        Keyword::Members { named: known, patterns, additional } => {
            let patterns = list(patterns, |(source, id)| format!("({}, {id})", pattern(source, tables)));
            format!("Members {{ named: {}, patterns: {patterns}, additional: {additional:?} }}", named(known))
        }
        Keyword::PropertyNames(id) => format!("PropertyNames({id})"),
        Keyword::AllOf(branches) => format!("AllOf({})", ids(branches)),
        Keyword::AnyOf(branches) => format!("AnyOf({})", ids(branches)),
        Keyword::OneOf(branches) => format!("OneOf({})", ids(branches)),
        Keyword::Not(id) => format!("Not({id})"),
        Keyword::If(condition, then, otherwise) => format!("If({condition}, {then:?}, {otherwise:?})"),
        Keyword::DependentSchemas(schemas, draft7) => format!("DependentSchemas({}, {draft7})", named(schemas)),
        Keyword::UnevaluatedItems(id) => format!("UnevaluatedItems({id})"),
        Keyword::UnevaluatedProperties(id) => format!("UnevaluatedProperties({id})"),
    };
    format!("Keyword::{text}")
}
