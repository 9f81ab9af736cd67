use super::{FREE, Tokens, asked, google_error, graph_error, hasty, json_of, open, open_with};
use crate::directory::Patience;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use uncouple_domain::{DeleteAnswer, Permission};
use uncouple_engine::directory::{ApiError, Directory, Pace, Target, Who};
use uncouple_engine::ports::SignInAt;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server_of(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let mut rest = answers.len();
    for answer in answers {
        rest -= 1;
        let mock = Mock::given(wiremock::matchers::any()).respond_with(answer);
        // The last one goes on.
        if rest > 0 { mock.up_to_n_times(1).mount(&server).await } else { mock.mount(&server).await }
    }
    server
}

fn target(at: SignInAt) -> Target {
    let grant = (at == SignInAt::Microsoft).then(|| "grant".to_owned());
    Target { who: Who::Person { id: "7".to_owned() }, app: "app".to_owned(), grant }
}

async fn deleted(at: SignInAt, answers: Vec<ResponseTemplate>) -> (Result<DeleteAnswer, ApiError>, usize) {
    let server = server_of(answers).await;
    let answer = open(at, &server).delete(&target(at)).await;
    (answer, asked(&server).await.len())
}

pub(super) const BOTH: [SignInAt; 2] = [SignInAt::Google, SignInAt::Microsoft];

fn done() -> ResponseTemplate {
    ResponseTemplate::new(204)
}

fn wait() -> ResponseTemplate {
    ResponseTemplate::new(429).insert_header("Retry-After", "1")
}

#[tokio::test]
async fn what_is_the_providers_trouble_is_asked_again() {
    for at in BOTH {
        for status in [408, 500, 502, 503, 504] {
            let trouble = ResponseTemplate::new(status);
            assert_eq!(deleted(at, vec![trouble.clone(), trouble, done()]).await, (Ok(DeleteAnswer::Deleted), 3));
        }
        assert_eq!(deleted(at, vec![ResponseTemplate::new(500)]).await, (Err(ApiError::NoAnswer), 4));
    }
}

#[tokio::test]
async fn limits_are_waited_for_and_told_if_they_do_not_let_up() {
    for at in BOTH {
        for limit in [wait(), ResponseTemplate::new(429), ResponseTemplate::new(503).insert_header("Retry-After", "1")]
        {
            assert_eq!(deleted(at, vec![limit.clone(), done()]).await, (Ok(DeleteAnswer::Deleted), 2));
            let (end, calls) = deleted(at, vec![limit]).await;
            assert!(end == Err(ApiError::Limits) && calls >= 2, "{end:?} after {calls}");
        }
    }
    for reason in ["userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"] {
        let limit = google_error(403, reason, "over");
        assert_eq!(deleted(SignInAt::Google, vec![limit.clone(), done()]).await, (Ok(DeleteAnswer::Deleted), 2));
        let (end, calls) = deleted(SignInAt::Google, vec![limit]).await;
        assert!(end == Err(ApiError::Limits) && calls >= 2, "{end:?} after {calls}");
    }
}

#[tokio::test]
async fn a_refusal_is_taken_at_its_word() {
    let forbidden = Err(ApiError::Forbidden { permission: Permission::Revoke });
    let google = google_error(403, "forbidden", "Not Authorized to access this resource/api");
    assert_eq!(deleted(SignInAt::Google, vec![google]).await, (forbidden, 1));
    let graph = graph_error(403, "Authorization_RequestDenied");
    assert_eq!(deleted(SignInAt::Microsoft, vec![graph]).await, (forbidden, 1));
    for at in BOTH {
        // A 404 of somebody between us and the provider says nothing of the access.
        assert_eq!(deleted(at, vec![ResponseTemplate::new(404)]).await, (Err(ApiError::Unreadable), 1));
        assert_eq!(deleted(at, vec![ResponseTemplate::new(400)]).await, (Err(ApiError::Unreadable), 1));
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = MockServer::start().await;
    for at in BOTH {
        let redirect = ResponseTemplate::new(307).insert_header("Location", elsewhere.uri());
        assert_eq!(deleted(at, vec![redirect]).await, (Err(ApiError::Unreadable), 1));
    }
    assert!(asked(&elsewhere).await.is_empty());
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    for at in BOTH {
        let server = MockServer::start().await;
        let good = Mock::given(header("Authorization", "Bearer token-2")).respond_with(done()).with_priority(1);
        good.mount(&server).await;
        Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
        let directory = open(at, &server);
        for calls in [2, 3] {
            assert_eq!(directory.delete(&target(at)).await, Ok(DeleteAnswer::Deleted));
            assert_eq!(directory.spent().calls, calls);
        }
        assert_eq!(directory.spent().repeated, 1);

        assert_eq!(deleted(at, vec![ResponseTemplate::new(401)]).await, (Err(ApiError::Expired), 2));
        let server = server_of(vec![ResponseTemplate::new(401)]).await;
        let directory = open_with(at, &server.uri(), Tokens { only_one: true, ..Tokens::default() }, hasty(), FREE);
        assert_eq!(directory.delete(&target(at)).await, Err(ApiError::Expired));
        assert_eq!(asked(&server).await.len(), 1);
    }
}

#[tokio::test]
async fn a_limit_holds_every_call_of_the_directory() {
    let server = MockServer::start().await;
    let list = json_of(200, &json!({ "kind": "admin#directory#tokenList" }));
    Mock::given(method("DELETE")).respond_with(wait()).up_to_n_times(1).with_priority(1).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(done()).mount(&server).await;
    Mock::given(method("GET")).respond_with(list).mount(&server).await;
    let directory = open(SignInAt::Google, &server);
    let start = Instant::now();
    let deletion = tokio::spawn({
        let directory = directory.clone();
        async move { directory.delete(&target(SignInAt::Google)).await }
    });
    while directory.spent().waiting_ms == 0 {
        tokio::task::yield_now().await;
    }
    assert!(directory.spent().waiting_ms <= 41);
    directory.read(&target(SignInAt::Google), &["app".to_owned()].into()).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(40));
    assert_eq!(deletion.await.unwrap(), Ok(DeleteAnswer::Deleted));
    assert_eq!(directory.spent().waiting_ms, 0);
}

