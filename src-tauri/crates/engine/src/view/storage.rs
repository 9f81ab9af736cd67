//! What lies on this computer.

use serde::Serialize;
use ts_rs::TS;

/// What a file of the workspace is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum StoredKind {
    /// The workspace itself.
    Workspace,
    /// The database's own files beside it, while it is open.
    Journal,
    /// A copy from before the file's form was changed.
    Copy,
    /// The sample, and its own files.
    Sample,
    /// Anything else with the workspace's name at the front.
    Other,
}

/// A file on this computer.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct StoredFile {
    /// Where.
    pub path: String,
    /// What.
    pub kind: StoredKind,
    /// How large, in bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Other accounts of this computer can't open it, by its mode. None: this system decides by something else.
    pub only_owner: Option<bool>,
}

/// Where things are kept.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct StorageView {
    /// The folder of the workspace file.
    pub folder: String,
    /// The files in it that belong to this workspace, as they are now.
    pub files: Vec<StoredFile>,
    /// Where a search of a large organisation puts what it has not written yet.
    pub temporary: String,
    /// The folder that exports are suggested to be written to.
    pub exports: String,
}
