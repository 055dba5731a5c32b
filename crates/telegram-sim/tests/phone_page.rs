//! The phone in a real browser.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Cursor;
use std::time::Duration;

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};
use telegram_sim::{Config, Phone, Sim, User};
use testkit::Browser;

const ANNA: i64 = 42;
const SOON: Duration = Duration::from_secs(20);

struct Desk {
    sim: Sim,
    phone: Phone,
    browser: Browser,
}

impl Desk {
    /// A browser with Anna's phone open.
    async fn open(width: u32, before: impl FnOnce(&Phone)) -> Self {
        let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
        let phone = sim.put_user(&User {
            first_name: "Анна".into(),
            phone_number: Some("79241242417".into()),
            ..User::numbered(ANNA)
        });
        before(&phone);
        let browser = Browser::open(width, 800, "ru").await;
        let desk = Self { sim, phone, browser };
        let url = format!("{}/#{ANNA}", desk.sim.url());
        desk.browser.client().goto(&url).await.unwrap();
        desk.find("#people [aria-current=true], #chosen-name:not(:empty)").await;
        desk
    }

    async fn find(&self, css: &str) -> Element {
        let waiting = self.browser.client().wait().at_most(SOON);
        let found = waiting.for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Waits until some element of that kind says so.
    async fn says(&self, css: &str, words: &str) {
        testkit::wait_for(&format!("{css} to say «{words}»"), async || {
            let script = "return [...document.querySelectorAll(arguments[0])]\
                .some((element) => !element.hidden && element.innerText.includes(arguments[1]))";
            let said = self.run(script, vec![json!(css), json!(words)]).await;
            said == json!(true)
        })
        .await;
    }

    async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let client = self.browser.client();
        client.execute(script, arguments).await.unwrap()
    }

    async fn bot_sends(&self, params: Value) {
        assert_eq!(self.call("sendMessage", params).await, 200);
    }

    async fn call(&self, method: &str, params: Value) -> u16 {
        let url = format!("{}/bot1:x/{method}", self.sim.url());
        let request = reqwest::Client::new().post(url).json(&params);
        request.send().await.unwrap().status().as_u16()
    }

