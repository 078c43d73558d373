//! The runtime of the webhook types that `webhook-codegen` generates, such as the types of `security-webhooks`.
//!
//! Depend on a generated crate instead: it exports everything that its users need from here, and the examples name it
//! `security_webhooks`. Items that generated code calls are hidden, and may change in any release.
//!
//! The most important types are [`WebhookEvent`] and [`Payload`], which generated types implement, [`Batch`],
//! [`Error`], [`Violation`], [`Deviation`], [`Unknown`], and the types of fields: [`Timestamp`], [`Nullable`] and
//! [`TemplatedText`].

#![cfg_attr(docsrs, feature(doc_cfg))]

mod batch;
#[cfg(feature = "arbitrary_precision")]
mod decimal;
mod delivery;
mod deviation;
mod dispatch;
mod error;
mod evaluate;
mod event;
mod guess;
mod identify;
mod instance;
mod macros;
mod mix;
mod nullable;
mod number;
mod pattern;
mod payload;
mod provider;
#[allow(missing_docs, reason = "hidden: only generated code calls it")]
mod read;
mod scan;
mod schema;
mod sealed;
mod steps;
mod text;
mod text_order;
mod timestamp;
mod unknown;
mod value;
mod violation;
mod violation_kind;
mod write;

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "tower")]
mod credentials;
#[cfg(feature = "schemars")]
mod json_schema;
#[cfg(any(feature = "axum", feature = "tower"))]
mod problem;
#[cfg(feature = "signature")]
mod signature;
#[cfg(all(feature = "signature", feature = "tower"))]
mod signature_layer;

#[cfg(feature = "axum")]
pub use crate::axum::{StrictWebhook, Webhook, WebhookRejection};
#[cfg(feature = "tokio")]
pub use crate::batch::AsyncBatchReader;
pub use crate::batch::{Batch, BatchReadError, BatchReader, BodyFormat, RejectedItem};
#[cfg(feature = "tower")]
pub use crate::credentials::{CheckCredentials, CheckFuture, Credentials, CredentialsLayer, InvalidCredential};
#[cfg(feature = "arbitrary_precision")]
pub use crate::decimal::Decimal;
pub use crate::delivery::{
    CredentialKind, Delivery, HashAlgorithm, HmacScheme, RequestInfo, SignatureEncoding, SignatureScheme, Success,
};
pub use crate::deviation::{Deviation, DeviationKind, Deviations};
pub use crate::error::{ConversionError, Error, JsonError, ValidationError};
pub use crate::event::{FromBody, HasEnvelope, ProviderVisitor, WebhookEvent};
pub use crate::nullable::Nullable;
pub use crate::payload::{HasSchema, Payload};
pub use crate::provider::{EventInfo, Example, ProviderInfo, Reading};
#[cfg(feature = "signature")]
pub use crate::signature::{InvalidKey, SignatureError, Signatures};
#[cfg(all(feature = "signature", feature = "tower"))]
pub use crate::signature_layer::{CheckSignature, SignatureFuture, SignatureLayer};
pub use crate::text::TemplatedText;
pub use crate::timestamp::Timestamp;
pub use crate::unknown::Unknown;
pub use crate::violation::{Violation, Violations};
pub use crate::violation_kind::ViolationKind;
pub use crate::write::{WriteJson, to_string, to_vec, to_writer};
pub use serde_json;

/// Returns the number of rounds of a repeated test: `many`, or fewer under Miri, which is slow.
#[cfg(test)]
const fn rounds(many: usize) -> usize {
    if cfg!(miri) { many / 200 } else { many }
}

/// The items that generated code and the generator call. They are not part of the public interface.
#[doc(hidden)]
pub mod __private {
    pub use crate::batch::{find_at, wrap};
    pub use crate::dispatch::{Condition, Dispatch, EventMatcher, Events, Paths};
    pub use crate::event::{EventReader, event_from_str};
    pub use crate::guess::{Discriminator, Guess, MemberFinders};
    pub use crate::identify::Identifier;
    pub use crate::instance::{Instance, Literal, equal, first_difference};
    pub use crate::number::NumberLiteral;
    pub use crate::pattern::{Automaton, Pattern};
    pub use crate::payload::{PayloadInfo, deserialize_value};
    pub use crate::provider::{ProviderDeclaration, example_count, examples};
    pub use crate::sealed::Sealed;
    pub use crate::steps::steps;
    pub use crate::text::{Captures, Fields, Part, matches_template};
    pub use crate::violation::escape;
    pub use serde;

    /// Reads generated types from JSON text and from values.
    pub mod read {
        pub use crate::read::*;
    }

    /// Writes generated types as JSON.
    pub mod write {
        pub use crate::write::*;
    }

    /// Schemas as tables, and their validators.
    pub mod schema {
        pub use crate::evaluate::{Table, Validator};
        pub use crate::schema::*;
    }

    /// Numbers by their mathematical value.
    pub mod number {
        pub use crate::number::*;
    }

    /// `schemars::JsonSchema` for generated types.
    #[cfg(feature = "schemars")]
    pub mod json_schema {
        pub use crate::json_schema::*;
    }
}
