//! Changes a schema as little as possible, so that it no longer causes a given violation.

use webhook_runtime::{Violation, ViolationKind};

use super::identity::name_score;
use super::members::fix;
use super::values::{self, type_name};
use crate::json::{Json, referred, unescape};
use crate::model::Dialect;

/// The result of a repair.
#[derive(Debug)]
pub(super) enum Repair {
    /// The schema was changed. Describes the change.
    Applied(String),
    /// Nothing was left to change: an earlier change may have resolved the violation.
    Satisfied,
    /// A person must decide. Describes the reason.
    Unresolved(String),
}

/// Repairs of a schema for one payload.
pub(super) struct Repairs<'r> {
    /// The schema that is being changed.
    pub(super) schema: &'r mut Json,
    /// The schema at the time when the violations were found. Their locations refer to it.
    pub(super) before: &'r Json,
    /// The payload that the schema rejects.
    pub(super) payload: &'r Json,
}

impl Repairs<'_> {
    /// Changes the schema for one violation. If it is the violation of a union, `nested` has the violations of the
    /// branch that fits best.
    pub(super) fn repair(&mut self, violation: &Violation, nested: &[&Violation]) -> Repair {
        let Violation { instance_location: instance, schema_location: rule, .. } = violation;
        let place = if instance.is_empty() { "the payload" } else { instance };
        let left = |why: &str| Repair::Unresolved(format!("{place}: {} ({why}, at {rule})", violation.message()));
        if self.before.at(rule).is_none() {
            let why = format!("the rule is in a shared document, at {}", shared(rule));
            return Repair::Unresolved(format!("{place}: {} ({why})", violation.message()));
        }
        let Some(value) = self.payload.at(instance).cloned() else { return Repair::Satisfied };
        // Several payloads may violate the same rule, and an earlier repair may have removed it.
        if self.schema.at(rule).is_none() {
            return Repair::Satisfied;
        }
        let (node, keyword) = rule.rsplit_once('/').unwrap_or(("", ""));
        let changed = match &violation.kind {
            ViolationKind::Type { .. } if instance.is_empty() => return left("an event is identified by its type"),
            ViolationKind::Type { .. } => self.widen_type(node, &value),
            ViolationKind::Required { .. } => match self.drop_required(node, &value) {
                Ok(changed) => changed,
                Err(name) => return left(&format!("`{name}` says what the event is")),
            },
            ViolationKind::Const { .. } | ViolationKind::Enum { .. } if self.identifies(node) => {
                return left("it says what the event is");
            }
            ViolationKind::Const { .. } | ViolationKind::Enum { .. } => self.allow_value(node, &value),
            ViolationKind::AdditionalProperties { .. }
            | ViolationKind::AdditionalItems { .. }
            | ViolationKind::UnevaluatedProperties { .. }
            | ViolationKind::UnevaluatedItems { .. }
            | ViolationKind::False => match self.allow(rule, instance, &value) {
                None => return left("no value is allowed there"),
                changed => changed,
            },
            ViolationKind::OneOf { matching, .. } if !matching.is_empty() => self.rename_union(node),
            ViolationKind::AnyOf { .. } | ViolationKind::OneOf { .. } => match new_branch(violation, nested, &value) {
                Some(branch) => self.add_branch(rule, branch),
                None => return Repair::Satisfied,
            },
            ViolationKind::Not => return left("it is excluded"),
            ViolationKind::PropertyNames { name, kind } => match **kind {
                ViolationKind::Const { .. } | ViolationKind::Enum { .. } => {
                    self.allow_value(node, &Json::String(name.clone()))
                }
                _ => self.remove(node, keyword),
            },
            kind => match bound(kind, &value) {
                Some(bound) => self.replace(rule, bound),
                None => self.remove(node, keyword),
            },
        };
        match changed {
            Some(what) if is_shared(rule) => Repair::Applied(format!("{place}: {what} ({})", shared(rule))),
            Some(what) => Repair::Applied(format!("{place}: {what} ({rule})")),
            None => Repair::Satisfied,
        }
    }

    /// Returns whether a node is the schema of a discriminator.
    fn identifies(&self, node: &str) -> bool {
        let Some((properties, name)) = node.rsplit_once('/') else { return true };
        let Some(owner) = properties.strip_suffix("/properties") else { return false };
        let name = unescape(name);
        self.schema.at(node).is_some_and(is_fixed)
            && (name_score(std::slice::from_ref(&name)) > 0
                || self.schema.at(owner).is_some_and(|owner| requires(owner, &name)))
    }

    fn widen_type(&mut self, node: &str, value: &Json) -> Option<String> {
        let name = type_name(value);
        let like = values::of_one(value);
        let dialect = dialect(self.before);
        let schema = self.schema.at_mut(node)?;
        let declared = schema.get("type")?;
        let mut types: Vec<String> = match declared {
            Json::Array(names) => names.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            name => name.as_str().map(str::to_owned).into_iter().collect(),
        };
        if types.iter().any(|known| known == name || known == "number" && name == "integer") {
            return None;
        }
        match types.iter().position(|known| known == "integer" && name == "number") {
            Some(at) => types[at] = "number".to_owned(),
            None => types.push(name.to_owned()),
        }
        let names: Vec<&str> = types.iter().map(String::as_str).collect();
        *schema.get_mut("type")? = values::type_keyword(&names);
        // Also declare the contents of the object or array, unless the schema already does.
        let known = ["properties", "additionalProperties", "items", "prefixItems"];
        if let Json::Object(keywords) = schema
            && !keywords.iter().any(|(name, _)| known.contains(&name.as_str()))
        {
            let more = like.as_object().unwrap_or_default().iter().filter(|(name, _)| known.contains(&name.as_str()));
            keywords.extend(more.cloned().map(|(name, value)| in_dialect(dialect, name, value)));
        }
        Some(format!("may be {} too", value.kind()))
    }

    fn drop_required(&mut self, node: &str, value: &Json) -> Result<Option<String>, String> {
        let root = self.schema.clone();
        let Some(schema) = self.schema.at_mut(node) else { return Ok(None) };
        let is_there = |name: &Json| name.as_str().is_none_or(|name| value.get(name).is_some());
        let Some(names) = schema.get("required").and_then(Json::as_array) else { return Ok(None) };
        let missing: Vec<Json> = names.iter().filter(|name| !is_there(name)).cloned().collect();
        let fixed = missing.iter().filter_map(Json::as_str).find(|name| {
            let member = schema.get("properties").and_then(|properties| properties.get(name));
            member.is_some_and(|member| is_fixed(referred(&root, member)))
        });
        if let Some(name) = fixed {
            return Err(name.to_owned());
        }
        if let Some(Json::Array(names)) = schema.get_mut("required") {
            names.retain(|name| !missing.contains(name));
        }
        let names: Vec<String> = missing.iter().map(Json::to_string).collect();
        Ok((!names.is_empty()).then(|| format!("{} may be absent", names.join(", "))))
    }

    fn allow_value(&mut self, node: &str, value: &Json) -> Option<String> {
        let Json::Object(keywords) = self.schema.at_mut(node)? else { return None };
        for (name, keyword) in keywords {
            match keyword {
                Json::Array(values) if name == "enum" && !values.contains(value) => {
                    values.push(value.clone());
                    return Some(format!("may be {value} too"));
                }
                keyword if name == "const" && keyword != value => {
                    *keyword = Json::Array(vec![keyword.clone(), value.clone()]);
                    "enum".clone_into(name);
                    return Some(format!("may be {value} too"));
                }
                _ => {}
            }
        }
        None
    }

    /// Allows a value where the schema allows none. Returns `None` if the reason is not the schema of this location.
    fn allow(&mut self, rule: &str, instance: &str, value: &Json) -> Option<String> {
        let like = values::of_one(value);
        let like = in_dialect(dialect(self.before), String::new(), like).1;
        let (node, keyword) = rule.rsplit_once('/')?;
        let what = format!("is allowed now: {}", value.kind());
        if matches!(keyword, "additionalProperties" | "unevaluatedProperties") {
            let name = unescape(instance.rsplit_once('/')?.1);
            add_property(self.schema.at_mut(node)?, &name, like);
            return Some(what);
        }
        let is_items = matches!(keyword, "items" | "additionalItems" | "unevaluatedItems");
        let below = ["/properties", "/prefixItems", "/items"].iter().any(|end| node.ends_with(end));
        if !is_items && !below {
            return None;
        }
        *self.schema.at_mut(rule)? = like;
        Some(what)
    }

    /// Replaces `oneOf` by `anyOf`.
    fn rename_union(&mut self, node: &str) -> Option<String> {
        let Json::Object(keywords) = self.schema.at_mut(node)? else { return None };
        let both = keywords.iter().any(|(name, _)| name == "anyOf");
        for (name, _) in keywords {
            if name == "oneOf" && !both {
                "anyOf".clone_into(name);
                return Some("may fit several branches".to_owned());
            }
        }
        None
    }

    fn add_branch(&mut self, rule: &str, branch: Json) -> Option<String> {
        let branch = in_dialect(dialect(self.before), String::new(), branch).1;
        let Json::Array(branches) = self.schema.at_mut(rule)? else { return None };
        if branches.contains(&branch) {
            return None;
        }
        branches.push(branch);
        Some("a branch is added for it".to_owned())
    }

    fn replace(&mut self, rule: &str, bound: Json) -> Option<String> {
        let limit = self.schema.at_mut(rule)?;
        let what = format!("the bound moves from {limit} to {bound}");
        *limit = bound;
        Some(what)
    }

    fn remove(&mut self, node: &str, keyword: &str) -> Option<String> {
        let keyword = unescape(keyword);
        let Json::Object(keywords) = self.schema.at_mut(node)? else { return None };
        let count = keywords.len();
        keywords.retain(|(name, _)| *name != keyword);
        (keywords.len() < count).then(|| format!("`{keyword}` is removed"))
    }
}

