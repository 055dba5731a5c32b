use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Untyped,
};

/// A statement whose text never changes. diesel prepares `sql_query` anew each time, which is one more
/// round trip and a plan thrown away; this one is prepared once per connection.
pub(crate) const fn fixed<Q>(query: Q) -> Fixed<Q> {
    Fixed(query)
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Fixed<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Fixed<Q> {
    type QueryId = ();

    // The text is the key of the cache.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Fixed<Q> {
    type SqlType = Untyped;
}
