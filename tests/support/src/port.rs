//! Ports for programs that can't choose one themselves.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

/// A port that no other desk on this machine takes while this value lives.
///
/// Asking the system for a free port and giving it on is a race between tests; a lock file per number is none. The
/// range lies below the one from which outgoing connections are served.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    pub(crate) fn take() -> Result<Self> {
        for number in 21_000..23_000_u16 {
            let name = std::env::temp_dir().join(format!("uncouple-desk-port-{number}"));
            // A file of somebody else's is as good as a lock held by them.
            let Ok(lock) = File::options().create(true).truncate(false).write(true).open(name) else { continue };
            if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Ok(Self { number, _lock: lock });
            }
        }
        bail!("no free port for a driver")
    }

    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

    use super::*;

    #[test]
    fn two_desks_never_share_a_port() {
        let (one, two) = (Port::take().unwrap(), Port::take().unwrap());
        assert_ne!(one.number(), two.number());
        let _busy = TcpListener::bind((Ipv4Addr::LOCALHOST, one.number())).unwrap();
        let number = one.number();
        drop(one);
        assert_ne!(Port::take().unwrap().number(), number, "somebody listens there");
    }
}
