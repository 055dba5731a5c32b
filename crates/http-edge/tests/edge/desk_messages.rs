//! Messages as what they are: in the API, live, and in the page.

use events::{
    Event as _, LogEvent, Outgoing, Service,
    chats::{ChatEvent, Details, MessageReceived, ReactionChanged, ReplySent, TextEntity},
    users::Role,
};
use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use crate::{
    desk::{bridge, writes},
    harness::{Browser, TestEdge, eventually, read},
    live::Live,
};

const PATH: &str = "/api/users/4242/operator-chat";

async fn history(operator: &Browser) -> Value {
    operator.get(PATH).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_is_shown_as_what_it_is_in_the_history_live_and_in_the_page() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let event = MessageReceived {
        user_id: 4242,
        message_text: "🙂 сюда <b>".into(),
        entities: vec![
            TextEntity { url: Some("https://example.org/".into()), ..TextEntity::plain("text_link", 3, 4) },
            TextEntity::plain("spoiler", 5, 20),
        ],
        details: Some(Details::sample()),
        attachment: None,
        ..MessageReceived::sample()
    };
    let received = Outgoing::request(Service::BotBridge, "test", event);
    let bus = edge.system.bus(Service::BotBridge).await;
    bus.publish(&received).await.unwrap();
    let heard = live.until("message").await.data["message"].clone();
    let segments = json!([
        {"text": "🙂 "}, {"text": "сю", "href": "https://example.org/"},
        {"text": "да", "marks": ["spoiler"], "href": "https://example.org/"}, {"text": " <b>", "marks": ["spoiler"]},
    ]);
    assert_eq!(heard["segments"], segments);
    assert_eq!(heard["facts"][2]["value"], "Вокзал, Алеутская, 2");
    eventually("the message to be stored", async || {
        history(&operator).await["messages"][0]["segments"] == segments
    })
    .await;
    let stored = history(&operator).await["messages"][0].clone();
    for member in ["facts", "album", "messageText", "verified", "createdAt"] {
        assert_eq!(stored[member], heard[member], "{member}: live as in the history");
    }
    let (status, html) = operator.page("/dashboard/users/4242/operator-chat").await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("rel=\"noopener noreferrer\">сю</a>"), "{html}");
    assert!(html.contains("tabindex=\"0\" role=\"button\"> &#60;b&#62;</span>"), "{html}");
    assert!(html.contains("openstreetmap.org") && html.contains("offer-7"));

    let reaction = ReactionChanged {
        user_id: 4242,
        telegram_message_id: 17,
        bot_id: 123_456,
        ..ReactionChanged::sample()
    };
    bus.publish(&Outgoing::request(Service::BotBridge, "test", reaction)).await.unwrap();
    let heard = live.until("message").await.data["message"].clone();
    assert_eq!((&heard["id"], &heard["reactions"]), (&stored["id"], &json!(["👍"])));
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_with_formatting_and_files_goes_out_in_parts_and_is_shown_as_one() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "?").await;
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let png = crate::images::picture();
    let form = multipart::Form::new()
        .text("messageText", format!("**Смета** {}", "и ещё ".repeat(300)))
        .text("clientMessageId", "c-1")
        .part("file", multipart::Part::bytes(png.clone()).file_name("фото.exe"))
        .part("file", multipart::Part::bytes(b"%PDF-1.7 x".to_vec()).file_name("смета.pdf"));
    let request = operator.request(Method::POST, PATH).multipart(form);
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let message = &answer["message"];
    assert_eq!(message["clientMessageId"], "c-1");
    assert_eq!(message["segments"][0], json!({"text": "Смета", "marks": ["bold"]}));
    let kinds: Vec<&Value> =
        message["attachments"].as_array().unwrap().iter().map(|file| &file["mimeType"]).collect();
    assert_eq!(kinds, ["image/png", "application/pdf"], "by the bytes, whatever they are called");
    assert_eq!(
        message["parts"].as_array().unwrap().len(),
        3,
        "the picture, the document, the rest of the text"
    );
    let frame = live.until("message").await;
    assert_eq!(frame.data["message"]["clientMessageId"], "c-1", "the page knows its own");

    let file = format!("/files/{}", message["attachments"][0]["id"].as_str().unwrap());
    eventually("the picture to be served", async || operator.get(&file).await.0 == StatusCode::OK).await;
    let bytes = operator.request(Method::GET, &file).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, png);

    // Part by part, and only then sent.
    let log = edge.system.log().await;
    let wish = log.iter().find(|event| event.subject.ends_with("reply-requested")).unwrap();
    let cause = wish.meta.clone().unwrap();
    let bus = edge.system.bus(Service::BotBridge).await;
    let mut states = Vec::new();
    for part in 0..3 {
        let sent = ReplySent {
            user_id: 4242,
            message_id: message["id"].as_str().unwrap().parse().unwrap(),
            telegram_message_id: 90 + i64::from(part),
            sent_at: events::now(),
            attempt: 1,
            part,
            telegram_message_ids: Vec::new(),
            plain: false,
        };
        let fact = Outgoing::fact(Service::BotBridge, &cause, part as usize, None, events::now(), &sent);
        bus.publish(&fact).await.unwrap();
        let frame = live.until("delivery").await;
        assert_eq!(frame.data["parts"][part as usize]["state"], "sent");
        states.push(frame.data["delivery"]["state"].clone());
    }
    assert_eq!(states, ["queued", "queued", "sent"]);
    // Said before anything is typed, and refused all the same.
    eventually("the page to say that it cannot be changed", async || {
        operator.page("/dashboard/users/4242/operator-chat").await.1.contains("data-part=\"fixed\" title=\"Ответ ушёл несколькими сообщениями, поэтому изменить его нельзя. Его можно удалить и отправить заново.\">")
    })
    .await;
    let id = message["id"].as_str().unwrap();
    let page = operator.page(&format!("/dashboard/users/4242/operator-chat?edit={id}")).await.1;
    assert!(page.contains("role=\"alert\"") && !page.contains(&format!("{id}/edit")), "no form to change it");
    let (status, answer) = operator.send("PATCH", &format!("{PATH}/{id}"), json!({"messageText": "!"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("not_changeable")));
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

/// Each bot counts its messages with a person by itself, and what nobody vouches for says any number.
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_points_only_at_what_its_bot_knows() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let bus = edge.system.bus(Service::BotBridge).await;
    let mut ids = Vec::new();
    for (bot_id, number, verified) in [(1, 17, true), (2, 18, true), (2, 19, false)] {
        let event = MessageReceived {
            user_id: 4242,
            message_id: uuid::Uuid::now_v7(),
            telegram_message_id: Some(number),
            bot_id: Some(bot_id),
            verified,
            ..MessageReceived::sample()
        };
        ids.push(event.message_id);
        bus.publish(&Outgoing::request(Service::BotBridge, "test", event)).await.unwrap();
    }
    eventually("all to be stored", async || {
        history(&operator).await["messages"].as_array().is_some_and(|all| all.len() == ids.len())
    })
    .await;
    for id in ids {
        let (status, answer) = operator.post(PATH, json!({"messageText": "!", "replyTo": id})).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    }
    let log = edge.system.log().await;
    let pointed: Vec<Option<i64>> = log
        .iter()
        .filter_map(|message| match message.decode().unwrap().event {
            LogEvent::Chat(ChatEvent::ReplyRequested(wish)) => Some(wish.reply_to_telegram_id),
            _ => None,
        })
        .collect();
    assert_eq!(pointed, [None, Some(18), None], "the other bot's 17 is another message to this one");
    edge.stop().await;
}

