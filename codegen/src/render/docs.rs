//! Renders the documentation of a provider's module.

use webhook_runtime::Delivery;

use super::context::RenderContext;
use crate::dispatch::Condition;
use crate::json::Json;
use crate::load::catalog::{Event, Provider, Reading, Requests, Settings, Source};
use crate::plan::Event as PlannedEvent;
use crate::text::markdown::{cell_code, code, line, plain};

/// Returns the documentation of the module, line by line.
pub(crate) fn docs(context: &RenderContext<'_>) -> Vec<String> {
    let provider = context.provider;
    let settings = &provider.settings;
    let mut lines = vec![format!("Webhook events of {}.", plain(&settings.title)), String::new()];
    let body = match settings.delivery {
        Delivery::Batch => {
            "A body is usually a JSON array of events; it may also be newline-delimited events, or one event: read it as a \
             [`Batch`]."
        }
        Delivery::Lines => {
            "A body is usually newline-delimited events; it may also be a JSON array of events, or one event: read it as a \
             [`Batch`]."
        }
        Delivery::Wrapped => {
            "A body is usually an object with events in it; it may also be a JSON array of events, or one event: read it as a \
             [`Batch`]."
        }
        _ => "A body is one event: read it as an [`Event`].",
    };
    lines.push(body.to_owned());
    lines.extend(inside(settings));
    lines.extend(context.plan.envelope().map(|envelope| {
        format!("`Batch::envelope` reads the object as [`{}`].", context.plan.types[envelope.root.0].name)
    }));
    if settings.named {
        lines.push("The body alone does not identify the event: use [`Event::from_slice_with_name`].".to_owned());
    }
    let source = match settings.source {
        Source::Documented => "The schemas are published by the vendor.",
        Source::Inferred => "The vendor publishes no schemas: these were inferred from its examples and prose.",
    };
    lines.push(source.to_owned());
    if !settings.origin.is_empty() {
        lines.push(format!("They come from {}.", line(settings.origin.trim_end_matches('.'))));
    }
    lines.extend(reading(provider));
    lines.extend(events(context));
    lines.push(String::new());
    lines.extend(identification(context));
    let facts = requests(&settings.requests);
    if !facts.is_empty() {
        lines.extend([String::new(), "# Requests".to_owned(), String::new(), facts.join(" ")]);
    }
    lines.extend(example(context));
    let text = lines.join("\n");
    // The table and the code are already Markdown.
    text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") }).collect()
}

/// Returns sentences in Markdown about the vendor's requests, as far as they are documented.
fn requests(requests: &Requests) -> Vec<String> {
    let mut facts = Vec::new();
    if !requests.methods.is_empty() {
        facts.push(format!("Requests use {}.", plain(&requests.methods.join(" or "))));
    }
    if let Some(content_type) = &requests.content_type {
        facts.push(format!("Their content type is {}.", code(content_type)));
    }
    facts.extend(requests.event_header.as_ref().map(|header| format!("The header {} names the event.", code(header))));
    facts.extend(requests.success.map(|success| format!("A request succeeds if the response is {success}.")));
    facts.extend(requests.retry.as_ref().map(|retry| format!("{}.", line(retry.trim_end_matches('.')))));
    let timeout = requests.timeout_seconds.map(|seconds| format!("The vendor waits {seconds} seconds for a response."));
    facts.extend(timeout);
    let kinds: Vec<String> = requests.credentials.iter().map(ToString::to_string).collect();
    if !kinds.is_empty() {
        facts.push(format!("Credentials: {}.", kinds.join(", ")));
    }
    facts.extend(
        requests.signature.as_ref().map(|signature| format!("They are signed: {}.", line(&signature.to_string()))),
    );
    facts
}

/// Explains how payloads are accepted, if the schema alone does not decide.
fn reading(provider: &Provider) -> Vec<String> {
    let is_tolerant = |event: &&Event| provider.reading(&event.name) == Reading::Tolerant;
    let tolerant: Vec<String> = provider.events.iter().filter(is_tolerant).map(|event| code(&event.name)).collect();
    let of = match tolerant.as_slice() {
        [] => return Vec::new(),
        all if all.len() == provider.events.len() => "an event".to_owned(),
        some => format!("an event ({})", some.join(", ")),
    };
    vec![
        String::new(),
        format!(
            "The members that the schema of {of} requires decide whether a payload is accepted. Any other member with an"
        ),
        "unexpected value is kept in `extra` under its JSON name, its field is absent, and".to_owned(),
        "[`Event::deviations`] lists it.".to_owned(),
    ]
}

