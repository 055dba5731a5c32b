use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use process::Shutdown;
use rand::Rng as _;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep},
};
use uuid::Uuid;

use super::accounts::Account;

/// What a customer was told, once and for all.
#[derive(Debug)]
pub(crate) struct Placed {
    pub order: Uuid,
    pub title: String,
    pub customer: Uuid,
    /// Kopecks.
    pub amount: i64,
    /// 201; otherwise 402.
    pub accepted: bool,
}

/// An order that is asked for until there is an answer.
struct Wish {
    http: reqwest::Client,
    url: String,
    customer: Account,
    key: String,
    amount: i64,
    deadline: Timestamp,
}

/// Requests of one customer that wait for an answer, at the most.
const AT_ONCE: usize = 40;
const AGAIN: Duration = Duration::from_millis(40);

/// Every customer orders in a steady beat, whatever became of the orders before; returns what they were told.
pub(crate) async fn order(
    http: reqwest::Client,
    public_url: String,
    customers: Vec<Account>,
    period: Duration,
    stop: Shutdown,
) -> anyhow::Result<Vec<Placed>> {
    let deadline =
        "2027-11-01T00:00:00Z".parse::<Timestamp>()?.max(Timestamp::now() + Duration::from_secs(86_400 * 30));
    let slots: Vec<_> = customers.iter().map(|_| Arc::new(Semaphore::new(AT_ONCE))).collect();
    let mut orders = JoinSet::new();
    let mut beat = interval(period);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0_i64.. {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = beat.tick() => {}
        }
        for (customer, slots) in customers.iter().zip(&slots) {
            let Ok(slot) = Arc::clone(slots).try_acquire_owned() else { continue };
            let wish = Wish {
                http: http.clone(),
                url: format!("{public_url}/api/orders"),
                customer: customer.clone(),
                key: format!("order-{number}"),
                amount: 10_000 + number % 7_919,
                deadline,
            };
            orders.spawn(async move {
                let placed =
                    wish.place().await.with_context(|| format!("{} of {}", wish.key, wish.customer.id));
                drop(slot);
                placed
            });
        }
    }
    let mut told = Vec::new();
    while let Some(placed) = orders.join_next().await {
        told.push(placed??);
    }
    Ok(told)
}

impl Wish {
    /// Asks until the answer is final, and now and then once more after it.
    async fn place(&self) -> anyhow::Result<Placed> {
        let placed = self.ask_until_answered(None).await?;
        if rand::rng().random_ratio(1, 8) {
            let again = self.ask_until_answered(Some(placed.order)).await?;
            ensure!(again.accepted == placed.accepted, "asked again, the answer was another one");
        }
        Ok(placed)
    }

    /// `known` is the order that the key stands for, as far as the customer was told.
    async fn ask_until_answered(&self, mut known: Option<Uuid>) -> anyhow::Result<Placed> {
        loop {
            let Ok((status, body)) = self.ask().await else {
                sleep(AGAIN).await;
                continue;
            };
            let told = match status {
                StatusCode::CREATED => &body["order"]["id"],
                StatusCode::ACCEPTED => &body["id"],
                StatusCode::PAYMENT_REQUIRED => &body["orderId"],
                _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    sleep(AGAIN).await;
                    continue;
                }
                _ => bail!("answered {status}: {body}"),
            };
            let id: Uuid =
                told.as_str().with_context(|| format!("{status} without an id: {body}"))?.parse()?;
            let before = *known.get_or_insert(id);
            ensure!(before == id, "the same key was order {before} and then {id}");
            if status == StatusCode::ACCEPTED {
                sleep(AGAIN).await;
                continue;
            }
            let accepted = status == StatusCode::CREATED;
            ensure!(!accepted || body["order"]["status"] == "open", "a 201 that is not open: {body}");
            let (title, customer, amount) = (self.key.clone(), self.customer.id, self.amount);
            return Ok(Placed { order: id, title, customer, amount, accepted });
        }
    }

    async fn ask(&self) -> reqwest::Result<(StatusCode, Value)> {
        let rubles = format!("{}.{:02}", self.amount / 100, self.amount % 100);
        let body = json!({
            "title": self.key,
            "description": "Посмотреть и рассказать",
            "targetUrl": "https://example.org/",
            "totalAmount": rubles.parse::<f64>().expect("a number"),
            "location": {"country": "RU"},
            "deadline": self.deadline,
            "platforms": ["telegram"],
        });
        let request = self.http.post(&self.url).bearer_auth(&self.customer.token);
        let response = request.header("Idempotency-Key", &self.key).json(&body).send().await?;
        let status = response.status();
        Ok((status, if status.is_server_error() { Value::Null } else { response.json().await? }))
    }
}
