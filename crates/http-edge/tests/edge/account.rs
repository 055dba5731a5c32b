//! One's own account: sessions, password, language; and what is left of it when it is shut.

use events::{Service, users::Role};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::identity;

use crate::{
    harness::{Browser, PASSWORD, TestEdge, eventually, read},
    live::Live,
};

async fn sessions(browser: &Browser) -> Vec<Value> {
    let (status, answer) = browser.get("/api/auth/sessions").await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["sessions"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sees_where_one_is_signed_in_and_ends_it() {
    let edge = TestEdge::without_workers().await;
    let user = edge.user(Role::Customer).await;
    let (here, phone, other) = (edge.browser(), edge.browser(), edge.customer(0).await);
    here.sign_in(&user).await;
    let request = phone.request(Method::POST, "/api/auth/signin");
    let agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36";
    let body = json!({"phone": user.phone, "password": PASSWORD});
    request.header("user-agent", agent).json(&body).send().await.unwrap();
    let listed = sessions(&here).await;
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["current"], &listed[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!((&listed[1]["device"], &listed[1]["site"]), (&json!("Chrome, Android"), &json!("public")));
    for member in ["createdAt", "lastSeenAt", "expiresAt"] {
        assert!(listed[0][member].as_str().unwrap().ends_with('Z'), "{member}");
    }
    assert_eq!(edge.browser().get("/api/auth/sessions").await.0, StatusCode::UNAUTHORIZED);

    let path = format!("/api/auth/sessions/{}", listed[1]["id"].as_str().unwrap());
    let ends = async |browser: &Browser, path: &str| browser.send("DELETE", path, json!({})).await.0;
    assert_eq!(ends(&other, &path).await, StatusCode::NOT_FOUND, "not another's");
    assert_eq!(ends(&edge.browser(), &path).await, StatusCode::UNAUTHORIZED);
    let mut live = Live::open(&phone, "/api/orders/live", None).await;
    assert_eq!(ends(&here, &path).await, StatusCode::NO_CONTENT);
    assert!(live.next().await.is_none(), "its stream ends with it");
    assert_eq!(ends(&here, &path).await, StatusCode::NOT_FOUND);
    assert_eq!(phone.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
    phone.sign_in(&user).await;
    assert_eq!(ends(&here, "/api/auth/sessions").await, StatusCode::NO_CONTENT);
    assert_eq!(ends(&edge.browser(), "/api/auth/sessions").await, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(here.get("/api/auth/session").await.0, StatusCode::OK, "but this one");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_what_is_elsewhere_and_rotates_what_is_here() {
    let edge = TestEdge::without_workers().await;
    let user = edge.user(Role::Operator).await;
    let (here, there) = (Browser::at(&edge.backoffice), Browser::at(&edge.backoffice));
    here.sign_in(&user).await;
    there.sign_in(&user).await;
    let before = sessions(&here).await[0]["id"].clone();
    let change = async |current: &str, new: &str| {
        here.post("/api/auth/password", json!({"currentPassword": current, "newPassword": new})).await
    };
    let (status, answer) = here.post("/api/auth/password", json!({})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("missing_fields")));
    let (status, answer) = change(PASSWORD, "password").await;
    assert_eq!(
        (status, &answer["errors"][0]["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("too_common"))
    );
    let (status, answer) = change("wrong horse", "battery staple").await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("bad_credentials")));
    let (status, _) = change(PASSWORD, "battery staple").await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let after = sessions(&here).await;
    assert_eq!(after.len(), 1, "the others are over");
    assert_ne!(after[0]["id"], before, "and this one has a new secret");
    assert_eq!(there.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
    let anew = Browser::at(&edge.backoffice);
    for (password, expected) in [(PASSWORD, StatusCode::UNAUTHORIZED), ("battery staple", StatusCode::OK)] {
        let body = json!({"phone": user.phone, "password": password});
        assert_eq!(anew.post("/api/auth/signin", body).await.0, expected);
    }
    let body = json!({"currentPassword": "x", "newPassword": "battery staple"});
    assert_eq!(edge.browser().post("/api/auth/password", body).await.0, StatusCode::UNAUTHORIZED);
    for _ in 0..6 {
        change("wrong horse", "correct staple").await;
    }
    assert_eq!(change("battery staple", "correct staple").await.0, StatusCode::TOO_MANY_REQUESTS);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_ones_account_works_without_script_on_both_sites() {
    let edge = TestEdge::without_workers().await;
    for (base, role) in [(&edge.public, Role::Customer), (&edge.backoffice, Role::Auditor)] {
        let user = edge.user(role).await;
        let (browser, elsewhere) = (Browser::at(base), Browser::at(base));
        browser.sign_in(&user).await;
        elsewhere.sign_in(&user).await;
        let (status, page) = browser.page("/dashboard/account").await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("Где вы вошли") && page.contains(&user.name), "{page}");
        let path =
            page.split("action=\"/dashboard/account/sessions/").nth(1).unwrap().split('"').next().unwrap();
        let (status, to, _) = browser.form(&format!("/dashboard/account/sessions/{path}"), &[]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/dashboard/account?notice=session-ended"));
        assert_eq!(elsewhere.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
        let (_, to, _) = browser.form("/dashboard/account/sessions/end-others", &[]).await;
        assert_eq!(to, "/dashboard/account?notice=sessions-ended");
        let wrong = [("currentPassword", "wrong horse"), ("newPassword", "battery staple")];
        let (status, _, page) = browser.form("/dashboard/account/password", &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Введите свой текущий пароль") && !page.contains("battery staple"));
        let right = [("currentPassword", PASSWORD), ("newPassword", "battery staple")];
        let (_, to, _) = browser.form("/dashboard/account/password", &right).await;
        assert_eq!(to, "/dashboard/account?notice=password-changed");
        assert_eq!(browser.page("/dashboard/account").await.0, StatusCode::OK, "still signed in");
    }
    let stranger = edge.browser().request(Method::GET, "/dashboard/account").send().await.unwrap();
    assert_eq!(stranger.headers()["location"], "/auth/signin?next=%2Fdashboard%2Faccount");
    let (_, to, _) = edge.browser().form("/dashboard/account/sessions/end-others", &[]).await;
    assert_eq!(to, "/auth/signin?next=%2Fdashboard%2Faccount", "an action is no page to come back to");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_goes_with_the_account_then_with_the_cookie() {
    let edge = TestEdge::without_workers().await;
    let user = edge.user(Role::Customer).await;
    let (first, second) = (edge.browser(), edge.browser());
    first.sign_in(&user).await;
    first.form("/preferences", &[("lang", "en"), ("next", "/dashboard/account")]).await;
    assert!(first.page("/dashboard/account").await.1.contains("<html lang=\"en\""));
    // Another browser, with a cookie of its own that says otherwise.
    second.form("/preferences", &[("lang", "ru")]).await;
    assert!(second.page("/").await.1.contains("<html lang=\"ru\""));
    second.sign_in(&user).await;
    assert!(second.page("/dashboard/account").await.1.contains("<html lang=\"en\""), "the account's");
    // Errors speak it too, whoever worded them.
    let (_, page) = second.page("/dashboard/customer/orders/00000000-0000-7000-8000-000000000000").await;
    assert!(page.contains("There is no such page") && page.contains(&user.name), "{page}");
    let executor = edge.user(Role::Executor).await;
    let browser = edge.browser();
    browser.sign_in(&executor).await;
    browser.form("/preferences", &[("lang", "en")]).await;
    let (status, page) = browser.page("/dashboard/customer/create-order").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("Only customers can create orders") && !page.contains("заказчики"), "{page}");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_account_is_out_everywhere_at_once() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let user = customer.user().clone();
    let token = edge.token(&user).await;
    let bearer = async |path: &str| {
        reqwest::Client::new().get(format!("{}{path}", edge.public)).bearer_auth(&token).send().await.unwrap()
    };
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    let mut by_token = bearer("/api/orders/live").await;
    assert_eq!(by_token.status(), StatusCode::OK);
    // Another process does it: this one hears of it in the log.
    let relay = edge.system.relay(Service::Vestnik).await;
    identity::disable(&relay, user.id, "sold", "vestnik").await.unwrap();
    assert!(live.next().await.is_none(), "the live stream ends");
    tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while by_token.chunk().await.unwrap().is_some() {}
    })
    .await
    .expect("that of the token too");
    assert_eq!(customer.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(bearer("/api/auth/session").await.status(), StatusCode::UNAUTHORIZED);
    let signs_in = async |password: &str| {
        edge.browser().post("/api/auth/signin", json!({"phone": user.phone, "password": password})).await
    };
    let (status, answer) = signs_in(PASSWORD).await;
    assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("account_disabled")));
    assert_eq!(answer["error"], "Аккаунт отключён администратором");
    let (status, answer) = signs_in("wrong horse").await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("bad_credentials")));
    let fields = [("phone", user.phone.as_str()), ("password", PASSWORD)];
    let (status, _, page) = edge.browser().form("/auth/signin", &fields).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("Аккаунт отключён администратором."));

    identity::enable(&relay, user.id, "vestnik").await.unwrap();
    assert_eq!(signs_in(PASSWORD).await.0, StatusCode::OK);
    eventually("the token to be good again", async || {
        read(bearer("/api/auth/session").await).await.0 == StatusCode::OK
    })
    .await;
    edge.stop().await;
}
