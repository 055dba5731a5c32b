//! What faults do to a call.

use std::time::Duration;

use super::answer::{Answer, Refusal};
use crate::state::fault::{Effect, When};

/// How a call ends.
#[derive(Debug)]
pub(super) enum Struck {
    Answer(Answer),
    Hang,
    Reset,
}

/// Waits out the delays of that moment, then says whether the call ends there.
pub(super) async fn strike(faults: &[(When, Effect)], moment: When) -> Option<Struck> {
    for (_, effect) in faults.iter().filter(|(when, _)| *when == moment) {
        match effect {
            Effect::Slow { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Effect::Hang => return Some(Struck::Hang),
            Effect::Reset => return Some(Struck::Reset),
            Effect::Error { code, description, retry_after } => {
                return Some(Struck::Answer(Err(refusal(*code, description.as_deref(), *retry_after))));
            }
        }
    }
    None
}

fn refusal(code: u16, description: Option<&str>, retry_after: Option<u32>) -> Refusal {
    let mut refusal = match (code, retry_after) {
        (429, seconds) => Refusal::too_many_requests(seconds.unwrap_or(1)),
        _ => Refusal::of_code(code),
    };
    if let Some(description) = description {
        refusal.description = description.into();
    }
    refusal
}
