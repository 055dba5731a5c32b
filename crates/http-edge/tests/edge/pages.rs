use events::users::Role;
use reqwest::{Method, StatusCode, multipart::Form};

use crate::harness::{PASSWORD, TestEdge};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_needs_a_session_comes_back_after_it() {
    let edge = TestEdge::start().await;
    let browser = edge.browser();
    let asked = browser.request(Method::GET, "/dashboard/customer?status=open").header("accept", "text/html");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(to, "/auth/signin?role=customer&next=%2Fdashboard%2Fcustomer%3Fstatus%3Dopen");
    let (status, page) = browser.page(&to).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("value=\"/dashboard/customer?status=open\""), "the form carries it on");

    let user = edge.user(Role::Customer).await;
    let (status, _, page) =
        browser.form("/auth/signin", &[("phone", &user.phone), ("password", "wrong")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(page.contains("Неверный телефон или пароль"));
    let next = "/dashboard/customer?status=open";
    let fields = [("phone", user.phone.as_str()), ("password", PASSWORD), ("next", next)];
    let (status, to, _) = browser.form("/auth/signin", &fields).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, next));
    assert_eq!(browser.page(next).await.0, StatusCode::OK);
    let (status, to, _) = browser.form("/auth/signout", &[]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/auth/signin?notice=signed-out"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_role_is_told_so_on_a_page() {
    let edge = TestEdge::start().await;
    let executor = edge.user(Role::Executor).await;
    let browser = edge.browser();
    browser.sign_in(&executor).await;
    let (status, page) = browser.page("/dashboard/customer/create-order").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("Только заказчики могут создавать задания"), "{page}");
    assert!(page.contains("Тест EXECUTOR"), "the frame knows who is signed in");
    assert!(page.contains("<html"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_created_and_cancelled_without_script() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let path = "/dashboard/customer/create-order";
    let (_, page) = customer.page(path).await;
    let order_id =
        page.split("name=\"orderId\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let send = async |title: &str| {
        let deadline =
            (events::now() + jiff::SignedDuration::from_hours(72)).strftime("%Y-%m-%dT%H:%M").to_string();
        let form = Form::new()
            .text("orderId", order_id.clone())
            .text("title", title.to_owned())
            .text("description", "Подписаться")
            .text("targetUrl", "https://example.org/")
            .text("totalAmount", "1 500,50")
            .text("country", "RU")
            .text("region", "")
            .text("city", "")
            .text("deadline", deadline)
            .text("timeZone", "Europe/Moscow")
            .text("platforms", "vk")
            .text("platforms", "telegram")
            .text("action", "create");
        let request = customer.request(Method::POST, path).header("accept", "text/html").multipart(form);
        request.send().await.unwrap()
    };
    let refused = send("").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(
        page.contains("Напишите название") && page.contains("1 500,50"),
        "told, and nothing typed is lost"
    );
    for _ in 0..2 {
        let created = send("Подписка").await;
        assert_eq!(created.headers()["location"], "/dashboard/customer?notice=order-created", "twice is one");
    }
    let (_, list) = customer.page("/dashboard/customer?notice=order-created").await;
    assert!(list.contains("Заказ успешно создан!"));
    assert_eq!(list.matches("Подписка</bdi>").count(), 1);
    let (_, orders) = customer.get("/api/orders").await;
    let order = format!("/dashboard/customer/orders/{}", orders["orders"][0]["id"].as_str().unwrap());
    let (status, page) = customer.page(&order).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("заказ принят"), "the timeline is there");
    let (_, to, _) = customer.form(&format!("{order}/cancel"), &[]).await;
    assert_eq!(to, format!("{order}?notice=order-cancelled"));
    let (_, to, _) = customer.form(&format!("{order}/cancel"), &[]).await;
    assert_eq!(to, format!("{order}?notice=order-not-open"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_protected() {
    let edge = TestEdge::without_workers().await;
    let browser = edge.browser();
    for path in ["/", "/auth/signin", "/api/auth/session", "/nowhere", "/api/nowhere", "/dashboard/customer"]
    {
        let answer = browser.request(Method::GET, path).header("accept", "text/html").send().await.unwrap();
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert!(headers.contains_key("referrer-policy") && headers.contains_key("x-request-id"), "{path}");
    }
    let (status, page) = browser.page("/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("<html"), "people get a page");
    let (status, problem) = browser.get("/nowhere").await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
    let answer = browser.request(Method::DELETE, "/api/orders").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let (status, _) = browser.get("/api/orders/not-a-uuid").await;
    assert!(status.is_client_error());
    let (status, document) = browser.get("/api/openapi.json").await;
    assert_eq!((status, document["openapi"].is_string()), (StatusCode::OK, true));
    assert!(browser.page("/api/docs").await.1.contains("/api/orders"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_works_without_script() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let body = serde_json::json!({"userId": 4242, "messageText": "Здравствуйте", "botType": "operator",
        "direction": "in", "firstName": "Иван"});
    let request = reqwest::Client::new().post(format!("{}/api/chat-message", edge.backoffice)).json(&body);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
    let (status, page) = operator.page("/dashboard/operator-chats").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Иван") && page.contains("Здравствуйте"));
    let path = "/dashboard/users/4242/operator-chat";
    assert!(operator.page(path).await.1.contains("Здравствуйте"));
    let form =
        Form::new().text("messageText", "Ответ").text("clientMessageId", "1").text("seenSequence", "0");
    let answer = operator.request(Method::POST, path).multipart(form).send().await.unwrap();
    assert_eq!(answer.headers()["location"], path);
    crate::harness::eventually("the reply on the page", async || {
        operator.page(path).await.1.contains("Ответ")
    })
    .await;
    let (_, to, _) = operator.form(&format!("{path}/status"), &[("status", "closed")]).await;
    assert_eq!(to, path);
    assert!(operator.page("/dashboard/operator-chats?status=closed").await.1.contains("Иван"));
    let (_, to, _) = operator.form("/preferences", &[("lang", "en"), ("next", path)]).await;
    assert_eq!(to, path);
    assert!(operator.page(path).await.1.contains("lang=\"en\""));
    edge.stop().await;
}
