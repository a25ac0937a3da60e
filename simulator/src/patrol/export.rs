//! The folder that a patrol leaves: report, anchors, documents, evidence, screens, and HQ's copies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use agent::work::record_of;
use anyhow::Context;
use domain::Digest;
use domain::delivery::Delivery;
use domain::dialogue::HandoutView;
use evidence::folder::{ClipEvidence, Files, Footage, RecordEvidence, clip_folder, record_folder};
use hq::store::QueryAlarm;
use trust::cert::{Certificate, Holder};

use super::alerts;
use super::brought;
use super::comparison;
use super::custody;
use super::destruction;
use super::invariants::{self, Gathered, HqRecord, manifest_of};
use super::marked;
use super::orders;
use super::report::{AlarmLine, ClipLine, Invariant, Receipt, RecordLine, Report};
use super::scenario::MarkName;
use super::screens::Screens;
use super::statements;
use super::steps::Progress;
use super::suivi;
use super::{Options, scenario};
use crate::enrol::{self, Layout};
use crate::picture::picture;

/// Checks, writes, reports.
pub(super) fn export(
    options: &Options,
    gathered: &Gathered,
    screens: &Screens,
    played: &Progress,
) -> anyhow::Result<Report> {
    let layout = Layout::new(&options.out);
    let pki_dir = options
        .outside
        .as_ref()
        .map_or_else(|| layout.pki(), |outside| outside.pki.clone());
    let pki = enrol::pki(&pki_dir, domain::UnixMs(0))?;
    fs::create_dir_all(layout.anchors())?;
    fs::write(layout.anchors().join("root.pem"), pki.root().to_pem())?;
    fs::copy(pki_dir.join("identity.age"), layout.hq().join("identity.age"))
        .context("could not copy HQ's identity for the simulation")?;
    write_documents(&layout, gathered)?;
    write_evidence(&layout, gathered, &pki)?;
    write_handouts(&options.out.join("remis"), &screens.handouts)?;
    if options.screens {
        screens.write(&options.out.join("screens"))?;
    }
    let scenario = &options.scenario;
    let (readable, canaries) = invariants::nothing_is_readable(&layout.terminal(), &scenario.canaries());
    let mut checks = vec![
        invariants::hq_holds_exactly_what_was_signed(gathered),
        invariants::hq_counts_nothing_twice(gathered),
        invariants::records_are_byte_identical(gathered),
        invariants::records_decode_to_their_kind(gathered),
        invariants::every_act_is_answered(gathered),
        invariants::the_journal_is_unbroken(gathered),
        invariants::journals_at_hq_are_the_terminals(gathered),
        invariants::numbers_are_used_once(gathered),
        readable,
    ];
    // What a scenario does not do is not claimed to have been checked.
    let has = |wanted: fn(&scenario::Step) -> bool| scenario.steps.iter().any(wanted);
    if has(|step| matches!(step, scenario::Step::Correct { .. })) {
        checks.push(invariants::every_refusal_is_corrected(gathered));
    }
    if has(|step| {
        matches!(
            step,
            scenario::Step::Consult { .. }
                | scenario::Step::ConsultAll { .. }
                | scenario::Step::LateAnswer { .. }
                | scenario::Step::AnswerWhileLocked { .. }
                | scenario::Step::AwaitConfirmation { .. }
                | scenario::Step::Urgent { .. }
        )
    }) {
        checks.push(invariants::every_answer_is_journalled(gathered));
        checks.push(invariants::every_consultation_is_journalled(gathered));
    }
    let compared: Vec<_> = scenario
        .steps
        .iter()
        .filter_map(|step| {
            let scenario::Step::Compare { act, says, .. } = step else {
                return None;
            };
            Some((played.act(act), says))
        })
        .collect();
    if !compared.is_empty() {
        checks.push(comparison::comparisons_are_in_the_act(gathered, &compared));
    }
    if has(|step| matches!(step, scenario::Step::Share { .. })) {
        checks.push(invariants::every_shown_answer_is_journalled_on_both_sides(
            gathered,
        ));
    }
    if has(|step| matches!(step, scenario::Step::TakeClip { .. })) {
        checks.push(invariants::clips_are_bit_exact(gathered));
        checks.push(statements::what_cameras_signed_is_at_hq(gathered));
    }
    if custody::was_said(gathered) {
        checks.push(custody::what_was_said_of_recordings_is_one_chain(gathered));
    }
    if has(|step| matches!(step, scenario::Step::Print { .. })) {
        checks.push(invariants::prints_are_the_signed_documents(gathered));
    }
    if has(|step| matches!(step, scenario::Step::Order { .. })) {
        checks.push(orders::orders_are_proven(gathered, scenario));
        orders::write_proofs(&options.out.join("proofs"), gathered)?;
    }
    if has(|step| matches!(step, scenario::Step::PassTime { .. })) {
        checks.push(destruction::what_is_past_its_term_is_destroyed(
            gathered,
            &layout.hq(),
        ));
        destruction::write_proofs(&options.out.join("proofs"), gathered)?;
    }
    if has(|step| matches!(step, scenario::Step::RaiseAlert { .. })) {
        checks.push(alerts::alerts_come_first_and_have_a_person(gathered));
    }
    if has(|step| matches!(step, scenario::Step::TellComplaint { .. })) {
        checks.push(suivi::what_became_of_complaints_is_what_hq_signed(
            gathered,
            &scenario.canaries(),
        ));
    }
    if has(|step| matches!(step, scenario::Step::GiveVisa { .. })) {
        checks.push(invariants::visas_answer_their_requests(gathered));
        let disk = layout.colleague().terminal;
        let (beside, _) = invariants::nothing_is_readable(&disk, &scenario.canaries());
        checks.push(Invariant {
            name: "nothing-is-readable-on-the-second-terminal",
            ..beside
        });
    }
    let taken = scenario
        .photos()
        .map(|name| Digest::of(&picture(options.seed, name).0));
    let taken: BTreeSet<Digest> = taken.collect();
    if !taken.is_empty() {
        checks.push(invariants::photos_are_bit_exact(gathered, &taken));
    }
    let marked: BTreeMap<Digest, &[MarkName]> = scenario
        .marks()
        .map(|(name, marks)| (Digest::of(&picture(options.seed, name).0), marks))
        .collect();
    if !marked.is_empty() {
        checks.push(marked::what_was_drawn_is_at_hq_and_in_no_file(gathered, &marked));
    }
    let brought: BTreeSet<Digest> = scenario
        .brought()
        .map(|file| Digest::of(&brought::content(options.seed, file)))
        .collect();
    if !brought.is_empty() {
        checks.push(invariants::pieces_are_bit_exact(gathered, &brought));
    }
    if has(|step| matches!(step, scenario::Step::CutRadio)) {
        checks.push(invariants::acts_were_signed_offline(
            gathered,
            played.cut_at.zip(played.restored_at),
        ));
    }
    let report = Report {
        schema_version: 1,
        scenario: scenario.name.clone(),
        seed: options.seed,
        invariants: checks,
        records: gathered
            .acts
            .iter()
            .map(|row| record_line(row, gathered))
            .collect(),
        clips: clip_lines(gathered),
        canaries,
        kills: played.kills,
        codes_asked: played.codes_asked,
        destructions: gathered.tombstones.len(),
        alarms: gathered.alarms.iter().map(alarm_line).collect(),
    };
    let text = serde_json::to_string_pretty(&report).context("could not write the report")?;
    fs::write(options.out.join("report.json"), text + "\n").context("could not write the report")?;
    Ok(report)
}

