//! The contents of schema-defs: providers, their events, and the documents that schemas refer to.

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

/// The documents that schemas may refer to, by URI.
pub type Library = BTreeMap<String, Json>;

/// The name of the envelope, where events have the name of their folder.
pub const ENVELOPE: &str = "envelope";

/// The contents of a folder of schema-defs.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The providers, by name.
    pub providers: Vec<Provider>,
    /// The contents of `package.toml`: settings of the generated package.
    pub package: Package,
    /// Warnings about the input that do not prevent generation.
    pub warnings: Vec<String>,
}

/// Metadata of the generated package.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Package {
    /// The name of the package, unless the command line sets one.
    pub name: Option<String>,
    /// The version of the package; 0.1.0 by default.
    pub version: Option<String>,
    /// A description of the package in one sentence.
    pub description: Option<String>,
    /// The licence of the package, as an SPDX expression.
    pub license: Option<String>,
    /// The URL of the source repository.
    pub repository: Option<String>,
    /// The URL of the package's documentation.
    pub documentation: Option<String>,
    /// The content of `package.md`: Markdown for the documentation of the package's root module.
    #[serde(skip)]
    pub docs: String,
    /// Keywords for the registry.
    #[serde(deserialize_with = "settings::texts")]
    pub keywords: Vec<String>,
    /// The package's categories in the registry.
    #[serde(deserialize_with = "settings::texts")]
    pub categories: Vec<String>,
}

/// A vendor of events.
#[derive(Clone, Debug, Default)]
pub struct Provider {
    /// The name of the provider's folder.
    pub name: String,
    /// The contents of `provider.toml`.
    pub settings: Settings,
    /// The events, by name.
    pub events: Vec<Event>,
    /// The envelope (the object around the events of a body), if the provider has a schema for it. Its example payloads
    /// are whole bodies.
    pub envelope: Option<Event>,
    /// Other schemas that the events' schemas may refer to, and the overlays of these schemas, by path below
    /// schema-defs.
    pub documents: BTreeMap<String, Json>,
}

/// The contents of `provider.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The vendor's name for people.
    pub title: String,
    /// How events are delivered.
    #[serde(deserialize_with = "settings::word")]
    pub delivery: Delivery,
    /// The locations of the events in a body that is an object, as JSON Pointers. The first location with events
    /// counts.
    #[serde(deserialize_with = "settings::texts")]
    pub items: Vec<String>,
    /// The location of the event in each item, or in the body if there are no `items`, as a JSON Pointer.
    pub item: Option<String>,
    /// Whether events are identified only by a name outside the body.
    #[serde(rename = "dispatch", deserialize_with = "settings::dispatch")]
    pub named: bool,
    /// The order in which events are tried if several match the same payload.
    #[serde(deserialize_with = "settings::texts")]
    pub precedence: Vec<String>,
    /// Objects in payloads whose member names are data, by location: JSON Pointers with `*` for any member or item.
    /// `infer` treats them as maps.
    #[serde(deserialize_with = "settings::texts")]
    pub maps: Vec<String>,
    /// Objects in payloads whose member names are chosen by the vendor, by location like `maps`. `infer` treats them as
    /// structs.
    #[serde(deserialize_with = "settings::texts")]
    pub structs: Vec<String>,
    /// Custom keywords of the vendor that do not affect validity.
    #[serde(deserialize_with = "settings::texts")]
    pub annotations: Vec<String>,
    /// The dialect of schemas without `$schema`; 2020-12 by default.
    #[serde(deserialize_with = "settings::dialect")]
    pub dialect: Option<Dialect>,
    /// The kind of regular expressions that the schemas may use.
    pub patterns: Patterns,
    /// The source of the schemas.
    #[serde(rename = "schemas", deserialize_with = "settings::word")]
    pub source: Source,
    /// How payloads are read, or `None` if the source of the schema decides.
    #[serde(deserialize_with = "settings::some_word")]
    pub reading: Option<Reading>,
    /// A description of where the schemas and payloads come from.
    pub origin: String,
    /// The URL of the page that documents the schemas and payloads.
    pub docs_url: Option<String>,
    /// Strings that the documentation page uses as placeholders for values, in addition to strings in angle brackets.
    #[serde(deserialize_with = "settings::texts")]
    pub placeholders: Vec<String>,
    /// Headings of the documentation page. JSON below these headings is not a payload of an event.
    #[serde(deserialize_with = "settings::texts")]
    pub ignore_headings: Vec<String>,
    /// How the vendor sends requests, according to its documentation.
    pub requests: Requests,
    /// How the vendor's documents are imported.
    pub import: Import,
    /// Settings of individual events.
    pub events: BTreeMap<String, EventSettings>,
}

/// The kind of regular expressions that the schemas of a provider may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Patterns {
    /// Expressions that match in time proportional to the length of the text.
    #[default]
    Linear,
    /// Also expressions with lookaround assertions and references to groups. A payload on which such an expression
    /// takes too many steps is rejected.
    Backtracking,
}

