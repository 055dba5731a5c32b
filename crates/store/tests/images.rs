//! Pictures in their table: uploaded once, rendered at most once.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

use events::{
    Event, Outgoing, Recorded, Service,
    images::{ImageFailed, ImageRendered, ImageUploaded},
    users::UserRegistered,
};
use store::images::{self, ImageStatus};
use testkit::TestDatabase;

fn recorded<E: Event>(event: E) -> Recorded {
    Outgoing::request(Service::MediaWorker, "test", event).recorded().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendering_counts_over_a_failure_and_repetitions_change_nothing() {
    let database = TestDatabase::create().await;
    let store = database.store();
    let mut conn = store.conn().await.unwrap();
    let id = ImageUploaded::sample().image_id;
    let uploaded = recorded(ImageUploaded::sample());
    store::apply(&mut conn, &[recorded(UserRegistered::sample()), uploaded.clone()]).await.unwrap();
    let image = images::by_id(&mut conn, id).await.unwrap().unwrap();
    assert_eq!((image.status, image.width), (ImageStatus::Uploaded, 1600));
    assert_eq!(image.original, ImageUploaded::sample().original);
    assert_eq!(Some(image.placement), ImageUploaded::sample().placement);

    let failed = recorded(ImageFailed::sample());
    store::apply(&mut conn, &[failed.clone(), uploaded.clone()]).await.unwrap();
    let image = images::by_id(&mut conn, id).await.unwrap().unwrap();
    assert_eq!((image.status, image.failure.unwrap().0.as_str()), (ImageStatus::Failed, "truncated"));
    assert_eq!(image.candidate, ImageFailed::sample().candidate);

    let rendered = recorded(ImageRendered { width: 1200, height: 1600, ..ImageRendered::sample() });
    store::apply(&mut conn, std::slice::from_ref(&rendered)).await.unwrap();
    let image = images::by_id(&mut conn, id).await.unwrap().unwrap();
    assert_eq!((image.status, image.width, image.failure.clone()), (ImageStatus::Rendered, 1200, None));
    assert_eq!((image.notes.as_slice(), &image.candidate), (&["first_frame".to_owned()][..], &None));
    assert_eq!(image.thumbnail, Some(ImageRendered::sample().thumbnail));

    store::apply(&mut conn, &[uploaded, failed, rendered]).await.unwrap();
    assert_eq!(images::by_ids(&mut conn, &[id]).await.unwrap(), [image]);
}
