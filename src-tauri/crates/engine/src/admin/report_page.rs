//! The printable page of a run. Its words stand with the window's, in `ui/messages/report`.

use super::accesses::word;
use super::report::{Caution, Line};
use crate::messages::Messages;
use crate::runs::{LineRefusal, Refused};
use crate::view::{AppRoleView, AppRolesView, ItemStateView, LookView, NotLookedAt, RunAppView, RunView, VerifiedView};
use crate::wire::{Language, Left, NotRead, Suite};
use jiff::{Timestamp, tz::TimeZone};
use std::fmt::Write as _;
use std::sync::LazyLock;

static JAPANESE: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../../../ui/messages/report/ja.json")));
static ENGLISH: LazyLock<Messages> =
    LazyLock::new(|| Messages::read(include_str!("../../../../../ui/messages/report/en.json")));

/// Small, and with nothing from elsewhere: a report is kept for years.
const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;color:#1f2328}\
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}\
dt{color:#57606a}dd{margin:0}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;\
padding:.35rem .5rem;border-bottom:1px solid #d0d7de}thead{display:table-header-group}tr{break-inside:avoid}\
.sum{font-size:1.15rem;font-weight:600}code{overflow-wrap:anywhere}@media print{body{margin:0;max-width:none}}";

/// The page, filled item by item.
pub(crate) struct Page {
    words: &'static Messages,
    zone: TimeZone,
    suite: Suite,
    text: String,
}

impl Page {
    /// Its head: what, where, who, when, and what it adds up to.
    pub(crate) fn new(
        language: Language,
        run: &RunView,
        caution: &Caution,
        organisation: &str,
        zone: TimeZone,
    ) -> Self {
        let (words, code) = match language {
            Language::Japanese => (&*JAPANESE, "ja"),
            Language::English => (&*ENGLISH, "en"),
        };
        let mut page = Self { words, zone, suite: run.suite, text: String::new() };
        let title = page.say("title", &[("organisation", &run.organisation_name), ("apps", &apps_of(run))]);
        let counts = run.counts;
        let sum = if run.started.is_some() {
            let (proven, total) = (counts.proven.to_string(), counts.total().to_string());
            let given_back = counts.restored + counts.restoring;
            let left = (counts.total() - counts.proven - given_back).to_string();
            let mut sum = page.say("sum", &[("proven", &proven), ("total", &total), ("left", &left)]);
            if given_back > 0 {
                let more = page.say("restored_sum", &[("count", &given_back.to_string())]);
                let _ = write!(sum, " {more}");
            }
            sum
        } else {
            page.say("sum_plan", &[("total", &counts.total().to_string())])
        };
        let standing: Vec<&str> = run
            .apps
            .iter()
            .filter(|app| matches!(&app.roles, AppRolesView::Read { roles, .. } if !roles.is_empty()))
            .map(|app| app.name.as_str())
            .collect();
        let sum = if standing.is_empty() {
            sum
        } else {
            format!("{sum} {}", page.say("sum_roles", &[("apps", &standing.join(", "))]))
        };
        let sample = caution.sample.then(|| format!("<p class=\"sum\">{}</p>", page.say("sample", &[])));
        let sample = sample.unwrap_or_default();
        let _ = write!(
            page.text,
            "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>{sample}<p class=\"sum\">{sum}</p><dl>",
        );
        let rows = [
            ("planned", Some(page.time(&run.planned))),
            ("by", Some(escape(&run.by))),
            ("organisation_id", Some(format!("<code>{}</code>", escape(organisation)))),
            ("started", run.started.as_deref().map(|at| page.time(at))),
            ("ended", run.ended.as_deref().map(|at| page.time(at))),
            ("leaver", run.leaver.as_deref().map(escape)),
            ("run", Some(escape(&run.id))),
            ("account", run.account.as_deref().filter(|account| !account.is_empty()).map(escape)),
            ("apps", Some(page.apps(run)).filter(|apps| !apps.is_empty())),
            ("roles", page.roles(run)),
            ("not_looked_at", Some(page.not_looked_at(run))),
            ("reconsent", Some(page.reconsent(run))),
            ("verified", run.verified.as_ref().map(|verified| page.verified(verified))),
            ("partial", caution.partial.then(|| page.say("partial_hint", &[]))),
            (
                "endpoints",
                (!caution.hosts.is_empty())
                    .then(|| page.say("endpoints_hint", &[("hosts", &caution.hosts.join(", "))])),
            ),
        ];
        for (key, value) in rows {
            if let Some(value) = value {
                let name = page.say(key, &[]);
                let _ = write!(page.text, "<dt>{name}</dt><dd>{value}</dd>");
            }
        }
        for left in &run.left {
            let name = page.say(left_key(left.why), &[]);
            let _ = write!(page.text, "<dt>{name}</dt><dd>{}</dd>", left.count);
        }
        let heads = ["head_person", "head_app", "head_state"].map(|key| page.say(key, &[]));
        let hubspot = run.apps.is_empty() || run.apps.iter().any(|app| app.by_name);
        let mut notes = Vec::new();
        if hubspot {
            notes.push(page.say("note", &[]));
        }
        if run.suite == Suite::Microsoft {
            notes.push(page.say("tokens_microsoft", &[]));
        }
        let note = notes.join(" ");
        let _ = write!(
            page.text,
            "</dl><p>{note}</p><table><thead><tr><th>#</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>",
            heads[0], heads[1], heads[2]
        );
        page
    }

    /// One item.
    pub(crate) fn item(&mut self, line: &Line) {
        let item = &line.view;
        let person = match &item.person {
            None => self.say("everybody", &[]),
            Some(person) => {
                let name = person.name.as_deref().map(escape).unwrap_or_default();
                let address = escape(&person.address);
                if name.is_empty() { address } else { format!("{address}<br>{name}") }
            }
        };
        let mut state = self.state(&item.state);
        if let Some(at) = &line.deleted {
            let more = self.say("state_deleted", &[("at", &self.time(at))]);
            let _ = write!(state, "<br>{more}");
        }
        if let Some(look) = &item.look {
            let look = self.look(look);
            let _ = write!(state, "<br>{look}");
        }
        let mut app = escape(&item.app);
        let ids = [("client_id", &line.client_id), ("object_id", &line.object_id), ("grant_id", &item.grant)];
        for (key, id) in ids {
            if let Some(id) = id {
                let _ = write!(app, "<br><small>{} <code>{}</code></small>", self.say(key, &[]), escape(id));
            }
        }
        let _ = write!(self.text, "<tr><td>{}</td><td>{person}</td><td>{app}</td><td>{state}</td></tr>", item.seq);
    }

    /// Each app by its name and by what tells it from another one of that name.
    fn apps(&self, run: &RunView) -> String {
        let one = |app: &RunAppView| {
            let mut text = escape(&app.name);
            if let Some(client) = &app.client_id {
                let _ = write!(text, " · {} <code>{}</code>", self.say("app_client_id", &[]), escape(client));
            }
            if app.client_id.as_deref() != Some(&app.key) {
                let _ = write!(text, " · {} <code>{}</code>", self.say("app_object_id", &[]), escape(&app.key));
            }
            text
        };
        run.apps.iter().map(one).collect::<Vec<_>>().join("<br>")
    }

    /// What the apps may do without any person's consent. None: this provider has no such permissions.
    fn roles(&self, run: &RunView) -> Option<String> {
        let mut lines = Vec::new();
        let mut stand = false;
        for app in &run.apps {
            let name = [("app", app.name.as_str())];
            match &app.roles {
                AppRolesView::None => {}
                AppRolesView::NotRead | AppRolesView::Unread { .. } => lines.push(self.say("roles_unread", &name)),
                AppRolesView::Read { at, roles } if roles.is_empty() => {
                    lines.push(self.say("roles_none", &[("app", &app.name), ("at", &self.time(at))]));
                }
                AppRolesView::Read { roles, .. } => {
                    stand = true;
                    lines.extend(roles.iter().map(|role| format!("{}: {}", escape(&app.name), self.role(role))));
                }
            }
        }
        if stand {
            lines.push(self.say("roles_where", &[]));
        }
        (!lines.is_empty()).then(|| lines.join("<br>"))
    }

    fn role(&self, role: &AppRoleView) -> String {
        let name = format!("{} ({})", escape(role.value.as_deref().unwrap_or(&role.id)), escape(&role.resource));
        match role.reach {
            Some(reach) => format!("{name}: {}", self.say(&format!("role_{}", word(&reach)), &[])),
            None => name,
        }
    }

    fn not_looked_at(&self, run: &RunView) -> String {
        let one = |what: &NotLookedAt| self.say(&format!("not_{}", word(what)), &[]);
        run.not_looked_at.iter().map(one).collect::<Vec<_>>().join("<br>")
    }

    fn reconsent(&self, run: &RunView) -> String {
        self.say(&format!("reconsent_{}", word(&run.reconsent)), &[])
    }

    fn state(&self, state: &ItemStateView) -> String {
        match state {
            ItemStateView::Planned => self.say("state_planned", &[]),
            ItemStateView::UnderWay { .. } => self.say("state_under_way", &[]),
            ItemStateView::Proven { read, nobody_there, logged, log_late, already_gone } => {
                let key = match (self.suite, nobody_there) {
                    (_, true) => "state_nobody",
                    (Suite::Google, false) => "state_proven_google",
                    (Suite::Microsoft, false) => "state_proven_microsoft",
                };
                let mut text = self.say(key, &[("read", &self.time(read))]);
                if let Some(at) = logged {
                    let more = self.say("state_logged", &[("at", &self.time(at))]);
                    let _ = write!(text, "<br>{more}");
                } else if *already_gone {
                    let more = self.say("state_already_gone", &[]);
                    let _ = write!(text, "<br>{more}");
                } else if *log_late {
                    let more = self.say("state_log_late", &[]);
                    let _ = write!(text, "<br>{more}");
                }
                text
            }
            ItemStateView::StillReached { read, through } => {
                let mut text = self.say("state_still_reached", &[("read", &self.time(read))]);
                for one in through {
                    let key = if one.everybody { "through_everybody" } else { "through_person" };
                    let scopes = one.scopes.join(" ");
                    let more = self.say(key, &[("app", &one.app), ("scopes", &scopes)]);
                    let _ = write!(text, "<br>{more}");
                }
                text
            }
            ItemStateView::Left { why, .. } => self.say(left_key(*why), &[]),
            ItemStateView::Restoring { at } => self.say("state_restoring", &[("at", &self.time(at))]),
            ItemStateView::Restored { read } => self.say("state_restored", &[("read", &self.time(read))]),
        }
    }

    /// What came of the last time that its list was to be read again.
    fn look(&self, look: &LookView) -> String {
        let at = self.time(&look.at);
        match look.not_read {
            None => self.say("look_read", &[("at", &at)]),
            Some(why) => {
                let why = self.say(not_read_key(why), &[]);
                self.say("look_not_read", &[("at", &at), ("why", &why)])
            }
        }
    }

    /// What a second reading of all lists came to, with what it could not read.
    fn verified(&self, verified: &VerifiedView) -> String {
        let all = verified.read + verified.not_read.iter().map(|one| one.count).sum::<u64>();
        let counts = [("read", verified.read), ("all", all), ("gone", verified.gone), ("back", verified.back)];
        let counts = counts.map(|(key, count)| (key, count.to_string()));
        let places: Vec<(&str, &str)> = counts.iter().map(|(key, count)| (*key, count.as_str())).collect();
        let at = self.time(&verified.at);
        let mut text = self.say("verified_sum", &[places.as_slice(), &[("at", at.as_str())]].concat());
        for one in &verified.not_read {
            let why = self.say(not_read_key(one.why), &[]);
            let more = self.say("verified_not_read", &[("count", &one.count.to_string()), ("why", &why)]);
            let _ = write!(text, "<br>{more}");
        }
        text
    }

    /// What was filled in since.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Its end: what was not in the plan, and the head hash.
    pub(crate) fn end(&mut self, refused: &[Refused], head: &str) -> String {
        self.text.push_str("</tbody></table>");
        if !refused.is_empty() {
            let title = self.say("refused", &[]);
            let _ = write!(self.text, "<h2>{title}</h2><table><tbody>");
            for line in refused {
                let why = self.say(refusal_key(line.why), &[]);
                let text = escape(&line.text);
                let _ = write!(self.text, "<tr><td>{}</td><td>{text}</td><td>{why}</td></tr>", line.line);
            }
            self.text.push_str("</tbody></table>");
        }
        let words = self.say("head_hash", &[]);
        let _ = writeln!(self.text, "<p>{words} <code>{}</code></p></body></html>", escape(head));
        self.take()
    }

    fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        // Times and numbers are our own; names are other people's text.
        escape(&self.words.say(key, places))
    }

    /// A time in the person's own zone, with the zone's offset: the page may be read elsewhere.
    fn time(&self, at: &str) -> String {
        match at.parse::<Timestamp>() {
            Ok(time) => time.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
            Err(_) => escape(at),
        }
    }
}

