//! The types that somebody would write by hand from the payloads, with serde's derive.

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::emitted::Emitted;
use super::{Emissions, Job};
use crate::peers::rust_type;

pub(super) fn emit(jobs: &[Job]) -> Emissions {
    Ok(jobs.iter().map(emit_one).collect())
}

fn emit_one(job: &Job) -> Result<Emitted, String> {
    let (mut code, mut types) = (String::new(), Vec::new());
    for event in &job.events {
        let payloads: Vec<Value> = event
            .payloads
            .iter()
            .map(|text| serde_json::from_str(text).map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?;
        let mut structs = String::new();
        let root = rust_type(&mut structs, &event.name.to_pascal_case(), &payloads.iter().collect::<Vec<_>>());
        let module = format!("{}_payload", event.name.to_snake_case());
        code.push_str(&format!(
            "pub mod {module} {{\nuse serde::{{Deserialize, Serialize}};\n{structs}pub type Root = {root};\n}}\n"
        ));
        types.push(format!("{module}::Root"));
    }
    Ok(Emitted { code, types })
}
