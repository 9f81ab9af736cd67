//! MX records from DNS.

use crate::mx;
use async_trait::async_trait;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::rr::RData;
use hickory_resolver::{Resolver, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;
use uncouple_domain::Provider;
use uncouple_engine::ports::{MailHost, MailHosts};

/// Looks up who hosts a domain's mail, at the name servers that this computer is set up with. Only the
/// domain is sent, never an address.
#[derive(Clone, Debug)]
pub struct DnsMailHosts {
    limit: Duration,
    server: Option<SocketAddr>,
}

impl Default for DnsMailHosts {
    /// Three seconds for everything.
    fn default() -> Self {
        Self { limit: Duration::from_secs(3), server: None }
    }
}

impl DnsMailHosts {
    /// Asks another name server than the system's (UDP only), within `limit`.
    #[must_use]
    pub fn at(server: SocketAddr, limit: Duration) -> Self {
        Self { limit, server: Some(server) }
    }

    /// Made anew for each question: a laptop changes its network, and with it its name servers.
    fn resolver(&self) -> Result<TokioResolver, NetError> {
        let mut builder = match self.server {
            None => TokioResolver::builder_tokio()?,
            Some(server) => {
                let mut connection = ConnectionConfig::udp();
                connection.port = server.port();
                let server = NameServerConfig::new(server.ip(), true, vec![connection]);
                let config = ResolverConfig::from_name_servers(vec![server]);
                Resolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = self.limit / 2;
        options.attempts = 2;
        builder.build()
    }

    async fn records(&self, domain: &str) -> Result<Vec<(u16, String)>, NetError> {
        // The last dot keeps the search list of the network out of it.
        let found = match self.resolver()?.mx_lookup(format!("{domain}.")).await {
            Ok(found) => found,
            Err(NetError::Dns(DnsError::NoRecordsFound(_))) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let record = |data: &RData| {
            if let RData::MX(mx) = data { Some((mx.preference, mx.exchange.to_ascii())) } else { None }
        };
        Ok(found.answers().iter().filter_map(|answer| record(&answer.data)).collect())
    }
}

#[async_trait]
impl MailHosts for DnsMailHosts {
    fn known(&self, domain: &str) -> Option<Provider> {
        mx::known(domain)
    }

    async fn look_up(&self, domain: &str) -> MailHost {
        match tokio::time::timeout(self.limit, self.records(domain)).await {
            Ok(Ok(records)) => mx::host(&records),
            Ok(Err(error)) => {
                tracing::info!(%error, "no MX answer");
                MailHost::NoAnswer
            }
            Err(_) => MailHost::NoAnswer,
        }
    }
}
