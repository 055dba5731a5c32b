//! Sample chats.

use events::{
    chats::{Direction, MessageType},
    orders::OrderStatus,
};
use http_edge::pages::*;

use super::samples::{NASTY, ago};

fn row(user_id: i64, first: &str, last: Option<&str>, minutes: i64, text: &str) -> ChatRow {
    ChatRow {
        user_id,
        first_name: first.into(),
        last_name: last.map(Into::into),
        username: None,
        open: true,
        last: Some(LastLine {
            direction: Direction::In,
            kind: MessageType::Text,
            text: Some(text.into()),
            at: ago(minutes),
        }),
        ..ChatRow::default()
    }
}

fn chat_list() -> ChatList {
    let mut rows = vec![
        row(7_000_001, "Мария", Some("Соколова"), 1, "Здравствуйте! QR-код не считывается, что делать?"),
        row(7_000_002, "Игорь", None, 7, "Спасибо, всё получилось 👍"),
        row(7_000_003, NASTY, None, 64, NASTY),
        row(7_000_004, "محمد", Some("الأحمد"), 180, "مرحبا، متى سيتم نشر الإعلان؟"),
        row(7_000_005, "", None, 60 * 26, ""),
        row(7_000_006, "Екатерина", Some("Константинопольская-Задунайская"), 60 * 24 * 40, "Хорошо"),
    ];
    rows[0].unread = 2;
    rows[0].waiting_since = Some(ago(6));
    rows[1].last.as_mut().expect("a line").direction = Direction::Out;
    rows[1].delivery_trouble = true;
    rows[2].unread = 128;
    rows[2].waiting_since = Some(ago(64));
    rows[4].username = Some("nameless".into());
    rows[4].last.as_mut().expect("a line").kind = MessageType::Photo;
    rows[5].bot_blocked = true;
    ChatList { rows, filter: ChatFilter::Open, search: String::new(), next_cursor: Some("x".into()) }
}

fn message(id: u32, direction: Direction, minutes: i64, text: &str) -> MessageView {
    MessageView {
        id: id.to_string(),
        direction,
        text: (!text.is_empty()).then(|| text.into()),
        created_at: ago(minutes),
        delivery: (direction == Direction::Out).then_some(DeliveryView {
            state: DeliveryState::Sent,
            code: None,
            reason: None,
            next_attempt_at: None,
        }),
        author: (direction == Direction::Out).then(|| "Ольга".into()),
        verified: id != 2,
        answerable: true,
        ..MessageView::blank()
    }
}

fn attachment(kind: AttachmentKind, state: AttachmentState) -> AttachmentView {
    AttachmentView {
        id: "sample".into(),
        kind,
        state,
        file_name: Some("Смета на ноябрь.pdf".into()),
        size: Some(1_340_000),
        width: Some(320),
        height: Some(200),
    }
}

fn messages() -> Vec<MessageView> {
    use Direction::{In, Out};
    let mut all = vec![
        message(1, In, 60 * 24 + 30, "Добрый день! Хочу заказать рекламу кофейни."),
        message(
            2,
            Out,
            60 * 24 + 20,
            "Здравствуйте, Мария! Создайте задание в личном кабинете: там же видно, как картинка будет выглядеть с кодом.",
        ),
        message(3, In, 60 * 24 + 12, "Спасибо, попробую"),
        message(4, In, 14, ""),
        message(5, In, 13, "Вот такая картинка. Подойдёт?"),
        message(6, Out, 11, "Да, вполне.\nТолько загрузите оригинал, без сжатия: код будет чётче."),
        message(7, In, 9, ""),
        message(8, Out, 8, "Смету получили, спасибо."),
        message(9, Out, 7, "И ещё одно уточнение по сроку."),
        message(10, In, 6, NASTY),
        message(11, In, 1, "Здравствуйте! QR-код не считывается, что делать?"),
        message(12, Out, 0, "Сейчас посмотрим…"),
    ];
    all[3].kind = MessageType::Photo;
    all[3].attachments = vec![attachment(AttachmentKind::Picture, AttachmentState::Stored)];
    all[4].edited_at = Some(ago(12));
    all[5].reply_to = Some(QuoteView {
        id: "5".into(), text: "Вот такая картинка. Подойдёт?".into()
    });
    all[6].kind = MessageType::Document;
    all[6].attachments = vec![
        attachment(AttachmentKind::File, AttachmentState::Stored),
        attachment(AttachmentKind::Video, AttachmentState::TooLarge),
    ];
    let delivery = |state, code: Option<&str>| {
        let reason = code.map(|_| "Bad Request: \"'& <script>alert(1)</script>".into());
        Some(DeliveryView { state, code: code.map(Into::into), reason, next_attempt_at: None })
    };
    all[1].segments = vec![
        Segment { text: "Здравствуйте, Мария! ".into(), ..Segment::default() },
        Segment {
            text: "Создайте задание".into(),
            marks: vec!["bold"],
            href: Some("https://example.org/".into()),
        },
        Segment { text: " \"'& <script>alert(1)</script>".into(), marks: vec!["spoiler"], href: None },
    ];
    all[2].reactions = vec!["👍".into(), "🎉".into()];
    all[4].facts = vec![FactView {
        kind: "place",
        value: NASTY.into(),
        href: Some("https://www.openstreetmap.org/?mlat=43.1&mlon=131.9".into()),
    }];
    all[5].edits = 1;
    all[5].deleted = true;
    all[7].delivery = delivery(DeliveryState::Failed, Some("chat_not_found"));
    all[7].parts = [DeliveryState::Sent, DeliveryState::Failed]
        .into_iter()
        .zip(1..)
        .map(|(state, number)| PartView { number, state, code: None })
        .collect();
    all[8].delivery = delivery(DeliveryState::Unknown, Some("interrupted"));
    all[9].change = Some(("edit".into(), "failed".into(), Some("too_late".into())));
    all[11].delivery = delivery(DeliveryState::Queued, None);
    all
}

fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = messages().into_iter().map(|it| Entry::Message(Box::new(it))).collect();
    let note =
        NoteView {
            id: "n1".into(), text: NASTY.into(), author: Some("Ольга".into()), created_at: ago(5)
        };
    entries.insert(10, Entry::Note(note));
    entries
}

fn canned(shortcut: &str, text: &str) -> CannedView {
    CannedView { id: shortcut.into(), shortcut: shortcut.into(), text: text.into(), filled: text.into() }
}

pub(crate) fn canned_page(layout: Layout) -> CannedPage {
    CannedPage {
        layout,
        canned: vec![canned("привет", "Здравствуйте, {name}!"), canned("срок", NASTY)],
        form: canned("срок", NASTY),
        problem: Some("canned-taken"),
    }
}

fn lines(layout: &Layout) -> DeskLines {
    DeskLines { layout: layout.clone(), bots: Vec::new() }
}

pub(crate) fn desk(layout: Layout) -> DeskPage {
    DeskPage { lines: lines(&layout), layout, me: String::new(), list: chat_list(), conversation: None }
}

pub(crate) fn empty_desk(layout: Layout) -> DeskPage {
    DeskPage {
        lines: lines(&layout),
        layout,
        me: String::new(),
        list: ChatList::default(),
        conversation: None,
    }
}

pub(crate) fn chat(layout: Layout) -> DeskPage {
    DeskPage {
        lines: lines(&layout),
        layout,
        me: "1".into(),
        list: chat_list(),
        conversation: Some(Conversation {
            person: PersonView {
                user_id: 7_000_001,
                first_name: "Мария".into(),
                last_name: Some("Соколова".into()),
                username: Some("maria_s".into()),
                language: Some("ru".into()),
                bot_blocked_since: None,
                assignee_id: Some("1".into()),
                notices: true,
                known_since: Some(ago(60 * 24 + 30)),
                unverified: false,
                not_found: false,
                banned_reason: None,
                customer: Some(LinkedCustomer {
                    name: "Мария Соколова".into(),
                    phone: "+79241242417".into(),
                    balance: BalanceView { available: 350_000, held: 150_000 },
                    orders: vec![LinkedOrder {
                        title: "Новое меню в кофейне на Покровке".into(),
                        amount: 150_000,
                        status: OrderStatus::Open,
                    }],
                }),
            },
            open: true,
            entries: entries(),
            operators: vec![
                OperatorView { id: "1".into(), name: NASTY.into(), me: true },
                OperatorView { id: "2".into(), name: "Ольга".into(), me: false },
            ],
            composing: Composing::New,
            canned: vec![canned("привет", "Здравствуйте, {name}!"), canned("срок", NASTY)],
            older_cursor: Some("1".into()),
            client_message_id: "0190a1b2-0000-4000-8000-000000000077".into(),
            draft: String::new(),
            problem: None,
        }),
    }
}

pub(crate) fn blocked_chat(layout: Layout) -> DeskPage {
    let mut page = chat(layout);
    if let Some(chat) = page.conversation.as_mut() {
        chat.person.first_name = NASTY.into();
        chat.person.bot_blocked_since = Some(ago(90));
        chat.person.unverified = true;
        chat.person.customer = None;
        chat.open = false;
        chat.draft = NASTY.into();
        chat.person.banned_reason = Some(NASTY.into());
        chat.composing = Composing::Answer("5".into(), NASTY.into());
        chat.problem = Some(ReplyProblem::NewerReplyExists);
    }
    page
}
