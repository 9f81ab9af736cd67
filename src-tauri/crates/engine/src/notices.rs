//! Notices: the list, the pop-ups, reminders and the daily digest.

use crate::core::Engine;
use crate::error::{AppError, ErrorCode};
use crate::past::LONGEST_FILTER;
use crate::ports::{Due, NoticeFilter, PopUp};
use crate::settings::{NoticeSettings, Settings};
use crate::view::{NoticeAsk, NoticeKind, NoticeList, NoticeView, PlaceView};
use crate::wire::Language;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use uncouple_domain::{DisconnectId, Notice, NoticeId, Purpose, Scope, Standing, StepKind, Workspace};

/// Notices on a page.
const PAGE: u32 = 100;

/// For how many days read notices may be kept.
const KEEP_DAYS: std::ops::RangeInclusive<u16> = 7..=3_650;

/// More than so many at once pop up as one.
const AT_ONCE: usize = 3;

impl Engine {
    /// A page of the acting member's notices, newest first.
    ///
    /// # Errors
    /// `bad_argument` for a text longer than any address; what the store says.
    pub async fn notices(&self, ask: NoticeAsk) -> Result<NoticeList, AppError> {
        if ask.text.as_ref().is_some_and(|text| text.len() > LONGEST_FILTER) {
            return Err(ErrorCode::BadArgument.into());
        }
        let filter = NoticeFilter { to: self.actor(), text: ask.text, before: ask.before.map(NoticeId), limit: PAGE };
        let page = self.ports.queries.notices(filter).await?;
        // What they say of a removal is what is known of it now.
        let mut about: Vec<Scope> =
            page.notices.iter().filter_map(|notice| notice.mailbox.map(Scope::Mailbox)).collect();
        if page.notices.iter().any(is_digest) {
            about.push(Scope::OpenJobs);
        }
        let snapshot = self.case(Scope::Union(about)).await?;
        let notices: Vec<NoticeView> = page.notices.iter().map(|notice| view(&snapshot.workspace, notice)).collect();
        let full = notices.len() == PAGE as usize;
        Ok(NoticeList {
            next: notices.last().filter(|_| full).map(|notice| notice.id),
            notices,
            total: page.total,
            unread: u32::try_from(page.unread).unwrap_or(u32::MAX),
        })
    }

    /// Forgets notices that were read long ago.
    pub(crate) async fn prune_notices(&self, now: Timestamp) -> Result<(), AppError> {
        let days = self.ports.store.settings().await?.notices.keep_days;
        let kept = jiff::SignedDuration::from_hours(24 * i64::from(days));
        let Ok(read_before) = now.checked_sub(kept) else { return Ok(()) };
        let pruned = self.ports.store.prune_notices(read_before).await?;
        if !pruned.touched.is_empty() {
            self.tell_of(pruned);
        }
        Ok(())
    }

    /// Marks a notice of the acting member as read.
    ///
    /// # Errors
    /// `unknown_notice`, also for other people's.
    pub async fn read_notice(&self, notice: NoticeId) -> Result<(), AppError> {
        self.change(Scope::Notice(notice), move |ws, ctx| ws.read_notice(ctx, notice)).await
    }

    /// Marks all notices of the acting member as read.
    ///
    /// # Errors
    /// What the store says.
    pub async fn read_all_notices(&self) -> Result<(), AppError> {
        self.change(Scope::Unread(self.actor()), |ws, ctx| {
            ws.read_all_notices(ctx);
            Ok(())
        })
        .await
    }

    /// Where a click on a notice leads.
    ///
    /// # Errors
    /// `unknown_notice`, also for other people's.
    pub async fn place_of(&self, notice: NoticeId) -> Result<PlaceView, AppError> {
        let mut snapshot = self.case(Scope::Notice(notice)).await?;
        // The first of what is left to finish is where a digest leads.
        if snapshot.workspace.notices.get(&notice).is_some_and(is_digest) {
            snapshot = self.case(Scope::Notice(notice).and(Scope::OpenJobs)).await?;
        }
        let mine = snapshot.workspace.notices.get(&notice).filter(|n| n.to == self.actor());
        Ok(place(&snapshot.workspace, mine.ok_or(ErrorCode::UnknownNotice)?))
    }

