//! The window: start, memory, and the click that greys a row.
//!
//! All of it happens on a virtual display without a graphics card and with the driver attached, so the figures are
//! those of a slow machine.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use uncouple_desk::{Desk, Keyring, Person, SignIn, Start, Window};
use uncouple_domain::{Address, Ctx, GrantId, Home, MailboxId, NewTracked, Provider, Refusal, Scope, Workspace};
use uncouple_engine::ports::Store;
use uncouple_store::SqliteStore;
use uuid::Uuid;

const ADDRESS: &str = "hanako@gmail.com";
const STARTS: usize = 10;
const CLICKS: usize = 60;

#[tokio::test]
#[ignore = "a measurement: cargo xtask bench runs it with the release build"]
async fn start_memory_and_click() -> Result<()> {
    let debug = PathBuf::from(env!("CARGO_BIN_EXE_uncouple"));
    let measured = std::env::var_os("UNCOUPLE_BENCH_BINARY").map_or_else(|| debug.clone(), PathBuf::from);
    let desk = Desk::new(Keyring::Unlocked)?;
    // Only builds for tests sign in at a server on the loopback address; the release then finds the mailbox there.
    connect_a_mailbox(&desk, &debug).await?;

    let clock = with_a_clock(&desk, &measured)?;
    let mut starts = Vec::new();
    // The first one reads the files into memory, and is not counted.
    for _ in 0..=STARTS {
        let window = desk.start(Start::new(&clock)).await?;
        starts.push(first_screen(&desk, &window).await?);
        window.quit().await?;
    }
    let cold = starts.remove(0);
    starts.sort_by(f64::total_cmp);
    println!(
        "start to first screen  {:.0} ms median ({:.0} to {:.0}, {STARTS} warm starts; the one before: {cold:.0} ms)",
        at(&starts, 50)?,
        at(&starts, 0)?,
        at(&starts, 100)?
    );

    let window = desk.start(Start::new(&measured)).await?;
    window.find("mailbox-row").await?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let processes = window.processes();
    println!("memory at rest         {:.0} MiB in {} processes (PSS)", memory(&processes)?, processes.len());

    tell_clicks("1 mailbox", disable_and_enable(&window, ADDRESS, CLICKS).await?)?;
    window.quit().await?;

    add_mailboxes(&desk.data().join("uncouple/workspace.db"), 299).await?;
    let window = desk.start(Start::new(&measured)).await?;
    tell_clicks("300 mailboxes", disable_and_enable(&window, ADDRESS, CLICKS).await?)?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("memory, 300 mailboxes  {:.0} MiB (PSS)", memory(&window.processes())?);
    window.quit().await
}

fn tell_clicks(rows: &str, mut clicks: Vec<f64>) -> Result<()> {
    clicks.sort_by(f64::total_cmp);
    println!(
        "click to greyed row    {:.1} ms p50, {:.1} ms p95 ({:.1} to {:.1}, {CLICKS} times, in the page, {rows})",
        at(&clicks, 50)?,
        at(&clicks, 95)?,
        at(&clicks, 0)?,
        at(&clicks, 100)?
    );
    Ok(())
}

/// Puts mailboxes of HubSpot's beside the one that is there.
async fn add_mailboxes(file: &std::path::Path, count: u128) -> Result<()> {
    let store = SqliteStore::open(file).await?;
    let actor = *store.read_whole().await?.workspace.members.keys().next().context("nobody is in the workspace")?;
    let ctx = Ctx { actor, now: jiff::Timestamp::now(), device: uncouple_domain::DeviceId(Uuid::nil()) };
    let add = move |workspace: &mut Workspace| {
        (0..count).try_for_each(|row| {
            let new = NewTracked {
                mailbox: MailboxId(Uuid::from_u128(row * 2 + 1)),
                grant: GrantId(Uuid::from_u128(row * 2 + 2)),
                home: Home::Personal { owner: actor },
                address: Address::parse(&format!("person{row:03}@example.com")).map_err(|_| Refusal::NotPersonal)?,
                provider: Provider::Google,
                account: None,
            };
            workspace.track(&ctx, new).map(|_| ())
        })
    };
    store.transact(&Scope::Everything, Box::new(add)).await?;
    store.close().await;
    Ok(())
}

