//! Apps that people let in at Google.

use crate::directory::people::Every;

/// An app. The names and scopes of HubSpot's are placeholders: its real client ids and scopes are not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoogleApp {
    /// The OAuth client.
    pub client_id: &'static str,
    /// As people and administrators see it.
    pub display_text: &'static str,
    /// What it may do.
    pub scopes: &'static [&'static str],
    /// An app on a device rather than on a server.
    pub native: bool,
}

const MAIL: &[&str] = &[
    "https://www.googleapis.com/auth/gmail.modify",
    "https://www.googleapis.com/auth/calendar",
    "https://www.googleapis.com/auth/userinfo.email",
    "openid",
];

const PROFILE: &[&str] = &["https://www.googleapis.com/auth/userinfo.profile", "openid"];

impl GoogleApp {
    /// HubSpot's app for mail and calendars.
    pub const HUBSPOT: Self = Self {
        client_id: "123456789012-hubspot.apps.googleusercontent.com",
        display_text: "HubSpot",
        scopes: MAIL,
        native: false,
    };
    /// HubSpot's app for advertisements.
    pub const HUBSPOT_ADS: Self = Self {
        client_id: "123456789012-ads.apps.googleusercontent.com",
        display_text: "HubSpot Ads",
        scopes: &["https://www.googleapis.com/auth/adwords"],
        native: false,
    };
    /// Not HubSpot: its "o" is a Cyrillic one.
    pub const LOOK_ALIKE: Self = Self {
        client_id: "666000666000-1ook.apps.googleusercontent.com",
        display_text: "HubSp\u{43e}t",
        scopes: MAIL,
        native: false,
    };
    /// Somebody else's app with HubSpot's name in it.
    pub const LOGIN_HELPER: Self = Self {
        client_id: "777000777000-helper.apps.googleusercontent.com",
        display_text: "HubSpot Login Helper",
        scopes: PROFILE,
        native: true,
    };
    /// An app that has nothing to do with any of it.
    pub const SLACK: Self = Self {
        client_id: "555000555000-slack.apps.googleusercontent.com",
        display_text: "Slack",
        scopes: PROFILE,
        native: false,
    };

    /// Who has let in what, unless a test says otherwise.
    pub const LAYOUT: [(Self, Every); 5] = [
        (Self::HUBSPOT, Every::ONE),
        (Self::HUBSPOT_ADS, Every::nth(3)),
        (Self::LOOK_ALIKE, Every::nth(4)),
        (Self::LOGIN_HELPER, Every::nth(5)),
        (Self::SLACK, Every::nth(2)),
    ];
}
