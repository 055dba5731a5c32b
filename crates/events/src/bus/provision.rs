//! Creates streams, consumers and buckets. Nothing else may: services only use what is there.

use std::time::Duration;

use async_nats::jetstream::{
    consumer::{AckPolicy, DeliverPolicy, Info, pull},
    context::ConsumerInfoErrorKind,
    object_store,
    stream::{Compression, Config, DiscardPolicy, External, Source, StorageType},
};

use super::Bus;
use crate::subjects::{
    AUDIT, DEAD, DEAD_SUBJECTS, DURABLE_CONSUMERS, DurableConsumer, EVENTS, EVENTS_SUBJECTS, FILES_BUCKET,
    Lane, MEDIA_BUCKET,
};

/// Why the broker could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("the broker could not be given {what}")]
pub struct ProvisionError {
    what: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

fn failed<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    what: impl Into<String>,
) -> impl FnOnce(E) -> ProvisionError {
    move |source| ProvisionError { what: what.into(), source: source.into() }
}

/// The duplicate window lives in the broker's memory; the inbox is what lasts.
const DUPLICATE_WINDOW: Duration = Duration::from_secs(120);

/// Creates or updates the log, the dead letters, the durable consumers and the buckets.
/// `replicas`: 1 for a single server, 3 in a cluster.
pub async fn events(bus: &Bus, replicas: usize) -> Result<(), ProvisionError> {
    let jetstream = bus.jetstream();
    for config in [
        Config {
            name: EVENTS.into(),
            description: Some("every action, for ever".into()),
            subjects: EVENTS_SUBJECTS.iter().map(ToString::to_string).collect(),
            allow_direct: true,
            ..log_config(replicas)
        },
        Config {
            name: DEAD.into(),
            description: Some("messages that were given up".into()),
            subjects: vec![DEAD_SUBJECTS.into()],
            // A consumer fetches what it shall try again.
            allow_direct: true,
            ..log_config(replicas)
        },
    ] {
        let name = format!("the stream {}", config.name);
        jetstream.create_or_update_stream(config).await.map_err(failed(name))?;
    }
    for one in DURABLE_CONSUMERS {
        consumer(bus, one, replicas).await?;
    }
    for bucket in [MEDIA_BUCKET, FILES_BUCKET] {
        if jetstream.get_object_store(bucket).await.is_ok() {
            continue;
        }
        let config = object_store::Config {
            bucket: bucket.into(),
            storage: StorageType::File,
            num_replicas: replicas,
            ..Default::default()
        };
        jetstream.create_object_store(config).await.map_err(failed(format!("the bucket {bucket}")))?;
    }
    Ok(())
}

/// Creates both lanes of a durable consumer of the log, or changes them; where they stand is kept.
pub async fn consumer(bus: &Bus, consumer: DurableConsumer, replicas: usize) -> Result<(), ProvisionError> {
    let [main, seldom] = consumer.lanes();
    let known = standing(bus, &main.name).await?;
    // Until there were two lanes, the one had everything: what it has handled must not come again. The second is there
    // before the first hears less: whatever ends this in between, nothing goes past both.
    let beginning = known.as_ref().map_or(DeliverPolicy::All, |info| DeliverPolicy::ByStartSequence {
        start_sequence: info.ack_floor.stream_sequence + 1,
    });
    let second = standing(bus, &seldom.name).await?;
    lane(bus, consumer, seldom, second, beginning, replicas).await?;
    lane(bus, consumer, main, known, DeliverPolicy::All, replicas).await
}

async fn standing(bus: &Bus, name: &str) -> Result<Option<Info>, ProvisionError> {
    let stream = bus.jetstream().get_stream_no_info(EVENTS).await.map_err(failed("the stream EVENTS"))?;
    match stream.consumer_info(name).await {
        Ok(info) => Ok(Some(info)),
        Err(error) if error.kind() == ConsumerInfoErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(format!("the consumer {name}"))(error)),
    }
}

async fn lane(
    bus: &Bus,
    consumer: DurableConsumer,
    lane: Lane,
    known: Option<Info>,
    beginning: DeliverPolicy,
    replicas: usize,
) -> Result<(), ProvisionError> {
    let what = format!("the consumer {}", lane.name);
    let config = pull::Config {
        durable_name: Some(lane.name),
        filter_subjects: lane.filters,
        // Cannot be changed any more.
        deliver_policy: known.map_or(beginning, |info| info.config.deliver_policy),
        ack_policy: AckPolicy::Explicit,
        ack_wait: consumer.ack_wait,
        // Giving up is the consumer's own business: it buries before it ends a message, even one that ends its process.
        max_deliver: -1,
        max_ack_pending: 4_096,
        num_replicas: replicas,
        ..Default::default()
    };
    bus.jetstream().create_consumer_on_stream(config, EVENTS).await.map_err(failed(what))?;
    Ok(())
}

/// Creates the auditor's mirror, under an account where no service can write. A mirror keeps the
/// sequence numbers, so a sequence names the same event in both.
pub async fn audit(bus: &Bus, replicas: usize) -> Result<(), ProvisionError> {
    let config = Config {
        name: AUDIT.into(),
        description: Some("mirror of EVENTS for auditors".into()),
        mirror: Some(Source {
            name: EVENTS.into(),
            external: Some(External {
                api_prefix: "JS.APP.API".into(),
                delivery_prefix: Some("JS.APP.DELIVER".into()),
            }),
            ..Default::default()
        }),
        ..log_config(replicas)
    };
    bus.jetstream().create_or_update_stream(config).await.map_err(failed("the mirror AUDIT"))?;
    Ok(())
}

fn log_config(replicas: usize) -> Config {
    Config {
        storage: StorageType::File,
        num_replicas: replicas,
        discard: DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        compression: Some(Compression::S2),
        duplicate_window: DUPLICATE_WINDOW,
        ..Default::default()
    }
}
