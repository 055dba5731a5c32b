use diesel::sql_types::Text;
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    chats::{
        BotBlocked, BotUnblocked, ChatAssigned, ChatBanned, ChatClosed, ChatOpened, ChatUnbanned,
        DeleteFailed, DeleteRequested, EditFailed, EditRequested, MessageEdited, MessageReceived, NoteAdded,
        NoteRemoved, NoticeKind, NoticeRequested, NoticesSwitched, ReactionChanged, ReplyDeleted,
        ReplyDismissed, ReplyEdited, ReplyFailed, ReplyPart, ReplyRequested, ReplySent, ReplyUnknown,
        RetryRequested, TextEntity,
    },
    derived_id,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use store::{Conn, Store};
use testkit::TestDatabase;

use crate::scene::{BOT, at, named, operator, recorded, register_operator, reply, reply_id, sent, text};

/// A chat event of few people, few messages and few names, so that they meet.
#[derive(Debug, Clone)]
enum Happening {
    Text { user: i64, number: i64, name: &'static str, verified: bool },
    Edit { user: i64, number: i64, second: u64 },
    Reply { user: i64, number: i64 },
    Retry { user: i64, number: i64 },
    Dismiss { user: i64, number: i64 },
    Outcome { user: i64, number: i64, kind: u8, attempt: u32, part: u32 },
    Change { user: i64, number: i64, edit: u8, step: u8 },
    Note { user: i64, number: i64, removed: bool },
    Notice { user: i64, number: i64 },
    Reaction { user: i64, number: i64, bot: i64 },
    State { user: i64, kind: u8 },
    Open { user: i64, open: bool },
    Blocked { user: i64, blocked: bool, bot: i64 },
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
        (user.clone(), number.clone()).prop_map(|(user, number)| Happening::Dismiss { user, number }),
        (user.clone(), number.clone(), 0u8..3, 1u32..3, 0u32..2).prop_map(
            |(user, number, kind, attempt, part)| Happening::Outcome { user, number, kind, attempt, part }
        ),
        (user.clone(), number.clone(), 0u8..2, 0u8..6)
            .prop_map(|(user, number, edit, step)| Happening::Change { user, number, edit, step }),
        (user.clone(), number.clone(), any::<bool>()).prop_map(|(user, number, removed)| Happening::Note {
            user,
            number,
            removed
        }),
        (user.clone(), number.clone()).prop_map(|(user, number)| Happening::Notice { user, number }),
        (user.clone(), number, 0i64..2).prop_map(|(user, number, bot)| Happening::Reaction {
            user,
            number,
            bot
        }),
        (user.clone(), 0u8..6).prop_map(|(user, kind)| Happening::State { user, kind }),
        (user.clone(), any::<bool>()).prop_map(|(user, open)| Happening::Open { user, open }),
        (user, any::<bool>(), 0i64..2).prop_map(|(user, blocked, bot)| Happening::Blocked {
            user,
            blocked,
            bot
        }),
    ]
}

