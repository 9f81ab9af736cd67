//! What comes with time, on a clock that the test moves: the digest, and a job that was put off.

use crate::app::App;
use serde_json::json;
use uncouple_desk::{Desk, Keyring};

/// Notices that pop up at any hour of the day.
fn always() -> serde_json::Value {
    json!({ "disconnected": true, "lost": true, "asked": true, "reminders": true,
        "digest_at": "00:00", "quiet_from": null, "quiet_to": null })
}

#[tokio::test]
async fn the_digest_comes_daily_and_a_job_put_off_on_its_day() {
    let mut desk = Desk::new(Keyring::None).unwrap();
    desk.set_notifications(true).unwrap();
    let app = App::on("en", desk).await.unwrap().begun().await.unwrap();
    let address = "hanako@example.co.jp";
    app.track(address, "google", "").await.unwrap();
    app.disable(address).await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.step_is("remove_from_crm", "done").await.unwrap();
    app.invoke("save_notice_settings", json!({ "notices": always() })).await.unwrap();
    let digest = app.desk.wait_notification(1).await.unwrap();
    assert_eq!(digest.summary, "1 job has steps left");

    app.window.click("job-remind").await.unwrap();
    app.window.click("remind-1").await.unwrap();
    app.window.says("disconnect-card", "postponed until tomorrow 09:00").await.unwrap();
    app.clock(48).unwrap();
    // A change of any kind makes the app look at the clock at once; else it does twice a minute.
    app.invoke("rename_me", json!({ "name": "Hanako" })).await.unwrap();
    let reminder = app.desk.wait_notification(2).await.unwrap();
    assert!(reminder.summary.contains(address), "{reminder:?}");

    app.clock(72).unwrap();
    app.invoke("rename_me", json!({ "name": "Hanako S." })).await.unwrap();
    let digest = app.desk.wait_notification(3).await.unwrap();
    assert_eq!(digest.summary, "1 job has steps left");
    app.clock(48).unwrap();
    app.invoke("rename_me", json!({ "name": "Hanako Sato" })).await.unwrap();
    app.window.find("css:[data-testid=nav-profile][title*='Hanako Sato']").await.unwrap();
    assert_eq!(app.desk.notifications().len(), 3, "a clock set back brings nothing twice");
    // The list has all of it, newest first.
    app.window.click("nav-notices").await.unwrap();
    app.window.find("css:li:first-child [data-testid=notice-row][data-kind=digest]").await.unwrap();
    app.window.find("css:[data-testid=notice-row][data-kind=reminder]").await.unwrap();
}

#[tokio::test]
async fn without_a_notification_server_the_settings_say_so_and_the_list_goes_on() {
    let app = App::empty("ja").await.unwrap();
    let address = "hanako@example.co.jp";
    app.track(address, "google", "").await.unwrap();
    app.disable(address).await.unwrap();
    app.window.click("confirm-both").await.unwrap();
    app.invoke("save_notice_settings", json!({ "notices": always() })).await.unwrap();
    app.window.click("side-notices").await.unwrap();
    app.window.find("css:[data-testid=popups-state][data-popups=false]").await.unwrap();
    app.window.click("nav-notices").await.unwrap();
    app.window.find("notices-list-only").await.unwrap();
    app.window.find("css:[data-testid=notice-row][data-kind=removed]").await.unwrap();
    app.window.find("css:[data-testid=notice-row][data-kind=digest]").await.unwrap();
}
