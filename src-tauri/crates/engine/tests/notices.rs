//! Who is told, what pops up, and what the clock does to it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use uncouple_domain::{InboxId, MailboxId, MemberId, NoticeId};
use uncouple_engine::ErrorCode;
use uncouple_engine::ports::{PopUp, RefreshReply, SignInAt};
use uncouple_engine::settings::NoticeSettings;
use uncouple_engine::view::{NoticeAsk, NoticeKind, PlaceView};
use uncouple_engine::wire::{Language, LostReason, Provider, Rank, StepKind};
use uncouple_testkit::Desk;

struct Office {
    desk: Desk,
    admin: MemberId,
    misaki: MemberId,
    ken: MemberId,
    inbox: InboxId,
    channel: MailboxId,
}

/// An admin who acts, Misaki with account access and English, Ken who connected the address, and somebody else.
async fn office() -> Office {
    let desk = Desk::sample().await;
    let e = &desk.engine;
    let admin = desk.overview().await.me.id.parse().unwrap();
    let misaki = e.add_member("Misaki", false, Some(Language::English)).await.unwrap();
    let ken = e.add_member("Ken", false, None).await.unwrap();
    e.add_member("Somebody else", false, None).await.unwrap();
    let inbox = e.add_inbox("Support").await.unwrap();
    e.set_access(inbox, misaki, true).await.unwrap();
    let channel = e.track_channel(inbox, "support@example.com", Provider::Google, Some(ken), None).await.unwrap();
    e.save_notice_settings(times(None, None)).await.unwrap();
    Office { desk, admin, misaki, ken, inbox, channel }
}

impl Office {
    async fn pop_ups(&self, member: MemberId) -> Vec<PopUp> {
        self.desk.engine.act_as(member).await.unwrap();
        self.desk.engine.pop_ups_due(true).await.unwrap().show
    }

    async fn deleted(&self) {
        let job = self.desk.engine.delete_channel(self.channel).await.unwrap();
        self.desk.engine.confirm_step(job, StepKind::RemoveFromCrm).await.unwrap();
    }

    async fn kinds(&self) -> Vec<NoticeKind> {
        self.desk
            .engine
            .notices(Default::default())
            .await
            .unwrap()
            .notices
            .into_iter()
            .map(|notice| notice.what)
            .collect()
    }
}

#[tokio::test]
async fn a_deleted_channel_is_told_to_each_in_their_language_and_to_the_actor_in_the_list_only() {
    let office = office().await;
    office.deleted().await;
    assert_eq!(office.pop_ups(office.admin).await, []);
    assert_eq!(
        office.kinds().await,
        [NoticeKind::Removed {
            inbox: Some("Support".into()),
            here: false,
            rank: Some(Rank::Confirmed),
            moving: false,
            rest: None,
        }]
    );

    let hers = office.pop_ups(office.misaki).await;
    assert_eq!((hers.len(), hers[0].language), (1, Language::English));
    assert_eq!(hers[0].address.as_deref(), Some("support@example.com"));
    assert_eq!(hers[0].by.as_deref(), Some("佐藤 花子"));
    assert_eq!(office.pop_ups(office.misaki).await, [], "once");
    let PlaceView::Channels { inbox, job, mailbox } = office.desk.engine.place_of(hers[0].notice).await.unwrap() else {
        panic!("not on the Channels screen")
    };
    assert_eq!((inbox, mailbox), (office.inbox.to_string(), Some(office.channel.to_string())));
    assert!(job.is_some(), "the card is the thing to look at");

    let his = office.pop_ups(office.ken).await;
    assert_eq!((his.len(), his[0].language), (1, Language::Japanese));
    assert_eq!(office.desk.engine.place_of(his[0].notice).await.unwrap(), PlaceView::Notices, "not his to see");
    assert_eq!(
        office.desk.engine.place_of(hers[0].notice).await.unwrap_err().code,
        ErrorCode::UnknownNotice,
        "somebody else's"
    );
}

#[tokio::test]
async fn a_removal_is_told_as_it_is_known_and_follows_what_becomes_known_of_the_rest() {
    let office = office().await;
    let e = &office.desk.engine;
    let removal = |kinds: Vec<NoticeKind>| match kinds.as_slice() {
        [NoticeKind::Removed { here, rank, rest, .. }] => (*here, *rank, *rest),
        other => panic!("{other:?}"),
    };
    let job = e.delete_channel(office.channel).await.unwrap();
    e.close_step(job, StepKind::RemoveFromCrm, "asked IT").await.unwrap();
    assert_eq!(removal(office.kinds().await), (false, Some(Rank::Unverified), None));
    e.confirm_step(job, StepKind::RevokeGrant).await.unwrap();
    assert_eq!(removal(office.kinds().await), (false, Some(Rank::Unverified), Some(Rank::Unverified)));
    e.withdraw_confirmation(job, StepKind::RemoveFromCrm).await.unwrap();
    assert_eq!(removal(office.kinds().await), (false, None, None), "nothing is claimed of what was taken back");
}

