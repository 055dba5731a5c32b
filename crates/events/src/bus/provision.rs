//! Creates streams, consumers and buckets. Nothing else may: services only use what is there.

use std::time::Duration;

use async_nats::jetstream::{
    consumer::{AckPolicy, DeliverPolicy, pull},
    object_store,
    stream::{Compression, Config, DiscardPolicy, External, Source, StorageType},
};

use super::Bus;
use crate::subjects::{
    AUDIT, DEAD, DEAD_SUBJECTS, DURABLE_CONSUMERS, DurableConsumer, EVENTS, EVENTS_SUBJECTS, FILES_BUCKET,
    MEDIA_BUCKET,
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

/// Creates a durable consumer of the log, or changes it; where it stands is kept.
pub async fn consumer(bus: &Bus, consumer: DurableConsumer, replicas: usize) -> Result<(), ProvisionError> {
    let config = pull::Config {
        durable_name: Some(consumer.name.into()),
        filter_subjects: consumer.filters.iter().map(ToString::to_string).collect(),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: consumer.ack_wait,
        // Giving up is the consumer's own business: it buries before it ends a message, even one that ends its process.
        max_deliver: -1,
        max_ack_pending: 4_096,
        num_replicas: replicas,
        ..Default::default()
    };
    bus.jetstream()
        .create_consumer_on_stream(config, EVENTS)
        .await
        .map_err(failed(format!("the consumer {}", consumer.name)))?;
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
