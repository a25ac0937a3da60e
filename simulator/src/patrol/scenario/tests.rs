//! Scenarios as trainers write them: what reads, what is told of what does not, and that the guide says what the code does.

use std::collections::{BTreeMap, BTreeSet};

use domain::draft::Field;
use serde::Deserialize;
use serde::de::value::Error as ValueError;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use super::reading::{self, Slip, Wrong};
use super::*;

const GUIDE: &str = include_str!("../../../../docs/scenarios.md");

const OFFICERS: &str = r#"name = "essai"

[officer]
matricule = "1234567"
name = "MARTIN Camille"
rank = "gardien de la paix"
quality = "apj"
unit = "Commissariat de Saint-Denis"
code = "271828"

"#;

/// The text of each fault of these steps, the officer's table above them.
#[track_caller]
fn told(steps: &str) -> Vec<String> {
    let text = format!("{OFFICERS}{steps}");
    let faults = Scenario::parse(&text).unwrap_err();
    faults.faults().iter().map(ToString::to_string).collect()
}

#[track_caller]
fn check(steps: &str, expected: &str) {
    assert_eq!(told(steps), [expected]);
}

#[test]
fn the_default_patrol_reads_and_plants_canaries() {
    let scenario = Scenario::parse(DEFAULT).unwrap();
    assert!(scenario.canaries().len() > 5);
}

#[test]
fn every_scenario_beside_reads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            Scenario::parse(&text).is_ok(),
            "{}: {}",
            path.display(),
            Scenario::parse(&text).unwrap_err()
        );
        read += 1;
    }
    assert!(read > 20, "{read} scenarios");
}

#[test]
fn a_step_that_is_none_is_named_with_the_one_that_was_meant() {
    check(
        "[[step]]\ndo = \"cut-raido\"\n",
        "line 12: `cut-raido` is no step\n  12 | do = \"cut-raido\"\n  did you mean `cut-radio`?",
    );
    check(
        "[[step]]\ndo = \"fly-to-the-moon\"\n",
        "line 12: `fly-to-the-moon` is no step\n  12 | do = \"fly-to-the-moon\"\n  docs/scenarios.md lists every step",
    );
}

#[test]
fn a_field_that_a_step_has_not_is_told_on_its_own_line() {
    check(
        "[[step]]\ndo = \"open-intervention\"\nplcae = \"1 rue Haute\"\n",
        "line 13: step 1 (`open-intervention`) has no field `plcae`\n  13 | plcae = \"1 rue Haute\"\n  \
         did you mean `place`?",
    );
    check(
        "[[step]]\ndo = \"open-intervention\"\nwith_whom = \"1 rue Haute\"\n",
        "line 13: step 1 (`open-intervention`) has no field `with_whom`\n  13 | with_whom = \"1 rue Haute\"\n  \
         its fields are `number`, `place`",
    );
    check(
        "[[step]]\ndo = \"lock\"\nwhen = \"now\"\n",
        "line 13: step 1 (`lock`) takes no fields, and has `when`\n  13 | when = \"now\"\n  remove the line",
    );
}

#[test]
fn a_word_that_a_field_does_not_take_is_told_with_those_that_it_takes() {
    check(
        "[[step]]\ndo = \"order\"\norder = \"lokc\"\n",
        "line 13: step 1 (`order`): `order` cannot be `lokc`\n  13 | order = \"lokc\"\n  did you mean `lock`?",
    );
    check(
        "[[step]]\ndo = \"await-alarm\"\nkind = \"noise\"\n",
        "line 13: step 1 (`await-alarm`): `kind` cannot be `noise`\n  13 | kind = \"noise\"\n  \
         write one of `rate`, `own-name`, `motive-empty`, `motive-repeated`",
    );
}

