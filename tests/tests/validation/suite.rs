//! Runs the official JSON Schema Test Suite with the tables that generated validators use.
//!
//! `cargo xtask suite` runs it with generated code, including types. This test uses the same tables without compiling them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use conformance::folder::{root, shared};
use webhook_codegen::json::Json;
use webhook_codegen::{Dialect, Validator};

fn remotes(root: &Path, folder: &Path, found: &mut BTreeMap<String, Json>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remotes(root, &path, found);
        } else {
            let below = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            let json = Json::parse(&fs::read_to_string(&path).unwrap()).unwrap();
            found.insert(format!("http://localhost:1234/{below}"), json);
        }
    }
}

/// Returns the number of right answers, and the number of wrong answers of each file that has any.
fn run(folder: &str, dialect: Dialect) -> Option<(usize, BTreeMap<String, usize>)> {
    let suite = shared("json-schema-test-suite")?;
    let mut library = BTreeMap::new();
    remotes(&suite.join("remotes"), &suite.join("remotes"), &mut library);
    let (mut right, mut wrong) = (0, BTreeMap::new());
    for entry in fs::read_dir(suite.join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let groups = Json::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            let tests = group.get("tests").and_then(Json::as_array).unwrap();
            let validator = Validator::new(group.get("schema").unwrap(), &library, dialect);
            let validator = validator.unwrap_or_else(|problems| panic!("{}: {group}: {problems:?}", path.display()));
            let instances: Vec<_> = tests.iter().map(|test| test.get("data").unwrap().to_value()).collect();
            let answers = validator.are_valid(&instances.iter().collect::<Vec<_>>());
            let explained = validator.violations(&instances.iter().collect::<Vec<_>>());
            for ((test, answer), violations) in tests.iter().zip(answers).zip(explained) {
                let expected = test.get("valid") == Some(&Json::Boolean(true));
                if answer == expected && violations.is_empty() == expected {
                    right += 1;
                } else {
                    let said = [group, test].map(|of| of.get("description").unwrap().to_string());
                    println!("{}: {}", path.display(), said.join(": "));
                    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                    *wrong.entry(name).or_default() += 1;
                }
            }
        }
    }
    Some((right, wrong))
}

/// The optional tests that are decided differently: the file, the number of tests, and the dialects.
///
/// The `content…` keywords and `format` are annotations, even if a metaschema requires `format` to be asserted. From 2019-09 on,
/// `dependencies` is not a keyword, and a schema-defs folder with it is rejected. `1.0` is an integer in draft-04 as in the later
/// drafts.
const OPTIONAL: [(&str, usize, &[Dialect]); 4] = [
    ("content", 4, &[Dialect::Draft7]),
    ("dependencies-compatibility", 14, &[Dialect::Draft201909, Dialect::Draft202012, Dialect::V1]),
    ("format-assertion", 2, &[Dialect::Draft202012]),
    ("zeroTerminatedFloats", 1, &[Dialect::Draft4]),
];

/// The folder of each dialect, and the number of its tests, without the optional ones.
const ALL: [(&str, Dialect, usize); 6] = [
    ("draft4", Dialect::Draft4, 618),
    ("draft6", Dialect::Draft6, 839),
    ("draft7", Dialect::Draft7, 927),
    ("draft2019-09", Dialect::Draft201909, 1259),
    ("draft2020-12", Dialect::Draft202012, 1299),
    ("v1", Dialect::V1, 1133),
];

#[test]
fn every_test_of_every_dialect_passes() {
    for (folder, dialect, count) in ALL {
        let Some(answers) = run(folder, dialect) else { return };
        assert_eq!(answers, (count, BTreeMap::new()), "{folder}");
    }
}

#[test]
fn optional_tests_differ_where_it_is_documented() {
    let (mut passed, mut all) = (0, 0);
    for (folder, dialect, _) in ALL {
        let Some((right, wrong)) = run(&format!("{folder}/optional"), dialect) else { return };
        passed += right;
        all += right + wrong.values().sum::<usize>();
        let expected: BTreeMap<String, usize> = OPTIONAL
            .iter()
            .filter(|(_, _, dialects)| dialects.contains(&dialect))
            .map(|(file, count, _)| ((*file).to_owned(), *count))
            .collect();
        assert_eq!(wrong, expected, "{folder}");
    }
    // The guide has the same figures.
    let guide = fs::read_to_string(root().join("guide/src/promises.md")).unwrap();
    assert!(guide.contains(&format!("validators pass {passed} of {all}")), "{passed} of {all}");
    for (file, count, _) in OPTIONAL {
        let row =
            guide.lines().find(|line| line.starts_with(&format!("| `{file}` |"))).unwrap_or_else(|| panic!("{file}"));
        let differ = row.split('|').nth(3).unwrap();
        assert_eq!(differ.split_whitespace().next(), Some(count.to_string().as_str()), "{row}");
    }
}
