use diesel::sql_types::Text;
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    chats::{
        BotBlocked, BotUnblocked, ChatClosed, ChatOpened, MessageEdited, MessageReceived, ReplyFailed,
        ReplySent, ReplyUnknown, RetryRequested,
    },
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use store::{Conn, Store};
use testkit::TestDatabase;

use crate::scene::{at, named, operator, recorded, register_operator, reply, reply_id, text};

/// A chat event of few people, few messages and few names, so that they meet.
#[derive(Debug, Clone)]
enum Happening {
    Text { user: i64, number: i64, name: &'static str, verified: bool },
    Edit { user: i64, number: i64, second: u64 },
    Reply { user: i64, number: i64 },
    Retry { user: i64, number: i64 },
    Outcome { user: i64, number: i64, kind: u8, attempt: u32 },
    Open { user: i64, open: bool },
    Blocked { user: i64, blocked: bool },
}

fn happening() -> impl Strategy<Value = Happening> {
    let (user, number) = (1i64..4, 1i64..5);
    prop_oneof![
        (user.clone(), number.clone(), prop_oneof!["А", "Б", "В"], any::<bool>()).prop_map(
            |(user, number, name, verified)| {
                let name = if name == "А" { "А" } else { "Б" };
                Happening::Text { user, number, name, verified }
            }
        ),
        (user.clone(), number.clone(), 0u64..4).prop_map(|(user, number, second)| Happening::Edit {
            user,
            number,
            second
        }),
        (user.clone(), number.clone()).prop_map(|(user, number)| Happening::Reply { user, number }),
        (user.clone(), number.clone()).prop_map(|(user, number)| Happening::Retry { user, number }),
        (user.clone(), number, 0u8..3, 1u32..3)
            .prop_map(|(user, number, kind, attempt)| { Happening::Outcome { user, number, kind, attempt } }),
        (user.clone(), any::<bool>()).prop_map(|(user, open)| Happening::Open { user, open }),
        (user, any::<bool>()).prop_map(|(user, blocked)| Happening::Blocked { user, blocked }),
    ]
}

fn event(position: u64, happening: &Happening) -> LogEvent {
    match *happening {
        Happening::Text { user, number, name, verified } => {
            let words = position.to_string();
            MessageReceived { from: named(name), verified, ..text(user, number, &words) }.into()
        }
        Happening::Edit { user, number, second } => MessageEdited {
            user_id: user,
            telegram_message_id: number,
            message_text: format!("правка {position}"),
            edited_at: at(second),
            raw: None,
        }
        .into(),
        Happening::Reply { user, number } => reply(user, number, "ответ").into(),
        Happening::Retry { user, number } => {
            RetryRequested { user_id: user, message_id: reply_id(user, number), operator_id: operator() }
                .into()
        }
        Happening::Outcome { user: user_id, number, kind, attempt } => {
            let message_id = reply_id(user_id, number);
            match kind {
                0 => ReplySent {
                    user_id,
                    message_id,
                    telegram_message_id: 1_000 + number,
                    sent_at: at(1),
                    attempt,
                }
                .into(),
                1 => ReplyFailed {
                    user_id,
                    message_id,
                    code: "rejected".into(),
                    reason: "Bad Request".into(),
                    attempt,
                }
                .into(),
                _ => ReplyUnknown { user_id, message_id, code: "timed_out".into(), attempt }.into(),
            }
        }
        Happening::Open { user: user_id, open: true } => ChatOpened { user_id }.into(),
        Happening::Open { user: user_id, open: false } => ChatClosed { user_id }.into(),
        Happening::Blocked { user: user_id, blocked: true } => BotBlocked { user_id }.into(),
        Happening::Blocked { user: user_id, blocked: false } => BotUnblocked { user_id }.into(),
    }
}

/// Every chat begins with a message, as it does outside: nobody closes a chat that is not there.
fn log(happenings: &[Happening]) -> Vec<Recorded> {
    let beginnings = (1..4).map(|user| Happening::Text { user, number: 99, name: "А", verified: true });
    beginnings
        .chain(happenings.iter().cloned())
        .zip(1u64..)
        .map(|(happening, position)| Recorded {
            event: event(position, &happening),
            ..recorded(position, ChatOpened { user_id: 1 })
        })
        .collect()
}

#[derive(diesel::QueryableByName)]
struct Dump {
    #[diesel(sql_type = Text)]
    dump: String,
}

async fn dump(conn: &mut Conn) -> Vec<String> {
    let mut tables = Vec::new();
    for (table, order) in [
        ("users", "id"),
        ("user_data", "user_id"),
        ("chat_messages", "id"),
        ("chat_message_edits", "message_id, position"),
    ] {
        let rows: Vec<Dump> = diesel::sql_query(format!(
            "SELECT row_to_json({table})::text AS dump FROM {table} ORDER BY {order}"
        ))
        .get_results(conn)
        .await
        .unwrap();
        tables.extend(rows.into_iter().map(|row| format!("{table} {}", row.dump)));
    }
    tables
}

/// Folds the log into an empty database, cut into slices of this length.
async fn folded(store: &Store, log: &[Recorded], slice: usize) -> Vec<String> {
    let mut conn = store.conn().await.unwrap();
    let truncate = "TRUNCATE users, user_data, chat_messages, chat_message_edits, read_markers CASCADE";
    diesel::sql_query(truncate).execute(&mut conn).await.unwrap();
    register_operator(&mut conn).await;
    for slice in log.chunks(slice) {
        store::apply(&mut conn, slice).await.unwrap();
    }
    dump(&mut conn).await
}

/// What a worker folds in batches as they come, the auditor folds in batches of its own: the tables must
/// be the same, down to each time and text.
#[tokio::test(flavor = "multi_thread")]
async fn the_tables_do_not_depend_on_how_the_log_is_cut_into_slices() {
    let store = TestDatabase::create().await.store();
    let mut runner = TestRunner::deterministic();
    let strategy = prop::collection::vec(happening(), 1..60);
    for _ in 0..24 {
        let happenings = strategy.new_tree(&mut runner).unwrap().current();
        let log = log(&happenings);
        let one_by_one = folded(&store, &log, 1).await;
        for slice in [2, 7, log.len()] {
            let sliced = folded(&store, &log, slice).await;
            for (sliced, expected) in sliced.iter().zip(&one_by_one) {
                assert_eq!(sliced, expected, "slices of {slice}: {log:#?}");
            }
            assert_eq!(sliced.len(), one_by_one.len());
        }
    }
}
