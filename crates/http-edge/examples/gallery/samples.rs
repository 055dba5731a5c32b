//! Sample pages: everyday data, and the edges of it.

use events::orders::{Device, OrderStatus, Platform, RefusalCode};
use http_edge::pages::*;
use http_edge::texts::Lang;
use jiff::{SignedDuration, Timestamp};

/// The moment at which every sample is rendered.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T09:41:07Z".parse().expect("a timestamp")
}

pub(crate) fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

/// What a stranger could have typed to break a page.
pub(crate) const NASTY: &str = "<script>alert(1)</script> \"'&\u{202e} שלום 👩‍👩‍👧‍👦";

pub(crate) fn layout(lang: Lang, theme: Theme, site: Site, path: &str, role: Option<Role>) -> Layout {
    let mut layout = Layout::new(site, path, now());
    layout.lang = lang;
    layout.theme = theme;
    layout.after_sequence = 48_113;
    layout.user = role.map(|role| UserView {
        id: "0190a1b2-0000-7000-8000-000000000001".into(),
        name: if role == Role::Operator { "Ольга" } else { "Анна Ветрова" }.into(),
        phone: "+79241242417".into(),
        role,
    });
    layout
}

pub(crate) fn order(number: u32, title: &str, status: OrderStatus) -> OrderView {
    OrderView {
        id: format!("0190a1b2-0000-7000-8000-{number:012}"),
        title: title.into(),
        description: "Снять короткий ролик о новом меню и показать QR-код в последнем кадре.\n\nРезультат: ролик опубликован, код читается с экрана телефона.".into(),
        target_url: "https://example.com/menu?utm_source=vestnik".into(),
        short_path: Some("/q/j0n2vzqw629c".into()),
        qr: None,
        amount: 150_000 + i64::from(number) * 12_345,
        country: "RU".into(),
        region: Some("Московская область".into()),
        city: Some("Химки".into()),
        deadline: ago(-60 * 30 * (i64::from(number) + 1)),
        platforms: vec![Platform::Telegram, Platform::Vk, Platform::Youtube],
        status,
        version: 1,
        picture: None,
        created_at: ago(4),
        rejection: None,
    }
}

fn picture() -> PictureView {
    PictureView {
        image_id: "0190a1b2-0000-7000-8000-0000000000aa".into(),
        processed_url: Some("/sample/picture.svg".into()),
        thumbnail_url: Some("/sample/picture.svg".into()),
        notes: vec!["Картинка была анимированной: взят её первый кадр.".into()],
        failure: None,
        failed_url: None,
    }
}

pub(crate) fn orders(layout: Layout) -> OrdersPage {
    let mut orders = vec![
        order(1, "Новое меню в кофейне на Покровке", OrderStatus::Pending),
        order(2, "Открытие шоурума: сторис и пост с отметкой", OrderStatus::Open),
        order(3, "Осенняя распродажа", OrderStatus::Rejected),
        order(4, "Подкаст о городских птицах", OrderStatus::Cancelled),
        order(5, NASTY, OrderStatus::Expired),
    ];
    orders[1].picture = Some(picture());
    orders[1].platforms = Platform::ALL.to_vec();
    orders[2].rejection = Some("insufficient_balance".into());
    orders[4].deadline = ago(3 * 24 * 60);
    orders[4].amount = 10_000_000_000;
    OrdersPage {
        layout,
        orders,
        filter: None,
        search: String::new(),
        next_cursor: Some("abc/+=".into()),
        first_page: true,
        balance: BalanceView { available: 1_250_000, held: 174_690 },
    }
}

pub(crate) fn no_orders(layout: Layout) -> OrdersPage {
    OrdersPage { orders: Vec::new(), next_cursor: None, balance: BalanceView::default(), ..orders(layout) }
}

pub(crate) fn order_page(layout: Layout) -> OrderPage {
    let mut order = order(2, "Открытие шоурума: сторис и пост с отметкой", OrderStatus::Open);
    order.picture = Some(picture());
    let event = |minutes, kind, event_type: &str| TimelineEvent {
        id: format!("event-{minutes}"),
        at: ago(minutes),
        kind,
        event_type: event_type.into(),
        json: "{\n  \"orderId\": \"0190a1b2\",\n  \"title\": \"<b>\"\n}".into(),
    };
    OrderPage {
        scans: Some(scans(&layout, order.created_at)),
        layout,
        order,
        address: "https://vestnik.example".into(),
        events: vec![
            event(9, TimelineKind::ImageUploaded, "vestnik.image.uploaded.v1"),
            event(8, TimelineKind::ImageRendered, "vestnik.image.rendered.v1"),
            event(5, TimelineKind::Requested, "vestnik.order.requested.v1"),
            event(4, TimelineKind::Accepted { held: 174_690 }, "vestnik.order.accepted.v1"),
            event(3, TimelineKind::CancelRefused { reason: NASTY.into() }, "vestnik.order.cancel-refused.v1"),
            event(2, TimelineKind::Other, "vestnik.order.praised.v1"),
        ],
    }
}

