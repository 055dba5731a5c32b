use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    report::Report,
    session::{Session, answer},
};
use crate::target::Target;

const PATIENCE: Duration = Duration::from_secs(10);

/// A Telegram user writes on the simulated phone, an operator answers.
pub(super) async fn run(target: &Target, operator: &Session, report: &mut Report) {
    let Some(telegram) = target.telegram_url() else {
        println!(
            "  skipped chat: Telegram is not simulated; use --user with somebody who has written to the bot"
        );
        return;
    };
    if let Err(error) = flow(&telegram, operator, report).await {
        report.check::<()>("chat: the flow goes on", Err(error));
    }
}

async fn flow(telegram: &str, operator: &Session, report: &mut Report) -> anyhow::Result<()> {
    let phone = Session::browser(telegram)?;
    let body = json!({"first_name": "Проверка", "last_name": "Системы", "username": "vestnik_smoke"});
    let person = phone.post("/sim/api/users", &body, StatusCode::CREATED).await?;
    let user = person["id"].as_i64().context("the simulated user has no id")?;
    let (question, answer_text) = (unique("Вопрос"), unique("Ответ"));

    write(&phone, user, &question).await?;
    let shown = wait_for_message(operator, user, &question).await;
    report.check("chat: a message from Telegram is shown to the operator", shown);
    report.check("chat: the chat is listed as open", listed(operator, user, "open").await);

    let sent = reply(operator, user, &answer_text).await;
    report.check("chat: the operator's answer is taken", sent);
    let delivered = wait_for_delivery(operator, user, &answer_text).await;
    report.check("chat: it is shown as sent", delivered);
    let arrived = wait_for_arrival(&phone, user, &answer_text).await;
    report.check("chat: it arrives on the phone, once", arrived);

    let closed = set_status(operator, user, "closed").await;
    report.check("chat: closed", closed);
    write(&phone, user, &unique("Ещё вопрос")).await?;
    let reopened = eventually("the chat is open", async || listed(operator, user, "open").await).await;
    report.check("chat: a new message opens it again", reopened);
    Ok(())
}

/// The chat with a Telegram user, over HTTP and against the database.
pub(super) async fn with_user(target: &Target, operator: &Session, user: i64, report: &mut Report) {
    let text = unique("Проверка чата");
    let posted = post_chat_message(target, user, &text).await;
    report.check("chat: POST /api/chat-message stores a message", posted);
    report.check("chat: over HTTP the operator sees it", wait_for_message(operator, user, &text).await);
    report.check("chat: it is in chat_messages", in_database(target, user, &text).await);
}

async fn post_chat_message(target: &Target, user: i64, text: &str) -> anyhow::Result<()> {
    let program = Session::browser(&target.public_url())?;
    let body = json!({"userId": user, "messageText": text, "botType": "operator", "direction": "in"});
    let answer = program.post("/api/chat-message", &body, StatusCode::CREATED).await?;
    ensure!(answer["success"] == true, "the answer is {answer}");
    Ok(())
}

async fn in_database(target: &Target, user: i64, text: &str) -> anyhow::Result<()> {
    use diesel::{QueryableByName, sql_types};
    use diesel_async::RunQueryDsl as _;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = sql_types::BigInt)]
        count: i64,
    }
    let store = target.store()?;
    let row: Row = diesel::sql_query(
        "SELECT count(*) AS count FROM chat_messages
         WHERE user_id = $1 AND message_text = $2 AND direction = 'in' AND bot_type = 'operator'",
    )
    .bind::<sql_types::BigInt, _>(user)
    .bind::<sql_types::Text, _>(text)
    .get_result(&mut store.conn().await?)
    .await?;
    ensure!(row.count == 1, "{} rows instead of one", row.count);
    Ok(())
}

fn unique(text: &str) -> String {
    format!("{text} {}", Uuid::now_v7().simple())
}

async fn write(phone: &Session, user: i64, text: &str) -> anyhow::Result<()> {
    phone
        .post(&format!("/sim/api/users/{user}/messages"), &json!({"text": text}), StatusCode::CREATED)
        .await?;
    Ok(())
}

async fn history(operator: &Session, user: i64) -> anyhow::Result<Vec<Value>> {
    let mut page = operator.get(&format!("/api/users/{user}/operator-chat?limit=50")).await?;
    Ok(page["messages"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

async fn find(operator: &Session, user: i64, text: &str) -> anyhow::Result<Value> {
    let messages = history(operator, user).await?;
    messages.into_iter().find(|message| message["messageText"] == text).context("the message is not there")
}

async fn wait_for_message(operator: &Session, user: i64, text: &str) -> anyhow::Result<()> {
    eventually("the message is shown", async || find(operator, user, text).await.map(drop)).await
}

async fn wait_for_delivery(operator: &Session, user: i64, text: &str) -> anyhow::Result<()> {
    eventually("the answer is sent", async || {
        let message = find(operator, user, text).await?;
        ensure!(message["delivery"]["state"] == "sent", "its delivery is {}", message["delivery"]);
        Ok(())
    })
    .await
}

async fn wait_for_arrival(phone: &Session, user: i64, text: &str) -> anyhow::Result<()> {
    eventually("the answer arrives", async || {
        let page = phone.get(&format!("/sim/api/users/{user}/messages?from=bot&limit=100")).await?;
        let messages = page["messages"].as_array().context("no messages")?;
        let times = messages.iter().filter(|message| message["text"] == text).count();
        ensure!(times == 1, "it arrived {times} times");
        Ok(())
    })
    .await
}

/// 201 when Telegram took it at once, 202 when it is queued.
async fn reply(operator: &Session, user: i64, text: &str) -> anyhow::Result<()> {
    let body = json!({"messageText": text, "clientMessageId": Uuid::now_v7().to_string()});
    let path = format!("/api/users/{user}/operator-chat");
    let response = operator.request(Method::POST, &path).json(&body).send().await?;
    if !matches!(response.status(), StatusCode::CREATED | StatusCode::ACCEPTED) {
        bail!("answered {}: {}", response.status(), response.text().await?);
    }
    Ok(())
}

async fn listed(operator: &Session, user: i64, status: &str) -> anyhow::Result<()> {
    let list = operator.get(&format!("/api/operator-chats?status={status}&limit=100")).await?;
    let chats = list["chats"].as_array().context("no list")?;
    ensure!(chats.iter().any(|chat| chat["userId"] == user), "it is not among the {status} chats");
    Ok(())
}

async fn set_status(operator: &Session, user: i64, status: &str) -> anyhow::Result<()> {
    let body = json!({"userId": user, "status": status});
    let request = operator.request(Method::PATCH, "/api/operator-chats").json(&body);
    answer(request, StatusCode::OK).await?;
    listed(operator, user, status).await
}

async fn eventually(what: &str, mut check: impl AsyncFnMut() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let started = Instant::now();
    loop {
        match check().await {
            Ok(()) => return Ok(()),
            Err(error) if started.elapsed() > PATIENCE => {
                return Err(error)
                    .with_context(|| format!("after {} s still waiting until {what}", PATIENCE.as_secs()));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
