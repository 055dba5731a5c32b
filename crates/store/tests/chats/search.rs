//! The desk's search over many messages.

use diesel::sql_types::{Array, Text};
use diesel_async::RunQueryDsl as _;
use store::chats::{self, ListQuery};
use testkit::System;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    #[diesel(column_name = "QUERY PLAN")]
    plan: String,
}

#[derive(diesel::QueryableByName)]
struct Trigrams {
    #[diesel(sql_type = Array<Text>)]
    found: Vec<String>,
}

fn asked(search: &str) -> ListQuery {
    ListQuery { search: Some(search.into()), limit: 50, ..ListQuery::default() }
}

/// A rare word is found by its trigrams, one that everybody writes from the newest message back; both in Russian, in any
/// case, and neither by reading everything.
#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_without_reading_everything() {
    let system = System::start().await;
    let mut conn = system.conn().await;
    for statement in [
        "INSERT INTO users (id, telegram_user_id, first_name, created_at, updated_at)
         SELECT gen_random_uuid(), n, 'Имя' || n, now(), now() FROM generate_series(1, 500) AS n",
        "INSERT INTO chat_messages (id, user_id, position, direction, bot_type, message_type, message_text, verified,
             created_at)
         SELECT gen_random_uuid(), 1 + n % 500, n, 'in', 'operator', 'text',
                CASE WHEN n % 7919 = 0 THEN 'Ищу СИНХРОФАЗОТРОН' ELSE 'Здравствуйте, заказ ' || md5(n::text) END,
                true, now()
         FROM generate_series(1, 40000) AS n",
        "INSERT INTO user_data (user_id, last_position, last_message_id, updated_at)
         SELECT DISTINCT ON (user_id) user_id, position, id, now() FROM chat_messages ORDER BY user_id, position DESC",
        // Also takes what was just written out of the list that the index has beside its tree.
        "VACUUM ANALYZE",
    ] {
        diesel::sql_query(statement).execute(&mut conn).await.unwrap();
    }
    let known: Trigrams =
        diesel::sql_query("SELECT show_trgm('привет') AS found").get_result(&mut conn).await.unwrap();
    assert!(known.found.len() > 3, "the database knows Russian letters");
    for (word, index) in [("синхрофазотрон", "chat_messages_search"), ("заказ", "chat_messages_position")]
    {
        let plan: Vec<Line> = diesel::sql_query(format!(
            "EXPLAIN SELECT user_id, id, position FROM chat_messages
             WHERE lower(message_text COLLATE \"und-x-icu\") LIKE lower('%{word}%' COLLATE \"und-x-icu\")
             ORDER BY position DESC LIMIT 500"
        ))
        .get_results(&mut conn)
        .await
        .unwrap();
        let plan: String = plan.into_iter().map(|line| line.plan + "\n").collect();
        assert!(plan.contains(index), "{word}:\n{plan}");
    }
    let rare = chats::list(&mut conn, &asked("Синхрофазотрон")).await.unwrap();
    assert_eq!(rare.chats.len(), 5);
    assert!(rare.chats.iter().all(|chat| chat.hit.as_ref().unwrap().message_text == "Ищу СИНХРОФАЗОТРОН"));
    let common = chats::list(&mut conn, &asked("ЗАКАЗ")).await.unwrap();
    assert_eq!(
        (common.chats.len(), common.chats[0].last_position),
        (50, 40_000),
        "the newest, a page of them"
    );
    let next = ListQuery { before: common.next_before, ..asked("ЗАКАЗ") };
    assert!(chats::list(&mut conn, &next).await.unwrap().chats[0].last_position < 39_951);
    assert_eq!(
        chats::list(&mut conn, &asked("имя42")).await.unwrap().chats.len(),
        11,
        "by a part of the name"
    );
}
