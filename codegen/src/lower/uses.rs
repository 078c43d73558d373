//! Finds the uses of each type, for its documentation: the JSON Pointer, if there is only one, and the types that use
//! the type.

use crate::plan::{Field, Kind, Plan, Ty, TypeId};

/// The maximum number of uses in the documentation of a type. If there are more, only the first is listed, so that the
/// documentation does not change with each further use.
const LISTED: usize = 3;

/// The uses of the types of a plan.
pub(super) struct Uses {
    uses: Vec<Vec<TypeUse>>,
    pointers: Vec<Option<String>>,
}

/// One use of a type.
struct TypeUse {
    /// The type that uses it.
    by: TypeId,
    /// The Rust name of the field or variant.
    member: String,
    /// The suffix that the use adds to the JSON Pointer; `None` for fields that are read from text.
    segment: Option<String>,
}

impl TypeUse {
    /// Returns the name of the member, as a segment of a JSON Pointer.
    fn member(&self) -> Option<&str> {
        self.segment.as_deref()?.trim_end_matches("/*").strip_prefix('/')
    }
}

impl Uses {
    pub(super) fn of(plan: &Plan) -> Uses {
        let mut uses: Vec<Vec<TypeUse>> = plan.types.iter().map(|_| Vec::new()).collect();
        for (by, ty) in plan.types.iter().enumerate().map(|(index, ty)| (TypeId(index), ty)) {
            for part in ty.kind.parts() {
                follow(&mut uses, by, &part.value.ty, part.member, part.segment);
            }
        }
        let roots: Vec<TypeId> = plan.roots.iter().map(|event| event.root).collect();
        let pointers = (0..uses.len()).map(|index| pointer(&uses, &roots, TypeId(index))).collect();
        Uses { uses, pointers }
    }

    /// Returns the JSON Pointer of the values of a type, with `*` for any item or member, or `None` if there are
    /// several.
    pub(super) fn pointer(&self, id: TypeId) -> Option<&str> {
        self.pointers.get(id.0)?.as_deref()
    }

    /// Returns whether the values of a type are read from text instead of JSON.
    pub(super) fn is_in_text(&self, id: TypeId) -> bool {
        self.uses.get(id.0).is_some_and(|uses| uses.iter().any(|place| place.segment.is_none()))
    }

    /// Returns the name of the member with the values of a type, if the name is the same in all types that use it.
    pub(super) fn member(&self, id: TypeId) -> Option<&str> {
        let mut names = self.uses.get(id.0)?.iter().map(TypeUse::member);
        let first = names.next()??;
        names.all(|name| name == Some(first)).then_some(first)
    }

    /// Returns the uses of a type, each as the field that holds a value of the type. A use is `None` if it is not a
    /// field, or if the field holds the values in an array or a map.
    pub(super) fn fields<'p>(&self, plan: &'p Plan, id: TypeId) -> impl Iterator<Item = Option<&'p Field>> {
        self.uses[id.0].iter().map(|place| match &plan.types[place.by.0].kind {
            Kind::Struct(object) if !place.segment.as_ref()?.ends_with("/*") => {
                object.fields.iter().find(|field| field.name == place.member)
            }
            _ => None,
        })
    }

    /// Returns links to the types that use a type.
    pub(super) fn links(&self, plan: &Plan, id: TypeId) -> Option<String> {
        let mut links: Vec<String> = Vec::new();
        for place in self.uses.get(id.0)? {
            let user = &plan.types[place.by.0].name;
            let link = match place.member.as_str() {
                "0" => format!("[`{user}`](super::{user})"),
                member => format!("[`{user}::{member}`](super::{user}::{member})"),
            };
            if !links.contains(&link) {
                links.push(link);
            }
        }
        if links.len() > LISTED {
            links.truncate(1);
            links.push("others".to_owned());
        }
        let last = links.pop()?;
        Some(if links.is_empty() { last } else { format!("{} and {last}", links.join(", ")) })
    }
}

/// Records a use of every type that a type is composed of.
fn follow(uses: &mut [Vec<TypeUse>], by: TypeId, ty: &Ty, member: &str, segment: String) {
    match ty {
        Ty::Named(id) => uses[id.0].push(TypeUse { by, member: member.to_owned(), segment: Some(segment) }),
        Ty::Text(id) => uses[id.0].push(TypeUse { by, member: member.to_owned(), segment: None }),
        Ty::Array(item) | Ty::Map(item) => follow(uses, by, item, member, format!("{segment}/*")),
        Ty::Nullable(inner) => follow(uses, by, inner, member, segment),
        _ => {}
    }
}

fn pointer(uses: &[Vec<TypeUse>], roots: &[TypeId], id: TypeId) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    let mut at = id;
    // A cycle that cannot be reached from a root has no pointer.
    for _ in 0..=uses.len() {
        match (roots.contains(&at), uses[at.0].as_slice()) {
            (true, []) => return Some(segments.iter().rev().copied().collect()),
            (false, [only]) => {
                segments.push(only.segment.as_deref()?);
                at = only.by;
            }
            _ => return None,
        }
    }
    None
}