#[tokio::test]
async fn a_disconnect_taken_back_corrects_the_list_and_takes_the_pop_up_away() {
    let office = office().await;
    office.deleted().await;
    let shown = office.pop_ups(office.misaki).await;
    office.desk.engine.act_as(office.admin).await.unwrap();
    let job = office.desk.card().await.id.parse().unwrap();
    office.desk.engine.withdraw_confirmation(job, StepKind::RemoveFromCrm).await.unwrap();
    assert_eq!(office.pop_ups(office.ken).await, [], "never popped up, and never will");
    office.desk.engine.act_as(office.misaki).await.unwrap();
    let due = office.desk.engine.pop_ups_due(true).await.unwrap();
    assert_eq!((due.show, due.close), (vec![], vec![shown[0].notice]));
    assert!(office.desk.engine.notices(Default::default()).await.unwrap().notices[0].corrected_at.is_some());
    assert_eq!(office.desk.engine.pop_ups_due(true).await.unwrap().close, [], "once");
}

#[tokio::test]
async fn a_loss_is_told_once_and_corrected_by_the_reconnect() {
    let office = office().await;
    let e = &office.desk.engine;
    e.report_lost(office.channel).await.unwrap();
    e.report_lost(office.channel).await.unwrap();
    let shown = office.pop_ups(office.misaki).await;
    let stated = NoticeKind::Lost { reason: LostReason::Unknown, here: false, stated: true };
    assert_eq!(shown.iter().map(|p| &p.what).collect::<Vec<_>>(), [&stated]);
    let before = office.desk.overview().await.channels[0].clone();
    e.confirm_reconnected(office.channel).await.unwrap();
    let after = office.desk.overview().await.channels[0].clone();
    assert_eq!((after.id, after.added_at), (before.id, before.added_at), "the row goes on");
    assert!(e.notices(Default::default()).await.unwrap().notices[0].corrected_at.is_some());
    assert_eq!(e.pop_ups_due(true).await.unwrap().close, [shown[0].notice]);
}

#[tokio::test]
async fn a_question_to_the_owner_is_a_notice_and_a_task_until_it_is_answered() {
    let office = office().await;
    let e = &office.desk.engine;
    e.act_as(office.ken).await.unwrap();
    let mailbox = e.track_mailbox("ken@example.com", Provider::Google, None).await.unwrap();
    e.act_as(office.admin).await.unwrap();
    e.ask_owner(mailbox).await.unwrap();
    assert_eq!(e.ask_owner(mailbox).await.unwrap_err().code, ErrorCode::AlreadyAsked);
    assert_eq!(office.pop_ups(office.ken).await[0].what, NoticeKind::Asked);
    assert_eq!(office.desk.row().await.asked.unwrap().by, "佐藤 花子");
    e.decline_ask(mailbox).await.unwrap();
    assert!(office.desk.row().await.asked.is_none());
    assert_eq!(office.pop_ups(office.admin).await[0].what, NoticeKind::Declined);
    e.ask_owner(mailbox).await.unwrap();
    e.act_as(office.ken).await.unwrap();
    e.disable_mailbox(mailbox).await.unwrap();
    assert!(office.desk.row().await.asked.is_none(), "doing it is an answer");
}

fn times(digest_at: Option<&str>, quiet: Option<(&str, &str)>) -> NoticeSettings {
    NoticeSettings {
        digest_at: digest_at.map(str::to_owned),
        quiet_from: quiet.map(|(from, _)| from.to_owned()),
        quiet_to: quiet.map(|(_, to)| to.to_owned()),
        ..NoticeSettings::default()
    }
}

async fn shown(desk: &Desk) -> Vec<NoticeKind> {
    desk.engine.pop_ups_due(true).await.unwrap().show.into_iter().map(|pop_up| pop_up.what).collect()
}

/// One mailbox with an open job. The desk's clock stands at six in the evening.
async fn half_done() -> Desk {
    let desk = Desk::new().await;
    let row = desk.engine.track_mailbox("me@example.com", Provider::Google, None).await.unwrap();
    let job = desk.engine.disable_mailbox(row).await.unwrap();
    desk.engine.confirm_in_crm(job).await.unwrap();
    desk
}

