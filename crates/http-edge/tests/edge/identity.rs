use events::users::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{Browser, PASSWORD, TestEdge, eventually, read};

#[tokio::test(flavor = "multi_thread")]
async fn one_signs_up_once_under_any_notation_of_the_phone() {
    let edge = TestEdge::without_workers().await;
    let browser = edge.browser();
    let body =
        json!({"phone": "8 (924) 124-24-17", "password": PASSWORD, "name": " Анна ", "role": "CUSTOMER"});
    let (status, answer) = browser.post("/api/auth/register", body.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    assert_eq!(answer["user"]["phone"], "+79241242417");
    assert_eq!(answer["user"]["name"], "Анна");
    let (status, session) = browser.get("/api/auth/session").await;
    assert_eq!((status, &session["user"]), (StatusCode::OK, &answer["user"]), "a session comes with it");

    let (status, taken) = edge.browser().post("/api/auth/register", body).await;
    assert_eq!((status, &taken["code"]), (StatusCode::CONFLICT, &json!("phone_taken")));
    for phone in ["+79241242417", "89241242417", "9241242417", "+7 924 124-24-17"] {
        let (status, _) =
            edge.browser().post("/api/auth/signin", json!({"phone": phone, "password": PASSWORD})).await;
        assert_eq!(status, StatusCode::OK, "{phone}");
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_signs_up_only_so_many_and_is_told_when_to_come_again() {
    let edge = TestEdge::without_workers().await;
    let sign_up = async |address: &'static str, number: u32, name: &str| {
        let request = edge.browser().request(Method::POST, "/api/auth/register");
        let phone = format!("+7924124{number:04}");
        let body = json!({"phone": phone, "password": PASSWORD, "name": name, "role": "CUSTOMER"});
        request.header("x-forwarded-for", address).json(&body).send().await.unwrap()
    };
    // What is wrong in the form costs nothing.
    for _ in 0..20 {
        assert_eq!(sign_up("203.0.113.1", 0, "").await.status(), StatusCode::BAD_REQUEST);
    }
    let office = (0..10).map(|number| sign_up("203.0.113.1", number, "Анна"));
    for answer in futures::future::join_all(office).await {
        assert_eq!(answer.status(), StatusCode::CREATED);
    }
    let answer = sign_up("203.0.113.1", 10, "Анна").await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let after: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=31).contains(&after), "{after}");
    let asked = sign_up("203.0.113.1", 0, "Анна").await;
    assert_eq!(asked.status(), StatusCode::TOO_MANY_REQUESTS, "nor is it told whose phone is taken");
    let fields = [("phone", "+79241240011"), ("password", PASSWORD), ("name", "Анна"), ("role", "CUSTOMER")];
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = edge.browser().request(Method::POST, "/auth/signup").header("accept", "text/html");
    let form = form.header("content-type", "application/x-www-form-urlencoded").body(body);
    let page = form.header("x-forwarded-for", "203.0.113.1").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().await.unwrap().contains("Слишком много запросов"));
    assert_eq!(sign_up("203.0.113.2", 10, "Анна").await.status(), StatusCode::CREATED, "from elsewhere");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_told_field_by_field() {
    let edge = TestEdge::without_workers().await;
    let browser = edge.browser();
    let (status, answer) = browser.post("/api/auth/register", json!({"phone": "+79241242417"})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("missing_fields")));
    assert_eq!(answer["error"], "Не все поля заполнены");
    let body = json!({"phone": "12", "password": "short", "name": "x".repeat(101), "role": "ADMIN"});
    let (status, answer) = browser.post("/api/auth/register", body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|e| (&e["field"], &e["code"])).collect();
    assert_eq!(
        serde_json::to_value(codes).unwrap(),
        json!([["role", "invalid"], ["name", "too_long"], ["phone", "invalid"], ["password", "too_short"]])
    );
    for common in ["Password1", "+7 (924) 124-24-17", "мой-дед-борис"] {
        let body = json!({"phone": "+79241242417", "password": common, "name": "Борис", "role": "CUSTOMER"});
        let (status, answer) = browser.post("/api/auth/register", body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{common}");
        assert_eq!(
            (&answer["errors"][0]["field"], &answer["errors"][0]["code"]),
            (&json!("password"), &json!("too_common"))
        );
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("подберут"));
    }
    let fields = [("phone", "+79241242417"), ("password", PASSWORD), ("name", "Анна"), ("role", "admin")];
    let (status, _, page) = browser.form("/auth/signup", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let beside = page.split("id=\"role-error\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(beside.contains("Выберите, кто вы"), "the role's error stands beside its field");
    let request =
        browser.request(Method::POST, "/api/auth/register").header("content-type", "application/json");
    let (status, answer) = read(request.body("{nonsense").send().await.unwrap()).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("bad_request")));
    let request =
        browser.request(Method::POST, "/api/auth/register").header("content-type", "application/json");
    let (status, answer) = read(request.body(vec![b' '; 70_000]).send().await.unwrap()).await;
    assert_eq!((status, &answer["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too_large")));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_phone_are_answered_alike_and_not_for_ever() {
    let edge = TestEdge::without_workers().await;
    let user = edge.user(Role::Customer).await;
    let browser = edge.browser();
    let wrong =
        browser.post("/api/auth/signin", json!({"phone": user.phone, "password": "wrong horse"})).await;
    let unknown =
        browser.post("/api/auth/signin", json!({"phone": "+79990000000", "password": PASSWORD})).await;
    for member in ["status", "code", "error", "detail", "title", "type"] {
        assert_eq!(wrong.1[member], unknown.1[member], "{member}");
    }
    assert_eq!((wrong.0, &wrong.1["code"]), (StatusCode::UNAUTHORIZED, &json!("bad_credentials")));
    // The same limit, the same answer, whether the phone exists, does not, or is none.
    let mut answers = Vec::new();
    for phone in [user.phone.as_str(), "+79990000000", "nobody"] {
        let tries = async |password: &str| {
            let request = browser.request(Method::POST, "/api/auth/signin");
            let answer = request.json(&json!({"phone": phone, "password": password})).send().await.unwrap();
            let after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
            (read(answer).await, after)
        };
        let mut refused = (0, Value::Null, None);
        for attempt in 1..=7 {
            let ((status, answer), after) = tries("wrong horse").await;
            if status == StatusCode::TOO_MANY_REQUESTS {
                refused = (attempt, answer["code"].clone(), after);
                break;
            }
        }
        answers.push(refused);
    }
    assert!(
        answers.iter().all(|(_, code, after)| code == "too_many_requests" && after.as_deref() == Some("1"))
    );
    // The user and the unknown phone had one wrong attempt before.
    assert_eq!(answers.iter().map(|answer| answer.0).collect::<Vec<_>>(), [5, 5, 6]);
    eventually("the right password to be looked at again", async || {
        let body = json!({"phone": user.phone, "password": PASSWORD});
        browser.post("/api/auth/signin", body).await.0 == StatusCode::OK
    })
    .await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_are_counted_one_by_one_and_strangers_do_not_keep_the_owner_out() {
    let edge = TestEdge::without_workers().await;
    let user = edge.user(Role::Customer).await;
    let from = async |address: String, password: &str| {
        let request = edge.browser().request(Method::POST, "/api/auth/signin");
        let request = request.header("x-forwarded-for", address);
        read(request.json(&json!({"phone": user.phone, "password": password})).send().await.unwrap()).await.0
    };
    assert_eq!(from("198.51.100.1".into(), PASSWORD).await, StatusCode::OK, "home is known now");
    let guesses = futures::future::join_all((0..30).map(|_| from("203.0.113.1".into(), "wrong horse")));
    let guesses = guesses.await;
    let compared = guesses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(compared, 5, "{guesses:?}");
    for network in 2..20 {
        from(format!("203.0.113.{network}"), "wrong horse").await;
    }
    assert_eq!(
        from("203.0.113.77".into(), PASSWORD).await,
        StatusCode::TOO_MANY_REQUESTS,
        "from anywhere new"
    );
    assert_eq!(from("198.51.100.1".into(), PASSWORD).await, StatusCode::OK, "not from home");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_one_listener_is_none_on_the_other() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    assert_eq!(admin.get("/api/auth/session").await.0, StatusCode::OK);
    let elsewhere = Browser { base: edge.public.clone(), ..admin.clone() };
    assert_eq!(elsewhere.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED);
    // The same value under the other's name is not good either.
    let answer = admin
        .client
        .post(format!("{}/api/auth/signin", edge.backoffice))
        .json(&json!({"phone": admin.user().phone, "password": PASSWORD}))
        .header("origin", &edge.backoffice)
        .send()
        .await
        .unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("vestnik_staff=") && cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    let value = cookie.split(['=', ';']).nth(1).unwrap();
    let request = edge.browser().request(Method::GET, "/api/auth/session");
    let (status, _) =
        read(request.header("cookie", format!("vestnik_session={value}")).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let customer = edge.user(Role::Customer).await;
    let desk = Browser::at(&edge.backoffice);
    let (status, answer) =
        desk.post("/api/auth/signin", json!({"phone": customer.phone, "password": PASSWORD})).await;
    assert_eq!((status, &answer["code"]), (StatusCode::FORBIDDEN, &json!("not_staff")));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_ends_the_session_before_and_signing_out_ends_it_at_once() {
    let edge = TestEdge::without_workers().await;
    let customer = edge.customer(0).await;
    let cookie = |answer: &reqwest::Response| {
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let credentials = json!({"phone": customer.user().phone, "password": PASSWORD});
    let sign_in = || customer.request(Method::POST, "/api/auth/signin").json(&credentials);
    let first = cookie(&sign_in().send().await.unwrap());
    let second = cookie(&sign_in().send().await.unwrap());
    let plain = edge.browser();
    let session = |cookie: String| {
        let request = plain.request(Method::GET, "/api/auth/session").header("cookie", cookie);
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(session(first).await, StatusCode::UNAUTHORIZED, "rotated away");
    assert_eq!(session(second.clone()).await, StatusCode::OK);
    let (status, _) = customer.post("/api/auth/signout", json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(session(second).await, StatusCode::UNAUTHORIZED);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_act_with_the_cookie() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let path = format!("{}/api/orders/draft", edge.public);
    let put = || customer.client.put(&path).json(&json!({"draft": {"title": "x"}}));
    let code = |answer: reqwest::Response| async { read(answer).await };
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", edge.backoffice.as_str()),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let (status, answer) = code(put().header(name, value).send().await.unwrap()).await;
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::FORBIDDEN, &json!("cross_origin")),
            "{name}: {value}"
        );
    }
    assert_eq!(put().send().await.unwrap().status(), StatusCode::FORBIDDEN, "a cookie without any proof");
    assert_eq!(put().header("sec-fetch-site", "same-origin").send().await.unwrap().status(), StatusCode::OK);
    let token = edge.token(customer.user()).await;
    let bearer = reqwest::Client::new().put(&path).bearer_auth(&token).json(&json!({"draft": {}}));
    assert_eq!(bearer.send().await.unwrap().status(), StatusCode::OK, "a token is not sent by itself");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_granted_counts_at_once() {
    let edge = TestEdge::without_workers().await;
    let operator = edge.staff(Role::Operator).await;
    assert_eq!(operator.get("/api/operator-chats").await.0, StatusCode::OK);
    let relay = edge.system.relay(events::Service::Vestnik).await;
    store::identity::grant_role(&relay, operator.user().id, Role::Auditor, "test").await.unwrap();
    eventually("the operator to be an auditor", async || {
        operator.get("/api/operator-chats").await.0 == StatusCode::FORBIDDEN
    })
    .await;
    assert_eq!(operator.get("/api/auth/session").await.1["user"]["role"], "AUDITOR");
    edge.stop().await;
}
