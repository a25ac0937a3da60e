//! What the packages declare: the arrows between them, and the one home of each heavy or dangerous dependency.
//!
//! The tables below are the drawing; the manifests are held against them, never the other way round.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::read_to_string;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};

use super::{root, verdict};

/// The drawn arrows, from each package to those right under it; a package may also reach whatever those reach.
/// `tests` stands above all and is not drawn.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("trust", &["domain"]),
    ("documents", &["domain"]),
    ("reader", &["domain"]),
    ("drawn", &["domain"]),
    ("ui", &["drawn"]),
    ("evidence", &["trust"]),
    ("sync", &["trust"]),
    ("camera", &["evidence"]),
    ("hq", &["sync", "evidence", "documents"]),
    ("agent", &["ui", "sync", "camera", "reader", "documents"]),
    ("simulator", &["agent", "hq"]),
    ("c2pa-export", &["evidence"]),
    (
        "neoctl",
        &["hq", "reader", "evidence", "documents", "c2pa-export"],
    ),
    ("neo-verify", &["evidence"]),
];

/// Packages whose whole tree reads no file, opens no socket and draws no window.
const PURE: &[&str] = &["domain", "trust", "evidence", "documents", "reader", "neo-verify"];

/// Crates that mean input, output or a runtime.
const DOING: &[&str] = &[
    "tokio",
    "mio",
    "async-std",
    "smol",
    "socket2",
    "rusqlite",
    "libsqlite3-sys",
    "postgres",
    "tokio-postgres",
    "rustls",
    "rumqttc",
    "rumqttd",
    "reqwest",
    "ureq",
    "slint",
    "i-slint-core",
    "winit",
    "nokhwa",
];

/// Crates that answer differently each time; `domain` takes time and randomness as arguments.
/// Zone arithmetic needs `jiff`, whose clock is kept out by the words of `sources`.
const UNREPEATABLE: &[&str] = &[
    "rand",
    "rand_core",
    "getrandom",
    "fastrand",
    "chrono",
    "time",
    "uuid",
];

/// Dependencies that live in one place, tests included: the name, or its start when it ends with `*`.
const HOMES: &[(&str, &[&str])] = &[
    ("rusqlite", &["agent", "hq", "simulator"]),
    ("postgres*", &["hq", "neoctl"]),
    ("slint*", &["drawn", "ui", "simulator"]),
    ("i-slint*", &["ui", "simulator"]),
    ("typst*", &["documents"]),
    ("rumqttc*", &["sync", "simulator"]),
    ("rumqttd", &["simulator", "sync"]),
    ("snow", &["camera"]),
    ("zxing*", &["reader"]),
    ("c2pa", &["c2pa-export"]),
    ("nokhwa*", &["camera"]),
    ("tss-esapi*", &["agent"]),
    ("jni", &["agent"]),
];

