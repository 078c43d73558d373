//! Estimates the sizes of types and boxes large ones, so that reading nested structs needs little stack, and moving a
//! union is cheap.

use super::types::{Extra, Field, Kind, Ty, Type, TypeId};

/// The size in bytes above which a member or variant is boxed.
const LARGE: usize = 1024;

/// The size in bytes of a struct above which members larger than [`SMALL`] are boxed too.
const TOO_LARGE: usize = 4096;

/// The size in bytes above which members of a struct larger than [`TOO_LARGE`] are boxed.
const SMALL: usize = 128;

const POINTER: usize = 8;

/// Marks the members and variants that must be boxed.
pub(super) fn mark(types: &mut [Type]) {
    let known = vec![None; types.len()];
    let mut sizes = Sizes { types, known };
    for index in 0..sizes.types.len() {
        sizes.of_type(index);
    }
}

struct Sizes<'t> {
    types: &'t mut [Type],
    /// The sizes that are known.
    known: Vec<Option<usize>>,
}

/// Returns the named type of a value, regardless of null.
fn target(ty: &Ty) -> Option<TypeId> {
    match ty {
        Ty::Named(id) => Some(*id),
        Ty::Nullable(inner) => target(inner),
        _ => None,
    }
}

impl Sizes<'_> {
    /// Returns the approximate size of a type in bytes.
    fn of_type(&mut self, index: usize) -> usize {
        if let Some(size) = self.known[index] {
            return size;
        }
        // If the type contains itself, there is already a pointer on the way.
        self.known[index] = Some(POINTER);
        let parts: Vec<Ty> = match &self.types[index].kind {
            Kind::Struct(object) => object.fields.iter().map(|field| field.value.ty.clone()).collect(),
            Kind::Positional(array) => array.fields.iter().map(|field| field.value.ty.clone()).collect(),
            Kind::Union(union) => union.variants.iter().map(|variant| variant.value.ty.clone()).collect(),
            Kind::Newtype(value) => vec![value.ty.clone()],
            Kind::StringEnum { .. } | Kind::ConstEnum(_) => Vec::new(),
        };
        let sizes: Vec<usize> = parts.iter().map(|part| self.of(part)).collect();
        let mut boxed: Vec<bool> =
            parts.iter().zip(&sizes).map(|(part, size)| target(part).is_some() && *size > LARGE).collect();
        let taken = |boxed: &[bool]| -> Vec<usize> {
            sizes.iter().zip(boxed).map(|(size, boxed)| if *boxed { POINTER } else { *size }).collect()
        };
        let rest = match &self.types[index].kind {
            Kind::Struct(object) if matches!(object.extra, Extra::Closed) => 0,
            Kind::Struct(_) | Kind::Positional(_) => 24,
            _ => 8,
        };
        let is_union = matches!(self.types[index].kind, Kind::Union(_));
        if !is_union && taken(&boxed).iter().sum::<usize>() > TOO_LARGE {
            let worth = parts.iter().zip(&sizes).map(|(part, size)| target(part).is_some() && *size > SMALL);
            boxed = worth.collect();
        }
        let taken = taken(&boxed);
        let inside = if is_union { taken.iter().copied().max().unwrap_or_default() } else { taken.iter().sum() };
        let mark = |fields: &mut [Field]| {
            fields.iter_mut().zip(&boxed).for_each(|(field, boxed)| field.boxed = *boxed);
        };
        match &mut self.types[index].kind {
            Kind::Struct(object) => mark(&mut object.fields),
            Kind::Positional(array) => mark(&mut array.fields),
            Kind::Union(union) => {
                union.variants.iter_mut().zip(&boxed).for_each(|(variant, boxed)| variant.boxed = *boxed);
            }
            // A newtype has the size of its value.
            Kind::Newtype(_) | Kind::StringEnum { .. } | Kind::ConstEnum(_) => {}
        }
        let size = match &self.types[index].kind {
            Kind::Newtype(_) => sizes.iter().sum(),
            _ => inside + rest,
        };
        self.known[index] = Some(size);
        size
    }

    fn of(&mut self, ty: &Ty) -> usize {
        match ty {
            Ty::Value | Ty::Timestamp => 32,
            Ty::Null => 1,
            Ty::Boolean => 2,
            Ty::Integer(_) => 16,
            Ty::Number => 16,
            Ty::Decimal => 24,
            Ty::String | Ty::Text(_) | Ty::Array(_) | Ty::Map(_) | Ty::Object => 24,
            Ty::Named(id) => self.of_type(id.0),
            Ty::Nullable(inner) => self.of(inner) + 8,
        }
    }
}
