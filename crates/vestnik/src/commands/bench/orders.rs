use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use clap::Args;
use events::{
    Outgoing, Service,
    accounts::CreditRequested,
    bus::TailStart,
    users::{Role, UserRegistered},
};
use store::{Store, identity};
use uuid::Uuid;

use super::{client::Connection, figures::Figures, limits, private::PrivateSystem};
use crate::target::Target;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Connections, each with one request under way
    #[arg(long, default_value_t = 64)]
    connections: usize,
    #[arg(long, default_value_t = 1_000)]
    customers: usize,
    /// Seconds of each measurement, after two seconds of warming up
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// A customer of the benchmark, by bearer token.
pub(super) struct Customer {
    pub id: Uuid,
    token: String,
}

const WARM_UP: Duration = Duration::from_secs(2);
/// Kopecks; enough for a billion orders of 100 ₽.
const WEALTH: i64 = 1_000_000_000_000;

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let system = PrivateSystem::start().await?;
    let result = measure(&options, &system).await;
    system.stop().await?;
    result
}

async fn measure(options: &Options, system: &PrivateSystem) -> anyhow::Result<()> {
    let target = system.target();
    let idle = system.resident_megabytes();
    let customers = Arc::new(make_customers(&target, options.customers).await?);
    let address: SocketAddr = system.running.public_url.trim_start_matches("http://").parse()?;
    let duration = Duration::from_secs(options.seconds);
    println!("POST /api/orders until committed and answered 201; {} connections", options.connections);
    println!();

    let load = Load { address, connections: options.connections, customers: customers.clone(), pause: None };
    let mut many = load.run(duration).await?;
    println!("{}", many.line(&format!("Vestnik, {} customers", options.customers)));
    let one = Load {
        customers: Arc::new(vec![Customer { id: customers[0].id, token: customers[0].token.clone() }]),
        ..load.clone()
    };
    println!("{}", one.run(duration).await?.line("Vestnik, one customer"));
    // Each connection paces itself so that together they ask for half of what was reached.
    let pause = Duration::from_secs_f64(options.connections as f64 / (many.per_second() / 2.0));
    let half = Load { pause: Some(pause), ..load.clone() };
    println!("{}", half.run(duration).await?.line("Vestnik, half of that load"));
    let loaded = system.resident_megabytes();

    let store = target.store()?;
    check(&store).await?;
    println!();
    for batch in [50, 500] {
        let rate = limits::postgres(&store, batch, duration / 2).await?;
        println!("{:<52} {rate:>8.0}/s", format!("limit: PostgreSQL alone, {batch} orders per transaction"));
    }
    for in_flight in [64, 1_000] {
        let rate = limits::jetstream(system.folder(), in_flight, duration / 2).await?;
        println!("{:<52} {rate:>8.0}/s", format!("limit: JetStream alone, {in_flight} in flight"));
    }
    if let (Some(idle), Some(loaded)) = (idle, loaded) {
        println!();
        println!("memory of all services in one process: {idle} MB idle, {loaded} MB after the load");
    }
    Ok(())
}

#[derive(Clone)]
struct Load {
    address: SocketAddr,
    connections: usize,
    customers: Arc<Vec<Customer>>,
    /// Between the beginnings of two requests of one connection; closed loop without.
    pause: Option<Duration>,
}

impl Load {
    async fn run(&self, duration: Duration) -> anyhow::Result<Figures> {
        let begin = Instant::now() + WARM_UP;
        let end = begin + duration;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..self.connections {
            let load = self.clone();
            tasks.spawn(async move { load.connection(number, begin, end).await });
        }
        let mut figures = Figures { took: duration, ..Figures::default() };
        while let Some(done) = tasks.join_next().await {
            figures.merge(done??);
        }
        ensure!(!figures.latencies.is_empty(), "no order was created");
        Ok(figures)
    }

