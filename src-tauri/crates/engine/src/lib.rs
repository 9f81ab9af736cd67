//! What a person can do, one function each.
//!
//! An [`Engine`] is one open workspace. Every use case is a method of it: it reads what was typed, asks
//! the domain inside one transaction of the store, performs outside effects between a written intention
//! and a written outcome, and tells listeners that something changed. What the engine needs from outside
//! comes through the [`ports`].

pub mod address;
pub mod directory;
pub mod error;
pub mod export;
pub mod guide;
pub mod history;
pub mod messages;
pub mod ports;
pub mod runs;
pub mod sentence;
pub mod settings;
pub mod view;
pub mod wire;

mod adding;
mod admin;
mod backend;
mod core;
mod devices;
mod kept_token;
mod mail;
mod moving;
mod new_file;
mod notices;
mod overview;
mod past;
mod people;
mod sample;
mod sign_in;
mod steps;
mod storage;
mod stray;

pub use admin::{LogDepth, LookUp, Patience, REPORT_ABOUT, RunEnd, RunMode, SearchAsk};
pub use core::{Changed, Engine, EngineStart, Installation, Ports};
pub use error::{AppError, ErrorCode};
pub use past::ExportFormat;
pub use sample::fill_sample;
