//! The legal frame of an act: which text allows it, to whom, and which formula the act must carry.

use minicbor::{Decode, Encode};

use crate::officer::{Matricule, Quality};

/// The text under which an identity is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CheckBasis {
    /// 78-2 al. 2 CPP: has committed or attempted an offence.
    #[n(0)]
    Ci2,
    /// 78-2 al. 3: prepares a crime or délit.
    #[n(1)]
    Ci3,
    /// 78-2 al. 4: may give useful information on a crime or délit.
    #[n(2)]
    Ci4,
    /// 78-2 al. 5: has breached obligations or measures.
    #[n(3)]
    Ci5,
    /// 78-2 al. 6: sought by order of a judicial authority.
    #[n(4)]
    Ci6,
    /// 78-2 al. 7: written réquisitions of the prosecutor.
    #[n(5)]
    Ci7,
    /// 78-2 al. 8: to prevent a breach of public order.
    #[n(6)]
    Ci8,
    /// R.233-1 Code de la route: roadside documents.
    #[n(7)]
    Route,
    /// 78-6 CPP: statement of identity by an APJA, to report a contravention.
    #[n(8)]
    Releve,
}

/// Why a basis cannot carry this check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisRefusal {
    /// The officer's quality has no power under this text.
    QualityNotEmpowered,
    /// An APJ or APJA acts "sur l'ordre et sous la responsabilité" of an OPJ, who must be named.
    OpjMissing,
    /// Objective grounds must be written: a mere formula is void.
    GroundsMissing,
    /// 78-2 al. 7 needs the réquisition's reference.
    RequisitionMissing,
}

impl CheckBasis {
    pub const ALL: [Self; 9] = [
        Self::Ci2,
        Self::Ci3,
        Self::Ci4,
        Self::Ci5,
        Self::Ci6,
        Self::Ci7,
        Self::Ci8,
        Self::Route,
        Self::Releve,
    ];

    /// The short code that forms and drafts keep.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ci2 => "CI-2",
            Self::Ci3 => "CI-3",
            Self::Ci4 => "CI-4",
            Self::Ci5 => "CI-5",
            Self::Ci6 => "CI-6",
            Self::Ci7 => "CI-7",
            Self::Ci8 => "CI-8",
            Self::Route => "ROUTE",
            Self::Releve => "RELEVE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }

    /// The article as an act cites it.
    pub const fn citation(self) -> &'static str {
        match self {
            Self::Ci2 => "article 78-2 alinéa 2 du Code de procédure pénale",
            Self::Ci3 => "article 78-2 alinéa 3 du Code de procédure pénale",
            Self::Ci4 => "article 78-2 alinéa 4 du Code de procédure pénale",
            Self::Ci5 => "article 78-2 alinéa 5 du Code de procédure pénale",
            Self::Ci6 => "article 78-2 alinéa 6 du Code de procédure pénale",
            Self::Ci7 => "article 78-2 alinéa 7 du Code de procédure pénale",
            Self::Ci8 => "article 78-2 alinéa 8 du Code de procédure pénale",
            Self::Route => "article R.233-1 du Code de la route",
            Self::Releve => "article 78-6 du Code de procédure pénale",
        }
    }

    /// Whether an officer of `quality` may check under this text (78-2: articles 20 and 21, 1°; the other APJA
    /// have 78-6 only).
    pub const fn empowers(self, quality: Quality) -> bool {
        match self {
            Self::Releve => !matches!(quality, Quality::Opj | Quality::Apj),
            Self::Route => true,
            Self::Ci2 | Self::Ci3 | Self::Ci4 | Self::Ci5 | Self::Ci6 | Self::Ci7 | Self::Ci8 => {
                matches!(quality, Quality::Opj | Quality::Apj | Quality::Apja)
            }
        }
    }

    /// Whether the act must name the OPJ on whose order it is done, at pain of nullity.
    pub const fn needs_opj(self, quality: Quality) -> bool {
        match self {
            Self::Route | Self::Releve => false,
            Self::Ci2 | Self::Ci3 | Self::Ci4 | Self::Ci5 | Self::Ci6 | Self::Ci7 | Self::Ci8 => {
                !matches!(quality, Quality::Opj)
            }
        }
    }

    const fn needs_grounds(self) -> bool {
        !matches!(self, Self::Route | Self::Releve)
    }

    /// The frame of a check, complete and allowed, or every reason why not.
    pub fn frame(
        self,
        quality: Quality,
        opj: Option<Matricule>,
        grounds: &str,
        requisition: Option<String>,
    ) -> Result<CheckFrame, Vec<BasisRefusal>> {
        let mut refusals = Vec::new();
        if !self.empowers(quality) {
            refusals.push(BasisRefusal::QualityNotEmpowered);
        }
        if self.needs_opj(quality) && opj.is_none() {
            refusals.push(BasisRefusal::OpjMissing);
        }
        let grounds = grounds.trim();
        if self.needs_grounds() && grounds.chars().count() < 10 {
            refusals.push(BasisRefusal::GroundsMissing);
        }
        if matches!(self, Self::Ci7) && requisition.is_none() {
            refusals.push(BasisRefusal::RequisitionMissing);
        }
        if refusals.is_empty() {
            let on_order_of = if self.needs_opj(quality) { opj } else { None };
            Ok(CheckFrame {
                basis: self,
                on_order_of,
                grounds: grounds.to_owned(),
                requisition,
            })
        } else {
            Err(refusals)
        }
    }
}

