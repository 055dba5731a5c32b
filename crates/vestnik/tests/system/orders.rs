//! A customer's way through the public site.

use std::io::Cursor;

use crate::{page::Page, running::Site};

/// A photo as a phone would make it, in a file.
fn photo(site: &Site) -> String {
    let picture = image::RgbImage::from_fn(1_600, 1_200, |x, y| {
        image::Rgb([(x / 7) as u8, (y / 5) as u8, ((x * y) / 9_000) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let path = site.path("photo.jpg");
    std::fs::write(&path, bytes.into_inner()).unwrap();
    path.display().to_string()
}

async fn sign_up(page: &Page, site: &Site, phone: &str) {
    page.go(&format!("{}/auth/signup?role=customer", site.url("PUBLIC_LISTEN"))).await;
    page.fill("#name", "Анна Ким").await;
    page.fill("#phone", phone).await;
    page.fill("#password", "соль и перец 7").await;
    page.click("form[action='/auth/signup'] button.primary").await;
    page.comes_to("/dashboard/customer").await;
}

async fn fill_in(page: &Page) {
    page.fill("#title", "Подписка на канал").await;
    page.fill("#description", "Подписаться и поставить отметку 👍").await;
    page.click("#platforms label.choice").await;
    page.fill("#targetUrl", "https://example.org/channel?from=poster").await;
    page.fill("#city", "Владивосток").await;
    page.set("#deadline", "2030-06-01T12:00").await;
    page.fill("#totalAmount", "1500").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_orders_with_a_picture_and_sees_it_accepted_live() {
    let site = Site::new();
    let up = site.up().await;
    let list = Page::open(&site.url("PUBLIC_LISTEN"), 1_280).await;
    sign_up(&list, &site, "8 (924) 124-24-17").await;
    let credit = site
        .run(&["user", "credit", "--phone", "+79241242417", "--amount", "10000", "--reason", "test"])
        .await;
    assert!(credit.status.success(), "{}", String::from_utf8_lossy(&credit.stderr));
    // The credit arrives on the open page by itself.
    list.shows("[data-balance='available']", "10").await;
    list.mark().await;

    // A second window of the same customer orders while the first one looks on.
    let form = Page::open(&site.url("PUBLIC_LISTEN"), 1_280).await;
    form.go(&format!("{}/dashboard/customer/create-order", site.url("PUBLIC_LISTEN"))).await;
    form.comes_to("/auth/signin").await;
    form.fill("#phone", "+79241242417").await;
    form.fill("#password", "соль и перец 7").await;
    form.click("form[action='/auth/signin'] button.primary").await;
    form.comes_to("/dashboard/customer/create-order").await;
    fill_in(&form).await;
    form.fill("#picture", &photo(&site)).await;
    form.holds(
        "the picture with its code to be shown before anything is ordered",
        "const p = document.querySelector('img[data-part=picture]');
         return p.checkVisibility() && p.complete && p.naturalWidth > 0 && p.src.includes('/processed');",
    )
    .await;
    form.click("[data-submit]").await;
    form.comes_to("/dashboard/customer").await;
    form.shows("body", "Заказ успешно создан!").await;
    form.shows(".order-row", "Подписка на канал").await;

    list.shows(".order-row [data-part='status']", "открыт").await;
    list.shows("[data-balance='held']", "1").await;
    list.was_never_reloaded().await;
    assert_eq!(list.count(".order-row", "Подписка на канал").await, 1);

    form.click(".order-row .order-link").await;
    form.shows("main", "example.org").await;
    form.holds(
        "the order's page to show the picture",
        "return [...document.querySelectorAll('main img')].some(p => p.src.includes('/processed') && p.naturalWidth > 0);",
    )
    .await;
    let verified = site.run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    list.close().await;
    form.close().await;
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_the_field_and_nothing_is_ordered() {
    let site = Site::new();
    let up = site.up().await;
    // On a phone's screen.
    let page = Page::open(&site.url("PUBLIC_LISTEN"), 360).await;
    sign_up(&page, &site, "+7 924 555 66 77").await;
    page.go(&format!("{}/dashboard/customer/create-order", site.url("PUBLIC_LISTEN"))).await;
    fill_in(&page).await;
    page.set("#targetUrl", "javascript:alert(1)").await;
    page.set("#totalAmount", "99.999").await;
    page.set("#deadline", "2020-01-01T00:00").await;
    page.click("[data-submit]").await;
    for field in ["targetUrl", "totalAmount", "deadline"] {
        page.holds(
            &format!("an error beside {field}"),
            &format!("const e = document.querySelector('#{field}-error'); return !!e && e.checkVisibility() && e.innerText.trim() !== '';"),
        )
        .await;
    }
    page.holds(
        "the page to fit the screen",
        "return document.documentElement.scrollWidth <= window.innerWidth;",
    )
    .await;
    // Now right, but the balance is empty: that is said before anything is sent.
    page.set("#targetUrl", "https://example.org/").await;
    page.set("#totalAmount", "1500").await;
    page.set("#deadline", "2030-01-01T00:00").await;
    page.shows("[data-part='short']", "500").await;
    page.go(&format!("{}/dashboard/customer", site.url("PUBLIC_LISTEN"))).await;
    assert_eq!(page.count(".order-row", "").await, 0, "nothing was ordered");
    // The draft is there again.
    page.go(&format!("{}/dashboard/customer/create-order", site.url("PUBLIC_LISTEN"))).await;
    page.holds(
        "the form to remember what was typed",
        "return document.querySelector('#title').value === 'Подписка на канал';",
    )
    .await;
    page.close().await;
    up.stop().await;
}
