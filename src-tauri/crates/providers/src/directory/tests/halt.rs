//! Nothing is changed any more once somebody has stopped it, however long it would have waited.

use super::batches::target;
use super::requests::BOTH;
use super::{FREE, Tokens, asked, hasty, json_of, open, open_with};
use crate::directory::Patience;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use uncouple_domain::{DeleteAnswer, Listed};
use uncouple_engine::directory::{ApiError, Directory};
use uncouple_engine::ports::SignInAt;
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longer than a test may take.
const LONG: Duration = Duration::from_secs(60);

async fn server_with(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn patient(at: SignInAt, server: &MockServer) -> Arc<dyn Directory> {
    let patience = Patience { asked: LONG, pause: LONG, longest: LONG, total: LONG * 5, ..hasty() };
    open_with(at, &server.uri(), Tokens::default(), patience, FREE)
}

fn deleting(directory: &Arc<dyn Directory>, number: usize) -> JoinHandle<Result<DeleteAnswer, ApiError>> {
    let directory = Arc::clone(directory);
    tokio::spawn(async move { directory.delete(&target(number)).await })
}

async fn at_once(deletion: JoinHandle<Result<DeleteAnswer, ApiError>>) -> Result<DeleteAnswer, ApiError> {
    tokio::time::timeout(Duration::from_secs(5), deletion).await.unwrap().unwrap()
}

async fn answered(server: &MockServer) {
    while asked(server).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // The answer is on its way.
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_deletion_that_waits_for_a_limit_is_not_sent_any_more() {
    for at in BOTH {
        let server = server_with(ResponseTemplate::new(429).insert_header("Retry-After", "60")).await;
        let directory = patient(at, &server);
        let first = deleting(&directory, 1);
        answered(&server).await;
        let second = deleting(&directory, 2);
        directory.halt();
        // The first was sent, and refused: nothing was done.
        assert_eq!(at_once(first).await, Err(ApiError::Halted));
        assert_eq!(at_once(second).await, Err(ApiError::Halted));
        assert_eq!(asked(&server).await.len(), 1);
    }
}

#[tokio::test]
async fn a_deletion_that_may_have_been_done_is_not_called_unsent() {
    for at in BOTH {
        // Whoever stands before the service can give up on it and say when to come again.
        let later = ResponseTemplate::new(503).insert_header("Retry-After", "60");
        for trouble in [ResponseTemplate::new(500), later] {
            let server = server_with(trouble).await;
            let directory = patient(at, &server);
            let deletion = deleting(&directory, 1);
            answered(&server).await;
            directory.halt();
            assert_eq!(at_once(deletion).await, Err(ApiError::NoAnswer));
        }
    }
}

#[tokio::test]
async fn a_deletion_on_its_way_gets_its_answer() {
    for at in BOTH {
        let server = server_with(ResponseTemplate::new(204).set_delay(Duration::from_millis(200))).await;
        let directory = open(at, &server);
        let deletion = deleting(&directory, 1);
        answered(&server).await;
        directory.halt();
        assert_eq!(at_once(deletion).await, Ok(DeleteAnswer::Deleted));
    }
}

#[tokio::test]
async fn reading_goes_on_beside_deletions_that_are_not_sent() {
    for at in BOTH {
        let server = MockServer::start().await;
        let empty = json_of(200, &json!({ "kind": "admin#directory#tokenList", "items": [], "value": [] }));
        Mock::given(method("GET")).respond_with(empty).mount(&server).await;
        let directory = open(at, &server);
        directory.halt();
        // At Microsoft they would share a batch.
        let deletions = [deleting(&directory, 1), deleting(&directory, 2)];
        let read = directory.read(&target(3), &["app".to_owned()].into()).await.unwrap();
        assert_eq!(read.listed, Listed::No);
        for deletion in deletions {
            assert_eq!(at_once(deletion).await, Err(ApiError::Halted));
        }
        assert!(asked(&server).await.iter().all(|line| line.starts_with("GET ")), "{:?}", asked(&server).await);
    }
}
