//! schema-defs, as read: providers, their events, and the documents that schemas refer to.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use webhook_runtime::__private::{find_at, wrap};
pub use webhook_runtime::{CredentialKind, Delivery, HashAlgorithm, Reading, SignatureEncoding, Success};

use crate::json::Json;
use crate::load::settings;
use crate::model::Dialect;

/// A folder of schema-defs.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The providers, by name.
    pub providers: Vec<Provider>,
    /// The contents of `package.toml`: settings of the generated package.
    pub package: Package,
    /// What was odd, and no reason to reject the input.
    pub warnings: Vec<String>,
}

/// Metadata of the generated package.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Its name, unless the command line gives one.
    pub name: Option<String>,
    /// Its version; 0.1.0 by default.
    pub version: Option<String>,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// Its licence, as an SPDX expression.
    pub license: Option<String>,
    /// Where its source is kept.
    pub repository: Option<String>,
    /// Keywords for a registry.
    #[serde(deserialize_with = "settings::texts")]
    pub keywords: Vec<String>,
    /// Categories of a registry.
    #[serde(deserialize_with = "settings::texts")]
    pub categories: Vec<String>,
}

/// A vendor.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The name of its folder.
    pub name: String,
    /// The contents of `provider.toml`.
    pub settings: Settings,
    /// The events, by name.
    pub events: Vec<Event>,
    /// Other schemas that the events' schemas may refer to, and the overlays of these, by path below schema-defs.
    pub documents: BTreeMap<String, Json>,
}

/// The contents of `provider.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The vendor's name for people.
    pub title: String,
    /// How events are sent.
    #[serde(deserialize_with = "settings::delivery")]
    pub delivery: Delivery,
    /// Where the events are in a body that is an object, as JSON Pointers; the first that leads to events counts.
    #[serde(deserialize_with = "settings::texts")]
    pub items: Vec<String>,
    /// Where the event is in each item, or in the body where there are no `items`, as a JSON Pointer.
    pub item: Option<String>,
    /// Whether only a name outside the body distinguishes events.
    #[serde(rename = "dispatch", deserialize_with = "settings::dispatch")]
    pub named: bool,
    /// Where several events match one payload: which is tried first.
    #[serde(deserialize_with = "settings::texts")]
    pub precedence: Vec<String>,
    /// Objects of payloads whose names are data, by their places: JSON Pointers with `*` for any member or item. `infer` takes them
    /// for maps.
    #[serde(deserialize_with = "settings::texts")]
    pub maps: Vec<String>,
    /// Objects of payloads whose names are the vendor's, as `maps` has those whose names are data.
    #[serde(deserialize_with = "settings::texts")]
    pub structs: Vec<String>,
    /// Custom keywords of the vendor that do not affect validity.
    #[serde(deserialize_with = "settings::texts")]
    pub annotations: Vec<String>,
    /// The dialect of schemas that do not declare one in `$schema`; 2020-12 by default.
    #[serde(deserialize_with = "settings::dialect")]
    pub dialect: Option<Dialect>,
    /// Which regular expressions the schemas may have.
    pub patterns: Patterns,
    /// Where the schemas come from.
    #[serde(rename = "schemas")]
    pub source: Source,
    /// What decides whether a payload is accepted, when not what follows from where the schema comes from.
    #[serde(deserialize_with = "settings::reading")]
    pub reading: Option<Reading>,
    /// Where the schemas and payloads come from, in words.
    pub origin: String,
    /// The page that documents them.
    pub docs_url: Option<String>,
    /// Strings that the page writes where a payload has a value, beside those in angle brackets.
    #[serde(deserialize_with = "settings::texts")]
    pub placeholders: Vec<String>,
    /// Headings of the page below which JSON is not a payload of an event.
    #[serde(deserialize_with = "settings::texts")]
    pub ignore_headings: Vec<String>,
    /// How the vendor sends requests, as its documents describe it.
    pub requests: Requests,
    /// How the documents of the vendor are imported.
    pub import: Import,
    /// Settings of single events.
    pub events: BTreeMap<String, EventSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            title: String::new(),
            delivery: Delivery::Single,
            items: Vec::new(),
            item: None,
            named: false,
            precedence: Vec::new(),
            maps: Vec::new(),
            structs: Vec::new(),
            annotations: Vec::new(),
            dialect: None,
            patterns: Patterns::default(),
            source: Source::Documented,
            reading: None,
            origin: String::new(),
            docs_url: None,
            placeholders: Vec::new(),
            ignore_headings: Vec::new(),
            requests: Requests::default(),
            import: Import::default(),
            events: BTreeMap::new(),
        }
    }
}