    /// Changes which notices pop up, and when.
    ///
    /// # Errors
    /// `bad_time` for anything but `HH:MM`; `bad_argument` for days out of range.
    pub async fn save_notice_settings(&self, notices: NoticeSettings) -> Result<(), AppError> {
        let times = [&notices.digest_at, &notices.quiet_from, &notices.quiet_to];
        if times.into_iter().flatten().any(|text| time(text).is_none()) {
            return Err(ErrorCode::BadTime.into());
        }
        if !KEEP_DAYS.contains(&notices.keep_days) {
            return Err(ErrorCode::BadArgument.into());
        }
        self.change_settings(move |settings| settings.notices = notices).await
    }

    /// Puts a job off for some days, until nine in the morning.
    ///
    /// # Errors
    /// `bad_days` for anything but one to thirty; see [`Workspace::snooze`].
    pub async fn remind(&self, job: DisconnectId, days: u8) -> Result<(), AppError> {
        if !(1..=30).contains(&days) {
            return Err(ErrorCode::BadDays.into());
        }
        let until = morning_in(days, self.ports.clock.now(), &self.ports.clock.zone());
        self.change(Scope::Job(job), move |workspace, ctx| workspace.snooze(ctx, job, until)).await
    }

    /// How many jobs the acting member could finish now, and the language in which to say it outside of the window.
    ///
    /// # Errors
    /// What the store says.
    pub async fn left_to_finish(&self) -> Result<(u32, Language), AppError> {
        let snapshot = self.read_whole().await?;
        let settings = self.ports.store.settings().await?;
        let (actor, now) = (self.actor(), self.ports.clock.now());
        let left = snapshot.workspace.to_finish(actor, now).len();
        let language = language(&snapshot.workspace, actor, &settings, self.start.system_language);
        Ok((u32::try_from(left).unwrap_or(u32::MAX), language))
    }

    /// What the desktop is to show and to take away for the acting member now. What is handed out is marked in the
    /// same transaction, so that nothing pops up twice, whatever happens after. While nobody shows notifications
    /// (`ready` is false) reminders and the digest still come to the list, and nothing is handed out.
    ///
    /// # Errors
    /// What the store says.
    pub async fn pop_ups_due(&self, ready: bool) -> Result<Due, AppError> {
        let settings = self.ports.store.settings().await?;
        let (now, zone) = (self.ports.clock.now(), self.ports.clock.zone());
        let quiet = is_quiet(&settings.notices, now, &zone);
        let digest = digest_is_due(&settings.notices, now, &zone);
        let actor = self.actor();
        let wanted = settings.notices.clone();
        let of_work = zone.clone();
        // Most of the time there is nothing, and nothing is written.
        let around = Scope::NoticesAround { to: actor, at: now };
        let mut scope = Scope::PutOff { until: now }.and(Scope::PopUps(actor));
        let snapshot = self.case(scope.clone().and(around.clone())).await?;
        let workspace = &snapshot.workspace;
        let today = |at| day(at, &zone) == day(now, &zone);
        let mut digest_due = digest && !workspace.had_digest(actor, today);
        if digest_due {
            // Counts all jobs, so it is asked for last: after the day's digest it is not asked for any more.
            digest_due = self.read_whole().await?.workspace.digest_due(now, actor, today).is_some();
        }
        if !workspace.has_reminders(now) && !workspace.has_pop_ups(actor, ready && !quiet) && !digest_due {
            return Ok(Due::default());
        }
        if digest_due {
            scope = scope.and(Scope::OpenJobs).and(around);
        }
        let work = move |ws: &mut Workspace, ctx: &uncouple_domain::Ctx| {
            ws.remind(ctx);
            if digest_due {
                let today = day(ctx.now, &of_work);
                ws.digest(ctx, actor, |at| day(at, &of_work) == today);
            }
            let taken =
                if quiet || !ready { Vec::new() } else { ws.take_pop_ups(ctx, actor, |what| wants(&wanted, what)) };
            Ok((taken, ws.take_stale_pop_ups(actor)))
        };
        let (mut taken, close) = self.change(scope, work).await?;
        let more = if taken.len() > AT_ONCE { taken.len() - 1 } else { 0 };
        if more > 0 {
            taken.drain(..more);
        }
        let shown = taken.iter().map(|notice| Scope::Notice(notice.id)).collect();
        let snapshot = self.case(Scope::Union(shown)).await?;
        let language = language(&snapshot.workspace, actor, &settings, self.start.system_language);
        let show = taken
            .iter()
            .map(|notice| {
                let seen = view(&snapshot.workspace, notice);
                PopUp {
                    notice: notice.id,
                    language,
                    what: seen.what,
                    by: seen.by,
                    address: seen.address,
                    more: u32::try_from(more).unwrap_or(u32::MAX),
                }
            })
            .collect();
        Ok(Due { show, close })
    }
}

