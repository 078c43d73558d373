//! Types as the generated crate writes them: by names that it imports, and with nothing optional behind a pointer.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Path, PathArguments, Type, parse_quote};

/// What goes by its last name, because the prelude has it or the file imports it.
const IMPORTED: [&str; 14] = [
    "self::error::ConversionError",
    "serde_json::Map",
    "serde_json::Number",
    "serde_json::Value",
    "std::boxed::Box",
    "std::collections::BTreeMap",
    "std::convert::From",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
    "webhook_runtime::Decimal",
    "webhook_runtime::TemplatedText",
    "webhook_runtime::Timestamp",
];

/// Rewrites types.
pub(super) struct Paths;

impl VisitMut for Paths {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        // Where recursion goes through an optional member, typify may put the pointer around what is optional.
        if let Some(inner) = argument(ty, "Box").and_then(|inner| argument(&inner, "Option")) {
            *ty = parse_quote!(Option<Box<#inner>>);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        path.leading_colon = None;
        let steps: Vec<String> = path.segments.iter().map(|step| step.ident.to_string()).collect();
        if IMPORTED.contains(&steps.join("::").as_str())
            && let Some(last) = path.segments.last().cloned()
        {
            path.segments = std::iter::once(last).collect();
        }
    }
}

/// The one argument of a generic type of this name.
pub(crate) fn argument(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(ty) = ty else { return None };
    let last = ty.path.segments.last().filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        }),
        _ => None,
    }
}

/// The name that a type's path ends with.
pub(super) fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(ty) => ty.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}
