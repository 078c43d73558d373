//! What a struct's JSON is, as the runtime's macros take it: a member a line.

use super::declare::{Declaration, expression, string};
use super::readers::reader;
use super::tables::literal;
use crate::plan::{ConstantMember, Extra, Field, Positional, Presence, Reader, Struct};
use crate::tables::Tables;

fn presence(field: &Field) -> &'static str {
    match field.presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Nullable => "nullable",
    }
}

/// ` = reader`, where the type's own does not do.
fn given(tables: &Tables<'_>, field: &Field) -> String {
    let nullable = field.presence == Presence::Nullable;
    match &field.value.reader {
        Reader::Plain => String::new(),
        // A nullable field keeps its null apart from its absence.
        Reader::Nullable(_) if nullable => format!(" = {}", expression(reader(tables, &field.value.reader))),
        other => format!(" = {}", expression(reader(tables, other))),
    }
}

fn constant(constant: &ConstantMember) -> String {
    format!("[{}: {} = {}]", constant.name, string(&constant.json), expression(literal(&constant.value)))
}

/// The declaration of a struct.
pub(crate) fn object(tables: &Tables<'_>, object: &Struct) -> Declaration {
    let constants =
        |after: usize| object.constants.iter().filter(move |constant| constant.after == after).map(constant);
    let mut lines: Vec<String> = constants(0).collect();
    lines.push(";".to_owned());
    for (index, field) in object.fields.iter().enumerate() {
        let given = given(tables, field);
        lines.push(format!("{}: {} {}{given},", field.name, presence(field), string(&field.json)));
        lines.extend(constants(index + 1));
    }
    lines.push(";".to_owned());
    lines.push(match &object.extra {
        Extra::Closed => "extra: closed;".to_owned(),
        Extra::Open => "extra: open;".to_owned(),
        Extra::Checked(node) => format!("extra: checked(schemas::validator({}));", tables.id(*node)),
        Extra::Typed(value) => format!("extra: typed({});", expression(reader(tables, &value.reader))),
    });
    lines.extend(object.names.map(|node| format!("names: schemas::validator({});", tables.id(node))));
    lines.extend(object.count.map(|node| format!("count: schemas::validator({});", tables.id(node))));
    for (there, needed) in &object.dependent {
        lines.push(format!("dependent: {} => {};", object.fields[*there].name, object.fields[*needed].name));
    }
    Declaration { kind: "object", lines }
}

/// The declaration of an array by position.
pub(crate) fn tuple(tables: &Tables<'_>, array: &Positional) -> Declaration {
    let mut lines: Vec<String> = array
        .fields
        .iter()
        .map(|field| {
            let presence = if field.presence == Presence::Required { "required" } else { "optional" };
            format!("{}: {presence}{},", field.name, given(tables, field))
        })
        .collect();
    lines.push(";".to_owned());
    if let Some(value) = &array.rest {
        let reader = match &value.reader {
            Reader::Plain => String::new(),
            other => format!(" = {}", expression(reader(tables, other))),
        };
        lines.push(format!("rest: {}{reader};", array.rest_name));
    }
    lines.extend(array.count.map(|node| format!("count: schemas::validator({});", tables.id(node))));
    Declaration { kind: "tuple", lines }
}
