//! The worker between a real broker and a real database: uploads in, rendered pictures out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    io::Cursor,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use async_nats::jetstream::{AckKind, consumer::PullConsumer};
use events::{
    LogEvent, Outgoing, Service,
    bus::Objects,
    images::{ImageEvent, ImageProgress, ImageUploaded, Stage},
    subjects,
    users::{Role, UserRegistered},
};
use futures::StreamExt as _;
use media_worker::{
    Config, Renderer,
    render::{Artifact, Options, RenderError, Unread, render, render_telling},
};
use process::Shutdown;
use store::images::{self, ImageStatus};
use testkit::{System, wait_for_value};
use uuid::Uuid;

const LINK: &str = "https://example.org/a-link";

struct Desk {
    system: System,
    shutdown: Shutdown,
    worker: tokio::task::JoinHandle<anyhow::Result<()>>,
    objects: Objects,
    owner: Uuid,
}

impl Desk {
    async fn open() -> Self {
        Self::rendering_with(Arc::new(render_telling), Duration::from_secs(60)).await
    }

    async fn rendering_with(renderer: Renderer, patience: Duration) -> Self {
        Self::without_worker().await.working(renderer, patience)
    }

    async fn without_worker() -> Self {
        let system = System::start().await;
        let owner = Uuid::now_v7();
        let user = UserRegistered {
            user_id: owner,
            phone: "+79241242417".into(),
            name: "Анна".into(),
            role: Role::Customer,
        };
        let registered = Outgoing::request(Service::HttpEdge, "test", user);
        store::apply(&mut *system.conn().await, &[registered.recorded().unwrap()]).await.unwrap();
        let objects = system.bus(Service::HttpEdge).await.objects(subjects::MEDIA_BUCKET).await.unwrap();
        let worker = tokio::spawn(async { Ok(()) });
        Self { system, shutdown: Shutdown::new(), worker, objects, owner }
    }

    fn working(self, renderer: Renderer, patience: Duration) -> Self {
        let config =
            Config { worker: self.system.worker_config(), media_concurrency: Some(2), media_memory: None };
        let running = media_worker::run_with(renderer, patience, config, self.shutdown.clone());
        Self { worker: tokio::spawn(running), ..self }
    }

    /// Uploads as the edge does; the returned event can be published again.
    async fn upload(&self, bytes: &[u8], link: Option<&str>) -> Outgoing {
        let image_id = Uuid::now_v7();
        let original = self.objects.put(&format!("{image_id}/original"), "image/jpeg", bytes).await.unwrap();
        let uploaded = ImageUploaded {
            image_id,
            owner_id: self.owner,
            original,
            width: 1000,
            height: 800,
            target_url: link.map(str::to_owned),
            source_image_id: None,
            placement: None,
        };
        let event = Outgoing::request(Service::HttpEdge, "test", uploaded);
        self.system.bus(Service::HttpEdge).await.publish(&event).await.unwrap();
        event
    }

    async fn image(&self, event: &Outgoing) -> images::Image {
        let id = event.meta.entity.parse().unwrap();
        wait_for_value("the picture to be handled", async || {
            let image = images::by_id(&mut *self.system.conn().await, id).await.unwrap()?;
            (image.status != ImageStatus::Uploaded || image.target_url.is_none()).then_some(image)
        })
        .await
    }

    async fn close(self) {
        self.shutdown.cancel();
        self.worker.await.unwrap().unwrap();
        self.system.no_dead_letters().await;
    }
}

fn jpeg() -> Vec<u8> {
    jpeg_of(200)
}

