//! What the app shows outside of its window, on a desk with a real notification server and a tray: pop-ups, the icon,
//! starting with the system, and the window's place.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use uncouple_desk::{Desk, Keyring, Shown, Start, Window, wait_for};

fn start(language: &str) -> Start {
    Start::new(env!("CARGO_BIN_EXE_uncouple")).env("UNCOUPLE_LANG", language)
}

/// What the backend answers to a command, past the screens.
async fn ask(window: &Window, command: &str, args: Value) -> Result<Value> {
    let script = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1])
            .then((ok) => done({ ok }), (error) => done({ error }));";
    let answer = window.run_async(script, vec![json!(command), args]).await?;
    match answer.get("ok") {
        Some(ok) => Ok(ok.clone()),
        None => anyhow::bail!("{command}: {answer}"),
    }
}

/// Writes down where the window is told to go.
async fn follow(window: &Window) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1];
        window.places = [];
        const handler = window.__TAURI_INTERNALS__.transformCallback((event) => window.places.push(event.payload));
        window.__TAURI_INTERNALS__.invoke('plugin:event|listen', { event: 'go-to', target: { kind: 'Any' }, handler })
            .then(() => done(true), (error) => done(`${error}`));";
    let follows = window.run_async(script, vec![]).await?;
    anyhow::ensure!(follows == json!(true), "{follows}");
    Ok(())
}

async fn place(window: &Window, count: usize) -> Result<Value> {
    let what = format!("place {count} to go to");
    wait_for(&what, async || Ok(window.run("return window.places", vec![]).await?.get(count - 1).cloned())).await
}

/// The sample, in which nothing pops up by itself.
async fn sample(window: &Window) -> Result<()> {
    window.find("welcome").await.ok();
    ask(window, "begin_sample", json!({})).await?;
    let settings = json!({ "disconnected": true, "lost": true, "asked": true, "reminders": true, "digest_at": null, "quiet_from": null, "quiet_to": null });
    ask(window, "save_notice_settings", json!({ "notices": settings })).await?;
    Ok(())
}

async fn member(window: &Window, name: &str) -> Result<String> {
    find(window, "/members", "name", name).await
}

async fn channel(window: &Window, address: &str) -> Result<String> {
    find(window, "/channels", "address", address).await
}

async fn find(window: &Window, list: &str, key: &str, value: &str) -> Result<String> {
    let overview = ask(window, "overview", json!({})).await?;
    let list = overview.pointer(list).and_then(Value::as_array).context("a list")?;
    let one = list.iter().find(|one| one[key] == json!(value)).with_context(|| format!("{value} in {list:?}"))?;
    Ok(one["id"].as_str().context("an id")?.to_owned())
}

/// Waits until something pops up under this title.
async fn popped_up(desk: &Desk, title: &str) -> Result<Shown> {
    let found = async || Ok(desk.notifications().into_iter().find(|shown| shown.summary.contains(title)));
    wait_for(title, found).await.with_context(|| format!("only {:?}", desk.notifications()))
}

