use serde_json::json;

use super::answer::{Answer, Refusal};
use super::params::Params;
use crate::world::World;

/// Bots can download files of up to 20 MB (Bot API, getFile).
const LARGEST_DOWNLOAD: usize = 20 * 1024 * 1024;

pub(super) fn get_file(world: &World, params: &Params) -> Answer {
    let file_id = params.text("file_id").ok_or_else(|| Refusal::bad_request("file_id not specified"))?;
    let file = world.state().files.by_id(file_id).ok_or_else(|| Refusal::bad_request("invalid file_id"))?;
    if file.bytes.len() > LARGEST_DOWNLOAD {
        return Err(Refusal::bad_request("file is too big"));
    }
    let answer = json!({
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
        "file_size": file.bytes.len(),
        "file_path": file.file_path,
    });
    Ok(answer.to_string())
}
