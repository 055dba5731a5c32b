use axum::http::{HeaderMap, header};

/// Coarse, so that it tells its owner and nobody else: `Chrome, Android`. Empty when nothing is recognised.
pub(crate) fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    // The first that fits: browsers name those that they want to be taken for after themselves.
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("YaBrowser/", "Yandex Browser"),
        ("OPR/", "Opera"),
        ("Edg", "Edge"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_and_a_system_and_nothing_more() {
        let of = |agent: &'static str| {
            device(&HeaderMap::from_iter([(header::USER_AGENT, agent.parse().unwrap())]))
        };
        let android = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/130.0.0.0 Mobile Safari/537.36";
        assert_eq!(of(android), "Chrome, Android");
        let yandex = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/128.0.0.0 YaBrowser/24.10.0 Safari/537.36";
        assert_eq!(of(yandex), "Yandex Browser, Windows");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
             (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(of(safari), "Safari, iPhone");
        assert_eq!(of("<script>alert(1)</script>"), "");
        assert_eq!(device(&HeaderMap::new()), "");
    }
}
