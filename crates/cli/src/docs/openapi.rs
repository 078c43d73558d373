//! An OpenAPI document of a receiver: a webhook for every event of every provider.

use webhook_codegen::Catalog;
use webhook_codegen::catalog::{Delivery, Event, Example, Provider, Success};
use webhook_codegen::describe::{Description, EventDescription, ProviderDescription};
use webhook_codegen::json::Json;
use webhook_codegen::{markdown, markdown_code, markdown_line};

use super::responses::{problem_schema, responses};
use super::security::{requirements, schemes};

/// Members of an object, in order.
pub(super) type Members = Vec<(String, Json)>;

/// The text of the document.
pub(super) fn text(catalog: &Catalog, description: &Description) -> String {
    let providers: Vec<(&Provider, &ProviderDescription)> =
        catalog.providers.iter().zip(&description.providers).collect();
    let titles: Vec<&str> = providers.iter().map(|(provider, _)| provider.settings.title.as_str()).collect();
    let mut webhooks = Members::new();
    let mut schemas = Members::new();
    for (provider, about) in &providers {
        for (event, about) in provider.events.iter().zip(&about.events) {
            let name = component(provider, &event.name);
            webhooks.push((name.clone(), webhook(provider, event, about)));
            schemas.push((name, about.embeddable_schema()));
        }
        if provider.settings.delivery != Delivery::Single {
            let all = provider.events.iter().map(|event| reference(&component(provider, &event.name))).collect();
            schemas.push((any_event(provider), object([("anyOf", Json::Array(all))])));
        }
    }
    schemas.push(("Problem".to_owned(), problem_schema()));
    let tags = providers.iter().map(|(provider, _)| tag(provider)).collect();
    let mut info = vec![
        member("title", string(format!("A receiver of webhooks of {}", titles.join(", ")))),
        member("version", string(catalog.package.version.as_deref().unwrap_or("0.1.0"))),
        member("description", string("The webhooks that these vendors send, as their documents describe them.")),
    ];
    if let Some(licence) = &catalog.package.license {
        info.push(member("license", object([("name", string(licence.as_str()))])));
    }
    let mut components = vec![member("schemas", Json::Object(schemas))];
    let schemes = schemes(&providers.iter().map(|(provider, _)| *provider).collect::<Vec<_>>());
    if !schemes.is_empty() {
        components.push(member("securitySchemes", Json::Object(schemes)));
    }
    object([
        ("openapi", string("3.1.1")),
        ("info", Json::Object(info)),
        ("tags", Json::Array(tags)),
        ("webhooks", Json::Object(webhooks)),
        ("components", Json::Object(components)),
    ])
    .pretty()
}

fn tag(provider: &Provider) -> Json {
    let settings = &provider.settings;
    let mut members = vec![member("name", string(settings.title.as_str()))];
    if !settings.origin.is_empty() {
        members.push(member(
            "description",
            string(format!("Schemas and payloads come from {}.", markdown_line(&settings.origin))),
        ));
    }
    let is_web = |address: &&String| address.starts_with("https://") || address.starts_with("http://");
    if let Some(address) = settings.docs_url.as_ref().filter(is_web) {
        members.push(member("externalDocs", object([("url", string(address.as_str()))])));
    }
    Json::Object(members)
}

/// The methods of an event: those that the vendor documents and OpenAPI knows, else POST.
fn methods(provider: &Provider) -> Vec<String> {
    let known = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let documented = provider.settings.requests.methods.iter().map(|method| method.to_ascii_lowercase());
    let methods: Vec<String> = documented.filter(|method| known.contains(&method.as_str())).collect();
    if methods.is_empty() { vec!["post".to_owned()] } else { methods }
}

fn webhook(provider: &Provider, event: &Event, about: &EventDescription) -> Json {
    let several = methods(provider).len() > 1;
    let operation = |method: String| {
        let id = component(provider, &event.name);
        let id = if several { format!("{id}.{method}") } else { id };
        (method, operation(provider, event, about, &id))
    };
    Json::Object(methods(provider).into_iter().map(operation).collect())
}

