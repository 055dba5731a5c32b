//! What the browser of a test can do.

use serde_json::json;
use testkit::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn it_finds_what_is_not_accessible_and_is_as_narrow_as_a_phone() {
    let browser = Browser::open(1280, 900, "ru").await;
    let page = "data:text/html,<html lang=ru><title>x</title><main><h1>x</h1><img src=x></main>";
    browser.client().goto(page).await.expect("the page opens");
    let findings = browser.accessibility_findings().await;
    assert!(findings.len() == 1 && findings[0].starts_with("image-alt"), "{findings:?}");
    browser.resize(360, 740).await;
    let width = browser.client().execute("return innerWidth", Vec::new()).await.expect("a script runs");
    assert_eq!(width, json!(360));
    browser.close().await;
}
