//! An access token from a file descriptor: it stands in no argument, no variable and no file of ours.

use crate::failure::{Failure, Own};
use crate::words::say;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use std::io::Read;

/// Longer than any access token.
const LONGEST: u64 = 64 * 1024;

/// Reads a token to its end and closes the descriptor. Standard input may be one; the two outputs may not.
///
/// # Errors
/// `token_unreadable`; `bad_usage` for a descriptor that can't be one.
pub(crate) fn read(number: u16) -> Result<SecretString, Failure> {
    match number {
        0 => token(std::io::stdin().lock()),
        1 | 2 => Err(Failure::usage(&say("usage_token_outputs", &[]))),
        _ => open(number),
    }
}

#[cfg(unix)]
fn open(number: u16) -> Result<SecretString, Failure> {
    let given = std::os::fd::RawFd::from(number);
    let file = std::fs::File::open(format!("/dev/fd/{number}")).ok().or_else(|| copy(given));
    // The one that was handed over, so that nothing that is started from here inherits it.
    let _ = nix::unistd::close(given);
    token(file.ok_or(Own::TokenUnreadable)?)
}

/// A copy of a descriptor that can't be opened by its name, as a socket can't (`open(2)`, ENXIO).
#[cfg(target_os = "linux")]
fn copy(given: std::os::fd::RawFd) -> Option<std::fs::File> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let this = pidfd_open(getpid(), PidfdFlags::empty()).ok()?;
    pidfd_getfd(this, given, PidfdGetfdFlags::empty()).ok().map(std::fs::File::from)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn copy(_: std::os::fd::RawFd) -> Option<std::fs::File> {
    None
}

#[cfg(not(unix))]
fn open(_: u16) -> Result<SecretString, Failure> {
    Err(Failure::usage(&say("usage_token_zero", &[])))
}

/// A token is printable and without spaces (RFC 6750 section 2.1); the line end after it is none of it.
fn token(source: impl Read) -> Result<SecretString, Failure> {
    let failed = || Failure::from(Own::TokenUnreadable);
    // As large as it can become, so that no copy of a part is left behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(LONGEST + 1).map_err(|_| failed())?));
    source.take(LONGEST).read_to_end(&mut bytes).map_err(|_| failed())?;
    let text = std::str::from_utf8(&bytes).map_err(|_| failed())?.trim();
    let honest = !text.is_empty() && bytes.len() < 65_536 && text.bytes().all(|byte| byte.is_ascii_graphic());
    if honest { Ok(SecretString::from(text)) } else { Err(failed()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_token_is_read_without_its_line_end() {
        assert_eq!(token(&b"ya29.a0-Token_~+/=\r\n"[..]).unwrap().expose_secret(), "ya29.a0-Token_~+/=");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let long = vec![b'a'; 70_000];
        for bytes in [&b""[..], b"\n", b"two words", b"two\nlines", b"\xff\xfe", "t\u{f6}ken".as_bytes(), &long] {
            assert!(token(bytes).is_err());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_can_hand_a_token_over_as_well_as_a_pipe() {
        use std::io::Write as _;
        use std::os::fd::{AsRawFd as _, IntoRawFd as _};
        let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        theirs.write_all(b"ya29.token\n").unwrap();
        drop(theirs);
        assert!(ours.as_raw_fd() > 2);
        let number = u16::try_from(ours.into_raw_fd()).unwrap();
        assert_eq!(read(number).unwrap().expose_secret(), "ya29.token");
    }

    #[test]
    fn the_outputs_and_what_is_not_open_are_no_sources() {
        for number in [1, 2, 999] {
            assert!(read(number).is_err());
        }
    }
}
