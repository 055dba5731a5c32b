use std::time::Duration;

use axum::{
    body::{Body, BodyDataStream},
    extract::Request,
};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tokio::time::{Instant, timeout};

/// Bytes that a request must bring in each [`PERIOD`] that is spent waiting for them.
const LEAST: usize = 64 * 1024;
const PERIOD: Duration = Duration::from_secs(5);
/// How long a request may be waited for before its first bytes, and whenever it is ahead.
const GRACE: Duration = Duration::from_secs(10);

/// A request was sent too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the request came slower than {LEAST} bytes in {PERIOD:?}")]
pub(crate) struct TooSlow;

/// A body as it comes in.
struct Pace {
    body: BodyDataStream,
    /// How long it may still be waited for.
    left: Duration,
    /// Bytes that have not earned any time yet.
    came: usize,
}

/// The request, which ends with an error when it comes too slowly: whoever sends one byte a second would have a turn for
/// minutes.
pub(crate) fn paced(request: Request) -> Request {
    request.map(|body| {
        let pace = Pace { body: body.into_data_stream(), left: GRACE, came: 0 };
        Body::from_stream(stream::unfold(Some(pace), async |pace| pace?.next().await))
    })
}

impl Pace {
    async fn next(mut self) -> Option<(Result<Bytes, axum::BoxError>, Option<Self>)> {
        let since = Instant::now();
        let Ok(chunk) = timeout(self.left, self.body.next()).await else {
            return Some((Err(TooSlow.into()), None));
        };
        self.left = self.left.saturating_sub(since.elapsed());
        match chunk? {
            Ok(chunk) => {
                self.came += chunk.len();
                let earned = (self.came / LEAST).min(2);
                self.left = GRACE.min(self.left + PERIOD * u32::try_from(earned).unwrap_or_default());
                self.came %= LEAST;
                Some((Ok(chunk), Some(self)))
            }
            Err(error) => Some((Err(error.into()), None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes came of a body that brings `size` of them in each of `chunks` seconds.
    async fn came(size: usize, chunks: usize) -> Result<usize, axum::Error> {
        let body = stream::iter(0..chunks).then(move |_| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, std::io::Error>(vec![0; size])
        });
        let mut body = paced(Request::new(Body::from_stream(body))).into_body().into_data_stream();
        let mut bytes = 0;
        while let Some(chunk) = body.next().await {
            bytes += chunk?.len();
        }
        Ok(bytes)
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_must_bring_something_while_it_is_waited_for() {
        assert_eq!(came(LEAST / 4, 100).await.unwrap(), LEAST / 4 * 100, "slow, but in time");
        assert_eq!(came(1, 8).await.unwrap(), 8, "a short one may take its time");
        assert!(came(1, 100).await.is_err());
        assert!(came(LEAST / 8, 100).await.is_err());
    }
}
