use crate::mail_hosts::DnsMailHosts;
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::MX;
use hickory_resolver::proto::rr::{Name, RData, Record};
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use uncouple_domain::Provider;
use uncouple_engine::ports::{MailHost, MailHosts};

/// A name server that has the same answer for everybody.
async fn looked_up(records: &[(u16, &str)], code: ResponseCode) -> MailHost {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let hosts = DnsMailHosts::at(socket.local_addr().unwrap(), Duration::from_secs(10));
    let records: Vec<(u16, Name)> = records.iter().map(|(p, name)| (*p, name.parse().unwrap())).collect();
    let server = tokio::spawn(async move {
        let mut buffer = [0; 1500];
        loop {
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            let question = Message::from_vec(&buffer[..length]).unwrap();
            let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
            answer.metadata.response_code = code;
            answer.add_queries(question.queries.clone());
            assert_eq!(question.queries[0].name().to_ascii(), "example.com.");
            for (preference, exchange) in &records {
                let data = RData::MX(MX::new(*preference, exchange.clone()));
                answer.add_answer(Record::from_rdata(question.queries[0].name().clone(), 60, data));
            }
            socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
        }
    });
    let host = hosts.look_up("example.com").await;
    server.abort();
    host
}

#[tokio::test]
async fn mx_records_tell_the_host() {
    let records = [(20, "mail.example.net."), (10, "example-com.mail.protection.outlook.com.")];
    assert_eq!(looked_up(&records, ResponseCode::NoError).await, MailHost::Is(Provider::Microsoft365));
    assert_eq!(looked_up(&[(0, ".")], ResponseCode::NoError).await, MailHost::Unknown);
}

#[tokio::test]
async fn a_domain_without_mail_is_unknown_and_a_broken_server_is_no_answer() {
    assert_eq!(looked_up(&[], ResponseCode::NXDomain).await, MailHost::Unknown);
    assert_eq!(looked_up(&[], ResponseCode::NoError).await, MailHost::Unknown);
    assert_eq!(looked_up(&[], ResponseCode::ServFail).await, MailHost::NoAnswer);
    assert_eq!(looked_up(&[], ResponseCode::Refused).await, MailHost::NoAnswer);
}

#[tokio::test]
async fn a_silent_server_is_no_answer_within_the_limit() {
    let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let hosts = DnsMailHosts::at(silent.local_addr().unwrap(), Duration::from_millis(400));
    let start = Instant::now();
    assert_eq!(hosts.look_up("example.com").await, MailHost::NoAnswer);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_is_no_domain_is_no_answer() {
    let hosts = DnsMailHosts::at("127.0.0.1:9".parse().unwrap(), Duration::from_millis(400));
    for domain in ["", "a..b", &"a".repeat(300)] {
        assert_eq!(hosts.look_up(domain).await, MailHost::NoAnswer, "{domain}");
    }
}
