//! The steps in HubSpot's Email and inbox settings.

use crate::page::{START, email_settings, inbox_settings};
use serde::Deserialize;
use uncouple_domain::{HubSpotAccount, Provider, StepKind};
use uncouple_engine::guide::{Asked, Guide, GuideFor, Guides, Instruction, Source, Words, citable, source_page};
use url::Url;

/// The texts that come with the app could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unreadable: {0}")]
pub struct TextError(String);

/// HubSpot's privacy policy. Its article on disconnecting sends people to the product privacy policy, which HubSpot
/// gave up in 2021 and moved into this one (<https://community.hubspot.com/t5/HubSpot-Legal-Stuff/bg-p/legal-updates>,
/// November 2021, read 2026-11).
const PRIVACY: &str = "https://legal.hubspot.com/privacy-policy";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    /// When the address of the settings pages was last seen in public use. HubSpot does not promise it, so the click
    /// path always stands beside it.
    settings: Checked,
    /// When [`PRIVACY`] was last read.
    privacy: Checked,
    /// First lines where the page itself opens.
    check_page: Vec<Instruction>,
    /// First lines where only the start page opens.
    find_page: Vec<Instruction>,
    /// The same two for the channels of an inbox.
    check_channels: Vec<Instruction>,
    find_channels: Vec<Instruction>,
    guides: Vec<Row>,
    /// The way back from "disable".
    enable: Guide,
    asks: Vec<Asks>,
}

/// The day on which a page that is made or named in code was last looked at. `cargo xtask release-check` reads it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Checked {
    checked: String,
}

/// What HubSpot asks a provider for. Microsoft's list is in the article on connection errors
/// (<https://knowledge.hubspot.com/connected-email/troubleshoot-office-365-inbox-and-calendar-connection-errors>,
/// 2024-09-16); Google's is only a picture in the article on disconnecting, so nothing is claimed of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asks {
    provider: Provider,
    asks: Vec<Asked>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    step: StepKind,
    #[serde(default)]
    team: bool,
    guide: Guide,
}

/// Guides through HubSpot's *Settings > General > Email* and *Inbox Settings > Channels*. The labels are those of its help article,
/// <https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot> (English of
/// 2024-03-07, Japanese of 2023-06-28; read 2026-11). Its Japanese text is a machine translation and
/// keeps one label in English, which is why that one is shown as `Disable(無効)`.
#[derive(Clone, Debug)]
pub struct Pages(Option<Texts>);

impl Default for Pages {
    /// The built-in texts. Were they unreadable, there would be no guide and so no page to open.
    fn default() -> Self {
        Self::built_in().unwrap_or_else(|error| {
            tracing::error!(%error, "the guides through HubSpot's settings");
            Self(None)
        })
    }
}

impl Pages {
    /// The texts that come with the app.
    ///
    /// # Errors
    /// [`TextError`], should they have been edited wrongly; a test reads them first.
    pub fn built_in() -> Result<Self, TextError> {
        Self::read(include_str!("../guides.json"))
    }

    fn read(text: &str) -> Result<Self, TextError> {
        let texts: Texts = serde_json::from_str(text).map_err(|error| TextError(error.to_string()))?;
        let whole = |words: &Words| !words.ja.trim().is_empty() && !words.en.trim().is_empty();
        for guide in texts.guides.iter().map(|row| &row.guide).chain([&texts.enable]) {
            let first = [&texts.check_page, &texts.find_page, &texts.check_channels, &texts.find_channels];
            let steps = guide.today.iter().chain(first.into_iter().flatten());
            let mut words =
                steps.flat_map(|step| std::iter::once(&step.text).chain(&step.labels)).chain(&guide.section);
            let notes = guide.sources.iter().flat_map(|source| &source.note);
            let all = words.all(whole) && guide.stops.iter().chain(&guide.cautions).chain(notes).all(whole);
            let cited = !guide.sources.is_empty() && guide.sources.iter().all(|source| citable(source, guide));
            // The page is made from the account, never read from a file.
            if !all || guide.id.is_empty() || !cited || guide.page.is_some() {
                return Err(TextError(format!("{}: incomplete", guide.id)));
            }
        }
        if [&texts.settings, &texts.privacy].iter().any(|page| page.checked.trim().is_empty()) {
            return Err(TextError("pages without a day".to_owned()));
        }
        Ok(Self(Some(texts)))
    }
}

