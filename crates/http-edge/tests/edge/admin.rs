//! The administrators' desk: people and orders.

use events::users::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Browser, TestEdge, eventually, order};

fn codes(answer: &(StatusCode, Value)) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_and_only_in_the_back_office() {
    let edge = TestEdge::without_workers().await;
    let (operator, auditor) = (edge.staff(Role::Operator).await, edge.staff(Role::Auditor).await);
    let stranger = Browser::at(&edge.backoffice);
    let customer = edge.customer(0).await;
    let id = Uuid::now_v7();
    for (method, path) in [
        ("GET", "/api/admin/users".to_owned()),
        ("GET", format!("/api/admin/users/{id}")),
        ("POST", format!("/api/admin/users/{id}/disable")),
        ("POST", format!("/api/admin/users/{id}/enable")),
        ("POST", format!("/api/admin/users/{id}/role")),
        ("GET", "/api/admin/orders".to_owned()),
        ("GET", format!("/api/admin/orders/{id}")),
        ("GET", "/api/admin/dead-letters".to_owned()),
        ("GET", "/api/admin/dead-letters/order-worker-1".to_owned()),
        ("POST", "/api/admin/dead-letters/order-worker-1/redrive".to_owned()),
        ("POST", "/api/admin/dead-letters/order-worker-1/discard".to_owned()),
    ] {
        assert_eq!(codes(&stranger.send(method, &path, json!({})).await), (401, "unauthorized"), "{path}");
        for other in [&operator, &auditor] {
            assert_eq!(codes(&other.send(method, &path, json!({})).await), (403, "not_an_admin"), "{path}");
        }
        assert_eq!(
            customer.send(method, &path, json!({})).await.0,
            StatusCode::NOT_FOUND,
            "{path} is not public"
        );
    }
    for path in ["/dashboard/users", "/dashboard/orders", "/dashboard/dead-letters"] {
        let (status, page) = operator.page(path).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(page.contains("Эта страница для администраторов."), "{path}");
        assert!(!page.contains("href=\"/dashboard/users\""), "and the operator is not led there");
    }
    let (status, page) = auditor.page("/dashboard/auditor").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("vestnik audit verify"));
    let fields = [("phone", auditor.user().phone.as_str()), ("password", crate::harness::PASSWORD)];
    let (_, to, _) = Browser::at(&edge.backoffice).form("/auth/signin", &fields).await;
    assert_eq!(to, "/dashboard/auditor", "and lands there");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_phone_and_id_and_in_pages() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    let mut customers = Vec::new();
    for _ in 0..3 {
        customers.push(edge.user(Role::Customer).await);
    }
    let finds = async |query: &str| {
        let (status, answer) = admin.get(&format!("/api/admin/users?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{query}: {answer}");
        let ids =
            answer["users"].as_array().unwrap().iter().map(|user| user["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), answer["nextCursor"].clone())
    };
    let anna = &customers[0];
    let id = anna.id.to_string();
    let national = format!("8%20({})%20{}", &anna.phone[2..5], &anna.phone[5..]);
    for query in
        [format!("search={national}"), format!("search={id}"), format!("search={}", &anna.phone[4..])]
    {
        assert!(finds(&query).await.0.contains(&id), "{query}");
    }
    assert_eq!(finds("search=%25").await.0.len(), 0, "what a pattern takes for itself is text");
    assert_eq!(finds("search=%D1%82%D0%B5%D1%81%D1%82%20custom").await.0.len(), 3, "тест custom");
    let (first, cursor) = finds("role=customer&limit=2").await;
    assert_eq!(first, [customers[2].id.to_string(), customers[1].id.to_string()], "newest first");
    let (second, end) = finds(&format!("role=CUSTOMER&limit=2&cursor={}", cursor.as_str().unwrap())).await;
    assert_eq!((second, end), (vec![id.clone()], Value::Null));
    for wrong in ["role=king", "cursor=x"] {
        assert_eq!(codes(&admin.get(&format!("/api/admin/users?{wrong}")).await), (422, "invalid_fields"));
    }
    let (status, one) = admin.get(&format!("/api/admin/users/{id}")).await;
    assert_eq!((status, &one["user"]["phone"]), (StatusCode::OK, &json!(anna.phone)));
    assert_eq!((&one["user"]["disabled"], &one["balance"]["available"]), (&Value::Null, &json!(0)));
    let nobody = format!("/api/admin/users/{}", Uuid::now_v7());
    assert_eq!(codes(&admin.get(&nobody).await), (404, "user_not_found"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_shut_opened_and_given_roles_but_not_ones_own() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    let operator = edge.staff(Role::Operator).await;
    let path = |what: &str| format!("/api/admin/users/{}/{what}", operator.user().id);
    assert_eq!(codes(&admin.post(&path("disable"), json!({})).await), (400, "missing_fields"));
    let long = json!({"reason": "x".repeat(501)});
    assert_eq!(codes(&admin.post(&path("disable"), long).await), (422, "invalid_fields"));
    for _ in 0..2 {
        let (status, answer) = admin.post(&path("disable"), json!({"reason": "left us"})).await;
        assert_eq!((status, &answer["user"]["disabled"]["reason"]), (StatusCode::OK, &json!("left us")));
    }
    assert_eq!(operator.get("/api/auth/session").await.0, StatusCode::UNAUTHORIZED, "at once");
    let (status, answer) = admin.post(&path("enable"), json!({})).await;
    assert_eq!((status, &answer["user"]["disabled"]), (StatusCode::OK, &Value::Null));
    operator.sign_in(operator.user()).await;
    let (status, answer) = admin.post(&path("role"), json!({"role": "auditor"})).await;
    assert_eq!((status, &answer["user"]["role"]), (StatusCode::OK, &json!("AUDITOR")));
    assert_eq!(codes(&operator.get("/api/operator-chats").await), (403, "not_an_operator"));
    assert_eq!(codes(&admin.post(&path("role"), json!({})).await), (400, "missing_fields"));
    assert_eq!(codes(&admin.post(&path("role"), json!({"role": "king"})).await), (422, "invalid_fields"));

    let own = |what: &str| format!("/api/admin/users/{}/{what}", admin.user().id);
    assert_eq!(codes(&admin.post(&own("disable"), json!({"reason": "tired"})).await), (409, "oneself"));
    assert_eq!(codes(&admin.post(&own("role"), json!({"role": "OPERATOR"})).await), (409, "oneself"));
    // By a token of somebody whose own account is no administrator's any more nothing can be done; that the
    // last one stays is the store's to say, and its tests'.
    let nobody = |what: &str| format!("/api/admin/users/{}/{what}", Uuid::now_v7());
    for (what, body) in
        [("disable", json!({"reason": "x"})), ("enable", json!({})), ("role", json!({"role": "ADMIN"}))]
    {
        assert_eq!(codes(&admin.post(&nobody(what), body).await), (404, "user_not_found"), "{what}");
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_everybody_are_found_and_seen() {
    let edge = TestEdge::start().await;
    let admin = edge.staff(Role::Admin).await;
    let (one, two) = (edge.customer(10_000_000).await, edge.customer(10_000_000).await);
    let (_, first) = one.keyed("/api/orders", "1", &order(|body| body["title"] = json!("Кофейня"))).await;
    let (_, second) = two
        .keyed("/api/orders", "2", &order(|body| body["targetUrl"] = json!("https://shop.example/")))
        .await;
    let id = |answer: &Value| answer["order"]["id"].as_str().unwrap().to_owned();
    let (first, second) = (id(&first), id(&second));
    let finds = async |query: &str| {
        let (status, answer) = admin.get(&format!("/api/admin/orders?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let orders = answer["orders"].as_array().unwrap().clone();
        (orders.iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), answer)
    };
    assert_eq!(finds("").await.0, [second.clone(), first.clone()], "newest first");
    assert_eq!(finds("search=%D0%BA%D0%BE%D1%84%D0%B5").await.0, [first.as_str()], "кофе");
    assert_eq!(finds("search=shop.example").await.0, [second.as_str()]);
    assert_eq!(finds(&format!("search={}", &one.user().phone[1..])).await.0, [first.as_str()]);
    assert_eq!(finds(&format!("search={}", one.user().id)).await.0, [first.as_str()]);
    assert_eq!(finds(&format!("search={second}")).await.0, [second.as_str()]);
    assert!(finds("status=cancelled").await.0.is_empty());
    let (page, answer) = finds("status=open&limit=1").await;
    assert_eq!(page, [second.as_str()]);
    let cursor = answer["nextCursor"].as_str().unwrap();
    assert_eq!(finds(&format!("status=open&limit=1&cursor={cursor}")).await.0, [first.as_str()]);
    assert_eq!(answer["orders"][0]["customer"]["phone"], json!(two.user().phone));
    for wrong in ["status=king", "cursor=x"] {
        assert_eq!(codes(&admin.get(&format!("/api/admin/orders?{wrong}")).await), (422, "invalid_fields"));
    }
    let (status, seen) = admin.get(&format!("/api/admin/orders/{first}")).await;
    assert_eq!((status, &seen["order"]["title"]), (StatusCode::OK, &json!("Кофейня")));
    let nothing = format!("/api/admin/orders/{}", Uuid::now_v7());
    assert_eq!(codes(&admin.get(&nothing).await), (404, "not_found"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_work_without_script() {
    let edge = TestEdge::start().await;
    let admin = edge.staff(Role::Admin).await;
    let customer = edge.customer(1_000_000).await;
    let (_, created) =
        customer.keyed("/api/orders", "1", &order(|body| body["title"] = json!("Кофейня"))).await;
    let order_id = created["order"]["id"].as_str().unwrap();
    let (_, list) = admin.page("/dashboard/users?search=&role=customer").await;
    let path = format!("/dashboard/users/{}", customer.user().id);
    assert!(list.contains(&path) && list.contains("aria-current=\"page\""), "{list}");
    let (status, page) = admin.page(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Кофейня") && page.contains("499,50"), "{page}");
    let key = page.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let wrong = [("key", key.as_str()), ("amount", "0"), ("reason", "за старания")];
    let (status, _, page) = admin.form(&format!("{path}/credit"), &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("Сумма должна быть больше нуля") && page.contains("за старания") && page.contains(&key)
    );
    let before = customer.get("/api/balance").await.1["available"].as_f64().unwrap();
    for _ in 0..2 {
        let fields = [("key", key.as_str()), ("amount", "150,50"), ("reason", "за старания")];
        let (_, to, _) = admin.form(&format!("{path}/credit"), &fields).await;
        assert_eq!(to, format!("{path}?notice=credited"));
    }
    let balance = customer.get("/api/balance").await.1;
    assert_eq!(balance["available"].as_f64().unwrap() - before, 150.5, "twice is once");
    assert!(admin.page(&path).await.1.contains("за старания"), "the ledger says why");

    let (_, to, _) = admin.form(&format!("{path}/role"), &[("role", "executor")]).await;
    assert_eq!(to, format!("{path}?notice=role-granted"));
    let (status, _, page) = admin.form(&format!("{path}/disable"), &[("reason", " ")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Напишите причину"));
    let (_, to, _) = admin.form(&format!("{path}/disable"), &[("reason", "продан")]).await;
    assert_eq!(to, format!("{path}?notice=user-disabled"));
    assert!(admin.page(&to).await.1.contains("продан"));
    let (_, to, _) = admin.form(&format!("{path}/enable"), &[]).await;
    assert_eq!(to, format!("{path}?notice=user-enabled"));
    let own = format!("/dashboard/users/{}", admin.user().id);
    assert!(!admin.page(&own).await.1.contains(&format!("{own}/role")), "no form for oneself");
    let (status, _, page) = admin.form(&format!("{own}/role"), &[("role", "operator")]).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("понизить самого себя нельзя"), "{page}");

    let (_, orders) = admin.page("/dashboard/orders?search=%D0%9A%D0%BE%D1%84%D0%B5&status=").await;
    assert!(orders.contains(&format!("/dashboard/orders/{order_id}")));
    let (status, page) = admin.page(&format!("/dashboard/orders/{order_id}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("заказ принят") && page.contains(&customer.user().name), "{page}");
    for nothing in ["/dashboard/users/4242", "/dashboard/orders/00000000-0000-7000-8000-000000000000"] {
        assert_eq!(admin.page(nothing).await.0, StatusCode::NOT_FOUND, "{nothing}");
    }
    // A Telegram user's chat stands at the same place of the address.
    assert_eq!(admin.page("/dashboard/users/4242/operator-chat").await.0, StatusCode::NOT_FOUND);
    eventually("the role to count", async || {
        customer.get("/api/auth/session").await.0 == StatusCode::UNAUTHORIZED
    })
    .await;
    edge.stop().await;
}
