use std::{net::SocketAddr, sync::Arc, time::Duration};

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

use super::{
    client::Connection,
    limits,
    load::{Ask, Load},
    private::PrivateSystem,
};
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
#[derive(Clone)]
pub(super) struct Customer {
    pub id: Uuid,
    token: String,
}

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
    let customers: Arc<[Customer]> = make_customers(&target, options.customers).await?.into();
    let address: SocketAddr = system.running.public_url.trim_start_matches("http://").parse()?;
    let duration = Duration::from_secs(options.seconds);
    println!("POST /api/orders until committed and answered 201; {} connections", options.connections);
    println!();

    let ask = Orders { customers: customers.clone() };
    let load = Load { address, connections: options.connections, pause: None, ask };
    let mut many = load.run(duration).await?;
    println!("{}", many.line(&format!("Vestnik, {} customers", options.customers)));
    let one = Load { ask: Orders { customers: customers[..1].into() }, ..load.clone() };
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

/// Makes an order for one customer after the other.
#[derive(Clone)]
struct Orders {
    customers: Arc<[Customer]>,
}

impl Ask for Orders {
    async fn ask(&self, connection: &mut Connection, turn: usize) -> anyhow::Result<bool> {
        let customer = &self.customers[turn % self.customers.len()];
        let (status, _) = connection.post_json("/api/orders", &customer.token, &body(turn)).await?;
        Ok(status == 201)
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
    let bus = target.bus(Service::Vestnik).await?;
    let registered = register(target, Role::Customer, count).await?;
    let ids: Vec<Uuid> = registered.iter().map(|(id, _)| *id).collect();
    let customers = registered.into_iter().map(|(id, token)| Customer { id, token }).collect();
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

/// Makes accounts of a role, each with a bearer token.
pub(super) async fn register(
    target: &Target,
    role: Role,
    count: usize,
) -> anyhow::Result<Vec<(Uuid, String)>> {
    let store = target.store()?;
    let bus = target.bus(Service::Vestnik).await?;
    let registered: Vec<Outgoing> = (0..count)
        .map(|number| {
            let phone = format!("+7001{number:07}");
            let user_id = events::request_id();
            let user = UserRegistered { user_id, phone, name: format!("Bench {number}"), role };
            Outgoing::request(Service::Vestnik, "bench", user)
        })
        .collect();
    let facts = registered.iter().map(Outgoing::recorded).collect::<Result<Vec<_>, _>>()?;
    let mut conn = store.conn().await?;
    store::apply(&mut conn, &facts).await?;
    bus.publish_all(&registered).await?;
    let mut accounts = Vec::with_capacity(count);
    for fact in &facts {
        let user_id: Uuid = fact.event.entity().parse()?;
        let token = identity::new_secret();
        let hash = identity::secret_hash(&token);
        identity::create_token(&mut conn, user_id, &hash, events::now()).await?;
        accounts.push((user_id, token));
    }
    Ok(accounts)
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
