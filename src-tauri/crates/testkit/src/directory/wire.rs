//! Plain HTTP/1.1 on the loopback address, with connections that can be reset and left hanging.

use super::call::Call;
use super::reply::{Flow, Outcome};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// No client of ours has more to say than this.
const LONGEST_BODY: usize = 4 << 20;

/// What answers requests.
pub(crate) trait Answers: Send + Sync + 'static {
    /// A connection was made. Gives its number.
    fn opened(&self) -> u64;
    /// A connection is no more.
    fn closed(&self);
    /// A request came in whole.
    fn answer(self: Arc<Self>, call: Call) -> impl Future<Output = Outcome> + Send;
}

/// A listener, which stops together with all of its connections when this is dropped.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    task: AbortHandle,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Listens on a free port of the loopback address.
pub(crate) async fn listen<A: Answers>(answers: Arc<A>) -> io::Result<Listening> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        // Dropped with this task, and every connection with it.
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            if let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&answers)));
            }
        }
    });
    Ok(Listening { address, task: task.abort_handle() })
}

async fn serve<A: Answers>(stream: TcpStream, answers: Arc<A>) {
    let _ = stream.set_nodelay(true);
    let connection = Connection { number: answers.opened(), answers };
    let reset = Arc::new(AtomicBool::new(false));
    let line = Line { stream, reset: Arc::clone(&reset) };
    let service = service_fn(|request: Request<Incoming>| {
        let (answers, reset, number) = (Arc::clone(&connection.answers), Arc::clone(&reset), connection.number);
        async move {
            let Some(call) = read(request, number).await else { return Err(cut(&reset)) };
            match answers.answer(call).await {
                Outcome::Reply(reply) => Ok::<Response<Flow>, io::Error>(reply.into_http()),
                Outcome::Reset => Err(cut(&reset)),
                Outcome::Hang => std::future::pending().await,
            }
        }
    });
    // The client's own resets end up here as well.
    let _ = http1::Builder::new().keep_alive(true).serve_connection(TokioIo::new(line), service).await;
}

struct Connection<A: Answers> {
    number: u64,
    answers: Arc<A>,
}

impl<A: Answers> Drop for Connection<A> {
    fn drop(&mut self) {
        self.answers.closed();
    }
}

/// An error ends hyper's work on the connection, and then [`Line`] is dropped.
fn cut(reset: &AtomicBool) -> io::Error {
    reset.store(true, Ordering::SeqCst);
    io::ErrorKind::ConnectionReset.into()
}

async fn read(request: Request<Incoming>, connection: u64) -> Option<Call> {
    let (head, body) = request.into_parts();
    let text =
        |headers: &HeaderMap, name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let eventual = text(&head.headers, "consistencylevel").is_some_and(|level| level.eq_ignore_ascii_case("eventual"));
    Some(Call {
        connection,
        in_batch: false,
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: text(&head.headers, "authorization"),
        eventual,
        client_request_id: text(&head.headers, "client-request-id"),
        content_type: text(&head.headers, "content-type"),
        body: Limited::new(body, LONGEST_BODY).collect().await.ok()?.to_bytes(),
    })
}

/// A connection's stream. Where a reset was asked for, the client sees one instead of an orderly end.
struct Line {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.reset.load(Ordering::SeqCst) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::SeqCst) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
