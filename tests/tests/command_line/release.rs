//! `.ci/release-check`, `.ci/release-notes` and `.ci/release-publish`: the checks before a release, the text of a release, and the
//! packages to publish.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::command::Outcome as _;
use conformance::command::output;
use conformance::folder::{copy, root, write};
use tempfile::TempDir;

const CHANGELOG: &str = "# Changelog\n\n## 0.3.0, 2026-12-01\n\n* New.\n\n* And `## not a heading`.\n\n## 0.2.0\n\n* Old.\n\n\
                         ## 0.1.0, 2026-01-01\n\n";

/// A repository whose last release is 0.2.0, and whose next one is 0.3.0.
struct Repository(TempDir);

impl Repository {
    fn new() -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        copy(&root().join(".ci"), &repository.path(".ci"));
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
        repository.write("generated/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.2.0\"\n");
        for file in [
            "CHANGELOG.md",
            "schema-defs/package.toml",
            "codegen/a.rs",
            "crates/runtime/b.rs",
            "crates/cli/c",
            "crates/import/c",
            "crates/drift/c",
            "crates/harness/c",
        ] {
            repository.write(file, "");
        }
        repository.git(&["init", "--quiet"]);
        repository.commit();
        repository.git(&["tag", "v0.2.0"]);
        repository.write("generated/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.3.0\"\n");
        repository.write("CHANGELOG.md", CHANGELOG);
        repository.commit();
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        write(self.0.path(), [(name, text)]);
    }

    /// Writes a program that a script finds first. Returns the variable `PATH`.
    fn program(&self, name: &str, text: &str) -> String {
        let path = format!("bin/{name}");
        self.write(&path, text);
        fs::set_permissions(self.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
        format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default())
    }

    fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
        let (code, _, errors) = output(command.current_dir(self.0.path()).env("GIT_CONFIG_GLOBAL", "/dev/null"));
        assert_eq!(code, Some(0), "git {arguments:?}: {errors}");
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "a"]);
    }

    /// Runs a script. Returns its exit code and all of its output. `drift` prints the given line, and exits with the given code.
    fn run(&self, script: &str, arguments: &[&str], drift: (&str, u8)) -> (Option<i32>, (), String) {
        let (line, code) = drift;
        // `drift` prints the line only if it is called with the schema-defs of the last release.
        self.write("drift.sh", &format!("test -f \"$3/package.toml\" || exit 9\necho '{line}'\nexit {code}\n"));
        let mut command = Command::new(self.path(".ci").join(script));
        let (code, shown, errors) = output(command.args(arguments).env("XTASK", "sh drift.sh"));
        (code, (), shown + &errors)
    }

    fn check(&self, version: &str, drift: (&str, u8)) -> (Option<i32>, (), String) {
        self.run("release-check", &[version], drift)
    }
}

const MAJOR: (&str, u8) = ("version step: major (0.2.0 → 0.3.0)", 2);
const MINOR: (&str, u8) = ("version step: minor (0.2.0 → 0.2.1)", 1);

#[test]
fn a_version_that_is_the_step_or_more_may_be_released() {
    let repository = Repository::new();
    for drift in [MAJOR, MINOR, ("version step: none (0.2.0 → 0.2.0)", 0)] {
        repository.check("0.3.0", drift).says(0, ["0.3.0 may be released"]);
    }
    repository.run("release-check", &["0.3.0", "v0.2.0"], MAJOR).says(0, ["since v0.2.0: major"]);
    repository.git(&["tag", "--delete", "v0.2.0"]);
    repository.check("0.3.0", ("", 9)).says(0, ["the first release"]);
}

#[test]
fn every_reason_against_a_release_is_listed() {
    let repository = Repository::new();
    repository.write("crates/runtime/b.rs", "changed");
    repository.commit();
    let reasons = ["tag v0.3.0", "no section for 0.4.0", "asks for 0.5.0", "crates/runtime has changed since v0.2.0"];
    let (_, shown) = repository.check("0.4.0", ("version step: major (0.4.0 → 0.5.0)", 2)).says(1, reasons);
    assert!(!shown.contains("codegen has changed") && !shown.contains("may be released"), "{shown}");
    // The generator alone, with a version of its own.
    repository.write("crates/runtime/b.rs", "");
    repository.write("codegen/a.rs", "changed");
    repository.check("0.3.0", MAJOR).says(1, ["check: codegen has changed"]);
    repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.2.0\"\n");
    assert_eq!(repository.check("0.3.0", MAJOR).0, Some(0));
}