#[tokio::test]
async fn the_digest_comes_once_a_day_at_its_time_and_not_while_all_is_put_off() {
    let desk = half_done().await;
    desk.engine.save_notice_settings(times(Some("19:00"), None)).await.unwrap();
    assert_eq!(shown(&desk).await, []);
    desk.clock.wait(1);
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);
    assert_eq!(shown(&desk).await, []);
    desk.clock.wait(24);
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);

    // Put off until Friday nine: no digest on Thursday; on Friday the reminder, and no digest on top of it.
    let job = desk.card().await.id.parse().unwrap();
    desk.engine.remind(job, 3).await.unwrap();
    desk.clock.wait(24);
    assert_eq!(shown(&desk).await, []);
    desk.clock.wait(48);
    assert_eq!(shown(&desk).await, [NoticeKind::Reminder]);
    assert_eq!(shown(&desk).await, []);
    desk.clock.wait(24);
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);
}

#[tokio::test]
async fn a_clock_set_back_a_day_brings_nothing_twice_and_keeps_the_order_of_the_history() {
    let desk = half_done().await;
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);
    let job = desk.card().await.id.parse().unwrap();
    desk.engine.remind(job, 1).await.unwrap();
    desk.clock.wait(-24);
    assert_eq!(shown(&desk).await, [], "put off, whatever day it is");
    desk.engine.rename_me("Hanako").await.unwrap();
    let rows = desk.engine.history(Default::default()).await.unwrap().rows;
    assert_eq!(rows[0].kind, "member_renamed", "newest first means last written");
    assert!(rows.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    assert_eq!(desk.engine.verify_history().await.unwrap().broken_at, None);
    desk.clock.wait(24);
    assert_eq!(shown(&desk).await, [], "the same day again: its digest is there already");
    desk.clock.wait(24);
    assert_eq!(shown(&desk).await, [NoticeKind::Reminder]);
}

#[tokio::test]
async fn in_quiet_hours_nothing_pops_up_and_after_them_everything_once() {
    let desk = half_done().await;
    desk.engine.save_notice_settings(times(Some("08:00"), Some(("17:00", "21:00")))).await.unwrap();
    assert_eq!(shown(&desk).await, []);
    assert_eq!(desk.engine.notices(Default::default()).await.unwrap().unread, 1, "the list has it");
    desk.clock.wait(3);
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);
    assert_eq!(shown(&desk).await, []);
}

#[tokio::test]
async fn without_a_notification_server_the_list_goes_on_and_nothing_is_handed_out() {
    let desk = half_done().await;
    assert_eq!(desk.engine.pop_ups_due(false).await.unwrap().show, []);
    assert_eq!(desk.engine.notices(Default::default()).await.unwrap().notices[0].what, NoticeKind::Digest { jobs: 1 });
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }], "once there is one");
}

#[tokio::test]
async fn what_was_read_in_the_list_does_not_pop_up_any_more() {
    let office = office().await;
    office.deleted().await;
    office.desk.engine.act_as(office.misaki).await.unwrap();
    office.desk.engine.read_all_notices().await.unwrap();
    assert_eq!(office.pop_ups(office.misaki).await, []);
}

#[tokio::test]
async fn what_is_switched_off_stays_in_the_list() {
    let office = office().await;
    let off = NoticeSettings { disconnected: false, ..times(None, None) };
    office.desk.engine.save_notice_settings(off).await.unwrap();
    office.deleted().await;
    assert_eq!(office.pop_ups(office.misaki).await, []);
    office.desk.engine.save_notice_settings(times(None, None)).await.unwrap();
    assert_eq!(office.pop_ups(office.misaki).await, [], "not later either");
    assert_eq!(office.kinds().await.len(), 1);
}

#[tokio::test]
async fn many_at_once_pop_up_as_one() {
    let office = office().await;
    for number in 0..5 {
        let address = format!("team{number}@example.com");
        let e = &office.desk.engine;
        let row = e.track_channel(office.inbox, &address, Provider::Google, None, None).await.unwrap();
        let job = e.delete_channel(row).await.unwrap();
        e.confirm_step(job, StepKind::RemoveFromCrm).await.unwrap();
    }
    let shown = office.pop_ups(office.misaki).await;
    assert_eq!((shown.len(), shown[0].more), (1, 4));
    assert_eq!(office.desk.engine.notices(Default::default()).await.unwrap().unread, 5);
}

#[tokio::test]
async fn times_that_are_none_are_refused_and_nothing_is_lost() {
    let desk = Desk::new().await;
    for bad in ["9:00", "25:00", "noon", ""] {
        let error = desk.engine.save_notice_settings(times(Some(bad), None)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::BadTime, "{bad}");
    }
    assert_eq!(desk.overview().await.settings.notices, NoticeSettings::default());
    assert_eq!(
        desk.engine.remind(uncouple_domain::DisconnectId(uuid::Uuid::nil()), 0).await.unwrap_err().code,
        ErrorCode::BadDays
    );
    assert_eq!(desk.engine.read_notice(NoticeId(1)).await.unwrap_err().code, ErrorCode::UnknownNotice);
}

