//! Renders the schemas of a provider as text. An entry that is too long for one line has each part on a separate line.

use std::collections::HashMap;
use std::fmt::Write as _;

use bumpalo::Bump;
use webhook_runtime::__private::number::NumberLiteral;
use webhook_runtime::__private::schema::{Id, Keyword, Schema, Types};
use webhook_runtime::__private::{Literal, Pattern};

use super::declare::{block, string};
use super::patterns;
use crate::json::Json;
use crate::model::pattern::Expression;
use crate::tables::{self, Tables};

/// Renders `schemas.rs`: the table with named entries.
pub(crate) fn file(tables: &Tables<'_>, expressions: &HashMap<String, Expression>) -> String {
    let mut text = String::from("//! The schemas, as a table: entries refer to each other by name.\n\n");
    let body = body(tables, expressions);
    let used = |name: &str| mentions(&body, name);
    let known = ["Automaton", "Literal", "Pattern"];
    for name in known.iter().filter(|name| used(name)) {
        let _ = writeln!(text, "use webhook_runtime::__private::{name};");
    }
    if used("NumberLiteral") {
        text.push_str("use webhook_runtime::__private::number::NumberLiteral;\n");
    }
    let mut names: Vec<&str> = ["Keyword", "Types"].into_iter().filter(|name| used(name)).collect();
    names.extend(
        ["items", "properties", "properties_and"].into_iter().filter(|name| body.contains(&format!("{name}("))),
    );
    if !names.is_empty() {
        let _ = writeln!(text, "use webhook_runtime::__private::schema::{{{}}};", names.join(", "));
    }
    text.push('\n');
    text.push_str(&body);
    text
}

/// Returns whether rendered code contains a path or a generic type that begins with a name.
pub(super) fn mentions(code: &str, name: &str) -> bool {
    let is_part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(start, _)| {
        let (before, after) = (&code[..start], &code[start + name.len()..]);
        !before.ends_with(is_part_of_a_name) && (after.starts_with("::") || after.starts_with('<'))
    })
}

fn body(tables: &Tables<'_>, expressions: &HashMap<String, Expression>) -> String {
    let mut text = patterns::declarations(tables, expressions);
    text.push_str("webhook_runtime::schemas! {\n");
    for (id, Schema(keywords)) in (0..).zip(tables.table.schemas()) {
        let name = tables.entry_name(id);
        let keywords: Vec<String> = keywords.iter().map(|keyword| self::keyword(keyword, tables)).collect();
        let entry = block(&format!("{name} = ["), &keywords, "];");
        let _ = writeln!(text, "    {}", entry.replace('\n', "\n    "));
    }
    text.push_str("}\n");
    text
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    block("&[", &items.iter().map(show).collect::<Vec<_>>(), "]")
}

fn pattern(pattern: &Pattern<'_>, tables: &Tables<'_>) -> String {
    format!("&{}", patterns::name(pattern, tables))
}

