use axum::extract::{ConnectInfo, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::answer::Refusal;
use super::struck::{Struck, strike};
use crate::line::Cut;
use crate::state::fault::When;
use crate::world::World;

/// `GET /file/bot<token>/<file_path>`. Faults of the method `download` strike here.
pub(crate) async fn download_file(
    State(world): State<World>,
    Path((token, path)): Path<(String, String)>,
    ConnectInfo(cut): ConnectInfo<Cut>,
) -> Response {
    let Some(world) = world.of_token(&token) else {
        return Refusal::unauthorized().into_response();
    };
    let faults = world.state().strike("download", None);
    for moment in [When::Before, When::After] {
        match strike(&faults, moment).await {
            None => {}
            Some(Struck::Answer(Err(refusal))) => return refusal.into_response(),
            Some(Struck::Hang) => world.shutdown.cancelled().await,
            Some(Struck::Reset | Struck::Answer(Ok(_))) => {
                cut.cut();
                return Refusal::of_code(502).into_response();
            }
        }
    }
    let file = world.state().files.by_path(&path);
    match file {
        // Telegram does not tell the type of a file it hands out.
        Some(file) => {
            ([(header::CONTENT_TYPE, "application/octet-stream")], file.bytes.clone()).into_response()
        }
        None => Refusal::not_found().into_response(),
    }
}
