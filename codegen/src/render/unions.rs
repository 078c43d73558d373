//! Values of several types, and sets of constants, as the runtime's macros take them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::declare::{Declaration, expression, string};
use super::readers::reader;
use super::tables::literal;
use crate::json::Json;
use crate::plan::names::pascal;
use crate::plan::{Arm, Reader, Ty, Union};
use crate::refine::defaults::own_default;
use crate::tables::Tables;

/// The declaration of a union.
pub(crate) fn union(tables: &Tables<'_>, union: &Union) -> Declaration {
    let variant = |index: usize| {
        let variant = &union.variants[index];
        match &variant.value.reader {
            Reader::Plain => variant.name.clone(),
            other => format!("{} = {}", variant.name, expression(reader(tables, other))),
        }
    };
    let names: Vec<&str> = union.variants.iter().map(|variant| variant.name.as_str()).collect();
    let mut lines = vec![format!("{};", names.join(", "))];
    for (class, arm) in &union.arms {
        let class = pascal(class.name());
        match arm {
            Arm::One(index) => lines.push(format!("{class}: only({});", variant(*index))),
            Arm::Tagged(tag, values) => {
                lines.push(format!("{class}: tagged({}:", string(tag)));
                for (strings, index) in values {
                    let strings: Vec<String> = strings.iter().map(|text| string(text)).collect();
                    lines.push(format!("    {} => {},", strings.join(" | "), variant(*index)));
                }
                lines.push(");".to_owned());
            }
            Arm::Choice(choices) => {
                lines.push(format!("{class}: first_valid("));
                for (node, index) in choices {
                    lines.push(format!("    schemas::{} => {},", tables.name(*node), variant(*index)));
                }
                lines.push(");".to_owned());
            }
        }
    }
    Declaration { kind: "union", extra: None, lines }
}

/// `Default` and `From` for a union.
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

/// `From` for the variants that are identified by their strings, which are what users write most.
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

/// The declaration of a set of strings.
pub(crate) fn string_enum(values: &[(String, String)], open: bool) -> Declaration {
    let mut lines: Vec<String> =
        values.iter().map(|(json, variant)| format!("{} => {variant},", string(json))).collect();
    lines.extend(open.then(|| "; Other".to_owned()));
    Declaration { kind: "string_enum", extra: None, lines }
}

/// The declaration of a set of constants.
pub(crate) fn literals(values: &[(Json, String)]) -> Declaration {
    let line = |(json, variant): &(Json, String)| format!("{} => {variant},", expression(literal(json)));
    Declaration { kind: "literals", extra: None, lines: values.iter().map(line).collect() }
}