#[tokio::test]
async fn no_more_requests_are_on_their_way_than_there_are_connections() {
    struct Busy(Arc<AtomicU32>, Arc<AtomicU32>);
    impl wiremock::Respond for Busy {
        fn respond(&self, _: &wiremock::Request) -> ResponseTemplate {
            let now = self.0.fetch_add(1, Ordering::AcqRel) + 1;
            self.1.fetch_max(now, Ordering::AcqRel);
            std::thread::sleep(Duration::from_millis(2));
            self.0.fetch_sub(1, Ordering::AcqRel);
            done()
        }
    }
    let most = Arc::new(AtomicU32::new(0));
    let server = MockServer::start().await;
    Mock::given(method("DELETE")).respond_with(Busy(Arc::default(), most.clone())).mount(&server).await;
    let pace = Pace { calls_per_minute: 0, connections: 2 };
    let directory = open_with(SignInAt::Google, &server.uri(), Tokens::default(), hasty(), pace);
    let deletions = (0..20).map(|_| {
        let directory = directory.clone();
        tokio::spawn(async move { directory.delete(&target(SignInAt::Google)).await })
    });
    for deletion in deletions.collect::<Vec<_>>() {
        assert_eq!(deletion.await.unwrap(), Ok(DeleteAnswer::Deleted));
    }
    assert!(most.load(Ordering::Acquire) <= 2);
}

#[tokio::test]
async fn the_pace_is_kept_once_a_minutes_share_is_used_up() {
    let server = server_of(vec![done()]).await;
    let pace = Pace { calls_per_minute: 30, connections: 8 };
    let directory = open_with(SignInAt::Google, &server.uri(), Tokens::default(), hasty(), pace);
    let start = Instant::now();
    for _ in 0..30 {
        directory.delete(&target(SignInAt::Google)).await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    let next = target(SignInAt::Google);
    assert!(tokio::time::timeout(Duration::from_millis(300), directory.delete(&next)).await.is_err());
    assert_eq!(asked(&server).await.len(), 30);
}

#[tokio::test]
async fn what_hangs_or_can_not_be_reached_is_no_answer() {
    let short = Patience { request: Duration::from_millis(30), tries: 2, ..hasty() };
    for at in BOTH {
        let server = server_of(vec![done().set_delay(Duration::from_secs(5))]).await;
        let directory: Arc<dyn Directory> = open_with(at, &server.uri(), Tokens::default(), short, FREE);
        assert_eq!(directory.delete(&target(at)).await, Err(ApiError::NoAnswer));
        assert_eq!(directory.spent().calls, 2);
        drop(server);
        let nobody = open_with(at, "http://127.0.0.1:1", Tokens::default(), short, FREE);
        assert_eq!(nobody.delete(&target(at)).await, Err(ApiError::NoAnswer));
    }
}

#[tokio::test]
async fn what_takes_too_long_in_all_is_given_up() {
    let server = server_of(vec![ResponseTemplate::new(500)]).await;
    let short = Patience { tries: 1_000, total: Duration::from_millis(20), ..hasty() };
    let directory = open_with(SignInAt::Google, &server.uri(), Tokens::default(), short, FREE);
    assert_eq!(directory.delete(&target(SignInAt::Google)).await, Err(ApiError::NoAnswer));
    assert!(directory.spent().calls < 1_000);
}

#[tokio::test]
async fn foreign_text_stays_in_its_segment() {
    let server = MockServer::start().await;
    let odd = "/admin/directory/v1/users/..%2F7%3Fa%23b/tokens/1%25%09%0A%20ü%5C".replace('ü', "%C3%BC");
    Mock::given(method("DELETE")).and(path(odd)).respond_with(done()).mount(&server).await;
    let directory = open(SignInAt::Google, &server);
    let target = |id: &str, app: &str| Target {
        who: Who::Person { id: id.to_owned() },
        app: app.to_owned(),
        grant: Some(app.to_owned()),
    };
    assert_eq!(directory.delete(&target("../7?a#b", "1%\t\n ü\\")).await, Ok(DeleteAnswer::Deleted));
    let sent = asked(&server).await.len();
    for gone in ["", ".", ".."] {
        for at in BOTH {
            assert_eq!(open(at, &server).delete(&target("7", gone)).await, Err(ApiError::Unreadable), "{gone:?}");
        }
    }
    assert_eq!(asked(&server).await.len(), sent);
}