#[tokio::test]
async fn a_mailbox_held_here_that_is_only_greyed_is_not_in_the_digest() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(uncouple_domain::Provider::Google, "subject", "me@example.com", "token");
    desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    let row = desk.row().await.id.parse().unwrap();
    desk.engine.disable_mailbox(row).await.unwrap();
    assert_eq!(shown(&desk).await, []);
    assert_eq!(desk.engine.left_to_finish().await.unwrap().0, 0);
    desk.engine.remove_mailbox(row).await.unwrap();
    assert_eq!(shown(&desk).await, [NoticeKind::Digest { jobs: 1 }]);
}

#[tokio::test]
async fn a_connection_lost_at_the_provider_is_found_once_a_day_and_pops_up() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(uncouple_domain::Provider::Google, "subject", "me@example.com", "token");
    desk.engine.connect_mailbox(SignInAt::Google, None, None).await.unwrap();
    desk.engine.save_notice_settings(times(None, None)).await.unwrap();
    desk.accounts.refreshes(RefreshReply::Refused);
    desk.engine.housekeep().await.unwrap();
    assert_eq!(shown(&desk).await, [], "looked at a moment ago");
    desk.clock.wait(25);
    desk.engine.housekeep().await.unwrap();
    assert_eq!(shown(&desk).await, [NoticeKind::Lost { reason: LostReason::Unknown, here: true, stated: false }]);
}

#[tokio::test]
async fn notices_come_in_pages_and_are_found_by_their_address() {
    let office = office().await;
    let e = &office.desk.engine;
    for number in 0..120 {
        let address = format!("team{number:03}@example.com");
        let row = e.track_channel(office.inbox, &address, Provider::Google, None, None).await.unwrap();
        let job = e.delete_channel(row).await.unwrap();
        e.confirm_step(job, StepKind::RemoveFromCrm).await.unwrap();
    }
    e.act_as(office.misaki).await.unwrap();
    let first = e.notices(NoticeAsk::default()).await.unwrap();
    assert_eq!((first.notices.len(), first.total, first.unread), (100, 120, 120));
    assert_eq!(first.notices[0].address.as_deref(), Some("team119@example.com"));
    let rest = e.notices(NoticeAsk { before: first.next, ..NoticeAsk::default() }).await.unwrap();
    assert_eq!((rest.notices.len(), rest.next), (20, None));
    assert!(rest.notices.iter().all(|notice| notice.id < first.notices[99].id));
    let text = |text: &str| NoticeAsk { text: Some(text.to_owned()), ..NoticeAsk::default() };
    let found = e.notices(text("TEAM007")).await.unwrap();
    assert_eq!((found.notices.len(), found.total, found.unread), (1, 1, 120));
    assert_eq!(e.notices(text("%")).await.unwrap().total, 0, "a wildcard is a character like any other");
    let long = e.notices(text(&"x".repeat(1_000_000))).await.unwrap_err();
    assert_eq!(long.code, ErrorCode::BadArgument);
    let none = e.notices(NoticeAsk { before: Some(0), ..NoticeAsk::default() }).await.unwrap();
    assert_eq!((none.notices.len(), none.next), (0, None));
}

#[tokio::test]
async fn read_notices_are_forgotten_after_their_time_and_what_still_holds_is_not_said_again() {
    let office = office().await;
    let e = &office.desk.engine;
    e.report_lost(office.channel).await.unwrap();
    office.deleted().await;
    e.act_as(office.misaki).await.unwrap();
    let before = e.notices(NoticeAsk::default()).await.unwrap().total;
    office.desk.clock.wait(24 * 91);
    e.housekeep().await.unwrap();
    assert_eq!(e.notices(NoticeAsk::default()).await.unwrap().total, before, "nobody has read them");
    e.read_all_notices().await.unwrap();
    office.desk.clock.wait(24 * 89);
    e.housekeep().await.unwrap();
    assert_eq!(e.notices(NoticeAsk::default()).await.unwrap().total, before);
    let lines = e.verify_history().await.unwrap().entries;
    office.desk.clock.wait(24 * 2);
    e.housekeep().await.unwrap();
    let left = e.notices(NoticeAsk::default()).await.unwrap().notices;
    assert!(left.iter().all(|notice| matches!(notice.what, NoticeKind::Lost { .. })), "{left:?}");
    assert_eq!(e.verify_history().await.unwrap().entries, lines, "the history keeps everything");
    for days in [0, 6, 3_651] {
        let wrong = NoticeSettings { keep_days: days, ..times(None, None) };
        assert_eq!(e.save_notice_settings(wrong).await.unwrap_err().code, ErrorCode::BadArgument, "{days}");
    }
}
