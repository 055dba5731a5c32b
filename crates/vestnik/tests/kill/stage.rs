use std::time::Duration;

use events::users::Role;
use process::Shutdown;
use telegram_sim::{Fault, Phone, Sim};
use testkit::{System, free_address};
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use super::{
    accounts::{self, Account},
    chronicle::Chronicle,
    customers::{self, Placed},
    notices,
    operator::{self, Reply},
    phones::{self, Written},
    processes::Processes,
};

pub(crate) const SERVICES: [&str; 4] = ["order-worker", "chat-worker", "bot-bridge", "http-edge"];

const CUSTOMERS: usize = 4;
/// Between two orders of each customer, and of the one whom the bot tells of them.
const PERIOD: Duration = Duration::from_millis(60);
const PERIOD_OF_NOTICED: Duration = Duration::from_millis(400);
pub(crate) const PEOPLE: i64 = 6;
/// Kopecks: one customer's money ends before the load does.
const RICH: i64 = 1_000_000_000_000;
const POOR: i64 = 500_000;

/// Milliseconds from a reply's arrival to Telegram's answer.
const ANSWER: u64 = 50;

/// How long the last requests may take when everything is up again: longer than the broker takes to give
/// what a killed process had in hand to the next one (10 s), and that twice.
const PATIENCE: Duration = Duration::from_secs(60);

/// The whole system, its Telegram, and who uses them.
pub(crate) struct Stage {
    pub system: System,
    pub sim: Sim,
    pub processes: Processes,
    /// The last is the one whom the bot tells of their orders.
    pub customers: Vec<Account>,
    pub operator: Account,
    pub public_url: String,
    pub backoffice_url: String,
    pub http: reqwest::Client,
}

/// Clients at work.
pub(crate) struct Load {
    stop: Shutdown,
    customers: JoinHandle<anyhow::Result<Vec<Placed>>>,
    noticed: JoinHandle<anyhow::Result<Vec<Placed>>>,
    people: JoinHandle<anyhow::Result<Vec<Written>>>,
    operator: JoinHandle<anyhow::Result<Vec<Reply>>>,
}

/// What the clients did and were told.
pub(crate) struct Done {
    pub placed: Vec<Placed>,
    pub written: Vec<Written>,
    pub replies: Vec<Reply>,
}

impl Stage {
    pub(crate) async fn set(chronicle: &Chronicle) -> Self {
        let system = System::with_own_postgres().await;
        let sim = telegram_sim::start(telegram_sim::Config::for_tests()).await.expect("a Telegram");
        // As from far away: a reply has arrived a good while before the bridge hears of it.
        sim.add_fault(Fault::slow(ANSWER).on("sendMessage").after_the_work());
        let (public, backoffice) = (free_address(), free_address());
        let environment = [
            ("NATS_URL", system.nats_url().to_owned()),
            ("NATS_KEYS", system.keys().display().to_string()),
            ("DATABASE_URL", system.database_url().to_owned()),
            ("OPERATOR_BOT_TOKEN", "1000000:kill".to_owned()),
            ("TELEGRAM_API_URL", sim.url()),
            ("PUBLIC_LISTEN", public.to_string()),
            ("BACKOFFICE_LISTEN", backoffice.to_string()),
            ("CHAT_RATE", "1000".to_owned()),
            ("CHAT_BURST", "100".to_owned()),
            ("BOT_RATE", "10000".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let folder = system.folder().join("services");
        let processes = Processes::start(&SERVICES, &folder, &environment, chronicle);
        processes.wait_until_ready().await;

        let mut wanted = vec![(Role::Operator, 0), (Role::Customer, POOR)];
        wanted.resize(2 + CUSTOMERS, (Role::Customer, RICH));
        let mut accounts = accounts::make(&system, &wanted).await;
        accounts::credit(&system, &accounts).await;
        notices::link(&sim, accounts.last().expect("a customer")).await;
        chronicle.note("everything is ready");
        Self {
            system,
            sim,
            processes,
            operator: accounts.remove(0),
            customers: accounts,
            public_url: format!("http://{public}"),
            backoffice_url: format!("http://{backoffice}"),
            http: reqwest::Client::builder().timeout(Duration::from_secs(20)).build().expect("a client"),
        }
    }

    pub(crate) fn phones(&self) -> Vec<Phone> {
        (1..=PEOPLE).map(|number| self.sim.phone(700_000 + number)).collect()
    }

    /// Lets the clients begin.
    pub(crate) fn load(&self) -> Load {
        let stop = Shutdown::new();
        let people = self.phones();
        let chats = people.iter().map(Phone::user_id).collect();
        let (noticed, customers) = self.customers.split_last().expect("customers");
        let order = |customers: Vec<Account>, period| {
            let (http, url) = (self.http.clone(), self.public_url.clone());
            tokio::spawn(customers::order(http, url, customers, period, stop.clone()))
        };
        Load {
            customers: order(customers.to_vec(), PERIOD),
            noticed: order(vec![noticed.clone()], PERIOD_OF_NOTICED),
            people: tokio::spawn(phones::write(people, stop.clone())),
            operator: tokio::spawn(operator::answer(
                self.http.clone(),
                self.backoffice_url.clone(),
                self.operator.token.clone(),
                chats,
                stop.clone(),
            )),
            stop,
        }
    }

    pub(crate) async fn leave(self) {
        self.processes.stop().await;
        self.sim.stop().await.expect("Telegram stops");
    }
}

impl Load {
    /// Lets the clients finish what they have begun.
    pub(crate) async fn finish(self, chronicle: &Chronicle) -> Done {
        chronicle.note("no new requests");
        self.stop.cancel();
        let deadline = Instant::now() + PATIENCE;
        let mut placed = join("the customers", deadline, self.customers).await;
        placed.extend(join("the one who is told of orders", deadline, self.noticed).await);
        Done {
            placed,
            written: join("the people", deadline, self.people).await,
            replies: join("the operator", deadline, self.operator).await,
        }
    }
}

async fn join<T>(who: &str, deadline: Instant, work: JoinHandle<anyhow::Result<Vec<T>>>) -> Vec<T> {
    let done = timeout_at(deadline, work).await;
    let done = done.unwrap_or_else(|_| panic!("{who} still wait for an answer after {PATIENCE:?}"));
    let done = done.expect("no panic").unwrap_or_else(|error| panic!("{who}: {error:#}"));
    assert!(done.len() >= 20, "{who} got no further than {} requests: this proves little", done.len());
    done
}
