use events::orders::RejectionCode;
use phrases::{Lang, format, picture_failure};
use url::Url;

use super::{News, What};
use crate::words;

/// The news in the person's language, with where to read on.
pub(super) fn text(news: &News, language_code: Option<&str>, base_url: Option<&Url>) -> String {
    let lang = words::language(language_code);
    let amount = format::money(news.amount);
    let (title, amount) = (("title", news.title.as_str()), ("amount", amount.as_str()));
    let mut text = match &news.what {
        What::Accepted => words::with(lang, "order-accepted", &[title, amount]),
        What::Expired => words::with(lang, "order-expired", &[title, amount]),
        What::Rejected(code) => {
            let reason = reason(lang, *code);
            words::with(lang, "order-rejected", &[title, amount, ("reason", &reason)])
        }
        What::PictureFailed(code, english) => {
            let reason = picture_failure(lang, code, english);
            words::with(lang, "picture-failed", &[title, amount, ("reason", &reason)])
        }
    };
    if let Some(base) = base_url {
        let base = base.as_str().trim_end_matches('/');
        text.push_str(&format!("\n{base}/dashboard/customer/orders/{}", news.order_id));
    }
    text
}

fn reason(lang: Lang, code: RejectionCode) -> String {
    words::text(
        lang,
        match code {
            RejectionCode::InsufficientBalance => "reason-insufficient-balance",
            RejectionCode::NotACustomer => "reason-not-a-customer",
            RejectionCode::ImageNotAvailable => "reason-image-not-available",
        },
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn news(what: What) -> News {
        News { order_id: Uuid::from_u128(7), title: "Подписка".into(), amount: 150_000, what }
    }

    #[test]
    fn each_is_told_in_the_persons_language_with_a_link() {
        let base: Url = "https://vestnik.example/".parse().unwrap();
        assert_eq!(
            text(&news(What::Accepted), Some("ru"), Some(&base)),
            "Заказ «Подписка» принят. Зарезервировано 1\u{a0}500,00\u{a0}₽.\n\
             https://vestnik.example/dashboard/customer/orders/00000000-0000-0000-0000-000000000007"
        );
        assert_eq!(
            text(&news(What::Rejected(RejectionCode::InsufficientBalance)), Some("en-GB"), None),
            "The order “Подписка” for 1\u{a0}500,00\u{a0}₽ is rejected: the balance is too small."
        );
        let failed = What::PictureFailed("truncated".into(), "The file ends too early.".into());
        assert!(text(&news(failed.clone()), Some("en"), None).ends_with("The file ends too early."));
        assert!(text(&news(failed), None, None).contains("Файл обрывается"));
        assert!(text(&news(What::Expired), None, None).contains("истёк"));
    }
}
