//! How many files and sockets this process may have open, and so how many connections it takes on.

/// For databases, brokers, caches, other roles, logs and the operator's port; of a small limit half.
const OWN: u64 = 256;
/// As many as streams; each costs memory, too.
const MAX_CONNECTIONS: u64 = 20_000;

/// Raises the limit as far as it may be raised: what a shell or a service manager gives by default is for programs that
/// cannot handle more.
pub fn raise() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "files that may be open"),
        Err(error) => tracing::warn!(%error, "the limit of open files cannot be raised"),
    }
}

/// How many connections there is room for.
pub fn connections() -> usize {
    let limit = rlimit::Resource::NOFILE.get_soft().unwrap_or(OWN * 2);
    usize::try_from(room(limit)).unwrap_or(usize::MAX)
}

fn room(limit: u64) -> u64 {
    (limit - OWN.min(limit / 2)).clamp(1, MAX_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_keeps_some_for_itself() {
        assert_eq!(
            [0, 100, 1024, 4096, 1_048_576, u64::MAX].map(room),
            [1, 50, 768, 3840, MAX_CONNECTIONS, MAX_CONNECTIONS]
        );
    }
}