async fn connect_a_mailbox(desk: &Desk, binary: &PathBuf) -> Result<()> {
    let sign_in = SignIn::start()?;
    let window = desk.start(Start::new(binary).envs(sign_in.variables())).await?;
    window.fill("welcome-name", "佐藤 花子").await?;
    window.click("welcome-empty").await?;
    window.click("open-connect").await?;
    window.click("connect-google").await?;
    let page = desk.wait_opened(1).await?;
    Person::new(ADDRESS)?.agrees(&page).await?;
    window.find("mailbox-row").await?;
    window.quit().await
}

/// The program, behind a script that notes when it was started.
pub(crate) fn with_a_clock(desk: &Desk, binary: &std::path::Path) -> Result<PathBuf> {
    let script = desk.folder().join("bin/uncouple-with-a-clock");
    let note = started(desk);
    let text = format!("#!/bin/sh\ndate +%s%N > '{}'\nexec '{}' \"$@\"\n", note.display(), binary.display());
    std::fs::write(&script, text)?;
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))?;
    Ok(script)
}

fn started(desk: &Desk) -> PathBuf {
    desk.folder().join("started")
}

/// Milliseconds from the start of the program to the first painted screen with what is in the workspace.
pub(crate) async fn first_screen(desk: &Desk, window: &Window) -> Result<f64> {
    window.find("mailbox-row").await?;
    window.settled().await?;
    let script = "const mark = performance.getEntriesByName('first-screen')[0];
        return mark ? performance.timeOrigin + mark.startTime : null;";
    let painted = window.run(script, vec![]).await?.as_f64().context("the page has not marked its first screen")?;
    let nanoseconds: f64 = std::fs::read_to_string(started(desk))?.trim().parse()?;
    let took = painted - nanoseconds / 1e6;
    ensure!(took > 0.0, "painted before it was started");
    Ok(took)
}

/// Proportional set size of all processes together, in MiB: what is shared counts in parts.
pub(crate) fn memory(processes: &[u32]) -> Result<f64> {
    let mut kib = 0.0;
    for process in processes {
        let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("no Pss")?;
        kib += line.trim().trim_end_matches("kB").trim().parse::<f64>()?;
    }
    Ok(kib / 1024.0)
}

/// Milliseconds from the pointer event to the frame with the greyed row, each time.
pub(crate) async fn disable_and_enable(window: &Window, address: &str, clicks: usize) -> Result<Vec<f64>> {
    let row = format!("css:[data-testid=mailbox-row][data-address='{address}']");
    let used = |usage: &str| format!("{row}[data-use={usage}]");
    for _ in 0..clicks {
        window.hover(&row).await?;
        window.click(&format!("{row} [data-testid=row-disable]")).await?;
        window.click("dialog-disable dialog-confirm").await?;
        window.find(&used("disabled")).await?;
        window.gone("dialog-disable").await?;
        window.hover(&row).await?;
        window.click(&format!("{row} [data-testid=row-enable]")).await?;
        window.find(&used("in_use")).await?;
    }
    let script = "return performance.getEntriesByName('disable-painted').map((entry) => entry.duration)";
    let times: Vec<f64> = serde_json::from_value(window.run(script, vec![]).await?)?;
    ensure!(times.len() == clicks, "{} of {clicks} clicks were measured", times.len());
    Ok(times)
}

/// The value below which so many of a hundred lie. The values are in order.
pub(crate) fn at(sorted: &[f64], percent: usize) -> Result<f64> {
    let last = sorted.len().checked_sub(1).context("nothing was measured")?;
    sorted.get((last * percent).div_ceil(100)).copied().context("out of range")
}