/// A large file is not read before it is answered, so that what is wrong with it turns out on the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_that_is_not_what_was_stored_never_arrives_whole() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "?").await;
    let bytes = vec![7; 3 * 1024 * 1024];
    let file = multipart::Part::bytes(bytes.clone()).file_name("архив");
    let request = operator.request(Method::POST, PATH).multipart(multipart::Form::new().part("file", file));
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    let id: uuid::Uuid = answer["message"]["attachment"]["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/files/{id}");
    eventually("the file to be served", async || operator.get(&path).await.0 == StatusCode::OK).await;
    let served = operator.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(served.content_length(), Some(3 * 1024 * 1024));
    assert_eq!(served.bytes().await.unwrap(), bytes);

    let bucket =
        edge.system.bus(Service::HttpEdge).await.objects(events::subjects::FILES_BUCKET).await.unwrap();
    bucket.put(&format!("reply/{id}"), "application/octet-stream", &vec![8; bytes.len()]).await.unwrap();
    let served = operator.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(served.status(), StatusCode::OK);
    assert!(served.bytes().await.is_err(), "it ends before its end");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beyond_the_limits_are_refused() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "?").await;
    let send = async |form: multipart::Form| {
        let request = operator.request(Method::POST, PATH).multipart(form);
        let (status, answer) = read(request.send().await.unwrap()).await;
        (status, answer["code"].clone())
    };
    let many = (0..11).fold(multipart::Form::new(), |form, n| {
        form.part("file", multipart::Part::bytes(vec![1]).file_name(format!("{n}")))
    });
    assert_eq!(send(many).await, (StatusCode::UNPROCESSABLE_ENTITY, json!("invalid_fields")));
    let large = multipart::Part::bytes(vec![7; 50 * 1024 * 1024 + 1]).file_name("large");
    let large = multipart::Form::new().part("file", large);
    assert_eq!(send(large).await, (StatusCode::PAYLOAD_TOO_LARGE, json!("too_large")));
    let long = multipart::Form::new().text("messageText", "я".repeat(100_000));
    assert_eq!(
        send(long).await,
        (StatusCode::PAYLOAD_TOO_LARGE, json!("too_large")),
        "no file, so no file's limit"
    );
    let none = multipart::Form::new().part("file", multipart::Part::bytes(Vec::new()).file_name(""));
    assert_eq!(send(none).await, (StatusCode::BAD_REQUEST, json!("missing_fields")));
    assert!(!edge.system.log().await.iter().any(|event| event.subject.ends_with("reply-requested")));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_sent_is_changed_taken_back_and_its_history_kept() {
    let edge = TestEdge::start().await;
    bridge(&edge, false).await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "?").await;
    let (_, answer) = operator.post(PATH, json!({"messageText": "Ужe _да_"})).await;
    let one = format!("{PATH}/{}", answer["message"]["id"].as_str().unwrap());
    eventually("it to be stored as sent", async || {
        operator.get(&one).await.1["message"]["delivery"]["state"] == "sent"
    })
    .await;
    assert_eq!(operator.get(&one).await.1["typedText"], "Ужe _да_", "as it has to be typed");
    let (status, _) = operator.send("PATCH", &one, json!({"messageText": "**Нет**"})).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let changes = operator.get(&one).await.1["message"]["changes"].clone();
    assert_eq!((&changes[0]["kind"], &changes[0]["state"]), (&json!("edit"), &json!("queued")));

    let log = edge.system.log().await;
    let wish = log.iter().find(|event| event.subject.ends_with("edit-requested")).unwrap();
    let body: Value = serde_json::from_slice(&wish.body).unwrap();
    assert_eq!((&body["messageText"], &body["entities"][0]["type"]), (&json!("Нет"), &json!("bold")));
    let mut live = Live::open(&operator, "/api/operator-chats/live", None).await;
    let edited = events::chats::ReplyEdited {
        user_id: 4242,
        message_id: body["messageId"].as_str().unwrap().parse().unwrap(),
        edit_id: body["editId"].as_str().unwrap().parse().unwrap(),
        message_text: "Нет".into(),
        entities: vec![TextEntity::plain("bold", 0, 3)],
        edited_at: events::now(),
    };
    let cause = wish.meta.clone().unwrap();
    let fact = Outgoing::fact(Service::BotBridge, &cause, 0, None, events::now(), &edited);
    edge.system.bus(Service::BotBridge).await.publish(&fact).await.unwrap();
    let heard = live.until("message").await.data["message"].clone();
    assert_eq!(
        (&heard["messageText"], &heard["edits"], &heard["changes"][0]["state"]),
        (&json!("Нет"), &json!(1), &json!("done"))
    );
    assert_eq!(operator.get(&one).await.1["history"][0]["messageText"], "Ужe да");

    assert_eq!(operator.send("DELETE", &one, json!({})).await.0, StatusCode::ACCEPTED);
    assert_eq!(live.until("message").await.data["message"]["changes"][1]["kind"], "edit");
    let incoming = history(&operator).await["messages"][0]["id"].as_str().unwrap().to_owned();
    let theirs = format!("{PATH}/{incoming}");
    let (status, answer) = operator.send("PATCH", &theirs, json!({"messageText": "!"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("not_changeable")));
    edge.system.no_dead_letters().await;
    edge.stop().await;
}
