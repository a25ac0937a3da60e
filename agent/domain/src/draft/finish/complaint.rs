//! What stands around the account of a complaint: its kind, who is there, the facts, the danger, the evaluation.
//!
//! Nothing here turns a victim away: no document, no certificate and no competence is a condition (15-3 CPP).

use super::super::{Field, Reason};
use super::road::moment;
use super::{Form, Warning, lines, paragraphs};
use crate::officer::Quality;
use crate::place::Place;
use crate::plainte::{
    Companion, CompanionRole, Complainant, DangerGrid, Deposit, DepositKind, Discrimination, Domicile,
    Evaluation, Examination, Facts, Filed, FiledOnline, Filling, Injuries, LegalPerson, Loss, NotALoss,
    OnlineService, Period, ProsecutorTold, Receipt, Reception, Representative, Requisition, RequisitionFrame,
    Siren, SuspectLink, WithoutPlainte, protocol,
};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

impl Form<'_> {
    pub(super) fn deposit(&mut self) -> Deposit {
        let kind = self.maybe(Field::Deposit, Reason::NotAChoice, |code| {
            DepositKind::from_code(code).ok_or(())
        });
        let kind = kind.unwrap_or(DepositKind::Plainte);
        if !kind.is_kept_by(self.around.officer.matricule.corps()) {
            self.problem(Field::Deposit, Reason::OtherCorps);
        }
        match kind {
            DepositKind::Plainte => Deposit::Plainte,
            DepositKind::MainCourante => Deposit::MainCourante(self.without_plainte()),
            DepositKind::RenseignementJudiciaire => Deposit::RenseignementJudiciaire(self.without_plainte()),
        }
    }

    /// Without a complaint, an offence or violence is justified: the victim's refusal, the grid, the prosecutor.
    fn without_plainte(&mut self) -> WithoutPlainte {
        let violent = self.is_violent();
        let named = self.typed(Field::Offences).is_some();
        let refusal = self.typed(Field::Refusal).map(Sensitive::from);
        if (violent || named) && refusal.is_none() {
            self.problem(Field::Refusal, Reason::RefusalMissing);
        }
        let told = self.moment_of(Field::ProsecutorTold);
        let magistrate = self.typed(Field::ToldMagistrate);
        let violence = told.zip(magistrate).map(|(at, magistrate)| ProsecutorTold {
            at,
            magistrate: magistrate.to_owned(),
        });
        if violent && violence.is_none() {
            self.problem(Field::ProsecutorTold, Reason::ProsecutorUntold);
        }
        if violent && self.is_of_a_couple() && self.filling().is_some_and(|grid| grid.open().next().is_some())
        {
            self.problem(Field::Grid, Reason::GridOpen);
        }
        WithoutPlainte { refusal, violence }
    }

    /// What the victim filed before: a pre-complaint is read again with them, the rest is a complaint already.
    pub(super) fn filed_online(&mut self) -> Option<FiledOnline> {
        let filed = self.maybe(Field::FiledOnline, Reason::NotAChoice, |code| {
            Filed::from_code(code).ok_or(())
        })?;
        let number = self.needed(Field::FiledNumber);
        if filed == Filed::PreComplaint && !self.said_yes(Field::FiledReread) {
            self.problem(Field::FiledReread, Reason::NotReread);
        }
        Some(FiledOnline {
            filed,
            number: number?.to_owned(),
        })
    }

    /// The services that the victim is directed to; a complaint by video is never for a sexual offence (15-3-1-1 CPP).
    pub(super) fn directed(&mut self) -> Vec<OnlineService> {
        let codes = self.typed(Field::Directed).unwrap_or_default();
        let mut directed = Vec::new();
        for code in codes.split_whitespace() {
            match OnlineService::from_code(code) {
                Some(OnlineService::Visioplainte) if self.said_yes(Field::SexualOffence) => {
                    self.problem(Field::Directed, Reason::InPersonDue);
                }
                Some(service) => directed.push(service),
                None => self.problem(Field::Directed, Reason::NotAChoice),
            }
        }
        directed.sort_unstable();
        directed.dedup();
        directed
    }

    pub(super) fn reception(&mut self) -> Reception {
        let complainant = self.complainant();
        let mut companions = Vec::new();
        for line in self.lines_of(Field::Companions) {
            match Companion::parse(&line) {
                Ok(companion) => companions.push(companion),
                Err(_) => self.problem(Field::Companions, Reason::NotACompanion),
            }
        }
        let domicile = self.domicile();
        let filmed_by = self.typed(Field::FilmedBy).map(str::to_owned);
        if self.victim_is_minor() && self.said_yes(Field::SexualOffence) && filmed_by.is_none() {
            self.problem(Field::FilmedBy, Reason::FilmedHearingDue);
        }
        Reception {
            host: self.typed(Field::Host).map(Sensitive::from),
            confidential: self.yes_or_no(Field::Confidential),
            complainant: complainant.unwrap_or_default(),
            companions,
            interpreter: self.interpreter(),
            lawyer: self
                .typed(Field::LawyerWords)
                .map(paragraphs)
                .unwrap_or_default()
                .into_iter()
                .map(Sensitive::new)
                .collect(),
            domicile,
            electronic: self.yes_or_no(Field::Electronic),
            mandate: self.typed(Field::Mandate).map(str::to_owned),
            filmed_by,
        }
    }

    fn complainant(&mut self) -> Option<Complainant> {
        match self.typed(Field::Complainant) {
            None | Some("VICTIME") => Some(Complainant::Victim),
            Some("REPRESENTANT") => {
                let name = self.needed(Field::ComplainantName);
                let quality = self.needed(Field::ComplainantQuality);
                Some(Complainant::Representative(Representative {
                    name: name?.into(),
                    quality: quality?.to_owned(),
                }))
            }
            Some("PERSONNE-MORALE") => {
                let name = self.needed(Field::ComplainantName);
                let quality = self.needed(Field::ComplainantQuality);
                let siren = self.read(Field::Siren, Reason::NotASiren, Siren::parse);
                Some(Complainant::LegalPerson(LegalPerson {
                    name: name?.to_owned(),
                    siren: siren?,
                    quality: quality?.to_owned(),
                }))
            }
            Some(_) => {
                self.problem(Field::Complainant, Reason::NotAChoice);
                None
            }
        }
    }

    fn domicile(&mut self) -> Domicile {
        match self.typed(Field::Domicile) {
            None | Some("PERSONNELLE") => Domicile::Own,
            Some("PROFESSIONNELLE") => Domicile::Professional,
            Some("TIERS") => match self.typed(Field::DomicileConsent) {
                Some(name) => Domicile::ThirdParty(name.into()),
                None => {
                    self.problem(Field::DomicileConsent, Reason::ConsentMissing);
                    Domicile::Own
                }
            },
            Some(_) => {
                self.problem(Field::Domicile, Reason::NotAChoice);
                Domicile::Own
            }
        }
    }

    pub(super) fn facts(&mut self) -> Facts {
        let losses = self.losses();
        Facts {
            period: self.period(),
            modus: self.typed(Field::Modus).map(str::to_owned),
            weapon: self.typed(Field::Weapon).map(str::to_owned),
            discrimination: self.maybe(Field::Discrimination, Reason::NotAChoice, |code| {
                Discrimination::from_code(code).ok_or(())
            }),
            link: self.maybe(Field::SuspectLink, Reason::NotAChoice, |code| {
                SuspectLink::from_code(code).ok_or(())
            }),
            witnesses: self
                .lines_of(Field::Witnesses)
                .into_iter()
                .map(Sensitive::new)
                .collect(),
            losses,
            vehicle: self.plate(),
            injuries: self.injuries(),
            violence: self.yes_or_no(Field::Violence),
            sexual: self.yes_or_no(Field::SexualOffence),
            place: self.maybe(Field::FactsPlace, Reason::NotAPlace, Place::parse),
        }
    }

    fn period(&mut self) -> Option<Period> {
        let to = self.moment_of(Field::FactsTo);
        let from = self.moment_of(Field::FactsFrom)?;
        if to.is_some_and(|to| to < from) {
            self.problem(Field::FactsTo, Reason::EndsBeforeItBegins);
        }
        if from > self.now.utc {
            self.problem(Field::FactsFrom, Reason::InTheFuture);
        }
        Some(Period { from, to })
    }

    fn losses(&mut self) -> Vec<Loss> {
        let mut losses = Vec::new();
        for line in self.lines_of(Field::Losses) {
            match Loss::parse(&line) {
                Ok(loss) => losses.push(loss),
                Err(NotALoss::Imei) => self.problem(Field::Losses, Reason::ImeiRefuted),
                Err(NotALoss::Parts | NotALoss::Empty | NotALoss::Value) => {
                    self.problem(Field::Losses, Reason::NotALoss);
                }
            }
        }
        losses
    }

    fn injuries(&mut self) -> Option<Injuries> {
        let itt_days = self.maybe(Field::Itt, Reason::NotANumber, str::parse::<u16>);
        let examination = self.examination();
        let told = self.typed(Field::Injuries)?;
        Some(Injuries {
            told: told.into(),
            itt_days,
            examination,
        })
    }

    fn examination(&mut self) -> Examination {
        match self.typed(Field::Examination) {
            None | Some("SANS") => Examination::NotAsked,
            Some("REQUIS") => {
                let authority = self.needed(Field::ExaminationAuthority);
                let at = self.moment_of(Field::ExaminationMoment);
                if at.is_none() {
                    self.problem(Field::ExaminationMoment, Reason::Missing);
                }
                let frame = self.maybe(Field::ExaminationFrame, Reason::NotAChoice, |code| {
                    RequisitionFrame::from_code(code).ok_or(())
                });
                let author = &self.around.officer;
                let opj = match author.quality {
                    Quality::Opj => Some(author.matricule.clone()),
                    Quality::Apj
                    | Quality::Apja
                    | Quality::ApjaReserviste
                    | Quality::ApjaPolicierAdjoint
                    | Quality::ApjaPoliceMunicipale => self.around.service.opj.clone(),
                };
                if frame == Some(RequisitionFrame::Flagrance) && opj.is_none() {
                    self.problem(Field::ExaminationFrame, Reason::OpjMissing);
                }
                let unit = self.typed(Field::ExaminationUnit).map(str::to_owned);
                let mission = self.typed(Field::ExaminationMission).map(paragraphs);
                authority
                    .zip(at)
                    .map_or(Examination::NotAsked, |(authority, at)| {
                        Examination::Required(Requisition {
                            authority: authority.to_owned(),
                            at,
                            frame,
                            unit,
                            opj,
                            mission: mission.unwrap_or_default(),
                        })
                    })
            }
            Some("REFUSE") => match self.needed(Field::ExaminationRefusal) {
                Some(words) => Examination::Refused(words.into()),
                None => Examination::NotAsked,
            },
            Some(_) => {
                self.problem(Field::Examination, Reason::NotAChoice);
                Examination::NotAsked
            }
        }
    }

    pub(super) fn evaluation(&self) -> Evaluation {
        let words = |field| self.typed(field).map(Sensitive::from);
        Evaluation {
            harm: words(Field::Harm),
            circumstances: words(Field::HarmCircumstances),
            vulnerability: words(Field::Vulnerability),
            reprisals: words(Field::Reprisals),
            measures: words(Field::Measures),
        }
    }

    /// The grid, where its last question was asked or a danger is plain already.
    pub(super) fn danger(&mut self) -> Option<DangerGrid> {
        let filling = self
            .maybe(Field::Grid, Reason::NotAGrid, Filling::parse)
            .unwrap_or_default();
        DangerGrid::of(filling, self.said_yes(Field::GridRaised))
    }

    /// What became of the tasks of the protocol; nothing of it is a condition.
    pub(super) fn protocol(&mut self) -> Vec<protocol::Answered> {
        self.maybe(Field::Protocol, Reason::NotAProtocol, protocol::parse)
            .unwrap_or_default()
    }

    /// What good practice asks for in a complaint, and what never stops it.
    pub(super) fn plainte_warnings(&self) -> Vec<Warning> {
        if self.draft.kind != ActKind::Plainte {
            return Vec::new();
        }
        let companions: Vec<Companion> = self
            .lines_of(Field::Companions)
            .iter()
            .filter_map(|line| Companion::parse(line).ok())
            .collect();
        let has = |role| companions.iter().any(|one| one.role == role);
        let link = self.typed(Field::SuspectLink).and_then(SuspectLink::from_code);
        let minor = self.victim_is_minor();
        let represented = self.typed(Field::Complainant) == Some("REPRESENTANT")
            || has(CompanionRole::LegalRepresentative)
            || has(CompanionRole::AdHocAdministrator);
        let examined = matches!(self.typed(Field::Examination), Some("REQUIS" | "REFUSE"));
        let filling = self.filling();
        let couple = self.is_violent() && self.is_of_a_couple();
        let danger = self.said_yes(Field::GridRaised) || filling.is_some_and(Filling::is_danger);
        let answered = protocol::parse(self.typed(Field::Protocol).unwrap_or_default());
        let tasks_open = answered.is_ok_and(|answered| protocol::open(&answered).next().is_some());
        let filed = self.typed(Field::FiledOnline).and_then(Filed::from_code);
        let open = filling.is_none_or(|filling| filling.open().next().is_some());
        [
            (minor && !represented, Warning::RepresentativeMissing),
            (
                minor && link == Some(SuspectLink::Family) && !has(CompanionRole::AdHocAdministrator),
                Warning::AdHocDue,
            ),
            (
                self.typed(Field::Confidential) == Some("non"),
                Warning::NotConfidential,
            ),
            (
                self.typed(Field::Injuries).is_some() && !examined,
                Warning::ExaminationOpen,
            ),
            (self.evaluation().is_empty(), Warning::EvaluationOpen),
            (danger, Warning::DangerInGrid),
            (couple && open, Warning::GridOpen),
            (danger && tasks_open, Warning::ProtocolOpen),
            (
                self.asks_for_discretion() && self.typed(Field::HandReceipt).is_none(),
                Warning::ReceiptNeutral,
            ),
            (
                self.asks_for_discretion() && self.typed(Field::HandReceipt) == Some(Receipt::Plain.code()),
                Warning::ReceiptNamesComplaint,
            ),
            (filed.is_some_and(Filed::is_a_complaint), Warning::AlreadyFiled),
            (
                self.asks_for_discretion() && self.typed(Field::ContactChannel).is_none(),
                Warning::ContactOpen,
            ),
        ]
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
        .collect()
    }

    fn filling(&self) -> Option<Filling> {
        Filling::parse(self.typed(Field::Grid).unwrap_or_default()).ok()
    }

    fn said_yes(&self, field: Field) -> bool {
        self.typed(field) == Some("oui")
    }

    fn is_violent(&self) -> bool {
        self.said_yes(Field::Violence) || self.said_yes(Field::SexualOffence)
    }

    fn is_of_a_couple(&self) -> bool {
        let link = self.typed(Field::SuspectLink).and_then(SuspectLink::from_code);
        link.is_some_and(SuspectLink::is_of_a_couple)
    }

    /// Violence in a couple is told, a danger grid is begun, or the victim's address is somebody else's.
    pub(super) fn asks_for_discretion(&self) -> bool {
        (self.is_violent() && self.is_of_a_couple())
            || self.typed(Field::Grid).is_some()
            || self.said_yes(Field::GridRaised)
            || self.typed(Field::Domicile) == Some("TIERS")
            || self.typed(Field::ContactChannel).is_some()
    }

    fn victim_is_minor(&self) -> bool {
        let victim = self.draft.person(self.now);
        self.age(victim.as_ref()).is_some_and(|age| age < 18)
    }

    fn moment_of(&mut self, field: Field) -> Option<UnixMs> {
        let now = self.now;
        self.maybe(field, Reason::NotADate, |text| moment(text, &now).ok_or(()))
    }

    fn lines_of(&self, field: Field) -> Vec<String> {
        self.typed(field).map(lines).unwrap_or_default()
    }
}
