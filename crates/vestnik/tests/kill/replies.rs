use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{
    chaos::DATABASE,
    chronicle::Chronicle,
    operator::Reply,
    stage::{PEOPLE, Stage},
};

/// What the desk says of a reply.
struct Shown {
    text: String,
    state: String,
}

/// Every reply arrived exactly once, or the desk says that nobody knows, and in no case twice; those of one
/// operator to one person in the order in which they were written. Returns how many are unknown, and how many of these arrived.
pub(crate) async fn check(stage: &Stage, replies: &[Reply], chronicle: &Chronicle) -> (usize, usize) {
    let mut arrived: HashMap<i64, Vec<String>> = HashMap::new();
    for (user, message) in stage.sim.sent() {
        arrived.entry(user).or_default().push(message.words().to_owned());
    }
    let (mut unknown, mut came) = (0, 0);
    for phone in stage.phones() {
        let user = phone.user_id();
        let arrived = arrived.remove(&user).unwrap_or_default();
        let taken: Vec<&Reply> = replies.iter().filter(|reply| reply.user_id == user).collect();
        let mut shown = history(stage, user).await;
        for reply in &taken {
            let shown = shown.remove(&reply.message.to_string()).unwrap_or_else(|| panic!("lost: {reply:?}"));
            assert_eq!(shown.text, reply.text);
            let times = arrived.iter().filter(|text| **text == reply.text).count();
            match shown.state.as_str() {
                "sent" => assert_eq!(times, 1, "{reply:?} is shown as sent and arrived {times} times"),
                "unknown" => {
                    assert!(times <= 1, "{reply:?} is shown as unknown and arrived {times} times");
                    unknown += 1;
                    came += times;
                }
                state => panic!("{reply:?} is shown as {state} and arrived {times} times"),
            }
        }
        assert!(shown.is_empty(), "the desk shows replies to {user} that it never took: {:?}", shown.keys());
        for text in &arrived {
            assert!(taken.iter().any(|reply| reply.text == *text), "the bot wrote to {user}: {text:?}");
        }
        for desk in taken.iter().map(|reply| reply.desk).collect::<BTreeSet<_>>() {
            let ours = |text: &str| taken.iter().any(|reply| reply.desk == desk && reply.text == text);
            let order: Vec<&String> = arrived.iter().filter(|text| ours(text)).collect();
            let mut written: Vec<&String> = taken.iter().map(|reply| &reply.text).collect();
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
            let one =
                Shown { text: text(&message["messageText"]), state: text(&message["delivery"]["state"]) };
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