/// Which regular expressions the schemas of a provider may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Patterns {
    /// Those that are matched in a time that is proportional to the text.
    #[default]
    Linear,
    /// Also those with assertions about what precedes or follows, and with references to groups. A payload on which one of them
    /// takes too many steps is rejected.
    Backtracking,
}

impl Settings {
    /// The body in which the vendor sends some events.
    pub fn body(&self, events: &[&str]) -> String {
        match self.delivery {
            Delivery::Batch => format!("[{}]", events.join(",")),
            // One line for each event: JSON strings have no unescaped line breaks.
            Delivery::Lines => events.iter().map(|event| format!("{}\n", event.replace(['\n', '\r'], " "))).collect(),
            Delivery::Wrapped => wrap(self.items.first().map(String::as_str), self.item.as_deref(), events),
            _ => events.concat(),
        }
    }

    /// The ranges of the events in a body that is an object with events in it; `None` for any other body.
    pub fn events_in(&self, body: &str) -> Option<Vec<Range<usize>>> {
        find_at(&self.items, self.item.as_deref(), body)
    }

    /// A schema of the provider, which declares the provider's dialect if that is set and it declares none itself.
    pub fn declare_dialect(&self, schema: Json) -> Json {
        match self.dialect {
            Some(dialect) => dialect.declare(schema),
            None => schema,
        }
    }
}

/// The table `requests` of `provider.toml`: how the vendor sends requests. What its documents do not state is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Requests {
    /// The methods, the usual one first.
    #[serde(deserialize_with = "settings::texts")]
    pub methods: Vec<String>,
    /// The content type.
    pub content_type: Option<String>,
    /// Which answers count as success.
    #[serde(deserialize_with = "settings::success")]
    pub success: Option<Success>,
    /// How often a request is retried at most.
    pub max_retries: Option<u32>,
    /// When requests are retried, in words.
    pub retry: Option<String>,
    /// How long the vendor waits for an answer, in seconds.
    pub timeout_seconds: Option<u32>,
    /// The credentials that a request can have.
    #[serde(deserialize_with = "settings::credentials")]
    pub credentials: Vec<CredentialKind>,
    /// The header that names the event, where `dispatch` is `named`.
    pub event_header: Option<String>,
    /// How requests are signed.
    #[serde(deserialize_with = "settings::signature")]
    pub signature: Option<Signature>,
}

/// The table `requests.signature` of `provider.toml`: how the vendor signs its requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// [Standard Webhooks](https://www.standardwebhooks.com).
    StandardWebhooks,
    /// An HMAC in a header.
    Hmac(HmacSettings),
}

/// A short description in English, with Markdown's backquotes around headers.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::StandardWebhooks => f.write_str("by Standard Webhooks"),
            Signature::Hmac(hmac) => write!(f, "an HMAC of `{}` in the header `{}`", hmac.text, hmac.header),
        }
    }
}

/// How a vendor makes an HMAC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HmacSettings {
    /// The header that has it.
    pub header: String,
    /// The hash function.
    #[serde(default = "settings::sha256", deserialize_with = "settings::algorithm")]
    pub algorithm: HashAlgorithm,
    /// How it is written.
    #[serde(default = "settings::hex", deserialize_with = "settings::encoding")]
    pub encoding: SignatureEncoding,
    /// What precedes it in its part of the header.
    #[serde(default)]
    pub prefix: String,
    /// The text that is signed, with `{body}`, `{timestamp}` and `{id}` in it.
    #[serde(default = "settings::signed_text", deserialize_with = "settings::signed")]
    pub text: String,
    /// The header that has the timestamp.
    pub timestamp_header: Option<String>,
    /// What precedes the timestamp in its part of the header.
    #[serde(default)]
    pub timestamp_prefix: String,
    /// The header that has the identifier of the message.
    pub id_header: Option<String>,
    /// How old a signature may be.
    pub tolerance_seconds: Option<u32>,
}

/// The table `import` of `provider.toml`: the options of the command `import` that the documents need, each time they are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Import {
    /// Names of schemas that are payloads.
    #[serde(rename = "schema", deserialize_with = "settings::texts")]
    pub schemas: Vec<String>,
    /// Paths whose requests are events.
    #[serde(rename = "path", deserialize_with = "settings::texts")]
    pub paths: Vec<String>,
    /// Members that name the events.
    #[serde(rename = "discriminator", deserialize_with = "settings::texts")]
    pub discriminators: Vec<String>,
}

