//! What SQLite says, in the port's words.

use uncouple_engine::ports::StoreError;

/// Result codes: <https://www.sqlite.org/rescode.html>, read 2026-11.
#[expect(clippy::wildcard_enum_match_arm, reason = "sqlx's list is open, and all the rest is one thing to us")]
pub(crate) fn failure(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(database) = &error
        && let Some(code) = database.code().and_then(|code| code.parse::<i32>().ok())
    {
        if !matches!(code & 0xff, 5 | 6) {
            // The text names tables and columns, never what is in them.
            tracing::warn!(code, cause = database.message(), "SQLite");
        }
        // The lower byte is the primary code, the rest tells which kind of it.
        return match code & 0xff {
            5 | 6 => StoreError::Busy,
            8 => StoreError::ReadOnly,
            11 | 26 => StoreError::Corrupt,
            13 => StoreError::Full,
            14 => StoreError::Unreachable(database.message().to_owned()),
            _ => StoreError::Other(database.message().to_owned()),
        };
    }
    match error {
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => StoreError::Full,
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        other => {
            tracing::warn!(cause = %other, "database");
            StoreError::Other(other.to_string())
        }
    }
}

/// A row that does not say what this version writes.
pub(crate) fn unreadable(what: impl std::fmt::Display) -> StoreError {
    tracing::error!(%what, "unreadable row");
    StoreError::Corrupt
}