#[tokio::test]
async fn a_click_on_a_pop_up_opens_what_it_is_about() -> Result<()> {
    let mut desk = Desk::new(Keyring::None)?;
    desk.set_notifications(true)?;
    let window = desk.start(start("ja")).await?;
    sample(&window).await?;
    follow(&window).await?;
    let (me, suzuki) = (member(&window, "佐藤 花子").await?, member(&window, "鈴木 一郎").await?);
    let name = "<b>佐藤</b> & Co";
    ask(&window, "change_member", json!({ "member": me, "name": name, "superAdmin": true, "language": null })).await?;
    let support = channel(&window, "support@example.co.jp").await?;
    let job = ask(&window, "delete_channel", json!({ "mailbox": support })).await?;
    ask(&window, "confirm_step", json!({ "disconnect": job, "step": "remove_from_crm" })).await?;
    ask(&window, "act_as", json!({ "member": suzuki })).await?;

    let shown = popped_up(&desk, "削除済みと記録").await?;
    assert_eq!(shown.app, "Uncouple");
    assert_eq!(shown.summary, "HubSpotから削除済みと記録：\u{2068}support@example.co.jp\u{2069}");
    assert!(shown.body.starts_with("\u{200e}\u{2068}&lt;b&gt;佐藤&lt;/b&gt; &amp; Co\u{2069}さんが"), "{}", shown.body);
    assert!(shown.body.contains("残りの手順"), "{}", shown.body);

    desk.click_notification(&shown).await?;
    let place = place(&window, 1).await?;
    assert_eq!((&place["screen"], &place["mailbox"], &place["job"]), (&json!("channels"), &json!(support), &job));
    let list = ask(&window, "notices", json!({})).await?;
    assert_eq!(list["unread"], json!(0), "{list}");

    // Another start on the same file, and nothing pops up again.
    ask(&window, "act_as", json!({ "member": me })).await?;
    ask(&window, "act_as", json!({ "member": suzuki })).await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(desk.notifications().iter().filter(|one| one.summary == shown.summary).count(), 1);
    window.quit().await
}

#[tokio::test]
async fn a_pop_up_that_is_no_longer_true_is_taken_away() -> Result<()> {
    let mut desk = Desk::new(Keyring::None)?;
    desk.set_notifications(true)?;
    let window = desk.start(start("en")).await?;
    sample(&window).await?;
    let suzuki = member(&window, "Ichiro Suzuki").await?;
    let support = channel(&window, "support@example.co.jp").await?;
    ask(&window, "report_lost", json!({ "mailbox": support })).await?;
    ask(&window, "act_as", json!({ "member": suzuki })).await?;
    let shown = popped_up(&desk, "Reported as disconnected in HubSpot").await?;
    assert!(shown.body.contains("Stated by \u{2068}Hanako Sato\u{2069}."), "{}", shown.body);
    let there = async |wanted: bool| {
        let what = format!("the pop-up to be there: {wanted}");
        wait_for(&what, async || Ok((desk.displayed()?.contains(&shown) == wanted).then_some(()))).await
    };
    there(true).await?;
    ask(&window, "confirm_reconnected", json!({ "mailbox": support })).await?;
    there(false).await?;
    window.quit().await
}

#[tokio::test]
async fn without_a_notification_server_the_list_goes_on() -> Result<()> {
    let mut desk = Desk::new(Keyring::None)?;
    let window = desk.start(start("en")).await?;
    sample(&window).await?;
    let seen = async || Ok::<_, anyhow::Error>(ask(&window, "desktop", json!({})).await?["popups"].clone());
    assert_eq!(seen().await?, json!(false));
    let support = channel(&window, "support@example.co.jp").await?;
    ask(&window, "report_lost", json!({ "mailbox": support })).await?;
    ask(&window, "act_as", json!({ "member": member(&window, "Ichiro Suzuki").await? })).await?;
    assert_eq!(ask(&window, "notices", json!({})).await?["unread"], json!(1));

    // What these changes set off is over before a server comes: one that is there for a moment would be handed the pop-up.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    // One that answers nobody counts as none, and holds nothing up for long.
    desk.set_notifications(true)?;
    desk.freeze_notifications(true)?;
    let asked = std::time::Instant::now();
    assert_eq!(seen().await?, json!(false));
    assert!(asked.elapsed() < std::time::Duration::from_secs(10));
    desk.freeze_notifications(false)?;
    assert_eq!(seen().await?, json!(true));
    // What came in the meantime was not lost.
    ask(&window, "rename_me", json!({ "name": "Ichiro" })).await?;
    popped_up(&desk, "Reported as disconnected in HubSpot").await?;
    window.quit().await
}

