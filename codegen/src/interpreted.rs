//! A provider without generated code. The declarations that generated code would contain are built in memory.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use bumpalo::Bump;
use serde_json::Value;
use webhook_runtime::__private::schema::Validator;
use webhook_runtime::__private::{self as runtime, EventMatcher, Paths, ProviderDeclaration};
use webhook_runtime::{EventInfo, ProviderInfo, Reading, RequestInfo};

use crate::compare::{Acceptance, Version};
use crate::dispatch::{Condition, Dispatch, Path};
use crate::load::catalog::{Event, Provider};
use crate::load::schemas::model;
use crate::model::diagnostic::{Checked, Diagnostic};
use crate::model::{Dialect, NodeId};
use crate::normalize::Schemas;
use crate::tables::{Entries, Tables, patterns};

/// A provider whose payloads are identified and validated without generated code.
pub struct Interpreted<'p> {
    provider: &'p Provider,
    info: &'static ProviderInfo,
    /// The locations at which shared schemas are embedded in the schema of an event, with their files.
    embedded: Vec<(String, String)>,
    /// The payloads that the type of an event accepts, for the events that were asked about; `None` if the type is read
    /// exactly.
    tolerant: RefCell<HashMap<usize, Option<Acceptance>>>,
}

impl<'p> Interpreted<'p> {
    /// Reads the schemas of a provider. The tables are leaked, because a command builds them once and then ends.
    ///
    /// # Errors
    ///
    /// Returns all problems of the schemas, and the events that cannot be distinguished.
    pub fn new(provider: &'p Provider) -> Checked<Interpreted<'p>> {
        let in_overlay = |problems: Vec<Diagnostic>| -> Vec<Diagnostic> {
            problems.into_iter().map(|problem| provider.in_overlay(problem)).collect()
        };
        let (model, roots) = model(provider, false, Dialect::default()).map_err(in_overlay)?;
        let embedded = model.embedded_files();
        let mut schemas = Schemas::new(Arc::new(model));
        let dispatch = Dispatch::new(provider, &mut schemas, &roots).map_err(in_overlay)?;
        let bump: &'static Bump = Box::leak(Box::new(Bump::new()));
        let mut events = infos(provider, schemas, &roots, bump).map_err(|problem| vec![problem])?;
        let envelope = if provider.envelope.is_some() { events.pop() } else { None };
        let info = ProviderDeclaration {
            name: bump.alloc_str(&provider.name),
            title: bump.alloc_str(&provider.settings.title),
            delivery: provider.settings.delivery,
            requests: requests(provider, bump),
            events: Vec::leak(events),
            envelope,
            dispatch: bump.alloc(table(provider, &dispatch, bump).map_err(|problem| vec![problem])?),
        };
        Ok(Interpreted { provider, info: bump.alloc(info.info()), embedded, tolerant: RefCell::default() })
    }

    /// Returns the declaration of the provider that generated code would have, without the texts of schemas and
    /// examples. Of the facts about requests, it has only the locations of the events in a body.
    pub fn info(&self) -> &'static ProviderInfo {
        self.info
    }

    /// Converts the schema location of a violation to a file of schema-defs and a JSON Pointer in the file. Here and in
    /// [`Interpreted::tolerates`], the index after the last event stands for the envelope.
    pub fn place(&self, event: usize, pointer: &str) -> (String, String) {
        let below = |(prefix, _): &&(String, String)| {
            pointer.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let embedded = self.embedded.iter().filter(below).max_by_key(|(prefix, _)| prefix.len());
        let place = match embedded {
            Some((prefix, file)) => (file.clone(), pointer.get(prefix.len()..).unwrap_or_default().to_owned()),
            None => {
                let event = self.provider.roots().nth(event);
                (event.map(|event| self.provider.schema_file(event)).unwrap_or_default(), pointer.to_owned())
            }
        };
        self.provider.overlaid(&place.0, &place.1).unwrap_or(place)
    }

    /// Returns whether the type of an event would accept a payload that violates the event's schema. A tolerant type accepts the
    /// payload, unless a required member, such as a member that identifies the event, is invalid.
    pub fn tolerates(&self, event: usize, payload: &Value) -> bool {
        let mut tolerant = self.tolerant.borrow_mut();
        let acceptance = tolerant.entry(event).or_insert_with(|| self.acceptance(event));
        acceptance.as_mut().is_some_and(|acceptance| acceptance.accepts(payload))
    }

    /// Returns a description of the payloads that the type of an event accepts, or `None` if the type is read exactly.
    /// [`Interpreted::new`] has read the same schema, so it can be read.
    fn acceptance(&self, event: usize) -> Option<Acceptance> {
        let event = self.provider.roots().nth(event)?;
        if self.provider.reading(&event.name) == Reading::Exact {
            return None;
        }
        let (schema, library) = (self.provider.schema(event).ok()?, self.provider.library());
        Acceptance::new(Version { schema: &schema, library: &library, instances: &[] }, Reading::Tolerant).ok()
    }
}

impl fmt::Debug for Interpreted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreted").field("provider", &self.provider.name).finish_non_exhaustive()
    }
}

