//! An album is one bubble: a grid of what it holds, with every caption and a name for each picture.

use events::{
    Event as _, Outgoing, Service,
    chats::{Attachment, Direction, FileStored, MessageReceived, MessageType, ReplyRequested},
    images::StoredObject,
    users::Role,
};
use reqwest::{Method, multipart};
use serde_json::json;
use uuid::Uuid;

use crate::{
    browser::Window,
    harness::{Browser, TestEdge, eventually, read},
};

const CHAT: &str = "/dashboard/users/4242/operator-chat";
const NAMES: &str = "Array.from(document.querySelectorAll('.album img'), (it) => it.alt).join()";

/// A photo of an album, of which the bridge has the bytes.
async fn photo(edge: &TestEdge, file: &StoredObject, id: i64, album: &str, caption: &str) {
    let bus = edge.system.bus(Service::BotBridge).await;
    let message = MessageReceived {
        user_id: 4242,
        message_id: Uuid::now_v7(),
        direction: Direction::In,
        message_type: MessageType::Photo,
        message_text: caption.into(),
        entities: Vec::new(),
        details: None,
        reply_to_telegram_id: None,
        telegram_message_id: Some(id),
        album: Some(album.into()),
        attachment: Some(Attachment {
            telegram_file_id: "photo".into(),
            file_name: None,
            mime_type: None,
            size: None,
            width: None,
            height: None,
            duration: None,
            still: false,
        }),
        sent_at: "2026-11-21T09:00:00Z".parse().unwrap(),
        ..MessageReceived::sample()
    };
    let stored = FileStored {
        user_id: 4242,
        message_id: message.message_id,
        file_id: Uuid::now_v7(),
        file: file.clone(),
    };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", message)).await.unwrap();
    bus.publish(&Outgoing::request(Service::BotBridge, "test", stored)).await.unwrap();
}

/// A picture that is in the object store, as it got there with a reply.
async fn stored(edge: &TestEdge, operator: &Browser) -> StoredObject {
    crate::desk::writes(edge, 7, "?").await;
    let form = multipart::Form::new()
        .part("file", multipart::Part::bytes(crate::images::picture()).file_name("a.png"));
    let request = operator.request(Method::POST, "/api/users/7/operator-chat").multipart(form);
    assert!(read(request.send().await.unwrap()).await.0.is_success());
    let log = edge.system.log().await;
    let wish = log.iter().find(|event| event.subject.ends_with("reply-requested")).unwrap();
    let wish: ReplyRequested = serde_json::from_slice(&wish.body).unwrap();
    wish.files[0].file.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_one_bubble_whether_it_comes_live_or_was_there() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let file = stored(&edge, &operator).await;
    photo(&edge, &file, 1, "lone", "").await;
    eventually("the chat", async || operator.get("/api/users/4242/operator-chat").await.0.is_success()).await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, CHAT).await;
    for (id, caption) in [(2, "Витрина"), (3, ""), (4, "Вход")] {
        photo(&edge, &file, id, "a", caption).await;
    }
    const ALL: &str = "Фото 1 из 3: Витрина,Фото 2 из 3,Фото 3 из 3: Вход";
    window.until("the album", &format!("{NAMES} === '{ALL}'")).await;
    let shape = "const grid = document.querySelector('.album > .bubble');
        const cells = Array.from(grid.querySelectorAll('img'), (it) => it.getBoundingClientRect());
        const texts = Array.from(grid.querySelectorAll('[data-part=text]:not([hidden])'), (it) => it.getBoundingClientRect());
        return [document.querySelectorAll('.album').length, document.querySelectorAll('.message').length,
            new Set(cells.map(({top}) => top)).size,
            cells.every(({width, height}) => Math.abs(width - height) < 2 && width > 60),
            texts.length, texts.every(({top}) => top >= cells.at(-1).bottom),
            Array.from(grid.querySelectorAll('time[data-part=time]')).filter((it) => it.checkVisibility()).length,
            document.documentElement.scrollWidth - document.documentElement.clientWidth]";
    assert_eq!(window.run(shape).await, json!([1, 4, 1, true, 2, true, 1, 0]), "live, wide");
    window.0.resize(360, 740).await;
    assert_eq!(window.run(shape).await, json!([1, 4, 2, true, 2, true, 1, 0]), "live, narrow");
    // One more comes late, another album stands for itself.
    photo(&edge, &file, 5, "a", "").await;
    photo(&edge, &file, 6, "b", "").await;
    photo(&edge, &file, 7, "b", "").await;
    const MORE: &str =
        "Фото 1 из 4: Витрина,Фото 2 из 4,Фото 3 из 4: Вход,Фото 4 из 4,Фото 1 из 2,Фото 2 из 2";
    window.until("both albums", &format!("{NAMES} === '{MORE}'")).await;
    assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new());

    window.go(&format!("{}{CHAT}", edge.backoffice)).await;
    window.until("the same from the server", &format!("{NAMES} === '{MORE}'")).await;
    assert_eq!(window.run("return document.querySelectorAll('.album').length").await, 2);
    assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new());
    // Each picture can be come to and opened by the keyboard.
    window.run("document.querySelector('.album a.attachment').focus()").await;
    window.keys("\u{e004}").await;
    let focused = "return document.activeElement.querySelector('img')?.alt";
    assert_eq!(window.run(focused).await, json!("Фото 2 из 4"));
    // What is quoted is scrolled to, though it has no box of its own.
    window.run("location.hash = document.querySelectorAll('.album .files')[2].id").await;
    window.until("the quoted picture", "document.querySelector('.album .files:target img')").await;
    window.0.close().await;
    edge.stop().await;
}
