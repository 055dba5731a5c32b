use axum::http::{HeaderMap, header};
use events::orders::Device;

/// What programs call themselves that follow links which nobody has touched: previews of messengers and
/// social networks, search engines, monitors, libraries.
const PROGRAMS: [&str; 24] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-external",
    "whatsapp",
    "viber",
    "skypeuri",
    "vkshare",
    "snippet",
    "fetcher",
    "monitor",
    "headless",
    "lighthouse",
    "curl/",
    "wget/",
    "python",
    "okhttp",
    "go-http-client",
    "java/",
    "axios",
];

/// Phones with such a word in their name.
const NO_PROGRAMS: [&str; 1] = ["cubot"];

/// The kind of device by what its browser says of itself. Coarse on purpose, and never certain: an iPad calls
/// itself a computer.
pub(super) fn device(headers: &HeaderMap) -> Device {
    let ahead = ["sec-purpose", "purpose", "x-moz"].iter().filter_map(|name| headers.get(*name));
    if ahead.into_iter().any(|value| value.as_bytes().starts_with(b"prefetch")) {
        return Device::Bot;
    }
    let agent = headers.get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    of_agent(&agent.unwrap_or_default())
}

fn of_agent(agent: &str) -> Device {
    let mut agent = agent.to_ascii_lowercase();
    for name in NO_PROGRAMS {
        agent = agent.replace(name, "");
    }
    let has = |words: &[&str]| words.iter().any(|word| agent.contains(word));
    if has(&PROGRAMS) {
        Device::Bot
    } else if has(&["ipad", "tablet", "kindle", "silk/"]) || (has(&["android"]) && !has(&["mobile"])) {
        Device::Tablet
    } else if has(&["iphone", "ipod", "mobile", "android", "phone"]) {
        Device::Phone
    } else if has(&["windows nt", "macintosh", "x11", "cros ", "linux"]) {
        Device::Computer
    } else {
        Device::Unknown
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn devices_are_known_by_what_they_say() {
        for (device, agent) in [
            (
                Device::Phone,
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            ),
            (
                Device::Phone,
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            ),
            (Device::Phone, "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"),
            (
                Device::Phone,
                "Mozilla/5.0 (Linux; Android 11; CUBOT P40) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
            ),
            (
                Device::Phone,
                "Mozilla/5.0 (Linux; arm_64; Android 13; SM-A525F) AppleWebKit/537.36 Chrome/122.0 YaBrowser/24.4.4.58.00 SA/3 Mobile Safari/537.36",
            ),
            (
                Device::Tablet,
                "Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 Chrome/124.0.0.0 Safari/537.36",
            ),
            (
                Device::Tablet,
                "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 Version/12.1.2 Mobile/15E148 Safari/604.1",
            ),
            (
                Device::Computer,
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
            ),
            (
                Device::Computer,
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            ),
            (Device::Computer, "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"),
            (Device::Bot, "TelegramBot (like TwitterBot)"),
            (Device::Bot, "WhatsApp/2.23.20.0"),
            (Device::Bot, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
            (Device::Bot, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
            (
                Device::Bot,
                "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 (compatible; Googlebot/2.1)",
            ),
            (Device::Bot, "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)"),
            (Device::Bot, "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)"),
            (Device::Bot, "curl/8.5.0"),
            (Device::Unknown, ""),
            (Device::Unknown, "QR Scanner"),
        ] {
            assert_eq!(of_agent(agent), device, "{agent}");
        }
    }

    #[test]
    fn a_page_that_is_fetched_ahead_was_not_looked_at() {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Mozilla/5.0 (iPhone) Mobile"));
        assert_eq!(device(&headers), Device::Phone);
        headers.insert("sec-purpose", HeaderValue::from_static("prefetch;prerender"));
        assert_eq!(device(&headers), Device::Bot);
        headers.insert(header::USER_AGENT, HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        headers.remove("sec-purpose");
        assert_eq!(device(&headers), Device::Unknown);
    }
}
