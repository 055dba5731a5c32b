use std::{sync::Arc, time::Duration};

use super::Desk;
use crate::commands::bench::{
    client::Connection,
    load::{Ask, Load},
};

/// Below what Telegram allows, 30 replies/s; and were it ten times as much.
const PACES: [f64; 2] = [25.0, 300.0];
const CONNECTIONS: usize = 64;
/// The people of the measurement of incoming messages.
const FIRST: i64 = 1_000_000_001;

/// From the operator's request until Telegram has taken the reply and the operator is told so.
pub(super) async fn measure(desk: &Desk<'_>, people: u32) -> anyhow::Result<()> {
    let ask = Replies { run: f64::INFINITY, token: desk.token.as_str().into(), people: people.into() };
    let load = Load { address: desk.backoffice, connections: CONNECTIONS, pause: None, ask };
    println!("{}", load.run(desk.duration).await?.line("Vestnik, replies as fast as they are taken"));
    for pace in PACES {
        // The same words again would be the same replies, which are there already.
        let ask = Replies { run: pace, ..load.ask.clone() };
        let pause = Some(Duration::from_secs_f64(CONNECTIONS as f64 / pace));
        let paced = Load { pause, ask, ..load };
        println!("{}", paced.run(desk.duration).await?.line(&format!("Vestnik, {pace} replies/s")));
    }
    Ok(())
}

#[derive(Debug, Clone)]
struct Replies {
    /// At which pace; every run has words of its own.
    run: f64,
    token: Arc<str>,
    people: i64,
}

impl Ask for Replies {
    async fn ask(&self, connection: &mut Connection, turn: usize) -> anyhow::Result<bool> {
        let person = FIRST + i64::try_from(turn)? % self.people;
        let path = format!("/api/users/{person}/operator-chat");
        let body =
            format!(r#"{{"messageText":"Ответ {turn}","clientMessageId":"bench-{}-{turn}"}}"#, self.run);
        let (status, body) = connection.post_json(&path, &self.token, &body).await?;
        let message: serde_json::Value = serde_json::from_slice(body)?;
        Ok(status == 201 && message["message"]["delivery"]["state"] == "sent")
    }
}
