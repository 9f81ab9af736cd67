//! Secrets that are longer than one entry of the keyring.
//!
//! The Credential Manager holds 2,560 bytes per entry (`CRED_MAX_CREDENTIAL_BLOB_SIZE`,
//! <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw>, read 2026-11) and
//! Microsoft's refresh tokens can be longer. Where a limit exists, the entry under the secret's own name
//! is a header: `=` and the secret itself, or `+` and where its parts are. Parts are written before the
//! header and the old ones are deleted after it, so that a crash in between leaves the old secret whole.

use crate::vault::{Bytes, Trouble, Vault};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

/// Far above any token; stops a damaged header from walking for ever.
const MOST_PARTS: usize = 64;

/// Two places for parts: one holds the present secret while the other is being written.
const SIDES: [char; 2] = ['a', 'b'];

fn part_name(name: &str, side: char, index: usize) -> String {
    format!("{name}.{side}{index}")
}

/// Says where the parts of a long secret are, and lets a mix of old and new parts be noticed.
struct Header {
    side: char,
    parts: usize,
    digest: String,
}

impl Header {
    fn write(&self) -> String {
        format!("+{}:{}:{}", self.side, self.parts, self.digest)
    }

    fn read(text: &str) -> Option<Self> {
        let mut fields = text.strip_prefix('+')?.split(':');
        let (side, parts, digest) = (fields.next()?, fields.next()?, fields.next()?);
        let side = SIDES.into_iter().find(|s| side.chars().eq([*s]))?;
        let parts = parts.parse().ok().filter(|n| (1..=MOST_PARTS).contains(n))?;
        (digest.len() == 64 && fields.next().is_none()).then(|| Self { side, parts, digest: digest.to_owned() })
    }
}

fn digest(value: &[u8]) -> String {
    Sha256::digest(value).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(vault: &dyn Vault, name: &str) -> Result<Option<Header>, Trouble> {
    let Some(value) = vault.get(name)? else { return Ok(None) };
    Ok(std::str::from_utf8(&value).ok().and_then(Header::read))
}

/// Writes a secret, replacing what was there.
pub(crate) fn put(vault: &dyn Vault, name: &str, value: &[u8]) -> Result<(), Trouble> {
    let Some(most) = vault.most() else { return vault.put(name, value) };
    let before = header(vault, name)?.map(|h| h.side);
    if value.len() < most {
        let mut whole: Bytes = Zeroizing::new(Vec::with_capacity(value.len() + 1));
        whole.push(b'=');
        whole.extend_from_slice(value);
        vault.put(name, &whole)?;
        return SIDES.into_iter().try_for_each(|side| sweep(vault, name, side));
    }
    let side = SIDES.into_iter().find(|s| Some(*s) != before).unwrap_or('a');
    // What a crash may have left there would otherwise outlive a shorter secret.
    sweep(vault, name, side)?;
    let parts = value.len().div_ceil(most);
    if parts > MOST_PARTS {
        return Err(Trouble::Failed);
    }
    for (index, part) in value.chunks(most).enumerate() {
        vault.put(&part_name(name, side, index), part)?;
    }
    vault.put(name, Header { side, parts, digest: digest(value) }.write().as_bytes())?;
    before.map_or(Ok(()), |old| sweep(vault, name, old))
}

/// Reads a secret back.
pub(crate) fn get(vault: &dyn Vault, name: &str) -> Result<Option<Bytes>, Trouble> {
    let Some(entry) = vault.get(name)? else { return Ok(None) };
    if vault.most().is_none() {
        return Ok(Some(entry));
    }
    if let Some(whole) = entry.strip_prefix(b"=") {
        return Ok(Some(Zeroizing::new(whole.to_vec())));
    }
    let header = std::str::from_utf8(&entry).ok().and_then(Header::read).ok_or(Trouble::Failed)?;
    let mut value: Bytes = Zeroizing::new(Vec::new());
    for index in 0..header.parts {
        let part = vault.get(&part_name(name, header.side, index))?.ok_or(Trouble::Failed)?;
        value.extend_from_slice(&part);
    }
    if digest(&value) == header.digest { Ok(Some(value)) } else { Err(Trouble::Failed) }
}

/// Deletes a secret with everything that belongs to it, and reads back.
pub(crate) fn delete(vault: &dyn Vault, name: &str) -> Result<(), Trouble> {
    vault.delete(name)?;
    let sides: &[char] = if vault.most().is_some() { &SIDES } else { &[] };
    sides.iter().try_for_each(|side| sweep(vault, name, *side))?;
    let mut left = vault.get(name)?.is_some();
    for side in sides {
        left |= vault.get(&part_name(name, *side, 0))?.is_some();
    }
    if left { Err(Trouble::Failed) } else { Ok(()) }
}

/// Deletes the parts of one side, the last first: a crash in between leaves a row without a gap, which
/// the next sweep finds from its start.
fn sweep(vault: &dyn Vault, name: &str, side: char) -> Result<(), Trouble> {
    let mut there = 0;
    while there < MOST_PARTS && vault.get(&part_name(name, side, there))?.is_some() {
        there += 1;
    }
    (0..there).rev().try_for_each(|index| vault.delete(&part_name(name, side, index)))
}

#[cfg(test)]
#[path = "parts_tests.rs"]
mod tests;
