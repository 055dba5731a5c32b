//! What customers are told of their orders.

use events::{
    Event, Outgoing, Service,
    chats::{BotBlocked, NoticeKind},
    images::{ImageFailed, ImageUploaded},
    orders::{OrderAccepted, OrderContent, OrderExpired, OrderRejected},
    subjects,
    users::TelegramLinked,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::scene::{ANNA, BOT, Scene, operator};

const ORDER: Uuid = Uuid::from_u128(7);
const PICTURE: Uuid = Uuid::from_u128(8);

/// A fact as its worker leaves it: in the tables, then in the log.
async fn happens<E: Event>(scene: &Scene, service: Service, event: E) -> Outgoing {
    let mut fact = Outgoing::request(service, "test", event);
    fact.meta.version = Some(1);
    store::apply(&mut *scene.system.conn().await, &[fact.recorded().unwrap()]).await.unwrap();
    scene.system.bus(service).await.publish(&fact).await.unwrap();
    fact
}

fn accepted(title: &str) -> OrderAccepted {
    let content = OrderContent {
        title: title.into(),
        image_id: Some(PICTURE),
        source_image_id: None,
        ..OrderContent::sample()
    };
    OrderAccepted { order_id: ORDER, customer_id: operator(), content, ..OrderAccepted::sample() }
}

/// With somebody who has linked their account.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    scene.say(1, "здравствуйте").await;
    scene.settle().await;
    let linked = TelegramLinked { user_id: operator(), telegram_user_id: ANNA };
    scene.publish(Service::ChatWorker, linked).await;
    scene.settle().await;
    let picture = ImageUploaded {
        image_id: PICTURE,
        owner_id: operator(),
        source_image_id: None,
        ..ImageUploaded::sample()
    };
    happens(&scene, Service::HttpEdge, picture).await;
    scene
}

#[tokio::test(flavor = "multi_thread")]
async fn each_news_of_an_order_is_told_once_with_a_link() {
    let scene = scene().await;
    let fact = happens(&scene, Service::OrderWorker, accepted("Подписка")).await;
    let said = scene.said().await;
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].0, said[0].2), (NoticeKind::Order, false));
    assert_eq!(
        said[0].1,
        format!(
            "Заказ «Подписка» принят. Зарезервировано 1\u{a0}500,00\u{a0}₽.\n\
             https://vestnik.example/dashboard/customer/orders/{ORDER}"
        )
    );
    scene.system.bus(Service::OrderWorker).await.publish(&fact).await.unwrap();
    let failed = ImageFailed { image_id: PICTURE, owner_id: operator(), ..ImageFailed::sample() };
    happens(&scene, Service::MediaWorker, failed).await;
    let nobodys = ImageFailed { image_id: Uuid::from_u128(9), owner_id: operator(), ..ImageFailed::sample() };
    scene.publish(Service::MediaWorker, nobodys).await;
    let expired = OrderExpired { order_id: ORDER, customer_id: operator(), amount: 150_000 };
    scene.publish(Service::OrderWorker, expired).await;
    let said: Vec<String> = scene.said().await.into_iter().map(|one| one.1).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[1].contains("нет картинки с QR-кодом. Файл обрывается"), "{said:?}");
    assert!(said[2].starts_with("Срок заказа «Подписка» истёк."), "{said:?}");
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_want_it_or_cannot_hear_it_is_not_told_nor_anybody_of_the_past() {
    let scene = scene().await;
    let rejected = OrderRejected { customer_id: operator(), ..OrderRejected::sample() };
    scene.say(2, "/notices").await;
    let before = scene.said().await.len();
    scene.publish(Service::OrderWorker, rejected.clone()).await;
    assert_eq!(scene.said().await.len(), before, "switched off");
    scene.say(3, "/notices").await;
    let before = scene.said().await.len();
    let mut old = Outgoing::request(Service::OrderWorker, "test", rejected.clone());
    old.meta.time = events::now() - SignedDuration::from_hours(25);
    scene.system.bus(Service::OrderWorker).await.publish(&old).await.unwrap();
    assert_eq!(scene.said().await.len(), before, "yesterday's news");
    scene.publish(Service::BotBridge, BotBlocked { user_id: ANNA, bot_id: Some(BOT) }).await;
    scene.settle().await;
    scene.publish(Service::OrderWorker, rejected.clone()).await;
    assert_eq!(scene.said().await.len(), before, "the bot is blocked");
    scene.publish(Service::BotBridge, events::chats::BotUnblocked { user_id: ANNA, bot_id: Some(BOT) }).await;
    scene.settle().await;
    scene.publish(Service::OrderWorker, rejected).await;
    let said = scene.said().await;
    assert_eq!(said.len(), before + 1);
    assert!(said[before].1.contains("отклонён: недостаточно средств на балансе"), "{said:?}");
    scene.system.settle(&[subjects::CHAT_WORKER_NOTICES]).await;
    scene.stop().await;
}
