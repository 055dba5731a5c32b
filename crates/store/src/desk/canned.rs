use diesel::prelude::QueryableByName;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// A ready answer.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Canned {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// What it is called by after `/`.
    #[diesel(sql_type = Text)]
    pub shortcut: String,
    #[diesel(sql_type = Text)]
    pub canned_text: String,
}

/// Every ready answer, by what it is called by.
pub async fn canned(conn: &mut Conn) -> diesel::QueryResult<Vec<Canned>> {
    diesel::sql_query(
        "SELECT id, shortcut, canned_text FROM canned_replies WHERE NOT removed ORDER BY shortcut, id",
    )
    .prepared()
    .get_results(conn)
    .await
}
