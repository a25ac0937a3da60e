//! `trust`, and seals that `document read` holds against its lists.

use std::fs;
use std::path::PathBuf;

use data_encoding::{BASE32_NOPAD, BASE64};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};
use trust::keys::{KeyKind, SigningKey};

use crate::{error, json, neoctl};

/// An authority FR99, its signer AB01, and a folder to work in.
struct Authority {
    folder: tempfile::TempDir,
    certificate: Vec<u8>,
    signer: SigningKey,
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = named("FR99");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        let issuer = Issuer::new(params, key);
        let signer = SigningKey::generate(KeyKind::P256);
        let signer_key = KeyPair::from_pem(&signer.to_pkcs8_pem()).unwrap();
        let leaf = named("AB01").signed_by(&signer_key, &issuer).unwrap();
        let certificates = folder.path().join("certificats");
        fs::create_dir(&certificates).unwrap();
        fs::write(certificates.join("FR99.der"), &certificate).unwrap();
        fs::write(certificates.join("AB01.pem"), leaf.pem()).unwrap();
        fs::write(certificates.join("LISEZMOI.txt"), "rien à lire").unwrap();
        Self {
            folder,
            certificate,
            signer,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn seal(&self, annex: &str) -> Vec<u8> {
        let signed = "DC04FR99AB01FFFF24F70701FR62SPECIMEN\u{1d}61NATACHA";
        let signature = BASE32_NOPAD.encode(&self.signer.sign(signed.as_bytes()));
        format!("{signed}\u{1f}{signature}{annex}").into_bytes()
    }

    /// A published list that knows the authority alone, two days before the program runs or long ago.
    fn publish(&self, next_update: &str) {
        let certificate = BASE64.encode(&self.certificate);
        let xml = format!(
            r#"<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation>
            <TSLSequenceNumber>22</TSLSequenceNumber><SchemeTerritory>FR</SchemeTerritory>
            <ListIssueDateTime>2025-08-25T10:00:00Z</ListIssueDateTime>
            <NextUpdate><dateTime>{next_update}</dateTime></NextUpdate></SchemeInformation>
            <TrustServiceProviderList><TrustServiceProvider><TSPServices><TSPService><ServiceInformation>
            <ServiceDigitalIdentity><DigitalId><X509Certificate>{certificate}</X509Certificate></DigitalId>
            </ServiceDigitalIdentity><ServiceStatus>http://uri.etsi.org/TrstSvc/Svcstatus/inaccord</ServiceStatus>
            </ServiceInformation></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>
            </TrustServiceStatusList>"#
        );
        fs::write(self.path("liste.xml"), xml).unwrap();
    }

    fn read(&self, seal: &[u8], trust: &str) -> (Option<i32>, Value) {
        let output = neoctl(
            &["document", "read", "-", "--trust", &self.text(trust), "--json"],
            seal,
        );
        assert!(error(&output).is_empty(), "{}", error(&output));
        (output.status.code(), json(&output)["documents"][0].clone())
    }
}

#[test]
fn a_published_list_and_a_folder_become_a_list_under_which_a_seal_is_proven() {
    let authority = Authority::new();
    authority.publish("2999-02-25T10:00:00Z");
    let sources = [
        authority.text("liste.xml"),
        authority.text("certificats"),
        authority.text("liste"),
    ];
    let import = [
        "trust",
        "import",
        &sources[0],
        &sources[1],
        "--out",
        &sources[2],
        "--json",
    ];
    let output = neoctl(&import, b"");
    assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    let list = &json(&output)["trust_list"];
    assert_eq!((&list["authorities"], &list["signers"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&list["sequence"], &list["signature"]),
        (&json!(22), &json!("not_checked"))
    );
    assert_eq!(list["issued"], "2025-08-25T10:00:00Z");
    assert_eq!(
        neoctl(&import, b"").status.code(),
        Some(4),
        "a list is not written over"
    );

    let output = neoctl(&["trust", "show", &sources[2], "--json"], b"");
    let shown = &json(&output)["trust_list"];
    assert_eq!(shown["authority_list"][0]["standing"], "recognised");
    assert_eq!(shown["signer_list"][0]["id"], "AB01");
    assert_eq!(shown["sha256"], list["sha256"]);

    let (code, document) = authority.read(&authority.seal(""), "liste");
    assert_eq!(code, Some(0));
    assert_eq!(
        document["verdicts"],
        json!({
            "read": "proven", "signature": "proven", "issuer_trusted": "proven", "in_date": "proven",
            "status_known": "not_checked",
        })
    );
    assert_eq!(
        document["reasons"],
        json!(["list_unverified", "revocation_unknown"])
    );
    assert_eq!(document["signer"]["authority"], "FR99");
    assert_eq!(document["list"]["outdated"], false);
    assert!(document["list"]["age_days"].as_u64().unwrap() > 400);
}

#[test]
fn a_folder_alone_serves_and_a_changed_seal_exits_8() {
    let authority = Authority::new();
    let (code, document) = authority.read(&authority.seal("\u{1d}62AUTRE"), "certificats");
    assert_eq!(code, Some(0));
    assert_eq!(document["verdicts"]["signature"], "proven");
    let annex = &document["fields"]["annex"][0];
    assert_eq!(
        (&annex["value"], &annex["signed"]),
        (&json!("AUTRE"), &json!(false))
    );
    let changed = String::from_utf8(authority.seal(""))
        .unwrap()
        .replace("NATACHA", "NATACHE");
    let (code, document) = authority.read(changed.as_bytes(), "certificats");
    assert_eq!(code, Some(8));
    assert_eq!(document["verdicts"]["signature"], "refuted");
    assert!(
        document["reasons"]
            .as_array()
            .unwrap()
            .contains(&json!("signature_wrong"))
    );
}

#[test]
fn an_outdated_list_says_so() {
    let authority = Authority::new();
    authority.publish("2026-02-25T10:00:00Z");
    let (code, document) = authority.read(&authority.seal(""), "liste.xml");
    assert_eq!(code, Some(0));
    assert_eq!(
        document["reasons"],
        json!(["list_outdated", "list_unverified", "signer_unknown"])
    );
    assert_eq!(document["verdicts"]["signature"], "not_checked");
    let output = neoctl(&["trust", "show", &authority.text("liste.xml")], b"");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("outdated        true"), "{text}");
}

#[test]
fn what_makes_no_list_is_refused_with_its_name() {
    let authority = Authority::new();
    fs::create_dir(authority.path("vide")).unwrap();
    fs::write(authority.path("certificats/faux.der"), b"\x30\x03\x02\x01\x01").unwrap();
    fs::write(authority.path("faux.crl"), b"\x30\x00").unwrap();
    fs::write(authority.path("texte"), "bonjour").unwrap();
    fs::write(authority.path("page.xml"), "<html/>").unwrap();
    for (name, words, code) in [
        ("vide", "there is no certificate", 1),
        ("certificats", "faux.der` holds no certificate", 1),
        ("faux.crl", "no certificate", 1),
        ("texte", "is neither a list", 1),
        ("page.xml", "not a trust service status list", 1),
        ("absent", "cannot read `", 3),
    ] {
        let output = neoctl(&["trust", "show", &authority.text(name)], b"");
        assert_eq!(output.status.code(), Some(code), "{name}: {}", error(&output));
        assert!(error(&output).contains(words), "{name}: {}", error(&output));
        let output = neoctl(&["document", "read", "-", "--trust", &authority.text(name)], b"x");
        assert_eq!(output.status.code(), Some(code), "{name}");
    }
}
