//! `document read` on specimens, on drawn symbols and on what is no document.

use std::fs;

use datamatrix::{DataMatrix, SymbolList};
use png::{BitDepth, ColorType, Encoder};
use serde_json::{Value, json};

use crate::{error, json, neoctl};

const CNI: &str = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6\n";
const PASSPORT: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n";
const SEAL: &[u8] = b"DC04FR0500011DF71DF80001FR10BERTHIER\x1d11CORINNE\x1fSIGNATURE";

fn read(input: &[u8]) -> (Option<i32>, Value) {
    let output = neoctl(&["document", "read", "-", "--json"], input);
    (output.status.code(), json(&output))
}

/// A PNG with a DataMatrix of `content`.
fn picture(content: &[u8]) -> Vec<u8> {
    let code = DataMatrix::encode(content, SymbolList::default()).unwrap();
    let code = code.bitmap();
    let (module, border) = (6, 5);
    let side = (code.width().max(code.height()) + 2 * border) * module;
    let mut pixels = vec![255; side * side];
    for (column, row) in code.pixels() {
        for y in 0..module {
            let start = ((row + border) * module + y) * side + (column + border) * module;
            pixels[start..start + module].fill(0);
        }
    }
    png(side, &pixels)
}

/// A square grey picture.
fn png(side: usize, pixels: &[u8]) -> Vec<u8> {
    let side = u32::try_from(side).unwrap();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, side, side);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn a_zone_is_read_with_its_evidence_and_proves_no_more_than_the_reading() {
    let (code, answer) = read(CNI.as_bytes());
    assert_eq!(code, Some(0));
    let [document] = answer["documents"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(document["kind"], "mrz");
    assert_eq!(
        document["fields"],
        json!({
            "layout": "old_cni", "issuer": "FRA", "number": "880692310285", "surname": "BERTHIER",
            "given_names": "CORINNE", "born": "1965-12-06", "expires": "1998-06-30",
            "expires_precision": "month",
        })
    );
    let evidence = document["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 3);
    assert!(evidence.iter().all(|one| one["agrees"] == true));
    assert_eq!(
        document["verdicts"],
        json!({
            "read": "proven", "signature": "not_checked", "issuer_trusted": "not_checked",
            "in_date": "refuted", "status_known": "not_checked",
        })
    );
}

#[test]
fn a_zone_in_a_picture_is_read_with_what_it_looked_like() {
    let (code, answer) = read(include_bytes!("../../../../camera/reader/tests/it/zones/1.jpg"));
    let printed = include_str!("../../../../camera/reader/tests/it/zones/1.txt");
    assert_eq!(code, Some(0));
    let document = &answer["documents"][0];
    assert_eq!(document["kind"], "mrz");
    assert_eq!(document["zone"]["corrected"], printed.trim_end());
    let (raw, corrected) = (document["zone"]["raw"].as_str().unwrap(), printed.trim_end());
    let differing = raw
        .chars()
        .zip(corrected.chars())
        .filter(|(one, other)| one != other)
        .count();
    assert_eq!(
        document["zone"]["corrections"].as_array().unwrap().len(),
        differing
    );
}

#[test]
fn a_registration_certificate_is_a_vehicle_and_a_number_says_what_its_digit_cannot_see() {
    let zone = "CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402";
    let (code, answer) = read(zone.as_bytes());
    assert_eq!(code, Some(0));
    let document = &answer["documents"][0];
    assert_eq!(
        document["fields"],
        json!({
            "layout": "certificat_immatriculation", "issuer": "FRA", "number": "2009AS05284", "plate": "AB123CD",
            "vin": "VFSIV2009ASIV2009", "first_registered": "1998-01-05", "genre": "VP", "body": "CI",
            "make": "MARQUES", "model": "MODELE",
        })
    );
    assert_eq!(document["zone"]["corrections"], json!([]));
    let plate = &document["evidence"][0];
    assert_eq!(
        (&plate["field"], &plate["agrees"]),
        (&json!("plate"), &json!(true))
    );
    assert_eq!(
        plate["blind_to"][0],
        json!({"line": 1, "column": 6, "read": "A", "or": "K"})
    );
}

#[test]
fn a_wrong_check_digit_exits_8_and_is_named() {
    let (code, answer) = read(PASSPORT.replace("7408122", "7408123").as_bytes());
    assert_eq!(code, Some(8));
    let document = &answer["documents"][0];
    assert_eq!(document["verdicts"]["read"], "refuted");
    let wrong = json!({"field": "date_of_birth", "agrees": false});
    let evidence = document["evidence"].as_array().unwrap();
    let is_wrong = |one: &&Value| (&one["field"], &one["agrees"]) == (&wrong["field"], &wrong["agrees"]);
    assert_eq!(evidence.iter().filter(is_wrong).count(), 1);
    assert_eq!(read(PASSPORT.as_bytes()).0, Some(0));
}

#[test]
fn a_2d_doc_is_the_same_from_a_picture_and_from_a_text_and_without_a_list_nothing_of_it_is_checked() {
    let (code, answer) = read(&picture(SEAL));
    assert_eq!(code, Some(0));
    assert_eq!(read(SEAL), (code, answer.clone()));
    let document = &answer["documents"][0];
    assert_eq!(document["kind"], "2d_doc");
    let field = |code: &str, label: &str, value: &str| json!({"code": code, "label": label, "value": value, "form": "whole", "signed": true});
    assert_eq!(
        document["fields"],
        json!({
            "version": "04", "authority": "FR05", "certificate": "0001", "issued": "2021-01-01",
            "signed": "2021-01-02", "expires": null, "type": "00",
            "type_label": "Justificatif de domicile\u{a0}: Spécifique", "perimeter": "01", "country": "FR",
            "message": [
                field("10", "Ligne 1 de la norme adresse postale du bénéficiaire de la prestation", "BERTHIER"),
                field("11", "Qualité et/ou titre de la personne bénéficiaire de la prestation", "CORINNE"),
            ],
            "annex": [],
            "content": "10BERTHIER\\x1d11CORINNE\\x1fSIGNATURE",
        })
    );
    assert_eq!(
        document["verdicts"],
        json!({
            "read": "proven", "signature": "not_checked", "issuer_trusted": "not_checked",
            "in_date": "not_checked", "status_known": "not_checked",
        })
    );
    assert_eq!(document["reasons"], json!(["no_list"]));
    assert_eq!(
        (&document["signer"], &document["list"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_seal_without_dates_has_none_and_one_of_another_version_is_a_mere_barcode() {
    let (_, undated) = read(b"DC02FR050001FFFFFFFF0610MARTIN");
    let fields = &undated["documents"][0]["fields"];
    assert_eq!(
        (&fields["issued"], &fields["signed"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(fields["perimeter"], Value::Null);
    let (code, other) = read(&picture(b"DC09FR0500011DF71DF80001FR"));
    assert_eq!(code, Some(0));
    assert_eq!(
        other["documents"][0]["fields"],
        json!({"symbology": "data_matrix", "content": "DC09FR0500011DF71DF80001FR"})
    );
}

#[test]
fn a_specimen_exits_8_outside_tests_and_an_identity_card_is_not_verifiable_here() {
    let specimen = String::from_utf8(SEAL.to_vec()).unwrap().replace("FR05", "FR00");
    let (code, answer) = read(specimen.as_bytes());
    assert_eq!(code, Some(8));
    assert_eq!(answer["documents"][0]["verdicts"]["issuer_trusted"], "refuted");
    assert_eq!(answer["documents"][0]["reasons"], json!(["test_signer"]));
    let (code, answer) = read(&picture(&[b'7'; 200]));
    assert_eq!(code, Some(0));
    let card = &answer["documents"][0];
    assert_eq!(card["kind"], "cnie_seal");
    assert_eq!(card["reasons"], json!(["not_verifiable_here"]));
    let verdicts = card["verdicts"].as_object().unwrap();
    assert!(verdicts.len() == 5 && verdicts.values().all(|verdict| verdict == "not_checked"));
}

#[test]
fn people_read_the_same_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("zone.txt");
    fs::write(&path, PASSPORT).unwrap();
    let output = neoctl(&["document", "read", path.to_str().unwrap()], b"");
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "surname            ERIKSSON",
        "check digit of composite agrees",
        "signature       not_checked",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
}

#[test]
fn what_is_no_document_exits_3_with_advice_and_without_an_answer() {
    let blank = png(64, &[255; 64 * 64]);
    let inputs: [(&[u8], &str); 5] = [
        (&blank, "no barcode"),
        (b"bonjour", "neither"),
        (b"", "neither"),
        (b"\xff\xfe\x00", "neither"),
        (b"DC04FR05", "neither"),
    ];
    for (input, words) in inputs {
        let output = neoctl(&["document", "read", "-", "--json"], input);
        assert_eq!(output.status.code(), Some(3), "{input:?}");
        assert!(
            output.stdout.is_empty() && error(&output).contains(words),
            "{input:?}"
        );
    }
    let output = neoctl(&["document", "read", "no-such-file"], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(error(&output).contains("`no-such-file`"));
}

#[test]
fn a_damaged_or_oversized_picture_exits_1() {
    let whole = picture(SEAL);
    for input in [&whole[..whole.len() / 2], &b"\x89PNG\r\n\x1a\n".repeat(4 << 20)] {
        let output = neoctl(&["document", "read", "-"], input);
        assert_eq!(output.status.code(), Some(1));
        assert!(error(&output).starts_with("neoctl: cannot read the picture: "));
    }
}

#[test]
fn a_zone_and_a_seal_are_compared_field_by_field_and_an_unproven_seal_confirms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let front = folder.path().join("front.txt");
    let back = folder.path().join("back.png");
    fs::write(&front, CNI).unwrap();
    let seal = b"DC04FR0500011DF71DF80701FR62BERTHIER\x1d60ANNE\x1d6906121965\x1fSIGNATURE";
    fs::write(&back, picture(seal)).unwrap();
    let (front, back) = (front.to_str().unwrap(), back.to_str().unwrap());
    let output = neoctl(&["document", "read", front, back, "--json"], b"");
    assert_eq!(output.status.code(), Some(0), "a difference refutes nothing");
    let answer = json(&output);
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(answer["documents"].as_array().unwrap().len(), 2);
    let compared = answer["compared"].as_array().unwrap();
    assert_eq!(
        compared[0],
        json!({
            "field": "given_names", "agreement": "different", "limits": ["not_proven"],
            "said": [
                {"source": "zone", "value": "CORINNE", "counts": true},
                {"source": "seal", "value": "ANNE", "counts": false},
            ],
        })
    );
    let agreement = |field: &str| {
        let found = compared.iter().find(|one| one["field"] == field);
        found.unwrap()["agreement"].clone()
    };
    assert_eq!(agreement("surname"), "only_here");
    assert_eq!(agreement("born"), "only_here");
    let alone = json(&neoctl(&["document", "read", front, "--json"], b""));
    assert_eq!(alone["compared"], Value::Null);
    let text = neoctl(&["document", "read", front, back], b"");
    assert!(
        String::from_utf8(text.stdout)
            .unwrap()
            .contains("agreement  different")
    );
}
