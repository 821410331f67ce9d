//! Where the messages of a protocol begin and end in the bytes of one direction of one connection. It knows no more of a
//! protocol than that.

/// A protocol between our processes, or between one of them and a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Postgres,
    Amqp,
    Redis,
    Http2,
}

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The client, which connected.
    Up,
    /// The server.
    Down,
}

/// Finds the messages of one direction of one connection.
pub struct Frames {
    protocol: Option<Protocol>,
    pub direction: Direction,
    /// What has come of a message that is not whole yet.
    pending: Vec<u8>,
    /// What opens a connection is over.
    greeted: bool,
}

/// A message that became whole.
pub struct Frame {
    /// Where it begins in the bytes that came; 0 when it began before them.
    pub from: usize,
    /// It says something: not a sign of life, and no permission to send.
    pub counts: bool,
}

impl Frames {
    pub fn new(protocol: Option<Protocol>, direction: Direction) -> Self {
        Self { protocol, direction, pending: Vec::new(), greeted: false }
    }

    /// The messages that end in these bytes.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let Some(protocol) = self.protocol else { return Vec::new() };
        let before = self.pending.len();
        self.pending.extend(bytes);
        let (mut at, mut found) = (0, Vec::new());
        while let Some(length) = self.length(protocol, &self.pending[at..]) {
            let counts = self.counts(protocol, &self.pending[at..at + length]);
            found.push(Frame { from: at.saturating_sub(before), counts });
            self.greeted = self.greeted || self.greets(protocol, &self.pending[at..at + length]);
            at += length;
        }
        self.pending.drain(..at);
        found
    }

    /// How long the first message of these bytes is, once it is whole.
    fn length(&self, protocol: Protocol, bytes: &[u8]) -> Option<usize> {
        let number = |from: usize, to: usize| {
            Some(bytes.get(from..to)?.iter().fold(0, |number: usize, byte| number << 8 | usize::from(*byte)))
        };
        let greeting = !self.greeted && self.direction == Direction::Up;
        let length = match protocol {
            Protocol::Postgres if greeting => number(0, 4)?,
            // The answer to the question whether it speaks TLS.
            Protocol::Postgres if !self.greeted && matches!(bytes.first()?, b'N' | b'S') => 1,
            Protocol::Postgres => 1 + number(1, 5)?,
            Protocol::Amqp if greeting => 8,
            Protocol::Amqp => 8 + number(3, 7)?,
            Protocol::Http2 if greeting => 24,
            Protocol::Http2 => 9 + number(0, 3)?,
            Protocol::Redis => value(bytes)?,
        };
        (bytes.len() >= length).then_some(length)
    }

    /// Whether this message ends what opens a connection.
    fn greets(&self, protocol: Protocol, message: &[u8]) -> bool {
        const ASKS_FOR_TLS: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];
        protocol != Protocol::Postgres || (message != ASKS_FOR_TLS && message.len() > 1)
    }

    fn counts(&self, protocol: Protocol, message: &[u8]) -> bool {
        const PING: u8 = 6;
        const WINDOW_UPDATE: u8 = 8;
        const HEARTBEAT: u8 = 8;
        match protocol {
            Protocol::Http2 if self.greeted || self.direction == Direction::Down => {
                ![PING, WINDOW_UPDATE].contains(&message[3])
            }
            Protocol::Amqp if self.greeted || self.direction == Direction::Down => message[0] != HEARTBEAT,
            _ => true,
        }
    }
}

/// The length of a value of Redis with all that it holds.
fn value(bytes: &[u8]) -> Option<usize> {
    let line = bytes.windows(2).position(|two| two == b"\r\n")? + 2;
    let number = || std::str::from_utf8(&bytes[1..line - 2]).ok()?.parse::<i64>().ok();
    match bytes[0] {
        b'$' | b'=' | b'!' => match usize::try_from(number()?) {
            Ok(length) => Some(line + length + 2).filter(|end| bytes.len() >= *end),
            Err(_) => Some(line),
        },
        b'*' | b'~' | b'>' | b'%' => {
            let times = if bytes[0] == b'%' { 2 } else { 1 };
            (0..number()?.max(0) * times).try_fold(line, |at, _| Some(at + value(bytes.get(at..)?)?))
        }
        _ => Some(line),
    }
}
