//! What Identity is told about an OpenID Connect provider, by which people may sign in besides.

use super::{ConfigError, parse};
use clap::Args;
use comanda_identity::{OidcSettings, is_safe};
use std::path::PathBuf;
use url::Url;

/// A provider, and who we are there.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Identity")]
pub struct OidcFlags {
    /// OpenID Connect provider by which people may sign in at /equipe: its issuer, exactly as its discovery document spells
    /// it; needs COMANDA_PUBLIC_URL, whose first address with /equipe is where the provider sends people back to
    /// [default: none]
    #[arg(long, env = ISSUER, global = true)]
    oidc_issuer: Option<String>,
    /// Who Comanda is at that provider [default: required with COMANDA_OIDC_ISSUER]
    #[arg(long, env = CLIENT_ID, global = true)]
    oidc_client_id: Option<String>,
    /// File with the secret of that client [default: none; a public client]
    #[arg(long, env = CLIENT_SECRET_FILE, global = true)]
    oidc_client_secret_file: Option<PathBuf>,
    /// What people call the provider, at most 40 characters [default: the issuer's host]
    #[arg(long, env = NAME, global = true)]
    oidc_name: Option<String>,
    /// Which claim of the ID token names a person's groups or roles, as a text or a list of texts
    #[arg(long, env = "COMANDA_OIDC_ROLES_CLAIM", default_value = "groups", global = true)]
    oidc_roles_claim: String,
    /// What those groups mean, such as `donos=OWNER gerentes=MANAGER@centro,norte caixa=BARISTA@centro`: the highest role
    /// wins, and only its shops count; who is in none is refused [default: required with COMANDA_OIDC_ISSUER]
    #[arg(long, env = ROLES, global = true)]
    oidc_roles: Option<String>,
}

const ISSUER: &str = "COMANDA_OIDC_ISSUER";
const CLIENT_ID: &str = "COMANDA_OIDC_CLIENT_ID";
const CLIENT_SECRET_FILE: &str = "COMANDA_OIDC_CLIENT_SECRET_FILE";
const NAME: &str = "COMANDA_OIDC_NAME";
const ROLES: &str = "COMANDA_OIDC_ROLES";
const PUBLIC_URL: &str = "COMANDA_PUBLIC_URL";
const LONGEST_NAME: usize = 40;

impl OidcFlags {
    /// The provider, if there is one; people come back to this address.
    pub fn config(&self, public_url: Option<&str>) -> Result<Option<OidcSettings>, ConfigError> {
        let Some(text) = &self.oidc_issuer else { return self.without_issuer() };
        let issuer = parse::url(ISSUER, text, &["https", "http"])?;
        if !is_safe(&issuer) || issuer.query().is_some() || issuer.fragment().is_some() {
            let expected = "must be a URL that begins with https:, or with http: on loopback, and has no ? or #";
            return Err(ConfigError::invalid(ISSUER, expected));
        }
        let required = |variable: &str, value: &Option<String>| {
            let value = value.as_ref().map(|value| value.trim()).filter(|value| !value.is_empty());
            value.map(str::to_owned).ok_or_else(|| ConfigError::not_set(variable, "; COMANDA_OIDC_ISSUER needs it"))
        };
        let roles = required(ROLES, &self.oidc_roles)?;
        let secret = self.oidc_client_secret_file.as_ref().map(|path| parse::read_file(CLIENT_SECRET_FILE, path));
        Ok(Some(OidcSettings {
            issuer: text.clone(),
            client_id: required(CLIENT_ID, &self.oidc_client_id)?,
            client_secret: secret.transpose()?,
            name: self.name(&issuer)?,
            roles_claim: self.oidc_roles_claim.clone(),
            roles: roles.parse().map_err(|why| ConfigError::invalid(ROLES, format!("{why}")))?,
            redirect_uri: redirect_uri(public_url)?,
        }))
    }

    /// What is set besides would have no effect.
    fn without_issuer(&self) -> Result<Option<OidcSettings>, ConfigError> {
        let set = [
            (CLIENT_ID, self.oidc_client_id.is_some()),
            (CLIENT_SECRET_FILE, self.oidc_client_secret_file.is_some()),
            (NAME, self.oidc_name.is_some()),
            (ROLES, self.oidc_roles.is_some()),
        ];
        match set.into_iter().find(|(_, is_set)| *is_set) {
            Some((variable, _)) => Err(ConfigError::not_set(ISSUER, &format!("; {variable} needs it"))),
            None => Ok(None),
        }
    }