impl Settings {
    /// Returns the body in which the vendor sends some events.
    pub fn body(&self, events: &[&str]) -> String {
        match self.delivery {
            Delivery::Batch => format!("[{}]", events.join(",")),
            // Each event takes one line. JSON strings contain no unescaped line breaks, so replacing line breaks is
            // safe.
            Delivery::Lines => events.iter().map(|event| format!("{}\n", event.replace(['\n', '\r'], " "))).collect(),
            Delivery::Wrapped => wrap(self.items.first().map(String::as_str), self.item.as_deref(), events),
            _ => events.concat(),
        }
    }

    /// Returns the ranges of the events in a body that is an object with events in it, or `None` for any other body.
    pub fn events_in(&self, body: &str) -> Option<Vec<Range<usize>>> {
        find_at(&self.items, self.item.as_deref(), body)
    }

    /// Declares the provider's dialect in a schema, if the dialect is set and the schema declares none.
    pub fn declare_dialect(&self, schema: Json) -> Json {
        match self.dialect {
            Some(dialect) => dialect.declare(schema),
            None => schema,
        }
    }
}

/// The table `requests` of `provider.toml`: how the vendor sends requests. Facts that its documentation does not state
/// are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Requests {
    /// The HTTP methods, the usual one first.
    #[serde(deserialize_with = "settings::texts")]
    pub methods: Vec<String>,
    /// The content type of requests.
    pub content_type: Option<String>,
    /// The responses that count as success.
    #[serde(deserialize_with = "settings::some_word")]
    pub success: Option<Success>,
    /// The maximum number of retries of a request.
    pub max_retries: Option<u32>,
    /// A description of when requests are retried.
    pub retry: Option<String>,
    /// The time that the vendor waits for a response, in seconds.
    pub timeout_seconds: Option<u32>,
    /// The kinds of credentials that requests can have.
    #[serde(deserialize_with = "settings::words")]
    pub credentials: Vec<CredentialKind>,
    /// The header that names the event, if `dispatch` is `named`.
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

/// Writes a short description in English, with Markdown backquotes around names of headers.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::StandardWebhooks => f.write_str("by Standard Webhooks"),
            Signature::Hmac(hmac) => write!(f, "an HMAC of `{}` in the header `{}`", hmac.text, hmac.header),
        }
    }
}

/// How a vendor computes an HMAC and sends it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HmacSettings {
    /// The header that contains the HMAC.
    pub header: String,
    /// The hash function.
    #[serde(default = "settings::sha256", deserialize_with = "settings::word")]
    pub algorithm: HashAlgorithm,
    /// The encoding of the HMAC.
    #[serde(default = "settings::hex", deserialize_with = "settings::word")]
    pub encoding: SignatureEncoding,
    /// The text before the HMAC in its part of the header.
    #[serde(default)]
    pub prefix: String,
    /// The signed text, with `{body}`, `{timestamp}` and `{id}` as placeholders.
    #[serde(default = "settings::signed_text", deserialize_with = "settings::signed")]
    pub text: String,
    /// The header that contains the timestamp.
    pub timestamp_header: Option<String>,
    /// The text before the timestamp in its part of the header.
    #[serde(default)]
    pub timestamp_prefix: String,
    /// The header that contains the message identifier.
    pub id_header: Option<String>,
    /// The maximum age of a signature in seconds.
    pub tolerance_seconds: Option<u32>,
}

/// The table `import` of `provider.toml`: options of the command `import` that are applied each time the documents are
/// compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Import {
    /// The names of schemas that are payloads.
    #[serde(rename = "schema", deserialize_with = "settings::texts")]
    pub schemas: Vec<String>,
    /// The paths whose requests are events.
    #[serde(rename = "path", deserialize_with = "settings::texts")]
    pub paths: Vec<String>,
    /// The members that name the events.
    #[serde(rename = "discriminator", deserialize_with = "settings::texts")]
    pub discriminators: Vec<String>,
}

/// The settings of one event in `provider.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EventSettings {
    /// The source of the schema, if it differs from the provider's.
    #[serde(rename = "schema", deserialize_with = "settings::some_word")]
    pub source: Option<Source>,
    /// How payloads are read, if it differs from the provider's setting.
    #[serde(deserialize_with = "settings::some_word")]
    pub reading: Option<Reading>,
    /// The date since which the vendor no longer documents the event, which may still be sent.
    pub undocumented_since: Option<String>,
    /// A description of where the payloads come from.
    pub origin: Option<String>,
    /// The event's name outside the body, if it differs from its folder's name.
    pub wire_name: Option<String>,
    /// The version of the package that introduced the event; `None` for the first version. Types that an older event
    /// uses keep their names.
    #[serde(deserialize_with = "settings::release")]
    pub since: Option<Release>,
    /// Repairs that were made to a documented example.
    #[serde(rename = "repair", deserialize_with = "settings::texts")]
    pub repairs: Vec<String>,
    /// Explanations of decisions by a person that do not follow from the examples.
    #[serde(deserialize_with = "settings::texts")]
    pub rationale: Vec<String>,
}