/// Returns whether a location is inside a document that is embedded in the definitions of another one.
fn is_shared(rule: &str) -> bool {
    ["/$defs/", "/definitions/"]
        .iter()
        .any(|definitions| rule.strip_prefix(definitions).is_some_and(|rest| rest.starts_with("webhooks:")))
}

/// Returns a location inside an embedded document as a file and a JSON Pointer.
fn shared(rule: &str) -> String {
    let mut steps = rule.splitn(4, '/').skip(2);
    let file = unescape(steps.next().unwrap_or_default());
    let pointer = steps.next().map(|rest| format!("/{rest}")).unwrap_or_default();
    format!("{}#{pointer}", file.trim_start_matches("webhooks:///"))
}

/// Adds a member to the schema of an object.
pub(super) fn add_property(schema: &mut Json, name: &str, property: Json) {
    if let Some(Json::Object(properties)) = schema.get_mut("properties") {
        if !properties.iter().any(|(known, _)| known == name) {
            properties.push((name.to_owned(), property));
        }
    } else if let Json::Object(keywords) = schema {
        keywords.push(("properties".to_owned(), Json::Object(vec![(name.to_owned(), property)])));
    }
}

/// Returns the dialect of a document.
pub(super) fn dialect(document: &Json) -> Dialect {
    Dialect::declared(document).unwrap_or_default()
}

