//! The accounts of a first run: random passwords, kept in `var/accounts.json`, never in the log.

use std::time::Duration;

use anyhow::Context as _;
use events::{Service, users::Role};
use serde::{Deserialize, Serialize};
use store::{
    Relay, Store,
    identity::{self, NewAccount, PasswordChange, RegisterError, password},
};
use uuid::Uuid;

use super::servers::Servers;
use crate::{
    commands::credit,
    var::{Running, Var},
};

/// A demo account, as the operator of a private system sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub role: Role,
    pub phone: String,
    pub password: String,
    pub user_id: Uuid,
    /// Made by this very run.
    #[serde(skip)]
    pub new: bool,
}

/// Where they are kept, in `var/`.
pub(crate) const FILE: &str = "accounts.json";
/// Kopecks: 10,000 ₽.
const WELCOME: i64 = 1_000_000;

/// Valid numbers, so that they can be typed in; nobody is ever called or written to at them.
const ACCOUNTS: [(Role, &str, &str); 4] = [
    (Role::Customer, "+79990000001", "Анна Заказчик"),
    (Role::Operator, "+79990000002", "Олег Оператор"),
    (Role::Admin, "+79990000003", "Ада Администратор"),
    (Role::Auditor, "+79990000004", "Артём Аудитор"),
];

/// Makes the demo accounts of a private system, on its first run only. `None` when the database is not
/// private: nobody wants demo accounts in there.
pub(crate) async fn ensure(var: &Var, servers: &Servers) -> anyhow::Result<Option<Vec<Account>>> {
    if !servers.has_private_database().await {
        return Ok(None);
    }
    if let Some(accounts) = var.read(FILE)? {
        return Ok(Some(accounts));
    }
    let relay = Relay::new(Store::new(servers.database_url(), 2)?, servers.bus(Service::Vestnik).await?);
    let mut accounts = Vec::new();
    for (role, phone, name) in ACCOUNTS {
        let password = new_password();
        let password_hash = password::hash(password.clone()).await?;
        let account = NewAccount {
            phone: phone.to_owned(),
            name: name.to_owned(),
            role,
            password_hash: password_hash.clone(),
            session: None,
        };
        let user_id = match identity::register(&relay, account, Some("vestnik")).await {
            Ok(user) => user.id,
            // A first run that died before it had written the passwords down.
            Err(RegisterError::PhoneTaken) => {
                let mut conn = relay.store().conn().await?;
                let known = identity::credentials(&mut conn, phone).await?.context("the account is gone")?;
                drop(conn);
                let change = PasswordChange { compared: None, hash: &password_hash, session: None };
                identity::set_password(&relay, known.user.id, change, "vestnik").await?;
                known.user.id
            }
            Err(error) => return Err(error).context("the demo accounts cannot be made"),
        };
        accounts.push(Account { role, phone: phone.to_owned(), password, user_id, new: true });
    }
    relay.catch_up().await?;
    relay.bus().close().await;
    var.write(FILE, &accounts)?;
    Ok(Some(accounts))
}

/// Gives the new customer something to order with. The id of the wish is fixed, so it is done once.
pub(crate) async fn credit(accounts: Option<&Vec<Account>>, running: &Running) -> anyhow::Result<()> {
    let customer =
        accounts.into_iter().flatten().find(|account| account.new && account.role == Role::Customer);
    let Some(customer) = customer else { return Ok(()) };
    let target = crate::target::Target { running: Some(running.clone()) };
    let bus = target.bus(Service::Vestnik).await?;
    let id = events::derived_id(&["welcome", &customer.user_id.to_string()]);
    let outcome = credit::credit(&bus, id, customer.user_id, WELCOME, "первое пополнение");
    let waited = tokio::time::timeout(Duration::from_secs(5), outcome).await;
    bus.close().await;
    waited.context("the order worker did not credit the demo account in time")??;
    Ok(())
}

/// Four groups of four letters and digits that are not mistaken for one another: 79 bits.
fn new_password() -> String {
    use rand::Rng as _;
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let group = |random: &mut rand::rngs::ThreadRng| -> String {
        (0..4).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
    };
    (0..4).map(|_| group(&mut random)).collect::<Vec<_>>().join("-")
}
