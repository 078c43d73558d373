//! Calls the function of every fuzz target with every file of its corpus in `tests/fuzz/corpus`.

#[cfg(feature = "toolkit")]
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use conformance::folder::root;
use conformance::fuzz;

macro_rules! targets {
    ($($(#[$feature:meta])? $name:ident)*) => {
        const TARGETS: &[&str] = &[$($(#[$feature])? stringify!($name)),*];

        $($(#[$feature])?
        #[test]
        fn $name() {
            replay(stringify!($name), fuzz::$name);
        })*
    };
}

targets! { differential documentation from_slice identify #[cfg(feature = "toolkit")] page schema steps stream text validate }

fn replay(target: &str, run: fn(&[u8])) {
    for file in files(&root().join("tests/fuzz/corpus").join(target)) {
        // The last line names the file that failed.
        println!("{}", file.display());
        run(&fs::read(&file).unwrap());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[cfg(feature = "toolkit")]
#[test]
fn every_target_has_a_corpus() {
    let fuzz = root().join("tests/fuzz");
    let name = |path: &PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let expected: BTreeSet<String> = TARGETS.iter().map(|&target| target.to_owned()).collect();
    let targets: BTreeSet<String> = files(&fuzz.join("fuzz_targets")).iter().map(name).collect();
    assert_eq!(targets, expected, "the targets of cargo-fuzz, and those whose corpus is tested");
    let folders: BTreeSet<String> = files(&fuzz.join("corpus")).iter().map(name).collect();
    assert_eq!(folders, expected, "the folders of the corpus");
    for target in TARGETS {
        assert!(!files(&fuzz.join("corpus").join(target)).is_empty(), "the corpus of {target} is empty");
    }
}

/// The size of the corpus is limited, because nobody reads a large corpus, and every run of the tests reads all files.
#[test]
fn the_corpus_is_small() {
    let mut size = 0;
    for target in TARGETS {
        let files = files(&root().join("tests/fuzz/corpus").join(target));
        assert!(files.len() <= 60, "{target} has {} files", files.len());
        size += files.iter().map(|file| fs::metadata(file).unwrap().len()).sum::<u64>();
    }
    assert!(size <= 300_000, "the corpus has {size} bytes");
}
