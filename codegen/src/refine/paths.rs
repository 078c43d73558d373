//! Rewrites paths of types: imported types are written by name, and no `Option` is inside a `Box`.

use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, Path, PathArguments, PathSegment, Type, parse_quote};

/// The types that are written by their last name, because they are in the prelude or imported.
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

/// The visitor that rewrites paths.
pub(super) struct Paths;

impl VisitMut for Paths {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        // If an optional member is recursive, typify may box the `Option` instead of its content.
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

/// Returns the type argument of a generic type with this name.
pub(crate) fn argument(ty: &Type, name: &str) -> Option<Type> {
    let Type::Path(ty) = ty else { return None };
    ty.path.segments.last().filter(|last| last.ident == name).and_then(argument_of)
}

/// Returns the first type argument of a segment of a path.
pub(super) fn argument_of(segment: &PathSegment) -> Option<Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        }),
        _ => None,
    }
}

/// Returns the last name in a type's path.
pub(super) fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(ty) => ty.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}
