//! What a use case asks of SQLite: the same statements whatever else the file holds, and none that goes through a table
//! that grows.

#![expect(clippy::unwrap_used, reason = "tests")]

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};
use std::path::Path;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use uncouple_domain::*;
use uncouple_engine::ports::Store;
use uncouple_store::SqliteStore;
use uuid::Uuid;

/// Texts of statements, as sqlx tells of them.
static EXECUTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// What is told is told to the whole process, so one test at a time listens.
static LISTENING: LazyLock<tokio::sync::Mutex<()>> = LazyLock::new(|| {
    tracing::subscriber::set_global_default(Listener).unwrap();
    tokio::sync::Mutex::new(())
});

struct Listener;

#[derive(Default)]
struct Statement {
    summary: String,
    text: String,
}

impl tracing::field::Visit for Statement {
    fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.trim().clone_into(&mut self.text),
            _ => {}
        }
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        // A short one is its own summary.
        let text = if statement.text.is_empty() { statement.summary } else { statement.text };
        executed().push(text);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

fn executed() -> MutexGuard<'static, Vec<String>> {
    EXECUTED.lock().unwrap_or_else(PoisonError::into_inner)
}

const ME: MemberId = MemberId(Uuid::from_u128(1));
const OTHER: MemberId = MemberId(Uuid::from_u128(2));
const SUPPORT: InboxId = InboxId(Uuid::from_u128(3));

fn ctx() -> Ctx {
    Ctx { actor: ME, now: "2026-11-23T09:00:00Z".parse().unwrap(), device: DeviceId(Uuid::from_u128(5)) }
}

fn id(kind: u128, row: u32) -> Uuid {
    Uuid::from_u128((kind << 64) | u128::from(row))
}

fn address(row: u32) -> Address {
    Address::parse(&format!("person{row:06}@example.com")).unwrap()
}

/// So many mailboxes of HubSpot's of another member, each with a job under way, a generation before, and two notices.
fn filled(size: u32) -> Parts {
    let (ctx, stamp) = (ctx(), ctx().stamp());
    let mut workspace = Workspace::default();
    workspace.begin(&ctx, Name::parse("佐藤 花子").unwrap());
    workspace.add_member(&ctx, OTHER, Name::parse("Ken").unwrap(), false, None).unwrap();
    workspace.add_inbox(&ctx, SUPPORT, Name::parse("support").unwrap()).unwrap();
    let mut parts = workspace.into_parts();
    for row in 0..size {
        let address = address(row);
        let subject = Subject::Address(address.key().to_owned());
        let newest = GrantId(id(2, row));
        let grant = |id, generation, consent| Grant {
            id,
            provider: Provider::Google,
            subject: subject.clone(),
            client: Client::HubSpot,
            generation,
            consent,
            token: Token::None,
            tried: None,
        };
        let before = grant(GrantId(id(5, row)), 1, Consent::Superseded { by: newest, at: ctx.now });
        parts.grants.extend([(before.id, before), (newest, grant(newest, 2, Consent::Unknown))]);
        let mailbox = Mailbox {
            id: MailboxId(id(3, row)),
            home: Home::Personal { owner: OTHER },
            address: address.clone(),
            provider: Provider::Google,
            holder: Holder::HubSpot { account: None },
            usage: Use::InUse,
            usage_known: UseKnown::entered(Evidence::Confirmed { stamp }, ME),
            link: Link::Unknown,
            unreachable_since: None,
            grant: Some(newest),
            added: stamp,
            asked: None,
        };
        let step = |kind, grant| Step { kind, grant, record: Record::Open };
        let job = Disconnect {
            id: DisconnectId(id(4, row)),
            mailbox: mailbox.id,
            purpose: Purpose::Leave,
            provider: Provider::Google,
            opened: stamp,
            steps: vec![step(StepKind::RemoveFromCrm, None), step(StepKind::RevokeGrant, Some(newest))],
            ended: None,
            snoozed_until: None,
            snoozed_by: None,
        };
        for more in 0..2 {
            let notice = Notice {
                id: NoticeId(u64::from(row) * 2 + more + 1),
                to: OTHER,
                what: NoticeKind::Reminder,
                at: ctx.now,
                by: None,
                mailbox: Some(mailbox.id),
                job: Some(job.id),
                address: Some(address.clone()),
                read: Some(ctx.now),
                corrected: None,
                desktop: OnDesktop::ListOnly,
            };
            parts.notices.insert(notice.id, notice);
        }
        parts.disconnects.insert(job.id, job);
        parts.mailboxes.insert(mailbox.id, mailbox);
    }
    parts
}

async fn store(path: &Path, size: u32) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    let fill = |w: &mut Workspace| {
        *w = Workspace::from_parts(filled(size));
        (0..size).try_for_each(|row| w.note_mailbox(&ctx(), MailboxId(id(3, row)), EventKind::Reconnected))
    };
    store.transact(&Scope::Everything, Box::new(fill)).await.unwrap();
    store
}

fn tracked(row: u32, home: Home) -> NewTracked {
    NewTracked {
        mailbox: MailboxId(id(13, row)),
        grant: GrantId(id(12, row)),
        home,
        address: Address::parse(&format!("mine{row}@example.com")).unwrap(),
        provider: Provider::Google,
        account: None,
    }
}

