//! The order form in a real browser: what it says while it is filled in, and what it does when things go wrong.

use events::images::Stage;
use serde_json::json;

use crate::{
    browser::Window,
    harness::{Browser, TestEdge, eventually},
    images::picture,
};

const FORM: &str = "/dashboard/customer/create-order";

/// Types into a field as a person would, and leaves it.
const HANDS: &str = r#"
window.put = (name, value) => {
    const field = document.querySelector('[data-order-form]').elements[name];
    field.value = value;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    field.dispatchEvent(new Event('change', {bubbles: true}));
};
window.fill = () => {
    put('title', 'Из браузера'); put('description', 'Подписаться'); put('totalAmount', '1 500,50');
    put('targetUrl', 'https://example.org/'); put('timeZone', 'Europe/Moscow');
    put('deadline', '2027-06-01T12:00');
    const box = document.querySelector('[name=platforms][value=vk]');
    if (!box.checked) box.click();
};
window.fault = (name) => {
    const line = document.querySelector(`[data-field="${name}"] .error`);
    return line.hidden ? '' : line.textContent.trim();
};
window.is = (state) => document.querySelector('[data-preview]').dataset.state === state;
"#;

const NOTHING_MISSING: &str =
    "document.querySelector('[data-part=missing]').hidden && !document.querySelector('.field.wrong')";
const SUBMIT: &str = "document.querySelector('[data-submit]').click()";
const ON_THE_LIST: &str = "location.pathname === '/dashboard/customer'";

async fn open_form(edge: &TestEdge, customer: &Browser) -> Window {
    let window = Window::open().await;
    window.sign_in(&edge.public, &customer.user().phone, FORM).await;
    hands(&window).await;
    window
}

async fn hands(window: &Window) {
    window.until("the form's script", "document.querySelector('[data-save]')?.hidden").await;
    window.run(HANDS).await;
}

