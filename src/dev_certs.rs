//! `comanda dev-certs`: a set of certificates to try TLS with on one machine, made or renewed by a CA that lies beside
//! them. Not for a deployment that others rely on: whoever reads that CA's key can be anybody.
//!
//! Each folder of the set is laid out like a certificate's secret that Kubernetes mounts, so whatever reads one reads
//! the other.

use crate::{
    Failure,
    certificates::{
        authority::{Authority, Kind, Usage},
        folder,
    },
    cli::DevCerts,
};
use std::path::Path;

const ROLES: [&str; 5] = ["catalog", "orders", "kitchen", "identity", "gateway"];
const SERVERS: [&str; 3] = ["postgres", "redis", "rabbitmq"];
const THIS_MACHINE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Makes or renews the set, then says how to use it.
pub fn run(asked: &DevCerts) -> Result<(), Failure> {
    if let Some(role) = asked.hosts.iter().find(|host| ROLES.contains(&host.as_str())) {
        return Err(format!("--host {role}: that is a role's name, by which its own certificate alone is known").into());
    }
    let folder = &asked.folder;
    let (authority, renewed) = authority(folder)?;
    let issue = |name: &str, names: &[&str], usage: Usage| {
        let leaf = authority.sign(name, names, usage, asked.days)?;
        let files = [("tls.crt", leaf.certificate, 0o644), ("tls.key", leaf.key, 0o600)];
        let ca = ("ca.crt", authority.certificate().to_owned(), 0o644);
        folder::replace(&folder.join(name), &[&files[..], &[ca]].concat())
    };
    for role in ROLES {
        issue(role, &[&[role][..], &THIS_MACHINE].concat(), Usage::BothEnds)?;
    }
    let hosts: Vec<&str> = asked.hosts.iter().map(String::as_str).collect();
    issue("servers", &[&SERVERS[..], &THIS_MACHINE, &hosts].concat(), Usage::Server)?;
    issue("browser", &[&THIS_MACHINE[..], &hosts].concat(), Usage::Server)?;
    println!("{}", explained(folder, renewed, asked.days));
    Ok(())
}

/// The CA of the set, and whether it was there before.
fn authority(folder: &Path) -> Result<(Authority, bool), Failure> {
    let (certificate, key) = (folder.join("ca.crt"), folder.join("ca.key"));
    if folder::is_new(folder)? {
        let authority = Authority::new(Kind::Trial)?;
        folder::write(&key, &authority.key(), 0o600)?;
        folder::write(&certificate, authority.certificate(), 0o644)?;
        return Ok((authority, false));
    }
    if !certificate.exists() || !key.exists() {
        return Err(
            format!("{} is not empty and holds no set of this command; name another folder", folder.display()).into()
        );
    }
    let authority = Authority::known(Kind::Trial, folder::read(&certificate)?, &folder::read(&key)?);
    let foreign = |why| format!("{}: {why}; name another folder", certificate.display());
    Ok((authority.map_err(foreign)?, true))
}

fn explained(folder: &Path, renewed: bool, days: u16) -> String {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let folder = folder.display();
    let made = if renewed { "renewed by the CA that was there" } else { "made, and a CA for them" };
    format!(
        "Certificates for {days} days: {made}.\n\n  \
         each role                          COMANDA_TLS_DIR={folder}/ and the role: {}\n  \
         Catalog, Orders, Kitchen, migrate  COMANDA_SERVERS_CA_FILE={folder}/ca.crt\n  \
         Postgres, Redis, RabbitMQ          tls.crt and tls.key in {folder}/servers\n  \
         the gateway, for browsers          COMANDA_GATEWAY_TLS_DIR={folder}/browser\n\n\
         To renew them, run this again; roles see it by themselves. {folder}/ca.key can\n\
         make anybody's certificate: keep it to yourself, and use all of this for trying only.",
        ROLES.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn asked(folder: &Path) -> DevCerts {
        DevCerts { folder: folder.to_owned(), days: 90, hosts: vec!["192.0.2.1".to_owned()] }
    }

    #[test]
    fn a_second_run_renews_all_but_the_ca() {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("new/certs");
        let read = |file: &str| fs::read_to_string(folder.join(file)).expect(file);
        run(&asked(&folder)).expect("made");
        let before = (read("ca.crt"), read("orders/tls.crt"), read("orders/tls.key"));
        run(&asked(&folder)).expect("renewed");
        assert_eq!(before.0, read("ca.crt"));
        assert_eq!(before.0, read("orders/ca.crt"));
        assert_ne!(before.1, read("orders/tls.crt"));
        assert_ne!(before.2, read("orders/tls.key"));
        for key in ["ca.key", "orders/tls.key", "servers/tls.key", "browser/tls.key"] {
            let mode = fs::metadata(folder.join(key)).expect(key).permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{key}");
        }
        let left = fs::read_dir(folder.join("orders")).expect("a folder").count();
        assert_eq!(left, 5, "three names, the link to what they mean, and that");
    }

    #[test]
    fn what_is_not_its_own_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("letter.txt"), "dear").expect("a file");
        assert!(run(&asked(folder.path())).expect_err("foreign").contains("is not empty"));
        // A CA of somebody else's, and a key that is not that of its certificate.
        let other = tempfile::tempdir().expect("a folder");
        run(&asked(other.path())).expect("made");
        for file in ["ca.crt", "ca.key"] {
            fs::copy(other.path().join(file), folder.path().join(file)).expect("a copy");
        }
        let alien = rcgen::KeyPair::generate().expect("a key").serialize_pem();
        fs::write(folder.path().join("ca.key"), alien).expect("a file");
        assert!(run(&asked(folder.path())).expect_err("foreign").contains("ca.crt: "));
        let names = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(names, 3, "nothing was added");
    }

    #[test]
    fn no_certificate_of_a_server_may_bear_a_roles_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = DevCerts { hosts: vec!["orders".to_owned()], ..asked(&folder.path().join("certs")) };
        assert!(run(&asked).expect_err("a role").contains("--host orders"));
    }
}
