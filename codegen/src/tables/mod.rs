//! Compiles schemas to the tables that the evaluator of the runtime walks. The same tables validate examples here and
//! are rendered as code.

mod entries;
pub(crate) mod examples;
pub(crate) mod validator;

use std::cell::OnceCell;
use std::collections::HashSet;

use bumpalo::Bump;
use webhook_runtime::__private::number::NumberLiteral;
use webhook_runtime::__private::schema::{Id, Keyword, Schema, Table, Validator};
use webhook_runtime::__private::{Literal, Pattern};

use crate::json::Json;
use crate::model::diagnostic::Diagnostic;
use crate::model::{Dialect, NodeId};
use crate::normalize::Schemas;
use crate::plan::values::is_beyond;

pub(crate) use self::entries::Entries;

/// The compiled schemas of a provider.
#[derive(Debug)]
pub(crate) struct Tables<'b> {
    pub(crate) table: Table<'b>,
    /// The expressions, sorted by source.
    pub(crate) patterns: &'b [Pattern<'b>],
    entries: &'b Entries,
    missing: Missing,
}

/// The first item that was looked up in a table and is missing. This is a defect of the generator, so the table is not
/// used.
#[derive(Debug, Default)]
struct Missing(OnceCell<String>);

impl Missing {
    fn note(&self, what: &str) {
        // `set` fails if an item was recorded before; only the first is reported.
        let _ = self.0.set(what.to_owned());
    }

    fn check(&self) -> Result<(), Diagnostic> {
        self.0.get().map_or(Ok(()), |what| Err(Diagnostic::internal("", format!("a table lacks {what}"))))
    }
}

/// Returns the expressions of some entries, sorted by source. Unused definitions are not entries. The expressions are
/// stored apart from the table, because they own their compiled form.
pub(crate) fn patterns<'m>(schemas: &'m Schemas, entries: &Entries) -> Vec<Pattern<'m>> {
    let keywords = || entries.nodes.iter().map(|node| schemas.keywords(*node));
    let texts = keywords().flat_map(|keywords| &keywords.patterns);
    let names = keywords().flat_map(|keywords| keywords.pattern_properties.iter().map(|(source, _)| source));
    let used: HashSet<&String> = texts.chain(names).collect();
    let known = schemas.model().patterns.iter().filter(|(source, _)| used.contains(source));
    let mut patterns: Vec<_> = known.map(|(source, expression)| expression.pattern(source)).collect();
    patterns.sort_by_key(Pattern::source);
    patterns
}

impl<'b> Tables<'b> {
    /// Builds the tables of some entries, and passes them to `apply`.
    ///
    /// # Errors
    ///
    /// Returns [`Code::Internal`](crate::Code::Internal) if an entry refers to a schema or an expression that the
    /// tables lack, or if `apply` looked up a schema that they lack.
    pub(crate) fn with<T>(
        schemas: &Schemas,
        entries: &Entries,
        apply: impl FnOnce(&Tables<'_>) -> T,
    ) -> Result<T, Diagnostic> {
        let (bump, patterns) = (Bump::new(), patterns(schemas, entries));
        let tables = Tables::build(schemas, &bump, &patterns, entries)?;
        let made = apply(&tables);
        tables.missing.check()?;
        Ok(made)
    }

    /// Builds the tables of some entries.
    ///
    /// # Errors
    ///
    /// [`Code::Internal`](crate::Code::Internal) if an entry refers to a schema or an expression that the tables lack.
    pub(crate) fn build(
        schemas: &Schemas,
        bump: &'b Bump,
        patterns: &'b [Pattern<'b>],
        entries: &'b Entries,
    ) -> Result<Tables<'b>, Diagnostic> {
        let dynamic = schemas.ids().any(|id| schemas.keywords(id).dynamic.is_some());
        let missing = Missing::default();
        let mut builder = Builder { schemas, bump, dynamic, patterns, entries, missing: &missing, current: 0 };
        let mut tables: Vec<Schema<'b>> = Vec::with_capacity(entries.nodes.len());
        for (id, node) in (0..).zip(&entries.nodes) {
            builder.current = id;
            tables.push(builder.schema(*node));
        }
        missing.check()?;
        Ok(Tables { table: Table::new(bump.alloc_slice_copy(&tables)), patterns, entries, missing })
    }

    /// Returns the index of a node in the tables.
    pub(crate) fn id(&self, node: NodeId) -> Id {
        self.entries.id(node).unwrap_or_else(|| {
            self.missing.note("a schema that a type refers to");
            0
        })
    }

    /// Returns the name of an entry.
    pub(crate) fn entry_name(&self, id: Id) -> &str {
        self.entries.names.get(id as usize).map_or_else(
            || {
                self.missing.note("the name of an entry");
                ""
            },
            String::as_str,
        )
    }

    /// Returns the name of a node's entry.
    pub(crate) fn name(&self, node: NodeId) -> &str {
        self.entry_name(self.id(node))
    }

    /// Returns a validator for a node.
    pub(crate) fn validator(&self, node: NodeId) -> Validator<'_> {
        Validator::new(&self.table, self.id(node))
    }
}

