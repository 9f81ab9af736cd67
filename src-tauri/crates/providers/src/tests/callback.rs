use super::oidc::{Back, Manners, Provider, agrees};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use uncouple_engine::ports::SignInAt;

/// Sends requests of strangers first and the genuine answer last; gives back the status of each, the
/// genuine one's too, and fails unless the sign-in came to its good end in spite of them.
async fn among_strangers(requests: impl Fn(&Back) -> Vec<String> + Send + Sync + 'static) -> Vec<String> {
    let provider = Provider::start(Manners::google()).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, requests) = (seen.clone(), Arc::new(requests));
    let act = move |back: Back| {
        let (log, requests) = (log.clone(), requests.clone());
        tokio::spawn(async move {
            let genuine = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", back.good(), back.host());
            let mut log = log.lock().await;
            for request in requests(&back).into_iter().chain([genuine]) {
                let answer = back.send(&request).await.unwrap();
                assert!(!answer.contains(&back.state), "an answer repeats the state");
                log.push(answer.split(' ').nth(1).unwrap_or_default().to_owned());
            }
        });
    };
    provider.sign_in(SignInAt::Google, act).await.unwrap();
    seen.lock().await.clone()
}

fn get(back: &Back, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", back.host())
}

#[tokio::test]
async fn a_missing_wrong_or_old_state_does_not_end_the_wait() {
    let statuses = among_strangers(|back| {
        vec![
            get(back, &back.target("code=the-code")),
            get(back, &back.target("code=the-code&state=wrong")),
            get(back, &back.target(&format!("code=the-code&state={}x", back.state))),
            get(back, &back.target("error=access_denied&state=wrong")),
            get(back, &back.target("error=access_denied")),
            get(back, back.redirect.path()),
        ]
    })
    .await;
    assert_eq!(statuses, ["400", "400", "400", "400", "400", "400", "200"]);
}

#[tokio::test]
async fn a_state_of_an_earlier_sign_in_is_worth_nothing() {
    let provider = Provider::start(Manners::google()).await;
    provider.sign_in(SignInAt::Google, agrees).await.unwrap();
    let old = provider.asked()["state"].clone();
    let statuses =
        among_strangers(move |back| vec![get(back, &back.target(&format!("code=the-code&state={old}")))]).await;
    assert_eq!(statuses, ["400", "200"]);
}

#[tokio::test]
async fn strange_requests_do_not_end_the_wait() {
    let statuses = among_strangers(|back| {
        let long = back.target(&format!("code=a&state={}", "a".repeat(64 * 1024)));
        vec![
            get(back, &back.good()).replace("GET", "POST"),
            get(back, &back.good().replace("/callback", "/other")),
            get(back, "/favicon.ico"),
            get(back, &back.good()).replace("127.0.0.1", "attacker.example"),
            get(back, &back.good()).replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello"),
            get(back, &long),
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\r\n\r\n".to_owned(),
        ]
    })
    .await;
    assert_eq!(statuses, ["405", "404", "404", "400", "413", "431", "400", "200"]);
}

#[tokio::test]
async fn a_state_is_good_for_one_answer() {
    let provider = Provider::start(Manners::google()).await;
    let (done, results) = tokio::sync::oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let act = move |back: Back| {
        let done = done.lock().unwrap().take().unwrap();
        tokio::spawn(async move {
            let target = back.good();
            let both = tokio::join!(back.get(&target), back.get(&target));
            let _ = done.send((both, back));
        });
    };
    provider.sign_in(SignInAt::Google, act).await.unwrap();
    let ((first, second), back) = results.await.unwrap();
    let taken = [first, second].into_iter().flatten().filter(|answer| answer.starts_with("HTTP/1.1 200")).count();
    assert_eq!(taken, 1);
    assert!(back.get(&back.good()).await.is_err(), "the port is still open");
}

#[tokio::test]
async fn a_silent_connection_holds_nobody_up_and_is_closed() {
    let provider = Provider::start(Manners::google()).await;
    let (done, waited) = tokio::sync::oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let act = move |back: Back| {
        let done = done.lock().unwrap().take().unwrap();
        tokio::spawn(async move {
            let mut silent = TcpStream::connect(("127.0.0.1", back.redirect.port().unwrap())).await.unwrap();
            silent.write_all(b"GET /callback").await.unwrap();
            let start = Instant::now();
            let mut answer = String::new();
            silent.read_to_string(&mut answer).await.unwrap();
            let _ = done.send((start.elapsed(), answer));
            back.get(&back.good()).await
        });
    };
    provider.sign_in(SignInAt::Google, act).await.unwrap();
    let (waited, answer) = waited.await.unwrap();
    assert!(waited >= Duration::from_millis(1500) && waited < Duration::from_secs(8), "{waited:?}");
    assert!(answer.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn many_silent_connections_do_not_shut_the_genuine_one_out() {
    let provider = Provider::start(Manners::google()).await;
    let act = move |back: Back| {
        tokio::spawn(async move {
            let mut held = Vec::new();
            for _ in 0..40 {
                held.push(TcpStream::connect(("127.0.0.1", back.redirect.port().unwrap())).await.unwrap());
            }
            back.get(&back.good()).await
        });
    };
    provider.sign_in(SignInAt::Google, act).await.unwrap();
}

#[tokio::test]
async fn the_answer_page_is_static_and_stays_private() {
    let provider = Provider::start(Manners::google()).await;
    let (done, page) = tokio::sync::oneshot::channel();
    let done = std::sync::Mutex::new(Some(done));
    let act = move |back: Back| {
        let done = done.lock().unwrap().take().unwrap();
        tokio::spawn(async move { done.send(back.get(&back.good()).await.unwrap()) });
    };
    provider.sign_in(SignInAt::Google, act).await.unwrap();
    let page = page.await.unwrap();
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    for line in ["Cache-Control: no-store", "Referrer-Policy: no-referrer", "default-src 'none'", "Connection: close"] {
        assert!(head.contains(line), "{line}");
    }
    assert!(head.contains(&format!("Content-Length: {}", body.len())));
    assert!(body.contains("応答を受け取りました") && body.contains("lang=\"en\""));
    assert!(!body.contains("the-code") && !body.contains("<script"));
}

#[tokio::test]
async fn microsofts_answer_is_taken_on_both_loopback_addresses() {
    for address in ["127.0.0.1", "::1"] {
        if tokio::net::TcpListener::bind((address, 0)).await.is_err() {
            println!("not run: this computer has no {address}");
            continue;
        }
        let provider = Provider::start(Manners::microsoft()).await;
        let act = move |back: Back| {
            tokio::spawn(async move {
                let mut stream = TcpStream::connect((address, back.redirect.port().unwrap())).await.unwrap();
                stream.write_all(get(&back, &back.good()).as_bytes()).await.unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.unwrap();
                assert!(answer.starts_with("HTTP/1.1 200"));
            });
        };
        provider.sign_in(SignInAt::Microsoft, act).await.unwrap();
    }
}
