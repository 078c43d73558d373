//! Finds the messages of a document that are sent to a receiver.

use webhook_codegen::json::{Json, steps};

use super::AsyncApi;
use crate::references::Place;

/// A message with its direction.
struct Sent {
    /// Whether the application that the document describes sends the message; `None` if the document does not state a
    /// direction.
    by_application: Option<bool>,
    name: Option<String>,
    place: Place,
}

impl AsyncApi<'_, '_, '_> {
    /// Reads the messages that the application sends, or all messages if the document does not mark any message as
    /// sent.
    pub(super) fn messages(&mut self) {
        let mut sent = match self.major {
            1 | 2 => self.operations(),
            _ => self.channels(),
        };
        if sent.is_empty() {
            let messages = self.root.below(&["components", "messages"]);
            for (name, _) in self.reading.members(&messages) {
                sent.push(Sent { by_application: None, place: messages.below(&[&name]), name: Some(name) });
            }
        }
        let directed = sent.iter().any(|sent| sent.by_application == Some(true));
        for Sent { by_application, name, place } in sent {
            if directed && by_application == Some(false) {
                self.reading.note(&place, "a message that the application receives and does not send: not imported");
                continue;
            }
            self.message(&place, name.as_deref());
        }
    }

    /// Reads versions 1 and 2. The application sends the messages of `subscribe` and receives the messages of
    /// `publish`. In version 1, an operation of a topic is a message itself.
    fn operations(&mut self) -> Vec<Sent> {
        let mut found = Vec::new();
        let (channels, message): (_, &[&str]) = match self.major {
            1 => ("topics", &[]),
            _ => ("channels", &["message"]),
        };
        let channels = self.root.below(&[channels]);
        for (channel, _) in self.reading.members(&channels) {
            let Some((item, json)) = self.reading.object(channels.below(&[&channel])) else { continue };
            for (operation, by_application) in [("subscribe", true), ("publish", false)] {
                let Some(json) = json.get(operation) else { continue };
                let Some(content) = message.iter().try_fold(json, |json, name| json.get(name)) else { continue };
                let place = item.below(&[operation]).below(message);
                let places: Vec<Place> = match content.get("oneOf").and_then(Json::as_array) {
                    Some(items) => (0..items.len()).map(|at| place.below(&["oneOf", &at.to_string()])).collect(),
                    None => vec![place],
                };
                let id = json.get("operationId").and_then(Json::as_str);
                let name = Some(id.unwrap_or(&channel)).filter(|_| places.len() == 1).map(str::to_owned);
                let one = |place| Sent { by_application: Some(by_application), name: name.clone(), place };
                found.extend(places.into_iter().map(one));
            }
        }
        found
    }

    /// Reads version 3, in which operations name channels and messages. Without operations, every message of a channel
    /// counts.
    fn channels(&mut self) -> Vec<Sent> {
        let mut found = Vec::new();
        let operations = self.root.below(&["operations"]);
        for (name, _) in self.reading.members(&operations) {
            let Some((operation, json)) = self.reading.object(operations.below(&[&name])) else { continue };
            let by_application = json.get("action").and_then(Json::as_str).map(|action| action == "send");
            let messages = match json.get("messages").and_then(Json::as_array) {
                Some(items) => {
                    (0..items.len()).map(|index| operation.below(&["messages", &index.to_string()])).collect()
                }
                None => match self.reading.object(operation.below(&["channel"])) {
                    Some((channel, _)) => self.messages_of(&channel),
                    None => Vec::new(),
                },
            };
            found.extend(messages.into_iter().map(|place| Sent { by_application, name: None, place }));
        }
        let channels = self.root.below(&["channels"]);
        for (name, _) in self.reading.members(&channels) {
            let Some((channel, _)) = self.reading.object(channels.below(&[&name])) else { continue };
            let messages = self.messages_of(&channel);
            found.extend(messages.into_iter().map(|place| Sent { by_application: None, name: None, place }));
        }
        self.with_one_direction(found)
    }

    fn messages_of(&mut self, channel: &Place) -> Vec<Place> {
        let messages = channel.below(&["messages"]);
        self.reading.members(&messages).into_iter().map(|(name, _)| messages.below(&[&name])).collect()
    }

    /// Merges messages that several operations have: a message counts as sent if any operation sends it.
    fn with_one_direction(&mut self, found: Vec<Sent>) -> Vec<Sent> {
        let mut out: Vec<(Place, Sent)> = Vec::new();
        for sent in found {
            let Some((target, _)) = self.reading.object(sent.place.clone()) else { continue };
            match out.iter_mut().find(|(known, _)| *known == target) {
                Some((_, known)) => {
                    if sent.by_application == Some(true) {
                        known.by_application = Some(true);
                    }
                }
                None => out.push((target, sent)),
            }
        }
        out.into_iter().map(|(_, sent)| sent).collect()
    }

    /// Returns the name of a message's definition in its document.
    pub(super) fn defined_name(&mut self, place: &Place, by_reference: bool) -> Option<String> {
        let mut names: Vec<String> = steps(&place.pointer).collect();
        let Some(name) = names.pop() else {
            return Some(self.reading.documents().get(place.document).subject().to_owned());
        };
        let is_number = name.parse::<usize>().is_ok();
        (names.last().is_some_and(|last| last == "messages") || by_reference).then_some(name).filter(|_| !is_number)
    }
}
