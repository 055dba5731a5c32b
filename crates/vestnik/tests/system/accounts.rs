//! `vestnik user`: accounts from the command line, as the running sites see them.

use reqwest::{Client, StatusCode};
use serde_json::json;
use testkit::wait_for;

use crate::running::Site;

const PHONE: &str = "+79241242417";
const PASSWORD: &str = "соль и перец 7";

/// An operator's browser.
struct Browser {
    client: Client,
    base: String,
}

impl Browser {
    fn new(site: &Site) -> Self {
        let client = Client::builder().cookie_store(true).build().unwrap();
        Self { client, base: site.url("BACKOFFICE_LISTEN") }
    }

    async fn sign_in(&self, password: &str) -> StatusCode {
        let request = self.client.post(format!("{}/api/auth/signin", self.base)).header("origin", &self.base);
        request.json(&json!({"phone": PHONE, "password": password})).send().await.unwrap().status()
    }

    async fn get(&self, path: &str) -> StatusCode {
        self.client.get(format!("{}{path}", self.base)).send().await.unwrap().status()
    }

    async fn becomes(&self, path: &str, status: StatusCode) {
        wait_for(&format!("{path} to be answered {status}"), async || self.get(path).await == status).await;
    }
}

/// Adds the operator, whose password comes from standard input.
async fn add(site: &Site) {
    let add = ["user", "add", "--phone", "8 (924) 124-24-17", "--name", "Ольга", "--role", "OPERATOR"];
    let said = site.answer_to(&[&add[..], &["--password-stdin"]].concat(), PASSWORD).await;
    assert!(said.trim_end().ends_with(&format!("{PHONE} OPERATOR")), "{said}");
    assert!(!said.contains("password"), "who knows it is not told");
}

const SESSION: &str = "/api/auth/session";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_promoted_shut_and_opened_while_the_sites_run() {
    let site = Site::new();
    let up = site.up().await;
    add(&site).await;
    let browser = Browser::new(&site);
    assert_eq!(browser.sign_in(PASSWORD).await, StatusCode::OK);
    assert_eq!(browser.get("/api/admin/users").await, StatusCode::FORBIDDEN);
    let said = site.answer(&["user", "role", "--phone", PHONE, "--role", "ADMIN"]).await;
    assert!(said.ends_with(" ADMIN\n"), "{said}");
    browser.becomes("/api/admin/users", StatusCode::OK).await;

    let said = site.answer(&["user", "sign-out", "--phone", PHONE]).await;
    assert!(said.ends_with("is signed out; sessions ended: 1\n"), "{said}");
    browser.becomes(SESSION, StatusCode::UNAUTHORIZED).await;

    let said = site.answer(&["user", "password", "--phone", PHONE]).await;
    let new = said.lines().find_map(|line| line.strip_prefix("password: ")).unwrap();
    assert_eq!(browser.sign_in(PASSWORD).await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.sign_in(new).await, StatusCode::OK);
    let said = site.answer_to(&["user", "password", "--phone", PHONE, "--password-stdin"], PASSWORD).await;
    assert!(said.contains("is signed out everywhere") && !said.contains("password:"), "{said}");
    browser.becomes(SESSION, StatusCode::UNAUTHORIZED).await;
    assert_eq!(browser.sign_in(PASSWORD).await, StatusCode::OK);

    let said = site.answer(&["user", "disable", "--phone", PHONE, "--reason", "a test"]).await;
    assert!(said.ends_with("is shut\n"), "{said}");
    browser.becomes(SESSION, StatusCode::UNAUTHORIZED).await;
    assert_eq!(browser.sign_in(PASSWORD).await, StatusCode::FORBIDDEN);
    let said = site.answer(&["user", "enable", "--phone", PHONE]).await;
    assert!(said.ends_with("is open\n"), "{said}");
    assert_eq!(browser.sign_in(PASSWORD).await, StatusCode::OK);
    let verified = site.run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_one_clear_sentence_and_changes_nothing() {
    let site = Site::new();
    let up = site.up().await;
    add(&site).await;
    let (admin, _) = site.account("ADMIN");
    let reason = "the reason must have 1 to 500 characters";
    let unknown = "no account has the phone +79241112233";
    let (known, other) = (["--phone", PHONE], ["--phone", "+7 924 111-22-33"]);
    let sentences: [(&[&str], &[&str], &str); 10] = [
        (&["enable"], &["--phone", "123"], "\"123\" is not a phone number; write it like +7 924 124-24-17"),
        (&["enable"], &other, unknown),
        (&["password"], &other, unknown),
        (&["sign-out"], &other, unknown),
        (&["role", "--role", "ADMIN"], &other, unknown),
        (&["disable", "--reason", "x"], &other, unknown),
        (&["disable", "--reason", " "], &known, reason),
        (&["disable", "--reason", &"x".repeat(501)], &known, reason),
        (&["disable", "--reason", "x"], &["--phone", &admin], "it is the last administrator who can sign in"),
        (
            &["role", "--role", "CUSTOMER"],
            &["--phone", &admin],
            "it is the last administrator who can sign in",
        ),
    ];
    for (command, phone, sentence) in sentences {
        let error = site.refusal(&[&["user"], command, phone].concat()).await;
        assert_eq!(error, format!("vestnik: {sentence}"), "{command:?}");
    }
    let password = ["user", "password", "--phone", PHONE, "--password-stdin"];
    for (given, sentence) in
        [("short", "at least 8 characters"), ("12345678", "tried first"), ("", "at least")]
    {
        let error = site.refusal_of(&password, given).await;
        assert!(error.contains(sentence), "{error}");
    }
    let again = ["user", "add", "--phone", PHONE, "--name", "Двойник", "--role", "ADMIN", "--password-stdin"];
    let error = site.refusal_of(&again, PASSWORD).await;
    assert!(error.contains("phone"), "{error}");
    let role = ["user", "role", "--role", "KING", "--phone", PHONE];
    assert!(site.usage(&role).await.contains("CUSTOMER, EXECUTOR, OPERATOR, ADMIN or AUDITOR"));
    for arguments in
        [["user", "disable", "--phone", PHONE].as_slice(), &["user", "enable"], &["user", "sign-out"]]
    {
        site.usage(arguments).await;
    }
    assert_eq!(Browser::new(&site).sign_in(PASSWORD).await, StatusCode::OK, "as before");
    up.stop().await;
}
