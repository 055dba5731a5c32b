//! A desk of years, written straight into the tables that a fold of its log would make.

use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl as _;
use store::Store;

/// What people write about: enough words that some are rare and some are in every other message.
const WORDS: &str = "заказ оплата картинка код телефон спасибо здравствуйте вопрос когда срок ответ баланс задание \
                     ссылка канал отзыв ролик магазин доставка возврат ошибка вход пароль аккаунт реклама";

const FIRST: i64 = 5_000_000_000;

const STATEMENTS: [&str; 4] = [
    "INSERT INTO users (id, telegram_user_id, first_name, last_name, username, created_at, updated_at)
     SELECT gen_random_uuid(), $1 + n, (ARRAY['Анна','Борис','Вера','Глеб','Дарья','Егор','Жанна','Игорь'])[1 + n % 8],
            'Фамилия' || n, 'user_' || n, now(), now()
     FROM generate_series(1, $2) AS n WHERE $3 <> ''",
    // In the order in which the log would have them: everybody's first message, then everybody's second.
    "INSERT INTO chat_messages (id, user_id, position, direction, bot_type, message_type, message_text,
         verified, created_at)
     SELECT gen_random_uuid(), $1 + 1 + i % $2, 10000000 + i, CASE WHEN i / $2 % 3 = 2 THEN 'out' ELSE 'in' END,
            'operator', 'text',
            words[1 + (random() * 24)::int % 25] || ' ' || words[1 + (random() * random() * 24)::int] || ' ' ||
            words[1 + (random() * random() * 24)::int] || ' номер ' || i,
            true, now() - make_interval(secs => $2 * 50 - i)
     FROM generate_series(0, $2 * 50 - 1) AS i, (SELECT string_to_array($3, ' ') AS words) AS list",
    "INSERT INTO user_data (user_id, last_position, last_message_id, updated_at)
     SELECT user_id, position, id, created_at FROM chat_messages
     WHERE position >= 10000000 + $2 * 49 AND user_id > $1 AND $3 <> ''",
    "INSERT INTO read_markers (user_id, read_up_to, updated_at)
     SELECT user_id, last_position - $2 * (user_id % 4), now() FROM user_data WHERE user_id > $1 AND $3 <> ''",
];

/// Makes so many chats of 50 messages each.
pub(super) async fn fill(store: &Store, chats: i64) -> anyhow::Result<()> {
    let mut conn = store.conn().await?;
    for statement in STATEMENTS {
        diesel::sql_query(statement)
            .bind::<BigInt, _>(FIRST)
            .bind::<BigInt, _>(chats)
            .bind::<Text, _>(WORDS.split_whitespace().collect::<Vec<_>>().join(" "))
            .execute(&mut conn)
            .await?;
    }
    diesel::sql_query("ANALYZE users, chat_messages, user_data, read_markers").execute(&mut conn).await?;
    Ok(())
}

/// Somebody in the middle of the list.
pub(super) const fn somebody(chats: i64) -> i64 {
    FIRST + chats / 2
}