    fn name(&self, issuer: &Url) -> Result<String, ConfigError> {
        let host = || issuer.host_str().unwrap_or_default().chars().take(LONGEST_NAME).collect();
        let name = self.oidc_name.as_ref().map_or_else(host, |name| name.trim().to_owned());
        if (1..=LONGEST_NAME).contains(&name.chars().count()) {
            Ok(name)
        } else {
            Err(ConfigError::invalid(NAME, "must have 1 to 40 characters"))
        }
    }
}

fn redirect_uri(public_url: Option<&str>) -> Result<String, ConfigError> {
    let text = public_url.ok_or_else(|| {
        ConfigError::not_set(PUBLIC_URL, "; COMANDA_OIDC_ISSUER needs it, because the provider sends people back there")
    })?;
    let url = parse::url(PUBLIC_URL, text.trim(), &["http", "https"])?;
    if !is_safe(&url) {
        let expected = "must begin with https:, or with http: on loopback, where COMANDA_OIDC_ISSUER is set";
        return Err(ConfigError::invalid(PUBLIC_URL, expected));
    }
    Ok(format!("{}/equipe", url.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    const WHOLE: [&str; 4] = [
        "--oidc-issuer=https://login.example/realms/cafe",
        "--oidc-client-id=comanda",
        "--oidc-roles=donos=OWNER caixa=BARISTA@main",
        "--public-url=https://cafe.example/,https://other.example",
    ];

    fn oidc(arguments: &[&str]) -> Result<Option<OidcSettings>, ConfigError> {
        let arguments = ["comanda"].iter().chain(arguments);
        Cli::try_parse_from(arguments).expect("known flags").flags.all().map(|all| all.oidc)
    }

    #[test]
    fn people_come_back_to_the_first_public_address() {
        assert!(oidc(&[]).expect("good").is_none());
        let read = oidc(&WHOLE).expect("good").expect("a provider");
        assert_eq!(read.redirect_uri, "https://cafe.example/equipe");
        assert_eq!((read.name.as_str(), read.roles_claim.as_str()), ("login.example", "groups"));
        assert_eq!((read.issuer.as_str(), read.client_secret), ("https://login.example/realms/cafe", None));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let without = |left_out: usize| {
            let rest = WHOLE.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, one)| *one);
            oidc(&rest.collect::<Vec<_>>()).expect_err("refused").to_string()
        };
        for (at, expected) in [
            "COMANDA_OIDC_ISSUER is not set; COMANDA_OIDC_CLIENT_ID needs it",
            "COMANDA_OIDC_CLIENT_ID is not set",
            "COMANDA_OIDC_ROLES is not set",
            "COMANDA_PUBLIC_URL is not set",
        ]
        .into_iter()
        .enumerate()
        {
            assert!(without(at).starts_with(expected), "{}", without(at));
        }
        for (at, wrong, expected) in [
            (0, "--oidc-issuer=http://login.example", "COMANDA_OIDC_ISSUER must be a URL that begins with https:"),
            (0, "--oidc-issuer=login.example", "COMANDA_OIDC_ISSUER must be a URL"),
            (1, "--oidc-client-id= ", "COMANDA_OIDC_CLIENT_ID is not set"),
            (2, "--oidc-roles=donos=OWNER hush=KING", "COMANDA_OIDC_ROLES must be entries"),
            (3, "--public-url=http://cafe.example", "COMANDA_PUBLIC_URL must begin with https:"),
        ] {
            let mut arguments = WHOLE;
            arguments[at] = wrong;
            let why = oidc(&arguments).expect_err("refused").to_string();
            assert!(why.starts_with(expected) && !why.contains("hush"), "{why}");
        }
        let unreadable = oidc(&[&WHOLE[..], &["--oidc-client-secret-file=/nowhere"]].concat());
        assert!(unreadable.expect_err("refused").to_string().starts_with("COMANDA_OIDC_CLIENT_SECRET_FILE"));
    }
}
