//! The stations that a tablet shows: it gets the tickets that one of them prepares, whole. Pure.

use comanda_proto::kitchen::v1::Ticket;
use comanda_types::validation::Checks;
use std::collections::BTreeSet;

const AT_MOST: usize = 10;
const LONGEST: usize = 30;

/// Some stations; none stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Stations(BTreeSet<String>);

impl Stations {
    /// From a request.
    pub fn check(named: &[String], checks: &mut Checks) -> Self {
        if named.len() > AT_MOST {
            checks.fail("stations", "must be at most 10", "devem ser no máximo 10");
        }
        let check = |(at, name): (usize, &String)| checks.text(format!("stations[{at}]"), name, 1, LONGEST);
        Self(named.iter().take(AT_MOST).enumerate().map(check).collect())
    }

    /// Whether one of them prepares a line of the ticket. That never changes: a ticket keeps its lines.
    pub fn prepare(&self, ticket: &Ticket) -> bool {
        let is_one = |station: &String| self.0.contains(station);
        let prepares = |stations: &[String]| stations.is_empty() || stations.iter().any(is_one);
        self.0.is_empty() || ticket.lines.iter().any(|line| prepares(&line.stations))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use comanda_proto::kitchen::v1::TicketLine;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    fn prepare(stations: &[&str], lines: &[&[&str]]) -> bool {
        let line = |stations: &&[&str]| TicketLine { stations: words(stations), ..Default::default() };
        let ticket = Ticket { lines: lines.iter().map(line).collect(), ..Default::default() };
        let mut checks = Checks::default();
        let stations = Stations::check(&words(stations), &mut checks);
        checks.done().expect("good names");
        stations.prepare(&ticket)
    }

    #[test]
    fn a_ticket_belongs_to_each_station_of_each_line() {
        assert!(prepare(&["bar"], &[&["grill"], &["oven", "bar"]]));
        assert!(prepare(&[" oven ", "bar"], &[&["bar"]]));
        assert!(!prepare(&["bar"], &[&["grill"], &["oven"]]));
        assert!(!prepare(&["bar"], &[&["Bar"]]), "names are names");
    }

    #[test]
    fn without_stations_it_is_for_all() {
        assert!(prepare(&["bar"], &[&["grill"], &[]]));
        assert!(prepare(&[], &[&["grill"]]));
    }

    #[test]
    fn names_are_checked_one_by_one() {
        let refused = |named: &[String]| {
            let mut checks = Checks::default();
            Stations::check(named, &mut checks);
            tonic::Status::from(checks.done().expect_err("refused")).message().to_owned()
        };
        assert_eq!(refused(&vec!["bar".into(); 11]), "stations: must be at most 10");
        let expected = "stations[1]: must have 1 to 30 characters; stations[2]: must have 1 to 30 characters";
        assert_eq!(refused(&["bar".into(), " ".into(), "x".repeat(31)]), expected);
    }
}