fn event(position: u64, happening: &Happening) -> LogEvent {
    match *happening {
        Happening::Text { user, number, name, verified } => {
            let words = position.to_string();
            let entities = vec![TextEntity::plain("bold", 0, 1); usize::from(number == 2)];
            // Some write to another bot, under the same number of Telegram's.
            let bot_id = Some(BOT + number % 2);
            MessageReceived { from: named(name), verified, entities, bot_id, ..text(user, number, &words) }
                .into()
        }
        Happening::Edit { user, number, second } => MessageEdited {
            user_id: user,
            telegram_message_id: number,
            message_text: format!("правка {position}"),
            edited_at: at(second),
            bot_id: Some(BOT + number % 2),
            entities: vec![TextEntity::plain("italic", 0, 2); usize::from(second == 1)],
            raw: None,
        }
        .into(),
        Happening::Reply { user, number } => {
            let part = |offset| ReplyPart { offset, length: 2, files: Vec::new() };
            ReplyRequested { parts: vec![part(0), part(2)], ..reply(user, number, "ответ") }.into()
        }
        Happening::Dismiss { user: user_id, number } => {
            ReplyDismissed { user_id, message_id: reply_id(user_id, number), operator_id: operator() }.into()
        }
        Happening::Change { user, number, edit, step } => change(user, number, edit, step, position),
        Happening::Note { user: user_id, number, removed } => {
            let note_id = derived_id(&["note", &user_id.to_string(), &number.to_string()]);
            let operator_id = operator();
            if removed {
                NoteRemoved { user_id, note_id, operator_id }.into()
            } else {
                NoteAdded { user_id, note_id, note_text: position.to_string(), operator_id }.into()
            }
        }
        Happening::Notice { user: user_id, number } => NoticeRequested {
            user_id,
            message_id: reply_id(user_id, 100 + number),
            bot_id: None,
            kind: NoticeKind::Order,
            message_text: "Заказ принят".into(),
            asks_phone: false,
        }
        .into(),
        Happening::Reaction { user: user_id, number, bot } => ReactionChanged {
            user_id,
            bot_id: BOT + bot,
            telegram_message_id: number,
            reactions: vec![position.to_string()],
            changed_at: at(1),
        }
        .into(),
        Happening::State { user: user_id, kind } => match kind {
            0 => ChatAssigned { user_id, operator_id: Some(operator()) }.into(),
            1 => ChatAssigned { user_id, operator_id: None }.into(),
            2 => ChatBanned { user_id, reason: position.to_string() }.into(),
            3 => ChatUnbanned { user_id }.into(),
            kind => NoticesSwitched { user_id, enabled: kind == 4 }.into(),
        },
        Happening::Retry { user, number } => {
            RetryRequested { user_id: user, message_id: reply_id(user, number), operator_id: operator() }
                .into()
        }
        Happening::Outcome { user: user_id, number, kind, attempt, part } => {
            let message_id = reply_id(user_id, number);
            match kind {
                0 => {
                    let telegram = 1_000 + 10 * number + i64::from(part);
                    ReplySent { part, ..sent(user_id, message_id, telegram, attempt) }.into()
                }
                1 => ReplyFailed {
                    user_id,
                    message_id,
                    code: "rejected".into(),
                    reason: "Bad Request".into(),
                    attempt,
                    part,
                }
                .into(),
                _ => ReplyUnknown { user_id, message_id, code: "timed_out".into(), attempt, part }.into(),
            }
        }
        Happening::Open { user: user_id, open: true } => ChatOpened { user_id }.into(),
        Happening::Open { user: user_id, open: false } => ChatClosed { user_id }.into(),
        Happening::Blocked { user: user_id, blocked: true, bot } => {
            BotBlocked { user_id, bot_id: Some(BOT + bot) }.into()
        }
        Happening::Blocked { user: user_id, blocked: false, bot } => {
            BotUnblocked { user_id, bot_id: Some(BOT + bot) }.into()
        }
    }
}

/// A step of a change of a reply: asked for, done or failed.
fn change(user_id: i64, number: i64, edit: u8, step: u8, position: u64) -> LogEvent {
    let message_id = reply_id(user_id, number);
    let edit_id = derived_id(&["edit", &message_id.to_string(), &edit.to_string()]);
    let operator_id = operator();
    let (code, reason) = ("rejected".to_owned(), "Bad Request".to_owned());
    let (message_text, entities) = (format!("правка {position}"), Vec::new());
    match step {
        0 => EditRequested { user_id, message_id, edit_id, message_text, entities, operator_id }.into(),
        1 => ReplyEdited { user_id, message_id, edit_id, message_text, entities, edited_at: at(position) }
            .into(),
        2 => EditFailed { user_id, message_id, edit_id, code, reason }.into(),
        3 => DeleteRequested { user_id, message_id, operator_id }.into(),
        4 => ReplyDeleted { user_id, message_id, deleted_at: at(position) }.into(),
        _ => DeleteFailed { user_id, message_id, code, reason }.into(),
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
        ("chat_message_parts", "message_id, part"),
        ("chat_message_changes", "message_id, kind"),
        ("chat_sent_ids", "user_id, bot_id, telegram_message_id"),
        ("chat_reactions", "user_id, bot_id, telegram_message_id"),
        ("chat_blocks", "user_id, bot_id"),
        ("chat_notes", "id"),
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
    let truncate =
        "TRUNCATE users, user_data, chat_messages, chat_message_edits, chat_reactions, chat_blocks,
                    chat_notes, read_markers CASCADE";
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
