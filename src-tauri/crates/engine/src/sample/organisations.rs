//! The sample's organisations: what a search found in two of them, and a run that is over. Nobody is signed in there, so
//! nothing can be searched or sent; plans can be made.

use crate::directory::{AppSeen, Likeness, LogLine, LogWhat, Target, Who, tells_uses};
use crate::error::{AppError, ErrorCode};
use crate::ports::{CaseWork, Ids, Store};
use crate::runs::{AccessQuery, Found, ItemChange, PlanFrom, ReadPerson, Run, RunState, RunStore};
use crate::wire::Language;
use jiff::{SignedDuration, Timestamp};
use uncouple_domain::{
    Address, Ctx, DeleteAnswer, EventKind, ItemState, Left, Listed, LogRead, MemberId, NewApp, OrganisationId,
    OutOfOrder, RunId, Scope, Search, Suite,
};

/// Keys as providers make them; no app has these.
const AT_GOOGLE: &str = "482913375120-sample.apps.googleusercontent.com";
const SALES: &str = "482913375120-sales.apps.googleusercontent.com";
const AT_MICROSOFT: &str = "b1f2a7d0-9c7e-4a55-8f0e-2f6f6a0b9d11";
const LOOK_ALIKE: &str = "0d94e5b3-6a31-4d2b-b7f3-1c9d2a44ef02";

const MAIL: &[&str] = &["https://mail.google.com/", "https://www.googleapis.com/auth/userinfo.email"];
const CALENDAR: &[&str] =
    &["https://www.googleapis.com/auth/calendar.events", "https://www.googleapis.com/auth/userinfo.email"];
const GRAPH_MAIL: &[&str] = &["Mail.ReadWrite", "Mail.Send", "offline_access"];
const GRAPH_CALENDAR: &[&str] = &["Calendars.ReadWrite", "offline_access"];

/// Somebody in an organisation.
struct Person {
    address: &'static str,
    ja: &'static str,
    en: &'static str,
    /// Apps that they let in, with scopes.
    apps: &'static [(&'static str, &'static [&'static str])],
    /// Days since they let the first one in, and since its last use, as far as the audit log tells.
    since: Option<i64>,
    used: Option<i64>,
    suspended: bool,
}

const fn person(
    address: &'static str,
    [ja, en]: [&'static str; 2],
    apps: &'static [(&'static str, &'static [&'static str])],
    since: Option<i64>,
    used: Option<i64>,
) -> Person {
    Person { address, ja, en, apps, since, used, suspended: false }
}

const GOOGLE: &[Person] = &[
    person("hanako.sato@example.co.jp", ["佐藤 花子", "Hanako Sato"], &[(AT_GOOGLE, MAIL)], Some(30), Some(0)),
    person("misaki@example.co.jp", ["高橋 美咲", "Misaki Takahashi"], &[(AT_GOOGLE, MAIL)], Some(30), Some(1)),
    person("support@example.co.jp", ["サポート", "Support"], &[(AT_GOOGLE, MAIL)], Some(29), Some(0)),
    // HubSpot's side has it, Google's list does not.
    person("sales@example.co.jp", ["営業", "Sales"], &[], None, None),
    person("ken.tanaka@example.co.jp", ["田中 健", "Ken Tanaka"], &[(AT_GOOGLE, MAIL)], None, Some(140)),
    person(
        "yui.mori@example.co.jp",
        ["森 結衣", "Yui Mori"],
        &[(AT_GOOGLE, MAIL), (SALES, CALENDAR)],
        Some(170),
        Some(98),
    ),
    person("daiki.inoue@example.co.jp", ["井上 大樹", "Daiki Inoue"], &[(AT_GOOGLE, CALENDAR)], Some(64), Some(5)),
    person("aya.abe@example.co.jp", ["阿部 彩", "Aya Abe"], &[(AT_GOOGLE, MAIL)], None, None),
    LEFT,
];

