//! The desk's bots: how their lines are, and how they behave by themselves.

use events::{Service, subjects, users::Role};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    browser::Window,
    harness::{Browser, TestEdge, eventually},
    live::Live,
    telegram_link::connect_bot,
};

const SETTINGS: &str = "/api/admin/bots/7/settings";

fn hours() -> Value {
    json!({"zone": "Asia/Vladivostok", "open": [{"weekday": 1, "from": 540, "until": 1_080}]})
}

/// As the bridge says it: to whoever listens, and for whoever comes later.
pub(crate) async fn line(edge: &TestEdge, status: Value, seconds_ago: i32) {
    let bridge = edge.system.bus(Service::BotBridge).await;
    bridge.core().publish(subjects::bot_status(7), status.to_string().into()).await.unwrap();
    bridge.core().flush().await.unwrap();
    diesel_async::RunQueryDsl::execute(
        diesel::sql_query(
            "INSERT INTO bot_status (bot_id, status, updated_at)
             VALUES (7, $1::jsonb, now() - make_interval(secs => $2))
             ON CONFLICT (bot_id) DO UPDATE SET status = EXCLUDED.status, updated_at = EXCLUDED.updated_at",
        )
        .bind::<diesel::sql_types::Text, _>(status.to_string())
        .bind::<diesel::sql_types::Integer, _>(seconds_ago),
        &mut *edge.system.conn().await,
    )
    .await
    .unwrap();
}