fn connected() -> NewConnected {
    NewConnected {
        mailbox: MailboxId(id(23, 0)),
        grant: GrantId(id(22, 0)),
        home: Home::Personal { owner: ME },
        intention: IntentionId(id(21, 0)),
        provider: Provider::Google,
        subject: "subject".into(),
        address: Address::parse("held@example.com").unwrap(),
        secret: SecretId(id(20, 0)),
        this_run_only: false,
    }
}

/// A workspace's day: every group of use cases, and every scope to look at.
async fn a_day(store: &SqliteStore) {
    async fn act<T>(
        store: &SqliteStore,
        scope: Scope,
        work: impl FnOnce(&mut Workspace, &Ctx) -> Result<T, Refusal> + Send,
    ) {
        let work = |w: &mut Workspace| work(w, &ctx()).map(drop);
        store.transact(&scope, Box::new(work)).await.unwrap();
    }
    let mine = tracked(0, Home::Personal { owner: ME });
    let (row, job) = (mine.mailbox, DisconnectId(id(14, 0)));
    act(store, mine.scope(), |w, ctx| w.track(ctx, mine)).await;
    act(store, Scope::Mailbox(row), |w, ctx| w.disable(ctx, row, job)).await;
    act(store, Scope::Job(job), |w, ctx| w.confirm_in_crm(ctx, job)).await;
    act(store, Scope::Job(job), |w, ctx| w.snooze(ctx, job, "2026-11-24T00:00:00Z".parse().unwrap())).await;
    act(store, Scope::Job(job), |w, ctx| w.confirm_step(ctx, job, StepKind::RevokeGrant)).await;
    act(store, Scope::Mailbox(row), |w, ctx| w.reconnected(ctx, row, GrantId(id(12, 1)))).await;
    act(store, Scope::Mailbox(row), |w, ctx| {
        w.move_provider(ctx, row, Provider::Microsoft365, DisconnectId(id(14, 1)))
    })
    .await;
    let fresh = FreshRow { mailbox: MailboxId(id(13, 9)), grant: GrantId(id(12, 2)) };
    let moving = DisconnectId(id(14, 1));
    act(store, Scope::Job(moving), |w, ctx| w.connect_again(ctx, moving, fresh)).await;
    let new = connected();
    act(store, Scope::Roster, |w, ctx| {
        w.intend_keep(ctx, new.intention, new.secret);
        Ok(())
    })
    .await;
    let (held, here, secret) = (new.mailbox, DisconnectId(id(24, 0)), new.secret);
    let (grant, asked, forget) = (new.grant, IntentionId(id(21, 1)), IntentionId(id(21, 2)));
    act(store, new.scope(), |w, ctx| w.connect(ctx, new)).await;
    act(store, Scope::Mailbox(held), |w, ctx| w.record_check(ctx, None, held, grant, CheckResult::Works, Vec::new()))
        .await;
    act(store, Scope::Mailbox(held), |w, ctx| w.disable(ctx, held, here)).await;
    act(store, Scope::Mailbox(held), |w, ctx| w.remove(ctx, held)).await;
    act(store, Scope::Job(here), |w, ctx| w.request_revocation(ctx, here, asked)).await;
    act(store, Scope::Intention(asked), |w, ctx| w.record_revocation(ctx, asked, RevokeAnswer::Gone, Vec::new())).await;
    act(store, Scope::Grant(grant), |w, ctx| Ok(w.intend_forget(ctx, forget, grant, secret))).await;
    act(store, Scope::Intention(forget), |w, ctx| w.record_forgotten(ctx, forget, true)).await;
    let channel = tracked(5, Home::Team { inbox: SUPPORT, connected_by: Some(OTHER) });
    let (team, closing) = (channel.mailbox, DisconnectId(id(14, 5)));
    act(store, channel.scope(), |w, ctx| w.track(ctx, channel)).await;
    act(store, Scope::Mailbox(team), |w, ctx| w.delete_channel(ctx, team, closing)).await;
    act(store, Scope::Job(closing), |w, ctx| w.confirm_step(ctx, closing, StepKind::RemoveFromCrm)).await;
    let theirs = MailboxId(id(3, 7));
    act(store, Scope::Mailbox(theirs), |w, ctx| w.note_mailbox(ctx, theirs, EventKind::Reconnected)).await;
    let said = DirectorySaid {
        suite: Suite::Google,
        keys: vec![address(7).key().to_owned(), address(8).key().to_owned()],
        listed: false,
        at: ctx().now,
        by_run: false,
        deleted_here: false,
        apps: Vec::new(),
        hosts: Vec::new(),
    };
    act(store, said.scope(), |w, ctx| {
        w.directory_said(ctx, None, &said, &[GrantId(id(12, 7)), GrantId(id(12, 8))]);
        Ok(())
    })
    .await;
    people_and_notices(store).await;
    for scope in [
        Scope::Tokens,
        Scope::HeldHere,
        Scope::KeptForOneRun,
        Scope::Intentions,
        Scope::PutOff { until: ctx().now },
        Scope::Organisation(OrganisationId(id(30, 0))),
        Scope::Account(Subject::Known("subject".into())),
    ] {
        store.case(&scope).await.unwrap();
    }
}