/// Returns the description of each event, and after them of the envelope.
fn infos(
    provider: &Provider,
    schemas: Schemas,
    roots: &[NodeId],
    bump: &'static Bump,
) -> Result<Vec<EventInfo>, Diagnostic> {
    let (schemas, entries): (&'static Schemas, &'static Entries) = {
        let entries = Entries::by_class(&schemas, roots);
        (Box::leak(Box::new(schemas)), Box::leak(Box::new(entries)))
    };
    let patterns = Vec::leak(patterns(schemas, entries));
    let tables: &'static Tables<'static> = Box::leak(Box::new(Tables::build(schemas, bump, patterns, entries)?));
    let info = |(event, root): (&Event, &NodeId)| {
        let validator = Validator::new(&tables.table, tables.id(*root));
        let (name, wire_name) = (bump.alloc_str(&event.name), bump.alloc_str(provider.wire_name(event)));
        EventInfo::without_type(name, wire_name, provider.reading(&event.name), validator)
    };
    Ok(provider.roots().zip(roots).map(info).collect())
}

fn requests(provider: &Provider, bump: &'static Bump) -> RequestInfo {
    let items: Vec<&'static str> = provider.settings.items.iter().map(|items| &*bump.alloc_str(items)).collect();
    let requests = RequestInfo::UNDOCUMENTED.with_items(Vec::leak(items));
    match &provider.settings.item {
        Some(item) => requests.with_item(bump.alloc_str(item)),
        None => requests,
    }
}

/// Returns the conditions in the form of generated code. The discriminator for guesses is left out, because guesses
/// only make reading faster.
fn table(provider: &Provider, dispatch: &Dispatch, bump: &'static Bump) -> Result<runtime::Dispatch, Diagnostic> {
    let index = |path: &Path, paths: &[Path]| {
        let missing = |_| Diagnostic::internal(&provider.name, format!("dispatch lacks the path {}", path.join("/")));
        paths.binary_search(path).map_err(missing)
    };
    let conditions =
        |own: &[Condition], paths: &[Path]| -> Result<&'static [runtime::Condition<'static>], Diagnostic> {
            let condition = |condition: &Condition| Ok(condition.in_table(index(condition.path(), paths)?, bump));
            own.iter().map(condition).collect::<Result<Vec<_>, _>>().map(|all| &*Vec::leak(all))
        };
    let paths = &dispatch.discriminator_paths;
    let matcher = |(event, own): &(usize, Vec<Condition>)| Ok(EventMatcher::new(*event, conditions(own, paths)?));
    let alternatives = dispatch.provider.iter().map(|own| conditions(own, &dispatch.provider_paths));
    Ok(runtime::Dispatch {
        named: provider.settings.named,
        discriminator_paths: paths_in_table(paths, bump),
        provider_paths: paths_in_table(&dispatch.provider_paths, bump),
        matchers: Vec::leak(dispatch.events.iter().map(matcher).collect::<Result<_, Diagnostic>>()?),
        provider: Vec::leak(alternatives.collect::<Result<_, _>>()?),
        event_name_paths: Vec::leak(
            dispatch.event_names.iter().map(|path| index(path, paths)).collect::<Result<_, _>>()?,
        ),
        discriminator: None,
        finders: runtime::MemberFinders::new(),
        fallback: &[],
    })
}

fn paths_in_table(paths: &[Path], bump: &'static Bump) -> Paths {
    let path = |path: &Path| -> &'static [&'static str] {
        Vec::leak(path.iter().map(|name| &*bump.alloc_str(name)).collect())
    };
    Paths(Vec::leak(paths.iter().map(path).collect()))
}
