//! Starting, stopping, dying and starting again.

use std::time::Duration;

use testkit::wait_for;
use tokio::process::Command;

use crate::running::Site;

/// Processes whose command line names the folder.
async fn processes_of(site: &Site) -> String {
    let folder = site.path("").display().to_string();
    let output = Command::new("pgrep").args(["-fa", folder.trim_end_matches('/')]).output().await.unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_stops_and_starts_again_with_its_data() {
    let site = Site::new();
    let up = site.up().await;
    let (_, password) = site.account("CUSTOMER");
    wait_for("the first run to print the passwords", async || site.said().contains(&password)).await;
    let smoke = site.run(&["smoke"]).await;
    let said = String::from_utf8_lossy(&smoke.stdout).into_owned();
    assert!(smoke.status.success(), "{said}\n{}", String::from_utf8_lossy(&smoke.stderr));
    let verified = site.run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));

    let took = up.stop().await;
    assert!(took < Duration::from_secs(5), "stopping took {took:?}");
    wait_for("every process of the system to be gone", async || processes_of(&site).await.is_empty()).await;

    let up = site.up().await;
    assert!(!site.said().contains(&password), "passwords are printed once");
    let (phone, _) = site.account("CUSTOMER");
    let credit =
        site.run(&["user", "credit", "--phone", &phone, "--amount", "0.50", "--reason", "test"]).await;
    let balance = String::from_utf8_lossy(&credit.stdout).into_owned();
    assert!(balance.contains("available 10000.50"), "the welcome credit is given once: {balance}");
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_nothing_is_left_and_the_next_start_just_works() {
    let site = Site::new();
    let mut up = site.up().await;
    let before = processes_of(&site).await;
    assert!(before.contains("postgres"), "the private PostgreSQL runs: {before}");
    up.signal("KILL").await;
    up.child.wait().await.unwrap();
    wait_for("the private servers to end with their starter", async || processes_of(&site).await.is_empty())
        .await;
    let up = site.up().await;
    let smoke = site.run(&["smoke"]).await;
    assert!(smoke.status.success(), "{}", String::from_utf8_lossy(&smoke.stdout));
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_one_clear_sentence() {
    let mut site = Site::new();
    let up = site.up().await;
    let error = site.refusal(&["up"]).await;
    assert!(error.contains("a system already runs in") && error.contains("VESTNIK_VAR"), "{error}");
    let error = site.refusal(&["user", "add", "--phone", "123", "--name", "X", "--role", "ADMIN"]).await;
    assert!(error.contains("not a phone number"), "{error}");
    let error = site
        .refusal(&["user", "credit", "--phone", "+79990000001", "--amount", "99.999", "--reason", "x"])
        .await;
    assert!(error.contains("99.999"), "{error}");
    up.stop().await;

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    site.set("PUBLIC_LISTEN", taken.local_addr().unwrap().to_string());
    let error = site.refusal(&["up"]).await;
    assert!(error.contains("set PUBLIC_LISTEN to another address"), "{error}");

    let mut site = Site::new();
    site.set("POSTGRES_BIN", "/nowhere".into());
    let error = site.refusal(&["up"]).await;
    assert!(error.contains("POSTGRES_BIN"), "{error}");

    let error = site.refusal(&["env"]).await;
    assert!(error.contains("no system runs in this folder"), "{error}");
}
