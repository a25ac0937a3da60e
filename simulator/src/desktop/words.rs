//! The console's French words for what headquarters knows by code.

use domain::envelope::{Lane, RefusalCode};
use domain::officer::FileKind;
use domain::orders::Command;
use domain::record::ActKind;
use evidence::report::Outcome;
use hq::store::ConsultationOutcome;

use super::headquarters::{Line, Tone};
use crate::patrol::Outcome as Played;

pub(super) const fn kind(kind: ActKind) -> &'static str {
    match kind {
        ActKind::IdentityCheck => "Contrôle",
        ActKind::Pv => "PV",
        ActKind::Plainte => "Plainte",
        ActKind::Footage => "Vidéo",
        ActKind::Pve => "PVe",
        ActKind::Afd => "AFD",
        ActKind::Note => "Recueil",
        ActKind::VisaRequest => "Demande de visa",
        ActKind::Visa => "Visa",
        ActKind::Verification => "Vérification d’identité",
        ActKind::Alert => "Alerte",
        ActKind::SafeContact => "Fiche de contact",
        ActKind::Custody => "Mention sur vidéo",
    }
}

pub(super) const fn lane(lane: Lane) -> &'static str {
    match lane {
        Lane::Urgent => "urgence",
        Lane::Procedures => "procédures",
        Lane::Events => "événements",
        Lane::Telemetry => "télémesure",
    }
}

pub(super) const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "authentique",
        Outcome::Untrusted => "signataire non reconnu",
        Outcome::Incomplete => "incomplet",
        Outcome::Tampered => "falsifié",
        Outcome::Unreadable => "illisible",
    }
}

pub(super) const fn answer(outcome: ConsultationOutcome) -> &'static str {
    match outcome {
        ConsultationOutcome::NothingFound => "rien trouvé",
        ConsultationOutcome::Found => "trouvé",
        ConsultationOutcome::Expired => "répondu trop tard",
        ConsultationOutcome::NotHabilitated => "agent non habilité",
        ConsultationOutcome::Unreadable => "question illisible",
        ConsultationOutcome::FrameMissing => "cadre juridique absent",
    }
}

pub(super) const fn file(file: FileKind) -> &'static str {
    match file {
        FileKind::Fpr => "FPR",
        FileKind::Foves => "FOVeS",
        FileKind::Siv => "SIV",
        FileKind::Snpc => "SNPC",
        FileKind::Fva => "FVA",
        FileKind::Agdref => "AGDREF",
        FileKind::Docverif => "DOCVERIF",
        FileKind::Taj => "TAJ",
    }
}

pub(super) const fn command(command: Command) -> &'static str {
    match command {
        Command::Lock => "Verrouiller",
        Command::Unlock => "Déverrouiller",
        Command::Wipe => "Effacer",
        Command::RotateKeys => "Renouveler les clés",
        Command::Restore => "Rendre un brouillon",
        Command::Locate => "Localiser",
        Command::PullLogs => "Demander les journaux",
        Command::WipeAll => "Effacer en totalité",
        Command::SendFootage => "Envoyer les vidéos",
    }
}

pub(super) const fn refusal(code: RefusalCode) -> &'static str {
    match code {
        RefusalCode::Unreadable => "envoi illisible",
        RefusalCode::UnknownDevice => "terminal inconnu",
        RefusalCode::DeviceSignature => "signature du terminal non valable",
        RefusalCode::Seal => "scellé impossible à ouvrir",
        RefusalCode::UnknownOfficer => "agent inconnu ou non affecté à ce terminal",
        RefusalCode::OfficerSignature => "signature de l’agent non valable",
        RefusalCode::IdReused => "même identifiant avec un autre contenu",
        RefusalCode::DocumentMismatch => "document différent de l’acte",
        RefusalCode::NumberOutsideRange => "numéro hors de la plage du terminal",
        RefusalCode::QualityNotEmpowered => "qualité de l’agent insuffisante pour cet acte",
        RefusalCode::CorrectionAsked => "correction demandée par le service compétent",
        RefusalCode::DocumentMissing => "acte sans son document",
        RefusalCode::DocumentSignature => "signature du document différente de celle de l’auteur",
        RefusalCode::UnknownCamera => "caméra inconnue ou retirée",
        RefusalCode::AttachmentMissing => "pièce nommée par l’acte absente",
        RefusalCode::ActUnknown => "acte inconnu du commandement",
        RefusalCode::ActDiffers => "acte différent de celui reçu",
        RefusalCode::NotTheAuthor => "visa demandé par un autre que l’auteur",
        RefusalCode::NotTheOpj => "visa donné par un autre que l’OPJ demandé",
        RefusalCode::OwnAct => "visa de son propre acte",
        RefusalCode::VisaTwice => "visa déjà demandé ou donné",
        RefusalCode::SignerRevoked => "certificat révoqué avant la signature",
        RefusalCode::OfficerSuspended => "agent suspendu avant la signature",
        RefusalCode::MeasureUnlawful => "mesure que la loi ne permet pas de signer",
        RefusalCode::RecordingUnknown => "vidéo inconnue de cet agent",
        RefusalCode::CustodyBroken => "mention qui ne suit pas la précédente",
        RefusalCode::FootageUnsigned => "vidéo sans les signatures de sa caméra",
    }
}

/// "un acte", "3 actes".
pub(super) fn acts(count: u64) -> String {
    match count {
        0 => "aucun acte".to_owned(),
        1 => "un acte".to_owned(),
        more => format!("{more} actes"),
    }
}

/// Whether a patrol that is played again comes out as it did.
pub(super) fn again(before: &Played, now: &Played) -> Line {
    let difference = before.compare(now);
    let kinds = |kinds: &[ActKind]| {
        let kinds: Vec<&str> = kinds.iter().map(|one| kind(*one)).collect();
        kinds.join(", ")
    };
    let mut said = Vec::new();
    if !difference.missing.is_empty() {
        said.push(format!("pas encore {}", kinds(&difference.missing)));
    }
    if !difference.added.is_empty() {
        said.push(format!("en plus {}", kinds(&difference.added)));
    }
    if difference.other_refusals {
        said.push("autres refus".to_owned());
    }
    if difference.other_clips {
        said.push("autres vidéos".to_owned());
    }
    let count = u64::try_from(before.acts.len()).unwrap_or(u64::MAX);
    let (state, tone) = if difference.is_none() {
        let same = before.same_ids(now);
        let words = format!(
            "même résultat : {}, dont {same} sous le même identifiant",
            acts(count)
        );
        (words, Tone::Good)
    } else {
        (said.join(" ; "), Tone::Waiting)
    };
    Line {
        what: "Rejouée depuis son journal".to_owned(),
        state,
        tone,
        ..Line::default()
    }
}
