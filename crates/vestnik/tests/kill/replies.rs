use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{
    chaos::DATABASE,
    chronicle::Chronicle,
    notices::NOTICED,
    operator::{Change, EDITED, Reply, What},
    stage::{PEOPLE, Stage},
};

/// What the desk says of a reply.
struct Shown {
    text: String,
    state: String,
    deleted: bool,
    /// States of the changes that were asked for.
    changes: Vec<String>,
}

/// What the bot sent: a message, or an album as one.
#[derive(Debug)]
struct Arrived {
    /// As it is now.
    text: String,
    album: Option<Value>,
    files: usize,
    deleted: bool,
}

impl Arrived {
    /// As it was sent.
    fn original(&self) -> &str {
        self.text.strip_suffix(EDITED).unwrap_or(&self.text)
    }
}

/// Every reply arrived exactly once, or the desk says that nobody knows, and in no case twice; those of one
/// operator to one person in the order in which they were written. Returns how many are unknown, and how many of these arrived.
pub(crate) async fn check(stage: &Stage, replies: &[Reply], chronicle: &Chronicle) -> (usize, usize) {
    let mut arrived = arrived(stage);
    let (mut unknown, mut came) = (0, 0);
    for phone in stage.phones() {
        let user = phone.user_id();
        let arrived = arrived.remove(&user).unwrap_or_default();
        let taken: Vec<&Reply> = replies.iter().filter(|reply| reply.user_id == user).collect();
        let mut shown = history(stage, user).await;
        for reply in &taken {
            let shown = shown.remove(&reply.message.to_string()).unwrap_or_else(|| panic!("lost: {reply:?}"));
            let there: Vec<_> = arrived.iter().filter(|one| one.original() == reply.text).collect();
            let times = there.len();
            match shown.state.as_str() {
                "sent" => {
                    assert_eq!(times, 1, "{reply:?} is shown as sent and arrived {times} times");
                    as_shown(reply, &shown, there.first().expect("one"));
                }
                "unknown" => {
                    assert!(times <= 1, "{reply:?} is shown as unknown and arrived {times} times");
                    unknown += 1;
                    came += times;
                }
                state => panic!("{reply:?} is shown as {state} and arrived {times} times"),
            }
        }
        assert!(shown.is_empty(), "the desk shows replies to {user} that it never took: {:?}", shown.keys());
        for one in &arrived {
            let ours = taken.iter().any(|reply| reply.text == one.original() && reply.files == one.files);
            assert!(ours, "the bot wrote to {user}: {one:?}");
        }
        for desk in taken.iter().map(|reply| reply.desk).collect::<BTreeSet<_>>() {
            let ours = |text: &str| taken.iter().any(|reply| reply.desk == desk && reply.text == text);
            let order: Vec<&str> = arrived.iter().map(Arrived::original).filter(|text| ours(text)).collect();
            let mut written: Vec<&str> = taken.iter().map(|reply| reply.text.as_str()).collect();
            written.retain(|text| order.contains(text));
            assert_eq!(order, written, "the replies to {user} arrived in another order");
        }
    }
    assert!(arrived.is_empty(), "the bot wrote to strangers: {arrived:?}");
    // A bridge that dies in the middle of a call leaves a doubt, and so does one that loses its lead with the
    // database before it has written down what came of the call: at the most one in each chat.
    let ends = chronicle.kills(Some("bot-bridge")) + chronicle.kills(Some(DATABASE));
    let doubts = ends * usize::try_from(PEOPLE).expect("few people");
    assert!(unknown <= doubts, "{unknown} replies are unknown, more than the bridge can have had in hand");
    (unknown, came)
}

/// What was done to the reply afterwards is shown, and it is so on the phone.
fn as_shown(reply: &Reply, shown: &Shown, arrived: &Arrived) {
    assert!(shown.changes.iter().all(|state| state == "done"), "{:?} of {reply:?}", shown.changes);
    assert_eq!(shown.deleted, arrived.deleted, "{reply:?}");
    assert!(shown.deleted || shown.text == arrived.text, "{reply:?} is shown as {:?}", shown.text);
    let done = |what| reply.change.filter(|change| change.what == what);
    for (what, is) in [(What::Edit, arrived.text != reply.text), (What::Delete, arrived.deleted)] {
        match done(what) {
            Some(Change { sure: true, .. }) => assert!(is, "{reply:?} was not changed: {arrived:?}"),
            Some(_) => {}
            None => assert!(!is, "{reply:?} was changed: {arrived:?}"),
        }
    }
}

/// What the bot sent to whom, in order, but for notices.
fn arrived(stage: &Stage) -> HashMap<i64, Vec<Arrived>> {
    let mut arrived: HashMap<i64, Vec<Arrived>> = HashMap::new();
    for (user, message) in stage.sim.sent().into_iter().filter(|(user, _)| *user != NOTICED) {
        let album = message.content.get("media_group_id").cloned();
        let before = arrived.entry(user).or_default();
        if let Some(last) = before.last_mut()
            && album.is_some()
            && last.album == album
        {
            last.files += 1;
            last.deleted &= message.deleted;
            continue;
        }
        let file = ["photo", "document"].iter().any(|kind| message.content.contains_key(*kind));
        let (text, deleted) = (message.words().to_owned(), message.deleted);
        before.push(Arrived { text, album, files: usize::from(file), deleted });
    }
    arrived
}

/// Everything that goes out in a chat, as the desk shows it, by id.
async fn history(stage: &Stage, user: i64) -> HashMap<String, Shown> {
    let mut shown = HashMap::new();
    let first = format!("{}/api/users/{user}/operator-chat?limit=100", stage.backoffice_url);
    let mut url = first.clone();
    loop {
        let request = stage.http.get(&url).bearer_auth(&stage.operator.token);
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "the history of {user}: {}", response.status());
        let page: Value = response.json().await.expect("JSON");
        for message in page["messages"].as_array().expect("messages") {
            if message["direction"] != "out" {
                continue;
            }
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let changes = message["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
            let one = Shown {
                text: text(&message["messageText"]),
                state: text(&message["delivery"]["state"]),
                deleted: message["deletedAt"].is_string(),
                changes: changes.iter().map(|change| text(&change["state"])).collect(),
            };
            let twice = shown.insert(text(&message["id"]), one);
            assert!(twice.is_none(), "shown twice: {message}");
        }
        url = match &page["nextCursor"] {
            Value::Null => return shown,
            Value::String(cursor) => format!("{first}&before={cursor}"),
            cursor => format!("{first}&before={cursor}"),
        };
    }
}