#[tokio::test]
async fn the_icon_in_the_tray_counts_leads_and_quits() -> Result<()> {
    let mut desk = Desk::new(Keyring::None)?;
    let window = desk.start(start("ja")).await?;
    sample(&window).await?;
    follow(&window).await?;
    let tray = async || Ok::<_, anyhow::Error>(ask(&window, "desktop", json!({})).await?["tray"].clone());
    assert_eq!(tray().await?, json!(false));
    // A panel that comes up after the app.
    desk.set_tray(true)?;
    ask(&window, "rename_me", json!({ "name": "花子" })).await?;
    let menu = wait_for("the menu", async || {
        let menu = desk.tray_menu()?;
        Ok(menu.contains(&"残りの手順を続ける".to_owned()).then_some(menu))
    })
    .await?;
    assert!(menu[0].starts_with("途中の作業：") && menu[0].ends_with('件'), "{menu:?}");
    assert_eq!(&menu[1..], ["残りの手順を続ける", "ウィンドウを表示", "終了"]);
    assert_eq!(tray().await?, json!(true));

    desk.click_tray("残りの手順を続ける")?;
    assert_eq!(place(&window, 1).await?, json!({ "screen": "email", "job": null, "mailbox": null }));
    ask(&window, "set_language", json!({ "language": "en" })).await?;
    wait_for("the other language", async || Ok(desk.tray_menu()?.contains(&"Quit".to_owned()).then_some(()))).await?;
    let app = window.process();
    desk.click_tray("Quit")?;
    let alive = || std::fs::read_to_string(format!("/proc/{app}/stat")).is_ok_and(|stat| !stat.contains(") Z"));
    wait_for("the app to end", async || Ok((!alive()).then_some(()))).await
}

#[tokio::test]
async fn starting_with_the_system_is_the_persons_choice() -> Result<()> {
    let desk = Desk::new(Keyring::None)?;
    let window = desk.start(start("en")).await?;
    let entry = desk.folder().join("config/autostart/uncouple.desktop");
    let on = async || Ok::<_, anyhow::Error>(ask(&window, "desktop", json!({})).await?["autostart"].clone());
    assert_eq!((on().await?, entry.exists()), (json!(false), false));
    ask(&window, "set_autostart", json!({ "on": true })).await?;
    assert_eq!(on().await?, json!(true));
    let text = std::fs::read_to_string(&entry)?;
    assert!(text.contains(concat!("Exec=\"", env!("CARGO_BIN_EXE_uncouple"), "\"\n")), "{text}");
    ask(&window, "set_autostart", json!({ "on": false })).await?;
    assert_eq!((on().await?, entry.exists()), (json!(false), false));
    // A folder that can't be written is said, and not more.
    std::fs::remove_dir(entry.parent().context("its folder")?)?;
    std::fs::write(entry.parent().context("its folder")?, "")?;
    let refused = ask(&window, "set_autostart", json!({ "on": true })).await.unwrap_err();
    assert!(refused.to_string().contains("autostart_failed"), "{refused}");
    window.quit().await
}

#[tokio::test]
async fn the_window_comes_back_as_big_as_it_was() -> Result<()> {
    let mut desk = Desk::new(Keyring::None)?;
    desk.set_tray(true)?;
    let size = async |window: &Window| window.run("return [window.outerWidth, window.outerHeight]", vec![]).await;
    let window = desk.start(start("en")).await?;
    window.resize(900, 640).await?;
    wait_for("the menu", async || Ok(desk.tray_menu()?.contains(&"Quit".to_owned()).then_some(()))).await?;
    // As a person would close it: the driver ends the app without asking.
    desk.click_tray("Quit")?;
    let kept = desk.folder().join("config/uncouple/window.json");
    wait_for("the window's place", async || Ok(kept.exists().then_some(()))).await?;
    drop(window);
    let window = desk.start(start("en")).await?;
    wait_for("the same size", async || Ok((size(&window).await? == json!([900, 640])).then_some(()))).await?;
    drop(window);
    // A screen of that size is gone, and so is the place.
    std::fs::write(&kept, r#"{"area":{"x":9000,"y":-5000,"width":9000,"height":700},"maximized":false}"#)?;
    let window = desk.start(start("en")).await?;
    wait_for("a size that fits", async || Ok((size(&window).await? == json!([2560, 700])).then_some(()))).await?;
    window.quit().await
}
