//! `comanda menu`: a shop's menu as a file, for whoever looks after it. Talks to the running shop through its gateway, like
//! every other client, so it works alike on both shapes and from any machine; only `check` needs nobody.

use crate::{
    Failure,
    cli::{Menu, MenuCommand},
    config::Flags,
    running_shop::{RunningShop, explained, plain},
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
use uuid::Uuid;

/// What refusals are about.
const FILE: &str = "the file";
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
    let checked = async { comanda_catalog::check_file(&text).map_err(|fault| explained(&fault.into(), FILE)) };
    Language::English.scope(checked).await?;
    Ok("The file is in order.".to_owned())
}

/// The running shop, as its staff call it.
struct Client {
    shop: RunningShop,
    admin: CatalogAdminServiceClient<Channel>,
}

impl Client {
    fn new(flags: &Flags, asked: &Menu) -> Result<Self, Failure> {
        let shop = RunningShop::connect(&flags.client()?, &asked.url()?)?;
        let admin = CatalogAdminServiceClient::new(shop.channel.clone()).max_decoding_message_size(REPLY_BYTES);
        Ok(Self { shop, admin })
    }

    async fn export(mut self, shop: &str) -> Result<String, Failure> {
        let request = self.shop.request(ExportMenuRequest { shop_id: shop.to_owned() }, DEADLINE);
        let reply = self.admin.export_menu(request).await.map_err(|status| self.shop.refused(&status, FILE))?;
        Ok(reply.into_inner().file)
    }

    async fn import(mut self, import: ImportMenuRequest) -> Result<ImportMenuResponse, Failure> {
        let request = self.shop.request(import, DEADLINE);
        let reply = self.admin.import_menu(request).await.map_err(|status| self.shop.refused(&status, FILE))?;
        Ok(reply.into_inner())
    }

    async fn history(mut self, shop: &str, limit: u8) -> Result<Vec<MenuChange>, Failure> {
        let asked = ListMenuChangesRequest { shop_id: shop.to_owned(), page_size: limit.into(), before_version: 0 };
        let request = self.shop.request(asked, DEADLINE);
        let reply = self.admin.list_menu_changes(request).await.map_err(|status| self.shop.refused(&status, FILE))?;
        Ok(reply.into_inner().changes)
    }
}

fn imported(reply: &ImportMenuResponse, dry_run: bool) -> String {
    let ImportMenuResponse { shop_id, menu_version, differences, difference_count } = reply;
    if differences.is_empty() {
        return format!("Nothing differs: {shop_id} has this menu already, at version {menu_version}.");
    }
    let lines: String = differences.iter().map(line).collect();
    let count = usize::try_from(*difference_count).unwrap_or_default().max(differences.len());
    let more =
        if count > differences.len() { format!("… and {} more\n", count - differences.len()) } else { String::new() };
    match dry_run {
        true => format!("{lines}{more}{count} differences. This was a dry run: nothing is changed."),
        false => format!("{lines}{more}{count} differences. {shop_id} has this menu now, at version {menu_version}."),
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
