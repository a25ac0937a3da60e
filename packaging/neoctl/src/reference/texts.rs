//! Formulas and prepared drafts of a unit, as a file that somebody writes: TOML in, the parts of a reference set out.
//!
//! ```toml
//! unit = "Commissariat de Saint-Denis"
//!
//! [[template]]
//! title = "Tapage sur la voie publique"
//! act = "pv"
//! [template.fields]
//! pv-kind = "CONSTATATIONS"
//! account = "Sommes requis pour un tapage …"
//!
//! [[formula]]
//! kinds = ["CONSTATATIONS"]
//! title = "Avis OPJ"
//! text = "Rendons compte à l'officier de police judiciaire, qui nous prescrit …"
//! ```

use std::collections::BTreeMap;

use domain::draft::{Field, MAX_FIELD};
use domain::formula::{Formula, Prefilled, Template};
use domain::natinf::Reference;
use domain::pv::PvKind;
use domain::record::ActKind;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest title, in characters: one line of the terminal's list.
const MAX_TITLE: usize = 80;
/// The most formulas or templates of one file.
const MAX_TEXTS: usize = 500;

/// Why a file of texts changes nothing.
#[derive(Debug, Error)]
pub(crate) enum TextsError {
    #[error("it is longer than 4 MiB")]
    File,
    #[error("it is not UTF-8; save it as UTF-8")]
    Charset,
    #[error("it is not TOML as `neoctl reference texts show` prints it")]
    Shape(#[source] toml::de::Error),
    #[error(
        "`{title}`: `{act}` is not an act that officers draw up; write pv, pve, afd, plainte, controle or note"
    )]
    Act { title: String, act: String },
    #[error("`{title}`: `{kind}` is not a kind of PV; write one of {known}")]
    Kind {
        title: String,
        kind: String,
        known: String,
    },
    #[error("`{title}`: `{field}` is not a field of any form; `neoctl reference texts fields` lists them")]
    Field { title: String, field: String },
    #[error("`{title}`: `{field}` holds more than {MAX_FIELD} bytes")]
    TooLong { title: String, field: String },
    #[error("a title takes 1 to {MAX_TITLE} characters on one line; `{title}` does not")]
    Title { title: String },
    #[error("`{title}` is there twice; give each text a title of its own")]
    Twice { title: String },
    #[error("it holds more than {MAX_TEXTS} texts of one sort")]
    TooMany,
    #[error("formulas are for every unit; take `unit` out, or put the formulas into a file without it")]
    FormulasOfAUnit,
}

/// The file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    /// Whose templates these are; absent for templates of every unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[serde(default, rename = "formula", skip_serializing_if = "Vec::is_empty")]
    formulas: Vec<FormulaText>,
    #[serde(default, rename = "template", skip_serializing_if = "Vec::is_empty")]
    templates: Vec<TemplateText>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormulaText {
    title: String,
    text: String,
    /// The kinds of PV that it belongs to; empty for every act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateText {
    title: String,
    act: String,
    fields: BTreeMap<String, String>,
}

/// What a file put into a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) unit: Option<String>,
    pub(crate) formulas: usize,
    pub(crate) templates: usize,
}

impl Texts {
    pub(crate) fn parse(text: &str) -> Result<Self, TextsError> {
        toml::from_str(text).map_err(TextsError::Shape)
    }

    /// What `reference` holds for `unit`, as the file that would put it there.
    pub(crate) fn of(reference: &Reference, unit: Option<&str>) -> Self {
        let own = |template: &&Template| template.unit.as_deref() == unit;
        let formulas = reference.formulas.iter().filter(|_| unit.is_none());
        Self {
            unit: unit.map(str::to_owned),
            formulas: formulas.map(FormulaText::from).collect(),
            templates: reference
                .templates
                .iter()
                .filter(own)
                .map(TemplateText::from)
                .collect(),
        }
    }

