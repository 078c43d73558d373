//! The members of a type, at every depth.

use quote::ToTokens;
use syn::{Fields, Item, Type};

use super::Member;
use super::constraints::phrases;
use crate::json::Json;
use crate::model::{Keywords, NodeId, type_names};
use crate::normalize::Schemas;
use crate::plan::{Docs, Extra, Field, Kind, Plan, Positional, Presence, Struct, Ty, TypeId};
use crate::refine::{Refined, argument};
use webhook_runtime::__private::escape;
use webhook_runtime::__private::schema::Types;

/// How deep objects are described that are one inside the other.
const DEPTH: usize = 32;

/// The members of a type.
pub(super) fn of(plan: &Plan, items: &[Refined], schemas: &mut Schemas, root: TypeId) -> Vec<Member> {
    let mut walk = Walk { plan, items, schemas, open: Vec::new(), found: Vec::new() };
    walk.named(root, "");
    walk.found
}

struct Walk<'w> {
    plan: &'w Plan,
    items: &'w [Refined],
    schemas: &'w mut Schemas,
    /// The types that the walk is in.
    open: Vec<TypeId>,
    found: Vec<Member>,
}

/// A member before its schema was looked at.
struct Draft<'d> {
    name: &'d str,
    required: bool,
    docs: &'d Docs,
    rust: Option<Type>,
    field: Option<&'d str>,
}

const NO_DOCS: Docs = Docs { text: String::new(), deprecated: false };

