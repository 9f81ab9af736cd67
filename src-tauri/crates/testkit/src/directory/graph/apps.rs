//! Service principals, and the grants that they have.

use crate::directory::people::Every;
use uuid::{Uuid, uuid};

/// An app as a tenant knows it. HubSpot's real app ids are not public; all ids here are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphApp {
    /// The service principal's object id. Grants name this one, not [`Self::app_id`].
    pub object_id: Uuid,
    /// The app's id, the same in every tenant.
    pub app_id: Uuid,
    /// As people and administrators see it.
    pub display_name: &'static str,
    /// Whose app it is, where Microsoft has verified that.
    pub verified_publisher: Option<&'static str>,
    /// The tenant that the app is registered in.
    pub owner: Uuid,
    /// What it is: `WindowsAzureActiveDirectoryIntegratedApp`, a gallery app for sign-on and so on.
    pub tags: &'static [&'static str],
}

const HUBSPOT_TENANT: Uuid = uuid!("1b1b1b1b-0000-4000-8000-000000000001");
const OTHER_TENANT: Uuid = uuid!("2c2c2c2c-0000-4000-8000-000000000002");
const MICROSOFT: Uuid = uuid!("f8cdef31-a31e-4b4a-93e4-5f571e91255a");
const INTEGRATED: &[&str] = &["WindowsAzureActiveDirectoryIntegratedApp"];

impl GraphApp {
    /// HubSpot's app for mail. With grants for two resources.
    pub const HUBSPOT_SALES: Self = Self {
        object_id: uuid!("85477313-ea43-4c7d-b8a4-54fed35d0b60"),
        app_id: uuid!("b0b0b0b0-0000-4000-8000-000000000010"),
        display_name: "HubSpot Sales",
        verified_publisher: Some("HubSpot"),
        owner: HUBSPOT_TENANT,
        tags: INTEGRATED,
    };
    /// A second app of HubSpot's.
    pub const HUBSPOT_CALENDAR: Self = Self {
        object_id: uuid!("ef969797-201d-4f6b-960c-e9ed5f31dab5"),
        app_id: uuid!("b0b0b0b0-0000-4000-8000-000000000020"),
        display_name: "HubSpot Calendar",
        verified_publisher: Some("HubSpot"),
        owner: HUBSPOT_TENANT,
        tags: INTEGRATED,
    };
    /// Not HubSpot: somebody else's app with the same name.
    pub const LOOK_ALIKE: Self = Self {
        object_id: uuid!("66600066-0000-4000-8000-000000000030"),
        app_id: uuid!("66600066-0000-4000-8000-000000000031"),
        display_name: "HubSpot Sales",
        verified_publisher: None,
        owner: OTHER_TENANT,
        tags: INTEGRATED,
    };
    /// Not HubSpot: its "o" is a Cyrillic one.
    pub const CYRILLIC: Self = Self {
        object_id: uuid!("66600066-0000-4000-8000-000000000040"),
        app_id: uuid!("66600066-0000-4000-8000-000000000041"),
        display_name: "HubSp\u{43e}t",
        verified_publisher: None,
        owner: OTHER_TENANT,
        tags: INTEGRATED,
    };
    /// HubSpot's gallery app for single sign-on: no grants, and nothing to do with mail.
    pub const SINGLE_SIGN_ON: Self = Self {
        object_id: uuid!("77700077-0000-4000-8000-000000000050"),
        app_id: uuid!("77700077-0000-4000-8000-000000000051"),
        display_name: "HubSpot",
        verified_publisher: None,
        owner: MICROSOFT,
        tags: &["WindowsAzureActiveDirectoryGalleryApplicationPrimaryV1", "WindowsAzureActiveDirectoryIntegratedApp"],
    };
    /// An app that has nothing to do with any of it.
    pub const SLACK: Self = Self {
        object_id: uuid!("55500055-0000-4000-8000-000000000060"),
        app_id: uuid!("55500055-0000-4000-8000-000000000061"),
        display_name: "Slack",
        verified_publisher: Some("Slack Technologies"),
        owner: OTHER_TENANT,
        tags: INTEGRATED,
    };
    /// Microsoft Graph itself: what grants are for.
    pub const GRAPH: Self = Self {
        object_id: uuid!("27fb395a-fb00-45fe-865e-e71db689eea0"),
        app_id: uuid!("00000003-0000-0000-c000-000000000000"),
        display_name: "Microsoft Graph",
        verified_publisher: None,
        owner: MICROSOFT,
        tags: &[],
    };
    /// Exchange Online: the other thing that grants are for.
    pub const EXCHANGE: Self = Self {
        object_id: uuid!("943603e4-e787-4fe9-93d1-e30f749aae39"),
        app_id: uuid!("00000002-0000-0ff1-ce00-000000000000"),
        display_name: "Office 365 Exchange Online",
        verified_publisher: None,
        owner: MICROSOFT,
        tags: &[],
    };

    /// All that a tenant has, unless a test says otherwise.
    pub const ALL: [Self; 8] = [
        Self::HUBSPOT_SALES,
        Self::HUBSPOT_CALENDAR,
        Self::LOOK_ALIKE,
        Self::CYRILLIC,
        Self::SINGLE_SIGN_ON,
        Self::SLACK,
        Self::GRAPH,
        Self::EXCHANGE,
    ];
}

/// A grant that people have given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphGrant {
    /// To whom.
    pub app: GraphApp,
    /// For what: [`GraphApp::GRAPH`] or [`GraphApp::EXCHANGE`].
    pub resource: GraphApp,
    /// The permissions, with the space in front that Microsoft's own have.
    pub scope: &'static str,
    /// Who gave it.
    pub who: Every,
}

const MAIL: &str = " Mail.ReadWrite Mail.Send Calendars.Read Calendars.ReadWrite offline_access email openid User.Read";

impl GraphGrant {
    /// Who has given what, unless a test says otherwise.
    pub const LAYOUT: [Self; 6] = [
        Self { app: GraphApp::HUBSPOT_SALES, resource: GraphApp::GRAPH, scope: MAIL, who: Every::ONE },
        Self {
            app: GraphApp::HUBSPOT_SALES,
            resource: GraphApp::EXCHANGE,
            scope: " IMAP.AccessAsUser.All SMTP.Send",
            who: Every::nth(3),
        },
        Self {
            app: GraphApp::HUBSPOT_CALENDAR,
            resource: GraphApp::GRAPH,
            scope: " Calendars.ReadWrite offline_access",
            who: Every::nth(4),
        },
        Self { app: GraphApp::LOOK_ALIKE, resource: GraphApp::GRAPH, scope: " Mail.Read", who: Every::nth(5) },
        Self { app: GraphApp::CYRILLIC, resource: GraphApp::GRAPH, scope: " Mail.Read", who: Every::nth(6) },
        Self { app: GraphApp::SLACK, resource: GraphApp::GRAPH, scope: " User.Read openid", who: Every::nth(2) },
    ];
}
