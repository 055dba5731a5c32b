use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::StoreError;

/// Whether the error tells of the database rather than of what was asked of it: the connection is gone,
/// the server stops or starts, or two transactions met. Repeating the same work may succeed.
#[must_use]
pub fn is_transient(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        if cause.is::<StoreError>() || cause.is::<diesel::ConnectionError>() {
            return true;
        }
        match cause.downcast_ref::<DieselError>() {
            Some(DieselError::BrokenTransactionManager) => true,
            Some(DieselError::DatabaseError(kind, information)) => match kind {
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::SerializationFailure => true,
                _ => TRANSIENT.iter().any(|text| information.message().contains(text)),
            },
            _ => false,
        }
    })
}

/// What diesel has no kind for, by PostgreSQL's own words (untranslated: the private server runs in C,
/// and tokio-postgres words the last two itself).
const TRANSIENT: [&str; 15] = [
    "deadlock detected",
    "terminating connection",
    "the database system is",
    "server closed the connection",
    "too many clients",
    "could not serialize",
    "read-only transaction",
    "connection closed",
    "error communicating with the server",
    // The disk or the memory is full, or a limit of the server is reached: no message is to blame.
    "No space left on device",
    "could not extend file",
    "could not write",
    "out of memory",
    "statement timeout",
    "remaining connection slots",
];
