//! Files of newline-delimited JSON, one for each day (UTC), which only ever grow.
//!
//! A thread writes the lines of all waiting requests, synchronizes the file once, and answers them all. Before it
//! answers, it checks that the written file is still the file with its path: somebody may have moved, deleted or
//! replaced it. A line that a crash left incomplete was never acknowledged: it is removed when the file is opened
//! again.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tracing::warn;

/// The maximum number of requests that may wait.
const QUEUE: usize = 1024;

/// The maximum number of bytes that are written at once, unless a single request has more.
const GROUP: usize = 4 << 20;

/// The number of attempts to write a group whose file is removed each time.
const ATTEMPTS: usize = 3;

/// The number of bytes that a probe writes.
const PROBE: usize = 4096;

/// The permissions of files, and of folders.
const FILE_MODE: u32 = 0o640;
const FOLDER_MODE: u32 = 0o750;

type Answer = oneshot::Sender<Result<(), String>>;

/// A job for the thread that writes.
enum Job {
    /// Lines to be written.
    Lines(Vec<u8>, Answer),
    /// A check whether lines could be written.
    Probe(Answer),
}

/// A sink that writes files.
pub(crate) struct FileSink {
    queue: mpsc::Sender<Job>,
    limit: Duration,
}

impl FileSink {
    /// Opens a folder. Storing may take up to `limit`.
    pub(crate) fn open(folder: &Path, limit: Duration) -> Result<FileSink, String> {
        // The file is opened now, so that a folder that cannot be written is an error at the start and not at the first
        // request.
        let mut files = Files::open(folder).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => format!("{error}; --data takes another folder"),
            _ => format!("{}: {error}", folder.display()),
        })?;
        let (queue, mut waiting) = mpsc::channel::<Job>(QUEUE);
        let work = move || {
            while let Some(first) = waiting.blocking_recv() {
                let mut jobs = vec![first];
                let mut size = jobs[0].size();
                // Everything that waits is written with one synchronization, which takes longer than writing.
                while size < GROUP
                    && let Ok(next) = waiting.try_recv()
                {
                    size += next.size();
                    jobs.push(next);
                }
                files.work(jobs);
            }
        };
        thread::Builder::new().name("files".to_owned()).spawn(work).map_err(|error| error.to_string())?;
        Ok(FileSink { queue, limit })
    }

    pub(crate) async fn store(&self, lines: Vec<u8>) -> Result<(), String> {
        self.submit(|answer| Job::Lines(lines, answer)).await
    }

    pub(crate) async fn probe(&self) -> Result<(), String> {
        self.submit(Job::Probe).await
    }

    async fn submit(&self, job: impl FnOnce(Answer) -> Job) -> Result<(), String> {
        let gone = "the files are closed";
        let done = async {
            let (answer, answered) = oneshot::channel();
            self.queue.send(job(answer)).await.map_err(|_| gone)?;
            answered.await.map_err(|_| gone)?
        };
        timeout(self.limit, done).await.unwrap_or_else(|_| Err(format!("writing took more than {:?}", self.limit)))
    }
}

impl Job {
    fn size(&self) -> usize {
        match self {
            Job::Lines(lines, _) => lines.len(),
            Job::Probe(_) => 0,
        }
    }
}

