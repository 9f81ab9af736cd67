//! Notices as pop-ups on the desktop, and the way from a click on one to the place that it is about.

use super::server::Server;
use super::words;
use crate::session::Session;
use crate::window;
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tauri::{AppHandle, Emitter, Manager};
use uncouple_domain::NoticeId;
use uncouple_engine::Engine;
use uncouple_engine::ports::{NoNotifier, Notifier, PopUp};
use uncouple_engine::view::PlaceView;

/// Tells the window to show a place.
const GO_TO: &str = "go-to";

/// A notice on the screen, and the workspace it is of: each workspace numbers its own.
struct Shown {
    engine: Weak<Engine>,
    notice: NoticeId,
}

type OnScreen = Arc<Mutex<HashMap<u32, Shown>>>;

/// The pop-ups of this process.
///
/// What works, tried with dunst on a bus of its own (`tests/flows`): it says so when nobody shows notifications; the
/// title and the text come with names escaped and isolated; a click opens the place in the window; one that is no
/// longer true is taken off the screen. On macOS and Windows nothing can be taken off, and a click counts only while
/// the notification is on the screen; neither was tried.
pub(crate) struct PopUps {
    server: Server,
    on_screen: OnScreen,
}

impl PopUps {
    /// Sets them up for one app. Nobody is asked yet.
    pub(crate) fn new(app: &AppHandle, #[cfg(target_os = "linux")] bus: Arc<super::bus::Bus>) -> Self {
        let on_screen = OnScreen::default();
        #[cfg(not(target_os = "linux"))]
        let on = app.clone();
        let (app, known) = (app.clone(), Arc::clone(&on_screen));
        let clicked = move |number: u32| {
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(Shown { engine, notice }) = known.get(&number) else { return };
            tauri::async_runtime::spawn(open(app.clone(), engine.clone(), *notice));
        };
        #[cfg(target_os = "linux")]
        let server = Server::new(bus, clicked);
        #[cfg(not(target_os = "linux"))]
        let server = Server::new(&on, clicked);
        Self { server, on_screen }
    }

    /// Whether somebody shows notifications now.
    pub(crate) async fn ready(&self) -> bool {
        self.server.ready().await
    }
}

/// The pop-ups of one workspace: the engine's port.
pub(crate) struct OfWorkspace<'a>(pub(crate) &'a PopUps, pub(crate) &'a Arc<Engine>);

#[async_trait]
impl Notifier for OfWorkspace<'_> {
    async fn ready(&self) -> bool {
        self.0.ready().await
    }

    async fn show(&self, pop_up: &PopUp) -> Result<(), NoNotifier> {
        let open = words::say(pop_up.language, "popup_open", &[]);
        let number = self.0.server.show(&words::pop_up(pop_up), &open).await.ok_or(NoNotifier)?;
        let shown = Shown { engine: Arc::downgrade(self.1), notice: pop_up.notice };
        self.0.on_screen.lock().unwrap_or_else(PoisonError::into_inner).insert(number, shown);
        Ok(())
    }

    async fn close(&self, notice: NoticeId) {
        let ours = Arc::downgrade(self.1);
        let numbers: Vec<u32> = {
            let mut on_screen = self.0.on_screen.lock().unwrap_or_else(PoisonError::into_inner);
            let of_it = |shown: &Shown| shown.notice == notice && shown.engine.ptr_eq(&ours);
            on_screen.extract_if(|_, shown| of_it(shown)).map(|(number, _)| number).collect()
        };
        for number in numbers {
            self.0.server.close(number).await;
        }
    }
}

/// Shows in the window what a pop-up is about. The window of another workspace only comes to the front.
async fn open(app: AppHandle, engine: Weak<Engine>, notice: NoticeId) {
    window::bring_to_front(&app);
    let Some(session) = app.try_state::<Session>() else { return };
    let (Ok(open), Some(engine)) = (session.engine().await, engine.upgrade()) else { return };
    if !Arc::ptr_eq(&open, &engine) {
        return;
    }
    // Somebody who clicked has read it; that it could not be written down is no reason not to go there.
    if let Err(error) = engine.read_notice(notice).await {
        tracing::info!(code = ?error.code, "a notice that was clicked stays unread");
    }
    match engine.place_of(notice).await {
        Ok(place) => go_to(&app, &place),
        Err(error) => tracing::info!(code = ?error.code, "a notice that was clicked leads nowhere"),
    }
}

/// Tells the window to show a place.
pub(crate) fn go_to(app: &AppHandle, place: &PlaceView) {
    if let Err(error) = app.emit(GO_TO, place) {
        tracing::warn!(%error, "the window was not told where to go");
    }
}
