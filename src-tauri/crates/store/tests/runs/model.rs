//! Random searches, logs, plans and runs against a simple model in memory.

use crate::kit::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uncouple_domain::*;
use uncouple_engine::directory::{LogWhat, Who};
use uncouple_engine::runs::*;

const APPS: [&str; 3] = ["hub", "crm", "other"];

#[derive(Clone, Debug)]
enum Step {
    /// A person's list was read: who, which apps, which alias, when.
    Read(u8, Vec<u8>, Option<u8>, u8),
    Everybody(u8, u8),
    /// What, which app, whose by identifier, whose by address, when.
    Log(LogWhat, u8, Option<u8>, Option<u8>, u8),
    Forget(u8),
    PlanAll(BTreeSet<u8>),
    PlanPerson(u8, BTreeSet<u8>),
    PlanList(Vec<u8>, BTreeSet<u8>),
    Settle(u8, u8, u8),
}

fn step() -> impl Strategy<Value = Step> {
    let app = || 0..3_u8;
    let apps = || prop::collection::btree_set(app(), 0..3);
    let who = || 0..5_u8;
    let second = || 0..12_u8;
    let what = prop::sample::select(vec![LogWhat::Used, LogWhat::Consented, LogWhat::Removed]);
    let read = (who(), prop::collection::vec(app(), 0..3), prop::option::of(who()), second());
    let log = (what, app(), prop::option::of(who()), prop::option::of(who()), second());
    prop_oneof![
        6 => read.prop_map(|(who, apps, alias, second)| Step::Read(who, apps, alias, second)),
        1 => (app(), second()).prop_map(|(app, second)| Step::Everybody(app, second)),
        4 => log.prop_map(|(what, app, id, address, second)| Step::Log(what, app, id, address, second)),
        1 => second().prop_map(Step::Forget),
        2 => apps().prop_map(Step::PlanAll),
        2 => (who(), apps()).prop_map(|(who, apps)| Step::PlanPerson(who, apps)),
        2 => (prop::collection::vec(0..8_u8, 0..6), apps()).prop_map(|(who, apps)| Step::PlanList(who, apps)),
        4 => (any::<u8>(), any::<u8>(), 0..4_u8).prop_map(|(run, item, to)| Step::Settle(run, item, to)),
    ]
}

/// Halves of seconds: times with and without digits after the second.
fn half(second: u8) -> Timestamp {
    at(i64::from(second / 2)) + SignedDuration::from_millis(if second.is_multiple_of(2) { 0 } else { 500 })
}

fn name(who: u8) -> String {
    format!("p{who}")
}

fn key(who: u8) -> String {
    format!("p{who}@example.com")
}

#[derive(Clone, Debug, PartialEq)]
struct Access {
    found: Found,
    since: Option<Timestamp>,
    last_use: Option<Timestamp>,
}

#[derive(Default)]
struct Model {
    people: BTreeMap<String, (Vec<String>, Timestamp)>,
    /// By person, none for everybody, and app.
    accesses: BTreeMap<(Option<String>, String), Access>,
    runs: Vec<(Vec<(Found, ItemState)>, u64)>,
    /// Numbers of lines, which must stay.
    ids: BTreeMap<(Option<String>, String), i64>,
}

fn who(found: &Found) -> Option<String> {
    match &found.target.who {
        Who::Person { id } => Some(id.clone()),
        Who::Everybody => None,
    }
}

impl Model {
    fn keep(&mut self, found: Found) {
        let known = self.accesses.remove(&(who(&found), found.target.app.clone()));
        let (since, last_use) = known.map(|known| (known.since, known.last_use)).unwrap_or_default();
        self.accesses.insert((who(&found), found.target.app.clone()), Access { found, since, last_use });
    }

    fn read(&mut self, person: &ReadPerson) {
        self.people.insert(person.id.clone(), (person.keys.clone(), person.read));
        let apps: BTreeSet<_> = person.accesses.iter().map(|found| &found.target.app).collect();
        self.accesses.retain(|(who, app), _| who.as_ref() != Some(&person.id) || apps.contains(app));
        person.accesses.iter().for_each(|found| self.keep(found.clone()));
    }

