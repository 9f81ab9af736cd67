//! The tray of a desk: what a panel is on the bus (a StatusNotifierWatcher), with a person who reads menus and clicks.
//!
//! There is no picture of it. Icons say on the bus that they are there, and their menus are served there as well, so
//! what a panel would show and do can be asked for and done without one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use zbus::blocking::{Connection, Proxy};
use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Value};

use crate::desk::Desk;

/// What a watcher is called on the bus.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// An icon: the connection that it belongs to, and where it is served there.
type Item = (String, String);

/// The watcher. On drop it leaves the bus, like a panel that ends.
#[derive(Debug)]
pub(crate) struct Tray {
    connection: Connection,
    items: Arc<Mutex<Vec<Item>>>,
}

struct Watcher(Arc<Mutex<Vec<Item>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Some say a name on the bus, others a path of their own connection.
        let item = if service.starts_with('/') {
            (sender, service.to_owned())
        } else {
            (service.to_owned(), "/StatusNotifierItem".to_owned())
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(item);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        items.iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// One entry of a menu, with those below it.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Tray {
    pub(crate) fn start(desk: &Desk) -> Result<Self> {
        let items = Arc::new(Mutex::new(Vec::new()));
        let connection = desk.bus()?;
        connection.object_server().at("/StatusNotifierWatcher", Watcher(Arc::clone(&items)))?;
        connection.request_name(WATCHER)?;
        Ok(Self { connection, items })
    }

    /// The menu of the newest icon whose program is still there.
    fn menu(&self) -> Result<Proxy<'static>> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (name, path) = items.last().cloned().context("no icon in the tray")?;
        let item = Proxy::new(&self.connection, name.clone(), path, "org.kde.StatusNotifierItem")?;
        let menu: zbus::zvariant::OwnedObjectPath = item.get_property("Menu")?;
        Ok(Proxy::new(&self.connection, name, menu, "com.canonical.dbusmenu")?)
    }

    fn entries(&self) -> Result<Vec<(i32, String)>> {
        let (_, (_, _, below)): (u32, Layout) = self.menu()?.call("GetLayout", &(0, 1, Vec::<String>::new()))?;
        let entries = below.into_iter().filter_map(|entry| {
            let (id, mut about, _) = Layout::try_from(entry).ok()?;
            let label = about.remove("label").and_then(|label| String::try_from(label).ok());
            // An underscore marks the key of an entry.
            label.map(|label| (id, label.replace('_', "")))
        });
        Ok(entries.collect())
    }
}

impl Desk {
    /// The labels of the menu of the app's icon in the tray, from top to bottom.
    ///
    /// # Errors
    /// When there is no tray, or no icon in it.
    pub fn tray_menu(&self) -> Result<Vec<String>> {
        let tray = self.tray.as_ref().context("there is no tray on this desk")?;
        Ok(tray.entries()?.into_iter().map(|(_, label)| label).collect())
    }

    /// Clicks on the entry of that menu with this label.
    ///
    /// # Errors
    /// When it has none.
    pub fn click_tray(&self, label: &str) -> Result<()> {
        let tray = self.tray.as_ref().context("there is no tray on this desk")?;
        let entries = tray.entries()?;
        let (id, _) = entries.iter().find(|(_, one)| one == label).with_context(|| format!("only {entries:?}"))?;
        Ok(tray.menu()?.call("Event", &(*id, "clicked", Value::from(0_i32), 0_u32))?)
    }
}
