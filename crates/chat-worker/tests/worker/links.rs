//! Whose account a person in Telegram has.

use auditor::{Difference, VerifyOptions, verify};
use events::{
    Outgoing, Service,
    chats::{Contact, Details, MessageReceived, MessageType},
    derived_id,
    users::{Role, TelegramUnlinked, UserRegistered},
};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use store::users;
use testkit::wait_for;
use uuid::Uuid;

use crate::scene::{ANNA, Scene, chat, operator, text};

async fn linked(scene: &Scene) -> Option<Uuid> {
    scene.settle().await;
    chat(&scene.system).await.and_then(|chat| chat.linked_user_id)
}

fn contact(number: i64, phone: &str, own: bool) -> MessageReceived {
    let contact = Contact { phone: phone.into(), name: "Анна".into(), own };
    let details = Some(Details { contact: Some(contact), ..Details::default() });
    MessageReceived { message_type: MessageType::Contact, details, ..text(number, "") }
}

/// As the bridge passes on a deep link.
fn start(number: i64, word: &str) -> MessageReceived {
    let payload = format!("link_{:x}", Sha256::digest(word));
    let details = Some(Details { start: Some(payload.clone()), ..Details::default() });
    MessageReceived { details, ..text(number, &format!("/start {payload}")) }
}

async fn word(scene: &Scene, account: Uuid, word: &str, minutes: i64) {
    let hash: [u8; 32] = Sha256::digest(word).into();
    let now = events::now();
    let until = now + SignedDuration::from_mins(minutes);
    users::keep_link_word(&mut *scene.system.conn().await, account, &hash, now, until).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_of_ones_own_links_the_account_and_another_does_not() {
    let scene = Scene::new().await;
    scene.receive(contact(1, "79241242417", false)).await;
    assert_eq!(
        (linked(&scene).await, scene.said().await.len()),
        (None, 0),
        "somebody else's is just a message"
    );
    scene.receive(contact(2, "79990000000", true)).await;
    assert_eq!(linked(&scene).await, None);
    assert!(scene.said().await[0].1.starts_with("С этим телефоном на сайте никто не зарегистрирован"));
    scene.receive(contact(3, "79241242417", true)).await;
    wait_for("the link", async || linked(&scene).await == Some(operator())).await;
    assert!(scene.said().await[1].1.starts_with("Готово"));
    let links = async || scene.events().await.iter().filter(|name| **name == "user.telegram-linked").count();
    assert_eq!(links().await, 1);
    scene.receive(contact(4, "79241242417", true)).await;
    assert_eq!((linked(&scene).await, links().await), (Some(operator()), 1), "it was theirs already");
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_links_once_and_in_time_and_the_tables_are_what_the_log_says() {
    let scene = Scene::new().await;
    let customer = derived_id(&["customer"]);
    for (user_id, phone, role) in
        [(customer, "+79990000001", Role::Customer), (operator(), "+79241242417", Role::Operator)]
    {
        let user = UserRegistered { user_id, phone: phone.into(), name: "Ольга".into(), role };
        let registered = Outgoing::request_with_id(user_id, Service::HttpEdge, "test", user);
        store::apply(&mut *scene.system.conn().await, &[registered.recorded().unwrap()]).await.unwrap();
        scene.edge.publish(&registered).await.unwrap();
    }
    word(&scene, customer, "late", -1).await;
    scene.receive(start(1, "late")).await;
    scene.receive(start(2, "never said")).await;
    assert_eq!(linked(&scene).await, None);
    word(&scene, customer, "sesame", 15).await;
    scene.receive(start(3, "sesame")).await;
    wait_for("the link", async || linked(&scene).await == Some(customer)).await;
    // Somebody else has found it.
    scene.receive(MessageReceived { user_id: 43, ..start(4, "sesame") }).await;
    let said: Vec<bool> = scene.said().await.iter().map(|one| one.1.starts_with("Готово")).collect();
    assert_eq!(said, [false, false, true, false]);
    let of_account = users::linked_to(&mut *scene.system.conn().await, customer).await.unwrap();
    assert_eq!(of_account.len(), 1);
    assert_eq!(of_account[0].telegram_user_id, ANNA);

    let unlinked = TelegramUnlinked { user_id: customer, telegram_user_id: ANNA };
    scene.publish(Service::HttpEdge, unlinked).await;
    wait_for("the link to be gone", async || linked(&scene).await.is_none()).await;
    let report = verify(&scene.edge, scene.system.database_url(), &VerifyOptions::default()).await.unwrap();
    // The scene has put its operator into the table before the log had anything.
    let known = |one: &&Difference| one.table == "users" && one.key.contains(&operator().to_string());
    let others: Vec<_> = report.differences.iter().filter(|one| !known(one)).collect();
    assert!(others.is_empty(), "{report}");
    scene.stop().await;
}
