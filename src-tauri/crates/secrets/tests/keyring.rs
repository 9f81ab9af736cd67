//! The adapter against a real keyring daemon on a bus of its own.
//!
//! The bus address is part of a process's environment, so each test runs itself once more as a child on
//! a private bus. That bus has no service folders: nothing can be started on it behind the test's back.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a helper that can't go on fails its test")]

mod desk;

use desk::{Daemon, on_a_private_bus};
use secrecy::ExposeSecret;
use std::process::Command;
use std::time::{Duration, Instant};
use uncouple_domain::SecretId;
use uncouple_engine::ports::{Keep, SecretError, SecretStore};
use uncouple_secrets::{Keyring, Limits, SERVICE};

fn id(last: u8) -> SecretId {
    SecretId(format!("01890a5d-ac96-774b-bcce-b302099a80{last:02x}").parse().unwrap())
}

fn keyring() -> Keyring {
    Keyring::new(Limits { answer: Duration::from_secs(5), unlock: Duration::from_secs(6) })
}

async fn read(keyring: &Keyring, id: SecretId) -> Result<Option<String>, SecretError> {
    let found = keyring.read(id, Keep::Keyring).await?;
    Ok(found.map(|secret| secret.expose_secret().to_owned()))
}

/// What another program sees.
fn looked_up(id: SecretId) -> String {
    let id = id.to_string();
    let out = Command::new("secret-tool").args(["lookup", "service", SERVICE, "username", &id]).output().unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn a_secret_is_kept_where_other_programs_find_it_and_forgotten_for_them_too() {
    on_a_private_bus(|desk| async move {
        let _daemon = Daemon::unlocked(&desk, "password");
        let keyring = keyring();
        keyring.state().await.unwrap();
        assert_eq!(read(&keyring, id(1)).await, Ok(None));

        keyring.keep(id(1), "första".into(), Keep::Keyring).await.unwrap();
        keyring.keep(id(1), "トークン".into(), Keep::Keyring).await.unwrap();
        keyring.keep(id(2), "other".into(), Keep::Keyring).await.unwrap();
        assert_eq!(read(&keyring, id(1)).await, Ok(Some("トークン".to_owned())));
        assert_eq!(looked_up(id(1)), "トークン");

        keyring.forget(id(1), Keep::Keyring).await.unwrap();
        assert_eq!(read(&keyring, id(1)).await, Ok(None));
        assert_eq!(looked_up(id(1)), "");
        assert_eq!(read(&keyring, id(2)).await, Ok(Some("other".to_owned())));
    });
}

#[test]
fn forgetting_what_is_not_there_is_fine() {
    on_a_private_bus(|desk| async move {
        let _daemon = Daemon::unlocked(&desk, "password");
        keyring().forget(id(1), Keep::Keyring).await.unwrap();
    });
}

#[test]
fn forgetting_deletes_every_entry_of_that_name() {
    on_a_private_bus(|desk| async move {
        let _daemon = Daemon::unlocked(&desk, "password");
        let keyring = keyring();
        keyring.keep(id(1), "ours".into(), Keep::Keyring).await.unwrap();
        // A further attribute makes it a second entry that our two attributes match as well.
        desk::store(&[("service", SERVICE), ("username", &id(1).to_string()), ("copy", "yes")], "a copy");
        assert_eq!(read(&keyring, id(1)).await, Err(SecretError::Failed));

        keyring.forget(id(1), Keep::Keyring).await.unwrap();
        assert_eq!(looked_up(id(1)), "");
        assert_eq!(read(&keyring, id(1)).await, Ok(None));
    });
}

#[test]
fn a_locked_keyring_that_nobody_unlocks_is_said_to_be_locked() {
    on_a_private_bus(|desk| async move {
        let daemon = Daemon::unlocked(&desk, "password");
        keyring().keep(id(1), "token".into(), Keep::Keyring).await.unwrap();
        drop(daemon);

        let _daemon = Daemon::unlocked(&desk, "another password");
        let keyring = keyring();
        assert_eq!(keyring.state().await, Err(SecretError::Locked));
        assert_eq!(read(&keyring, id(1)).await, Err(SecretError::Locked));
        assert_eq!(keyring.keep(id(2), "token".into(), Keep::Keyring).await, Err(SecretError::Locked));
        assert_eq!(keyring.forget(id(1), Keep::Keyring).await, Err(SecretError::Locked));
    });
}

#[test]
fn a_desktop_without_a_keyring_is_said_to_have_none() {
    on_a_private_bus(|_| async move {
        let keyring = keyring();
        let start = Instant::now();
        assert_eq!(keyring.state().await, Err(SecretError::Absent));
        assert_eq!(keyring.keep(id(1), "token".into(), Keep::Keyring).await, Err(SecretError::Absent));
        assert_eq!(read(&keyring, id(1)).await, Err(SecretError::Absent));
        assert!(start.elapsed() < Duration::from_secs(5));
    });
}

#[test]
fn a_keyring_that_was_never_given_a_password_has_no_room() {
    on_a_private_bus(|desk| async move {
        let _daemon = Daemon::without_password(&desk);
        let keyring = keyring();
        assert_eq!(keyring.state().await, Err(SecretError::NoCollection));
        assert_eq!(keyring.keep(id(1), "token".into(), Keep::Keyring).await, Err(SecretError::NoCollection));
        assert_eq!(read(&keyring, id(1)).await, Ok(None));
        keyring.forget(id(1), Keep::Keyring).await.unwrap();
    });
}

#[test]
fn a_keyring_that_restarts_is_used_again_by_the_same_adapter() {
    on_a_private_bus(|desk| async move {
        let daemon = Daemon::unlocked(&desk, "password");
        let keyring = keyring();
        keyring.keep(id(1), "token".into(), Keep::Keyring).await.unwrap();

        drop(daemon);
        assert_eq!(read(&keyring, id(1)).await, Err(SecretError::Absent));

        let _daemon = Daemon::unlocked(&desk, "password");
        assert_eq!(read(&keyring, id(1)).await, Ok(Some("token".to_owned())));
        keyring.keep(id(2), "again".into(), Keep::Keyring).await.unwrap();
        assert_eq!(looked_up(id(2)), "again");
    });
}

#[test]
fn a_keyring_that_restarts_between_two_requests_is_not_noticed() {
    on_a_private_bus(|desk| async move {
        let daemon = Daemon::unlocked(&desk, "password");
        let keyring = keyring();
        keyring.keep(id(1), "token".into(), Keep::Keyring).await.unwrap();
        drop(daemon);
        let _daemon = Daemon::unlocked(&desk, "password");
        assert_eq!(read(&keyring, id(1)).await, Ok(Some("token".to_owned())));
    });
}

#[test]
fn a_stopped_keyring_is_silent_and_leaves_nothing_of_a_late_write() {
    on_a_private_bus(|desk| async move {
        let daemon = Daemon::unlocked(&desk, "password");
        let impatient = Keyring::new(Limits { answer: Duration::from_millis(800), unlock: Duration::from_secs(3) });
        // Connected before the daemon stops, so that the write itself is what comes late.
        let ready = async { while impatient.state().await.is_err() {} };
        tokio::time::timeout(Duration::from_secs(20), ready).await.unwrap();

        daemon.signal("STOP");
        assert_eq!(impatient.keep(id(1), "late".into(), Keep::Keyring).await, Err(SecretError::Silent));
        daemon.signal("CONT");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(looked_up(id(1)), "");
        keyring().keep(id(1), "token".into(), Keep::Keyring).await.unwrap();
        assert_eq!(looked_up(id(1)), "token");
    });
}

#[tokio::test]
async fn a_secret_kept_for_this_run_never_reaches_the_keyring() {
    let keyring = keyring();
    keyring.keep(id(1), "token".into(), Keep::ThisRun).await.unwrap();
    let found = keyring.read(id(1), Keep::ThisRun).await.unwrap();
    assert_eq!(found.map(|secret| secret.expose_secret().to_owned()), Some("token".to_owned()));
    keyring.forget(id(1), Keep::ThisRun).await.unwrap();
    assert!(keyring.read(id(1), Keep::ThisRun).await.unwrap().is_none());
    keyring.forget(id(1), Keep::ThisRun).await.unwrap();
}

#[tokio::test]
async fn nothing_of_a_secret_is_shown_for_debugging() {
    let keyring = keyring();
    keyring.keep(id(1), "do-not-show".into(), Keep::ThisRun).await.unwrap();
    assert!(!format!("{keyring:?}").contains("do-not-show"));
}
