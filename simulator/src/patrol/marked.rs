//! What an officer drew over photographs: in the signed record at HQ, and in the bytes of no photograph.

use std::collections::BTreeMap;

use agent::work::record_of;
use domain::Digest;

use super::invariants::Gathered;
use super::report::Invariant;
use super::scenario::MarkName;

/// Each of the photographs that were drawn over is at HQ as its camera took it, under a record that holds exactly what was
/// drawn, in its order; over the others nothing is drawn.
pub(super) fn what_was_drawn_is_at_hq_and_in_no_file(
    gathered: &Gathered,
    drawn: &BTreeMap<Digest, &[MarkName]>,
) -> Invariant {
    let mut checked = 0;
    let mut wrong = Vec::new();
    let mut missing = drawn.clone();
    for record in &gathered.hq_records {
        let Some(content) = record_of(&record.record_cose) else {
            continue;
        };
        for photo in content.act.photos() {
            let expected = drawn.get(&photo.sha256).copied().unwrap_or_default();
            let marks: Vec<MarkName> = photo.marks.numbered().map(|(_, mark)| mark.into()).collect();
            let file = record.enclosed.get(&photo.name);
            if marks != expected {
                wrong.push(format!(
                    "`{}` of {} has {marks:?} over it, and {expected:?} was drawn",
                    photo.name, record.envelope
                ));
            } else if file.is_none_or(|bytes| Digest::of(bytes) != photo.sha256) {
                wrong.push(format!(
                    "the file `{}` of {} is not as it was taken",
                    photo.name, record.envelope
                ));
            } else if missing.remove(&photo.sha256).is_some() {
                checked += 1;
            }
        }
    }
    let missing = missing.keys();
    wrong.extend(missing.map(|digest| format!("the photograph {digest} that was drawn over is not at HQ")));
    Invariant::of("what-was-drawn-is-at-hq-and-in-no-file", checked, wrong)
}