/// Translates an inferred keyword to the dialect of the document that it is added to.
pub(super) fn in_dialect(dialect: Dialect, name: String, value: Json) -> (String, Json) {
    let value = match value {
        Json::Object(keywords) => {
            Json::Object(keywords.into_iter().map(|(name, value)| in_dialect(dialect, name, value)).collect())
        }
        Json::Array(items) => {
            Json::Array(items.into_iter().map(|item| in_dialect(dialect, String::new(), item).1).collect())
        }
        value => value,
    };
    match &value {
        Json::Array(_) if name == "prefixItems" && dialect.has_arrays_of_items() => ("items".to_owned(), value),
        // A value that is an object is the schema of a member named `const`, not a keyword.
        value if name == "const" && !dialect.has("const") && value.as_object().is_none() => {
            ("enum".to_owned(), Json::Array(vec![value.clone()]))
        }
        _ => (name, value),
    }
}

/// Returns whether a schema allows one value only, possibly with several spellings.
fn is_fixed(schema: &Json) -> bool {
    let one = |values: &[Json]| {
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        values.windows(2).all(|pair| text(&pair[0]) == text(&pair[1]))
    };
    schema.get("const").is_some() || schema.get("enum").and_then(Json::as_array).is_some_and(one)
}

fn requires(schema: &Json, name: &str) -> bool {
    let required = schema.get("required").and_then(Json::as_array).unwrap_or_default();
    required.iter().any(|known| known.as_str() == Some(name))
}

/// Returns a new branch for a value that fits no branch because of its type or its discriminator.
fn new_branch(violation: &Violation, nested: &[&Violation], value: &Json) -> Option<Json> {
    let tag = nested.iter().find_map(|inner| {
        let name = inner.instance_location.strip_prefix(&violation.instance_location)?.strip_prefix('/')?;
        let own = matches!(inner.kind, ViolationKind::Const { .. }) && !name.contains('/');
        own.then(|| unescape(name))
    });
    if !nested.is_empty() && tag.is_none() {
        return None;
    }
    let mut branch = match value {
        Json::Null => Json::Object(vec![("type".to_owned(), Json::String("null".to_owned()))]),
        value => values::of_one(value),
    };
    if let Some((name, value)) = tag.and_then(|name| Some((name.clone(), value.get(&name)?.clone()))) {
        fix(&mut branch, &vec![name], std::slice::from_ref(&value));
    }
    Some(branch)
}

/// Returns the bound that admits a value.
fn bound(kind: &ViolationKind, value: &Json) -> Option<Json> {
    match kind {
        ViolationKind::Minimum { .. } | ViolationKind::Maximum { .. } => Some(value.clone()),
        ViolationKind::MinLength { actual, .. }
        | ViolationKind::MaxLength { actual, .. }
        | ViolationKind::MinItems { actual, .. }
        | ViolationKind::MaxItems { actual, .. }
        | ViolationKind::MinProperties { actual, .. }
        | ViolationKind::MaxProperties { actual, .. } => Some(Json::Number(actual.to_string())),
        _ => None,
    }
}
