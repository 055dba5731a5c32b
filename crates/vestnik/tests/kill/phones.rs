use std::{collections::HashMap, io::Cursor, time::Duration};

use diesel::sql_types::{BigInt, Jsonb, Nullable, Text};
use diesel_async::RunQueryDsl as _;
use events::{Service, images::StoredObject, subjects::FILES_BUCKET};
use process::Shutdown;
use serde_json::Value;
use telegram_sim::{Kind, Phone};
use tokio::time::{MissedTickBehavior, interval};

use super::{notices::NOTICED, stage::Stage};

/// A message that Telegram took from somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub user_id: i64,
    pub telegram_message_id: i64,
    pub text: String,
    pub file: Attached,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attached {
    Nothing,
    Picture,
    /// With the message's text in it.
    Document,
}

#[derive(diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    file: Option<Value>,
}

const PERIOD: Duration = Duration::from_millis(100);

/// Everybody writes in a steady beat, now and then twice at once, an edit after it, a document or an album.
pub(crate) async fn write(people: Vec<Phone>, stop: Shutdown) -> anyhow::Result<Vec<Written>> {
    let mut written = Vec::new();
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0_u32.. {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = beat.tick() => {}
        }
        for phone in &people {
            written.extend(send_files(phone, number)?);
            for part in 0..=u32::from(number % 5 == 0) {
                let mut text = format!("{} writes {number}.{part}", phone.user_id());
                let id = phone.text(&text)?;
                if number % 13 == 6 {
                    text.push_str(", after all");
                    phone.edit(id, &text)?;
                }
                written.push(one(phone, id, text, Attached::Nothing));
            }
        }
    }
    Ok(written)
}

fn send_files(phone: &Phone, number: u32) -> anyhow::Result<Vec<Written>> {
    let text = format!("{} sends {number}", phone.user_id());
    Ok(match number % 24 {
        3 => {
            let bytes = text.clone().into_bytes();
            let id = phone.file(Kind::Document, bytes, "смета.txt", "text/plain", &text)?;
            vec![one(phone, id, text, Attached::Document)]
        }
        15 => {
            let ids = phone.album(vec![picture().into(), picture().into()], &text)?;
            // The caption is on the first.
            let texts = [text, String::new()];
            let messages = ids.into_iter().zip(texts);
            messages.map(|(id, text)| one(phone, id, text, Attached::Picture)).collect()
        }
        _ => Vec::new(),
    })
}

fn one(phone: &Phone, id: i32, text: String, file: Attached) -> Written {
    Written { user_id: phone.user_id(), telegram_message_id: id.into(), text, file }
}

/// A small PNG.
pub(crate) fn picture() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    let drawn = image::DynamicImage::new_rgb8(64, 48).write_to(&mut png, image::ImageFormat::Png);
    drawn.expect("a picture");
    png.into_inner()
}

/// Every message is stored once with its file, and each chat's in the order in which they were written.
pub(crate) async fn check(stage: &Stage, written: &[Written]) {
    let mut conn = stage.system.conn().await;
    let rows: Vec<Stored> = diesel::sql_query(
        "SELECT user_id, telegram_message_id, message_text, file FROM chat_messages
         WHERE direction = 'in' AND user_id <> $1 ORDER BY user_id, position",
    )
    .bind::<BigInt, _>(NOTICED)
    .get_results(&mut conn)
    .await
    .expect("the messages");
    let bus = stage.system.bus(Service::HttpEdge).await;
    let files = bus.objects(FILES_BUCKET).await.expect("the files");
    let mut stored: HashMap<i64, Vec<Written>> = HashMap::new();
    for row in rows {
        let telegram_message_id = row.telegram_message_id.expect("Telegram's id");
        let file = match row.file {
            None => Attached::Nothing,
            Some(file) => {
                let file: StoredObject = serde_json::from_value(file).expect("a stored file");
                let bytes = files.get(&file).await.expect("the file that was stored");
                if bytes == row.message_text { Attached::Document } else { Attached::Picture }
            }
        };
        let one = Written { user_id: row.user_id, telegram_message_id, text: row.message_text, file };
        stored.entry(row.user_id).or_default().push(one);
    }
    bus.close().await;
    for phone in stage.phones() {
        let user = phone.user_id();
        let there = stored.remove(&user).unwrap_or_default();
        let wanted: Vec<_> = written.iter().filter(|one| one.user_id == user).cloned().collect();
        for one in &wanted {
            let times = there.iter().filter(|stored| *stored == one).count();
            assert_eq!(times, 1, "{one:?} is stored {times} times");
        }
        assert_eq!(there, wanted, "the chat of {user} is not in the order in which it was written");
    }
    assert!(stored.is_empty(), "messages of nobody: {stored:?}");
}
