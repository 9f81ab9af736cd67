//! A keyring in memory whose moods the tests set.

use crate::vault::{Bytes, Door, Trouble, Vault};
use secrecy::zeroize::Zeroizing;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

#[derive(Default)]
pub(crate) struct Moods {
    pub(crate) entries: BTreeMap<String, Vec<u8>>,
    pub(crate) most: Option<usize>,
    pub(crate) locked: bool,
    pub(crate) no_room: bool,
    /// Calls of these kinds block until the gate is opened.
    pub(crate) stuck: Option<&'static str>,
    /// That many calls find their connection dead.
    pub(crate) stale: usize,
    pub(crate) opened: usize,
    /// Writes left before the process "dies".
    pub(crate) writes_left: Option<usize>,
    /// Deleting does nothing, as with a keyring that only pretends.
    pub(crate) keeps_all: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Fake(pub(crate) Arc<(Mutex<Moods>, Condvar)>);

impl Fake {
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Moods) -> T) -> T {
        let result = act(&mut self.0.0.lock().unwrap_or_else(PoisonError::into_inner));
        self.0.1.notify_all();
        result
    }

    pub(crate) fn open(&self) -> impl crate::vault::Open + use<> {
        let fake = self.clone();
        move || {
            fake.with(|m| m.opened += 1);
            Ok(Box::new(fake.clone()) as Box<dyn Vault>)
        }
    }

    fn call<T>(&self, kind: &'static str, act: impl FnOnce(&mut Moods) -> T) -> Result<T, Trouble> {
        let moods = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut moods = self.0.1.wait_while(moods, |m| m.stuck == Some(kind)).unwrap_or_else(PoisonError::into_inner);
        if moods.stale > 0 {
            moods.stale -= 1;
            return Err(Trouble::Stale);
        }
        if let (Some(left), true) = (moods.writes_left.as_mut(), kind == "put" || kind == "delete") {
            *left = left.checked_sub(1).ok_or(Trouble::Failed)?;
        }
        Ok(act(&mut moods))
    }
}

impl Vault for Fake {
    fn door(&self) -> Result<Door, Trouble> {
        self.call("door", |m| match (m.no_room, m.locked) {
            (true, _) => Door::NoRoom,
            (false, true) => Door::Locked,
            (false, false) => Door::Open,
        })
    }

    fn unlock(&self) -> Result<(), Trouble> {
        self.call("unlock", |m| m.locked = false)
    }

    fn put(&self, name: &str, value: &[u8]) -> Result<(), Trouble> {
        self.call("put", |m| {
            assert!(m.most.is_none_or(|most| value.len() <= most), "an entry over the limit");
            m.entries.insert(name.to_owned(), value.to_vec());
        })
    }

    fn get(&self, name: &str) -> Result<Option<Bytes>, Trouble> {
        self.call("get", |m| m.entries.get(name).cloned().map(Zeroizing::new))
    }

    fn delete(&self, name: &str) -> Result<(), Trouble> {
        self.call("delete", |m| {
            if !m.keeps_all {
                m.entries.remove(name);
            }
        })
    }

    fn most(&self) -> Option<usize> {
        self.with(|m| m.most)
    }
}
