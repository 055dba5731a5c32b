//! Updates of every kind in the shapes of the Bot API's documentation, each beside what it becomes:
//! `tests/updates/<kind>.json` holds `{"update", "event", "data"}` or `{"update", "ignored"}`. `data` is the event
//! without `messageId`, which is the event's own, and `raw`, which is the update as it came, unless the file
//! says otherwise in `raw`.

use std::{collections::BTreeSet, path::PathBuf};

use events::chats::MessageType;
use serde_json::Value;

use super::*;

fn recorded() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/updates");
    let mut recorded = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        recorded.push((name, serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()));
    }
    recorded.sort_by(|(one, _), (other, _)| one.cmp(other));
    recorded
}

#[test]
fn every_recorded_update_becomes_what_stands_beside_it() {
    for (name, file) in recorded() {
        let update = &file["update"];
        let id = update["update_id"].as_i64().unwrap();
        match translate(123_456, id, &update.to_string()) {
            Translated::Ignored(why) => assert_eq!(file["ignored"], why, "{name}"),
            Translated::Event(outgoing) => {
                let mut data: Value = serde_json::from_str(&outgoing.body).unwrap();
                let raw = data.as_object_mut().unwrap().remove("raw");
                if let Some(message_id) = data.as_object_mut().unwrap().remove("messageId") {
                    assert_eq!(message_id, outgoing.meta.id.to_string(), "{name}");
                }
                assert_eq!(outgoing.recorded().unwrap().event.name(), file["event"], "{name}");
                assert_eq!(data, file["data"], "{name}: {data:#}");
                if let Some(raw) = raw {
                    assert_eq!(&raw, file.get("raw").unwrap_or(update), "{name}");
                }
            }
        }
    }
}

#[test]
fn every_kind_of_message_is_recorded() {
    let kinds: BTreeSet<_> = recorded()
        .iter()
        .filter_map(|(_, file)| MessageType::from_name(file["data"]["messageType"].as_str()?))
        .map(MessageType::name)
        .collect();
    assert_eq!(kinds, MessageType::ALL.into_iter().map(MessageType::name).collect());
}