async fn people_and_notices(store: &SqliteStore) {
    let act = async |scope: Scope, work: fn(&mut Workspace, &Ctx) -> Result<(), Refusal>| {
        store.transact(&scope, Box::new(move |w: &mut Workspace| work(w, &ctx()))).await.unwrap();
    };
    act(Scope::Roster, |w, ctx| w.add_member(ctx, MemberId(id(1, 9)), Name::parse("Aoi").unwrap(), false, None)).await;
    act(Scope::MailboxesOf(MemberId(id(1, 9))), |w, ctx| w.remove_member(ctx, MemberId(id(1, 9)))).await;
    act(Scope::Roster, |w, ctx| w.set_access(ctx, SUPPORT, OTHER, true)).await;
    act(Scope::Inbox(SUPPORT), |w, ctx| {
        let refused = w.delete_inbox(ctx, SUPPORT);
        assert_eq!(refused, Err(Refusal::InboxHasChannels));
        Ok(())
    })
    .await;
    act(Scope::Roster, |w, ctx| {
        w.add_other_channel(ctx, OtherChannelId(id(6, 0)), SUPPORT, OtherKind::Chat, Name::parse("chat").unwrap())
    })
    .await;
    act(Scope::Roster, |w, ctx| w.drop_other_channel(ctx, OtherChannelId(id(6, 0)))).await;
    act(Scope::PopUps(OTHER).and(Scope::PutOff { until: ctx().now }), |w, ctx| {
        w.remind(ctx);
        w.take_pop_ups(ctx, OTHER, |_| true);
        w.take_stale_pop_ups(OTHER);
        Ok(())
    })
    .await;
    act(Scope::Notice(NoticeId(1)), |w, _| {
        assert!(w.notices.contains_key(&NoticeId(1)));
        Ok(())
    })
    .await;
    act(Scope::Unread(ME), |w, ctx| {
        w.read_all_notices(ctx);
        Ok(())
    })
    .await;
    act(Scope::Organisations, |w, ctx| {
        let id = OrganisationId(id(30, 0));
        w.adopt_organisation(ctx, id, Suite::Google, "key", "example.com").map(drop)
    })
    .await;
}

/// The texts of all statements of a day in a workspace of a size.
async fn statements(size: u32) -> (Vec<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder.path().join("w.db"), size).await;
    executed().clear();
    a_day(&store).await;
    // The last of them are told of by then.
    store.close().await;
    let mut all = std::mem::take(&mut *executed());
    // What SQLite does as the file is closed is none of a use case's.
    all.retain(|sql| !sql.starts_with("PRAGMA"));
    (all, folder)
}

#[tokio::test]
async fn a_change_in_a_large_workspace_executes_the_same_statements_as_in_a_small_one() {
    let _listening = LISTENING.lock().await;
    let (small, _small) = statements(100).await;
    let (large, _large) = statements(10_000).await;
    assert!(small.len() > 300, "{}", small.len());
    assert_eq!(small.len(), large.len());
    assert_eq!(small, large);
}

/// Tables that are small in any workspace, and open intentions.
const SMALL: [&str; 7] = ["devices", "members", "inboxes", "other_channels", "organisations", "intentions", "meta"];

/// The steps of a statement's plan that go through a table that grows.
async fn scans(db: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
    let steps = plan.fetch_all(db).await.unwrap();
    let steps = steps.iter().map(|step| step.get::<String, _>("detail"));
    let fine = |step: &String| {
        step.strip_prefix("SCAN ").is_none_or(|rest| {
            let list = rest.starts_with("k VIRTUAL TABLE");
            list || rest == "CONSTANT ROW" || SMALL.contains(&rest.split(' ').next().unwrap_or_default())
        })
    };
    steps.filter(|step| !fine(step)).collect()
}

#[tokio::test]
async fn no_statement_of_a_use_case_goes_through_a_table_that_grows() {
    let _listening = LISTENING.lock().await;
    let (mut all, folder) = statements(1_000).await;
    all.sort();
    all.dedup();
    // A row that others may refer to is looked for among these when it comes, but only while rows wait for theirs
    // (`OP_FkIfZero`), and none ever does. The plan does not tell so, hence without.
    let options = SqliteConnectOptions::new().filename(folder.path().join("w.db")).foreign_keys(false);
    let mut db = options.connect().await.unwrap();
    let (mut looked_at, mut found) = (0, Vec::new());
    for sql in
        all.iter().filter(|sql| ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|word| sql.starts_with(word)))
    {
        found.extend(scans(&mut db, sql).await.into_iter().map(|scan| format!("{scan} in {sql}")));
        looked_at += 1;
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(looked_at > 40, "{looked_at}");
    for sql in ["SELECT * FROM mailboxes WHERE link_json = $1", "SELECT * FROM steps AS t, json_each($1) AS k"] {
        assert!(!scans(&mut db, sql).await.is_empty(), "{sql} is not found");
    }
}
