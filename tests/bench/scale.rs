//! How the window and the command line do with ever more mailboxes, half of them with an open job, beside the empty
//! workspace in the same run. Notices and history grow with them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::window::{at, disable_and_enable, first_screen, memory, with_a_clock};
use anyhow::{Context as _, Result};
use serde_json::Value;
use uncouple_desk::{Desk, Keyring, Start, Window};
use uncouple_domain::{
    Address, Client, Consent, Ctx, Disconnect, DisconnectId, EventKind, Evidence, Grant, GrantId, Holder, Home, Link,
    Mailbox, MailboxId, MemberId, Notice, NoticeId, NoticeKind, OnDesktop, Parts, Provider, Purpose, Record, Scope,
    Stamp, Step, StepKind, Subject, Token, Use, UseKnown, Workspace,
};
use uncouple_engine::ports::Store;
use uncouple_store::SqliteStore;
use uuid::Uuid;

/// Mailboxes beside the one that is clicked. What is larger than `WINDOW` is for the command line only: the window
/// reads everything at once and does not come to a first screen in any time that can be waited for.
const SIZES: [u32; 4] = [0, 300, 10_000, 100_000];
const WINDOW: u32 = 10_000;
const STARTS: usize = 3;
const CLICKS: usize = 10;
const COMMANDS: usize = 5;
const ADDRESS: &str = "hanako@gmail.com";

#[tokio::test]
#[ignore = "a measurement: cargo xtask bench scale runs it with the release build"]
async fn mailboxes() -> Result<()> {
    let debug = PathBuf::from(env!("CARGO_BIN_EXE_uncouple"));
    let window = std::env::var_os("UNCOUPLE_BENCH_BINARY").map_or(debug, PathBuf::from);
    let command_line = PathBuf::from(crate::place::program());
    for size in SIZES {
        let desk = Desk::new(Keyring::Unlocked)?;
        let folder = desk.data().join("uncouple");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join("workspace.db");
        fill(&file, size).await?;
        println!("\n{size} mailboxes, {} open jobs, file {:.1} MiB", size / 2, mebibytes(&file)?);
        status(&desk, &command_line)?;
        if size <= WINDOW {
            on_the_window(&desk, &window).await?;
        }
    }
    Ok(())
}

/// `uncouple-cli status`, as whole processes.
fn status(desk: &Desk, program: &Path) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..=COMMANDS {
        let start = Instant::now();
        let output = desk.command(program).arg("status").output()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        anyhow::ensure!(output.status.success(), "{output:?}");
    }
    times.remove(0);
    times.sort_by(f64::total_cmp);
    println!(
        "  uncouple-cli status     {:.0} ms median ({:.0} to {:.0}, n = {COMMANDS})",
        at(&times, 50)?,
        at(&times, 0)?,
        at(&times, 100)?
    );
    Ok(())
}

async fn on_the_window(desk: &Desk, binary: &Path) -> Result<()> {
    let clock = with_a_clock(desk, binary)?;
    let mut starts = Vec::new();
    for _ in 0..=STARTS {
        let window = desk.start(Start::new(&clock)).await?;
        starts.push(first_screen(desk, &window).await?);
        window.quit().await?;
    }
    starts.remove(0);
    starts.sort_by(f64::total_cmp);
    println!(
        "  start to first screen   {:.0} ms median ({:.0} to {:.0}, n = {STARTS})",
        at(&starts, 50)?,
        at(&starts, 0)?,
        at(&starts, 100)?
    );
    let window = desk.start(Start::new(binary)).await?;
    window.find("mailbox-row").await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let processes = window.processes();
    println!("  memory at rest          {:.0} MiB (PSS)", memory(&processes)?);
    let (bytes, took) = overview(&window).await?;
    println!("  one overview            {:.2} MB of JSON, {took:.0} ms", bytes / 1e6);
    let before = cpu(&processes)?;
    let mut clicks = disable_and_enable(&window, ADDRESS, CLICKS).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let each = (cpu(&processes)? - before) / (CLICKS * 2) as f64;
    clicks.sort_by(f64::total_cmp);
    println!("  click to greyed row     {:.0} ms p50, {:.0} ms p95 (n = {CLICKS})", at(&clicks, 50)?, at(&clicks, 95)?);
    println!("  CPU of one change       {each:.2} s, app and web process together");
    window.quit().await
}

/// The size of the answer that the window reads after every change, and the milliseconds that it takes.
async fn overview(window: &Window) -> Result<(f64, f64)> {
    let script = "const done = arguments[arguments.length - 1];
        const start = performance.now();
        window.__TAURI_INTERNALS__.invoke('overview').then((answer) =>
            done([JSON.stringify(answer).length, performance.now() - start]));";
    let answer: Value = window.run_async(script, vec![]).await?;
    let number = |at: usize| answer.get(at).and_then(Value::as_f64).context("no figure");
    Ok((number(0)?, number(1)?))
}

