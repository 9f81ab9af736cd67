//! Many requests, and many people.

use crate::client::{Plain, token};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uncouple_testkit::directory::{GoogleOrg, Route};

/// One connection that asks for the tokens of one person after the other. A client of its own, since a good one takes
/// longer than the server.
async fn ask(org: &GoogleOrg, users: std::ops::Range<usize>) {
    let address = org.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let (token, mut buffer) = (token(org.sign_in()), vec![0; 16_384]);
    for user in users {
        let path = format!("admin/directory/v1/users/{}/tokens", org.state().id(user));
        let head = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK"));
    }
}

#[tokio::test]
async fn thousands_of_requests_take_no_time_and_are_all_counted() {
    let org = GoogleOrg::with(12_000).without_quota().start().await;
    let started = Instant::now();
    tokio::join!(ask(&org, 0..3_000), ask(&org, 3_000..6_000), ask(&org, 6_000..9_000), ask(&org, 9_000..12_000));
    let took = started.elapsed();
    assert_eq!(org.seen().answered(Route::Tokens, 200), 12_000);
    assert_eq!(org.seen().newest().len(), 10_000, "no more are kept");
    assert_eq!((org.seen().calls_per_user(), org.seen().connections()), ((1, 12_000), 4));
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[cfg(target_os = "linux")]
fn resident_mib() -> usize {
    let pages: usize = std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4 / 1024
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn fifty_thousand_people_take_no_more_memory_than_a_page_of_them() {
    let org = GoogleOrg::with(50_000).without_quota().start().await;
    let plain = Plain::google(&org);
    let before = resident_mib();
    let (mut found, mut next) = (0, String::new());
    loop {
        let path =
            format!("admin/directory/v1/users?customer=my_customer&maxResults=500&fields=nextPageToken,users/id{next}");
        let (_, page) = plain.get(&path).await;
        found += page["users"].as_array().unwrap().len();
        let Some(token) = page["nextPageToken"].as_str() else { break };
        next = format!("&pageToken={token}");
    }
    assert_eq!(found, 50_000);
    // Other tests run in this process, too.
    assert!(resident_mib() < before + 60, "{} MiB more", resident_mib() - before);
}