/// A basis with everything its text asks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CheckFrame {
    #[n(0)]
    pub basis: CheckBasis,
    /// The OPJ "sur l'ordre et sous la responsabilité" of whom an APJ or APJA acts.
    #[n(1)]
    pub on_order_of: Option<Matricule>,
    /// The objective circumstances, in the officer's words.
    #[n(2)]
    pub grounds: String,
    #[n(3)]
    pub requisition: Option<String>,
}

/// The frame of a general PV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PvFrame {
    /// Articles 53 and following CPP.
    #[n(0)]
    Flagrance,
    /// Articles 75 and following CPP.
    #[n(1)]
    Preliminaire,
    /// Administrative police, without a judicial frame.
    #[n(2)]
    Administratif,
}

impl PvFrame {
    pub const ALL: [Self; 3] = [Self::Flagrance, Self::Preliminaire, Self::Administratif];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Flagrance => "FLAGRANCE",
            Self::Preliminaire => "PRELIMINAIRE",
            Self::Administratif => "ADMINISTRATIF",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|frame| frame.code() == code)
    }

    pub const fn citation(self) -> &'static str {
        match self {
            Self::Flagrance => "articles 53 et suivants du Code de procédure pénale",
            Self::Preliminaire => "articles 75 et suivants du Code de procédure pénale",
            Self::Administratif => "cadre administratif",
        }
    }
}

/// The frame in which a file is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum QueryFrame {
    #[n(0)]
    Check(#[n(0)] CheckBasis),
    #[n(1)]
    Procedure(#[n(0)] PvFrame),
}

impl QueryFrame {
    /// Whether it is of judicial police: an offence, one that is prepared, an order or a réquisition of a magistrate.
    pub const fn is_judicial(self) -> bool {
        match self {
            Self::Check(basis) => match basis {
                CheckBasis::Ci2
                | CheckBasis::Ci3
                | CheckBasis::Ci4
                | CheckBasis::Ci5
                | CheckBasis::Ci6
                | CheckBasis::Ci7 => true,
                CheckBasis::Ci8 | CheckBasis::Route | CheckBasis::Releve => false,
            },
            Self::Procedure(frame) => match frame {
                PvFrame::Flagrance | PvFrame::Preliminaire => true,
                PvFrame::Administratif => false,
            },
        }
    }

    /// The short code that forms and drafts keep.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Check(basis) => basis.code(),
            Self::Procedure(frame) => frame.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officer::Corps;

    #[test]
    fn cpp_78_2_an_apj_check_without_the_opj_formula_is_refused() {
        let refusal = CheckBasis::Ci2.frame(Quality::Apj, None, "sort en courant du magasin", None);
        assert_eq!(refusal, Err(vec![BasisRefusal::OpjMissing]));
        let opj = Matricule::parse(Corps::PoliceNationale, "7654321").unwrap();
        let frame = CheckBasis::Ci2.frame(
            Quality::Apj,
            Some(opj.clone()),
            "sort en courant du magasin",
            None,
        );
        assert_eq!(frame.unwrap().on_order_of, Some(opj));
    }

    #[test]
    fn cpp_78_2_a_policier_adjoint_has_no_power_and_78_6_remains() {
        let refusal = CheckBasis::Ci8
            .frame(Quality::ApjaPolicierAdjoint, None, "", None)
            .unwrap_err();
        assert!(refusal.contains(&BasisRefusal::QualityNotEmpowered));
        assert!(
            CheckBasis::Releve
                .frame(Quality::ApjaPolicierAdjoint, None, "", None)
                .is_ok()
        );
    }

    #[test]
    fn cpp_78_2_al_7_needs_the_requisition_and_al_8_needs_written_grounds() {
        let refusal = CheckBasis::Ci7.frame(Quality::Opj, None, "zone et créneau requis", None);
        assert_eq!(refusal, Err(vec![BasisRefusal::RequisitionMissing]));
        let refusal = CheckBasis::Ci8.frame(Quality::Opj, None, "prévention", None);
        assert!(refusal.is_ok());
        assert_eq!(
            CheckBasis::Ci8.frame(Quality::Opj, None, "  ", None),
            Err(vec![BasisRefusal::GroundsMissing])
        );
    }
}