fn alarm_line(alarm: &QueryAlarm) -> AlarmLine {
    AlarmLine {
        device: alarm.device.to_string(),
        officer: alarm.officer.map(|officer| officer.to_string()),
        kind: alarm.kind.code(),
        times: alarm.times,
    }
}

fn record_line(row: &agent::store::OutboxRow, gathered: &Gathered) -> RecordLine {
    RecordLine {
        envelope_id: row.envelope.to_string(),
        kind: row.kind.code(),
        number: row.number.map(|number| number.to_string()),
        sha256: row.record.to_string(),
        signed_at: row.signed_at.utc.0,
        destroyed: gathered.tombstones.iter().any(|kept| kept.is_about(&row.record)),
        receipt: match row.delivery {
            Delivery::Received { at } => Receipt::Stored { at: at.0 },
            Delivery::Refused { at, code } => Receipt::Refused {
                at: at.0,
                code: code.to_string(),
                corrected_by: row.corrected_by.map(|act| act.to_string()),
            },
            Delivery::Waiting { .. } => Receipt::Missing,
        },
    }
}

fn clip_lines(gathered: &Gathered) -> Vec<ClipLine> {
    gathered
        .hq_clips
        .iter()
        .map(|clip| ClipLine {
            id: clip.clip.to_string(),
            sha256: Digest::of(&clip.file).to_string(),
            bytes: clip.file.len() as u64,
        })
        .collect()
}

/// The PDFs as HQ received them, named by kind and number.
/// What the patrol gave away, as whoever has it in hand finds it.
fn write_handouts(dir: &Path, handouts: &[HandoutView]) -> anyhow::Result<()> {
    for handout in handouts {
        std::fs::create_dir_all(dir)?;
        std::fs::write(dir.join(&handout.name), &handout.file)?;
    }
    Ok(())
}

