use fantoccini::{Locator, elements::Element};
use serde_json::json;
use testkit::{Browser, wait_for, wait_for_value};

/// A page, as a person uses it.
pub(crate) struct Page {
    browser: Browser,
}

impl Page {
    pub(crate) async fn open(url: &str, width: u32) -> Self {
        let browser = Browser::open(width, 900, "ru").await;
        let page = Self { browser };
        page.go(url).await;
        page
    }

    pub(crate) async fn go(&self, url: &str) {
        self.browser.client().goto(url).await.unwrap();
    }

    pub(crate) async fn find(&self, css: &str) -> Element {
        let found = self.browser.client().wait().for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("no {css} on the page: {error}"))
    }

    /// Clicks the first that is visible, once one is.
    pub(crate) async fn click(&self, css: &str) {
        let element = wait_for_value(&format!("{css} to be visible"), async || {
            for element in self.browser.client().find_all(Locator::Css(css)).await.ok()? {
                if element.is_displayed().await.is_ok_and(|displayed| displayed) {
                    return Some(element);
                }
            }
            None
        })
        .await;
        element.click().await.unwrap_or_else(|error| panic!("cannot click {css}: {error}"));
    }

    /// Types once the field can be typed into.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        wait_for(&format!("{css} to take text"), async || self.find(css).await.send_keys(text).await.is_ok())
            .await;
    }

    /// For fields whose keys depend on the browser's locale, such as dates.
    pub(crate) async fn set(&self, css: &str, value: &str) {
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1];
            field.dispatchEvent(new Event('input', {bubbles: true}));
            field.dispatchEvent(new Event('change', {bubbles: true}));";
        self.browser.client().execute(script, vec![json!(css), json!(value)]).await.unwrap();
    }

    /// Waits until an element that matches is visible and holds the text.
    pub(crate) async fn shows(&self, css: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .some(e => e.checkVisibility() && (e.innerText || '').includes(arguments[1]));";
        wait_for(&format!("{css} to show «{text}»"), async || {
            let shown = self.browser.client().execute(script, vec![json!(css), json!(text)]).await;
            shown.is_ok_and(|shown| shown == true)
        })
        .await;
    }

    pub(crate) async fn count(&self, css: &str, text: &str) -> usize {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .filter(e => (e.innerText || '').includes(arguments[1])).length;";
        let count = self.browser.client().execute(script, vec![json!(css), json!(text)]).await.unwrap();
        usize::try_from(count.as_u64().unwrap()).unwrap()
    }

    /// Waits until the script returns true.
    pub(crate) async fn holds(&self, what: &str, script: &str) {
        wait_for(what, async || {
            self.browser.client().execute(script, vec![]).await.is_ok_and(|value| value == true)
        })
        .await;
    }

    pub(crate) async fn script(&self, script: &str) -> serde_json::Value {
        self.browser.client().execute(script, vec![]).await.unwrap()
    }

    pub(crate) async fn path(&self) -> String {
        self.browser.client().current_url().await.unwrap().path().to_owned()
    }

    pub(crate) async fn comes_to(&self, path: &str) {
        wait_for(&format!("the page to be {path}"), async || self.path().await == path).await;
    }

    /// So that a later look shows whether the page was loaded anew.
    pub(crate) async fn mark(&self) {
        self.script("window.unloaded = false; return true").await;
    }

    pub(crate) async fn was_never_reloaded(&self) {
        assert_eq!(self.script("return window.unloaded === false").await, true, "the page was reloaded");
    }

    pub(crate) async fn close(self) {
        self.browser.close().await;
    }
}
