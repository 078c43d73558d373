//! Renders the regular expressions of a provider as statics next to its table of schemas.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};

use webhook_runtime::__private::Pattern;

use super::declare::string;
use crate::model::pattern::{Compiled, Expression};
use crate::tables::Tables;

/// The maximum length of a line.
const WIDTH: usize = 120;

/// Declares the expressions of a table, each in the form in which it is evaluated.
pub(super) fn declarations(tables: &Tables<'_>, expressions: &HashMap<String, Expression>) -> String {
    let mut text = String::new();
    for pattern in tables.patterns {
        let source = string(pattern.source());
        let value = match expressions.get(pattern.source()).map(|expression| (expression, expression.compiled())) {
            Some((_, Some(Compiled::Repeated { ranges, least, most }))) => {
                format!("Pattern::repeated({source}, &{ranges:?}, {least}, {most})")
            }
            Some((_, Some(Compiled::Automaton(table)))) => {
                let (start, accepting) = (table.start, table.accepting);
                let (runs, transitions) = (list(&table.runs), list(&table.transitions));
                format!(
                    "Pattern::automaton(\n    {source},\n    Automaton::new(\n        {runs},\n        {transitions},\n        \
                     {start},\n        {accepting},\n    ),\n)"
                )
            }
            Some((expression, None)) => {
                let make = if expression.backtracks() { "backtracking" } else { "new" };
                format!("Pattern::{make}({source}, {})", string(expression.translated()))
            }
            None => continue,
        };
        let _ = writeln!(text, "static {}: Pattern<'static> = {value};\n", name(pattern, tables));
    }
    text
}

/// Returns the name of an expression. It contains a hash of the source, so that it does not depend on other
/// expressions.
pub(super) fn name(pattern: &Pattern<'_>, tables: &Tables<'_>) -> String {
    let hash = |text: &str| {
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    };
    let own = hash(pattern.source());
    let before = tables.patterns.iter().take_while(|other| other.source() != pattern.source());
    match before.filter(|other| hash(other.source()) == own).count() {
        0 => format!("PATTERN_{own:08X}"),
        count => format!("PATTERN_{own:08X}_{count}"),
    }
}

/// Renders a slice of numbers, on several lines if there are many.
fn list<T: Debug>(values: &[T]) -> String {
    let line = format!("&{values:?}");
    if line.len() <= WIDTH - 10 {
        return line;
    }
    let mut text = String::from("&[");
    let mut length = WIDTH;
    for value in values {
        let value = format!("{value:?}");
        if length + value.len() + 2 > WIDTH {
            text.push_str("\n            ");
            length = 12;
        } else {
            text.push(' ');
        }
        length += value.len() + 2;
        text.push_str(&value);
        text.push(',');
    }
    text.push_str("\n        ]");
    text
}
