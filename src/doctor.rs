//! `comanda doctor`: examines a running deployment through its gateway and says in plain sentences what to mend. The
//! judging is the gateway's, so that the page `/status` says the same; here it is only put into lines, what is worst
//! first.
//!
//! Must not repair anything, and needs no database and no broker: it works from any machine that reaches the gateway.

use crate::{Failure, cli::Doctor, config::ClientConfig, running_shop::RunningShop};
use comanda_mesh::channel::Channel;
use comanda_telemetry::status::{
    diagnostics,
    v1::{Finding, GetStatusRequest, GetStatusResponse, Level, Process, status_service_client::StatusServiceClient},
};
use http::Uri;
use std::{
    io::{Write, stdout},
    time::Duration,
};
use tonic::{Code, Status};

/// Longer than the gateway waits for those that it asks.
const DEADLINE: Duration = Duration::from_secs(10);
/// Wide enough for every word that stands there.
const COLUMN: usize = 8;

/// Examines, tells, and fails when something needs mending.
pub async fn run(client: &ClientConfig, asked: &Doctor) -> Result<(), Failure> {
    let url = asked.url()?;
    let status = ask(client, &url).await?;
    if status.findings.is_empty() {
        return Err(format!("{url} is a role, which speaks for itself only: COMANDA_URL must name the gateway").into());
    }
    let said = format!("{}\n\n{}", sites(&status), findings(&status.findings));
    writeln!(stdout(), "{}", plain(&said)).map_err(|error| format!("cannot write: {error}"))?;
    if diagnostics::is_well(&status.findings) {
        return Ok(());
    }
    Err("not all is well: see above".to_owned().into())
}

async fn ask(client: &ClientConfig, url: &Uri) -> Result<GetStatusResponse, Failure> {
    let shop = RunningShop::connect(client, url)?;
    let channel = shop.channel.clone();
    let reply = StatusServiceClient::new(channel.clone()).get_status(shop.request(GetStatusRequest {}, DEADLINE)).await;
    reply
        .map(tonic::Response::into_inner)
        .map_err(|status| plain(&refused(url, &channel, &status).to_string()))
        .map_err(Failure::from)
}

/// Why there is nothing to examine, and where to look.
fn refused(url: &Uri, channel: &Channel, status: &Status) -> Failure {
    match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => format!(
            "the gateway at {url} does not take this token: set COMANDA_TOKEN to an API key of it \
             (`comanda staff api-key`), or COMANDA_DATA_DIR to its data folder"
        )
        .into(),
        Code::Unimplemented => format!("the gateway at {url} is of a release that tells no status: update it").into(),
        _ => {
            let cause = channel.last_error().unwrap_or_else(|| status.message().to_owned());
            format!(
                "the gateway at {url} does not answer: {cause}. Is it running (`comanda gateway`, or `comanda` alone)? Does \
                 COMANDA_URL name the address of its COMANDA_GATEWAY_LISTEN? Otherwise the end of its log says why."
            ).into()
        }
    }
}

/// Who was examined.
fn sites(status: &GetStatusResponse) -> String {
    let line = |process: &Process| {
        let roles = process.roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>().join(", ");
        let zones = match process.time_zone_database.as_str() {
            "" => String::new(),
            edition => format!(", time zones {edition}"),
        };
        format!("{roles}: version {}, {}{zones}", process.version, process.host)
    };
    status.processes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// One line for each, and what to do below it; what is worst comes first.
fn findings(findings: &[Finding]) -> String {
    let mut sorted = Vec::from_iter(findings);
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.level()));
    let lines = sorted.iter().map(|finding| {
        let said =
            |sentence: &Option<_>| sentence.clone().map(|said: comanda_telemetry::status::v1::Sentence| said.english);
        let remedy = said(&finding.remedy).map_or_else(String::new, |remedy| format!("\n{:COLUMN$} {remedy}", ""));
        format!("{:COLUMN$} {}{remedy}", word(finding.level()), said(&finding.sentence).unwrap_or_default())
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    if diagnostics::is_well(findings) { format!("{lines}\n\nAll is well.") } else { lines }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Unspecified => "?",
        Level::Good => "ok",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Alarm => "ALARM",
    }
}

/// What others say of themselves must not steer the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_telemetry::status::v1::Sentence;

    fn finding(level: Level, english: &str, remedy: Option<&str>) -> Finding {
        let said = |english: &str| Sentence { english: english.to_owned(), portuguese: String::new() };
        Finding { level: level.into(), sentence: Some(said(english)), remedy: remedy.map(said), ..Finding::default() }
    }

    #[test]
    fn the_worst_comes_first_and_a_note_is_no_illness() {
        let good = finding(Level::Good, "Calls succeed.", None);
        let note = finding(Level::Note, "Plaintext.", Some("Fine here."));
        let well = findings(&[good.clone(), note.clone()]);
        assert_eq!(well, "note     Plaintext.\n         Fine here.\nok       Calls succeed.\n\nAll is well.");
        let alarm = finding(Level::Alarm, "It burns.", Some("Run."));
        let ill = findings(&[good, note, alarm]);
        assert!(ill.starts_with("ALARM    It burns.\n         Run.\n") && !ill.contains("All is well"), "{ill}");
    }
}
