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

/// Returns the number of right answers, of wrong answers, and of tests whose schema was rejected.
fn run(folder: &str, dialect: Dialect) -> Option<(usize, usize, usize)> {
    let mut wrong_by_file = BTreeMap::new();
    run_with(folder, dialect, &mut wrong_by_file)
}

/// Returns the results, with the number of wrong answers of each file that has any.
fn run_with(
    folder: &str,
    dialect: Dialect,
    wrong_by_file: &mut BTreeMap<String, usize>,
) -> Option<(usize, usize, usize)> {
    let suite = shared("json-schema-test-suite")?;
    let mut library = BTreeMap::new();
    remotes(&suite.join("remotes"), &suite.join("remotes"), &mut library);
    let (mut right, mut wrong, mut refused) = (0, 0, 0);
    for entry in fs::read_dir(suite.join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let groups = Json::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            let tests = group.get("tests").and_then(Json::as_array).unwrap();
            let Ok(validator) = Validator::new(group.get("schema").unwrap(), &library, dialect) else {
                println!("{}: {} is refused", path.display(), group.get("description").unwrap());
                refused += tests.len();
                continue;
            };
            let instances: Vec<_> = tests.iter().map(|test| test.get("data").unwrap().to_value()).collect();
            let answers = validator.are_valid(&instances.iter().collect::<Vec<_>>());
            let explained = validator.violations(&instances.iter().collect::<Vec<_>>());
            for ((test, answer), violations) in tests.iter().zip(answers).zip(explained) {
                let expected = test.get("valid") == Some(&Json::Boolean(true));
                if answer == expected && violations.is_empty() == expected {
                    right += 1;
                } else {
                    println!(
                        "{}: {}: {}",
                        path.display(),
                        group.get("description").unwrap(),
                        test.get("description").unwrap()
                    );
                    wrong += 1;
                    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                    *wrong_by_file.entry(name).or_default() += 1;
                }
            }
        }
    }
    Some((right, wrong, refused))
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

const ALL: [Dialect; 6] =
    [Dialect::Draft4, Dialect::Draft6, Dialect::Draft7, Dialect::Draft201909, Dialect::Draft202012, Dialect::V1];

#[test]
fn optional_tests_differ_where_it_is_documented() {
    let (mut right, mut all) = (0, 0);
    for (folder, dialect) in ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12", "v1"].into_iter().zip(ALL) {
        let mut wrong_by_file = BTreeMap::new();
        let Some(counts) = run_with(&format!("{folder}/optional"), dialect, &mut wrong_by_file) else { return };
        assert_eq!(counts.2, 0, "{folder}: refused");
        right += counts.0;
        all += counts.0 + counts.1;
        let expected: BTreeMap<String, usize> = OPTIONAL
            .iter()
            .filter(|(_, _, dialects)| dialects.contains(&dialect))
            .map(|(file, count, _)| ((*file).to_owned(), *count))
            .collect();
        assert_eq!(wrong_by_file, expected, "{folder}");
    }
    // The guide has the same figures.
    let guide = fs::read_to_string(root().join("guide/src/promises.md")).unwrap();
    assert!(guide.contains(&format!("validators pass {right} of {all}")), "{right} of {all}");
    for (file, count, _) in OPTIONAL {
        let row =
            guide.lines().find(|line| line.starts_with(&format!("| `{file}` |"))).unwrap_or_else(|| panic!("{file}"));
        let differ = row.split('|').nth(3).unwrap();
        assert_eq!(differ.split_whitespace().next(), Some(count.to_string().as_str()), "{row}");
    }
}

#[test]
fn v1() {
    if let Some(counts) = run("v1", Dialect::V1) {
        assert_eq!(counts, (1133, 0, 0));
    }
}

#[test]
fn draft_2020_12() {
    if let Some(counts) = run("draft2020-12", Dialect::Draft202012) {
        assert_eq!(counts, (1299, 0, 0));
    }
}

#[test]
fn draft_2019_09() {
    if let Some(counts) = run("draft2019-09", Dialect::Draft201909) {
        assert_eq!(counts, (1259, 0, 0));
    }
}

#[test]
fn draft_06() {
    if let Some(counts) = run("draft6", Dialect::Draft6) {
        assert_eq!(counts, (839, 0, 0));
    }
}

#[test]
fn draft_04() {
    if let Some(counts) = run("draft4", Dialect::Draft4) {
        assert_eq!(counts, (618, 0, 0));
    }
}

#[test]
fn draft_07() {
    if let Some(counts) = run("draft7", Dialect::Draft7) {
        assert_eq!(counts, (927, 0, 0));
    }
}
