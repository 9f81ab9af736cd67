//! The listener that the browser comes back to (RFC 8252 section 7.3): on the loopback address only, for
//! the time of one sign-in only.

use crate::answer;
use crate::request::{Answer, Expected, MOST_HEAD, Refusal, judge};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use uncouple_engine::ports::SignInAt;

/// A connection that has not sent its head by then is answered and closed.
const HEAD_IN: Duration = Duration::from_secs(2);
/// Connections at a time. A browser opens two or three.
const MOST_CONNECTIONS: usize = 32;
/// Ports tried until one is free for both address families.
const PORTS: usize = 8;

/// An open listener and the redirect address that leads to it.
#[derive(Debug)]
pub(crate) struct Loopback {
    listeners: Vec<TcpListener>,
    /// `redirect_uri`.
    pub(crate) redirect: String,
    /// The `Host` that the browser will name.
    pub(crate) host: String,
    /// The path that it will ask for.
    pub(crate) path: &'static str,
}

impl Loopback {
    /// Opens a listener. Port 0: any free one.
    ///
    /// The redirect addresses differ by provider (RFC 8252 section 8.10). Google takes any port of
    /// `127.0.0.1` for desktop apps (<https://developers.google.com/identity/protocols/oauth2/native-app>,
    /// read 2026-11). Microsoft ignores the port of `localhost` but compares the path, so the app must be
    /// registered with exactly `http://localhost`; it can't be registered with `[::1]`
    /// (<https://learn.microsoft.com/entra/identity-platform/reply-url>, read 2026-11). The browser
    /// resolves `localhost` itself, so both families are listened to: a stranger on the other one would
    /// get the answer.
    pub(crate) fn open(at: SignInAt, port: u16) -> io::Result<Self> {
        match at {
            SignInAt::Google => {
                let listener = listen((Ipv4Addr::LOCALHOST, port).into())?;
                let host = format!("127.0.0.1:{}", listener.local_addr()?.port());
                let redirect = format!("http://{host}/callback");
                Ok(Self { listeners: vec![listener], redirect, host, path: "/callback" })
            }
            SignInAt::Microsoft => {
                let listeners = both(port)?;
                let port = listeners.first().ok_or(io::ErrorKind::AddrNotAvailable)?.local_addr()?.port();
                let host = format!("localhost:{port}");
                Ok(Self { listeners, redirect: format!("http://{host}"), host, path: "/" })
            }
        }
    }

    /// Waits for the one genuine answer and closes the port. Anything else is turned away and changes
    /// nothing: another program's hit on the port must not end the sign-in.
    pub(crate) async fn wait(self, expected: Expected) -> io::Result<Answer> {
        let expected = Arc::new(expected);
        let used = Arc::new(AtomicBool::new(false));
        let mut open = JoinSet::new();
        loop {
            tokio::select! {
                stream = accept(&self.listeners), if open.len() < MOST_CONNECTIONS => {
                    match stream {
                        Ok(stream) => { open.spawn(serve(stream, expected.clone(), used.clone())); }
                        // One connection that broke before it was taken says nothing about the next.
                        Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                        Err(error) => return Err(error),
                    }
                }
                Some(served) = open.join_next() => {
                    if let Ok(Some(answer)) = served {
                        return Ok(answer);
                    }
                }
            }
        }
    }
}

/// No SO_REUSEADDR, which the standard library would set: another program could share the port
/// (RFC 8252 appendix B.5).
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(address)?;
    socket.listen(16)
}

fn both(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..PORTS {
        let v4 = listen((Ipv4Addr::LOCALHOST, port).into())?;
        match listen((Ipv6Addr::LOCALHOST, v4.local_addr()?.port()).into()) {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
            // A computer without IPv6 has nobody on that address either.
            Err(_) => return Ok(vec![v4]),
        }
    }
    Err(last)
}

async fn accept(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    match listeners {
        [v4, v6] => tokio::select! {
            accepted = v4.accept() => accepted,
            accepted = v6.accept() => accepted,
        },
        [one] => one.accept().await,
        _ => Err(io::ErrorKind::NotConnected.into()),
    }
    .map(|(stream, _)| stream)
}

/// Answers one connection. Some: it brought the genuine answer, and was the first to.
async fn serve(mut stream: TcpStream, expected: Arc<Expected>, used: Arc<AtomicBool>) -> Option<Answer> {
    let verdict = match timeout(HEAD_IN, head(&mut stream, &expected)).await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) => return None,
        Err(_) => Err(Refusal::Bad),
    };
    // The state is good for one answer (RFC 9700 section 4.7.1).
    let verdict =
        verdict.and_then(|answer| if used.swap(true, Ordering::AcqRel) { Err(Refusal::Bad) } else { Ok(answer) });
    let _ = timeout(HEAD_IN, goodbye(&mut stream, &verdict)).await;
    verdict.ok()
}

async fn head(stream: &mut TcpStream, expected: &Expected) -> io::Result<Result<Answer, Refusal>> {
    let mut head = Vec::with_capacity(1024);
    loop {
        let room = MOST_HEAD - head.len();
        if stream.take(room as u64).read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(verdict) = judge(&head, expected) {
            return Ok(verdict);
        }
    }
}

/// Sends the page. What a refused request still sends is read and thrown away: closing over unread bytes
/// resets the connection, and the browser would show its own error instead of ours.
async fn goodbye(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    verdict: &Result<Answer, Refusal>,
) -> io::Result<()> {
    stream.write_all(&answer::page(verdict)).await?;
    stream.shutdown().await?;
    let mut rest = [0; 4096];
    let mut left = if verdict.is_ok() { 0 } else { 64 };
    while left > 0 && stream.read(&mut rest).await? > 0 {
        left -= 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn what_a_refused_request_still_sends_is_taken_in() {
        let (mut ours, mut theirs) = tokio::io::duplex(4096);
        let refused = tokio::spawn(async move { goodbye(&mut ours, &Err(Refusal::Head)).await });
        // Nobody reads the pipe's own small buffer empty unless the rest is read.
        let (mut reading, mut writing) = tokio::io::split(&mut theirs);
        let mut page = String::new();
        let (sent, read) = tokio::join!(
            async {
                let sent = writing.write_all(&[b'a'; 48 * 1024]).await;
                writing.shutdown().await.and(sent)
            },
            reading.read_to_string(&mut page)
        );
        sent.unwrap();
        read.unwrap();
        assert!(page.starts_with("HTTP/1.1 431"));
        refused.await.unwrap().unwrap();
    }
}
