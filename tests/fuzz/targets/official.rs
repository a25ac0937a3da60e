//! The ministry's list of offences (CSV): read whole or refused at a line, over a set that stays sound.
#![no_main]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::encode;
use domain::identity::CivilDate;
use domain::natinf::{MAX_CSV_FIELD, Reference, ReferenceSet, ReferenceVersion};
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;

const LIST: &str = "\
Numéro NATINF;Nature de l'infraction;Qualification de l'infraction;Définie par;Réprimée par
23800;Contravention de classe 4;USAGE D'UN TELEPHONE;ART.R.412-6-1 C.ROUTE;ART.R.412-6-1 AL.3 C.ROUTE
7151;Délit;\"VOL \"\"SIMPLE\"\"; ET AUTRES\";ART.311-1 C.PENAL;ART.311-3 C.PENAL
99999;Crime;MEURTRE;ART.221-1 C.PENAL;
";

static BASE: LazyLock<Reference> = LazyLock::new(|| ReferenceSet::embedded().reference());

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(LIST.as_bytes(), input);
    let issued = CivilDate::new(2026, 11, 21).expect("a date");
    let version = ReferenceVersion("natinf-2026-11".to_owned());
    match Reference::from_csv(&bytes, &BASE, version, issued) {
        Ok(merged) => {
            let offences = &merged.reference.offences;
            let known: BTreeSet<_> = BASE.offences.iter().map(|one| one.natinf).collect();
            let found: BTreeSet<_> = offences.iter().map(|one| one.natinf).collect();
            assert!(found.is_superset(&known), "a code that is known is gone");
            assert!(merged.unchecked <= merged.read && merged.changed.len() <= merged.read);
            assert!(merged.read <= bytes.len() / 4, "more rows than the list can have");
            assert_eq!(offences.len(), BASE.offences.len() + merged.unchecked);
            assert!(offences.is_sorted_by_key(|one| (one.natinf, one.validity.from)));
            assert!(
                offences
                    .iter()
                    .all(|one| !one.label.is_empty() && one.label.len() <= MAX_CSV_FIELD)
            );
            // What headquarters would sign is what a terminal takes.
            fuzz::read::<Reference>(&encode(&merged.reference));
            assert!(domain::decode::<Reference>(&encode(&merged.reference)).is_ok());
        }
        Err(error) => {
            let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
            assert!(
                (1..=lines + 1).contains(&error.line),
                "line {} of {lines}",
                error.line
            );
        }
    }
});
