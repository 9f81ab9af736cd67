use super::{FREE, Tokens, graph_error, hasty, json_of, open, open_with};
use crate::directory::Patience;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uncouple_domain::{DeleteAnswer, Listed};
use uncouple_engine::directory::{ApiError, Directory, Pace, Target, Who};
use uncouple_engine::ports::SignInAt;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// What each request in a batch is answered with.
type Answer = dyn Fn(&str, &str) -> Value + Send + Sync;

/// Answers batches, and keeps what was in them.
struct Batches {
    seen: Arc<Mutex<Vec<Vec<String>>>>,
    answer: Box<Answer>,
}

impl Respond for Batches {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let requests = body["requests"].as_array().unwrap();
        let line =
            |request: &Value| format!("{} {}", request["method"].as_str().unwrap(), request["url"].as_str().unwrap());
        self.seen.lock().unwrap().push(requests.iter().map(line).collect());
        let mut ids: Vec<&str> = requests.iter().map(|request| request["id"].as_str().unwrap()).collect();
        ids.dedup();
        assert!(ids.len() == requests.len() && ids.len() <= 20);
        let answers = requests.iter().rev().map(|request| {
            let mut answer = (self.answer)(request["method"].as_str().unwrap(), request["url"].as_str().unwrap());
            answer["id"] = request["id"].clone();
            answer
        });
        json_of(200, &json!({ "responses": answers.collect::<Vec<_>>() }))
    }
}

type Seen = Arc<Mutex<Vec<Vec<String>>>>;

async fn with(answer: impl Fn(&str, &str) -> Value + Send + Sync + 'static) -> (MockServer, Seen) {
    let server = MockServer::start().await;
    let seen = Seen::default();
    let batches = Batches { seen: seen.clone(), answer: Box::new(answer) };
    Mock::given(method("POST")).and(path("/$batch")).respond_with(batches).mount(&server).await;
    (server, seen)
}

pub(super) fn target(number: usize) -> Target {
    let who = Who::Person { id: format!("p{number}") };
    Target { who, app: "app".to_owned(), grant: Some(format!("g{number}")) }
}