#[test]
fn a_value_of_another_form_is_told_with_its_unit() {
    check(
        "[[step]]\ndo = \"pass-time\"\ndays = \"trente\"\n",
        "line 13: step 1 (`pass-time`): `days` is the text `trente`, and should be a whole number from 0\n  \
         13 | days = \"trente\"\n  whole days, without quotes: `days = 32`",
    );
    check(
        "[[step]]\ndo = \"take-clip\"\ndie = \"yes\"\n",
        "line 13: step 1 (`take-clip`): `die` is the text `yes`, and should be `true` or `false`\n  \
         13 | die = \"yes\"\n  write `true` or `false`, without quotes",
    );
    check(
        "[[step]]\ndo = \"supply\"\npower = \"140\"\nbearer = \"wifi\"\n",
        "line 13: step 1 (`supply`): `power`: `140` is no power; write `charging`, `unknown`, `battery`, or a \
         percentage\n  13 | power = \"140\"\n  \
         `charging`, `battery`, `unknown`, or percents of the battery: `power = \"35\"`",
    );
}

#[test]
fn a_field_that_is_missing_is_told_where_the_step_is_named() {
    check(
        "[[step]]\ndo = \"await-confirmation\"\nact = \"x\"\n",
        "line 12: step 1 (`await-confirmation`) lacks `file`\n  12 | do = \"await-confirmation\"\n  \
         its fields are `act`, `file`",
    );
    check(
        "[[step]]\nplace = \"1 rue Haute\"\n",
        "line 11: step 1 (`?`) lacks `do`\n  11 | [[step]]",
    );
}

#[test]
fn an_act_that_nobody_drew_up_is_told_with_the_nearest_that_somebody_did() {
    let steps = "[[step]]\ndo = \"act\"\nname = \"plainte\"\nkind = \"plainte\"\nfields = {}\n\n\
                 [[step]]\ndo = \"print\"\nact = \"plante\"\n";
    check(
        steps,
        "line 19: step 2 (`print`) is about the act `plante`, which no earlier step draws up\n  \
         19 | act = \"plante\"\n  did you mean `plainte`?",
    );
}

#[test]
fn a_field_of_no_form_is_told_on_its_own_line() {
    check(
        "[[step]]\ndo = \"act\"\nname = \"x\"\nkind = \"pv\"\n[step.fields]\nsubjet = \"vol\"\n",
        "line 16: step 1 (`act`) has `subjet` in `fields`, which is a field of no form\n  16 | subjet = \"vol\"\n  \
         did you mean `subject`?",
    );
}

#[test]
fn a_step_that_nobody_can_play_is_told_who_is_missing() {
    check(
        "[[step]]\ndo = \"colleague-serves\"\n",
        "line 12: step 1 (`colleague-serves`) needs a second terminal, and the scenario has no `[colleague]`\n  \
         12 | do = \"colleague-serves\"\n  add a table `[colleague]` with the same fields as `[officer]`",
    );
}

#[test]
fn a_table_that_no_scenario_has_is_told_and_every_fault_with_it() {
    let text = "name = \"essai\"\n\n[oficer]\nname = \"X\"\n\n[[step]]\ndo = \"lokc\"\n";
    let faults = Scenario::parse(text).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "the scenario has 2 faults\n\
         line 3: a scenario has no `oficer`\n  3 | [oficer]\n  did you mean `officer`?\n\
         line 7: `lokc` is no step\n  7 | do = \"lokc\"\n  did you mean `lock`?"
    );
}

#[test]
fn an_officer_whom_no_terminal_takes_is_told() {
    let text = format!("{OFFICERS}[[step]]\ndo = \"lock\"\n");
    let text = text.replace("271828", "123456").replace("\"1234567\"", "\"12\"");
    let faults = Scenario::parse(&text).unwrap_err();
    let lines: Vec<usize> = faults.faults().iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 9]);
    let first = faults.faults().first().unwrap().to_string();
    assert!(first.contains("`matricule` is no service number"), "{first}");
}

#[test]
fn a_count_of_taps_that_is_not_that_of_the_touches_is_told() {
    check(
        "[[step]]\ndo = \"touch\"\ntaps = 3\ntouches = [{ press = \"Suites\" }, { see = \"x\" }, { draw = \"y\" }, { fill = [\"z\", \"\"] }]\n",
        "line 13: step 1 (`touch`) says 3 taps, and its touches are 4\n  13 | taps = 3\n  \
         `press`, `fill` and `mark` are one tap each, `draw` is two, the others are none",
    );
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let faults = Scenario::parse("name = \"essai\"\ncrew = 12 34\n").unwrap_err();
    assert_eq!(faults.faults().first().unwrap().line, 2);
}

