use axum::http::{HeaderMap, header};
use url::Url;

/// Characters of a host name that are kept; a longer one is nobody's whom it helps to know.
const MOST: usize = 100;

/// The host of the page that led here, and nothing else of its address: the rest may tell of a person.
pub(super) fn referrer(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(headers.get(header::REFERER)?.to_str().ok()?).ok()?;
    url.host_str().filter(|host| !host.is_empty() && host.len() <= MOST).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(value: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::REFERER, HeaderValue::from_str(value).unwrap())]);
        referrer(&headers)
    }

    #[test]
    fn only_the_host_is_kept() {
        assert_eq!(of("https://user:pass@VK.com:8443/feed?id=5#me").as_deref(), Some("vk.com"));
        assert_eq!(of("android-app://org.telegram.messenger/").as_deref(), Some("org.telegram.messenger"));
        assert_eq!(of("about:blank"), None);
        assert_eq!(of("nonsense"), None);
        assert_eq!(of(&format!("https://{}.ru/", "a".repeat(100))), None);
        assert_eq!(referrer(&HeaderMap::new()), None);
    }
}