    pub(crate) fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("names and texts are strings")
    }

    /// Puts them in the place of what `reference` holds for the same unit; the rest stays as it is.
    pub(crate) fn replace(self, reference: &mut Reference) -> Result<Replaced, TextsError> {
        if self.formulas.len() > MAX_TEXTS || self.templates.len() > MAX_TEXTS {
            return Err(TextsError::TooMany);
        }
        let unit = self.unit;
        let formulas = self
            .formulas
            .into_iter()
            .map(formula)
            .collect::<Result<Vec<_>, _>>()?;
        if unit.is_some() && !formulas.is_empty() {
            return Err(TextsError::FormulasOfAUnit);
        }
        let own = |text| template(text, unit.clone());
        let templates = self
            .templates
            .into_iter()
            .map(own)
            .collect::<Result<Vec<_>, _>>()?;
        distinct(formulas.iter().map(|formula| formula.title.as_str()))?;
        distinct(templates.iter().map(|template| template.title.as_str()))?;
        let counts = (formulas.len(), templates.len());
        if unit.is_none() {
            reference.formulas = formulas;
        }
        reference.templates.retain(|template| template.unit != unit);
        reference.templates.extend(templates);
        Ok(Replaced {
            unit,
            formulas: counts.0,
            templates: counts.1,
        })
    }
}

impl From<&Formula> for FormulaText {
    fn from(formula: &Formula) -> Self {
        Self {
            title: formula.title.clone(),
            text: formula.text.clone(),
            kinds: formula.kinds.iter().map(|kind| kind.code().to_owned()).collect(),
        }
    }
}

impl From<&Template> for TemplateText {
    fn from(template: &Template) -> Self {
        let fields = template.fields.iter();
        Self {
            title: template.title.clone(),
            act: template.act.code().to_owned(),
            fields: fields
                .map(|prefilled| (prefilled.field.code().to_owned(), prefilled.text.clone()))
                .collect(),
        }
    }
}

fn formula(text: FormulaText) -> Result<Formula, TextsError> {
    let title = title(text.title)?;
    if text.text.len() > MAX_FIELD {
        let field = "text".to_owned();
        return Err(TextsError::TooLong { title, field });
    }
    let kind = |kind: String| {
        PvKind::from_code(&kind).ok_or_else(|| TextsError::Kind {
            title: title.clone(),
            kind,
            known: PvKind::ALL.map(PvKind::code).join(", "),
        })
    };
    let kinds = text.kinds.into_iter().map(kind).collect::<Result<_, _>>()?;
    Ok(Formula {
        kinds,
        title,
        text: text.text,
    })
}

fn template(text: TemplateText, unit: Option<String>) -> Result<Template, TextsError> {
    let title = title(text.title)?;
    let act = ActKind::from_code(&text.act).filter(|act| *act != ActKind::Footage);
    let Some(act) = act else {
        return Err(TextsError::Act { title, act: text.act });
    };
    let prefilled = |(field, text): (String, String)| {
        let title = title.clone();
        if text.len() > MAX_FIELD {
            return Err(TextsError::TooLong { title, field });
        }
        match Field::from_code(&field) {
            Some(field) => Ok(Prefilled { field, text }),
            None => Err(TextsError::Field { title, field }),
        }
    };
    let fields = text.fields.into_iter().map(prefilled).collect::<Result<_, _>>()?;
    Ok(Template {
        unit,
        title,
        act,
        fields,
    })
}

fn title(title: String) -> Result<String, TextsError> {
    let length = title.chars().count();
    let one_line = !title.chars().any(char::is_control) && title.trim() == title;
    if (1..=MAX_TITLE).contains(&length) && one_line {
        Ok(title)
    } else {
        Err(TextsError::Title { title })
    }
}

fn distinct<'a>(titles: impl Iterator<Item = &'a str>) -> Result<(), TextsError> {
    let mut titles: Vec<&str> = titles.collect();
    titles.sort_unstable();
    match titles.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(TextsError::Twice {
            title: pair[0].to_owned(),
        }),
        None => Ok(()),
    }
}
