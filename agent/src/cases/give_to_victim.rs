//! The papers of a complaint for the victim's own hands, at once and without a printer (15-3 CPP): a message that the phone
//! opens and a person sends, or a code that another phone reads. What the victim wishes and their safe contact come first.

use domain::ActId;
use domain::canonical;
use domain::dialogue::{HandoutView, NotGiven, Notice, View};
use domain::draft::Draft;
use domain::journal::{Operation, Recipient};
use domain::plainte::Plainte;
use domain::plainte::contact::{Channel, SafeContact};
use domain::record::{Act, Record};

use crate::engine::{Effect, Engine};
use crate::store::{StoreError, StoredRecord};
use crate::work::{self, DrawJob, Drawing, Job, Source};

/// A signed complaint with what the terminal keeps of it.
struct Complaint {
    record: Box<Record>,
    plainte: Box<Plainte>,
    kept: StoredRecord,
    contact: Option<SafeContact>,
}

impl Engine {
    /// The récépissé, and under its own title the sheet of rights and the act as well, as the draft of a message.
    pub(crate) fn give_by_mail(&mut self, act: ActId) -> Result<(), StoreError> {
        let Some(complaint) = self.complaint(act)? else {
            return Ok(());
        };
        let plainte = &complaint.plainte;
        let to = match address(plainte, complaint.contact.as_ref()) {
            Ok(to) => to,
            Err(why) => {
                self.notice(Notice::NotGiven(why));
                return Ok(());
            }
        };
        let neutral = plainte.has_neutral_receipt();
        let stem = documents::file_stem(&complaint.record);
        let kept = &complaint.kept;
        let named = if neutral {
            vec![("document", &kept.recepisse)]
        } else {
            vec![
                ("recepisse", &kept.recepisse),
                ("droits", &kept.rights),
                ("plainte", &kept.document),
            ]
        };
        let papers: Vec<(String, &[u8])> = named
            .into_iter()
            .filter_map(|(name, pdf)| Some((format!("{name}-{stem}.pdf"), pdf.as_deref()?)))
            .collect();
        let message = documents::Message {
            to: to.as_deref(),
            subject: if neutral { "Document" } else { "Votre plainte" },
            words: "Bonjour,\r\n\r\nVous trouverez ci-joint ce qui vous a été remis ce jour.\r\n",
            papers: &papers,
            at: self.now,
        };
        let handout = HandoutView {
            name: format!("document-{stem}.eml"),
            file: message.to_bytes(),
        };
        self.note_given(act)?;
        self.show(View::Handout(handout));
        self.notice(Notice::MessageReady);
        Ok(())
    }

    /// The récépissé as a code, page for the screen.
    pub(crate) fn show_recepisse_code(&mut self, act: ActId) -> Result<(), StoreError> {
        let Some(complaint) = self.complaint(act)? else {
            return Ok(());
        };
        if is_kept(&complaint.plainte) {
            self.notice(Notice::NotGiven(NotGiven::Kept));
            return Ok(());
        }
        self.note_given(act)?;
        let from = domain::Digest::of(&complaint.kept.cose);
        if let Some(desk) = self.desk() {
            desk.drawing.insert((act, Drawing::Signed), from);
        }
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act,
            drawing: Drawing::Signed,
            source: Source::Code(complaint.record),
        })));
        Ok(())
    }

    fn complaint(&mut self, act: ActId) -> Result<Option<Complaint>, StoreError> {
        if self.desk().is_none() {
            return Ok(None);
        }
        let Some(kept) = self.readable(act)? else {
            self.notice(Notice::ActNotReadable { act });
            return Ok(None);
        };
        let (record, draft) = (
            work::record_of(&kept.cose),
            canonical::decode::<Draft>(&kept.draft),
        );
        let Some((record, draft)) = record.zip(draft.ok()) else {
            self.notice(Notice::ActNotReadable { act });
            return Ok(None);
        };
        let Act::Plainte(plainte) = &record.act else {
            return Ok(None);
        };
        Ok(Some(Complaint {
            contact: draft.safe_contact().ok().flatten(),
            plainte: plainte.clone(),
            record: Box::new(record),
            kept,
        }))
    }

    fn note_given(&mut self, act: ActId) -> Result<(), StoreError> {
        let Some(row) = self.device.row_of(act)? else {
            return Ok(());
        };
        let officer = self.officer_id();
        let given = Operation::HandedOver {
            record: row.record,
            to: Some(Recipient::Victim),
        };
        self.device.log(self.now, officer, given)
    }
}

fn is_kept(plainte: &Plainte) -> bool {
    plainte.receipt.is_some_and(|receipt| !receipt.is_handed())
}

/// Where a message may go: the safe contact rules, then what the victim said of electronic communication; nowhere yet where
/// no address is known.
fn address(plainte: &Plainte, contact: Option<&SafeContact>) -> Result<Option<String>, NotGiven> {
    if is_kept(plainte) {
        return Err(NotGiven::Kept);
    }
    if let Some(contact) = contact {
        return match contact.channel() {
            Channel::Email => Ok(contact.at().map(str::to_owned)),
            Channel::Telephone | Channel::Message | Channel::Post | Channel::Relative | Channel::Nobody => {
                Err(NotGiven::SafeContact)
            }
        };
    }
    if plainte.reception.electronic == Some(false) {
        return Err(NotGiven::NoElectronic);
    }
    Ok(plainte.victim.identity.email().map(str::to_owned))
}
