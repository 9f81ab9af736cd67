//! An answer before it goes onto the wire.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::{HeaderMap, Response, StatusCode, header};
use serde_json::Value;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

/// How a request ends.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reply(Reply),
    /// The connection is cut off.
    Reset,
    /// Nothing is ever answered.
    Hang,
}

/// What stands in an answer.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Html(&'static str),
    /// A list that takes very many bytes and is made while it is sent.
    Flood {
        bytes: u64,
    },
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Seconds.
    pub(crate) retry_after: Option<u32>,
    pub(crate) content: Content,
    /// Made to be wrong: not to be held against a specification.
    pub(crate) spoilt: bool,
}

impl Reply {
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self { status, retry_after: None, content: Content::Json(value), spoilt: false }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, retry_after: None, content: Content::Empty, spoilt: false }
    }

    /// What Google's front end says where it serves nothing.
    pub(crate) fn not_served() -> Self {
        let content = Content::Html("<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title>\n");
        Self { status: 404, retry_after: None, content, spoilt: false }
    }

    pub(crate) fn into_http(self) -> Response<Flow> {
        let (kind, flow) = match self.content {
            Content::Empty => (None, Flow::Whole(None)),
            Content::Json(value) => {
                (Some("application/json; charset=UTF-8"), Flow::Whole(Some(value.to_string().into())))
            }
            Content::Html(text) => {
                (Some("text/html; charset=UTF-8"), Flow::Whole(Some(Bytes::from_static(text.as_bytes()))))
            }
            Content::Flood { bytes } => (Some("application/json; charset=UTF-8"), Flow::flood(bytes)),
        };
        let mut headers = HeaderMap::new();
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        let mut response = Response::new(flow);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        response
    }
}

/// Puts a member into an object.
pub(crate) fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value.into());
    }
}

/// A body on its way: whole, or made piece by piece.
#[derive(Debug)]
pub(crate) enum Flow {
    Whole(Option<Bytes>),
    Flood { left: u64, opened: bool, piece: Bytes },
}

impl Flow {
    fn flood(bytes: u64) -> Self {
        let item = r#"{"kind":"admin#directory#token","clientId":"1.apps.googleusercontent.com","id":"1"},"#;
        Self::Flood { left: bytes, opened: false, piece: item.repeat(200).into() }
    }
}

impl Body for Flow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let piece = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Flood { opened: opened @ false, .. } => {
                *opened = true;
                Some(Bytes::from_static(br#"{"items":[],"users":[],"value":[],"more":["#))
            }
            Self::Flood { left: 0, .. } => None,
            Self::Flood { left, piece, .. } => {
                *left = left.saturating_sub(piece.len() as u64);
                let end = Bytes::from_static(b"{}]}");
                Some(if *left == 0 { end } else { piece.clone() })
            }
        };
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None) | Self::Flood { left: 0, .. })
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            // Without a length up front a client can't refuse it by its headers alone.
            Self::Flood { .. } => SizeHint::new(),
        }
    }
}