async fn bot(admin: &Browser) -> Value {
    let (status, body) = admin.get("/api/admin/bots").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body["bots"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_set_how_a_bot_behaves_and_nobody_else() {
    let edge = TestEdge::start().await;
    let admin = edge.staff(Role::Admin).await;
    let operator = edge.staff(Role::Operator).await;
    let wanted = json!({"welcome": " Здравствуйте!\r\n", "away": "Ответим утром.", "hours": hours()});
    let set = async |who: &Browser, body: &Value| {
        let (status, answer) = who.send("PUT", SETTINGS, body.clone()).await;
        (status.as_u16(), answer)
    };
    assert_eq!(set(&admin, &wanted).await.0, 404, "there is no such bot");
    connect_bot(&edge).await;
    for (method, path) in [("GET", "/api/admin/bots"), ("PUT", SETTINGS), ("GET", "/api/admin/bots/live")] {
        assert_eq!(operator.send(method, path, json!({})).await.0, StatusCode::FORBIDDEN, "{path}");
        let stranger = Browser::at(&edge.backoffice);
        assert_eq!(stranger.send(method, path, json!({})).await.0, StatusCode::UNAUTHORIZED, "{path}");
    }
    let found = bot(&admin).await;
    assert_eq!((&found["botId"], &found["username"]), (&json!(7), &json!("vestnik_support_bot")));
    assert_eq!((&found["settings"], &found["status"]), (&json!({}), &Value::Null));

    let saved = json!({"welcome": "Здравствуйте!", "away": "Ответим утром.", "hours": hours()});
    for _ in 0..2 {
        assert_eq!(set(&admin, &wanted).await, (200, saved.clone()));
        assert_eq!(bot(&admin).await["settings"], saved, "at once");
    }
    for (wrong, field, code) in [
        (json!({"welcome": "x".repeat(4_097)}), "welcome", "too_long"),
        (json!({"away": 5}), "away", "invalid"),
        (
            json!({"hours": {"zone": "Mars/Olympus", "open": [{"weekday": 1, "from": 0, "until": 1}]}}),
            "zone",
            "invalid",
        ),
        (json!({"hours": {"zone": "UTC", "open": []}}), "hours", "required"),
        (
            json!({"hours": {"zone": "UTC", "open": [{"weekday": 8, "from": 0, "until": 1}]}}),
            "hours",
            "invalid",
        ),
        (
            json!({"hours": {"zone": "UTC", "open": [{"weekday": 1, "from": 9, "until": 9}]}}),
            "hours",
            "invalid",
        ),
        (json!({"hours": "always"}), "hours", "invalid"),
    ] {
        let (status, answer) = set(&admin, &wrong).await;
        assert!(status == 422 || (status == 400 && code == "required"), "{wrong}: {status} {answer}");
        assert_eq!(
            (&answer["errors"][0]["field"], &answer["errors"][0]["code"]),
            (&json!(field), &json!(code))
        );
    }
    assert_eq!(bot(&admin).await["settings"], saved, "nothing of it was kept");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let edge = TestEdge::start().await;
    let admin = edge.staff(Role::Admin).await;
    assert!(admin.page("/dashboard/bots").await.1.contains("Ботов ещё нет"));
    connect_bot(&edge).await;
    let path = "/dashboard/bots/7/settings";
    let zone = ("zone", "Asia/Vladivostok");
    let wrong = [("welcome", "Привет <b>"), ("desk", "hours"), zone, ("day3", "с девяти"), ("day1", "")];
    let (status, _, page) = admin.form(path, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Привет &#60;b&#62;") && page.contains("с девяти"), "{page}");
    assert!(page.contains("Напишите часы так") && !page.contains("хотя бы для одного дня"));
    let empty = [("desk", "hours"), zone];
    assert!(admin.form(path, &empty).await.2.contains("хотя бы для одного дня"));
    let right = [("away", "Завтра"), ("desk", "hours"), zone, ("day2", "9-13, 14:00–18:00")];
    let (status, to, _) = admin.form(path, &right).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/dashboard/bots/7?notice=bot-saved"));
    let (_, page) = admin.page("/dashboard/bots/7").await;
    assert!(page.contains("value=\"09:00–13:00, 14:00–18:00\"") && page.contains("Завтра"), "{page}");
    assert_eq!(admin.form(path, &[("desk", "always")]).await.0, StatusCode::SEE_OTHER);
    assert_eq!(bot(&admin).await["settings"], json!({}));
    let operator = edge.staff(Role::Operator).await;
    assert_eq!(operator.page("/dashboard/bots").await.0, StatusCode::FORBIDDEN);
    assert_eq!(operator.form(path, &right).await.0, StatusCode::FORBIDDEN);
    assert_eq!(admin.page("/dashboard/bots/8").await.0, StatusCode::NOT_FOUND);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_is_told_in_words_live_and_its_silence_too() {
    let edge = TestEdge::start().await;
    connect_bot(&edge).await;
    let admin = edge.staff(Role::Admin).await;
    let mut live = Live::open(&admin, "/api/admin/bots/live", None).await;
    let conflict = json!({"state": "conflict", "mode": "polling", "pending": 12, "behindSince": events::now(),
        "lastError": {"code": "conflict", "words": "terminated by other getUpdates request", "at": events::now()}});
    line(&edge, conflict, 0).await;
    let heard = live.until("bot").await.data;
    assert_eq!((&heard["botId"], &heard["status"]["pending"]), (&json!(7), &json!(12)));

    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &admin.user().phone, "/dashboard/bots").await;
    window
        .until("the conflict in words", "document.body.textContent.includes('забирает кто-то другой')")
        .await;
    window.run("window.mark = 1").await;
    line(&edge, json!({"state": "ok", "mode": "polling"}), 0).await;
    let state = |words: &str| {
        format!(
            "document.querySelector('[data-bot=\"7\"] [data-part=state]').textContent.includes('{words}')"
        )
    };
    window.until("it to be well again", &state("на связи")).await;
    line(&edge, json!({"state": "ok"}), 45).await;
    window.until("the silence", &state("мост не отвечает с")).await;
    assert_eq!(window.run("return window.mark").await, 1, "without a reload");
    for path in ["/dashboard/bots", "/dashboard/bots/7"] {
        window.go(&format!("{}{path}", edge.backoffice)).await;
        for (width, lang) in [(1280, "ru"), (360, "en")] {
            window.run(&format!("document.cookie = 'lang={lang}; path=/'")).await;
            window.0.resize(width, 800).await;
            window.go(&format!("{}{path}", edge.backoffice)).await;
            assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new(), "{path} {width}");
            let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(window.run(wider).await, 0, "{path} {width}");
        }
    }
    window.run("document.cookie = 'lang=ru; path=/'").await;
    window.go(&format!("{}/dashboard/bots/7", edge.backoffice)).await;
    window
        .run("document.querySelector('[value=hours]').checked = true; day1.value = '10-19'; away.value = 'Завтра';
              document.querySelector('form[action$=\"/settings\"] .primary').click()")
        .await;
    window
        .until("it to be saved", "document.querySelector('[data-notice]')?.textContent.includes('сохранены')")
        .await;
    eventually("the settings", async || bot(&admin).await["settings"]["hours"]["open"][0]["from"] == 600)
        .await;
    window.0.close().await;
    edge.stop().await;
}
