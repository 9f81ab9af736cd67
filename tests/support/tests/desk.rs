//! The desk does what the tests rely on. No window here: those are opened by the tests of the app.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

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
    let desk = Desk::new(Keyring::Unlocked).unwrap();
    let (folder, processes) = (desk.folder().to_path_buf(), desk.processes());
    assert_eq!(processes.len(), 3);
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
