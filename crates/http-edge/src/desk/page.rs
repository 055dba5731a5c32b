use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use events::chats::{Direction, MessageType};
use store::{
    accounts,
    chats::{ChatUser, Status},
    orders, users,
};
use uuid::Uuid;

use super::{
    history,
    list::{self, Asked},
    settled,
};
use crate::{
    auth::{Caller, PageStaff},
    edge::{Edge, Site},
    layout::{self, Frame},
    pages::{
        AttachmentKind, AttachmentState, AttachmentView, BalanceView, ChatFilter, ChatList, ChatRow,
        Conversation, DeliveryState, DeliveryView, DeskPage, LastLine, LinkedCustomer, LinkedOrder,
        MessageView, PersonView, QuoteView, ReplyProblem,
    },
    problem::Problem,
    wire,
};

/// Orders of a linked customer that the desk shows.
const ORDERS: i64 = 5;

/// `/dashboard/operator-chats`
pub(crate) async fn desk_page(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = settled::position(&site).await;
    let list = list(&site, asked).await?;
    layout::html(&DeskPage { layout: frame.of(Some(&caller.user), after), list, conversation: None })
}

/// `/dashboard/users/{userId}/operator-chat`
pub(crate) async fn chat_page(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Path(user_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = settled::position(&site).await;
    let list = list(&site, asked).await?;
    let conversation = Some(conversation(&site, user_id).await?);
    layout::html(&DeskPage { layout: frame.of(Some(&caller.user), after), list, conversation })
}

/// The page of a chat after a reply that was not taken: with what was typed and why.
pub(super) async fn chat_with(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    user_id: i64,
    (draft, problem): (String, ReplyProblem),
) -> Result<Response, Problem> {
    let after = settled::position(site).await;
    let list = list(site, Asked::default()).await?;
    let conversation = conversation(site, user_id).await?;
    let conversation = Some(Conversation { draft, problem: Some(problem), ..conversation });
    layout::html(&DeskPage { layout: frame.of(Some(&caller.user), after), list, conversation })
}

async fn list(edge: &Edge, asked: Asked) -> Result<ChatList, Problem> {
    let filter = ChatFilter::from_name(asked.status.as_deref().unwrap_or_default());
    let search = asked.search.clone().unwrap_or_default();
    let asked = Asked { status: Some(filter.name().to_owned()), ..asked };
    let found = list::find(edge, &asked).await?;
    Ok(ChatList {
        rows: found.chats.into_iter().map(|chat| row(chat.into())).collect(),
        filter,
        search,
        next_cursor: found.next_before.map(|position| position.to_string()),
    })
}

fn row(chat: wire::Chat) -> ChatRow {
    let last = chat.last_message;
    let waits = last.direction == Direction::In.name();
    ChatRow {
        user_id: chat.user_id,
        first_name: chat.first_name.unwrap_or_default(),
        last_name: chat.last_name,
        username: chat.username,
        open: chat.status == Status::Open.name(),
        unread: chat.unread_count,
        bot_blocked: chat.bot_blocked,
        waiting_since: waits.then_some(last.created_at),
        delivery_trouble: chat.delivery_trouble,
        last: Some(LastLine {
            direction: direction(last.direction),
            kind: kind(last.message_type),
            text: Some(last.message_text),
            at: last.created_at,
        }),
    }
}

async fn conversation(edge: &Edge, user_id: i64) -> Result<Conversation, Problem> {
    let found = history::find(edge, user_id, history::Asked::default()).await?;
    let customer = match found.user.linked_user_id {
        Some(id) => customer(edge, id).await?,
        None => None,
    };
    let open = found.user.status == Status::Open;
    Ok(Conversation {
        person: person(found.user, customer),
        open,
        messages: found.messages.into_iter().map(message).collect(),
        older_cursor: found.next_cursor,
        client_message_id: Uuid::now_v7().to_string(),
        draft: String::new(),
        problem: None,
    })
}

fn person(user: ChatUser, customer: Option<LinkedCustomer>) -> PersonView {
    PersonView {
        user_id: user.user_id,
        first_name: user.first_name.unwrap_or_default(),
        last_name: user.last_name,
        username: user.username,
        language: user.language_code,
        bot_blocked_since: user.bot_blocked.then_some(user.updated_at),
        known_since: None,
        unverified: false,
        customer,
    }
}

async fn customer(edge: &Edge, id: Uuid) -> Result<Option<LinkedCustomer>, Problem> {
    let mut conn = edge.conn().await?;
    let Some(user) = users::by_id(&mut conn, id).await? else { return Ok(None) };
    let balance = accounts::balance(&mut conn, id).await?;
    let orders = orders::list(&mut conn, id, &orders::Filter::default(), None, ORDERS).await?;
    Ok(Some(LinkedCustomer {
        name: user.name,
        phone: user.phone,
        balance: BalanceView { available: balance.available, held: balance.held },
        orders: orders
            .into_iter()
            .map(|order| LinkedOrder {
                title: order.content.title,
                amount: order.content.amount,
                status: order.status,
            })
            .collect(),
    }))
}

fn message(message: wire::Message) -> MessageView {
    MessageView {
        id: message.id.to_string(),
        client_message_id: None,
        direction: direction(message.direction),
        kind: kind(message.message_type),
        text: Some(message.message_text).filter(|text| !text.is_empty()),
        created_at: message.created_at,
        edited_at: message.edited_at,
        reply_to: message.reply_to.map(|quote| QuoteView { id: quote.id.to_string(), text: quoted(&quote) }),
        attachments: message.attachment.into_iter().map(attachment).collect(),
        delivery: message.delivery.map(|delivery| DeliveryView {
            state: DeliveryState::from_name(delivery.state),
            reason: delivery.reason,
            next_attempt_at: delivery.next_attempt_at,
        }),
        author: message.author,
        verified: message.verified,
    }
}

fn quoted(quote: &wire::Quote) -> String {
    if quote.message_text.is_empty() && quote.message_type != MessageType::Text.name() {
        return "…".to_owned();
    }
    quote.message_text.clone()
}

fn attachment(attachment: wire::Attachment) -> AttachmentView {
    AttachmentView {
        id: attachment.id.to_string(),
        kind: AttachmentKind::from_mime(attachment.mime_type.as_deref().unwrap_or_default()),
        state: match attachment.state {
            "stored" => AttachmentState::Stored,
            "too_large" => AttachmentState::TooLarge,
            "failed" => AttachmentState::Failed,
            _ => AttachmentState::Pending,
        },
        file_name: attachment.file_name,
        size: attachment.size,
        width: attachment.width,
        height: attachment.height,
    }
}

fn direction(name: &str) -> Direction {
    if name == Direction::In.name() { Direction::In } else { Direction::Out }
}

fn kind(name: &str) -> MessageType {
    MessageType::from_name(name).unwrap_or(MessageType::Unsupported)
}
