//! One open connection to a keyring, used from one thread.

use secrecy::zeroize::Zeroizing;
use uncouple_engine::ports::SecretError;

/// What went wrong, as far as the thread has to tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no keyring.
    Absent,
    /// There is a service, but no collection that could hold a new entry.
    #[cfg_attr(not(any(test, target_os = "linux")), expect(dead_code, reason = "only the Secret Service says so"))]
    NoCollection,
    /// It is locked and stayed so.
    Locked,
    /// The connection is dead. A new one may work: the Secret Service forgets its sessions when it
    /// restarts, and an old session is refused for ever (seen with gnome-keyring 42.1, 2026-11).
    Stale,
    /// Anything else.
    Failed,
}

impl From<Trouble> for SecretError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Absent => Self::Absent,
            Trouble::NoCollection => Self::NoCollection,
            Trouble::Locked => Self::Locked,
            Trouble::Stale | Trouble::Failed => Self::Failed,
        }
    }
}

/// Whether new entries can be written without asking a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Yes.
    Open,
    /// A person must unlock it first.
    #[cfg_attr(not(any(test, target_os = "linux")), expect(dead_code, reason = "only the Secret Service says so"))]
    Locked,
    /// There is a service, but it has nowhere to put a new entry.
    #[cfg_attr(not(any(test, target_os = "linux")), expect(dead_code, reason = "only the Secret Service says so"))]
    NoRoom,
    /// Nobody can tell before the call itself, which may ask a person.
    #[cfg_attr(target_os = "linux", expect(dead_code, reason = "only the keychain of macOS is like that"))]
    Unknown,
}

/// Bytes that are overwritten when they are dropped.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// Named entries. Calls may block for as long as a person thinks.
pub(crate) trait Vault {
    /// Looks without asking anybody.
    fn door(&self) -> Result<Door, Trouble>;
    /// Asks a person to unlock it.
    fn unlock(&self) -> Result<(), Trouble>;
    /// Writes an entry, replacing what was there.
    fn put(&self, name: &str, value: &[u8]) -> Result<(), Trouble>;
    /// Reads an entry.
    fn get(&self, name: &str) -> Result<Option<Bytes>, Trouble>;
    /// Deletes an entry, and all of them should there be several of that name. None there is fine.
    fn delete(&self, name: &str) -> Result<(), Trouble>;
    /// Bytes that one entry can hold, where that is little.
    fn most(&self) -> Option<usize>;
}

/// Opens a connection. Runs on the keyring's own thread, once per connection.
pub(crate) trait Open: Fn() -> Result<Box<dyn Vault>, Trouble> + Send + Sync + 'static {}
impl<T: Fn() -> Result<Box<dyn Vault>, Trouble> + Send + Sync + 'static> Open for T {}