#[test]
fn generated_types_of_any_two_releases_are_in_one_program() {
    let repository = Repository::new();
    let toolkit = |version: &str, dependency: &str| {
        let manifest =
            format!("[workspace.package]\nversion = {version:?}\n\n[workspace.dependencies]\n{dependency}\n");
        repository.write("Cargo.toml", &manifest);
        repository.check("0.3.0", MAJOR)
    };
    let exact = "webhook-runtime = { path = \"crates/runtime\", version = \"=0.2.0\" }";
    assert_eq!(toolkit("0.2.0", exact).0, Some(0));
    // Generated code calls private items, so it needs exactly one version.
    toolkit("0.2.0", &exact.replace("\"=", "\"")).says(1, ["Cargo.toml must ask for \"=0.2.0\""]);
    toolkit("0.3.0", exact).says(1, ["must ask for \"=0.3.0\""]);
    // Cargo selects one of two compatible versions.
    toolkit("0.1.1", "").says(1, ["0.1.1 is compatible with 0.1.0"]);
    repository
        .write("generated/Cargo.toml", "[package]\nversion = \"0.3.0\"\n\n[dependencies]\nwebhook-runtime = \"0.2\"\n");
    toolkit("0.2.0", exact).says(1, ["generated/Cargo.toml must ask for"]);
}

#[test]
fn a_comparison_that_fails_is_no_release() {
    let repository = Repository::new();
    repository.check("0.3.0", ("", 3)).says(1, ["schema-defs of v0.2.0 cannot be compared"]);
    repository.check("0.3.0", ("", 0)).says(1, ["no version step"]);
    assert_eq!(repository.run("release-check", &[], MAJOR).0, Some(2));
}

#[test]
fn the_text_of_a_release_is_its_section() {
    let repository = Repository::new();
    let notes = |version: &str| repository.run("release-notes", &[version], ("", 0));
    assert_eq!(notes("0.3.0"), (Some(0), (), "* New.\n\n* And `## not a heading`.\n".to_owned()));
    assert_eq!(notes("0.2.0"), (Some(0), (), "* Old.\n".to_owned()));
    for (version, reason) in [("0.1.0", "is empty"), ("0.3", "no section"), ("3.0", "no section"), ("", "no section")] {
        notes(version).says(1, [reason]);
    }
    repository.write("CHANGELOG.md", &CHANGELOG.replace("2026-12-01", "unreleased"));
    notes("0.3.0").says(1, ["as unreleased"]);
}

/// A stand-in for cargo: prints versions as `pkgid` does, and knows which versions the registry has.
const CARGO: &str = r#"#!/bin/sh
case "$1 $*" in
    "pkgid "*security-webhooks) echo "path+file:///a/security-webhooks#0.3.0" ;;
    "pkgid "*) echo "path+file:///a/b#$3@0.1.1" ;;
    "info "*$PUBLISHED*) ;;
    "info "*) exit 101 ;;
    *)
        cat codegen/LICENSE-MIT crates/*/LICENSE-MIT generated/LICENSE-APACHE
        cat codegen/Cargo.toml crates/*/Cargo.toml generated/Cargo.toml
        echo "cargo $*"
        ;;
esac
"#;

#[test]
fn packages_that_are_published_already_are_left_out() {
    let repository = Repository::new();
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        repository.write(licence, "the licence\n");
    }
    let folders = ["codegen", "crates/runtime", "crates/cli", "crates/import", "crates/drift", "crates/harness"];
    for folder in folders {
        repository.write(&format!("{folder}/Cargo.toml"), "[package]\nname = \"a\"\n\n[dependencies]\n");
    }
    repository.commit();
    let path = repository.program("cargo", CARGO);
    let publish_from = |url: &str, arguments: &[&str], published: &str| {
        let mut command = Command::new(repository.path(".ci/release-publish"));
        command.args(arguments).env("PATH", &path).env("PUBLISHED", published).env("REPOSITORY", url);
        let (code, shown, errors) = output(command.env_remove("GITHUB_REPOSITORY"));
        (code, (), shown + &errors)
    };
    let publish = |arguments: &[&str], published: &str| publish_from("https://acme.example/a", arguments, published);
    let last = |shown: &str| shown.lines().last().unwrap_or_default().to_owned();
    let (_, shown) = publish(&[], "webhook-runtime@0.1.1").says(0, ["webhook-runtime 0.1.1 is published already"]);
    assert_eq!(
        last(&shown),
        "cargo publish --locked --allow-dirty --no-verify --package=webhook-codegen --package=webhook-harness \
                --package=webhook-drift --package=webhook-import --package=cargo-webhooks --package=security-webhooks"
    );
    assert_eq!(shown.matches("the licence").count(), 7, "each package has the licences: {shown}");
    let named = "[package]\nrepository = \"https://acme.example/a\"\nname = \"a\"\n";
    assert_eq!(shown.matches(named).count(), 7, "each package names the repository: {shown}");
    let manifest = fs::read_to_string(repository.path("codegen/Cargo.toml")).unwrap();
    assert_eq!(manifest, "[package]\nname = \"a\"\n\n[dependencies]\n", "only what is published does");
    let (code, _, shown) = publish_from("", &[], "webhook-runtime@0.1.1");
    assert!(code == Some(1) && shown.contains("set REPOSITORY") && !shown.contains("cargo publish"), "{shown}");
    assert!(!repository.path("codegen/LICENSE-MIT").exists() && !repository.path("generated/LICENSE-APACHE").exists());
    // The registry is asked for the version, and not only for the package.
    let (_, _, shown) = publish(&[], "security-webhooks@0.2.0");
    assert!(
        last(&shown).contains(" --package=webhook-runtime ") && last(&shown).ends_with(" --package=security-webhooks")
    );
    let (code, _, shown) = publish(&[], "@");
    assert!(code == Some(0) && last(&shown) == "nothing is left to publish", "{shown}");
    let (code, _, shown) = publish(&["--dry-run"], "@");
    assert!(code == Some(0) && last(&shown).starts_with("cargo publish --locked --allow-dirty --dry-run"), "{shown}");
    assert_eq!(publish(&["--now"], "@").0, Some(2));
    repository.write("generated/new.rs", "");
    let (code, _, shown) = publish(&["--dry-run"], "@");
    assert!(code == Some(1) && shown.contains("not committed") && !shown.contains("cargo publish"), "{shown}");
}