impl Pages {
    fn row(&self, wanted: &GuideFor<'_>) -> Option<&Row> {
        self.0.as_ref()?.guides.iter().find(|row| row.step == wanted.step && row.team == wanted.team)
    }
}

impl Texts {
    /// A guide with the way to its page before it. `known`: the page is that of the right account.
    fn on_page(&self, guide: &Guide, team: bool, (page, known): (String, bool)) -> Guide {
        let mut guide = guide.clone();
        let first = match (team, known) {
            (false, true) => &self.check_page,
            (false, false) => &self.find_page,
            (true, true) => &self.check_channels,
            (true, false) => &self.find_channels,
        };
        guide.today.splice(0..0, first.iter().cloned());
        if known {
            let checked = self.settings.checked.clone();
            guide.sources.push(Source { url: page.clone(), checked, documented: false, note: None });
        }
        guide.page = Some(page);
        guide
    }
}

/// The page of a guide, and whether it is known to be of that account.
fn page(wanted: &GuideFor<'_>) -> (String, bool) {
    if wanted.team { inbox_settings(wanted.hubspot) } else { email_settings(wanted.hubspot) }
}

impl Guides for Pages {
    fn guide(&self, wanted: &GuideFor<'_>) -> Option<Guide> {
        let texts = self.0.as_ref()?;
        let row = self.row(wanted)?;
        Some(texts.on_page(&row.guide, wanted.team, page(wanted)))
    }

    fn enabling(&self, hubspot: Option<&HubSpotAccount>) -> Option<Guide> {
        let texts = self.0.as_ref()?;
        Some(texts.on_page(&texts.enable, false, email_settings(hubspot)))
    }

    fn page(&self, wanted: &GuideFor<'_>) -> Option<Url> {
        self.row(wanted)?;
        let (page, _) = page(wanted);
        Url::parse(&page).or_else(|_| Url::parse(START)).ok()
    }

    fn privacy(&self) -> Option<Url> {
        Url::parse(PRIVACY).ok()
    }

    fn source(&self, url: &str) -> Option<Url> {
        let mut sources = self.0.iter().flat_map(|texts| &texts.guides).flat_map(|row| &row.guide.sources);
        sources.any(|source| source.url == url).then(|| source_page(url)).flatten()
    }