/// A version of the generated package: major, minor and patch numbers.
pub type Release = (u64, u64, u64);

/// Parses a version of three numbers.
pub fn release_of(version: &str) -> Option<Release> {
    let numbers: Vec<u64> = version.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let [major, minor, patch] = numbers[..] else { return None };
    Some((major, minor, patch))
}

/// The source of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The vendor documents the schema.
    #[default]
    Documented,
    /// The schema was inferred from examples.
    Inferred,
}

/// An event of a provider.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// The name of the event's folder.
    pub name: String,
    /// The schema as documented.
    pub schema: Json,
    /// The JSON Patch for the documented schema.
    pub overlay: Option<Json>,
    /// The example payloads, by name.
    pub examples: Vec<Example>,
}

/// A documented payload.
#[derive(Clone, Debug)]
pub struct Example {
    /// The name of the file, without its extension.
    pub name: String,
    /// The text of the file.
    pub text: String,
    /// The JSON value of the text.
    pub value: Value,
}

impl Event {
    /// Returns the payloads of the examples.
    pub fn payloads(&self) -> Vec<Json> {
        self.examples.iter().map(Example::json).collect()
    }
}

impl Example {
    /// Returns the payload with its members in the order of the text.
    pub fn json(&self) -> Json {
        Json::parse(&self.text).unwrap_or_else(|_| Json::from_value(&self.value, None))
    }
}

impl Provider {
    /// Iterates over the events, followed by the envelope, if there is one.
    pub fn roots(&self) -> impl Iterator<Item = &Event> {
        self.events.iter().chain(&self.envelope)
    }

    /// Returns the documents that schemas of events refer to, by the URIs under which
    /// [`Validator::new`](crate::Validator::new) looks them up.
    pub fn library(&self) -> Library {
        let below = |file: &str| self.library_uri(file);
        // An overlay that does not apply is reported when code is generated; here the documented schema is used.
        let documents = self.shared_schemas().map(|(file, schema)| {
            let documented = || self.documents.get(file).cloned().unwrap_or(Json::Null);
            (below(file), schema.unwrap_or_else(|_| documented()))
        });
        let schema = |event: &Event| self.schema(event).unwrap_or_else(|_| event.schema.clone());
        let schemas = self.roots().map(|event| (below(&self.schema_file(event)), schema(event)));
        documents.chain(schemas).collect()
    }

    /// Returns the URI of a file in the provider's [`Provider::library`].
    pub fn library_uri(&self, file: &str) -> String {
        let inner = file.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('/')).unwrap_or(file);
        format!("webhooks:///{inner}")
    }

    /// Returns the path of the schema of an event or of the envelope, below schema-defs.
    pub fn schema_file(&self, event: &Event) -> String {
        format!("{}schema.json", self.file_prefix(event))
    }

    /// Returns the path of the overlay of an event or of the envelope, below schema-defs.
    pub fn overlay_file(&self, event: &Event) -> String {
        format!("{}overlay.json", self.file_prefix(event))
    }

    /// Returns the path of an example below schema-defs.
    pub fn example_file(&self, event: &Event, example: &Example) -> String {
        format!("{}examples/{}.json", self.file_prefix(event), example.name)
    }

    /// Returns the start of the paths of an event's files: its folder, or `envelope.` for the envelope.
    fn file_prefix(&self, event: &Event) -> String {
        let end = if event.name == ENVELOPE && self.envelope.is_some() { '.' } else { '/' };
        format!("{}/{}{end}", self.name, event.name)
    }

    /// Returns the path of the provider's settings below schema-defs.
    pub fn settings_file(&self) -> String {
        format!("{}/provider.toml", self.name)
    }

    /// Returns the source of an event's schema. For an unknown event, returns the provider's default.
    pub fn source(&self, event: &str) -> Source {
        self.settings.events.get(event).and_then(|event| event.source).unwrap_or(self.settings.source)
    }

    /// Returns how payloads of an event are read: the setting of the event or of the provider, or else exactly if the
    /// schema is documented, and tolerantly if it is inferred.
    pub fn reading(&self, event: &str) -> Reading {
        let own = self.settings.events.get(event).and_then(|event| event.reading);
        own.or(self.settings.reading).unwrap_or(match self.source(event) {
            Source::Documented => Reading::Exact,
            Source::Inferred => Reading::Tolerant,
        })
    }

    /// Returns whether the vendor no longer documents an event.
    pub fn is_undocumented(&self, event: &str) -> bool {
        self.settings.events.get(event).is_some_and(|event| event.undocumented_since.is_some())
    }

    /// Returns the name under which the vendor sends an event outside the body, for example in a header.
    pub fn wire_name<'p>(&'p self, event: &'p Event) -> &'p str {
        let wire_name = self.settings.events.get(&event.name).and_then(|settings| settings.wire_name.as_deref());
        wire_name.unwrap_or(&event.name)
    }

    /// Returns the version of the package that introduced an event.
    pub fn since(&self, event: &Event) -> Option<Release> {
        self.settings.events.get(&event.name)?.since
    }
}