    async fn connection(&self, number: usize, begin: Instant, end: Instant) -> anyhow::Result<Figures> {
        let mut connection = Connection::open(self.address).await?;
        let mut figures = Figures::default();
        // Spread evenly: all at once would be a burst of full load and then silence.
        let share = number as f64 / self.connections as f64;
        let mut due = Instant::now() + self.pause.unwrap_or_default().mul_f64(share);
        let mut turn = number;
        while Instant::now() < end {
            if let Some(pause) = self.pause {
                due += pause;
                tokio::time::sleep_until(due.into()).await;
            }
            let customer = &self.customers[turn % self.customers.len()];
            turn += self.connections;
            let started = Instant::now();
            let (status, _) = connection.post_json("/api/orders", &customer.token, &body(turn)).await?;
            if started < begin {
                continue;
            }
            if status == 201 {
                figures.note(started.elapsed());
            } else {
                figures.failures += 1;
            }
        }
        Ok(figures)
    }
}

fn body(number: usize) -> String {
    format!(
        r#"{{"title":"Заказ {number}","description":"{}","targetUrl":"https://example.org/{number}",
        "totalAmount":100,"location":{{"country":"RU","city":"Владивосток"}},"deadline":"2030-01-01T00:00:00Z",
        "platforms":["telegram","vk"]}}"#,
        "Подписаться на канал и поставить отметку. ".repeat(5)
    )
}

/// Registers customers, credits them and gives each a token.
pub(super) async fn make_customers(target: &Target, count: usize) -> anyhow::Result<Vec<Customer>> {
    let store = target.store()?;
    let bus = target.bus(Service::Vestnik).await?;
    let ids: Vec<Uuid> = (0..count).map(|_| events::request_id()).collect();
    let registered: Vec<Outgoing> = ids
        .iter()
        .enumerate()
        .map(|(number, &user_id)| {
            let phone = format!("+7001{number:07}");
            let user =
                UserRegistered { user_id, phone, name: format!("Bench {number}"), role: Role::Customer };
            Outgoing::request(Service::Vestnik, "bench", user)
        })
        .collect();
    let facts = registered.iter().map(Outgoing::recorded).collect::<Result<Vec<_>, _>>()?;
    let mut conn = store.conn().await?;
    store::apply(&mut conn, &facts).await?;
    bus.publish_all(&registered).await?;
    let mut customers = Vec::with_capacity(count);
    for &user_id in &ids {
        let token = identity::new_secret();
        let hash = identity::secret_hash(&token);
        identity::create_token(&mut conn, user_id, &hash, events::now()).await?;
        customers.push(Customer { id: user_id, token });
    }
    let mut outcomes = bus.tail(&["accounts.*.credited"], TailStart::Now).await?;
    let wishes: Vec<Outgoing> = ids
        .iter()
        .map(|&user_id| {
            let wish = CreditRequested { user_id, amount: WEALTH, reason: "bench".into() };
            Outgoing::request(Service::Vestnik, "bench", wish)
        })
        .collect();
    bus.publish_all(&wishes).await?;
    for _ in 0..count {
        let outcome = tokio::time::timeout(Duration::from_secs(30), outcomes.next()).await;
        outcome.context("the credits were not made in time")?.context("the log ended")??;
    }
    Ok(customers)
}

/// What was answered 201 is there, and the money adds up.
async fn check(store: &Store) -> anyhow::Result<()> {
    use diesel::{QueryableByName, sql_types::BigInt};
    use diesel_async::RunQueryDsl as _;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        wrong: i64,
    }
    let mut conn = store.conn().await?;
    let row: Row = diesel::sql_query(
        "SELECT count(*) AS wrong FROM balances b
         WHERE b.held <> COALESCE((SELECT sum(total_amount) FROM orders o
                                   WHERE o.customer_id = b.user_id AND o.status = 'open'), 0)",
    )
    .get_result(&mut conn)
    .await?;
    ensure!(row.wrong == 0, "{} balances do not equal the open orders of their user", row.wrong);
    println!("checked: held = sum of open orders, of every customer");
    Ok(())
}
