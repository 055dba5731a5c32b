use events::{
    Service,
    bus::ObjectError,
    images::StoredObject,
    subjects::{FILES_BUCKET, MEDIA_BUCKET},
};
use testkit::Broker;

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