fn is_digest(notice: &Notice) -> bool {
    matches!(notice.what, uncouple_domain::NoticeKind::Digest { .. })
}

fn language(ws: &Workspace, member: uncouple_domain::MemberId, settings: &Settings, system: Language) -> Language {
    let own = ws.members.get(&member).and_then(|m| m.language).map(Language::from);
    own.or(settings.language).unwrap_or(system)
}

fn time(text: &str) -> Option<Time> {
    // Two digits each: `strptime` alone would take "9:5" and " 9:00".
    let digits = text.len() == 5 && text.chars().enumerate().all(|(at, c)| at == 2 || c.is_ascii_digit());
    digits.then(|| Time::strptime("%H:%M", text).ok()).flatten()
}

fn day(at: Timestamp, zone: &TimeZone) -> jiff::civil::Date {
    at.to_zoned_datetime(zone.clone()).date()
}

fn is_quiet(settings: &NoticeSettings, now: Timestamp, zone: &TimeZone) -> bool {
    let (Some(from), Some(to)) =
        (settings.quiet_from.as_deref().and_then(time), settings.quiet_to.as_deref().and_then(time))
    else {
        return false;
    };
    let now = now.to_zoned_datetime(zone.clone()).time();
    if from <= to { from <= now && now < to } else { from <= now || now < to }
}

fn digest_is_due(settings: &NoticeSettings, now: Timestamp, zone: &TimeZone) -> bool {
    let now = now.to_zoned_datetime(zone.clone()).time();
    settings.digest_at.as_deref().and_then(time).is_some_and(|at| now >= at)
}

fn wants(settings: &NoticeSettings, what: &uncouple_domain::NoticeKind) -> bool {
    use uncouple_domain::NoticeKind as Kind;
    match what {
        Kind::Disconnected { .. } | Kind::Moving { .. } | Kind::AccessRevoked { .. } => settings.disconnected,
        Kind::Lost { .. } | Kind::StillThere { .. } => settings.lost,
        Kind::Asked | Kind::Declined => settings.asked,
        Kind::Reminder => settings.reminders,
        // It has a switch of its own: its time.
        Kind::Digest { .. } => true,
    }
}

pub(crate) fn view(workspace: &Workspace, notice: &Notice) -> NoticeView {
    let inbox = |id| workspace.inboxes.get(&id).map(|inbox| inbox.name.as_str().to_owned());
    use uncouple_domain::NoticeKind as Kind;
    NoticeView {
        id: notice.id.0,
        what: match &notice.what {
            Kind::Disconnected { inbox: id } => removed(workspace, notice, id.and_then(inbox)),
            Kind::Lost { reason } => NoticeKind::Lost {
                reason: (*reason).into(),
                here: held_here(workspace, notice),
                stated: notice.by.is_some() && *reason == uncouple_domain::LostReason::Unknown,
            },
            Kind::Asked => NoticeKind::Asked,
            Kind::Declined => NoticeKind::Declined,
            Kind::Moving { to } => NoticeKind::Moving { to: (*to).into() },
            Kind::StillThere { apps } => NoticeKind::StillThere { apps: apps.clone() },
            Kind::AccessRevoked { deleted_here, apps } => {
                NoticeKind::AccessRevoked { deleted_here: *deleted_here, apps: apps.clone() }
            }
            Kind::Reminder => NoticeKind::Reminder,
            Kind::Digest { jobs } => NoticeKind::Digest { jobs: *jobs },
        },
        at: notice.at.to_string(),
        by: notice.by.and_then(|by| workspace.members.get(&by)).map(|m| m.name.as_str().to_owned()),
        address: notice.address.as_ref().map(ToString::to_string),
        place: place(workspace, notice),
        unread: notice.read.is_none(),
        corrected_at: notice.corrected.map(|at| at.to_string()),
    }
}

fn held_here(workspace: &Workspace, notice: &Notice) -> bool {
    notice.mailbox.and_then(|id| workspace.mailboxes.get(&id)).is_some_and(uncouple_domain::Mailbox::held_here)
}

