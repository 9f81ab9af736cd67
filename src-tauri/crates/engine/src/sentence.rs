//! What an entry of the history says, in the window's words: the same for the window, its search and every export.

use crate::messages::Messages;
use crate::wire::Language;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// A sentence in each language of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Sentence {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

impl Sentence {
    /// What an entry says: its kind and fields as they are stored, and times in the reader's zone. An entry of a newer
    /// version is called by the name of its kind, and one with a field missing says the rest: the history must stay
    /// readable.
    #[must_use]
    pub fn of(what: &Value, zone: &TimeZone) -> Self {
        let say = |language| Entry { what, messages: Messages::of_window(language), zone }.sentence();
        Self { ja: say(Language::Japanese), en: say(Language::English) }
    }
}

struct Entry<'a> {
    what: &'a Value,
    messages: &'static Messages,
    zone: &'a TimeZone,
}

impl Entry<'_> {
    fn sentence(&self) -> String {
        let kind = self.text("kind");
        match kind.as_str() {
            "workspace_begun"
            | "revocation_requested"
            | "revocation_superseded"
            | "secret_forgotten"
            | "secret_run_over"
            | "orphan_swept"
            | "owner_asked"
            | "ask_declined"
            | "loss_reported"
            | "reconnected"
            | "run_paused"
            | "run_cancelled"
            | "run_reported" => self.say(&format!("event_{kind}"), &[]),
            "member_renamed" | "device_renamed" | "inbox_renamed" => {
                self.say_with(&format!("event_{kind}"), &["from", "to"])
            }
            "device_added" | "file_elsewhere" => self.say_with(&format!("event_{kind}"), &["device"]),
            "origin_stated" => self.say_with(&format!("event_origin_{}", self.text("origin")), &["device"]),
            "token_found" if self.text("from").is_empty() => self.say_with("event_token_found_unknown", &["to"]),
            "token_found" => self.say_with("event_token_found", &["from", "to"]),
            "mailbox_tracked" | "mailbox_connected" => {
                let again = if self.flag("again") { "_again" } else { "" };
                self.say(&format!("event_{kind}{again}"), &[("provider", &self.provider("provider"))])
            }
            "use_changed" => self.use_changed(),
            "disconnect_opened" => self.opened(),
            "disconnect_ended" => self.say("event_disconnect_ended", &[("why", &self.named("end", "why"))]),
            "step_done" => {
                let (step, rank) = (self.named("stepname", "step"), self.rank());
                match self.at("/evidence/reason").as_str() {
                    "" => self.say("event_step_done", &[("step", &step), ("rank", &rank)]),
                    reason => {
                        self.say("event_step_done_reason", &[("step", &step), ("rank", &rank), ("reason", reason)])
                    }
                }
            }
            "confirmation_withdrawn" => {
                self.say("event_confirmation_withdrawn", &[("step", &self.named("stepname", "step"))])
            }
            "page_requested" | "page_failed" => self.say(&format!("event_{kind}"), &[("page", &self.page())]),
            "not_listed" => match self.address("account").as_str() {
                "" => self.say("event_not_listed_unknown", &[]),
                account => self.say("event_not_listed", &[("account", account)]),
            },
            "revocation_answered" => {
                let answer = self.named("answer", "answer");
                match self.list("hosts").as_str() {
                    "" => self.say("event_revocation_answered", &[("answer", &answer)]),
                    hosts => self.say("event_revocation_answered_hosts", &[("answer", &answer), ("hosts", hosts)]),
                }
            }
            "stray_consent" => {
                let account = self.address("account");
                let provider = self.provider("provider");
                let who = if account.is_empty() { provider } else { format!("{provider}, {account}") };
                let key = if self.flag("revoked") { "event_stray_consent_revoked" } else { "event_stray_consent_left" };
                self.say(key, &[("who", &who)])
            }
            "checked" => self.say("event_checked", &[("result", &self.named("check", "result"))]),
            "snoozed" => self.say("event_snoozed", &[("time", &self.time("until"))]),
            "history_exported" => self.say("event_history_exported", &[("count", &self.text("entries"))]),
            "member_added" if self.flag("super_admin") => self.say_with("event_super_admin_added", &["name"]),
            "role_changed" if self.flag("super_admin") => self.say_with("event_role_given", &["name"]),
            "role_changed" => self.say_with("event_role_taken", &["name"]),
            "member_added" | "member_removed" | "inbox_added" | "inbox_deleted" => {
                self.say_with(&format!("event_{kind}"), &["name"])
            }
            "access_changed" if self.flag("access") => self.say_with("event_access_given", &["inbox", "member"]),
            "access_changed" => self.say_with("event_access_taken", &["inbox", "member"]),
            "other_channel_added" | "other_channel_dropped" => {
                let channel = self.named("other", "channel");
                self.say(&format!("event_{kind}"), &[("kind", &channel), ("name", &self.text("name"))])
            }
            "moved" => self.say("event_moved", &[("from", &self.provider("from")), ("to", &self.provider("to"))]),
            "sign_in_app_changed" => {
                let provider = self.provider("provider");
                match self.list("hosts").as_str() {
                    "" => self.say("event_sign_in_app_changed", &[("provider", &provider)]),
                    hosts => self.say("event_sign_in_app_hosts", &[("provider", &provider), ("hosts", hosts)]),
                }
            }
            _ => self.administrators().unwrap_or(kind),
        }
    }

    /// What an entry about an administrator's work says.
    fn administrators(&self) -> Option<String> {
        let kind = self.text("kind");
        let said = match kind.as_str() {
            "administrator_signed_in" | "administrator_signed_out" | "administrator_forgotten" => {
                let key = if self.flag("read_only") {
                    "event_administrator_looks".to_owned()
                } else {
                    format!("event_{kind}")
                };
                let suite = self.named("suite", "suite");
                self.say(&key, &[("account", &self.text("account")), ("suite", &suite)])
            }
            "app_chosen" | "app_dropped" => self.say_with(&format!("event_{kind}"), &["app", "organisation"]),
            "organisation_searched" => {
                let part = if self.flag("complete") { "" } else { "_part" };
                let places = ["organisation", "people", "accesses", "unread"];
                self.say_with(&format!("event_organisation_searched{part}"), &places)
            }
            "directory_lists" => {
                let not = if self.flag("listed") { "" } else { "_not" };
                match self.list("apps").as_str() {
                    "" => self.say(&format!("event_directory_lists{not}"), &[]),
                    apps => self.say(&format!("event_directory_lists{not}_apps"), &[("apps", apps)]),
                }
            }
            "run_started" => self.say_with("event_run_started", &["organisation", "items"]),
            "run_ended" => self.say_with("event_run_ended", &["proven", "left"]),
            "run_verified" => self.say_with("event_run_verified", &["read", "gone", "back", "unread"]),
            "access_revoked" => {
                let key = if self.flag("nobody_there") {
                    "event_access_revoked_nobody"
                } else if self.flag("already_gone") {
                    "event_access_already_gone"
                } else {
                    "event_access_revoked"
                };
                self.say(key, &[("app", &self.text("app")), ("person", &self.person())])
            }
            "restore_started" => self.say_with("event_restore_started", &["items"]),
            "access_restored" => {
                self.say("event_access_restored", &[("app", &self.text("app")), ("person", &self.person())])
            }
            "access_left" => {
                let why = self.named("left", "why");
                let places = [("app", self.text("app")), ("person", self.person()), ("why", why)];
                self.say("event_access_left", &places.each_ref().map(|(name, text)| (*name, text.as_str())))
            }
            _ => return None,
        };
        Some(said)
    }

    fn use_changed(&self) -> String {
        let rank = self.rank();
        if self.text("to") == "removed" {
            return self.say("event_use_changed_removed", &[("rank", &rank)]);
        }
        let (from, to) = (self.named("use", "from"), self.named("use", "to"));
        self.say("event_use_changed", &[("from", &from), ("to", &to), ("rank", &rank)])
    }

    /// What a job was started for. Entries from before it was written down say no more than that one was.
    fn opened(&self) -> String {
        match self.at("/purpose/is").as_str() {
            "leave" => self.say("event_disconnect_opened", &[]),
            "move" => {
                let provider = self.message("provider", &self.at("/purpose/to"));
                self.say("event_move_opened", &[("provider", &provider)])
            }
            "to_team" => self.say("event_to_team_opened", &[]),
            "to_personal" => self.say("event_to_personal_opened", &[]),
            _ => self.say("event_job_opened", &[]),
        }
    }

    /// One word for how something is known.
    fn rank(&self) -> String {
        let hosts = self.what.pointer("/evidence/hosts").map(|hosts| self.joined(hosts)).unwrap_or_default();
        if !hosts.is_empty() {
            return self.say("event_other_hosts", &[("hosts", &hosts)]);
        }
        match (self.at("/evidence/rank").as_str(), self.at("/evidence/proof").as_str()) {
            ("", _) => String::new(),
            (_, "store") => self.say("rank_own", &[]),
            (rank, _) => self.message("rank", rank),
        }
    }

    /// What a guide's page is called. An unknown one stands as it is.
    fn page(&self) -> String {
        let page = self.text("page");
        let key = match page.as_str() {
            "hubspot-email-disable" | "hubspot-email-enable" | "hubspot-email-remove" | "hubspot-email-connect" => {
                "page_hubspot_email"
            }
            "hubspot-channel-delete" | "hubspot-channel-connect" => "page_hubspot_channels",
            "google-connections" | "google-connections-own" => "page_google",
            "microsoft-my-apps" | "microsoft-my-apps-own" => "page_microsoft365",
            "outlook-consent" | "outlook-consent-own" => "page_outlook_com",
            _ => return page,
        };
        self.say(key, &[])
    }

    fn person(&self) -> String {
        let person = self.text("person");
        if person.is_empty() { self.say("everybody", &[]) } else { person }
    }

    fn provider(&self, field: &str) -> String {
        self.named("provider", field)
    }

    /// The message for a field's word, such as `end_stopped` for a `why` of "stopped".
    fn named(&self, group: &str, field: &str) -> String {
        self.message(group, &self.text(field))
    }

    fn message(&self, group: &str, word: &str) -> String {
        if word.is_empty() {
            return String::new();
        }
        let key = format!("{group}_{word}");
        if self.messages.get(&key).is_some() { self.say(&key, &[]) } else { word.to_owned() }
    }

    /// A moment in the reader's zone with its offset.
    fn time(&self, field: &str) -> String {
        local_time(&self.text(field), self.zone)
    }

    fn list(&self, field: &str) -> String {
        self.what.get(field).map(|list| self.joined(list)).unwrap_or_default()
    }

    fn joined(&self, list: &Value) -> String {
        let words: Vec<String> = list.as_array().into_iter().flatten().map(plain).collect();
        words.join(&self.say("list_comma", &[]))
    }

    fn flag(&self, field: &str) -> bool {
        self.what.get(field).and_then(Value::as_bool).unwrap_or_default()
    }

    /// An address is stored with its key for comparison; what was typed is what people want to read.
    fn address(&self, field: &str) -> String {
        match self.what.get(field) {
            Some(Value::Object(address)) => address.get("shown").map(plain).unwrap_or_default(),
            Some(other) => plain(other),
            None => String::new(),
        }
    }

    fn text(&self, field: &str) -> String {
        self.what.get(field).map(plain).unwrap_or_default()
    }

    fn at(&self, pointer: &str) -> String {
        self.what.pointer(pointer).map(plain).unwrap_or_default()
    }

    /// A message whose places are fields of the entry.
    fn say_with(&self, key: &str, fields: &[&str]) -> String {
        let places: Vec<(&str, String)> = fields.iter().map(|field| (*field, self.text(field))).collect();
        let places: Vec<(&str, &str)> = places.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.say(key, &places)
    }

    fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.messages.say(key, places)
    }
}

