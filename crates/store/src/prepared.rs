use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
};

/// Queries whose text is written down once, in this crate.
pub(crate) trait Prepared: Sized {
    /// The server parses and plans it once for each connection and not each time, and one round trip to it is
    /// saved. diesel does that by itself only with what it has put together, because a text of one's own might be
    /// another each time, and every text is kept.
    fn prepared(self) -> Reused<Self>;
}

impl<Q: QueryFragment<Pg>> Prepared for Q {
    fn prepared(self) -> Reused<Self> {
        Reused(self)
    }
}

/// See [`Prepared::prepared`].
#[derive(Debug)]
#[must_use = "a query does nothing until it is executed"]
pub(crate) struct Reused<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Reused<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q: Query> Query for Reused<Q> {
    type SqlType = Q::SqlType;
}

/// Told apart by their texts.
impl<Q> QueryId for Reused<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}