const LEFT: Person = Person {
    address: "sho.kato@example.co.jp",
    ja: "加藤 翔",
    en: "Sho Kato",
    apps: &[(AT_GOOGLE, MAIL)],
    since: None,
    used: None,
    suspended: true,
};

/// Whose access the sample's run has removed.
const REMOVED: &[Person] = &[
    person("kaito.endo@example.co.jp", ["遠藤 海斗", "Kaito Endo"], &[(AT_GOOGLE, MAIL)], None, Some(120)),
    person("mio.ueda@example.co.jp", ["上田 美緒", "Mio Ueda"], &[(AT_GOOGLE, MAIL)], None, None),
    person("nao.fujii@example.co.jp", ["藤井 直", "Nao Fujii"], &[(AT_GOOGLE, MAIL)], None, None),
    person("rin.ogawa@example.co.jp", ["小川 凛", "Rin Ogawa"], &[(AT_GOOGLE, MAIL)], None, Some(101)),
];

/// Those of [`REMOVED`] who are still there, as a later search reads them.
const SEEN_WITHOUT: &[Person] = &[
    person("kaito.endo@example.co.jp", ["遠藤 海斗", "Kaito Endo"], &[], None, None),
    person("mio.ueda@example.co.jp", ["上田 美緒", "Mio Ueda"], &[], None, None),
    person("rin.ogawa@example.co.jp", ["小川 凛", "Rin Ogawa"], &[], None, None),
];

/// The one of [`REMOVED`] whose account is gone altogether.
const GONE: &str = "nao.fujii@example.co.jp";

const MICROSOFT: &[Person] = &[
    person("h.sato@example.com", ["佐藤 花子", "Hanako Sato"], &[(AT_MICROSOFT, GRAPH_MAIL)], Some(28), Some(2)),
    person("help@example.com", ["ヘルプ", "Help"], &[(AT_MICROSOFT, GRAPH_MAIL)], Some(30), Some(0)),
    person(
        "kota.shimizu@example.com",
        ["清水 康太", "Kota Shimizu"],
        &[(AT_MICROSOFT, GRAPH_MAIL), (LOOK_ALIKE, GRAPH_CALENDAR)],
        Some(23),
        Some(21),
    ),
];

/// Fills both.
pub(super) struct Filling<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) runs: &'a dyn RunStore,
    pub(super) ids: &'a dyn Ids,
    pub(super) language: Language,
    pub(super) now: Timestamp,
    pub(super) actor: MemberId,
}

