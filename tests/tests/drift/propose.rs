//! `.ci/drift --propose`: a branch with the changes of a page, and a pull request or an issue about them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{Outcome as _, TOOLKIT, output};
use conformance::folder::{copy, root, vendors};
use conformance::pages::Draft;
use serde_json::json;
use tempfile::TempDir;

/// A copy of the repository with commits and uncommitted work, pages, and a stand-in for `gh`.
struct Sandbox(TempDir);

impl Sandbox {
    /// `gh`: a shell script.
    fn new(gh: &str) -> Sandbox {
        let sandbox = Sandbox(tempfile::tempdir().unwrap());
        for part in [".ci", "schema-defs", "generated"] {
            copy(&root().join(part), &sandbox.repository().join(part));
        }
        for folder in ["pages", "bin"] {
            fs::create_dir(sandbox.path(folder)).unwrap();
        }
        let program = sandbox.path("bin/gh");
        fs::write(&program, format!("#!/bin/sh\n{gh}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.git(&["init", "--quiet", "--initial-branch", "main"]);
        sandbox.git(&["add", "--all"]);
        sandbox.git(&["commit", "--quiet", "--message", "all"]);
        sandbox.git(&["switch", "--quiet", "--create", "work"]);
        fs::write(sandbox.repository().join("schema-defs/wallarm/provider.toml"), "not yet").unwrap();
        fs::write(sandbox.repository().join("notes"), "of mine").unwrap();
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn repository(&self) -> PathBuf {
        self.path("repository")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]).args(arguments);
        let (code, shown, errors) = output(command.current_dir(self.repository()));
        assert_eq!(code, Some(0), "git {arguments:?}: {errors}");
        shown
    }

    /// Runs the script with a page of a provider. Returns the exit code and the output.
    fn propose(&self, page: &str, text: &str, checks: &str) -> (Option<i32>, (), String) {
        fs::write(self.path("pages").join(page), text).unwrap();
        let before = self.state();
        let xtask = format!("{TOOLKIT} xtask {}", root().display());
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(self.repository().join(".ci/drift"));
        command.args(["--propose", "--pages"]).arg(self.path("pages")).env("XTASK", xtask);
        command.env("PATH", format!("{}:{path}", self.path("bin").display()));
        command.env("DRIFT_CHECKS", checks);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("SANDBOX", self.0.path());
        let (code, shown, errors) = output(&mut command);
        assert_eq!(self.state(), before, "the branch, the working tree and the worktrees are as they were");
        (code, (), format!("{shown}{errors}"))
    }

    fn state(&self) -> [String; 4] {
        let settings = fs::read_to_string(self.repository().join("schema-defs/wallarm/provider.toml")).unwrap();
        let [head, status, worktrees] =
            [&["rev-parse", "--symbolic-full-name", "HEAD"][..], &["status", "--porcelain"], &["worktree", "list"]]
                .map(|arguments| self.git(arguments));
        [head, status, worktrees, settings]
    }

    fn branches(&self) -> Vec<String> {
        let all = self.git(&["branch", "--list", "drift/*", "--format", "%(refname:short)"]);
        all.lines().map(str::to_owned).collect()
    }

    /// The files that the commit of a branch changes.
    fn changed(&self, branch: &str) -> Vec<String> {
        self.git(&["diff", "--name-only", &format!("main..{branch}")]).lines().map(str::to_owned).collect()
    }
}

/// The message of `gh` if nobody is logged in.
const NO_GH: &str = "exit 1";

/// A `gh` that records its arguments and lists no open issue.
const GH: &str = r#"case "$2" in list) echo 0;; create) echo "$@" >>"$SANDBOX/gh.log";; esac
while [ $# -gt 0 ]; do [ "$1" = --body-file ] && cp "$2" "$SANDBOX/body"; shift; done
exit 0"#;

/// A page on which one schema has a new optional member, so that no person has to decide anything.
fn with_a_member() -> String {
    let mut draft = Draft::of(&vendors(), "crowdsec", true);
    let target = draft.schema("alert_triggered").pointer_mut("/$defs/AlertTarget/properties").unwrap();
    target["port"] = json!({"type": "integer"});
    draft.print("page.md")
}

/// A page with an event that schema-defs does not have.
fn with_an_event() -> String {
    let page = Draft::of(&vendors(), "wallarm", false).print("page.md");
    format!("{page}\n## Rule\n\n```json\n[{{\"object_type\": \"rule\", \"rule_id\": 5}}]\n```\n")
}

#[test]
fn without_gh_the_branch_is_left_and_the_text_printed() {
    let sandbox = Sandbox::new(NO_GH);
    let checks = "ls generated/src && ! test -e notes";
    let (_, shown) = sandbox.propose("crowdsec.md", &with_a_member(), checks).exits(1);
    let branches = sandbox.branches();
    let [branch] = branches.as_slice() else { panic!("{branches:?}\n{shown}") };
    assert!(branch.starts_with("drift/crowdsec-2"), "{branch}");
    let changed = sandbox.changed(branch);
    for file in [
        "schema-defs/crowdsec/alert_triggered/schema.json",
        "generated/src/crowdsec/alert_triggered.rs",
        "generated/src/crowdsec/json/alert_triggered.schema.json",
    ] {
        assert!(changed.iter().any(|path| path == file), "{file}: {changed:?}");
    }
    assert!(changed.iter().all(|path| path.starts_with("schema-defs/crowdsec/") || path.starts_with("generated/")));
    assert_eq!(sandbox.git(&["log", "--format=%s", &format!("main..{branch}")]), "crowdsec: what its page documents\n");
    for text in [
        "\npr: Drift: crowdsec\n",
        "## Findings",
        "new member",
        branch,
        "Generating and all checks passed.",
        "## Version step",
        "version step: ",
        "skipped: no page of wallarm",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert!(!shown.contains(&sandbox.path("pages/crowdsec.md").display().to_string()), "{shown}");
    assert!(!sandbox.repository().join("target").exists(), "nothing is compiled there");
    // A second run on the same day proposes nothing.
    let (_, _, shown) = sandbox.propose("crowdsec.md", &with_a_member(), "true");
    assert!(shown.contains(&format!("the branch {branch} exists already")), "{shown}");
    assert_eq!(sandbox.branches(), branches);
}

#[test]
fn what_a_person_must_decide_is_an_issue() {
    let sandbox = Sandbox::new(NO_GH);
    let texts = ["\nissue: Drift: wallarm\n", "A person must decide.", "note: wallarm/rule is new", "Failed: codegen"];
    let (_, shown) = sandbox.propose("wallarm.md", &with_an_event(), "true").says(1, texts);
    let branches = sandbox.branches();
    assert!(sandbox.changed(&branches[0]).contains(&"schema-defs/wallarm/rule/schema.json".to_owned()), "{shown}");
    // Checks that fail; a page that cannot be read.
    fs::remove_file(sandbox.path("pages/wallarm.md")).unwrap();
    fs::write(sandbox.path("pages/canary.md"), "```json\n{\"AlertType\": \n```\n").unwrap();
    let texts = ["\nissue: Drift: crowdsec\n", "## Failed: checks", "it is red", "\nissue: Drift: canary\n"];
    sandbox.propose("crowdsec.md", &with_a_member(), "echo it is red; false").says(3, texts);
    assert_eq!(sandbox.branches().len(), 2, "of a page that cannot be read there is none");
}

#[test]
fn with_gh_the_branch_is_pushed_and_a_pull_request_opened() {
    let sandbox = Sandbox::new(GH);
    let remote = sandbox.path("remote.git").display().to_string();
    sandbox.git(&["init", "--quiet", "--bare", &remote]);
    sandbox.git(&["remote", "add", "origin", &remote]);
    sandbox.propose("crowdsec.md", &with_a_member(), "true").exits(1);
    let branch = &sandbox.branches()[0];
    assert!(sandbox.git(&["ls-remote", "--heads", "origin"]).trim_end().ends_with(branch.as_str()));
    let called = fs::read_to_string(sandbox.path("gh.log")).unwrap_or_default();
    assert!(called.starts_with(&format!("pr create --head {branch} --title Drift: crowdsec --body-file ")), "{called}");
    assert_eq!(called.lines().count(), 1, "{called}");
    let body = fs::read_to_string(sandbox.path("body")).unwrap();
    assert!(body.contains("## Findings") && body.contains("version step: "), "{body}");
}