/// Returns the table of the events, with a column for their descriptions if there are any.
fn events(context: &RenderContext<'_>) -> Vec<String> {
    let (settings, plan) = (&context.provider.settings, context.plan);
    let described = |event: &PlannedEvent| {
        let text = &plan.types[event.root.0].docs.text;
        let since = settings.events.get(&event.name).and_then(|event| event.undocumented_since.as_deref());
        let since = since.map(|since| format!("Not documented since {}.", plain(since)));
        let summary = Some(line(text.split("\n\n").next().unwrap_or_default())).filter(|text| !text.is_empty());
        summary.into_iter().chain(since).collect::<Vec<_>>().join(" ")
    };
    let rows: Vec<(String, String)> = plan
        .events()
        .iter()
        .map(|event| {
            let name = format!("[`{}`] {}", plan.types[event.root.0].name, cell_code(&event.name));
            (name, described(event))
        })
        .collect();
    let mut lines = vec![String::new(), "# Events".to_owned(), String::new()];
    if rows.iter().all(|(_, description)| description.is_empty()) {
        lines.extend(["| event |", "| --- |"].map(str::to_owned));
        lines.extend(rows.into_iter().map(|(name, _)| format!("| {name} |")));
    } else {
        lines.extend(["| event | what happened |", "| --- | --- |"].map(str::to_owned));
        lines.extend(rows.into_iter().map(|(name, description)| format!("| {name} | {description} |")));
    }
    lines
}

/// Returns how the events are identified: one sentence for the events whose name is in a common member, and a line for
/// each other event.
fn identification(context: &RenderContext<'_>) -> Vec<String> {
    let RenderContext { provider, plan, dispatch, .. } = context;
    let list = |index: usize, what: String| format!("* [`{}`] by {what}", plan.types[plan.roots[index].root.0].name);
    if provider.settings.named {
        let renamed = plan.events().iter().enumerate().filter(|(_, event)| event.wire_name != event.name);
        let renamed: Vec<String> = renamed.map(|(index, event)| list(index, code(&event.wire_name))).collect();
        let sentence = "An event is identified by the name that is sent with it";
        return match renamed.as_slice() {
            [] => vec![format!("{sentence}.")],
            _ => [format!("{sentence}. This is the event's own name, except for these events:"), String::new()]
                .into_iter()
                .chain(renamed)
                .collect(),
        };
    }
    let member = |index: usize| match dispatch.conditions(index) {
        [Condition::Equals(path, values)] => match values.as_slice() {
            [Json::String(name)] if *name == plan.roots[index].name => Some(path.join(".")),
            _ => None,
        },
        _ => None,
    };
    let members: Vec<Option<String>> = (0..plan.events().len()).map(member).collect();
    let common = members.iter().flatten().next().cloned();
    let is_common = |index: &usize| common.is_some() && members[*index] == common;
    let others: Vec<usize> = (0..plan.events().len()).filter(|index| !is_common(index)).collect();
    let name =
        common.map(|member| format!("The member {} has the name of the event, and identifies it.", code(&member)));
    if others.is_empty() {
        return name.into_iter().collect();
    }
    let rest = if name.is_some() {
        "Other events are identified by other members:"
    } else {
        "Events are identified by these members:"
    };
    let mut lines = vec![name.into_iter().chain([rest.to_owned()]).collect::<Vec<_>>().join(" "), String::new()];
    lines.extend(others.into_iter().map(|index| list(index, identified_by(dispatch.conditions(index)))));
    lines
}

