use std::time::Instant;

use axum::extract::{ConnectInfo, Path, Request, State};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Refusal, respond};
use super::params::Params;
use super::struck::{Struck, strike};
use super::{carry_out, spelled};
use crate::line::Cut;
use crate::state::call_log::CallLog;
use crate::state::fault::When;
use crate::world::World;

/// `/bot<token>/<method>`
pub(crate) async fn call(
    State(world): State<World>,
    Path((token, method)): Path<(String, String)>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let Some(world) = world.of_token(&token) else {
        return Refusal::unauthorized().into_response();
    };
    let Some(method) = spelled(&method) else {
        return Refusal::not_found().into_response();
    };
    note(&world, |calls| calls.begin(method));
    match answer(&world, method, request).await {
        Struck::Answer(answer) => {
            let failure = answer.as_ref().err().map(|refusal| refusal.code);
            note(&world, |calls| calls.end(method, failure));
            respond(answer)
        }
        Struck::Hang => {
            // Ends when the bot gives up, which drops this future, or when we stop.
            world.shutdown.cancelled().await;
            Refusal::of_code(504).into_response()
        }
        Struck::Reset => {
            cut.cut();
            Refusal::of_code(502).into_response()
        }
    }
}

/// Writes into the call log, and wakes whoever waits for a call.
fn note(world: &World, write: impl FnOnce(&mut CallLog)) {
    let mut state = world.state();
    write(&mut state.calls);
    state.signals.changed.send_modify(|count| *count += 1);
}

async fn answer(world: &World, method: &'static str, request: Request) -> Struck {
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(refusal) => return Struck::Answer(Err(refusal)),
    };
    let chat_id = params.integer("chat_id");
    let faults = world.state().strike(method, chat_id);
    if let Some(struck) = strike(&faults, When::Before).await {
        return struck;
    }
    let answer = within_limits(world, method, params).await;
    strike(&faults, When::After).await.unwrap_or(Struck::Answer(answer))
}

/// Only messages count towards the limits, as far as Telegram tells.
async fn within_limits(world: &World, method: &'static str, params: Params) -> Answer {
    let is_message = method.starts_with("send") && method != "sendChatAction";
    if is_message && let Some(chat_id) = params.integer("chat_id") {
        let admitted = world.state().limiter.admit(chat_id, Instant::now());
        admitted.map_err(Refusal::too_many_requests)?;
    }
    carry_out(world, method, params).await
}
