//! `comanda dead`: shows the messages that could not be processed to the person who looks after the system, and sends
//! them on their way again. It needs the two databases and nothing else: no broker, no secret, and not the data folder's
//! lock, because the shop may be running.

use crate::{
    Failure,
    cli::Dead,
    config::{DatabaseConfig, Flags, Service},
    schema,
};
use comanda_events::dead_letter::{self, Model};
use comanda_migrations::DbErr;
use comanda_storage::database::Database;
use std::io::{Write, stdout};

/// Those that take messages from a queue.
const SERVICES: [Service; 2] = [Service::Orders, Service::Kitchen];
const HEAD: [&str; 7] = ["SERVICE", "QUEUE", "SUBJECT", "REASON", "REPEATS", "FIRST", "LAST"];

type Letters = Vec<(Service, Model)>;

/// Does what is asked for, then ends.
pub async fn run(flags: &Flags, asked: &Dead) -> Result<(), Failure> {
    let mut databases = Vec::new();
    for service in SERVICES {
        databases.push((service, open(&flags.database(service)?).await?));
    }
    let said = match asked {
        Dead::List => all(&databases).await.map(|letters| table(&letters)),
        Dead::Show { queue, subject } => show(&databases, queue, subject).await,
        Dead::Replay { queue: Some(queue), subject: Some(subject), .. } => replay(&databases, queue, subject).await,
        Dead::Replay { .. } => replay_all(&databases).await,
    };
    for (_, database) in databases {
        database.close().await;
    }
    writeln!(stdout(), "{}", said?).map_err(|error| format!("cannot write: {error}")).map_err(Failure::from)
}

/// Connects to a database that must be there already.
async fn open(config: &DatabaseConfig) -> Result<Database, Failure> {
    if let Some(file) = config.file().filter(|file| !file.exists()) {
        return Err(format!("{}: there is no database at {}", config.variable(), file.display()).into());
    }
    schema::current_database(config).await
}

async fn all(databases: &[(Service, Database)]) -> Result<Letters, Failure> {
    let mut letters = Letters::new();
    for (service, database) in databases {
        let found = dead_letter::all(database.reader()).await.map_err(|error| cannot(*service, &error))?;
        letters.extend(found.into_iter().map(|letter| (*service, letter)));
    }
    Ok(letters)
}

async fn show(databases: &[(Service, Database)], queue: &str, subject: &str) -> Result<String, Failure> {
    for (service, database) in databases {
        let found = dead_letter::find(database.reader(), queue, subject).await;
        if let Some(letter) = found.map_err(|error| cannot(*service, &error))? {
            return Ok(page(*service, &letter));
        }
    }
    Err(unknown(queue, subject))
}

async fn replay(databases: &[(Service, Database)], queue: &str, subject: &str) -> Result<String, Failure> {
    match replayed(databases, queue, subject).await? {
        true => Ok("Replayed: its service publishes it within a second or so of running.".to_owned()),
        false => Err(unknown(queue, subject)),
    }
}

/// Each by itself, so that what was replayed stays replayed when the database fails in between.
async fn replay_all(databases: &[(Service, Database)]) -> Result<String, Failure> {
    let mut count = 0;
    for (_, Model { queue, subject, .. }) in all(databases).await? {
        // One that is gone was replayed by someone else meanwhile.
        count += i32::from(replayed(databases, &queue, &subject).await?);
    }
    Ok(format!("Replayed: {count}."))
}

async fn replayed(databases: &[(Service, Database)], queue: &str, subject: &str) -> Result<bool, Failure> {
    for (service, database) in databases {
        let replayed = dead_letter::replay(database, queue, subject).await;
        if replayed.map_err(|error| cannot(*service, &error))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn table(letters: &Letters) -> String {
    if letters.is_empty() {
        return "No dead letters.".to_owned();
    }
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(letters.iter().map(|(service, letter)| cells(*service, letter)));
    let widths: [usize; HEAD.len()] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let line = |row: &[String; HEAD.len()]| {
        let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn page(service: Service, letter: &Model) -> String {
    let cells = cells(service, letter);
    let lines = HEAD.iter().zip(&cells).map(|(name, cell)| format!("{:8} {cell}\n", name.to_lowercase()));
    let body = match letter.event() {
        Some(event) => format!("{event:#?}"),
        None => letter.body.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    format!("{}\n{body}", lines.collect::<String>())
}

/// What a message says of itself must not steer the terminal; what is empty must be seen.
fn cells(service: Service, letter: &Model) -> [String; HEAD.len()] {
    let time = "%Y-%m-%dT%H:%M:%S%.3fZ"; // two burials of one message may share a second
    let cells = [
        service.name().to_owned(),
        letter.queue.clone(),
        letter.subject.clone(),
        letter.reason.clone(),
        letter.repeats.to_string(),
        letter.first_at.format(time).to_string(),
        letter.last_at.format(time).to_string(),
    ];
    cells.map(|cell| if cell.is_empty() { "\"\"".to_owned() } else { cell.replace(char::is_control, " ") })
}

fn unknown(queue: &str, subject: &str) -> Failure {
    format!("there is no dead letter {subject:?} of {queue:?}; `comanda dead list` names them").into()
}

fn cannot(service: Service, error: &DbErr) -> Failure {
    format!("{}: {error}", service.variable("DATABASE_URL")).into()
}