#[test]
fn every_arrow_between_packages_is_drawn() {
    let metadata = manifests();
    let packages = metadata.workspace_packages();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for package in packages.iter().filter(|package| package.name.as_str() != "tests") {
        let Some(allowed) = reachable(&package.name) else {
            violations.push(format!("`{}` is not drawn in ARROWS", package.name));
            continue;
        };
        for dependency in shipped(package).filter(|name| ours.contains(name)) {
            looked_at += 1;
            if !allowed.contains(dependency) {
                violations.push(format!("`{}` must not depend on `{dependency}`", package.name));
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn nothing_depends_on_the_tests() {
    let metadata = manifests();
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            looked_at += 1;
            if dependency.name == "tests" {
                violations.push(format!("`{}` depends on `tests`", package.name));
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn pure_packages_have_no_input_or_output_anywhere_in_their_tree() {
    let metadata = resolved();
    let names: HashMap<&PackageId, &str> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for package in metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| PURE.contains(&package.name.as_str()))
    {
        for below in tree(&metadata, &package.id) {
            looked_at += 1;
            let name = names[below];
            if DOING.contains(&name) {
                violations.push(format!("`{}` reaches `{name}`", package.name));
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn the_domain_draws_neither_time_nor_randomness() {
    let metadata = manifests();
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for package in metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| package.name.as_str() == "domain")
    {
        for dependency in shipped(package) {
            looked_at += 1;
            if UNREPEATABLE.contains(&dependency) {
                violations.push(format!("`domain` depends on `{dependency}`"));
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn each_heavy_dependency_stays_in_its_home() {
    let metadata = manifests();
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            let Some((_, homes)) = HOMES
                .iter()
                .find(|(pattern, _)| matches(pattern, &dependency.name))
            else {
                continue;
            };
            looked_at += 1;
            if !homes.contains(&package.name.as_str()) && package.name.as_str() != "tests" {
                violations.push(format!(
                    "`{}` must not depend on `{}`",
                    package.name, dependency.name
                ));
            }
        }
    }
    verdict(looked_at, &violations);
}

#[test]
fn no_package_can_be_published_and_each_carries_the_licence() {
    let metadata = manifests();
    let packages = metadata.workspace_packages();
    let violations: Vec<String> = packages
        .iter()
        .filter(|package| {
            package
                .publish
                .as_ref()
                .is_none_or(|registries| !registries.is_empty())
                || package.license.as_deref() != Some("EUPL-1.2")
        })
        .map(|package| {
            format!(
                "`{}` needs `publish = false` and `license.workspace = true`",
                package.name
            )
        })
        .collect();
    verdict(packages.len(), &violations);
}

#[test]
fn every_direct_dependency_has_its_reason_in_the_readme() {
    let readme = read_to_string(root().join("README.md")).expect("the readme is readable");
    let explained: BTreeSet<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .flat_map(|(names, _)| names.split(", "))
        .collect();
    let metadata = manifests();
    let mut looked_at = 0;
    let mut violations = BTreeSet::new();
    for package in metadata.workspace_packages() {
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.path.is_none())
        {
            looked_at += 1;
            if !explained.contains(dependency.name.as_str()) {
                violations.insert(format!("`{}` has no line in README.md", dependency.name));
            }
        }
    }
    verdict(looked_at, &violations.into_iter().collect::<Vec<_>>());
}

/// Everything that the drawing lets a package depend on; none when the package is not drawn.
fn reachable(package: &str) -> Option<BTreeSet<&'static str>> {
    let drawing: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut waiting: Vec<&str> = drawing.get(package)?.to_vec();
    let mut found = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if found.insert(next) {
            waiting.extend(drawing.get(next).copied().unwrap_or_default());
        }
    }
    Some(found)
}

/// The dependencies that end up in what ships, or in building it.
fn shipped(package: &Package) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .map(|dependency| dependency.name.as_str())
}

/// The package and everything linked below it.
fn tree<'a>(metadata: &'a Metadata, from: &'a PackageId) -> BTreeSet<&'a PackageId> {
    let resolve = metadata
        .resolve
        .as_ref()
        .expect("cargo resolves the tree unless told not to");
    let nodes: HashMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut found = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(next) = waiting.pop() {
        if found.insert(next) {
            waiting.extend(
                nodes[next]
                    .deps
                    .iter()
                    .filter(|edge| {
                        edge.dep_kinds
                            .iter()
                            .any(|kind| kind.kind == DependencyKind::Normal)
                    })
                    .map(|edge| &edge.pkg),
            );
        }
    }
    found
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

/// The manifests of the workspace alone.
fn manifests() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo reads the manifests of its own workspace")
}

/// The whole tree for this machine's target, as it is built: crates of other targets, and of features that are off, may
/// never have been downloaded.
fn resolved() -> Metadata {
    let version = Command::new(env!("CARGO"))
        .arg("-vV")
        .output()
        .expect("cargo runs");
    let version = String::from_utf8_lossy(&version.stdout);
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("cargo names its host");
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options([
            "--filter-platform".to_owned(),
            host.to_owned(),
            "--offline".to_owned(),
        ])
        .exec()
        .expect("cargo resolves what it has just built")
}
