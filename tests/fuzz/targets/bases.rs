//! An edition of the legal bases as a lawyer writes it: read whole, and then sound to the last row, or refused at a line.
#![no_main]

use domain::encode;
use domain::legal_basis::{BasisFault, BasisTable, CheckBasis};
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;

const EDITION: &str = "\
edition\tessai-1
issued\t2026-11-27
CI-2\t-\t2026-12-31\topj apj\tapj\tfacts 10\t-\t-\tprecedes\tTitre\tarticle 78-2\tmotif\tlimites
CI-9\t-\t-\topj\t-\tcircumstances 30\t-\t720\tone-place alinea=9-17 unverified\tTitre\tarticle 78-2 alinéa {alinéa}\tmotif\tlimites
CI-PRO\t-\t-\topj\t-\t-\t1 months\t-\tfollows\tTitre\tarticle 78-2-1\tmotif\tlimites
";

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(EDITION.as_bytes(), input);
    fuzz::read::<BasisTable>(&bytes);
    let Ok(text) = std::str::from_utf8(&bytes) else { return };
    match BasisTable::from_file(text) {
        Ok(table) => {
            for basis in CheckBasis::ALL {
                let rows = table.rows().iter().filter(|row| row.basis == basis);
                let today = rows.filter(|row| row.validity.holds(table.issued())).count();
                assert!(today <= 1, "two rows hold on one day");
            }
            // What headquarters would sign is what a terminal takes.
            assert_eq!(domain::decode::<BasisTable>(&encode(&table)).as_ref(), Ok(&table));
        }
        Err(
            BasisFault::Heading { line, .. }
            | BasisFault::Columns { line, .. }
            | BasisFault::Cell { line, .. }
            | BasisFault::Row { line, .. },
        ) => assert!((1..=text.lines().count().max(1)).contains(&line), "no line {line}"),
        Err(BasisFault::TooLong | BasisFault::Charset | BasisFault::Edition { .. }) => {}
    }
});
