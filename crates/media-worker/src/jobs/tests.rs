use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use super::*;

const LINK: &str = "https://example.org";

/// A picture of this many pixels a side.
fn picture(side: u32) -> Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(side, side).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

fn jobs(cores: usize, memory: u64, renderer: Renderer) -> Arc<Jobs> {
    let patience = Duration::from_millis(500);
    Arc::new(Jobs::new(renderer, Capacity { cores, memory, patience }))
}

async fn outcome(jobs: &Jobs, side: u32) -> Result<Rendered, &'static str> {
    let job = async {
        let (bytes, options) = (picture(side), Options::default());
        let room = jobs.room(jobs.weigh(&bytes, LINK, options).await?).await?;
        Ok(jobs.render(room, Company::Any, bytes, LINK.into(), options, |_| {}).await?.rendered?)
    };
    job.await.map_err(|error: JobError| error.code())
}

const HANGING: u32 = 300;
const BREAKING: u32 = 301;

/// Hangs at one size until the sender is gone, panics at another, renders the rest.
fn treacherous(hold: mpsc::Receiver<()>) -> Renderer {
    let hold = Mutex::new(hold);
    let (hanging, breaking) = (picture(HANGING), picture(BREAKING));
    Arc::new(move |bytes, link, options, tell| {
        if bytes == hanging {
            let _ = hold.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        }
        assert!(bytes != breaking, "broken on purpose");
        render::render_telling(bytes, link, options, tell)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_harms_one_job_only() {
    // A panic may take long to tell its story.
    let capacity = Capacity { cores: 1, memory: 1 << 30, patience: Duration::from_secs(60) };
    let jobs = Jobs::new(treacherous(mpsc::channel().1), capacity);
    for _ in 0..3 {
        assert_eq!(outcome(&jobs, BREAKING).await.unwrap_err(), "renderer_failed");
        assert!(outcome(&jobs, 310).await.is_ok(), "the core and the memory came back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_render_that_hangs_gives_its_core_to_the_others() {
    let (release, hold) = mpsc::channel();
    let jobs = jobs(1, 1 << 30, treacherous(hold));
    assert_eq!(outcome(&jobs, HANGING).await.unwrap_err(), "timed_out");
    assert_eq!(jobs.cores.available_permits(), 1);
    assert!(outcome(&jobs, 310).await.is_ok());

    drop(release);
    let memory = jobs.memory.available_permits();
    while jobs.memory.available_permits() == memory {
        time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(jobs.cores.available_permits(), 1, "its own core does not come back a second time");
    assert_eq!(jobs.memory.available_permits(), 1024);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_many_hang_the_worker_is_to_end() {
    let (release, hold) = mpsc::channel();
    let jobs = jobs(2, 1 << 30, treacherous(hold));
    for _ in 0..stuck::MOST {
        assert_eq!(outcome(&jobs, HANGING).await.unwrap_err(), "timed_out");
    }
    assert!(time::timeout(Duration::from_millis(20), jobs.exhausted()).await.is_err(), "a few may hang");
    assert_eq!(outcome(&jobs, HANGING).await.unwrap_err(), "timed_out");
    time::timeout(Duration::from_secs(1), jobs.exhausted()).await.unwrap();
    drop(release);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_beyond_the_budget_is_refused_before_decoding() {
    let touched = Arc::new(AtomicUsize::new(0));
    let renderer: Renderer = {
        let touched = Arc::clone(&touched);
        Arc::new(move |bytes, link, options, tell| {
            touched.fetch_add(1, Ordering::SeqCst);
            render::render_telling(bytes, link, options, tell)
        })
    };
    let jobs = jobs(1, 40 << 20, renderer);
    assert_eq!(outcome(&jobs, 2_000).await.unwrap_err(), "too_much_memory");
    assert_eq!(touched.load(Ordering::SeqCst), 0);
    assert!(outcome(&jobs, 400).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_render_at_once_than_memory_holds() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let renderer: Renderer = {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        Arc::new(move |bytes, link, options, tell| {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
            let rendered = render::render_telling(bytes, link, options, tell);
            running.fetch_sub(1, Ordering::SeqCst);
            rendered
        })
    };
    // 400² pixels need 27 MiB: two fit, for eight cores.
    let jobs = jobs(8, 60 << 20, renderer);
    let all = (0..6).map(|_| outcome(&jobs, 400));
    assert!(futures::future::join_all(all).await.iter().all(Result::is_ok));
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_what_hangs_leaves_too_little_for_a_picture_the_worker_is_to_end() {
    let (release, hold) = mpsc::channel();
    // A small one takes 26 MiB, the large one 40: the second does not fit beside one that hangs.
    let jobs = jobs(2, 64 << 20, treacherous(hold));
    assert_eq!(outcome(&jobs, HANGING).await.unwrap_err(), "timed_out");
    assert!(outcome(&jobs, 310).await.is_ok(), "what fits beside it is rendered");
    assert!(time::timeout(Duration::from_millis(20), jobs.exhausted()).await.is_err());

    let large = tokio::spawn({
        let jobs = Arc::clone(&jobs);
        async move { outcome(&jobs, 1_000).await.is_ok() }
    });
    time::timeout(Duration::from_secs(5), jobs.exhausted()).await.unwrap();
    drop(release);
    assert!(large.await.unwrap(), "it waits, so that the next process has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_exceeds_the_budget_by_less_than_a_mebibyte_is_refused() {
    let bytes = picture(400);
    let needed = render::memory_bound(&bytes, LINK, &Options::default()).unwrap() + bytes.len() as u64;
    assert_ne!(needed % MIB, 0);
    // Some bytes more than it needs, and yet not as many whole mebibytes.
    let tight = jobs(1, needed, Arc::new(render::render_telling));
    assert_eq!(outcome(&tight, 400).await.unwrap_err(), "too_much_memory");
    let enough = jobs(1, needed.next_multiple_of(MIB), Arc::new(render::render_telling));
    assert!(outcome(&enough, 400).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn results_keep_the_room_that_they_take() {
    let jobs = jobs(1, 64 << 20, Arc::new(render::render_telling));
    let (bytes, options) = (picture(400), Options::default());
    let needed = jobs.weigh(&bytes, LINK, options).await.unwrap();
    let room = jobs.room_now(needed).unwrap();
    let done = jobs.render(room, Company::Any, bytes, LINK.into(), options, |_| {}).await.unwrap();
    let kept = size_of(&done.rendered).div_ceil(MIB) as usize;
    assert!(kept > 0);
    assert_eq!(jobs.memory.available_permits(), 64 - kept);
    drop(done);
    assert_eq!(jobs.memory.available_permits(), 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_end_the_process_is_rendered_alone() {
    let (release, hold) = mpsc::channel();
    let patience = Duration::from_secs(60);
    let capacity = Capacity { cores: 4, memory: 1 << 30, patience };
    let jobs = Arc::new(Jobs::new(treacherous(hold), capacity));
    let alone = tokio::spawn({
        let jobs = Arc::clone(&jobs);
        async move {
            let (bytes, options) = (picture(HANGING), Options::default());
            let room = jobs.room_now(jobs.weigh(&bytes, LINK, options).await.unwrap()).unwrap();
            jobs.render(room, Company::None, bytes, LINK.into(), options, |_| {}).await.is_ok()
        }
    });
    while jobs.cores.available_permits() > 0 {
        time::sleep(Duration::from_millis(5)).await;
    }
    assert!(time::timeout(Duration::from_millis(200), outcome(&jobs, 310)).await.is_err());
    drop(release);
    assert!(alone.await.unwrap());
    assert!(outcome(&jobs, 310).await.is_ok());
}
