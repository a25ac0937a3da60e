//! The help in the language of whoever reads it: every text is written in English beside its command, and this module
//! puts the French in its place before the command line is read.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::LazyLock;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

use crate::session::Lang;

/// The French of every paragraph of the help.
static FRENCH: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../lang/fr.toml")).expect("a test reads the whole file"));

/// The language that the command line names: it is wanted before the line is read, for the help that refuses it.
pub(crate) fn asked(given: &[OsString]) -> Option<Lang> {
    let mut words = given.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        let value = match word.as_ref() {
            "--" => return None,
            "--lang" => words.next()?,
            word => match word.strip_prefix("--lang=") {
                Some(value) => value.to_owned().into(),
                None => continue,
            },
        };
        return match value.as_ref() {
            "fr" => Some(Lang::Fr),
            "en" => Some(Lang::En),
            _ => None,
        };
    }
    None
}

/// The program with its help in `lang`.
pub(crate) fn spoken(mut program: Command, lang: Lang) -> Command {
    // Built first, so that what clap adds itself is there to be put into words.
    program.build();
    match lang {
        Lang::En => program,
        Lang::Fr => in_french(program),
    }
}

fn in_french(command: Command) -> Command {
    let command = match (
        command.get_about().map(french),
        command.get_long_about().map(french),
    ) {
        (Some(about), Some(long)) => command.about(about).long_about(long),
        (Some(about), None) => command.about(about),
        (None, _) => command,
    };
    let command = match command.get_after_help().map(french) {
        Some(after) => command.after_help(after),
        None => command,
    };
    let subcommands: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = command
        .help_template("{about-with-newline}\nUtilisation : {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Commandes")
        .subcommand_value_name("COMMANDE")
        .mut_args(argument);
    for name in subcommands {
        command = command.mut_subcommand(name, in_french);
    }
    command
}

fn argument(argument: Arg) -> Arg {
    let is_global = argument.get_help_heading().is_some();
    let help = argument.get_help().map(french);
    let long = argument.get_long_help().map(french);
    let notes = notes(&argument);
    let mut argument = argument.hide_default_value(true).hide_possible_values(true);
    if is_global {
        argument = argument.help_heading("Options générales");
    }
    let noted = |text: StyledStr| StyledStr::from(format!("{text}{notes}"));
    if let Some(help) = help {
        argument = argument.help(noted(help));
    }
    if let Some(long) = long {
        argument = argument.long_help(noted(long));
    }
    argument
}

/// What clap would say in English of an argument's values.
fn notes(argument: &Arg) -> String {
    let mut notes = String::new();
    let takes_values = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    if !takes_values {
        return notes;
    }
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if !defaults.is_empty() {
        notes.push_str(&format!(" [par défaut : {}]", defaults.join(", ")));
    }
    let values = argument.get_possible_values();
    let values: Vec<&str> = values
        .iter()
        .map(clap::builder::PossibleValue::get_name)
        .collect();
    if !values.is_empty() {
        notes.push_str(&format!(" [valeurs : {}]", values.join(", ")));
    }
    notes
}

/// The French of `english`, paragraph by paragraph; the English itself where none is written, which a test refuses.
fn french(english: &StyledStr) -> StyledStr {
    let text = english.to_string();
    let paragraphs: Vec<String> = text.split("\n\n").map(paragraph).collect();
    paragraphs.join("\n\n").into()
}

/// clap takes the full stop off the summary of a command, and leaves it on the paragraphs of its description.
fn paragraph(english: &str) -> String {
    let (bare, stop) = english
        .strip_suffix('.')
        .map_or((english, ""), |bare| (bare, "."));
    FRENCH
        .get(bare)
        .map_or_else(|| english.to_owned(), |french| format!("{french}{stop}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;

    /// Every paragraph of the help of `command` and of what is below it.
    fn texts(command: &Command, into: &mut BTreeSet<String>) {
        let own = [
            command.get_about(),
            command.get_long_about(),
            command.get_after_help(),
        ];
        let of_arguments = command
            .get_arguments()
            .flat_map(|argument| [argument.get_help(), argument.get_long_help()]);
        for text in own
            .into_iter()
            .chain(of_arguments)
            .flatten()
            .map(StyledStr::to_string)
        {
            into.extend(
                text.split("\n\n")
                    .map(|text| text.trim_end_matches('.').to_owned()),
            );
        }
        for below in command.get_subcommands() {
            texts(below, into);
        }
    }

    #[test]
    fn every_text_of_the_help_has_its_french_and_nothing_else_has() {
        let mut english = BTreeSet::new();
        texts(&spoken(crate::Arguments::command(), Lang::En), &mut english);
        assert!(english.len() > 50, "{}", english.len());
        let missing: Vec<&String> = english
            .iter()
            .filter(|text| !FRENCH.contains_key(*text))
            .collect();
        assert!(missing.is_empty(), "no French: {missing:#?}");
        let idle: Vec<&String> = FRENCH.keys().filter(|text| !english.contains(*text)).collect();
        assert!(idle.is_empty(), "French of nothing: {idle:#?}");
    }
}
