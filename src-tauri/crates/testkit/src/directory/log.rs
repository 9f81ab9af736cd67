//! A log that tells late, or never.

use super::fault::AuditLog;
use jiff::{SignedDuration, Timestamp};

/// What happened since the server's start, in that order.
#[derive(Debug)]
pub(crate) struct Log<E> {
    entries: Vec<Entry<E>>,
    reads: u32,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    at: Timestamp,
    /// How often the log had been read.
    reads: u32,
    what: E,
}

impl<E> Default for Log<E> {
    fn default() -> Self {
        Self { entries: Vec::new(), reads: 0 }
    }
}

impl<E: Copy> Log<E> {
    pub(crate) fn write(&mut self, at: Timestamp, what: E) {
        self.entries.push(Entry { at, reads: self.reads, what });
    }

    /// The log is read once more.
    pub(crate) fn read(&mut self) {
        self.reads += 1;
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// An entry with its time, if the log tells of it now.
    pub(crate) fn told(&self, number: usize, how: AuditLog, now: Timestamp) -> Option<(Timestamp, E)> {
        let entry = self.entries.get(number)?;
        let told = match how {
            AuditLog::AtOnce => true,
            AuditLog::Late(by) => now.duration_since(entry.at) >= SignedDuration::try_from(by).ok()?,
            AuditLog::AfterReads(reads) => self.reads > entry.reads.saturating_add(reads),
            AuditLog::Silent => false,
        };
        told.then_some((entry.at, entry.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_entry_is_told_when_its_time_has_come() {
        let start = Timestamp::UNIX_EPOCH;
        let mut log = Log::default();
        log.write(start, 'a');
        log.read();
        let told = |log: &Log<char>, how, seconds| {
            log.told(0, how, start + SignedDuration::from_secs(seconds)).map(|(_, what)| what)
        };
        assert_eq!(told(&log, AuditLog::AtOnce, 0), Some('a'));
        assert_eq!(told(&log, AuditLog::Late(Duration::from_secs(5)), 4), None);
        assert_eq!(told(&log, AuditLog::Late(Duration::from_secs(5)), 5), Some('a'));
        assert_eq!(told(&log, AuditLog::AfterReads(0), 0), Some('a'));
        assert_eq!(told(&log, AuditLog::AfterReads(1), 0), None, "this is the first read after it");
        log.read();
        assert_eq!(told(&log, AuditLog::AfterReads(1), 0), Some('a'));
        assert_eq!(told(&log, AuditLog::Silent, 900), None);
    }
}
