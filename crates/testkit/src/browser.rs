use std::{path::Path, process::Stdio, sync::Arc};

use fantoccini::{Client, ClientBuilder, wd::WebDriverCompatibleCommand};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use url::{ParseError, Url};

use crate::{free_address, wait_for_value};

/// A Chromium of one test's own, with an empty profile. Ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    _driver: Child,
    _profile: Arc<TempDir>,
}

impl Browser {
    /// Opens a window of the given size in pixels, in the given language.
    ///
    /// # Panics
    /// When Chromium or its driver cannot be started.
    pub async fn open(width: u32, height: u32, language: &str) -> Self {
        let address = free_address();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={}", address.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver starts; scripts/setup --test installs it");
        let profile = tempfile::Builder::new().prefix("vestnik-chromium-").tempdir().expect("a folder");
        let capabilities = json!({"goog:chromeOptions": {
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--hide-scrollbars",
                format!("--user-data-dir={}", profile.path().display()),
                format!("--window-size={width},{height}"),
                format!("--lang={language}"),
            ],
            "prefs": {"intl.accept_languages": language},
        }});
        let capabilities = capabilities.as_object().cloned().expect("an object");
        let url = format!("http://{address}");
        let client = wait_for_value("chromedriver to open a window", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.clone());
            builder.connect(&url).await.ok()
        })
        .await;
        Self { client, _driver: driver, _profile: Arc::new(profile) }
    }

    /// The WebDriver session.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Shows pages as a screen of this size would, in pixels. A window itself is never narrower than 500.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Cuts the browser off from the network, or connects it again.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions =
            json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// Puts the page to sleep as a phone does with a tab that nobody looks at, or wakes it.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn asleep(&self, asleep: bool) {
        let state = if asleep { "frozen" } else { "active" };
        self.devtools("Page.setWebLifecycleState", json!({"state": state})).await;
    }

    /// Lets the pages of this address show notifications when they ask for it.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn allow_notifications(&self, origin: &str) {
        let grant = json!({"permissions": ["notifications"], "origin": origin});
        self.devtools("Browser.grantPermissions", grant).await;
    }

    /// From the next page on keeps what goes wrong in pages; [`Browser::page_errors`] tells.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn watch_for_errors(&self) {
        self.devtools("Page.enable", json!({})).await;
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await;
    }

    /// What went wrong in the pages of this address since: errors of scripts, files that were not found, breaches
    /// of the content security policy, and what was written to the console as an error.
    ///
    /// # Panics
    /// When the browser does not answer.
    pub async fn page_errors(&self) -> Vec<String> {
        let kept = "return JSON.parse(sessionStorage.getItem('page-errors') ?? '[]')";
        let kept = self.client.execute(kept, Vec::new()).await.expect("a page");
        serde_json::from_value(kept).expect("a list of texts")
    }

    /// A command of the Chrome DevTools Protocol.
    async fn devtools(&self, command: &str, parameters: Value) {
        let command = DevTools(json!({"cmd": command, "params": parameters}));
        self.client.issue_cmd(command).await.expect("a browser that can be told so");
    }

    /// What the accessibility checker axe-core finds on the page that is open, serious and critical, in words.
    ///
    /// # Panics
    /// When the checker is not installed, or does not come to an end.
    pub async fn accessibility_findings(&self) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../var/tools/axe.min.js");
        let axe = std::fs::read_to_string(path).expect("axe-core; scripts/setup --test installs it");
        self.client.execute(&axe, Vec::new()).await.expect("axe-core runs");
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, {resultTypes: ['violations']}).then(({violations}) => done(violations
                .filter(({impact}) => impact === 'serious' || impact === 'critical')
                .flatMap(({id, help, nodes}) => nodes.map(({html}) => `${id}: ${help}: ${html.slice(0, 200)}`))));";
        let found = self.client.execute_async(run, Vec::new()).await.expect("axe-core comes to an end");
        serde_json::from_value(found).expect("a list of texts")
    }

    /// Ends the session; Chromium outlives its driver otherwise.
    pub async fn close(self) {
        if let Err(error) = self.client.clone().close().await {
            eprintln!("the browser was gone already: {error}");
        }
    }
}

/// Written down where it outlives the page.
const WATCH: &str = "(() => {
    const keep = (text) => {
        const kept = JSON.parse(sessionStorage.getItem('page-errors') ?? '[]');
        sessionStorage.setItem('page-errors', JSON.stringify([...kept, `${location.pathname}: ${text}`]));
    };
    addEventListener('error', ({ message, target }) => keep(message ?? `no ${target.src ?? target.href}`), true);
    addEventListener('unhandledrejection', ({ reason }) => keep(String(reason)));
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        keep(`${violatedDirective} ${blockedURI}`));
    const { error } = console;
    console.error = (...words) => { keep(words.join(' ')); error(...words); };
})()";

/// Chromedriver passes on what WebDriver has no words for.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}
