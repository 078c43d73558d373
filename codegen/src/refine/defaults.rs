//! Generates default values for types that cannot derive `Default`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{self, Extra, Kind, Presence, Ty};

/// Returns the fields of the default value of a type, by name, if the type cannot derive `Default`.
pub(crate) fn default_value(ty: &plan::Type) -> Option<Vec<(String, TokenStream)>> {
    let fields: &[plan::Field] = match &ty.kind {
        Kind::Struct(object) => &object.fields,
        Kind::Positional(array) => &array.fields,
        Kind::Newtype(value) => {
            let value = own_default(&value.ty);
            return value.map(|value| vec![(String::new(), value)]);
        }
        _ => return None,
    };
    let required = |field: &&plan::Field| field.presence == Presence::Required;
    if !fields.iter().filter(required).any(|field| own_default(&field.value.ty).is_some()) {
        return None;
    }
    let mut values: Vec<(String, TokenStream)> = fields
        .iter()
        .map(|field| {
            let own = own_default(&field.value.ty).filter(|_| field.presence == Presence::Required);
            (field.name.clone(), own.unwrap_or_else(|| quote!(Default::default())))
        })
        .collect();
    let rest = match &ty.kind {
        Kind::Struct(object) if !matches!(object.extra, Extra::Closed) => Some("extra".to_owned()),
        Kind::Positional(array) if array.rest.is_some() => Some(array.rest_name.clone()),
        _ => None,
    };
    values.extend(rest.map(|name| (name, quote!(Default::default()))));
    Some(values)
}

/// Returns a default value for a type that does not implement `Default`.
pub(crate) fn own_default(ty: &Ty) -> Option<TokenStream> {
    match ty {
        Ty::Number => Some(quote!(Number::from(0))),
        _ => None,
    }
}
