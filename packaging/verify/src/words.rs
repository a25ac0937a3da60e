//! What a report says, in the two languages side by side.

use clap::ValueEnum;
use domain::record::ActKind;
use evidence::report::{Fault, Limit, Link, Outcome, Question, Subject, Verdict};
use trust::cert::ChainFault;

use crate::json::with_causes;
use crate::video;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Fr,
    En,
}

impl Language {
    pub(crate) const fn pick(self, french: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Fr => french,
            Self::En => english,
        }
    }

    pub(crate) const fn outcome(self, outcome: Outcome) -> &'static str {
        let (fr, en) = match outcome {
            Outcome::Ok => (
                "CONFORME : tout ce qui devait l'être a été vérifié",
                "OK: everything due was checked",
            ),
            Outcome::Tampered => (
                "ALTÉRÉ : ce n'est pas ce qui a été signé",
                "TAMPERED: not what was signed",
            ),
            Outcome::Incomplete => (
                "INCOMPLET : il manque un fichier ou une vérification, ou un fichier est de trop",
                "INCOMPLETE: a file or a check is missing, or a file is one too many",
            ),
            Outcome::Untrusted => (
                "NON RECONNU : aucune racine de confiance ne répond du signataire à cette date",
                "UNTRUSTED: no given root vouches for the signer at that date",
            ),
            Outcome::Unreadable => (
                "ILLISIBLE : le contenu n'a pas la forme attendue",
                "UNREADABLE: not of the expected form",
            ),
        };
        self.pick(fr, en)
    }

    pub(crate) const fn verdict(self, verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Ok => "OK",
            Verdict::Failed(_) => self.pick("ÉCHEC", "FAILED"),
            Verdict::NotChecked => self.pick("NON VÉRIFIÉ", "NOT CHECKED"),
        }
    }

    pub(crate) const fn subject(self, subject: Subject) -> &'static str {
        let (fr, en) = match subject {
            Subject::Record => ("Dossier d'acte", "Folder of an act"),
            Subject::Clip => ("Dossier d'enregistrement vidéo", "Folder of a clip"),
            Subject::Segment => ("Segment isolé d'un enregistrement", "One segment of a clip"),
            Subject::Document => ("Document PDF isolé", "PDF by itself"),
            Subject::Video => ("Vidéo isolée", "Video by itself"),
            Subject::Wipe => ("Effacement d'un terminal", "Wipe of a terminal"),
            Subject::Unknown => ("Pièce de nature inconnue", "Unknown kind of evidence"),
        };
        self.pick(fr, en)
    }

    pub(crate) const fn kind(self, kind: ActKind) -> &'static str {
        let (fr, en) = match kind {
            ActKind::IdentityCheck => ("contrôle d'identité", "identity check"),
            ActKind::Pv => ("procès-verbal", "procès-verbal"),
            ActKind::Plainte => ("plainte", "complaint"),
            ActKind::Pve => ("procès-verbal électronique", "electronic procès-verbal"),
            ActKind::Afd => ("amende forfaitaire délictuelle", "amende forfaitaire délictuelle"),
            ActKind::Footage => ("enregistrement", "footage"),
            ActKind::Note => ("recueil de renseignements", "recueil de renseignements"),
            ActKind::VisaRequest => ("demande de visa", "request for a visa"),
            ActKind::Visa => ("visa d'un officier de police judiciaire", "visa of an OPJ"),
            ActKind::Alert => ("alerte au centre opérationnel", "alert to the operations centre"),
            ActKind::SafeContact => ("fiche de contact", "sheet of safe contact"),
            ActKind::Custody => ("mention sur un enregistrement", "statement on a recording"),
            ActKind::Verification => ("vérification d'identité", "verification of an identity"),
        };
        self.pick(fr, en)
    }

    pub(crate) const fn question(self, question: Question) -> &'static str {
        let (fr, en) = match question {
            Question::Files => (
                "fichiers tous présents, aucun de trop",
                "all files there, none too many",
            ),
            Question::Copies => (
                "sommes et copies tirées des messages signés",
                "sums and copies drawn from the signed messages",
            ),
            Question::RecordSignature => ("signature de l'acte", "signature of the record"),
            Question::RecordSigner => ("certificat du signataire", "certificate of the signer"),
            Question::EnvelopeSignature => (
                "signature de l'envoi par le terminal",
                "signature of the envelope by the terminal",
            ),
            Question::EnvelopeSigner => ("certificat du terminal", "certificate of the terminal"),
            Question::ReceiptSignature => ("signature de l'accusé de réception", "signature of the receipt"),
            Question::ReceiptSigner => ("certificat du centre", "certificate of the headquarters"),
            Question::Links => (
                "acte, envoi et accusé liés entre eux",
                "record, envelope and receipt are about each other",
            ),
            Question::Dates => (
                "certificats valides à la date des signatures",
                "certificates valid when they signed",
            ),
            Question::Document => ("document désigné par l'acte", "document that the record names"),
            Question::DocumentSignature => ("signature contenue dans le PDF", "signature inside the PDF"),
            Question::Stamp => (
                "horodatage de l'acte par le centre",
                "the headquarters' time-stamp of the record",
            ),
            Question::Enclosed => (
                "photographies et signatures manuscrites désignées par l'acte",
                "photographs and signatures by hand that the record names",
            ),
            Question::CameraChain => (
                "chaîne de signatures de la caméra",
                "the camera's chain of signatures",
            ),
            Question::CameraEvents => ("événements signés de la caméra", "signed events of the camera"),
            Question::CameraSigner => ("certificat de la caméra", "certificate of the camera"),
            Question::Custody => (
                "suite des mentions portées sur l'enregistrement",
                "chain of statements on the recording",
            ),
            Question::CustodySigner => (
                "certificats des auteurs des mentions",
                "certificates of the authors of the statements",
            ),
            Question::Footage => (
                "octets d'origine de l'enregistrement",
                "original bytes of the footage",
            ),
            Question::Video => ("structure du fichier vidéo", "structure of the video file"),
            Question::Frames => (
                "images couvertes une à une par les signatures",
                "every picture covered by the signatures",
            ),
            Question::VideoSignature => (
                "signatures contenues dans la vidéo",
                "signatures inside the video",
            ),
            Question::VideoSigner => (
                "origine : certificat joint à la vidéo",
                "provenance: certificate inside the video",
            ),
            Question::VideoTime => (
                "heures annoncées possibles (horloge réglée, certificat valide)",
                "claimed times possible (clock set, certificate in date)",
            ),
            Question::OrderSignature => ("signature de l'ordre", "signature of the order"),
            Question::OrderSigner => ("certificat du commandement", "certificate of the command key"),
            Question::Approvals => (
                "accord de deux personnes sur cet ordre",
                "two persons' approval of this order",
            ),
            Question::StatementSignature => (
                "signature de la déclaration par le terminal",
                "signature of the statement by the terminal",
            ),
            Question::StatementSigner => ("certificat du terminal", "certificate of the terminal"),
        };
        self.pick(fr, en)
    }

    pub(crate) const fn limit(self, limit: Limit) -> &'static str {
        let (fr, en) = match limit {
            Limit::Revocation => (
                "si un certificat avait été révoqué",
                "whether a certificate had been revoked",
            ),
            Limit::TerminalClock => (
                "l'heure exacte de signature : elle est déclarée par le terminal, la réception la borne",
                "the exact time of signing: the terminal states it, the receipt bounds it",
            ),
            Limit::NoReceipt => (
                "quand le centre a reçu la pièce : l'accusé de réception n'est pas joint",
                "when the headquarters received it: there is no receipt",
            ),
            Limit::SealedCopy => (
                "le contenu scellé de l'envoi, que seul le centre peut ouvrir",
                "the sealed content of the envelope, which only the headquarters open",
            ),
            Limit::Truth => (
                "si ce qui est écrit ou montré est vrai",
                "whether what is written or shown is true",
            ),
            Limit::NoStamp => (
                "l'horodatage : non vérifié, aucun jeton n'est joint",
                "the time-stamp: not checked, no token",
            ),
            Limit::DocumentUnsigned => (
                "le PDF ne porte pas lui-même de signature, l'acte le désigne",
                "the PDF carries no signature of its own; the record names it",
            ),
            Limit::KeyInFile => (
                "la clé de signature n'est pas protégée par un composant matériel",
                "the signing key is not protected by hardware",
            ),
            Limit::Formation => (
                "acte de FORMATION, sans valeur juridique",
                "TRAINING act, without legal value",
            ),
            Limit::OpenEnded => (
                "ce qui suivait peut-être : la caméra n'a pas signé la fin",
                "what may have followed: the camera did not sign the end",
            ),
            Limit::Pictures => (
                "l'image et le son : seule la structure du fichier est lue",
                "pictures and sound: only the structure of the file is read",
            ),
            Limit::LaterCustody => (
                "si d'autres mentions ont suivi la dernière jointe",
                "whether more was said after the last statement here",
            ),
            Limit::OtherSegments => (
                "les autres segments de l'enregistrement",
                "the other segments of the clip",
            ),
            Limit::UncoveredParts => (
                "le son, les réglages du décodeur, les textes et les temps du fichier : aucune signature de vidéo ne les couvre",
                "sound, parameters of the decoder, texts and times of the file: no signature inside a video covers them",
            ),
            Limit::BeganBefore => (
                "ce qui précédait : l'enregistrement a commencé avant ce fichier",
                "what came before: the recording began before this file",
            ),
            Limit::CameraClock => (
                "quand ce fut filmé : l'heure est celle que la caméra annonce, rien d'autre ne la borne",
                "when it was recorded: the time is the camera's claim, and nothing else bounds it",
            ),
            Limit::ClockUnset => (
                "quand ce fut filmé : heure non établie, l'horloge de la caméra n'était pas réglée",
                "when it was recorded: not established, the camera's clock was not set",
            ),
            Limit::ClockUnsteady => (
                "quand ce fut filmé : heure non établie, l'horloge de la caméra a reculé",
                "when it was recorded: not established, the camera's clock went back",
            ),
            Limit::ClaimOutsideValidity => (
                "quand ce fut filmé : heure non établie, un certificat n'était pas valide à l'heure annoncée",
                "when it was recorded: not established, a certificate was not valid at the claimed time",
            ),
            Limit::NoClock => (
                "quand ce fut filmé : la vidéo n'en dit rien",
                "when it was recorded: the video says nothing of it",
            ),
            Limit::BareKey => (
                "à qui est la clé : elle est jointe sans certificat",
                "whose the key is: it came without a certificate",
            ),
            Limit::Attestation => (
                "l'attestation du fabricant sur la clé, que seuls ses moyens permettent de vérifier",
                "the maker's attestation of the key, which only the maker's means can check",
            ),
            Limit::Algorithms => (
                "des signatures dont la clé, l'algorithme ou la version n'est pas connu ici",
                "signatures whose key, algorithm or version is not known here",
            ),
        };
        self.pick(fr, en)
    }

    pub(crate) fn fault(self, fault: &Fault) -> String {
        match self {
            Self::Fr => french(fault),
            Self::En => with_causes(fault),
        }
    }
}

