//! The same record gives the same bytes, whoever prints it and whenever.

use std::thread;

use domain::Digest;
use domain::record::DocumentDigest;

use crate::acts::{check, of_check, of_plainte, of_pv, plainte, pv};
use crate::pdf;
use crate::procedure::{constatations, hearing_of_a_suspect};
use crate::roadside::{afd, of_afd, of_pve, pve};

#[test]
fn two_prints_of_one_record_are_equal_to_the_byte() {
    for record in [
        of_check(check()),
        of_pv(pv(&["Constatons."])),
        of_plainte(plainte()),
        of_pve(pve()),
        of_afd(afd()),
        of_pv(constatations()),
        of_pv(hearing_of_a_suspect()),
    ] {
        assert!(pdf::act(&record) == pdf::act(&record));
    }
    let complaint = of_plainte(plainte());
    assert!(pdf::receipt(&complaint) == pdf::receipt(&complaint));
}

#[test]
fn threads_that_print_at_the_same_time_agree() {
    let record = of_pv(pv(&["Constatons ce qui suit. ".repeat(40).trim_end(); 8]));
    let expected = pdf::act(&record);
    thread::scope(|scope| {
        let prints: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (pdf::act(&record), pdf::act(&of_check(check())))))
            .collect();
        let other = pdf::act(&of_check(check()));
        for print in prints {
            assert!(print.join().unwrap() == (expected.clone(), other.clone()));
        }
    });
}

#[test]
fn a_record_prints_the_same_once_it_is_bound_to_its_document() {
    let record = of_check(check());
    let document = pdf::act(&record);
    let bound = record.with_document(DocumentDigest {
        sha256: Digest::of(&document),
        bytes: document.len().try_into().unwrap(),
    });
    assert!(pdf::act(&bound) == document);
}

#[test]
fn another_word_gives_other_bytes() {
    let one = pdf::act(&of_pv(pv(&["Constatons un feu éteint."])));
    let other = pdf::act(&of_pv(pv(&["Constatons un feu allumé."])));
    assert!(one != other);
}