#[test]
fn a_scenario_without_steps_is_told_and_so_are_steps_that_are_one_table() {
    assert!(told("").first().unwrap().starts_with("line 1: nothing happens"));
    let single = told("[step]\ndo = \"lock\"\n");
    assert!(single.first().unwrap().contains("`[[step]]`"), "{single:?}");
}

/// What serde knows of a type before it reads a value: the words of an enum, or the fields of one of its variants.
struct Probe<'p> {
    variant: Option<&'p str>,
    words: &'p mut Vec<&'static str>,
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, ValueError> {
        Err(ValueError::custom("looked at"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.words.extend(fields);
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if self.variant.is_some() {
            return visitor.visit_enum(self);
        }
        self.words.extend(variants);
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

impl<'de> serde::de::EnumAccess<'de> for Probe<'_> {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<S: serde::de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), ValueError> {
        let name = self.variant.unwrap_or_default();
        let variant = seed.deserialize(serde::de::value::StrDeserializer::new(name))?;
        Ok((variant, self))
    }
}

impl<'de> serde::de::VariantAccess<'de> for Probe<'_> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<S: serde::de::DeserializeSeed<'de>>(
        self,
        _seed: S,
    ) -> Result<S::Value, ValueError> {
        Err(ValueError::custom("looked at"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.words.extend(fields);
        self.deserialize_any(visitor)
    }
}

/// Words of an enum, or fields of a table.
fn words_of<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    let mut words = Vec::new();
    let probe = Probe {
        variant: None,
        words: &mut words,
    };
    assert!(T::deserialize(probe).is_err());
    words
}

fn fields_of(step: &str) -> Vec<&'static str> {
    let mut words = Vec::new();
    let probe = Probe {
        variant: Some(step),
        words: &mut words,
    };
    // A step without fields is read already.
    let _ = Step::deserialize(probe);
    words
}

/// The sections of the guide under `### \`name\``, by their name.
fn sections() -> Vec<(&'static str, &'static str)> {
    let parts = GUIDE.split("\n### `").skip(1);
    let section = |part: &'static str| {
        let (name, rest) = part.split_once('`').unwrap();
        (name, rest.split("\n## ").next().unwrap())
    };
    parts.map(section).collect()
}

/// The fields that a section says, and whether each may be left out.
fn said_fields(section: &str) -> BTreeMap<&str, bool> {
    let lines = section.lines().filter_map(|line| line.strip_prefix("- `"));
    lines
        .map(|line| {
            let (name, rest) = line.split_once('`').unwrap();
            (name, rest.starts_with(" (optional)"))
        })
        .collect()
}

