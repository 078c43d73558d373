//! Turns a folder of JSON Schemas and example payloads into a Rust crate.

pub mod catalog;
mod diagnostic;
pub mod json;
mod load;
mod model;
mod overlay;
mod plan;
mod settings;
mod tables;
mod typify;

pub use crate::catalog::Catalog;
pub use crate::diagnostic::Diagnostic;
pub use crate::load::load;

/// try
pub fn debug(c: &Catalog) {
    for p in &c.providers {
        let roots = p.events.iter().map(|e| { let f = p.schema_file(e); (format!("webhooks:///{f}"), f, overlay::apply(p, e).unwrap()) }).collect();
        let library = p.documents.iter().map(|(f, j)| (format!("webhooks:///{f}"), (f.clone(), j.clone()))).collect();
        let (mut m, roots) = match model::parse(model::Input { roots, library, annotations: &p.settings.annotations, lenient: false }) { Ok(x) => x, Err(e) => { for d in e { println!("{d}") } continue } };
        match plan::plan(p, &mut m, &roots) {
            Err(e) => { for d in e { println!("{d}") } }
            Ok(pl) => {
                println!("== {} {:#?}", p.name, pl.dispatch);
                for t in &pl.types { println!("{} {:?} {}", t.name, t.event, match &t.kind { plan::Kind::Struct(s) => s.fields.iter().map(|f| format!("{}: {:?} {:?}", f.name, f.presence, f.value.ty)).collect::<Vec<_>>().join(", "), k => format!("{k:?}") }); }
                match typify::convert(&p.name, &pl) { Ok(f) => println!("{}", prettyplease::unparse(&f).lines().filter(|l| !l.trim().starts_with("///")).take(if p.name=="canary" {140} else {0}).collect::<Vec<_>>().join("\n")), Err(d) => println!("{d}") }
            }
        }
    }
}
