//! A broker that does what the test says, packet by packet (MQTT 5), without the client library's own codec.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

/// Longer than anything that a passing test waits for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Listens, and queues whoever connects.
pub(crate) struct Broker {
    pub(crate) port: u16,
    connections: Option<Receiver<TcpStream>>,
}

impl Broker {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (accepted, connections) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if accepted.send(stream.unwrap()).is_err() {
                    return;
                }
            }
        });
        Self {
            port,
            connections: Some(connections),
        }
    }

    fn callers(&self) -> &Receiver<TcpStream> {
        self.connections.as_ref().expect("taken by drop alone")
    }

    pub(crate) fn accept(&self) -> Peer<TcpStream> {
        let stream = self.callers().recv_timeout(PATIENCE).expect("a client connects");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Peer { stream }
    }

    /// Whether somebody is waiting to be accepted.
    pub(crate) fn has_caller(&self) -> bool {
        self.callers().try_recv().is_ok()
    }

    /// Accepts, reads the CONNECT and answers it.
    pub(crate) fn welcome(&self, hello: ConnAck) -> Peer<TcpStream> {
        let mut peer = self.accept();
        peer.accept_client(hello);
        peer
    }

    /// As [`Broker::accept`], with TLS; fails when the handshake does.
    pub(crate) fn accept_tls(
        &self,
        config: &Arc<ServerConfig>,
    ) -> io::Result<Peer<StreamOwned<ServerConnection, TcpStream>>> {
        let mut socket = self.accept().stream;
        let mut tls = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            if let Err(refused) = tls.complete_io(&mut socket) {
                // Closing before the client's bytes are read would reset the connection and lose the alert.
                socket.shutdown(Shutdown::Write)?;
                io::copy(&mut socket, &mut io::sink())?;
                return Err(refused);
            }
        }
        Ok(Peer {
            stream: StreamOwned::new(tls, socket),
        })
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.connections = None;
        // Wakes the listening thread, which then finds nobody to tell.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// How a broker accepts a connection.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ConnAck {
    pub(crate) session_present: bool,
    pub(crate) code: u8,
    pub(crate) receive_max: Option<u16>,
}

impl ConnAck {
    pub(crate) fn room_for(receive_max: u16) -> Self {
        Self {
            receive_max: Some(receive_max),
            ..Self::default()
        }
    }

    fn bytes(self) -> Vec<u8> {
        let mut properties = Vec::new();
        if let Some(most) = self.receive_max {
            properties.push(0x21);
            properties.extend(most.to_be_bytes());
        }
        let mut body = vec![
            u8::from(self.session_present),
            self.code,
            u8::try_from(properties.len()).unwrap(),
        ];
        body.extend(properties);
        packet(0x20, &body)
    }
}

/// What a client sends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet {
    Connect,
    Publish {
        id: u16,
        topic: String,
        payload: Vec<u8>,
    },
    PubAck {
        id: u16,
    },
    Subscribe {
        id: u16,
    },
    Ping,
    Disconnect,
}

/// The broker's end of one connection.
pub(crate) struct Peer<S> {
    stream: S,
}

impl Peer<StreamOwned<ServerConnection, TcpStream>> {
    pub(crate) fn handshake(&self) -> Option<HandshakeKind> {
        self.stream.conn.handshake_kind()
    }
}

impl Peer<TcpStream> {
    /// Ends the connection as a dying network does: without DISCONNECT.
    pub(crate) fn vanish(self) {
        self.stream.shutdown(Shutdown::Both).unwrap();
    }
}

impl<S: Read + Write> Peer<S> {
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
        self.stream.flush().unwrap();
    }

    /// Reads the CONNECT and answers it.
    pub(crate) fn accept_client(&mut self, hello: ConnAck) {
        assert_eq!(self.read(), Packet::Connect);
        self.send(&hello.bytes());
    }

    pub(crate) fn read(&mut self) -> Packet {
        self.try_read().expect("the client sends a packet")
    }

    pub(crate) fn try_read(&mut self) -> io::Result<Packet> {
        let kind = self.byte()?;
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(match kind >> 4 {
            1 => Packet::Connect,
            3 => publish(kind, &body),
            4 => Packet::PubAck { id: number(&body) },
            8 => Packet::Subscribe { id: number(&body) },
            12 => Packet::Ping,
            14 => Packet::Disconnect,
            other => panic!("packet type {other}"),
        })
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    /// The next publish: its packet id and payload as text.
    pub(crate) fn publish(&mut self) -> (u16, String) {
        match self.read() {
            Packet::Publish { id, payload, .. } => (id, String::from_utf8(payload).unwrap()),
            other => panic!("{other:?} instead of a publish"),
        }
    }

    pub(crate) fn ack(&mut self, id: u16) {
        self.ack_with(id, 0);
    }

    pub(crate) fn ack_with(&mut self, id: u16, code: u8) {
        let [high, low] = id.to_be_bytes();
        self.send(&packet(0x40, &[high, low, code, 0]));
    }

    /// Reads one SUBSCRIBE of `filters` filters and answers each with `code`.
    pub(crate) fn grant(&mut self, filters: usize, code: u8) {
        let Packet::Subscribe { id } = self.read() else {
            panic!("no subscription")
        };
        let mut body = id.to_be_bytes().to_vec();
        body.push(0);
        body.extend(vec![code; filters]);
        self.send(&packet(0x90, &body));
    }

    pub(crate) fn deliver(&mut self, id: u16, topic: &str, payload: &[u8]) {
        let mut body = u16::try_from(topic.len()).unwrap().to_be_bytes().to_vec();
        body.extend(topic.as_bytes());
        body.extend(id.to_be_bytes());
        body.push(0);
        body.extend(payload);
        self.send(&packet(0x32, &body));
    }

    pub(crate) fn disconnect(&mut self, code: u8) {
        self.send(&packet(0xe0, &[code, 0]));
    }
}

fn number(body: &[u8]) -> u16 {
    u16::from_be_bytes([body[0], body[1]])
}

fn publish(kind: u8, body: &[u8]) -> Packet {
    let topic_end = 2 + usize::from(number(body));
    let topic = String::from_utf8(body[2..topic_end].to_vec()).unwrap();
    let rest = &body[topic_end..];
    assert_eq!(kind >> 1 & 3, 1, "everything travels with QoS 1");
    let properties = usize::from(rest[2]);
    Packet::Publish {
        id: number(rest),
        topic,
        payload: rest[3 + properties..].to_vec(),
    }
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    let mut length = body.len();
    loop {
        let low = u8::try_from(length % 128).unwrap();
        length /= 128;
        bytes.push(if length == 0 { low } else { low | 0x80 });
        if length == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}
