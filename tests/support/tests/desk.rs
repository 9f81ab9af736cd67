//! The desk does what the tests rely on. No window here: those are opened by the tests of the app.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::HashMap;
use std::process::Stdio;

use uncouple_desk::{Desk, Keyring};

fn keep(desk: &Desk, secret: &str) -> bool {
    desk.command("sh")
        .args(["-c", &format!("printf '{secret}' | timeout 3 secret-tool store --label=test service desk")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
fn an_open_keyring_keeps_secrets_across_its_own_restart() {
    let mut desk = Desk::new(Keyring::Unlocked).unwrap();
    assert!(keep(&desk, "sesame"));
    assert_eq!(desk.secret(&[("service", "desk")]).as_deref(), Some("sesame"));
    desk.set_keyring(Keyring::None).unwrap();
    assert_eq!(desk.secret(&[("service", "desk")]), None);
    desk.set_keyring(Keyring::Unlocked).unwrap();
    assert_eq!(desk.secret(&[("service", "desk")]).as_deref(), Some("sesame"));
}

#[test]
fn a_locked_keyring_and_a_missing_one_keep_nothing() {
    let mut desk = Desk::new(Keyring::Locked).unwrap();
    assert!(!keep(&desk, "sesame"));
    desk.set_keyring(Keyring::None).unwrap();
    assert!(!keep(&desk, "sesame"));
}

#[test]
fn a_frozen_keyring_answers_nobody_until_it_thaws() {
    let desk = Desk::new(Keyring::Unlocked).unwrap();
    desk.freeze_keyring(true).unwrap();
    assert!(!keep(&desk, "sesame"));
    desk.freeze_keyring(false).unwrap();
    assert!(keep(&desk, "sesame"));
}

/// Sends a notification as any program would. None: nobody takes it.
fn notify(bus: &zbus::blocking::Connection, summary: &str, body: &str) -> Option<u32> {
    let hints = HashMap::<&str, zbus::zvariant::Value<'_>>::new();
    let words = ("desk", 0_u32, "", summary, body, ["default", "open"].as_slice(), hints, -1_i32);
    let name = "org.freedesktop.Notifications";
    let sent = bus.call_method(Some(name), "/org/freedesktop/Notifications", Some(name), "Notify", &words);
    sent.ok()?.body().deserialize().ok()
}

#[tokio::test]
async fn pop_ups_are_written_down_clicked_and_taken_away() {
    let mut desk = Desk::new(Keyring::None).unwrap();
    // The server tells a program of clicks for as long as it is on the bus.
    let bus = desk.bus().unwrap();
    assert_eq!(notify(&bus, "nobody", "listens"), None, "a desk begins without a notification server");
    desk.set_notifications(true).unwrap();
    notify(&bus, "切断通知", "<b>one</b> &amp; two\nthree").unwrap();
    notify(&bus, "second", "text").unwrap();
    let first = desk.wait_notification(1).await.unwrap();
    assert_eq!((first.app.as_str(), first.summary.as_str()), ("desk", "切断通知"));
    assert_eq!(first.body, "<b>one</b> &amp; two\nthree");
    let second = desk.wait_notification(2).await.unwrap();
    assert_eq!(desk.wait_displayed(2).await.unwrap(), [first.clone(), second.clone()]);
    desk.click_notification(&second).await.unwrap();
    assert_eq!(desk.wait_displayed(1).await.unwrap(), [first]);
    assert!(desk.click_notification(&second).await.is_err(), "it is not there any more");
    desk.set_notifications(false).unwrap();
    assert!(desk.displayed().is_err());
}

#[test]
fn a_tray_is_there_only_if_asked_for() {
    let mut desk = Desk::new(Keyring::None).unwrap();
    let there = |desk: &Desk| {
        let watcher = ["--session", "--print-reply=literal", "--dest=org.kde.StatusNotifierWatcher"];
        let ask = ["/StatusNotifierWatcher", "org.freedesktop.DBus.Peer.Ping"];
        desk.command("dbus-send").args(watcher).args(ask).stderr(Stdio::null()).status().unwrap().success()
    };
    assert!(!there(&desk));
    desk.set_tray(true).unwrap();
    assert!(there(&desk));
    assert!(desk.tray_menu().is_err(), "no icon in it yet");
    desk.set_tray(false).unwrap();
    assert!(!there(&desk));
}

#[tokio::test]
async fn the_browser_writes_down_what_it_is_asked_to_open() {
    let desk = Desk::new(Keyring::None).unwrap();
    let open = |address: &str| desk.command("xdg-open").arg(address).status().is_ok_and(|status| status.success());
    assert!(open("https://example.com/?q=日本&x='1'"));
    assert!(open("https://example.com/2"));
    assert_eq!(desk.wait_opened(1).await.unwrap(), "https://example.com/?q=日本&x='1'");
    assert_eq!(desk.opened().len(), 2);
}

#[test]
fn nothing_is_left_when_a_desk_is_gone() {
    let mut desk = Desk::new(Keyring::Unlocked).unwrap();
    desk.set_notifications(true).unwrap();
    let (folder, processes) = (desk.folder().to_path_buf(), desk.processes());
    assert_eq!(processes.len(), 4);
    drop(desk);
    assert!(!folder.exists());
    for process in processes {
        assert!(!std::path::Path::new(&format!("/proc/{process}")).exists());
    }
}

#[test]
fn nothing_of_the_surroundings_reaches_a_desk() {
    let desk = Desk::new(Keyring::None).unwrap();
    let output = desk.command("env").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains("CARGO"), "{text}");
    let foreign = text
        .lines()
        .filter(|line| line.starts_with("XDG_") || line.starts_with("HOME="))
        .find(|line| !line.contains(desk.folder().to_str().unwrap()));
    assert_eq!(foreign, None);
}
