//! The Secret Service (<https://specifications.freedesktop.org/secret-service-spec/latest/>).

use crate::SERVICE;
use crate::vault::{Bytes, Door, Trouble, Vault};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroizing;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use std::collections::HashMap;
use std::sync::Arc;
use zbus_secret_service_keyring_store::Store;

/// A store of its own instead of `keyring_core`'s process-wide default: dropping it drops its session,
/// and two threads (one of them stuck) never share one.
struct Service {
    store: Arc<Store>,
    /// Beside the store, because that one can't tell whether an unlock prompt would come.
    look: SecretService<'static>,
}

/// Connects to the session bus and the service behind it.
pub(crate) fn open() -> Result<Box<dyn Vault>, Trouble> {
    // Nothing secret passes through this session, so it needs no encryption.
    let look = SecretService::connect(EncryptionType::Plain).map_err(|error| {
        tracing::info!(%error, "no Secret Service");
        Trouble::Absent
    })?;
    let store = Store::new().map_err(|error| {
        tracing::info!(%error, "no session with the Secret Service");
        Trouble::Absent
    })?;
    Ok(Box::new(Service { store, look }))
}

impl Service {
    fn entry(&self, name: &str) -> Result<Entry, Trouble> {
        let label = HashMap::from([("label", "Uncouple")]);
        self.store.build(SERVICE, name, Some(&label)).map_err(|error| trouble(&error))
    }
}

impl Vault for Service {
    fn door(&self) -> Result<Door, Trouble> {
        let locked = self.look.get_default_collection().and_then(|collection| collection.is_locked());
        match locked {
            Ok(false) => Ok(Door::Open),
            Ok(true) => Ok(Door::Locked),
            // A keyring daemon that was never given a password has no default collection.
            Err(secret_service::Error::NoResult) => Ok(Door::NoRoom),
            Err(error) => Err(service_trouble(&error)),
        }
    }

    fn unlock(&self) -> Result<(), Trouble> {
        self.look
            .get_default_collection()
            .and_then(|collection| collection.unlock())
            .map_err(|error| service_trouble(&error))
    }

    fn put(&self, name: &str, value: &[u8]) -> Result<(), Trouble> {
        self.entry(name)?.set_secret(value).map_err(|error| trouble(&error))
    }

    fn get(&self, name: &str) -> Result<Option<Bytes>, Trouble> {
        match self.entry(name)?.get_secret() {
            Ok(value) => Ok(Some(Zeroizing::new(value))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }

    fn delete(&self, name: &str) -> Result<(), Trouble> {
        let deleted = match self.entry(name)?.delete_credential() {
            Err(Error::Ambiguous(all)) => all.iter().try_for_each(Entry::delete_credential),
            other => other,
        };
        match deleted {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }

    fn most(&self) -> Option<usize> {
        None
    }
}

fn trouble(error: &Error) -> Trouble {
    // The error itself is not logged: some kinds carry the bytes that were read.
    if let Error::PlatformFailure(inner) | Error::NoStorageAccess(inner) = error {
        inner.downcast_ref().map_or(Trouble::Stale, service_trouble)
    } else {
        Trouble::Failed
    }
}

fn service_trouble(error: &secret_service::Error) -> Trouble {
    use secret_service::Error as E;
    #[expect(clippy::wildcard_enum_match_arm, reason = "the crate may add kinds; a new connection is worth one try")]
    match error {
        E::Locked | E::Prompt | E::PromptDisconnected => Trouble::Locked,
        E::NoResult => Trouble::NoCollection,
        E::Crypto(_) | E::Zvariant(_) => Trouble::Failed,
        _ => Trouble::Stale,
    }
}
