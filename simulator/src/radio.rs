//! The radio between a terminal and the broker: a TCP relay on loopback that can be cut, slowed and delayed.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Chunks of 8 KiB that may be under way in one direction; a sender that is ahead of them waits.
const UNDER_WAY: usize = 64;

/// How the air is; shared by every connection of one radio.
#[derive(Debug, Default)]
struct Air {
    cut: AtomicBool,
    /// Bytes per second in each direction; 0 for no limit.
    rate: AtomicU64,
    /// One-way delay in milliseconds.
    delay_ms: AtomicU64,
    /// Lost packets in a hundred.
    loss: AtomicU64,
    /// Somebody between the two changes a bit of what comes next.
    flip: AtomicBool,
    /// What is drawn to lose them.
    dice: AtomicU64,
    bytes_up: AtomicU64,
    bytes_down: AtomicU64,
    /// Both ends of every connection that stands, under its number.
    streams: Mutex<Vec<(u64, TcpStream)>>,
}

/// A relay from a loopback port to a server.
#[derive(Debug, Clone)]
pub struct Radio {
    air: Arc<Air>,
    address: SocketAddr,
}

impl Radio {
    /// Listens on a free loopback port and relays to `server`.
    pub fn start(server: SocketAddr) -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), server)
    }

    /// Listens at `at` and relays to `server`.
    pub fn start_at(at: SocketAddr, server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(at)?;
        let address = listener.local_addr()?;
        let air = Arc::new(Air::default());
        let shared = air.clone();
        thread::Builder::new().name("radio".to_owned()).spawn(move || {
            for (number, incoming) in (0..).zip(listener.incoming()) {
                let Ok(incoming) = incoming else { return };
                if shared.cut.load(Ordering::SeqCst) {
                    drop(incoming);
                    continue;
                }
                if let Ok(outgoing) = TcpStream::connect(server) {
                    relay(&shared, number, incoming, outgoing);
                }
            }
        })?;
        Ok(Self { air, address })
    }

    /// Where a terminal connects.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// No network: open connections die and new ones are refused.
    pub fn cut(&self) {
        self.air.cut.store(true, Ordering::SeqCst);
        if let Ok(mut streams) = self.air.streams.lock() {
            for (_, stream) in streams.drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    pub fn restore(&self) {
        self.air.cut.store(false, Ordering::SeqCst);
    }

    pub fn is_cut(&self) -> bool {
        self.air.cut.load(Ordering::SeqCst)
    }

    /// A link of `rate` bytes per second and `delay_ms` one way.
    pub fn shape(&self, rate: u64, delay_ms: u64) {
        self.air.rate.store(rate, Ordering::SeqCst);
        self.air.delay_ms.store(delay_ms, Ordering::SeqCst);
    }

    /// Somebody between the two changes one bit of what is sent next.
    pub fn flip(&self) {
        self.air.flip.store(true, Ordering::SeqCst);
    }

    /// Of a hundred packets so many are lost: each costs the wait after which it is sent again.
    pub fn lose(&self, percent: u64) {
        self.air.loss.store(percent.min(95), Ordering::SeqCst);
    }

    /// Bytes relayed up and down so far.
    pub fn bytes(&self) -> (u64, u64) {
        (
            self.air.bytes_up.load(Ordering::SeqCst),
            self.air.bytes_down.load(Ordering::SeqCst),
        )
    }
}

fn relay(air: &Arc<Air>, number: u64, incoming: TcpStream, outgoing: TcpStream) {
    let _ = incoming.set_nodelay(true);
    let _ = outgoing.set_nodelay(true);
    let clones = (
        incoming.try_clone(),
        outgoing.try_clone(),
        incoming.try_clone(),
        outgoing.try_clone(),
    );
    let (Ok(incoming_2), Ok(outgoing_2), Ok(held_in), Ok(held_out)) = clones else {
        return;
    };
    if let Ok(mut streams) = air.streams.lock() {
        streams.push((number, held_in));
        streams.push((number, held_out));
    }
    pump(air.clone(), number, incoming, outgoing_2, true);
    pump(air.clone(), number, outgoing, incoming_2, false);
}

/// One direction: a thread that sends, as fast as the air takes it, and one that delivers after the delay, so that
/// what is under way does not hold back what follows.
fn pump(air: Arc<Air>, number: u64, mut from: TcpStream, mut to: TcpStream, up: bool) {
    let [sending, delivering] = if up {
        ["radio-up", "radio-up-far"]
    } else {
        ["radio-down", "radio-down-far"]
    };
    let (deliver, arrivals) = sync_channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let sky = air.clone();
    let send = move || {
        let mut buffer = [0; 8 * 1024];
        let mut free_at = Instant::now();
        while let Ok(count) = from.read(&mut buffer) {
            if count == 0 || sky.cut.load(Ordering::SeqCst) {
                break;
            }
            if sky.flip.swap(false, Ordering::SeqCst)
                && let Some(byte) = buffer.get_mut(count / 2)
            {
                *byte ^= 1;
            }
            free_at = free_at.max(Instant::now()) + sky.time_of(count) + sky.sent_again(count);
            wait_until(free_at);
            if deliver
                .send((free_at + sky.delay(), buffer[..count].to_vec()))
                .is_err()
            {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
    };
    let receive = move || {
        for (at, bytes) in arrivals {
            wait_until(at);
            if air.cut.load(Ordering::SeqCst) || to.write_all(&bytes).is_err() {
                break;
            }
            let counter = if up { &air.bytes_up } else { &air.bytes_down };
            counter.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        }
        let _ = to.shutdown(Shutdown::Both);
        air.forget(number);
    };
    // A relay that cannot start its threads is a radio that does not answer.
    let _ = thread::Builder::new().name(sending.to_owned()).spawn(send);
    let _ = thread::Builder::new().name(delivering.to_owned()).spawn(receive);
}

impl Air {
    /// How long `count` bytes occupy the air.
    fn time_of(&self, count: usize) -> Duration {
        let rate = self.rate.load(Ordering::SeqCst);
        Duration::from_micros((count as u64 * 1_000_000).checked_div(rate).unwrap_or(0))
    }

    /// How long the packets of `count` bytes that are lost hold back what follows them, as TCP waits for them.
    fn sent_again(&self, count: usize) -> Duration {
        /// Bytes in a packet, and the least time until it is missed (RFC 6298, as systems have it).
        const PACKET: usize = 1400;
        const MISSED: Duration = Duration::from_millis(200);
        let loss = self.loss.load(Ordering::SeqCst);
        if loss == 0 {
            return Duration::ZERO;
        }
        let lost = (0..count.div_ceil(PACKET)).filter(|_| self.draw() < loss).count();
        (MISSED + 2 * self.delay()) * u32::try_from(lost).unwrap_or(u32::MAX)
    }

    /// A number under a hundred; the same ones in every run.
    fn draw(&self) -> u64 {
        let step = self
            .dice
            .fetch_add(1, Ordering::SeqCst)
            .wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = step.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % 100
    }

    fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.load(Ordering::SeqCst))
    }

    /// A connection whose one direction is over is over: its descriptors go back.
    fn forget(&self, number: u64) {
        if let Ok(mut streams) = self.streams.lock() {
            for (_, stream) in streams.extract_if(.., |(known, _)| *known == number) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the air itself takes time")]
fn wait_until(at: Instant) {
    let left = at.saturating_duration_since(Instant::now());
    if !left.is_zero() {
        thread::sleep(left);
    }
}
