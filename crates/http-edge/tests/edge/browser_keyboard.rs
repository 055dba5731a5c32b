//! An order from sign-in to cancellation with a keyboard alone, on a phone's width: nothing is clicked, and whatever
//! has the focus shows it.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::json;

use crate::{
    browser::Window,
    harness::{PASSWORD, TestEdge},
};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

impl Window {
    /// Presses keys, one after the other, for whatever has the focus.
    pub(crate) async fn keys(&self, keys: &str) {
        let typed = keys.chars().fold(KeyActions::new("keyboard".into()), |typed, value| {
            typed.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.0.client().perform_actions(typed).await.unwrap();
    }

    /// Goes on with the tab key until this has the focus, which must be seen.
    pub(crate) async fn tab_to(&self, selector: &str) {
        for _ in 0..80 {
            self.keys(TAB).await;
            let there = format!("return document.activeElement.matches({})", json!(selector));
            if self.run(&there).await == json!(true) {
                let seen = self
                    .run(
                        "const focused = document.activeElement;
                         const shown = (element) => {
                             const style = getComputedStyle(element);
                             return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
                         };
                         return shown(focused) || shown(focused.closest('.choice') ?? focused);",
                    )
                    .await;
                assert_eq!(seen, json!(true), "{selector} does not show that it has the focus");
                return;
            }
        }
        panic!("the tab key does not come to {selector}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_made_and_cancelled_without_a_mouse() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let window = Window::open().await;
    window.0.resize(360, 740).await;
    window.go(&format!("{}/dashboard/customer/create-order", edge.public)).await;
    window.keys(&customer.user().phone).await;
    window.tab_to("#password").await;
    window.keys(&format!("{PASSWORD}{ENTER}")).await;
    window.until("the form's script", "document.querySelector('[data-save]')?.hidden").await;

    window.tab_to("#title").await;
    window.keys("С клавиатуры").await;
    window.tab_to("#description").await;
    window.keys("Подписаться").await;
    window.tab_to("[name=platforms][value=telegram]").await;
    window.keys(SPACE).await;
    window.tab_to("#targetUrl").await;
    window.keys("https://example.org/").await;
    window.tab_to("#region").await;
    window.keys("Приморский край").await;
    window.tab_to("#deadline").await;
    // The sixth of June, whichever of day and month comes first; afternoon or not, noon is twelve.
    window.keys("06062027").await;
    window.keys(TAB).await;
    window.keys("1200PM").await;
    window.tab_to("#totalAmount").await;
    window.keys("1500").await;
    window.tab_to("[data-submit]").await;
    window.until("nothing to be missing", "document.querySelector('[data-part=missing]').hidden").await;
    window.keys(ENTER).await;
    window.until("the list after the order", "location.pathname === '/dashboard/customer'").await;

    window.until("the row", "document.querySelector('.order-row[data-status=open]')").await;
    window.tab_to(".order-link").await;
    window.keys(ENTER).await;
    window.until("the order's page", "document.querySelector('[data-order]')").await;
    window.tab_to("details.confirm summary").await;
    window.keys(ENTER).await;
    window.tab_to("details.confirm button").await;
    window.keys(ENTER).await;
    window.until("the order to be cancelled", "document.querySelector('.chip[data-status=cancelled]')").await;
    assert_eq!(customer.get("/api/balance").await.1["held"], json!(0));
    window.0.close().await;
    edge.stop().await;
}
