//! The notification server of a Linux desktop, after the Desktop Notifications Specification.

use super::bus::Bus;
use super::words::{Words, escaped};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::zvariant::Value;

/// The bus name, which is the interface as well, and the object.
const SERVER: (&str, &str) = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications");

/// The one who shows notifications, whoever that is.
///
/// This speaks to the server itself. The window library's plugin says "shown" without looking whether anybody is
/// there, can't be asked what the server renders, and puts a script into the page that calls what the page must not.
pub(crate) struct Server {
    bus: Arc<Bus>,
    clicked: Arc<dyn Fn(u32) + Send + Sync>,
    /// The connection on which clicks are heard: servers tell them only to the one that sent the notification.
    heard_on: Mutex<Option<String>>,
}

impl Server {
    pub(crate) fn new(bus: Arc<Bus>, clicked: impl Fn(u32) + Send + Sync + 'static) -> Self {
        Self { bus, clicked: Arc::new(clicked), heard_on: Mutex::default() }
    }

    /// Whether somebody shows notifications now: really asked, with a time limit.
    pub(crate) async fn ready(&self) -> bool {
        self.capabilities().await.is_some()
    }

    async fn capabilities(&self) -> Option<Vec<String>> {
        self.bus.call(SERVER, "GetCapabilities", &()).await?.body().deserialize().ok()
    }

    /// Shows it. None: nobody took it; else the server's number for it.
    pub(crate) async fn show(&self, words: &Words, open: &str) -> Option<u32> {
        let renders = self.capabilities().await?.iter().any(|one| one == "body-markup");
        // Only the text may hold markup, and only where the server says so; the title is plain everywhere.
        let text = if renders { escaped(&words.text) } else { words.text.clone() };
        self.hear().await;
        let hints = HashMap::from([("desktop-entry", Value::from("Uncouple"))]);
        let actions = ["default", open];
        let notice = ("Uncouple", 0_u32, "uncouple", &words.title, text, actions.as_slice(), hints, -1_i32);
        self.bus.call(SERVER, "Notify", &notice).await?.body().deserialize().ok()
    }

    /// Takes it away again. One that is gone already is just as good.
    pub(crate) async fn close(&self, shown: u32) {
        self.bus.call(SERVER, "CloseNotification", &shown).await;
    }

    /// Hears clicks on this connection, if that is not so yet.
    async fn hear(&self) {
        let Some(connection) = self.bus.connection().await else { return };
        let name = connection.unique_name().map(ToString::to_string);
        let before =
            std::mem::replace(&mut *self.heard_on.lock().unwrap_or_else(PoisonError::into_inner), name.clone());
        if before == name {
            return;
        }
        let clicked = Arc::clone(&self.clicked);
        let hears = self.bus.hear(SERVER.0, move |signal| {
            let click = signal.header().member().is_some_and(|member| member.as_str() == "ActionInvoked");
            if let (true, Ok((shown, _action))) = (click, signal.body().deserialize::<(u32, String)>()) {
                clicked(shown);
            }
        });
        if !hears.await {
            tracing::warn!("clicks on notifications are not heard");
            *self.heard_on.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}