/// A word or a number. Anything else is no text for people.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// A time of an entry in the reader's zone with its offset, as spreadsheets read it. Empty for what is no time.
pub(crate) fn local_time(at: &str, zone: &TimeZone) -> String {
    let at = at.parse::<Timestamp>();
    at.map(|at| at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(what: &str) -> Sentence {
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        Sentence::of(&serde_json::from_str(what).unwrap_or_default(), &zone)
    }

    #[test]
    fn an_entry_is_said_in_both_languages() {
        for (what, english, japanese) in [
            (
                r#"{"kind":"step_done","step":"revoke_grant","evidence":{"rank":"proven","proof":"google_revoke"}}"#,
                "Step done: Revoke the access (proven)",
                "手順が完了: アクセス権を取り消す（証明済み）",
            ),
            (
                r#"{"kind":"use_changed","from":"in_use","to":"disabled","evidence":{"rank":"confirmed"}}"#,
                "in use → disabled (stated)",
                "使用中 → 無効（申告）",
            ),
            (
                r#"{"kind":"step_done","step":"revoke_grant","evidence":{"rank":"unverified","reason":"left"}}"#,
                "Step closed: Revoke the access (unverified). Reason: left",
                "手順を終了: アクセス権を取り消す（未確認）。理由: left",
            ),
            (r#"{"kind":"not_listed","account":{"shown":"A@b.c","key":"a@b.c"}}"#, "A@b.c", "A@b.c"),
            (r#"{"kind":"not_listed","account":"A@b.c"}"#, "A@b.c", "A@b.c"),
            (
                r#"{"kind":"origin_stated","device":"tower","origin":"copied"}"#,
                "on tower is a copy",
                "towerのワークスペース",
            ),
            (r#"{"kind":"token_found","from":"desk","to":"tower"}"#, "kept on desk", "deskに保存"),
            (r#"{"kind":"token_found","from":null,"to":"tower"}"#, "keyring of tower", "towerのキーリング"),
            (r#"{"kind":"snoozed","until":"2026-11-28T16:30:00Z"}"#, "2026-11-29 01:30:00 +09:00", "01:30:00 +09:00"),
            (r#"{"kind":"access_left","app":"X","why":"covered"}"#, "everybody in the organisation", "組織"),
            (r#"{"kind":"directory_lists","listed":false,"apps":["A","B"]}"#, "no grant of A, B", "A、B"),
            (r#"{"kind":"disconnect_opened","purpose":{"is":"move","to":"google"}}"#, "Google", "Google"),
        ] {
            let said = of(what);
            assert!(said.en.contains(english) && said.ja.contains(japanese), "{said:?}");
        }
    }

    #[test]
    fn every_page_that_a_guide_opens_has_a_name() {
        let pages = [include_str!("../../hubspot/guides.json"), include_str!("../../providers/pages.json")].concat();
        let ids: Vec<&str> = pages.split("\"id\": \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(ids.len() > 10, "{ids:?}");
        // A step without a page of its own leaves no line about one.
        for id in ids.into_iter().filter(|id| !["imap-password", "hosted-forwarding"].contains(id)) {
            let said = of(&format!(r#"{{"kind":"page_requested","page":"{id}"}}"#));
            assert!(!said.en.contains(id), "{said:?}");
        }
    }

    #[test]
    fn what_another_host_answered_is_not_called_proven() {
        let evidence = r#"{"rank":"proven","proof":"google_revoke","hosts":["https://evil.example"]}"#;
        let said = of(&format!(r#"{{"kind":"step_done","step":"revoke_grant","evidence":{evidence}}}"#));
        assert!(said.en.contains("https://evil.example") && !said.en.contains("proven"), "{said:?}");
    }

    #[test]
    fn a_kind_that_is_not_known_stands_as_it_is_and_a_missing_field_leaves_the_rest() {
        assert_eq!(of(r#"{"kind":"of_a_later_version"}"#).en, "of_a_later_version");
        assert_eq!(of("no JSON").en, "");
        assert_eq!(of(r#"{"kind":"step_done"}"#).en, "Step done:  ()");
        assert_eq!(of(r#"{"kind":"checked","result":"of_a_later_version"}"#).en.matches("later").count(), 1);
    }
}
