//! Signals: the first one stops the work in an orderly way, the second one ends the process.

use crate::failure::Status;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::watch;

/// Listens for signals from its beginning to the end of the process.
#[derive(Debug)]
pub(crate) struct Stops {
    asked: watch::Receiver<bool>,
    orderly: Arc<AtomicBool>,
}

impl Stops {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        let (ask, asked) = watch::channel(false);
        let orderly = Arc::new(AtomicBool::new(true));
        let wanted = Arc::clone(&orderly);
        // Registered here and now: what comes before the task begins is not lost.
        let signals = Signals::listen();
        tokio::spawn(async move {
            // Where none can be listened for, they do what they always do.
            let Ok(mut signals) = signals else { return };
            while signals.next().await.is_some() {
                let first = !ask.send_replace(true);
                if !first || !wanted.load(Ordering::Relaxed) {
                    std::process::exit(i32::from(Status::Paused.number()));
                }
            }
        });
        Self { asked, orderly }
    }

    /// Returns when a stop was asked for.
    pub(crate) async fn asked(&mut self) {
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether a stop was asked for.
    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// The work is over: from now on one signal is enough.
    pub(crate) fn work_is_over(&self) {
        self.orderly.store(false, Ordering::Relaxed);
    }
}

/// The signals that a stop is asked for with.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// The terminal is gone, as when a session over the network ends.
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one. None: there will be no more.
    async fn next(&mut self) -> Option<()> {
        tokio::select! {
            got = self.interrupt.recv() => got,
            got = self.terminate.recv() => got,
            got = self.hang_up.recv() => got,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Option<()> {
        tokio::signal::ctrl_c().await.ok()
    }
}
