use events::{
    Outgoing, Service,
    chats::{ChatEvent, NoticeKind, NoticeRequested, ReplyRequested, TextEntity, plan},
    derived_id,
};
use serde_json::json;
use telegram_sim::Fault;

use crate::scene::{ANNA, Scene, saying};

#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_arrives_in_order_and_each_part_has_its_outcome() {
    let (scene, bridge) = Scene::with_bridge().await;
    let words: Vec<String> = (0..2_000).map(|number| format!("слово{number}")).collect();
    let text = words.join(" ");
    let parts = plan(&text, &[], &[]);
    assert!(parts.len() > 3);
    scene.publish(ReplyRequested { parts: parts.clone(), ..saying(&text) }).await;
    assert_eq!(scene.outcomes(parts.len()).await, vec!["sent 1"; parts.len()]);
    assert_eq!(scene.told(ANNA).join(" "), text);
    let sent = scene.wait_for_events("chat.reply-sent", parts.len()).await;
    let numbers: Vec<u32> = sent
        .iter()
        .map(|event| if let ChatEvent::ReplySent(sent) = event { sent.part } else { panic!("{event:?}") })
        .collect();
    assert_eq!(numbers, (0..u32::try_from(parts.len()).unwrap()).collect::<Vec<_>>());
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_sent_as_they_are_and_a_text_whose_are_refused_goes_plain() {
    let (scene, bridge) = Scene::with_bridge().await;
    let link =
        TextEntity { url: Some("https://example.org/".into()), ..TextEntity::plain("text_link", 4, 5) };
    let entities = vec![TextEntity::plain("bold", 0, 3), link];
    let marked = ReplyRequested { entities: entities.clone(), ..saying("вот *link*") };
    scene.publish(marked).await;
    scene.outcomes(1).await;
    let refusal = "Bad Request: can't parse entities: entity out of range";
    scene.sim.add_fault(Fault::refusal(400, refusal).on("sendMessage").times(1));
    scene.publish(ReplyRequested { entities, ..saying("вот ещё links") }).await;
    assert_eq!(scene.outcomes(2).await, vec!["sent 1"; 2]);
    let told = scene.phone(ANNA).from_bot();
    let expected = json!([
        {"type": "bold", "offset": 0, "length": 3},
        {"type": "text_link", "offset": 4, "length": 5, "url": "https://example.org/"},
    ]);
    assert_eq!(told[0].content["entities"], expected);
    assert_eq!((told.len(), told[1].content.get("entities")), (2, None));
    let plain: Vec<bool> = scene
        .wait_for_events("chat.reply-sent", 2)
        .await
        .iter()
        .map(|event| if let ChatEvent::ReplySent(sent) = event { sent.plain } else { panic!("{event:?}") })
        .collect();
    assert_eq!(plain, [false, true]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_asks_for_the_phone_with_a_button() {
    let (scene, bridge) = Scene::with_bridge().await;
    let notice = NoticeRequested {
        user_id: ANNA,
        message_id: derived_id(&["notice"]),
        bot_id: None,
        kind: NoticeKind::Command,
        message_text: "Нажмите кнопку".into(),
        asks_phone: true,
    };
    let worker = scene.system.bus(Service::ChatWorker).await;
    worker.publish(&Outgoing::request(Service::ChatWorker, "chat-worker", notice)).await.unwrap();
    scene.wait_for_told(ANNA, 1).await;
    let told = scene.phone(ANNA).from_bot();
    let keyboard = &told[0].content["reply_markup"];
    assert_eq!(keyboard["keyboard"][0][0]["request_contact"], true);
    assert_eq!(keyboard["one_time_keyboard"], true);
    bridge.stop().await;
}
