//! Sample pages of one's own account.

use http_edge::pages::*;

use super::samples::ago;

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
        errors: vec![FieldError {
            field: "newPassword".into(),
            code: "too_common".into(),
            message: String::new(),
        }],
    }
}