fn example(section: &str) -> &str {
    let (_, rest) = section.split_once("```toml\n").unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_guide_has_every_step_with_its_fields() {
    let said: BTreeSet<&str> = sections().iter().map(|(name, _)| *name).collect();
    let known: BTreeSet<&str> = words_of::<Step>().into_iter().collect();
    assert_eq!(said, known);
    assert_eq!(sections().len(), known.len(), "a step is said twice");
    for (name, section) in sections() {
        let said: BTreeSet<&str> = said_fields(section).into_keys().collect();
        let known: BTreeSet<&str> = fields_of(name).into_iter().collect();
        assert_eq!(said, known, "{name}");
    }
}

#[test]
fn every_example_of_the_guide_reads_and_lacks_what_is_taken_out_unless_that_is_optional() {
    let mut looked_at = 0;
    for (name, section) in sections() {
        let document = DeTable::parse(example(section)).unwrap();
        let (_, steps) = document.get_ref().iter().next().unwrap();
        let steps = steps.get_ref().as_array().unwrap();
        let table = steps.first().unwrap().get_ref().as_table().unwrap();
        assert!(
            reading::step(table, 0..0).is_ok(),
            "{name}: {:?}",
            reading::step(table, 0..0)
        );
        let does = reading::name_of(table).and_then(|does| does.get_ref().as_str());
        assert_eq!(does, Some(name));
        for (field, optional) in said_fields(section) {
            let mut without = table.clone();
            let present: Vec<_> = without
                .keys()
                .filter(|key| key.get_ref() == field)
                .cloned()
                .collect();
            assert!(
                optional || !present.is_empty(),
                "the example of {name} has no {field}"
            );
            for key in present {
                without.remove(&key);
            }
            let read = reading::step(&without, 0..0).map(drop);
            let lacks = |slip: &Slip| matches!(&slip.wrong, Wrong::Missing { name, .. } if *name == field);
            assert_eq!(
                read.as_ref().is_err_and(lacks),
                !optional,
                "{name}, {field}: {read:?}"
            );
            looked_at += 1;
        }
    }
    assert!(looked_at > 100, "{looked_at} fields");
}

#[test]
fn the_guide_has_every_table_every_word_and_every_field_of_a_form() {
    let has = |word: &&str| GUIDE.contains(&format!("`{word}`"));
    let words = [
        words_of::<Scenario>(),
        words_of::<OfficerSheet>(),
        words_of::<VehicleSheet>(),
        words_of::<CorpsName>(),
        words_of::<QualityName>(),
        words_of::<Kind>(),
        words_of::<FileName>(),
        words_of::<OrderName>(),
        words_of::<OutcomeName>(),
        words_of::<ListName>(),
        words_of::<HolderName>(),
        words_of::<DecisionName>(),
        words_of::<AmendmentName>(),
        words_of::<AlarmName>(),
        words_of::<GroundName>(),
        words_of::<MarkName>(),
        words_of::<FileKindName>(),
        words_of::<Reply>(),
        words_of::<Hand>(),
        words_of::<RenvoiText>(),
        words_of::<Doing>(),
        words_of::<Proposal>(),
        words_of::<Said>(),
        words_of::<BroughtFile>(),
        Field::ALL.map(Field::code).to_vec(),
    ];
    let missing: Vec<&str> = words
        .iter()
        .flatten()
        .filter(|word| !has(word))
        .copied()
        .collect();
    assert!(missing.is_empty(), "the guide does not say {missing:?}");
}

#[test]
fn the_first_scenario_of_the_guide_can_be_played() {
    let (_, rest) = GUIDE.split_once("## A first scenario").unwrap();
    let scenario = Scenario::parse(example(rest)).unwrap();
    assert!(scenario.steps.len() > 4);
}

const OFFICERS_GUIDE: &str = include_str!("../../../../docs/guide-agent.md");

/// Of each act of the shortest way: its name, its taps, and how many fields are typed or read into.
fn ways() -> Vec<(String, usize, usize)> {
    let scenario = Scenario::parse(SHORTEST).unwrap();
    let mut ways = Vec::new();
    for step in scenario.steps {
        if let Step::Touch {
            act: Some(act),
            taps: Some(taps),
            touches,
            ..
        } = step
        {
            let filled = |doing: &&Doing| matches!(doing, Doing::Fill(..));
            ways.push((act, taps, touches.iter().filter(filled).count()));
        }
    }
    ways
}

#[test]
fn a_pve_takes_twelve_taps_from_the_home_screen_and_nine_from_a_checked_identity() {
    let ways = ways();
    let taps = |name: &str| ways.iter().find(|(act, ..)| act == name).unwrap().1;
    assert!(taps("pve") <= 12);
    assert!(taps("identite") + taps("pve-du-controle") <= 12);
    assert!(taps("pve-du-controle") <= 9);
}

#[test]
fn the_officers_guide_has_the_taps_of_every_act_and_shows_every_picture() {
    let rows: BTreeSet<&str> = OFFICERS_GUIDE
        .lines()
        .filter(|line| line.starts_with("| "))
        .collect();
    let ways = ways();
    assert!(ways.len() > 5, "{ways:?}");
    for (act, taps, filled) in ways {
        let ends = format!("(`{act}`) | {taps} | {filled} |");
        assert!(
            rows.iter().any(|row| row.ends_with(&ends)),
            "no row ends with `{ends}`"
        );
    }
    let scenario = Scenario::parse(SHORTEST).unwrap();
    for step in &scenario.steps {
        let Step::Touch { touches, .. } = step else {
            continue;
        };
        for doing in touches {
            if let Doing::Picture(name) = doing {
                assert!(
                    OFFICERS_GUIDE.contains(&format!("](screens/{name}.png)")),
                    "{name}"
                );
            }
        }
    }
}
