use diesel::ExpressionMethods as _;
use diesel_async::RunQueryDsl as _;
use events::{LogEvent, Recorded, letters::LetterEvent};

use super::Outcome;
use crate::{Conn, schema::letters_settled as table};

/// The first word about a letter counts.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> diesel::QueryResult<usize> {
    let mut rows = Vec::new();
    for fact in facts {
        let LogEvent::Letter(event) = &fact.event else { continue };
        let (consumer, sequence, outcome, reason) = match event {
            LetterEvent::LetterRedriven(event) => (&event.consumer, event.sequence, Outcome::Redriven, None),
            LetterEvent::LetterDiscarded(event) => {
                (&event.consumer, event.sequence, Outcome::Discarded, Some(event.reason.as_str()))
            }
        };
        rows.push((
            table::consumer.eq(consumer),
            table::sequence.eq(sequence.cast_signed()),
            table::outcome.eq(outcome.name()),
            table::reason.eq(reason),
            table::actor.eq(&fact.meta.auth),
            table::at.eq(jiff_diesel::Timestamp::from(fact.meta.time)),
        ));
    }
    diesel::insert_into(table::table).values(&rows).on_conflict_do_nothing().execute(conn).await
}
