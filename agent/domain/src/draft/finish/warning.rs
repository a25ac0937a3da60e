//! What an officer should know before signing, and what never stops the signature.

use minicbor::{Decode, Encode};

use super::{Form, Surroundings};
use crate::draft::{Draft, Field};
use crate::pv::Link;
use crate::time::Timestamp;

/// Something that the law or good practice frowns upon, without making the act void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Warning {
    /// A relative, a child or a neighbour interprets.
    #[n(0)]
    InterpreterIsClose,
    /// The commune lies outside the departments in which the officer's service is competent.
    #[n(1)]
    OutsideCompetence,
    /// The person is held longer than the law allows; the act says it.
    #[n(20)]
    RetentionTooLong,
    /// The wall clock was set while the person was held: the hours typed may not be those that passed.
    #[n(21)]
    ClockSet,
    /// The check is elsewhere than the réquisition's places.
    #[n(22)]
    OutsideRequisition,
    /// Nothing says whether the check is in the réquisition's places.
    #[n(23)]
    PlaceUnknown,
    /// Nobody has confirmed on the official text what is known of the basis.
    #[n(24)]
    BasisUnverified,
    /// The time that the text allows is nearly over.
    #[n(26)]
    LimitNears,
    /// The time that the text allows is over; the act says when it began.
    #[n(27)]
    LimitOver,
    /// A minor is heard with nobody who represents them beside them (706-53 CPP).
    #[n(40)]
    RepresentativeMissing,
    /// The suspect is of the minor's family: an ad hoc administrator is asked for, and no copy goes to the parent (706-50 CPP).
    #[n(41)]
    AdHocDue,
    /// Somebody may hear the account who should not.
    #[n(42)]
    NotConfidential,
    /// Somebody is hurt, and no examination was asked for or refused.
    #[n(43)]
    ExaminationOpen,
    /// The evaluation of 10-5 CPP is not written yet.
    #[n(44)]
    EvaluationOpen,
    /// The danger grid says that there is a danger.
    #[n(45)]
    DangerInGrid,
    /// Violence in a couple is told, and questions of the danger grid are open.
    #[n(46)]
    GridOpen,
    /// There is danger, and tasks of the protocol have no answer.
    #[n(47)]
    ProtocolOpen,
    /// Nobody chose, and somebody may find the récépissé: it has a neutral title.
    #[n(50)]
    ReceiptNeutral,
    /// The récépissé names the complaint, and somebody may find it.
    #[n(51)]
    ReceiptNamesComplaint,
    /// There is a complaint already: what is written here completes it.
    #[n(60)]
    AlreadyFiled,
    /// Somebody at home may take the call, and nobody asked how the victim is reached.
    #[n(61)]
    ContactOpen,
    /// The rights of custody were not told at once, and nothing says why (63-1 CPP).
    #[n(62)]
    NoticeLate,
    /// The éthylomètre was not verified within the year.
    #[n(63)]
    DeviceOutOfDate,
}

impl Draft {
    /// Everything to know about the draft as it stands.
    pub fn warnings(&self, around: Surroundings<'_>, now: Timestamp) -> Vec<Warning> {
        let form = Form::of(self, around, now);
        let link = form.typed(Field::InterpreterLink).and_then(Link::from_code);
        let close = link.is_some_and(|link| link != Link::None) && form.typed(Field::Interpreter).is_some();
        let departments = &around.officer.departments;
        let outside = form.typed(Field::Commune).is_some_and(|commune| {
            !departments.is_empty() && !departments.iter().any(|code| commune.starts_with(code.as_str()))
        });
        let (too_long, set) = form.retention_warnings();
        let (late, out_of_date) = form.measure_warnings();
        let of_basis = form.basis_warnings();
        let mut warnings: Vec<Warning> = [
            (too_long, Warning::RetentionTooLong),
            (set, Warning::ClockSet),
            (close, Warning::InterpreterIsClose),
            (outside, Warning::OutsideCompetence),
            (late, Warning::NoticeLate),
            (out_of_date, Warning::DeviceOutOfDate),
        ]
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
        .collect();
        warnings.extend(of_basis);
        warnings.extend(form.plainte_warnings());
        warnings
    }
}
