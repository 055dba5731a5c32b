//! Whoever is no longer signed in is sent to do so, and comes back to a page.

use events::{Service, users::Role};
use reqwest::StatusCode;
use uuid::Uuid;

use crate::harness::{Browser, PASSWORD, TestEdge, eventually, order};

/// Ends all sessions of somebody, as an administrator's command does.
async fn sign_out(edge: &TestEdge, browser: &Browser) {
    let relay = edge.system.relay(Service::Vestnik).await;
    store::identity::end_other_sessions(&relay, browser.user().id, None).await.unwrap();
    eventually("the session to be over", async || {
        browser.get("/api/auth/session").await.0 == StatusCode::UNAUTHORIZED
    })
    .await;
}

/// Signs in where one was sent to: where that leads.
async fn sign_in(browser: &Browser, to: &str) -> String {
    let (path, query) = to.split_once('?').unwrap();
    assert_eq!(path, "/auth/signin");
    assert!(browser.page(to).await.1.contains("name=\"next\""), "the form keeps where to go");
    let fields: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("phone", browser.user().phone.as_str()), ("password", PASSWORD)]);
    let (status, to, text) = browser.form("/auth/signin", &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    to
}

/// What is posted after the session ended leads over the sign-in to this page.
async fn comes_back(edge: &TestEdge, browser: &Browser, posted: &str, fields: &[(&str, &str)], page: &str) {
    sign_out(edge, browser).await;
    let (status, to, _) = browser.form(posted, fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{posted}");
    assert_eq!(sign_in(browser, &to).await, page, "{posted}");
    assert_eq!(browser.page(page).await.0, StatusCode::OK, "{page} is a page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_after_the_session_ended_leads_back_to_its_page() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, made) = customer.keyed("/api/orders", "one", &order(|_| {})).await;
    let page = format!("/dashboard/customer/orders/{}", made["order"]["id"].as_str().unwrap());
    comes_back(&edge, &customer, &format!("{page}/cancel"), &[], &page).await;
    let (_, shown) = customer.get(&page.replace("/dashboard/customer", "/api")).await;
    assert_eq!(shown["order"]["status"], "open", "signing in does not do what was posted");
    let form = "/dashboard/customer/create-order";
    comes_back(&edge, &customer, form, &[("title", "x")], form).await;
    let password = "/dashboard/account/password";
    comes_back(&edge, &customer, password, &[], "/dashboard/account").await;

    let admin = edge.staff(Role::Admin).await;
    let page = format!("/dashboard/users/{}", customer.user().id);
    comes_back(&edge, &admin, &format!("{page}/disable"), &[("reason", "x")], &page).await;
    assert_eq!(customer.get("/api/auth/session").await.0, StatusCode::OK, "nobody was shut");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_never_what_one_comes_back_to() {
    let edge = TestEdge::without_workers().await;
    let id = Uuid::now_v7();
    let leads = async |base: &str, posted: &str| {
        let (status, to, _) = Browser::at(base).form(posted, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{posted}");
        let (_, query) = to.split_once('?').unwrap();
        let next = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next");
        next.unwrap().1.into_owned()
    };
    let end = format!("/dashboard/account/sessions/{id}/end");
    for posted in ["/dashboard/account/sessions/end-others", &end] {
        assert_eq!(leads(&edge.public, posted).await, "/dashboard/account");
    }
    let chat = "/dashboard/users/4242/operator-chat";
    for action in ["", "/status", &format!("/{id}/retry")] {
        assert_eq!(leads(&edge.backoffice, &format!("{chat}{action}")).await, chat, "{action}");
    }
    let (user, letter) = (format!("/dashboard/users/{id}"), "/dashboard/dead-letters/order-worker-7");
    for action in ["role", "disable", "enable", "credit"] {
        assert_eq!(leads(&edge.backoffice, &format!("{user}/{action}")).await, user, "{action}");
    }
    for action in ["redrive", "discard"] {
        assert_eq!(leads(&edge.backoffice, &format!("{letter}/{action}")).await, letter, "{action}");
    }
    // A page is come back to as it was asked for.
    let asked = "/dashboard/customer?status=open&cursor=a%2Bb";
    let answer = edge.browser().request(reqwest::Method::GET, asked).header("accept", "text/html");
    let answer = answer.send().await.unwrap();
    let to = answer.headers()["location"].to_str().unwrap();
    let query: Vec<_> = url::form_urlencoded::parse(to.split_once('?').unwrap().1.as_bytes()).collect();
    assert_eq!(query, [("role".into(), "customer".into()), ("next".into(), asked.into())]);
    edge.stop().await;
}