    fn with_key(&self, key: &str) -> BTreeSet<String> {
        self.people.iter().filter(|(_, (keys, _))| keys.iter().any(|k| k == key)).map(|(id, _)| id.clone()).collect()
    }

    fn log(&mut self, what: LogWhat, app: &str, whose: BTreeSet<String>, at: Timestamp) {
        for ((who, of), access) in &mut self.accesses {
            if of == app && who.as_ref().is_some_and(|who| whose.contains(who)) {
                match what {
                    LogWhat::Used => access.last_use = access.last_use.max(Some(at)),
                    LogWhat::Consented => access.since = access.since.max(Some(at)),
                    LogWhat::Removed => {}
                }
            }
        }
    }

    /// A plan of what is picked, and how many lines are refused beside those of a list.
    fn plan(&mut self, apps: &BTreeSet<u8>, picked: impl Fn(Option<&String>) -> bool, refused: u64) {
        let chosen = |app: &str| apps.iter().any(|number| APPS[usize::from(*number)] == app);
        let picked: Vec<&Access> = self
            .accesses
            .iter()
            .filter(|((who, app), _)| chosen(app) && picked(who.as_ref()))
            .map(|(_, access)| access)
            .collect();
        let covered = picked.iter().filter(|access| {
            let for_everybody = (None, access.found.target.app.clone());
            let stays = self.accesses.get(&for_everybody).is_some_and(|twin| !picked.contains(&twin));
            access.found.target.who != Who::Everybody && stays
        });
        let refused = refused + covered.count() as u64;
        self.runs.push((picked.iter().map(|access| (access.found.clone(), ItemState::Planned)).collect(), refused));
    }
}

async fn play(steps: Vec<Step>) {
    let desk = desk().await;
    let mut model = Model::default();
    for step in steps {
        take(&desk, &mut model, step).await;
        compare(&desk, &mut model).await;
    }
}

async fn take(desk: &Desk, model: &mut Model, step: Step) {
    let names = |apps: &BTreeSet<u8>| apps.iter().map(|app| APPS[usize::from(*app)]).collect::<Vec<_>>();
    let number = model.runs.len() as u128 + 1;
    match step {
        Step::Read(who, apps, alias, second) => {
            let apps: BTreeSet<_> = apps.into_iter().map(|app| APPS[usize::from(app)]).collect();
            let mut person = person(&name(who), &apps.into_iter().collect::<Vec<_>>());
            if let Some(alias) = alias.filter(|alias| *alias != who) {
                person = with_alias(person, &key(alias));
            }
            person = read_at(person, half(second));
            model.read(&person);
            desk.put(vec![person]).await;
        }
        Step::Everybody(app, second) => {
            let found = Found { read: half(second), ..everybody(APPS[usize::from(app)]) };
            model.keep(found.clone());
            desk.store.put_everybody(ORG, vec![found]).await.unwrap();
        }
        Step::Log(what, app, id, address, second) => {
            let app = APPS[usize::from(app)];
            let (id, address) = (id.map(|who| format!("id-{}", name(who))), address.map(key));
            let whose = match (&id, &address) {
                (Some(id), _) => BTreeSet::from([id.clone()]),
                (None, Some(address)) => model.with_key(address),
                (None, None) => BTreeSet::new(),
            };
            model.log(what, app, whose, half(second));
            let mut line = line(what, app, id.as_deref(), address.as_deref(), 0);
            line.at = half(second);
            desk.store.put_log(ORG, vec![line]).await.unwrap();
        }
        Step::Forget(second) => {
            model.accesses.retain(|_, access| access.found.read >= half(second));
            model.people.retain(|_, (_, read)| *read >= half(second));
            desk.store.forget_older(ORG, half(second)).await.unwrap();
        }
        Step::PlanAll(apps) => {
            model.plan(&apps, |_| true, 0);
            desk.plan(number, PlanFrom::Accesses(AccessQuery::default()), &names(&apps)).await;
        }
        Step::PlanPerson(who, apps) => {
            let people = model.with_key(&key(who));
            model.plan(&apps, |who| who.is_some_and(|who| people.contains(who)), 0);
            desk.plan(number, PlanFrom::Person { key: key(who) }, &names(&apps)).await;
        }
        Step::PlanList(list, apps) => {
            let listed: BTreeSet<u8> = list.iter().copied().collect();
            let people: BTreeSet<String> = listed.iter().flat_map(|who| model.with_key(&key(*who))).collect();
            let chosen = names(&apps);
            let has_access = |who: &&u8| {
                let people = model.with_key(&key(**who));
                model.accesses.keys().any(|(of, app)| {
                    of.as_ref().is_some_and(|of| people.contains(of)) && chosen.contains(&app.as_str())
                })
            };
            let refused = list.len() - listed.iter().filter(has_access).count();
            model.plan(&apps, |who| who.is_some_and(|who| people.contains(who)), refused as u64);
            let lines = (1..).zip(&list).map(|(line, who)| ListLine { line, text: name(*who), key: Ok(key(*who)) });
            desk.store.put_list(run(number).id, lines.collect()).await.unwrap();
            desk.plan(number, PlanFrom::List, &chosen).await;
        }
        Step::Settle(of, item, to) => settle(desk, model, usize::from(of), usize::from(item), to).await,
    }
}

