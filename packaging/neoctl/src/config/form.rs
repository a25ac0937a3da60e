//! A profile as a file that somebody writes: TOML in, settings out, and where the file has a fault the line of it.

use std::ops::Range;

use domain::footage::leaving::{BatteryFloor, LeavingPolicy, UploadRate};
use domain::identity::CivilDate;
use domain::profile::{
    CodeMinutes, IdleSeconds, LegalText, NotASetting, PersonsPolicy, ProfileName, Settings,
};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use toml::Spanned;
use toml::value::Datetime;

/// Why a file is no profile.
#[derive(Debug, Error)]
pub(crate) enum FormError {
    #[error("it is longer than 64 KiB")]
    Long,
    #[error("it is not UTF-8; save it as UTF-8")]
    Charset,
    #[error("line {line}: {what}; `neoctl config template` shows the whole form")]
    Shape { line: usize, what: String },
    #[error("line {line}: `{text}` is no value of `{setting}`")]
    Value {
        line: usize,
        setting: &'static str,
        text: String,
        #[source]
        source: NotASetting,
    },
    #[error("line {line}: `{text}` is no day; write it as 2027-03-31, without quotes")]
    Day { line: usize, text: String },
}

/// The file; every setting is there, so that nothing is set without being said. What a law has to allow is off where it is
/// absent, and how footage leaves is the program's own way where its table is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: Spanned<String>,
    idle_lock_seconds: Spanned<i64>,
    code_again_minutes: Spanned<i64>,
    drafts_at_hq: bool,
    footage_leaves: bool,
    printing: bool,
    hand_over: bool,
    #[serde(default)]
    recordings_viewed: bool,
    persons_list: Option<PersonsForm>,
    footage: Option<FootageForm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonsForm {
    text: Spanned<String>,
    until: Spanned<Datetime>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FootageForm {
    on_battery: bool,
    on_cellular: bool,
    battery_floor_percent: Spanned<i64>,
    kilobytes_a_second: Spanned<i64>,
}

/// What the template says of how footage leaves: as it is, the program's own way.
fn footage_table() -> String {
    let LeavingPolicy {
        on_battery,
        on_cellular,
        floor,
        rate,
    } = LeavingPolicy::EMBEDDED;
    format!(
        "
# How footage leaves while footage_leaves is true. Without these five lines, as they say: on a charger alone, not over the
# cellular network. Below the floor none leaves on battery, whatever is ordered: {} to 100. The last line is what uploads
# may take of the network: {} to {}.
# [footage]
# on_battery = {on_battery}
# on_cellular = {on_cellular}
# battery_floor_percent = {}
# kilobytes_a_second = {}
",
        BatteryFloor::LEAST,
        UploadRate::LEAST,
        UploadRate::MOST,
        floor.get(),
        rate.get(),
    )
}

/// What the template says of lists of persons: as it is, there are none.
const PERSONS: &str = "
# A list of sought persons on terminals, asked without network. No text is known to allow one (loi n° 78-17, articles 31
# and 89): without these three lines there is none. Whoever takes the marks away names the text that allows it, which every
# terminal shows, and the last day on which it does.
# [persons_list]
# text = \"décret n° …, article …\"
# until = 2027-03-31
";

/// Names and values of every setting, as files and answers have them.
pub(crate) fn lines(settings: &Settings) -> [(&'static str, Value); 13] {
    let persons = settings.persons.as_ref();
    let footage = settings.leaving.as_ref();
    [
        ("idle_lock_seconds", settings.idle.get().into()),
        ("code_again_minutes", settings.code_again.get().into()),
        ("drafts_at_hq", settings.drafts_at_hq.into()),
        ("footage_leaves", settings.footage_leaves.into()),
        ("printing", settings.printing.into()),
        ("hand_over", settings.hand_over.into()),
        ("recordings_viewed", settings.recordings_viewed.into()),
        (
            "persons_list_text",
            persons.map(|policy| policy.text.as_str()).into(),
        ),
        (
            "persons_list_until",
            persons.map(|policy| policy.until.date().to_string()).into(),
        ),
        (
            "footage_on_battery",
            footage.map(|policy| policy.on_battery).into(),
        ),
        (
            "footage_on_cellular",
            footage.map(|policy| policy.on_cellular).into(),
        ),
        (
            "footage_battery_floor_percent",
            footage.map(|policy| policy.floor.get()).into(),
        ),
        (
            "footage_kilobytes_a_second",
            footage.map(|policy| policy.rate.get()).into(),
        ),
    ]
}

/// The file of what every terminal does before HQ has said anything.
pub(crate) fn template() -> String {
    let mut text = String::from(
        "# What terminals do. Every line has to be there; nothing else may be.\n\n\
         # What people call this profile: one line, shown on the terminal.\nname = \"profil\"\n",
    );
    let said = lines(&Settings::EMBEDDED).into_iter();
    for (name, value) in said.filter(|(_, value)| !value.is_null()) {
        let what = match name {
            "idle_lock_seconds" => format!(
                "Without a hand on it for so long the terminal locks: {} to {}.",
                IdleSeconds::LEAST,
                IdleSeconds::MOST
            ),
            "code_again_minutes" => format!(
                "A signature asks for the code when it was last given this long ago: 0 (each time) to {}.",
                CodeMinutes::MOST
            ),
            "drafts_at_hq" => "Drafts are kept at headquarters under two persons' keys.".to_owned(),
            "footage_leaves" => {
                "Footage leaves over the network; otherwise it waits, and acts alone leave.".to_owned()
            }
            "printing" => "Acts may be printed.".to_owned(),
            "recordings_viewed" => {
                "Officers may look at their own recordings on the terminal, each time for a purpose of CSI L.241-1."
                    .to_owned()
            }
            _ => "Acts may be written out for the station's drafting system.".to_owned(),
        };
        text.push_str(&format!("\n# {what}\n{name} = {value}\n"));
    }
    text.push_str(PERSONS);
    text.push_str(&footage_table());
    text
}

pub(crate) fn parse(bytes: Vec<u8>) -> Result<(ProfileName, Settings), FormError> {
    let text = String::from_utf8(bytes).map_err(|_| FormError::Charset)?;
    let line = |span: Range<usize>| {
        let before = text.get(..span.start).unwrap_or_default();
        before.matches('\n').count() + 1
    };
    let form: Form = toml::from_str(&text).map_err(|error| FormError::Shape {
        line: error.span().map_or(1, line),
        what: error.message().to_owned(),
    })?;
    let fault = |setting, span, text: String| {
        move |source| FormError::Value {
            line: span,
            setting,
            text,
            source,
        }
    };
    let name = form.name.as_ref();
    let name = ProfileName::parse(name).map_err(fault("name", line(form.name.span()), name.clone()))?;
    let seconds = *form.idle_lock_seconds.as_ref();
    let idle = u16::try_from(seconds)
        .map_err(|_| NotASetting::Idle)
        .and_then(IdleSeconds::new)
        .map_err(fault(
            "idle_lock_seconds",
            line(form.idle_lock_seconds.span()),
            seconds.to_string(),
        ))?;
    let minutes = *form.code_again_minutes.as_ref();
    let code_again = u16::try_from(minutes)
        .map_err(|_| NotASetting::CodeAgain)
        .and_then(CodeMinutes::new)
        .map_err(fault(
            "code_again_minutes",
            line(form.code_again_minutes.span()),
            minutes.to_string(),
        ))?;
    let persons = match &form.persons_list {
        None => None,
        Some(persons) => {
            let (text, until) = (persons.text.as_ref(), persons.until.as_ref());
            let day = until.to_string();
            Some(PersonsPolicy {
                text: LegalText::parse(text).map_err(fault(
                    "text",
                    line(persons.text.span()),
                    text.clone(),
                ))?,
                until: day
                    .parse::<jiff::civil::Date>()
                    .ok()
                    .filter(|_| until.time.is_none())
                    .map(CivilDate::from)
                    .ok_or_else(|| FormError::Day {
                        line: line(persons.until.span()),
                        text: day,
                    })?,
            })
        }
    };
    let leaving = match &form.footage {
        None => None,
        Some(footage) => {
            let percent = *footage.battery_floor_percent.as_ref();
            let floor = u8::try_from(percent)
                .map_err(|_| NotASetting::BatteryFloor)
                .and_then(BatteryFloor::new)
                .map_err(fault(
                    "battery_floor_percent",
                    line(footage.battery_floor_percent.span()),
                    percent.to_string(),
                ))?;
            let kilobytes = *footage.kilobytes_a_second.as_ref();
            let rate = u32::try_from(kilobytes)
                .map_err(|_| NotASetting::UploadRate)
                .and_then(UploadRate::new)
                .map_err(fault(
                    "kilobytes_a_second",
                    line(footage.kilobytes_a_second.span()),
                    kilobytes.to_string(),
                ))?;
            Some(LeavingPolicy {
                on_battery: footage.on_battery,
                on_cellular: footage.on_cellular,
                floor,
                rate,
            })
        }
    };
    let settings = Settings {
        idle,
        code_again,
        drafts_at_hq: form.drafts_at_hq,
        footage_leaves: form.footage_leaves,
        printing: form.printing,
        hand_over: form.hand_over,
        recordings_viewed: form.recordings_viewed,
        persons,
        leaving,
    };
    Ok((name, settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_what_terminals_do_by_themselves() {
        let (_, settings) = parse(template().into_bytes()).expect("the template reads");
        assert_eq!(settings, Settings::EMBEDDED);
    }

    #[test]
    fn lil_31_a_form_without_the_table_allows_no_list_of_persons() {
        let on = template()
            .replace("# [persons_list]", "[persons_list]")
            .replace("# text = ", "text = ")
            .replace("# until = ", "until = ");
        let policy = |text: String| parse(text.into_bytes()).map(|(_, settings)| settings.persons);
        assert_eq!(policy(template()).expect("the template reads"), None);
        let named = policy(on.clone()).expect("it reads").expect("the table is there");
        assert_eq!(Ok(named.until), CivilDate::parse("31/03/2027"));
        assert!(named.text.as_str().starts_with("décret"));
        let at = |start: &str| {
            let line = on.lines().position(|line| line.starts_with(start));
            line.map(|index| format!("line {}: ", index + 1))
                .expect("the template has it")
        };
        let (text, until) = (at("text = "), at("until = "));
        for (line, other, expected) in [
            (
                "text = \"décret n° …, article …\"",
                "text = \"\"",
                &*format!("{text}`` is no value of `text`"),
            ),
            ("text = \"décret n° …, article …\"", "", "missing field `text`"),
            ("until = 2027-03-31", "", "missing field `until`"),
            (
                "until = 2027-03-31",
                "until = 2027-03-31T12:00:00Z",
                &*format!("{until}`2027-03-31T12:00:00Z` is no day"),
            ),
            ("until = 2027-03-31", "until = \"toujours\"", &*until),
        ] {
            let error = policy(on.replace(line, other)).expect_err(other).to_string();
            assert!(error.contains(expected), "{other}: {error}");
        }
    }

    #[test]
    fn how_footage_leaves_is_the_programs_own_way_until_the_table_says_another() {
        let (table, rest) = (footage_table(), template());
        let said: String = table
            .lines()
            .skip_while(|line| *line != "# [footage]")
            .map(|line| format!("{}\n", line.trim_start_matches("# ")))
            .collect();
        let policy = |text: &str| parse(format!("{rest}{text}").into_bytes()).map(|(_, settings)| settings);
        let as_it_is = policy(&said).expect("the table reads");
        assert_eq!(as_it_is.leaving, Some(LeavingPolicy::EMBEDDED));
        assert_eq!(as_it_is.leaving(), Settings::EMBEDDED.leaving());
        let other = said.replace("on_cellular = false", "on_cellular = true");
        let other = policy(&other).expect("the table reads").leaving();
        assert!(other.on_cellular && !other.on_battery);
        for (line, other, expected) in [
            (
                "battery_floor_percent = 30",
                "battery_floor_percent = 14",
                "`14` is no value of `battery_floor_percent`",
            ),
            (
                "kilobytes_a_second = 12500",
                "kilobytes_a_second = 15",
                "`15` is no value of `kilobytes_a_second`",
            ),
            ("on_battery = false", "", "missing field `on_battery`"),
        ] {
            let error = policy(&said.replace(line, other)).expect_err(other).to_string();
            assert!(error.contains(expected), "{other}: {error}");
        }
    }

    #[test]
    fn a_fault_is_named_by_its_line_and_what_to_write_there() {
        let with = |line: &str, other: &str| parse(template().replace(line, other).into_bytes());
        for (line, other, expected) in [
            ("idle_lock_seconds = 90", "idle_lock_seconds = 29", "line 7: `29`"),
            ("idle_lock_seconds = 90", "idle_lock_seconds = -1", "line 7: `-1`"),
            ("idle_lock_seconds = 90", "idle_lock_seconds = \"90\"", "line 7: "),
            (
                "code_again_minutes = 240",
                "code_again_minutes = 721",
                "line 10: `721`",
            ),
            ("name = \"profil\"", "name = \"\"", "line 4: ``"),
            (
                "printing = true",
                "printng = true",
                "line 19: unknown field `printng`",
            ),
            ("printing = true", "", "missing field `printing`"),
            ("hand_over = true", "hand_over = oui", "line 22: "),
        ] {
            let error = with(line, other).expect_err(other).to_string();
            assert!(error.contains(expected), "{other}: {error}");
        }
        let latin = template()
            .replace("profil", "été")
            .chars()
            .map(|c| c as u8)
            .collect();
        assert!(matches!(parse(latin), Err(FormError::Charset)));
    }
}
