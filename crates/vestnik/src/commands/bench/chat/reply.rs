use std::{sync::Arc, time::Duration};

use super::Desk;
use crate::commands::bench::{
    client::Connection,
    load::{Ask, Load},
};

/// Below what Telegram allows, were its limits ten times as high.
const PACED: f64 = 300.0;
const CONNECTIONS: usize = 64;
/// The people of the measurement of incoming messages.
const FIRST: i64 = 1_000_000_001;

/// From the operator's request until Telegram has taken the reply and the operator is told so.
pub(super) async fn measure(desk: &Desk<'_>, people: u32) -> anyhow::Result<()> {
    let ask = Replies { token: desk.token.as_str().into(), people: people.into() };
    let load = Load { address: desk.backoffice, connections: CONNECTIONS, pause: None, ask };
    println!("{}", load.run(desk.duration).await?.line("Vestnik, replies as fast as they are taken"));
    let pause = Duration::from_secs_f64(CONNECTIONS as f64 / PACED);
    let paced = Load { pause: Some(pause), ..load };
    println!("{}", paced.run(desk.duration).await?.line(&format!("Vestnik, {PACED} replies/s")));
    Ok(())
}

#[derive(Debug, Clone)]
struct Replies {
    token: Arc<str>,
    people: i64,
}

impl Ask for Replies {
    async fn ask(&self, connection: &mut Connection, turn: usize) -> anyhow::Result<bool> {
        let person = FIRST + i64::try_from(turn)? % self.people;
        let path = format!("/api/users/{person}/operator-chat");
        let body = format!(r#"{{"messageText":"Ответ {turn}","clientMessageId":"bench-{turn}"}}"#);
        let (status, body) = connection.post_json(&path, &self.token, &body).await?;
        let message: serde_json::Value = serde_json::from_slice(body)?;
        Ok(status == 201 && message["message"]["delivery"]["state"] == "sent")
    }
}