impl Walk<'_> {
    /// Adds a member. If several variants of a union have it, it is listed once.
    fn add(&mut self, pointer: &str, draft: &Draft<'_>, ty: &Ty, schema: NodeId) {
        if self.found.iter().any(|member| member.pointer == pointer) {
            return;
        }
        let types = type_names(self.schemas.possible_types(schema));
        let constrained = self.not_null(schema);
        let constraints = phrases(self.schemas.node(constrained), self.listed(ty));
        self.found.push(Member {
            pointer: pointer.to_owned(),
            name: draft.name.to_owned(),
            types,
            required: draft.required,
            constraints,
            description: if draft.docs.repeats(draft.name) { String::new() } else { draft.docs.text.clone() },
            deprecated: draft.docs.deprecated,
            rust: draft.rust.as_ref().map(shown).unwrap_or_default(),
            field: draft.field.map(str::to_owned),
            recursive: false,
        });
    }

    /// The schema without references; if it is an `anyOf` of another one and `null`, that other one.
    fn not_null(&mut self, schema: NodeId) -> NodeId {
        let node = self.schemas.normalize(schema).node;
        let keywords = self.schemas.keywords(node).clone();
        let ([branches], []) = (keywords.any_of.as_slice(), keywords.one_of.as_slice()) else { return node };
        let alone = Keywords { any_of: Vec::new(), ..keywords.clone() }.is_empty();
        let values: Vec<NodeId> =
            branches.iter().copied().filter(|branch| self.schemas.possible_types(*branch) != Types::NULL).collect();
        match values.as_slice() {
            [only] if alone && branches.len() == 2 => self.schemas.normalize(*only).node,
            _ => node,
        }
    }

    /// The strings that an open set of strings lists, with their variants.
    fn listed(&self, ty: &Ty) -> Option<&[(String, String)]> {
        let inner = if let Ty::Nullable(inner) = ty { inner } else { ty };
        let Ty::Named(id) = inner else { return None };
        match &self.plan.types[id.0].kind {
            Kind::StringEnum { values, open: true } => Some(values),
            _ => None,
        }
    }

    fn named(&mut self, id: TypeId, pointer: &str) {
        if self.open.contains(&id) || self.open.len() == DEPTH {
            if let Some(last) = self.found.last_mut() {
                last.recursive = true;
            }
            return;
        }
        self.open.push(id);
        let plan = self.plan;
        let ty = &plan.types[id.0];
        match &ty.kind {
            Kind::Struct(object) => self.structure(id, object, pointer),
            Kind::Positional(array) => self.positional(id, array, pointer),
            Kind::Union(union) => {
                for variant in &union.variants {
                    self.inside(&variant.value.ty, None, Some(ty.node), pointer);
                }
            }
            Kind::Newtype(value) => self.inside(&value.ty, None, Some(ty.node), pointer),
            Kind::StringEnum { .. } | Kind::ConstEnum(_) => {}
        }
        self.open.pop();
    }

    /// The schemas of the members that a schema of objects names.
    fn properties(&mut self, node: NodeId) -> (Vec<(String, NodeId)>, Option<NodeId>) {
        let normalized = self.schemas.normalize(node).node;
        let keywords = self.schemas.keywords(normalized);
        (keywords.properties.clone(), keywords.additional_properties)
    }

    fn structure(&mut self, id: TypeId, object: &Struct, pointer: &str) {
        let (properties, additional) = self.properties(self.plan.types[id.0].node);
        let anything = self.schemas.true_schema();
        let schema = |json: &str| {
            let named = properties.iter().find(|(name, _)| name == json).map(|(_, schema)| *schema);
            named.or(additional).unwrap_or(anything)
        };
        for place in 0..=object.fields.len() {
            for constant in object.constants.iter().filter(|constant| constant.after == place) {
                let rust = match &constant.value {
                    Json::Boolean(_) => syn::parse_quote!(bool),
                    Json::Number(_) => syn::parse_quote!(i64),
                    _ => syn::parse_quote!(&'static str),
                };
                let (name, field) = (constant.json.as_str(), Some(constant.name.as_str()));
                let draft = Draft { name, required: true, docs: &NO_DOCS, rust: Some(rust), field };
                self.add(&format!("{pointer}/{}", escape(name)), &draft, &Ty::String, schema(name));
            }
            let Some(field) = object.fields.get(place) else { break };
            self.field(id, field, schema(&field.json), &format!("{pointer}/{}", escape(&field.json)));
        }
        if let Extra::Typed(value) = &object.extra {
            let rust = self.field_type(id, "extra").and_then(|ty| item_of(&ty));
            self.every(&value.ty, rust, additional.unwrap_or(anything), pointer);
        }
    }

    fn positional(&mut self, id: TypeId, array: &Positional, pointer: &str) {
        let normalized = self.schemas.normalize(self.plan.types[id.0].node).node;
        let keywords = self.schemas.keywords(normalized);
        let (places, rest) = (keywords.prefix_items.clone(), keywords.items);
        let anything = self.schemas.true_schema();
        for (place, field) in array.fields.iter().enumerate() {
            let schema = places.get(place).copied().or(rest).unwrap_or(anything);
            self.field(id, field, schema, &format!("{pointer}/{place}"));
        }
        if let Some(value) = &array.rest {
            let rust = self.field_type(id, &array.rest_name).and_then(|ty| item_of(&ty));
            self.every(&value.ty, rust, rest.unwrap_or(anything), pointer);
        }
    }

    fn field(&mut self, of: TypeId, field: &Field, schema: NodeId, pointer: &str) {
        let rust = self.field_type(of, &field.name);
        let required = field.presence == Presence::Required;
        let draft =
            Draft { name: &field.json, required, docs: &field.docs, rust: rust.clone(), field: Some(&field.name) };
        self.add(pointer, &draft, &field.value.ty, schema);
        self.inside(&field.value.ty, rust, Some(schema), pointer);
    }

    /// Each item of an array, or each member of a map.
    fn every(&mut self, ty: &Ty, rust: Option<Type>, schema: NodeId, pointer: &str) {
        let pointer = format!("{pointer}/*");
        let draft = Draft { name: "*", required: false, docs: &NO_DOCS, rust: rust.clone(), field: None };
        self.add(&pointer, &draft, ty, schema);
        self.inside(ty, rust, Some(schema), &pointer);
    }

    /// What a value holds.
    fn inside(&mut self, ty: &Ty, rust: Option<Type>, schema: Option<NodeId>, pointer: &str) {
        let keywords = |walk: &mut Self| {
            let normalized = walk.schemas.normalize(schema?).node;
            Some(walk.schemas.keywords(normalized).clone())
        };
        let anything = self.schemas.true_schema();
        match ty {
            Ty::Nullable(inner) => self.inside(inner, rust, schema, pointer),
            Ty::Named(id) => self.named(*id, pointer),
            Ty::Array(item) => {
                let items = keywords(self).and_then(|keywords| keywords.items).unwrap_or(anything);
                self.every(item, rust.as_ref().and_then(item_of), items, pointer);
            }
            Ty::Map(value) => {
                let known = keywords(self);
                let values = known.and_then(|keywords| {
                    keywords.additional_properties.or(keywords.pattern_properties.first().map(|(_, schema)| *schema))
                });
                self.every(value, rust.as_ref().and_then(item_of), values.unwrap_or(anything), pointer);
            }
            _ => {}
        }
    }

    /// The type of a field of a generated type.
    fn field_type(&self, of: TypeId, name: &str) -> Option<Type> {
        let Item::Struct(item) = &self.items.get(of.0)?.item else { return None };
        let Fields::Named(fields) = &item.fields else { return None };
        fields
            .named
            .iter()
            .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name))
            .map(|field| field.ty.clone())
    }
}

/// The type of an item of a collection.
fn item_of(ty: &Type) -> Option<Type> {
    ["Option", "Nullable", "Box"]
        .iter()
        .find_map(|outer| item_of(&argument(ty, outer)?))
        .or_else(|| argument(ty, "Vec"))
        .or_else(|| last_argument(ty))
}

/// The type of the values of a map.
fn last_argument(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == "BTreeMap")?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.last()? {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// A type as people write it.
fn shown(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    let mut shown = String::new();
    for word in text.split(' ') {
        if shown.ends_with(',') || shown.ends_with("'static") {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    shown
}
