//! The worker between a real broker and a real database: uploads in, rendered pictures out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Cursor;

use events::{
    LogEvent, Outgoing, Service,
    bus::Objects,
    images::{ImageEvent, ImageUploaded},
    subjects,
    users::{Role, UserRegistered},
};
use media_worker::Config;
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
        let config = Config { worker: system.worker_config(), media_concurrency: Some(2) };
        let shutdown = Shutdown::new();
        let worker = tokio::spawn(media_worker::run(config, shutdown.clone()));
        let objects = system.bus(Service::HttpEdge).await.objects(subjects::MEDIA_BUCKET).await.unwrap();
        Self { system, shutdown, worker, objects, owner }
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
    let picture = image::RgbImage::from_fn(1_000, 800, |x, y| image::Rgb([(x / 4) as u8, (y / 4) as u8, 90]));
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
