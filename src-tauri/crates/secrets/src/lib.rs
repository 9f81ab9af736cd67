//! Tokens in the operating system's keyring: the one adapter of the engine's [`SecretStore`] port.
//!
//! A keyring call can block for as long as a person leaves an unlock prompt open (a locked keyring on
//! Linux never answers by itself), so all of them run on one thread of their own, never on a thread of
//! the async runtime, and every caller waits for a limited time only. A thread that is stuck is left
//! behind and the next request starts another one; since nobody joins it, the process can still end.
//!
//! One thread is also what the platforms want: Windows doesn't order calls on one entry from several
//! threads (README of `windows-native-keyring-store` 1.1.0).

#[cfg(test)]
mod fake;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(target_os = "macos", target_os = "windows"))]
mod native;
mod parts;
mod vault;
mod worker;

use async_trait::async_trait;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use uncouple_domain::SecretId;
use uncouple_engine::ports::{Keep, SecretError, SecretStore};
use worker::{Job, Workers};

/// Under this name every entry stands in the keyring; the user name of an entry is its [`SecretId`].
pub const SERVICE: &str = "dev.uncouple.desktop";

/// How long a caller waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For an answer of an unlocked keyring.
    pub answer: Duration,
    /// For everything together, once the keyring turned out to be locked and may be asking a person.
    pub unlock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(5), unlock: Duration::from_secs(60) }
    }
}

/// The operating system's keyring, and a map in memory for people who chose to keep nothing.
#[derive(Debug)]
pub struct Keyring {
    workers: Workers,
    this_run: Mutex<HashMap<SecretId, SecretString>>,
}

impl Keyring {
    /// This platform's keyring: the Secret Service, the login keychain or the Credential Manager.
    /// Nothing is opened before the first request.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        #[cfg(target_os = "linux")]
        return Self::over(linux::open, limits);
        #[cfg(any(target_os = "macos", target_os = "windows"))]
        return Self::over(native::open, limits);
        #[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
        return Self::over(|| Err(vault::Trouble::Absent), limits);
    }

    fn over(open: impl vault::Open, limits: Limits) -> Self {
        Self { workers: Workers::new(open, limits), this_run: Mutex::default() }
    }

    fn this_run(&self) -> std::sync::MutexGuard<'_, HashMap<SecretId, SecretString>> {
        // A panic while the map was held can't have left it half changed: every use is one call on it.
        self.this_run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SecretStore for Keyring {
    async fn keep(&self, id: SecretId, secret: SecretString, keep: Keep) -> Result<(), SecretError> {
        match keep {
            Keep::Keyring => self.workers.ask(Job::Keep(id, secret)).await.map(drop),
            Keep::ThisRun => {
                self.this_run().insert(id, secret);
                Ok(())
            }
        }
    }

    async fn read(&self, id: SecretId, keep: Keep) -> Result<Option<SecretString>, SecretError> {
        match keep {
            Keep::Keyring => self.workers.ask(Job::Read(id)).await,
            Keep::ThisRun => Ok(self.this_run().get(&id).cloned()),
        }
    }

    async fn forget(&self, id: SecretId, keep: Keep) -> Result<(), SecretError> {
        match keep {
            Keep::Keyring => self.workers.ask(Job::Forget(id)).await.map(drop),
            Keep::ThisRun => {
                self.this_run().remove(&id);
                Ok(())
            }
        }
    }

    async fn state(&self) -> Result<(), SecretError> {
        self.workers.ask(Job::State).await.map(drop)
    }
}