fn operation(provider: &Provider, event: &Event, about: &EventDescription, id: &str) -> Json {
    let title = about.title.clone().unwrap_or_else(|| event.name.clone());
    let mut members = vec![
        member("tags", Json::Array(vec![string(provider.settings.title.as_str())])),
        member("operationId", string(id)),
        member("summary", string(title)),
        member("description", string(describe(provider, event, about))),
        member("requestBody", body(provider, event)),
        member("responses", Json::Object(responses(provider))),
    ];
    if provider.is_undocumented(&event.name) {
        members.push(member("deprecated", Json::Boolean(true)));
    }
    members.extend(requirements(provider).map(|all| member("security", all)));
    Json::Object(members)
}

/// What the document's other members do not express.
fn describe(provider: &Provider, event: &Event, about: &EventDescription) -> String {
    let requests = &provider.settings.requests;
    let mut sentences: Vec<String> = Vec::new();
    if provider.settings.named {
        let place = match &requests.event_header {
            Some(header) => format!("in the header {}", markdown_code(header)),
            None => "beside the body".to_owned(),
        };
        sentences.push(format!("The name {} {place} identifies the event.", markdown_code(provider.wire_name(event))));
    }
    if provider.settings.delivery != Delivery::Single {
        sentences.push("A body holds several events, which may be of different kinds.".to_owned());
    }
    if requests.content_type.is_none() {
        sentences.push("The vendor does not document a content type.".to_owned());
    }
    match requests.success {
        Some(Success::Ok) => sentences.push("Only status 200 counts as success.".to_owned()),
        Some(_) => sentences.push("Any 2xx status counts as success.".to_owned()),
        None => sentences.push("The vendor does not document which status counts as success.".to_owned()),
    }
    sentences.extend(requests.retry.as_ref().map(|retry| format!("{}.", markdown_line(retry.trim_end_matches('.')))));
    let timeout = requests.timeout_seconds.map(|seconds| format!("The vendor waits {seconds} seconds for an answer."));
    sentences.extend(timeout);
    if provider.is_undocumented(&event.name) {
        sentences.push("The vendor no longer documents the event, and may still send it.".to_owned());
    }
    let own = sentences.join(" ");
    about.description.as_ref().map_or_else(|| own.clone(), |text| format!("{}\n\n{own}", markdown(text)))
}

fn body(provider: &Provider, event: &Event) -> Json {
    let settings = &provider.settings;
    let own = reference(&component(provider, &event.name));
    let schema = match settings.delivery {
        Delivery::Batch => {
            object([("type", string("array")), ("items", reference(&any_event(provider))), ("contains", own)])
        }
        // A line is no JSON document of its own to OpenAPI 3.1.
        Delivery::Lines => {
            object([("type", string("string")), ("description", string("Each line is an event, as JSON."))])
        }
        _ => own,
    };
    let default = if settings.delivery == Delivery::Lines { "application/x-ndjson" } else { "application/json" };
    let content_type = settings.requests.content_type.as_deref().unwrap_or(default);
    let mut media = vec![member("schema", schema)];
    let examples: Members = event
        .examples
        .iter()
        .filter_map(|example| {
            let name = escaped(&example.name);
            Some((name, object([("value", sent(settings.delivery, example)?)])))
        })
        .collect();
    if !examples.is_empty() {
        media.push(member("examples", Json::Object(examples)));
    }
    object([
        ("required", Json::Boolean(true)),
        ("content", Json::Object(vec![member(content_type, Json::Object(media))])),
    ])
}

/// A documented payload as a body has it.
fn sent(delivery: Delivery, example: &Example) -> Option<Json> {
    let payload = Json::parse(&example.text).ok()?;
    Some(match delivery {
        Delivery::Batch => Json::Array(vec![payload]),
        Delivery::Lines => string(format!("{payload}\n")),
        _ => payload,
    })
}

/// The name of an event among the webhooks and the schemas.
fn component(provider: &Provider, event: &str) -> String {
    format!("{}.{}", escaped(&provider.name), escaped(event))
}

/// The name of the schema of any event of a provider.
fn any_event(provider: &Provider) -> String {
    escaped(&provider.name)
}

fn reference(component: &str) -> Json {
    object([("$ref", string(format!("#/components/schemas/{component}")))])
}

/// A name as the keys of components allow it: what else it has is written as `.` and two hexadecimal digits.
fn escaped(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        other => format!(".{other:02X}"),
    };
    name.bytes().map(byte).collect()
}

pub(super) fn string(text: impl Into<String>) -> Json {
    Json::String(text.into())
}

pub(super) fn member(name: &str, value: Json) -> (String, Json) {
    (name.to_owned(), value)
}

pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.map(|(name, value)| member(name, value)).into())
}
