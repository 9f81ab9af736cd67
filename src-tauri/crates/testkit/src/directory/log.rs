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
    /// So many milliseconds after the newest entry at the earliest: the log is in the order of its times.
    pub(crate) fn write(&mut self, at: Timestamp, gap: i64, what: E) {
        let newest = self.entries.last().map_or(Timestamp::MIN, |entry| entry.at);
        let earliest = newest.saturating_add(SignedDuration::from_millis(gap)).unwrap_or(newest);
        self.entries.push(Entry { at: at.max(earliest), reads: self.reads, what });
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
        log.write(start, 0, 'a');
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

    #[test]
    fn a_later_entry_never_has_an_earlier_time() {
        let start = Timestamp::UNIX_EPOCH;
        let mut log = Log::default();
        for (at, gap) in [(start, 0), (start, 1), (start, 0), (start + SignedDuration::from_secs(1), 1)] {
            log.write(at, gap, ());
        }
        let times: Vec<i64> = (0..4)
            .filter_map(|number| log.told(number, AuditLog::AtOnce, start))
            .map(|(at, ())| at.as_millisecond())
            .collect();
        assert_eq!(times, [0, 1, 1, 1_000]);
    }
}
