//! Every snapshot file belongs to an assertion, and none is pending (`.snap.new`).

use std::fs;

use conformance::folder::{examples, root, vendors};

#[test]
fn every_snapshot_is_used() {
    let tests = root().join("tests/tests");
    let examples: Vec<String> = examples(&vendors())
        .iter()
        .map(|example| format!("{}__{}__{}", example.provider, example.event, example.name))
        .collect();
    let mut unused = Vec::new();
    for entry in fs::read_dir(tests.join("snapshots")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let used = file.strip_suffix(".snap").and_then(|name| name.split_once("__")).is_some_and(|(module, name)| {
            let source = fs::read_to_string(tests.join(format!("{module}.rs"))).unwrap_or_default();
            match module {
                "examples" => examples.iter().any(|example| example == name),
                _ => source.contains(&format!("fn {name}()")) || source.contains(&format!("\"{name}\"")),
            }
        });
        if !used {
            unused.push(file);
        }
    }
    assert_eq!(unused, Vec::<String>::new(), "remove snapshots that no test refers to");
}