fn numeral(value: NumberLiteral<'_>) -> String {
    match value {
        NumberLiteral::Integer(value) => format!("NumberLiteral::Integer({value})"),
        NumberLiteral::Decimal(text) => format!("NumberLiteral::Decimal({})", string(text)),
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

/// Returns a set of types as a constant expression.
pub(super) fn types_text(types: Types) -> String {
    let names = types.names().map(|name| format!("Types::{}", name.to_uppercase()));
    names.reduce(|all, one| format!("{all}.or({one})")).unwrap_or_else(|| "Types(0)".to_owned())
}

/// Renders a constant of a schema as an expression.
pub(crate) fn literal(json: &Json) -> String {
    constant(&tables::literal(&Bump::new(), json))
}

fn keyword(keyword: &Keyword<'_>, tables: &Tables<'_>) -> String {
    let id = |id: Id| tables.entry_name(id);
    let ids = |list: &[Id]| self::list(list, |id| tables.entry_name(*id).to_owned());
    let named =
        |members: &[(&str, Id)]| list(members, |(name, id)| format!("({}, {})", string(name), tables.entry_name(*id)));
    let option =
        |schema: Option<Id>| schema.map_or_else(|| "None".to_owned(), |schema| format!("Some({})", id(schema)));
    let text = match *keyword {
        Keyword::Properties { named: known, patterns: [], additional: None } => {
            return format!("properties({})", named(known));
        }
        Keyword::Properties { named: known, patterns: [], additional: Some(additional) } => {
            return format!("properties_and({}, {})", named(known), id(additional));
        }
        Keyword::Items { prefix: [], rest: Some(rest), items_array: false } => return format!("items({})", id(rest)),
        Keyword::False => "False".to_owned(),
        Keyword::Ref(target, pointer, anchors) => {
            format!("Ref({}, {}, {})", id(target), string(pointer), named(anchors))
        }
        Keyword::DynamicRef(anchor, target, pointer) => {
            format!("DynamicRef({}, {}, {})", string(anchor), id(target), string(pointer))
        }
        Keyword::DynamicScope(anchors) => format!("DynamicScope({})", named(anchors)),
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
        Keyword::AnyInteger => "AnyInteger".to_owned(),
        Keyword::UniqueItems => "UniqueItems".to_owned(),
        Keyword::Items { prefix, rest, items_array } => {
            format!("Items {{ prefix: {}, rest: {}, items_array: {items_array} }}", ids(prefix), option(rest))
        }
        Keyword::Contains { schema, min, max, evaluates } => {
            format!("Contains {{ schema: {}, min: {min:?}, max: {max:?}, evaluates: {evaluates} }}", id(schema))
        }
        Keyword::MaxProperties(limit) => format!("MaxProperties({limit})"),
        Keyword::MinProperties(limit) => format!("MinProperties({limit})"),
        Keyword::Required(names) => format!("Required({})", list(names, |name| string(name))),
        Keyword::DependentRequired(dependencies, is_dependencies) => {
            let show =
                |(name, needed): &(&str, &[&str])| format!("({}, {})", string(name), list(needed, |name| string(name)));
            format!("DependentRequired({}, {is_dependencies})", list(dependencies, show))
        }
        Keyword::Properties { named: known, patterns, additional } => {
            let patterns = list(patterns, |(source, to)| format!("({}, {})", pattern(source, tables), id(*to)));
            let named = format!("named: {}", named(known));
            let parts = [named, format!("patterns: {patterns}"), format!("additional: {}", option(additional))];
            block("Properties { ", &parts, " }")
        }
        Keyword::PropertyNames(names) => format!("PropertyNames({})", id(names)),
        Keyword::AllOf(branches) => format!("AllOf({})", ids(branches)),
        Keyword::AnyOf(branches) => format!("AnyOf({})", ids(branches)),
        Keyword::OneOf(branches) => format!("OneOf({})", ids(branches)),
        Keyword::Not(schema) => format!("Not({})", id(schema)),
        Keyword::If(condition, then, otherwise) => {
            format!("If({}, {}, {})", id(condition), option(then), option(otherwise))
        }
        Keyword::DependentSchemas(schemas, is_dependencies) => {
            format!("DependentSchemas({}, {is_dependencies})", named(schemas))
        }
        Keyword::UnevaluatedItems(items) => format!("UnevaluatedItems({})", id(items)),
        Keyword::UnevaluatedProperties(schema) => format!("UnevaluatedProperties({})", id(schema)),
    };
    format!("Keyword::{text}")
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_name_is_not_found_in_a_longer_one() {
        assert!(mentions("Maximum(NumberLiteral::Integer(1))", "NumberLiteral"));
        assert!(!mentions("Maximum(NumberLiteral::Integer(1))", "Literal"));
        assert!(mentions("Const(Literal::Null)", "Literal"));
        assert!(mentions("static A: Pattern<'static> = 0;", "Pattern"));
        assert!(!mentions("Patterns::new(Pattern)", "Pattern"));
    }
}
