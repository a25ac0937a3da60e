//! What a printer answers, by HTTP and by IPP: anything may stand at an address that an officer typed.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::LazyLock;
use std::sync::mpsc::{Sender, channel};

use agent::print::driver::carry_out;
use agent::print::{Answer, JobKey, Order, Sent};
use domain::ActId;
use domain::printing::{Paper, PrinterAddress};
use libfuzzer_sys::fuzz_target;

struct Printer {
    address: PrinterAddress,
    answers: Sender<Vec<u8>>,
}

/// Says what it is given, once for each connection.
static PRINTER: LazyLock<Printer> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let (answers, given) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for answer in given {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let _ = stream
                .write_all(&answer)
                .and_then(|()| stream.shutdown(Shutdown::Write));
            let _ = stream.read_to_end(&mut Vec::new());
        }
    });
    Printer {
        address: PrinterAddress::parse(&format!("127.0.0.1:{port}")).expect("an address"),
        answers,
    }
});

fn ask(order: Order, answer: &[u8]) -> Answer {
    PRINTER
        .answers
        .send(answer.to_vec())
        .expect("the printer is there");
    carry_out(order)
}

// What is asked, whether the rest is IPP in a good HTTP answer, then the answer.
fuzz_target!(|input: &[u8]| {
    let [order, framed, rest @ ..] = input else {
        return;
    };
    let framed = framed % 2 == 1;
    let answer = if framed {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", rest.len());
        [head.as_bytes(), rest].concat()
    } else {
        rest.to_vec()
    };
    let printer = PRINTER.address.clone();
    let key = JobKey {
        act: ActId::from_bytes([9; 16]),
        paper: Paper::Act,
        printer: printer.clone(),
    };
    let orders = [
        Order::Meet(printer.clone()),
        Order::Greet(key.clone()),
        Order::Send {
            key: key.clone(),
            title: "2026/000001".to_owned(),
            pdf: b"%PDF-1.7".to_vec(),
        },
        Order::Follow {
            key: key.clone(),
            job: 7,
        },
        Order::Withdraw {
            key: key.clone(),
            job: 7,
        },
    ];
    let count = orders.len();
    let order = orders
        .into_iter()
        .nth(usize::from(*order) % count)
        .expect("one of them");
    match ask(order, &answer) {
        Answer::Met { printer: met, result } => {
            assert_eq!(met, printer);
            if let Ok(name) = result {
                assert!(name.chars().count() <= 60, "a long name");
                assert!(
                    !name.contains(char::is_control),
                    "what a printer says is shown as it is"
                );
            }
        }
        Answer::Sent {
            key: sent,
            sent: outcome,
        } => {
            assert_eq!(sent, key);
            // The success codes of RFC 8011 §13.1.
            let succeeds = matches!(rest, [_, _, 0, 0..=2, ..]);
            if framed && matches!(outcome, Sent::Taken { .. }) {
                assert!(succeeds, "taken by a printer that refuses");
            }
        }
        Answer::Greeted { key: other, .. }
        | Answer::Followed { key: other, .. }
        | Answer::Withdrawn { key: other, .. } => {
            assert_eq!(other, key);
        }
    }
});
