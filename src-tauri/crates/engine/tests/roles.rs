//! Who may do what: every use case against every role, straight at the engine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use uncouple_domain::{DisconnectId, InboxId, MailboxId, MemberId, NoticeId, OrganisationId, OtherChannelId, RunId};
use uncouple_engine::ports::{SignInApp, SignInAt};
use uncouple_engine::view::{AccessAsk, ItemAsk, Paces, PlanAsk, ReportFormat};
use uncouple_engine::wire::{OtherKind, Provider, StepKind, Suite};
use uncouple_engine::{AppError, ErrorCode, ExportFormat};
use uncouple_testkit::Desk;

/// The four people that the table is about, and one whom nobody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Super admin, and owner of nothing in the table.
    Admin,
    /// Owner of the mailbox, without access to the inbox.
    Owner,
    /// With account access to the inbox.
    Access,
    /// Neither.
    Nobody,
}

const ROLES: [Role; 4] = [Role::Admin, Role::Owner, Role::Access, Role::Nobody];

struct Team {
    desk: Desk,
    people: BTreeMap<Role, MemberId>,
    inbox: InboxId,
    mailbox: MailboxId,
    channel: MailboxId,
    other: OtherChannelId,
    mailbox_job: DisconnectId,
    channel_job: DisconnectId,
}

/// A fresh team: a mailbox with an open job and one without, the same in the inbox.
async fn team() -> Team {
    let desk = Desk::sample().await;
    let engine = &desk.engine;
    let admin: MemberId = desk.overview().await.me.id.parse().unwrap();
    let mut people = BTreeMap::from([(Role::Admin, admin)]);
    for (role, name) in [(Role::Owner, "Owner"), (Role::Access, "Access"), (Role::Nobody, "Nobody")] {
        people.insert(role, engine.add_member(name, false, None).await.unwrap());
    }
    let inbox = engine.add_inbox("Support").await.unwrap();
    engine.set_access(inbox, people[&Role::Access], true).await.unwrap();
    let other = engine.add_other_channel(inbox, OtherKind::Chat, "chat").await.unwrap();
    let track = |address: &'static str| engine.track_channel(inbox, address, Provider::Google, None, None);
    let channel = track("team@example.com").await.unwrap();
    let leaving = track("leaving@example.com").await.unwrap();
    let channel_job = engine.delete_channel(leaving).await.unwrap();
    engine.act_as(people[&Role::Owner]).await.unwrap();
    let mailbox = engine.track_mailbox("owner@example.com", Provider::Google, None).await.unwrap();
    let going = engine.track_mailbox("going@example.com", Provider::Google, None).await.unwrap();
    let mailbox_job = engine.disable_mailbox(going).await.unwrap();
    Team { desk, people, inbox, mailbox, channel, other, mailbox_job, channel_job }
}

type Outcome = Result<(), AppError>;