/// Another picture for each shade.
fn jpeg_of(shade: u8) -> Vec<u8> {
    let picture =
        image::RgbImage::from_fn(1_000, 800, |x, y| image::Rgb([(x / 4) as u8, (y / 4) as u8, shade]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn link_in(picture: &[u8]) -> String {
    let picture = image::load_from_memory(picture).unwrap().to_luma8();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        picture.width() as usize,
        picture.height() as usize,
        |x, y| picture.get_pixel(x as u32, y as u32).0[0],
    );
    prepared.detect_grids()[0].decode().unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_with_a_link_comes_back_with_its_code() {
    let desk = Desk::open().await;
    let image = desk.image(&desk.upload(&jpeg(), Some(LINK)).await).await;
    assert_eq!(image.status, ImageStatus::Rendered);
    let processed = desk.objects.get(image.processed.as_ref().unwrap()).await.unwrap();
    assert_eq!(link_in(&processed), LINK);
    for object in [&image.qr_png, &image.qr_svg, &image.thumbnail] {
        assert!(!desk.objects.get(object.as_ref().unwrap()).await.unwrap().is_empty());
    }
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_without_a_link_is_only_written_down() {
    let desk = Desk::open().await;
    let image = desk.image(&desk.upload(&jpeg(), None).await).await;
    assert_eq!(image.status, ImageStatus::Uploaded);
    desk.system.settle(&[subjects::MEDIA_WORKER]).await;
    assert_eq!(desk.system.log().await.len(), 1);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_none_fails_with_a_reason_and_harms_no_other() {
    let desk = Desk::open().await;
    let (bad, good) =
        (desk.upload(b"not a picture", Some(LINK)).await, desk.upload(&jpeg(), Some(LINK)).await);
    let (bad, good) = (desk.image(&bad).await, desk.image(&good).await);
    assert_eq!(bad.status, ImageStatus::Failed);
    assert_eq!(bad.failure.unwrap().0, "unsupported_type");
    assert_eq!(good.status, ImageStatus::Rendered);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_upload_twice_is_rendered_once() {
    let desk = Desk::open().await;
    let event = desk.upload(&jpeg(), Some(LINK)).await;
    desk.image(&event).await;
    desk.system.bus(Service::HttpEdge).await.publish(&event).await.unwrap();
    desk.system.settle(&[subjects::MEDIA_WORKER]).await;
    let rendered = desk
        .system
        .log()
        .await
        .iter()
        .filter(|message| {
            let event = message.decode().unwrap().event;
            matches!(event, LogEvent::Image(ImageEvent::ImageRendered(_)))
        })
        .count();
    assert_eq!(rendered, 1);
    desk.close().await;
}

/// As when the process ends each time: nothing comes back but the message.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_never_comes_back_from_the_renderer_fails_in_the_end() {
    let rendered = Arc::new(AtomicUsize::new(0));
    let (count, deadly) = (Arc::clone(&rendered), jpeg_of(90));
    let renderer = but_for(deadly.clone(), move || {
        count.fetch_add(1, Ordering::SeqCst);
        None
    });
    let desk = Desk::without_worker().await;
    let event = desk.upload(&deadly, Some(LINK)).await;
    let worker = desk.system.bus(Service::MediaWorker).await;
    let consumer = subjects::MEDIA_WORKER.name;
    let consumer: PullConsumer =
        worker.jetstream().get_consumer_from_stream(consumer, subjects::EVENTS).await.unwrap();
    for _ in 0..8 {
        let pull = consumer.batch().max_messages(1).expires(Duration::from_secs(10));
        let mut pulled = pull.messages().await.unwrap();
        pulled.next().await.unwrap().unwrap().ack_with(AckKind::Nak(None)).await.unwrap();
        worker.core().flush().await.unwrap();
    }
    let desk = desk.working(renderer, Duration::from_secs(60));
    let image = desk.image(&event).await;
    assert_eq!(image.failure.unwrap().0, "renderer_failed");
    assert_eq!(rendered.load(Ordering::SeqCst), 0);
    desk.close().await;
}

/// Another version of the renderer, or another worker, may have had it in hand before.
#[tokio::test(flavor = "multi_thread")]
async fn other_bytes_of_the_same_picture_replace_nothing() {
    let desk = Desk::open().await;
    let event = desk.upload(&jpeg(), Some(LINK)).await;
    let image = desk.image(&event).await;
    let processed = image.processed.unwrap();
    assert!(processed.name.ends_with(&processed.sha256), "{}", processed.name);
    desk.close().await;
}

/// A renderer to which one picture is special.
fn but_for(special: Vec<u8>, outcome: impl Fn() -> Option<RenderError> + Send + Sync + 'static) -> Renderer {
    Arc::new(move |bytes, link, options, tell| match (bytes == special).then(&outcome).flatten() {
        Some(error) => Err(error),
        None => render_telling(bytes, link, options, tell),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_picture_does_not_delay_its_neighbours() {
    let (release, hold) = mpsc::channel::<()>();
    let (slow, hold) = (jpeg_of(90), Mutex::new(hold));
    let renderer = but_for(slow.clone(), move || {
        let _ = hold.lock().unwrap().recv();
        None
    });
    let desk = Desk::rendering_with(renderer, Duration::from_secs(60)).await;
    let waiting = desk.upload(&slow, Some(LINK)).await;
    for shade in 0..6 {
        let quick = desk.upload(&jpeg_of(shade), Some(LINK)).await;
        assert_eq!(desk.image(&quick).await.status, ImageStatus::Rendered);
    }
    drop(release);
    assert_eq!(desk.image(&waiting).await.status, ImageStatus::Rendered);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_hangs_or_breaks_fails_alone_and_does_not_come_again() {
    let (release, hold) = mpsc::channel::<()>();
    let (hanging, breaking, hold) = (jpeg_of(90), jpeg_of(91), Mutex::new(hold));
    let broken = breaking.clone();
    let renderer: Renderer = Arc::new(move |bytes, link, options, tell| {
        assert!(bytes != broken, "broken on purpose");
        but_for_hang(bytes, &hold);
        render_telling(bytes, link, options, tell)
    });
    let desk = Desk::rendering_with(renderer, Duration::from_millis(800)).await;
    for (bytes, code) in [(&hanging, "timed_out"), (&breaking, "renderer_failed")] {
        let image = desk.image(&desk.upload(bytes, Some(LINK)).await).await;
        assert_eq!(image.failure.unwrap().0, code);
    }
    let image = desk.image(&desk.upload(&jpeg(), Some(LINK)).await).await;
    assert_eq!(image.status, ImageStatus::Rendered);
    desk.system.settle(&[subjects::MEDIA_WORKER]).await;
    drop(release);
    desk.close().await;
}

/// Waits for the sender's end if this is the picture of shade 90.
fn but_for_hang(bytes: &[u8], hold: &Mutex<mpsc::Receiver<()>>) {
    if bytes == jpeg_of(90) {
        let _ = hold.lock().unwrap().recv();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendering_that_cannot_be_read_is_kept_for_administrators() {
    let special = jpeg_of(90);
    let rendered = render(&special, LINK, &Options::default()).unwrap();
    let unread = Unread {
        candidate: Artifact { bytes: b"a picture".to_vec(), ..rendered.processed.clone() },
        geometry: rendered.geometry,
        read_back: rendered.read_back,
        attempts: 5,
    };
    let renderer =
        but_for(special.clone(), move || Some(RenderError::ReadBackFailed(Box::new(unread.clone()))));
    let desk = Desk::rendering_with(renderer, Duration::from_secs(60)).await;
    let image = desk.image(&desk.upload(&special, Some(LINK)).await).await;
    assert_eq!(image.failure.unwrap().0, "read_back_failed");
    let candidate = desk.objects.get(&image.candidate.unwrap()).await.unwrap();
    assert_eq!(candidate, &b"a picture"[..]);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stages_of_a_picture_are_told_in_order() {
    let desk = Desk::open().await;
    let edge = desk.system.bus(Service::HttpEdge).await;
    let mut heard = edge.core().subscribe("progress.images.*").await.unwrap();
    edge.core().flush().await.unwrap();
    let event = desk.upload(&jpeg(), Some(LINK)).await;
    let mut stages = Vec::new();
    while stages.last() != Some(&Stage::Storing) {
        let message = tokio::time::timeout(Duration::from_secs(20), heard.next()).await.unwrap().unwrap();
        let progress: ImageProgress = serde_json::from_slice(&message.payload).unwrap();
        assert_eq!(
            (progress.image_id.to_string(), progress.owner_id),
            (event.meta.entity.clone(), desk.owner)
        );
        stages.push(progress.stage);
    }
    use Stage::{Decoding, Fetching, ReadingBack, Rendering, Storing};
    assert_eq!(stages, [Fetching, Decoding, Rendering, ReadingBack, Storing]);
    desk.image(&event).await;
    desk.close().await;
}
