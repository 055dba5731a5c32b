//! The edge on a real broker and a real database, with the real workers.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod accessible;
mod account;
mod admin;
mod bots;
mod broken;
mod browser;
mod browser_keyboard;
mod browser_orders;
mod chat_message;
mod desk;
mod desk_actions;
mod desk_album;
mod desk_beside;
mod desk_browser;
mod desk_lines;
mod desk_live;
mod desk_messages;
mod harness;
mod identity;
mod images;
mod letters;
mod live;
mod money;
mod order_pictures;
mod order_qr;
mod orders;
mod pages;
mod plain_form;
mod redrive;
mod returning;
mod scans;
mod slow;
mod starting;
mod statuses;
mod telegram_link;
