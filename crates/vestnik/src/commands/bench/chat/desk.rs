use std::{sync::Arc, time::Instant};

use super::{Desk, fill};
use crate::commands::bench::{
    client::Connection,
    load::{Ask, Load},
};

const CONNECTIONS: usize = 4;

/// What an operator asks for all day, with many chats.
pub(super) async fn measure(desk: &Desk<'_>, chats: i64) -> anyhow::Result<()> {
    let started = Instant::now();
    fill::fill(&desk.system.target().store()?, chats).await?;
    println!(
        "{chats} chats, {} messages ({:.0} s to make); {CONNECTIONS} connections",
        chats * 50,
        started.elapsed().as_secs_f64()
    );
    println!();
    let somebody = fill::somebody(chats);
    for (what, path) in [
        ("the list", "/api/operator-chats?status=open&limit=50".to_owned()),
        ("the list, by a name", "/api/operator-chats?limit=50&search=%D0%96%D0%B0%D0%BD%D0%BD%D0%B0".to_owned()),
        ("the list, by a username", format!("/api/operator-chats?limit=50&search=user_{}", chats / 3)),
        ("the list, by a common word", "/api/operator-chats?limit=50&search=%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7".to_owned()),
        (
            "the list, by a rare word",
            format!("/api/operator-chats?limit=50&search=%D0%BD%D0%BE%D0%BC%D0%B5%D1%80%20{}", chats * 25),
        ),
        (
            "the list, by what nobody wrote",
            "/api/operator-chats?limit=50&search=%D0%B3%D0%B8%D0%BF%D0%BF%D0%BE%D0%BF%D0%BE%D1%82%D0%B0%D0%BC".to_owned(),
        ),
        ("a chat's newest messages", format!("/api/users/{somebody}/operator-chat?limit=50")),
    ] {
        let ask = Page { path: path.into(), token: desk.token.as_str().into() };
        let load = Load { address: desk.backoffice, connections: CONNECTIONS, pause: None, ask };
        println!("{}", load.run(desk.duration / 2).await?.line(what));
    }
    Ok(())
}

#[derive(Debug, Clone)]
struct Page {
    path: Arc<str>,
    token: Arc<str>,
}

impl Ask for Page {
    async fn ask(&self, connection: &mut Connection, _turn: usize) -> anyhow::Result<bool> {
        Ok(connection.get_json(&self.path, &self.token).await?.0 == 200)
    }
}
