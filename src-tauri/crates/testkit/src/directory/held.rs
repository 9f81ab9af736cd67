//! What is still let in, what was deleted, and what comes back.

use std::collections::HashMap;
use std::hash::Hash;

/// The deletions that came for one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deletes {
    /// All of them, refused ones too.
    pub came: u32,
    /// Those that came while it was gone already.
    pub while_gone: u32,
    /// Those that made it go.
    pub took_effect: u32,
}

/// A consent that follows a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Return {
    /// After so many reads; with 0 right after the deletion.
    pub(crate) after_reads: u32,
    /// Whether lists show it. The log always does.
    pub(crate) in_list: bool,
}

#[derive(Debug, Default)]
struct Item {
    /// Whether it is there, once that is not as it was in the beginning.
    there: Option<bool>,
    /// Reads that still show it though it is gone.
    lag: u32,
    comes_back: Option<Return>,
    /// Reads until it comes back.
    armed: Option<u32>,
    deletes: Deletes,
}

/// Everything that is not as it was in the beginning. Whoever asks says how it was.
#[derive(Debug)]
pub(crate) struct Held<K>(HashMap<K, Item>);

impl<K> Default for Held<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// What a look or a deletion found and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// It is shown, or it was there to be deleted.
    pub(crate) there: bool,
    /// Somebody let it in again just now.
    pub(crate) back: bool,
}

impl<K: Eq + Hash + Copy> Held<K> {
    /// Whether it is there now, whatever lists say.
    pub(crate) fn is_there(&self, key: K, first: bool) -> bool {
        self.0.get(&key).and_then(|item| item.there).unwrap_or(first)
    }

    /// Puts it there or takes it away, without any trace.
    pub(crate) fn put(&mut self, key: K, there: bool) {
        let item = self.0.entry(key).or_default();
        (item.there, item.lag, item.armed) = (Some(there), 0, None);
    }

    pub(crate) fn comes_back(&mut self, key: K, back: Return) {
        self.0.entry(key).or_default().comes_back = Some(back);
    }

    /// A deletion arrived, whatever will become of it.
    pub(crate) fn came(&mut self, key: K, first: bool) {
        let item = self.0.entry(key).or_default();
        item.deletes.came += 1;
        item.deletes.while_gone += u32::from(!item.there.unwrap_or(first));
    }

    /// A deletion. So many reads after it still show what was there.
    pub(crate) fn delete(&mut self, key: K, first: bool, lag: u32) -> Found {
        let item = self.0.entry(key).or_default();
        if !item.there.unwrap_or(first) {
            return Found { there: false, back: false };
        }
        item.deletes.took_effect += 1;
        (item.there, item.lag) = (Some(false), lag);
        item.armed = item.comes_back.map(|back| back.after_reads);
        Found { there: true, back: item.return_now() }
    }

    /// A read that would show it.
    pub(crate) fn read(&mut self, key: K, first: bool) -> Found {
        let Some(item) = self.0.get_mut(&key) else { return Found { there: first, back: false } };
        item.armed = item.armed.map(|reads| reads.saturating_sub(1));
        let back = item.return_now();
        let lags = !item.there.unwrap_or(first) && item.lag > 0;
        item.lag -= u32::from(lags);
        Found { there: item.there.unwrap_or(first) || lags, back }
    }

    /// Whether the next read would show it.
    pub(crate) fn would_show(&self, key: K, first: bool) -> bool {
        self.0.get(&key).map_or(first, |item| item.there.unwrap_or(first) || item.lag > 0)
    }

    pub(crate) fn deletes(&self, key: K) -> Deletes {
        self.0.get(&key).map(|item| item.deletes).unwrap_or_default()
    }

    /// Everything that a deletion was there for.
    pub(crate) fn touched(&self) -> impl Iterator<Item = (K, Deletes)> + '_ {
        self.0.iter().filter(|(_, item)| item.deletes.came > 0).map(|(key, item)| (*key, item.deletes))
    }
}

impl Item {
    fn return_now(&mut self) -> bool {
        if self.armed != Some(0) {
            return false;
        }
        self.armed = None;
        if let Some(back) = self.comes_back.take() {
            self.there = Some(back.in_list);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(there: bool, back: bool) -> Found {
        Found { there, back }
    }

    #[test]
    fn a_list_lags_so_many_reads_and_no_more() {
        let mut held = Held::<u8>::default();
        assert_eq!(held.read(1, true), found(true, false));
        assert_eq!(held.delete(1, true, 2), found(true, false));
        assert!(!held.is_there(1, true));
        let reads = [1, 2, 3].map(|_| held.read(1, true).there);
        assert_eq!(reads, [true, true, false]);
    }

    #[test]
    fn deletions_are_counted_apart() {
        let mut held = Held::<u8>::default();
        for _ in 0..3 {
            held.came(1, true);
            held.delete(1, true, 0);
        }
        held.came(2, true);
        assert_eq!(held.deletes(1), Deletes { came: 3, while_gone: 2, took_effect: 1 });
        assert_eq!(held.deletes(2), Deletes { came: 1, while_gone: 0, took_effect: 0 });
        assert_eq!(held.deletes(3), Deletes::default());
    }

    #[test]
    fn a_consent_comes_back_at_once_or_later_once() {
        let mut held = Held::<u8>::default();
        held.comes_back(1, Return { after_reads: 0, in_list: true });
        assert_eq!(held.delete(1, true, 0), found(true, true));
        assert!(held.is_there(1, true));
        assert_eq!(held.delete(1, true, 0), found(true, false));
        held.comes_back(2, Return { after_reads: 2, in_list: false });
        assert_eq!(held.delete(2, true, 0), found(true, false));
        let reads = [1, 2, 3].map(|_| held.read(2, true));
        assert_eq!(reads, [found(false, false), found(false, true), found(false, false)]);
    }
}
