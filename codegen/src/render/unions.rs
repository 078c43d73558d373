//! Renders unions and sets of constants as declarations for the runtime's macros.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::declare::{Declaration, block, expression, string};
use super::readers::reader;
use super::tables::literal;
use crate::json::Json;
use crate::model::NodeId;
use crate::plan::names::pascal;
use crate::plan::{Arm, Reader, Ty, Union};
use crate::refine::defaults::own_default;
use crate::tables::Tables;

/// Returns the declaration of a union.
pub(crate) fn union(tables: &Tables<'_>, union: &Union) -> Declaration {
    let variant = |index: usize| {
        let variant = &union.variants[index];
        match &variant.value.reader {
            Reader::Plain => variant.name.clone(),
            other => format!("{} = {}", variant.name, expression(reader(tables, other))),
        }
    };
    let names: Vec<String> = union.variants.iter().map(|variant| variant.name.clone()).collect();
    let arm = |arm: &Arm| match arm {
        Arm::One(index) => format!("only({})", variant(*index)),
        Arm::Tagged(tag, values) => {
            let choice = |(strings, index): &(Vec<String>, usize)| {
                let strings: Vec<String> = strings.iter().map(|text| string(text)).collect();
                format!("    {} => {},\n", strings.join(" | "), variant(*index))
            };
            format!("tagged({}:\n{})", string(tag), values.iter().map(choice).collect::<String>())
        }
        Arm::Present(members, last) => {
            let choice = |(name, index): &(String, usize)| format!("    {} => {},\n", string(name), variant(*index));
            let members: String = members.iter().map(choice).collect();
            format!("by_member(\n{members}    _ => {},\n)", variant(*last))
        }
        Arm::Choice(choices) => {
            let choice = |(node, index): &(NodeId, usize)| {
                format!("    schemas::{} => {},\n", tables.name(*node), variant(*index))
            };
            format!("first_valid(\n{})", choices.iter().map(choice).collect::<String>())
        }
    };
    Declaration {
        kind: "union",
        labels: vec![("variants", block("[", &names, "]"))],
        lines: union
            .arms
            .iter()
            .map(|(class, of_class)| format!("{}: {},", pascal(class.name()), arm(of_class)))
            .collect(),
        ..Declaration::default()
    }
}

/// Renders `Default` and `From` for a union.
pub(crate) fn conversions(name: &Ident, union: &Union) -> TokenStream {
    let default = union.variants.get(union.default).map(|first| {
        let variant = format_ident!("{}", first.name);
        let value = own_default(&first.value.ty).unwrap_or_else(|| quote!(Default::default()));
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::#variant(#value)
                }
            }
        }
    });
    let from = text_conversion(name, union);
    quote!(#default #from)
}

/// Renders `From<&str>` for the only variant that holds a string, because users often write such values.
fn text_conversion(name: &Ident, union: &Union) -> TokenStream {
    let texts: Vec<_> = union.variants.iter().filter(|variant| variant.value.ty == Ty::String).collect();
    match texts.as_slice() {
        [only] if only.value.reader == Reader::Plain => {
            let variant = format_ident!("{}", only.name);
            quote! {
                impl From<&str> for #name {
                    fn from(text: &str) -> Self {
                        Self::#variant(text.into())
                    }
                }
            }
        }
        _ => TokenStream::new(),
    }
}

/// Returns the declaration of a set of strings.
pub(crate) fn string_enum(values: &[(String, String)], open: bool) -> Declaration {
    Declaration {
        kind: "string_enum",
        labels: open.then(|| ("other", "Other".to_owned())).into_iter().collect(),
        lines: values.iter().map(|(json, variant)| format!("{} => {variant},", string(json))).collect(),
        ..Declaration::default()
    }
}

/// Returns the declaration of a set of constants.
pub(crate) fn literals(values: &[(Json, String)]) -> Declaration {
    let line = |(json, variant): &(Json, String)| format!("{} => {variant},", literal(json));
    Declaration { kind: "literals", lines: values.iter().map(line).collect(), ..Declaration::default() }
}
