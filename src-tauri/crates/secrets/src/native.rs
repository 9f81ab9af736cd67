//! The login keychain of macOS and the Credential Manager of Windows.

use crate::SERVICE;
use crate::vault::{Bytes, Door, Trouble, Vault};
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroizing;
use std::collections::HashMap;
use std::sync::Arc;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
#[cfg(target_os = "windows")]
use windows_native_keyring_store::Store;

struct Native(Arc<Store>);

/// Opens the platform's store. Neither of the two needs a connection.
pub(crate) fn open() -> Result<Box<dyn Vault>, Trouble> {
    Ok(Box::new(Native(Store::new().map_err(|error| trouble(&error))?)))
}

impl Native {
    fn entry(&self, name: &str) -> Result<Entry, Trouble> {
        // Local: the crate's default roams to the other computers of a Windows domain.
        let choices = if cfg!(windows) { HashMap::from([("persistence", "Local")]) } else { HashMap::new() };
        self.0.build(SERVICE, name, Some(&choices)).map_err(|error| trouble(&error))
    }
}

impl Vault for Native {
    fn door(&self) -> Result<Door, Trouble> {
        // The keychain asks the person within any call; the Credential Manager never does.
        Ok(if cfg!(target_os = "macos") { Door::Unknown } else { Door::Open })
    }

    fn unlock(&self) -> Result<(), Trouble> {
        Ok(())
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
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }

    fn most(&self) -> Option<usize> {
        // Bytes, not the UTF-16 units of `set_password`; a little under the 2,560 of the platform.
        cfg!(windows).then_some(2_500)
    }
}

fn trouble(error: &Error) -> Trouble {
    if matches!(error, Error::NoStorageAccess(_)) {
        Trouble::Locked
    } else if matches!(error, Error::PlatformFailure(_)) {
        Trouble::Stale
    } else {
        Trouble::Failed
    }
}
