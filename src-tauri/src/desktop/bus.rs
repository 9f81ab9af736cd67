//! The session bus.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use zbus::Connection;
use zbus::blocking::MessageIterator;
use zbus::message::Message;
use zbus::names::BusName;
use zbus::zvariant::DynamicType;

/// How long somebody on the bus may think before they count as not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// One connection, made when it is first needed, and made again after it broke.
#[derive(Default)]
pub(crate) struct Bus(Mutex<Option<Connection>>);

impl Bus {
    /// Calls a method. None: no bus, nobody there, no answer in time, or a refusal.
    pub(crate) async fn call<B>(&self, (name, path): (&str, &str), method: &str, body: &B) -> Option<Message>
    where
        B: serde::Serialize + DynamicType,
    {
        let connection = self.connection().await?;
        let call = connection.call_method(Some(name), path, Some(name), method, body);
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(zbus::Error::MethodError(error, ..))) => {
                tracing::debug!(%error, name, method, "refused on the bus");
                None
            }
            Ok(Err(error)) => {
                tracing::info!(%error, "the session bus is gone");
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
                None
            }
            Err(_) => {
                tracing::info!(name, method, "no answer on the bus");
                None
            }
        }
    }

    /// Whether somebody on the bus has this name now. Nobody is started for it.
    pub(crate) async fn has(&self, name: &str) -> bool {
        let Ok(name) = BusName::try_from(name) else { return false };
        let this = ("org.freedesktop.DBus", "/org/freedesktop/DBus");
        let answer = self.call(this, "NameHasOwner", &name).await;
        answer.and_then(|answer| answer.body().deserialize().ok()).unwrap_or(false)
    }

    /// Hears all signals of an interface, on a thread of its own, until the connection breaks. True: it is heard.
    pub(crate) async fn hear(&self, interface: &'static str, mut heard: impl FnMut(&Message) + Send + 'static) -> bool {
        let Some(connection) = self.connection().await else { return false };
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let rule = zbus::MatchRule::builder().msg_type(zbus::message::Type::Signal).interface(interface);
            let Ok(rule) = rule.map(|rule| rule.build()) else { return };
            let Ok(signals) = MessageIterator::for_match_rule(rule, &connection.into(), None) else { return };
            // Nobody waits any more if this took too long; the signals are heard all the same.
            let _ = ready.send(());
            signals.map_while(Result::ok).for_each(|signal| heard(&signal));
        });
        matches!(tokio::time::timeout(PATIENCE, is_ready).await, Ok(Ok(())))
    }

    /// The connection there is, so that what hangs on it can tell when it is another one.
    pub(crate) async fn connection(&self) -> Option<Connection> {
        let there = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if there.is_some() {
            return there;
        }
        let made = tokio::time::timeout(PATIENCE, Connection::session()).await.ok()?.ok()?;
        Some(self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(made).clone())
    }
}
