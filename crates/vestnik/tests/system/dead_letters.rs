//! `vestnik dead`: what was given up, from the command line.

use events::{Bus, BusConfig, Service};
use serde_json::Value;
use testkit::wait_for;
use uuid::Uuid;

use crate::running::Site;

/// Puts something into the log that its consumer cannot read.
async fn poison(site: &Site) {
    let running = std::fs::read_to_string(site.path("running.json")).unwrap();
    let running: Value = serde_json::from_str(&running).unwrap();
    let config = BusConfig {
        url: running["natsUrl"].as_str().unwrap().into(),
        keys: Some(running["natsKeys"].as_str().unwrap().into()),
        service: Service::HttpEdge,
    };
    let bus = Bus::connect(&config).await.unwrap();
    let subject = format!("orders.{}.requested", Uuid::now_v7());
    bus.jetstream().publish(subject, "nonsense".into()).await.unwrap().await.unwrap();
    bus.close().await;
}

/// The columns of what `vestnik dead ls` prints, but for the time and the reason.
async fn listed(site: &Site, more: &[&str]) -> Vec<[String; 3]> {
    let text = site.answer(&[&["dead", "ls"], more].concat()).await;
    let lines = text.lines().map(|line| {
        let columns: Vec<&str> = line.splitn(5, "  ").collect();
        [columns[0], columns[2], columns[3]].map(str::to_owned)
    });
    lines.collect()
}

async fn waits_for(site: &Site, count: usize) {
    wait_for(&format!("{count} dead letters"), async || listed(site, &[]).await.len() == count).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_listed_shown_tried_again_and_discarded() {
    let site = Site::new();
    let error = site.refusal(&["dead", "ls"]).await;
    assert!(error.contains("no system runs in this folder"), "{error}");
    let up = site.up().await;
    assert!(listed(&site, &[]).await.is_empty());
    poison(&site).await;
    waits_for(&site, 1).await;
    let [first, state, subject] = listed(&site, &[]).await.remove(0);
    assert_eq!(state, "waiting");
    let (consumer, sequence) = first.rsplit_once('-').unwrap();
    assert_eq!(consumer, "order-worker");
    poison(&site).await;
    waits_for(&site, 2).await;
    let [second, ..] = listed(&site, &[]).await.remove(0);
    assert_ne!(second, first, "newest first");
    assert_eq!(listed(&site, &["--limit", "1"]).await.len(), 1);

    let shown = site.answer(&["dead", "show", &first]).await;
    assert!(shown.contains(&format!("{subject} given up by order-worker")), "{shown}");
    assert!(shown.contains("reason: ") && shown.contains("attempts: 1\n"), "{shown}");
    assert!(shown.ends_with("\n\nnonsense\n"), "{shown}");

    let said = site.answer(&["dead", "discard", &second, "--reason", "a test"]).await;
    assert_eq!(said, format!("{second} is discarded\n"));
    assert_eq!(listed(&site, &[]).await.len(), 1, "it waits no more");
    // It can be read no better than before: it is given up again, under the number of the wish.
    let said = site.answer(&["dead", "redrive", &first]).await;
    assert_eq!(said, format!("{first} will be tried again\n"));
    waits_for(&site, 1).await;
    let [third, ..] = listed(&site, &[]).await.remove(0);
    assert_ne!(third, first);
    let shown = site.answer(&["dead", "show", &third]).await;
    assert!(shown.contains(&format!("(of the message: {sequence})")), "{shown}");
    let states: Vec<_> =
        listed(&site, &["--all"]).await.into_iter().map(|[id, state, _]| (id, state)).collect();
    let expected = [(&third, "waiting"), (&second, "discarded"), (&first, "redriven")];
    assert_eq!(states, expected.map(|(id, state)| (id.clone(), state.to_owned())));

    for arguments in [["redrive", &first].as_slice(), &["discard", &second, "--reason", "again"]] {
        let error = site.refusal(&[&["dead"], arguments].concat()).await;
        assert!(error.ends_with("is settled already"), "{error}");
    }
    assert_eq!(listed(&site, &["--all"]).await.len(), 3, "nothing came of it");
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_or_reason_is_one_clear_sentence() {
    let site = Site::new();
    let up = site.up().await;
    for (id, sentence) in [
        ("order-worker-999999", "there is no dead letter order-worker-999999"),
        ("nobody-1", "there is no consumer nobody"),
        ("order-worker-x", "there is no dead letter order-worker-x"),
        ("x", "there is no dead letter x"),
    ] {
        for arguments in [["show", id].as_slice(), &["redrive", id], &["discard", id, "--reason", "a test"]] {
            let error = site.refusal(&[&["dead"], arguments].concat()).await;
            assert_eq!(error, format!("vestnik: {sentence}"), "{arguments:?}");
        }
    }
    for reason in ["", " ", &"x".repeat(501)] {
        let error = site.refusal(&["dead", "discard", "order-worker-1", "--reason", reason]).await;
        assert_eq!(error, "vestnik: the reason must have 1 to 500 characters");
    }
    for arguments in [["dead"].as_slice(), &["dead", "show"], &["dead", "discard", "order-worker-1"]] {
        site.usage(arguments).await;
    }
    up.stop().await;
}