/// One use case by name, for one fresh team.
async fn use_case(name: &str, t: &Team) -> Outcome {
    let e = &t.desk.engine;
    let nobody = t.people[&Role::Nobody];
    match name {
        "disable" => e.disable_mailbox(t.mailbox).await.map(drop),
        "enable" => e.enable_mailbox(t.mailbox).await,
        "remove" => e.remove_mailbox(t.mailbox).await.map(drop),
        "check" => e.check_mailbox(t.mailbox).await.map(drop),
        "report lost" => e.report_lost(t.mailbox).await,
        "move" => e.move_provider(t.mailbox, Provider::Microsoft365).await.map(drop),
        "reconnect" => e.confirm_reconnected(t.mailbox).await,
        "reconnect page" => e.open_reconnect_page(t.mailbox).await.map(drop),
        "decline" => e.decline_ask(t.mailbox).await,
        "ask owner" => e.ask_owner(t.mailbox).await,
        "to team" => e.move_to_team(t.mailbox, t.inbox).await.map(drop),
        "confirm" => e.confirm_step(t.mailbox_job, StepKind::DisableInCrm).await,
        "confirm both" => e.confirm_in_crm(t.mailbox_job).await,
        "not listed" => e.not_listed(t.mailbox_job, None).await,
        "close" => e.close_step(t.mailbox_job, StepKind::RevokeGrant, "IT does it").await,
        "withdraw" => e.withdraw_confirmation(t.mailbox_job, StepKind::DisableInCrm).await,
        "stop" => e.stop_disconnect(t.mailbox_job).await,
        "undo" => e.undo_removal(t.mailbox_job).await,
        "remind" => e.remind(t.mailbox_job, 1).await,
        "open page" => e.open_page(t.mailbox_job, StepKind::DisableInCrm).await.map(drop),
        "delete channel" => e.delete_channel(t.channel).await.map(drop),
        "channel: report lost" => e.report_lost(t.channel).await,
        "channel: move" => e.move_provider(t.channel, Provider::Microsoft365).await.map(drop),
        "channel: reconnect" => e.confirm_reconnected(t.channel).await,
        "channel: to personal" => e.move_to_personal(t.channel).await.map(drop),
        "channel: confirm" => e.confirm_step(t.channel_job, StepKind::RemoveFromCrm).await,
        "channel: open page" => e.open_page(t.channel_job, StepKind::RemoveFromCrm).await.map(drop),
        "channel: stop" => e.stop_disconnect(t.channel_job).await,
        "track channel" => e.track_channel(t.inbox, "new@example.com", Provider::Google, None, None).await.map(drop),
        "add other" => e.add_other_channel(t.inbox, OtherKind::Form, "form").await.map(drop),
        "drop other" => e.drop_other_channel(t.other).await,
        "add inbox" => e.add_inbox("Sales").await.map(drop),
        "rename inbox" => e.rename_inbox(t.inbox, "Help").await,
        "delete inbox" => e.delete_inbox(t.inbox).await,
        "access" => e.set_access(t.inbox, nobody, true).await,
        "add member" => e.add_member("New", false, None).await.map(drop),
        "change member" => e.change_member(nobody, "Else", false, None).await,
        "make admin" => e.change_member(nobody, "Nobody", true, None).await,
        "remove member" => e.remove_member(nobody).await,
        "track own" => e.track_mailbox("mine@example.com", Provider::Google, None).await.map(drop),
        "notices" => e.notices().await.map(drop),
        "read all" => e.read_all_notices().await,
        name => administer(name, t).await,
    }
}

/// An administrator's use cases, on an organisation that is not there: the right is asked for before.
async fn administer(name: &str, t: &Team) -> Outcome {
    let e = &t.desk.engine;
    let (organisation, run) = (OrganisationId(uuid::Uuid::nil()), RunId(uuid::Uuid::nil()));
    let path = t.desk.folder().join("out.csv");
    let path = path.to_str().unwrap();
    match name {
        "admin" => e.admin().await.map(drop),
        "admin sign in" => e.admin_sign_in(Suite::Google, false, None).await.map(drop),
        "admin sign out" => e.admin_sign_out(organisation).await.map(drop),
        "search" => e.begin_search(organisation).await,
        "stop search" => e.stop_search(organisation).await,
        "apps" => e.directory_apps(organisation, None).await.map(drop),
        "look up app" => e.look_up_app(organisation, "x").await.map(drop),
        "choose app" => e.choose_app(organisation, "x", true, None).await,
        "accesses" => e.accesses(&AccessAsk::default()).await.map(drop),
        "export accesses" => e.export_accesses(&AccessAsk::default(), ExportFormat::Csv, path).await.map(drop),
        "unread people" => e.unread(organisation, 0, 10).await.map(drop),
        "export unread people" => e.export_unread(organisation, ExportFormat::Csv, path).await.map(drop),
        "plan" => {
            let ask = PlanAsk::Text {
                organisation: organisation.to_string(),
                text: "a@example.com".to_owned(),
                column: None,
            };
            e.plan(ask).await.map(drop)
        }
        "run" => e.run(run).await.map(drop),
        "run items" => e.run_items(run, &ItemAsk::default()).await.map(drop),
        "drop plan" => e.drop_plan(run).await,
        "start run" => e.start_run(run, true).await,
        "pause run" => e.pause_run(run).await,
        "resume run" => e.resume_run(run).await,
        "cancel run" => e.cancel_run(run).await,
        "retry run" => e.retry_run(run).await,
        "verify run" => e.verify_run(run).await,
        "report run" => e.report_run(run, ReportFormat::Csv, path).await.map(drop),
        "paces" => e.save_paces(Paces::default()).await,
        "sign-in app" => e.save_sign_in_app(SignInAt::Google, SignInApp::default()).await,
        other => unreachable!("{other}"),
    }
}