async fn all_at_once(directory: &Arc<dyn Directory>, many: usize) -> Vec<Result<DeleteAnswer, ApiError>> {
    let tasks: Vec<_> = (0..many)
        .map(|number| {
            let directory = directory.clone();
            tokio::spawn(async move { directory.delete(&target(number)).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

#[tokio::test]
async fn a_lone_request_goes_as_it_is_and_many_go_together() {
    let (server, seen) = with(|_, _| json!({ "status": 204 })).await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let directory = open(SignInAt::Microsoft, &server);
    assert_eq!(directory.delete(&target(0)).await, Ok(DeleteAnswer::Deleted));
    assert!(seen.lock().unwrap().is_empty());
    assert!(all_at_once(&directory, 45).await.iter().all(|answer| *answer == Ok(DeleteAnswer::Deleted)));
    let sizes: Vec<usize> = seen.lock().unwrap().iter().map(Vec::len).collect();
    assert!(sizes.iter().all(|size| (2..=20).contains(size)) && sizes.iter().sum::<usize>() >= 40, "{sizes:?}");
    assert_eq!(directory.spent().calls, 46);
    assert!(server.received_requests().await.unwrap().len() <= 12);
}

#[tokio::test]
async fn each_answer_finds_the_one_who_asked() {
    let (server, _) = with(|_, url| {
        let number: usize = url.rsplit('g').next().unwrap().parse().unwrap();
        if number.is_multiple_of(2) {
            json!({ "status": 204 })
        } else {
            json!({ "status": 404, "body": { "error": { "code": "Request_ResourceNotFound" } } })
        }
    })
    .await;
    let answers = all_at_once(&open(SignInAt::Microsoft, &server), 40).await;
    for (number, answer) in answers.into_iter().enumerate() {
        let expected = if number.is_multiple_of(2) { DeleteAnswer::Deleted } else { DeleteAnswer::AlreadyGone };
        assert_eq!(answer, Ok(expected), "{number}");
    }
}

#[tokio::test]
async fn what_went_wrong_inside_is_asked_again_alone() {
    for wrong in [
        json!({ "status": 429, "headers": { "Retry-After": "1" } }),
        json!({ "status": 429, "headers": { "retry-after": 1 } }),
        json!({ "status": 503 }),
        json!({ "status": 500 }),
        json!({ "status": 401 }),
        json!({ "status": 1 }),
    ] {
        let hit = AtomicUsize::new(0);
        let is_limit = wrong["headers"].is_object();
        let (server, _) =
            with(
                move |_, _| {
                    if hit.fetch_add(1, Ordering::AcqRel) == 3 { wrong.clone() } else { json!({ "status": 204 }) }
                },
            )
            .await;
        Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
        let directory = open(SignInAt::Microsoft, &server);
        let start = std::time::Instant::now();
        assert!(all_at_once(&directory, 10).await.iter().all(|answer| *answer == Ok(DeleteAnswer::Deleted)));
        assert_eq!(directory.spent().calls, 11);
        assert!(!is_limit || start.elapsed() >= Duration::from_millis(40));
    }
}

#[tokio::test]
async fn a_batch_that_makes_no_sense_is_taken_apart() {
    for body in [
        json!({}),
        json!({ "responses": null }),
        json!({ "responses": [] }),
        json!({ "responses": [{ "id": "0", "status": 204 }, { "id": "0", "status": 404 }] }),
        json!({ "responses": [{ "id": "77", "status": 204 }] }),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST")).respond_with(json_of(200, &body)).mount(&server).await;
        Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
        let answers = all_at_once(&open(SignInAt::Microsoft, &server), 5).await;
        assert!(answers.iter().all(|answer| *answer == Ok(DeleteAnswer::Deleted)), "{body}");
        let alone = server.received_requests().await.unwrap().iter().filter(|one| one.method == "DELETE").count();
        assert_eq!(alone, 5, "{body}");
    }
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(graph_error(400, "BadRequest")).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    assert!(all_at_once(&open(SignInAt::Microsoft, &server), 5).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_batch_that_fails_is_sent_again_as_a_whole() {
    let (server, seen) = with(|_, _| json!({ "status": 204 })).await;
    let trouble = Mock::given(method("POST")).respond_with(ResponseTemplate::new(502)).up_to_n_times(2);
    trouble.with_priority(1).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let directory = open(SignInAt::Microsoft, &server);
    assert!(all_at_once(&directory, 10).await.iter().all(Result::is_ok));
    assert!(seen.lock().unwrap().iter().map(Vec::len).sum::<usize>() >= 9);
    assert!(directory.spent().repeated >= 9);

    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any()).respond_with(ResponseTemplate::new(502)).mount(&server).await;
    let answers = all_at_once(&open(SignInAt::Microsoft, &server), 5).await;
    assert!(answers.iter().all(|answer| *answer == Err(ApiError::NoAnswer)));
}

#[tokio::test]
async fn reads_at_one_time_ask_for_everybodys_consents_once() {
    let (server, seen) = with(|_, _| json!({ "status": 200, "body": { "value": [] } })).await;
    let empty = json_of(200, &json!({ "value": [] }));
    Mock::given(method("GET")).respond_with(empty).mount(&server).await;
    let pace = Pace { connections: 1, ..FREE };
    let directory = open_with(SignInAt::Microsoft, &server.uri(), Tokens::default(), hasty(), pace);
    let reads: Vec<_> = (0..15)
        .map(|number| {
            let directory = directory.clone();
            tokio::spawn(async move { directory.read(&target(number), &["app".to_owned()].into()).await })
        })
        .collect();
    for read in reads {
        assert_eq!(read.await.unwrap().unwrap().listed, Listed::No);
    }
    let seen = seen.lock().unwrap();
    let of_all = |batch: &[String]| batch.iter().filter(|line| line.contains("AllPrincipals")).count();
    assert!(seen.iter().all(|batch| of_all(batch) <= 1), "{seen:?}");
    assert!(directory.spent().calls < 25, "{:?}", directory.spent());
}

#[tokio::test]
async fn a_read_takes_one_way_there_and_back() {
    let (server, seen) = with(|_, _| json!({ "status": 200, "body": { "value": [] } })).await;
    let directory = open(SignInAt::Microsoft, &server);
    assert_eq!(directory.read(&target(1), &["app".to_owned()].into()).await.unwrap().listed, Listed::No);
    assert_eq!(seen.lock().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    let first = "GET /users/p1/oauth2PermissionGrants?$top=999";
    assert_eq!(seen.lock().unwrap()[0][0], first);
}

#[tokio::test]
async fn whoever_has_gone_is_not_asked_for() {
    let (server, _) = with(|_, _| json!({ "status": 204 })).await;
    let slow = ResponseTemplate::new(204).set_delay(Duration::from_millis(50));
    Mock::given(method("DELETE")).respond_with(slow).mount(&server).await;
    let patience = Patience { gather: Duration::from_millis(40), ..hasty() };
    let directory = open_with(SignInAt::Microsoft, &server.uri(), Tokens::default(), patience, FREE);
    let ask = |number| {
        let directory = directory.clone();
        tokio::spawn(async move { directory.delete(&target(number)).await })
    };
    let first = ask(1);
    while directory.spent().calls == 0 {
        tokio::task::yield_now().await;
    }
    // While one is on its way the next waits for others.
    let second = ask(2);
    tokio::time::sleep(Duration::from_millis(5)).await;
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    assert_eq!(first.await.unwrap(), Ok(DeleteAnswer::Deleted));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(directory.spent().calls, 1);
}