async fn settle(desk: &Desk, model: &mut Model, of: usize, item: usize, to: u8) {
    if model.runs.is_empty() {
        return;
    }
    let of = of % model.runs.len();
    let items = desk.items(of as u128 + 1).await;
    if items.is_empty() {
        return;
    }
    let item = &items[item % items.len()];
    let intended = ItemState::Planned.intend(at(1)).unwrap();
    let state = match to {
        0 => ItemState::Planned,
        1 => intended,
        2 => intended.read(at(2), Listed::NobodyThere).unwrap(),
        _ => intended.leave(at(2), Left::StillListed),
    };
    model.runs[of].0.iter_mut().filter(|(found, _)| *found == item.found).for_each(|(_, is)| *is = state);
    if state.is_proven() {
        let gone = (who(&item.found), item.found.target.app.clone());
        model.accesses.retain(|key, one| *key != gone || one.found.read >= at(2));
    }
    let change = ItemChange::of_state(run(of as u128 + 1).id, item, state);
    desk.store.settle(vec![change], None, None).await.unwrap();
}

async fn compare(desk: &Desk, model: &mut Model) {
    let rows = desk.all().await;
    let seen: BTreeMap<_, _> = rows
        .iter()
        .map(|row| {
            let Access { found, since, last_use } =
                Access { found: row.found.clone(), since: row.since, last_use: row.last_use };
            ((who(&found), found.target.app.clone()), Access { found, since, last_use })
        })
        .collect();
    assert_eq!(rows.len(), seen.len());
    assert_eq!(seen, model.accesses);
    let ids: BTreeMap<_, _> =
        rows.iter().map(|row| ((who(&row.found), row.found.target.app.clone()), row.id)).collect();
    let stayed = model.ids.iter().filter(|(access, _)| ids.contains_key(access));
    stayed.for_each(|(access, id)| assert_eq!(ids[access], *id, "{access:?}"));
    model.ids = ids;
    for (number, (items, refused)) in (1..).zip(&model.runs) {
        let row = desk.store.run(run(number).id).await.unwrap().unwrap();
        let seen = desk.items(number).await;
        let of_a_person = |item: &Item| item.found.target.who != Who::Everybody;
        assert!(seen.is_sorted_by_key(|item| (of_a_person(item), &item.found.address, item.seq)));
        let mut seen: Vec<_> = seen.into_iter().map(|item| (item.found, item.state)).collect();
        seen.sort_by_key(|(found, _)| (who(found), found.target.app.clone()));
        assert_eq!(&seen, items);
        let count = |is: fn(&ItemState) -> bool| items.iter().filter(|(_, state)| is(state)).count() as u64;
        let counts = Counts {
            planned: count(|state| *state == ItemState::Planned),
            under_way: count(|state| matches!(state, ItemState::Intended { .. } | ItemState::Deleted { .. })),
            proven: count(ItemState::is_proven),
            left: count(|state| matches!(state, ItemState::Left { .. })),
            ..Counts::default()
        };
        assert_eq!((row.counts, row.refused), (counts, *refused));
        assert_eq!(row.everybody, items.iter().filter(|(found, _)| found.target.who == Who::Everybody).count() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_found_planned_and_settled_the_file_says_what_a_model_in_memory_says(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(steps));
    }
}
