//! Requests that wait at the same moment go to Microsoft as one.

use super::answer::{Reply, Verdict, retry_after};
use super::api::{Api, CONSISTENCY, Call};
use super::graph_wire::{BatchCall, BatchCalls, BatchReplies, BatchReply};
use super::object::Object;
use http::{Method, StatusCode};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tokio::time::Instant;
use uncouple_engine::directory::ApiError;

/// As many requests as a batch may hold (<https://learn.microsoft.com/graph/json-batching>, read 2026-11).
const MOST: usize = 20;

/// What a batch brought for one request. None: it is to be sent alone.
type Brought = Result<Option<Reply>, ApiError>;

/// Gathers requests. A lone one is never held back: it waits for others only while some are on their way.
#[derive(Debug)]
pub(super) struct Batch {
    api: Arc<Api>,
    queue: Mutex<Queue>,
    flying: AtomicUsize,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Somebody will come for them.
    gathering: bool,
}

/// A request and everybody who waits for its answer.
#[derive(Debug)]
struct Waiting {
    call: Call,
    to: Vec<oneshot::Sender<Brought>>,
}

/// A batch on its way.
struct Flight<'a>(&'a AtomicUsize);

impl<'a> Flight<'a> {
    fn begin(flying: &'a AtomicUsize) -> Self {
        flying.fetch_add(1, Ordering::AcqRel);
        Self(flying)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Batch {
    pub(super) fn new(api: Arc<Api>) -> Arc<Self> {
        Arc::new(Self { api, queue: Mutex::default(), flying: AtomicUsize::new(0) })
    }

    /// Sends a request, alone or with others. The same question of several, as long as it was not sent, is sent once;
    /// so every answer is one to a request that began after it was asked for.
    ///
    /// # Errors
    /// Those of [`Api::send`].
    pub(super) async fn ask(self: &Arc<Self>, call: Call) -> Result<Reply, ApiError> {
        match self.push(&call).await {
            Ok(Ok(Some(reply))) => Ok(reply),
            // The batch may have done it, whatever it said.
            Ok(Ok(None)) => {
                let sent = self.api.send(&call).await;
                sent.map_err(|error| if error == ApiError::Halted { ApiError::NoAnswer } else { error })
            }
            Ok(Err(error)) => Err(error),
            // The runtime is about to end.
            Err(_) => Err(ApiError::NoAnswer),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(self: &Arc<Self>, call: &Call) -> oneshot::Receiver<Brought> {
        let (to, answer) = oneshot::channel();
        let mut queue = self.lock();
        let same = queue.waiting.iter_mut().find(|waiting| call.method == Method::GET && waiting.call == *call);
        match same {
            Some(same) => same.to.push(to),
            None => queue.waiting.push(Waiting { call: call.clone(), to: vec![to] }),
        }
        if queue.waiting.len() >= MOST {
            let full = std::mem::take(&mut queue.waiting);
            tokio::spawn(self.clone().fly(full));
        } else if !std::mem::replace(&mut queue.gathering, true) {
            tokio::spawn(self.clone().gather());
        }
        answer
    }

    async fn gather(self: Arc<Self>) {
        if self.flying.load(Ordering::Acquire) == 0 {
            // Whoever asks in the same breath is still in time.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.api.patience.gather).await;
        }
        let waiting = {
            let mut queue = self.lock();
            queue.gathering = false;
            std::mem::take(&mut queue.waiting)
        };
        self.fly(waiting).await;
    }

    async fn fly(self: Arc<Self>, mut waiting: Vec<Waiting>) {
        waiting.retain(|waiting| waiting.to.iter().any(|to| !to.is_closed()));
        let _flight = Flight::begin(&self.flying);
        let brought = match waiting.as_slice() {
            [] => return,
            [lone] => vec![self.api.send(&lone.call).await.map(Some)],
            many => self.post(many).await,
        };
        for (waiting, brought) in waiting.into_iter().zip(brought) {
            for to in waiting.to {
                // Whoever asked may have gone.
                drop(to.send(brought.clone()));
            }
        }
    }

    /// One answer for each request, in their order.
    async fn post(&self, many: &[Waiting]) -> Vec<Brought> {
        let sent = Instant::now();
        let all = |brought: Brought| many.iter().map(|_| brought.clone()).collect();
        let reply = match self.batch_of(many) {
            Ok(call) => self.api.send(&call).await,
            Err(error) => Err(error),
        };
        let reply = match reply {
            Ok(reply) if reply.status.is_success() => reply,
            // A batch that can't be had in one piece may well be had in many.
            Ok(_) | Err(ApiError::TooLong | ApiError::Unreadable) => return all(Ok(None)),
            // Questions are asked all the same.
            Err(error) if self.api.gate.is_halted() => {
                let left = |waiting: &Waiting| if waiting.call.changes { Err(error) } else { Ok(None) };
                return many.iter().map(left).collect();
            }
            Err(error) => return all(Err(error)),
        };
        let Ok(Object(replies)) = serde_json::from_slice::<Object<BatchReplies>>(&reply.body) else {
            return all(Ok(None));
        };
        let mut by_id = BTreeMap::<String, Option<BatchReply>>::new();
        for one in replies.responses {
            // Two answers to one request: neither is believed.
            by_id.entry(one.id.clone()).and_modify(|twice| *twice = None).or_insert(Some(one));
        }
        let brought =
            |id: usize| by_id.remove(&id.to_string()).flatten().and_then(|one| self.settled(one, &reply, sent));
        let brought: Vec<Option<Reply>> = (0..many.len()).map(brought).collect();
        // If one answer is another question's, that one may have this answer, where it can't be told.
        let fits = |(waiting, reply): (&Waiting, &Option<Reply>)| {
            reply.as_ref().is_none_or(|reply| reply.is_about(&waiting.call.about, true))
        };
        if !many.iter().zip(&brought).all(fits) {
            tracing::warn!("answers of a batch are not those to its questions");
            return all(Ok(None));
        }
        brought.into_iter().map(Ok).collect()
    }

    fn batch_of(&self, many: &[Waiting]) -> Result<Call, ApiError> {
        let base = self.api.base.as_str().trim_end_matches('/');
        let requests = many
            .iter()
            .enumerate()
            .map(|(id, waiting)| {
                let url = waiting.call.url.as_str().strip_prefix(base).ok_or(ApiError::Unreadable)?;
                let headers = waiting.call.eventual.then_some(CONSISTENCY).into_iter().collect();
                Ok(BatchCall { id: id.to_string(), method: waiting.call.method.as_str(), url, headers })
            })
            .collect::<Result<_, ApiError>>()?;
        let body = serde_json::to_vec(&BatchCalls { requests }).map_err(|_| ApiError::Unreadable)?;
        let url = self.api.url(&["$batch"], &[])?;
        let weight = u32::try_from(many.len()).unwrap_or(u32::MAX);
        let changes = many.iter().any(|waiting| waiting.call.changes);
        Ok(Call { method: Method::POST, body: Some(body), weight, changes, ..Call::get(url) })
    }

    /// The answer to one request of a batch, if it is one. The others are asked again alone, with all the patience that
    /// a request has.
    fn settled(&self, one: BatchReply, whole: &Reply, sent: Instant) -> Option<Reply> {
        let header = one.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let text = header.map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let reply = Reply {
            status: StatusCode::from_u16(one.status).ok()?,
            body: one.body.map(|body| body.get().as_bytes().to_vec()).unwrap_or_default(),
            began: whole.began,
            after: text.and_then(|text| retry_after(&text, None, self.api.patience.asked)),
            ahead: whole.ahead,
        };
        match reply.verdict(self.api.at) {
            Verdict::Settled => Some(reply),
            Verdict::Limited(asked) => {
                self.api.gate.refused(sent, asked);
                None
            }
            Verdict::Unauthorized | Verdict::Trouble => None,
        }
    }
}