/// Describes the conditions that identify an event, in Markdown.
fn identified_by(conditions: &[Condition]) -> String {
    let words: Vec<String> = conditions
        .iter()
        .map(|condition| match condition {
            Condition::Equals(path, values) => {
                let values: Vec<String> = values.iter().map(Json::to_string).collect();
                format!("{} = {}", cell_code(&path.join(".")), cell_code(&values.join(" or ")))
            }
            Condition::Present(path) => cell_code(&path.join(".")),
            Condition::Absent(path) => format!("no {}", cell_code(&path.join("."))),
            Condition::Type(path, types) => {
                let names: Vec<&str> = types.names().collect();
                let place = if path.is_empty() { "the payload".to_owned() } else { cell_code(&path.join(".")) };
                format!("{place} is {}", names.join(" or "))
            }
        })
        .collect();
    if words.is_empty() { "anything".to_owned() } else { words.join(", ") }
}

/// Describes the location of the events in a body that is an object.
fn inside(settings: &Settings) -> Option<String> {
    let all: Vec<String> = settings.items.iter().map(|place| code(place)).collect();
    match (all.is_empty(), &settings.item) {
        (true, None) => None,
        (true, Some(item)) => Some(format!("The event is at {} of the object.", code(item))),
        (false, None) => Some(format!("The events of a body that is an object are at {}.", all.join(" or "))),
        (false, Some(item)) => Some(format!(
            "The events of a body that is an object are at {} of each item of {}.",
            code(item),
            all.join(" or ")
        )),
    }
}

/// Returns a doc example that reads the first documented payload.
fn example(context: &RenderContext<'_>) -> Vec<String> {
    let (provider, plan) = (context.provider, context.plan);
    let Some((event, first)) = provider.events.iter().zip(plan.events()).find(|(event, _)| !event.examples.is_empty())
    else {
        return Vec::new();
    };
    let (krate, module) = (context.crate_name, &plan.module);
    let (variant, local) = (&first.variant, first.module.trim_end_matches('_'));
    let arms = [
        format!("    Event::{variant}({local}) => println!(\"{{{local}:#?}}\"),"),
        "    Event::Unknown(unknown) => println!(\"{:?}: {}\", unknown.name(), unknown.payload()),".to_owned(),
        "    other => println!(\"{other:?}\"),".to_owned(),
    ];
    let mut lines: Vec<String> = ["", "# Examples", "", "```"].map(str::to_owned).to_vec();
    if provider.settings.delivery == Delivery::Single {
        lines.push(format!("use {krate}::{module}::{{self, Event}};"));
        lines.push(String::new());
        lines.push(format!("let body = {module}::EXAMPLES[0].payload.as_bytes();"));
        let read = match provider.settings.named {
            true => format!("match Event::from_slice_with_name({:?}, body)? {{", provider.wire_name(event)),
            false => "match Event::from_slice(body)? {".to_owned(),
        };
        lines.push(read);
        lines.extend(arms);
        lines.push("}".to_owned());
    } else {
        lines.push(format!("use {krate}::{module}::{{self, Batch, Event}};"));
        lines.push(String::new());
        let body = match provider.settings.delivery {
            Delivery::Lines => format!("let body = {module}::EXAMPLES[0].payload.replace('\\n', \"\");"),
            Delivery::Wrapped => {
                let around = provider.settings.body(&["\0"]).replace('{', "{{").replace('}', "}}").replace('\0', "{}");
                format!("let body = format!({around:?}, {module}::EXAMPLES[0].payload);")
            }
            _ => format!("let body = format!(\"[{{}}]\", {module}::EXAMPLES[0].payload);"),
        };
        lines.push(body);
        lines.push(match provider.settings.named {
            true => {
                format!("let batch = Batch::from_slice_with_name({:?}, body.as_bytes())?;", provider.wire_name(event))
            }
            false => "let batch = Batch::from_slice(body.as_bytes())?;".to_owned(),
        });
        lines.push("for event in batch.events() {".to_owned());
        lines.push("    match event {".to_owned());
        lines.extend(arms.iter().map(|arm| format!("    {arm}")));
        lines.push("    }".to_owned());
        lines.push("}".to_owned());
        lines.push("for rejected in batch.rejected() {".to_owned());
        lines.push("    eprintln!(\"{rejected}\");".to_owned());
        lines.push("}".to_owned());
    }
    lines.push(format!("# Ok::<(), {krate}::Error>(())"));
    lines.push("```".to_owned());
    lines
}
