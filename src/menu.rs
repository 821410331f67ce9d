//! `comanda menu`: a shop's menu as a file, for whoever looks after it. Talks to the running shop through its gateway, like
//! every other client, so it works alike on both shapes and from any machine; only `check` needs nobody.

use crate::{
    Failure,
    cli::{Menu, MenuCommand},
    config::Flags,
    wiring,
};
use comanda_context::language::Language;
use comanda_mesh::channel::Channel;
use comanda_proto::{
    catalog::v1::{
        ExportMenuRequest, ImportMenuRequest, ImportMenuResponse, ListMenuChangesRequest, MenuChange, MenuDifference,
        catalog_admin_service_client::CatalogAdminServiceClient,
    },
    r#type::v1::Actor,
};
use std::{
    fs,
    io::{Read, Write, stdin, stdout},
    path::Path,
    time::Duration,
};
use tonic::{Code, Request, Status, metadata::MetadataValue};
use tonic_types::StatusExt;
use uuid::Uuid;

/// Long enough for thousands of products on a slow disk.
const DEADLINE: Duration = Duration::from_secs(60);
const REPLY_BYTES: usize = 16 * 1024 * 1024;

/// Does what is asked for, then ends.
pub async fn run(flags: &Flags, asked: &Menu) -> Result<(), Failure> {
    let said = match &asked.command {
        MenuCommand::Check { file } => check(file).await?,
        MenuCommand::Export { shop, output } => {
            let file = Client::new(flags, asked)?.export(shop).await?;
            match output {
                Some(path) => write_file(path, &file)?,
                None => file,
            }
        }
        MenuCommand::Import { file, dry_run, known_version } => {
            let request = ImportMenuRequest {
                request_id: Uuid::new_v4().to_string(),
                file: read(file)?,
                dry_run: *dry_run,
                known_version: *known_version,
            };
            imported(&Client::new(flags, asked)?.import(request).await?, *dry_run)
        }
        MenuCommand::History { shop, limit } => {
            let changes = Client::new(flags, asked)?.history(shop, *limit).await?;
            changes.iter().map(describe).collect::<Vec<_>>().join("\n")
        }
    };
    writeln!(stdout(), "{}", said.trim_end()).map_err(|error| format!("cannot write: {error}")).map_err(Failure::from)
}

async fn check(file: &Path) -> Result<String, Failure> {
    let text = read(file)?;
    let checked = async { comanda_catalog::check_file(&text).map_err(|fault| explained(&fault.into())) };
    Language::English.scope(checked).await?;
    Ok("The file is in order.".to_owned())
}

/// The running shop, as its staff call it.
struct Client {
    door: Channel,
    admin: CatalogAdminServiceClient<Channel>,
    token: String,
}

impl Client {
    fn new(flags: &Flags, asked: &Menu) -> Result<Self, Failure> {
        let config = flags.client()?;
        let door = wiring::gateway(&config, &asked.url()?)?;
        let admin = CatalogAdminServiceClient::new(door.clone()).max_decoding_message_size(REPLY_BYTES);
        Ok(Self { door, admin, token: config.token })
    }

    async fn export(mut self, shop: &str) -> Result<String, Failure> {
        let request = self.request(ExportMenuRequest { shop_id: shop.to_owned() })?;
        let reply = self.admin.export_menu(request).await.map_err(|status| refused(&self.door, &status))?;
        Ok(reply.into_inner().file)
    }

    async fn import(mut self, import: ImportMenuRequest) -> Result<ImportMenuResponse, Failure> {
        let request = self.request(import)?;
        Ok(self.admin.import_menu(request).await.map_err(|status| refused(&self.door, &status))?.into_inner())
    }

    async fn history(mut self, shop: &str, limit: u8) -> Result<Vec<MenuChange>, Failure> {
        let asked = ListMenuChangesRequest { shop_id: shop.to_owned(), page_size: limit.into(), before_version: 0 };
        let request = self.request(asked)?;
        let reply = self.admin.list_menu_changes(request).await.map_err(|status| refused(&self.door, &status))?;
        Ok(reply.into_inner().changes)
    }

    fn request<T>(&self, message: T) -> Result<Request<T>, Failure> {
        let mut request = Request::new(message);
        let bearer = format!("Bearer {}", self.token);
        let bearer = MetadataValue::try_from(bearer).map_err(|_| "COMANDA_TOKEN cannot be sent".to_owned())?;
        request.metadata_mut().insert("authorization", bearer);
        // As all that a terminal shows.
        request.metadata_mut().insert("accept-language", MetadataValue::from_static("en"));
        request.set_timeout(DEADLINE);
        Ok(request)
    }
}

fn imported(reply: &ImportMenuResponse, dry_run: bool) -> String {
    let ImportMenuResponse { shop_id, menu_version, differences } = reply;
    if differences.is_empty() {
        return format!("Nothing differs: {shop_id} has this menu already, at version {menu_version}.");
    }
    let lines: String = differences.iter().map(line).collect();
    match dry_run {
        true => format!("{lines}{} differences. This was a dry run: nothing is changed.", differences.len()),
        false => {
            format!("{lines}{} differences. {shop_id} has this menu now, at version {menu_version}.", differences.len())
        }
    }
}

fn line(difference: &MenuDifference) -> String {
    let MenuDifference { path, before, after } = difference;
    match (before.as_str(), after.as_str()) {
        ("", after) => format!("+ {path}: {}\n", plain(after)),
        (before, "") => format!("- {path}: {}\n", plain(before)),
        (before, after) => format!("~ {path}: {} → {}\n", plain(before), plain(after)),
    }
}

fn describe(change: &MenuChange) -> String {
    let time = change.change_time.map(|time| time.to_string()).unwrap_or_default();
    let who = match (change.actor(), &change.author) {
        (Actor::System, _) => "Comanda".to_owned(),
        (_, None) => "staff".to_owned(),
        (_, Some(author)) if author.person_name.is_empty() => plain(&author.device_name),
        (_, Some(author)) if author.device_name.is_empty() => plain(&author.person_name),
        (_, Some(author)) => plain(&format!("{} at {}", author.person_name, author.device_name)),
    };
    let shown = change.differences.iter().take(20).map(|difference| format!("  {}", line(difference)));
    let shown = shown.collect::<String>();
    let more = usize::try_from(change.difference_count).unwrap_or_default().saturating_sub(20);
    let more = if more > 0 { format!("  … and {more} more\n") } else { String::new() };
    format!("{}  {time}  {}  by {who}\n{shown}{more}", change.menu_version, change.action)
}

/// What a shop wrote must not steer the terminal.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Why it was refused, each field in a line of its own.
/// Why the gateway did not do it, or why there is none to be had.
fn refused(door: &Channel, status: &Status) -> Failure {
    match door.last_error().filter(|_| status.code() == Code::Unavailable) {
        Some(why) => plain(&format!("COMANDA_URL: cannot connect: {why}")).into(),
        None => explained(status),
    }
}

fn explained(status: &Status) -> Failure {
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
    format!("the file is not in order:{}", lines.collect::<String>()).into()
}

fn read(path: &Path) -> Result<String, Failure> {
    let cannot = |error| format!("cannot read {}: {error}", path.display());
    if path == Path::new("-") {
        let mut text = String::new();
        return stdin().read_to_string(&mut text).map(|_| text).map_err(cannot).map_err(Failure::from);
    }
    fs::read_to_string(path).map_err(cannot).map_err(Failure::from)
}

fn write_file(path: &Path, file: &str) -> Result<String, Failure> {
    fs::write(path, file).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(format!("The menu is in {}.", path.display()))
}