fn write_documents(layout: &Layout, gathered: &Gathered) -> anyhow::Result<()> {
    let dir = layout.root().join("documents");
    fs::create_dir_all(&dir)?;
    for held in &gathered.hq_records {
        let Some(record) = record_of(&held.record_cose) else {
            continue;
        };
        let number = record.number.map_or_else(
            || record.id.to_string(),
            |n| format!("{}-{:06}", n.year, n.serial),
        );
        let name = format!("{}-{number}", record.act.kind().code());
        if let Some(pdf) = &held.document {
            fs::write(dir.join(format!("{name}.pdf")), pdf)?;
        }
        if let Some(pdf) = &held.recepisse {
            fs::write(dir.join(format!("recepisse-{number}.pdf")), pdf)?;
        }
        if let Some(pdf) = &held.requisition {
            fs::write(dir.join(format!("requisition-{number}.pdf")), pdf)?;
        }
        if let Some(pdf) = &held.grille {
            fs::write(dir.join(format!("grille-{number}.pdf")), pdf)?;
        }
    }
    Ok(())
}

fn write_evidence(layout: &Layout, gathered: &Gathered, pki: &hq::Pki) -> anyhow::Result<()> {
    let root = layout.root().join("evidence");
    let mut registry = hq::enrolment::Registry::open(enrol::pki(pki.dir(), domain::UnixMs(0))?, &layout.hq())
        .context("could not open HQ's registry")?;
    let store = registry.store().begin()?;
    for held in &gathered.hq_records {
        let record = record_of(&held.record_cose).context("a record at HQ does not decode")?;
        // The sheet of safe contact is in no file that leaves headquarters.
        if record.act.kind() == domain::record::ActKind::SafeContact {
            continue;
        }
        let certificate = |holder: &Holder| -> anyhow::Result<Certificate> {
            store
                .latest_certificate(holder)?
                .with_context(|| format!("HQ has no certificate of {holder:?}"))
        };
        let device = certificate(&Holder::Device(record.context.device.to_string()))?;
        let signer = match manifest_of(&record) {
            Some(_) => device.clone(),
            None => certificate(&Holder::Agent(record.context.author.id.to_string()))?,
        };
        let receipt = match manifest_of(&record) {
            Some(_) => store.clip_receipt(held.envelope)?,
            None => None,
        };
        let receipt = receipt.or_else(|| gathered.receipts.get(&held.envelope).cloned());
        let receipt = receipt.with_context(|| format!("{} has no receipt", held.envelope))?;
        let stamp = store.stamp(held.envelope)?;
        let issuing = pki.issuing().der().to_vec();
        let enclosures = record.act.enclosures();
        let enclosed: Vec<(String, &[u8])> = enclosures
            .iter()
            .filter_map(|named| Some((named.path(), held.enclosed.get(&named.name)?.as_slice())))
            .collect();
        let proof = RecordEvidence {
            record: &held.record_cose,
            envelope: &held.envelope_cose,
            receipt: &receipt,
            document: held.document.as_deref(),
            enclosed: &enclosed,
            signer: signer.der(),
            device: device.der(),
            receipt_signer: gathered.receipt_signer.der(),
            stamp: stamp.as_deref(),
            authorities: &[&issuing],
        };
        let files = match manifest_of(&record) {
            Some(manifest) => {
                let mut files = clip_files(gathered, held, manifest, proof)?;
                let statements = custody::of_clip(gathered, manifest.clip);
                let signers: Result<Vec<Vec<u8>>, _> = statements
                    .iter()
                    .map(|(_, record)| {
                        let agent = Holder::Agent(record.context.author.id.to_string());
                        certificate(&agent).map(|signer| signer.der().to_vec())
                    })
                    .collect();
                let signers = signers?;
                evidence::custody::add(&mut files, &custody::evidence(&statements, &signers))?;
                files
            }
            None => record_folder(&proof)?,
        };
        write_files(&root.join(record.id.to_string()), &files)?;
    }
    Ok(())
}

fn clip_files(
    gathered: &Gathered,
    held: &HqRecord,
    manifest: &domain::footage::Manifest,
    proof: RecordEvidence<'_>,
) -> anyhow::Result<Files> {
    let clip = gathered.hq_clips.iter().find(|clip| clip.clip == manifest.clip);
    let clip = clip.with_context(|| format!("HQ holds no bytes of {}", manifest.clip))?;
    Ok(clip_folder(&ClipEvidence {
        manifest: proof,
        camera_chain: held
            .camera_chain
            .as_deref()
            .context("the manifest came without the camera's chain")?,
        camera_events: held.camera_events.as_deref(),
        camera: held
            .camera_certificate
            .as_deref()
            .context("the manifest came without the camera's certificate")?,
        footage: Footage::Whole(&clip.file),
    })?)
}

/// A folder is written anew: what an earlier run left would be an extra file.
fn write_files(dir: &Path, files: &Files) -> anyhow::Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    for (name, bytes) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(&path, bytes).with_context(|| format!("could not write `{}`", path.display()))?;
    }
    Ok(())
}
