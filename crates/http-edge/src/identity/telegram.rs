//! Linking one's account with Telegram: a one-time word that the bot is told shows whose account it is.

use std::time::Duration;

use axum::{
    extract::{Path, State},
    response::{Redirect, Response},
};
use events::{Outgoing, Service, users::TelegramUnlinked};
use jiff::SignedDuration;
use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use store::{desk, users};

use super::account_page;
use crate::{
    auth::{Caller, PageUser},
    desk::settled,
    edge::Site,
    layout::Frame,
    pages::{BotLink, LinkOffer, LinkedPerson, TelegramLinks},
    problem::Problem,
    trace::Trace,
};

/// How long a word is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(15);
/// How long the answer waits for the table.
const PATIENCE: Duration = Duration::from_secs(3);

/// `POST /dashboard/account/telegram`: the page with a word that nobody sees again.
pub(crate) async fn offer_link(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    frame: Frame,
) -> Result<Response, Problem> {
    let offer = offer(&site, &caller).await?;
    account_page::page(&site, &caller, frame, Vec::new(), Some(offer)).await
}

/// `POST /dashboard/account/telegram/{telegramUserId}/unlink`
pub(crate) async fn unlink_form(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    Path(telegram_user_id): Path<i64>,
    trace: Trace,
) -> Result<Redirect, Problem> {
    let linked = users::linked_to(&mut *site.conn().await?, caller.id()).await?;
    // One that is gone already is what was asked for; another's is none of theirs.
    if linked.iter().any(|one| one.telegram_user_id == telegram_user_id) {
        let event = TelegramUnlinked { user_id: caller.id(), telegram_user_id };
        let mut request = Outgoing::request(Service::HttpEdge, &caller.auth(), event);
        request.meta.traceparent = trace.0;
        let published = site.bus.publish(&request).await?;
        if !settled::wait_for_desk(&site, published.sequence, PATIENCE).await {
            tracing::warn!("the chat worker is behind: a link is still in the table");
        }
    }
    Ok(Redirect::to("/dashboard/account?notice=telegram-unlinked"))
}

/// What the page shows of it.
pub(super) async fn links(
    site: &Site,
    caller: &Caller,
    offer: Option<LinkOffer>,
) -> Result<TelegramLinks, Problem> {
    let linked = users::linked_to(&mut *site.conn().await?, caller.id()).await?;
    let linked = linked.into_iter().map(|one| {
        let names = [one.first_name, one.last_name].into_iter().flatten().collect::<Vec<_>>();
        LinkedPerson { id: one.telegram_user_id, name: names.join(" "), username: one.username }
    });
    Ok(TelegramLinks { linked: linked.collect(), offer })
}

async fn offer(site: &Site, caller: &Caller) -> Result<LinkOffer, Problem> {
    let mut conn = site.conn().await?;
    let bots = desk::all(&mut conn).await.map_err(Problem::internal)?;
    let names: Vec<String> = bots.into_iter().filter_map(|bot| bot.username).collect();
    let word = hex::encode(rand::rng().random::<[u8; 16]>());
    let hash: [u8; 32] = Sha256::digest(&word).into();
    let now = events::now();
    let until = now + GOOD_FOR;
    if !names.is_empty() {
        users::keep_link_word(&mut conn, caller.id(), &hash, now, until).await?;
    }
    drop(conn);
    let link = |name: &str| format!("https://t.me/{name}?start=link_{word}");
    // Of a simulated Telegram there are no such links.
    let bots = names.into_iter().map(|username| {
        let link = site.real_telegram.then(|| link(&username));
        let qr = link.as_deref().and_then(|link| qr_code::Code::of(link).ok()).map(|code| code.svg());
        BotLink { username, link, qr }
    });
    Ok(LinkOffer { bots: bots.collect(), command: format!("/start link_{word}"), until })
}