/// Seconds of processor time that these processes have used, in the user's and the system's part (proc(5)).
fn cpu(processes: &[u32]) -> Result<f64> {
    /// Linux counts in hundredths of a second for programs on every platform it is built for here.
    const TICKS: f64 = 100.0;
    let mut ticks = 0.0;
    for process in processes {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
        let (_, fields) = stat.rsplit_once(')').context("no stat")?;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<f64>()?;
        }
    }
    Ok(ticks / TICKS)
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn mebibytes(file: &Path) -> Result<f64> {
    Ok(file.metadata()?.len() as f64 / (1024.0 * 1024.0))
}

/// A workspace of one person with one mailbox held here to click on, and so many of HubSpot's. Every second one of these
/// has an open job and a notification that was read, and each has five lines of history.
async fn fill(file: &Path, size: u32) -> Result<()> {
    let store = SqliteStore::open(file).await?;
    let me = MemberId(Uuid::from_u128(1));
    let ctx = Ctx { actor: me, now: jiff::Timestamp::now(), device: uncouple_domain::DeviceId(Uuid::nil()) };
    let begin = move |workspace: &mut Workspace| {
        let mut parts = Parts::default();
        put(&mut parts, &ctx, size);
        *workspace = Workspace::from_parts(parts);
        workspace.begin(
            &ctx,
            uncouple_domain::Name::parse("佐藤 花子").map_err(|_| uncouple_domain::Refusal::UnknownMember)?,
        );
        let rows: Vec<MailboxId> = workspace.mailboxes.keys().copied().collect();
        for row in rows {
            for _ in 0..5 {
                workspace.note_mailbox(&ctx, row, EventKind::Reconnected)?;
            }
        }
        Ok(())
    };
    let settings = |settings: &mut uncouple_engine::settings::Settings| settings.welcomed = true;
    store.change_settings(Box::new(settings), &Scope::Everything, Box::new(begin)).await?;
    store.close().await;
    Ok(())
}

fn put(parts: &mut Parts, ctx: &Ctx, size: u32) {
    let stamp = Stamp { by: ctx.actor, at: ctx.now };
    let id = |kind: u128, row: u32| Uuid::from_u128((kind << 64) | u128::from(row));
    for row in 0..=size {
        let here = row == size;
        let text = if here { ADDRESS.to_owned() } else { format!("person{row:06}@example.com") };
        let Ok(address) = Address::parse(&text) else { continue };
        let subject = Subject::Address(address.key().to_owned());
        let grant = Grant {
            id: GrantId(id(2, row)),
            provider: Provider::Google,
            subject,
            client: if here { Client::Uncouple } else { Client::HubSpot },
            generation: 1,
            consent: Consent::Unknown,
            token: Token::None,
            tried: None,
        };
        let stated = Evidence::Confirmed { stamp };
        let stored = Evidence::proven(uncouple_domain::Proof::Store, ctx.now);
        let mailbox = Mailbox {
            id: MailboxId(id(3, row)),
            home: Home::Personal { owner: ctx.actor },
            address: address.clone(),
            provider: Provider::Google,
            holder: if here { Holder::Workspace } else { Holder::HubSpot { account: None } },
            usage: Use::InUse,
            usage_known: UseKnown::entered(if here { stored } else { stated }, ctx.actor),
            link: Link::Unknown,
            unreachable_since: None,
            grant: Some(grant.id),
            added: stamp,
            asked: None,
        };
        if !here && row % 2 == 0 {
            let step = |kind, grant| Step { kind, grant, record: Record::Open };
            let job = Disconnect {
                id: DisconnectId(id(4, row)),
                mailbox: mailbox.id,
                purpose: Purpose::Leave,
                provider: Provider::Google,
                opened: stamp,
                steps: vec![
                    step(StepKind::DisableInCrm, None),
                    step(StepKind::RemoveFromCrm, None),
                    step(StepKind::RevokeGrant, Some(grant.id)),
                ],
                ended: None,
                snoozed_until: None,
                snoozed_by: None,
            };
            let notice = Notice {
                id: NoticeId(u64::from(row) + 1),
                to: ctx.actor,
                what: NoticeKind::Reminder,
                at: ctx.now,
                by: None,
                mailbox: Some(mailbox.id),
                job: Some(job.id),
                address: Some(address),
                read: Some(ctx.now),
                corrected: None,
                desktop: OnDesktop::ListOnly,
            };
            parts.notices.insert(notice.id, notice);
            parts.disconnects.insert(job.id, job);
        }
        let row_id = mailbox.id;
        parts.grants.insert(grant.id, grant);
        parts.mailboxes.insert(row_id, mailbox);
    }
}
