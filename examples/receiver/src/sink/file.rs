//! Files of newline-delimited JSON, one a day (UTC), which only ever grow.
//!
//! A thread writes what all waiting requests brought, synchronizes the file once, and answers them all. A line that a
//! crash left incomplete was never acknowledged: it is removed when the file is opened again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tracing::warn;

use super::json;
use crate::record::Record;

/// How many requests may wait.
const QUEUE: usize = 1024;

/// How many bytes are written at once at most.
const GROUP: usize = 4 << 20;

/// What a request brought, and where the answer goes.
struct Waiting {
    lines: Vec<u8>,
    answer: oneshot::Sender<Result<(), String>>,
}

/// The files.
pub(crate) struct FileSink {
    queue: mpsc::Sender<Waiting>,
}

impl FileSink {
    pub(crate) fn open(folder: &Path) -> Result<FileSink, String> {
        let problem = |error: io::Error| format!("{}: {error}", folder.display());
        std::fs::create_dir_all(folder).map_err(problem)?;
        let lock = File::create(folder.join("lock")).map_err(problem)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!(
                    "{}: another receiver writes there; --data takes another folder",
                    folder.display()
                ));
            }
            Err(TryLockError::Error(error)) => return Err(problem(error)),
        }
        // A folder that cannot be written is found now, and not at the first request.
        let mut day = Day::open(folder, today()).map_err(problem)?;
        let (queue, mut waiting) = mpsc::channel::<Waiting>(QUEUE);
        let folder = folder.to_owned();
        let work = move || {
            let _lock = lock;
            while let Some(first) = waiting.blocking_recv() {
                let mut group = vec![first];
                let mut size = group[0].lines.len();
                while size < GROUP
                    && let Ok(next) = waiting.try_recv()
                {
                    size += next.lines.len();
                    group.push(next);
                }
                let written = write(&mut day, &folder, &group).map_err(|error| error.to_string());
                for request in group {
                    let _ = request.answer.send(written.clone());
                }
            }
        };
        thread::Builder::new().name("files".to_owned()).spawn(work).map_err(|error| error.to_string())?;
        Ok(FileSink { queue })
    }

    pub(crate) async fn store(&self, records: &[Record<'_>]) -> Result<(), String> {
        let mut lines = Vec::new();
        for record in records {
            lines.extend(json(record)?);
            lines.push(b'\n');
        }
        let (answer, written) = oneshot::channel();
        let gone = "the files are closed";
        self.queue.send(Waiting { lines, answer }).await.map_err(|_| gone)?;
        written.await.map_err(|_| gone)?
    }
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// Writes a group to the file of the day, which is opened again after a failure.
fn write(day: &mut Day, folder: &Path, group: &[Waiting]) -> io::Result<()> {
    let today = today();
    if day.name != today || day.is_broken {
        *day = Day::open(folder, today)?;
    }
    let lines: Vec<u8> = group.iter().flat_map(|request| &request.lines).copied().collect();
    day.append(&lines)
}

/// The file of a day.
struct Day {
    name: String,
    path: PathBuf,
    file: File,
    /// How long the file is as far as it was synchronized.
    length: u64,
    /// Whether the last write failed.
    is_broken: bool,
}

impl Day {
    fn open(folder: &Path, name: String) -> io::Result<Day> {
        let path = folder.join(format!("{name}.ndjson"));
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        let length = complete_lines(&mut file)?;
        let torn = file.metadata()?.len().saturating_sub(length);
        if torn > 0 {
            warn!("{}: the last {torn} bytes are an incomplete line, and are removed", path.display());
            file.set_len(length)?;
        }
        file.sync_all()?;
        // The name of a new file is part of the folder.
        File::open(folder)?.sync_all()?;
        Ok(Day { name, path, file, length, is_broken: false })
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += lines.len() as u64,
            Err(_) => {
                // What was written in part was never acknowledged, and must not precede the next line.
                self.is_broken = true;
                if let Err(error) = self.file.set_len(self.length) {
                    warn!("{}: {error}", self.path.display());
                }
            }
        }
        written
    }
}

/// How long the part of a file is that ends with a line break.
fn complete_lines(file: &mut File) -> io::Result<u64> {
    const BLOCK: u64 = 64 << 10;
    let mut end = file.metadata()?.len();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let mut block = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        Read::by_ref(file).take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_lines_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("day.ndjson");
        let long = "x".repeat(200_000);
        for (text, expected) in [
            (String::new(), String::new()),
            ("{}\n".to_owned(), "{}\n".to_owned()),
            ("{}\n{\"a".to_owned(), "{}\n".to_owned()),
            ("{\"a".to_owned(), String::new()),
            (format!("{long}\n{long}"), format!("{long}\n")),
        ] {
            std::fs::write(&path, &text).unwrap();
            let mut day = Day::open(folder.path(), "day".to_owned()).unwrap();
            day.append(b"1\n").unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{expected}1\n"));
        }
    }

    #[test]
    fn a_write_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut day = Day::open(folder.path(), "day".to_owned()).unwrap();
        day.append(b"1\n").unwrap();
        // A file that is open for reading only cannot be written.
        let writable = std::mem::replace(&mut day.file, File::open(&day.path).unwrap());
        assert!(day.append(b"2\n").is_err() && day.is_broken);
        day.file = writable;
        assert_eq!(std::fs::read_to_string(&day.path).unwrap(), "1\n");
    }
}
