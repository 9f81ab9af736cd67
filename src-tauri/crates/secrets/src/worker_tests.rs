#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::fake::Fake;
use std::time::{Duration, Instant};

/// For tests that wait for them; far from what a busy machine needs for the rest.
const SHORT: Limits = Limits { answer: Duration::from_millis(300), unlock: Duration::from_millis(1200) };

fn id() -> SecretId {
    SecretId("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())
}

fn keep(text: &str) -> Job {
    Job::Keep(id(), text.into())
}

async fn read(workers: &Workers) -> Result<Option<String>, SecretError> {
    let found = workers.ask(Job::Read(id())).await?;
    Ok(found.map(|secret| secret.expose_secret().to_owned()))
}

async fn eventually(what: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !what() {
        assert!(Instant::now() < end, "did not come true in time");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn workers() -> (Fake, Workers) {
    let fake = Fake::default();
    let workers = Workers::new(fake.open(), Limits::default());
    (fake, workers)
}

fn impatient() -> (Fake, Workers) {
    let fake = Fake::default();
    let workers = Workers::new(fake.open(), SHORT);
    (fake, workers)
}

#[tokio::test]
async fn a_kept_secret_is_read_and_forgotten() {
    let (_, workers) = workers();
    workers.ask(keep("token")).await.unwrap();
    assert_eq!(read(&workers).await, Ok(Some("token".to_owned())));
    workers.ask(Job::Forget(id())).await.unwrap();
    assert_eq!(read(&workers).await, Ok(None));
    workers.ask(Job::Forget(id())).await.unwrap();
}

#[tokio::test]
async fn a_keyring_that_does_not_answer_is_silent_and_the_next_request_gets_a_new_thread() {
    let (fake, workers) = impatient();
    fake.with(|m| m.stuck = Some("get"));
    let start = Instant::now();
    assert_eq!(read(&workers).await, Err(SecretError::Silent));
    assert!(start.elapsed() < SHORT.unlock);
    workers.ask(Job::State).await.unwrap();
    assert_eq!(fake.with(|m| m.opened), 2);
}

#[tokio::test]
async fn an_unlock_prompt_gets_the_longer_limit() {
    let (fake, workers) = impatient();
    fake.with(|m| {
        m.locked = true;
        m.stuck = Some("unlock");
        m.entries.insert(id().to_string(), b"token".to_vec());
    });
    let person = fake.clone();
    std::thread::spawn(move || {
        std::thread::sleep(SHORT.answer * 2);
        person.with(|m| m.stuck = None);
    });
    assert_eq!(read(&workers).await, Ok(Some("token".to_owned())));
}

#[tokio::test]
async fn a_prompt_that_nobody_answers_ends_as_locked() {
    let (fake, workers) = impatient();
    fake.with(|m| (m.locked, m.stuck) = (true, Some("unlock")));
    let start = Instant::now();
    assert_eq!(read(&workers).await, Err(SecretError::Locked));
    assert!(start.elapsed() >= SHORT.unlock);
}

#[tokio::test]
async fn nothing_is_written_by_a_prompt_answered_too_late() {
    let (fake, workers) = impatient();
    fake.with(|m| (m.locked, m.stuck) = (true, Some("unlock")));
    assert_eq!(workers.ask(keep("late")).await.unwrap_err(), SecretError::Locked);
    fake.with(|m| m.stuck = None);
    eventually(|| fake.with(|m| !m.locked)).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(fake.with(|m| m.entries.len()), 0);
}

#[tokio::test]
async fn a_write_that_ends_too_late_is_undone() {
    let (fake, workers) = impatient();
    fake.with(|m| m.stuck = Some("put"));
    assert_eq!(workers.ask(keep("late")).await.unwrap_err(), SecretError::Silent);
    // Held back, so that the test can see the late write before it is undone.
    fake.with(|m| m.stuck = Some("delete"));
    eventually(|| fake.with(|m| m.entries.len() == 1)).await;
    fake.with(|m| m.stuck = None);
    eventually(|| fake.with(|m| m.entries.is_empty())).await;
}

#[tokio::test]
async fn a_late_write_is_not_undone_under_a_newer_one() {
    let (fake, workers) = impatient();
    fake.with(|m| m.stuck = Some("put"));
    assert_eq!(workers.ask(keep("late")).await.unwrap_err(), SecretError::Silent);
    let newer = async {
        // The newer one has asked; now both writes go on, and an undoing one would have to wait.
        tokio::time::sleep(Duration::from_millis(20)).await;
        fake.with(|m| m.stuck = Some("delete"));
    };
    let (kept, ()) = tokio::join!(workers.ask(keep("newer")), newer);
    kept.unwrap();
    fake.with(|m| m.stuck = None);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(fake.with(|m| m.entries.contains_key(&id().to_string())));
}

#[tokio::test]
async fn a_late_write_is_undone_even_if_the_secret_was_forgotten_meanwhile() {
    let (fake, workers) = impatient();
    fake.with(|m| m.stuck = Some("put"));
    assert_eq!(workers.ask(keep("late")).await.unwrap_err(), SecretError::Silent);
    workers.ask(Job::Forget(id())).await.unwrap();
    fake.with(|m| m.stuck = Some("delete"));
    eventually(|| fake.with(|m| m.entries.len() == 1)).await;
    fake.with(|m| m.stuck = None);
    eventually(|| fake.with(|m| m.entries.is_empty())).await;
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_nothing_behind() {
    let (fake, workers) = workers();
    fake.with(|m| m.stuck = Some("put"));
    let gone = timeout(Duration::from_millis(20), workers.ask(keep("unwanted"))).await;
    assert!(gone.is_err());
    fake.with(|m| m.stuck = None);
    workers.ask(Job::State).await.unwrap();
    assert_eq!(fake.with(|m| m.entries.len()), 0);
}

#[tokio::test]
async fn a_dead_connection_is_replaced_once() {
    let (fake, workers) = workers();
    workers.ask(keep("token")).await.unwrap();
    fake.with(|m| m.stale = 1);
    assert_eq!(read(&workers).await, Ok(Some("token".to_owned())));
    assert_eq!(fake.with(|m| m.opened), 2);
    fake.with(|m| m.stale = 2);
    assert_eq!(read(&workers).await, Err(SecretError::Failed));
}

#[tokio::test]
async fn looking_at_the_state_never_asks_a_person() {
    let (fake, workers) = workers();
    fake.with(|m| m.locked = true);
    assert_eq!(workers.ask(Job::State).await.unwrap_err(), SecretError::Locked);
    assert!(fake.with(|m| m.locked));
}

#[tokio::test]
async fn a_keyring_with_no_room_takes_nothing_but_can_be_read() {
    let (fake, workers) = workers();
    fake.with(|m| m.no_room = true);
    assert_eq!(workers.ask(Job::State).await.unwrap_err(), SecretError::NoCollection);
    assert_eq!(workers.ask(keep("token")).await.unwrap_err(), SecretError::NoCollection);
    assert_eq!(read(&workers).await, Ok(None));
    workers.ask(Job::Forget(id())).await.unwrap();
}

#[tokio::test]
async fn an_entry_that_is_no_text_fails_without_showing_it() {
    let (fake, workers) = workers();
    fake.with(|m| m.entries.insert(id().to_string(), vec![0xff, 0xfe]));
    assert_eq!(read(&workers).await, Err(SecretError::Failed));
}

#[tokio::test]
async fn a_thread_that_panics_is_replaced() {
    let (fake, workers) = workers();
    fake.with(|m| m.most = Some(3));
    // The fake refuses an entry over its limit by a panic, and a header is longer than three bytes.
    assert_eq!(workers.ask(keep("longer than three")).await.unwrap_err(), SecretError::Failed);
    fake.with(|m| m.most = None);
    workers.ask(keep("longer than three")).await.unwrap();
}

#[test]
fn a_stuck_keyring_does_not_keep_the_runtime_from_ending() {
    let fake = Fake::default();
    fake.with(|m| m.stuck = Some("door"));
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let workers = Workers::new(fake.open(), SHORT);
    assert_eq!(runtime.block_on(workers.ask(Job::State)).unwrap_err(), SecretError::Silent);
    drop(runtime);
    assert!(start.elapsed() < SHORT.unlock);
}
