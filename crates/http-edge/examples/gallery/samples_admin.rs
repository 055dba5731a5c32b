//! Sample pages of administration and of one's own account.

use events::orders::OrderStatus;
use http_edge::pages::*;

use super::samples::{NASTY, ago, order};

pub(crate) fn account(layout: Layout) -> AccountPage {
    let session = |id: u32, device: &str, current| SessionView {
        id: format!("0190a1b2-0000-7000-8000-{id:012}"),
        device: device.into(),
        back_office: id == 2,
        created_at: ago(60 * 24 * i64::from(id)),
        last_seen_at: ago(i64::from(id)),
        current,
    };
    AccountPage {
        layout,
        sessions: vec![
            session(1, "Firefox, Linux", true),
            session(2, "Chrome, Android", false),
            session(3, "", false),
        ],
        telegram: Some(TelegramLinks {
            linked: vec![LinkedPerson { id: 42, name: NASTY.into(), username: Some("anna".into()) }],
            offer: Some(LinkOffer {
                bots: vec![BotLink {
                    username: "vestnik_support_bot".into(),
                    link: Some("https://t.me/vestnik_support_bot?start=link_0123456789abcdef".into()),
                    qr: Some("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"></svg>".into()),
                }],
                command: "/start link_0123456789abcdef".into(),
                until: ago(-15),
            }),
        }),
        errors: vec![FieldError {
            field: "newPassword".into(),
            code: "too_common".into(),
            message: String::new(),
        }],
    }
}

fn person(id: u32, name: &str, role: Role) -> AccountView {
    AccountView {
        id: format!("0190a1b2-0000-7000-8000-{id:012}"),
        name: name.into(),
        phone: "+79241242417".into(),
        role,
        created_at: ago(60 * 24 * i64::from(id)),
        disabled: None,
    }
}

fn shut() -> AccountView {
    AccountView { disabled: Some((ago(90), NASTY.into())), ..person(3, NASTY, Role::Customer) }
}

pub(crate) fn users(layout: Layout) -> AdminUsersPage {
    AdminUsersPage {
        layout,
        users: vec![person(1, "Анна Ветрова", Role::Customer), person(2, "Ольга", Role::Operator), shut()],
        search: NASTY.into(),
        role: Some(Role::Customer),
        next_cursor: Some("a+b".into()),
    }
}

pub(crate) fn no_users(layout: Layout) -> AdminUsersPage {
    AdminUsersPage { users: Vec::new(), next_cursor: None, ..users(layout) }
}

pub(crate) fn user(layout: Layout) -> AdminUserPage {
    let line = |kind, order: Option<&str>, reason: Option<&str>| LedgerLine {
        kind,
        amount: 150_000,
        at: ago(5),
        order_id: order.map(Into::into),
        reason: reason.map(Into::into),
    };
    AdminUserPage {
        layout,
        user: person(1, "Анна Ветрова", Role::Customer),
        oneself: false,
        balance: BalanceView { available: 1_250_000, held: 174_690 },
        ledger: vec![
            line(EntryKind::Credit, None, Some(NASTY)),
            line(EntryKind::Hold, Some("0190a1b2"), None),
            line(EntryKind::Release, Some("0190a1b2"), None),
        ],
        orders: vec![order(2, NASTY, OrderStatus::Open)],
        key: "0190a1b2-0000-7000-8000-000000000077".into(),
        amount: "0".into(),
        reason: NASTY.into(),
        errors: vec![FieldError { field: "amount".into(), code: "too_small".into(), message: String::new() }],
    }
}

pub(crate) fn shut_user(layout: Layout) -> AdminUserPage {
    AdminUserPage { user: shut(), ledger: Vec::new(), orders: Vec::new(), errors: Vec::new(), ..user(layout) }
}

fn owned(number: u32, title: &str, status: OrderStatus) -> OwnedOrderView {
    OwnedOrderView {
        customer_id: "0190a1b2-0000-7000-8000-000000000001".into(),
        customer_name: NASTY.into(),
        customer_phone: "+79241242417".into(),
        order: order(number, title, status),
    }
}

pub(crate) fn orders(layout: Layout) -> AdminOrdersPage {
    AdminOrdersPage {
        layout,
        orders: vec![
            owned(1, "Новое меню в кофейне на Покровке", OrderStatus::Open),
            owned(2, NASTY, OrderStatus::Rejected),
        ],
        search: "кофе".into(),
        status: Some(OrderStatus::Open),
        next_cursor: Some("a+b".into()),
    }
}

pub(crate) fn order_page(layout: Layout) -> AdminOrderPage {
    AdminOrderPage {
        layout,
        owned: owned(2, "Открытие шоурума", OrderStatus::Open),
        events: vec![TimelineEvent {
            id: "event-1".into(),
            at: ago(5),
            kind: TimelineKind::Accepted { held: 174_690 },
            event_type: "vestnik.order.accepted.v1".into(),
            json: "{}".into(),
        }],
    }
}

fn letter_view(sequence: u64, outcome: Option<OutcomeView>) -> LetterView {
    LetterView {
        id: format!("order-worker-{sequence}"),
        consumer: "order-worker".into(),
        subject: "orders.0190a1b2-0000-7000-8000-000000000002.requested".into(),
        sequence,
        reason: NASTY.into(),
        attempts: 8,
        at: ago(30),
        event_type: Some("vestnik.order.requested.v1".into()),
        outcome,
    }
}

fn outcome(redriven: bool) -> Option<OutcomeView> {
    let reason = (!redriven).then(|| NASTY.into());
    Some(OutcomeView { redriven, reason, actor: "vestnik".into(), at: ago(3) })
}

pub(crate) fn letters(layout: Layout) -> LettersPage {
    LettersPage {
        layout,
        letters: vec![
            letter_view(3, None),
            letter_view(2, outcome(true)),
            LetterView { event_type: None, ..letter_view(1, outcome(false)) },
        ],
        settled: false,
        next_cursor: Some("17".into()),
    }
}

pub(crate) fn no_letters(layout: Layout) -> LettersPage {
    LettersPage { letters: Vec::new(), next_cursor: None, ..letters(layout) }
}

pub(crate) fn letter(layout: Layout) -> LetterPage {
    LetterPage {
        layout,
        letter: letter_view(3, None),
        headers: vec![("ce-type".into(), "vestnik.order.requested.v1".into()), ("x".into(), NASTY.into())],
        body: Some("{\n  \"title\": \"•••\"\n}".into()),
        redrivable: true,
        reason: NASTY.into(),
        errors: vec![FieldError { field: "reason".into(), code: "required".into(), message: String::new() }],
    }
}

pub(crate) fn settled_letter(layout: Layout) -> LetterPage {
    LetterPage { letter: letter_view(1, outcome(false)), body: None, ..letter(layout) }
}