/// Puts a picture into the form's file field.
async fn choose_picture(window: &Window) {
    let bytes = hex::encode(picture());
    let script = format!(
        "const bytes = Uint8Array.from('{bytes}'.match(/../g), (byte) => parseInt(byte, 16));
         const chosen = new DataTransfer();
         chosen.items.add(new File([bytes], 'кот.png', {{type: 'image/png'}}));
         const field = document.querySelector('[name=picture]');
         field.files = chosen.files;
         field.dispatchEvent(new Event('change', {{bubbles: true}}));"
    );
    window.run(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_is_judged_by_the_server_while_the_form_is_filled_in() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(100_000).await;
    let window = open_form(&edge, &customer).await;
    window.run("put('targetUrl', 'example.org'); put('totalAmount', '99,99')").await;
    window.until("the link to be found fault with", "fault('targetUrl').includes('https://')").await;
    window.until("the amount, too", "fault('totalAmount').includes('100')").await;
    assert_eq!(window.run("return fault('title')").await, json!(""), "nobody has been there yet");
    window.run("put('targetUrl', 'https://example.org/')").await;
    window.until("the link to be right", "fault('targetUrl') === ''").await;
    window.run("put('totalAmount', '1 500,50')").await;
    let short = "document.querySelector('[data-part=short]')";
    window
        .until("the shortfall", &format!("!{short}.hidden && {short}.textContent.includes('500,50')"))
        .await;
    let missing = window.run("return document.querySelector('[data-part=missing-list]').textContent").await;
    for word in ["Название", "Описание", "Площадки", "Срок"] {
        assert!(missing.as_str().unwrap().contains(word), "{missing}");
    }
    window.run("put('region', 'Приморский край')").await;
    window.until("its cities", "document.querySelector('#cities option[value=\"Уссурийск\"]')").await;
    window.run("put('country', 'KZ')").await;
    window.until("no cities of another country", "!document.querySelector('#cities option')").await;
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_is_shown_with_its_code_before_the_order_and_is_the_orders() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let window = open_form(&edge, &customer).await;
    window
        .run(
            "window.stages = [];
             const line = document.querySelector('[data-part=stage]');
             new MutationObserver(() => stages.push([line.textContent,
                 document.querySelector('[data-preview] progress').value])).observe(line, {childList: true});",
        )
        .await;
    choose_picture(&window).await;
    window.until("the code on the picture", "is('ready')").await;
    let stages = window.run("return stages").await;
    let stages = stages.as_array().unwrap();
    let words: Vec<&str> = stages.iter().map(|stage| stage[0].as_str().unwrap()).collect();
    assert!(words[0].starts_with("Загружаем"), "{words:?}");
    assert!(words.last().unwrap().starts_with("Готово"), "{words:?}");
    let percents: Vec<f64> = stages.iter().map(|stage| stage[1].as_f64().unwrap()).collect();
    assert!(percents.is_sorted(), "{percents:?}");
    let shown = window.run("return document.querySelector('[data-part=picture]').getAttribute('src')").await;

    window.run("fill()").await;
    window.until("nothing to be missing", NOTHING_MISSING).await;
    window.run(SUBMIT).await;
    window.until("the list after the order", ON_THE_LIST).await;
    let (_, orders) = customer.get("/api/orders").await;
    assert_eq!(orders["orders"][0]["processedImageUrl"], shown, "what was shown is what was ordered");
    window.0.close().await;
    edge.stop().await;
}

/// How the page begins to word a stage.
const fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Fetching => "Картинка в очереди",
        Stage::Decoding => "Читаем картинку",
        Stage::Rendering => "Ставим QR-код",
        Stage::ReadingBack => "Считываем код",
        Stage::Storing => "Сохраняем",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stage_of_the_media_worker_is_shown_in_order() {
    let edge = TestEdge::without_workers().await;
    let customer = edge.customer(0).await;
    let window = open_form(&edge, &customer).await;
    window.run("put('targetUrl', 'https://example.org/')").await;
    window
        .run(
            "window.stages = [];
             const line = document.querySelector('[data-part=stage]');
             new MutationObserver(() => stages.push(line.textContent)).observe(line, {childList: true});",
        )
        .await;
    choose_picture(&window).await;
    // From the first answer on the page knows which picture's progress is its own.
    let answered = "performance.getEntriesByType('resource').some(({name}) => name.endsWith('/process'))";
    window.until("the page to know its picture", answered).await;
    edge.render();
    window.until("the code on the picture", "is('ready')").await;
    let stages = window.run("return stages").await;
    let stages: Vec<String> = serde_json::from_value(stages).unwrap();
    let begun = stages.iter().position(|stage| stage.starts_with(words(Stage::Fetching))).unwrap();
    use Stage::{Decoding, Fetching, ReadingBack, Rendering, Storing};
    let expected = [Fetching, Decoding, Rendering, ReadingBack, Storing].map(words);
    let expected: Vec<&str> = expected.into_iter().chain(["Готово"]).collect();
    assert_eq!(stages.len() - begun, expected.len(), "{stages:?}");
    for (said, expected) in stages[begun..].iter().zip(expected) {
        assert!(said.starts_with(expected), "{stages:?}");
    }
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_do_not_overwrite_each_others_draft() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (one, other) = (open_form(&edge, &customer).await, open_form(&edge, &customer).await);
    let saved = "document.querySelector('[data-draft-state]').textContent.includes('сохранён')";
    let asked = "!document.querySelector('[data-draft-conflict]').hidden";
    let title = async || customer.get("/api/orders/draft").await.1["draft"]["title"].clone();
    one.run("put('title', 'Первая вкладка')").await;
    one.until("the first draft", saved).await;
    other.run("put('title', 'Вторая вкладка')").await;
    other.until("the question which draft to keep", asked).await;
    assert_eq!(title().await, json!("Первая вкладка"), "not overwritten");
    other.run("document.querySelector('[data-keep-mine]').click()").await;
    other.until("the second draft", saved).await;
    assert_eq!(title().await, json!("Вторая вкладка"), "chosen");
    one.run("put('title', 'Снова первая')").await;
    one.until("the question in the first tab", asked).await;
    one.run("document.querySelector('[data-take-other]').click()").await;
    one.until("the other draft", "document.querySelector('[name=title]')?.value === 'Вторая вкладка'").await;
    one.0.close().await;
    other.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_costs_nothing_and_makes_no_second_order() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let window = open_form(&edge, &customer).await;
    window.run("fill()").await;
    window.until("nothing to be missing", NOTHING_MISSING).await;
    window.0.offline(true).await;
    window.run(SUBMIT).await;
    let problem =
        "document.querySelector('[data-problem]').textContent.includes('второй заказ не создастся')";
    window.until("the form to say that there is no connection", problem).await;
    choose_picture(&window).await;
    window.until("the upload to break off", "is('interrupted')").await;
    window.0.offline(false).await;
    window.run("if (is('interrupted')) document.querySelector('[data-retry-picture]').click()").await;
    window.until("the upload to go on", "is('ready')").await;
    window
        .run("const button = document.querySelector('[data-submit]'); button.click(); button.click()")
        .await;
    window.until("the list after the order", ON_THE_LIST).await;
    let (_, orders) = customer.get("/api/orders").await;
    assert_eq!(orders["orders"].as_array().unwrap().len(), 1);
    assert_eq!(customer.get("/api/balance").await.1["held"], json!(1500.5));
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_from_a_new_form_is_asked_about_first() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let window = open_form(&edge, &customer).await;
    window.run("fill()").await;
    window.until("nothing to be missing", NOTHING_MISSING).await;
    window.run(SUBMIT).await;
    window.until("the list after the order", ON_THE_LIST).await;
    window.go(&format!("{}{FORM}", edge.public)).await;
    hands(&window).await;
    assert_eq!(
        window.run("return document.querySelector('[name=title]').value").await,
        json!(""),
        "no draft"
    );
    window.run("fill()").await;
    window.until("nothing to be missing", NOTHING_MISSING).await;
    window.run(SUBMIT).await;
    window.until("the question", "document.querySelector('[data-duplicate-dialog]').open").await;
    let held = async || customer.get("/api/balance").await.1["held"].clone();
    assert_eq!(held().await, json!(1500.5), "nothing is ordered without an answer");
    window.run("document.querySelector('[data-duplicate-dialog] [value=again]').click()").await;
    window.until("the list after the second order", ON_THE_LIST).await;
    assert_eq!(held().await, json!(3001));
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_answer_was_lost_is_nobody_elses() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let window = open_form(&edge, &customer).await;
    let lose = "const real = window.fetch;
        window.fetch = async (...wanted) => {
            const answer = await real(...wanted);
            if (!String(wanted[0]).endsWith('/draft')) return answer;
            window.fetch = real;
            throw new TypeError('the answer was lost');
        };
        put('title', 'Первое')";
    window.run(lose).await;
    let state = "document.querySelector('[data-draft-state]').textContent";
    window.until("the loss to be told", &format!("{state}.includes('не сохранён')")).await;
    window.run("put('title', 'Второе')").await;
    eventually("the draft that was typed since", async || {
        customer.get("/api/orders/draft").await.1["draft"]["title"] == "Второе"
    })
    .await;
    let asked = window.run("return !document.querySelector('[data-draft-conflict]').hidden").await;
    assert_eq!(asked, json!(false), "there is no other tab");
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_ready_outlives_a_wrong_file_and_the_session() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let window = open_form(&edge, &customer).await;
    window.run("put('targetUrl', 'https://example.org/')").await;
    choose_picture(&window).await;
    window.until("the picture", "is('ready')").await;
    let wrong = "const transfer = new DataTransfer();
        transfer.items.add(new File(['text'], 'notes.txt', {type: 'text/plain'}));
        const {picture} = document.querySelector('[data-order-form]').elements;
        picture.files = transfer.files;
        picture.dispatchEvent(new Event('change'));
        return [fault('picture') !== '', is('ready'), picture.files.length]";
    assert_eq!(window.run(wrong).await, json!([true, true, 0]));
    window.run("return fetch('/api/auth/signout', {method: 'POST'}).then(() => true)").await;
    window.run("put('corner', 'upper_left')").await;
    window.until("the picture to wait for its owner", "is('interrupted')").await;
    let kept = "return document.querySelector('[data-order-form]').elements.imageId.value !== ''";
    assert_eq!(window.run(kept).await, json!(true));
    window.0.close().await;
    edge.stop().await;
}
