//! Google and Microsoft as account systems and as administrators' directories, DNS as a witness of who hosts a domain's
//! mail, and the table of pages where a person withdraws what they gave to HubSpot.
//!
//! Four adapters of the engine's ports: [`Vendors`] for `Accounts`, [`AdminApis`] for `Directories`, [`DnsMailHosts`]
//! for `MailHosts`, [`Pages`] for `Guides`. Nothing here keeps a token; it comes in and goes out as a `SecretString`.

mod accounts;
mod answer;
mod causes;
mod directory;
mod endpoints;

mod identity;
mod loopback;
mod mail_hosts;
mod mx;
mod oauth;
mod pages;
mod request;
mod web;

pub use accounts::{Limits, NoClient, Vendors};
pub use directory::{AdminApis, Patience};
pub use mail_hosts::DnsMailHosts;
pub use pages::{Pages, TableError};

#[cfg(test)]
mod tests;
