use events::chats::{ChatClosed, Direction, MessageReceived, ReplyUnknown, Sender};
use store::chats::{self, ListQuery, Status};

use crate::scene::{ANNA, BORIS, BOT, Scene, named, operator, reply, reply_id, text};

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_the_newest_first_and_goes_on_by_key() {
    let mut scene = Scene::new().await;
    for user in 1..=5 {
        scene.happen(text(user, 1, "раз")).await;
    }
    scene.happen(text(2, 2, "два")).await;
    let page = async |scene: &mut Scene, before| {
        let query = ListQuery { before, limit: 2, ..ListQuery::default() };
        let list = chats::list(&mut scene.conn, &query).await.unwrap();
        (list.chats.iter().map(|chat| chat.user_id).collect::<Vec<_>>(), list.next_before)
    };
    let (first, next) = page(&mut scene, None).await;
    assert_eq!(first, [2, 5]);
    let (second, next) = page(&mut scene, next).await;
    assert_eq!(second, [4, 3]);
    let (third, next) = page(&mut scene, next).await;
    assert_eq!((third, next), (vec![1], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_by_name_username_and_id() {
    let mut scene = Scene::new().await;
    let anna = Sender { last_name: Some("Смирнова".into()), ..named("Анна") };
    let boris = Sender { username: Some("boris_100%".into()), ..named("Борис") };
    scene.happen(MessageReceived { from: anna, ..text(ANNA, 1, "раз") }).await;
    scene.happen(MessageReceived { from: boris, ..text(BORIS, 1, "раз") }).await;
    let mut found = async |search: &str| {
        let query = ListQuery { search: Some(search.into()), limit: 10, ..ListQuery::default() };
        let list = chats::list(&mut scene.conn, &query).await.unwrap();
        list.chats.into_iter().map(|chat| chat.user_id).collect::<Vec<_>>()
    };
    assert_eq!(found("анна смир").await, [ANNA]);
    assert_eq!(found("@boris").await, [BORIS]);
    assert_eq!(found("100%").await, [BORIS]);
    assert_eq!(found("%").await, [BORIS], "a wildcard stands for itself");
    assert_eq!(found("42").await, [ANNA]);
    assert_eq!(found("  ").await, [BORIS, ANNA]);
    assert!(found("никто").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_tells_open_from_closed_what_is_unread_and_what_went_wrong() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "раз")).await;
    scene.happen(text(ANNA, 2, "два")).await;
    scene.happen(reply(ANNA, 1, "ответ")).await;
    scene.happen(text(BORIS, 1, "раз")).await;
    scene.happen(ChatClosed { user_id: BORIS }).await;
    let mut listed = async |status| {
        let query = ListQuery { status, limit: 10, ..ListQuery::default() };
        chats::list(&mut scene.conn, &query).await.unwrap().chats
    };
    assert_eq!(listed(None).await.len(), 2);
    assert_eq!(listed(Some(Status::Closed)).await[0].user_id, BORIS);
    let open = listed(Some(Status::Open)).await;
    assert_eq!((open.len(), open[0].unread, open[0].delivery_trouble), (1, 2, false));
    assert_eq!(open[0].last_message.direction, Direction::Out);
    assert_eq!(open[0].last_message.message_text, "ответ");

    assert_eq!(chats::mark_read(&mut scene.conn, ANNA, 1).await.unwrap(), Some(1));
    let id = reply_id(ANNA, 1);
    let unknown =
        ReplyUnknown { user_id: ANNA, message_id: id, code: "timed_out".into(), attempt: 1, part: 0 };
    scene.happen(unknown).await;
    let row = chats::one(&mut scene.conn, ANNA).await.unwrap().unwrap();
    assert_eq!((row.unread, row.delivery_trouble), (1, true));
    assert_eq!(chats::one(&mut scene.conn, 7).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_stays_read_and_the_future_cannot_be_read() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "раз")).await;
    scene.happen(text(ANNA, 2, "два")).await;
    assert_eq!(chats::mark_read(&mut scene.conn, ANNA, 99).await.unwrap(), Some(2));
    assert_eq!(chats::mark_read(&mut scene.conn, ANNA, 1).await.unwrap(), Some(2));
    assert_eq!(chats::mark_read(&mut scene.conn, 7, 1).await.unwrap(), None, "there is no such chat");
    assert_eq!(chats::read_up_to(&mut scene.conn, ANNA).await.unwrap(), 2);
    assert_eq!(chats::read_up_to(&mut scene.conn, BORIS).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_comes_in_pages_each_oldest_first() {
    let mut scene = Scene::new().await;
    for number in 1..=5 {
        scene.happen(text(ANNA, number, &number.to_string())).await;
        scene.happen(text(BORIS, number, "чужое")).await;
    }
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = chats::history(&mut scene.conn, ANNA, before, 2).await.unwrap();
        pages.push(page.messages.iter().map(|one| one.message_text.clone()).collect::<Vec<_>>());
        before = page.next_before;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec!["4", "5"], vec!["2", "3"], vec!["1"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_found_by_telegrams_id_and_a_newer_reply_by_its_place() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "раз")).await;
    let asked = scene.happen(reply(ANNA, 1, "ответ")).await;
    let found = async |scene: &mut Scene, number, verified| {
        chats::by_telegram_id(&mut scene.conn, (ANNA, BOT), number, Direction::In, verified).await.unwrap()
    };
    assert_eq!(found(&mut scene, 1, true).await.unwrap().message_text, "раз");
    assert_eq!(found(&mut scene, 1, false).await, None);
    assert_eq!(found(&mut scene, 2, true).await, None);

    let newer = async |scene: &mut Scene, position, operator| {
        chats::newest_reply_after(&mut scene.conn, ANNA, position, operator).await.unwrap()
    };
    assert_eq!(newer(&mut scene, 1, None).await.unwrap().id, reply_id(ANNA, 1));
    assert_eq!(newer(&mut scene, 1, Some(operator())).await, None, "one's own does not count");
    assert_eq!(newer(&mut scene, i64::try_from(asked.position.unwrap()).unwrap(), None).await, None);
}
