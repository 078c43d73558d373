//! The promises of generated types about reading, writing, dispatch, batches and errors.

mod bounds;
mod deviations;
mod dispatch;
mod errors;
mod examples;
#[cfg(feature = "extras")]
mod extras;
mod guess;
mod lossless;
mod one_pass;
#[cfg(feature = "arbitrary_precision")]
mod precision;
mod providers;
mod received;
mod receiver;
mod reporting;
#[cfg(feature = "extras")]
mod signatures;
mod streaming;
mod text;
mod tolerant;
mod wrapped;
mod writing;
