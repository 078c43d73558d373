//! What generated webhook types call at run time.
//!
//! Users of a generated crate see these items through it: [`Error`], [`Violation`], [`Timestamp`], [`Nullable`],
//! [`Text`], [`Unknown`], [`Batch`] and the trait [`WebhookEvent`]. The rest is for generated code: tables of schemas
//! ([`schema`]), readers that accept exactly what a schema accepts ([`read`]), writers ([`write`](mod@write)) and dispatch
//! ([`dispatch`]).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod batch;
mod deviation;
pub mod dispatch;
mod error;
mod evaluate;
mod event;
mod instance;
mod macros;
mod nullable;
pub mod number;
mod pattern;
pub mod read;
mod scan;
pub mod schema;
mod text;
mod timestamp;
mod violation;
mod violation_kind;
pub mod write;

#[cfg(feature = "axum")]
mod axum;
#[cfg(feature = "schemars")]
pub mod json_schema;

#[cfg(feature = "axum")]
pub use crate::axum::{Webhook, WebhookRejection};
pub use crate::batch::{Batch, BodyFormat, RejectedItem};
pub use crate::deviation::{Deviation, DeviationKind, Deviations};
pub use crate::error::{ConversionError, Error, JsonError, ValidationError};
pub use crate::event::{
    Body, Delivery, EventInfo, Example, Payload, ProviderInfo, Reading, Typed, Unknown, WebhookEvent,
    deserialize_value, no_such_event, roundtrip_body, roundtrip_named,
};
pub use crate::instance::{Instance, Literal, equal, first_difference};
pub use crate::nullable::Nullable;
pub use crate::pattern::Pattern;
pub use crate::text::{Captures, Fields, Part, Text, fits_template};
pub use crate::timestamp::Timestamp;
pub use crate::violation::{Violation, Violations, escape};
pub use crate::violation_kind::ViolationKind;
pub use serde;
pub use serde_json;