pub(crate) fn money(layout: Layout) -> MoneyPage {
    let entry = |number, kind, available, held, available_after, held_after| EntryView {
        number,
        kind,
        available,
        held,
        available_after,
        held_after,
        order: (kind != EntryKind::Credit).then(|| ("0190a1b2".into(), NASTY.into())),
        reason: (kind == EntryKind::Credit).then(|| NASTY.into()),
        at: ago(60 - number),
    };
    MoneyPage {
        layout,
        balance: BalanceView { available: 1_000_000, held: 0 },
        entries: vec![
            entry(3, EntryKind::Release, 150_000, -150_000, 1_000_000, 0),
            entry(2, EntryKind::Hold, -150_000, 150_000, 850_000, 150_000),
            entry(1, EntryKind::Credit, 1_000_000, 0, 1_000_000, 0),
        ],
        next_cursor: Some("1".into()),
        first_page: true,
    }
}

pub(crate) fn order_refused(layout: Layout) -> OrderRefusedPage {
    OrderRefusedPage {
        layout,
        code: RefusalCode::Invalid,
        existing_order: Some("0190a1b2-0000-7000-8000-000000000001".into()),
        errors: vec![FieldError {
            field: "deadline".into(),
            code: "in_the_past".into(),
            message: String::new(),
        }],
    }
}

/// A few busy hours of the last day.
fn scans(layout: &Layout, created: Timestamp) -> OrderScans {
    let hour = |hours: i64, device, scans| ScanHour { at: ago(hours * 60), device, scans };
    let rows = [
        hour(20, Device::Phone, 4),
        hour(19, Device::Phone, 31),
        hour(19, Device::Bot, 3),
        hour(18, Device::Tablet, 2),
        hour(17, Device::Phone, 57),
        hour(3, Device::Computer, 1),
        hour(1, Device::Phone, 23),
    ];
    OrderScans::new(&rows, created, layout.now, layout.now, &layout.zone)
}

/// The same order before anybody has scanned it.
pub(crate) fn unscanned_order_page(layout: Layout) -> OrderPage {
    let scans = OrderScans::new(&[], layout.now, layout.now, layout.now, &layout.zone);
    OrderPage { scans: Some(scans), ..order_page(layout) }
}

pub(crate) fn order_form(layout: Layout) -> CreateOrderPage {
    CreateOrderPage {
        layout,
        form: OrderForm { order_id: "0190a1b2-0000-7000-8000-000000000042".into(), ..OrderForm::default() },
        errors: Vec::new(),
        problem: None,
        shortfall: None,
        possible_duplicate: None,
        balance: BalanceView { available: 1_250_000, held: 0 },
        draft_saved_at: None,
    }
}

pub(crate) fn order_form_wrong(layout: Layout) -> CreateOrderPage {
    let wrong = |field: &str, code: &str, message: &str| FieldError {
        field: field.into(),
        code: code.into(),
        message: message.into(),
    };
    let mut page = order_form(layout);
    page.form = OrderForm {
        title: NASTY.into(),
        description: "Снять короткий ролик о новом меню.".into(),
        total_amount: "15 000,50".into(),
        target_url: "example.com".into(),
        region: "Московская область".into(),
        platforms: vec!["telegram".into(), "vk".into()],
        image_id: "0190a1b2-0000-7000-8000-0000000000aa".into(),
        processed_image_url: "/sample/picture.svg".into(),
        qr_code_url: "/sample/picture.svg".into(),
        ..page.form
    };
    page.errors =
        vec![wrong("targetUrl", "invalid", ""), wrong("deadline", "no_such_code", "Выберите другой срок")];
    page.draft_saved_at = Some(ago(60));
    page.possible_duplicate = Some(PossibleDuplicate { order_id: "0190a1b2".into() });
    page
}

pub(crate) fn sign_in(layout: Layout) -> SignInPage {
    SignInPage {
        layout,
        role: Some(Role::Customer),
        next: Some("/dashboard/customer?a=1&b=2".into()),
        phone: "+7 924 124-24-17".into(),
        problem: Some(SignInProblem::BadCredentials),
    }
}

pub(crate) fn sign_up(layout: Layout) -> SignUpPage {
    SignUpPage {
        layout,
        form: SignUpForm { phone: "123".into(), name: NASTY.into(), role: "customer".into() },
        next: Some("/dashboard/customer".into()),
        errors: vec![FieldError { field: "phone".into(), code: "invalid".into(), message: String::new() }],
    }
}

pub(crate) fn error(layout: Layout, status: u16, text: Option<&str>) -> ErrorPage {
    ErrorPage {
        layout,
        status,
        text: text.map(Into::into),
        request_id: Some("0190a1b2-7f31-7c55-9a80-3c6d5e1f0a42".into()),
    }
}
