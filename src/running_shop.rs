//! The running shop, as a command calls it: through its gateway, with a token, and in the language of terminals.

use crate::{Failure, config::ClientConfig, wiring};
use comanda_mesh::channel::Channel;
use http::Uri;
use std::time::Duration;
use tonic::{
    Code, Request, Status,
    metadata::{Ascii, MetadataValue},
};
use tonic_types::StatusExt;

/// A channel and what is shown there.
pub struct RunningShop {
    pub channel: Channel,
    token: MetadataValue<Ascii>,
}

impl RunningShop {
    /// Connects in the background.
    pub fn connect(client: &ClientConfig, url: &Uri) -> Result<Self, Failure> {
        let token = MetadataValue::try_from(format!("Bearer {}", client.token));
        let token = token.map_err(|_| "COMANDA_TOKEN cannot be sent".to_owned())?;
        Ok(Self { channel: wiring::gateway(client, url)?, token })
    }

    /// A call with the token, for at most so long.
    pub fn request<T>(&self, message: T, deadline: Duration) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request.metadata_mut().insert("accept-language", MetadataValue::from_static("en"));
        request.set_timeout(deadline);
        request
    }

    /// Why the gateway did not do it, or why there is none to be had. `what` is it that may have wrong fields.
    pub fn refused(&self, status: &Status, what: &str) -> Failure {
        match self.channel.last_error().filter(|_| status.code() == Code::Unavailable) {
            Some(why) => plain(&format!("COMANDA_URL: cannot connect: {why}")).into(),
            None => explained(status, what),
        }
    }
}

/// Why it was refused, each field in a line of its own.
pub fn explained(status: &Status, what: &str) -> Failure {
    let details = status.get_error_details();
    let fields = details.bad_request().map(|bad| bad.field_violations.as_slice()).unwrap_or_default();
    if fields.is_empty() {
        return plain(status.message()).into();
    }
    // An answer has room for the first ones only; the last line of others, which is about no field, counts them.
    let lines = fields.iter().map(|field| match field.field.as_str() {
        "" => format!("\n  … {}", plain(&field.description)),
        name => format!("\n  {}: {}", plain(name), plain(&field.description)),
    });
    format!("{what} is not in order:{}", lines.collect::<String>()).into()
}

/// What others wrote must not steer the terminal.
pub fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}