struct Builder<'m, 'b> {
    schemas: &'m Schemas,
    bump: &'b Bump,
    dynamic: bool,
    patterns: &'b [Pattern<'b>],
    entries: &'m Entries,
    missing: &'m Missing,
    /// The entry that is being built.
    current: Id,
}

impl<'b> Builder<'_, 'b> {
    fn id(&mut self, node: NodeId) -> Id {
        self.entries.linked(self.current, node).unwrap_or_else(|| {
            self.missing.note("a schema that another refers to");
            0
        })
    }

    fn str(&self, text: &str) -> &'b str {
        self.bump.alloc_str(text)
    }

    fn ids(&mut self, nodes: &[NodeId]) -> &'b [Id] {
        let ids: Vec<Id> = nodes.iter().map(|node| self.id(*node)).collect();
        self.bump.alloc_slice_copy(&ids)
    }

    fn named(&mut self, list: &[(String, NodeId)]) -> &'b [(&'b str, Id)] {
        let mut named: Vec<(&'b str, Id)> = list.iter().map(|(name, node)| (self.str(name), self.id(*node))).collect();
        named.sort_by_key(|(name, _)| *name);
        self.bump.alloc_slice_copy(&named)
    }

    fn pattern(&self, source: &str) -> Option<&'b Pattern<'b>> {
        let place = self.patterns.binary_search_by_key(&source, Pattern::source).ok();
        if place.is_none() {
            self.missing.note("an expression");
        }
        place.map(|place| &self.patterns[place])
    }

    fn names(&self, names: &[String]) -> &'b [&'b str] {
        let names: Vec<&'b str> = names.iter().map(|name| self.str(name)).collect();
        self.bump.alloc_slice_copy(&names)
    }

    /// Returns the dynamic anchors of a resource, for keywords that enter the resource.
    fn anchors(&mut self, resource: usize) -> &'b [(&'b str, Id)] {
        if !self.dynamic {
            return &[];
        }
        let anchors = self.schemas.model().resources[resource].dynamic_anchors.clone();
        self.named(&anchors)
    }

    fn schema(&mut self, id: NodeId) -> Schema<'b> {
        let node = self.schemas.node(id);
        let keywords = &node.keywords;
        let dialect = node.dialect;
        let mut all: Vec<Keyword<'b>> = Vec::new();
        if self.schemas.model().resources[node.resource].root == id {
            let anchors = self.anchors(node.resource);
            if !anchors.is_empty() {
                all.push(Keyword::DynamicScope(anchors));
            }
        }
        if keywords.is_false {
            all.push(Keyword::False);
        }
        if let Some(target) = keywords.reference {
            let to = self.schemas.node(target);
            let entered = self.schemas.model().resources[to.resource].root != target;
            let anchors = if entered { self.anchors(to.resource) } else { &[] };
            all.push(Keyword::Ref(self.id(target), self.str(&self.schemas.bundled_pointer(target)), anchors));
        }
        if let Some((anchor, target)) = &keywords.dynamic {
            let pointer = self.str(&self.schemas.bundled_pointer(*target));
            all.push(Keyword::DynamicRef(self.str(anchor), self.id(*target), pointer));
        }
        all.extend(keywords.types.map(Keyword::Type));
        if keywords.number_type.is_some() || is_beyond(keywords) {
            all.push(Keyword::AnyInteger);
        }
        all.extend(keywords.const_value.as_ref().map(|json| Keyword::Const(literal(self.bump, json))));
        all.extend(keywords.enum_values.as_ref().map(|list| Keyword::Enum(literals(self.bump, list))));
        let bump = self.bump;
        let number = |text: &String| number_literal(bump, text);
        all.extend(keywords.multiple_of.iter().map(number).map(Keyword::MultipleOf));
        all.extend(keywords.maximum.as_ref().map(number).map(Keyword::Maximum));
        all.extend(keywords.exclusive_maximum.as_ref().map(number).map(Keyword::ExclusiveMaximum));
        all.extend(keywords.minimum.as_ref().map(number).map(Keyword::Minimum));
        all.extend(keywords.exclusive_minimum.as_ref().map(number).map(Keyword::ExclusiveMinimum));
        all.extend(keywords.max_length.map(Keyword::MaxLength));
        all.extend(keywords.min_length.map(Keyword::MinLength));
        all.extend(keywords.patterns.iter().filter_map(|source| self.pattern(source)).map(Keyword::Pattern));
        if !keywords.required.is_empty() {
            all.push(Keyword::Required(self.names(&keywords.required)));
        }
        self.object(id, dialect <= Dialect::Draft7, &mut all);
        self.array(id, dialect, &mut all);
        self.combination(id, dialect <= Dialect::Draft7, &mut all);
        Schema(self.bump.alloc_slice_copy(&all))
    }

    fn object(&mut self, id: NodeId, is_dependencies: bool, all: &mut Vec<Keyword<'b>>) {
        let keywords = self.schemas.keywords(id);
        if !keywords.properties.is_empty()
            || !keywords.pattern_properties.is_empty()
            || keywords.additional_properties.is_some()
        {
            let patterns: Vec<_> = keywords
                .pattern_properties
                .iter()
                .filter_map(|(source, node)| Some((self.pattern(source)?, self.id(*node))))
                .collect();
            all.push(Keyword::Properties {
                named: self.named(&keywords.properties),
                patterns: self.bump.alloc_slice_copy(&patterns),
                additional: keywords.additional_properties.map(|node| self.id(node)),
            });
        }
        all.extend(keywords.property_names.iter().map(|names| Keyword::PropertyNames(self.id(*names))));
        all.extend(keywords.max_properties.map(Keyword::MaxProperties));
        all.extend(keywords.min_properties.map(Keyword::MinProperties));
        if !keywords.dependent_required.is_empty() {
            let list: Vec<_> =
                keywords.dependent_required.iter().map(|(name, needed)| (self.str(name), self.names(needed))).collect();
            all.push(Keyword::DependentRequired(self.bump.alloc_slice_copy(&list), is_dependencies));
        }
    }

    fn array(&mut self, id: NodeId, dialect: Dialect, all: &mut Vec<Keyword<'b>>) {
        let keywords = self.schemas.keywords(id);
        if !keywords.prefix_items.is_empty() || keywords.items.is_some() {
            let rest = keywords.items.map(|node| self.id(node));
            all.push(Keyword::Items {
                prefix: self.ids(&keywords.prefix_items),
                rest,
                items_array: dialect.has_arrays_of_items(),
            });
        }
        for contains in &keywords.contains {
            let schema = self.id(contains.schema);
            let evaluates = dialect.contains_evaluates();
            all.push(Keyword::Contains { schema, min: contains.min, max: contains.max, evaluates });
        }
        all.extend(keywords.max_items.map(Keyword::MaxItems));
        all.extend(keywords.min_items.map(Keyword::MinItems));
        all.extend(keywords.unique_items.then_some(Keyword::UniqueItems));
    }

    fn combination(&mut self, id: NodeId, is_dependencies: bool, all: &mut Vec<Keyword<'b>>) {
        let keywords = self.schemas.keywords(id);
        if !keywords.all_of.is_empty() {
            all.push(Keyword::AllOf(self.ids(&keywords.all_of)));
        }
        all.extend(keywords.any_of.iter().map(|branches| Keyword::AnyOf(self.ids(branches))));
        all.extend(keywords.one_of.iter().map(|branches| Keyword::OneOf(self.ids(branches))));
        all.extend(keywords.not.iter().map(|not| Keyword::Not(self.id(*not))));
        for condition in &keywords.if_then_else {
            let (then, otherwise) = (condition.then.map(|id| self.id(id)), condition.otherwise.map(|id| self.id(id)));
            all.push(Keyword::If(self.id(condition.condition), then, otherwise));
        }
        if !keywords.dependent_schemas.is_empty() {
            all.push(Keyword::DependentSchemas(self.named(&keywords.dependent_schemas), is_dependencies));
        }
        all.extend(keywords.unevaluated_items.map(|node| Keyword::UnevaluatedItems(self.id(node))));
        all.extend(keywords.unevaluated_properties.map(|node| Keyword::UnevaluatedProperties(self.id(node))));
    }
}