fn french(fault: &Fault) -> String {
    let text = match fault {
        Fault::Unreadable { file } => return format!("`{file}` n'a pas la forme que son nom annonce"),
        Fault::UnknownVersion { file } => return format!("`{file}` est d'une version de format inconnue"),
        Fault::FileMissing { file } => return format!("`{file}` manque"),
        Fault::FileUnexpected { file } => return format!("`{file}` est de trop"),
        Fault::FileChanged { file } => {
            return format!("`{file}` ne correspond pas aux messages signés et aux fichiers");
        }
        Fault::SumDiffers { file } => return format!("`{file}` n'a pas la somme que SHA256SUMS indique"),
        Fault::Signature { file, .. } => return format!("la signature de `{file}` ne tient pas"),
        Fault::Certificate { file, source } => return format!("`{file}` : {}", french_chain(source)),
        Fault::IdleAuthority { file } => {
            return format!("`{file}` contient une autorité sans rapport avec les signataires");
        }
        Fault::SegmentChanged { index } => {
            return format!("le segment {index} n'est pas celui qui a été enregistré");
        }
        Fault::EnclosureChanged { file } => {
            return format!("`{file}` n'est pas le fichier que l'acte désigne");
        }
        Fault::Link(link) => french_link(*link),
        Fault::UnknownFile => "le fichier n'est ni un PDF ni une vidéo",
        Fault::Refused => "le centre a refusé l'acte",
        Fault::FootageNotReceived => "le centre n'a pas reçu l'enregistrement",
        Fault::ReceivedBeforeSigned => "le centre aurait reçu l'acte avant sa signature",
        Fault::StampRecord => "l'horodatage porte sur un autre acte",
        Fault::StampSignature => "la signature de l'horodatage ne tient pas",
        Fault::StampMoment => "l'horodatage n'est pas entre la signature et la réception",
        Fault::DocumentChanged => "le document n'est pas celui que l'acte désigne",
        Fault::DocumentExtended => "le document se poursuit après sa signature",
        Fault::DocumentTail => "ce qui suit le document n'en est pas une signature",
        Fault::DocumentSignature(_) => "la signature contenue dans le document ne tient pas",
        Fault::DocumentSigner => "le document est signé par un autre certificat que l'acte",
        Fault::ManifestInconsistent => "le manifeste se contredit",
        Fault::CameraEvents(_) => "ce que la caméra a signé d'elle-même ne tient pas",
        Fault::CameraChain(_) => "la chaîne de signatures de la caméra est rompue",
        Fault::Custody(_) => "une mention sur l'enregistrement ne suit pas la précédente",
        Fault::FootageChanged => "l'enregistrement n'est pas celui de la caméra",
        Fault::NotAVideo(_) => "l'enregistrement n'est pas un fichier MP4 entier",
        Fault::Approvals(_) => "l'ordre n'a pas l'accord de deux personnes reconnues",
        Fault::Video(damage) => return video::french(*damage),
        Fault::VideoTracks { tracks } => {
            return format!("le fichier a {tracks} pistes d'images, une seule est vérifiée");
        }
        Fault::VideoUnread(_) => "les images de la vidéo ne se lisent pas",
        Fault::VideoNotSigned => "la vidéo n'est pas signée : aucune signature de caméra n'y est contenue",
        Fault::VideoSigner(fault) => video::french_path(*fault),
        Fault::VideoSignerProfile => "le certificat joint n'est pas celui d'une caméra",
    };
    text.to_owned()
}