/// The table. In the order of [`ROLES`]: `.` allowed, else who is refused and how.
const TABLE: &[(&str, [&str; 4])] = &[
    ("disable", ["NotYours", ".", "NotYours", "NotYours"]),
    ("enable", ["NotYours", "NotDisabled", "NotYours", "NotYours"]),
    ("remove", ["NotYours", "NotDisabled", "NotYours", "NotYours"]),
    ("check", ["NotYours", "NotHeldHere", "NotYours", "NotYours"]),
    ("report lost", ["NotYours", ".", "NotYours", "NotYours"]),
    ("move", ["NotYours", ".", "NotYours", "NotYours"]),
    ("reconnect", ["NotYours", ".", "NotYours", "NotYours"]),
    ("reconnect page", ["NotYours", ".", "NotYours", "NotYours"]),
    ("decline", ["NotYours", "NotAsked", "NotYours", "NotYours"]),
    ("ask owner", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("to team", ["NotYours", "NoAccess", "NotYours", "NotYours"]),
    ("confirm", ["NotYours", ".", "NotYours", "NotYours"]),
    ("confirm both", ["NotYours", ".", "NotYours", "NotYours"]),
    ("not listed", ["NotYours", ".", "NotYours", "NotYours"]),
    ("close", ["NotYours", ".", "NotYours", "NotYours"]),
    ("withdraw", ["NotYours", "NothingToWithdraw", "NotYours", "NotYours"]),
    ("stop", ["NotYours", ".", "NotYours", "NotYours"]),
    ("undo", ["NotYours", "NotHeldHere", "NotYours", "NotYours"]),
    ("remind", ["NotYours", ".", "NotYours", "NotYours"]),
    ("open page", ["NotYours", ".", "NotYours", "NotYours"]),
    ("delete channel", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: report lost", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: move", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: reconnect", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: to personal", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: confirm", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: open page", [".", "NoAccess", ".", "NoAccess"]),
    ("channel: stop", [".", "NoAccess", ".", "NoAccess"]),
    ("track channel", [".", "NoAccess", ".", "NoAccess"]),
    ("add other", [".", "NoAccess", ".", "NoAccess"]),
    ("drop other", [".", "NoAccess", ".", "NoAccess"]),
    ("add inbox", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("rename inbox", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("delete inbox", ["InboxHasChannels", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("access", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("add member", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("change member", [".", "NotSuperAdmin", "NotSuperAdmin", "."]),
    ("make admin", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("remove member", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("track own", [".", ".", ".", "."]),
    ("notices", [".", ".", ".", "."]),
    ("read all", [".", ".", ".", "."]),
    ("admin", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("admin sign in", ["NotInSample", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("admin sign out", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("search", ["NotInSample", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("stop search", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("apps", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("look up app", ["NotInSample", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("choose app", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("accesses", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("export accesses", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("unread people", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("export unread people", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("plan", ["UnknownOrganisation", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("run items", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("drop plan", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("start run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("pause run", ["RunNotNow", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("resume run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("cancel run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("retry run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("verify run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("report run", ["UnknownRun", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("paces", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
    ("sign-in app", [".", "NotSuperAdmin", "NotSuperAdmin", "NotSuperAdmin"]),
];

#[tokio::test]
async fn every_use_case_asks_for_the_right() {
    let mut wrong = Vec::new();
    for (name, expected) in TABLE {
        for (role, expected) in ROLES.into_iter().zip(expected) {
            let team = team().await;
            team.desk.engine.act_as(team.people[&role]).await.unwrap();
            let before = team.desk.engine.revision().await.unwrap();
            let outcome = use_case(name, &team).await;
            let got = outcome.as_ref().map_or_else(|error| format!("{:?}", error.code), |()| ".".to_owned());
            if got != *expected {
                wrong.push(format!("{name} as {role:?}: {got} and not {expected}"));
            }
            if outcome.is_err() && team.desk.engine.revision().await.unwrap() != before {
                wrong.push(format!("{name} as {role:?} was refused and changed something"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn everybody_sees_what_they_may_see_and_nothing_else() {
    let team = team().await;
    let seen = async |role: Role| {
        team.desk.engine.act_as(team.people[&role]).await.unwrap();
        let seen = team.desk.overview().await;
        let inboxes = seen.inboxes.len();
        (seen.mailboxes.len(), seen.others.len(), inboxes, seen.channels.len(), seen.disconnects.len())
    };
    assert_eq!(seen(Role::Admin).await, (0, 2, 1, 2, 1), "others' mailboxes without their jobs, and the inbox");
    assert_eq!(seen(Role::Owner).await, (2, 0, 0, 0, 1));
    assert_eq!(seen(Role::Access).await, (0, 0, 1, 2, 1));
    assert_eq!(seen(Role::Nobody).await, (0, 0, 0, 0, 0));
}

#[tokio::test]
async fn unknown_and_foreign_ids_are_refused_by_name() {
    let team = team().await;
    let e = &team.desk.engine;
    let nil = uuid::Uuid::nil();
    let codes = [
        e.act_as(MemberId(nil)).await.unwrap_err().code,
        e.set_access(InboxId(nil), team.people[&Role::Owner], true).await.map_err(|e| e.code).unwrap_err(),
        e.ask_owner(MailboxId(nil)).await.unwrap_err().code,
        e.read_notice(NoticeId(999)).await.unwrap_err().code,
        e.place_of(NoticeId(0)).await.map(drop).unwrap_err().code,
    ];
    // The owner acts: an inbox is not theirs to manage, known or not.
    assert_eq!(codes[0], ErrorCode::UnknownMember);
    assert_eq!(codes[1], ErrorCode::NotSuperAdmin);
    assert_eq!(codes[2], ErrorCode::UnknownMailbox);
    assert_eq!(codes[3..], [ErrorCode::UnknownNotice; 2]);
    e.act_as(team.people[&Role::Admin]).await.unwrap();
    assert_eq!(e.rename_inbox(InboxId(nil), "x").await.unwrap_err().code, ErrorCode::UnknownInbox);
    assert_eq!(e.drop_other_channel(OtherChannelId(nil)).await.unwrap_err().code, ErrorCode::UnknownChannel);
    assert_eq!(e.remove_member(MemberId(nil)).await.unwrap_err().code, ErrorCode::UnknownMember);
    assert_eq!(e.remove_member(team.people[&Role::Owner]).await.unwrap_err().code, ErrorCode::MemberHasMailboxes);
    // A removed member is nobody any more, and what was theirs to see is not.
    e.remove_member(team.people[&Role::Access]).await.unwrap();
    assert_eq!(e.act_as(team.people[&Role::Access]).await.unwrap_err().code, ErrorCode::UnknownMember);
    // Long, hostile and right-to-left names.
    assert_eq!(e.add_member(&"x".repeat(10_000), false, None).await.unwrap_err().code, ErrorCode::NameTooLong);
    assert_eq!(e.add_inbox("a\u{0}b").await.unwrap_err().code, ErrorCode::NameControl);
    let hostile = "<img src=x onerror=alert(1)> שלום";
    e.add_member(hostile, false, None).await.unwrap();
    assert!(team.desk.overview().await.members.iter().any(|m| m.name == hostile));
}

#[tokio::test]
async fn there_is_always_a_super_admin() {
    let team = team().await;
    let e = &team.desk.engine;
    let (admin, owner) = (team.people[&Role::Admin], team.people[&Role::Owner]);
    e.act_as(admin).await.unwrap();
    assert_eq!(e.change_member(admin, "Admin", false, None).await.unwrap_err().code, ErrorCode::LastSuperAdmin);
    assert_eq!(e.remove_member(admin).await.unwrap_err().code, ErrorCode::LastSuperAdmin);
    e.change_member(owner, "Owner", true, None).await.unwrap();
    assert_eq!(e.remove_member(admin).await.unwrap_err().code, ErrorCode::NotYourself);
    e.change_member(admin, "Admin", false, None).await.unwrap();
    assert_eq!(e.add_inbox("Sales").await.unwrap_err().code, ErrorCode::NotSuperAdmin);
}

#[tokio::test]
async fn only_the_sample_lets_others_act() {
    let desk = Desk::new().await;
    let other = desk.engine.add_member("Taro", true, None).await.unwrap();
    assert_eq!(desk.engine.act_as(other).await.unwrap_err().code, ErrorCode::ActAsSampleOnly);
}

#[tokio::test]
async fn an_address_is_never_personal_and_a_teams_at_once() {
    let team = team().await;
    let e = &team.desk.engine;
    e.act_as(team.people[&Role::Admin]).await.unwrap();
    let error = e.track_mailbox("TEAM@example.com", Provider::Google, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AddressInUse);
    assert_eq!(error.details["inbox"], team.inbox.to_string(), "the way there");
    let error = e.track_channel(team.inbox, "owner@example.com", Provider::Google, None, None).await.unwrap_err();
    assert_eq!((error.code, error.details.get("inbox")), (ErrorCode::AddressInUse, None));
    let error = e.track_channel(team.inbox, "x@example.com", Provider::Imap, None, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotForTeams);
}