/// Settings of one event in `provider.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EventSettings {
    /// Where the schema comes from, when not where the provider's do.
    #[serde(rename = "schema")]
    pub source: Option<Source>,
    /// What decides whether a payload is accepted, if it differs from the provider's setting.
    #[serde(deserialize_with = "settings::reading")]
    pub reading: Option<Reading>,
    /// Since when the vendor documents the event no longer, where it may still be sent.
    pub undocumented_since: Option<String>,
    /// Where the payloads come from, in words.
    pub origin: Option<String>,
    /// The event's name outside the body, when it is not that of its folder.
    pub wire_name: Option<String>,
    /// The version of the package that the event was added in; `None` for one of the first. Types that an older event uses
    /// keep their names.
    #[serde(deserialize_with = "settings::release")]
    pub since: Option<Release>,
    /// What had to be repaired in a documented example.
    #[serde(rename = "repair", deserialize_with = "settings::texts")]
    pub repairs: Vec<String>,
    /// Decisions made by a person, where the examples alone suggest otherwise.
    #[serde(deserialize_with = "settings::texts")]
    pub rationale: Vec<String>,
}

/// A version of the generated package: its major, minor and patch numbers.
pub type Release = (u64, u64, u64);

/// Where a schema comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The vendor documents it.
    Documented,
    /// It was inferred from examples.
    Inferred,
}

/// An event of a provider.
#[derive(Clone, Debug)]
pub struct Event {
    /// The name of its folder.
    pub name: String,
    /// The schema as documented.
    pub schema: Json,
    /// The JSON Patch over it.
    pub overlay: Option<Json>,
    /// Payloads, by name.
    pub examples: Vec<Example>,
}

/// A documented payload.
#[derive(Clone, Debug)]
pub struct Example {
    /// The name of its file, without the ending.
    pub name: String,
    /// The text of the file.
    pub text: String,
    /// The content of the text.
    pub value: Value,
}

impl Provider {
    /// What the schemas of events refer to, by the URIs that [`Validator::new`](crate::Validator::new) finds them under.
    pub fn library(&self) -> BTreeMap<String, Json> {
        let below = |file: &str| self.library_uri(file);
        // An overlay that does not apply is reported when code is generated.
        let documents = self.shared_schemas().map(|(file, schema)| {
            let documented = || self.documents.get(file).cloned().unwrap_or(Json::Null);
            (below(file), schema.unwrap_or_else(|_| documented()))
        });
        let schema = |event: &Event| self.schema(event).unwrap_or_else(|_| event.schema.clone());
        let schemas = self.events.iter().map(|event| (below(&self.schema_file(event)), schema(event)));
        documents.chain(schemas).collect()
    }

    /// The URI that a file of the provider has in its [`Provider::library`].
    pub fn library_uri(&self, file: &str) -> String {
        let inner = file.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('/')).unwrap_or(file);
        format!("webhooks:///{inner}")
    }

    /// The path of an event's schema below schema-defs.
    pub fn schema_file(&self, event: &Event) -> String {
        format!("{}/{}/schema.json", self.name, event.name)
    }

    /// The path of an event's overlay below schema-defs.
    pub fn overlay_file(&self, event: &Event) -> String {
        format!("{}/{}/overlay.json", self.name, event.name)
    }

    /// The path of an example below schema-defs.
    pub fn example_file(&self, event: &Event, example: &Example) -> String {
        format!("{}/{}/examples/{}.json", self.name, event.name, example.name)
    }

    /// The path of the provider's settings below schema-defs.
    pub fn settings_file(&self) -> String {
        format!("{}/provider.toml", self.name)
    }

    /// Where the schema of an event comes from; that of one that is not known, where the provider's do.
    pub fn source(&self, event: &str) -> Source {
        self.settings.events.get(event).and_then(|event| event.source).unwrap_or(self.settings.source)
    }

    /// What decides whether a payload of an event is accepted: the `reading` of the event or of the provider, else
    /// the schema where the vendor documents it, and what it requires where it was inferred.
    pub fn reading(&self, event: &str) -> Reading {
        let own = self.settings.events.get(event).and_then(|event| event.reading);
        own.or(self.settings.reading).unwrap_or(match self.source(event) {
            Source::Documented => Reading::Exact,
            Source::Inferred => Reading::Tolerant,
        })
    }

    /// Whether the vendor no longer documents an event.
    pub fn is_undocumented(&self, event: &str) -> bool {
        self.settings.events.get(event).is_some_and(|event| event.undocumented_since.is_some())
    }

    /// The name of an event outside the body.
    pub fn wire_name<'p>(&'p self, event: &'p Event) -> &'p str {
        let wire_name = self.settings.events.get(&event.name).and_then(|settings| settings.wire_name.as_deref());
        wire_name.unwrap_or(&event.name)
    }

    /// The version of the package that an event was added in.
    pub fn since(&self, event: &Event) -> Option<Release> {
        self.settings.events.get(&event.name)?.since
    }
}
