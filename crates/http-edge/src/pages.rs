//! The pages: one template struct each, filled by a handler and rendered without any I/O.
//!
//! Everything in a view model is plain: strings as they were stored, kopecks, Telegram ids,
//! timestamps. Wording, escaping and formatting happen here.
//!
//! Every form works without script. What forms post, and where to (each answers with a redirect,
//! or with the same page and what is wrong):
//!
//! | form | posts |
//! |---|---|
//! | `/preferences` | `theme` or `lang`, `next`: sets the cookie of that name |
//! | `/auth/signin` | `phone`, `password`, `role`?, `next`? |
//! | `/auth/signup` | `phone`, `password`, `name`, `role`, `next`? |
//! | `/auth/signout` | nothing |
//! | `/dashboard/account/password` | `currentPassword`, `newPassword` |
//! | `/dashboard/account/sessions/{id}/end`, `…/end-others` | nothing |
//! | `/dashboard/account/telegram`, `…/telegram/{id}/unlink` | nothing |
//! | `/dashboard/customer/create-order` | multipart: [`OrderForm`], file `picture`, `confirmDuplicate`?, `action` = `create` or `clear` |
//! | `/dashboard/customer/orders/{id}/cancel` | nothing |
//! | `/dashboard/users/{userId}/role`, `…/disable`, `…/enable`, `…/credit` | `role`; `reason`; nothing; `amount`, `reason`, `key` |
//! | `/dashboard/dead-letters/{id}/redrive`, `…/discard` | nothing; `reason` |
//! | `/dashboard/bots/{botId}/settings` | `welcome`, `away`, `desk` = `always` or `hours`, `zone`, `day1` to `day7` |
//! | `/dashboard/users/{userId}/operator-chat` | multipart: `messageText`, `clientMessageId`, `seenSequence`, `replyTo`?, `file`s? |
//! | `/dashboard/users/{userId}/operator-chat/status` | `status` = `open` or `closed` |
//! | `…/operator-chat/assign`, `…/ban`, `…/unban`, `…/notes` | `operatorId` (empty for nobody); `reason`; nothing; `noteText` |
//! | `…/operator-chat/notes/{noteId}/remove` | nothing |
//! | `…/operator-chat/{messageId}/retry`, `…/dismiss`, `…/delete`, `…/edit` | nothing; nothing; nothing; `messageText` |
//! | `/dashboard/canned-replies`, `…/{id}/remove` | `id`, `shortcut`, `cannedText`; nothing |
//!
//! `?reply=<id>` and `?edit=<id>` of a chat's page set what its composer is for.
//!
//! Scripts set the cookies `tz` (IANA zone of the browser) and `theme`, and talk to the JSON API.
//! Beyond its contract they use `PUT /api/orders/draft` with `{draft: OrderForm}`,
//! `POST /api/users/{userId}/operator-chat/typing` without a body, `?after=<sequence>` on both
//! live streams, and take these optional members: `deliveryTrouble` and `waitingSince` of a chat;
//! `author`, `clientMessageId`, `attachments` (else `attachment`) of a message; of an attachment
//! `{id, fileName, mimeType, size, width, height, state}` with `state` one of `stored`, `pending`,
//! `too_large`, `failed`; of an order's live `image` event `{imageId, thumbnailUrl}`.

mod account;
mod admin;
mod attachment;
mod bots;
mod canned;
mod create_order;
mod customer;
mod desk;
mod desk_chat;
mod desk_lines;
mod desk_person;
mod error;
mod field_words;
mod kinds;
mod landing;
mod layout;
mod letters;
mod link_over;
mod message;
mod money;
mod notice;
mod order;
mod order_scans;
mod orders;
mod reasons;
mod session;
mod timeline;
mod user;

pub use account::{AccountPage, BotLink, LinkOffer, LinkedPerson, SessionView, TelegramLinks};
pub use admin::{
    AccountView, AdminOrderPage, AdminOrdersPage, AdminUserPage, AdminUsersPage, AuditorPage, LedgerLine,
    OwnedOrderView,
};
pub use attachment::{AttachmentKind, AttachmentState, AttachmentView};
pub use bots::{BotForm, BotLine, BotPage, BotView, BotsPage};
pub use canned::CannedPage;
pub use create_order::{CreateOrderPage, OrderForm, PossibleDuplicate};
pub use customer::{BalanceView, OrderView, PictureView, QrView};
pub use desk::{ChatFilter, ChatList, ChatRow, DeskPage, LastLine};
pub use desk_chat::{
    Beside, CannedView, Composing, Conversation, Entry, LinkedCustomer, LinkedOrder, NoteView, OperatorView,
    PersonView, ReplyProblem,
};
pub use desk_lines::DeskLines;
pub use desk_person::PersonPart;
pub use error::ErrorPage;
pub(crate) use field_words::key as field_word;
pub use field_words::{FieldError, FieldErrors};
pub use landing::{ExecutorPage, LandingPage};
pub use layout::{Layout, Site, Theme};
pub use letters::{LetterPage, LetterView, LettersPage, OutcomeView};
pub use link_over::LinkOverPage;
pub use message::{DeliveryState, DeliveryView, FactView, MessageView, PartView, QuoteView, Segment};
pub use money::{EntryKind, EntryView, MoneyPage};
pub use notice::Notice;
pub use order::{OrderPage, OrderRefusedPage};
pub use order_scans::{OrderScans, ScanHour};
pub use orders::OrdersPage;
pub use session::{SignInPage, SignInProblem, SignUpForm, SignUpPage};
pub use timeline::{TimelineEvent, TimelineKind};
pub use user::{Role, UserView};

/// The `Content-Security-Policy` of every page. No page has inline script or style, which a
/// test holds; `blob:` shows a picture before it is uploaded.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; \
     style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'self'";

/// A path with a query of those parameters that have a value.
fn query_string(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    format!("{path}?{query}")
}