/// What is known of a removal now: later steps of its job make the rest known, and nothing makes its own rank better
/// than the step's.
fn removed(workspace: &Workspace, notice: &Notice, inbox: Option<String>) -> NoticeKind {
    let job = notice.job.and_then(|id| workspace.disconnects.get(&id));
    let rank = job.and_then(|job| match job.standing(job.step(StepKind::RemoveFromCrm)?, &workspace.grants) {
        Standing::Done(evidence) => Some(evidence.rank()),
        Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => None,
    });
    NoticeKind::Removed {
        inbox,
        here: held_here(workspace, notice),
        rank: rank.map(Into::into),
        moving: job.is_some_and(|job| job.purpose != Purpose::Leave),
        rest: job.and_then(|job| job.completion(&workspace.grants).rank()).map(Into::into),
    }
}

/// The card or row that a notice is about; the list where it is about none, or about one that this member can't see
/// any more.
fn place(workspace: &Workspace, notice: &Notice) -> PlaceView {
    if is_digest(notice) {
        let first = workspace.to_finish(notice.to, notice.at).into_iter().next();
        let row =
            first.and_then(|job| workspace.disconnects.get(&job)).and_then(|j| workspace.mailboxes.get(&j.mailbox));
        return match row.and_then(|row| row.home.inbox()) {
            Some(inbox) => PlaceView::Channels { inbox: inbox.to_string(), job: None, mailbox: None },
            None => PlaceView::Email { job: None, mailbox: None },
        };
    }
    let Some(row) = notice.mailbox.and_then(|id| workspace.mailboxes.get(&id)) else { return PlaceView::Notices };
    if !workspace.may_see(notice.to, row) {
        return PlaceView::Notices;
    }
    let of_row = |id: &DisconnectId| workspace.disconnects.get(id).is_some_and(|job| job.ended.is_none());
    let job = notice.job.filter(of_row).map(|id| id.to_string());
    let mailbox = Some(row.id.to_string());
    match row.home.inbox() {
        Some(inbox) => PlaceView::Channels { inbox: inbox.to_string(), job, mailbox },
        None => PlaceView::Email { job, mailbox },
    }
}

/// The hour at which a reminder is due, in the person's own zone.
const REMINDER_HOUR: i8 = 9;

/// Nine in the morning so many days from today, in the person's zone. A day on which nine does not exist gets the next
/// hour that does.
fn morning_in(days: u8, now: Timestamp, zone: &TimeZone) -> Timestamp {
    let then = day(now, zone).saturating_add(i64::from(days).days());
    let later = jiff::SignedDuration::from_hours(24 * i64::from(days));
    then.at(REMINDER_HOUR, 0, 0, 0)
        .to_zoned_datetime(zone.clone())
        .map_or_else(|_| now.saturating_add(later).unwrap_or(now), |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn tokyo() -> TimeZone {
        TimeZone::get("Asia/Tokyo").unwrap()
    }

    #[test]
    fn tomorrow_is_the_persons_tomorrow_and_not_utcs() {
        // Half past midnight on the 24th in Tokyo is still the 23rd in UTC.
        let until = morning_in(1, "2026-11-23T15:30:00Z".parse().unwrap(), &tokyo());
        assert_eq!(until.to_string(), "2026-11-25T00:00:00Z");
    }

    #[test]
    fn quiet_hours_may_go_past_midnight() {
        let quiet = |from: &str, to: &str, now: &str| {
            let settings = NoticeSettings {
                quiet_from: Some(from.to_owned()),
                quiet_to: Some(to.to_owned()),
                ..NoticeSettings::default()
            };
            is_quiet(&settings, now.parse().unwrap(), &tokyo())
        };
        assert!(quiet("22:00", "07:00", "2026-11-23T13:00:00Z"), "22:00 in Tokyo");
        assert!(quiet("22:00", "07:00", "2026-11-23T21:59:00Z"), "06:59");
        assert!(!quiet("22:00", "07:00", "2026-11-23T22:00:00Z"), "07:00");
        assert!(quiet("12:00", "13:00", "2026-11-23T03:30:00Z"), "12:30");
        assert!(!quiet("12:00", "12:00", "2026-11-23T03:00:00Z"), "an empty span");
    }

    #[test]
    fn a_time_of_day_has_two_digits_each() {
        for bad in ["", "9:00", "09:0", "24:00", "09:60", "09-00", " 9:00", "０９:００"] {
            assert_eq!(time(bad), None, "{bad}");
        }
        assert!(time("23:59").is_some());
    }
}
