use crate::request::{Answer, Expected, MOST_HEAD, Refusal, judge, word};
use proptest::prelude::*;
use secrecy::ExposeSecret;

fn expected() -> Expected {
    Expected {
        host: "127.0.0.1:4711".to_owned(),
        path: "/callback",
        state: "the-right-state".to_owned(),
        issuer: "https://accounts.google.com".to_owned(),
    }
}

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n\r\n")
}

fn refusal(head: &str) -> Refusal {
    judge(head.as_bytes(), &expected()).unwrap().unwrap_err()
}

fn answer(target: &str) -> Answer {
    judge(get(target).as_bytes(), &expected()).unwrap().unwrap()
}

#[test]
fn the_right_state_brings_the_code() {
    let Answer::Code(code) = answer("/callback?code=4%2Fabc&state=the-right-state&scope=openid%20email") else {
        panic!("no code")
    };
    assert_eq!(code.expose_secret(), "4/abc");
}

#[test]
fn an_error_comes_with_its_word_only_if_it_is_one() {
    for (sent, kept) in [("access_denied", "access_denied"), ("%3Cscript%3E", "unreadable"), ("", "unreadable")] {
        let Answer::Error { word, .. } = answer(&format!("/callback?error={sent}&state=the-right-state")) else {
            panic!("no error")
        };
        assert_eq!(word, kept);
    }
    assert_eq!(word(&"a".repeat(49)), "unreadable");
}

#[test]
fn a_state_that_is_missing_or_wrong_is_refused() {
    for query in ["", "?", "?code=abc", "?code=abc&state=", "?code=abc&state=the-right-stat", "?state=the-right-state"]
    {
        assert_eq!(refusal(&get(&format!("/callback{query}"))), Refusal::Bad, "{query}");
    }
}

#[test]
fn a_parameter_that_comes_twice_is_refused() {
    for query in [
        "code=a&code=b&state=the-right-state",
        "code=a&state=wrong&state=the-right-state",
        "code=a&state=the-right-state&state=the-right-state",
        "code=a&error=access_denied&state=the-right-state",
    ] {
        assert_eq!(refusal(&get(&format!("/callback?{query}"))), Refusal::Bad, "{query}");
    }
}

#[test]
fn an_answer_of_another_issuer_is_told_apart() {
    let with = |iss: &str| answer(&format!("/callback?code=a&state=the-right-state&iss={iss}"));
    assert!(matches!(with("https%3A%2F%2Faccounts.google.com"), Answer::Code(_)));
    assert!(matches!(with("https%3A%2F%2Fattacker.example"), Answer::WrongIssuer));
}

#[test]
fn another_method_path_or_host_is_refused() {
    let good = "/callback?code=a&state=the-right-state";
    for method in ["POST", "HEAD", "OPTIONS", "PUT"] {
        assert_eq!(refusal(&get(good).replace("GET", method)), Refusal::Method, "{method}");
    }
    for path in ["/", "/callback/", "/Callback", "/favicon.ico", "//callback", "/a/../callback"] {
        assert_eq!(refusal(&get(&good.replace("/callback", path))), Refusal::NotFound, "{path}");
    }
    for host in ["localhost:4711", "127.0.0.1", "127.0.0.1:4712", "attacker.example", "127.0.0.1:4711, x", ""] {
        assert_eq!(refusal(&get(good).replace("127.0.0.1:4711", host)), Refusal::Bad, "{host}");
    }
    assert_eq!(refusal(&get(good).replace("Host: 127.0.0.1:4711\r\n", "")), Refusal::Bad);
    assert_eq!(refusal(&get(good).replace("\r\n\r\n", "\r\nHost: 127.0.0.1:4711\r\n\r\n")), Refusal::Bad);
}

#[test]
fn a_body_is_refused() {
    let good = get("/callback?code=a&state=the-right-state");
    for header in ["Content-Length: 1", "Transfer-Encoding: chunked", "Content-Length: 0\r\nContent-Length: 5"] {
        assert_eq!(refusal(&good.replace("\r\n\r\n", &format!("\r\n{header}\r\n\r\n"))), Refusal::Body, "{header}");
    }
    let empty = good.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n");
    assert!(judge(empty.as_bytes(), &expected()).unwrap().is_ok());
}

#[test]
fn a_head_without_end_is_refused() {
    let long = get(&format!("/callback?code={}", "a".repeat(64 * 1024)));
    assert_eq!(judge(&long.as_bytes()[..MOST_HEAD], &expected()).unwrap().unwrap_err(), Refusal::Head);
    assert!(judge(&long.as_bytes()[..MOST_HEAD - 1], &expected()).is_none());
    let many = get("/callback").replace("\r\n\r\n", &format!("\r\n{}\r\n", "a: b\r\n".repeat(80)));
    assert_eq!(refusal(&many), Refusal::Head);
    for text in ["\0\0\0\0", "GET /callback\r\n\r\n", "GET /callback SMTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}tls hello"] {
        assert_eq!(refusal(text), Refusal::Bad, "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_or_pass(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(!matches!(judge(&bytes, &expected()), Some(Ok(_))));
    }

    #[test]
    fn no_query_passes_without_the_state(query in "[a-z_%0-9=&+]{0,200}") {
        let head = get(&format!("/callback?{query}"));
        prop_assert!(!matches!(judge(head.as_bytes(), &expected()), Some(Ok(_))));
    }

    #[test]
    fn any_code_comes_back_as_it_was_sent(code in "\\PC{1,100}", before in "[a-z]{1,9}=[a-z]{0,9}&") {
        let code_sent: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
        prop_assume!(!["state=", "code=", "error=", "iss="].iter().any(|name| before.starts_with(name)));
        let Answer::Code(found) = answer(&format!("/callback?{before}state=the-right-state&code={code_sent}")) else {
            return Err(TestCaseError::fail("no code"));
        };
        prop_assert_eq!(found.expose_secret(), code);
    }

    #[test]
    fn a_head_is_judged_the_same_in_however_many_pieces(cut in 0_usize..60) {
        let head = get("/callback?code=a&state=the-right-state");
        let (first, _) = head.as_bytes().split_at(cut.min(head.len() - 1));
        prop_assert!(judge(first, &expected()).is_none());
    }
}