/// A stand-in for curl: the releases are files in a folder.
const CURL: &str = r#"#!/bin/sh
while [ $# -gt 1 ]; do
    [ "$1" = --output ] && output=$2
    shift
done
cp "releases/${1#https://acme.example/a/releases/download/}" "$output" 2>/dev/null || exit 22
"#;

#[test]
fn the_action_installs_the_binary_of_a_release_or_compiles() {
    let repository = Repository::new();
    repository.program("cargo", "#!/bin/sh\necho \"cargo $*\"\n");
    repository.program("curl", CURL);
    let path = repository.program("uname", "#!/bin/sh\n[ \"$1\" = -s ] && echo Linux || echo x86_64\n");
    let install = |version: &str, tag: &str| {
        let added = repository.path("added");
        fs::write(&added, "").unwrap();
        let mut command = Command::new(repository.path(".ci/install-webhooks"));
        command.env("PATH", &path).env("GITHUB_PATH", &added).env("REPOSITORY", "https://acme.example/a");
        command.env("SOURCE", repository.path("")).env("VERSION", version).env("REF", tag);
        let (code, shown, errors) = output(command.current_dir(repository.path("")));
        let folder = fs::read_to_string(added).unwrap();
        let program = fs::read_to_string(PathBuf::from(folder.trim_end()).join("cargo-webhooks")).ok();
        (code, shown + &errors, program)
    };
    // No release has a binary, or the source does not belong to a release.
    let (code, shown, program) = install("0.1.0", "main");
    assert_eq!((code, program), (Some(0), None), "{shown}");
    assert_eq!(shown, "cargo install --locked cargo-webhooks@0.1.0\n");
    for tag in ["main", "v0.2.0"] {
        let (code, shown, program) = install("", tag);
        assert_eq!((code, program), (Some(0), None), "{shown}");
        assert!(shown.starts_with("cargo install --locked --path ") && shown.ends_with("/crates/cli\n"), "{shown}");
    }

    let archive = "releases/cargo-webhooks-v0.1.0/cargo-webhooks-x86_64-unknown-linux-musl.tar.gz";
    repository.write("releases/cargo-webhooks-v0.1.0/cargo-webhooks", "the program");
    let pack = format!(
        "cd \"$(dirname {archive})\" && tar -czf \"$(basename {archive})\" cargo-webhooks && sha256sum *.tar.gz >\"$(basename {archive}).sha256\""
    );
    assert_eq!(output(Command::new("sh").args(["-c", &pack]).current_dir(repository.path(""))).0, Some(0));
    for (version, tag) in [("0.1.0", "main"), ("", "v0.2.0")] {
        let (code, shown, program) = install(version, tag);
        assert_eq!((code, program.as_deref()), (Some(0), Some("the program")), "{shown}");
        assert!(!shown.contains("cargo install"), "{shown}");
    }
    assert!(install("", "main").1.contains("--path"), "a branch is not a release");

    // A binary with another checksum is not installed, and nothing is compiled instead.
    fs::write(repository.path(archive), "other").unwrap();
    let (code, shown, program) = install("0.1.0", "main");
    assert!(code == Some(1) && program.is_none() && !shown.contains("cargo install"), "{shown}");
}
