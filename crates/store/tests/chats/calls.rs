//! What the bridge remembers of its calls.

use events::{Event as _, Meta, Outgoing, Service, chats::ReplyRequested};
use store::calls::{self, Task, Wanted};

use crate::scene::{ANNA, BOT, Scene, reply_id};

fn cause() -> Meta {
    Outgoing::request(Service::HttpEdge, "test", ReplyRequested::sample()).recorded().unwrap().meta
}

fn saying(text: &str) -> Task {
    Task::Send {
        text: text.into(),
        entities: Vec::new(),
        files: Vec::new(),
        reply_to: None,
        asks_phone: false,
    }
}

fn wanted<'e>(position: i64, text: &str, cause: &'e Meta) -> Wanted<'e> {
    let message_id = reply_id(ANNA, position);
    Wanted {
        id: Wanted::id(message_id, 0),
        bot_id: Some(BOT),
        user_id: ANNA,
        position,
        part: 0,
        message_id,
        task: saying(text),
        cause,
        deliverable: true,
    }
}

/// A NUL cannot be kept; the six letters `\u0000`, as programmers type them, can.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_sent_as_it_was_typed_but_for_what_cannot_be_kept() {
    let mut scene = Scene::new().await;
    let cause = cause();
    let texts = [r#"конец строки \u0000"#, r#"\u0000"\u0000"#, "нуль\0 внутри"];
    let wanted: Vec<_> = (1..).zip(texts).map(|(position, text)| wanted(position, text, &cause)).collect();
    calls::enter(&mut scene.conn, &wanted, BOT).await.unwrap();
    let queued = calls::queued(&mut scene.conn, BOT, (0, 0), 10).await.unwrap();
    let tasks: Vec<Task> = queued.into_iter().map(|call| call.task).collect();
    assert_eq!(tasks, [saying(texts[0]), saying(texts[1]), saying("нуль внутри")]);
}
