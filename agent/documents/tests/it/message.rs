//! The message that a victim is given: a draft that a person sends.

use documents::Message;
use domain::{BootId, Timestamp, UnixMs, Zone};

fn message(to: Option<&str>) -> String {
    let papers = [("document-2026-000001.pdf".to_owned(), b"%PDF-1.7".as_slice())];
    let message = Message {
        to,
        subject: "Document à conserver",
        words: "Bonjour,\n",
        papers: &papers,
        at: Timestamp {
            utc: UnixMs(1_795_300_000_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([0; 16]),
            mono_ms: 0,
        },
    };
    String::from_utf8(message.to_bytes()).unwrap()
}

#[test]
fn a_message_is_a_draft_with_its_papers() {
    let file = message(Some("jeanne@exemple.fr"));
    let (head, body) = file.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("To: jeanne@exemple.fr\r\nSubject: =?utf-8?B?"),
        "{head}"
    );
    assert!(head.contains("\r\nX-Unsent: 1\r\n"), "{head}");
    assert!(body.contains("filename=\"document-2026-000001.pdf\""), "{body}");
    assert!(
        body.contains(&data_encoding::BASE64.encode(b"%PDF-1.7")),
        "{body}"
    );
    let boundary = head.split('"').nth(1).unwrap();
    assert!(body.ends_with(&format!("--{boundary}--\r\n")), "{body}");
}

#[test]
fn what_could_end_a_header_is_no_address() {
    for to in [
        "a@b",
        "a@b.fr\r\nBcc: c@d.fr",
        "a b@c.fr",
        "@c.fr",
        "a@b@c.fr",
        "a@b.fr, c@d.fr",
    ] {
        assert!(message(Some(to)).starts_with("Subject: "), "{to}");
    }
    assert!(message(None).starts_with("Subject: "));
}