const fn french_chain(fault: &ChainFault) -> &'static str {
    match fault {
        ChainFault::BadSignature { .. } => "un certificat n'est pas signé par l'autorité qu'il nomme",
        ChainFault::UnknownIssuer { .. } => "aucune racine de confiance ne mène à ce certificat",
        ChainFault::TooLong => "la chaîne de certificats est trop longue",
        ChainFault::NotYetValid { .. } => "un certificat n'était pas encore valide",
        ChainFault::Expired { .. } => "un certificat avait expiré",
        ChainFault::WrongProfile { .. } => "un certificat n'est pas fait pour cet usage",
    }
}

const fn french_link(link: Link) -> &'static str {
    match link {
        Link::EnvelopeRecord => "l'envoi portait un autre acte",
        Link::EnvelopeDevice => "l'envoi vient d'un autre terminal que l'acte",
        Link::ReceiptEnvelope => "l'accusé est celui d'un autre envoi",
        Link::ReceiptRecord => "l'accusé est celui d'un autre acte",
        Link::ReceiptDevice => "l'accusé est adressé à un autre terminal",
        Link::ReceiptRoot => "l'accusé porte sur un autre enregistrement (racine de Merkle)",
        Link::RecordHolder => "le certificat du signataire n'est pas celui de l'auteur de l'acte",
        Link::EnvelopeHolder => "le certificat du terminal n'est pas celui de l'envoi",
        Link::ContentType => "le message signé n'est pas un acte",
        Link::Formation => "l'acte et le certificat ne s'accordent pas sur la mention FORMATION",
        Link::CameraCertificate => "le manifeste désigne un autre certificat de caméra",
        Link::CameraHolder => "le certificat est celui d'une autre caméra",
        Link::CameraChainFile => "le manifeste désigne une autre chaîne de caméra",
        Link::CameraChainEnd => "le manifeste et la chaîne ne s'accordent pas sur la fin signée",
        Link::CameraAssigned => "le manifeste et la caméra ne s'accordent pas sur son attribution",
        Link::CustodyHolder => "le certificat d'une mention n'est pas celui de son auteur",
        Link::CustodyAuthor => "une mention n'est pas de l'agent qui a pris l'enregistrement en charge",
        Link::StatementOrder => "la déclaration porte sur un autre ordre",
        Link::StatementDevice => "la déclaration n'est pas celle du terminal visé par l'ordre",
        Link::StatementCommand => "l'ordre ou la déclaration ne porte pas sur un effacement",
    }
}
