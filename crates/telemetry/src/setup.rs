//! What a process tells about itself: logs to stderr, as text or JSON, each line within a call with its trace id; and
//! traces over OTLP where an endpoint is set. Metrics are in [`crate::admin`]; the last
//! warnings are kept by [`crate::status::recent_errors`].

use crate::status::recent_errors;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use std::{io::IsTerminal, time::Duration};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// What is wrong with the configuration of logs or traces.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The collector's address.
    #[error("COMANDA_OTLP_ENDPOINT: {0}")]
    Endpoint(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The filter.
    #[error("COMANDA_LOG must be a level such as info, or levels by target such as info,comanda_events=debug")]
    Filter,
}

/// What to tell, and where.
pub struct Telemetry<'a> {
    /// The name of the process in traces.
    pub role: &'a str,
    /// What to log, as in `info` or `info,comanda_events=debug`.
    pub filter: &'a str,
    /// JSON instead of text.
    pub json: bool,
    /// A collector, such as `http://127.0.0.1:4317`.
    pub otlp_endpoint: Option<&'a str>,
}

/// Sends what is left when told to.
#[must_use]
pub struct Flush(SdkTracerProvider);

impl Telemetry<'_> {
    /// Starts telling. Once in a process, within its async runtime.
    ///
    /// # Errors
    /// The endpoint is not a URL, or the filter is none; the setting is named.
    pub fn start(self) -> Result<Flush, SetupError> {
        let resource =
            Resource::builder().with_attribute(KeyValue::new("service.name", format!("comanda-{}", self.role))).build();
        let mut provider = SdkTracerProvider::builder().with_resource(resource);
        if let Some(endpoint) = self.otlp_endpoint {
            let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build();
            provider = provider.with_batch_exporter(exporter?);
        }
        let provider = provider.build();
        // Only our own spans: the exporter's would be traced for ever.
        let ours = Targets::new().with_target("comanda", LevelFilter::INFO);
        // Where in the source and on which thread a call was done costs more than it tells.
        let traces = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("comanda"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(ours);
        // At `trace`, sea-orm's own spans would hold the database's URL.
        // The migrator and the database driver tell each step at level info; the AMQP library logs what we log ourselves.
        let filter =
            format!("{},sea_orm=info,sea_orm_migration=warn,sqlx=warn,lapin=off,opentelemetry=off", self.filter);
        let filter: Targets = filter.parse().map_err(|_| SetupError::Filter)?;
        // Filtered, or every line of every library would be made only to be thrown away.
        let errors = recent_errors::RecentErrors.with_filter(Targets::new().with_target("comanda", LevelFilter::WARN));
        tracing_subscriber::registry().with(traces).with(errors).with(log(self.json).with_filter(filter)).init();
        Ok(Flush(provider))
    }
}

impl Flush {
    /// Sends the last traces, within a second: a collector that is away must not hold up the end.
    pub async fn flush(self) {
        // It blocks, and needs the runtime meanwhile.
        let _ = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(FLUSH_TIMEOUT)).await;
    }
}

fn log<S>(json: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let layer = fmt::layer().with_writer(std::io::stderr);
    if json {
        return Box::new(layer.json().flatten_event(true).with_span_list(false));
    }
    Box::new(layer.with_ansi(std::io::stderr().is_terminal()))
}