    fn asks(&self, provider: Provider) -> Vec<Asked> {
        let texts = self.0.iter().flat_map(|texts| &texts.asks);
        texts.filter(|row| row.provider == provider).flat_map(|row| row.asks.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use uncouple_domain::Address;

    const TEXTS: &str = include_str!("../guides.json");
    const STEPS: [StepKind; 2] = [StepKind::DisableInCrm, StepKind::RemoveFromCrm];

    fn shown(step: StepKind, account: Option<&HubSpotAccount>) -> Option<(Guide, Url)> {
        shown_for(step, false, account)
    }

    fn shown_for(step: StepKind, team: bool, account: Option<&HubSpotAccount>) -> Option<(Guide, Url)> {
        let address = Address::parse("hanako@example.com").unwrap();
        let provider = Provider::Google;
        let wanted = GuideFor { step, provider, team, own_app: false, hubspot: account, address: &address };
        let guides = Pages::built_in().unwrap();
        Some((guides.guide(&wanted)?, guides.page(&wanted).unwrap()))
    }

    fn labels(guide: &Guide) -> Vec<(&str, &str)> {
        let labels = guide.today.iter().flat_map(|step| &step.labels);
        labels.map(|words| (words.ja.as_str(), words.en.as_str())).collect()
    }

    #[test]
    fn with_the_account_its_own_settings_page_opens() {
        let account = HubSpotAccount { host: "app-eu1.hubspot.com".to_owned(), account: 145_437_796 };
        for step in STEPS {
            let (guide, page) = shown(step, Some(&account)).unwrap();
            assert_eq!(page.as_str(), "https://app-eu1.hubspot.com/settings/145437796/user-preferences/email");
            assert_eq!(guide.page.as_deref(), Some(page.as_str()));
            let promised: Vec<_> =
                guide.sources.iter().map(|source| (source.url.as_str(), source.documented)).collect();
            assert!(promised.contains(&(page.as_str(), false)));
        }
    }

    #[test]
    fn the_way_back_is_on_the_same_page_and_names_no_button_that_nobody_documents() {
        let account = HubSpotAccount { host: "app.hubspot.com".to_owned(), account: 7 };
        let guide = Pages::built_in().unwrap().enabling(Some(&account)).unwrap();
        assert_eq!(guide.page.as_deref(), Some("https://app.hubspot.com/settings/7/user-preferences/email"));
        let labels = labels(&guide);
        assert!(labels.contains(&("Eメール", "Email")));
        assert!(!labels.iter().any(|(ja, en)| ja.contains("有効") || en.contains("Enable")), "{labels:?}");
    }

    #[test]
    fn a_team_address_is_deleted_and_connected_in_the_inboxes() {
        let account = HubSpotAccount { host: "app.hubspot.com".to_owned(), account: 7 };
        for step in [StepKind::RemoveFromCrm, StepKind::ConnectAgain] {
            let (guide, page) = shown_for(step, true, Some(&account)).unwrap();
            assert_eq!(page.as_str(), "https://app.hubspot.com/live-messages-settings/7/inboxes");
            for label in [("受信トレイ設定", "Inbox Settings"), ("チャンネル", "Channels")] {
                assert!(labels(&guide).contains(&label), "{label:?}");
            }
        }
        let (guide, _) = shown_for(StepKind::RemoveFromCrm, true, None).unwrap();
        for label in [("削除", "Delete"), ("はい、削除", "Yes, delete")] {
            assert!(labels(&guide).contains(&label), "{label:?}");
        }
        assert!(shown_for(StepKind::DisableInCrm, true, None).is_none(), "a team address is not disabled");
    }

    #[test]
    fn the_path_to_a_team_address_begins_with_crm_and_names_the_older_one_after_it() {
        let account = HubSpotAccount { host: "app.hubspot.com".to_owned(), account: 7 };
        for account in [None, Some(&account)] {
            let (guide, _) = shown_for(StepKind::RemoveFromCrm, true, account).unwrap();
            let labels = labels(&guide);
            let place = |label| labels.iter().position(|found| *found == label);
            let today = place(("CRM", "CRM")).unwrap();
            assert!(today < place(("コミュニケーション", "Conversations")).unwrap());
            let view = place(("現在のビュー", "Current view"));
            assert_eq!(view.is_some(), account.is_some(), "the switcher is on the page that opens");
        }
    }

    #[test]
    fn the_articles_headings_and_its_rule_of_both_sides_stand_over_the_steps() {
        for (step, team, ja, en) in [
            (STEPS[0], false, "個人用EメールをCRMから接続解除する", "Disconnect a personal email from the CRM"),
            (STEPS[1], false, "個人用EメールをCRMから接続解除する", "Disconnect a personal email from the CRM"),
            (
                STEPS[1],
                true,
                "チームのEメールをコミュニケーション受信トレイから接続解除する",
                "Disconnect a team email from your conversations inbox",
            ),
        ] {
            let (guide, _) = shown_for(step, team, None).unwrap();
            assert_eq!(guide.section, Some(Words { ja: ja.to_owned(), en: en.to_owned() }));
        }
        let rule = "HubSpotからそれを接続解除し、Eメールアカウント内の接続を削除する必要があります";
        for (step, team) in [(STEPS[0], false), (STEPS[1], true)] {
            let (guide, _) = shown_for(step, team, None).unwrap();
            assert!(guide.cautions.iter().any(|caution| caution.ja.contains(rule)), "{}", guide.id);
        }
    }

    #[test]
    fn after_a_move_the_article_says_that_the_inbox_must_be_reconnected() {
        for team in [false, true] {
            let (guide, _) = shown_for(StepKind::ConnectAgain, team, None).unwrap();
            let said = serde_json::to_string(&guide.cautions).unwrap();
            assert!(said.contains("再接続する必要があります") && said.contains("must be reconnected"));
        }
    }

    #[test]
    fn a_reader_learns_how_old_the_article_is_and_that_its_japanese_is_a_machines() {
        let (guide, _) = shown(STEPS[0], None).unwrap();
        let note = |place: &str| {
            let source = guide.sources.iter().find(|source| source.url.contains(place)).unwrap();
            source.note.clone().unwrap()
        };
        assert!(note("/ja/account/").ja.contains("2023年6月28日") && note("/ja/account/").ja.contains("自動翻訳"));
        assert!(note("/ja/account/").en.contains("machine translation"));
        assert!(note(".com/connected-email/").en.contains("March 7, 2024"));
    }

    #[test]
    fn a_source_is_opened_only_if_a_guide_names_it() {
        let guides = Pages::built_in().unwrap();
        let article = "https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot";
        assert_eq!(guides.source(article).unwrap().as_str(), article);
        for other in ["https://knowledge.hubspot.com/", "https://app.hubspot.com/", "https://attacker.example/", ""] {
            assert_eq!(guides.source(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_asked_at_google_is_not_claimed_to_be_known() {
        let guides = Pages::built_in().unwrap();
        assert!(guides.asks(Provider::Google).iter().all(|asked| !asked.documented && asked.scope.is_none()));
        assert!(guides.asks(Provider::Microsoft365).iter().all(|asked| asked.documented && asked.scope.is_some()));
        assert!(guides.asks(Provider::Imap).is_empty());
    }

    #[test]
    fn without_it_the_start_page_opens() {
        for step in STEPS {
            let (guide, page) = shown(step, None).unwrap();
            assert_eq!(page.as_str(), "https://app.hubspot.com/");
            assert_eq!(guide.page.as_deref(), Some(page.as_str()));
            assert!(guide.sources.iter().all(|source| source.documented));
        }
    }

    #[test]
    fn the_click_path_is_always_shown() {
        let account = HubSpotAccount { host: "app.hubspot.com".to_owned(), account: 1 };
        for step in STEPS {
            for account in [None, Some(&account)] {
                let (guide, _) = shown(step, account).unwrap();
                for label in [("設定アイコン", "settings icon"), ("全般", "General"), ("Eメール", "Email")] {
                    assert!(labels(&guide).contains(&label), "{label:?}");
                }
            }
        }
    }

    #[test]
    fn the_labels_are_those_of_the_article() {
        for (step, wanted) in [
            (STEPS[0], [("Disable(無効)", "Disable"), ("はい、無効にします", "Yes, disable it")]),
            (STEPS[1], [("削除", "Remove"), ("はい、受信トレイを削除します", "Yes, remove inbox")]),
        ] {
            let (guide, _) = shown(step, None).unwrap();
            for label in wanted {
                assert!(labels(&guide).contains(&label), "{label:?}");
            }
        }
        assert!(!TEXTS.contains("受信拒否通知"));
    }

    #[test]
    fn other_steps_are_not_hubspots() {
        for step in
            [StepKind::RevokeGrant, StepKind::WithdrawPassword, StepKind::RemoveForwarding, StepKind::ForgetSecret]
        {
            assert!(shown(step, None).is_none());
        }
    }

    #[test]
    fn texts_with_a_gap_or_a_page_are_refused() {
        assert!(Pages::read(TEXTS).is_ok());
        for (from, to) in [
            ("\"Click Remove.\"", "\"\""),
            ("\"Eメール\"", "\" \""),
            ("\"page\": null", "\"page\": \"https://attacker.example/\""),
            ("\"id\": \"hubspot-email-remove\"", "\"id\": \"\""),
            ("\"listed_as\"", "\"surprise\""),
            ("https://knowledge.hubspot.com/connected-email/", "https://attacker.example/connected-email/"),
            ("\"settings\": { \"checked\": \"2026-11-23\" }", "\"settings\": { \"checked\": \"\" }"),
        ] {
            assert!(TEXTS.contains(from), "{from}");
            assert!(Pages::read(&TEXTS.replacen(from, to, 1)).is_err(), "{from}");
        }
    }
}
