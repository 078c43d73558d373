//! Files and folders that another process moves, removes, replaces or changes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::process::{Receiver, files, limited, records, wait_until};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Sends an event with a number, and returns the status.
fn send(receiver: &Receiver, number: usize) -> u16 {
    let body = json!({ "details": { "event_type": "news" }, "number": number });
    receiver.post("crowdsec", body.to_string()).status().as_u16()
}

fn numbers(data: &Path) -> Vec<usize> {
    let number = |record: Value| usize::try_from(record["payload"]["number"].as_u64().unwrap()).unwrap();
    records(data).into_iter().map(number).collect()
}

fn today(data: &Path) -> PathBuf {
    files(data).pop().unwrap()
}

/// Returns a folder, a folder in it, and a receiver that writes there and has received 1.
fn started() -> (TempDir, PathBuf, Receiver) {
    let outer = tempfile::tempdir().unwrap();
    let data = outer.path().join("data");
    let receiver = Receiver::writing(&data, &[]);
    assert_eq!(send(&receiver, 1), 200);
    (outer, data, receiver)
}

/// Receives 1, does something to the file, and receives 2 and 3. Returns the numbers that the folder's files have then.
fn after(fault: impl FnOnce(&Path)) -> Vec<usize> {
    let (_outer, data, receiver) = started();
    fault(&today(&data));
    assert_eq!(receiver.health(), 200);
    assert_eq!((send(&receiver, 2), send(&receiver, 3)), (200, 200));
    numbers(&data)
}

#[test]
fn what_is_acknowledged_is_in_the_file_with_the_name_of_the_day() {
    assert_eq!(after(|_| ()), [1, 2, 3]);
    assert_eq!(after(|path| fs::remove_file(path).unwrap()), [2, 3]);
    assert_eq!(after(|path| fs::remove_dir_all(path.parent().unwrap()).unwrap()), [2, 3]);
    assert_eq!(
        after(|path| {
            let folder = path.parent().unwrap();
            fs::rename(folder, folder.with_file_name("old")).unwrap();
        }),
        [2, 3]
    );
    // As logrotate does, with and without `create`, and with `copytruncate`.
    assert_eq!(after(|path| fs::rename(path, path.with_extension("1")).unwrap()), [2, 3]);
    assert_eq!(
        after(|path| {
            fs::rename(path, path.with_extension("1")).unwrap();
            fs::write(path, "").unwrap();
        }),
        [2, 3]
    );
    assert_eq!(after(|path| fs::write(path, "").unwrap()), [2, 3]);
    // A line that is cut is removed.
    assert_eq!(after(|path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(20).unwrap()), [2, 3]);
    assert_eq!(
        after(|path| {
            let mut text = fs::read_to_string(path).unwrap();
            text.push_str("{\"payload\":");
            fs::write(path, text).unwrap();
        }),
        [1, 2, 3]
    );
    // Another name for a file elsewhere is the operator's choice.
    assert_eq!(
        after(|path| {
            let elsewhere = path.parent().unwrap().with_file_name("elsewhere");
            fs::rename(path, &elsewhere).unwrap();
            symlink(&elsewhere, path).unwrap();
        }),
        [1, 2, 3]
    );
}

/// Does something after which nothing can be stored, and repairs it.
fn while_nothing_can_be_stored(fault: impl FnOnce(&Path), repair: impl FnOnce(&Path)) {
    let (_outer, data, receiver) = started();
    let path = today(&data);
    fault(&path);
    assert_eq!(receiver.health(), 503, "before a request finds it");
    assert_eq!((send(&receiver, 2), receiver.health()), (503, 503));
    repair(&path);
    wait_until("the receiver is healthy, without a request", || receiver.health() == 200);
    assert_eq!(send(&receiver, 3), 200);
    assert_eq!(numbers(&data), [3]);
}

#[test]
fn what_cannot_be_stored_is_not_acknowledged() {
    type Act = fn(&Path);
    let remove_file: Act = |path| fs::remove_file(path).unwrap();
    let replaced: [(Act, Act); 3] = [
        (|path| fs::create_dir(path).unwrap(), |path| fs::remove_dir(path).unwrap()),
        (|path| symlink("/dev/null", path).unwrap(), remove_file),
        (|path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()), remove_file),
    ];
    // All at once: each waits until the receiver tries again.
    std::thread::scope(|scope| {
        for (fault, repair) in replaced {
            let fault = move |path: &Path| {
                fs::remove_file(path).unwrap();
                fault(path);
            };
            scope.spawn(move || while_nothing_can_be_stored(fault, repair));
        }
        // A file where the folder was.
        let outer = |path: &Path| path.parent().unwrap().to_owned();
        while_nothing_can_be_stored(
            |path| {
                fs::remove_dir_all(outer(path)).unwrap();
                fs::write(outer(path), "").unwrap();
            },
            |path| fs::remove_file(outer(path)).unwrap(),
        );
    });
}

#[test]
fn a_folder_that_is_made_again_belongs_to_one_receiver() {
    let (_outer, data, first) = started();
    fs::remove_dir_all(&data).unwrap();
    let second = Receiver::writing(&data, &[]);
    assert_eq!((send(&first, 2), send(&second, 3)), (503, 200));
    drop(second);
    assert_eq!(send(&first, 4), 200);
    assert_eq!(numbers(&data), [3, 4]);
}

/// The file is moved away again and again while requests come.
#[test]
fn nothing_is_lost_while_files_are_rotated() {
    let (_outer, data, receiver) = started();
    let path = today(&data);
    let is_done = AtomicBool::new(false);
    let mut moved = 0;
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4)
            .map(|sender| {
                let receiver = &receiver;
                scope.spawn(move || (1..100).map(|n| n * 4 + sender).filter(|n| send(receiver, *n) == 200).count())
            })
            .collect();
        let rotation = scope.spawn(|| {
            let mut count = 0;
            while !is_done.load(Ordering::Relaxed) {
                let to = data.join(format!("{count}.ndjson"));
                count += usize::from(fs::rename(&path, to).is_ok());
            }
            count
        });
        let stored: Vec<_> = senders.into_iter().map(|sender| sender.join()).collect();
        is_done.store(true, Ordering::Relaxed);
        let stored: usize = stored.into_iter().map(|stored| stored.unwrap()).sum();
        moved = rotation.join().unwrap();
        // One that was moved each time it was written is not acknowledged.
        assert!(stored > 0);
        let mut found = numbers(&data);
        found.sort_unstable();
        found.dedup();
        assert!(found.len() > stored, "{stored} were acknowledged, and {} are there", found.len());
    });
    assert!(moved > 0);
}

#[test]
fn others_cannot_read_what_is_stored() {
    let outer = tempfile::tempdir().unwrap();
    let data = outer.path().join("some/data");
    // The mask is the default of a shell.
    let receiver = Receiver::start(&mut limited("umask 0", &data, &[]));
    assert_eq!(send(&receiver, 1), 200);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&today(&data)), mode(&data.join("lock")), mode(&data)), (0o640, 0o640, 0o750));
    fs::remove_file(today(&data)).unwrap();
    assert_eq!(send(&receiver, 2), 200);
    assert_eq!(mode(&today(&data)), 0o640);
}