fn today() -> String {
    Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// Returns whether an open file is the file with a path.
fn is_at(file: &File, path: &Path) -> bool {
    let id = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let (Ok(open), Ok(named)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    id(open) == id(named)
}

/// The folder, and the file of the present day.
struct Files {
    folder: PathBuf,
    /// The lock file, which is locked for as long as this process writes.
    lock: File,
    day: Day,
}

impl Files {
    fn open(folder: &Path) -> io::Result<Files> {
        let lock = lock(folder)?;
        Ok(Files { folder: folder.to_owned(), lock, day: Day::open(folder, today())? })
    }

    fn work(&mut self, jobs: Vec<Job>) {
        let (mut lines, mut answers, mut probes) = (Vec::new(), Vec::new(), Vec::new());
        for job in jobs {
            match job {
                Job::Probe(answer) => probes.push(answer),
                // The request has been answered 503 already, and will be repeated.
                Job::Lines(_, answer) if answer.is_closed() => {}
                Job::Lines(more, answer) => {
                    if lines.is_empty() {
                        lines = more
                    } else {
                        lines.extend_from_slice(&more)
                    }
                    answers.push(answer);
                }
            }
        }
        let mut answer = |answers: Vec<Answer>, done: &dyn Fn(&mut Files) -> io::Result<()>| {
            if !answers.is_empty() {
                let done = done(self).map_err(|error| format!("{}: {error}", self.folder.display()));
                answers.into_iter().for_each(|answer| drop(answer.send(done.clone())));
            }
        };
        answer(answers, &|files| files.write(&lines));
        answer(probes, &Files::probe);
    }

    /// Writes lines to the file of the day, and returns when they are in the file with the path of the day.
    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        for _ in 0..ATTEMPTS {
            self.prepare()?;
            self.day.append(lines)?;
            if self.day.is_kept() {
                return Ok(());
            }
        }
        Err(io::Error::other("the file was removed each time that it was written"))
    }

    /// Opens the lock and the file of the day again if they are no longer the files with their paths, or if the day is
    /// over.
    fn prepare(&mut self) -> io::Result<()> {
        if !is_at(&self.lock, &self.folder.join(LOCK)) {
            warn!("{}: the folder was removed or replaced; it is made again", self.folder.display());
            self.lock = lock(&self.folder)?;
        }
        let today = today();
        let is_kept = self.day.is_kept();
        if self.day.name == today && !is_kept && !self.day.is_broken {
            warn!("{}: the file was removed, replaced or changed; it is opened again", self.day.path.display());
        }
        if self.day.name != today || self.day.is_broken || !is_kept {
            self.day = Day::open(&self.folder, today)?;
        }
        Ok(())
    }

    /// Checks that a file can be written and synchronized, with a file that is then removed.
    fn probe(&mut self) -> io::Result<()> {
        self.prepare()?;
        let path = self.folder.join("probe");
        let written = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&path);
        let written = written.and_then(|mut file| file.write_all(&[b'\n'; PROBE]).and_then(|()| file.sync_all()));
        let removed = std::fs::remove_file(&path);
        written.and(removed)
    }
}

const LOCK: &str = "lock";

/// Creates the folder if it does not exist, and locks it.
fn lock(folder: &Path) -> io::Result<File> {
    if !folder.is_dir() {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        // The name of a new folder is stored in its parent, which must be synchronized as well.
        if let Some(parent) = folder.canonicalize()?.parent() {
            File::open(parent)?.sync_all()?;
        }
    }
    let path = folder.join(LOCK);
    let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(FILE_MODE).open(&path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            let message = format!("{}: another receiver writes there", folder.display());
            Err(io::Error::new(io::ErrorKind::WouldBlock, message))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The file of a day.
struct Day {
    name: String,
    path: PathBuf,
    file: File,
    /// The length of the file up to which it was synchronized.
    length: u64,
    /// Whether the last write failed.
    is_broken: bool,
}

impl Day {
    fn open(folder: &Path, name: String) -> io::Result<Day> {
        let path = folder.join(format!("{name}.ndjson"));
        let mut file = OpenOptions::new().read(true).append(true).create(true).mode(FILE_MODE).open(&path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other(format!("{} is not a regular file", path.display())));
        }
        let length = complete_lines(&mut file)?;
        let torn = file.metadata()?.len().saturating_sub(length);
        if torn > 0 {
            warn!("{}: the last {torn} bytes are an incomplete line, and are removed", path.display());
            file.set_len(length)?;
        }
        file.sync_all()?;
        // The name of a new file is stored in the folder, which must be synchronized as well.
        File::open(folder)?.sync_all()?;
        Ok(Day { name, path, file, length, is_broken: false })
    }

    /// Returns whether the open file is still the file with the path, and still has the length that this process left.
    fn is_kept(&self) -> bool {
        is_at(&self.file, &self.path) && self.file.metadata().is_ok_and(|metadata| metadata.len() == self.length)
    }

    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += lines.len() as u64,
            Err(_) => {
                // A part of the lines may have been written. It was never acknowledged, and must not precede the next
                // line.
                self.is_broken = true;
                if let Err(error) = self.file.set_len(self.length) {
                    warn!("{}: {error}", self.path.display());
                }
            }
        }
        written
    }
}

/// Returns the length of the part of a file that ends with its last line break.
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
