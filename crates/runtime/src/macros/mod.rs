//! What generated types have in common: generated code declares what a type's JSON is, once, and these macros make the
//! readers and the writer of it.

mod dispatch;
mod event;
mod object;
mod providers;
mod schemas;
mod types;
mod union;
mod values;