/// The apps as a title names them: HubSpot where all go by that name, else each by its own.
fn apps_of(run: &RunView) -> String {
    if run.apps.iter().all(|app| app.by_name) {
        return "HubSpot".to_owned();
    }
    run.apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn left_key(why: Left) -> &'static str {
    match why {
        Left::StillListed => "left_still_listed",
        Left::ConsentedAgain => "left_consented_again",
        Left::Covered => "left_covered",
        Left::StillReached => "left_still_reached",
        Left::Forbidden => "left_forbidden",
        Left::Unreadable => "left_unreadable",
        Left::NoAnswer => "left_no_answer",
        Left::NotRead => "left_not_read",
        Left::Cancelled => "left_cancelled",
    }
}

fn not_read_key(why: NotRead) -> &'static str {
    match why {
        NotRead::Forbidden => "not_read_forbidden",
        NotRead::Unreadable => "not_read_unreadable",
        NotRead::NoAnswer => "not_read_no_answer",
        NotRead::NotAsked => "not_read_not_asked",
        NotRead::ClockBehind => "not_read_clock_behind",
    }
}

fn refusal_key(why: LineRefusal) -> &'static str {
    match why {
        LineRefusal::NoAddress => "refused_no_address",
        LineRefusal::TooLong => "refused_too_long",
        LineRefusal::NotText => "refused_not_text",
        LineRefusal::Formula => "refused_formula",
        LineRefusal::Comment => "refused_comment",
        LineRefusal::Shifted => "refused_shifted",
        LineRefusal::Twice => "refused_twice",
        LineRefusal::ForeignDomain => "refused_foreign_domain",
        LineRefusal::NoAccess => "refused_no_access",
        LineRefusal::Covered => "refused_covered",
        LineRefusal::Unread => "refused_unread",
    }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_page_stands_in_both_languages() {
        assert!(ENGLISH.keys().next().is_some());
        assert_eq!(ENGLISH.keys().collect::<Vec<_>>(), JAPANESE.keys().collect::<Vec<_>>());
        let lefts = [
            Left::StillListed,
            Left::ConsentedAgain,
            Left::Covered,
            Left::StillReached,
            Left::Forbidden,
            Left::Unreadable,
            Left::NoAnswer,
            Left::NotRead,
            Left::Cancelled,
        ];
        let refusals = [
            LineRefusal::NoAddress,
            LineRefusal::TooLong,
            LineRefusal::NotText,
            LineRefusal::Formula,
            LineRefusal::Comment,
            LineRefusal::Shifted,
            LineRefusal::Twice,
            LineRefusal::ForeignDomain,
            LineRefusal::NoAccess,
            LineRefusal::Covered,
            LineRefusal::Unread,
        ];
        let not_read =
            [NotRead::Forbidden, NotRead::Unreadable, NotRead::NoAnswer, NotRead::NotAsked, NotRead::ClockBehind];
        let own = [
            "title",
            "sum",
            "sum_plan",
            "planned",
            "by",
            "organisation_id",
            "client_id",
            "object_id",
            "grant_id",
            "state_deleted",
            "started",
            "ended",
            "leaver",
            "run",
            "partial",
            "partial_hint",
            "endpoints",
            "endpoints_hint",
            "sample",
            "head_person",
            "head_app",
            "head_state",
            "note",
            "everybody",
            "state_planned",
            "state_under_way",
            "state_nobody",
            "state_proven_google",
            "state_proven_microsoft",
            "state_logged",
            "state_log_late",
            "state_already_gone",
            "state_restoring",
            "state_restored",
            "account",
            "apps",
            "app_client_id",
            "app_object_id",
            "not_looked_at",
            "not_domain_wide_delegation",
            "not_domain_installs",
            "not_application_permissions",
            "not_app_passwords",
            "not_forwarding",
            "roles",
            "roles_none",
            "roles_unread",
            "roles_where",
            "role_mail_read",
            "role_mail_change",
            "role_mail_send",
            "role_mailboxes",
            "role_calendars",
            "role_contacts",
            "role_files",
            "role_people",
            "reconsent",
            "reconsent_people",
            "reconsent_administrator",
            "reconsent_unknown",
            "tokens_microsoft",
            "restored_sum",
            "sum_roles",
            "state_still_reached",
            "through_everybody",
            "through_person",
            "look_read",
            "look_not_read",
            "verified",
            "verified_sum",
            "verified_not_read",
            "refused",
            "head_hash",
        ];
        let used = own
            .into_iter()
            .chain(lefts.map(left_key))
            .chain(not_read.map(not_read_key))
            .chain(refusals.map(refusal_key));
        let mut used: Vec<&str> = used.collect();
        used.sort_unstable();
        assert_eq!(used, ENGLISH.keys().collect::<Vec<_>>());
    }

    #[test]
    fn other_peoples_text_is_text_in_the_page() {
        assert_eq!(escape("<b>\"O'Neil\" & co</b>"), "&lt;b&gt;&quot;O&#39;Neil&quot; &amp; co&lt;/b&gt;");
    }
}
