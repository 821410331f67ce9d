//! Places where a test makes this process die, or wait, so that every gap between two steps can be shown to be
//! harmless. Without the cargo feature `failpoints`, which no release has, nothing of it is compiled in.
//!
//! `COMANDA_FAILPOINTS="relay.claimed=3,consumer.applying=~TEXT,menu.filling=hold:FILE"` kills at the third pass of the
//! first point, at the second whenever the bytes there carry the text (a message that kills its consumer), and keeps
//! whoever comes to the third one waiting while there is such a file.

mod sever;

pub use sever::sever;
#[cfg(feature = "enabled")]
pub use sever::{arm, disarm};

/// Dies here, as by `kill -9`, if this is the pass that was asked for.
#[inline]
pub fn reach(point: &str) {
    #[cfg(feature = "enabled")]
    armed::reach(point);
    #[cfg(not(feature = "enabled"))]
    let _ = point;
}

/// Dies here if the bytes carry the text that was asked for.
#[inline]
pub fn carry(point: &str, bytes: &[u8]) {
    #[cfg(feature = "enabled")]
    armed::carry(point, bytes);
    #[cfg(not(feature = "enabled"))]
    let _ = (point, bytes);
}

/// Waits here while the file is there that was named; only this task waits.
#[inline]
pub async fn hold(point: &str) {
    #[cfg(feature = "enabled")]
    armed::hold(point).await;
    #[cfg(not(feature = "enabled"))]
    let _ = point;
}

#[cfg(feature = "enabled")]
mod armed {
    use std::{
        collections::HashMap,
        path::PathBuf,
        sync::{
            OnceLock,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    const POLL_INTERVAL: Duration = Duration::from_millis(10);
    const VARIABLE: &str = "COMANDA_FAILPOINTS";

    /// When a point kills, or holds.
    #[derive(Debug)]
    pub(super) enum When {
        /// At that many passes from now.
        Pass(AtomicU64),
        /// Whenever these bytes are carried.
        Carries(Vec<u8>),
        /// It only holds: while there is this file.
        Exists(PathBuf),
    }

    type Armed = HashMap<String, When>;

    pub(super) fn reach(point: &str) {
        if armed().get(point).is_some_and(When::passed) {
            die(point);
        }
    }

    pub(super) fn carry(point: &str, bytes: &[u8]) {
        if armed().get(point).is_some_and(|when| when.carried_by(bytes)) {
            die(point);
        }
    }

    pub(super) async fn hold(point: &str) {
        let Some(When::Exists(file)) = armed().get(point) else { return };
        if file.exists() {
            tracing::info!("holding at failpoint {point}");
        }
        while file.exists() {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    impl When {
        /// Counts a pass; true for the one that was asked for.
        pub(super) fn passed(&self) -> bool {
            // It wraps after the last one, and is far from zero then.
            matches!(self, Self::Pass(left) if left.fetch_sub(1, Ordering::Relaxed) == 1)
        }

        pub(super) fn carried_by(&self, bytes: &[u8]) -> bool {
            matches!(self, Self::Carries(text) if bytes.windows(text.len()).any(|window| window == text))
        }
    }

    /// What is asked for, read once.
    fn armed() -> &'static Armed {
        static ARMED: OnceLock<Armed> = OnceLock::new();
        ARMED.get_or_init(|| match std::env::var(VARIABLE).map(|points| parse(&points)) {
            Ok(Ok(armed)) => armed,
            Ok(Err(why)) => {
                tracing::error!(why, "{VARIABLE} is ignored");
                Armed::new()
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                tracing::error!("{VARIABLE} is ignored: it is not UTF-8");
                Armed::new()
            }
            Err(std::env::VarError::NotPresent) => Armed::new(),
        })
    }

    pub(super) fn parse(points: &str) -> Result<Armed, String> {
        points.split(',').map(str::trim).filter(|point| !point.is_empty()).map(parse_one).collect()
    }

    fn parse_one(point: &str) -> Result<(String, When), String> {
        let unreadable = || format!("{point} is neither name=number nor name=~text nor name=hold:file");
        let (name, when) = point.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(unreadable)?;
        let when = match (when.strip_prefix('~'), when.strip_prefix("hold:")) {
            (Some(text), _) if !text.is_empty() => When::Carries(text.into()),
            (_, Some(file)) if !file.is_empty() => When::Exists(file.into()),
            _ => When::Pass(when.parse().ok().filter(|pass| *pass > 0).map(AtomicU64::new).ok_or_else(unreadable)?),
        };
        Ok((name.to_owned(), when))
    }

    /// Without unwinding, so that nothing can tidy up, as nothing can after `kill -9`.
    fn die(point: &str) -> ! {
        eprintln!("comanda: dying at failpoint {point}");
        std::process::abort()
    }
}

#[cfg(all(test, feature = "enabled"))]
mod tests {
    use super::armed::parse;

    #[test]
    fn a_point_kills_at_its_pass_and_no_other() {
        let points = parse("relay.claimed=2, once.committed=1,").expect("readable");
        let passes = |name: &str| [(); 4].map(|()| points[name].passed());
        assert_eq!(passes("relay.claimed"), [false, true, false, false]);
        assert_eq!(passes("once.committed"), [true, false, false, false]);
        assert!(!points["once.committed"].carried_by(b"once.committed"));
    }

    #[test]
    fn a_text_kills_whenever_it_is_carried() {
        let points = parse("consumer.applying=~Ana=1").expect("readable");
        let when = &points["consumer.applying"];
        assert!(when.carried_by(b"\x0a\x05Ana=1") && when.carried_by(b"Ana=1"));
        assert!(!when.carried_by(b"Ana") && !when.carried_by(b"") && !when.passed());
    }

    #[test]
    fn a_file_only_holds() {
        let points = parse("menu.filling=hold:/nowhere/held").expect("readable");
        assert!(!points["menu.filling"].passed() && !points["menu.filling"].carried_by(b"hold:/nowhere/held"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for point in ["name", "=1", "name=", "name=0", "name=-1", "name=~", "name=x", "name=hold:"] {
            assert!(parse(&format!("good=1,{point}")).expect_err(point).starts_with(point));
        }
        assert!(parse("").expect("nothing is asked for").is_empty());
    }
}
