//! The help of every command in both languages, held word for word, and what is made from it.

use std::fs;

use crate::{error, json, neoctl};

/// The help of `command` and of every command below it, each after its own name.
fn help(lang: &str, command: &[&str], into: &mut String) {
    let mut arguments = command.to_vec();
    arguments.extend(["--lang", lang, "--help"]);
    let output = neoctl(&arguments, b"");
    assert_eq!(output.status.code(), Some(0), "{command:?}: {}", error(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    into.push_str(&format!("# neoctl {}\n\n{text}\n", command.join(" ")));
    let listed = text
        .lines()
        .skip_while(|line| !matches!(*line, "Commands:" | "Commandes :" | "Commandes:"));
    let below = listed.skip(1).take_while(|line| !line.is_empty());
    for line in below.filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            help(lang, &[command, &[name]].concat(), into);
        }
    }
}

/// The file is named by the language alone.
fn held(name: &str, text: String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_help_of_every_command_stays_as_it_is_in_english() {
    let mut text = String::new();
    help("en", &[], &mut text);
    assert!(text.contains("# neoctl reference texts set"));
    held("help-en", text);
}

#[test]
fn the_help_of_every_command_stays_as_it_is_in_french() {
    let mut text = String::new();
    help("fr", &[], &mut text);
    assert!(text.contains("# neoctl reference texts set"));
    for english in ["Usage:", "Commands:", "default:", "possible values"] {
        assert!(!text.contains(english), "{english}");
    }
    held("help-fr", text);
}

#[test]
fn every_command_has_a_page_in_the_manual() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("man");
    let written = neoctl(&["man", "--out", out.to_str().unwrap(), "--json"], b"");
    assert_eq!(written.status.code(), Some(0), "{}", error(&written));
    let pages = fs::read_dir(&out).unwrap().count();
    assert_eq!(json(&written)["man"]["pages"], pages);
    for page in [
        "neoctl.1",
        "neoctl-command-wipe.1",
        "neoctl-reference-texts-set.1",
    ] {
        assert!(out.join(page).is_file(), "{page}");
    }
    let page = fs::read_to_string(out.join("neoctl-command-wipe.1")).unwrap();
    assert!(page.contains("enrolled anew"), "{page}");
}

#[test]
fn each_shell_gets_a_script_that_names_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = neoctl(&["completion", shell], b"");
        assert_eq!(script.status.code(), Some(0));
        let script = String::from_utf8(script.stdout).unwrap();
        assert!(script.contains("wipe") && script.contains("texts"), "{shell}");
    }
    assert_eq!(neoctl(&["completion", "tcsh"], b"").status.code(), Some(64));
}

#[test]
fn the_version_and_every_package_of_the_build_are_named() {
    let version = json(&neoctl(&["version", "--json"], b""));
    assert_eq!(version["version"]["neoctl"], env!("CARGO_PKG_VERSION"));
    let sbom = json(&neoctl(&["version", "--sbom", "--json"], b""));
    let components = sbom["sbom"]["components"].as_array().unwrap();
    let clap = components
        .iter()
        .find(|component| component["name"] == "clap")
        .unwrap();
    assert_eq!(clap["hashes"][0]["content"].as_str().unwrap().len(), 64);
}
