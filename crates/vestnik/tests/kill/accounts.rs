use events::{Outgoing, Service, accounts::CreditRequested, users::Role};
use store::identity::{self, NewAccount, password};
use testkit::{System, wait_for};
use uuid::Uuid;

/// Somebody who may speak to the edge.
#[derive(Clone)]
pub(crate) struct Account {
    pub id: Uuid,
    pub phone: String,
    /// A bearer token.
    pub token: String,
    /// Kopecks that were credited.
    pub credit: i64,
}

/// Makes accounts with these roles and credits.
pub(crate) async fn make(system: &System, wanted: &[(Role, i64)]) -> Vec<Account> {
    let relay = system.relay(Service::Vestnik).await;
    let hash = password::hash("whatever it is".to_owned()).await.expect("a hash");
    let mut accounts = Vec::new();
    for (number, &(role, credit)) in wanted.iter().enumerate() {
        let phone = format!("+7000000{number:04}");
        let new = NewAccount {
            phone: phone.clone(),
            name: format!("{} {number}", role.name()),
            role,
            password_hash: hash.clone(),
            session: None,
        };
        let user = identity::register(&relay, new, Some("vestnik")).await.expect("an account");
        let token = identity::new_secret();
        let secret_hash = identity::secret_hash(&token);
        let mut conn = system.conn().await;
        identity::create_token(&mut conn, user.id, &secret_hash, events::now()).await.expect("a token");
        accounts.push(Account { id: user.id, phone, token, credit });
    }
    relay.catch_up().await.expect("the accounts are published");
    accounts
}

/// Asks for the credits and waits until they are there.
pub(crate) async fn credit(system: &System, accounts: &[Account]) {
    let bus = system.bus(Service::Vestnik).await;
    for account in accounts.iter().filter(|account| account.credit > 0) {
        let wish =
            CreditRequested { user_id: account.id, amount: account.credit, reason: "to begin with".into() };
        bus.publish(&Outgoing::request(Service::Vestnik, "vestnik", wish)).await.expect("a credit");
    }
    for account in accounts {
        wait_for("the credits", async || {
            let mut conn = system.conn().await;
            let balance = store::accounts::balance(&mut conn, account.id).await.expect("a balance");
            balance.available == account.credit
        })
        .await;
    }
    bus.close().await;
}
