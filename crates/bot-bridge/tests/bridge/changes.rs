use events::{
    chats::{ChatEvent, DeleteRequested, EditRequested, MessageType, ReplyRequested, TextEntity, plan},
    derived_id,
};
use telegram_sim::Fault;
use uuid::Uuid;

use crate::scene::{ANNA, Scene, saying};

fn edit(message_id: Uuid, text: &str) -> EditRequested {
    EditRequested {
        user_id: ANNA,
        message_id,
        edit_id: derived_id(&["edit", text]),
        message_text: text.into(),
        entities: Vec::new(),
        operator_id: derived_id(&["operator"]),
    }
}

fn delete(message_id: Uuid) -> DeleteRequested {
    DeleteRequested { user_id: ANNA, message_id, operator_id: derived_id(&["operator"]) }
}

/// What became of changes, in the order of the log.
async fn changes(scene: &Scene, count: usize) -> Vec<String> {
    testkit::wait_for_value(&format!("{count} changes"), async || {
        let said = |event: &ChatEvent| match event {
            ChatEvent::ReplyEdited(event) => Some(format!("edited {}", event.message_text)),
            ChatEvent::EditFailed(event) => Some(format!("not edited {}", event.code)),
            ChatEvent::ReplyDeleted(_) => Some("deleted".into()),
            ChatEvent::DeleteFailed(event) => Some(format!("not deleted {}", event.code)),
            _ => None,
        };
        let changes: Vec<String> = scene.events().await.iter().filter_map(said).collect();
        (changes.len() >= count).then_some(changes)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_and_a_caption_are_changed_and_what_is_so_already_is_done() {
    let (scene, bridge) = Scene::with_bridge().await;
    let text = saying("текст");
    let document = scene.file(MessageType::Document, "a.txt", b"text").await;
    let files = vec![document];
    let caption =
        ReplyRequested { parts: plan("подпись", &[], &files), files, ..saying("подпись") };
    let (first, second) = (text.message_id, caption.message_id);
    scene.publish(text).await;
    scene.publish(caption).await;
    // In the order of the log, although nothing is sent yet.
    scene.publish(edit(first, "другой текст")).await;
    let entities = vec![TextEntity::plain("italic", 0, 6)];
    scene.publish(EditRequested { entities, ..edit(second, "другая подпись") }).await;
    changes(&scene, 2).await;
    scene.publish(EditRequested { edit_id: derived_id(&["again"]), ..edit(first, "другой текст") }).await;
    let expected = ["edited другой текст", "edited другая подпись", "edited другой текст"];
    assert_eq!(changes(&scene, 3).await, expected);
    assert_eq!(scene.told(ANNA), ["другой текст", "другая подпись"]);
    assert_eq!(scene.phone(ANNA).from_bot()[1].content["caption_entities"][0]["type"], "italic");
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_changed_says_why() {
    let (scene, bridge) = Scene::with_bridge().await;
    scene.publish(edit(derived_id(&["nothing"]), "ничего")).await;
    assert_eq!(changes(&scene, 1).await, ["not edited not_sent"]);

    scene.sim.add_fault(Fault::error(502).on("sendMessage").times(1));
    let unknown = saying("неизвестно");
    let id = unknown.message_id;
    scene.publish(unknown).await;
    scene.publish(edit(id, "известно")).await;
    scene.publish(delete(id)).await;
    assert_eq!(changes(&scene, 3).await[1..], ["not edited not_sent", "not deleted not_sent"]);

    let long = "слово ".repeat(1_000);
    let long = ReplyRequested { parts: plan(&long, &[], &[]), ..saying(&long) };
    let id = long.message_id;
    scene.publish(long).await;
    scene.publish(edit(id, "короче")).await;
    assert_eq!(changes(&scene, 4).await[3], "not edited rejected");

    let late = "Bad Request: message can't be deleted for everyone";
    scene.sim.add_fault(Fault::refusal(400, late).on("deleteMessages").times(1));
    scene.publish(delete(id)).await;
    assert_eq!(changes(&scene, 5).await[4], "not deleted too_late");
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_is_taken_back_and_a_second_time_does_no_harm() {
    let (scene, bridge) = Scene::with_bridge().await;
    let long = "слово ".repeat(1_500);
    let long = ReplyRequested { parts: plan(&long, &[], &[]), ..saying(&long) };
    let (id, parts) = (long.message_id, long.parts.len());
    assert!(parts > 1);
    scene.publish(long).await;
    scene.wait_for_told(ANNA, parts).await;
    scene.publish(delete(id)).await;
    assert_eq!(changes(&scene, 1).await, ["deleted"]);
    assert!(scene.told(ANNA).is_empty());
    scene.publish(delete(id)).await;
    assert_eq!(changes(&scene, 2).await, vec!["deleted"; 2]);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_made_again_also_after_a_crash() {
    let (scene, bridge) = Scene::with_bridge().await;
    let reply = saying("текст");
    let id = reply.message_id;
    scene.publish(reply).await;
    scene.outcomes(1).await;
    scene.sim.add_fault(Fault::reset().on("editMessageText").times(1).after_the_work());
    scene.publish(edit(id, "новый")).await;
    assert_eq!(changes(&scene, 1).await, ["edited новый"]);

    scene.sim.add_fault(Fault::slow(60_000).on("editMessageText").times(1));
    scene.publish(edit(id, "ещё новее")).await;
    scene.calls_begun("editMessageText", 3).await;
    bridge.crash().await;
    let bridge = scene.bridge();
    assert_eq!(changes(&scene, 2).await[1], "edited ещё новее");
    assert_eq!(scene.told(ANNA), ["ещё новее"]);
    scene.settled().await;
    bridge.stop().await;
}
