//! The code that generated types share. Generated code declares the JSON of a type once, and these macros make its
//! readers and its writer.

mod dispatch;
mod event;
mod object;
mod providers;
mod schemas;
mod types;
mod union;
mod values;
