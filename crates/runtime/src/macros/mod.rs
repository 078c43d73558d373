//! Macros that implement generated types. Generated code declares the JSON form of a type once, and a macro generates
//! the readers and the writer from the declaration.

mod dispatch;
mod event;
mod object;
mod providers;
mod schemas;
mod types;
mod union;
mod values;
