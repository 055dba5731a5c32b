use std::{
    io::{Cursor, Error},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use events::{
    Service,
    bus::ObjectError,
    images::StoredObject,
    subjects::{FILES_BUCKET, MEDIA_BUCKET},
};
use testkit::{Broker, wait_for};
use tokio::io::{AsyncRead, AsyncReadExt as _, ReadBuf};

#[tokio::test(flavor = "multi_thread")]
async fn bytes_come_back_as_they_were_put() {
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await.objects(MEDIA_BUCKET).await.unwrap();
    let worker = broker.bus(Service::MediaWorker).await.objects(MEDIA_BUCKET).await.unwrap();
    let bytes: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
    let stored = edge.put("a/original", "image/png", &bytes).await.unwrap();
    assert_eq!((stored.size, stored.content_type.as_str()), (700_000, "image/png"));
    assert_eq!(worker.get(&stored).await.unwrap(), bytes);
    // Rendering again replaces what an interrupted rendering has left.
    let replaced = worker.put("a/original", "image/png", b"smaller").await.unwrap();
    assert_eq!(edge.get(&replaced).await.unwrap().as_ref(), b"smaller");
    assert!(matches!(edge.get(&stored).await, Err(ObjectError::Corrupt { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found() {
    let broker = Broker::start().await;
    let bridge = broker.bus(Service::BotBridge).await.objects(FILES_BUCKET).await.unwrap();
    let missing = StoredObject { name: "nothing".into(), ..StoredObject::sample() };
    assert!(matches!(bridge.get(&missing).await, Err(ObjectError::NotFound { .. })));
}

/// A megabyte, and then nothing good.
struct Cut;

impl AsyncRead for Cut {
    fn poll_read(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
        _buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Poll::Ready(Err(Error::other("too large")))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stays_of_what_does_not_come_whole() {
    let broker = Broker::start().await;
    let provision = broker.bus(Service::Provision).await;
    let edge = broker.bus(Service::HttpEdge).await.objects(FILES_BUCKET).await.unwrap();
    let bytes = async || {
        let stream = provision.jetstream().get_stream("OBJ_files").await.unwrap();
        stream.cached_info().state.bytes
    };
    let megabyte = || Cursor::new(vec![7; 1_000_000]);

    let refused = edge.put_stream("refused", "text/plain", megabyte().chain(Cut)).await.unwrap_err();
    let ObjectError::Unavailable { source, .. } = refused else { panic!("{refused}") };
    assert_eq!(source.to_string(), "too large");
    assert!(bytes().await < 2_000, "only the note that it is gone: {}", bytes().await);

    // Whoever sent it went away: nobody waits any more.
    let (held, never) = tokio::io::duplex(1);
    let gone = edge.put_stream("gone", "text/plain", megabyte().chain(never));
    assert!(tokio::time::timeout(Duration::from_millis(500), gone).await.is_err());
    drop(held);
    wait_for("the pieces to go", async || bytes().await < 2_000).await;

    let kept = edge.put_stream("kept", "text/plain", megabyte()).await.unwrap();
    assert_eq!(edge.get(&kept).await.unwrap(), vec![7; 1_000_000]);
    edge.delete(&kept.name).await.unwrap();
    assert!(matches!(edge.get(&kept).await, Err(ObjectError::NotFound { .. })));
    assert!(bytes().await < 3_000);
}