/// Converts constants to their form in tables.
pub(crate) fn literals<'b>(bump: &'b Bump, values: &[Json]) -> &'b [Literal<'b>] {
    let values: Vec<_> = values.iter().map(|value| literal(bump, value)).collect();
    bump.alloc_slice_copy(&values)
}

/// Converts a constant to its form in tables.
pub(crate) fn literal<'b>(bump: &'b Bump, json: &Json) -> Literal<'b> {
    match json {
        Json::Null => Literal::Null,
        Json::Boolean(value) => Literal::Boolean(*value),
        Json::Number(text) => Literal::Number(number_literal(bump, text)),
        Json::String(text) => Literal::String(bump.alloc_str(text)),
        Json::Array(items) => Literal::Array(literals(bump, items)),
        Json::Object(members) => {
            let members: Vec<(&str, Literal<'b>)> =
                members.iter().map(|(name, value)| (&*bump.alloc_str(name), literal(bump, value))).collect();
            Literal::Object(bump.alloc_slice_copy(&members))
        }
    }
}

/// Returns a number as an integer if tables can store it, or else as text.
fn number_literal<'b>(bump: &'b Bump, text: &str) -> NumberLiteral<'b> {
    text.parse().map_or_else(|_| NumberLiteral::Decimal(bump.alloc_str(text)), NumberLiteral::Integer)
}