impl Filling<'_> {
    pub(super) async fn all(&self) -> Result<(), AppError> {
        let google = self.known(Suite::Google, "C0sample", "example.co.jp").await?;
        let apps =
            vec![app(AT_GOOGLE, "HubSpot", Likeness::Named, None), app(SALES, "HubSpot Sales", Likeness::Named, None)];
        self.runs.put_apps(google, apps).await?;
        self.choose(google, AT_GOOGLE, "HubSpot", 25 * 60).await?;
        self.a_run(google).await?;
        self.search(google, Suite::Google, &[GOOGLE, SEEN_WITHOUT], &[], 3 * 60).await?;

        let microsoft = self.known(Suite::Microsoft, "sample-tenant", "example.com").await?;
        let apps = vec![
            app(AT_MICROSOFT, "HubSpot", Likeness::Named, Some(("HubSpot, Inc.", true))),
            app(LOOK_ALIKE, "HubSpot Calendar Helper", Likeness::LookAlike, Some(("Northwind Tools", false))),
        ];
        self.runs.put_apps(microsoft, apps).await?;
        self.choose(microsoft, AT_MICROSOFT, "HubSpot", 2 * 60).await?;
        let everybody = Found {
            target: Target { who: Who::Everybody, app: AT_MICROSOFT.into(), grant: Some("sample-everybody".into()) },
            address: String::new(),
            keys: Vec::new(),
            name: None,
            suspended: false,
            scopes: words(GRAPH_CALENDAR),
            resource: Some("sample-graph".into()),
            read: self.ago(118),
        };
        self.search(microsoft, Suite::Microsoft, &[MICROSOFT], &[everybody], 118).await
    }

    fn ago(&self, minutes: i64) -> Timestamp {
        self.now.saturating_sub(SignedDuration::from_mins(minutes)).unwrap_or(self.now)
    }

    fn at(&self, minutes: i64) -> Ctx {
        Ctx { actor: self.actor, now: self.ago(minutes), device: super::NO_DEVICE }
    }

    async fn known(&self, suite: Suite, key: &'static str, name: &'static str) -> Result<OrganisationId, AppError> {
        let id = OrganisationId(self.ids.fresh());
        let ctx = self.at(26 * 60);
        let work = move |workspace: &mut uncouple_domain::Workspace| {
            workspace.adopt_organisation(&ctx, id, suite, key, name).map(drop)
        };
        self.store.transact(&Scope::Organisations, Box::new(work)).await?;
        Ok(id)
    }

    async fn choose(
        &self,
        id: OrganisationId,
        key: &'static str,
        name: &'static str,
        minutes: i64,
    ) -> Result<(), AppError> {
        let ctx = self.at(minutes);
        let work = move |workspace: &mut uncouple_domain::Workspace| {
            let app = NewApp { key: key.into(), name: name.into(), client_id: key.into(), by_name: true };
            workspace.choose_app(&ctx, id, &app, true)
        };
        self.store.transact(&Scope::Organisations, Box::new(work)).await?;
        Ok(())
    }

    /// What a search that ended so many minutes ago has found.
    async fn search(
        &self,
        id: OrganisationId,
        suite: Suite,
        people: &[&[Person]],
        everybody: &[Found],
        minutes: i64,
    ) -> Result<(), AppError> {
        let (began, at) = (self.ago(minutes + 1), self.ago(minutes));
        let people: Vec<&Person> = people.iter().copied().flatten().collect();
        let read = people.iter().map(|person| self.read(person, began)).collect::<Result<Vec<_>, _>>()?;
        let accesses = read.iter().map(|person| person.accesses.len()).sum::<usize>() + everybody.len();
        self.runs.put_read(id, read).await?;
        self.runs.put_everybody(id, everybody.to_vec()).await?;
        self.runs.forget_older(id, began).await?;
        let mut log = Vec::new();
        // Not everybody at the same minute of the day.
        for (person, later) in people.iter().zip((17..).step_by(43)) {
            let Some((app, _)) = person.apps.first() else { continue };
            for (days, what) in [(person.since, LogWhat::Consented), (person.used, LogWhat::Used)] {
                let Some(days) = days else { continue };
                let of = Some(person.address.to_owned());
                let at = self.ago(minutes + later + days * 24 * 60);
                log.push(LogLine { app: (*app).into(), person: of.clone(), address: of, at, what });
            }
        }
        self.runs.put_log(id, log).await?;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        // The sample's tenants look alike; what the providers' logs tell does not.
        let from = at.saturating_sub(SignedDuration::from_hours(24 * 180)).unwrap_or(began);
        let log = LogRead {
            at,
            uses_from: tells_uses(suite).then_some(from),
            consents_from: Some(from),
            up_to: self.runs.newest_access().await?,
            why: None,
        };
        let search = Search {
            began,
            at,
            people: count(people.len()),
            accesses: count(accesses),
            unread: 0,
            log_only: false,
            complete: true,
            log: Some(log),
            short: None,
            hosts: Vec::new(),
        };
        let ctx = self.at(minutes);
        self.store
            .transact(&Scope::Organisations, Box::new(move |workspace| workspace.searched(&ctx, id, search)))
            .await?;
        Ok(())
    }

    fn read(&self, person: &Person, at: Timestamp) -> Result<ReadPerson, AppError> {
        let address = Address::parse(person.address).map_err(|_| ErrorCode::Internal)?;
        let name = match self.language {
            Language::Japanese => person.ja,
            Language::English => person.en,
        };
        let accesses = person.apps.iter().map(|(app, scopes)| Found {
            target: Target {
                who: Who::Person { id: person.address.into() },
                app: (*app).into(),
                grant: app.starts_with(AT_MICROSOFT).then(|| format!("sample-{}", person.address)),
            },
            address: person.address.into(),
            keys: vec![address.key().to_owned()],
            name: Some(name.into()),
            suspended: person.suspended,
            scopes: words(scopes),
            resource: app.starts_with(AT_MICROSOFT).then(|| "sample-graph".into()),
            read: at,
        });
        Ok(ReadPerson {
            id: person.address.into(),
            keys: vec![address.key().to_owned()],
            read: at,
            accesses: accesses.collect(),
        })
    }

    /// A run of a day ago: one account was gone, one access was still listed after the deletion, the rest is proven.
    async fn a_run(&self, organisation: OrganisationId) -> Result<(), AppError> {
        let before = self.ago(24 * 60 + 40);
        let people = REMOVED.iter().chain([&LEFT]).map(|person| self.read(person, before));
        self.runs.put_read(organisation, people.collect::<Result<_, _>>()?).await?;
        let started = self.ago(24 * 60);
        let id = RunId(self.ids.fresh());
        let run = Run {
            id,
            organisation,
            state: RunState::Planned,
            paused: None,
            leaver: None,
            planned: self.at(24 * 60 + 20).stamp(),
            partial: false,
            column: None,
            not_before: None,
            started: None,
            ended: None,
            account: None,
            verified: None,
            hosts: Vec::new(),
        };
        let all = AccessQuery { organisation: Some(organisation), limit: u32::MAX, ..AccessQuery::default() };
        self.runs.plan(run.clone(), PlanFrom::Accesses(all), vec![AT_GOOGLE.into()]).await?;
        let items = self.runs.open_items(id, 0, 100).await?;
        let mut changes = Vec::new();
        let mut told = vec![EventKind::RunStarted {
            run: id,
            organisation: "example.co.jp".into(),
            items: u64::try_from(items.len()).unwrap_or(u64::MAX),
        }];
        for item in &items {
            let person = item.found.address.clone();
            let app = item.app_name.clone();
            let state = state_of(&person, started).map_err(|_| ErrorCode::Internal)?;
            changes.push(ItemChange::of_state(id, item, state));
            told.push(if let ItemState::Left { why, .. } = state {
                EventKind::AccessLeft { run: id, person, app, why }
            } else {
                EventKind::AccessRevoked { run: id, nobody_there: person == GONE, person, app, already_gone: false }
            });
        }
        let (proven, left) = (u64::try_from(REMOVED.len()).unwrap_or(u64::MAX), 1);
        told.push(EventKind::RunEnded { run: id, proven, left });
        let ended = self.at(24 * 60 - 3);
        let work = move |workspace: &mut uncouple_domain::Workspace| {
            told.into_iter().for_each(|event| workspace.note(&ended, event));
            Ok(())
        };
        let run = Run { state: RunState::Ended, started: Some(started), ended: Some(ended.now), ..run };
        self.runs.settle(changes, Some(run), Some(CaseWork::new(Scope::Roster, work))).await?;
        Ok(())
    }
}

/// The way of an item of the sample's run, by the same steps as a real one's.
fn state_of(person: &str, started: Timestamp) -> Result<ItemState, OutOfOrder> {
    let after = |seconds| started.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(started);
    let deleted = ItemState::Planned.intend(after(1))?.answered(after(2), DeleteAnswer::Deleted)?;
    if person == LEFT.address {
        return Ok(deleted.leave(after(122), Left::StillListed));
    }
    let gone = if person == GONE { Listed::NobodyThere } else { Listed::No };
    Ok(deleted.read(after(4), gone)?.logged(after(150), (person != GONE).then(|| after(2)), None))
}

fn app(key: &str, name: &str, likeness: Likeness, publisher: Option<(&str, bool)>) -> AppSeen {
    AppSeen {
        key: key.into(),
        client_id: key.into(),
        name: name.into(),
        publisher: publisher.map(|(name, _)| name.into()),
        verified: publisher.map(|(_, verified)| verified),
        likeness,
    }
}

fn words(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}