    async fn sent(&self, what: &str, look: impl Fn(&telegram_sim::Message) -> bool) {
        let found = |_: &Sim| self.phone.messages().into_iter().find(&look);
        self.sim.wait_for(what, SOON, found).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_starts_writes_and_reads() {
    let desk = Desk::open(1400, |phone| {
        phone.text(&"Длинно\n".repeat(60)).unwrap();
    })
    .await;
    desk.find("#text").await.send_keys("/start\u{e007}").await.unwrap();
    desk.sent("/start", |message| message.words() == "/start").await;
    desk.says(".bubble.own", "/start").await;

    let text = desk.find("#text").await;
    text.send_keys("Где мой <b>заказ</b>?\u{e007}").await.unwrap();
    desk.sent("question", |message| message.words() == "Где мой <b>заказ</b>?").await;
    desk.says(".bubble.own", "Где мой <b>заказ</b>?").await;
    let keyboard = json!({"keyboard": [[{"text": "Номер", "request_contact": true}]]});
    desk.bot_sends(json!({"chat_id": ANNA, "text": "Назовите номер", "reply_markup": keyboard})).await;
    desk.says(".bubble.other", "Назовите номер").await;
    testkit::wait_for("the end of the chat to be in view", async || {
        let script = "const chat = document.getElementById('chat');\
            return chat.scrollHeight - chat.scrollTop - chat.clientHeight < 2";
        desk.run(script, vec![]).await == json!(true)
    })
    .await;

    desk.click("#keyboard button").await;
    desk.sent("contact", |message| message.content.contains_key("contact")).await;
    desk.says(".bubble.own", "+79241242417").await;
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_picked_and_sent_with_its_caption() {
    let desk = Desk::open(360, |phone| {
        phone.text("привет").unwrap();
    })
    .await;
    let mut png = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(64, 32).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let file = tempfile::Builder::new().suffix(".png").tempfile().unwrap();
    std::fs::write(file.path(), png.into_inner()).unwrap();

    let files = desk.find("#files").await;
    files.send_keys(&file.path().display().to_string()).await.unwrap();
    desk.find("#text").await.send_keys("чек").await.unwrap();
    desk.click(".send").await;
    desk.sent("photo", |message| message.words() == "чек" && message.content.contains_key("photo")).await;
    desk.says(".bubble.own", "чек").await;
    testkit::wait_for("the picture to be shown", async || {
        let script = "return document.querySelector('.picture img')?.naturalWidth";
        desk.run(script, vec![]).await == json!(64)
    })
    .await;
    let script = "return document.documentElement.scrollWidth <= window.innerWidth";
    assert_eq!(desk.run(script, vec![]).await, json!(true), "scrolls sideways");
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_blocked_and_unblocked() {
    let desk = Desk::open(1400, |phone| {
        phone.text("привет").unwrap();
    })
    .await;
    desk.click("[popovertarget=menu]").await;
    desk.click("#block").await;
    desk.says("#instead", "Вы заблокировали бота").await;
    assert!(desk.phone.text("?").is_err());
    desk.click("#instead-button").await;
    desk.find("#composer:not([hidden])").await;
    assert!(desk.phone.text("снова").is_ok());
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_switch_puts_a_fault_into_force_and_takes_it_back() {
    let desk = Desk::open(1400, |phone| {
        phone.text("привет").unwrap();
    })
    .await;
    let send = async || {
        let url = format!("{}/bot1:x/sendMessage", desk.sim.url());
        let params = json!({"chat_id": ANNA, "text": "?"});
        let request = reqwest::Client::new().post(url).json(&params);
        request.send().await.unwrap().status().as_u16()
    };
    desk.click("#switch-tooMany").await;
    desk.says("#fault-list", "429").await;
    assert_eq!(send().await, 429);
    desk.click("#switch-tooMany[aria-checked=true]").await;
    desk.find("#switch-tooMany[aria-checked=false]").await;
    assert_eq!(send().await, 200);

    desk.says("#faults-title", "Неисправности").await;
    desk.click("#language").await;
    desk.says("#faults-title", "Faults").await;
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_follows_a_link_quotes_reacts_and_sends_what_else_there_is() {
    let desk = Desk::open(1400, |_| {}).await;
    let url = format!("{}/?start=offer-7#{ANNA}", desk.sim.url());
    desk.browser.client().goto(&url).await.unwrap();
    desk.click("#instead:not([hidden]) #instead-button").await;
    desk.sent("the start", |message| message.words() == "/start offer-7").await;
    desk.find("#composer:not([hidden])").await;

    desk.bot_sends(json!({"chat_id": ANNA, "text": "Деньги вернём завтра"})).await;
    desk.says(".bubble.other", "Деньги вернём завтра").await;
    desk.run("document.querySelector('.bubble.other .react').click()", vec![]).await;
    desk.sent("the sign", |message| message.from_bot && message.reactions == ["👍"]).await;
    desk.says(".bubble.other .reactions", "👍").await;
    let mark = "const text = document.querySelector('.bubble.other .words').firstChild;\
        getSelection().setBaseAndExtent(text, 14, text, 20);\
        document.querySelector('.bubble.other .tools button').click()";
    desk.run(mark, vec![]).await;
    desk.find("#text").await.send_keys("А когда?\u{e007}").await.unwrap();
    desk.sent("the quote", |message| {
        message.content.get("quote").is_some_and(|quote| quote["text"] == "завтра")
    })
    .await;

    for (id, field) in
        [("poll", "poll"), ("dice", "dice"), ("sticker", "sticker"), ("forward", "forward_origin")]
    {
        desk.click("[popovertarget=menu]").await;
        desk.click(&format!("#send-{id}")).await;
        desk.sent(field, |message| message.content.contains_key(field)).await;
    }
    desk.says(".bubble.own", "Когда удобно?").await;
    desk.says(".bubble.own", "Городские новости").await;
    testkit::wait_for("the thumbnail to be shown", async || {
        let script = "return document.querySelector('img.sticker')?.naturalWidth";
        desk.run(script, vec![]).await == json!(128)
    })
    .await;
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bots_commands_are_offered_in_the_language_of_the_person() {
    let desk = Desk::open(360, |phone| {
        phone.text("привет").unwrap();
    })
    .await;
    assert_eq!(desk.run("return document.getElementById('commands').hidden", vec![]).await, json!(true));
    for (language, words) in [("", "what I can"), ("ru", "что я умею")] {
        let commands = json!([{"command": "help", "description": words}]);
        let params = json!({"commands": commands, "language_code": language});
        assert_eq!(desk.call("setMyCommands", params).await, 200);
    }
    desk.click("#commands:not([hidden])").await;
    desk.says("#commands-menu button", "что я умею").await;
    desk.click("#commands-menu button").await;
    desk.sent("the command", |message| message.words() == "/help").await;
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_is_one_bubble_and_formatting_is_shown() {
    let desk = Desk::open(1400, |phone| {
        phone.text("привет").unwrap();
    })
    .await;
    let mut png = Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(64, 48).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = bytes::Bytes::from(png.into_inner());
    desk.phone.album(vec![png.clone(), png.clone(), png], "три <i>снимка</i>").unwrap();
    desk.says(".bubble.own", "три <i>снимка</i>").await;
    testkit::wait_for("three pictures in one bubble", async || {
        let script = "const albums = document.querySelectorAll('.bubble .album');\
            return [albums.length, albums[0]?.querySelectorAll('img').length, document.querySelectorAll('.bubble').length]";
        desk.run(script, vec![]).await == json!([1, 3, 2])
    })
    .await;

    // UTF-16 units: the smile has two.
    let text = "😀 важно: <b>цена</b> тайна и ссылка";
    let entities = json!([
        {"type": "bold", "offset": 3, "length": 18},
        {"type": "italic", "offset": 10, "length": 11},
        {"type": "spoiler", "offset": 22, "length": 5},
        {"type": "text_link", "offset": 30, "length": 6, "url": "https://example.org/x"},
        {"type": "text_link", "offset": 28, "length": 1, "url": "javascript:alert(1)"},
        {"type": "not yet invented", "offset": 0, "length": 2},
    ]);
    desk.bot_sends(json!({"chat_id": ANNA, "text": text, "entities": entities})).await;
    desk.says(".bubble.other strong", "важно: <b>цена</b>").await;
    desk.says(".bubble.other strong em", "<b>цена</b>").await;
    let script = "const words = document.querySelector('.bubble.other .words');\
        return [words.textContent, words.querySelectorAll('b').length, [...words.querySelectorAll('a')].map((a) => a.href)]";
    assert_eq!(desk.run(script, vec![]).await, json!([text, 0, ["https://example.org/x"]]));
    desk.click(".spoiler:not(.shown)").await;
    desk.find(".spoiler.shown").await;
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_chosen_whose_chats_are_shown() {
    let desk = Desk::open(360, |phone| {
        phone.text("первому боту").unwrap();
    })
    .await;
    desk.says(".bubble.own", "первому боту").await;
    // Whoever calls first is the first bot.
    drop(desk.sim.bot(1));
    let other = desk.sim.bot(777);
    other.phone(ANNA).text("второму боту").unwrap();
    desk.find("#bots:not([hidden]) option[value='777']").await;
    let choose = "const bots = document.getElementById('bots'); bots.value = '777'; bots.dispatchEvent(new Event('change'))";
    desk.run(choose, vec![]).await;
    desk.says(".bubble.own", "второму боту").await;
    desk.find("#text").await.send_keys("и ещё\u{e007}").await.unwrap();
    desk.says(".bubble.own", "и ещё").await;
    assert_eq!(other.phone(ANNA).messages().len(), 2);
    assert_eq!(desk.phone.messages().len(), 1);
    desk.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_person_is_added() {
    let desk = Desk::open(1400, |_| {}).await;
    desk.click("#new-person").await;
    let name = desk.find("[name=first_name]").await;
    name.send_keys("Пётр\u{e007}").await.unwrap();
    desk.says("#people [aria-current=true]", "Пётр").await;
    desk.click("#instead-button").await;
    desk.says(".bubble.own", "/start").await;
    assert!(desk.phone.messages().is_empty(), "Anna wrote nothing");
    desk.browser.close().await;
}

#[tokio::test]
async fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    let page = reqwest::get(sim.url()).await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    let html = page.text().await.unwrap();
    for foreign in ["<style", "style=", "onclick", "https://", "//cdn"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    let scripts = html.matches("<script").count();
    assert_eq!(scripts, html.matches("<script type=\"module\" src=\"/").count());
}
